"""A local server that speaks the OpenAI protocol and misbehaves on script.

What becomes of a request is decided by the hash of its messages and the number of the try, so
that the same requests in the same order meet the same faults. What an answer says depends on the
messages alone. Run as a program, it prints its port, and notes every request in a file of lines
``{"key": ..., "try": ..., "fate": ...}``, the answers that were sent whole with ``"paid": true``.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

HANG_SECONDS = 60.0  # longer than any client here waits

# Fates and their shares in percent; the rest of the requests is answered well.
FAULTS = (
    ("too many requests", 10.0),
    ("server error", 5.0),
    ("cut off on the wire", 1.0),
    ("half of the envelope", 1.0),
    ("half of the answer", 1.0),
    ("prose around nothing", 1.0),
    ("a misspelt shift", 1.0),
    ("hang", 2.0),
)
SIDES = (
    ("unsuitable", 5.0),
    ("refusal in its field", 1.0),
    ("refusal in prose", 1.0),
    ("wrong language", 2.0),
    ("same text", 2.0),
)


def draw(table: tuple[tuple[str, float], ...], *parts: object) -> str:
    """Draw a row by its share, by hash; "well" for the rest."""
    digest = hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).digest()
    at = int.from_bytes(digest[:8], "big") / 2**64 * 100
    for name, share in table:
        at -= share
        if at < 0:
            return name
    return "well"


def document_of(messages: list[dict[str, str]]) -> str:
    """Give the text between the delimiters."""
    found = re.search(r"<document>\n(.*?)\n</document>", messages[1]["content"], re.DOTALL)
    assert found, "no document"
    return found[1]


def names_in(schema: Any) -> list[str]:
    """Give the names of shifts that the schema allows."""
    if "suitable" in schema["properties"]:
        return list(schema["properties"]["suitable"]["items"]["enum"])
    return list(schema["$defs"]["ShiftedVersion"]["properties"]["shift"]["enum"])


def content_of(messages: list[dict[str, str]], names: list[str]) -> dict[str, Any]:
    """Write an answer that depends on the messages alone."""
    text = document_of(messages)
    side = draw(SIDES, text)
    if len(messages) == 2:
        suitable = [] if side == "unsuitable" else sorted(names)[:3]
        return {"reason": "a table heading" if not suitable else "it fits", "suitable": suitable}
    korean = bool(re.search("[가-힣]", text))
    write = (_korean, _english) if korean else (_english, _korean)
    if side == "wrong language":
        write = (write[0], write[0])
    figures = " ".join(re.findall(r"\d[\d,.]*\d|\d", text))
    here, there = write
    return {
        "paraphrase": here(text, figures, "say again"),
        "translation": there(text, figures, "say"),
        "shifted": [
            {
                "shift": name,
                "text": text if side == "same text" else here(text, figures, name),
                "translation": there(text, figures, name),
            }
            for name in names
        ],
    }


def _korean(text: str, figures: str, what: str) -> str:
    """Write a Korean sentence with the text's figures and about its length."""
    number = len(what) % 7
    turn = ("다시 말해", "그러나", "따라서", "한편", "결국", "더욱이", "사실은")[number]
    return _stretch(f"{turn} 회사는 {figures} 수치를 그렇게 밝혔다", " 정말로", text, 0.6) + "."


def _english(text: str, figures: str, what: str) -> str:
    """Write an English sentence with the text's figures."""
    words = what.replace("_", " ")
    return _stretch(
        f"The company has said ({words}) that it was {figures} then", " indeed", text, 1
    )


def _stretch(sentence: str, word: str, text: str, share: float) -> str:
    """Make a sentence about as long as a text, up to a few words."""
    missing = int((len(text) * share - len(sentence)) / len(word))
    return sentence + word * max(0, min(missing, 5))


