"""``nmixx train``: objectives, adapters and kinds from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Nmixx

from nmixx.storage import read_json

LINES = (
    ("영업이익", "operating profit"),
    ("영업손실", "operating loss"),
    ("순이자이익", "net interest income"),
    ("배당금", "dividend"),
)


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    """Give a file of terms without groups, as a person has it."""
    path = tmp_path / "glossary.jsonl"
    rows = [{"anchor": korean, "positive": english} for korean, english in LINES]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_a_glossary_trains_adapters(
    nmixx: Nmixx, tiny_model_path: Path, glossary: Path, tmp_path: Path
) -> None:
    outcome = nmixx(
        *("train", tiny_model_path, "--pairs", glossary, "--objective", "lexical"),
        *("--train", "lora", "--batch-size", 2, "--out", tmp_path / "out", "--json"),
    )
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["rows"] == {"align": 4}
    assert found["composition"]["align"]["shift"] == {"translation": 4}
    assert (Path(found["model"]) / "model.safetensors").exists()
    assert read_json(tmp_path / "out" / "log.json")[0]["objective"] == "lexical"


def test_a_finished_step_stands_in_another_process(
    tiny_model_path: Path, glossary: Path, tmp_path: Path
) -> None:
    words = [sys.executable, "-m", "nmixx", "train", str(tiny_model_path)]
    words += ["--pairs", str(glossary), "--objective", "lexical", "--out", str(tmp_path / "out")]
    times = []
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(words, env=env, check=True, capture_output=True)
        (done,) = (tmp_path / "out" / "steps").glob("*/step.json")
        times.append(done.stat().st_mtime_ns)
    assert times[0] == times[1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--objective", "tripple"], ["--objective tripple: unknown", "triplet_in_batch"]),
        (["--objective", "lexical", "--objective", "distillation"], ["lexical is for pairs, too"]),
        (["--train", "heads"], ["'all', 'lora' or 'rows'", "heads"]),
        (["--kind", "bert"], ["kind: input should be", "bert"]),
        (["--anchoring", "1"], ["holds on to the base model"]),
        (["--train-rows", "new"], ["which are new is not known", "Give the base model"]),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    nmixx: Nmixx,
    tiny_model_path: Path,
    glossary: Path,
    tmp_path: Path,
    options: list[str],
    said: list[str],
) -> None:
    outcome = nmixx(
        *("train", tiny_model_path, "--pairs", glossary, "--out", tmp_path / "out", *options)
    )
    assert outcome.code == 2
    assert "Traceback" not in outcome.err
    assert all(word in outcome.err for word in said), outcome.err
