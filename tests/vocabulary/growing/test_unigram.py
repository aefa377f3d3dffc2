import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import KOREAN
from model_kinds import train_unigram
from nmixx.vocabulary.growing.unigram import best_path, learn_unigram

SCORES = st.dictionaries(
    st.text("abc", min_size=1, max_size=3), st.floats(-9, -0.1), min_size=1, max_size=8
)


def every_split(text):
    if not text:
        yield []
    for end in range(1, len(text) + 1):
        for rest in every_split(text[end:]):
            yield [text[:end], *rest]


@given(st.text("abcd", max_size=6), SCORES)
def test_the_path_is_the_best_of_all(text, scores):
    lowest = min(scores.values())

    def worth(parts):
        known = [scores.get(p, lowest - 10 if len(p) == 1 else -math.inf) for p in parts]
        return sum(known)

    parts, total = best_path(text, scores, lowest)
    assert "".join(parts) == text
    assert total == pytest.approx(worth(parts))
    assert total == pytest.approx(max(map(worth, every_split(text))))


def test_the_whole_may_be_left_out():
    scores = {"ab": -1.0, "a": -2.0, "b": -3.0}
    assert best_path("ab", scores, -3.0) == (["ab"], -1.0)
    assert best_path("ab", scores, -3.0, whole=False) == (["a", "b"], -5.0)


def test_every_new_score_beats_the_old_path_and_none_is_lower_than_any_old_one():
    old = train_unigram()
    grown = learn_unigram(old, [*KOREAN] * 3, 300, 1).add(150, ["콜옵션"])
    before = dict(json.loads(old.to_str())["model"]["vocab"])
    listed = json.loads(grown.tokenizer.to_str())["model"]["vocab"]
    lowest = min(before.values())
    for piece, score in listed[grown.first :]:
        assert score >= lowest
        assert score > best_path(piece, before, lowest)[1]
