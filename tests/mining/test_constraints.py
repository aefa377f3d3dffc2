import datetime

import numpy as np
import pytest

from mining.worlds import document, pair
from nmixx.errors import DataError, RecipeError
from nmixx.mining.constraints import build_rules, language_rule
from nmixx.mining.pool import build_pool


def allowed(pairs, documents, *constraints, positive_language=False):
    """For each query, which of the documents it may find; sides of pairs are left out."""
    pool = build_pool(pairs, documents, each_positive=False)
    rules = build_rules(pool, constraints, positive_language=positive_language)
    rows = np.arange(len(documents))
    return [
        [pool.documents[row].id for row in rows[rules.allowed(number, rows)]]
        for number in range(len(pool.queries))
    ]


def dated(number, value, make=document):
    return make(number, extra={"date": value})


def test_nothing_of_a_querys_group_is_allowed():
    pairs = [pair(0), pair(1), pair(2, "질문 0", "Another answer 0")]
    documents = [
        document(0, "ANSWER 0."),
        document(1, "Something", group="g1"),
        document(2, "another  answer 0"),
        document(3),
    ]
    assert allowed(pairs, documents) == [["d1", "d3"], ["d0", "d2", "d3"]]


def test_documents_may_be_kept_to_the_positives_language():
    documents = [document(0), document(1, "텍스트", lang="ko"), document(2, "texte", lang="fr")]
    pairs = [pair(0), pair(1, positive_lang="fr")]
    assert allowed(pairs, documents, positive_language=True) == [["d0"], ["d2"]]


def test_the_querys_own_language_or_any_other():
    pool = build_pool([pair(0)], [document(0), document(1, lang="ko")], each_positive=False)
    own, other = (language_rule(pool, own=flag) for flag in (True, False))
    assert (own.relation, other.relation) == ("same", "other")
    assert (own.documents == own.queries[0]).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("constraint", "expected"), [("same:category", ["d0"]), ("other:category", ["d1"])]
)
def test_a_category_like_the_querys_or_another(constraint, expected):
    documents = [document(0), document(1, category="report"), document(2, category="")]
    # A value that is not there forbids nothing.
    assert allowed([pair(0)], documents, constraint) == [[*expected, "d2"]]


def test_any_column_of_the_files_may_be_named():
    documents = [document(n, extra={"company": name}) for n, name in enumerate(["A", "B", None])]
    pairs = [pair(0, extra={"company": "A"})]
    assert allowed(pairs, documents, "same:company") == [["d0", "d2"]]
    assert allowed(pairs, documents, "other:company") == [["d1", "d2"]]
    assert allowed(pairs, documents, "other:company", "same:category") == [["d1", "d2"]]


@pytest.mark.parametrize(
    "days",
    [
        ["2026-01-10", "2026-01-11", "2025-12-30", None, ""],
        [
            datetime.date(2026, 1, 10),
            datetime.datetime(2026, 1, 11, 9, 30),
            "2025-12-30T08:00:00",
            None,
            float("nan"),
        ],
        [20260, 20261, 20200.0, None, None],
    ],
)
def test_dates_and_numbers_within_a_window(days):
    start = 20250 if isinstance(days[0], int) else "2025-12-31"
    documents = [dated(number, day) for number, day in enumerate(days)]
    found = allowed([dated(0, start, pair)], documents, "within:date:10")
    assert found == [["d0", "d3", "d4"] if start == 20250 else ["d0", "d2", "d3", "d4"]]


def test_all_constraints_hold_together():
    documents = [document(n, category=c, source=s) for n, (c, s) in enumerate(["xa", "xb", "ya"])]
    asked = pair(0, category="x", extra={"source": "a"})
    assert allowed([asked], documents, "same:category", "other:source") == [["d1"]]


@pytest.mark.parametrize(
    "constraint",
    [
        "category",
        "same",
        "same:",
        "equal:category",
        "same:category:3",
        "within:date",
        "within:date:",
        "within:date:soon",
        "within:date:-3",
        "within:date:²",
        "",
    ],
)
def test_another_form_is_refused(constraint):
    with pytest.raises(RecipeError, match=r"not understood\.\nExpected same:COLUMN, other:COLUMN"):
        allowed([pair(0)], [document(0)], constraint)


def test_a_column_that_nobody_has_is_refused_and_those_that_exist_are_named():
    with pytest.raises(DataError, match=r"no pair has a value in a column 'compny'.\nColumns of"):
        allowed([pair(0, extra={"company": "A"})], [document(0)], "same:compny")
    with pytest.raises(DataError, match=r"anchor.*company.*group"):
        allowed([pair(0, extra={"company": "A"})], [document(0)], "same:compny")


def test_a_column_of_documents_only_would_forbid_nothing_and_is_refused():
    with pytest.raises(DataError, match="no pair has a value in a column 'source'"):
        allowed([pair(0)], [document(0)], "other:source")


@pytest.mark.parametrize("value", ["last week", "2026-13-01", float("inf"), [1]])
def test_what_is_neither_a_number_nor_a_date_is_refused(value):
    with pytest.raises(DataError, match="is neither a number nor a date"):
        allowed([dated(0, "2026-01-01", pair)], [dated(0, value)], "within:date:3")
