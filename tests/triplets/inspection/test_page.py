import json
import re

import pytest
from tests.triplets.checks.makers import make

from nmixx.errors import InputError
from nmixx.triplets.checks import FAULT, assess
from nmixx.triplets.inspection import Wanted, choose_rows, list_rows
from nmixx.triplets.inspection.page import render_page
from nmixx.triplets.stored import StoredTriplets, decide_again

EVIL = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> & \u2028"


@pytest.fixture
def rows():
    triplets = [
        make(),
        make(
            shift="detail_added",
            negative="Sales of the company in Asia rose 12 % in the third quarter.",
        ),
        make(positive="Sales rose 13 % in the third quarter."),
        make(shift="given", negative=EVIL),
    ]  # fmt: skip
    everything = StoredTriplets(tuple(assess(one) for one in triplets), (), ())
    return list_rows(decide_again(everything, FAULT))


def read_data(page):
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    return json.loads(data)


def test_the_page_holds_every_row_and_needs_no_network(rows):
    page = render_page(rows, title="run <1>", total=len(rows))
    data = read_data(page)
    assert [row["shift"] for row in data["rows"]] == [row.shift for row in rows]
    assert [row["reason"] for row in data["rows"][2:]] == [
        "figure lost in positive",
        "answer leaked",
    ]
    assert "run &lt;1&gt;" in page
    own, _, _ = page.partition('<script type="application/json"')
    assert not re.search(r"(?:src|href)=|https?://|@import|url\(", own)


def test_no_text_of_a_triplet_becomes_markup(rows):
    page = render_page(rows, title="t", total=len(rows))
    assert EVIL not in page
    assert page.count("<script") == page.count("</script>") == 2
    (evil,) = [row for row in read_data(page)["rows"] if row["shift"] == "given"]
    assert "".join(text for kind, text in evil["negative"] if kind != "gone") == EVIL


def test_the_script_writes_text_nodes_only(rows):
    page = render_page(rows, title="t", total=len(rows))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", page)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 4),
        (Wanted(shifts=("detail_added",)), 1),
        (Wanted(categories=("news",)), 4),
        (Wanted(directions=("ko-en",), status="kept"), 2),
        (Wanted(status="dropped"), 2),
        (Wanted(reasons=("figure lost in positive",)), 1),
        (Wanted(confidence=(0.0, 0.6)), 2),
    ],
)
def test_rows_are_filtered(rows, wanted, count):
    assert sum(wanted.wants(row) for row in rows) == count


def test_an_unknown_choice_is_refused_with_what_there_is(rows):
    with pytest.raises(InputError, match="detail_added"):
        Wanted(shifts=("detail_aded",)).require_known(rows)


def test_rows_are_drawn_evenly_and_by_seed(rows):
    many = rows * 20
    drawn = choose_rows(many, 8, seed=1)
    assert drawn == choose_rows(many, 8, seed=1)
    kinds = [(row.shift, bool(row.reason)) for row in drawn]
    assert {kinds.count(kind) for kind in kinds} == {2}
    assert choose_rows(rows, 10) == rows
