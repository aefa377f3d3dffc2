"""What benchmarks that train several arms share: development sets, training, measuring."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from nmixx.encoding import Encoder, FloatArray, SentenceEncoder, load_model, model_fingerprint
from nmixx.evaluation import Suite
from nmixx.evaluation.bootstrap import Array, Difference, compare, resample
from nmixx.evaluation.examples import Examples
from nmixx.evaluation.tasks import Task
from nmixx.evaluation.vectors import Vectors
from nmixx.mining.miner import Negative
from nmixx.records import Pair, Triplet
from nmixx.report.charts import Chart, draw
from nmixx.storage import fingerprint, read_json, read_records, write_json, write_text
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.vocabulary.reporting.coverage import sample_evenly
from nmixx.workspace import Workspace

DOMAIN = "sample"
DEVELOPMENT = {
    "korsts-dev": "korsts/dev.jsonl",
    "sts-en-ko-dev": "stsb_cross_lingual/dev.jsonl",
    "stsb-en-dev": "stsb_en/dev.jsonl",
}
"""Development sets below a folder of public data; the bundled sample joins them."""

RESAMPLES = 1000
_DONE = "arm.json"


def cut_file(place: Path, copy: Path, rows: int) -> Path:
    """Write so many lines of a file, evenly spread over it, and give the copy's place."""
    lines = place.read_text(encoding="utf-8").splitlines(keepends=True)
    write_text(copy, "".join(sample_evenly(lines, rows)))
    return copy


def cut_suite(data: Path, out: Path, rows: int, *, small: bool = False) -> Suite:
    """Make a suite of some rows of each development set and the bundled sample, or its fifth."""
    suite = {DOMAIN: "sample:benchmark/test" if small else "sample:benchmark"}
    for name, place in DEVELOPMENT.items():
        suite[name] = str(cut_file(data / place, out / f"{name}.jsonl", rows))
    return Suite.parse({"sts": suite}, "development")


def read_triplets(run: Path) -> list[Triplet]:
    """Read the triplets of a run, those with given negatives among them."""
    return read_records(run / "triplets" / "triplets.parquet", Triplet)


def read_mined(run: Path) -> list[Triplet]:
    """Read the triplets of a run whose negatives were mined."""
    place = run / "mining" / "negatives.parquet"
    return [negative.to_triplet() for negative in read_records(place, Negative)]


def alone(step: StepSettings) -> StepSettings:
    """Give a step that takes all rows it is handed, each once, and asks no development set."""
    free: dict[str, Any] = {
        "sentences": None,
        "terms": None,
        "triplets": None,
        "given": None,
        "mined": None,
        "mixture": {},
        "watch": None,
        "guard": None,
        "keep": 1.0 if step.keep == "auto" else step.keep,
    }
    return StepSettings.parse(step.model_dump() | free, f"step {step.name}")


