import gzip

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.errors import DataError
from nmixx.mining.run_files import read_run, write_run
from nmixx.mining.run_formats import KINDS
from nmixx.records import Candidate

QUERIES = ["q1", "q2", "q3"]
DOCUMENTS = ["d1", "d2", "d3", "d4"]
FOUND = [("q1", "d3", 0.75), ("q1", "d1", 0.5), ("q3", "d2", -1.25)]
CANDIDATES = [
    Candidate(query, document, rank, score, "some teacher")
    for rank, (query, document, score) in zip((1, 2, 1), FOUND, strict=True)
]
TEXTS = {
    "bare.tsv": "q1\td3\t0.75\nq1\td1\t0.5\nq3\td2\t-1.25\n",
    "ranked.tsv": "q1\td3\t1\t0.75\nq1\td1\t2\t0.5\nq3\td2\t1\t-1.25",
    "headed.tsv": "score\tqid\tnote\tDOCID\n.75\tq1\t-\td3\n5e-1\tq1\tx y\td1\n-1.25\tq3\t\td2\n",
    "windows.txt": "\ufeffq1\td3\t0.75\r\n\r\nq1\td1\t0.5\r\nq3\td2\t-1.25\r\n",
    "six.trec": "q1 Q0 d3 1 0.75 sys\nq1 0  d1\t2 0.5 sys\n\nq3 Q0 d2 1 -1.25 sys\n",
    "tabs.run": "q1\tQ0\td3\t1\t0.75\tsys\nq1\tQ0\td1\t2\t0.5\tsys\nq3\tQ0\td2\t1\t-1.25\tsys\n",
}


def lines_of(path):
    run = read_run(path).resolve(QUERIES, DOCUMENTS)
    return [
        (QUERIES[query], DOCUMENTS[document], score)
        for query, document, score in zip(
            run.queries, run.documents, run.scores.tolist(), strict=True
        )
    ]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", TEXTS)
def test_text_of_other_systems_is_read(tmp_path, name, packed):
    path = tmp_path / (name + ".gz" * packed)
    data = TEXTS[name].encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    assert lines_of(path) == FOUND


def test_parquet_of_other_systems_is_read(tmp_path):
    path = tmp_path / "run.parquet"
    columns = {"docid": ["d3", "d1", "d2"], "sim": [0.75, 0.5, -1.25], "qid": ["q1", "q1", "q3"]}
    pq.write_table(pa.table(columns), path)
    assert lines_of(path) == FOUND


def test_ids_that_are_numbers_are_read_as_text(tmp_path):
    path = tmp_path / "run.parquet"
    pq.write_table(pa.table({"query_id": [7], "document_id": [8], "score": [1]}), path)
    run = read_run(path).resolve(["7"], ["8"])
    assert run.scores.tolist() == [1.0]


@pytest.mark.parametrize("suffix", KINDS)
def test_what_is_written_is_read_back_and_has_the_same_bytes_each_time(tmp_path, suffix):
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
    write_run(one, CANDIDATES)
    write_run(other, CANDIDATES)
    assert lines_of(one) == FOUND
    assert one.read_bytes() == other.read_bytes()


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_scores_come_back_as_they_were(tmp_path_factory, score):
    folder = tmp_path_factory.mktemp("runs")
    for suffix in (".tsv", ".trec", ".parquet"):
        write_run(folder / f"run{suffix}", [Candidate("q", "d", 1, score, "t")])
        assert read_run(folder / f"run{suffix}").scores.tolist() == [score]


