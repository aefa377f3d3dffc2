"""The HTTP client: one request to an OpenAI-compatible server, and what its reply means."""

from __future__ import annotations

import asyncio
import json
import logging
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2
from pydantic import SecretStr

from nmixx.errors import InputError
from nmixx.triplets.llm.backoff import read_retry_after
from nmixx.triplets.llm.dialect import ADAPTATIONS, Body, Dialect
from nmixx.triplets.llm.exchange import (
    Answer,
    PassingError,
    RejectedError,
    Request,
    Usage,
)
from nmixx.triplets.llm.key import KEY_NAMES, hide_key
from nmixx.triplets.llm.settings import LlmSettings

logger = logging.getLogger(__name__)

_PASSING = frozenset({408, 409, 425, 429})
_REFUSING = frozenset({401, 403, 404, 405})
_NO_MONEY = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_SHOWN = 300  # characters of a server's complaint
_CONNECT_SECONDS = 15.0


class ChatClient:
    """Sends requests to ``URL/chat/completions``; use it as an asynchronous context manager."""

    def __init__(
        self,
        settings: LlmSettings,
        key: SecretStr | None,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare the client; nothing is sent yet.

        Args:
            settings: address, limits and times.
            key: stands in the header of each request, and nowhere else.
            transport: in place of the network, for tests.
        """
        self._url = f"{settings.url}/chat/completions"
        self._timeout = settings.timeout
        self._key = key
        self._dialect = Dialect(structured=settings.structured)
        self._reached = False
        _warn_of_open_key(settings.url, key)
        bearer = {} if key is None else {"Authorization": f"Bearer {key.get_secret_value()}"}
        self._http = httpx2.AsyncClient(
            headers=bearer,
            timeout=httpx2.Timeout(None, connect=_CONNECT_SECONDS),
            limits=httpx2.Limits(
                max_connections=settings.concurrency,
                max_keepalive_connections=settings.concurrency,
            ),
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    async def complete(self, request: Request) -> Answer:
        """Send a request once; again at once only where the server wants a parameter changed.

        Raises:
            PassingError: no connection, no whole answer in time, too many requests, or an error
                of the server.
            RejectedError: the server does not take this request.
            InputError: the address, the key or the account is wrong.
        """
        # At most one round for each parameter that may be given up.
        for _ in range(len(ADAPTATIONS) + 1):
            body = self._dialect.body(request)
            response = await self._post(body)
            if response.status_code not in (400, 422):
                return self._read(response)
            complaint, _code = self._complaint(response)
            if not self._dialect.learn(body, complaint):
                raise RejectedError(complaint)
        raise RejectedError(complaint)

    async def _post(self, body: Body) -> httpx2.Response:
        """Send a body and give the whole response."""
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        try:
            # The client's own timeouts begin anew with every byte; this one does not.
            async with asyncio.timeout(self._timeout):
                response = await self._http.post(
                    self._url, content=content, headers={"Content-Type": "application/json"}
                )
        except TimeoutError:
            raise PassingError(f"no answer in {self._timeout:g} s", billed=True) from None
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            if not self._reached:
                raise InputError(
                    f"{self._url}: cannot be reached ({error or type(error).__name__}).\n"
                    "Is the server running, and is --llm-url its address up to /v1?"
                ) from None
            raise PassingError(f"no connection ({error})") from None
        except httpx2.TransportError as error:
            raise PassingError(f"the connection broke ({error})", billed=True) from None
        except httpx2.DecodingError as error:
            raise PassingError(f"a reply that cannot be read ({error})", billed=True) from None
        self._reached = True
        return response

    def _read(self, response: httpx2.Response) -> Answer:
        """Turn a response into an answer, or say what it means that it is none."""
        status = response.status_code
        if status == 200:
            return _answer(response)
        complaint, code = self._complaint(response)
        said = f"{status}: {complaint}"
        if code in _NO_MONEY:
            raise InputError(f"{self._url}: the account has no money left ({said}).")
        if status in _REFUSING or 300 <= status < 400:
            raise InputError(
                f"{self._url}: {said}\n"
                f"Check --llm-url and --llm-model, and the key in {KEY_NAMES[0]} "
                f"({'set' if self._key else 'not set'})."
            )
        if status in _PASSING or status >= 500:
            wait = read_retry_after(response.headers.get("Retry-After"))
            raise PassingError(said, wait=wait)
        raise RejectedError(said)

    def _complaint(self, response: httpx2.Response) -> tuple[str, str]:
        """Give the server's words about an error and its code, without the key."""
        said = response.text
        code = ""
        try:
            error = response.json()
        except ValueError:
            error = None
        if isinstance(error, dict):
            inner = error.get("error", error)
            if isinstance(inner, dict):
                said = " ".join(
                    str(inner[name]) for name in ("message", "detail", "param") if inner.get(name)
                )
                code = str(inner.get("code") or inner.get("type") or "")
            else:
                said = str(inner)
        said = " ".join(said.split()) or response.reason_phrase
        # The key goes first, so that cutting leaves no half of it.
        return hide_key(said, self._key)[:_SHOWN], code


def _answer(response: httpx2.Response) -> Answer:
    """Read a completion; servers differ in what they leave out."""
    try:
        reply: Any = response.json()
        choice = reply["choices"][0]
        message = choice["message"]
        text, refusal = message.get("content"), message.get("refusal")
        return Answer(
            text=str(text or ""),
            finish=str(choice.get("finish_reason") or "stop"),
            refusal=str(refusal or ""),
            usage=_usage(reply.get("usage")),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise PassingError("a reply that is no completion", billed=True) from None


def _usage(told: Any) -> Usage | None:  # noqa: ANN401 - any JSON value
    """Read the tokens that the server counted."""
    if not isinstance(told, dict):
        return None
    prompt, completion = told.get("prompt_tokens"), told.get("completion_tokens", 0)
    if not isinstance(prompt, int) or not isinstance(completion, int):
        return None
    return Usage(prompt, completion) if min(prompt, completion) >= 0 else None


def _warn_of_open_key(url: str, key: SecretStr | None) -> None:
    """Say so when the key would cross a network in the clear."""
    parts = urlsplit(url)
    here = parts.hostname in {"localhost", "::1"} or (parts.hostname or "").startswith("127.")
    if key is not None and parts.scheme == "http" and not here:
        logger.warning("%s: the key is sent without encryption; https would keep it secret", url)
