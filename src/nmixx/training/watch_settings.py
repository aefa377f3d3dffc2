"""What a person may choose about watching a training step and holding on to general ability."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nmixx.settings import Settings

Toward = Literal["start", "base"]


class WatchSettings(Settings):
    """Judgement on development tasks while a step trains; the best weights are the ones kept."""

    tasks: tuple[str, ...] = Field(
        default=(), description="development tasks whose mean is the figure; all when empty"
    )
    every: int | None = Field(
        default=None, ge=1, description="optimiser steps between judgements; a fifth when not given"
    )
    patience: int | None = Field(
        default=None, ge=1, description="judgements without a better figure before a step stops"
    )


class GuardSettings(Settings):
    """Which development tasks must not get worse, and by how much they may."""

    tasks: tuple[str, ...] = Field(min_length=1, description="development tasks that are guarded")
    most_lost: float = Field(
        default=0.005, ge=0, description="what each of them may lose; `keep: auto` stays within it"
    )
    shares: tuple[float, ...] = Field(
        default=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
        min_length=2,
        description="shares of the step's change that are tried; 0 is always among them",
    )
