"""Trimming a model: the rows that its texts never use go, and nothing else changes."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nmixx.errors import DataError
from nmixx.storage import claim_folder, require_absent
from nmixx.vocabulary.entries import Vocabulary, read_vocabulary
from nmixx.vocabulary.scripts import common_scripts, count_scripts
from nmixx.vocabulary.table import (
    MEGABYTE,
    count_parameters,
    cut_rows,
    named_rows,
    positions_follow_padding,
    read_table,
)
from nmixx.vocabulary.tokenizer_files import bare_tokenizer
from nmixx.vocabulary.trimming.kept import (
    TrimSettings,
    choose_kept,
    count_reasons,
    require_trimmable,
    shrink_state,
)
from nmixx.vocabulary.trimming.trimmed_files import save_trimmed, verify_trimmed

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

logger = logging.getLogger(__name__)

_BATCH = 10_000


@dataclass(frozen=True)
class Trimmed:
    """What trimming left and what it changes.

    Attributes:
        rows_before: of the embedding table, padding rows included.
        rows_after: of the embedding table.
        parameters_before: of the whole model.
        parameters_after: of the whole model.
        megabytes_saved: in float32, of 2**20 bytes.
        kept: rows by the reason they stay, see ``nmixx.vocabulary.trimming.kept.REASONS``.
        scripts: whose single characters stay.
        texts: that decided on what is kept.
        held_out: texts that did not.
        changed: held-out texts that are tokenized otherwise than before.
        changed_share: ``changed`` of ``held_out``.
        verified: texts whose embeddings were equal to the bit after a plain reload.
        changed_examples: the first of the changed texts.
    """

    rows_before: int
    rows_after: int
    parameters_before: int
    parameters_after: int
    megabytes_saved: float
    kept: Mapping[str, int]
    scripts: Sequence[str]
    texts: int
    held_out: int
    changed: int
    changed_share: float
    verified: int
    changed_examples: Sequence[str] = field(default=())

    def to_row(self) -> dict[str, Any]:
        """Give the figures as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class TrimPlan:
    """What is to be kept, before anything is changed or written.

    Attributes:
        rows: of the embedding table that stay, in rising order, with the reason.
        old: the whole tokenizer.
        new: the trimmed one.
        scripts: whose single characters stay.
        texts: texts that decided.
        held_out: texts that did not.
        changed: held-out texts that get other tokens than before.
        sample: texts whose tokens are all kept; their embeddings are verified.
    """

    rows: Mapping[int, str]
    old: Tokenizer
    new: Tokenizer
    scripts: frozenset[str]
    texts: Sequence[str]
    held_out: Sequence[str]
    changed: Sequence[str]
    sample: Sequence[str]

    @property
    def numbering(self) -> dict[int, int]:
        """Give the new number of each kept row."""
        return {old: new for new, old in enumerate(self.rows)}


def plan_trim(
    model: SentenceTransformer, texts: Sequence[str], settings: TrimSettings, *, seed: int = 0
) -> TrimPlan:
    """Choose the rows that texts like the given ones need, and build the tokenizer of them.

    A tenth of the texts, drawn by ``seed``, has no say in what is kept and measures what that
    means for new texts. Text whose tokens are all kept has the same tokens as before, under new
    numbers in the old order.

    Args:
        model: read only.
        texts: in the languages to keep.
        settings: the floor, and what is held out and verified.
        seed: of the held-out texts.

    Raises:
        DataError: there are too few texts, or they use everything, so that nothing can go, or no
            text keeps its tokens.
        ModelError: the tokenizer is of a kind that cannot be trimmed.
    """
    tokenizer = bare_tokenizer(model)
    vocabulary = read_vocabulary(tokenizer)
    require_trimmable(vocabulary)
    telling, held_out = split_texts(texts, settings.held_out, seed)
    scripts = common_scripts(count_scripts(telling)) | {s.upper() for s in settings.scripts}
    counts = count_tokens(tokenizer, [*telling, *_prompts(model)])
    rows = _add_named(model, choose_kept(vocabulary, counts, scripts, settings))
    size = len(read_table(model))
    if len(rows) == size:
        raise DataError(
            f"trimming: the texts and what is always kept use all {size:,} rows; there is nothing "
            "to trim.\nGive fewer texts or a higher --min-count, or keep the model as it is."
        )
    logger.info("keeping %d of %d rows for %s", len(rows), size, ", ".join(sorted(scripts)))
    numbering = {old: new for new, old in enumerate(rows)}
    trimmed = _make_tokenizer(vocabulary, numbering)
    asked = _sample([*held_out, *telling], 2 * settings.verified, seed)
    altered = set(find_changed(tokenizer, trimmed, numbering, asked))
    sample = [text for text in asked if text not in altered][: settings.verified]
    if not sample:
        raise DataError(
            f"trimming: with --min-count {settings.min_count} none of {len(asked)} texts keeps all "
            "its tokens.\nGive a lower --min-count or more texts."
        )
    return TrimPlan(
        rows=rows,
        old=tokenizer,
        new=trimmed,
        scripts=scripts,
        texts=telling,
        held_out=held_out,
        changed=find_changed(tokenizer, trimmed, numbering, held_out),
        sample=sample,
    )


