"""A judge gives the figures of an evaluation, and only those that it is asked for."""

import pytest

from nmixx.errors import DataError
from nmixx.evaluation import Suite, evaluate
from nmixx.evaluation.judge import SuiteJudge
from nmixx.testing import HashEncoder

SUITE = Suite.parse(
    {
        "sts": {"ko": {"path": "sample:benchmark", "lang": "ko"}, "all": "sample:benchmark"},
        "bitext": {"pairs": "sample:pairs/test"},
    },
    "test",
)


class Counting(HashEncoder):
    """Counts the texts that it encodes."""

    texts = 0

    def encode(self, texts):
        self.texts += len(texts)
        return super().encode(texts)


def test_its_figures_are_those_of_an_evaluation():
    judge = SuiteJudge(SUITE)
    results = evaluate(HashEncoder(), SUITE, model_name="hash", bootstrap=2)
    assert judge.tasks == list(SUITE.tasks)
    assert judge(HashEncoder()) == {name: task.value for name, task in results.tasks.items()}


def test_only_the_texts_of_the_named_tasks_are_encoded():
    judge = SuiteJudge(SUITE)
    some, every = Counting(), Counting()
    assert judge(some, ["ko"]).keys() == {"ko"}
    judge(every)
    assert 0 < some.texts < every.texts


def test_nothing_is_read_before_it_is_needed_and_a_missing_file_is_named_then():
    judge = SuiteJudge(Suite.parse({"sts": {"gone": "nowhere.jsonl"}}, "test"))
    assert judge.tasks == ["gone"]
    with pytest.raises(DataError, match=r"nowhere\.jsonl"):
        judge(HashEncoder())


def test_another_suite_has_another_fingerprint():
    other = SUITE.select(["ko", "pairs"])
    assert SuiteJudge(SUITE).fingerprint == SuiteJudge(SUITE).fingerprint
    assert SuiteJudge(other).fingerprint != SuiteJudge(SUITE).fingerprint
