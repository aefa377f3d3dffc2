"""The dataset card: a README.md with the front matter that the Hugging Face Hub reads."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nmixx.benchmark.scale import Scale
from nmixx.benchmark.settings import FreezeSettings
from nmixx.records import ScoredPair

if TYPE_CHECKING:
    from nmixx.benchmark.freezing import Frozen

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))

_COLUMNS = (
    ("sentence1, sentence2", "the two sentences"),
    ("score", "how close they are in meaning; {scale}, joined over annotators"),
    ("lang", "language, or the languages of the first and the second sentence"),
    ("category", "kind of document"),
    (
        "shift",
        "how the second sentence was meant to depart from the first: paraphrase and translation "
        "are faithful, all else names a shift",
    ),
    ("contrast", "the shift that the pair was drafted for; faithful pairs have one too"),
    ("settled", "where the score comes from: mean, median or adjudication"),
    ("annotators, range", "how many scored the pair, and how far their scores lie apart"),
    ("id, group, source", "the pair, what was kept in one split, the document"),
)


def write_card(frozen: Frozen, scale: Scale, settings: FreezeSettings) -> str:
    """Write the card as Markdown."""
    ends = f"{scale.low:g} to {scale.high:g}"
    parts = [
        _front_matter(frozen, settings),
        f"# {_plain(settings.name)}\n",
        "Pairs of sentences with a score of semantic similarity. They expose the ways in which "
        "financial text changes its meaning: each shift stands beside faithful rewordings and "
        "translations that change as many words.\n",
        "## Pairs\n",
        _counts(frozen),
        "## Columns\n",
        _table(
            ("column", "what it holds"),
            [(name, text.format(scale=ends)) for name, text in _COLUMNS],
        ),
        "## Use\n",
        _usage(frozen, settings),
        "## How it was made\n",
        _making(frozen, settings),
        "## Agreement\n",
        _agreement(frozen),
        "## Known defects\n",
        _defects(frozen),
        "## Limits\n",
        "Sentences were changed by rule or model and then judged by people; they are not found "
        "text. `checksums.sha256` lists every file; `nmixx benchmark verify` or `sha256sum -c` "
        "compares them.\n",
        "This card is a draft written by nmixx: add where the documents come from and under "
        "which terms, who annotated, intended use and contact.\n",
    ]
    return "\n".join(parts)


def _front_matter(frozen: Frozen, settings: FreezeSettings) -> str:
    """Write what the Hub needs to know."""
    import yaml

    pairs = _every(frozen)
    langs = sorted({part for pair in pairs for part in pair.lang.split("-")})
    size = next((name for most, name in _SIZES if len(pairs) < most), "100K<n<1M")
    facts = {
        "pretty_name": settings.name,
        "license": settings.licence,
        "language": langs,
        "task_categories": ["sentence-similarity"],
        "task_ids": ["semantic-similarity-scoring"],
        "size_categories": [size],
        "tags": ["finance", "semantic-textual-similarity", "nmixx"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [
                    {"split": name, "path": f"data/{name}.{settings.format}"}
                    for name in frozen.splits
                ],
            }
        ],
    }
    return f"---\n{yaml.safe_dump(facts, sort_keys=False, allow_unicode=True)}---\n"


def _counts(frozen: Frozen) -> str:
    """Count pairs by category, language and shift in each split."""
    titles = ("", *frozen.splits, "all")
    rows: list[Sequence[str]] = [_row("all", frozen, lambda _: True)]
    for name in ("category", "lang", "shift"):
        values = Counter(str(getattr(pair, name)) for pair in _every(frozen))
        rows += [
            _row(value, frozen, lambda pair, n=name, v=value: getattr(pair, n) == v)
            for value in sorted(values)
        ]
    return _table(titles, rows)


def _row(label: str, frozen: Frozen, chosen: object) -> list[str]:
    """Count the chosen pairs of each split."""
    counts = [sum(map(chosen, pairs)) for pairs in frozen.splits.values()]  # type: ignore[call-overload]
    return [label, *(f"{count:,}" for count in counts), f"{sum(counts):,}"]


def _usage(frozen: Frozen, settings: FreezeSettings) -> str:
    """Show how the splits are loaded and a model is measured on one."""
    last = list(frozen.splits)[-1]
    return (
        "```python\n"
        "from datasets import load_dataset\n\n"
        'pairs = load_dataset("PATH_OR_HUB_ID")\n'
        "```\n\n"
        "```\n"
        f"nmixx evaluate MODEL --sts {last}=data/{last}.{settings.format} --out measured\n"
        "```\n"
    )


def _making(frozen: Frozen, settings: FreezeSettings) -> str:
    """Say how scores and splits came about."""
    lines = [f"- {name}: {count:,}" for name, count in frozen.counts().items()]
    out = len(settings.without)
    if out:
        lines.append(f"- annotators left out: {out}")
    return (
        "Pairs were drafted with `nmixx benchmark draft`, which balances categories, shifts and "
        "languages and chooses pairs so that length, overlap and single words do not tell faithful "
        "pairs from shifted ones. Annotators saw the two sentences only, each in an order of their "
        "own. Pairs that share a document, a group or a sentence are in one split.\n\n"
        + "\n".join(lines)
        + "\n"
    )


def _agreement(frozen: Frozen) -> str:
    """State Krippendorff's alpha."""
    report = frozen.agreement
    if report is None:
        return "One annotator scored the pairs, so agreement is unknown.\n"
    rows = [("all", report.overall)]
    rows += [(name, found) for part in report.by.values() for name, found in part.items()]
    written = [
        (
            name,
            f"{found.pairs:,}",
            "undefined" if math.isnan(found.alpha) else f"{found.alpha:.3f}",
            "" if math.isnan(found.alpha) else f"{found.ci95[0]:.3f} to {found.ci95[1]:.3f}",
        )
        for name, found in rows
    ]
    return (
        f"Krippendorff's alpha ({report.level}) of {len(report.annotators)} annotators, before "
        "adjudication; intervals are percentile bootstrap intervals over pairs.\n\n"
        + _table(("", "pairs", "alpha", "95 % interval"), written)
    )


def _defects(frozen: Frozen) -> str:
    """List what the checks found, and what the surface tells."""
    check = frozen.check
    lines = [f"- {_plain(defect.kind)}: {_plain(defect.message)}." for defect in check.defects]
    if not lines:
        lines = ["None of the kinds that `nmixx benchmark check` looks for."]
    best = max(check.surface, key=lambda name: abs(check.surface[name]), default=None)
    told = []
    if best is not None:
        told.append(
            f"Of surface features, {best} correlates most with the score, at "
            f"{check.surface[best]:.2f} (Spearman)."
        )
    if check.predictor is not None:
        told.append(
            "A predictor from lengths, overlap, figures and cue words, cross-validated over "
            f"groups, reaches {check.predictor:.2f}; 0 or less is nothing."
        )
    return "\n".join(lines) + ("\n\n" + " ".join(told) if told else "") + "\n"


def _every(frozen: Frozen) -> list[ScoredPair]:
    """List all pairs."""
    return [pair for pairs in frozen.splits.values() for pair in pairs]


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table."""
    head = f"| {' | '.join(titles)} |"
    rule = f"|{'|'.join(' --- ' for _ in titles)}|"
    return "\n".join([head, rule, *(f"| {' | '.join(map(_plain, row))} |" for row in rows)]) + "\n"


def _plain(text: str) -> str:
    """Keep a text from acting as Markdown or HTML."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|])", r"\\\1", flat)
