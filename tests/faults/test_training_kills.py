"""Training killed at any moment, or out of disk, goes on to the weights of a run left alone."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nmixx.storage import hash_path, read_json

KILLS = 10
# The libraries are imported once; each run is a fork of that process, so that kills fall into
# training and not into imports.
PROGRAM = """
import os, sys, warnings
tests, model = sys.argv[1:3]
sys.path[:0] = [tests]
import torch, datasets, accelerate, sentence_transformers, transformers, pyarrow.parquet
torch.set_num_threads(1)  # as there: another number of threads adds up in another order
import nmixx.training.trainer
from conftest import ENGLISH, KOREAN
from nmixx.encoding import SentenceEncoder, load_model
from nmixx.errors import NmixxError
from nmixx.records import Pair, Triplet
from nmixx.testing import HashEncoder
from nmixx.training import StepSettings, TrainingSettings, train_model
from pathlib import Path

rest = ("en", "ko", "translation")
pairs = [Pair(f"p{i}", e, k, *rest, ("general", "news")[i % 2], f"g{i}")
         for i, (e, k) in enumerate(zip(ENGLISH, KOREAN))]
tail = ("news", "en", "ko", "ko", "translation", "direction", 1.0)
triplets = [Triplet(e, k, KOREAN[i - 1], *tail, f"g{i}", "rule")
            for i, (e, k) in enumerate(zip(ENGLISH, KOREAN))]
common = {"batch_size": 4, "learning_rate": 1e-3}
align = StepSettings(name="align", objective="pair_ranking", epochs=24, anchoring=1.0,
                     watch={"every": 12}, **common)
adapt = StepSettings(name="adapt", objective="triplet_in_batch", epochs=16, replay=0.4, drift=1.0,
                     drift_texts=2, keep="auto",
                     guard={"tasks": ["near"], "most_lost": 0.5, "shares": [0, 0.5, 1]}, **common)


class Near:
    fingerprint, tasks = "near", ("near",)

    def __call__(self, encoder, tasks):
        return {"near": float((encoder.encode(KOREAN) * encoder.encode(ENGLISH)).sum(1).mean())}


def work(out):
    train_model(load_model(model, device="cpu"),
                TrainingSettings(steps=(align, adapt), precision="float32", checkpoints=5), out,
                pairs=pairs, triplets=triplets, base=HashEncoder(32), judge=Near())


print("ready", flush=True)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        try:
            work(Path(line.strip()))
        except NmixxError as error:
            print(type(error).__name__, error, file=sys.stderr, flush=True)
            os._exit(error.exit_code)
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(99)
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""

pytestmark = pytest.mark.slow


class Trainer:
    """Starts training runs, one at a time."""

    def __init__(self, tests: Path, model: Path, said: Path) -> None:
        self._said = said
        with said.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(tests), str(model)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
            )
        assert self._read() == "ready", self.said()

    def start(self, out: Path) -> int:
        """Start a run and give its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{out}\n")
        self._process.stdin.flush()
        return int(self._read())

    def wait(self) -> int:
        """Wait for the run and give its exit code."""
        return int(self._read())

    def finish(self, out: Path) -> float:
        """Run to the end; give the seconds it took."""
        began = time.monotonic()
        self.start(out)
        assert self.wait() == 0, self.said()
        return time.monotonic() - began

    def kill(self, out: Path, seconds: float) -> bool:
        """Start a run and kill it after some time; give whether it was still at work."""
        pid = self.start(out)
        time.sleep(seconds)
        # Until its exit code is read here the program may have reaped it, but starts no other.
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            assert self.wait() == 0, self.said()
            return False
        code = self.wait()
        assert code in (0, -signal.SIGKILL), self.said()
        return code != 0

    def said(self) -> str:
        """What was written to stderr."""
        return self._said.read_text()

    def close(self) -> None:
        """End the program."""
        self._process.communicate()

    def _read(self) -> str:
        """Read a line of the program."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture(scope="module")
def trainer(
    tiny_model_path: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Trainer]:
    said = tmp_path_factory.mktemp("said") / "stderr"
    made = Trainer(request.config.rootpath / "tests", tiny_model_path, said)
    yield made
    made.close()


@pytest.fixture(scope="module")
def undisturbed(trainer: Trainer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """What a run that is left alone gives, and its seconds."""
    out = tmp_path_factory.mktemp("undisturbed")
    return out, trainer.finish(out)


def require_same(out: Path, whole: Path) -> None:
    """Compare weights, tokenizer and all that was logged."""
    assert hash_path(out / "model") == hash_path(whole / "model")
    assert read_json(out / "log.json") == read_json(whole / "log.json")


def test_killed_at_random_moments(
    trainer: Trainer, undisturbed: tuple[Path, float], tmp_path: Path
) -> None:
    whole, seconds = undisturbed
    logs = read_json(whole / "log.json")
    assert [log["steps"] for log in logs] == [72, 48]
    assert logs[0]["best"] is not None
    assert len(logs[1]["kept"]["curve"]) == 3
    chooser = random.Random(0)
    kills = folders = 0
    while kills < KILLS:
        folders += 1
        out = tmp_path / str(folders)
        # Several kills in one folder: the later ones fall into a run that was resumed.
        for _ in range(chooser.randint(1, 4)):
            kills += trainer.kill(out, chooser.uniform(0, seconds))
        trainer.finish(out)
        require_same(out, whole)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a size that the test sets; only root may mount one."""
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def resize(disk: Path, size: int) -> None:
    """Give a disk another size, in bytes."""
    options = f"remount,size={size // 1024}k"
    subprocess.run(["mount", "-o", options, str(disk)], check=True)


def used(folder: Path) -> int:
    """Bytes of the files below a folder, in whole pages."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return sum(-(-size // 4096) * 4096 for size in sizes)


@pytest.mark.parametrize("room", [0.2, 0.5, 0.8])
def test_a_disk_that_fills_up_leaves_the_last_good_checkpoint(
    trainer: Trainer, undisturbed: tuple[Path, float], small_disk: Path, room: float
) -> None:
    whole, _ = undisturbed
    out = small_disk / "run"
    checkpoints = out / "steps" / "1-align" / "checkpoints"
    # As soon as a checkpoint is whole, the disk is left with room for a part of the next only.
    pid = trainer.start(out)
    while not list(checkpoints.glob("checkpoint-*/trainer_state.json")):
        time.sleep(0.0005)
    os.kill(pid, signal.SIGSTOP)
    (first,) = (state.parent for state in checkpoints.glob("checkpoint-*/trainer_state.json"))
    resize(small_disk, used(small_disk) + int(room * used(first)))
    os.kill(pid, signal.SIGCONT)
    assert trainer.wait() == 1, trainer.said()
    said = trainer.said().splitlines()[-2:]
    assert said[0].startswith("StageError training step 'align': the disk that holds")
    assert "Make room there; checkpoint-" in said[1]
    assert "Traceback" not in trainer.said()
    left = [path.name for path in checkpoints.glob("checkpoint-*")]
    assert len(left) == 1
    assert f"{left[0]} stands" in said[1]
    resize(small_disk, 64 * 2**20)
    trainer.finish(out)
    require_same(out, whole)
