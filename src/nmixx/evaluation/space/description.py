"""All figures of a model's space, before and after, and the map of a few pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.evaluation.accuracy import judge_matches, match_bitext
from nmixx.evaluation.bootstrap import Array, compare, interval, resample, resample_mean
from nmixx.evaluation.space.choice import Choice, Sample
from nmixx.evaluation.space.hubs import measure_hubness
from nmixx.evaluation.space.languages import probe_language, separate_means
from nmixx.evaluation.space.mends import MENDS, Map
from nmixx.evaluation.space.projection import project
from nmixx.evaluation.space.shape import describe_shape, measure_uniformity
from nmixx.evaluation.space.similarities import compare_similarities

Lookup = Callable[[Sequence[str]], FloatArray]

ON_MAP = 200
"""Pairs that the map shows."""

_TEXT = 160  # characters of a text on the map


def describe_model(lookup: Lookup, choice: Choice, *, bootstrap: int, seed: int) -> dict[str, Any]:
    """Measure one model's space on the measured pairs, as it is and with each mend.

    Args:
        lookup: gives the unit vectors of texts.
        choice: what to fit on and what to measure on.
        bootstrap: resamples behind each interval.
        seed: of the probe's split and of the resamples.
    """
    first, second = _vectors(lookup, choice.measured)
    one, two = choice.measured.languages
    shares: list[float]
    places, along = project(np.concatenate([first, second]))
    shares = along.tolist()
    shown = min(ON_MAP, len(first))
    return {
        **describe_shape(first, second),
        "language_gap": {
            "probe_accuracy": probe_language(first, second, seed=seed),
            "mean_distance": separate_means(first, second),
        },
        "hubness": {
            f"{one} → {two}": measure_hubness(first, second),
            f"{two} → {one}": measure_hubness(second, first),
        },
        "similarities": compare_similarities(first, second),
        "mends": _measure_mends(lookup, choice, bootstrap=bootstrap, seed=seed),
        "map": {
            "variance": shares,
            "first": np.round(places[:shown], 4).tolist(),
            "second": np.round(places[len(first) : len(first) + shown], 4).tolist(),
        },
    }


def describe_sample(sample: Sample) -> dict[str, Any]:
    """Name a sample and count it."""
    return {"name": sample.name, "pairs": len(sample)}


def list_texts(sample: Sample) -> list[list[str]]:
    """Give the texts of the map's pairs, cut to a readable length."""
    both = zip(sample.first[:ON_MAP], sample.second[:ON_MAP], strict=True)
    return [[one[:_TEXT], two[:_TEXT]] for one, two in both]


def _vectors(lookup: Lookup, sample: Sample) -> tuple[Array, Array]:
    """Look both columns up, in double precision."""
    return (
        np.asarray(lookup(sample.first), dtype=np.float64),
        np.asarray(lookup(sample.second), dtype=np.float64),
    )


def _measure_mends(
    lookup: Lookup, choice: Choice, *, bootstrap: int, seed: int
) -> dict[str, dict[str, Any]]:
    """Fit every mend on the one sample and measure it on the other, beside the space as it is."""
    fitted, measured = (_vectors(lookup, s) for s in (choice.fitted, choice.measured))
    plain: tuple[Map, Map] = (lambda rows: rows, lambda rows: rows)
    maps = {"as it is": plain} | {name: fit(*fitted) for name, fit in MENDS.items()}
    mended = {name: (one(measured[0]), two(measured[1])) for name, (one, two) in maps.items()}
    found = {name: _judge(choice.measured, *pair) for name, pair in mended.items()}
    statistics = tuple(partial(resample_mean, values=values) for values in found.values())
    drawn = resample(len(choice.measured), statistics, resamples=bootstrap, seed=seed)
    baseline = found["as it is"].mean()
    rows: dict[str, dict[str, Any]] = {}
    for (name, values), means in zip(found.items(), drawn, strict=True):
        first, second = mended[name]
        value = float(values.mean())
        difference = compare(means, drawn[0], value - float(baseline))
        rows[name] = {
            "accuracy@1": value,
            "ci95": list(interval(means, value)),
            "delta": difference.delta,
            "delta_ci95": list(difference.ci95),
            "probe_accuracy": probe_language(first, second, seed=seed),
            "uniformity": measure_uniformity(np.concatenate([first, second])),
        }
    return rows


def _judge(sample: Sample, first: Array, second: Array) -> Array:
    """Score each pair by the share of directions in which its translation is found."""
    narrow = first.astype(np.float32), second.astype(np.float32)
    forward, backward = judge_matches(match_bitext(*narrow), sample.first, sample.second)
    halves: Array = (forward.astype(np.float64) + backward.astype(np.float64)) / 2
    return halves
