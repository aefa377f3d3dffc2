"""Pairs made up on the spot, so that most tests need neither rules nor files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from nmixx.benchmark.folders import new_folder, write_items
from nmixx.benchmark.items import Item
from nmixx.benchmark.scale import Scale

SHIFTS = ("sentiment_reversal", "detail_added", "plan_realisation", "emerging_situation")
CATEGORIES = ("news", "disclosure")
LANGS = ("ko", "en", "en-ko")

SUBJECTS = ("The bank", "The insurer", "The broker", "The fund", "은행은", "보험사는", "증권사는")
ENDS = ("raised its dividend", "cut its outlook", "배당을 늘렸다", "전망을 낮췄다")


def make_items(count: int, *, seed: int = 0, groups: int | None = None) -> list[Item]:
    """Make pairs, half of them faithful, two to a document unless told otherwise."""
    chooser = random.Random(seed)
    items = []
    for at in range(count):
        one = f"{chooser.choice(SUBJECTS)} {chooser.choice(ENDS)} ({seed}-{at})"
        faithful = at % 2 == 0
        lang = LANGS[at // 2 % len(LANGS)]
        contrast = SHIFTS[at // 2 % len(SHIFTS)]
        kind = "translation" if "-" in lang else "paraphrase"
        group = f"doc-{at % groups if groups else at // 2}"
        items.append(
            Item(
                id=f"p{seed}{at:05}",
                sentence1=one,
                sentence2=f"{one}, it said" if faithful else f"{one}, it denied",
                lang=lang,
                category=CATEGORIES[at // 4 % len(CATEGORIES)],
                shift=kind if faithful else contrast,
                contrast=contrast,
                group=group,
                source=group,
                made="made up",
            )
        )
    return items


def write_draft_folder(folder: Path, items: list[Item], scale: Scale | None = None) -> Path:
    """Write pairs as a draft."""
    with new_folder(folder) as place:
        write_items(place, "draft", items, {"scale": (scale or Scale()).model_dump()})
    return folder


@pytest.fixture
def items() -> list[Item]:
    return make_items(24)


@pytest.fixture
def draft_folder(items: list[Item], tmp_path: Path) -> Path:
    return write_draft_folder(tmp_path / "draft", items)
