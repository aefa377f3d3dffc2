import numpy as np
import pytest

from conftest import ENGLISH, KOREAN
from nmixx.training.probe import (
    Prober,
    count_directions,
    directions,
    share_active,
    share_found,
    spread,
    turn,
)
from nmixx.training.rows import TrainingRows


class Fixed:
    """Encodes each distinct text as an axis of its own, or all as the same."""

    fingerprint = "fixed"

    def __init__(self, together=False):
        self.together = together

    def encode(self, texts):
        known = {text: at for at, text in enumerate(dict.fromkeys(texts))}
        rows = np.zeros((len(texts), len(known)), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0 if self.together else known[text]] = 1
        return rows


def make_rows(negatives=False):
    columns = {"anchor": list(KOREAN), "positive": list(ENGLISH)}
    if negatives:
        columns["negative"] = list(ENGLISH[::-1])
    return TrainingRows(columns, [f"g{at}" for at in range(12)], list(ENGLISH))


def test_texts_in_one_point_have_similarity_one_and_uniformity_zero():
    same = np.ones((4, 1))
    assert spread(same, same) == (1.0, 0.0)


def test_orthogonal_texts_have_similarity_zero_and_the_uniformity_of_their_distance():
    similarity, uniformity = spread(np.eye(4), np.eye(4))
    assert similarity == 0
    assert uniformity == pytest.approx(-4)


def test_a_row_does_not_count_as_near_itself():
    anchor = positive = np.eye(3)
    assert spread(anchor, positive)[0] == 0


def test_found_is_counted_by_direction_and_small_directions_are_left_out():
    anchor = np.eye(12)
    positive = anchor.copy()
    positive[[0, 1]] = positive[[1, 0]]
    names = ["ko → en"] * 6 + ["en → ko"] * 5 + ["en → en"]
    assert share_found(anchor, [positive], names) == {"ko → en": pytest.approx(4 / 6)}


def test_a_negative_at_the_positives_place_is_found_in_its_stead():
    anchor = np.eye(6)
    assert share_found(anchor, [np.roll(anchor, 1, 0), anchor], ["x"] * 6) == {"x": 0.0}


def test_a_triplet_is_active_while_its_negative_is_near():
    anchor = np.eye(2)
    assert share_active(anchor, anchor, np.array([[1.0, 0.0], [1.0, 0.0]]), 0.05) == 0.5


def test_a_probe_of_pairs_looks_both_ways():
    probe = Prober(make_rows(), temperature=0.05, seed=0).look(Fixed(together=True), 7)
    assert probe.step == 7
    assert probe.active is None
    assert probe.similarity == 1
    assert probe.found.keys() == {"ko → en", "en → ko"}


def test_a_probe_of_triplets_counts_the_active_ones():
    probe = Prober(make_rows(negatives=True), temperature=0.05, seed=0).look(Fixed(), 0)
    # Anchor, positive and negative are all orthogonal: log 2 is left of each loss.
    assert probe.active == 1.0
    assert probe.similarity == pytest.approx(0, abs=0.05)


def test_directions_are_named_by_language():
    assert directions(KOREAN[:3], ENGLISH[:3]) == ["ko → en"] * 3
    assert directions(["1.2"], ["3.4"]) == ["und → und"]
    assert turn("ko → en") == "en → ko"


def test_directions_are_counted_between_the_two_most_frequent_languages():
    columns = {
        "anchor": [*KOREAN, ENGLISH[0], "Это русское предложение о банках и рынках."],
        "positive": [*ENGLISH, KOREAN[0], KOREAN[1]],
    }
    assert count_directions(columns, seed=0) == {"ko → en": 12, "en → ko": 1}
