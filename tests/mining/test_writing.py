"""What mining leaves behind can be read, adds up, and is the same bytes every time."""

from collections import Counter

import numpy as np
import pytest

from mining.worlds import make_documents, mine
from nmixx.mining import MiningSettings, mine_hard_negatives
from nmixx.mining.miner import Negative
from nmixx.mining.teachers.lexical import LexicalTeacher
from nmixx.records import Candidate, Document, Dropped, Pair
from nmixx.storage import read_json, read_records

SETTINGS = MiningSettings(negatives=3)


def test_the_run_holds_every_candidate_by_rank(pairs, tmp_path):
    result = mine(pairs, make_documents(), tmp_path, SETTINGS)
    lines = read_records(tmp_path / "mined" / "run.parquet", Candidate)
    by_pair = {(line.query_id, line.document_id): line for line in lines}
    assert len(by_pair) == len(lines) >= 32 * len(pairs)
    for one in pairs:
        own = [line for line in lines if line.query_id == one.id]
        assert [line.rank for line in own] == list(range(1, len(own) + 1))
        assert [line.score for line in own] == sorted((line.score for line in own), reverse=True)
    for negative in result.negatives:
        line = by_pair[negative.query_id, negative.document_id]
        assert (line.rank, line.score, line.teacher) == (negative.rank, negative.score, "hash")


def read_all(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


FILES = {
    "run.parquet",
    "queries.parquet",
    "documents.parquet",
    "similarities.parquet",
    "negatives.parquet",
    "dropped.parquet",
    "report.json",
}


def test_the_same_input_twice_gives_the_same_bytes(pairs, tmp_path):
    options = SETTINGS.model_copy(
        update={"queries": 7, "corpus_documents": 40, "sampling": "random"}
    )
    for name in ("one", "other"):
        mine(pairs, make_documents(), tmp_path / name, options, seed=3)
    one = read_all(tmp_path / "one" / "mined")
    assert one == read_all(tmp_path / "other" / "mined")
    assert set(one) == FILES


def test_the_files_hold_the_result(pairs, tmp_path):
    options = SETTINGS.model_copy(update={"queries": 7, "corpus_documents": 40})
    result = mine(pairs, make_documents(), tmp_path, options)
    out = tmp_path / "mined"
    assert read_records(out / "negatives.parquet", Negative) == result.negatives
    texts = {found.id: found.text for found in read_records(out / "documents.parquet", Document)}
    assert all(texts[row.document_id] == row.negative for row in result.negatives)
    queries = read_records(out / "queries.parquet", Pair)
    assert [(row.id, row.extra["query_id"]) for row in queries] == [
        (some[0].id, query.id)
        for query, some in zip(result.pool.queries, result.pool.pairs, strict=True)
    ]
    assert all(texts[row.extra["positive_id"]] == row.positive for row in queries)
    dropped = read_records(out / "dropped.parquet", Dropped)
    assert [(row.id, row.reason) for row in dropped] == [
        (row.id, row.reason) for row in result.dropped
    ]


def test_the_report_counts(pairs, tmp_path):
    options = SETTINGS.model_copy(update={"queries": 7, "margin": 0.9})
    result = mine(pairs, make_documents(40), tmp_path, options)
    report = read_json(tmp_path / "mined" / "report.json")
    assert report == {
        "teacher": "hash",
        "bounded": True,
        "policy": "perc_pos",
        "margin": 0.9,
        "apart": None,
        **result.report(),
    }
    assert (report["queries"], report["documents"]) == (7, 54)
    assert (report["queries_with_negatives"], report["negatives"]) == (7, 21)
    assert report["tiers"] == {"policy": 21}
    scores = [row.score for row in result.negatives]
    assert report["mean_negative_score"] == pytest.approx(np.mean(scores))
    assert report["mean_negative_score"] < report["mean_positive_score"]
    assert report["dropped"] == Counter(row.reason for row in result.dropped)


def test_a_teacher_that_cannot_compare_leaves_no_similarities_of_another(pairs, tmp_path):
    naive = MiningSettings(policy="naive")
    mine(pairs, make_documents(), tmp_path, naive)
    assert (tmp_path / "mined" / "similarities.parquet").exists()
    mine_hard_negatives(pairs, make_documents(), LexicalTeacher(), naive, tmp_path / "mined")
    assert not (tmp_path / "mined" / "similarities.parquet").exists()
    assert read_json(tmp_path / "mined" / "report.json")["bounded"] is False
