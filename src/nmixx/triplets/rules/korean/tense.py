"""Shifts between what is to come and what is so: plans told as done, forecasts told as facts."""

import random
import re

from nmixx.triplets.rules.korean.rewrite import load_rewrites, rewrite

# A plan for last spring, or a forecast of a past year that is dated in words, reads as nonsense.
_FUTURE_WORDS = re.compile(r"앞으로도|앞으로는|앞으로|향후에는|향후|조만간|머지않아")
# What only time to come can have: no other word would mend it.
_YET_TO_COME = re.compile(r"내년|내후년|다음 ?(?:달|주|분기|해)|갈수록|향후 \d")
_PAST_WORDS = re.compile(r"지난|작년|전년 말|어제|당시|이미|그동안|전날")


def realise_plan(text: str, rng: random.Random) -> str | None:
    """Tell a plan as done (인수할 예정이다 to 인수했다), or an act as planned."""
    return _exchange_tense(text, "realise", "unrealise", rng)


def assert_forecast(text: str, rng: random.Random) -> str | None:
    """Tell a forecast as a fact (늘 것으로 예상된다 to 늘었다), or a fact as a forecast."""
    return _exchange_tense(text, "forecast", "foresee", rng)


def _exchange_tense(text: str, done: str, planned: str, rng: random.Random) -> str | None:
    told = rewrite(text, load_rewrites(done), rng)
    if told is not None:
        if _YET_TO_COME.search(told):
            return None
        return _FUTURE_WORDS.sub("이미", told)
    return None if _PAST_WORDS.search(text) else rewrite(text, load_rewrites(planned), rng)
