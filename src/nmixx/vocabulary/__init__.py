"""Vocabulary stage: see how a tokenizer treats a language, and grow it where it spells letters."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.records import Document, Pair
from nmixx.storage import write_json
from nmixx.vocabulary.settings import VocabularySettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_COVERED = 2.0  # tokens per word
_WORTH = 0.1  # share of the tokens per word

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
        What ``coverage.json`` holds: ``before`` and, when grown, ``after``, ``tokenizer``,
        ``added_tokens``, the arm ``initial`` that made their rows, how many rows it made by what
        (``initialised``), and ``notes``.
    """
    from nmixx.corpus.inputs import texts_by_language
    from nmixx.encoding import load_model
    from nmixx.vocabulary.growth import grow_model

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
