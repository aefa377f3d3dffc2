"""The embedding space itself: how it is filled, what separates the languages, what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nmixx.encoding import Encoder
    from nmixx.evaluation.space.choice import Choice

__all__ = ["SPACE_NAME", "describe_space"]

SPACE_NAME = "space.json"


def describe_space(
    encoders: Mapping[str, Encoder],
    choice: Choice,
    *,
    bootstrap: int = 1000,
    seed: int = 0,
    store: Path | None = None,
) -> dict[str, Any]:
    """Measure the spaces of models on the same translations.

    Args:
        encoders: models by name, such as ``before`` and ``after``, in the order to show them.
        choice: what :func:`nmixx.evaluation.space.choice.choose_samples` chose.
        bootstrap: resamples behind the mends' intervals.
        seed: of the probe's split and of the resamples.
        store: a folder that keeps vectors for a killed run; memory when None.

    Returns:
        The content of ``space.json``: ``fitted_on`` and ``measured_on`` (name and pairs),
        ``trained_on``, ``languages``, ``texts`` of the map's pairs, and ``models`` by name.
    """
    from nmixx.evaluation.space.description import describe_model, describe_sample, list_texts
    from nmixx.evaluation.vectors import Vectors

    samples = choice.fitted, choice.measured
    texts = [text for sample in samples for side in (sample.first, sample.second) for text in side]
    models = {}
    for name, encoder in encoders.items():
        vectors = Vectors(encoder, texts, store=store, label=f"encoding pairs, {name}")
        models[name] = describe_model(vectors, choice, bootstrap=bootstrap, seed=seed)
    return {
        "fitted_on": describe_sample(choice.fitted),
        "measured_on": describe_sample(choice.measured),
        "trained_on": choice.trained_on,
        "languages": list(choice.measured.languages),
        "texts": list_texts(choice.measured),
        "models": models,
    }
