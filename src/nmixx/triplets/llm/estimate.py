"""What a run would cost: a count of characters, corrected by what the server has counted so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nmixx.records import Document
from nmixx.triplets.llm.answers import ANSWERED, count_spent
from nmixx.triplets.llm.conversation import (
    build_request,
    choose_shifts,
    following_messages,
    opening_messages,
)
from nmixx.triplets.llm.exchange import Answer, Request, Usage
from nmixx.triplets.llm.schema import (
    RefusedError,
    Shape,
    Suitability,
    UnreadableError,
    Versions,
    read_shape,
)
from nmixx.triplets.llm.session import Session
from nmixx.triplets.llm.settings import LlmSettings
from nmixx.triplets.taxonomy import Shift, shifts_for

_ASCII_TOKENS = 0.3  # a character; about three to four characters a token in English
_OTHER_TOKENS = 1.0  # a syllable block or an ideograph
_MESSAGE_TOKENS = 5
_CLASSIFIED_TOKENS = 60  # a short reason and a few names
_FRAME_TOKENS = 40  # of JSON around one version


@dataclass(frozen=True)
class Estimate:
    """What a run would send and cost, and how far the budget goes."""

    documents: int
    asked: int
    requests: int
    in_journal: int
    prompt_tokens: int
    completion_tokens: int
    money: float | None
    spent: dict[str, int]
    spent_money: float | None
    budget: float | None
    token_budget: int | None
    reaches: float
    """The share of the requests that the rest of the budget is enough for."""
    corrected_by: int
    """How many answers of this journal corrected the count of characters; 0 for a mere count."""

    def to_json(self) -> dict[str, Any]:
        """Give the estimate as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Turn:
    """A request, a guess of its tokens, its answers so far, and whether they are enough."""

    request: Request
    guess: Usage
    known: Sequence[Answer]
    settled: bool


def estimate(session: Session, journal: Mapping[str, Any]) -> Estimate:
    """Estimate what is still to be asked for.

    Every document is taken to suit as many shifts as are allowed, so the estimate is on the high
    side; tries that fail and are charged for are not in it.

    Args:
        session: documents and settings.
        journal: what is paid for already.
    """
    answers = gather_answers(journal)
    turns = [turn for one in session.asked() for turn in plan_turns(one, session, answers)]
    todo = [turn.guess for turn in turns if not turn.settled]
    told = [(turn.guess, answer.usage) for turn in turns for answer in turn.known if answer.usage]
    corrected = _correct(sum(todo, Usage()), told)
    llm = session.llm
    spent = count_spent(journal)
    return Estimate(
        documents=len(session.documents),
        asked=len(session.asked()),
        requests=len(todo),
        in_journal=len(turns) - len(todo),
        prompt_tokens=corrected.prompt,
        completion_tokens=corrected.completion,
        money=llm.money(corrected.prompt, corrected.completion),
        spent=asdict(spent),
        spent_money=llm.money(spent.prompt, spent.completion),
        budget=llm.budget,
        token_budget=llm.token_budget,
        reaches=_reach(corrected, spent, llm),
        corrected_by=len(told),
    )


def estimate_tokens(text: str) -> int:
    """Guess a text's tokens from its characters, without knowing the model's tokenizer."""
    plain = sum(character.isascii() for character in text)
    return round(plain * _ASCII_TOKENS + (len(text) - plain) * _OTHER_TOKENS)


def gather_answers(journal: Mapping[str, Any]) -> dict[str, list[Answer]]:
    """Gather a journal's answers by request."""
    found: dict[str, list[Answer]] = {}
    for name, value in journal.items():
        if value["state"] == ANSWERED:
            key = name.rpartition(".")[0]
            found.setdefault(key, []).append(Answer.from_json(value["answer"]))
    return found


def plan_turns(
    document: Document, session: Session, answers: Mapping[str, Sequence[Answer]]
) -> Iterator[Turn]:
    """Build the turns about a document.

    The second depends on the answer to the first; where that is not known yet, it is built for as
    many shifts as are allowed.
    """
    llm = session.llm
    offered = shifts_for(document.category)
    opening = opening_messages(document, session.prompts, llm)
    first = build_request(opening, Suitability, offered, llm)
    known = answers.get(first.key, ())
    read = _read(known, Suitability, offered)
    yield Turn(first, Usage(_sent(first), _CLASSIFIED_TOKENS), known, _settled(read, known, llm))
    if isinstance(read, RefusedError):
        return
    names = [shift.name for shift in offered] if read is None else read.suitable
    chosen = choose_shifts(document, offered, names, llm.shifts)
    if not chosen:
        return
    messages = following_messages(opening, document, chosen, session.prompts, llm)
    second = build_request(messages, Versions, chosen, llm)
    known = answers.get(second.key, ())
    # A translation is taken to have as many tokens as the text, in whichever language it is.
    written = (2 + 2 * len(chosen)) * (estimate_tokens(document.text) + _FRAME_TOKENS)
    settled = _settled(_read(known, Versions, chosen), known, llm)
    yield Turn(second, Usage(_sent(second), written), known, settled)


def _read(
    answers: Sequence[Answer], shape: type[Shape], shifts: Sequence[Shift]
) -> Shape | RefusedError | None:
    """Read the first answer that can be read; a refusal counts as one."""
    for answer in answers:
        try:
            return read_shape(answer, shape, [shift.name for shift in shifts])
        except RefusedError as refusal:
            return refusal
        except UnreadableError:
            continue
    return None


def _settled(read: object, answers: Sequence[Answer], llm: LlmSettings) -> bool:
    """Tell whether a request would not be sent any more."""
    return read is not None or len(answers) >= llm.answers


def _sent(request: Request) -> int:
    """Guess the tokens of a request's messages."""
    return sum(estimate_tokens(one.content) + _MESSAGE_TOKENS for one in request.messages)


def _correct(guess: Usage, told: Sequence[tuple[Usage, Usage]]) -> Usage:
    """Correct a guess by what the server counted where we had guessed."""
    ours = sum((guessed for guessed, _ in told), Usage())
    theirs = sum((counted for _, counted in told), Usage())
    return Usage(
        round(guess.prompt * (theirs.prompt / ours.prompt if ours.prompt else 1)),
        round(guess.completion * (theirs.completion / ours.completion if ours.completion else 1)),
    )


def _reach(needed: Usage, spent: Usage, llm: LlmSettings) -> float:
    """Give the share of what is needed that the rest of the budget covers."""
    shares = [1.0]
    if llm.token_budget is not None and needed.total:
        shares.append((llm.token_budget - spent.total) / needed.total)
    money, gone = llm.money(needed.prompt, needed.completion), llm.money(*asdict(spent).values())
    if llm.budget is not None and money and gone is not None:
        shares.append((llm.budget - gone) / money)
    return max(0.0, min(shares))
