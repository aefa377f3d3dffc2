from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.worlds import pool_of, scorer_of
from nmixx.mining import MiningSettings
from nmixx.mining.constraints import build_rules, language_rule
from nmixx.mining.negatives import select_negatives
from nmixx.mining.policies import POLICIES, perc_pos

SIZE = 40


class World:
    """A few queries with one or two positives, and scores that tie now and then."""

    def __init__(self, seed=0, *, queries=5, size=SIZE, langs=("en",)):
        chooser = np.random.default_rng(seed)
        rows = chooser.permutation(size)[: 2 * queries].reshape(queries, 2)
        positives = [tuple(some[: 1 + n % 2].tolist()) for n, some in enumerate(rows)]
        self.pool = pool_of(positives, [langs[row % len(langs)] for row in range(size)])
        self.scores = (chooser.integers(-20, 80, (queries, size)) / 80).astype(np.float32)
        for number, some in enumerate(positives):
            self.scores[number, list(some)] = chooser.integers(10, 81, len(some)) / 80
        near = chooser.integers(0, 80, (size, size)) / 80
        self.near = np.maximum(near, near.T).astype(np.float32)

    def select(self, reviewers=(), seed=0, **given):
        options = MiningSettings(**{"near_duplicates": None} | given)
        own = (language_rule(self.pool, own=True), language_rule(self.pool, own=False))
        return select_negatives(
            self.pool,
            scorer_of(self.scores, self.pool.queries, self.near),
            build_rules(self.pool, (), positive_language=False),
            options,
            reviewers=reviewers,
            own_language=own,
            seed=seed,
        )

    def by_hand(self, number, rejected=frozenset(), **given):
        """Documents below the ceiling, and those between it and the positive, best first."""
        choice = MiningSettings(**given).choice
        positives = list(self.pool.queries[number].positives)
        scores = self.scores[number]
        lowest = scores[positives].min()
        ceiling = choice.row.ceiling(np.array([lowest]), choice.margin or 0)[0]
        rows = [row for row in range(len(scores)) if row not in {*positives, *rejected}]
        rows.sort(key=lambda row: (-scores[row], row))
        below = [row for row in rows if scores[row] < ceiling]
        if choice.apart is not None:
            highest = perc_pos(np.array([lowest]), choice.apart)[0]
            below = [row for row in below if self.near[row, positives].max() < highest]
        looser = [row for row in rows if scores[row] < max(ceiling, lowest) and row not in below]
        return below[choice.passed_over :], looser


def rows_of(chosen):
    return [found.document for found in chosen]


def reject(pairs):
    """Make a reviewer that turns some pairs of query and document down."""

    def review(queries, documents):
        asked = zip(queries.tolist(), documents.tolist(), strict=True)
        return ["unwanted" if pair in pairs else "" for pair in asked]

    return review


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1), negatives=st.integers(1, 6))
def test_each_policy_gives_the_best_that_it_allows(policy, seed, negatives):
    world = World(seed)
    selection = world.select(policy=policy, negatives=negatives)
    for number, chosen in enumerate(selection.chosen):
        below, _ = world.by_hand(number, policy=policy)
        assert rows_of(chosen) == below[:negatives]
        assert [found.score for found in chosen] == [
            float(world.scores[number, row]) for row in rows_of(chosen)
        ]
        assert {found.tier for found in chosen} <= {"policy"}
        assert all(found.score < selection.ceilings[number] for found in chosen)


