import numpy as np
import pytest
import torch
from torch import nn

from nmixx.training.objectives import OBJECTIVES
from nmixx.training.settings import ObjectiveName, StepSettings

CHOOSER = np.random.default_rng(5)
A, P, N = CHOOSER.standard_normal((3, 6, 8))


class Echo(nn.Module):
    """A model whose embeddings are handed in."""

    def forward(self, features):
        return {"sentence_embedding": features["vectors"]}


def compute(name, columns, labels=None, **options):
    step = StepSettings(name="s", objective=name, **options)
    loss = OBJECTIVES[name].loss(Echo(), step)
    features = [{"vectors": torch.tensor(column)} for column in columns]
    return float(loss(features, None if labels is None else torch.tensor(labels).float()))


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def cosine(one, other):
    return (unit(one) * unit(other)).sum(axis=1)


def cross_entropy(scores):
    """Mean of -log softmax at the diagonal."""
    return np.mean(np.log(np.exp(scores).sum(axis=1)) - np.diag(scores))


@pytest.mark.parametrize("temperature", [0.05, 0.5, 1.0])
def test_the_triplet_loss_is_the_papers(temperature):
    near, far = np.exp(cosine(A, P) / temperature), np.exp(cosine(A, N) / temperature)
    expected = np.mean(-np.log(near / (near + far)))
    assert compute("triplet", [A, P, N], temperature=temperature) == pytest.approx(expected, 1e-5)


def test_the_triplet_loss_does_not_hang_on_the_length_of_vectors():
    assert compute("triplet", [A * 7, P / 3, N]) == pytest.approx(compute("triplet", [A, P, N]))


def test_the_triplet_loss_stays_finite_at_a_tiny_temperature():
    assert np.isfinite(compute("triplet", [A, P, N], temperature=1e-4))


def test_the_in_batch_loss_has_all_other_positives_and_negatives():
    scores = unit(A) @ np.vstack([unit(P), unit(N)]).T / 0.1
    expected = cross_entropy(scores)
    found = compute("triplet_in_batch", [A, P, N], temperature=0.1)
    assert found == pytest.approx(expected, 1e-5)
    assert found > compute("triplet", [A, P, N], temperature=0.1)


def rank_both_ways(one, other, temperature):
    scores = unit(one) @ unit(other).T / temperature
    return (cross_entropy(scores) + cross_entropy(scores.T)) / 2


def test_pair_ranking_looks_both_ways():
    expected = rank_both_ways(A, P, 0.1)
    assert compute("pair_ranking", [A, P], temperature=0.1) == pytest.approx(expected, 1e-5)
    assert compute("pair_ranking", [P, A], temperature=0.1) == pytest.approx(expected, 1e-5)


def test_anchoring_pulls_both_sides_to_the_base_models_vectors():
    base = unit(N)
    drift = np.mean((1 - cosine(A, base)) + (1 - cosine(P, base)))
    expected = rank_both_ways(A, P, 0.1) + 0.7 * drift
    found = compute("pair_ranking", [A, P], labels=base, temperature=0.1, anchoring=0.7)
    assert found == pytest.approx(expected, 1e-5)


def test_without_anchoring_labels_change_nothing():
    with_labels = compute("pair_ranking", [A, P], labels=unit(N))
    assert with_labels == compute("pair_ranking", [A, P])


def test_distillation_ranks_against_the_base_models_vectors():
    base = unit(N)
    pull = np.mean(1 - cosine(P, base))
    expected = rank_both_ways(base, P, 0.1) + 0.3 * pull
    found = compute("distillation", [P], labels=base, temperature=0.1, anchoring=0.3)
    assert found == pytest.approx(expected, 1e-5)


def test_labels_are_asked_for_where_they_are_used():
    def needs(name, anchoring):
        step = StepSettings(name="s", objective=name, anchoring=anchoring)
        return OBJECTIVES[name].needs_labels(step)

    for name in ("pair_ranking", "triplet", "triplet_in_batch"):
        assert [needs(name, weight) for weight in (0.0, 1.0)] == [False, True]
    assert needs("distillation", 0.0)


def test_every_objective_of_the_settings_is_in_the_table():
    assert set(ObjectiveName.__args__) == set(OBJECTIVES)


@pytest.mark.parametrize("name", ["triplet", "triplet_in_batch"])
def test_anchoring_draws_anchor_and_positive_of_triplets_but_not_the_negative(name):
    labels = unit(CHOOSER.standard_normal((6, 8)))
    labels[2] = 0  # a row without a text in the pivot language is not drawn
    known = np.arange(6) != 2
    drift = (2 - cosine(A, unit(labels + 1e-9)) - cosine(P, unit(labels + 1e-9)))[known].sum() / 6
    plain = compute(name, [A, P, N])
    assert compute(name, [A, P, N], labels, anchoring=0.3) == pytest.approx(
        plain + 0.3 * drift, 1e-4
    )
    assert compute(name, [A, P, N], labels) == pytest.approx(plain, 1e-6)
