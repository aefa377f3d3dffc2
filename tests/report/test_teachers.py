"""The picture of a comparison of teachers."""

from __future__ import annotations

from pathlib import Path

import pytest

from nmixx.errors import InputError
from nmixx.mining.comparison import Comparison, TeacherView
from nmixx.mining.distribution import Distribution, Extremes, Histogram
from nmixx.report.charts import draw
from nmixx.report.teachers import chart_teachers, draw_teachers

SCORES = Distribution(100, 0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.4)
LEXICAL = TeacherView(
    name="BM25, 최소-최대 정규화",
    bounded=True,
    positives=SCORES,
    others=SCORES,
    histogram=Histogram((0.0, 0.5, 1.0), (38, 62), (10, 90)),
    extremes=Extremes(0.0, 1.0, 0.38, 0.57),
    unknown=3,
    outranked=0.25,
    yields=(),
)
RAW = TeacherView("raw", False, None, SCORES, LEXICAL.histogram, None, 100, None, ())
SILENT = TeacherView("silent", True, None, None, None, None, 100, None, ())


def comparison(*teachers: TeacherView) -> Comparison:
    return Comparison(100, 1000, 4, 50, teachers, ())


def test_the_share_at_the_ends_is_told_to_those_who_cannot_see() -> None:
    alt = chart_teachers(comparison(LEXICAL, RAW)).alt.replace("\u00a0", " ")
    for told in ("38 % exactly at 0.00", "57 % exactly at 1.00", "beaten: 25 %", "margin means"):
        assert told in alt


def test_it_is_written_as_svg_and_png(tmp_path: Path) -> None:
    svg, png = draw_teachers(comparison(LEXICAL, RAW, SILENT), tmp_path)
    assert (svg.name, png.name) == ("teachers.svg", "teachers.png")
    assert "<text" not in svg.read_text(encoding="utf-8")
    assert png.read_bytes().startswith(b"\x89PNG")


def test_a_panel_without_one_of_the_kinds_can_be_drawn() -> None:
    empty = TeacherView(
        "none", True, None, SCORES, Histogram((0.0, 1.0), (0,), (5,)), None, 5, None, ()
    )
    assert draw(chart_teachers(comparison(empty))).png


def test_without_any_score_there_is_no_picture() -> None:
    with pytest.raises(InputError, match="none of them scores"):
        chart_teachers(comparison(SILENT))
