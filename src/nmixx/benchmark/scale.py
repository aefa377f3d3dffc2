"""The scale on which annotators score: its ends, its steps, and what each whole point means."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from nmixx.errors import InputError
from nmixx.settings import Settings

MEANINGS: Mapping[int, str] = {
    5: "the same meaning in every detail",
    4: "the same but for a nuance",
    3: "a small but real change",
    2: "an important change",
    1: "turned around, or hardly related",
    0: "about different things",
}
"""What the points of the usual scale mean."""

MOST_STEPS = 100
"""More are no scale that a person can use."""


class Scale(Settings):
    """Scores from ``low`` to ``high`` in equal steps."""

    low: float = Field(default=0.0, description="the score of pairs that have nothing in common")
    high: float = Field(default=5.0, description="the score of pairs that mean the same")
    step: float = Field(default=1.0, gt=0, description="distance of neighbouring scores")

    @model_validator(mode="after")
    def _fit(self) -> Self:
        """Refuse ends that no whole number of steps joins."""
        steps = (self.high - self.low) / self.step
        if not math.isfinite(steps) or steps < 1 or not math.isclose(steps, round(steps)):
            raise ValueError(f"{self.low:g} to {self.high:g} is no whole number of {self.step:g}s")
        if steps > MOST_STEPS:
            raise ValueError(f"more than {MOST_STEPS} steps from {self.low:g} to {self.high:g}")
        return self

    @property
    def values(self) -> list[float]:
        """All scores of the scale, rising."""
        steps = round((self.high - self.low) / self.step)
        return [round(self.low + at * self.step, 6) for at in range(steps + 1)]

    @property
    def labels(self) -> list[str]:
        """All scores as people read them."""
        return [f"{value:g}" for value in self.values]

    @property
    def span(self) -> float:
        """The distance of the ends."""
        return self.high - self.low

    def meaning(self, value: float) -> str:
        """Say what a score means on the usual scale, ``""`` where nothing is said."""
        usual = (self.low, self.high) == (0, 5) and value == int(value)
        return MEANINGS[int(value)] if usual else ""

    def read(self, given: object) -> float | None:
        """Give a score as a number of the scale, or None when it is none of them."""
        if isinstance(given, bool) or given is None:
            return None
        try:
            number = float(str(given).strip())
        except ValueError:
            return None
        near = [value for value in self.values if math.isclose(value, number, abs_tol=1e-9)]
        return near[0] if near else None

    def __str__(self) -> str:
        """Say what is accepted."""
        return f"a score from {self.low:g} to {self.high:g} in steps of {self.step:g}"


def parse_scale(text: str) -> Scale:
    """Read ``LOW:HIGH`` or ``LOW:HIGH:STEP``.

    Raises:
        InputError: it is neither.
    """
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        parts = []
    if len(parts) not in (2, 3):
        raise InputError(f"--scale {text!r}: expected LOW:HIGH or LOW:HIGH:STEP, such as 0:5:0.5.")
    return Scale.parse(dict(zip(("low", "high", "step"), parts, strict=False)), "--scale")
