"""The positive side: a sentence told again with other words and the same facts."""

from __future__ import annotations

import difflib
import random

from nmixx.triplets.rules.english.edit import Edit, Finder, apply_change
from nmixx.triplets.rules.english.ladder import find_synonyms
from nmixx.triplets.rules.english.order import REORDERINGS
from nmixx.triplets.rules.english.syntax import find_sentences
from nmixx.triplets.rules.english.wording import (
    find_dates,
    find_money,
    find_owners,
    find_phrases,
    find_rates,
    find_scales,
    find_spans_of_change,
)

# Earlier finders win where two want the same words.
_FINDERS: tuple[Finder, ...] = (
    find_spans_of_change,
    find_owners,
    find_phrases,
    find_synonyms("synonyms"),
    find_scales,
    find_money,
    find_rates,
    find_dates,
)
_MIN_EDITS = 2
_MIN_CHANGED = 0.15
_KEEP_CHANCE = 0.1


def rephrase(text: str, rng: random.Random) -> str | None:
    """Tell a text again in other words; None where less than two edits or 15 % of words change."""
    reordered = _reorder(text, rng)
    edits = _choose_edits(reordered or text, rng)
    if len(edits) + (reordered is not None) < _MIN_EDITS:
        return None
    changed = apply_change(reordered or text, edits)
    return changed if measure_change(text, changed) >= _MIN_CHANGED else None


def measure_change(old: str, new: str) -> float:
    """Return the share of words that are not in the same order in both texts."""
    before, after = old.split(), new.split()
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return 1.0 - sum(block.size for block in blocks) / max(len(before), len(after), 1)


def _reorder(text: str, rng: random.Random) -> str | None:
    if sum(1 for _ in find_sentences(text)) != 1:
        return None
    for reordering in rng.sample(REORDERINGS, len(REORDERINGS)):
        reordered = reordering(text)
        if reordered:
            return reordered
    return None


def _choose_edits(text: str, rng: random.Random) -> list[Edit]:
    """Choose edits that do not touch one another, and leave a few out so that draws differ."""
    chosen: list[Edit] = []
    for finder in _FINDERS:
        for (edit,) in finder(text, rng):
            clear = all(edit.end < other.start or edit.start > other.end for other in chosen)
            if clear and rng.random() >= _KEEP_CHANCE:
                chosen.append(edit)
    return chosen
