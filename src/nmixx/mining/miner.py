"""Mining hard negatives for pairs from a corpus, with a dense teacher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nmixx.corpus.clean import normalise_key
from nmixx.corpus.groups import join_groups
from nmixx.encoding import EmbeddingStore, FloatArray
from nmixx.mining.policies import POLICIES
from nmixx.mining.search import search_below
from nmixx.mining.settings import MiningSettings
from nmixx.records import Candidate, Document, Dropped, Pair, Record, Triplet


@dataclass(frozen=True)
class Negative(Record):
    """A mined hard negative with everything that decided on it."""

    query_id: str
    document_id: str
    anchor: str
    positive: str
    negative: str
    anchor_lang: str
    positive_lang: str
    negative_lang: str
    positive_kind: str
    category: str
    group: str
    rank: int
    score: float
    positive_score: float
    threshold: float
    extra: dict[str, Any] = field(default_factory=dict, repr=False)

    def to_triplet(self) -> Triplet:
        """Give the triplet to train on."""
        return Triplet(
            anchor=self.anchor,
            positive=self.positive,
            negative=self.negative,
            category=self.category,
            anchor_lang=self.anchor_lang,
            positive_lang=self.positive_lang,
            negative_lang=self.negative_lang,
            positive_kind=self.positive_kind,
            negative_kind="mined",
            confidence=1.0,
            group=self.group,
            provenance=f"mined:{self.query_id}:{self.document_id}",
        )


@dataclass(frozen=True)
class MiningResult:
    """Both sides of mining: what was found, and which queries came short."""

    run: list[Candidate]
    negatives: list[Negative]
    dropped: list[Dropped]

    def counts(self) -> dict[str, int]:
        """Count queries, negatives and shortfalls, for the report and the manifest."""
        queries = {negative.query_id for negative in self.negatives}
        return {
            "queries_with_negatives": len(queries),
            "negatives": len(self.negatives),
            "queries_short": len(self.dropped),
        }


def mine_pairs(
    pairs: Sequence[Pair],
    documents: Sequence[Document],
    store: EmbeddingStore,
    settings: MiningSettings,
    *,
    teacher: str,
) -> MiningResult:
    """Find hard negatives for the anchors of pairs.

    Candidates are the documents and all texts of the pairs. Never found are the anchor, its
    positive, anything equal to either after normalisation, and anything of the pair's group.

    Args:
        pairs: each anchor is a query, its positive sets the threshold.
        documents: more candidates.
        store: encodes with the teacher.
        settings: policy, margin and number of negatives.
        teacher: the teacher's name, written beside each candidate.
    """
    run: list[Candidate] = []
    negatives: list[Negative] = []
    dropped: list[Dropped] = []
    candidates = _candidates(pairs, documents)
    groups = _number_groups(pairs, documents)
    for lang in sorted({pair.positive_lang for pair in pairs}):
        queries = [pair for pair in pairs if pair.positive_lang == lang]
        pool = [d for d in candidates if d.lang == lang or not settings.same_language]
        found = _mine_language(queries, pool, groups, store, settings, teacher)
        run += found.run
        negatives += found.negatives
        dropped += found.dropped
    return MiningResult(run, negatives, dropped)


def _mine_language(
    queries: Sequence[Pair],
    pool: Sequence[Document],
    groups: Mapping[str, int],
    store: EmbeddingStore,
    settings: MiningSettings,
    teacher: str,
) -> MiningResult:
    """Mine for the queries whose positives are in one language."""
    anchors = store.encode([pair.anchor for pair in queries], label="encoding anchors")
    positives = store.encode([pair.positive for pair in queries], label="encoding positives")
    vectors = store.encode([document.text for document in pool], label="encoding candidates")
    positive_scores: FloatArray = np.einsum("ij,ij->i", anchors, positives)
    thresholds = POLICIES[settings.policy](positive_scores, settings.margin)
    hits = search_below(
        np.asarray(anchors),
        vectors,
        thresholds,
        np.array([groups[pair.group] for pair in queries], dtype=np.int64),
        np.array([groups[document.group] for document in pool], dtype=np.int64),
        k=settings.negatives,
        block=settings.block,
    )
    result = MiningResult([], [], [])
    for number, pair in enumerate(queries):
        found = [
            (int(index), float(score))
            for index, score in zip(hits.indices[number], hits.scores[number], strict=True)
            if index >= 0
        ]
        for rank, (index, score) in enumerate(found, start=1):
            document = pool[index]
            result.run.append(Candidate(pair.id, document.id, rank, score, teacher))
            result.negatives.append(
                _negative(
                    pair,
                    document,
                    rank,
                    score,
                    float(positive_scores[number]),
                    float(thresholds[number]),
                )
            )
        if len(found) < settings.negatives:
            detail = f"{len(found)} of {settings.negatives} found below {thresholds[number]:.3f}"
            result.dropped.append(
                Dropped(pair.id, pair.anchor, teacher, "too few negatives", detail)
            )
    return result


def _negative(
    pair: Pair,
    document: Document,
    rank: int,
    score: float,
    positive_score: float,
    threshold: float,
) -> Negative:
    """Join a pair and a found document."""
    return Negative(
        query_id=pair.id,
        document_id=document.id,
        anchor=pair.anchor,
        positive=pair.positive,
        negative=document.text,
        anchor_lang=pair.anchor_lang,
        positive_lang=pair.positive_lang,
        negative_lang=document.lang,
        positive_kind=pair.kind,
        category=pair.category,
        group=pair.group,
        rank=rank,
        score=score,
        positive_score=positive_score,
        threshold=threshold,
    )


def _candidates(pairs: Sequence[Pair], documents: Sequence[Document]) -> list[Document]:
    """Join documents and both sides of the pairs, each text once after normalisation."""
    seen: dict[str, Document] = {}
    for document in documents:
        seen.setdefault(normalise_key(document.text), document)
    for pair in pairs:
        for side, text, lang in (
            ("anchor", pair.anchor, pair.anchor_lang),
            ("positive", pair.positive, pair.positive_lang),
        ):
            document = Document(f"{pair.id}#{side}", text, lang, pair.category, pair.group, "pairs")
            seen.setdefault(normalise_key(text), document)
    return list(seen.values())


def _number_groups(pairs: Sequence[Pair], documents: Sequence[Document]) -> dict[str, int]:
    """Give every group a number; groups that have a text in common, but for form, share one."""
    rows = [(pair.group, [pair.anchor, pair.positive]) for pair in pairs]
    rows += [(document.group, [document.text]) for document in documents]
    groups = [group for group, _ in rows]
    keys = [
        (("group", group), *(("text", normalise_key(text)) for text in texts))
        for group, texts in rows
    ]
    joined = join_groups(groups, keys)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(joined))}
    return {group: numbers[name] for group, name in zip(groups, joined, strict=True)}
