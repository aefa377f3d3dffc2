"""Vocabulary stage: see how a tokenizer treats a language, and grow it where it spells letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.records import Document, Pair
from nmixx.storage import write_json
from nmixx.vocabulary.settings import VocabularySettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["VocabularySettings", "grow_vocabulary", "report_coverage"]


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
    from nmixx.vocabulary.coverage import measure_coverage, sample_evenly
    from nmixx.vocabulary.tokenizer_files import bare_tokenizer

    tokenizer = bare_tokenizer(model)
    unknown = getattr(model.tokenizer, "unk_token", None)
    length = int(model.max_seq_length or 512)
    return {
        lang: measure_coverage(
            tokenizer, sample_evenly(some, limit), unknown=unknown, max_length=length
        ).to_row()
        for lang, some in sorted(texts.items())
        if some
    }


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
