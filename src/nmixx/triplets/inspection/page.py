"""Triplets as one HTML page that needs no network and shows text as text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from importlib import resources
from typing import Any

from nmixx.triplets.checks.check import FAULT
from nmixx.triplets.inspection.differences import Stretch
from nmixx.triplets.inspection.rows import Row
from nmixx.triplets.taxonomy import SHIFTS


def render_page(rows: Sequence[Row], *, title: str, total: int, threshold: float = FAULT) -> str:
    """Fill the page with rows.

    The rows go in as JSON with every ``<`` escaped, and the script writes them as text nodes, so no
    text of a triplet is ever read as markup.

    Args:
        rows: what is shown.
        title: what the page is called.
        total: how many triplets there are, shown or not.
        threshold: confidence below which triplets were dropped.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("nmixx.triplets", "inspection"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    own = {
        name: Markup(resources.files(__package__).joinpath(f"page.{name}").read_text("utf-8"))
        for name in ("css", "js")
    }
    return environment.get_template("page.html").render(
        title=title,
        total=total,
        shown=len(rows),
        kept=sum(not row.reason for row in rows),
        threshold=threshold,
        filters=_filters(rows),
        style=own["css"],
        script=own["js"],
        data=Markup(
            _embed(
                {
                    "rows": [_plain(row) for row in rows],
                    "shifts": _definitions(rows),
                    "threshold": threshold,
                }
            )
        ),
    )


def _filters(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """List what can be chosen, and how many rows have it."""
    columns = (
        ("shift", "Shift", Counter(row.shift for row in rows)),
        ("category", "Category", Counter(row.category for row in rows)),
        ("direction", "Direction", Counter(row.direction for row in rows)),
        ("reason", "Dropped because", Counter(row.reason for row in rows if row.reason)),
    )
    return [
        {"name": name, "label": label, "options": sorted(counts.items())}
        for name, label, counts in columns
        if counts
    ]


def _definitions(rows: Sequence[Row]) -> dict[str, str]:
    """Say what each shift that is shown means."""
    names = sorted({row.shift for row in rows} & SHIFTS.keys())
    return {name: SHIFTS[name].definition for name in names}


def _plain(row: Row) -> dict[str, Any]:
    """Give what the script needs of a row."""
    triplet = row.assessment.triplet
    doubts = {name: score for name, score in row.assessment.scores.items() if score < 1}
    return {
        "shift": row.shift,
        "category": row.category,
        "direction": row.direction,
        "reason": row.reason,
        "confidence": round(row.assessment.confidence, 3),
        "doubts": doubts,
        "checks": len(row.assessment.scores),
        "langs": [triplet.anchor_lang, triplet.positive_lang, triplet.negative_lang],
        "kind": triplet.positive_kind,
        "provenance": triplet.provenance,
        "anchor": triplet.anchor,
        "positive": _pairs(row.positive_changes()),
        "negative": _pairs(row.negative_changes()),
    }


def _pairs(stretches: Sequence[Stretch]) -> list[tuple[str, str]]:
    """Give stretches as pairs."""
    return [(stretch.kind, stretch.text) for stretch in stretches]


def _embed(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON that can stand in a script element: no tag, comment or line end in it is one."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text
