from __future__ import annotations

from pathlib import Path

import yaml
from tests.report.conftest import RESULTS

from nmixx.evaluation.results import Results, TaskResult
from nmixx.report import build_report
from nmixx.report.card import write_card
from nmixx.report.folder import read_run
from nmixx.report.index import index_results
from nmixx.report.words import figure


def test_the_front_matter_is_what_the_hub_reads(full_run: Path) -> None:
    _, front, body = write_card(read_run(full_run)).split("---\n", 2)
    facts = yaml.safe_load(front)
    assert facts["library_name"] == "sentence-transformers"
    assert facts["language"] == ["ko"]
    assert "base_model" not in facts
    assert body.lstrip().startswith("# demo")


def test_a_hub_model_is_named_as_the_base(full_run: Path) -> None:
    (full_run / "recipe.yaml").write_text("name: demo\nmodel: BAAI/bge-m3\n")
    front = write_card(read_run(full_run)).split("---\n", 2)[1]
    assert yaml.safe_load(front)["base_model"] == "BAAI/bge-m3"


def test_texts_cannot_act_as_markup(full_run: Path) -> None:
    card = write_card(read_run(full_run))
    assert "<script" not in card
    assert "search $x^2$" in card


def test_a_single_model_has_its_own_interval(minimal_run: Path) -> None:
    card = write_card(read_run(minimal_run))
    assert "| 한국어 | Spearman | 300 | 0.500 | 0.400 to 0.600 |" in card


def test_every_line_of_a_table_has_as_many_cells_as_its_head(full_run: Path) -> None:
    lines = [line for line in write_card(read_run(full_run)).splitlines() if line[:1] == "|"]
    tables = {line.count("|") for line in lines if "금융" in line or line.startswith("| task")}
    assert len(tables) == 1


def test_the_model_index_has_the_figures_of_the_page(full_run: Path) -> None:
    page = build_report(full_run).read_text(encoding="utf-8")
    front = (full_run / "README.md").read_text(encoding="utf-8").split("---\n", 2)[1]
    (model,) = yaml.safe_load(front)["model-index"]
    assert model["name"] == "demo"
    assert len(model["results"]) == len(RESULTS.tasks)
    for row, (name, task) in zip(model["results"], RESULTS.tasks.items(), strict=True):
        assert row["dataset"] == {"type": name, "name": name}
        (metric,) = row["metrics"]
        shown = figure(metric["value"])
        assert shown == figure(task.value)
        assert f'<td class="number strong">{shown}<small>' in page
    types = [row["task"]["type"] for row in model["results"]]
    assert types == ["semantic-similarity", "information-retrieval", "translation"]


def test_the_hubs_own_reader_takes_the_card(full_run: Path) -> None:
    from huggingface_hub import ModelCard

    card = ModelCard(write_card(read_run(full_run)))
    results = card.data.eval_results
    assert [each.metric_value for each in results] == [0.714, 0.5, 0.8]
    assert results[0].metric_type == "spearman_cosine"


def test_an_unknown_kind_keeps_its_own_name() -> None:
    task = TaskResult("pair_voting", "kappa", 0.123456, (0.1, 0.2), 20)
    (model,) = index_results("m", Results("m", {"votes": task}, {}))
    (row,) = model["results"]
    assert row["task"] == {"type": "pair-voting", "name": "pair voting"}
    assert row["metrics"] == [{"type": "kappa", "value": 0.123, "name": "kappa"}]
