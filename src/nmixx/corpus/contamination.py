"""Contamination: rows that hold a text of an evaluation file must not be trained on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from nmixx.corpus.clean import clean_text, normalise_key
from nmixx.corpus.duplicates import ESTIMATE_SLACK, sign_rows
from nmixx.corpus.items import Drop, Item
from nmixx.corpus.language import LANGUAGE_COLUMNS
from nmixx.corpus.readers import locate, read_rows
from nmixx.corpus.shingles import (
    compact,
    hash_bands,
    hash_rows,
    hash_windows,
    jaccard,
    shingle_set,
)
from nmixx.errors import DataError
from nmixx.progress import track

CONTAINED_CHARACTERS = 40
"""From this length on, an evaluation text counts as found when it stands within a longer text."""

TEXT_COLUMNS = LANGUAGE_COLUMNS | {
    *("sentence1", "sentence2", "text", "premise", "hypothesis"),
    *("anchor", "query", "question", "positive", "pos", "answer"),
}
"""Columns that hold text in evaluation files of every known shape."""

_UNKNOWN_WORDS = 3  # in a file of no known shape, any value of so many words counts as a text
_WINDOW_CHARACTERS = 4_000_000
_TABLE_BITS = np.uint64(22)
_ROW_BITS = np.uint64(23)  # of a row's number beside a hash; a batch has fewer characters than that
_REPEATS = 3  # a text longer than so many evaluation texts is no copy of one


@dataclass(frozen=True)
class EvaluationText:
    """A text that must not be trained on, and the name of its file."""

    file: str
    text: str
    key: str

    def __str__(self) -> str:
        """Name the file and the text's beginning."""
        shown = self.text if len(self.text) <= 60 else f"{self.text[:60]}…"
        return f"{self.file}: {shown}"


@dataclass(frozen=True)
class _Found:
    """One kind of overlap between a text and the evaluation texts, keyed by the text's key."""

    how: str
    texts: dict[str, EvaluationText]


def read_evaluation_texts(paths: Iterable[str]) -> list[EvaluationText]:
    """Read every distinct text of the evaluation files.

    Known text columns count where a row has one; else every value of at least three words does,
    because here a text too many does no harm and a text too few does.

    Raises:
        DataError: a file cannot be read.
    """
    found: dict[str, EvaluationText] = {}
    for path in paths:
        for file in locate(path):
            for _, row in read_rows(file):
                for text in _texts_of(row):
                    key = normalise_key(text)
                    if key and key not in found:
                        found[key] = EvaluationText(Path(file).name, clean_text(text), key)
    if paths and not found:
        raise DataError(
            f"evaluation: no text in {', '.join(paths)}.\n"
            f"Expected a column such as {', '.join(sorted(TEXT_COLUMNS - LANGUAGE_COLUMNS))}."
        )
    return list(found.values())


def drop_overlapping(
    items: Sequence[Item], evaluation: Sequence[EvaluationText], threshold: float
) -> tuple[list[Item], list[Drop]]:
    """Drop items one of whose texts equals, nearly equals or contains an evaluation text.

    Args:
        items: pairs, documents or both.
        evaluation: what must not be trained on.
        threshold: Jaccard similarity of character 5-grams that counts as nearly equal; different
            figures do not protect a row here.
    """
    if not evaluation or not items:
        return list(items), []
    keys = list(dict.fromkeys(key for item in items for key in (*item.keys, *item.negatives)))
    ways = [
        _Found("equals", {text.key: text for text in evaluation}),
        _Found("contains", _find_contained(keys, evaluation)),
        _Found("nearly equals", _find_near(keys, evaluation, threshold)),
    ]
    kept, dropped = [], []
    for item in items:
        hit = next(
            (
                f"{way.how} {way.texts[key]}"
                for way in ways
                for key in (*item.keys, *item.negatives)
                if key in way.texts
            ),
            None,
        )
        if hit is None:
            kept.append(item)
        else:
            dropped.append(Drop(item, "overlaps evaluation", hit))
    return kept, dropped


def _find_contained(
    keys: Sequence[str], evaluation: Sequence[EvaluationText]
) -> dict[str, EvaluationText]:
    """Find keys within which an evaluation key stands word for word."""
    width = CONTAINED_CHARACTERS
    by_start: dict[str, list[EvaluationText]] = {}
    for text in evaluation:
        if len(text.key) >= width:
            by_start.setdefault(text.key[:width], []).append(text)
    if not by_start:
        return {}
    wanted = np.unique(hash_windows("".join(by_start), width)[::width])
    shift = np.uint64(64) - _TABLE_BITS
    table = np.zeros(2 ** int(_TABLE_BITS), dtype=bool)
    table[wanted >> shift] = True

    found: dict[str, EvaluationText] = {}
    longer = [key for key in keys if len(key) > width]
    for batch in track(_batch_keys(longer), "looking for evaluation texts", size=len(longer)):
        joined = "\n".join(batch)
        hashes = hash_windows(joined, width)
        # A small table passes over nearly all windows before the exact, slower look-up.
        likely = np.flatnonzero(table[hashes >> shift])
        places = likely[np.isin(hashes[likely], wanted)]
        if not len(places):
            continue
        ends = np.cumsum([len(key) + 1 for key in batch])
        for place, row in zip(places, np.searchsorted(ends, places, side="right"), strict=True):
            key = batch[row]
            for text in by_start.get(joined[place : place + width], ()):
                if key not in found and joined.startswith(text.key, place):
                    found[key] = text
    return found


