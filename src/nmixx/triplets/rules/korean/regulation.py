"""Shifts of a rule's meaning: what it allows, how hard it punishes, how plainly it orders."""

import random
import re

from nmixx.triplets.rules.korean.rewrite import load_rewrites, rewrite

_NUMBER = r"(?<![\d,.])(\d{1,3}(?:,\d{3})+|\d+)"
_AMOUNT = re.compile(rf"{_NUMBER}(?=(?:[십백천만억조]+ ?)+원)")
_PUNISHED = r"[^.]{0,24}(?:징역|금고|정지|벌금|과징금)"
_PENALTY = re.compile(rf"{_NUMBER}(?=(?:년|개월|배|억|천만|백만){_PUNISHED})")
_SANCTION = re.compile(r"벌금|과태료|과징금|징역|금고|배상|정지|부과|처한다|위약금|가산금")
_FACTORS = (2, 3, 5)
# When or how a thing is to be done was told already, or since when.
_TWICE = re.compile(
    r"(?:수시로|내에|안에|즉시|없이) (?:\S+ ){0,2}(?:\d+일 이내에|적당한 때에|가능한 한)|"
    r"(?:전자문서로|서면으로) (?:\S+ ){0,2}(?:전자문서로|서면으로)|부터 (?:적절한 시기에|사정이)"
)
_TRIES = 10


def reverse_interpretation(text: str, rng: random.Random) -> str | None:
    """Turn a rule round: may to may not, included to excluded, within to after."""
    return rewrite(text, load_rewrites("interpretation"), rng)


def scale_sanction(text: str, rng: random.Random) -> str | None:
    """Make a sanction or duty stronger or weaker: a fine doubled, may to must, 취소 to 정지."""
    amounts = [*_AMOUNT.finditer(text), *_PENALTY.finditer(text)] if _SANCTION.search(text) else []
    worded = rewrite(text, load_rewrites("sanction"), rng)
    if not amounts or (worded is not None and rng.random() < _WORDED):
        return worded
    match = rng.choice(amounts)
    return text[: match.start()] + _scale_number(match[1], rng) + text[match.end() :]


_WORDED = 0.5  # the share changed in words where an amount could be changed too


def _scale_number(written: str, rng: random.Random) -> str:
    """Return the number multiplied, or divided where that leaves a whole number."""
    number = int(written.replace(",", ""))
    factor = rng.choice(_FACTORS)
    scaled = number // factor if number % factor == 0 and rng.random() < 0.5 else number * factor
    return f"{scaled:,}" if "," in written else str(scaled)


def change_clarity(text: str, rng: random.Random) -> str | None:
    """Make a procedure vaguer or more definite: 7일 이내에 to 적절한 시기에, or the reverse."""
    for _ in range(_TRIES):
        told = rewrite(text, load_rewrites("procedure"), rng)
        if told is None or not _TWICE.search(told):
            return told
    return None
