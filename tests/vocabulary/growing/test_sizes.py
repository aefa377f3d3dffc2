from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from nmixx.vocabulary.growing.sizes import LARGEST, SMALLEST, climb

TEXTS = ["a b c d"] * 25


@dataclass
class Fake:
    """A lesson under which tokens per word are as told for each size."""

    tokens: dict[int, float]
    available: int = 10**6
    floor: int = 0

    def add(self, size, terms=()):
        added = min(max(size, self.floor), self.available)
        pieces = dict.fromkeys(range(added))
        return SimpleNamespace(old_pieces=pieces, tokenizer=tokenizer(self.tokens[size]))


def tokenizer(tokens_per_word):
    count = round(4 * tokens_per_word)

    def encode_batch(texts, add_special_tokens):
        assert not add_special_tokens
        return [SimpleNamespace(ids=list(range(count))) for _ in texts]

    return SimpleNamespace(encode_batch=encode_batch)


def test_it_doubles_until_the_gain_falls_under_the_threshold():
    lesson = Fake({1_000: 4.0, 2_000: 2.0, 4_000: 1.75, 8_000: 1.75})
    size, tried = climb(tokenizer(8), lesson, TEXTS, 0.05)
    assert size == 4_000
    assert [(rung.size, rung.tokens_per_word) for rung in tried] == [
        (0, 8.0), (1_000, 4.0), (2_000, 2.0), (4_000, 1.75), (8_000, 1.75)
    ]  # fmt: skip


@pytest.mark.parametrize(("threshold", "size"), [(0.5, 1_000), (0.6, 0)])
def test_a_gain_of_just_the_threshold_is_enough(threshold, size):
    lesson = Fake({1_000: 4.0, 2_000: 4.0})
    assert climb(tokenizer(8), lesson, TEXTS, threshold)[0] == size


def test_it_ends_where_no_more_can_be_learned():
    lesson = Fake({1_000: 4.0, 2_000: 2.0, 4_000: 1.0, 8_000: 0.5}, available=3_000)
    size, tried = climb(tokenizer(8), lesson, TEXTS, 0.05)
    assert (size, tried[-1].added) == (4_000, 3_000)


def test_sizes_under_a_floor_count_once():
    lesson = Fake({1_000: 4.0, 2_000: 4.0, 4_000: 4.0, 8_000: 2.0, 16_000: 2.0}, floor=5_000)
    size, tried = climb(tokenizer(8), lesson, TEXTS, 0.05)
    assert size == 8_000
    assert [rung.size for rung in tried] == [0, 1_000, 8_000, 16_000]


def test_it_goes_no_further_than_the_largest():
    sizes = [SMALLEST * 2**step for step in range(7)]
    lesson = Fake({size: 128 / 2**step for step, size in enumerate(sizes)})
    assert climb(tokenizer(1000), lesson, TEXTS, 0.05)[0] == LARGEST
