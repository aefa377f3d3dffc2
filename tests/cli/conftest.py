import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conftest import ENGLISH, KOREAN
from nmixx.cli import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Nmixx = Callable[..., Outcome]
Mine = Callable[..., Outcome]

PAIRS: list[dict[str, Any]] = [
    {"id": f"p{at}", "anchor": korean, "positive": english, "desk": "ab"[at % 2]}
    for at, (korean, english) in enumerate(zip(KOREAN, ENGLISH, strict=True))
]
DOCUMENTS: list[dict[str, Any]] = [
    {"id": f"d{at}", "text": f"{text[:-1]}, a reader says.", "desk": "ab"[at // 2 % 2]}
    for at, text in enumerate(ENGLISH)
]

MINED = {
    "run.parquet",
    "queries.parquet",
    "documents.parquet",
    "similarities.parquet",
    "negatives.parquet",
    "dropped.parquet",
    "report.json",
}


def write_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def assert_refused(outcome: Outcome, *fragments: str) -> None:
    assert outcome.code == 2, outcome
    lines = outcome.err.strip().splitlines()
    assert 1 <= len(lines) <= 3, outcome.err
    assert "Traceback" not in outcome.err
    for fragment in fragments:
        assert fragment in outcome.err, f"{fragment!r} is not said in: {outcome.err}"


@pytest.fixture
def nmixx(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Nmixx:
    """Run the command line in this process, as a person would type it."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["nmixx", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def pairs_file(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "pairs.jsonl", PAIRS)


@pytest.fixture
def corpus_file(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "corpus.jsonl", DOCUMENTS)


@pytest.fixture
def mine(
    nmixx: Nmixx, pairs_file: Path, corpus_file: Path, tmp_path: Path, tiny_model_path: Path
) -> Mine:
    """Run `nmixx mine` on the two files into a folder, with the tiny model if no other is named."""

    def run(folder: str, *words: object) -> Outcome:
        teacher = [] if "--teacher" in words else ["--teacher", tiny_model_path]
        files = [pairs_file, "--corpus", corpus_file]
        return nmixx("mine", *files, *teacher, "--negatives", 2, "--out", tmp_path / folder, *words)

    return run


def read_mined(folder: Path) -> dict[str, bytes]:
    """Read the bytes of all that a mining run leaves but the store."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name in MINED}
