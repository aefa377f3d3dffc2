"""The page in a browser: nothing goes wrong, nothing is fetched, every figure can be seen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.report.browser import CHROMIUM, Browser, run_browser
from tests.report.conftest import write_full_run

from nmixx.report import build_report
from nmixx.report.charts.fonts import find_fonts

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here (Debian's package: apt-get install chromium)"
)

WIDE, PHONE = (1280, 900), (390, 844)

_FIGURES = """
[...document.querySelectorAll('figure')].flatMap(figure => [...figure.querySelectorAll('svg')])
  .filter(svg => svg.getClientRects().length)
  .map(svg => {
    const box = svg.getBoundingClientRect();
    return {label: svg.getAttribute('aria-label'), role: svg.getAttribute('role'),
      x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height};
  })
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with run_browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_report(write_full_run(tmp_path_factory.mktemp("runs") / "full"))


@pytest.fixture(
    scope="module",
    params=[(WIDE, "light"), (PHONE, "dark")],
    ids=["wide and light", "phone and dark"],
)
def opened(request: pytest.FixtureRequest, browser: Browser, page: Path) -> Browser:
    """Open the page anew at a size and in a colour scheme."""
    (width, height), scheme = request.param
    browser.events.clear()
    browser.resize(width, height, scheme=scheme)
    browser.open(page)
    return browser


def test_the_console_stays_silent(opened: Browser) -> None:
    opened.evaluate("0")  # events that were under way are in by now
    assert opened.named("Runtime.exceptionThrown") == []
    assert opened.named("Runtime.consoleAPICalled") == []
    assert opened.named("Log.entryAdded") == []


def test_no_request_leaves_the_page(opened: Browser, page: Path) -> None:
    asked = {event["request"]["url"] for event in opened.named("Network.requestWillBeSent")}
    assert asked == {page.resolve().as_uri()}


def test_every_figure_is_seen_and_told(opened: Browser) -> None:
    figures: list[dict[str, Any]] = opened.evaluate(_FIGURES)
    assert len(figures) == 11
    for figure in figures:
        assert figure["role"] == "img"
        assert len(figure["label"]) > 20
        clip = {name: figure[name] for name in ("x", "y", "width", "height")}
        assert share_drawn(opened.screenshot(clip)) > 0.002, figure["label"]


def test_nothing_runs_out_of_the_window(opened: Browser) -> None:
    inner, content = opened.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    assert content <= inner


def test_the_colours_follow_the_scheme(opened: Browser) -> None:
    dark = opened.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    paper, ink = (
        lightness(opened.evaluate(f"getComputedStyle(document.body).{name}"))
        for name in ("backgroundColor", "color")
    )
    assert (paper < 40 and ink > 200) if dark else (paper > 240 and ink < 60)


@pytest.mark.skipif(ord("금") not in find_fonts().characters, reason="no font with Hangul here")
def test_korean_is_drawn_with_its_own_glyphs(opened: Browser) -> None:
    outlines = [opened.evaluate(outline(mark)) for mark in "금융유사도"]
    assert all(found["length"] > 60 for found in outlines)
    assert all(found["width"] > 4 for found in outlines)
    assert len({found["path"] for found in outlines}) == 5


def test_links_of_the_contents_lead_to_their_sections(opened: Browser) -> None:
    missing = opened.evaluate(
        "[...document.querySelectorAll('nav a')].map(a => a.getAttribute('href'))"
        ".filter(link => !document.querySelector(link))"
    )
    assert missing == []
    assert opened.evaluate("document.querySelectorAll('nav a').length") > 10


def outline(mark: str) -> str:
    """Write an expression for a glyph's outline and drawn size in the first figure that is seen."""
    return f"""(() => {{
      const seen = svg => svg.getClientRects().length;
      const svg = [...document.querySelectorAll('figure svg')].find(seen);
      const glyph = svg.querySelector('{glyph_id(mark)}');
      const uses = [...svg.querySelectorAll('use')];
      const used = uses.find(use => use.getAttribute('href') == '#' + glyph.id);
      return {{path: glyph.getAttribute('d'), length: glyph.getAttribute('d').length,
        width: used.getBoundingClientRect().width}};
    }})()"""


def glyph_id(mark: str) -> str:
    """Select a glyph: matplotlib names it by its place in the font, before 3.11 by its code."""
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    font = FT2Font(font_manager.findfont(find_fonts().families[0]))
    places = (font.get_charmap()[ord(mark)], ord(mark))
    return ", ".join(f'[id$="-{font.postscript_name}-{place:x}"]' for place in places)


def share_drawn(png: bytes) -> float:
    """Give the share of pixels that are not the background's colour."""
    from PIL import Image

    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    away = np.abs(pixels - pixels[0, 0]).max(axis=2)
    return float((away > 16).mean())


def lightness(colour: str) -> float:
    """Average the channels of ``rgb(r, g, b)``."""
    channels = colour.removeprefix("rgb(").removesuffix(")").split(",")
    return sum(map(float, channels)) / 3
