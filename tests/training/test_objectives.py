import numpy as np
import pytest
import torch
from torch import nn

from nmixx.errors import DataError
from nmixx.training.objectives import OBJECTIVES, Embedded
from nmixx.training.objectives.relations import relation_loss
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


def kept_neighbours(column, base, temperature):
    """Mean KL divergence of what the base model's other rows say from what the column's say."""
    divergences = []
    for row in range(len(column)):
        others = np.arange(len(column)) != row
        wanted = np.exp(unit(base)[others] @ unit(base)[row] / temperature)
        found = np.exp(unit(column)[others] @ unit(column)[row] / temperature)
        wanted, found = wanted / wanted.sum(), found / found.sum()
        divergences.append((wanted * np.log(wanted / found)).sum())
    return np.mean(divergences)


@pytest.mark.parametrize("name", ["pair_ranking", "triplet", "triplet_in_batch"])
def test_relations_hold_each_sides_neighbours_to_the_base_models(name):
    columns = [A, P] if name == "pair_ranking" else [A, P, N]
    base = unit(CHOOSER.standard_normal(A.shape))
    expected = compute(name, columns, temperature=0.3) + 0.7 * (
        kept_neighbours(A, base, 0.3) + kept_neighbours(P, base, 0.3)
    )
    found = compute(name, columns, labels=base, temperature=0.3, relations=0.7)
    assert found == pytest.approx(expected, 1e-5)


def test_relations_do_not_ask_where_the_texts_lie():
    turned = A @ np.linalg.qr(CHOOSER.standard_normal((8, 8)))[0]
    kept = relation_loss(torch.tensor(unit(turned)), torch.tensor(unit(A)), 0.1)
    assert float(kept) == pytest.approx(0, abs=1e-9)
    moved = relation_loss(torch.tensor(unit(P)), torch.tensor(unit(A)), 0.1)
    assert float(moved) > 0.1


def test_rows_without_a_pivot_have_no_relations():
    base = unit(N)
    base[[1, 4]] = 0
    rest = [0, 2, 3, 5]
    found = relation_loss(torch.tensor(unit(A)), torch.tensor(base), 0.2)
    assert float(found) == pytest.approx(kept_neighbours(A[rest], base[rest], 0.2), 1e-5)
    base[[0, 2]] = 0
    vectors = torch.tensor(unit(A), requires_grad=True)
    loss = relation_loss(vectors, torch.tensor(base), 0.2)
    loss.backward()
    assert loss.item() == 0
    assert not vectors.grad.any()


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


G = [unit(CHOOSER.standard_normal((6, 5))) for _ in range(3)]


def test_the_margin_is_taken_off_the_pairs_own_score_before_the_temperature():
    scores = (unit(A) @ unit(P).T - 0.3 * np.eye(6)) / 0.1
    expected = (cross_entropy(scores) + cross_entropy(scores.T)) / 2
    found = compute("pair_ranking", [A, P], temperature=0.1, margin=0.3)
    assert found == pytest.approx(expected, 1e-5)
    assert found > compute("pair_ranking", [A, P], temperature=0.1)


def test_several_negatives_are_all_candidates_of_all_anchors():
    more = CHOOSER.standard_normal((6, 8))
    scores = unit(A) @ np.vstack([unit(P), unit(N), unit(more)]).T / 0.1
    found = compute("multiple_negatives", [A, P, N, more], temperature=0.1)
    assert found == pytest.approx(cross_entropy(scores), 1e-5)


def test_matryoshka_is_the_mean_over_shortened_embeddings():
    sizes = (3, 5)
    expected = [compute("triplet_in_batch", [A[:, :s], P[:, :s], N[:, :s]]) for s in (*sizes, 8)]
    found = compute("triplet_in_batch", [A, P, N], dimensions=sizes)
    assert found == pytest.approx(np.mean(expected), 1e-5)
    # The full length counts once, whether it is named or not.
    assert compute("triplet", [A, P, N], dimensions=(3, 8)) == compute(
        "triplet", [A, P, N], dimensions=(3,)
    )


