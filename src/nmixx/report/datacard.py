"""Dataset cards: the README.md that goes with triplets or with a benchmark of scored pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nmixx.records import ScoredPair, Triplet
from nmixx.report.folder import RunFolder
from nmixx.report.markdown import plain, table
from nmixx.triplets.taxonomy import SHIFTS

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))
_HUGE = "1M<n<10M"
_DRAFT = "This card is a draft written by nmixx: add licence, sources' terms and contact.\n"


def write_triplet_card(run: RunFolder) -> str:
    """Write the card of a run's triplets, with the counts that the report shows.

    Args:
        run: has triplets.
    """
    triplets = run.triplets
    languages = {lang for t in triplets for lang in (t.anchor_lang, t.positive_lang)}
    entered = len(triplets) + sum(len(rows) for rows in run.triplets_dropped.values())
    dropped = [[plain(reason), f"{len(rows):,}"] for reason, rows in run.triplets_dropped.items()]
    parts = [
        _front_matter(
            f"{run.name} triplets",
            languages,
            len(triplets),
            {"configs": _configs("triplets.parquet")},
        ),
        f"# {plain(run.name)}: triplets\n",
        f"{len(triplets):,} triplets: an anchor, a text that means the same, and a negative in "
        "which a detail that matters was changed.\n",
        "## What is in it\n",
        _count_table("shift", (t.negative_kind for t in triplets), _define),
        _count_table("category", (t.category for t in triplets)),
        _count_table("direction", (f"{t.anchor_lang} – {t.positive_lang}" for t in triplets)),
        "## How it was made\n",
        f"{entered:,} triplets were made by nmixx from parallel pairs; {len(triplets):,} passed "
        "its checks.\n",
        *([table(["dropped because", "rows"], dropped)] if dropped else []),
        "## Columns\n",
        table(["column", "meaning"], [list(row) for row in _TRIPLET_COLUMNS]),
        "## An example\n",
        _example(triplets[0]),
        _DRAFT,
    ]
    return "\n".join(parts)


def write_benchmark_card(name: str, file: str, pairs: Sequence[ScoredPair]) -> str:
    """Write the card of a benchmark of scored pairs.

    Args:
        name: the benchmark's.
        file: the data file's name beside the card.
        pairs: at least one.
    """
    scores = [pair.score for pair in pairs]
    languages = {part for pair in pairs for part in pair.lang.split("-") if part}
    parts = [
        _front_matter(name, languages, len(pairs), {"configs": _configs(file, split="test")}),
        f"# {plain(name)}\n",
        f"{len(pairs):,} pairs of sentences with a score of likeness from {min(scores):g} to "
        f"{max(scores):g}, for measuring, not for training.\n",
        "## What is in it\n",
        _count_table("languages", (pair.lang for pair in pairs)),
        _count_table("category", (pair.category for pair in pairs)),
        _count_table("shift", (pair.shift for pair in pairs), _define),
        _count_table("score", (f"{score:g}" for score in sorted(scores))),
        _DRAFT,
    ]
    return "\n".join(part for part in parts if part)


_TRIPLET_COLUMNS = (
    ("anchor, positive, negative", "the texts"),
    ("anchor\\_lang, positive\\_lang, negative\\_lang", "their languages, ISO 639-1"),
    ("positive\\_kind", "how the positive belongs to the anchor, for example translation"),
    ("negative\\_kind", "the semantic shift, or mined, or given"),
    ("category, group", "the kind of text; texts that mean the same share a group"),
    ("confidence, provenance", "how sure the maker was, and what made it from which pair"),
)


def _front_matter(name: str, languages: Iterable[str], count: int, more: Mapping[str, Any]) -> str:
    """Write what the Hub needs to know of a data set."""
    import yaml

    size = next((label for limit, label in _SIZES if count < limit), _HUGE)
    facts = {
        "pretty_name": name,
        "language": sorted(languages),
        "task_categories": ["sentence-similarity"],
        "size_categories": [size],
        "tags": ["finance", "sentence-transformers", "nmixx"],
        **more,
    }
    return f"---\n{yaml.safe_dump(facts, sort_keys=False, allow_unicode=True)}---\n"


def _configs(file: str, *, split: str = "train") -> list[dict[str, Any]]:
    """Say which file is which split."""
    return [{"config_name": "default", "data_files": [{"split": split, "path": file}]}]


def _define(shift: str) -> str:
    """Say what a shift means; nothing of one that is not in the taxonomy."""
    return SHIFTS[shift].definition if shift in SHIFTS else ""


def _count_table(
    title: str, values: Iterable[str], define: Callable[[str], str] | None = None
) -> str:
    """Count a column's values, the most frequent first; nothing where there are none."""
    counts = Counter(value for value in values if value)
    if not counts:
        return ""
    rows = [
        [plain(value), f"{count:,}", *([plain(define(value))] if define else [])]
        for value, count in counts.most_common()
    ]
    return table([title, "rows", *(["what changes"] if define else [])], rows)


def _example(triplet: Triplet) -> str:
    """Show a triplet's three texts."""
    sides = ("anchor", "positive", "negative")
    return "".join(f"- {side}: {plain(getattr(triplet, side))}\n" for side in sides)
