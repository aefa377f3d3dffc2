import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import KOREAN
from mining.worlds import document, pair
from nmixx.corpus.clean import normalise_key
from nmixx.errors import DataError
from nmixx.mining.pool import build_pool
from nmixx.mining.teachers import Query
from nmixx.records import Document

FORMS = {
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "wide": lambda text: text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
    "upper case": str.upper,
    "lower case": str.lower,
    "spaces": lambda text: f" {text.replace(' ', '  ')}\t",
    "no full stop": lambda text: text.removesuffix("."),
}
TEXT = st.sampled_from(["Profit rose", "profit  rose.", "PROFIT FELL", "Rates", "금리", "배당"])
GROUP = st.sampled_from(["", "a", "b", "c"])


def build(pairs, documents=(), *, each=False):
    return build_pool(pairs, documents, each_positive=each)


def test_documents_come_first_and_then_both_sides_of_each_pair():
    pool = build([pair(0), pair(1)], [document(0), document(1)])
    assert [found.id for found in pool.documents] == [
        "d0",
        "d1",
        "p0#anchor",
        "p0#positive",
        "p1#anchor",
        "p1#positive",
    ]
    assert [found.lang for found in pool.documents[2:4]] == ["ko", "en"]
    assert [query.positives for query in pool.queries] == [(3,), (5,)]
    assert pool.queries[0] == Query("p0", "질문 0", "ko", (3,))


def test_an_anchor_with_several_positives_is_one_query_or_one_for_each():
    pairs = [pair(0, "금리", "rate"), pair(1), pair(2, "금리", "interest")]
    lowest, each = build(pairs), build(pairs, each=True)
    assert [query.id for query in lowest.queries] == ["p0", "p1"]
    assert [lowest.documents[row].text for row in lowest.queries[0].positives] == [
        "rate",
        "interest",
    ]
    assert [[some.id for some in rows] for rows in lowest.pairs] == [["p0", "p2"], ["p1"]]
    assert [query.id for query in each.queries] == ["p0", "p1", "p2"]
    assert [len(query.positives) for query in each.queries] == [1, 1, 1]


