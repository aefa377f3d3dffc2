from __future__ import annotations

import numpy as np
import pytest

from nmixx.errors import DataError
from nmixx.evaluation.labelled import PairData, best_cuts
from nmixx.evaluation.settings import PairTask
from nmixx.testing import HashEncoder


@pytest.fixture
def path(write_rows) -> str:
    rows = [
        {
            "premise": f"Profit rose in {year}.",
            "hypothesis": f"In {year} profit rose.",
            "label": kind,
        }
        for year, kind in enumerate(["entailment", "neutral", "contradiction", "entailment"], 2000)
    ]
    return str(write_rows("nli.jsonl", rows))


def lookup(texts, role=""):
    return HashEncoder().encode(texts)


def test_labels_that_say_neither_are_left_out(path: str) -> None:
    data = PairData.load("nli", PairTask(path=path))
    assert data.labels.tolist() == [1, 0, 1]
    assert list(data.rows) == [1, 3, 4]
    assert data.measure(lookup).rule.bounds == (0, 1)


def test_one_label_alone_is_refused_with_those_there_are(path: str) -> None:
    with pytest.raises(DataError, match="its labels: contradiction, entailment, neutral"):
        PairData.load("nli", PairTask(path=path, negative=("no",)))


def test_figures_are_those_of_sentence_transformers(write_rows, scored_rows, load_tiny) -> None:
    from sentence_transformers.sentence_transformer.evaluation import BinaryClassificationEvaluator

    model = load_tiny()
    rows = [{**row, "label": number % 3 == 0} for number, row in enumerate(scored_rows)]
    data = PairData.load("pairs", PairTask(path=str(write_rows("pairs.jsonl", rows))))
    found = data.measure(lambda texts, role="": model.encode(list(texts)))
    evaluator = BinaryClassificationEvaluator(
        [pair.sentence1 for pair in data.pairs],
        [pair.sentence2 for pair in data.pairs],
        data.labels.astype(int).tolist(),
        similarity_fn_names=["cosine"],
    )
    expected = evaluator(model)
    assert found.figure == pytest.approx(expected["cosine_ap"], abs=1e-6)
    assert found.metrics["f1"] == pytest.approx(expected["cosine_f1"], abs=1e-6)
    assert found.metrics["accuracy"] == pytest.approx(expected["cosine_accuracy"], abs=1e-6)


def test_the_best_cut_may_take_nothing() -> None:
    cuts = best_cuts(np.array([0.9, 0.1]), np.array([0.0, 1.0]))
    assert cuts == {"accuracy": 0.5, "f1": pytest.approx(2 / 3)}
