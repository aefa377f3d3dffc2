"""One run: which documents are asked about, by whom, and what is kept of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from nmixx.records import Document, Dropped, Triplet
from nmixx.storage import Journal
from nmixx.triplets.llm.answers import ANSWERED, FREE, SENT, AnswerBook, count_spent, count_states
from nmixx.triplets.llm.asker import Asker
from nmixx.triplets.llm.assembly import Rows, drop_unasked, unusable_reason
from nmixx.triplets.llm.backoff import Backoff
from nmixx.triplets.llm.budget import Budget
from nmixx.triplets.llm.exchange import Llm
from nmixx.triplets.llm.generator import Generator
from nmixx.triplets.llm.key import read_key
from nmixx.triplets.llm.result import LlmResult
from nmixx.triplets.llm.settings import LlmSettings
from nmixx.triplets.llm.wording import Prompts
from nmixx.triplets.settings import TripletSettings

Value = TypeVar("Value")


@dataclass(frozen=True)
class Session:
    """The documents of a run, those that nothing is asked about among them, and its prompts."""

    documents: Sequence[Document]
    unasked: dict[int, Rows]
    prompts: Prompts
    settings: TripletSettings
    llm: LlmSettings

    @classmethod
    def prepare(
        cls, documents: Sequence[Document], settings: TripletSettings, llm: LlmSettings
    ) -> Self:
        """Sort out the documents and read the prompts.

        Raises:
            InputError: a prompt cannot be used.
        """
        prompts = Prompts.read(llm.prompts)
        categories = settings.categories
        wanted = [one for one in documents if not categories or one.category in categories]
        wanted = wanted[: llm.documents]
        seen: set[str] = set()
        unasked: dict[int, Rows] = {}
        for at, document in enumerate(wanted):
            reason = unusable_reason(document, llm, settings.max_characters, seen)
            if reason is not None:
                unasked[at] = drop_unasked(document, reason, llm.model)
        return cls(wanted, unasked, prompts, settings, llm)

    def asked(self) -> list[Document]:
        """List the documents that are asked about."""
        return [one for at, one in enumerate(self.documents) if at not in self.unasked]

    async def generate(
        self, journal: Journal, llm: Llm | None = None, backoff: Backoff | None = None
    ) -> LlmResult:
        """Talk about all documents and gather what came of it.

        Args:
            journal: of this run and those before it.
            llm: in place of the server.
            backoff: how to wait; by the settings when not given.
        """
        async with AsyncExitStack() as stack:
            if llm is None:
                from nmixx.triplets.llm.client import ChatClient

                llm = await stack.enter_async_context(ChatClient(self.llm, read_key()))
            asker = Asker(
                llm,
                AnswerBook(journal),
                Budget(self.llm, count_spent(journal)),
                backoff or Backoff(self.llm.backoff, self.llm.longest_wait),
                self.llm,
            )
            generator = Generator(
                self.documents, asker, self.prompts, self.settings, self.llm, dict(self.unasked)
            )
            await generator.run()
        return self._gather(generator, journal)

    def _gather(self, generator: Generator, journal: Journal) -> LlmResult:
        """Put what was made in the documents' order, up to the maximum."""
        triplets: list[Triplet] = []
        dropped: list[Dropped] = []
        for at in sorted(generator.rows):
            if len(triplets) >= self.settings.maximum:
                break
            triplets += generator.rows[at].triplets
            dropped += generator.rows[at].dropped
        return LlmResult(
            triplets=triplets[: self.settings.maximum],
            dropped=dropped,
            documents=len(self.documents),
            finished=len(generator.rows),
            stopped=generator.stopped,
            unanswered={
                self.documents[at].id: reason
                for at, reason in sorted(generator.unanswered.items())
                if at not in generator.rows
            },
            error=generator.error,
            usage=describe_usage(journal, self.llm),
        )


def describe_usage(entries: Mapping[str, Any], llm: LlmSettings) -> dict[str, Any]:
    """Say what all runs with a journal have cost; tries that were cut off count with the most."""
    spent = count_spent(entries)
    states = count_states(entries)
    return {
        "answers": states[ANSWERED],
        "tries_free_of_charge": states[FREE],
        "tries_cut_off": states[SENT],
        "prompt_tokens": spent.prompt,
        "completion_tokens": spent.completion,
        "money": llm.money(spent.prompt, spent.completion),
    }


def run_to_end(work: Coroutine[Any, Any, Value]) -> Value:
    """Run a coroutine to its end, also where an event loop runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    values: list[Value] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            values.append(asyncio.run(work))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return values[0]