@settings(max_examples=40)
@given(
    st.integers(0, 2**32 - 1),
    st.floats(0, 1),
    st.sampled_from(["keep", "drop", "fill"]),
    st.sampled_from(["naive", "shifted", "perc_pos", "perc_pos_apart"]),
)
def test_what_a_review_turns_down_makes_room_for_the_next_best(seed, share, shortfall, policy):
    """However many are turned down, and whatever becomes of a query that comes short."""
    world = World(seed)
    draw = np.random.default_rng(seed).random(world.scores.shape)
    unwanted = {(int(query), int(row)) for query, row in np.argwhere(draw < share)}
    given = {"policy": policy, "negatives": 4, "margin": 3 if policy == "shifted" else None}
    selection = world.select([reject(unwanted)], shortfall=shortfall, **given)
    for number, chosen in enumerate(selection.chosen):
        own = {row for query, row in unwanted if query == number}
        below, looser = world.by_hand(number, own, **given)
        expected = [(row, "policy") for row in below[:4]]
        if shortfall == "fill":
            expected += [(row, "fill") for row in looser][: 4 - len(expected)]
        if shortfall == "drop" and len(expected) < 4:
            expected = []
        assert [(found.document, found.tier) for found in chosen] == expected
        assert {found.document for found in selection.rejected[number]} <= own
        assert {found.reason for found in selection.rejected[number]} <= {"unwanted"}
        assert len(selection.rejected[number]) == len(set(rows_of(selection.rejected[number])))


def test_the_first_reviewer_to_turn_a_candidate_down_gives_the_reason():
    world = World()
    best = world.by_hand(0)[0][0]
    seen = []

    def second(queries, documents):
        seen.extend(zip(queries.tolist(), documents.tolist(), strict=True))
        return ["second" if row == best else "" for row in documents]

    selection = world.select([reject({(0, best)}), second])
    assert [(found.document, found.reason) for found in selection.rejected[0]] == [
        (best, "unwanted")
    ]
    assert (0, best) not in seen


def test_nothing_is_asked_of_reviewers_when_nothing_is_found():
    selection = World().select([lambda *_: pytest.fail("asked")], policy="absolute", margin=-2.0)
    assert selection.chosen == [[]] * 5


SAMPLED = {"sampling": "random", "sample_from": 8, "negatives": 3, "policy": "naive"}


def test_random_sampling_draws_from_the_best_below_the_ceiling():
    world = World()
    drawn = Counter(
        row for seed in range(60) for row in rows_of(world.select(seed=seed, **SAMPLED).chosen[0])
    )
    assert set(drawn) == set(world.by_hand(0, policy="naive")[0][:8])
    assert all(8 < count < 40 for count in drawn.values())  # 22.5 expected of each


def test_random_sampling_is_seeded():
    world = World()
    assert world.select(seed=3, **SAMPLED).chosen == world.select(seed=3, **SAMPLED).chosen
    assert world.select(seed=3, **SAMPLED).chosen != world.select(seed=4, **SAMPLED).chosen


@pytest.mark.parametrize(
    "given", [SAMPLED, {"language": "any", "query_language_share": 0.4, "negatives": 3}]
)
def test_chance_does_not_depend_on_the_order_of_queries(given):
    world = World(langs=("en", "ko"))
    before = world.select(**given).chosen
    order = [3, 0, 4, 2, 1]
    pool = world.pool
    world.pool = replace(pool, queries=tuple(pool.queries[n] for n in order))
    world.pool = replace(world.pool, pairs=tuple(pool.pairs[n] for n in order))
    world.scores = world.scores[order]
    assert world.select(**given).chosen == [before[n] for n in order]


def test_sampled_negatives_stand_best_first():
    for chosen in World().select(**SAMPLED).chosen:
        assert rows_of(chosen) == rows_of(sorted(chosen, key=lambda found: -found.score))