def test_lines_in_any_order_come_best_first(tmp_path):
    path = tmp_path / "run.tsv"
    path.write_text("q1\td4\t1\nq2\td1\t3\nq1\td2\t9\nq1\td1\t1\n")
    run = read_run(path).resolve(QUERIES, DOCUMENTS)
    assert [DOCUMENTS[row] for row in run.of(0)[0]] == ["d2", "d1", "d4"]
    assert [len(run.of(row)[0]) for row in range(3)] == [3, 1, 0]
    assert run.scores.dtype == np.float32


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("run.csv", "q1,d1,1", "not a known kind of run file"),
        ("run.tsv", "", "holds no line"),
        ("run.tsv", "query_id\tdocument_id\tscore\n", "holds no line"),
        ("run.tsv", "q1 d1 0.5\n", "run.tsv:1: not a line of a run: 'q1 d1 0.5'"),
        ("run.tsv", "q1\td1\t0.5\n\nq1\td2\n", "run.tsv:3: fields: 2"),
        ("run.trec", "q1 Q0 d1 1 0.5 t\nq1 Q0 d2 2 0.5\n", "run.trec:2: fields: 5"),
        ("run.tsv", "q1\td1\t0.5\nq1\td2\tnan\n", "run.tsv:2: the score 'nan' is not a finite"),
        ("run.tsv", "q1\td1\t0.5\nq1\td2\tinf\n", "run.tsv:2: the score 'inf' is not a finite"),
        ("run.tsv", "q1\td1\t1e300\n", "run.tsv:1: the score '1e300' is not a finite"),
        ("run.tsv", "qid\tdocid\trelevance\nq1\td1\t1\n", "run.tsv:1: the score 'relevance'"),
        ("run.tsv", "q1\td1\t0.5\nq2\t\t0.5\n", "run.tsv:2: an id is empty"),
        ("run.tsv", "q1\td1\t0.5\t1\n", "run.tsv:1: '0.5' stands where a rank was expected"),
        (
            "run.tsv",
            "q1\td1\t.5\nq2\td1\t.5\nq2\td2\t.4\n\nq1\td1\t.6\nq2\td1\t.1\n",
            "run.tsv:5: query 'q1' and document 'd1' stand together twice, first on line 1",
        ),
        ("run.tsv", "q1\td1\t1\nq2\td1\t1\nq1\td2\t2\n", "ranks, it seems"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(DataError) as raised:
        read_run(path)
    assert said in str(raised.value)
    assert len(str(raised.value).splitlines()) <= 3


def test_parquet_that_cannot_be_used_is_refused(tmp_path):
    path = tmp_path / "run.parquet"
    with pytest.raises(DataError, match="cannot be read"):
        read_run(path)
    path.write_bytes(b"not parquet")
    with pytest.raises(DataError, match="broken parquet"):
        read_run(path)
    pq.write_table(pa.table({"query_id": ["q"], "text": ["t"]}), path)
    with pytest.raises(DataError, match=r"lacks a column.*\n.*query_id, text"):
        read_run(path)
    pq.write_table(pa.table({"qid": ["q", "q"], "docid": ["d", "e"], "score": [1.0, None]}), path)
    with pytest.raises(DataError, match=r"run\.parquet:2: the score ''"):
        read_run(path)


def test_unknown_ids_are_counted_and_shown_beside_known_ones(tmp_path):
    path = tmp_path / "run.tsv"
    path.write_text("q1\td1\t1\nq1\tx9\t.5\nq2\tx8\t.5\nq2\tx9\t.4\n")
    with pytest.raises(DataError) as raised:
        read_run(path).resolve(QUERIES, DOCUMENTS)
    assert "unknown document ids: 2 of 3, such as 'x9', 'x8'" in str(raised.value)
    assert "Known ids look like 'd1', 'd2', 'd3'" in str(raised.value)
    with pytest.raises(DataError, match="unknown query ids: 1 of 2, such as 'q2'"):
        read_run(path).resolve(["q1"], [*DOCUMENTS, "x8", "x9"])


def test_ids_that_stand_for_two_rows_are_refused(tmp_path):
    path = tmp_path / "run.tsv"
    path.write_text("q1\td1\t0.5\n")
    with pytest.raises(DataError, match="two of the documents have the id 'd1'"):
        read_run(path).resolve(QUERIES, ["d1", "d2", "d1"])


@pytest.mark.parametrize("suffix", [".tsv", ".trec.gz"])
def test_an_id_that_would_part_a_line_is_not_written(tmp_path, suffix):
    path = tmp_path / f"run{suffix}"
    with pytest.raises(DataError, match="parts fields"):
        write_run(path, [*CANDIDATES, Candidate("q\t1", "d", 1, 0.5, "t")])
    assert list(tmp_path.iterdir()) == []
