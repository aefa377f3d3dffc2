"""Triplets written by an LLM behind any OpenAI-compatible server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.triplets.llm.settings import LlmSettings

if TYPE_CHECKING:
    from nmixx.records import Document
    from nmixx.triplets.llm.backoff import Backoff
    from nmixx.triplets.llm.estimate import Estimate
    from nmixx.triplets.llm.exchange import Llm
    from nmixx.triplets.llm.result import LlmResult
    from nmixx.triplets.settings import TripletSettings

__all__ = ["JOURNAL", "LlmSettings", "estimate_llm_triplets", "make_llm_triplets"]

JOURNAL = "answers.jsonl"
"""The journal's name: every answer that was paid for stands there, and is never asked for again."""


def make_llm_triplets(
    documents: Sequence[Document],
    settings: TripletSettings,
    out: Path,
    *,
    llm: Llm | None = None,
    backoff: Backoff | None = None,
) -> LlmResult:
    """Have an LLM write triplets; write them, ``dropped.parquet`` and ``report.json`` to ``out``.

    The answers are kept in ``out/answers.jsonl``. Called again with the same folder, whatever
    became of the first call, it asks only for what is not there.

    Args:
        documents: in the order in which their triplets will stand.
        settings: with ``settings.llm``.
        out: a folder of its own.
        llm: in place of the server, for tests: :class:`nmixx.testing.ReplayLLM`.
        backoff: how to wait; by the settings when not given.

    Returns:
        What was made and dropped. See :meth:`LlmResult.require_finished` for documents that the
        server did not answer for.

    Raises:
        InputError: the server cannot be reached or does not let us in, or a prompt is wrong.
        OutputError: another process works in ``out``.
        StageError: the server answered nothing at all, or the disk is full.
    """
    from nmixx.storage import Journal, only_worker
    from nmixx.triplets.llm.session import Session, run_to_end

    session = Session.prepare(documents, settings, _require(settings))
    out.mkdir(parents=True, exist_ok=True)
    with only_worker(out), Journal(out / JOURNAL) as journal:
        result = run_to_end(session.generate(journal, llm, backoff))
        if result.error is not None and not result.usage["answers"]:
            raise result.error
        result.write(out)
    return result


def estimate_llm_triplets(
    documents: Sequence[Document], settings: TripletSettings, out: Path
) -> Estimate:
    """Estimate tokens and money of :func:`make_llm_triplets`; nothing is sent or written.

    Args:
        documents: as for the real call.
        settings: as for the real call.
        out: its folder; what its journal holds costs nothing any more.
    """
    from nmixx.storage import read_journal
    from nmixx.triplets.llm.estimate import estimate
    from nmixx.triplets.llm.session import Session

    session = Session.prepare(documents, settings, _require(settings))
    return estimate(session, read_journal(out / JOURNAL))


def _require(settings: TripletSettings) -> LlmSettings:
    """Give the settings of the LLM."""
    if settings.llm is None:
        raise ValueError("settings.llm is None; the settings of an LLM were expected")
    return settings.llm
