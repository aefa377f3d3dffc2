from __future__ import annotations

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from nmixx.errors import DataError
from nmixx.evaluation import Results
from nmixx.evaluation.results import Against, TaskResult
from nmixx.evaluation.seeds import summarise, summary_table

VALUES = (0.70, 0.72, 0.77)


def result(value: float, name: str = "m", data: str = "d") -> Results:
    against = Against(0.5, value - 0.5, (0.1, 0.3), 0.01, (0.4, 0.6))
    task = TaskResult("sts", "spearman", value, (0.6, 0.8), 200, against=against)
    return Results(name, {"korsts": task}, {"data": {"korsts": data}}, "before")


def test_mean_spread_and_students_interval() -> None:
    from scipy.stats import ttest_1samp

    spread = summarise([result(value) for value in VALUES]).tasks["korsts"]
    expected = ttest_1samp(VALUES, 0).confidence_interval(0.95)
    assert spread.mean == pytest.approx(np.mean(VALUES))
    assert spread.sd == pytest.approx(np.std(VALUES, ddof=1))
    assert spread.ci95 == pytest.approx((expected.low, expected.high))
    assert (spread.low, spread.high) == (0.70, 0.77)
    assert spread.delta == pytest.approx(np.mean(VALUES) - 0.5)


def test_results_without_a_comparison_have_no_gain() -> None:
    plain = [
        Results(each.model, {n: replace(t, against=None) for n, t in each.tasks.items()}, {})
        for each in map(result, VALUES)
    ]
    assert summarise(plain).tasks["korsts"].delta is None


def test_what_cannot_be_summed_up_is_refused() -> None:
    with pytest.raises(DataError, match="at least 2"):
        summarise([result(0.7)])
    with pytest.raises(DataError, match="different data"):
        summarise([result(0.7), result(0.7, data="e")])
    with pytest.raises(DataError, match="share no task"):
        summarise([result(0.7), Results("m", {}, {})])


def test_the_table_shows_mean_and_spread() -> None:
    console = Console(width=90, file=StringIO(), color_system=None)
    console.print(summary_table(summarise([result(value) for value in VALUES])))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    for shown in ("3 models", "0.730", "0.036", "+0.230 ± 0.036"):
        assert shown in text
