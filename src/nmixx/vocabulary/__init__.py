"""Vocabulary stage: see how a tokenizer treats a language, grow it, trim it, find broken rows."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.records import Document, Pair
from nmixx.storage import write_json
from nmixx.vocabulary.settings import VocabularySettings
from nmixx.vocabulary.trimming.kept import TrimSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_COVERED = 2.0  # tokens per word
_WORTH = 0.1  # share of the tokens per word

__all__ = [
    "TrimSettings",
    "VocabularySettings",
    "grow_vocabulary",
    "report_coverage",
    "trim_vocabulary",
]


def report_coverage(
    model: SentenceTransformer, texts: Mapping[str, Sequence[str]], *, limit: int = 2_000
) -> dict[str, dict[str, float | int]]:
    """Measure a model's tokenizer on texts of several languages.

    Args:
        model: whose tokenizer and maximum length are measured.
        texts: texts by language.
        limit: at most so many texts of a language are measured, taken at even distances.

    Returns:
        For each language the figures of :class:`nmixx.vocabulary.reporting.coverage.Coverage`.
    """
    from nmixx.vocabulary.reporting.reports import Gauge

    gauge = Gauge.of(model)
    return {lang: gauge.measure(some, limit) for lang, some in sorted(texts.items()) if some}


def trim_vocabulary(
    model: SentenceTransformer,
    texts: Sequence[str],
    settings: TrimSettings,
    out: Path,
    *,
    seed: int = 0,
) -> dict[str, Any]:
    """Trim a model to the rows that texts use and a floor.

    Writes ``out/model`` and ``out/trimming.json``.

    Args:
        model: cut in place; load the saved one to go on.
        texts: what the trimmed model is to be used for.
        settings: the floor, and what is held out and verified.
        out: a new folder.
        seed: of the held-out texts.

    Returns:
        What ``trimming.json`` holds: the figures of
        :class:`nmixx.vocabulary.trimming.trim.Trimmed` and the settings.

    Raises:
        DataError: there are too few texts, or nothing can go.
        ModelError: the tokenizer is of a kind that cannot be trimmed.
        OutputError: ``out`` is somebody else's, or holds a trimmed model already.
        StageError: the saved model does not give the same tokens or embeddings.
    """
    from nmixx.vocabulary.trimming.trim import plan_trim, save_trim

    plan = plan_trim(model, texts, settings, seed=seed)
    trimmed = save_trim(model, plan, out)
    result = {**trimmed.to_row(), "settings": settings.model_dump(mode="json"), "seed": seed}
    write_json(out / "trimming.json", result)
    return result


def grow_vocabulary(
    model: SentenceTransformer,
    documents: Sequence[Document],
    pairs: Sequence[Pair],
    settings: VocabularySettings,
    out: Path,
) -> dict[str, Any]:
    """Report coverage, grow the vocabulary when asked to, and report coverage again.

    Writes ``out/model`` (when grown) and ``out/coverage.json``.

    Args:
        model: changed in place.
        documents: single-language texts.
        pairs: pairs; both sides count as texts, translations also set the new rows.
        settings: what to do.
        out: an existing or new folder.

    Returns:
        What ``coverage.json`` holds: ``before`` and, when grown, ``after``, ``tokenizer``,
        ``added_tokens``, the arm ``initial`` that made their rows, how many rows it made by what
        (``initialised``), and ``notes``.
    """
    from nmixx.corpus.inputs import texts_by_language
    from nmixx.encoding import load_model
    from nmixx.vocabulary.growing.growth import grow_model

    texts = texts_by_language(documents, pairs)
    result: dict[str, Any] = {
        "before": report_coverage(model, texts, limit=settings.report_texts),
        "added_tokens": 0,
    }
    if settings.grow and settings.size:
        translations = [pair for pair in pairs if pair.kind == "translation"]
        grown = grow_model(model, texts, translations, settings, out / "model")
        reloaded = load_model(str(out / "model"), device="cpu")
        result |= {"after": report_coverage(reloaded, texts, limit=settings.report_texts)}
        result |= grown.to_row()
        result["notes"] += note_covered(result["before"], result["after"], settings.languages)
    write_json(out / "coverage.json", result)
    for note in result.get("notes", ()):
        logger.warning("%s", note)
    return result


def note_covered(
    before: Mapping[str, Mapping[str, float]],
    after: Mapping[str, Mapping[str, float]],
    languages: Sequence[str],
) -> list[str]:
    """Say of each language that the tokenizer covered before growing, and what growing gained.

    A language counts as covered below 2 tokens per word, or where growing takes less than a tenth
    off them.
    """
    notes = []
    for lang in languages:
        if lang not in before or not before[lang]["tokens_per_word"]:
            continue
        old, new = before[lang]["tokens_per_word"], after[lang]["tokens_per_word"]
        if old < _COVERED or new > old * (1 - _WORTH):
            notes.append(
                f"the tokenizer already covered {lang}: {old:.2f} tokens per word before, "
                f"{new:.2f} after growing ({new / old - 1:+.0%}). Consider vocabulary.grow: false."
            )
    return notes
