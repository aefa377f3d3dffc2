import logging

import numpy as np
import pytest

from mining.brute import BruteTeacher
from mining.worlds import document, pair
from nmixx.errors import DataError
from nmixx.mining.pool import build_pool
from nmixx.mining.rules import Rules
from nmixx.mining.teachers import Query, Tier
from nmixx.mining.teachers.run import RunTeacher
from nmixx.records import Document

QUERIES = [Query("q1", "", "en", (0,)), Query("q2", "", "en", (1,))]
DOCUMENTS = [Document(f"d{at}", "", "en", "news", f"g{at}", "s") for at in range(3)]


@pytest.fixture
def write(tmp_path):
    def write(text):
        (tmp_path / "other.tsv").write_text(text)
        return RunTeacher(tmp_path / "other.tsv")

    return write


def test_a_run_file_is_a_teacher(write):
    teacher = write("q1\td2\t0.5\nq1\td0\t0.9\nq2\td1\t0.4\n")
    assert teacher.name == "run:other.tsv"
    scorer = teacher.open(QUERIES, DOCUMENTS)
    (hits,) = scorer.search([Tier(2, np.array([0.9, 0.9], dtype=np.float32))], Rules(()))
    assert hits.indices.tolist() == [[2, -1], [1, -1]]


@pytest.mark.parametrize(
    ("score", "bounded"), [("0.99", True), ("-1", True), ("1.0004", True), ("12.5", False)]
)
def test_scores_are_bounded_when_they_lie_where_cosines_do(write, score, bounded):
    assert write(f"q1\td2\t0.5\nq2\td1\t{score}\n").bounded is bounded


def test_queries_without_a_line_are_counted(write, caplog):
    with caplog.at_level(logging.WARNING):
        write("q1\td2\t0.5\n").open(QUERIES, DOCUMENTS)
    assert "has nothing on 1 of 2 queries" in caplog.text


def test_unknown_ids_are_refused(write):
    with pytest.raises(DataError, match="unknown document ids: 1 of 1, such as 'elsewhere'"):
        write("q1\telsewhere\t0.5\n").open(QUERIES, DOCUMENTS)


def test_a_run_may_name_what_was_merged_with_a_text_like_it(write):
    pairs = [
        pair(0, "Profit", "It rose", id="first"),
        pair(1, "profit ", "It rose by 3 %", id="second", group="g0"),
        pair(2, "Rates", "They fell", id="third"),
    ]
    documents = [document(0, "Nobody knew"), document(1, "NOBODY  knew"), document(2, "It rose")]
    pool = build_pool(pairs, documents, each_positive=False)
    lines = "second\td1\t0.3\nsecond\tfirst#positive\t0.8\nthird\td0\t0.2\nthird\td1\t0.1\n"
    scorer = write(lines).open(pool.queries, pool.documents)
    ids = [some.id for some in pool.documents]
    (hits,) = scorer.search([Tier(2, np.ones(2, dtype=np.float32))], Rules(()))
    found = [[ids[row] for row in rows if row >= 0] for rows in hits.indices.tolist()]
    assert found == [["d2", "d0"], ["d0"]]
    assert hits.scores[1, 0] == np.float32(0.2)  # the first line on a pair counts


def test_another_teacher_compares_documents(write):
    vectors = np.eye(3, dtype=np.float32)
    path = write("q1\td2\t0.5\n").path
    scorer = RunTeacher(path, BruteTeacher(vectors[:2], vectors)).open(QUERIES, DOCUMENTS)
    assert scorer.similarity(np.array([0, 0]), np.array([0, 1])).tolist() == [1, 0]
