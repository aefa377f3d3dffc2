"""A shallow reading of English sentences: where they end, and where the subject meets its verb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from nmixx.triplets.rules.english.inflection import PAST, THIRD, inflect, looks_plural
from nmixx.triplets.rules.english.table import read_rows, read_words

PAST_TENSE, PRESENT, FUTURE = "past", "present", "future"
ORGANISATION, PRONOUN, THING = "organisation", "pronoun", "thing"


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence: from its first character to the one before its full stop."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A main clause: its subject, its finite verb, and the end of its sentence."""

    subject: str
    start: int
    subject_end: int
    verb: str
    verb_start: int
    verb_end: int
    end: int

    @property
    def tense(self) -> str:
        """The tense of the finite verb."""
        return _read_finite().get(self.verb.lower(), PRESENT)

    @property
    def kind(self) -> str:
        """What the subject is: a pronoun, an organisation or person by name, or a thing."""
        words = self.subject.split()
        if self.subject.lower() in read_words("function_words", "pronoun"):
            return PRONOUN
        organisations = read_words("function_words", "organisation")
        named = words[-1][:1].isupper() and words[0].lower() != "the"
        if len(words) == 1 and can_lower(words[0]):
            named = False
        return ORGANISATION if named or words[-1].lower() in organisations else THING

    @property
    def plural(self) -> bool:
        """Whether the subject takes a plural verb, as far as its looks tell."""
        verb = self.verb.lower()
        if verb in {"are", "were", "have"} or verb in {"is", "was", "has"}:
            return verb in {"are", "were", "have"}
        return is_plural(self.subject)


_TOKEN = re.compile(r"[^\W\d_](?:[\w'’&/-]|\.(?=\w))*|\d+(?:[.,]\d+)*|\S")
_SENTENCE_END = re.compile(
    r"(?<=[\w%)\]\"”’'])\s*[.!?][\"”’']?(?=\s+[\"“‘(]?[A-Z0-9]|\s*$)|\s*\n\s*|\s*$"
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:Inc|Corp|Co|Ltd|no|nos|Mr|Ms|Mrs|Dr|No|Nos|vs|St|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|"
    r"Dec|Art|approx|est)|\b[A-Z]|\.[a-z])$"
)
_NUMBERING = re.compile(r"(?:\(?\d{1,2}[.)]|[-*•·])\s+")
_OF_PHRASE = re.compile(
    r"\s(?:of|in|for|from|at|on|to|with|between|under|per|by|related|relating|attributable)\s.*",
    re.DOTALL,
)
# "80 % of the shares are": what is parted out decides.
_PART = re.compile(
    r"(?:%|percent|per cent|pct|majority) of (?:the |its |our |their )?(?:\w+ )?(\w+)"
)
_HEADING = re.compile(r"[A-Z]{2,}\s+[A-Z]{2,}\b")
_INNER = frozenset("%&-/'’.")
_WINDOW = 16
# A verb's past that may be its participle too: "the rate paid on reserves was cut".
PARTICIPLE_ENDS = (
    "ed",
    "paid",
    "held",
    "made",
    "sold",
    "bought",
    "built",
    "set",
    "led",
    "sent",
    "put",
)


def find_sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of a text that hold at least one letter."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.end() < len(text) and ends_abbreviated(text[start : match.start()]):
            continue
        numbering = _NUMBERING.match(text, start)
        begin = numbering.end() if numbering else start
        begin += len(text[begin : match.start()]) - len(text[begin : match.start()].lstrip())
        if any(char.isascii() and char.isalpha() for char in text[begin : match.start()]):
            yield Span(begin, match.start())
        start = match.end()


def find_clauses(text: str) -> Iterator[Clause]:
    """Yield the main clause of every sentence whose subject and verb are plain to see."""
    for span in find_sentences(text):
        clause = find_clause(text, span)
        if clause:
            yield clause


def find_clause(text: str, span: Span) -> Clause | None:
    """Find the main clause of a sentence, inside `X said` if it reports speech."""
    tokens = list(_TOKEN.finditer(text, span.start, span.end))
    index = _skip_lead(tokens)
    clause = _read_clause(text, tokens, index, span.end)
    if clause and clause.verb.lower() in read_words("function_words", "speech"):
        later = (i for i, token in enumerate(tokens) if token.start() >= clause.verb_end)
        after = next(later, len(tokens))
        if after < len(tokens) and tokens[after][0].lower() == "that":
            after += 1
        return _read_clause(text, tokens, after, span.end)
    return clause


def is_plural(noun_phrase: str) -> bool:
    """Tell whether a noun phrase takes a plural verb, as far as its looks tell."""
    part = _PART.search(noun_phrase)
    if part:
        return looks_plural(part[1])
    head = _OF_PHRASE.sub("", noun_phrase)
    words = head.lower().split()
    return bool(words) and (
        " and " in head or words[-1] in {"we", "they", "these", "those"} or looks_plural(words[-1])
    )


def can_lower(word: str) -> bool:
    """Tell whether the first word of a sentence surely loses its capital inside one."""
    return word.lower() in read_words("function_words", "opener")


def keeps_capital(word: str) -> bool:
    """Tell whether a word surely has its capital in any place."""
    return (word.isupper() and word != "A") or word in read_words("function_words", "proper")


def lower_first(text: str) -> str | None:
    """Return a sentence as it stands behind an opening phrase; None when its case is unsure."""
    first = _TOKEN.match(text)
    # Two words in capitals are a heading.
    if not first or _HEADING.match(text):
        return None
    if keeps_capital(first[0]):
        return text
    return text[0].lower() + text[1:] if can_lower(first[0]) else None


def is_name_part(text: str, match: re.Match[str]) -> bool:
    """Tell whether a match is part of a name: capitalised, though no sentence starts there."""
    before = text[: match.start()].rstrip()
    return match[0][:1].isupper() and bool(before) and before[-1] not in '.!?:;"“”('


def has_finite_verb(text: str) -> bool:
    """Tell whether a phrase holds a finite verb, so that it is a clause."""
    return any(token[0].lower() in _read_finite() for token in _TOKEN.finditer(text))


def ends_noun_phrase(text: str, position: int) -> bool:
    """Tell whether no further noun follows a noun that ends here, as `plan` in `plan assets`."""
    following = _TOKEN.search(text, position)
    return (
        not following
        or not following[0][0].isalpha()
        or following[0].lower() in read_words("function_words", "after a noun")
        or following[0].lower() in _read_finite()
    )


def read_tense(text: str, span: Span) -> str:
    """Return the tense of the first finite verb of a sentence."""
    words = (token[0].lower() for token in _TOKEN.finditer(text, span.start, span.end))
    return next((_read_finite()[word] for word in words if word in _read_finite()), PAST_TENSE)


def ends_abbreviated(text: str) -> bool:
    """Tell whether a text ends in an abbreviation, so that a full stop there ends no sentence."""
    return bool(_ABBREVIATED.search(text[-8:]))


def read_previous(text: str, position: int) -> str:
    """Return the word before a position, lower-cased; empty at the start of the text."""
    words = text[max(0, position - 40) : position].split()
    return words[-1].lower() if words else ""


def _skip_lead(tokens: list[re.Match[str]]) -> int:
    if not tokens or tokens[0][0].lower() not in read_words("function_words", "lead"):
        return 0
    commas = (i for i, token in enumerate(tokens[: 2 * _WINDOW]) if token[0] == ",")
    return next(commas, len(tokens)) + 1


def _read_clause(text: str, tokens: list[re.Match[str]], index: int, end: int) -> Clause | None:
    breaks = read_words("function_words", "breaks a subject")
    for i in range(index, min(index + _WINDOW, len(tokens))):
        word = tokens[i][0]
        if i > index and _is_finite(tokens, i):
            before, verb = tokens[i - 1], tokens[i]
            # "the bank's adjusted profit" goes on behind what looks like a verb.
            if before[0].endswith(("'s", "’s", "s'", "s’")):
                continue
            if not _closes_subject(before[0]) or _is_reduced(tokens, i):
                return None
            start, close = tokens[index].start(), before.end()
            subject = text[start:close]
            return Clause(subject, start, close, verb[0], verb.start(), verb.end(), end)
        if word.lower() in breaks or (not word[0].isalnum() and word not in _INNER):
            return None
    return None


def _is_finite(tokens: list[re.Match[str]], index: int) -> bool:
    word, previous = tokens[index][0], tokens[index - 1][0].lower()
    if previous in {"we", "they"} and word in _read_bases():
        return True
    return word.lower() in _read_finite() and (word.islower() or word.isupper())


def _closes_subject(word: str) -> bool:
    closes = word[-1].isalnum() or word in {")", "%"}
    return closes and word.lower() not in read_words("function_words", "not a subject")


def _is_reduced(tokens: list[re.Match[str]], index: int) -> bool:
    """Tell whether a word in -ed is a participle, as in `loans granted to staff are secured`."""
    word = tokens[index][0].lower()
    if word in read_words("function_words", "auxiliary") or not word.endswith(PARTICIPLE_ENDS):
        return False
    auxiliaries = read_words("function_words", "auxiliary")
    for token in tokens[index + 1 : index + 1 + _WINDOW]:
        if token[0] in {",", ";"} or token[0].lower() in {"that", "which", "and", "as", "but"}:
            return False
        if token[0].lower() in auxiliaries:
            return True
    return (
        index + 1 < len(tokens)
        and tokens[index + 1][0].lower() == "by"
        and (index + 2 < len(tokens) and not tokens[index + 2][0][:1].isdigit())
    )


@cache
def _read_bases() -> frozenset[str]:
    return frozenset(row[0] for row in read_rows("verbs"))


@cache
def _read_finite() -> dict[str, str]:
    finite = {}
    for verb, flags in read_rows("verbs"):
        if "noun" not in flags:
            finite[inflect(verb, THIRD)] = PRESENT
        if inflect(verb, PAST) != verb:
            finite[inflect(verb, PAST)] = PAST_TENSE
    # "acquisition related costs" has no verb.
    finite.pop("related", None)
    for word in ("is", "are", "has", "have", "does", "do"):
        finite[word] = PRESENT
    for word in ("was", "were", "had", "did"):
        finite[word] = PAST_TENSE
    for word in ("will", "would", "may", "might", "can", "could", "shall", "should", "must"):
        finite[word] = FUTURE
    return finite
