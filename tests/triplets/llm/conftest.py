"""A model that answers as asked, and documents for it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nmixx.records import Document, Triplet
from nmixx.testing import ReplayLLM
from nmixx.triplets import TripletSettings
from nmixx.triplets.llm import LlmSettings
from nmixx.triplets.llm.backoff import Backoff
from nmixx.triplets.llm.exchange import Request

KOREAN = (
    "한빛전자는 3분기 영업이익이 12% 늘었다고 공시했다.",
    "누리은행은 내년에 배당을 5% 늘릴 계획이라고 밝혔다.",
    "다솜제강은 4월에 신주 30만 주를 발행하기로 했다.",
)
FACTS = ("12% in the third quarter", "5% next year", "300,000 shares in April")
"""What each Korean text says in figures."""

ENGLISH = "Hanbit Electronics said operating profit rose 12% in the third quarter."


def document(text: str, at: int = 0, lang: str = "ko", category: str = "news") -> Document:
    return Document(f"d{at}", text, lang, category, "", "test")


DOCUMENTS = [document(text, at) for at, text in enumerate(KOREAN)]


def text_of(request: Request) -> str:
    """Give the document that a request is about."""
    for message in request.messages:
        found = re.search(r"<document>\n(.*?)\n</document>", message.content, re.DOTALL)
        if found and message.role == "user":
            return found[1]
    raise AssertionError("a request without a document")


def names_of(request: Request) -> list[str]:
    """Give the shifts that may occur in the answer to a request."""
    properties = request.schema["properties"]
    if "suitable" in properties:
        return list(properties["suitable"]["items"]["enum"])
    return list(request.schema["$defs"]["ShiftedVersion"]["properties"]["shift"]["enum"])


def good_versions(request: Request) -> dict[str, Any]:
    """Write versions that pass every check."""
    text = text_of(request)
    known = dict(zip(KOREAN, FACTS, strict=True))
    figures = known.get(text, " ".join(re.findall(r"\d+", text)))
    return {
        "paraphrase": f"{text[:-1]}, 그렇다.",
        "translation": f"The company announced this, and the figures were {figures} as we know.",
        "shifted": [
            {
                "shift": name,
                "text": f"{text[:-1]}, 그러나 사실이 아니다.",
                "translation": f"The company denied this: {figures}, as we know ({plain(name)}).",
            }
            for name in names_of(request)
        ],
    }


def plain(name: str) -> str:
    """Write a shift's name as words, since a text that spells it is refused."""
    return name.replace("_", " ")


def good_answer(request: Request) -> str:
    """Answer either turn as asked."""
    if request.name == "suitability":
        return json.dumps({"reason": "they fit", "suitable": names_of(request)[:2]})
    return json.dumps(good_versions(request), ensure_ascii=False)


@pytest.fixture
def waits() -> list[float]:
    """What was waited for, in seconds."""
    return []


@pytest.fixture
def backoff(waits: list[float]) -> Backoff:
    """Backoff that only notes how long it would have waited."""

    async def note(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    return Backoff(1.0, 60.0, sleep=note)


def llm_settings(**changes: Any) -> LlmSettings:
    return LlmSettings(**{"url": "http://localhost:1/v1", "model": "tiny:1b", **changes})


def triplet_settings(**changes: Any) -> TripletSettings:
    return TripletSettings(llm=llm_settings(**changes))


@pytest.fixture
def replay() -> Callable[..., ReplayLLM]:
    """Make a model that answers well, but for what a function says otherwise."""

    def make(special: Callable[[Request], Any] = lambda request: None) -> ReplayLLM:
        def answer(request: Request) -> Any:
            said = special(request)
            if isinstance(said, BaseException):
                raise said
            return good_answer(request) if said is None else said

        return ReplayLLM(answer)

    return make


def told(triplets: list[Triplet]) -> list[tuple[object, ...]]:
    """Say what triplets are, but for scores that some have and, once written, all."""
    return [
        (one.anchor, one.positive, one.negative, one.negative_kind, one.confidence, one.provenance)
        for one in triplets
    ]


def files(folder: Path) -> dict[str, bytes]:
    """Read the bytes of the files that must be the same."""
    return {name: (folder / name).read_bytes() for name in ("triplets.parquet", "dropped.parquet")}
