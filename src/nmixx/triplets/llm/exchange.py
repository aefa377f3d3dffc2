"""What is sent to an LLM and what comes back, apart from any server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Protocol, Self

from nmixx.storage import fingerprint

_MESSAGE_OVERHEAD = 16  # tokens of a chat template around a message, with room


@dataclass(frozen=True)
class Message:
    """One turn of a conversation; ``role`` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True)
class Usage:
    """Tokens of one request, or of many."""

    prompt: int = 0
    completion: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.prompt + other.prompt, self.completion + other.completion)

    def __sub__(self, other: Usage) -> Usage:
        return Usage(self.prompt - other.prompt, self.completion - other.completion)

    @property
    def total(self) -> int:
        """Tokens in both directions."""
        return self.prompt + self.completion


@dataclass(frozen=True)
class Request:
    """A conversation so far, to which the model gives the next turn as JSON of a schema."""

    model: str
    messages: tuple[Message, ...]
    name: str
    schema: Mapping[str, Any] = field(hash=False)
    temperature: float | None
    max_tokens: int

    @cached_property
    def key(self) -> str:
        """Hash of all that changes the answer; the server's address does not."""
        return fingerprint(asdict(self))

    @cached_property
    def most(self) -> Usage:
        """Tokens that it can cost at most, when a token is at least one byte of UTF-8."""
        sent = sum(
            len(message.content.encode("utf-8", "surrogatepass")) + _MESSAGE_OVERHEAD
            for message in self.messages
        )
        return Usage(sent + len(json.dumps(self.schema).encode()), self.max_tokens)


@dataclass(frozen=True)
class Answer:
    """What a model said, and what it cost."""

    text: str
    finish: str = "stop"
    refusal: str = ""
    usage: Usage | None = None
    """None where the server does not tell."""

    def to_json(self) -> dict[str, Any]:
        """Give the answer as plain data, for the journal."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read an answer from the journal."""
        usage = row["usage"]
        return cls(row["text"], row["finish"], row["refusal"], Usage(**usage) if usage else None)


class Llm(Protocol):
    """Anything that answers a request once; trying again is not its business."""

    async def complete(self, request: Request) -> Answer:
        """Answer a request.

        Raises:
            PassingError: it may work when tried again.
            RejectedError: the server will not take this one request.
            InputError: nothing will work until somebody changes something.
        """
        ...


class PassingError(Exception):
    """Raised when a request was not answered, and may be when it is tried again."""

    def __init__(self, reason: str, *, wait: float = 0.0, billed: bool = False) -> None:
        """Say what happened.

        Args:
            reason: for people.
            wait: seconds that the server asks to wait.
            billed: the server may have done the work and charge for it.
        """
        super().__init__(reason)
        self.wait = wait
        self.billed = billed


class RejectedError(Exception):
    """Raised when the server refuses one request for good, for example because it is too long."""
