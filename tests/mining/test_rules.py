import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nmixx.mining.rules import MISSING, RELATIONS, Rule, Rules

CODE = st.integers(-5, 5) | st.just(MISSING)
CODES = st.lists(CODE, min_size=6, max_size=6).map(np.array)


@st.composite
def rule_sets(draw):
    rules = [
        Rule(draw(st.sampled_from(RELATIONS)), draw(CODES), draw(CODES), draw(st.integers(0, 3)))
        for _ in range(draw(st.integers(0, 3)))
    ]
    banned = draw(st.lists(st.frozensets(st.integers(0, 5)), min_size=6, max_size=6))
    return Rules(tuple(rules), tuple(banned) if draw(st.booleans()) else ())


def holds(rule, query, document):
    one, other = int(rule.queries[query]), int(rule.documents[document])
    if MISSING in (one, other):
        return True
    return {
        "same": one == other,
        "other": one != other,
        "within": abs(one - other) <= rule.width,
    }[rule.relation]


@given(rule_sets(), st.integers(0, 5), st.lists(st.integers(0, 5)).map(np.array))
def test_all_rules_must_hold(rules, query, documents):
    documents = documents.astype(np.int64)
    banned = rules.banned[query] if rules.banned else frozenset()
    expected = [
        row not in banned and all(holds(rule, query, row) for rule in rules.rules)
        for row in documents
    ]
    assert rules.allowed(query, documents).tolist() == expected


@given(rule_sets(), st.lists(st.integers(0, 5), min_size=1, max_size=4))
def test_the_rules_of_some_queries_are_those_they_had(rules, queries):
    some = rules.of(np.array(queries))
    everything = np.arange(6)
    for row, query in enumerate(queries):
        np.testing.assert_array_equal(
            some.allowed(row, everything), rules.allowed(query, everything)
        )


@given(rule_sets(), st.lists(st.frozensets(st.integers(0, 5)), min_size=6, max_size=6))
def test_banning_forbids_these_pairs_and_no_others(rules, banned):
    everything = np.arange(6)
    for query, rows in enumerate(banned):
        expected = rules.allowed(query, everything) & ~np.isin(everything, list(rows))
        np.testing.assert_array_equal(rules.banning(banned).allowed(query, everything), expected)
