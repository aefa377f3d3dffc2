"""From settings to teachers: which are loaded, fused, rescored and normalised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.errors import InputError
from nmixx.mining.settings import MiningSettings
from nmixx.mining.teachers import DenseOptions, Teacher, dense_teacher, make_teacher

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

OWN = "model"


def make_teachers(
    settings: MiningSettings, store: Path, *, own: tuple[SentenceTransformer, str] | None = None
) -> tuple[Teacher, Teacher | None]:
    """Make the teacher that settings describe, and the second one whose consent they ask.

    Args:
        settings: names of models, how they are fused, rescored and normalised.
        store: folder of the embedding store.
        own: the run's own model and its name, for the teacher ``model``.

    Raises:
        InputError: a teacher cannot be made.
    """
    options = DenseOptions(
        store, settings.query_prompt, settings.document_prompt, settings.precision
    )

    def make(spec: str) -> Teacher:
        if spec != OWN:
            return make_teacher(spec, options)
        if own is None:
            raise InputError(
                "teacher 'model': is the run's own model, and there is no run.\n"
                "Name a model, bm25 or run:FILE."
            )
        return dense_teacher(*own, options)

    first = make(settings.teacher)
    if settings.fused_with:
        first = _fuse([first, *map(make, settings.fused_with)], settings)
    if settings.rescorer is not None:
        from nmixx.mining.teachers.rescored import RescoredTeacher

        first = RescoredTeacher.load(first, settings.rescorer, window=settings.window)
    if settings.normalisation is not None and not _fuses_scores(settings):
        first = _normalise(first, settings.normalisation, settings.window)
    return first, None if settings.consensus is None else make(settings.consensus)


def _normalise(teacher: Teacher, normalisation: str, window: int) -> Teacher:
    """Bring the scores of a teacher to a scale, unless they are on one already."""
    from nmixx.mining.teachers.normalised import NormalisedTeacher

    normalised = NormalisedTeacher(teacher, normalisation, window)
    return teacher if teacher.bounded else normalised


def _fuse(children: list[Teacher], settings: MiningSettings) -> Teacher:
    """Join teachers into one."""
    from nmixx.mining.teachers.fused import FusedTeacher

    return FusedTeacher(
        children,
        settings.fusion,
        normalisation=settings.normalisation or "minmax",
        window=settings.window,
    )


def _fuses_scores(settings: MiningSettings) -> bool:
    """Tell whether the normalisation was used up in fusing."""
    return bool(settings.fused_with) and settings.fusion == "weighted" and not settings.rescorer
