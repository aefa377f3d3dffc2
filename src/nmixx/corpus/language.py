"""Which language a text is in: the script decides, and statistics where a script is shared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "und"
"""What a text's language is called when nothing tells it (ISO 639-2, undetermined)."""

SAMPLED_CHARACTERS = 600  # a text's language shows at its beginning
STATISTICS_CHARACTERS = 240
SHORT_WORDS = 4  # a text of so few words is never said to be in the wrong language
SHORT_CHARACTERS = 50
MIN_LETTERS = 25
MIN_PROBABILITY = 0.8  # at this, no error on 20,000 English interface texts and accounting labels
MIN_WEIGHT = 6.0
MIN_SHARE = 0.6

# Script -> (its letters, its language or None when several share it, what a letter weighs). A
# syllable block or an ideograph says about as much as two or three letters of an alphabet, so that
# a Korean sentence full of tickers is Korean.
_SCRIPTS: dict[str, tuple[re.Pattern[str], str | None, float]] = {
    name: (re.compile(f"[{letters}]+"), language, weight)
    for name, letters, language, weight in (
        ("hangul", "ᄀ-ᇿㄱ-ㆎ가-힣", "ko", 3.0),
        ("kana", "ぁ-ゖァ-ヺー", "ja", 2.0),
        ("han", "㐀-䶿一-鿿", "zh", 3.0),
        ("thai", "ก-๎", "th", 1.5),
        ("greek", "Ͱ-Ͽ", "el", 1.0),
        ("hebrew", "א-ת", "he", 1.0),
        ("cyrillic", "Ѐ-ӿ", None, 1.0),
        ("arabic", "ء-ۓ", None, 1.0),
        ("devanagari", "ऀ-ॿ", None, 1.0),
        ("latin", "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ", None, 1.0),
    )
}
_USUAL = frozenset({"hangul", "latin"})
_RARE = re.compile("[Ͱ-ϿЀ-ӿא-תء-ۓऀ-ॿก-๎ぁ-ゖァ-ヺー㐀-䶿一-鿿]")  # letters of the other scripts
_ASCII_LETTERS = re.compile("[A-Za-z]+")
_EXTINCT = frozenset({"la", "eo", "ia", "ie", "vo", "io"})  # more often wrong than meant
# No other language has two of these words; they spare most English texts the statistics.
_ENGLISH = frozenset({"the", "and", "which", "with", "this", "from", "that", "were", "shall"})
_ALIKE = (  # languages that statistics confuse, so that one does not contradict the other
    frozenset({"no", "nb", "nn", "da"}),
    frozenset({"hr", "bs", "sr", "sl"}),
    frozenset({"id", "ms"}),
    frozenset({"cs", "sk"}),
    frozenset({"es", "gl", "ca", "pt"}),
    frozenset({"ru", "uk", "be", "bg", "mk"}),
    frozenset({"hi", "mr", "ne"}),
)

_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
    "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy "
    "hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg "
    "li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or "
    "os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta "
    "te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
ISO_639_1 = frozenset(_CODES.split())
"""Two-letter language codes."""

LANGUAGE_COLUMNS = ISO_639_1 - {"id", "no"}
"""Column names that are read as a language; these two are words of the language of tables."""


def detect_language(text: str) -> str | None:
    """Give a text's ISO 639-1 code, or None when there is too little evidence.

    Digits and punctuation count for nothing. Alphabets that several languages share go to a
    naive Bayes classifier over character n-grams (Lui and Baldwin 2012, *langid.py*), which must
    see 25 letters and be sure.
    """
    text = text[:SAMPLED_CHARACTERS]
    script = _main_script(text)
    if script is None:
        return None
    _, language, _ = _SCRIPTS[script]
    return language or _classify(text)


def contradicts(text: str, declared: str) -> str | None:
    """Give the language that a text is plainly in when that is not the declared one.

    Short texts never contradict: names and terms wander between languages.
    """
    if len(text) < SHORT_CHARACTERS and len(text.split(maxsplit=SHORT_WORDS)) <= SHORT_WORDS:
        return None
    base = declared.partition("-")[0].lower()
    if base not in ISO_639_1 or (base == "en" and _shows_english(text, 1)):
        return None
    found = detect_language(text)
    if found is None or found == base:
        return None
    return None if any({found, base} <= alike for alike in _ALIKE) else found


def fill_languages(texts: Sequence[str], declared: Iterable[str]) -> list[str]:
    """Complete the languages of texts that belong to one column.

    Args:
        texts: the column.
        declared: the language of each text, or ``""`` where none is known.

    Returns:
        The declared language, else the detected one, else the column's most frequent one.
    """
    found = [lang or detect_language(text) for text, lang in zip(texts, declared, strict=True)]
    if None not in found:
        return [lang for lang in found if lang]
    known = [lang for lang in found if lang]
    usual = max(sorted(set(known)), key=known.count, default=UNKNOWN)
    return [lang or usual for lang in found]


def _main_script(text: str) -> str | None:
    """Name the script that carries most of a text, or None when none does clearly."""
    if text.isascii():
        return "latin" if _count(_ASCII_LETTERS, text) >= MIN_WEIGHT else None
    rare = _RARE.search(text) is not None
    weights = {
        name: weight * _count(letters, text)
        for name, (letters, _, weight) in _SCRIPTS.items()
        if rare or name in _USUAL
    }
    # Hanja in Korean and kanji in Japanese belong to their sentence; Chinese has neither script.
    han = weights.get("han", 0.0)
    for name in ("hangul", "kana"):
        if han and weights[name] * 4 >= han:
            weights[name] += weights.pop("han")
            break
    best = max(weights, key=lambda name: weights[name])
    if weights[best] < max(MIN_WEIGHT, MIN_SHARE * sum(weights.values())):
        return None
    return best


def _shows_english(text: str, words: int) -> bool:
    """Tell whether a text has so many different words that only English has."""
    return len(_ENGLISH.intersection(text[:SAMPLED_CHARACTERS].lower().split())) >= words


def _count(letters: re.Pattern[str], text: str) -> int:
    """Count the letters of a script."""
    return sum(map(len, letters.findall(text)))


def _classify(text: str) -> str | None:
    """Classify a text in a shared alphabet."""
    text = text.lower()
    if _shows_english(text, 2):
        return "en"
    text = text[:STATISTICS_CHARACTERS]
    if sum(map(str.isalpha, text)) < MIN_LETTERS:
        return None
    language, probability = _classifier().classify(text)
    sure = probability >= MIN_PROBABILITY and language in ISO_639_1 - _EXTINCT
    return str(language) if sure else None


@cache
def _classifier() -> LanguageIdentifier:
    """Load the classifier once; its probabilities are normalised over all languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
