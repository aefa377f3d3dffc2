"""Words of a text for lexical matching: Korean by morphemes, other scripts by words and stems.

A text is taken apart by script, not by language, so that the ``S&P500`` of a Korean sentence gives
the same words as that of an English one, and Korean in an English text is not lost:

- Hangul: the content morphemes that Kiwi finds (nouns, numerals, roots, stems of verbs and
  adjectives). Particles and endings, which hide a match, are left out.
- letters of an alphabet: lower case, Snowball stems; for English those of Porter2, the revision
  of Porter (1980).
- figures: whole, with their separators, but without those of thousands: ``1.2``, ``1200``.
- ideographs and kana: overlapping pairs, as CJK analysers do.

Letters and figures part where they meet, so that ``3Q`` equals ``3 Q`` and ``KOSPI200`` equals
``KOSPI 200``. The language says how alphabetic words are stemmed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from nmixx.errors import MissingExtraError
from nmixx.progress import track
from nmixx.words.kiwi import load_kiwi

CONTENT_TAGS = frozenset({"NNG", "NNP", "NR", "XR", "VV", "VA", "UN"})
"""Sejong tags of content morphemes: nouns, numerals, roots, stems, and what has no analysis.

Bound nouns, pronouns and auxiliaries stand in any text and tell texts apart as little as particles.
"""

STEM_TAGS = frozenset({"VV", "VA"})

STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""Language to the Snowball algorithm of its words; English where there is none, as in Korean."""

_LUCENE = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then "
    "there these they this to was will with"
)
STOP_WORDS = frozenset(_LUCENE.split())
"""Words of English texts that match everything: Lucene's list, which Anserini and bm25s share."""

_HANGUL = "가-힣ᄀ-ᇿㄱ-ㆎ"
_IDEOGRAPHS = "㐀-䶿一-鿿々ぁ-ゖァ-ヺー"
_LETTER = f"(?:(?![{_HANGUL}{_IDEOGRAPHS}])[^\\W\\d_])"
_PIECE = re.compile(
    rf"(?P<word>{_LETTER}+(?:['&]{_LETTER}+)*)"
    r"|(?P<figure>\d+(?:[.,]\d+)*)"
    rf"|(?P<ideographs>[{_IDEOGRAPHS}]+)"
)
_HAS_HANGUL = re.compile(f"[{_HANGUL}]")
_NOT_HANGUL = re.compile(f"[^{_HANGUL}]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def tokenize(texts: Sequence[str], langs: Sequence[str]) -> list[list[str]]:
    """Take texts apart into words; a text that comes more than once is analysed once.

    The words of a text are a bag: their number counts, their order means nothing.

    Args:
        texts: any texts.
        langs: the language of each (ISO 639-1).

    Raises:
        MissingExtraError: a text holds Hangul, and Kiwi is not installed.
    """
    keys = list(zip(texts, langs, strict=True))
    distinct = dict.fromkeys(keys)
    plain = [_normalise(text) for text, _ in distinct]
    korean = iter(_morphemes([text for text in plain if _HAS_HANGUL.search(text)]))
    words: dict[tuple[str, str], list[str]] = {}
    for key, text in zip(distinct, plain, strict=True):
        words[key] = _words(text, key[1])
        if _HAS_HANGUL.search(text):
            words[key] += next(korean)
    return [words[key] for key in keys]


def _normalise(text: str) -> str:
    """Compose, narrow wide forms, and write every apostrophe the same way."""
    # Kiwi cannot take a lone surrogate.
    return unicodedata.normalize("NFKC", _SURROGATE.sub(" ", text)).replace("’", "'")


def _words(text: str, lang: str) -> list[str]:
    """List the words of a text outside its Hangul."""
    base = lang.partition("-")[0].lower()
    stemmer = _stemmer(STEMMERS.get(base, "english"))
    stop = STOP_WORDS if base == "en" else frozenset()
    found: list[str] = []
    for match in _PIECE.finditer(text.lower()):
        piece = match[0]
        if match.lastgroup == "figure":
            found.append(_THOUSANDS.sub("", piece))
        elif match.lastgroup == "ideographs":
            found += [piece[at : at + 2] for at in range(max(1, len(piece) - 1))]
        elif piece not in stop:
            found.append(stemmer.stemWord(piece))
    return found


def _morphemes(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the content morphemes of each text.

    Kiwi reads whole texts, Latin words and all: a particle that follows one would be taken for a
    noun if it stood alone.
    """
    if not texts:
        return
    for analysis in track(_kiwi().tokenize(texts), "reading Korean", size=len(texts)):
        yield [word for word in map(_content, analysis) if word]


def _content(morpheme: Any) -> str:  # noqa: ANN401 - kiwipiepy ships no type information
    """Give the Hangul of a content morpheme, stems as dictionaries list them; else nothing."""
    tag = morpheme.tag.partition("-")[0]  # -R and -I mark regular and irregular stems
    form = _NOT_HANGUL.sub("", morpheme.form)  # Latin letters were read as words already
    if not form or tag not in CONTENT_TAGS:
        return ""
    return f"{form}다" if tag in STEM_TAGS else form


@cache
def _stemmer(algorithm: str) -> Any:  # noqa: ANN401 - PyStemmer ships no type information
    """Load a Snowball stemmer."""
    import Stemmer

    return Stemmer.Stemmer(algorithm)


def _kiwi() -> Any:  # noqa: ANN401 - kiwipiepy ships no type information
    """Load the Korean analyser that the whole process shares."""
    try:
        return load_kiwi()
    except ImportError:
        raise MissingExtraError("kiwipiepy", "ko", "Taking Korean text apart into words") from None
