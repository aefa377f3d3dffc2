"""A server that misbehaves and a process that is killed: nothing lost, twice, or paid twice.

The server is a program of its own and speaks HTTP; see :mod:`tests.faults.llm_server` for what it
does on script. What is held here:

- every request is noted in the journal before it leaves, so the server never sees one more;
- a request with a usable answer in the journal is never sent again, by whichever process;
- of a request, the server has sent no more whole answers than the journal holds, and one for each
  try that was cut off: by a timeout, a broken line or a kill.
"""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.faults.serving import serving, write_documents

from nmixx.corpus.shapes import read_documents
from nmixx.records import Dropped, Triplet
from nmixx.storage import read_journal, read_json, read_records
from nmixx.triplets import TripletSettings
from nmixx.triplets.llm import JOURNAL
from nmixx.triplets.llm.estimate import Turn, gather_answers, plan_turns
from nmixx.triplets.llm.session import Session
from nmixx.triplets.llm.settings import LlmSettings

CONCURRENCY = 32
FILES = ("triplets.parquet", "dropped.parquet")


@dataclass(frozen=True)
class World:
    """Documents, a server, and the folder that the command writes to."""

    documents: Path
    url: str
    log: Path
    out: Path

    def start(self) -> subprocess.Popen[str]:
        """Start the command."""
        words = ("triplets", "make", self.documents, "--out", self.out, "--json")
        options = {
            "url": self.url,
            "model": "scripted:1b",
            "concurrency": CONCURRENCY,
            "timeout": 2,
            "tries": 12,
            "backoff": 0.01,
        }
        given = [word for name, value in options.items() for word in (f"--llm-{name}", value)]
        command = [sys.executable, "-m", "nmixx", *words, *given]
        return subprocess.Popen(
            [*map(str, command)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def finish(self) -> dict[str, Any]:
        """Run the command to its end, and give what it prints."""
        process = self.start()
        out, err = process.communicate()
        assert process.returncode == 0, err
        printed: dict[str, Any] = json.loads(out)
        return printed

    def kill(self, lines: int) -> dict[str, Any]:
        """Start the command, kill it when the journal has so many lines, and read what it holds."""
        process = self.start()
        while process.poll() is None and self.journal_lines() < lines:
            time.sleep(0.002)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "it ended before it could be killed"
        return read_journal(self.out / JOURNAL)

    def journal_lines(self) -> int:
        """Count the lines of the journal."""
        path = self.out / JOURNAL
        return path.read_bytes().count(b"\n") if path.exists() else 0

    def files(self) -> dict[str, bytes]:
        """Read the bytes of the files that a run leaves."""
        return {name: (self.out / name).read_bytes() for name in FILES}

    def turns(self) -> list[Turn]:
        """List every request that the documents and the answers so far lead to."""
        llm = LlmSettings(url=self.url, model="scripted:1b")
        session = Session.prepare(
            read_documents(str(self.documents)), TripletSettings(llm=llm), llm
        )
        answers = gather_answers(read_journal(self.out / JOURNAL))
        return [turn for one in session.asked() for turn in plan_turns(one, session, answers)]


def tries_by_request(journal: dict[str, Any]) -> dict[str, Counter[str]]:
    """Count the tries of each request by what is known of them."""
    found: dict[str, Counter[str]] = {}
    for name, value in journal.items():
        found.setdefault(name.rpartition(".")[0], Counter())[value["state"]] += 1
    return found


def server_key(turn: Turn) -> str:
    """Name a request as the server does."""
    messages = [{"role": one.role, "content": one.content} for one in turn.request.messages]
    return hashlib.sha256(json.dumps(messages).encode()).hexdigest()[:16]


def check_accounts(world: World, snapshots: list[dict[str, Any]]) -> None:
    """Hold the server's notes against the journal, request by request."""
    seen: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for line in world.log.read_text("utf-8").splitlines():
        note = json.loads(line)
        seen[note["key"]] += 1
        paid[note["key"]] += note["paid"]
    turns = world.turns()
    tries = tries_by_request(read_journal(world.out / JOURNAL))
    assert {turn.request.key for turn in turns} == set(tries)
    assert {server_key(turn) for turn in turns} >= set(seen)
    assert all(turn.settled for turn in turns)
    for turn in turns:
        known, key = tries[turn.request.key], server_key(turn)
        assert seen[key] <= known.total()
        assert known["answered"] <= paid[key] <= known["answered"] + known["sent"]
    last_answers = {turn.request.key: turn.known[-1] for turn in turns}
    for snapshot in snapshots:
        settled = 0
        answers = gather_answers(snapshot)
        for key, before in tries_by_request(snapshot).items():
            if key in answers and answers[key][-1] == last_answers[key]:
                settled += 1
                assert tries[key] == before, "a request was sent again although it was answered"
        assert settled


def check_rows(world: World, documents: int) -> None:
    """See that every document is there, and no row twice."""
    triplets = read_records(world.out / "triplets.parquet", Triplet)
    dropped = read_records(world.out / "dropped.parquet", Dropped)
    ids = {one.group for one in triplets} | {one.id for one in dropped}
    assert ids == {f"doc-{at}" for at in range(documents)}
    keys = [(one.anchor, one.positive, one.negative, one.negative_kind) for one in triplets]
    assert len(set(keys)) == len(keys)
    order = [int(one.group.removeprefix("doc-")) for one in triplets]
    assert order == sorted(order)
    assert {"unsuitable", "refused", "wrong language", "same text"} <= {
        one.reason for one in dropped
    } or documents < 500


def run_killed(folder: Path, documents: int, kills: int, seed: int) -> dict[str, float]:
    """Run once undisturbed and once with kills, hold them together, and time both."""
    given = write_documents(folder / "documents.jsonl", documents)
    seconds = {}
    worlds = []
    for name in ("undisturbed", "killed"):
        log = folder / f"{name}.log"
        with serving(log) as url:
            world = World(given, url, log, folder / name)
            worlds.append(world)
            began = time.monotonic()
            snapshots = []
            if name == "killed":
                expected = worlds[0].journal_lines()
                moments = random.Random(seed).sample(range(expected // 20, expected), kills)
                snapshots = [world.kill(lines) for lines in sorted(moments)]
            printed = world.finish()
            seconds[name] = time.monotonic() - began
        assert printed["left"] == 0
        assert printed == {"out": str(world.out), **read_json(world.out / "report.json")}
        check_rows(world, documents)
        check_accounts(world, snapshots)
    assert worlds[0].files() == worlds[1].files()
    return seconds


def test_killed_once_while_the_server_misbehaves(tmp_path: Path) -> None:
    run_killed(tmp_path, documents=60, kills=1, seed=1)


@pytest.mark.slow
def test_two_thousand_documents_killed_five_times(tmp_path: Path) -> None:
    seconds = run_killed(tmp_path, documents=2000, kills=5, seed=0)
    sys.stdout.write(f"{seconds}\n")
