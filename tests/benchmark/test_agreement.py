from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from tests.benchmark.conftest import make_items

from nmixx.benchmark.agreement import (
    AgreementReport,
    find_disputes,
    leave_out,
    measure_agreement,
    write_agreement,
)
from nmixx.benchmark.alpha import alpha
from nmixx.benchmark.formats import read_answers
from nmixx.benchmark.items import Item, Judgement
from nmixx.benchmark.scale import Scale
from nmixx.benchmark.settings import AgreementSettings
from nmixx.benchmark.simulation import SimulatedAnnotator, simulate_judgements, simulate_scores
from nmixx.errors import DataError, InputError

SCALE = Scale()
QUICK = AgreementSettings(resamples=50)
ITEMS = make_items(400)
STEADY = {
    "ana": SimulatedAnnotator(noise=0.08),
    "ben": SimulatedAnnotator(noise=0.12),
    "지수": SimulatedAnnotator(noise=0.16),
}


def measure(annotators: dict[str, SimulatedAnnotator], seed: int = 0) -> AgreementReport:
    judged = simulate_judgements(ITEMS, annotators, SCALE, seed=seed)
    return measure_agreement(ITEMS, judged, SCALE, QUICK)


def true_alpha(annotators: dict[str, SimulatedAnnotator], level: str = "ordinal") -> float:
    """Alpha of the same annotators over 200,000 pairs, where chance no longer counts."""
    many = [True, False] * 100_000
    scores = simulate_scores(many, list(annotators.values()), SCALE, seed=99)
    return alpha(scores, level)


def test_known_agreement_is_recovered() -> None:
    truth = true_alpha(STEADY)
    faithful = [item.faithful for item in ITEMS]
    drawn = [simulate_scores(faithful, list(STEADY.values()), SCALE, seed=s) for s in range(60)]
    found = np.array([alpha(scores) for scores in drawn])
    assert found.mean() == pytest.approx(truth, abs=0.005)
    assert (np.abs(found - truth) < 0.03).mean() >= 0.9
    report = measure(STEADY)
    assert report.overall.alpha == pytest.approx(truth, abs=0.03)
    assert not [standing for standing in report.annotators if standing.verdict]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("share", [0.6, 1.0])
def test_the_careless_annotator_is_found_and_nobody_else(seed: int, share: float) -> None:
    annotators = STEADY | {"cho": SimulatedAnnotator(noise=0.1, careless=share)}
    del annotators["지수"]
    report = measure(annotators, seed)
    verdicts = {one.annotator: one.verdict for one in report.annotators}
    assert verdicts == {"ana": "", "ben": "", "cho": "careless"}
    cho = report.annotators[2]
    assert cho.alpha_without > 0.75
    assert cho.correlation < 0.5 < report.annotators[0].correlation


def test_two_careless_annotators_of_five_do_not_spoil_the_others() -> None:
    careless = {name: SimulatedAnnotator(careless=1) for name in ("cho", "dan")}
    report = measure(STEADY | careless)
    assert {one.annotator: one.verdict for one in report.annotators} == {
        "ana": "",
        "ben": "",
        "cho": "careless",
        "dan": "careless",
        "지수": "",
    }


def test_somebody_who_always_gives_the_same_score_is_careless() -> None:
    judged = simulate_judgements(ITEMS, STEADY, SCALE, seed=0)
    judged += [Judgement(item.id, "same", 4.0) for item in ITEMS]
    report = measure_agreement(ITEMS, judged, SCALE, QUICK)
    assert {one.annotator: one.verdict for one in report.annotators}["same"] == "careless"


def test_a_biased_annotator_is_no_careless_one() -> None:
    report = measure(STEADY | {"strict": SimulatedAnnotator(noise=0.08, bias=-0.2)})
    found = {one.annotator: one for one in report.annotators}
    assert found["strict"].verdict == "biased"
    assert found["strict"].bias == pytest.approx(-1, abs=0.2)
    assert found["ana"].verdict == ""


