r"""Rewriting of morphemes by pattern, for endings and the constructions built on them.

A row of a rewrite list is `pattern<TAB>replacement|replacement`. A replacement is Sejong notation
and may use \1, \2 for groups. A pattern is a regular expression over Sejong notation in which + is
the seam inside a word (save in `[^ +]+`, a form or tag, and `[^ ]+`, a word) and these are short:

    @N a noun or figure, @P a phrase of them    @W a noun, @Q a phrase of nouns
    @G a noun phrase starts here                @E the end of a word closes the sentence
    @R no verb of reporting stands before
"""

import random
import re
from functools import cache
from typing import NamedTuple

from nmixx.triplets.rules.korean.lexicon import read_rows
from nmixx.triplets.rules.korean.morphology import Sentence, agree, analyse, conjugate, parse

_FIGURE = r"[^ +]+/(?:NN[GPB]|NR|SL|SH|SN|XR|XSN|XPN|SW)"
_NOUN = r"[^ +]+/(?:NN[GP]|SL|SH|XR|XSN)"
# A phrase is bounded, so that a text of thousands of nouns is still matched in linear time.
_BOUND = "{0,5}"
_CONTINUED = (
    "ETM",
    "JKG",
    "SP",
    "JC",
    "MM",
    "NNG",
    "NNP",
    "NNB",
    "NR",
    "SN",
    "SL",
    "SW",
    "XSN",
    "MAJ",
)
_SAYING = (
    "발표 보도 말 강조 설명 평가 분석 판단 조사 추정 예상 전망 기대 실시 수행 언급 인용 주장 제시 "
    "상정 고안 도출 설정 가정 구성 시행 반영 논의 활용 적용 포함 확인 산출 비교"
)
_REPORTING = (
    *(rf"{noun}/NNG\+{suffix}/XSV" for noun in _SAYING.split() for suffix in ("하", "되")),
    *(f"{verb}/VV" for verb in ("나타나", "밝히", "전하", "보", "들", "덧붙이", "알려지")),
    *(f"{verb}/VX" for verb in ("보", "하", "않")),
    r"이/VCP",
)
_MACROS = (
    ("[^ +]+", r"[^ \x2b]{1,}"),  # a form or a tag: here + is the usual quantifier
    ("[^ ]+", "[^ ]{1,}"),  # a word: likewise
    ("+", r"\+"),
    ("@P", rf"{_FIGURE}(?:[+ ]{_FIGURE}){_BOUND}"),
    ("@Q", rf"{_NOUN}(?:[+ ]{_NOUN}){_BOUND}"),
    ("@N", _FIGURE),
    ("@W", _NOUN),
    ("@G", r"(?<!\+)" + "".join(rf"(?<!/{tag} )" for tag in _CONTINUED)),
    ("@E", r"(?=\+[^ +]+/S[FEWY]|$)"),
    ("@R", "".join(rf"(?<!{verb}\+)" for verb in _REPORTING)),
)


class Rewrite(NamedTuple):
    """One row of a rewrite list."""

    pattern: re.Pattern[str]
    replacements: tuple[str, ...]


@cache
def compile_pattern(source: str) -> re.Pattern[str]:
    """Return the pattern of a rewrite row as a regular expression over whole morphemes."""
    for short, full in _MACROS:
        source = source.replace(short, full)
    return re.compile(rf"(?:^|(?<=[ +]))(?:{source})(?:(?=[ +]|$)|(?<= ))")


@cache
def load_rewrites(*names: str) -> tuple[Rewrite, ...]:
    """Return the compiled rows of the named rewrite lists, in the order they stand."""
    return tuple(
        Rewrite(compile_pattern(row[0]), tuple(row[1].split("|")))
        for name in names
        for row in read_rows(name)
    )


def put_match(sentence: Sentence, match: re.Match[str], replacement: str) -> str:
    """Return the text with the matched morphemes written as `replacement`."""
    start, stop = sentence.index(match.start()), sentence.index(match.end())
    new = parse(match.expand(replacement)) if replacement else []
    if new and new[0][1].startswith("J"):
        before = sentence.text[: sentence.morphemes[start].start]
        new[0] = (agree(before, new[0][0]), "MAG", False)
    elif new and sentence.morphemes[start].tag.startswith("J"):
        end = sentence.word_end(stop - 1)
        tail = [(m.form, m.tag, False) for m in sentence.morphemes[stop:end]]
        apart = "" if new[0][1] == "VCP" else " "  # 합병으로 인하여 to 합병 때문에
        return sentence.splice(start, end, apart + conjugate([*new, *tail]))
    elif sentence.morphemes[start].is_affix:
        stem = sentence.stem(start)
        kept = [(m.form, m.tag, m.spaced) for m in sentence.morphemes[stem:start]]
        new, start = [*kept, *new], stem
    end = sentence.word_end(stop - 1)
    new += [(m.form, m.tag, False) for m in sentence.morphemes[stop:end]]
    return sentence.splice(start, end, conjugate(new))


def _is_tail(sentence: Sentence, match: re.Match[str]) -> bool:
    """Tell whether a match begins inside a compound, as 위원회 does in 금융위원회."""
    index = sentence.index(match.start())
    first, before = sentence.morphemes[index], sentence.morphemes[index - 1]
    return index > 0 and not first.spaced and first.tag[0] == "N" and before.is_noun


def rewrite(text: str, table: tuple[Rewrite, ...], rng: random.Random) -> str | None:
    """Return `text` with one listed construction rewritten, or None where none occurs."""
    sentence = analyse(text)
    matches = [
        (match, row.replacements)
        for row in table
        for match in row.pattern.finditer(sentence.notation)
        if row.replacements[0].startswith("\\1") or not _is_tail(sentence, match)
    ]
    if not matches:
        return None
    match, replacements = rng.choice(matches)
    told = put_match(sentence, match, rng.choice(replacements))
    return told if told != text else None
