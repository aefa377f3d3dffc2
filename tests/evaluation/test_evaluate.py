"""The stage as a whole: one encoding a text, the figures of the field's own evaluators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nmixx.encoding import FloatArray, SentenceEncoder
from nmixx.errors import DataError
from nmixx.evaluation import Suite, evaluate, write_results
from nmixx.evaluation.results import ExampleScore
from nmixx.storage import read_records
from nmixx.testing import HashEncoder

SAMPLE = {"sts": {"sample": "sample:benchmark"}}


class CountingEncoder(HashEncoder):
    """Remembers what it was asked to encode."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(16, seed=seed)
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> FloatArray:
        self.asked += texts
        return super().encode(texts)


@pytest.fixture
def suite(write_rows, scored_rows) -> Suite:
    sts = write_rows("sts.jsonl", scored_rows)
    pairs = [{"anchor": row["sentence1"], "positive": row["sentence2"]} for row in scored_rows]
    path = write_rows("pairs.jsonl", pairs)
    return Suite.parse(
        {
            "sts": {"all": str(sts), "korean": {"path": str(sts), "lang": "ko"}},
            "bitext": {"bitext": str(path)},
            "retrieval": {"search": str(path)},
        },
        "suite",
    )


def test_each_text_is_encoded_once_a_model(suite: Suite) -> None:
    ours, theirs = CountingEncoder(), CountingEncoder(seed=1)
    evaluate(ours, suite, model_name="ours", bootstrap=10, against=theirs)
    assert len(ours.asked) == len(set(ours.asked)) == 24
    assert sorted(theirs.asked) == sorted(ours.asked)


def test_a_store_gives_the_same_figures_and_saves_the_second_encoding(
    suite: Suite, tmp_path: Path
) -> None:
    plain = evaluate(HashEncoder(16), suite, model_name="m", bootstrap=10)
    first = evaluate(HashEncoder(16), suite, model_name="m", bootstrap=10, store=tmp_path / "s")
    again = CountingEncoder()
    second = evaluate(again, suite, model_name="m", bootstrap=10, store=tmp_path / "s")
    assert plain == first == second
    assert again.asked == []


def test_the_same_call_writes_the_same_bytes(suite: Suite, tmp_path: Path) -> None:
    for name in ("one", "two"):
        results = evaluate(
            HashEncoder(16), suite, model_name="m", bootstrap=50, against=HashEncoder(8)
        )
        write_results(results, tmp_path / name)
    for file in ("results.json", "scores.parquet"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_model_against_itself_changes_nothing(suite: Suite) -> None:
    results = evaluate(
        HashEncoder(16), suite, model_name="m", bootstrap=50, against=HashEncoder(16)
    )
    for task in results.tasks.values():
        assert task.against is not None
        assert (task.against.delta, task.against.p) == (0, 1)
        assert task.against.value_ci95 == task.ci95


def test_intervals_hold_the_value(suite: Suite) -> None:
    results = evaluate(HashEncoder(16), suite, model_name="m", bootstrap=300)
    for task in results.tasks.values():
        assert task.ci95[0] <= task.value <= task.ci95[1]


def test_scores_of_examples_give_the_figures_again(suite: Suite, tmp_path: Path) -> None:
    from scipy.stats import spearmanr

    results = evaluate(HashEncoder(16), suite, model_name="m", bootstrap=10, against=HashEncoder(8))
    write_results(results, tmp_path)
    scores = read_records(tmp_path / "scores.parquet", ExampleScore)
    for name, task in results.tasks.items():
        rows = [score for score in scores if score.task == name]
        assert task.against is not None
        assert len(rows) == task.n
        for column, expected in (("value", task.value), ("against", task.against.value)):
            values = [getattr(row, column) for row in rows]
            labels = [row.label for row in rows]
            sts = task.kind == "sts"
            found = spearmanr(values, labels).statistic if sts else np.mean(values)
            assert found == pytest.approx(expected, abs=1e-9)


def test_the_manifest_names_data_models_and_seed(suite: Suite) -> None:
    results = evaluate(HashEncoder(16), suite, model_name="m", bootstrap=10, seed=7)
    manifest = results.manifest
    assert manifest["model"] == HashEncoder(16).fingerprint
    assert manifest["data"].keys() == results.tasks.keys()
    assert manifest["data"]["all"] == manifest["data"]["korean"] != manifest["data"]["bitext"]
    assert (manifest["seed"], manifest["bootstrap"]) == (7, 10)
    assert "sentence-transformers" in manifest["libraries"]


def test_the_sample_is_a_task_with_parts() -> None:
    suite = Suite.parse({"sts": {"sample": "sample:benchmark"}}, "suite")
    task = evaluate(HashEncoder(16), suite, model_name="m", bootstrap=10).tasks["sample"]
    assert {"lang", "category", "shift", "length"} == task.by.keys()
    assert sum(part.n for part in task.by["lang"].values()) == task.n


def test_a_suite_without_tasks_is_refused() -> None:
    with pytest.raises(DataError, match="the suite has no tasks"):
        evaluate(HashEncoder(16), Suite(), model_name="m")


def test_a_model_without_order_is_refused_with_the_task_named(suite: Suite) -> None:
    class Flat(HashEncoder):
        def encode(self, texts: Sequence[str]) -> FloatArray:
            return np.ones((len(texts), 1), dtype=np.float32)

    with pytest.raises(DataError, match=r"task 'all': .* all 12 scores are equal"):
        evaluate(Flat(), suite, model_name="m")


def test_figures_are_those_of_sentence_transformers(suite: Suite, scored_rows, load_tiny) -> None:
    from sentence_transformers.sentence_transformer.evaluation import (
        EmbeddingSimilarityEvaluator,
        InformationRetrievalEvaluator,
        TranslationEvaluator,
    )

    model = load_tiny()
    first = [row["sentence1"] for row in scored_rows]
    second = [row["sentence2"] for row in scored_rows]
    numbers = [str(number) for number in range(len(first))]
    similarity = EmbeddingSimilarityEvaluator(
        first, second, [row["score"] for row in scored_rows], main_similarity="cosine"
    )(model)
    translation = TranslationEvaluator(first, second)(model)
    search = InformationRetrievalEvaluator(
        dict(zip(numbers, first, strict=True)),
        dict(zip(numbers, second, strict=True)),
        {number: {number} for number in numbers},
        ndcg_at_k=[10],
    )(model)
    tasks = evaluate(SentenceEncoder(model), suite, model_name="tiny", bootstrap=10).tasks
    assert tasks["all"].value == pytest.approx(similarity["spearman_cosine"], abs=1e-6)
    assert tasks["bitext"].value == pytest.approx(translation["mean_accuracy"], abs=1e-6)
    assert tasks["search"].value == pytest.approx(search["cosine_ndcg@10"], abs=1e-6)
