"""`nmixx mine` killed at any moment and run again gives the bytes of a run left alone."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli.conftest import MINED, read_mined, write_lines

KILLS = 20
COMPANIES = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel")
ITEMS = ("revenue", "net loss", "interest income", "exports of chips", "the dividend")
# Small shards, so that a store of a few hundred texts has many and kills fall between them. The
# libraries are imported first: killing Python while it imports says nothing about mining.
PROGRAM = """
import sys, torch, sentence_transformers, nmixx.encoding.store, nmixx.mining.search
torch.set_num_threads(1)
nmixx.encoding.store.SHARD_SIZE = 16
print("ready", flush=True)
from nmixx.cli import main
main()
"""


@dataclass(frozen=True)
class Command:
    """The command but for the folder that it writes to."""

    words: tuple[str, ...]

    def start(self, out: Path) -> subprocess.Popen[str]:
        """Start it, and come back when it begins to work."""
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *self.words, "--out", str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == "ready\n", process.communicate()[1]
        return process

    def finish(self, out: Path) -> float:
        """Run it to its end, and say after how many seconds the last file was there."""
        process = self.start(out)
        began = time.monotonic()
        while process.poll() is None and not (out / "report.json").exists():
            time.sleep(0.005)
        seconds = time.monotonic() - began
        _, err = process.communicate()
        assert process.returncode == 0, err
        return seconds

    def kill(self, out: Path, is_time: Callable[[], bool]) -> bool:
        """Start it and kill it when it is time; give whether it was still at work."""
        process = self.start(out)
        while process.poll() is None and not is_time():
            time.sleep(0.001)
        process.kill()
        _, err = process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), err
        return process.returncode != 0


def after(seconds: float) -> Callable[[], bool]:
    """Make a clock that starts when it is looked at first."""
    ends: list[float] = []

    def is_time() -> bool:
        if not ends:
            ends.append(time.monotonic() + seconds)
        return time.monotonic() >= ends[0]

    return is_time


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory, tiny_model_path: Path) -> Command:
    folder = tmp_path_factory.mktemp("input")
    texts = [
        f"{company} said {item} rose by {percent} percent"
        for company in COMPANIES
        for item in ITEMS
        for percent in range(1, 11)
    ]
    pairs = [
        {"id": f"p{at}", "anchor": f"{text}.", "positive": f"It rose: {text}, the report says."}
        for at, text in enumerate(texts)
    ]
    documents = [{"id": f"d{at}", "text": f"Nobody knew {t}."} for at, t in enumerate(texts[::2])]
    files = (
        write_lines(folder / "pairs.jsonl", pairs),
        write_lines(folder / "documents.jsonl", documents),
    )
    words = ("mine", files[0], "--corpus", files[1], "--teacher", tiny_model_path)
    return Command((*map(str, words), "--policy", "perc_pos_apart", "--sampling", "random"))


@pytest.fixture(scope="module")
def undisturbed(
    command: Command, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, bytes], float]:
    """What a run that is left alone gives, and the seconds until it is all there."""
    out = tmp_path_factory.mktemp("undisturbed") / "mined"
    seconds = command.finish(out)
    files = read_mined(out)
    assert set(files) == MINED
    assert json.loads(files["report.json"])["negatives"] > 400
    return files, seconds


@pytest.mark.slow
def test_killed_at_random_moments(
    command: Command, undisturbed: tuple[dict[str, bytes], float], tmp_path: Path
) -> None:
    expected, seconds = undisturbed
    chooser = random.Random(0)
    kills = folders = 0
    while kills < KILLS:
        folders += 1
        out = tmp_path / str(folders)
        # A few kills in one folder: the later ones may come while files are written over.
        for _ in range(chooser.randint(1, 4)):
            kills += command.kill(out, after(chooser.uniform(0, seconds)))
        command.finish(out)
        assert read_mined(out) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    "mark", ["embeddings/*/shards/*.npy", "embeddings/*/lists/*.npy", "run.parquet", "report.json"]
)
def test_killed_as_soon_as_a_file_is_there(
    command: Command, undisturbed: tuple[dict[str, bytes], float], tmp_path: Path, mark: str
) -> None:
    out = tmp_path / "mined"
    command.kill(out, lambda: any(out.glob(mark)))
    assert any(out.glob(mark))
    command.finish(out)
    assert read_mined(out) == undisturbed[0]
