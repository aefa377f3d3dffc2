"""Synthetic embeddings, shaped like those of a real corpus; made quickly, and in any size.

Real corpora are lumpy: a few events are told a thousand times, most a few times. So documents lie
around stories, stories around topics, and topics around a common direction. A few stories hold
hundreds of documents, most a handful. A query is a distorted copy of something between its positive
and the positive's story. Measured on 200,000 documents and 400 queries: positives score 0.62 to
0.91 with their queries (1st to 99th percentile), the best negative 0.69 to 0.87 (5th to 95th), any
document 0.08 on average; six positives in ten are not the best hit; 12 % of the queries have more
than 37 documents above TopK-PercPos 0.95, 40 % above 0.80.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.mining.rules import IntArray

DIMENSIONS = 384
TOPICS = 500
TOPIC_TO_COMMON, STORY_TO_TOPIC = 0.5, 0.7
"""Cosines of topics with the common direction, and of stories with their topic."""
DOCUMENT_TO_STORY = (0.65, 0.92)
QUERY_TO_AIM = (0.75, 0.97)
POSITIVE_SHARE = 0.3
"""What a query aims at is so much of its positive, the rest of the positive's story."""
BLOCK = 16384


@dataclass(frozen=True)
class Vectors:
    """Memory-mapped vectors, and the document row of each query's positive, shape (queries,)."""

    queries: FloatArray
    documents: FloatArray
    positives: IntArray


def make_documents(folder: Path, count: int, stories: int, seed: int) -> None:
    """Write documents, block by block; the first ones are the same however many there are.

    Args:
        folder: where ``documents.npy`` and ``stories.npy``, the story of each, are written.
        count: documents.
        stories: how many there are to tell.
        seed: of everything random.
    """
    vectors = np.lib.format.open_memmap(
        folder / "documents.npy", "w+", np.float32, (count, DIMENSIONS)
    )
    centres = _make_stories(stories, seed)
    told = np.empty(count, dtype=np.int64)
    for number, start in enumerate(range(0, count, BLOCK)):
        chooser = np.random.default_rng([seed, 1, number])
        # Squares of even numbers crowd at zero: the first stories are told often.
        some = (stories * chooser.random(BLOCK) ** 2).astype(np.int64)
        block = _stray(centres[some], DOCUMENT_TO_STORY, chooser)
        stop = min(start + BLOCK, count)
        told[start:stop], vectors[start:stop] = some[: stop - start], block[: stop - start]
    np.save(folder / "stories.npy", told)


def make_queries(folder: Path, count: int, documents: int, stories: int, seed: int) -> None:
    """Write queries whose positives lie anywhere among the first so many documents.

    Args:
        folder: holds the documents.
        count: queries.
        documents: documents that take part.
        stories: as given when the documents were made.
        seed: of everything random.
    """
    chooser = np.random.default_rng([seed, 2, count, documents])
    positives = chooser.choice(documents, count, replace=False)
    centres = _make_stories(stories, seed)[np.load(folder / "stories.npy")[positives]]
    chosen = np.load(folder / "documents.npy", mmap_mode="r")[positives]
    aims = _scale(centres + POSITIVE_SHARE * (chosen - centres))
    np.save(_file(folder, "queries", count, documents), _stray(aims, QUERY_TO_AIM, chooser))
    np.save(_file(folder, "positives", count, documents), positives)


def open_vectors(folder: Path, queries: int, documents: int) -> Vectors:
    """Map queries and the documents that take part."""
    whole = np.load(folder / "documents.npy", mmap_mode="r")
    return Vectors(
        np.load(_file(folder, "queries", queries, documents), mmap_mode="r"),
        # A mapping of its own, not a slice, as the embedding store would give for a corpus of
        # this size.
        np.memmap(
            folder / "documents.npy",
            np.float32,
            "r",
            offset=whole.offset,
            shape=(documents, DIMENSIONS),
        ),
        np.load(_file(folder, "positives", queries, documents)),
    )


def read_whole(mapped: FloatArray) -> FloatArray:
    """Read mapped vectors into memory, without leaving the mapping's pages there, too."""
    assert isinstance(mapped, np.memmap)
    read: FloatArray = np.fromfile(
        str(mapped.filename), np.float32, mapped.size, offset=mapped.offset
    )
    return read.reshape(mapped.shape)


def _file(folder: Path, what: str, queries: int, documents: int) -> Path:
    """Name the file of queries or of their positives."""
    return folder / f"{what}-{queries}-{documents}.npy"


def _make_stories(count: int, seed: int) -> FloatArray:
    """Make the centres of stories, shape (stories, dimensions)."""
    chooser = np.random.default_rng([seed, 0])
    common = _scale(_draw(1, chooser))
    topics = _stray(np.repeat(common, TOPICS, axis=0), (TOPIC_TO_COMMON,) * 2, chooser)
    of_stories = chooser.integers(TOPICS, size=count)
    return _stray(topics[of_stories], (STORY_TO_TOPIC,) * 2, chooser)


def _stray(
    centres: FloatArray, cosines: tuple[float, float], chooser: np.random.Generator
) -> FloatArray:
    """Move unit vectors away, to about a cosine between two bounds with where they were."""
    near = chooser.uniform(*cosines, (len(centres), 1)).astype(np.float32)
    far: FloatArray = np.sqrt(np.float32(1) - near * near)
    return _scale(near * centres + far * _draw(len(centres), chooser))


def _draw(count: int, chooser: np.random.Generator) -> FloatArray:
    """Draw vectors of any direction and of about unit length."""
    drawn = chooser.standard_normal((count, DIMENSIONS), dtype=np.float32)
    scaled: FloatArray = drawn / np.float32(np.sqrt(DIMENSIONS))
    return scaled


def _scale(vectors: FloatArray) -> FloatArray:
    """Bring vectors to unit length."""
    scaled: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled
