"""The macro-micro shift: a cause or scope moves between the economy and the company."""

from __future__ import annotations

import random
import re

from nmixx.triplets.rules.english.claim import is_joined
from nmixx.triplets.rules.english.detail import find_end
from nmixx.triplets.rules.english.edit import Change, insert, make_rule, replace
from nmixx.triplets.rules.english.grammar import expand_phrase
from nmixx.triplets.rules.english.ladder import find_moves
from nmixx.triplets.rules.english.syntax import FUTURE, find_clause, find_sentences, has_finite_verb
from nmixx.triplets.rules.english.table import compile_words, read_rows, read_words, split_cell

_CAUSE = re.compile(
    r"\b(?:due (?:mainly |partly |in part |primarily )?to|because of|owing to|thanks to|"
    r"driven by|as a result of|on the back of|supported by|reflecting|attributable to|"
    r"resulting from|caused by|underpinned by|boosted by|helped by|hampered by|dampened by|"
    r"stemming from|in the wake of|against the background of|weighed down by|"
    r"on account of)\s+"
    r"(?P<cause>[^,;.()]{4,90}?)(?=\s*[,;]|\s*\.(?:\s|$)|\s+(?:and|but|while|which|that|as|since|"
    r"compared)\b|"
    r"\s*$)"
)
# What goes on about the cause, so that another cause would not fit before it.
_EXAMPLES_NEXT = re.compile(
    r",\s(?:which|who|such as|including|an?\s|especially|particularly|in particular)|"
    r"\s(?:which|that)\b|,\s[\w\s-]{1,40}\s(?:and|or)\s"
)
# What only a whole economy has, so that no company can stand beside it.
_ECONOMY = re.compile(
    r"(?i)\b(?:GDP|gross domestic product|inflation\w*|econom\w+|monetary|fiscal|polic(?:y|ies)|"
    r"euro area|euro-area|eurozone|unemployment|labou?r market|households?|IMF|countr(?:y|ies)|"
    r"world|global|CPI|central banks?|Federal Reserve|governments?|firms|recession|nations?|"
    r"trading partners|national|interest rates?|yields?|spreads|credit standards|consumption)\b|"
    r"\b(?:won|yen|dollar|sterling|China|Chinese|Japan|Japanese|Korea|Korean|Asia|Asian|Europe|"
    r"European|United|US|UK|U\.S\.|Australian?|Canada|Canadian|Germany|Russia|France|Bank)\b"
)
# What no decision of a firm could move.
_WIDE = re.compile(
    r"(?i)\b(?:GDP|gross domestic product|econom\w+|monetary|fiscal|unemployment|interest rates?|"
    r"yields?|spreads?|won|yen|dollar|sterling|rupiah|exchange|M\d|money|credit|loans?|"
    r"households?|consumption|governments?|(?:share|stock|equity) (?:prices|markets?)|policy|"
    r"house prices|housing|consumer)\b"
)
# What firms sell, make and earn, which the economy can move.
_TRADED = re.compile(
    r"(?i)\b(?:earnings|sales|profits?|orders|margins?|revenues?|turnover|deliveries|shipments|"
    r"production|output|exports|export (?:volumes|prices)|(?:share|stock) prices|costs|"
    r"investment)\b"
)
_FURTHER_CLAUSE = re.compile(
    r",\s|\s(?:and|while|when|as|but|although|though|because|which|that)\s"
)
_NEAR = 30


def find_causes(text: str, rng: random.Random) -> list[Change]:
    """List the causes that can move from the economy to the company, or back."""
    macro = compile_words(read_words("scopes", "macro"))
    micro = compile_words(read_words("scopes", "micro"))
    changes = []
    for match in _CAUSE.finditer(text):
        cause = match["cause"]
        symbol = "micro.cause" if macro.search(cause) else "macro.cause"
        known = symbol == "micro.cause" or micro.search(cause)
        rest = text[: match.start()] + text[match.end() :]
        joined = re.match(r"\s+and\b", text[match.end() :])
        if _EXAMPLES_NEXT.match(text, match.end()) or (
            symbol == "micro.cause" and (joined or _WIDE.search(rest))
        ):
            continue
        # A capital before a full stop is the middle of "U.S."
        if known and not has_finite_verb(cause) and not cause[-1].isupper():
            new = expand_phrase(symbol, rng)
            changes.append(replace(match.start("cause"), match.end("cause"), new))
    return changes


def find_missing_causes(text: str, rng: random.Random) -> list[Change]:
    """List the company-level causes that can close a sentence on the economy, and the reverse."""
    macro = compile_words(read_words("scopes", "macro"))
    measures = compile_words(read_words("scopes", "measure"))
    moving = compile_words(read_words("scopes", "moving"))
    links = split_cell(next(row[1] for row in read_rows("scopes") if row[0] == "link"))
    changes: list[Change] = []
    for span in find_sentences(text):
        body, end = text[span.start : span.end], find_end(text, span)
        clause = find_clause(text, span)
        if end is None or not clause or _CAUSE.search(body):
            continue
        near = text[clause.verb_start : clause.verb_end + _NEAR]
        # At the end of a further clause, the cause would seem to be that clause's.
        if _FURTHER_CLAUSE.search(body):
            continue
        if not measures.search(clause.subject) or not moving.search(near):
            continue
        symbol = "micro.cause" if macro.search(body) else "macro.cause"
        unfit = (
            _WIDE.search(body) if symbol == "micro.cause" else not _TRADED.search(clause.subject)
        )
        if unfit or clause.tense == FUTURE:
            continue
        changes.append(insert(end, f", {rng.choice(links)} {expand_phrase(symbol, rng)}"))
    return changes


def find_scope_moves(text: str, rng: random.Random) -> list[Change]:
    """List the words of the economy that can be a company's, where no other word is its."""
    changes = []
    for change in find_moves("scope_words")(text, rng):
        edit = change[0]
        rest = text[: edit.start] + text[edit.end :]
        if not _ECONOMY.search(rest) and not is_joined(text, edit):
            changes.append(change)
    return changes


move_scope = make_rule(find_causes, find_missing_causes, find_scope_moves)
