"""Korean finance as it is really written: English terms and abbreviations in Korean sentences."""

from __future__ import annotations

import random
import re
from functools import cache
from importlib import resources

_LIKELY = 0.8
_QUARTER = re.compile(r"([1-4])\s?분기")


def switch_code(text: str, rng: random.Random) -> str:
    """Write Korean terms of finance in English: ``상장지수펀드 … 3분기에`` as ``ETF … 3Q에``.

    Each term that the list has is switched four times in five, so that draws differ; where
    none came up, all are. A text without any of them stays as it is.
    """
    switched = _switch(text, rng, _LIKELY)
    return switched if switched != text else _switch(text, rng, 1.0)


def _switch(text: str, rng: random.Random, likely: float) -> str:
    """Switch terms with a likelihood, the longest first."""
    pattern, terms = _load_terms()

    def put(found: re.Match[str]) -> str:
        return rng.choice(terms[found[0]]) if rng.random() < likely else found[0]

    def put_quarter(found: re.Match[str]) -> str:
        return f"{found[1]}Q" if rng.random() < likely else found[0]

    return _QUARTER.sub(put_quarter, pattern.sub(put, text))


@cache
def _load_terms() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """Read the list: a Korean term and its English forms, by tab; ``|`` parts them."""
    source = resources.files("nmixx.evaluation.robustness").joinpath("terms.tsv")
    terms = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            korean, english = line.split("\t")
            for form in korean.split("|"):
                terms[form] = tuple(english.split("|"))
    longest = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile("|".join(map(re.escape, longest))), terms
