"""Learning new word pieces from text, for the scripts the tokenizer spells letter by letter."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nmixx.vocabulary.growing.words import nothing_to_learn

# Runs of letters outside ASCII. ASCII letters and digits stay out of new pieces, so that English
# text and figures keep their token ids.
_RUN = re.compile(r"[^\W\d_a-zA-Z]+")
_CONTINUATION_SHARE = 0.05
_HANGUL = range(0xAC00, 0xD7A4)


@dataclass(frozen=True)
class RunCounts:
    """How often each run of letters starts a word, and how often it follows digits or Latin."""

    starts: Counter[str]
    continuations: Counter[str]


def count_runs(texts: Iterable[str]) -> RunCounts:
    """Count runs of non-ASCII letters: ``87억원`` holds the continuation ``억원``."""
    starts: Counter[str] = Counter()
    continuations: Counter[str] = Counter()
    for text in texts:
        composed = unicodedata.normalize("NFC", text).lower()
        for match in _RUN.finditer(composed):
            at = match.start()
            glued = at > 0 and composed[at - 1].isascii() and composed[at - 1].isalnum()
            (continuations if glued else starts)[match.group()] += 1
    return RunCounts(starts, continuations)


@dataclass(frozen=True)
class Candidates:
    """Word pieces in the order of their use, of which as many as are asked for are taken.

    ``floor`` holds the syllables of KS X 1001 when the text is Korean, alone and as continuation,
    so that no ordinary word becomes unknown; ``continued`` frequent continuations after digits or
    Latin letters; ``learned`` what the WordPiece trainer made, most frequent merges first.
    """

    floor: tuple[str, ...]
    continued: tuple[str, ...]
    learned: tuple[str, ...]

    def take(self, known: Iterable[str], size: int) -> list[str]:
        """Take pieces that the vocabulary does not have yet.

        The syllables are never cut short, even where they are more than ``size``.
        """
        have = set(known)
        new = dict.fromkeys(piece for piece in self.floor if piece not in have)
        continued = self.continued[: int(size * _CONTINUATION_SHARE)]
        for piece in (*continued, *self.learned):
            if piece not in have and len(new) < size:
                new[piece] = None
        return list(new)


def learn_pieces(
    counts: RunCounts, *, size: int, min_frequency: int, prefix: str = "##"
) -> Candidates:
    """Learn word pieces from counted runs.

    Args:
        counts: from :func:`count_runs`.
        size: number of pieces that may be taken later.
        min_frequency: a learned piece must occur this often.
        prefix: mark of a continuing piece.

    Raises:
        DataError: the texts hold no letters outside ASCII, so there is nothing to learn.
    """
    if not counts.starts and not counts.continuations:
        raise nothing_to_learn()
    continued = [
        prefix + run
        for run, count in counts.continuations.most_common(int(size * _CONTINUATION_SHARE))
        if count >= min_frequency
    ]
    learned = _train(counts.starts, size, min_frequency, prefix)
    return Candidates(tuple(_floor(counts, prefix)), tuple(continued), tuple(learned))


def _floor(counts: RunCounts, prefix: str) -> Iterator[str]:
    """Yield the 2,350 syllables of KS X 1001 in both positions when Hangul is in the text."""
    if not any(ord(run[0]) in _HANGUL for run in (*counts.starts, *counts.continuations)):
        return
    for code in _HANGUL:
        # Two bytes in EUC-KR; the codec spells the rarer syllables in eight.
        if len(chr(code).encode("euc_kr")) == 2:
            yield chr(code)
            yield prefix + chr(code)


def _train(starts: Counter[str], size: int, min_frequency: int, prefix: str) -> list[str]:
    """Run the WordPiece trainer of the tokenizers library over counted words."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    unknown = "[UNK]"
    # The trainer numbers continuing letters as it meets them, in an order that differs from process
    # to process, and breaks ties between merges by number. Named first, they are always the same.
    letters = sorted({prefix + letter for run in starts for letter in run[1:]})
    tokenizer = Tokenizer(models.WordPiece(vocab={}, unk_token=unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        min_frequency=min_frequency,
        special_tokens=[unknown, *letters],
        continuing_subword_prefix=prefix,
        show_progress=False,
    )
    # The trainer takes text, not counts; beyond a thousand copies no merge that matters changes.
    ordered = sorted(starts.items(), key=lambda item: (-item[1], item[0]))
    copies = (f"{run} " * min(count, 1000) for run, count in ordered)
    tokenizer.train_from_iterator(copies, trainer)
    vocabulary = tokenizer.get_vocab()
    return [piece for piece in sorted(vocabulary, key=vocabulary.__getitem__) if piece != unknown]
