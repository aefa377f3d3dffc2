"""Vocabulary stage: see how a tokenizer treats a language, grow it, trim it, find broken rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.records import Document, Pair
from nmixx.storage import write_json
from nmixx.vocabulary.kept import TrimSettings
from nmixx.vocabulary.settings import VocabularySettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

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
        For each language the figures of :class:`nmixx.vocabulary.coverage.Coverage`.
    """
    from nmixx.vocabulary.reports import Gauge

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
        What ``trimming.json`` holds: the figures of :class:`nmixx.vocabulary.trim.Trimmed` and the
        settings.

    Raises:
        DataError: there are too few texts, or nothing can go.
        ModelError: the tokenizer is of a kind that cannot be trimmed.
        OutputError: ``out`` is somebody else's, or holds a trimmed model already.
        StageError: the saved model does not give the same tokens or embeddings.
    """
    from nmixx.vocabulary.trim import plan_trim, save_trim

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
        What ``coverage.json`` holds: ``before``, ``after``, ``added_tokens``, ``initialised``.
    """
    from nmixx.corpus.inputs import texts_by_language
    from nmixx.vocabulary.growth import grow_model

    texts = texts_by_language(documents, pairs)
    result: dict[str, Any] = {
        "before": report_coverage(model, texts, limit=settings.report_texts),
        "added_tokens": 0,
    }
    if settings.grow and settings.size:
        grown = [text for lang in settings.languages for text in texts.get(lang, ())]
        translations = [pair for pair in pairs if pair.kind == "translation"]
        initial = grow_model(model, grown, translations, settings, out / "model")
        from nmixx.encoding import load_model

        result["after"] = report_coverage(
            load_model(str(out / "model"), device="cpu"), texts, limit=settings.report_texts
        )
        result["added_tokens"] = len(initial.rows)
        result["initialised"] = {"aligned": initial.aligned, "pieces": initial.pieces}
    write_json(out / "coverage.json", result)
    return result
