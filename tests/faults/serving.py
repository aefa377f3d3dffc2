"""The scripted server as a running program, and documents to ask it about."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.conftest import write_lines

SERVER = Path(__file__).with_name("llm_server.py")
COMPANIES = ("한빛전자", "누리은행", "다솜제강", "해솔반도체", "가람증권")
ITEMS = ("영업이익", "순이자이익", "수출", "배당", "매출")
CATEGORIES = ("news", "disclosure", "report", "regulation")


def write_documents(path: Path, count: int) -> Path:
    """Write documents of four categories, each with figures of its own."""
    rows = [
        {
            "id": f"doc-{at}",
            "text": f"{COMPANIES[at % 5]}의 {ITEMS[at // 5 % 5]}이 {at + 1}억원으로 "
            f"{at % 40 + 1}% 늘었다고 {2000 + at % 25}년 회사가 밝혔다.",
            "lang": "ko",
            "category": CATEGORIES[at % 4],
        }
        for at in range(count)
    ]
    return write_lines(path, rows)


@contextmanager
def serving(log: Path, *words: str) -> Iterator[str]:
    """Run the server, and give its address."""
    command = [sys.executable, str(SERVER), "--log", str(log), *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
    finally:
        process.kill()
        process.communicate()
