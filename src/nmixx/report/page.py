"""The page: a template, a style sheet and the pictures, in one file that needs no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nmixx.evaluation.tables import corrected
from nmixx.report import words
from nmixx.report.charts import Picture
from nmixx.report.comparison import Comparison
from nmixx.report.examples import choose_examples
from nmixx.report.figures import METRICS
from nmixx.report.flips import find_moves
from nmixx.report.folder import RunFolder
from nmixx.report.spaces import lay_out_space
from nmixx.report.verdict import state_verdict

if TYPE_CHECKING:
    from jinja2 import Environment

COVERAGE: dict[str, tuple[str, Callable[[float | None], str]]] = {
    "tokens_per_word": ("tokens a word", lambda value: words.figure(value, 2)),
    "tokens_per_character": ("tokens a character", lambda value: words.figure(value, 2)),
    "words_whole": ("words kept whole", words.percent),
    "unknown_share": ("unknown tokens", words.percent),
    "byte_share": ("tokens that spell bytes", words.percent),
    "truncated_share": ("tokens cut off", words.percent),
}
"""Figures of a tokenizer, how they are called and how they are written."""


@dataclass(frozen=True)
class Section:
    """A section of the page: its id, and its name in the table of contents."""

    id: str
    title: str


def render_page(run: RunFolder, pictures: Mapping[str, Picture]) -> str:
    """Fill the template; every text from data is escaped, only our own SVG is not."""
    return (
        _environment()
        .get_template("template.html")
        .render(
            run=run,
            compared=run.results.against is not None,
            arms=_name_arms(run.coverage),
            moves=find_moves(run.results, run.scores, run.recipe),
            space=run.space,
            space_lines=lay_out_space(run.space),
            further=run.further,
            results=run.results,
            verdict=state_verdict(run.results),
            warned={name: t.warnings for name, t in run.results.tasks.items() if t.warnings},
            surface={name: t.surface for name, t in run.results.tasks.items() if t.surface},
            baselines=_name_baselines(run),
            split=_split_tasks(run),
            coverage=_lay_out_coverage(run.coverage),
            shifts=choose_examples(run.triplets),
            tallies=_tally_triplets(run),
            sections=_sections(run, pictures),
            pictures=pictures,
        )
    )


def render_comparison(comparison: Comparison, pictures: Mapping[str, Picture]) -> str:
    """Fill the template of several runs."""
    present = (
        ("tasks", "Tasks", True),
        ("trade", "What it cost", "trade-off" in pictures),
        ("settings", "Settings that differ", True),
    )
    return (
        _environment()
        .get_template("comparison.html")
        .render(
            comparison=comparison,
            sections=[Section(name, title) for name, title, there in present if there],
            pictures=pictures,
        )
    )


def _environment() -> Environment:
    """Prepare the templates: escaping on, filters for figures, our style sheet."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("nmixx", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        figure=words.figure,
        signed=words.signed,
        percent=words.percent,
        chance=words.chance,
        corrected=corrected,
        shorten=words.shorten,
        sentence=words.sentence,
        spaced=lambda name: str(name).replace("_", " "),
        metric=lambda name: METRICS.get(name, name),
        plain=_write_plain,
        count=lambda value: f"{value:,}" if isinstance(value, int | float) else str(value),
    )
    style = resources.files("nmixx.report").joinpath("style.css").read_text(encoding="utf-8")
    environment.globals.update(svg=_trust, span=words.span, style=_trust(style))
    return environment


def _trust(own: str) -> Markup:
    """Let markup of our own making pass unescaped."""
    return Markup(own)


def _sections(run: RunFolder, pictures: Mapping[str, Picture]) -> list[Section]:
    """List the sections that the run has something for."""
    tasks = run.results.tasks.values()
    compared = any(task.against for task in tasks)
    present = (
        ("result", "Before and after" if compared else "Results", True),
        ("doubt", "What to keep in mind", any(task.warnings or task.surface for task in tasks)),
        ("parts", "Where it holds", any(task.by for task in tasks)),
        ("moves", "Pairs that moved", bool(compared and run.scores)),
        ("space", "The space of both languages", run.space is not None),
        ("trade", "What it cost", "trade-off" in pictures),
        ("robustness", "How much wording matters", run.robustness is not None),
        ("tokenizer", "Tokenizer", bool(run.coverage)),
        ("corpus", "Corpus", run.corpus is not None),
        ("triplets", "Triplets", bool(run.triplets)),
        ("mining", "Mining", bool(run.mining)),
        ("training", "Training", bool(run.training)),
        ("provenance", "Provenance", True),
    )
    return [Section(name, title) for name, title, there in present if there]


def _name_baselines(run: RunFolder) -> list[str]:
    """List the surface baselines that any task has, in their order."""
    found = (name for task in run.results.tasks.values() for name in task.surface)
    return list(dict.fromkeys(found))


def _split_tasks(run: RunFolder) -> dict[str, Mapping[str, Any]]:
    """Give the tasks that are broken down, with their breakdowns."""
    return {name: task.by for name, task in run.results.tasks.items() if task.by}


def _lay_out_coverage(coverage: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Lay a tokenizer's figures out: a block a language, a line a figure."""
    before = (coverage or {}).get("before") or {}
    after = (coverage or {}).get("after") or {}
    return [
        {
            "lang": lang,
            "lines": [
                (title, write(figures[key]), write((after.get(lang) or {}).get(key)))
                for key, (title, write) in COVERAGE.items()
                if key in figures
            ],
        }
        for lang, figures in before.items()
    ]


ARMS = {
    "aligned": "from the words they translate to",
    "pieces": "from their own pieces",
    "focus": "from like old tokens (FOCUS)",
    "wechsel": "from like old tokens (WECHSEL)",
    "mean": "from the mean of all rows",
    "random": "from chance",
}
"""Arms that begin new rows, in words; another arm goes by its own name."""


def _name_arms(coverage: Mapping[str, Any] | None) -> dict[str, int]:
    """Count new rows by the arm that began them, in words."""
    made = (coverage or {}).get("initialised") or {}
    return {ARMS.get(name, name): count for name, count in made.items()}


def _write_plain(value: float | str | None) -> str:
    """Write a figure that the page has no words for; a dash where there is none."""
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else words.figure(value)


def _tally_triplets(run: RunFolder) -> dict[str, dict[str, int]]:
    """Count triplets by shift, by category and by direction."""
    from collections import Counter

    columns = {
        "shift": Counter(t.negative_kind for t in run.triplets),
        "category": Counter(t.category for t in run.triplets),
        "direction": Counter(f"{t.anchor_lang} – {t.positive_lang}" for t in run.triplets),
    }
    return {name: dict(counter.most_common()) for name, counter in columns.items()}
