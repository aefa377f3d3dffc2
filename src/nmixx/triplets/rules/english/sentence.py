"""Sentences of an English document that can stand alone: whole, in prose, with a finite verb."""

from __future__ import annotations

import re

from nmixx.triplets.rules.english.syntax import find_clauses, find_sentences, has_finite_verb
from nmixx.triplets.rules.rule import LABEL, OTHER, STATEMENT

_STOP = re.compile(r"\s*[.!?][\"”’']?")
_NUMBERING = re.compile(r"^(?:[A-Z]?\d{1,3}[.)]?\s+)+(?=[A-Z])")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
# Rows of tables, addresses, headings, lists cut off, and what points outside the sentence.
_NO_PROSE = re.compile(
    r"[|•▪_=]|https?:|www\.|\.{3}|\s[-–]\s[-–]|(?:[A-Z]{2,}\s+){4}|(?:\$?\s?\(?\d[\d,.]*\)?\s+){4}|"
    r"[a-z]\s\d{1,2}\s[A-Z]"
)
_LEANING = re.compile(
    r"(?:This|That|These|Those|It|They|He|She|Such|Here|There|And|But|Or|Nor|So|Thus)\b"
)
# Texts of a program speak to the one who uses it, or have a place to fill in.
_TO_READER = re.compile(r"(?i)\b(?:you|yours?|please|click|e-?mail)\b|\?\s*$|%\(?\w|\{\w*\}")
_STOPPED = re.compile(r"[.!?][\"”’')]?\s*$")
_HEAD = re.compile(
    r"(?:Description|Disclosure|Explanation|Information|Indication|Statement|Amount|Methods?|Name)"
    r"\s(?:of|about|whether|on|used)\b"
)
_LEAST_WORDS, _MOST_WORDS = 6, 60
_MOST_LEANING = 8
"""Words under which a sentence that opens with a pronoun says too little alone."""
_LEAST_LETTERS = 0.7
_LEAST_STATEMENT = 4


def split_sentences(text: str) -> list[str]:
    """List the sentences of a text that say something when read alone."""
    found = []
    for span in find_sentences(text):
        stop = _STOP.match(text, span.end)
        sentence = _NUMBERING.sub("", text[span.start : stop.end() if stop else span.end])
        if stop and _stands_alone(sentence):
            found.append(sentence)
    return found


def find_form(text: str) -> str:
    """Tell a statement, a clause with subject and verb, from a label and from what is neither."""
    if _TO_READER.search(text):
        return OTHER
    verbs = [clause.verb.lower() for clause in find_clauses(text)]
    # Without a full stop, "transactions recognised separately" is a label with a participle.
    sure = _STOPPED.search(text) or any(not verb.endswith("ed") for verb in verbs)
    if verbs and sure and len(text.split()) >= _LEAST_STATEMENT and not _HEAD.match(text):
        return STATEMENT
    return OTHER if _STOPPED.search(text) else LABEL


def _stands_alone(sentence: str) -> bool:
    words = _WORD.findall(sentence)
    if not _LEAST_WORDS <= len(words) <= _MOST_WORDS or not sentence[0].isupper():
        return False
    if _NO_PROSE.search(sentence) or (_LEANING.match(sentence) and len(words) < _MOST_LEANING):
        return False
    letters = sum(char.isalpha() or char.isspace() for char in sentence)
    whole = sentence.count("(") == sentence.count(")") and sentence.count('"') % 2 == 0
    return whole and letters >= _LEAST_LETTERS * len(sentence) and has_finite_verb(sentence)
