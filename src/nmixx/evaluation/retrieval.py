"""Retrieval: queries, documents, and which document answers which query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from nmixx.errors import DataError
from nmixx.evaluation.cells import read_cell, read_number
from nmixx.evaluation.examples import Examples, group_by_length, split
from nmixx.evaluation.lexical import BM25, find_lexically
from nmixx.evaluation.ndcg import IntArray, ndcg, recall, reciprocal_ranks, search_best
from nmixx.evaluation.settings import RetrievalTask
from nmixx.evaluation.surface import doubt_size
from nmixx.evaluation.tasks import Lookup, hash_data, require_rows

FILES = {
    "corpus": ("corpus.jsonl", "corpus.jsonl.gz"),
    "queries": ("queries.jsonl", "queries.jsonl.gz"),
    "qrels": ("qrels.jsonl", "qrels.jsonl.gz", "qrels.tsv", "qrels/test.tsv"),
}
"""Where each part of a retrieval folder may lie."""

RECALLS = (1, 10, 100)
DEPTH = max(RECALLS)


@dataclass(frozen=True)
class RetrievalData:
    """The judged queries of one task and the documents to search."""

    kind: ClassVar[str] = "retrieval"
    metric: ClassVar[str] = "ndcg@10"

    name: str
    queries: Sequence[str]
    rows: Sequence[int]
    documents: Sequence[str]
    relevant: Sequence[Mapping[int, float]]
    data: str
    categories: Sequence[str] = ()
    official: Any = field(default=None, compare=False)
    """The task of mteb's that the data came from."""

    @classmethod
    def load(cls, name: str, settings: RetrievalTask) -> RetrievalData:
        """Read a folder of corpus, queries and qrels, or a file of pairs.

        Raises:
            DataError: a file is missing or broken, a judgement names an unknown query or
                document, or fewer than two queries are judged.
        """
        folder = Path(settings.path)
        parts = _read_folder(folder, settings.columns) if folder.is_dir() else _read_pairs(settings)
        queries, documents, relevant, categories = parts
        judged = [number for number, gains in enumerate(relevant) if gains]
        require_rows(name, settings.path, len(judged), "judged queries")
        return cls(
            name,
            [queries[number] for number in judged],
            [number + 1 for number in judged],
            documents,
            [relevant[number] for number in judged],
            hash_data(settings.path, parts),
            [categories[number] for number in judged],
        )

    def texts(self) -> Iterable[str]:
        """Judged queries and all documents."""
        return (*self.queries, *self.documents)

    def measure(self, lookup: Lookup) -> Examples:
        """Score each query by nDCG@10; MRR and recall beside it."""
        found = search_best(
            lookup(self.queries, "query"), lookup(self.documents, "document"), k=DEPTH
        )
        return self.judge(found)

    def judge(self, found: IntArray) -> Examples:
        """Score what was found for each query.

        Args:
            found: document indices, best first, shape (queries, documents found).
        """
        values = ndcg(found, self.relevant)
        metrics = {"mrr@10": float(reciprocal_ranks(found, self.relevant).mean())}
        for k in RECALLS:
            metrics[f"recall@{k}"] = float(recall(found, self.relevant, k=k).mean())
        return Examples(values, None, split(values, None, self._groups), metrics)

    @cached_property
    def _groups(self) -> dict[str, Sequence[str]]:
        """Name each query's direction of languages, its category and its quarter by length."""
        directions = [
            _direction(query, self.documents[next(iter(gains))])
            for query, gains in zip(self.queries, self.relevant, strict=True)
        ]
        return {
            "direction": directions,
            "category": self.categories or [""] * len(self.queries),
            "length": group_by_length([len(query) for query in self.queries]),
        }

    def surface(self) -> Mapping[str, float]:
        """Search by BM25."""
        found = find_lexically(self.queries, self.documents, k=10)
        return {} if found is None else {BM25: float(ndcg(found, self.relevant).mean())}

    def doubts(self) -> list[str]:
        """Say when there are too few queries, or so few documents that all are near the top."""
        doubts = doubt_size(len(self.queries), "judged queries")
        if len(self.documents) <= 10:
            doubts.append(f"only {len(self.documents)} documents: every one is among the first 10")
        return doubts


Parts = tuple[list[str], list[str], list[dict[int, float]], list[str]]
"""Queries, documents, relevant documents of each query, and each query's category."""


def _read_pairs(settings: RetrievalTask) -> Parts:
    """Turn pairs into distinct queries, distinct documents, and which belong together."""
    from nmixx.corpus.shapes import read_pairs

    queries: dict[str, int] = {}
    documents: dict[str, int] = {}
    relevant: list[dict[int, float]] = []
    categories: list[str] = []
    for pair in read_pairs(settings.path, settings.columns):
        query = queries.setdefault(pair.anchor, len(queries))
        document = documents.setdefault(pair.positive, len(documents))
        if query == len(relevant):
            relevant.append({})
            categories.append(pair.category)
        relevant[query][document] = 1.0
    return list(queries), list(documents), relevant, categories


def _read_folder(folder: Path, columns: Mapping[str, str]) -> Parts:
    """Read corpus, queries and judgements; what is judged 0 or less is not relevant."""
    from nmixx.corpus.readers import read_rows

    documents = _read_texts(_find(folder, "corpus"), columns)
    queries = _read_texts(_find(folder, "queries"), columns)
    document_at = {key: number for number, key in enumerate(documents)}
    query_at = {key: number for number, key in enumerate(queries)}
    relevant: list[dict[int, float]] = [{} for _ in queries]
    judgements = _find(folder, "qrels")
    for number, row in read_rows(str(judgements)):
        where = f"{judgements}, row {number}"
        query = _place(query_at, read_cell(row, "query_id", columns, where), "query", where)
        document = _place(
            document_at, read_cell(row, "corpus_id", columns, where), "document", where
        )
        score = read_number(read_cell(row, "score", columns, where), where)
        if score > 0:
            relevant[query][document] = score
    return list(queries.values()), list(documents.values()), relevant, [""] * len(relevant)


def _direction(query: str, document: str) -> str:
    """Name the languages of a query and of what answers it; nothing where one is not known."""
    from nmixx.corpus.language import detect_language

    languages = detect_language(query), detect_language(document)
    return " → ".join(str(each) for each in languages) if all(languages) else ""


def _find(folder: Path, part: str) -> Path:
    """Find one part of a retrieval folder."""
    for name in FILES[part]:
        if (folder / name).exists():
            return folder / name
    raise DataError(f"{folder}: holds no {part}.\nExpected one of: {', '.join(FILES[part])}.")


def _read_texts(path: Path, columns: Mapping[str, str]) -> dict[str, str]:
    """Read texts by id; a title stands before its text, as in BEIR."""
    from nmixx.corpus.readers import read_rows

    texts: dict[str, str] = {}
    for number, row in read_rows(str(path)):
        where = f"{path}, row {number}"
        key = str(read_cell(row, "id", columns, where))
        if key in texts:
            raise DataError(f"{where}: the id {key!r} was there before; ids must be unique.")
        text = str(read_cell(row, "text", columns, where))
        texts[key] = f"{row.get('title') or ''} {text}".strip()
    return texts


def _place(places: Mapping[str, int], key: object, what: str, where: str) -> int:
    """Look up an id."""
    place = places.get(str(key))
    if place is None:
        raise DataError(f"{where}: there is no {what} with the id {str(key)!r}.")
    return place
