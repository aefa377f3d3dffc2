"""The space section: the map, similarities of translations, and the figures in a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nmixx.report import words
from nmixx.report.charts import Chart, Map, Panel, histograms_chart, map_chart

Space = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A figure of the space: its name, what it means, and its value under each model."""

    title: str
    meaning: str
    values: Sequence[str]


_FIGURES: tuple[tuple[str, str, Callable[[Space], str]], ...] = (
    (
        "alignment",
        "mean squared distance of translations; 0 is perfect",
        lambda m: words.figure(m["alignment"], 2),
    ),
    (
        "uniformity",
        "how evenly texts fill the sphere; lower is more even",
        lambda m: words.figure(m["uniformity"], 2),
    ),
    (
        "translation above others",
        "chance that a translation scores above a text that is none",
        lambda m: words.figure(m["similarities"]["separated"]),
    ),
    (
        "anisotropy",
        "mean cosine of two different texts; 0 is none",
        lambda m: words.figure(m["anisotropy"], 2),
    ),
    (
        "dimensions used",
        "how many the texts really vary along",
        lambda m: f"{m['dimensions_used']:.0f} of {m['dimensions']}",
    ),
    (
        "dimensions that stand out",
        "with a mean three standard deviations off",
        lambda m: str(m["outliers"]["count"]),
    ),
    (
        "language told by a line",
        "accuracy of a linear probe on unseen texts; 50 % is chance",
        lambda m: words.percent(m["language_gap"]["probe_accuracy"]),
    ),
    (
        "distance of the languages",
        "between their means, in units of the spread around them",
        lambda m: words.figure(m["language_gap"]["mean_distance"], 2),
    ),
)


def chart_map(space: Space | None) -> Chart | None:
    """The same pairs before and after, on each space's two main directions."""
    if space is None:
        return None
    one, two = space["languages"]
    maps = [
        Map(
            f"{name} · {sum(model['map']['variance']):.0%} of the variance".replace("%", " %"),
            [(x, y) for x, y in model["map"]["first"]],
            [(x, y) for x, y in model["map"]["second"]],
        )
        for name, model in space["models"].items()
    ]
    told = "; ".join(
        f"{name}: the languages' means lie "
        f"{words.figure(model['language_gap']['mean_distance'], 2)} spreads apart"
        for name, model in space["models"].items()
    )
    count = len(maps[0].first)
    alt = f"Map of {count} texts in {one} and their translations in {two}. {told}."
    return map_chart("map", maps, (one, two), alt=alt)


def chart_similarities(space: Space | None) -> Chart | None:
    """Cosines of translations and of other pairs, before and after."""
    if space is None:
        return None
    panels = []
    for name, model in space["models"].items():
        found = model["similarities"]
        notes = [
            f"translations {words.figure(found['mean_positive'], 2)}",
            f"others {words.figure(found['mean_negative'], 2)} on average",
        ]
        panels.append(Panel(name, notes, found["edges"], found["positives"], found["negatives"]))
    told = "; ".join(f"{panel.label}: {', '.join(panel.notes)}" for panel in panels)
    alt = f"Histograms of cosine similarity. {told}."
    return histograms_chart("similarities", panels, ("translations", "other pairs"), alt=alt)


def lay_out_space(space: Space | None) -> list[Line]:
    """Lay the figures out, a line each; hubness has a line for each direction."""
    if space is None:
        return []
    models = list(space["models"].values())
    lines = [Line(title, told, [write(m) for m in models]) for title, told, write in _FIGURES]
    for direction in models[0]["hubness"]:
        values = [words.figure(model["hubness"][direction], 1) for model in models]
        told = "skewness of how often a text is among the ten nearest; 0 is none"
        lines.append(Line(f"hubs, {direction}", told, values))
    return lines
