"""The stage as a whole: a page that stands alone, for whatever a run left behind."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nmixx.errors import DataError
from nmixx.report import build_report
from nmixx.storage import read_json, write_json

SECTIONS = [
    "result",
    "doubt",
    "parts",
    "moves",
    "space",
    "trade",
    "robustness",
    "tokenizer",
    "corpus",
    "triplets",
    "mining",
    "training",
    "provenance",
]


PICTURES = (
    "before-after",
    "surface",
    "shifts",
    "map",
    "similarities",
    "trade-off",
    "tokens",
    "corpus-funnel",
    "triplet-funnel",
    "mining-funnel",
    "loss",
)


class Page(HTMLParser):
    """Collects ids, links, pictures and tags left open."""

    VOID = frozenset({"meta", "link", "br", "img", "hr", "path", "use"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str | None] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        self.links += [str(found[name]) for name in ("href", "src") if found.get(name)]
        if tag in {"svg", "img"}:
            self.pictures.append(found.get("aria-label") or found.get("alt"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.fixture
def full_page(full_run: Path) -> str:
    return build_report(full_run).read_text(encoding="utf-8")


def test_a_full_run_has_every_section_and_every_picture(full_run: Path, full_page: str) -> None:
    page = Page(full_page)
    assert [name for name in page.ids if name in SECTIONS] == SECTIONS
    assert {link[1:] for link in page.links if link[1:] in SECTIONS} == set(SECTIONS)
    for name in PICTURES:
        assert (full_run / "figures" / f"{name}.svg").stat().st_size > 0
        assert (full_run / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_results_alone_are_enough(minimal_run: Path) -> None:
    text = build_report(minimal_run).read_text(encoding="utf-8")
    assert [name for name in Page(text).ids if name in SECTIONS] == ["result", "provenance"]
    assert "Measured alone" in text


def test_each_optional_stage_may_be_missing(full_run: Path) -> None:
    for stage in ("corpus", "vocabulary", "triplets", "mining", "training"):
        shutil.rmtree(full_run / stage)
        Page(build_report(full_run).read_text(encoding="utf-8"))


def test_the_page_is_well_formed_and_its_ids_are_unique(full_page: str) -> None:
    page = Page(full_page)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


def test_nothing_outside_the_page_is_named(full_page: str) -> None:
    assert not re.search(r"https?:|//\w+\.|url\((?!#)|@import", full_page)
    assert all(link.startswith("#") for link in Page(full_page).links)


def test_every_glyph_that_is_used_is_there(full_page: str) -> None:
    page = Page(full_page)
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_every_picture_says_what_it_shows(full_page: str) -> None:
    pictures = Page(full_page).pictures
    assert len(pictures) == 2 * len(PICTURES)
    assert all(pictures)
    assert any("금융 유사도 from 0.422 to 0.714" in str(label) for label in pictures)


def test_hostile_texts_are_escaped(full_page: str) -> None:
    assert "<script" not in full_page
    assert "&lt;script&gt;" in full_page


def test_the_page_is_small(full_run: Path, full_page: str) -> None:
    assert len(full_page.encode()) < 5_000_000


def test_the_same_run_gives_the_same_bytes(full_run: Path) -> None:
    names = ["report.html", "README.md", "figures/before-after.svg", "figures/before-after.png"]
    build_report(full_run)
    first = [(full_run / name).read_bytes() for name in names]
    build_report(full_run)
    assert [(full_run / name).read_bytes() for name in names] == first


def test_a_folder_without_results_is_refused_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing to report"):
        build_report(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_page_and_card_show_the_same_figures(full_run: Path, full_page: str) -> None:
    card = (full_run / "README.md").read_text(encoding="utf-8")
    for shown in ("0.422", "0.714", "+0.292", "−0.100", "0.002"):
        assert shown in full_page
        assert shown in card


def test_perturbed_figures_have_their_spread_and_their_reach(full_page: str) -> None:
    assert "0.667<small>± 0.012</small>" in full_page
    section = full_page[full_page.index('id="robustness"') :]
    assert "98" in section
    assert "typos" in section
    assert ">spacing<" not in section  # it changed no text of the task


def test_figures_that_the_page_does_not_know_are_shown(full_run: Path) -> None:
    path = full_run / "evaluation" / "results.json"
    results = read_json(path)
    results["tasks"]["news"] |= {"kind": "pair_voting", "metric": "kappa", "pearson": 0.6125}
    results["tasks"]["news"]["against"]["p_holm"] = 0.0321
    write_json(path, results)
    page = build_report(full_run).read_text(encoding="utf-8")
    for shown in ("kappa", "Pearson", "0.613", "p, corrected", "0.032"):
        assert shown in page
