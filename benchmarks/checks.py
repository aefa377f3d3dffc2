"""How many planted faults do the checks of triplets find, and how often do they call a sound one?

Usage: ``python benchmarks/checks.py [--data ../shared/data] [--small]``

Each pair of a parallel set becomes a triplet (Korean anchor, English positive, the next pair's
English as negative). One fault at a time is planted in those that can carry it. ``found`` is the
share of planted faults that the check finds, ``called`` the share of triplets as they came that it
calls faulty; a set's own translation errors count as called, so it is a bound from above. The last
line is JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from measure import peak_mb
from nmixx.corpus.shapes import read_pairs
from nmixx.records import Pair, Triplet
from nmixx.triplets.checks import FAULT, assess

QUESTION = "how many planted faults do the checks find, and how often do they call a sound triplet?"
SETS = {"fpb": "fpb_ko_en/pairs.jsonl", "ntrex": "ntrex128_ko_en/news_sentences.jsonl"}
SMALL = 300

_FIGURE = re.compile(r"(?<![\d.,A-Za-z-])([1-9])(?=[\d.,]*\s?(?:%|percent|mn|million|billion|bn))")
_YEAR = re.compile(r"\b20([01])(\d)\b")
_MONTHS = ("January", "February", "April", "June", "July", "August", "September", "October")

Plant = Callable[[Triplet], Triplet | None]


def change_figure(triplet: Triplet) -> Triplet | None:
    """Change the first digit of an amount in the positive."""
    return _rewrite(triplet, _FIGURE, lambda match: str(int(match[1]) % 9 + 1))


def change_year(triplet: Triplet) -> Triplet | None:
    """Move a year in the positive."""
    return _rewrite(triplet, _YEAR, lambda match: f"20{match[1]}{(int(match[2]) + 3) % 10}")


def change_month(triplet: Triplet) -> Triplet | None:
    """Move a month in the positive."""
    months = re.compile("|".join(rf"\b{month}\b" for month in _MONTHS))
    return _rewrite(triplet, months, lambda match: _MONTHS[_MONTHS.index(match[0]) - 1])


def answer_in_korean(triplet: Triplet) -> Triplet:
    """Give the anchor as the positive, in the wrong language."""
    return replace(triplet, positive=triplet.anchor)


def copy_positive(triplet: Triplet) -> Triplet:
    """Give the positive as the negative, its case and full stop changed."""
    return replace(triplet, negative=triplet.positive.upper().rstrip(". "))


def label_negative(triplet: Triplet) -> Triplet:
    """Leave a label before the negative."""
    return replace(triplet, negative=f"Negative: {triplet.negative}")


FAULTS: Mapping[str, tuple[str, Plant]] = {
    "figure changed": ("figures", change_figure),
    "year changed": ("dates", change_year),
    "month changed": ("dates", change_month),
    "wrong language": ("language", answer_in_korean),
    "negative is the positive": ("negative_copy", copy_positive),
    "label left in": ("leak", label_negative),
}


def _rewrite(
    triplet: Triplet, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]
) -> Triplet | None:
    """Change the first match in the positive, if there is one."""
    changed, count = pattern.subn(change, triplet.positive, count=1)
    return replace(triplet, positive=changed) if count else None


def _triplet(pair: Pair, negative: str) -> Triplet:
    """Make a triplet of a pair."""
    return Triplet(
        pair.anchor, pair.positive, negative, pair.category, "ko", "en", "en", "translation",
        "given", 0.0, pair.group, f"given:en:{pair.id}",
    )  # fmt: skip


def measure(pairs: list[Pair]) -> dict[str, dict[str, float]]:
    """Plant each fault where it can be and count."""
    nexts = [*pairs[1:], pairs[0]]
    triplets = [_triplet(pair, other.positive) for pair, other in zip(pairs, nexts, strict=True)]
    sound = [assess(one).scores for one in triplets]
    results = {}
    for fault, (check, plant) in FAULTS.items():
        # Only where nothing was called before can a call be put down to what was planted.
        planted = [
            changed
            for one, scores in zip(triplets, sound, strict=True)
            if scores.get(check, 1.0) >= FAULT and (changed := plant(one)) is not None
        ]
        found = sum(assess(one).scores.get(check, 1.0) < FAULT for one in planted)
        called = sum(scores.get(check, 1.0) < FAULT for scores in sound)
        results[fault] = {
            "planted": len(planted),
            "found": round(found / max(1, len(planted)), 4),
            "called": round(called / len(triplets), 4),
        }
    return results


def main() -> None:
    """Measure each set, print a table and one line of JSON."""
    parser = argparse.ArgumentParser(description=QUESTION)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="public sets")
    parser.add_argument("--seed", type=int, default=0, help="of the sample that --small takes")
    parser.add_argument("--small", action="store_true", help="a sample, in under 50 seconds")
    given = parser.parse_args()
    console = Console()
    results = {}
    for name, path in SETS.items():
        pairs = read_pairs(str(given.data / path))
        if given.small:
            pairs = random.Random(given.seed).sample(pairs, SMALL)
        results[name] = measure(pairs)
        table = Table(title=f"{name}, {len(pairs):,} pairs", title_justify="left", box=None)
        table.add_column("fault")
        for column in ("planted", "found", "called"):
            table.add_column(column, justify="right")
        for fault, counts in results[name].items():
            row = (f"{counts['planted']:,}", f"{counts['found']:.3f}", f"{counts['called']:.3f}")
            table.add_row(fault, *row)
        console.print(table)
    summary = {"question": QUESTION, "ratios": {}, "peak_mb": {"nmixx": round(peak_mb())}}
    print(json.dumps(summary | {"small": given.small, "sets": results}, ensure_ascii=False))


if __name__ == "__main__":
    main()
