"""What a run measures beside its tasks: the space, other wording, the training steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nmixx.encoding import SentenceEncoder, load_model
from nmixx.evaluation.robustness import ROBUSTNESS_NAME, measure_robustness
from nmixx.evaluation.settings import EvaluationSettings
from nmixx.evaluation.space import SPACE_NAME, describe_space
from nmixx.evaluation.steps import STEPS_NAME, measure_steps
from nmixx.records import Pair
from nmixx.storage import write_json


def measure_further(
    settings: EvaluationSettings,
    before: SentenceEncoder,
    after: SentenceEncoder,
    *,
    pairs: Callable[[], Sequence[Pair]],
    steps: Path,
    folder: Path,
) -> None:
    """Write ``space.json``, ``robustness.json`` and ``steps.json`` as far as settings ask for them.

    Files that an earlier evaluation left are removed first, so that none outlives its settings.

    Args:
        settings: of the stage.
        before: the base model.
        after: the adapted model.
        pairs: reads the corpus' pairs.
        steps: the folder of the training steps, each with its ``model``.
        folder: the stage's own; vectors are kept under ``embeddings``.
    """
    for name in (SPACE_NAME, ROBUSTNESS_NAME, STEPS_NAME):
        (folder / name).unlink(missing_ok=True)
    encoders = {"before": before, "after": after}
    if settings.space:
        _look_at_space(settings, encoders, pairs(), folder)
    if settings.robustness:
        _perturb_texts(settings, encoders, folder)
    if settings.steps and settings.development.tasks:
        _follow_steps(settings, before, steps, folder)


def _look_at_space(
    settings: EvaluationSettings,
    encoders: dict[str, SentenceEncoder],
    pairs: Sequence[Pair],
    folder: Path,
) -> None:
    """Describe the models' spaces, where there are translations to look at them with."""
    from nmixx.evaluation.space.choice import choose_samples

    choice = choose_samples(settings.test, settings.development, pairs, seed=settings.seed)
    if choice is not None:
        found = describe_space(
            encoders,
            choice,
            bootstrap=settings.bootstrap,
            seed=settings.seed,
            store=folder / "embeddings",
        )
        write_json(folder / SPACE_NAME, found)


def _perturb_texts(
    settings: EvaluationSettings, encoders: dict[str, SentenceEncoder], folder: Path
) -> None:
    """Measure the test tasks again with their texts written another way."""
    from nmixx.evaluation.runner import load_tasks

    found = measure_robustness(
        encoders,
        load_tasks(settings.test),
        settings.robustness,
        draws=settings.draws,
        seed=settings.seed,
        store=folder / "embeddings",
    )
    write_json(folder / ROBUSTNESS_NAME, found)


def _follow_steps(
    settings: EvaluationSettings, before: SentenceEncoder, steps: Path, folder: Path
) -> None:
    """Measure the base model and the model after each training step on the development tasks."""
    encoders: dict[str, Callable[[], SentenceEncoder]] = {"before": lambda: before}
    numbered = [(*place.name.partition("-")[::2], place / "model") for place in steps.glob("*-*")]
    for number, name, model in sorted(numbered, key=lambda step: int(step[0])):

        def load(model: Path = model) -> SentenceEncoder:
            loaded = load_model(str(model))
            return SentenceEncoder(loaded, prompt=settings.prompt, precision=settings.precision)

        encoders[f"{number} {name}"] = load
    found = measure_steps(encoders, settings.development, store=folder / "embeddings")
    write_json(folder / STEPS_NAME, found)
