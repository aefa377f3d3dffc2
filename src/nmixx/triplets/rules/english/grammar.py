"""Phrase grammars: symbols that expand into phrases, so that insertions seldom repeat.

A row of `lexicon/phrases_*.tsv` is a symbol and its alternatives; `{symbol}` inside an alternative
expands in turn, and `<verb>` is a verb that takes the form the caller asks for.
"""

from __future__ import annotations

import random
import re
from functools import cache

from nmixx.triplets.rules.english.edit import agree_articles
from nmixx.triplets.rules.english.inflection import GERUND, PARTICIPLE, PAST, inflect
from nmixx.triplets.rules.english.table import read_rows, split_cell

_TABLES = (
    "phrases_common",
    "phrases_detail",
    "phrases_situation",
    "phrases_report",
    "phrases_regulation",
)
_SYMBOL = re.compile(r"\{([\w.]+)\}")
_VERB = re.compile(r"<([\w ]+)>")
_FINITE = {
    "past": lambda verb: inflect(verb, PAST),
    "perfect": lambda verb: f"has {inflect(verb, PARTICIPLE)}",
    "progressive": lambda verb: f"is {inflect(verb, GERUND)}",
}


def expand_phrase(symbol: str, rng: random.Random, tense: str = "past") -> str:
    """Expand a symbol into one phrase, its verbs in the tense asked for."""
    grammar = _load()

    def draw(match: re.Match[str]) -> str:
        return _SYMBOL.sub(draw, rng.choice(grammar[match[1]]))

    phrase = _SYMBOL.sub(draw, f"{{{symbol}}}")
    return agree_articles(_VERB.sub(lambda match: _FINITE[tense](match[1]), phrase))


@cache
def _load() -> dict[str, tuple[str, ...]]:
    grammar: dict[str, tuple[str, ...]] = {}
    for table in _TABLES:
        for symbol, alternatives in read_rows(table):
            grammar[symbol] = grammar.get(symbol, ()) + split_cell(alternatives)
    return grammar