class Server:
    """Answers, fails and counts."""

    def __init__(self, log: TextIO, *, faulty: bool) -> None:
        """Begin with no request seen."""
        self._log = log
        self._faulty = faulty
        self._seen: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while (head := await reader.readuntil(b"\r\n\r\n")) is not None:
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                if not await self._answer(json.loads(body), writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, body: dict[str, Any], writer: asyncio.StreamWriter) -> bool:
        """Answer one request; tell whether the connection may be used again."""
        messages = body["messages"]
        key = hashlib.sha256(json.dumps(messages).encode()).hexdigest()[:16]
        number = self._seen[key]
        self._seen[key] += 1
        fate = draw(FAULTS, key, number) if self._faulty else "well"
        names = names_in(body["response_format"]["json_schema"]["schema"])
        content = json.dumps(content_of(messages, names), ensure_ascii=False)
        message: dict[str, Any] = {"role": "assistant", "content": content}
        side = draw(SIDES, document_of(messages))
        if side == "refusal in its field":
            message = {"role": "assistant", "content": None, "refusal": "I will not write this."}
        elif side == "refusal in prose":
            message["content"] = "I am sorry, but I cannot help with that."
        return await FATES[fate](self, message, key, number, fate, writer)

    async def reply(
        self,
        message: dict[str, Any],
        key: str,
        number: int,
        fate: str,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """Send a completion."""
        finish = "length" if fate == "half of the answer" else "stop"
        envelope = {
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {"prompt_tokens": 900, "completion_tokens": 300, "total_tokens": 1200},
        }
        data = json.dumps(envelope, ensure_ascii=False).encode()
        return await self.send(200, data, key, number, fate, writer, paid=True)

    async def send(
        self,
        status: int,
        data: bytes,
        key: str,
        number: int,
        fate: str,
        writer: asyncio.StreamWriter,
        *,
        paid: bool = False,
        headers: str = "",
        missing: int = 0,
    ) -> bool:
        """Send a response, and note it before it leaves: what is noted may not have arrived."""
        self.note(key, number, fate, paid=paid)
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{headers}"
            f"Content-Length: {len(data) + missing}\r\n\r\n"
        )
        writer.write(head.encode() + data)
        await writer.drain()
        return not missing

    def note(self, key: str, number: int, fate: str, *, paid: bool) -> None:
        """Write down what became of a request."""
        line = {"key": key, "try": number, "fate": fate, "paid": paid}
        self._log.write(json.dumps(line) + "\n")
        self._log.flush()


async def _busy(server: Server, message: Any, *place: Any) -> bool:
    error = b'{"error": {"message": "slow down", "code": "rate_limit_exceeded"}}'
    return await server.send(429, error, *place, headers="Retry-After: 0.02\r\n")


async def _fail(server: Server, message: Any, *place: Any) -> bool:
    return await server.send(500, b"<html>oops</html>", *place)


async def _cut(server: Server, message: Any, *place: Any) -> bool:
    return await server.send(200, b'{"choices": [{"mess', *place, missing=500)


async def _half(server: Server, message: Any, *place: Any) -> bool:
    return await server.send(200, b'{"choices": [{"mess', *place)


async def _half_answer(server: Server, message: Any, *place: Any) -> bool:
    text = message["content"] or ""
    return await server.reply({"content": text[: len(text) // 2]}, *place)


async def _prose(server: Server, message: Any, *place: Any) -> bool:
    return await server.reply({"content": "Here is {what you asked for}."}, *place)


async def _misspelt(server: Server, message: Any, *place: Any) -> bool:
    wrong = {"reason": "r", "suitable": ["sentiment_reversl"]}
    return await server.reply({"content": json.dumps(wrong)}, *place)


async def _hang(server: Server, message: Any, *place: Any) -> bool:
    server.note(*place[:3], paid=False)
    await asyncio.sleep(HANG_SECONDS)
    return False


FATES: dict[str, Callable[..., Any]] = {
    "well": Server.reply,
    "too many requests": _busy,
    "server error": _fail,
    "cut off on the wire": _cut,
    "half of the envelope": _half,
    "half of the answer": _half_answer,
    "prose around nothing": _prose,
    "a misspelt shift": _misspelt,
    "hang": _hang,
}


async def main(log: Path, port: int, *, faulty: bool) -> None:
    """Serve until the process is ended."""
    with log.open("a", encoding="utf-8") as stream:
        server = Server(stream, faulty=faulty)
        listening = await asyncio.start_server(server.serve, "127.0.0.1", port, limit=2**22)
        sys.stdout.write(f"{listening.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        async with listening:
            await listening.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--well-behaved", action="store_true")
    options = parser.parse_args()
    asyncio.run(main(options.log, options.port, faulty=not options.well_behaved))
