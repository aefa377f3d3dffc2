"""Drafting: from texts to pairs for annotators, with a measure of what their surface tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nmixx.benchmark.candidates import propose_items
from nmixx.benchmark.features import FEATURES, find_cues, measure_features
from nmixx.benchmark.folders import new_folder, write_items
from nmixx.benchmark.items import Item
from nmixx.benchmark.predictor import MIN_PAIRS, Prediction, area, predict_labels
from nmixx.benchmark.selection import choose_items
from nmixx.benchmark.settings import DraftSettings
from nmixx.benchmark.texts import gather_texts
from nmixx.benchmark.triplets import items_from_triplets
from nmixx.errors import DataError
from nmixx.evaluation.bootstrap import Array
from nmixx.records import Document, Pair, Triplet
from nmixx.storage import hash_path

WEIGHT = 3.0
"""How much more the prediction from everything counts than one feature."""


@dataclass(frozen=True)
class Draft:
    """Pairs to be judged, in an order by chance, and what was measured while they were chosen."""

    items: list[Item]
    surface: dict[str, Any]
    candidates: int

    def counts(self) -> dict[str, dict[str, int]]:
        """Count pairs by category, language, contrast and whether they are meant faithful."""
        return {
            "category": _count(item.category for item in self.items),
            "lang": _count(item.lang for item in self.items),
            "contrast": _count(item.contrast for item in self.items),
            "faithful": _count(item.contrast for item in self.items if item.faithful),
            "made": _count(item.made for item in self.items),
        }

    def report(self) -> dict[str, Any]:
        """Give counts and surface measures as plain data."""
        return {
            "pairs": len(self.items),
            "candidates": self.candidates,
            "counts": self.counts(),
            "surface": self.surface,
        }


def draft_items(
    documents: Sequence[Document],
    pairs: Sequence[Pair],
    settings: DraftSettings,
    *,
    triplets: Sequence[Triplet] = (),
    seed: int = 0,
) -> Draft:
    """Draft pairs of sentences, even over kinds, whose intended label their surface hides.

    Args:
        documents: texts in one language.
        pairs: of which translations are used, for pairs in two languages too.
        settings: how many pairs, of which kinds.
        triplets: made already; their positives and shifted negatives are candidates too.
        seed: of every choice by chance; the same seed and texts give the same draft.

    Returns:
        The draft; it holds fewer pairs than asked for where the texts do not give them.

    Raises:
        DataError: the texts give no pair at all.
        MissingExtraError: the rules of a language need a package that is not installed.
    """
    texts = gather_texts(documents, pairs, settings, seed=seed)
    items = propose_items(texts, settings, seed=seed) + items_from_triplets(triplets, settings)
    if not items:
        raise DataError(
            f"no pair could be drafted from {len(texts)} sentences: the rules know Korean and "
            "English, and sentences of "
            f"{settings.min_characters} to {settings.max_characters} characters are used.\n"
            "Check the languages and categories of the documents, and the filters given."
        )
    view = _Surface(items)
    first, chosen = choose_items(items, view.blocks(), settings, seed=seed)
    order = np.random.default_rng(seed).permutation(len(chosen))
    return Draft(
        [items[chosen[at]] for at in order],
        {"by chance": view.measure(first), "chosen": view.measure(chosen)},
        len(items),
    )


def write_draft(
    draft: Draft, settings: DraftSettings, out: Path, *, seed: int, inputs: Sequence[str] = ()
) -> None:
    """Write a draft to a new folder.

    Args:
        draft: the pairs.
        settings: they were drafted with.
        out: a new folder.
        seed: likewise.
        inputs: the files that were read; hashes are noted of those that are files or folders.

    Raises:
        OutputError: the folder holds something already.
    """
    facts = {
        "scale": settings.scale.model_dump(),
        "settings": settings.model_dump(mode="json"),
        "seed": seed,
        "inputs": {name: hash_path(Path(name)) if Path(name).exists() else "" for name in inputs},
        "draft": draft.report(),
    }
    with new_folder(out) as folder:
        write_items(folder, "draft", draft.items, facts)


class _Surface:
    """What shows of candidates without reading."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._texts = [(item.sentence1, item.sentence2) for item in items]
        self._langs = [item.lang for item in items]
        self._cues = [find_cues(one, two) for one, two in self._texts]
        self._labels = np.array([float(item.faithful) for item in items])
        self._features = measure_features(self._texts, self._langs)

    def blocks(self) -> Array:
        """Give features and what a predictor makes of them, in a block of columns a language.

        Values are ranks, so that closing a gap of means brings the area under the curve to a half.
        Blocks keep languages apart, so that a lean in one is not made good by that in another.
        """
        from scipy.stats import rankdata

        predicted = self._predict(range(len(self._items))).values
        columns = np.hstack([self._features, predicted[:, None]])
        langs, blocks = np.array(self._langs), []
        for lang in np.unique(langs):
            chosen = langs == lang
            ranks = rankdata(columns[chosen], axis=0)
            block = np.zeros_like(columns)
            block[chosen] = (ranks - ranks.mean(axis=0)) / np.maximum(ranks.std(axis=0), 1e-9)
            block[:, -1] *= WEIGHT
            blocks.append(block)
        return np.hstack(blocks)

    def measure(self, rows: Sequence[int]) -> dict[str, Any]:
        """Measure how well the surface of some rows tells faithful pairs from shifted ones.

        Returns:
            Area under the ROC curve by feature, and that of the cross-validated predictor; 0.5 is
            chance. None where one label is missing or the pairs are too few.
        """
        labels = self._labels[list(rows)]
        if len(np.unique(labels)) < 2:
            return {"features": {}, "predictor": None}
        values = measure_features(
            [self._texts[row] for row in rows], [self._langs[row] for row in rows]
        )
        areas = {
            name: round(area(column[labels == 1], column[labels == 0]), 3)
            for name, column in zip(FEATURES, values.T, strict=True)
        }
        enough = len(rows) >= MIN_PAIRS
        auc = self._predict(rows).auc if enough else None
        return {"features": areas, "predictor": None if auc is None else round(auc, 3)}

    def _predict(self, rows: Sequence[int]) -> Prediction:
        """Predict the intended labels of some rows from one another."""
        chosen = list(rows)
        return predict_labels(
            measure_features([self._texts[r] for r in chosen], [self._langs[r] for r in chosen]),
            [self._cues[row] for row in chosen],
            self._labels[chosen],
            [self._items[row].group for row in chosen],
        )


def _count(names: Any) -> dict[str, int]:  # noqa: ANN401 - any iterable of names
    """Count names, in alphabetical order."""
    return dict(sorted(Counter(names).items()))
