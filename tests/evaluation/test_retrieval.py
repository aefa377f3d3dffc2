from __future__ import annotations

from pathlib import Path

import pytest

from nmixx.errors import DataError
from nmixx.evaluation.retrieval import RetrievalData
from nmixx.evaluation.settings import RetrievalTask
from nmixx.testing import HashEncoder

CORPUS = [
    {"_id": "d1", "title": "Dividend", "text": "The board raised the dividend."},
    {"_id": "d2", "text": "Sales of chips fell."},
    {"_id": "d3", "text": "The bank issued bonds."},
]
QUERIES = [
    {"_id": "q1", "text": "Who raised the dividend?"},
    {"_id": "q2", "text": "What did chips sales do?"},
    {"_id": "q3", "text": "A question nobody judged"},
]
QRELS = [
    {"query-id": "q1", "corpus-id": "d1", "score": 1},
    {"query-id": "q2", "corpus-id": "d2", "score": 2},
    {"query-id": "q3", "corpus-id": "d3", "score": 0},
]


@pytest.fixture
def folder(write_rows, tmp_path: Path) -> Path:
    for name, rows in (("corpus", CORPUS), ("queries", QUERIES), ("qrels", QRELS)):
        write_rows(f"task/{name}.jsonl", rows)
    return tmp_path / "task"


def load(path: Path) -> RetrievalData:
    return RetrievalData.load("task", RetrievalTask(path=str(path)))


def test_a_beir_folder_is_read_and_unjudged_queries_are_left_out(folder: Path) -> None:
    data = load(folder)
    assert data.documents[0] == "Dividend The board raised the dividend."
    assert list(data.rows) == [1, 2]
    assert data.relevant == [{0: 1.0}, {1: 2.0}]
    assert data.measure(lambda texts, role="": HashEncoder(256).encode(texts)).figure == 1


def test_qrels_may_lie_in_a_tsv_of_their_own_folder(folder: Path) -> None:
    (folder / "qrels.jsonl").unlink()
    (folder / "qrels").mkdir()
    table = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n"
    (folder / "qrels" / "test.tsv").write_text(table)
    assert load(folder).relevant == [{0: 1.0}, {1: 1.0}]


def test_pairs_with_equal_texts_share_queries_and_documents(write_rows) -> None:
    rows = [("q1", "a"), ("q1", "b"), ("q2", "a"), ("q1", "a")]
    path = write_rows("pairs.jsonl", [{"query": q, "positive": p} for q, p in rows])
    data = load(path)
    assert (list(data.queries), list(data.documents)) == (["q1", "q2"], ["a", "b"])
    assert data.relevant == [{0: 1.0, 1: 1.0}, {0: 1.0}]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"query-id": "q9", "corpus-id": "d1", "score": 1}, "row 4: there is no query .* 'q9'"),
        ({"query-id": "q1", "corpus-id": "d9", "score": 1}, "row 4: there is no document"),
        ({"query-id": "q1", "corpus-id": "d1", "score": "x"}, "row 4: the score 'x' is no number"),
        ({"query": "q1", "corpus-id": "d1", "score": 1}, "row 4: no column 'query_id' or"),
    ],
)
def test_a_bad_judgement_is_named(write_rows, folder: Path, row: dict, said: str) -> None:
    write_rows("task/qrels.jsonl", [*QRELS, row])
    with pytest.raises(DataError, match=said):
        load(folder)


def test_a_missing_part_and_a_repeated_id_are_named(write_rows, folder: Path) -> None:
    write_rows("task/corpus.jsonl", [*CORPUS, CORPUS[0]])
    with pytest.raises(DataError, match="row 4: the id 'd1' was there before"):
        load(folder)
    (folder / "corpus.jsonl").unlink()
    with pytest.raises(DataError, match="holds no corpus"):
        load(folder)


def test_too_few_judged_queries(write_rows, folder: Path) -> None:
    write_rows("task/qrels.jsonl", QRELS[:1])
    with pytest.raises(DataError, match="gives 1 judged queries"):
        load(folder)
