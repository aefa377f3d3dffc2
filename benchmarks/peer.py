"""The peer: ``mine_hard_negatives`` of Sentence Transformers, on vectors that are given.

Its model hands over vectors which are already in memory, as its own ``encode`` would leave them. It
ends with a dataset of texts, in the shape that costs it least: ``n-tuple``, which holds the queries
that got all their negatives. All else is its default: cosine similarity, 16,384 queries at once,
and the window that it derives from the number of negatives when there is a margin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nmixx.encoding import FloatArray

Positives = Sequence[tuple[int, ...]]
"""Document rows of each query's positives."""


@dataclass(frozen=True)
class GivenVectors:
    """Stands in for a Sentence Transformers model whose vectors are known beforehand."""

    queries: FloatArray
    documents: FloatArray
    device: str = "cpu"

    def encode_query(self, texts: Sequence[str], **_: object) -> FloatArray:
        """Hand over the vectors of all queries."""
        assert len(texts) == len(self.queries)
        return self.queries

    def encode_document(self, texts: Sequence[str], **_: object) -> FloatArray:
        """Hand over the vectors of all documents."""
        assert len(texts) == len(self.documents)
        return self.documents

    def get_embedding_dimension(self) -> int:
        """Tell how long the vectors are."""
        return int(self.queries.shape[1])

    def similarity(self, one: Any, other: Any) -> Any:  # noqa: ANN401 - arrays of either library
        """Compare all with all as a model does by default."""
        from sentence_transformers.util import cos_sim

        return cos_sim(one, other)

    def similarity_pairwise(self, one: Any, other: Any) -> Any:  # noqa: ANN401
        """Compare pairs as a model does by default."""
        from sentence_transformers.util import pairwise_cos_sim

        return pairwise_cos_sim(one, other)


def prepare_call(
    model: GivenVectors, positives: Positives, negatives: int, *, use_faiss: bool
) -> Callable[[float], Any]:
    """Give a function that calls ``mine_hard_negatives`` at a margin of TopK-PercPos.

    Args:
        model: the vectors; the texts that belong to them are made of their rows.
        positives: of each query.
        negatives: wanted for each query.
        use_faiss: search with FAISS.
    """
    from datasets import Dataset
    from sentence_transformers.util import mine_hard_negatives

    stand_in: Any = model  # it asks for a class of its own, and calls these methods only
    corpus = [f"document {row}" for row in range(len(model.documents))]
    pairs = [(number, row) for number, rows in enumerate(positives) for row in rows]
    dataset = Dataset.from_dict(
        {
            "anchor": [f"query {number}" for number, _ in pairs],
            "positive": [corpus[row] for _, row in pairs],
        }
    )
    return lambda margin: mine_hard_negatives(
        dataset,
        stand_in,
        corpus=corpus,
        relative_margin=1 - margin,
        num_negatives=negatives,
        output_format="n-tuple",
        use_faiss=use_faiss,
        verbose=False,
    )
