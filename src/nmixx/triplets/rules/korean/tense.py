"""Shifts between what is to come and what is so: plans told as done, forecasts told as facts."""

import random
import re

from nmixx.triplets.rules.korean.morphology import analyse
from nmixx.triplets.rules.korean.rewrite import load_rewrites, rewrite

# A plan for last spring, or a forecast of a past year that is dated in words, reads as nonsense.
_FUTURE_WORDS = re.compile(r"앞으로도|앞으로는|앞으로|향후에는|향후|조만간|머지않아")
# What only time to come can have: no other word would mend it.
_YET_TO_COME = re.compile(r"내년|내후년|다음 ?(?:달|주|분기|해)|갈수록|향후 \d")
_PAST_WORDS = re.compile(r"지난|작년|전년 말|어제|당시|이미|그동안|전날")
# What is told of the time to come, and of the time that has passed.
_FORESEEN = re.compile(
    r"(?:ᆯ|을)/ETM (?:것/NNB\+(?:으로/JKB [^ ]+|이/VCP)|(?:전망|예정|계획|방침|가능성|우려)/NNG)|"
    r"(?:예상|전망|기대|예측|추정|추산)/NNG\+(?:되|하)/XSV|내다보/VV|겠/EP"
)
_HAPPENED = re.compile(r"었/EP|고/EC 있/VX")
# How the words of somebody end: it is they who spoke in the past.
_REPORTED = re.compile(r"(?<=다고/EC ).*$")
_DATED = re.compile(
    r"내년|내후년|다음 ?(?:달|주|분기|해)|갈수록|향후 \d|앞으로 \d|이미|당분간|연말|말까지|"
    r"까지는|장기적|이후|\d\d년|경우|하면|으면|(?:향후|앞으로).*최근|최근.*(?:향후|앞으로)"
)
_RECENT = re.compile(
    r"지난|작년|전년 말|어제|당시|이미|그동안|그간|전날|최근|근래|현재|들어|의미|\d\d년"
)


def assert_forecast(text: str, rng: random.Random) -> str | None:
    """Tell a forecast as a fact (늘 것으로 예상된다 to 늘었다), or a fact as a forecast."""
    notation = _REPORTED.sub("", analyse(text).notation)
    foreseen, happened = len(_FORESEEN.findall(notation)), len(_HAPPENED.findall(notation))
    # Only where all that is told lies in one time: the rest would contradict what is changed.
    if foreseen == 1 and not happened and not _DATED.search(text):
        told = rewrite(text, load_rewrites("forecast"), rng)
        return None if told is None else _FUTURE_WORDS.sub("최근", told)
    if happened == 1 and not foreseen and not _RECENT.search(text):
        return rewrite(text, load_rewrites("foresee"), rng)
    return None


def realise_plan(text: str, rng: random.Random) -> str | None:
    """Tell a plan as done (인수할 예정이다 to 인수했다), or an act as planned."""
    told = rewrite(text, load_rewrites("realise"), rng)
    if told is not None:
        return None if _YET_TO_COME.search(told) else _FUTURE_WORDS.sub("이미", told)
    return None if _PAST_WORDS.search(text) else rewrite(text, load_rewrites("unrealise"), rng)
