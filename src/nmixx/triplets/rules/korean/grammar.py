"""Phrases drawn from a grammar, so that insertions do not repeat a handful of fixed ones.

A grammar is a list of `symbol<TAB>expansion|expansion` rows; {symbol} in an expansion is drawn in
turn, and particles written 을(를) or 으로(로) are agreed with what was drawn before them.
"""

import random
import re
from functools import cache

from nmixx.triplets.rules.korean.lexicon import read_rows
from nmixx.triplets.rules.korean.morphology import settle

_SYMBOL = re.compile(r"\{(\w+)\}")


@cache
def load_grammar() -> dict[str, tuple[str, ...]]:
    """Return the expansions of each symbol of the grammar."""
    grammar: dict[str, tuple[str, ...]] = {}
    for symbol, expansions in read_rows("grammar"):
        grammar[symbol] = (*grammar.get(symbol, ()), *expansions.split("|"))
    return grammar


def draw(symbol: str, rng: random.Random) -> str:
    """Return one phrase of the grammar that starts from `symbol`."""

    def fill(match: re.Match[str]) -> str:
        return _SYMBOL.sub(fill, rng.choice(load_grammar()[match[1]]))

    return settle(_SYMBOL.sub(fill, f"{{{symbol}}}"))
