"""Sticky tokens: repeated in a text, they pull its similarity to all others toward a constant.

After Chen et al., 2025, "Sticking to the Mean: Detecting Sticky Tokens in Text Embedding Models".
With u the mean similarity of single tokens to each other, a token t is sticky when inserting it
several times into a text b brings sim(a, b with t) near to u, whatever text a is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from nmixx.encoding import FloatArray
from nmixx.errors import DataError
from nmixx.settings import Settings
from nmixx.vocabulary.diagnosing.insertion import INSERTIONS, Frame, encode_ids
from nmixx.vocabulary.diagnosing.outliers import modified_z
from nmixx.vocabulary.reporting.coverage import sample_evenly

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

_LONGEST = 24
_NEAR = 0.2  # share of pairs so near to the constant that they cannot come nearer
_SINGLES = 512


class StickySettings(Settings):
    """How much is tried; the defaults take about a minute for a small model on two cores."""

    tokens: int = Field(default=2_000, ge=0, description="tokens tried; 0 tries all")
    repeats: int = Field(default=8, ge=1, description="times that a token is inserted")
    bases: int = Field(default=2, ge=1, description="texts that every token is inserted into")
    references: int = Field(default=64, ge=2, description="texts compared with")
    shortlist: float = Field(default=0.02, gt=0, le=1, description="share that is tried again")
    verified_bases: int = Field(default=20, ge=1, description="other texts for the second trial")
    agreement: float = Field(
        default=0.8, ge=0, le=1, description="share of pairs that a sticky token pulls"
    )


@dataclass(frozen=True)
class Sticky:
    """A token that pulls similarities together.

    Attributes:
        token: its id.
        pull: the share of the mean distance from the constant that it takes away; 1 puts all
            similarities on the constant, 0 none.
        agreement: share of pairs of texts whose similarity comes nearer to the constant.
        z: modified z-score of its pull among all tokens tried; over 3.5 it stands out.
    """

    token: int
    pull: float
    agreement: float
    z: float


@dataclass(frozen=True)
class StickySearch:
    """Sticky tokens, the strongest first, and what they were measured against.

    Attributes:
        found: tokens that passed both trials.
        constant: u, the mean similarity of single tokens.
        tried: tokens of the first trial.
        shortlisted: tokens of the second trial.
        typical_pull: median of the first trial.
        pairs: pairs of texts that count in the second trial.
    """

    found: Sequence[Sticky]
    constant: float
    tried: int
    shortlisted: int
    typical_pull: float
    pairs: int


@dataclass(frozen=True)
class _Trial:
    """Texts to insert into, texts to compare with, and the constant."""

    model: SentenceTransformer
    frame: Frame
    compared: FloatArray
    constant: float
    repeats: int
    seed: int

    def run(
        self, tokens: Sequence[int], bases: Sequence[list[int]], ways: Sequence[str]
    ) -> tuple[FloatArray, FloatArray, int]:
        """Give each token's pull and agreement, and the number of pairs that count."""
        chooser = np.random.default_rng(self.seed)
        kept = self.compared @ encode_ids(self.model, self.frame, bases).T
        sequences = [
            INSERTIONS[way](base, token, self.repeats, chooser)
            for token in tokens
            for base in bases
            for way in ways
        ]
        vectors = encode_ids(self.model, self.frame, sequences, label="inserting tokens")
        shape = (len(self.compared), len(tokens), len(bases), len(ways))
        moved = (self.compared @ vectors.T).reshape(shape)
        apart = np.abs(kept - self.constant)
        before = np.broadcast_to(apart[:, None, :, None], shape)
        counts = apart >= np.quantile(apart, _NEAR)
        counted = np.broadcast_to(counts[:, None, :, None], shape)
        after = np.abs(moved - self.constant)
        axes = (0, 2, 3)
        left = after.sum(axis=axes, where=counted) / before.sum(axis=axes, where=counted)
        nearer = (after < before).mean(axis=axes, where=counted)
        return 1 - left, nearer, int(counts.sum())


