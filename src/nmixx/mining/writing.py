"""What mining leaves behind: every candidate with its score, every choice with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nmixx.mining.choices import compares_documents
from nmixx.mining.miner import MiningResult, Negative
from nmixx.mining.rules import IntArray
from nmixx.mining.runs import distinct_pairs
from nmixx.mining.settings import MiningSettings
from nmixx.mining.teachers.protocol import Scorer, Teacher
from nmixx.records import Document, Dropped, Pair
from nmixx.storage import atomic_file, write_json, write_records

SIMILARITIES = "similarities.parquet"
CONSENSUS = "consensus.parquet"


@dataclass(frozen=True)
class Opened:
    """A teacher and what it became on a pool."""

    teacher: Teacher
    scorer: Scorer


def write_result(
    result: MiningResult,
    settings: MiningSettings,
    out: Path,
    *,
    first: Opened,
    second: Opened | None = None,
) -> None:
    """Write a mining run so that it can be read, trained on, and chosen from again.

    ``run.parquet`` holds all candidates with rank and score, ``queries.parquet`` and
    ``documents.parquet`` the texts behind its ids, ``similarities.parquet`` how close candidates
    are to positives where the teacher can tell, ``consensus.parquet`` what a second teacher gives
    candidates and positives, if one was asked, ``negatives.parquet`` what was chosen,
    ``dropped.parquet`` what was not and why, ``report.json`` the counts.

    Args:
        result: from :func:`nmixx.mining.miner.mine_pool`.
        settings: what it was mined with, for the report.
        out: a folder.
        first: the teacher that was asked for candidates.
        second: the teacher that had to agree.
    """
    teacher = first.teacher
    pool, run = result.pool, result.run
    write_records(out / "queries.parquet", Pair, _query_rows(result))
    used = sorted({*run.documents.tolist(), *(r for q in pool.queries for r in q.positives)})
    write_records(out / "documents.parquet", Document, [pool.documents[row] for row in used])
    _write_run(out / "run.parquet", result, teacher.name)
    _write_similarities(out / SIMILARITIES, result, first.scorer)
    _write_consensus(out / CONSENSUS, result, second)
    write_records(out / "negatives.parquet", Negative, result.negatives)
    write_records(out / "dropped.parquet", Dropped, result.dropped)
    choice = settings.choice
    head = {"teacher": teacher.name, "bounded": teacher.bounded}
    head |= {"policy": choice.policy, "margin": choice.margin, "apart": choice.apart}
    if second is not None:
        other = second.teacher
        head["consensus"] = {"teacher": other.name, "bounded": other.bounded}
    write_json(out / "report.json", head | result.report())


def _query_rows(result: MiningResult) -> list[Pair]:
    """Give the pairs behind the queries, with the query's id and the positive's document."""
    pool, scores = result.pool, iter(result.selection.positives.scores.tolist())
    return [
        replace(
            pair,
            extra=pair.extra
            | {
                "query_id": query.id,
                "positive_id": pool.documents[row].id,
                "positive_score": next(scores),
            },
        )
        for query, pairs in zip(pool.queries, pool.pairs, strict=True)
        for pair, row in zip(pairs, query.positives, strict=True)
    ]


def _write_run(path: Path, result: MiningResult, teacher: str) -> None:
    """Write the run column by column; a row object for each candidate would cost too much."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pool, run = result.pool, result.run
    columns = {
        "query_id": _names([query.id for query in pool.queries], run.queries),
        "document_id": _names([document.id for document in pool.documents], run.documents),
        "rank": pa.array(run.ranks),
        "score": pa.array(run.scores.astype(np.float64)),
        "teacher": pa.array([teacher] * len(run.ranks), pa.string()),
    }
    with atomic_file(path) as temporary:
        pq.write_table(pa.table(columns), temporary, compression="zstd")


def _names(ids: Sequence[str], rows: IntArray) -> object:
    """Look the ids of rows up, as an Arrow column."""
    import pyarrow as pa

    return pa.array(ids, pa.string()).take(pa.array(rows))


def _write_consensus(path: Path, result: MiningResult, second: Opened | None) -> None:
    """Let the second teacher score candidates and positives, so that it can be asked again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if second is None:
        path.unlink(missing_ok=True)  # of an earlier run in the folder
        return
    pool, run, positives = result.pool, result.run, result.selection.positives
    queries, documents = distinct_pairs(
        np.append(run.queries, positives.queries), np.append(run.documents, positives.documents)
    )
    scores = second.scorer.pairs(queries, documents)
    known = ~np.isnan(scores)
    columns = {
        "query_id": _names([query.id for query in pool.queries], queries[known]),
        "document_id": _names([document.id for document in pool.documents], documents[known]),
        "score": pa.array(scores[known].astype(np.float64)),
    }
    with atomic_file(path) as temporary:
        pq.write_table(pa.table(columns), temporary, compression="zstd")


def _write_similarities(path: Path, result: MiningResult, scorer: Scorer) -> None:
    """Compare each candidate with its query's positives, where the teacher can.

    A policy that looks at that similarity can then be tried without the teacher.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not compares_documents(scorer):
        path.unlink(missing_ok=True)  # another teacher's, from an earlier run in the folder
        return
    run, queries = result.run, result.pool.queries
    positives = [queries[number].positives for number in run.queries.tolist()]
    one = np.repeat(run.documents, [len(rows) for rows in positives])
    other = np.array([row for rows in positives for row in rows], dtype=np.int64)
    one, other = np.unique(np.stack([one, other]), axis=1)
    ids = [document.id for document in result.pool.documents]
    columns = {
        "document_id": _names(ids, one),
        "positive_id": _names(ids, other),
        "score": pa.array(scorer.similarity(one, other).astype(np.float64)),
    }
    with atomic_file(path) as temporary:
        pq.write_table(pa.table(columns), temporary, compression="zstd")
