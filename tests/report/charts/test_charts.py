"""Korean as glyph paths, own ids, colours that follow the page."""

from __future__ import annotations

import re

import pytest

from nmixx.report.charts import (
    Chart,
    Curve,
    End,
    Funnel,
    Map,
    Panel,
    Picture,
    Row,
    Stop,
    Strip,
    curves_chart,
    draw,
    dumbbell_chart,
    funnel_chart,
    histograms_chart,
    map_chart,
    strips_chart,
    trade_chart,
)
from nmixx.report.charts.canvas import COLOURS
from nmixx.report.charts.fonts import find_fonts

ROWS = [
    Row("금융 문장 유사도", "Spearman · 1,378", 0.7, 0.4, (0.6, 0.8), (0.3, 0.5), "+0.300"),
    Row("a very long name that runs out of its column", "", -0.1, change="−0.100", certain=False),
    Row("$100 & <b>", "漢字 🙂", 0.2, 0.2),
]
ENDS = (End(0.4, "40 % at 0"), End(0.01, "1 % at 1"))
PANELS = [
    Panel("교사", ["두 줄의", "notes"], [0, 0.5, 1], [0.6, 0.4], [0.1, 0.9], ENDS),
    Panel("a very long name that runs out of its column", [], [0, 1], [0.0], [0.0]),
]
PAIR = ("ko", "en")
CHARTS = [
    dumbbell_chart("dots", ROWS, "스피어만", alt='says "this"', zero=True),
    curves_chart("loss", [Curve("정렬", [(1, 2.0), (9, 1.0)]), Curve("flat", [(1, 0.0)])], alt="b"),
    histograms_chart("bars", PANELS, ("위", "below"), alt="c"),
    funnel_chart("flow", Funnel(("읽음", 10), [("중복", 4), ("none", 0)], ("kept", 6)), alt="d"),
    map_chart("map", [Map("전", [(0, 1)], [(2, 2)]), Map("b", [(1, 1)], [(1, 1)])], PAIR, alt="e"),
    trade_chart("trade", [Stop("기준", 0, 0), Stop("b", -0.1, 0.2)], ("일반", "domain"), alt="f"),
    strips_chart("strips", [Strip("금융", 0.5, [("길이", -0.7), ("b", 0.1)], 0.2)], "축", alt="g"),
]


@pytest.fixture(scope="module", params=CHARTS, ids=lambda chart: chart.name)
def picture(request: pytest.FixtureRequest) -> Picture:
    chart: Chart = request.param
    return draw(chart)  # a missing glyph is a warning, and a warning is an error


def test_words_are_glyph_paths(picture: Picture) -> None:
    for svg in (picture.wide, picture.narrow, picture.file):
        assert "<text" not in svg
        assert "<use" in svg


@pytest.mark.skipif(ord("가") not in find_fonts().characters, reason="no font with Hangul here")
def test_korean_can_be_drawn() -> None:
    fonts = find_fonts()
    assert fonts.drawable("금융 Spearman ±−·→") == "금융 Spearman ±−·→"
    assert fonts.drawable("🙂") == "▫"


def test_colours_are_the_pages_and_none_is_fixed(picture: Picture) -> None:
    for svg in (picture.wide, picture.narrow):
        assert set(re.findall(r"var\(--(\w+)\)", svg)) <= set(COLOURS.values())
        assert not re.search(r"#[0-9a-f]{6}\b", svg)


def test_ids_are_the_figures_own(picture: Picture) -> None:
    for kind in ("wide", "narrow"):
        ids = re.findall(r'\bid="([^"]+)"', getattr(picture, kind))
        assert len(ids) == len(set(ids))
        assert all(name.startswith(f"{picture.name}-{kind}-") for name in ids)


def test_the_alternative_is_escaped() -> None:
    assert 'aria-label="says &quot;this&quot;"' in draw(CHARTS[0]).wide


def test_drawing_twice_gives_the_same(picture: Picture) -> None:
    again = draw(next(chart for chart in CHARTS if chart.name == picture.name))
    assert again == picture
