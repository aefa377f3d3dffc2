"""Shifts of sentiment: direction reversed, degree changed."""

from __future__ import annotations

import random
import re

from nmixx.triplets.rules.english.detail import is_bare
from nmixx.triplets.rules.english.edit import Change, make_rule, replace
from nmixx.triplets.rules.english.ladder import find_moves, fit_words
from nmixx.triplets.rules.english.syntax import read_previous
from nmixx.triplets.rules.english.table import compile_words, read_rows, split_cell

# "to EUR 13.1 mn", "by 5 %", "of some 300 people": a figure that a degree word can colour.
_COLOURABLE_FIGURE = re.compile(
    r"(?<!compared )\b(?:(?P<amount>total(?:l?ed)|to|by|of|was|were|is|are|amounted to|came to|"
    r"reached|at)|"
    r"(?P<change>rose|fell|grew|climbed|dropped|declined|increased|decreased|up|down|advanced))\s+"
    r"(?=(?:EUR|USD|SEK|NOK|DKK|GBP|KRW|US\$|\$|€|£|¥|Rs\.?)\s?\d|"
    r"\d[\d.,]*\s?(?:%|percent\b|per cent\b|pct\b|mln\b|mn\b|million\b|bln\b|billion\b|"
    r"people\b|employees\b|jobs\b|tonnes\b|dlrs\b|cts\b|euros?\b|basis points\b))",
    re.IGNORECASE,
)

_DEGREE_NEXT = re.compile(
    r"\s+(?:(?:sharp|slight|steep|marked|significant|marginal|considerabl|substantial|modest|moderate|"
    r"strong|dramatic)l?y|a little|somewhat)\b"
)


def find_degrees(text: str, rng: random.Random) -> list[Change]:
    """List the words that can be stronger or weaker, but none whose degree is told behind it."""
    changes = find_moves("intensity")(text, rng)
    return [change for change in changes if not _DEGREE_NEXT.match(text, change[0].end)]


def find_coloured_figures(text: str, rng: random.Random) -> list[Change]:
    """List the insertions of a word that makes a figure sound little or much."""
    if "respectively" in text:
        return []
    colours = {row[0]: split_cell(row[1]) for row in read_rows("figure_colours")}
    changes = []
    for match in _COLOURABLE_FIGURE.finditer(text):
        kind = "change" if match["change"] else "amount"
        changes.append(replace(match.end(), match.end(), rng.choice(colours[kind]) + " "))
    return changes


def find_degree_gaps(text: str, rng: random.Random) -> list[Change]:
    """List the insertions of a degree word beside a word that takes one."""
    changes = []
    for kind, heads, before, after in read_rows("degree_gaps"):
        for match in compile_words(split_cell(heads)).finditer(text):
            if match[0][0].isupper() or read_previous(text, match.start()).endswith("ly"):
                continue
            if kind == "noun" and not is_bare(text, match.start()):
                continue
            forms = [f"{word} {match[0]}" for word in split_cell(before) if word != "-"]
            forms += [f"{match[0]} {word}" for word in split_cell(after) if word != "-"]
            changes.append(replace(match.start(), match.end(), fit_words(forms, match[0], rng)))
    return changes


reverse_sentiment = make_rule(find_moves("polarity"))
change_intensity = make_rule(find_degrees, find_coloured_figures, find_degree_gaps)
