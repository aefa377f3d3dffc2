"""Growing a Unigram tokenizer: pieces with scores under which they are taken where they should."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nmixx.vocabulary.growing.bytepair import find_missing_letters
from nmixx.vocabulary.growing.composition import compose_hangul, holds_hangul
from nmixx.vocabulary.growing.continuation import learn_merges
from nmixx.vocabulary.growing.grown import Grown, name_added_tokens
from nmixx.vocabulary.growing.words import (
    Symbols,
    count_runs_of_pieces,
    count_words,
    is_letters,
    letter_runs,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MARGIN = 0.1  # nats by which a new piece beats the path it had before
_UNKNOWN = 10.0  # nats below the lowest score, as in sentencepiece
_SPACE = "▁"


@dataclass(frozen=True)
class UnigramLesson:
    """Pieces learned on top of a Unigram tokenizer's own.

    More pieces only add paths, so the best path of a text that holds none of them stays the best.
    No score is below the lowest old one, on which the penalty of unknown letters rests.

    ``shares`` gives for each new piece, the letters that the tokenizer lacked first, how often it
    occurs a piece of text.
    """

    old: Tokenizer
    letters: int
    shares: Mapping[str, float]
    hangul: bool

    @property
    def available(self) -> int:
        """Number of pieces that could be added."""
        return len(self.shares)

    def add(self, size: int, terms: Sequence[str] = ()) -> Grown:
        """Give a tokenizer with ``size`` more pieces, and with the words of all terms whole.

        Single letters that the tokenizer lacks are never cut short; words of terms come on top.
        """
        from tokenizers import Tokenizer

        state: dict[str, Any] = json.loads(self.old.to_str())
        if self.hangul:
            compose_hangul(state, self.old)
        listed: list[list[Any]] = state["model"]["vocab"]
        old = {str(piece): float(score) for piece, score in listed}
        lowest = min(old.values())
        _list_added_tokens(state, lowest)
        first = len(listed)
        scores = dict(old)
        wanted = list(self.shares)[: max(size, self.letters)]
        scores |= {piece: _score(piece, old, lowest, self.shares[piece]) for piece in wanted}
        words = [_normalise(self.old, word) for word in letter_runs(terms)]
        for piece in sorted((lead + word for word in words for lead in (_SPACE, "")), key=len):
            if piece not in scores or len(best_path(piece, scores, lowest)[0]) > 1:
                scores[piece] = _score(piece, scores, lowest, 0.0)
        new = [piece for piece in scores if piece not in old]
        listed += [[piece, scores[piece]] for piece in new]
        ids = {str(piece): place for place, (piece, _) in enumerate(listed)}
        unknown = int(state["model"]["unk_id"] or 0)
        old_pieces, parts = {}, {}
        for piece in new:
            before = best_path(piece, old, lowest)[0]
            old_pieces[ids[piece]] = [ids[part] if part in old else unknown for part in before]
            smaller = best_path(piece, scores, lowest, whole=False)[0]
            known = len(piece) > 1 and all(part in scores for part in smaller)
            parts[ids[piece]] = [ids[part] for part in smaller] if known else []
        return Grown(Tokenizer.from_str(json.dumps(state)), old_pieces, parts, first)


def best_path(
    text: str, scores: Mapping[str, float], lowest: float, *, whole: bool = True
) -> tuple[list[str], float]:
    """Split a short text into the pieces with the highest sum of scores (Viterbi).

    A letter that no piece covers stands alone, far below the lowest score.

    Args:
        text: to be split.
        scores: log probabilities of pieces.
        lowest: of all scores.
        whole: whether one piece may cover the whole text.

    Returns:
        The pieces, and their sum of scores.
    """
    unknown = lowest - _UNKNOWN
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        options = [
            (best[start][0] + scores[text[start:end]], start)
            for start in range(end)
            if text[start:end] in scores and (whole or end - start < len(text))
        ]
        best.append(max(options, default=(best[end - 1][0] + unknown, end - 1)))
    parts: list[str] = []
    end = len(text)
    while end:
        start = best[end][1]
        parts.append(text[start:end])
        end = start
    return parts[::-1], best[-1][0]


def learn_unigram(
    tokenizer: Tokenizer, texts: Iterable[str], size: int, min_frequency: int
) -> UnigramLesson:
    """Learn pieces on top of a Unigram tokenizer's own from texts.

    Neighbours that often stand together are joined, as in byte-pair encoding; letters that the
    tokenizer lacks come first.

    Raises:
        DataError: the texts hold no letters outside ASCII, so there is nothing to learn.
    """
    words = count_words(texts)
    letters = find_missing_letters(tokenizer, words, min_frequency)
    taught, unknown = _teach_letters(tokenizer, letters)
    ids = taught.get_vocab()
    names = {token: piece for piece, token in ids.items()}

    def usable(token: int) -> bool:
        bare = names[token].removeprefix(_SPACE)
        return token != unknown and (not bare or is_letters(bare))

    counted = count_runs_of_pieces(taught, words, usable)
    runs = Counter({run: count for run, count in counted.items() if names[run[-1]] != _SPACE})
    merges = learn_merges(runs, size=size, min_frequency=min_frequency)
    made = [left + right for left, right in merges]
    counts = _count_parts(runs, {*made, *((ids[letter],) for letter in letters)})
    total = max(1, sum(len(run) * count for run, count in runs.items()))
    shares = {letter: counts[ids[letter],] / total for letter in letters}
    known = tokenizer.get_vocab()
    for part in made:
        piece = "".join(names[token] for token in part)
        if piece not in known:
            shares.setdefault(piece, counts[part] / total)
    hangul = any(holds_hangul(word) for word in words)
    return UnigramLesson(tokenizer, len(letters), shares, hangul)


def _score(piece: str, scores: Mapping[str, float], lowest: float, share: float) -> float:
    """Estimate a piece's log probability, above that of the path it had and no lower than any."""
    estimate = math.log(share) if share else -math.inf
    return max(estimate, best_path(piece, scores, lowest)[1] + _MARGIN, lowest)