def save_trim(model: SentenceTransformer, plan: TrimPlan, out: Path) -> Trimmed:
    """Cut a model's table as planned and save it as ``out/model``, whole or not at all.

    The embeddings of the plan's sample are compared with those of a plain reload; they have to be
    equal to the bit in float32.

    Args:
        model: the one that was planned for; its table is cut in place and no longer fits its
            tokenizer.
        plan: from :func:`plan_trim`.
        out: a new folder.

    Raises:
        OutputError: the folder is somebody else's, or holds a trimmed model already.
        StageError: the saved model does not give the same tokens or embeddings.
    """
    claim_folder(out, "trimmed model")
    require_absent(out / "model", "a trimmed model")
    sample = list(plan.sample)
    expected = model.encode(sample, show_progress_bar=False, convert_to_numpy=True)
    before = len(read_table(model)), count_parameters(model)
    cut_rows(model, list(plan.rows), plan.numbering)
    after = len(read_table(model)), count_parameters(model)
    partial = out / "model.partial"
    shutil.rmtree(partial, ignore_errors=True)
    save_trimmed(model, plan.new, partial)
    verify_trimmed(partial, sample, [e.ids for e in plan.new.encode_batch(sample)], expected)
    partial.rename(out / "model")
    return Trimmed(
        rows_before=before[0],
        rows_after=after[0],
        parameters_before=before[1],
        parameters_after=after[1],
        megabytes_saved=(before[1] - after[1]) * 4 / MEGABYTE,
        kept=count_reasons(plan.rows),
        scripts=sorted(plan.scripts),
        texts=len(plan.texts),
        held_out=len(plan.held_out),
        changed=len(plan.changed),
        changed_share=len(plan.changed) / len(plan.held_out),
        verified=len(sample),
        changed_examples=plan.changed[:10],
    )


def split_texts(texts: Sequence[str], share: float, seed: int) -> tuple[list[str], list[str]]:
    """Draw the texts that are held out; equal texts never stand on both sides.

    Raises:
        DataError: there are too few texts to hold any out.
    """
    every = list(dict.fromkeys(text for text in texts if text.strip()))
    size = max(1, round(len(every) * share))
    if len(every) - size < 1:
        raise DataError(
            f"trimming: {len(every)} texts, empty and equal ones left out, do not say what to keep."
            "\nGive the texts that the model is to be used for, some thousands at least."
        )
    chosen = np.random.default_rng(seed).permutation(len(every))
    held = set(chosen[:size].tolist())
    return (
        [text for place, text in enumerate(every) if place not in held],
        [every[place] for place in sorted(held)],
    )


def count_tokens(tokenizer: Tokenizer, texts: Sequence[str]) -> dict[int, int]:
    """Count how often each id occurs in texts, special tokens included."""
    counts = np.zeros(0, dtype=np.int64)
    for start in range(0, len(texts), _BATCH):
        encoded = tokenizer.encode_batch_fast(list(texts[start : start + _BATCH]))
        ids = np.concatenate([np.asarray(e.ids, dtype=np.int64) for e in encoded])
        found = np.bincount(ids, minlength=len(counts))
        found[: len(counts)] += counts
        counts = found
    return {int(number): int(counts[number]) for number in np.flatnonzero(counts)}


def find_changed(
    old: Tokenizer, new: Tokenizer, numbering: Mapping[int, int], texts: Sequence[str]
) -> list[str]:
    """Give the texts that the new tokenizer splits otherwise than the old one."""
    changed: list[str] = []
    for start in range(0, len(texts), _BATCH):
        batch = list(texts[start : start + _BATCH])
        for text, was, now in zip(
            batch, old.encode_batch_fast(batch), new.encode_batch_fast(batch), strict=True
        ):
            if [numbering.get(number) for number in was.ids] != now.ids:
                changed.append(text)
    return changed


def _add_named(model: SentenceTransformer, kept: Mapping[int, str]) -> dict[int, str]:
    """Add the rows that the model's configuration names, in rising order of all.

    Where positions are counted from the padding's number, as in the RoBERTa family, every row
    before the padding's stays, so that it keeps that number.
    """
    named = named_rows(model)
    padding = positions_follow_padding(model)
    if padding is not None:
        named |= set(range(padding + 1))
    return dict(sorted((dict.fromkeys(named, "config") | dict(kept)).items()))


def _make_tokenizer(vocabulary: Vocabulary, numbering: Mapping[int, int]) -> Tokenizer:
    """Build the tokenizer of the kept entries."""
    from tokenizers import Tokenizer

    return Tokenizer.from_str(json.dumps(shrink_state(vocabulary, numbering)))


def _prompts(model: SentenceTransformer) -> list[str]:
    """Give the texts that the model puts before others."""
    return [prompt for prompt in (model.prompts or {}).values() if prompt]


def _sample(texts: Sequence[str], size: int, seed: int) -> list[str]:
    """Draw some texts, always the same ones."""
    places = np.random.default_rng(seed).permutation(len(texts))[:size]
    return [texts[place] for place in sorted(places.tolist())]
