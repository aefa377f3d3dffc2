from __future__ import annotations

from pathlib import Path

import yaml

from nmixx.report.card import write_card
from nmixx.report.folder import read_run


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
