"""Asking until there is an answer: from the journal, else from the server, as often as needed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from nmixx.errors import InputError
from nmixx.triplets.llm.answers import AnswerBook
from nmixx.triplets.llm.backoff import Backoff
from nmixx.triplets.llm.budget import Budget
from nmixx.triplets.llm.exchange import Answer, Llm, PassingError, RejectedError, Request, Usage
from nmixx.triplets.llm.schema import UnreadableError
from nmixx.triplets.llm.settings import LlmSettings

logger = logging.getLogger(__name__)

Parsed = TypeVar("Parsed")


class UnansweredError(Exception):
    """Raised when the server did not answer a request in all its tries."""


class UnaskedError(Exception):
    """Raised when the work is to end, and a request would have to be sent."""


class Asker:
    """Joins an LLM with a journal, a budget and patience."""

    def __init__(
        self, llm: Llm, book: AnswerBook, budget: Budget, backoff: Backoff, settings: LlmSettings
    ) -> None:
        """Begin; nothing is sent yet."""
        self._llm = llm
        self._book = book
        self._budget = budget
        self._backoff = backoff
        self._settings = settings
        self.closing = False
        """Set when the work is to end: nothing is sent any more, and what fails is not repeated."""
        self.answered = book.count
        """Answers so far, those of earlier runs included."""
        self.unanswered_in_a_row = 0

    async def ask(self, request: Request, read: Callable[[Answer], Parsed]) -> Parsed:
        """Give the first readable answer to a request.

        Args:
            request: sent only when the journal holds no readable answer to it.
            read: turns an answer into what is wanted; raises ``UnreadableError`` to have it asked
                again, and anything else to have that raised.

        Raises:
            UnreadableError: so were all answers that it is allowed.
            UnansweredError: the server did not answer.
            UnaskedError: the work is to end.
            RejectedError: the server does not take the request.
            BudgetReachedError: the request could cost more than is left.
            NmixxError: nothing can be sent any more.
        """
        problem = UnreadableError("no answer is allowed")
        for answer in self._book.answers(request)[: self._settings.answers]:
            try:
                return read(answer)
            except UnreadableError as unreadable:
                problem = unreadable
        while len(self._book.answers(request)) < self._settings.answers:
            answer = await self._send(request)
            try:
                return read(answer)
            except UnreadableError as unreadable:
                logger.info("an answer that breaks the schema: %s", unreadable)
                problem = unreadable
        raise problem

    async def _send(self, request: Request) -> Answer:
        """Send a request until the server answers it."""
        for failures in range(1, self._settings.tries + 1):
            if self.closing:
                raise UnaskedError
            try:
                answer = await self._try_once(request)
            except PassingError as failure:
                logger.info("try %d of %d: %s", failures, self._settings.tries, failure)
                if failures == self._settings.tries:
                    self.unanswered_in_a_row += 1
                    raise UnansweredError(str(failure)) from None
                await self._backoff.wait(failures, failure.wait)
            else:
                self.answered += 1
                self.unanswered_in_a_row = 0
                return answer
        raise AssertionError("a request has at least one try")

    async def _try_once(self, request: Request) -> Answer:
        """Send a request once, and note what came of it."""
        await self._budget.hold(request.most)
        charged = request.most  # unless we learn that it was less
        try:
            number = self._book.send(request)
            try:
                answer = await self._llm.complete(request)
            except (PassingError, RejectedError, InputError) as failure:
                if not (isinstance(failure, PassingError) and failure.billed):
                    self._book.free(request, number)
                    charged = Usage()
                raise
            charged = await self._book.receive(request, number, answer)
        finally:
            self._budget.settle(request.most, charged)
        return answer