def test_matryoshka_shortens_what_anchoring_draws_to_as_well():
    labels = unit(N)
    labels[2] = 0
    expected = [
        compute(
            "pair_ranking",
            [A[:, :s], P[:, :s]],
            labels[:, :s]
            / np.where(
                np.linalg.norm(labels[:, :s], axis=1, keepdims=True) == 0,
                1,
                np.linalg.norm(labels[:, :s], axis=1, keepdims=True),
            ),
            anchoring=0.5,
        )
        for s in (4, 8)
    ]
    found = compute("pair_ranking", [A, P], labels, anchoring=0.5, dimensions=(4,))
    assert found == pytest.approx(np.mean(expected), 1e-5)


def guided(columns, guides, **options):
    step = StepSettings(name="s", objective="guided", temperature=0.1, **options)
    features = [
        {"vectors": torch.tensor(column), "guide": torch.tensor(guide)}
        for column, guide in zip(columns, guides, strict=True)
    ]
    return float(OBJECTIVES["guided"].loss(Echo(), step)(features))


def guided_by_hand(columns, guides, ceiling):
    """Row by row, candidate by candidate."""
    a, p, n = (unit(column) for column in columns)
    ga, gp, gn = guides
    losses = []
    for i in range(len(a)):
        top = ceiling(ga[i] @ gp[i])
        kept = [a[i] @ p[i]]
        kept += [a[i] @ p[j] for j in range(len(a)) if j != i and ga[i] @ gp[j] <= top]
        kept += [a[i] @ a[j] for j in range(len(a)) if j != i and ga[i] @ ga[j] <= top]
        kept += [p[i] @ p[j] for j in range(len(a)) if j != i and gp[i] @ gp[j] <= top]
        kept += [a[i] @ n[j] for j in range(len(a)) if ga[i] @ gn[j] <= top]
        kept = np.array(kept) / 0.1
        losses.append(np.log(np.exp(kept).sum()) - kept[0])
    return np.mean(losses)


@pytest.mark.parametrize(
    ("options", "ceiling"),
    [
        ({}, lambda own: own),
        ({"guide_margin": 0.2}, lambda own: own - 0.2),
        (
            {"guide_margin": 0.1, "guide_margin_kind": "relative"},
            lambda own: own - 0.1 * abs(own),
        ),
    ],
)
def test_the_guided_loss_leaves_out_what_the_guide_finds_as_near(options, ceiling):
    # Positives near their anchors by the guide, so that some candidates stay and some go.
    guides = [G[0], unit(G[0] + 0.8 * G[1]), G[2]]
    expected = guided_by_hand([A, P, N], guides, ceiling)
    assert guided([A, P, N], guides, **options) == pytest.approx(expected, 1e-5)


def test_a_guide_that_finds_everything_as_near_leaves_only_the_pair():
    same = [np.ones((6, 5)) / np.sqrt(5)] * 3
    assert guided([A, P, N], same, guide_margin=0.1) == pytest.approx(0, abs=1e-6)


def test_the_guided_loss_says_that_it_needs_a_guide():
    with pytest.raises(DataError, match="guide's embeddings"):
        compute("guided", [A, P, N])


def test_the_lexical_loss_has_the_neighbours_other_side_one_way_only():
    scores = unit(A) @ unit(P).T / 0.1
    near = np.hstack([scores, unit(A) @ unit(N).T / 0.1])
    expected = (cross_entropy(near) + cross_entropy(scores.T)) / 2
    assert compute("lexical", [A, P, N], temperature=0.1) == pytest.approx(expected, 1e-5)


def test_distillation_does_not_rank_a_label_against_its_twin():
    base = unit(N)
    base[4] = base[1]
    scores = base @ unit(P).T / 0.1
    scores[1, 4] = scores[4, 1] = -np.inf
    expected = (cross_entropy(scores) + cross_entropy(scores.T)) / 2
    assert compute("distillation", [P], base, temperature=0.1) == pytest.approx(expected, 1e-5)


def together(name, places, related, vectors, **options):
    """Compute a loss over distinct texts, as the collator lays them out."""
    step = StepSettings(name="s", objective=name, temperature=0.1, **options)
    features = {
        "vectors": torch.tensor(vectors),
        "places": torch.tensor(places),
        "related": torch.tensor(related),
    }
    return float(OBJECTIVES[name].loss(Echo(), step)([features]))


