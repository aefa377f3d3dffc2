import asyncio
import os
import subprocess
import sys

import numpy as np
import pytest

from nmixx.encoding import Encoder
from nmixx.testing import HashEncoder, ReplayLLM
from nmixx.triplets.llm.exchange import Answer, Llm, Message, Request, Usage

TEXTS = ["Operating profit rose.", "영업이익이 늘었다.", "", "x" * 500]


def test_vectors_have_length_one_and_the_dimension_asked_for():
    encoder: Encoder = HashEncoder(dimension=48)
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (4, 48)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)


def test_a_text_has_the_same_vector_in_another_process():
    code = (
        "import sys; from nmixx.testing import HashEncoder;"
        "sys.stdout.write(HashEncoder().encode(['영업이익']).tobytes().hex())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == HashEncoder().encode(["영업이익"]).tobytes().hex()


def test_a_vector_does_not_depend_on_the_other_texts():
    encoder = HashEncoder()
    np.testing.assert_array_equal(encoder.encode(TEXTS)[1], encoder.encode(TEXTS[1:2])[0])


def test_similar_spelling_is_nearer_than_other_text():
    base, near, far = HashEncoder().encode(["operating profit", "operating profits", "금리 동결"])
    assert base @ near > base @ far + 0.3


def test_seed_and_dimension_are_in_the_fingerprint():
    names = {HashEncoder(8).fingerprint, HashEncoder(9).fingerprint}
    names.add(HashEncoder(8, seed=1).fingerprint)
    assert len(names) == 3


def test_a_replayed_llm_answers_as_told_and_notes_what_it_was_asked():
    request = Request("m", (Message("user", "x" * 40),), "n", {}, None, 10)
    refusal = Answer("", refusal="no")
    answers = iter(["y" * 8, refusal])
    double = ReplayLLM(lambda asked: next(answers))
    llm: Llm = double
    assert asyncio.run(llm.complete(request)) == Answer("y" * 8, usage=Usage(10, 2))
    assert asyncio.run(llm.complete(request)) is refusal
    assert double.requests == [request, request]
