"""A recipe that asks for an LLM: its triplets are added to those made by rule."""

from pathlib import Path

import pytest
from tests.triplets.llm.conftest import DOCUMENTS, good_answer

from nmixx.plan import Plan, estimate_llm, plan_table
from nmixx.recipe import Recipe
from nmixx.records import Document, Dropped, Pair, Triplet
from nmixx.stages import STAGES
from nmixx.storage import read_records, write_records
from nmixx.storage.manifest import code_fingerprint
from nmixx.testing import ReplayLLM
from nmixx.triplets.llm import client
from nmixx.workspace import Workspace

STAGE = next(stage for stage in STAGES if stage.name == "triplets")


class Double(ReplayLLM):
    """Stands in for the client, and counts what it is asked over all runs."""

    asked = 0

    def __init__(self, settings, key):
        super().__init__(good_answer)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        Double.asked += len(self.requests)


def recipe(**llm):
    settings = {"url": "http://localhost:1/v1", "model": "m", **llm}
    return Recipe.parse(
        {
            "name": "r",
            "model": "m",
            "corpus": {},
            "triplets": {"llm": settings},
            "evaluation": {"test": {}},
        },
        "recipe.yaml",
    )


@pytest.fixture
def out(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "ChatClient", Double)
    monkeypatch.setattr(Double, "asked", 0)
    given = {"extra": {"negatives": ["금리를 올렸다."]}}
    pair = Pair("p", "금리 동결", "held rates", "ko", "en", "translation", "news", "g", **given)
    write_records(tmp_path / "corpus" / "pairs.parquet", Pair, [pair])
    write_records(tmp_path / "corpus" / "documents.parquet", Document, DOCUMENTS)
    return tmp_path


def test_both_kinds_stand_in_one_file_and_a_second_time_costs_nothing(out):
    pytest.importorskip("kiwipiepy", reason="Korean rules need the extra ko")
    made = []
    for _ in range(2):
        counts = STAGE.work(Workspace(recipe(), out), out / "triplets")
        triplets = read_records(out / "triplets" / "triplets.parquet", Triplet)
        assert counts["triplets by llm"] == 18
        assert counts["triplets"] == len(triplets)
        assert sum(one.provenance.startswith("llm:m:") for one in triplets) == 18
        assert read_records(out / "triplets" / "dropped.parquet", Dropped) is not None
        made.append((out / "triplets" / "triplets.parquet").read_bytes())
    assert made[0] == made[1]
    assert Double.asked == 6


def test_the_plan_of_a_run_says_what_it_would_cost(out):
    plain = Recipe.parse(
        {
            "name": "r",
            "model": "m",
            "corpus": {"documents": [{"path": "sample:documents"}]},
            "triplets": {"llm": {"url": "http://h/v1", "model": "m", "documents": 30}},
            "evaluation": {"test": {}},
        },
        "recipe.yaml",
    )
    estimate = estimate_llm(plain, out)
    assert estimate is not None
    assert estimate["requests"] == 60
    plan = Plan("r", "out", {}, (), 1, estimate)
    caption = str(plan_table(plan).caption)
    assert "an LLM: 60 requests, about" in caption
    assert plan.to_json()["llm"] == estimate
    without = plain.model_copy(update={"triplets": plain.triplets.model_copy(update={"llm": None})})
    assert estimate_llm(without, out) is None


def test_own_prompts_are_an_input_of_the_stage(out, tmp_path):
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    (prompts / "system.j2").write_text("one")
    workspace = Workspace(recipe(prompts=str(prompts)), out)
    before = dict(STAGE.inputs(workspace))
    (prompts / "system.j2").write_text("two")
    assert before.keys() == STAGE.inputs(workspace).keys() == {str(prompts)}
    assert before != STAGE.inputs(workspace)
    assert STAGE.inputs(Workspace(recipe(), out)) == {}


def test_bundled_prompts_are_part_of_the_code(monkeypatch):
    digests = []

    def note(path: Path) -> str:
        digests.append(path.name)
        return ""

    monkeypatch.setattr("nmixx.storage.manifest.hash_file", note)
    code_fingerprint.cache_clear()
    code_fingerprint("triplets")
    code_fingerprint.cache_clear()
    assert {"system.j2", "classify.j2", "versions.j2"} <= set(digests)
