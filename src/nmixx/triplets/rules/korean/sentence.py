"""Sentences of a Korean document that can stand alone, and headlines, which are whole as they are.

No morphemes are looked at here, so that a corpus is split in seconds.
"""

import re

from nmixx.triplets.rules.rule import LABEL, OTHER, STATEMENT

_BREAK = re.compile(r"\n+|(?<=[가-힣)\]\"”’][.!?])[\"”’]?\s+|\s*(?=[①-⑳])")
# What numbers a paragraph or an article: ① 1. 가. 제3조(정의)
_NUMBERING = re.compile(
    r"(?:[①-⑳○●ㅇ□■◆▶▷※*·-]\s*|\(?\d{1,2}[.)]\s+|[가-하]\.\s+|제\d+조(?:의\d+)?\s?\([^)]*\)\s*)+"
)
_CLOSED = re.compile(r"(?:다|음|함|임|됨|요|까|것|짐|힘|움|림|김|남|봄|옴|뜀|늠)[.!?]?[\"”’]?$")
_NO_PROSE = re.compile(r"[|_=<>]|https?:|www\.|\.{4}|(?:\d[\d,.]*\s+){4}|삭제")
# Texts of a program speak to the one who uses it, or have a place to fill in.
_TO_READER = re.compile(r"십시오|세요|귀하|당신|클릭|%\(?\w|\{\w*\}|\?$|습니까")
_LABEL = re.compile(r"(?:기타|이다|것|림|봄|남|움|힘|김)$|[:>]")
# A headline has a break, a figure with its unit, or quotes; a label or title has none of these.
_HEADLINE = re.compile(r"…|\.\.\.|['\"‘“↑↓]|\d(?:억|조|만|%|원|분기|월|년|일|호|위|배|명|건|개)")
_LETTER = re.compile(r"[가-힣A-Za-z ]")
_LEAST_STATEMENT = 3
_LEAST_WORDS, _MOST_CHARACTERS = 4, 220
_LEAST_LETTERS = 0.65
_LEAST_LETTERS_OF_HEADLINE = 0.45
_HEADLINE_WORDS = 5
_HEADLINE_CHARACTERS = 90


def split_sentences(text: str) -> list[str]:
    """List the sentences of a text that say something when read alone; a headline is one."""
    pieces = [piece.strip() for piece in _BREAK.split(text)]
    if len(pieces) == 1 and not _CLOSED.search(text):
        headline = len(text) <= _HEADLINE_CHARACTERS and len(text.split()) >= _HEADLINE_WORDS
        return [text] if headline and _is_prose(text, _LEAST_LETTERS_OF_HEADLINE) else []
    found = []
    for piece in pieces:
        numbering = _NUMBERING.match(piece)
        sentence = piece[numbering.end() :] if numbering else piece
        if _CLOSED.search(sentence) and _stands_alone(sentence):
            found.append(sentence)
    return found


def find_form(text: str) -> str:
    """Tell a statement, a sentence or the headline of an event, from a label and from others."""
    words = len(text.split())
    if _TO_READER.search(text):
        return OTHER
    if _CLOSED.search(text) and not _LABEL.search(text):
        return STATEMENT if words >= _LEAST_STATEMENT else OTHER
    return STATEMENT if words >= _HEADLINE_WORDS and _HEADLINE.search(text) else LABEL


def _stands_alone(sentence: str) -> bool:
    return len(sentence.split()) >= _LEAST_WORDS and _is_prose(sentence, _LEAST_LETTERS)


def _is_prose(sentence: str, least: float) -> bool:
    if len(sentence) > _MOST_CHARACTERS or _NO_PROSE.search(sentence):
        return False
    whole = all(sentence.count(one) == sentence.count(two) for one, two in ("()", "[]", "「」"))
    whole = whole and sentence.count('"') % 2 == 0
    letters = len(_LETTER.findall(sentence))
    return whole and letters >= least * len(sentence)