def test_texts_of_a_rows_group_are_none_of_its_negatives_but_its_own():
    vectors = np.vstack([A, P, N])
    places = np.arange(18).reshape(3, 6)
    related = np.zeros((6, 18), dtype=bool)
    related[range(6), range(6)] = related[range(6), range(6, 12)] = True
    related[2, 6 + 4] = True  # the positive of row 4 means what row 2 means
    related[3, 12 + 1] = True  # and the negative of row 1 what row 3 means
    related[5, 12 + 5] = True  # a row's own negative is one by its own word
    scores = unit(A) @ np.vstack([unit(P), unit(N)]).T / 0.1
    scores[2, 4] = scores[3, 7] = -np.inf
    found = together("triplet_in_batch", places, related, vectors)
    assert found == pytest.approx(cross_entropy(scores), 1e-5)
    both = unit(A) @ unit(P).T / 0.1
    there, back = both.copy(), both.T.copy()
    there[2, 4] = -np.inf
    expected = (cross_entropy(there) + cross_entropy(back)) / 2
    assert together("pair_ranking", places[:2], related, vectors) == pytest.approx(expected, 1e-5)


def test_a_text_in_two_columns_is_one_text_and_a_missing_negative_none():
    vectors = np.vstack([A, P])
    places = np.array([[0, 1, 2], [6, 7, 8], [1, -1, 0]])
    related = np.zeros((3, 12), dtype=bool)
    for row in range(3):
        related[row, [row, 6 + row]] = True
    a, p = unit(A), unit(P)
    scores = np.hstack([a[:3] @ p[:3].T, a[:3] @ a[[1, 0, 0]].T]) / 0.1
    scores[:, 4] = -np.inf  # row 1 has no negative
    scores[1, 3] = -np.inf  # the negative of row 0 is the anchor of row 1
    # The negative of row 2 is the anchor of row 0, which has none of it, either.
    scores[0, 5] = -np.inf
    found = together("multiple_negatives", places, related, vectors)
    assert found == pytest.approx(cross_entropy(scores), 1e-5)


class Linear(nn.Module):
    """A model with a weight, which sees its texts chunk by chunk."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.layer = nn.Linear(8, 8)
        self.seen = 0

    def forward(self, features):
        self.seen += 1
        return {"sentence_embedding": torch.tanh(self.layer(features["vectors"].float()))}


@pytest.mark.parametrize("name", ["triplet_in_batch", "guided", "pair_ranking"])
def test_gradient_caching_gives_the_gradients_of_the_whole_batch(name):
    columns = [A, P, N][: 2 if name == "pair_ranking" else 3]
    found = []
    for mini_batch in (None, 4):
        model = Linear()
        step = StepSettings(name="s", objective=name, mini_batch=mini_batch, dimensions=(4,))
        features = [
            {"vectors": torch.tensor(column), "guide": torch.tensor(guide)}
            for column, guide in zip(columns, G, strict=False)
        ]
        loss = OBJECTIVES[name].loss(model, step)(features)
        loss.backward()
        found.append((loss.item(), model.layer.weight.grad, model.seen))
    (whole, gradient, once), (cached, again, twice) = found
    assert cached == whole
    torch.testing.assert_close(again, gradient, rtol=1e-6, atol=1e-7)
    assert twice == 2 * once


@pytest.mark.parametrize("name", sorted(OBJECTIVES))
def test_gradients_are_those_of_the_loss(name):
    width = {"pair_ranking": 2, "distillation": 1, "guided_pairs": 2}.get(name, 3)
    columns = [torch.tensor(c).requires_grad_() for c in (A, P, N)[:width]]
    step = StepSettings(name="s", objective=name, temperature=0.5, margin=0.1)
    labels = torch.tensor(unit(N)) if name == "distillation" else None
    guides = [torch.tensor(guide) for guide in G]

    class Exact(OBJECTIVES[name].loss):
        """In double precision, for differences."""

        def embed(self, features, labels):
            vectors = tuple(torch.nn.functional.normalize(f, dim=-1) for f in features)
            return Embedded(vectors, labels, tuple(guides[: len(vectors)]))

    loss = Exact(Echo(), step)
    assert torch.autograd.gradcheck(lambda *given: loss(given, labels), tuple(columns))
