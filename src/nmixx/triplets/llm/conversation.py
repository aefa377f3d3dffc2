"""The conversation about one document: which shifts suit it, then its versions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from pydantic import BaseModel

from nmixx.records import Document
from nmixx.triplets.llm.asker import Asker
from nmixx.triplets.llm.exchange import Message, RejectedError, Request
from nmixx.triplets.llm.schema import (
    RefusedError,
    Suitability,
    UnreadableError,
    Versions,
    read_shape,
    shape_schema,
)
from nmixx.triplets.llm.settings import LlmSettings
from nmixx.triplets.llm.wording import Prompts
from nmixx.triplets.taxonomy import Shift, shifts_for

UNSUITABLE, REFUSED, MALFORMED, REJECTED = (
    "unsuitable",
    "refused",
    "malformed answer",
    "rejected by the server",
)
"""Why a document gave no versions."""


@dataclass(frozen=True)
class Written:
    """A document with its versions, and the shifts that were asked for."""

    shifts: tuple[Shift, ...]
    versions: Versions


@dataclass(frozen=True)
class Nothing:
    """A document that gave no versions, and why."""

    reason: str
    detail: str


async def converse(
    document: Document, asker: Asker, prompts: Prompts, settings: LlmSettings
) -> Written | Nothing:
    """Talk with the model about a document.

    Two turns: the model names the shifts that suit the text, then writes a paraphrase, a
    translation and the shifted versions of both. What of the first turn goes back to the model is
    the checked list of names alone.

    Raises:
        UnansweredError: the server did not answer; another run goes on from there.
        BudgetReachedError: the next request could cost more than is left.
        NmixxError: nothing can be sent any more.
    """
    offered = shifts_for(document.category)
    opening = opening_messages(document, prompts, settings)
    try:
        first = build_request(opening, Suitability, offered, settings)
        suitability = await asker.ask(
            first, partial(read_shape, shape=Suitability, shifts=_names(offered))
        )
        chosen = choose_shifts(document, offered, suitability.suitable, settings.shifts)
        if not chosen:
            return Nothing(UNSUITABLE, suitability.reason)
        messages = following_messages(opening, document, chosen, prompts, settings)
        second = build_request(messages, Versions, chosen, settings)
        versions = await asker.ask(
            second, partial(read_shape, shape=Versions, shifts=_names(chosen))
        )
    except RefusedError as refusal:
        return Nothing(REFUSED, str(refusal))
    except UnreadableError as problem:
        return Nothing(MALFORMED, str(problem))
    except RejectedError as complaint:
        return Nothing(REJECTED, str(complaint))
    return Written(chosen, versions)


def choose_shifts(
    document: Document, offered: Sequence[Shift], suitable: Sequence[str], most: int
) -> tuple[Shift, ...]:
    """Choose of the suitable shifts, differently for each text, so that all come about as often.

    Models name the shifts that are listed first more readily; a hash of the text does not.

    Returns:
        At most ``most`` shifts, in the taxonomy's order.
    """
    digest = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
    ranked = sorted(
        (shift for shift in offered if shift.name in suitable),
        key=lambda shift: hashlib.sha256(f"{digest}{shift.name}".encode()).digest(),
    )
    kept = {shift.name for shift in ranked[:most]}
    return tuple(shift for shift in offered if shift.name in kept)


def opening_messages(
    document: Document, prompts: Prompts, settings: LlmSettings
) -> tuple[Message, ...]:
    """Write the first turn: who the model is, and which shifts suit the document."""
    offered = shifts_for(document.category)
    return (
        Message("system", _fill("system", document, offered, prompts, settings)),
        Message("user", _fill("classify", document, offered, prompts, settings)),
    )


def following_messages(
    opening: tuple[Message, ...],
    document: Document,
    chosen: Sequence[Shift],
    prompts: Prompts,
    settings: LlmSettings,
) -> tuple[Message, ...]:
    """Write the second turn after the first, with the model's choice as it is taken."""
    names = ", ".join(f'"{shift.name}"' for shift in chosen)
    return (
        *opening,
        Message("assistant", f'{{"suitable": [{names}]}}'),
        Message("user", _fill("versions", document, chosen, prompts, settings)),
    )


def build_request(
    messages: tuple[Message, ...],
    shape: type[BaseModel],
    shifts: Sequence[Shift],
    settings: LlmSettings,
) -> Request:
    """Make the request for the next turn."""
    return Request(
        model=settings.model,
        messages=messages,
        name=shape.__name__.lower(),
        schema=shape_schema(shape, _names(shifts)),
        temperature=settings.temperature,
        max_tokens=settings.max_output_tokens,
    )


def _fill(
    name: str,
    document: Document,
    shifts: Sequence[Shift],
    prompts: Prompts,
    settings: LlmSettings,
) -> str:
    """Fill in a prompt for a document."""
    return prompts.render(
        name,
        document.text,
        document.lang,
        settings.other_language(document.lang),
        document.category,
        shifts,
    )


def _names(shifts: Sequence[Shift]) -> list[str]:
    """Name shifts."""
    return [shift.name for shift in shifts]