def find_sticky(
    model: SentenceTransformer,
    tokenizer: Tokenizer,
    tokens: Sequence[int],
    texts: Sequence[str],
    settings: StickySettings,
    *,
    seed: int = 0,
) -> StickySearch:
    """Find tokens that pull pairs of texts toward a constant similarity.

    Every token is inserted at the start and at the end of a few short texts. Those that pull most
    are tried again in other texts, also at random places. Sticky is a token that then moves most
    pairs toward the constant; whether its pull is large beside those of all tokens tried, its
    ``z`` says. The paper looks at pairs below the constant only; where a model finds all texts of a
    language alike there are none, so pairs on both sides count here, but for the fifth that is
    nearest to it.

    Args:
        model: on the device to work on.
        tokenizer: its tokenizer, without padding and truncation.
        tokens: ids to try; they are inserted as they are, not by their text.
        texts: sentences; some short ones are used.
        settings: how much is tried.
        seed: of what is drawn.

    Raises:
        DataError: there are fewer than four different texts.
    """
    if not tokens:
        return StickySearch([], 0.0, 0, 0, 0.0, 0)
    frame = Frame.of(tokenizer)
    bases, references = _choose_texts(tokenizer, texts, settings)
    compared = encode_ids(model, frame, references)
    singles = encode_ids(model, frame, [[token] for token in sample_tokens(tokens, _SINGLES)])
    constant = _mean_similarity(singles)
    trial = _Trial(model, frame, compared, constant, settings.repeats, seed)
    first, _, _ = trial.run(tokens, bases[: settings.bases], ("start", "end"))
    size = max(1, round(len(tokens) * settings.shortlist))
    best = np.argsort(-first, kind="stable")[:size]
    scores = modified_z(first)[best]
    shortlist = [tokens[place] for place in best]
    others = bases[settings.bases :] or bases
    pull, nearer, pairs = trial.run(shortlist, others, tuple(INSERTIONS))
    found = [
        Sticky(token, float(p), float(share), float(z))
        for token, p, share, z in zip(shortlist, pull, nearer, scores, strict=True)
        if share >= settings.agreement
    ]
    found.sort(key=lambda sticky: (-sticky.pull, sticky.token))
    return StickySearch(found, constant, len(tokens), size, float(np.median(first)), pairs)


def sample_tokens(tokens: Sequence[int], size: int) -> list[int]:
    """Take ``size`` tokens at even distances."""
    if len(tokens) <= size:
        return list(tokens)
    return [tokens[number * len(tokens) // size] for number in range(size)]


def _mean_similarity(vectors: FloatArray) -> float:
    """Give the mean similarity of all different pairs of unit vectors."""
    count = len(vectors)
    total = float(np.square(vectors.sum(axis=0, dtype=np.float64)).sum())
    return (total - count) / max(count * (count - 1), 1)


def _choose_texts(
    tokenizer: Tokenizer, texts: Sequence[str], settings: StickySettings
) -> tuple[list[list[int]], list[list[int]]]:
    """Choose short texts to insert into, and others to compare with; none is both."""
    wanted = settings.bases + settings.verified_bases + settings.references
    sample = sample_evenly(texts, 40 * wanted)
    encoded = tokenizer.encode_batch(sample, add_special_tokens=False)
    every = list({tuple(e.ids): e.ids for e in encoded if e.ids}.values())
    # In long texts eight more tokens would hardly show, and they cost time.
    short = [ids for ids in every if len(ids) <= _LONGEST]
    unique = short if len(short) >= min(wanted, len(every)) else sorted(every, key=len)[:wanted]
    if len(unique) < 4:
        raise DataError(
            f"sticky tokens: {len(unique)} different texts to insert tokens into; at least 4 are "
            "needed.\nGive more texts, best some hundred sentences."
        )
    chosen = [
        unique[number * len(unique) // min(wanted, len(unique))]
        for number in range(min(wanted, len(unique)))
    ]
    bases = min(settings.bases + settings.verified_bases, len(chosen) // 2)
    return chosen[:bases], chosen[bases:]
