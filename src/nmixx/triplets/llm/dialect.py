"""What differs between servers that speak the OpenAI protocol: which parameters they take."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from nmixx.triplets.llm.exchange import Request

logger = logging.getLogger(__name__)

Body = dict[str, Any]


def _rename_limit(body: Body) -> None:
    """Name the limit as newer models of OpenAI want it."""
    body["max_completion_tokens"] = body.pop("max_tokens")


def _plain_schema(body: Body) -> None:
    """Send no schema; the prompt describes the JSON as well."""
    del body["response_format"]


def _no_temperature(body: Body) -> None:
    """Leave the temperature to the server."""
    del body["temperature"]


# A parameter in the body -> (words of a complaint about it, what to do).
ADAPTATIONS: dict[str, tuple[tuple[str, ...], Callable[[Body], None]]] = {
    "response_format": (
        ("response_format", "json_schema", "guided", "grammar", "structured"),
        _plain_schema,
    ),
    "max_tokens": (("max_completion_tokens",), _rename_limit),
    "temperature": (("temperature",), _no_temperature),
}
"""What is changed when a server complains about a parameter."""


class Dialect:
    """Builds bodies of requests, and learns from complaints what the server does not take."""

    def __init__(self, *, structured: bool = True) -> None:
        """Begin with every parameter; without the schema where it is not wanted."""
        self._changes: list[str] = [] if structured else ["response_format"]

    def body(self, request: Request) -> Body:
        """Write a request as the server takes it."""
        body: Body = {
            "model": request.model,
            "messages": [
                {"role": message.role, "content": message.content} for message in request.messages
            ],
            "max_tokens": request.max_tokens,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": request.name, "strict": True, "schema": request.schema},
            },
        }
        if request.temperature is not None:
            body["temperature"] = request.temperature
        for name in self._changes:
            if name in body:
                ADAPTATIONS[name][1](body)
        return body

    def learn(self, sent: Body, complaint: str) -> bool:
        """Take a complaint to heart.

        Args:
            sent: the body that the server did not take.
            complaint: what it said.

        Returns:
            Whether another body would be sent now.
        """
        said = complaint.lower()
        for name, (words, _) in ADAPTATIONS.items():
            if name in sent and any(word in said for word in words):
                # Requests sent at the same time bring the same complaint.
                if name not in self._changes:
                    self._changes.append(name)
                    logger.info("the server does not take %s; going on without it", name)
                return True
        return False
