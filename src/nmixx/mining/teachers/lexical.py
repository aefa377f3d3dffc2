"""The lexical teacher: BM25 over Korean morphemes and stems of words."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining.rules import FREE, IntArray, Rules
from nmixx.mining.selection import Compare, answer
from nmixx.mining.teachers.protocol import Hits, Query, Teacher, Tier
from nmixx.mining.teachers.table import refuse_comparison
from nmixx.records import Document
from nmixx.words.tokens import tokenize


@dataclass(frozen=True)
class LexicalTeacher:
    """BM25 (Robertson and Zaragoza 2009) in Lucene's form, by bm25s (Lù 2024, arXiv 2407.03618).

    A document that has no word in common with a query scores 0 and is not found by it: all such
    documents tie, and the pool's first ones would become everybody's negatives.

    Attributes:
        k1: how soon repeating a word stops to count.
        b: how far long documents are marked down, 0 to 1.
        comparer: a teacher that compares documents, for policies that ask.
    """

    k1: float = 1.5
    b: float = 0.75
    comparer: Teacher | None = None
    name: str = "bm25"
    bounded: bool = False

    def open(
        self, queries: Sequence[Query], documents: Sequence[Document], rules: Rules = FREE
    ) -> LexicalScorer:
        """Take all texts apart into words and index the documents.

        Raises:
            MissingExtraError: a text is Korean, and Kiwi is not installed.
        """
        texts = [*(d.text for d in documents), *(q.text for q in queries)]
        langs = [*(d.lang for d in documents), *(q.lang for q in queries)]
        words = tokenize(texts, langs)
        comparer = self.comparer.open(queries, documents) if self.comparer else None
        index = WordIndex(words[: len(documents)], k1=self.k1, b=self.b)
        return LexicalScorer(
            index,
            [index.number(some) for some in words[len(documents) :]],
            queries,
            comparer.similarity if comparer else refuse_comparison(self.name),
        )


class WordIndex:
    """BM25 scores of all documents for any words."""

    def __init__(self, documents: Sequence[Sequence[str]], *, k1: float, b: float) -> None:
        """Index documents, given as their words."""
        self._size = len(documents)
        # Numbered in order of appearance, not by a set's, so that each process does the same.
        self._numbers: dict[str, int] = {}
        for words in documents:
            for word in words:
                self._numbers.setdefault(word, len(self._numbers))
        self._index = self._build(documents, k1, b) if self._numbers else None

    def number(self, words: Sequence[str]) -> list[int]:
        """Turn words into numbers, without those that no document has."""
        return [self._numbers[word] for word in words if word in self._numbers]

    def score(self, numbers: list[int]) -> FloatArray:
        """Score all documents for words given as numbers, shape (documents,)."""
        if self._index is None or not numbers:
            return np.zeros(self._size, dtype=np.float32)
        scores: FloatArray = self._index.get_scores_from_ids(numbers)
        return scores

    def _build(self, documents: Sequence[Sequence[str]], k1: float, b: float) -> Any:  # noqa: ANN401
        """Build the index; bm25s ships no type information."""
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it asks for DEBUG on import
        index = bm25s.BM25(method="lucene", k1=k1, b=b)
        numbered = [self.number(words) for words in documents]
        index.index((numbered, self._numbers), create_empty_token=False, show_progress=False)
        return index


@dataclass(frozen=True, eq=False)
class LexicalScorer:
    """An index and the words of all queries.

    Scores are made query by query when they are asked for: those of all queries with all documents
    would not fit, and those of one query take about a millisecond.
    """

    index: WordIndex
    words: Sequence[list[int]]
    queries: Sequence[Query]
    compare: Compare

    def pairs(self, queries: IntArray, documents: IntArray) -> FloatArray:
        """Score pairs of rows, each query's together, shape (n,)."""
        scores: FloatArray = np.empty(len(queries), dtype=np.float32)
        order = np.argsort(queries, kind="stable")
        distinct, starts = np.unique(queries[order], return_index=True)
        for query, start, stop in zip(distinct, starts, [*starts[1:], len(order)], strict=False):
            places = order[start:stop]
            scores[places] = self.index.score(self.words[query])[documents[places]]
        return scores

    def search(self, tiers: Sequence[Tier], rules: Rules) -> list[Hits]:
        """Find the best documents below each query's ceiling, among all that share a word."""
        return answer(self._candidates, self.queries, tiers, rules, self.compare)

    def similarity(self, one: IntArray, other: IntArray) -> FloatArray:
        """Compare documents as the comparer does.

        Raises:
            InputError: there is none.
        """
        return self.compare(one, other)

    def _candidates(self, query: int) -> tuple[IntArray, FloatArray]:
        """Give the documents that share a word with a query."""
        scores = self.index.score(self.words[query])
        documents = np.flatnonzero(scores)
        return documents, scores[documents]
