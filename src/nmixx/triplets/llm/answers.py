"""The journal of requests: every try that left, what it cost, and every answer that came back."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nmixx.storage import Journal
from nmixx.triplets.llm.exchange import Answer, Request, Usage

SENT, FREE, ANSWERED = "sent", "free", "answered"
"""What is known of a try: it left; it cost nothing; here is its answer. One that stays ``sent`` was
cut off, by a timeout or by the death of the process, and may have been charged for."""


class AnswerBook:
    """Keeps answers by request, so that none is paid for twice.

    A line's key is ``REQUEST.TRY``, its value ``{"state": ..., "charged": {...}, "answer": ...}``.
    """

    def __init__(self, journal: Journal) -> None:
        """Read what the journal holds."""
        self._journal = journal
        self._tries: Counter[str] = Counter()
        self._answers: dict[str, list[Answer]] = {}
        self._written = self._synced = 0
        self._syncing: asyncio.Task[None] | None = None
        # A key keeps the place of its first line, and tries leave in the order of their numbers.
        for name in journal:
            key = name.rpartition(".")[0]
            self._tries[key] += 1
            if journal[name]["state"] == ANSWERED:
                answer = Answer.from_json(journal[name]["answer"])
                self._answers.setdefault(key, []).append(answer)

    @property
    def count(self) -> int:
        """Number of answers, of all requests."""
        return sum(map(len, self._answers.values()))

    def answers(self, request: Request) -> tuple[Answer, ...]:
        """Give all answers to a request, in the order of the tries."""
        return tuple(self._answers.get(request.key, ()))

    def send(self, request: Request) -> int:
        """Note that a request leaves, and give the number of the try."""
        number = self._tries[request.key]
        self._tries[request.key] += 1
        self._note(request, number, SENT, request.most)
        return number

    def free(self, request: Request, number: int) -> None:
        """Note that a try cost nothing."""
        self._note(request, number, FREE, Usage())

    async def receive(self, request: Request, number: int, answer: Answer) -> Usage:
        """Note an answer; come back with what it cost when it is on the disk."""
        # A server that does not count is taken to have given the most.
        charged = answer.usage or request.most
        self._note(request, number, ANSWERED, charged, answer)
        self._answers.setdefault(request.key, []).append(answer)
        await self._sync()
        return charged

    def _note(
        self,
        request: Request,
        number: int,
        state: str,
        charged: Usage,
        answer: Answer | None = None,
    ) -> None:
        """Append a line; it outlives this process at once, and the machine from a sync on."""
        value: dict[str, Any] = {"state": state, "charged": asdict(charged)}
        if answer is not None:
            value["answer"] = answer.to_json()
        self._journal.append(f"{request.key}.{number}", value, durable=False)
        self._written += 1

    async def _sync(self) -> None:
        """Wait until all lines so far are on the disk; one turn of the disk serves all who wait."""
        mark = self._written
        while self._synced < mark:
            if self._syncing is None:
                self._syncing = asyncio.create_task(self._sync_once())
            # One waiter that is cancelled must not take the others' turn with it.
            await asyncio.shield(self._syncing)

    async def _sync_once(self) -> None:
        """Let the disk catch up in another thread."""
        mark = self._written
        try:
            await asyncio.to_thread(self._journal.sync)
            self._synced = max(self._synced, mark)
        finally:
            self._syncing = None


def count_spent(entries: Mapping[str, Any]) -> Usage:
    """Count what all tries of a journal cost; those that were cut off, the most they can have."""
    charged = [value["charged"] for value in entries.values()]
    return Usage(sum(one["prompt"] for one in charged), sum(one["completion"] for one in charged))


def count_states(entries: Mapping[str, Any]) -> dict[str, int]:
    """Count a journal's tries by what is known of them."""
    counts = Counter(value["state"] for value in entries.values())
    return {state: counts[state] for state in (ANSWERED, FREE, SENT)}