def _find_near(
    keys: Sequence[str], evaluation: Sequence[EvaluationText], threshold: float
) -> dict[str, EvaluationText]:
    """Find keys that nearly equal an evaluation key."""
    theirs = [compact(text.key) for text in evaluation]
    ours, texts = _select_likely(keys, theirs, threshold)
    if not ours:
        return {}
    signatures = sign_rows([(text,) for text in (*theirs, *texts)], "comparing with evaluation")
    marks = np.zeros(len(signatures), dtype=np.uint64)
    hashes = hash_bands(signatures, threshold, marks)
    buckets: dict[int, list[int]] = {}
    for row in range(len(theirs)):
        for band in hashes[row].tolist():
            buckets.setdefault(band, []).append(row)
    sets = lru_cache(maxsize=8_192)(lambda row: shingle_set([theirs[row]]))

    found: dict[str, EvaluationText] = {}
    shared = np.isin(hashes[len(theirs) :], hashes[: len(theirs)]).any(axis=1)
    for at in np.flatnonzero(shared):
        row = len(theirs) + int(at)
        near = sorted({one for band in hashes[row].tolist() for one in buckets.get(band, ())})
        agreement = (signatures[near] == signatures[row]).mean(axis=1)
        close = [
            one
            for one, share in zip(near, agreement, strict=True)
            if share >= threshold - ESTIMATE_SLACK
        ]
        mine = shingle_set([texts[at]])
        best = max(close, key=lambda one: jaccard(mine, sets(one)), default=None)
        if best is not None and jaccard(mine, sets(best)) >= threshold:
            found[ours[at]] = evaluation[best]
    return found


def _select_likely(
    keys: Sequence[str], evaluation: Sequence[str], threshold: float
) -> tuple[list[str], list[str]]:
    """Select the keys most of whose shingles occur somewhere in the evaluation texts.

    Where the similarity of two sets is at least t, so is the share of each that lies in the other,
    and so is the ratio of their sizes.

    Returns:
        The keys, and the same as compact texts.
    """
    table = np.zeros(2 ** int(_TABLE_BITS), dtype=bool)
    shift = np.uint64(64) - _TABLE_BITS
    table[hash_rows([(text,) for text in evaluation])[0] >> shift] = True
    longest = _REPEATS * max(map(len, evaluation)) / threshold
    ours: list[str] = []
    texts: list[str] = []
    for batch in track(_batch_keys(keys), "comparing with evaluation", size=len(keys)):
        some = [(key, text) for key in batch if len(text := compact(key)) <= longest]
        if not some:
            continue
        hashes, counts = hash_rows([(text,) for _, text in some])
        rows = np.repeat(np.arange(len(some), dtype=np.uint64), counts)
        # A shingle counts once in a row: sort by row and hash, and take the first of each run.
        kept = np.uint64(64) - _ROW_BITS
        marked = np.sort((rows << kept) | (hashes >> _ROW_BITS))
        marked = marked[np.append(True, marked[1:] != marked[:-1])]
        known = table[(marked << _ROW_BITS) >> shift]
        rows = (marked >> kept).astype(np.int64)
        shares = np.bincount(rows, weights=known) / np.bincount(rows)
        for at in np.flatnonzero(shares >= threshold):
            ours.append(some[at][0])
            texts.append(some[at][1])
    return ours, texts


def _texts_of(row: dict[str, Any]) -> list[str]:
    """List the texts of an evaluation row."""
    known = [value for name, value in row.items() if name in TEXT_COLUMNS]
    flat = [one for value in known for one in (value if isinstance(value, list) else [value])]
    texts = [text for text in flat if isinstance(text, str)]
    if texts:
        return texts
    return [
        value
        for value in row.values()
        if isinstance(value, str) and len(value.split()) >= _UNKNOWN_WORDS
    ]


def _batch_keys(keys: Sequence[str]) -> list[list[str]]:
    """Cut keys into batches of about so many characters."""
    batches: list[list[str]] = []
    size = _WINDOW_CHARACTERS
    for key in keys:
        if size >= _WINDOW_CHARACTERS:
            batches.append([])
            size = 0
        batches[-1].append(key)
        size += len(key)
    return batches
