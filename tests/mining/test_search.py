"""The search equals brute force: every score, sorted and cut, whatever the precision or blocks."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.brute import BruteScorer
from nmixx.errors import DataError
from nmixx.mining import search as searching
from nmixx.mining.registers import is_available
from nmixx.mining.rules import MISSING, RELATIONS, Rule, Rules
from nmixx.mining.search import search
from nmixx.mining.teachers.protocol import Tier

PRECISIONS = ("float32", "bfloat16", "int8", *(("vnni",) if is_available() else ()))
FREE = Rules(())


class ExactScorer(BruteScorer):
    """Brute force whose products are summed in float64 and rounded once, as the search promises."""

    def pairs(self, queries, documents):
        return dots(self.queries[queries], self.documents[documents])

    def similarity(self, one, other):
        return dots(self.documents[one], self.documents[other])


def dots(one, other):
    return np.einsum("ij,ij->i", one.astype(np.float64), other.astype(np.float64)).astype("f4")


@dataclass(frozen=True)
class Problem:
    queries: np.ndarray
    documents: np.ndarray
    positives: list
    tiers: list
    rules: Rules

    def by_hand(self):
        scorer = ExactScorer(self.queries, self.documents, self.positives)
        return scorer.search(self.tiers, self.rules)

    def solve(self, **options):
        return search(
            self.queries,
            self.documents,
            self.tiers,
            self.rules,
            positives=self.positives,
            **options,
        )


def whole_numbers(chooser, shape):
    """Vectors whose products are exact in float32 and tie often, but not exact in bfloat16."""
    return chooser.integers(-1, 2, shape) * chooser.choice([1, 3, 1001], shape)


def unit_vectors(chooser, shape):
    return (rows := chooser.standard_normal(shape)) / np.linalg.norm(rows, axis=1, keepdims=True)


def draw_ceilings(chooser, scores):
    """Ceilings of all kinds, among them scores that stand on the ceiling."""
    at_random = chooser.uniform(scores.min() - 1, scores.max() + 1, len(scores))
    on_a_score = scores[np.arange(len(scores)), chooser.integers(0, scores.shape[1], len(scores))]
    kinds = [at_random, on_a_score, *([[end] * len(scores) for end in (np.inf, -np.inf, -9e9)])]
    return np.asarray(kinds, dtype=np.float32)[
        chooser.choice(5, len(scores), p=[0.35, 0.3, 0.25, 0.05, 0.05]), np.arange(len(scores))
    ]


def draw_codes(chooser, size):
    codes = chooser.integers(0, 4, size)
    codes[chooser.random(size) < 0.1] = MISSING
    return codes


@st.composite
def problems(draw):
    chooser = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, size = draw(st.integers(1, 12)), draw(st.integers(1, 70))
    make = draw(st.sampled_from([whole_numbers, unit_vectors]))
    dimensions = draw(st.integers(1, 9))
    queries = make(chooser, (count, dimensions)).astype(np.float32)
    documents = make(chooser, (size, dimensions)).astype(np.float32)
    twins = chooser.integers(0, size, (2, size // 3))
    documents[twins[0]] = documents[twins[1]]
    positives = [tuple(chooser.integers(0, size, 1 + n % 3).tolist()) for n in range(count)]
    scores = queries @ documents.T
    tiers = [
        Tier(
            draw(st.integers(1, 8)),
            draw_ceilings(chooser, scores),
            draw_ceilings(chooser, scores) if draw(st.booleans()) else None,
        )
        for _ in range(draw(st.integers(1, 3)))
    ]
    kinds = draw(st.lists(st.sampled_from(RELATIONS), max_size=3))
    codes = [(draw_codes(chooser, count), draw_codes(chooser, size)) for _ in kinds]
    rules = tuple(Rule(kind, *some, width=1) for kind, some in zip(kinds, codes, strict=True))
    banned = [frozenset(chooser.integers(0, size, n % 4).tolist()) for n in range(count)]
    return Problem(
        queries, documents, positives, tiers, Rules(rules, tuple(banned) if len(kinds) % 2 else ())
    )


def assert_equal(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.indices, other.indices)
        np.testing.assert_array_equal(one.scores, other.scores)


@settings(max_examples=150)
@given(problems(), st.integers(1, 15), st.sampled_from([1, 2, 7, 33, 4096]))
def test_every_answer_is_that_of_brute_force(problem, query_block, document_block):
    expected = problem.by_hand()
    for precision in PRECISIONS:
        found = problem.solve(
            precision=precision, query_block=query_block, document_block=document_block
        )
        assert_equal(found, expected)


@given(problems(), st.integers(2, 5))
def test_the_number_of_threads_changes_nothing(problem, threads):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "_threads", lambda: threads)
        assert_equal(problem.solve(), problem.by_hand())


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_few_thousand_documents_in_the_usual_blocks(precision):
    chooser = np.random.default_rng(0)
    documents = unit_vectors(chooser, (9000, 48)).astype(np.float32)
    queries = unit_vectors(chooser, (20, 48)).astype(np.float32)
    # A strict ceiling: far more than any window of best documents lies above it.
    ceilings = np.quantile(queries @ documents.T, 0.5, axis=1).astype(np.float32)
    problem = Problem(queries, documents, [(n,) for n in range(20)], [Tier(6, ceilings)], FREE)
    (hits,) = found = problem.solve(precision=precision)
    assert (hits.indices >= 0).all()
    assert_equal(found, problem.by_hand())


def everywhere(size, k):
    return Tier(k, np.full(size, np.inf, dtype=np.float32))


@pytest.mark.parametrize("block", [1, 7, 64, 4096])
def test_documents_that_tie_are_taken_in_the_pools_order_across_blocks(block):
    rules = Rules((Rule("other", np.arange(3), np.repeat([0, 9], [2, 498])),))
    queries, documents = (np.ones((size, 2), dtype=np.float32) for size in (3, 500))
    (hits,) = search(queries, documents, [everywhere(3, 4)], rules, document_block=block)
    assert hits.indices.tolist() == [[2, 3, 4, 5], [0, 1, 2, 3], [0, 1, 2, 3]]


def test_a_score_on_the_ceiling_is_not_below_it():
    one = np.ones((1, 1), dtype=np.float32)
    just_above = np.nextafter(one[:, 0], np.float32(2))
    on, above = search(one, one, [Tier(1, one[:, 0]), Tier(1, just_above)], FREE)
    assert (on.indices.tolist(), above.indices.tolist()) == ([[-1]], [[0]])


def test_more_documents_wanted_than_there_are():
    chooser = np.random.default_rng(0)
    queries, documents = (unit_vectors(chooser, (size, 4)).astype("f4") for size in (2, 3))
    (hits,) = search(queries, documents, [everywhere(2, 5)], FREE)
    assert np.sort(hits.indices[:, :3]).tolist() == [[0, 1, 2]] * 2
    assert hits.indices[:, 3:].tolist() == [[-1, -1]] * 2
    assert np.isneginf(hits.scores[:, 3:]).all()


@pytest.mark.parametrize(("queries", "documents"), [(0, 3), (3, 0), (0, 0)])
def test_no_queries_or_no_documents_give_nothing(queries, documents):
    made = (np.ones((size, 2), dtype=np.float32) for size in (queries, documents))
    (hits,) = search(*made, [everywhere(queries, 2)], FREE)
    assert hits.indices.tolist() == [[-1, -1]] * queries


@pytest.fixture
def documents():
    return np.random.default_rng(0).integers(-9, 10, (90, 8)).astype(np.float32)


def search_best(documents):
    queries = np.random.default_rng(1).integers(-9, 10, (5, 8)).astype(np.float32)
    return search(queries, documents, [everywhere(5, 7)], FREE, document_block=16)


@pytest.mark.parametrize("stored", [np.float32, np.float64, np.float16])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_memory_mapped_file_gives_the_same_whatever_its_layout(
    tmp_path, documents, stored, order
):
    np.save(tmp_path / "documents.npy", documents.astype(stored, order=order))
    mapped = np.load(tmp_path / "documents.npy", mmap_mode="r")
    assert_equal(search_best(mapped), search_best(documents))


@pytest.mark.parametrize(
    "cut", [slice(11, None), slice(3, 60), slice(None, None, 2), slice(None, None, -1)]
)
def test_a_part_of_a_memory_mapped_file_is_searched_and_no_other_rows(tmp_path, documents, cut):
    np.save(tmp_path / "documents.npy", documents)
    mapped = np.load(tmp_path / "documents.npy", mmap_mode="r")[cut]
    assert_equal(search_best(mapped), search_best(documents[cut]))
    assert_equal(search_best(mapped[2:]), search_best(documents[cut][2:]))


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(("what", "row"), [("queries", 3), ("documents", 0), ("documents", 37)])
def test_a_vector_that_is_not_finite_is_named(documents, precision, value, what, row):
    vectors = {"queries": documents[:5].copy(), "documents": documents}
    vectors[what][row, 2] = value
    with pytest.raises(DataError, match=f"row {row} of the {what} holds NaN or infinity"):
        search(
            vectors["queries"],
            vectors["documents"],
            [everywhere(5, 2)],
            FREE,
            precision=precision,
            document_block=16,
        )


@pytest.mark.parametrize("shape", [(90, 7), (90,)])
def test_vectors_of_another_length_are_refused(documents, shape):
    with pytest.raises(DataError, match=r"queries of shape \(90, 8\) and documents of shape"):
        search(documents, np.ones(shape, dtype=np.float32), [everywhere(90, 1)], FREE)


@given(problems())
def test_a_query_that_nothing_is_asked_for_finds_nothing_and_disturbs_no_other(problem):
    silent = np.arange(len(problem.queries)) % 2 == 0
    tiers = [Tier(t.k, np.where(silent, -np.inf, t.ceilings), t.apart) for t in problem.tiers]
    halved = Problem(problem.queries, problem.documents, problem.positives, tiers, problem.rules)
    found = halved.solve()
    assert_equal(found, halved.by_hand())
    assert all((hits.indices[silent] == -1).all() for hits in found)