class Remembering:
    """Encodes each text once, so that arms that share texts share their embeddings, too."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        """Wrap an encoder; ``model`` stays within reach for steps that go back towards it."""
        self.model = encoder.model
        self._encoder = encoder
        self._known: dict[str, FloatArray] = {}

    @property
    def fingerprint(self) -> str:
        """Hash of the encoder, whose vectors these are."""
        return self._encoder.fingerprint

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Give the unit vectors of texts, shape (texts, dimensions)."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        vectors = self._encoder.encode(missing)
        self._known.update(zip(missing, vectors, strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else vectors


@dataclass(frozen=True)
class Rows:
    """What an arm trains on."""

    pairs: Sequence[Pair] = ()
    triplets: Sequence[Triplet] = ()
    mined: Sequence[Triplet] = ()

    @property
    def fingerprint(self) -> str:
        """Hash of all rows in their order."""
        return fingerprint(
            *([row.to_row() for row in part] for part in (self.pairs, self.triplets, self.mined))
        )


@dataclass(frozen=True)
class Trained:
    """What a trained model scored by task, and the rows and optimiser steps it took."""

    examples: Mapping[str, Examples]
    rows: int = 0
    steps: int = 0

    @property
    def figures(self) -> dict[str, float]:
        """The figure of every task."""
        return {name: examples.figure for name, examples in self.examples.items()}


@dataclass(frozen=True)
class Lab:
    """Trains arms from one model and measures them; what stands in ``out`` is not done again."""

    start: str
    base: Encoder
    training: TrainingSettings
    pivot: str
    tasks: Sequence[Task]
    out: Path

    @classmethod
    def open(cls, workspace: Workspace, start: str, tasks: Sequence[Task], out: Path) -> Lab:
        """Make a lab of a run's recipe: its base model, precision and pivot language."""
        recipe = workspace.recipe
        base = SentenceEncoder(workspace.load_base(), precision=recipe.training.precision)
        return cls(start, Remembering(base), recipe.training, recipe.pivot, tasks, out)

    @cached_property
    def _known(self) -> str:
        """Hash of all that no arm changes."""
        return fingerprint(
            model_fingerprint(load_model(self.start)),
            self.base.fingerprint,
            self.training.model_dump(exclude={"steps"}),
            self.pivot,
            [(task.name, task.data) for task in self.tasks],
        )

    def measure_start(self) -> Trained:
        """Measure the model that all arms start from."""
        place = self.out / "start" / _DONE
        return _read(place, self._known) or self._measure(self.start, place, self._known)

    def run(self, name: str, step: StepSettings, rows: Rows, *, seed: int) -> Trained:
        """Train and measure one arm; its model goes once its scores are written.

        A killed run goes on from the arm's last checkpoint.
        """
        folder = self.out / name / f"seed-{seed}"
        key = fingerprint(self._known, step.model_dump(), rows.fingerprint, seed)
        found = _read(folder / _DONE, key)
        if found is not None:
            return found
        train_model(
            load_model(self.start),
            self.training.model_copy(update={"steps": (step,)}),
            folder / "training",
            pairs=rows.pairs,
            triplets=rows.triplets,
            mined=rows.mined,
            base=self.base,
            pivot=self.pivot,
            seed=seed,
        )
        log = read_json(folder / "training" / "log.json")[0]
        model = str(folder / "training" / "model")
        trained = self._measure(model, folder / _DONE, key, rows=log["rows"], steps=log["steps"])
        shutil.rmtree(folder / "training")
        return trained

    def _measure(
        self, model: str, place: Path, key: str, *, rows: int = 0, steps: int = 0
    ) -> Trained:
        """Score a model on all tasks and write the scores down."""
        texts = (text for task in self.tasks for text in task.texts())
        vectors = Vectors(SentenceEncoder.load(model), texts, store=None, label=None)
        trained = Trained({t.name: t.measure(vectors) for t in self.tasks}, rows, steps)
        scores = {
            name: {
                "values": examples.values.tolist(),
                "labels": None if examples.labels is None else examples.labels.tolist(),
            }
            for name, examples in trained.examples.items()
        }
        write_json(place, {"key": key, "rows": rows, "steps": steps, "scores": scores})
        return trained


def _read(place: Path, key: str) -> Trained | None:
    """Read an arm's scores, if they are of the same model, rows, settings and tasks."""
    if not place.exists():
        return None
    found = read_json(place)
    if found["key"] != key:
        return None
    examples = {
        name: Examples(
            np.array(scores["values"]),
            None if scores["labels"] is None else np.array(scores["labels"]),
        )
        for name, scores in found["scores"].items()
    }
    return Trained(examples, found["rows"], found["steps"])


def compare_means(ours: Sequence[Examples], theirs: Sequence[Examples]) -> Difference:
    """Compare the mean figures of two lists of models on the same examples.

    The interval is that of a paired bootstrap over the examples, all models on the same resamples:
    it says how far other examples would move the difference, and nothing of other seeds.

    Args:
        ours: one model a seed.
        theirs: likewise.
    """
    models = (*ours, *theirs)
    statistics = tuple(model.statistic for model in models)
    drawn = np.stack(resample(len(models[0]), statistics, resamples=RESAMPLES, seed=0))
    ahead: Array = drawn[: len(ours)].mean(axis=0)
    behind: Array = drawn[len(ours) :].mean(axis=0)
    delta = float(np.mean([m.figure for m in ours]) - np.mean([m.figure for m in theirs]))
    return compare(ahead, behind, delta)


def save_chart(chart: Chart, folder: Path) -> None:
    """Draw a chart into a folder, as SVG and as PNG."""
    picture = draw(chart)
    write_text(folder / f"{chart.name}.svg", picture.file)
    (folder / f"{chart.name}.png").write_bytes(picture.png)