@pytest.mark.parametrize("sampling", ["top", "random"])
@pytest.mark.parametrize(
    ("shortfall", "expected"),
    [
        ("keep", [(3, "policy"), (4, "policy")]),
        ("drop", []),
        ("fill", [(3, "policy"), (4, "policy"), (1, "fill"), (2, "fill")]),
    ],
)
def test_a_query_that_comes_short(shortfall, expected, sampling):
    world = World(queries=1, size=6)
    world.pool = pool_of([(0,)], ["en"] * 6)
    # Ceiling 0.72: two are below, two between it and the positive, one above the positive.
    world.scores = np.array([[0.8, 0.79, 0.75, 0.7, 0.5, 0.9]], dtype=np.float32)
    (chosen,) = world.select(margin=0.9, negatives=4, shortfall=shortfall, sampling=sampling).chosen
    assert [(found.document, found.tier) for found in chosen] == expected


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.85, 1.0])
def test_the_share_in_the_querys_language_is_right_on_average(share):
    world = World(queries=300, size=1000, langs=("en", "ko"))
    given = {"language": "any", "query_language_share": share, "negatives": 3, "policy": "naive"}
    chosen = world.select(**given).chosen
    assert {len(some) for some in chosen} == {3}
    langs = [[world.pool.documents[row].lang for row in rows_of(some)] for some in chosen]
    counts = {some.count("ko") for some in langs}
    assert counts <= {int(3 * share), int(3 * share) + 1}  # as even as it can be for each query
    assert np.mean([lang == "ko" for some in langs for lang in some]) == pytest.approx(
        share, abs=0.03
    )


def test_a_query_is_dropped_when_one_language_comes_short():
    world = World(queries=1, size=6)
    world.pool = pool_of([(0,)], ["en", "en", "en", "en", "en", "ko"])
    world.scores = np.array([[0.8, 0.5, 0.5, 0.5, 0.5, 0.5]], dtype=np.float32)
    given = {"language": "any", "query_language_share": 0.5, "negatives": 4}
    (kept,) = world.select(**given).chosen
    assert sorted(rows_of(kept)) == [1, 2, 5]
    assert world.select(shortfall="drop", **given).chosen == [[]]


def test_without_a_share_languages_do_not_count():
    world = World(langs=("en", "ko"))
    for number, chosen in enumerate(world.select(language="any").chosen):
        assert rows_of(chosen) == world.by_hand(number)[0][:4]


def test_a_query_whose_positive_is_not_known_gets_nothing_by_a_relative_policy():
    world = World()
    world.scores[0, list(world.pool.queries[0].positives)] = np.nan
    relative, naive = (
        world.select(policy=name, shortfall="fill") for name in ("perc_pos", "naive")
    )
    assert relative.chosen[0] == []
    assert np.isneginf(relative.ceilings[0])
    assert len(naive.chosen[0]) == 4
    assert len(relative.chosen[1]) == 4


def test_of_two_positives_the_lowest_that_is_known_counts():
    world = World(queries=1)
    world.pool = pool_of([(0, 1)], ["en"] * SIZE)
    world.scores[0, :2] = 0.8, 0.4
    assert world.select().ceilings == pytest.approx([0.38])
    world.scores[0, 1] = np.nan
    assert world.select().ceilings == pytest.approx([0.76])


def test_all_that_was_seen_is_kept_with_its_score():
    world = World()
    selection = world.select(depth=12, negatives=2)
    for number, seen in enumerate(selection.candidates):
        every, _ = world.by_hand(number, policy="naive")
        below, _ = world.by_hand(number)
        assert {*every[:12], *below[:6]} == set(seen)
        assert all(world.scores[number, row] == score for row, score in seen.items())
    assert not any(world.select(depth=0, policy="absolute", margin=-2.0).candidates)


def test_each_search_asks_for_more_so_that_few_reach_past_all_that_is_turned_down():
    pool = pool_of([[0]], ["en"] * 400)
    asked = []
    scorer = scorer_of(np.linspace(1, 0, 400)[None], pool.queries)

    class Counting:
        pairs = staticmethod(scorer.pairs)

        def search(self, tiers, rules):
            asked.append([tier.k for tier in tiers])
            return scorer.search(tiers, rules)

    selection = select_negatives(
        pool,
        Counting(),
        build_rules(pool, (), positive_language=False),
        MiningSettings(negatives=4, depth=10, near_duplicates=None, margin=1),
        reviewers=[lambda queries, documents: ["no" * (row < 300) for row in documents.tolist()]],
    )
    assert [found.document for found in selection.chosen[0]] == [300, 301, 302, 303]
    assert asked == [[8 * 2**turn, 10] for turn in range(len(asked))]
    assert len(asked) == 6  # not the 38 of asking for 8 again and again
