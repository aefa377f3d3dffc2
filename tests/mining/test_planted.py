from __future__ import annotations

import json
from pathlib import Path

import pytest

from nmixx.errors import DataError
from nmixx.mining.planted import match_planted, read_planted
from nmixx.mining.teachers.protocol import Query
from nmixx.records import Document, Pair

TEXTS = (
    "Net profit rose by a tenth.",  # positive of the first query
    "Net income grew 10 percent.",
    "NET INCOME grew 10 percent",
    "The bank cut its dividend.",  # positive of the second query
    "The lender lowered its payout.",
)
DOCUMENTS = [Document(f"d{n}", text, "en", "news", "", "test") for n, text in enumerate(TEXTS)]
QUERIES = [
    Query("q0", "순이익이 10분의 1 늘었다.", "ko", (0,)),
    Query("q1", "은행이 배당을 줄였다.", "ko", (3,)),
]


def pair(anchor: str, positive: str) -> Pair:
    return Pair("", anchor, positive, "", "", "paraphrase", "news", "")


def plant(*pairs: tuple[str, str]) -> tuple[tuple[tuple[int, ...], ...], int]:
    planted = match_planted([pair(*some) for some in pairs], QUERIES, DOCUMENTS)
    return planted.rows, planted.unmatched


def test_a_partner_of_the_positive_is_planted_in_every_form_it_stands_in_the_pool() -> None:
    assert plant((TEXTS[0].upper(), TEXTS[1])) == (((1, 2), ()), 0)


def test_a_partner_of_the_query_itself_is_planted_too() -> None:
    assert plant((QUERIES[1].text, TEXTS[4])) == (((), (4,)), 0)


def test_a_pair_counts_in_both_directions() -> None:
    assert plant((TEXTS[4], TEXTS[3]), (TEXTS[1], QUERIES[0].text)) == (((1, 2), (4,)), 0)


def test_what_is_known_already_is_not_planted() -> None:
    assert plant((QUERIES[0].text, TEXTS[0]), (TEXTS[0], TEXTS[0].lower())) == (((), ()), 2)


def test_pairs_that_match_nothing_are_counted() -> None:
    pairs = [(TEXTS[0], "Not in the pool."), ("Nobody asked.", TEXTS[1]), (TEXTS[0], TEXTS[1])]
    assert plant(*pairs) == (((1, 2), ()), 2)


def test_it_is_read_from_a_file_of_pairs(tmp_path: Path) -> None:
    path = tmp_path / "planted.jsonl"
    path.write_text(json.dumps({"anchor": TEXTS[0], "positive": TEXTS[1]}), encoding="utf-8")
    assert read_planted(str(path), QUERIES, DOCUMENTS).rows == ((1, 2), ())
    with pytest.raises(DataError, match="no such file"):
        read_planted(str(tmp_path / "other.jsonl"), QUERIES, DOCUMENTS)
