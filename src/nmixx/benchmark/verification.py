"""Verification: a frozen benchmark still has the bytes, columns and splits that it was given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nmixx.benchmark.defects import find_leaks
from nmixx.benchmark.scale import Scale
from nmixx.benchmark.scored import ScoredSet
from nmixx.corpus.shapes import read_scored_pairs
from nmixx.errors import DataError
from nmixx.records import ScoredPair
from nmixx.storage import hash_file, read_json

SUMS_NAME = "checksums.sha256"
COLUMNS = (*ScoredPair.columns(), "contrast", "id", "group", "source")
"""Columns that every split must have."""


@dataclass(frozen=True)
class Verified:
    """What was found in order."""

    files: int
    splits: dict[str, int]


def sum_files(folder: Path) -> str:
    """List the SHA-256 of every file below a folder, as ``sha256sum -c`` reads it."""
    return "".join(f"{hash_file(folder / name)}  {name}\n" for name in _names(folder))


def verify_benchmark(folder: Path) -> Verified:
    """Check a frozen benchmark: checksums, columns, scores, ids, and the splits' sources.

    Raises:
        DataError: it is no frozen benchmark, or something in it is not as it was frozen; the first
            problem is named and the others counted.
    """
    sums = folder / SUMS_NAME
    if not sums.is_file():
        raise DataError(
            f"{folder}: no {SUMS_NAME} there; a folder made by nmixx benchmark freeze was expected."
        )
    problems = list(_check_sums(folder, sums))
    splits: dict[str, int] = {}
    if not problems:
        facts = _read_facts(folder)
        read = {name: _read_split(folder, name, facts) for name in facts["splits"]}
        problems += _check_splits(read, facts)
        splits = {name: len(pairs) for name, pairs in read.items()}
    if problems:
        more = f"\n{len(problems) - 1} more problems after this one." if len(problems) > 1 else ""
        raise DataError(problems[0] + more)
    return Verified(len(_names(folder)), splits)


def _names(folder: Path) -> list[str]:
    """List the files below a folder but the checksums, sorted."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path != folder / SUMS_NAME
    )


def _check_sums(folder: Path, sums: Path) -> Iterator[str]:
    """Compare every file's checksum with the listed one."""
    listed: dict[str, str] = {}
    for number, line in enumerate(sums.read_text(encoding="utf-8").splitlines(), start=1):
        digest, space, name = line.partition("  ")
        if not space or len(digest) != 64:
            yield f"{sums}, line {number}: {line[:60]!r}; a checksum and a file were expected."
            continue
        listed[name] = digest
    present = _names(folder)
    for name in sorted(set(listed) - set(present)):
        yield f"{folder / name}: is missing; {SUMS_NAME} lists it."
    for name in present:
        if name not in listed:
            yield f"{folder / name}: is not in {SUMS_NAME}; it was added after freezing."
        elif hash_file(folder / name) != listed[name]:
            yield (
                f"{folder / name}: was changed after freezing: its SHA-256 is not the one in "
                f"{SUMS_NAME}."
            )


def _read_facts(folder: Path) -> dict[str, Any]:
    """Read what was noted at freezing."""
    path = folder / "benchmark.json"
    facts = read_json(path)
    if not isinstance(facts, dict) or facts.get("kind") != "frozen":
        raise DataError(f"{path}: does not describe a frozen benchmark.")
    return facts


def _read_split(folder: Path, name: str, facts: dict[str, Any]) -> list[ScoredPair]:
    """Read a split."""
    return read_scored_pairs(str(folder / "data" / f"{name}.{facts['format']}"))


def _check_splits(read: dict[str, list[ScoredPair]], facts: dict[str, Any]) -> Iterator[str]:
    """Check columns, scores, ids and sources."""
    scale = Scale.parse(facts["scale"], "benchmark.json")
    for name, pairs in read.items():
        if len(pairs) != facts["splits"][name]:
            yield f"{name}: {len(pairs)} pairs; {facts['splits'][name]} were frozen."
        for number, pair in enumerate(pairs, start=1):
            lacking = [column for column in COLUMNS if not _has(pair, column)]
            if lacking:
                yield f"{name}, row {number}: no {lacking[0]}; expected {', '.join(COLUMNS)}."
            if not scale.low <= pair.score <= scale.high:
                yield f"{name}, row {number}: the score {pair.score:g} is off the scale."
    every = [pair for pairs in read.values() for pair in pairs]
    counts = Counter(str(pair.extra.get("id")) for pair in every)
    twice = sorted(identity for identity, count in counts.items() if count > 1)
    if twice:
        yield f"the id {twice[0]} stands {counts[twice[0]]} times."
    splits = [name for name, pairs in read.items() for _ in pairs]
    for leak in find_leaks(ScoredSet(every, splits)):
        yield f"{leak.kind}: {leak.message}."


def _has(pair: ScoredPair, column: str) -> bool:
    """Tell whether a pair has something in a column."""
    row = pair.to_row()
    return row.get(column) not in (None, "")
