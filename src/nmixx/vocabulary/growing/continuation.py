"""Byte-pair encoding continued: merges learned on top of the pieces a tokenizer already has."""

from __future__ import annotations

import json
from collections import Counter

from nmixx.vocabulary.growing.words import Symbols

_FIRST = 0x10000  # no whitespace from here on
_COPIES = 1000

Merge = tuple[Symbols, Symbols]
"""What is joined: two runs of old pieces."""


def learn_merges(runs: Counter[Symbols], *, size: int, min_frequency: int) -> list[Merge]:
    """Learn which neighbours to join, most frequent first.

    Byte-pair encoding (Sennrich et al., 2016, "Neural Machine Translation of Rare Words with
    Subword Units") as the tokenizers library trains it, with each old piece standing for a letter.

    Args:
        runs: runs of old pieces and how often each occurs.
        size: number of merges at most.
        min_frequency: a pair must occur this often.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    if not runs or size < 1:
        return []
    alphabet = {symbol for run in runs for symbol in run}
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.BpeTrainer(
        vocab_size=len(alphabet) + size, min_frequency=min_frequency, show_progress=False
    )
    # The trainer takes text, not counts; beyond a thousand copies no merge that matters changes.
    ordered = sorted(runs.items(), key=lambda item: (-item[1], item[0]))
    copies = (f"{_spell(run)} " * min(count, _COPIES) for run, count in ordered)
    tokenizer.train_from_iterator(copies, trainer)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [(_read(left), _read(right)) for left, right in merges]


def _spell(run: Symbols) -> str:
    """Write a run with one letter a piece."""
    return "".join(chr(_FIRST + symbol) for symbol in run)


def _read(letters: str) -> Symbols:
    """Read such letters back."""
    return tuple(ord(letter) - _FIRST for letter in letters)
