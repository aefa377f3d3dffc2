"""Many conversations at a time; what comes of them stands in the documents' order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from nmixx.errors import NmixxError, StageError
from nmixx.progress import progress_bar
from nmixx.records import Document
from nmixx.triplets.llm.asker import Asker, UnansweredError, UnaskedError
from nmixx.triplets.llm.assembly import Rows, assemble
from nmixx.triplets.llm.budget import BudgetReachedError
from nmixx.triplets.llm.conversation import REJECTED, Nothing, converse
from nmixx.triplets.llm.settings import LlmSettings
from nmixx.triplets.llm.wording import Prompts
from nmixx.triplets.settings import TripletSettings

logger = logging.getLogger(__name__)

BUDGET, ENOUGH, SERVER = "budget", "maximum", "server"
"""Why no further documents were begun."""
_REJECTIONS = 5  # from the start without one answer: then it is the call that is wrong


@dataclass
class Generator:
    """Works through documents in their order, so many at a time.

    ``rows`` holds what each document gave, by its place; those that stand there at the beginning
    are not asked about.
    """

    documents: Sequence[Document]
    asker: Asker
    prompts: Prompts
    settings: TripletSettings
    llm: LlmSettings
    rows: dict[int, Rows] = field(default_factory=dict)
    unanswered: dict[int, str] = field(default_factory=dict)
    stopped: str = ""
    error: NmixxError | None = None
    _front: int = 0
    _made: int = 0
    _rejections: int = 0

    async def run(self) -> None:
        """Talk about every document, until all are done or something stops the work."""
        if not self.settings.maximum:
            self.stopped = ENOUGH
        places = [at for at in range(len(self.documents)) if at not in self.rows]
        waiting = iter(places)
        with progress_bar() as bar:
            task = bar.add_task("asking the model", total=len(places))
            workers = min(self.llm.concurrency, len(places))
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(workers):
                        group.create_task(self._work(waiting, lambda: bar.advance(task)))
            except ExceptionGroup as unforeseen:
                raise unforeseen.exceptions[0] from None

    async def _work(self, waiting: Iterator[int], advance: Callable[[], None]) -> None:
        """Take the next document until there is none, or there are triplets enough.

        When nothing can be sent any more, the documents whose answers are all in the journal are
        still taken: what was finished once stays finished.
        """
        for at in waiting:
            if self.stopped == ENOUGH:
                return
            try:
                self._keep(at, await self._talk(self.documents[at]))
            except UnansweredError as failure:
                self._give_up(at, str(failure))
            except BudgetReachedError:
                self.stopped = self.stopped or BUDGET
            except UnaskedError:
                logger.debug("%s: not asked about any more", self.documents[at].id)
            except NmixxError as error:
                self._end(error)
            advance()

    async def _talk(self, document: Document) -> Rows:
        """Talk about one document."""
        outcome = await converse(document, self.asker, self.prompts, self.llm)
        if isinstance(outcome, Nothing) and outcome.reason == REJECTED:
            self._rejections += 1
            if self._rejections >= _REJECTIONS and not self.asker.answered:
                raise StageError(
                    f"{self.llm.url}: takes none of the requests ({outcome.detail}).\n"
                    "Check the model's name and what it can do."
                )
        return assemble(document, outcome, self.llm, self.settings.min_confidence)

    def _keep(self, at: int, rows: Rows) -> None:
        """Keep a document's rows, and stop when those without a gap before them are enough."""
        self.rows[at] = rows
        while self._front in self.rows:
            self._made += len(self.rows[self._front].triplets)
            self._front += 1
        if self._made >= self.settings.maximum:
            self.stopped = ENOUGH

    def _give_up(self, at: int, reason: str) -> None:
        """Leave a document for another run; stop when the server answers nobody any more."""
        self.unanswered[at] = reason
        if self.asker.unanswered_in_a_row >= max(2, self.llm.concurrency):
            self._end(StageError(f"{self.llm.url}: does not answer any more ({reason})."))

    def _end(self, error: NmixxError) -> None:
        """Send nothing more; what is on its way comes to its end, as it may be paid for."""
        self.stopped, self.error = SERVER, self.error or error
        self.asker.closing = True
