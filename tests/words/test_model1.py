from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmixx.words.model1 import align_tokens, measure_unexplained

TOKENS = st.lists(st.integers(0, 5), max_size=6)
CORPUS = st.lists(st.tuples(TOKENS, TOKENS), min_size=1, max_size=6)
NULL = "null"


def align_by_hand(pairs, iterations):
    """IBM Model 1 as in the textbooks: dictionaries, loops, one probability table."""
    usable = [(set(target), {*source, NULL}) for target, source in pairs if target and source]
    kinds = {(f, e) for target, source in usable for f in target for e in source}
    # The first maximisation starts from equal weights for every pair of words that ever met.
    counts = dict.fromkeys(kinds, 1.0)
    for _ in range(iterations):
        mass = defaultdict(float)
        for (_, e), count in counts.items():
            mass[e] += count
        probability = {(f, e): count / mass[e] for (f, e), count in counts.items()}
        counts = defaultdict(float)
        for target, source in usable:
            for f in target:
                total = sum(probability[f, e] for e in source)
                for e in source:
                    counts[f, e] += probability[f, e] / total
    return {kind: count for kind, count in counts.items() if kind[1] != NULL}


@settings(max_examples=100)
@given(CORPUS, st.integers(1, 6))
def test_counts_are_those_of_the_textbook(corpus, iterations):
    found = align_tokens(
        [target for target, _ in corpus], [source for _, source in corpus], iterations=iterations
    )
    given_counts = {
        (int(f), int(e)): count
        for f, e, count in zip(found.targets, found.sources, found.counts, strict=True)
    }
    expected = align_by_hand(corpus, iterations)
    assert given_counts.keys() == expected.keys()
    for kind, count in expected.items():
        assert given_counts[kind] == pytest.approx(count, rel=1e-9, abs=1e-12)


@given(CORPUS)
def test_links_come_by_target_and_falling_count(corpus):
    found = align_tokens([target for target, _ in corpus], [source for _, source in corpus])
    order = np.lexsort((found.sources, -found.counts, found.targets))
    np.testing.assert_array_equal(order, np.arange(len(order)))


def test_the_right_word_is_learned_from_a_toy_corpus():
    bank, rate, profit, the = 0, 1, 2, 9
    eunhaeng, geumni, iik = 20, 21, 22
    targets = [[eunhaeng, geumni], [eunhaeng, iik], [geumni, iik], [iik], [geumni]]
    sources = [[the, bank, rate], [the, bank, profit], [the, rate, profit], [profit], [the, rate]]
    found = align_tokens(targets, sources, iterations=10)
    best = {word: int(found.best_sources(word, 1)[0][0]) for word in (eunhaeng, geumni, iik)}
    assert best == {eunhaeng: bank, geumni: rate, iik: profit}


def test_best_sources_are_at_most_so_many_and_none_for_an_unseen_word():
    found = align_tokens([[1], [1], [2]], [[5, 6, 7], [5, 6], [8]])
    sources, counts = found.best_sources(1, 2)
    assert sources.tolist() == [5, 6]
    assert counts[0] >= counts[1] > 0
    assert len(found.best_sources(1, 99)[0]) == 3
    assert len(found.best_sources(3, 5)[0]) == 0
    assert len(found.best_sources(99, 5)[0]) == 0


@pytest.mark.parametrize(("targets", "sources"), [([], []), ([[]], [[1]]), ([[1]], [[]])])
def test_nothing_to_learn_from_gives_no_links(targets, sources):
    assert len(align_tokens(targets, sources).targets) == 0


def test_sides_of_different_number_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        align_tokens([[1], [2]], [[1]])


def test_what_no_other_pair_explains_costs_five_bits():
    targets, sources = [[1], [1], [2], [3, 1]], [[7], [7], [8], [7]]
    bits = measure_unexplained(targets, sources)
    assert bits[2] == pytest.approx(5.0)
    assert bits[3] == pytest.approx(5.0 + bits[0], abs=1.0)
    assert bits[0] == bits[1] < 1.0


@given(CORPUS)
def test_a_pair_costs_at_most_five_bits_a_target_and_a_stranger_costs_them(corpus):
    targets = [*(target for target, _ in corpus), [99]]
    bits = measure_unexplained(targets, [*(source for _, source in corpus), [98]])
    assert np.all(bits >= 0)
    assert np.all(bits <= 5.0 * np.array([len(set(target)) for target in targets]) + 1e-9)
    assert bits[-1] == pytest.approx(5.0)


@given(CORPUS)
def test_pairs_without_either_side_leave_nothing_to_explain(corpus):
    bits = measure_unexplained(
        [*(t for t, _ in corpus), [], [1]], [*(s for _, s in corpus), [1], []]
    )
    assert bits[-1] == bits[-2] == 0
