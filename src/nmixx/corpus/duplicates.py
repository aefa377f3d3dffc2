"""Duplicates: rows that say what an earlier row has said. The earlier row stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from nmixx.corpus.items import Drop, Item
from nmixx.corpus.shingles import batch_rows, compact, hash_bands, jaccard, shingle_set, sign
from nmixx.progress import track
from nmixx.records import SAME_MEANING, Pair

_FIGURE = re.compile(r"-?\d+(?:[.,]\d+)*")
# A signature estimates similarity with a standard error of at most 0.045; this is over two of it
# at the lowest threshold and more than four from 0.9 on.
ESTIMATE_SLACK = 0.12


@dataclass(frozen=True)
class Match:
    """The earlier row that a row resembles, and how much (Jaccard similarity)."""

    row: int
    similarity: float


def drop_exact(items: Sequence[Item]) -> tuple[list[Item], list[Drop]]:
    """Drop items that equal an earlier one, and pairs whose two sides are equal.

    Equal means equal keys (see :func:`nmixx.corpus.clean.normalise_key`). A translation or
    paraphrase equals its mirror image.
    """
    kept, dropped = [], []
    first: dict[tuple[str, ...], str] = {}
    for item in items:
        keys = _ordered(item)
        if len(keys) == 2 and keys[0] == keys[1]:
            dropped.append(Drop(item, "exact duplicate", "its two sides are the same text"))
        elif first.setdefault(keys, item.id) == item.id:
            kept.append(item)
        else:
            dropped.append(Drop(item, "exact duplicate", f"of {first[keys]}"))
    return kept, dropped


def drop_near(items: Sequence[Item], threshold: float) -> tuple[list[Item], list[Drop]]:
    """Drop items that nearly equal an earlier kept one with the same figures.

    Pairs are compared with pairs, on both sides, and documents with documents.

    Args:
        items: pairs, documents or both.
        threshold: Jaccard similarity of character 5-grams from which a row is dropped.
    """
    details: dict[str, str] = {}
    for sides in sorted({len(item.keys) for item in items}):
        some = [item for item in items if len(item.keys) == sides]
        matches = find_near_duplicates([_ordered(item) for item in some], threshold)
        for row, match in matches.items():
            earlier = some[match.row].id
            details[some[row].id] = f"of {earlier} (similarity {match.similarity:.2f})"
    kept = [item for item in items if item.id not in details]
    dropped = [
        Drop(item, "near duplicate", details[item.id]) for item in items if item.id in details
    ]
    return kept, dropped


def find_near_duplicates(rows: Sequence[Sequence[str]], threshold: float) -> dict[int, Match]:
    """Find the rows that nearly equal an earlier row which is itself no near-duplicate.

    Candidates come from MinHash (Broder 1997) with banding; the true Jaccard similarity decides.
    Rows whose figures differ are never near-duplicates: in finance a digit is the news.

    Args:
        rows: the keys of each row, the same number in all rows; every one must be similar.
        threshold: least Jaccard similarity of character 5-grams, on each key.

    Returns:
        For each near-duplicate the row it resembles most; the earliest one when several do.
    """
    if not rows:
        return {}
    texts = [tuple(map(compact, row)) for row in rows]
    signatures = sign_rows(texts, "looking for near-duplicates")
    hashes = hash_bands(signatures, threshold, _mark_figures(rows))
    sets = lru_cache(maxsize=8_192)(lambda row: [shingle_set([text]) for text in texts[row]])
    matches: dict[int, Match] = {}
    buckets: dict[int, list[int]] = {}
    for row in _rows_with_company(hashes):
        bands = hashes[row].tolist()
        earlier = sorted({other for band in bands for other in buckets.get(band, ())})
        close = _estimate_close(signatures, row, earlier, threshold)
        best = max(
            (Match(other, min(map(jaccard, sets(row), sets(other)))) for other in close),
            key=lambda match: match.similarity,
            default=None,
        )
        if best is not None and best.similarity >= threshold:
            matches[row] = best
            continue
        for band in bands:
            buckets.setdefault(band, []).append(row)
    return matches


def sign_rows(texts: Sequence[Sequence[str]], label: str) -> npt.NDArray[np.uint32]:
    """Sign rows in batches, so that memory stays small however many there are."""
    batches = list(batch_rows(texts))
    return np.concatenate([sign(batch) for batch in track(batches, label, size=len(texts))])


def figures(key: str) -> tuple[str, ...]:
    """List the numbers of a key in their order."""
    return tuple(_FIGURE.findall(key))


def _ordered(item: Item) -> tuple[str, ...]:
    """Give an item's keys; those of a symmetric pair in an order of their own."""
    record = item.record
    if not isinstance(record, Pair) or record.kind not in SAME_MEANING:
        return item.keys
    return tuple(key for _, key in sorted(zip(item.langs, item.keys, strict=True)))


def _mark_figures(rows: Iterable[Sequence[str]]) -> npt.NDArray[np.uint64]:
    """Mark each row by its figures: equal marks where all figures are equal."""
    known: dict[tuple[tuple[str, ...], ...], int] = {}
    marks = [known.setdefault(tuple(map(figures, row)), len(known)) for row in rows]
    return np.array(marks, dtype=np.uint64)


def _rows_with_company(hashes: npt.NDArray[np.uint64]) -> list[int]:
    """List the rows that share a band with another row; most rows share none."""
    flat = np.sort(hashes, axis=None)
    shared = np.unique(flat[1:][flat[1:] == flat[:-1]])
    return [int(row) for row in np.flatnonzero(np.isin(hashes, shared).any(axis=1))]


def _estimate_close(
    signatures: npt.NDArray[np.uint32], row: int, others: list[int], threshold: float
) -> list[int]:
    """Keep the others whose signature leaves it possible that they are similar enough."""
    if not others:
        return []
    agreement = (signatures[others] == signatures[row]).mean(axis=1)
    return [
        other
        for other, share in zip(others, agreement, strict=True)
        if share >= threshold - ESTIMATE_SLACK
    ]