def test_of_two_nobody_is_judged() -> None:
    report = measure({"ana": STEADY["ana"], "cho": SimulatedAnnotator(careless=1)})
    assert [one.verdict for one in report.annotators] == ["", ""]
    assert np.isnan(report.annotators[0].alpha_without)
    assert "nobody was judged" in show(report)


def test_agreement_by_kind_and_what_is_printed() -> None:
    judged = simulate_judgements(ITEMS, STEADY, SCALE, seed=0)
    # On one shift of meaning the annotators score by chance.
    rng = np.random.default_rng(0)
    judged = [
        Judgement(j.id, j.annotator, float(rng.integers(0, 6)))
        if ITEMS[int(j.id[2:])].contrast == "detail_added"
        else j
        for j in judged
    ]
    report = measure_agreement(ITEMS, judged, SCALE, QUICK)
    by = report.by["contrast"]
    assert set(by) == {item.contrast for item in ITEMS}
    assert by["detail_added"].alpha < 0.2
    assert min(found.alpha for name, found in by.items() if name != "detail_added") > 0.6
    assert sum(found.pairs for found in by.values()) == 400
    printed = show(report)
    for word in ("detail_added", "disclosure", "en-ko", "지수", "correlation", "disputed"):
        assert word in printed
    assert json.loads(json.dumps(report.to_dict(), allow_nan=False))["alpha"]["pairs"] == 400


def show(report: AgreementReport) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(report)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def score(items: list[Item], *columns: list[float | None]) -> list[Judgement]:
    return [
        Judgement(item.id, f"a{at}", value)
        for at, column in enumerate(columns)
        for item, value in zip(items, column, strict=True)
        if value is not None
    ]


def test_disputes_furthest_first() -> None:
    items = make_items(4)
    judged = score(items, [0, 3, 5, 1], [5, 4, 3, None])
    found = find_disputes(items, judged, SCALE, 0.4)
    assert [(one.item.id, one.note) for one in found] == [
        (items[0].id, "0 | 5"),
        (items[2].id, "3 | 5"),
    ]
    assert len(find_disputes(items, judged, SCALE, 0.2)) == 3


@pytest.mark.parametrize("tool", ["spreadsheet", "label-studio", "argilla"])
def test_disputes_are_exported_with_scores_and_without_names(tool: str, tmp_path: Path) -> None:
    items = make_items(20)
    judged = score(items, [0.0, 3.0] * 10, [5.0, 4.0] * 10)
    report = measure_agreement(items, judged, SCALE, QUICK)
    write_agreement(report, SCALE, tmp_path / "out", tool=tool)
    (folder,) = (tmp_path / "out" / "adjudicate").iterdir()
    text = "".join(p.read_text("utf-8-sig") for p in folder.glob("*[!d]") if p.is_file())
    assert text.count("0 | 5") == 10
    assert "a0" not in text
    if tool == "spreadsheet":
        assert {str(a.id) for a in read_answers(folder / "adjudicator.csv")} == {
            item.id for item in items[::2]
        }


def test_too_little_to_compare() -> None:
    items = make_items(4)
    with pytest.raises(DataError, match="scores of 1 annotator; agreement needs at least two"):
        measure_agreement(items, score(items, [1, 2, 3, 4]), SCALE, QUICK)
    apart = score(items, [1, 2, None, None], [None, None, 3, 4])
    with pytest.raises(DataError, match="no pair was scored by two"):
        measure_agreement(items, apart, SCALE, QUICK)
    same = score(items, [3, 3, 3, 3], [3, 3, 3, 3])
    report = measure_agreement(items, same, SCALE, QUICK)
    assert report.to_dict()["alpha"] == {"pairs": 4, "alpha": None, "ci95": None}
    assert "undefined" in show(report)


def test_leaving_somebody_out() -> None:
    items = make_items(2)
    judged = score(items, [1, 2], [3, 4])
    assert leave_out(judged, ["a1"]) == judged[:2]
    with pytest.raises(InputError, match=r"--without b: no such annotator\. There are: a0, a1"):
        leave_out(judged, ["b"])