def _count_parts(runs: Counter[Symbols], wanted: set[Symbols]) -> Counter[Symbols]:
    """Count where each wanted part stands in the runs."""
    longest = max(map(len, wanted), default=0)
    counts: Counter[Symbols] = Counter()
    for run, count in runs.items():
        for start in range(len(run)):
            for end in range(start + 1, min(len(run), start + longest) + 1):
                if run[start:end] in wanted:
                    counts[run[start:end]] += count
    return counts


def _normalise(tokenizer: Tokenizer, word: str) -> str:
    """Write a word as the tokenizer's normaliser does, without a mark for the space before it."""
    normaliser = tokenizer.normalizer
    written: str = normaliser.normalize_str(word) if normaliser else word
    return written.strip(_SPACE + " ")


def _list_added_tokens(state: dict[str, Any], score: float) -> None:
    """Put tokens that stand beside the vocabulary into it, so that new pieces come after them.

    A place that no token has gets a name that no text can hold.
    """
    listed = state["model"]["vocab"]
    names = {token: name for name, token in name_added_tokens(state).items()}
    for place in range(len(listed), max(names, default=-1) + 1):
        listed.append([names.get(place, f"\ufdd0{place}"), score])


def _teach_letters(tokenizer: Tokenizer, letters: Sequence[str]) -> tuple[Tokenizer, int | None]:
    """Give a tokenizer that also has pieces for single letters, and the unknown piece's id."""
    from tokenizers import Tokenizer

    state: dict[str, Any] = json.loads(tokenizer.to_str())
    listed = state["model"]["vocab"]
    lowest = min(score for _, score in listed)
    _list_added_tokens(state, lowest)
    listed += [[letter, lowest] for letter in letters]
    return Tokenizer.from_str(json.dumps(state)), state["model"]["unk_id"]
