"""A finished run of the tiny model, small enough to train arms on in a test."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from conftest import ENGLISH, KOREAN
from nmixx.mining.miner import Negative
from nmixx.records import Pair, Triplet
from nmixx.storage import write_records

ROOT = Path(__file__).parents[2]
SHIFTS = ("detail_added", "detail_dropped", "sentiment_reversal", "own_shift")
SETS = (
    "korsts/dev",
    "stsb_cross_lingual/dev",
    "stsb_en/dev",
    "finsts_en/test",
)


@pytest.fixture
def script(monkeypatch):
    """Import a module of the benchmarks, which stand side by side."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))

    def load(name: str) -> ModuleType:
        return importlib.import_module(name)

    return load


@pytest.fixture
def triplets():
    """40 triplets of every shift and 40 given ones."""
    rest = ("news", "ko", "en", "en", "translation")
    return [
        Triplet(
            KOREAN[at % 12],
            ENGLISH[at % 12],
            f"{ENGLISH[at % 12]} {kind} {at}",
            *rest,
            kind,
            1.0,
            f"g{at % 12}",
            "rule",
        )
        for kind in (*SHIFTS, "given")
        for at in range(40)
    ]


@pytest.fixture
def mined():
    """Forty mined triplets, as the mining stage writes them."""
    return [
        Negative(
            f"q{at}",
            f"d{at}",
            KOREAN[at % 12],
            ENGLISH[at % 12],
            f"{ENGLISH[(at + 1) % 12]} {at}",
            *("ko", "en", "en", "translation", "news", f"g{at % 12}"),
            1,
            0.5,
            0.9,
            0.85,
            "",
            "dense",
        )
        for at in range(40)
    ]


@pytest.fixture
def run(tmp_path, tiny_model_path, pairs, triplets, mined):
    """A run's folder: recipe, pairs, triplets, mined negatives; the vocabulary was not grown."""
    step = {"batch_size": 4, "learning_rate": 1e-3}
    recipe = {
        "name": "tiny",
        "model": str(tiny_model_path),
        "corpus": {"pairs": [{"path": "sample:pairs"}]},
        "training": {
            "precision": "float32",
            "steps": [
                {"name": "align", "objective": "pair_ranking", "terms": 2, **step},
                {
                    "name": "adapt",
                    "objective": "triplet_in_batch",
                    "triplets": 60,
                    "mined": 20,
                    "anchoring": 1.0,
                    **step,
                },
            ],
        },
        "evaluation": {"test": {}},
    }
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "recipe.yaml").write_text(yaml.safe_dump(recipe), "utf-8")
    write_records(folder / "corpus" / "pairs.parquet", Pair, pairs)
    write_records(folder / "triplets" / "triplets.parquet", Triplet, triplets)
    write_records(folder / "mining" / "negatives.parquet", Negative, mined)
    return folder


@pytest.fixture
def data(tmp_path):
    """A folder of scored pairs, named as the public sets are."""
    folder = tmp_path / "data"
    for place in SETS:
        rows = [
            {
                "sentence1": ENGLISH[at % 12],
                "sentence2": (KOREAN if at % 2 else ENGLISH)[(at + at // 12) % 12],
                "score": at % 5,
            }
            for at in range(24)
        ]
        path = folder / f"{place}.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


@pytest.fixture
def call(script, monkeypatch, capsys):
    """Run a benchmark's main and give the result that it prints last."""

    def run_script(name: str, *arguments: object):
        monkeypatch.setattr("sys.argv", [name, *map(str, arguments)])
        script(name).main()
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return run_script
