"""Which rows a trimmed vocabulary keeps, and why each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import Field

from nmixx.errors import ModelError
from nmixx.settings import Settings
from nmixx.vocabulary.entries import WORD_START, Vocabulary
from nmixx.vocabulary.scripts import COMMON, script_of
from nmixx.vocabulary.trimming.merges import read_ranks, trace_merges

Closure = Callable[[Vocabulary, Iterable[int]], Iterator[int]]
"""Gives the entries without which the kept ones would not be tokenized as before."""


class TrimSettings(Settings):
    """What is kept beside the rows that the texts use, and how the rest of it is checked."""

    min_count: int = Field(
        default=1, ge=1, description="a piece must occur this often in the texts to be kept for it"
    )
    scripts: tuple[str, ...] = Field(
        default=(), description="scripts to keep although the texts hold few of their letters"
    )
    whole_script_share: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="a script of the texts with at most this share of all entries is kept whole",
    )
    held_out: float = Field(
        default=0.1, gt=0, lt=1, description="share of the texts that only measures the outcome"
    )
    verified: int = Field(
        default=200, ge=1, description="texts whose embeddings are compared after reloading"
    )


def require_trimmable(vocabulary: Vocabulary) -> None:
    """Refuse tokenizers whose rows cannot be taken out without changing what stays.

    Raises:
        ModelError: the tokenizer is of another kind than those of ``CLOSURES``; it is named.
    """
    model = vocabulary.state["model"]
    marked = vocabulary.kind == "BPE" and (
        model.get("continuing_subword_prefix") or model.get("end_of_word_suffix")
    )
    if vocabulary.kind not in CLOSURES or marked:
        kind = f"{vocabulary.kind} with marks at the ends of words" if marked else vocabulary.kind
        raise ModelError(
            f"trimming: the model's tokenizer is of kind {kind}.\n"
            "Expected WordPiece (BERT), byte-level BPE (GPT-2, Qwen, Llama) or Unigram (XLM-R)."
        )


def choose_kept(
    vocabulary: Vocabulary,
    counts: Mapping[int, int],
    scripts: frozenset[str],
    settings: TrimSettings,
) -> dict[int, str]:
    """Choose the entries that stay.

    Args:
        vocabulary: of a kind that :func:`require_trimmable` lets through.
        counts: how often each id occurs in the texts.
        scripts: those whose single characters stay.
        settings: the floor.

    Returns:
        The ids in rising order, each with the first reason to keep it, one of ``REASONS``.
    """
    kept: dict[int, str] = dict.fromkeys(vocabulary.added, "added")
    kept |= dict.fromkeys(_framing(vocabulary.state["post_processor"]), "added")
    for number in vocabulary.entries:
        if counts.get(number, 0) >= settings.min_count:
            kept.setdefault(number, "used")
    for reason, chosen in (
        ("bytes", _bytes(vocabulary)),
        ("characters", _characters(vocabulary, scripts)),
        ("scripts", _whole_scripts(vocabulary, scripts, settings.whole_script_share)),
    ):
        for number in chosen:
            kept.setdefault(number, reason)
    for number in CLOSURES[vocabulary.kind](vocabulary, list(kept)):
        kept.setdefault(number, "needed")
    return dict(sorted(kept.items()))


REASONS = {
    "added": "special and added tokens",
    "used": "used by the texts",
    "bytes": "bytes",
    "characters": "single characters of the kept scripts, digits, punctuation and symbols",
    "scripts": "other pieces of scripts that are kept whole",
    "needed": "needed to build or score the others",
    "config": "named in the model's configuration",
}
"""Why a row is kept, in the order in which reasons are tried."""


def _bytes(vocabulary: Vocabulary) -> Iterator[int]:
    """Give single bytes: the letters of the byte alphabet, or ``<0xNN>``."""
    if vocabulary.byte_level:
        return (number for number, e in vocabulary.entries.items() if len(e.token) == 1)
    return iter(vocabulary.broken())


def _characters(vocabulary: Vocabulary, scripts: frozenset[str]) -> Iterator[int]:
    """Give entries that write one character of a kept script or of no script."""
    for number, entry in vocabulary.entries.items():
        if entry.text is not None and len(entry.text) == 1:
            script = script_of(entry.text)
            if script == COMMON or script in scripts:
                yield number


def _whole_scripts(vocabulary: Vocabulary, scripts: frozenset[str], share: float) -> Iterator[int]:
    """Give all entries in a kept script that has few of them."""
    pieces: dict[str, list[int]] = {script: [] for script in scripts}
    for number, entry in vocabulary.entries.items():
        written = {script_of(mark) for mark in entry.text or ""} - {COMMON}
        if len(written) == 1:
            pieces.get(written.pop(), []).append(number)
    for some in pieces.values():
        if len(some) <= share * vocabulary.size:
            yield from some


def _unknown(vocabulary: Vocabulary) -> Iterator[int]:
    """Give the entry that stands for text the vocabulary cannot write."""
    model = vocabulary.state["model"]
    unknown = model.get("unk_token")
    yield from (n for n, entry in vocabulary.entries.items() if entry.token == unknown)


def _close_unigram(vocabulary: Vocabulary, _: Iterable[int]) -> Iterator[int]:
    """Give the unknown entry, the bare mark of a word's start and an entry of the lowest score.

    The library scores unknown text by the lowest score of all (minus 10); without that entry the
    score would rise, and a path through the unknown could win where it lost before.
    """
    rows: list[tuple[str, float]] = vocabulary.state["model"]["vocab"]
    unknown = vocabulary.state["model"]["unk_id"]
    if unknown is not None:
        yield int(unknown)
    yield min(range(len(rows)), key=lambda number: rows[number][1])
    yield from (number for number, (token, _) in enumerate(rows) if token == WORD_START)


def _close_merges(vocabulary: Vocabulary, kept: Iterable[int]) -> Iterator[int]:
    """Give everything that BPE merges on its way to a kept token."""
    ranks = read_ranks(vocabulary.state)
    numbers = {entry.token: number for number, entry in vocabulary.entries.items()}
    yield from _unknown(vocabulary)
    passed: Counter[str] = Counter()
    for number in kept:
        if number in vocabulary.entries:
            passed.update(trace_merges(vocabulary.entries[number].token, ranks))
    yield from (numbers[token] for token in passed if token in numbers)


CLOSURES: dict[str, Closure] = {
    "WordPiece": lambda vocabulary, _: _unknown(vocabulary),
    "BPE": _close_merges,
    "Unigram": _close_unigram,
}
"""What else has to stay, by the kind of tokenizer; kinds that are not here cannot be trimmed."""


def count_reasons(kept: Mapping[int, str]) -> dict[str, int]:
    """Count kept rows by reason."""
    counts = Counter(kept.values())
    return {reason: counts[reason] for reason in REASONS if counts[reason]}


def shrink_state(vocabulary: Vocabulary, numbering: Mapping[int, int]) -> dict[str, Any]:
    """Give a tokenizer's state with only the kept entries under their new numbers.

    Args:
        vocabulary: the whole one.
        numbering: new number by old, for every kept row.
    """
    state = dict(vocabulary.state)
    model = dict(state["model"])
    rows = model["vocab"]
    if isinstance(rows, list):
        model["vocab"] = [row for number, row in enumerate(rows) if number in numbering]
        model["unk_id"] = numbering.get(model["unk_id"])
    else:
        model["vocab"] = {t: numbering[number] for t, number in rows.items() if number in numbering}
    if "merges" in model:
        left = model["vocab"]
        model["merges"] = [
            [one, other]
            for one, other in read_ranks(state)
            if one in left and other in left and one + other in left
        ]
    state["model"] = model
    state["added_tokens"] = [
        {**token, "id": numbering[token["id"]]} for token in state["added_tokens"]
    ]
    state["post_processor"] = _renumber(state["post_processor"], numbering)
    return state


def _framing(step: Any) -> Iterator[int]:  # noqa: ANN401 - any step, or none
    """Give the tokens that a post-processor puts around texts."""
    if step is None:
        return
    yield from (step[end][1] for end in ("cls", "sep") if end in step)
    for token in step.get("special_tokens", {}).values():
        yield from token["ids"]
    for inner in step.get("processors", ()):
        yield from _framing(inner)


def _renumber(step: Any, numbering: Mapping[int, int]) -> Any:  # noqa: ANN401 - any step, or none
    """Give a post-processor with new numbers, however deep it is nested."""
    if step is None:
        return None
    changed = dict(step)
    for end in ("cls", "sep"):
        if end in changed:
            changed[end] = [changed[end][0], numbering[changed[end][1]]]
    if "special_tokens" in changed:
        changed["special_tokens"] = {
            name: {**token, "ids": [numbering[number] for number in token["ids"]]}
            for name, token in changed["special_tokens"].items()
        }
    if "processors" in changed:
        changed["processors"] = [_renumber(inner, numbering) for inner in changed["processors"]]
    return changed