def test_the_same_anchor_in_another_form_is_the_same_query():
    pool = build([pair(0, "Profit rose", "이익 증가"), pair(1, "PROFIT rose.", "이익이 늘었다")])
    assert [(query.id, query.text) for query in pool.queries] == [("p0", "Profit rose")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", [KOREAN[0], "Operating profit, 12.5 percent."])
def test_a_text_in_another_form_is_one_document_and_in_one_group(form, text):
    other = FORMS[form](text)
    pool = build([pair(0, "ask", text), pair(1, "another", other)], [document(0, other)])
    (row,) = {row for query in pool.queries for row in query.positives}
    assert pool.documents[row].id == "d0"
    assert len(pool.documents) == 3
    assert len({found.group for found in [*pool.documents, *(p for (p,) in pool.pairs)]}) == 1


def test_figures_keep_texts_apart():
    pool = build([pair(0, positive="rose 1.5 percent")], [document(0, "rose 15 percent")])
    assert len(pool.documents) == 3
    assert len({found.group for found in pool.documents}) == 2


def test_groups_that_share_a_text_become_one_also_through_others():
    pairs = [pair(0, "a", "b"), pair(1, "B.", "c"), pair(2, "x", "y", group="of d"), pair(3)]
    pool = build(pairs, [document(0, "C", group="of d"), document(1)])
    groups = {found.text: found.group for found in pool.documents}
    assert len({groups[text] for text in ("a", "B.", "C", "x", "y") if text in groups}) == 1
    assert len({groups["Text 1"], groups["질문 3"], groups["a"]}) == 3


def test_rows_without_a_group_are_not_one_group():
    pairs = [pair(0, group=""), pair(1, group="")]
    pool = build(pairs, [document(0, group=""), document(1, "Answer 1", group="")])
    groups = {found.text: found.group for found in pool.documents}
    assert groups["질문 0"] == groups["Answer 0"] == pool.pairs[0][0].group
    assert groups["질문 1"] == groups["Answer 1"] == pool.pairs[1][0].group
    assert len(set(groups.values())) == 3
    assert "" not in groups.values()


@given(
    st.lists(st.tuples(TEXT, TEXT, GROUP), min_size=1, max_size=6),
    st.lists(st.tuples(TEXT, GROUP), max_size=6),
    st.booleans(),
)
def test_each_text_stands_once_and_means_one_group(rows, others, each):
    pairs = [pair(n, *texts, group=group) for n, (*texts, group) in enumerate(rows)]
    documents = [document(n, text, group=group) for n, (text, group) in enumerate(others)]
    pool = build(pairs, documents, each=each)
    keys = [normalise_key(found.text) for found in pool.documents]
    assert len(keys) == len(set(keys))
    groups = dict(zip(keys, (found.group for found in pool.documents), strict=True))
    for query, some in zip(pool.queries, pool.pairs, strict=True):
        assert len(some) == len(query.positives)
        for one, row in zip(some, query.positives, strict=True):
            assert keys[row] == normalise_key(one.positive)
            assert groups[normalise_key(query.text)] == one.group == groups[keys[row]]
    given_groups = {n: group for n, (*_, group) in enumerate(rows) if group}
    for some in pool.pairs:
        for one in some:
            alike = [n for n, group in given_groups.items() if f"p{n}" == one.id]
            for number in alike:
                assert groups[normalise_key(rows[number][0])] == one.group


@pytest.mark.parametrize(("each", "ids"), [(False, ["p0", "p1"]), (True, ["p0", "p1", "p7"])])
def test_a_pair_that_stands_twice_counts_once(each, ids):
    """Under another id it counts again where each pair is a query."""
    pairs = [pair(0), pair(1), pair(0), pair(7, "질문 1", "Answer 1", group="h")]
    pool = build(pairs, [document(0, group="h")], each=each)
    assert [query.id for query in pool.queries] == ids
    assert [len(query.positives) for query in pool.queries] == [1] * len(ids)
    # What the second one said of groups still counts.
    assert pool.documents[0].group == pool.pairs[1][0].group


def test_a_document_that_stands_twice_counts_once():
    pool = build([pair(0)], [document(0), document(0), document(0, "text 0.")])
    assert [found.id for found in pool.documents] == ["d0", "p0#anchor", "p0#positive"]


@pytest.mark.parametrize(
    ("pairs", "documents", "said"),
    [
        ([pair(0), pair(1, id="p0")], [], "id 'p0': 2 different pairs have it; 1 ids are"),
        ([pair(0)], [document(0), document(1, id="d0")], "id 'd0': 2 different documents have it"),
        ([pair(0)], [document(0, id="p0#anchor")], "id 'p0#anchor': 2 different documents"),
    ],
)
def test_one_id_for_different_rows_is_refused(pairs, documents, said):
    with pytest.raises(DataError, match=said) as raised:
        build(pairs, documents)
    assert len(str(raised.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("pairs", "documents", "said"),
    [
        ([pair(0), pair(1, anchor="  ")], [], "pair 'p1': its anchor is empty"),
        ([pair(0, positive="\n")], [], "pair 'p0': its positive is empty"),
        ([pair(0)], [document(3, "\t")], "document 'd3': its text is empty"),
    ],
)
def test_empty_texts_are_refused(pairs, documents, said):
    with pytest.raises(DataError, match=said):
        build(pairs, documents)


def test_a_pairs_own_columns_come_along_but_never_in_the_place_of_a_documents():
    extra = {"date": "2026-01-02", "source": "wire", "text": "something else", "lang": "xx"}
    pool = build([pair(0, extra=extra)])
    anchor = pool.documents[0]
    assert (anchor.source, anchor.extra) == ("wire", {"date": "2026-01-02"})
    assert Document.from_row(anchor.to_row()) == anchor
