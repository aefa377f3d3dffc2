from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from nmixx.evaluation import Results
from nmixx.evaluation.results import Against, TaskResult
from nmixx.evaluation.tables import format_p, results_table

TASK = TaskResult(
    "sts",
    "spearman",
    0.724,
    (0.7, 0.75),
    1378,
    warnings=("only 9 rows: the interval is wide",),
    against=Against(0.418, 0.306, (0.271, 0.34), 0.001, (0.4, 0.45)),
)
NAMES = ("English-Korean", "KorSTS", "금융 문장 유사도 평가", "NTREX news sentences")


def render(results: Results, width: int) -> str:
    console = Console(width=width, file=StringIO(), color_system=None)
    console.print(results_table(results))
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_nothing_is_cut_at_any_usual_width(width: int) -> None:
    text = render(Results("after", dict.fromkeys(NAMES, TASK), {}, "before"), width)
    for shown in (*NAMES, "0.418", "0.724", "+0.306", "+0.271 to +0.340", "0.001", "1,378"):
        assert shown in text
    assert "…" not in text


def test_a_model_alone_shows_its_own_interval() -> None:
    text = render(Results("alone", {"KorSTS": replace(TASK, against=None)}, {}), 80)
    assert "0.700 to 0.750" in text
    assert "before" not in text


def test_warnings_stand_below_with_their_task() -> None:
    text = render(Results("after", {"KorSTS": TASK}, {}, "before"), 80)
    assert "KorSTS: only 9 rows" in text


def test_a_name_with_brackets_is_no_markup() -> None:
    assert "a[bold]b" in render(Results("m", {"a[bold]b": TASK}, {}, "n[red]"), 80)


def test_small_p_is_written_as_a_bound() -> None:
    assert format_p(0.0004) == "<0.001"
    assert format_p(0.034) == "0.034"
