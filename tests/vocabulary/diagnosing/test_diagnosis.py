import pytest
from tests.vocabulary.tiny_kinds import BUILDERS

from conftest import ENGLISH, KOREAN
from nmixx.encoding import load_model
from nmixx.errors import DataError
from nmixx.vocabulary.diagnosing.diagnosis import DiagnosisSettings, Reading, diagnose_model

TEXTS = [*ENGLISH, *KOREAN]
SETTINGS = DiagnosisSettings(tokens=20, references=8, verified_bases=4)


def test_each_list_tells_the_texts_that_it_hurts(tiny_model):
    import torch

    from nmixx.vocabulary.table import read_table

    bank = tiny_model.tokenizer.convert_tokens_to_ids("bank")
    with torch.no_grad():
        read_table(tiny_model)[bank] *= 50
    result = diagnose_model(tiny_model, TEXTS, SETTINGS)
    assert result["texts"] == {"given": 24, "looked_at": 24}
    assert result["sticky"]["tried"] == 20 + 5
    odd = {line["token"]: line for line in result["undertrained"]["found"]}
    assert odd["bank"]["why"] == "long row"
    assert odd["bank"]["texts"] == sum("bank" in text for text in ENGLISH)
    assert odd["bank"]["examples"][0] == ENGLISH[1]
    dead = result["unreachable"]["found"]
    assert result["entries"]["unreachable"] == len(dead)
    assert [line["texts"] for line in dead] == sorted((d["texts"] for d in dead), reverse=True)


@pytest.mark.parametrize("kind", BUILDERS)
def test_every_kind_of_tokenizer_can_be_diagnosed(kind, tmp_path):
    model = load_model(str(BUILDERS[kind](tmp_path)), device="cpu")
    result = diagnose_model(model, TEXTS, SETTINGS)
    entries = result["entries"]
    added = entries["all"] - entries["reachable"] - entries["unreachable"]
    assert added >= 3
    assert result == diagnose_model(model, TEXTS, SETTINGS)
    for name in ("sticky", "unreachable", "undertrained"):
        for line in result[name]["found"]:
            assert {"id", "token", "texts", "examples"} <= line.keys()


def test_all_reachable_tokens_are_tried_when_asked(tiny_model):
    settings = SETTINGS.model_copy(update={"tokens": 0})
    result = diagnose_model(tiny_model, TEXTS, settings)
    assert result["sticky"]["tried"] == result["entries"]["reachable"] + 5
    assert result["sticky"]["used_by_texts"] < result["sticky"]["tried"]


@pytest.mark.parametrize("texts", [[], ["", "  "]])
def test_no_texts_are_refused(tiny_model, texts):
    with pytest.raises(DataError, match="there are no texts"):
        diagnose_model(tiny_model, texts, SETTINGS)


def test_texts_are_told_by_token_and_by_spelling():
    reading = Reading(
        ["a  [unused1] b", "a" * 200, "c"], [frozenset({1, 2}), frozenset({1}), frozenset()]
    )
    assert reading.holders([1, 2, 3]) == {1: [0, 1], 2: [0], 3: []}
    assert reading.spellers({7: "[unused1]", 8: "zz"}) == {7: [0], 8: []}
    told = reading.tell([0, 1])
    assert told["texts"] == 2
    assert told["examples"] == ["a [unused1] b", "a" * 120 + "…"]
