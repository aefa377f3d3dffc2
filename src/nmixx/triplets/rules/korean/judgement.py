"""Whether a word that says how things went can be turned without contradicting what is left."""

import re
from functools import cache, lru_cache

from nmixx.triplets.rules.korean.lexicon import load_swaps, load_words
from nmixx.triplets.rules.korean.morphology import Sentence, analyse
from nmixx.triplets.rules.korean.swap import Hit, find_hits

# An amount is big or small, but says itself which way nothing went.
_AMOUNTS = ("이익", "손실", "흑자", "적자")
_JOINING = "고"
_AGAINST = re.compile(
    r" (?:반면|불구|오히려)/|(?:에도|에도불구하고)/J|(?:으나|지만|나|는데|ᆫ데|은데|다가)/EC"
)
# What moved it, or was aimed at: the opposite would have had another cause.
_CAUSED = re.compile(
    r"견인|힘입|덕[에분택]|영향|여파|등으로|탓|따[라른]|때문|인[해한하]|기인|위[해한하]|"
    r"방침|계획|목표|목적|예정|수 있|수 없|순항|여력|확보|부족|우려|기대|완화"
)
_DENYING = re.compile(r"^(?:않|못하|못|없|아니|아니하|말)$")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|퍼센트)(?!p)")
_MEASURED = re.compile(r"\d ?(?:%|퍼센트|pct|배)(?!p)")
_WEAK = re.compile(r"소폭|다소|약간|조금|완만|서서히|점진|미미|경미|제한")
_TIMES = re.compile(r"\d ?배|두 배|갑절")
_WHOLE = 100.0  # percent
_LEAST_STRONG, _LEAST_NOT_WEAK = 3.0, 10.0  # percent


@cache
def _load_directions() -> dict[str, bool]:
    """Return the words of direction or judgement; a set phrase that holds one is False."""
    moods = [*load_words("mood")["up"], *load_words("mood")["down"]]
    swaps = load_swaps("reversal", "outlook")
    told = dict.fromkeys(moods, True) | {word: bool(others) for word, others in swaps.items()}
    return {word: said and not word.endswith(_AMOUNTS) for word, said in told.items()}


def is_direction(word: str) -> bool:
    """Return whether a word tells a direction or judgement."""
    return _load_directions().get(word, False)


@lru_cache(maxsize=64)
def find_directions(text: str) -> tuple[int, ...]:
    """Return the first morphemes of the words that tell a direction or judgement."""
    hits = find_hits(analyse(text), _load_directions())
    return tuple(hit.start for hit in hits if is_direction(hit.key))


@lru_cache(maxsize=64)
def _find_levels(text: str) -> tuple[int, ...]:
    """Return the first morphemes of the words for what can go up or down."""
    hits = find_hits(analyse(text), dict.fromkeys(load_words("metric")["level"]))
    return tuple(hit.start for hit in hits)


def stands_alone(sentence: Sentence, hit: Hit) -> bool:
    """Return whether nothing else in the clause of the hit tells a direction."""
    first, last = find_clause(sentence, hit)
    others = [
        place for place in find_directions(sentence.text) if not hit.start <= place < hit.stop
    ]
    # "Also" says that something unnamed went the same way.
    also = any(m.form == "도" and m.tag == "JX" for m in sentence.morphemes[first:last])
    return not any(first <= other < last for other in others) and not (also and not others)


def find_clause(sentence: Sentence, hit: Hit) -> tuple[int, int]:
    """Return the range of morphemes between the "and" before the hit and the one behind it."""
    seams = [
        place
        for place, morpheme in enumerate(sentence.morphemes)
        if morpheme.tag == "EC" and morpheme.form == _JOINING
    ]
    first = max((place for place in seams if place < hit.start), default=0)
    return first, min((p for p in seams if p >= hit.stop), default=len(sentence.morphemes))


def is_contrasted(sentence: Sentence) -> bool:
    """Return whether the sentence sets one thing against another, so that both must stay."""
    return bool(_AGAINST.search(sentence.notation))


def is_explained(text: str) -> bool:
    """Return whether the text tells a cause or an aim, which would not fit the opposite."""
    return bool(_CAUSED.search(text))


def is_denied(sentence: Sentence, hit: Hit) -> bool:
    """Return whether a negation follows close behind the hit."""
    return any(
        _DENYING.match(m.form) and m.tag[0] in "VM"
        for m in sentence.morphemes[hit.stop : hit.stop + 5]
    )


def can_fall(text: str) -> bool:
    """Return whether nothing in the text grew by more than it was, as nothing shrinks by that."""
    percents = [float(found) for found in _PERCENT.findall(text)]
    return max(percents, default=0) < _WHOLE and not _TIMES.search(text)


def fits_figures(text: str, new: str) -> bool:
    """Return whether the percentages of the text allow `new`: 69 % is no slight change."""
    # 5% 급증 is told, 5% 크게 증가 is not.
    if _MEASURED.search(text) and " " in new:
        return False
    percents = [float(found) for found in _PERCENT.findall(text)]
    if not percents:
        return True
    if _WEAK.search(new):
        return max(percents) < _LEAST_NOT_WEAK
    return max(percents) >= _LEAST_STRONG


def names_level(sentence: Sentence, hit: Hit) -> bool:
    """Return whether the hit, or its clause, names something that can go up or down."""
    first, last = find_clause(sentence, hit)
    return any(first <= level < last for level in _find_levels(sentence.text))
