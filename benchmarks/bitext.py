"""Does bitext mining find planted translations among 40,000 other sentences, and only those?

Usage: ``python benchmarks/bitext.py --model MODEL [--data ../shared/data] [--small]``

Known Korean-English pairs are scattered among 20,000 Korean sentences (stock-market headlines, Bank
of Korea minutes and reports) and 20,000 English ones (Reuters news, Federal Reserve minutes and
speeches). A mined pair is right if it is a planted one, in any spelling that differs in form only.

Each Korean sentence belongs by chance to the development or the test half. The threshold is chosen
on pairs of the development half: the lowest at which precision there is 0.96, that is as much
recall as precision allows; where no threshold gives that, the one of best F1. Precision and recall
are those of the test half.

``fpb``
    2,792 sentences of financial news. A model adapted with nmixx's flagship recipe was trained on
    these pairs, so its figure here is that of mining what it knows.
``ntrex``
    1,991 sentences of general news that no recipe trains on: the honest figure.

Printed is a line for each set, margin and retrieval. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from rich.console import Console
from rich.table import Table

from measure import peak_mb
from nmixx.corpus.clean import clean_text, normalise_key
from nmixx.corpus.readers import read_rows
from nmixx.encoding import EmbeddingStore, FloatArray, SentenceEncoder
from nmixx.mining.bitext.miner import choose_matches, find_neighbours
from nmixx.mining.bitext.sentences import split_sentences
from nmixx.mining.bitext.settings import BitextSettings, MarginName
from nmixx.mining.teachers.protocol import Hits

QUESTION = (
    "how many planted translations are found among 40,000 other sentences, and how many false?"
)
PLANTED = {"fpb": "fpb_ko_en/pairs.jsonl", "ntrex": "ntrex128_ko_en/news_sentences.jsonl"}
DISTRACTORS = {
    "ko": (
        ("kr_stock_headlines/documents.jsonl.gz",),
        ("bok_ko/minutes_passages.jsonl.gz", "bok_ko/report_passages.jsonl"),
    ),
    "en": (("reuters21578/documents.jsonl.gz",), ("fomc/sentences.jsonl.gz",)),
}
PER_SOURCE = 10_000
PRECISION = 0.96
CHOICES: tuple[tuple[MarginName, str], ...] = tuple(
    (margin, retrieval)
    for margin in get_args(MarginName)
    for retrieval in ("max", "intersection", "forward")
)


@dataclass(frozen=True)
class World:
    """Sentences of both languages, and which belong together (normalised texts)."""

    korean: list[str]
    english: list[str]
    translations: frozenset[tuple[str, str]]
    planted: int


@dataclass(frozen=True)
class Outcome:
    """What one way to mine comes to at the threshold that the development half chose."""

    margin: str
    retrieval: str
    threshold: float
    precision: float
    recall: float
    development: tuple[float, float]

    def to_dict(self) -> dict[str, Any]:
        """Give plain values."""
        return dict(vars(self))


def build_world(data: Path, name: str, *, planted: int | None, other: int, seed: int) -> World:
    """Scatter the pairs of a set among other sentences."""
    rows = [row for _, row in read_rows(str(data / PLANTED[name]))]
    if planted is not None:
        rows = random.Random(seed).sample(rows, planted)
    pairs = [(clean_text(str(row["ko"])), clean_text(str(row["en"]))) for row in rows]
    known = {normalise_key(text) for pair in pairs for text in pair}
    sides = {lang: _draw(data, lang, known, other, seed) for lang in ("ko", "en")}
    korean = _scatter([pair[0] for pair in pairs], sides["ko"], seed)
    english = _scatter([pair[1] for pair in pairs], sides["en"], seed + 1)
    keys = frozenset((normalise_key(one), normalise_key(two)) for one, two in pairs)
    return World(korean, english, keys, len(pairs))


def _draw(data: Path, lang: str, known: set[str], size: int, seed: int) -> list[str]:
    """Draw other sentences of a language, as many from each source."""
    drawn: list[str] = []
    for paths in DISTRACTORS[lang]:
        found = dict.fromkeys(
            text
            for path in paths
            for text in _sentences(data / path)
            if 15 <= len(text) <= 300 and normalise_key(text) not in known
        )
        drawn += random.Random(seed).sample(list(found), min(size, len(found)))
    return drawn


def _sentences(path: Path) -> Iterator[str]:
    """Stream the sentences of a file of documents."""
    for _, row in read_rows(str(path)):
        yield from split_sentences(str(row["text"]))


def _scatter(planted: Sequence[str], others: Sequence[str], seed: int) -> list[str]:
    """Put sentences in an order that tells nothing, each text once."""
    texts = list({normalise_key(text): text for text in [*others, *planted]}.values())
    random.Random(seed).shuffle(texts)
    return texts


def evaluate(
    world: World, neighbours: tuple[Hits, Hits], settings: BitextSettings, seed: int
) -> Outcome:
    """Mine, choose the threshold on one half, and measure on the other."""
    matches = choose_matches(neighbours, settings)
    keys_ko = [normalise_key(text) for text in world.korean]
    keys_en = [normalise_key(text) for text in world.english]
    right = np.array(
        [
            (keys_ko[one], keys_en[other]) in world.translations
            for one, other in zip(matches.first.tolist(), matches.second.tolist(), strict=True)
        ]
    )
    in_test = np.random.default_rng(seed).random(len(world.korean)) < 0.5
    has_translation = {one for one, _ in world.translations}
    wanted = np.array([key in has_translation for key in keys_ko])
    test = in_test[matches.first]
    threshold, *development = _choose(matches.scores[~test], right[~test], wanted[~in_test].sum())
    above = matches.scores >= threshold
    found = (right & above & test).sum()
    return Outcome(
        settings.margin,
        settings.retrieval,
        round(float(threshold), 4),
        round(float(found / max(1, (above & test).sum())), 4),
        round(float(found / wanted[in_test].sum()), 4),
        (round(development[0], 4), round(development[1], 4)),
    )


def _choose(scores: FloatArray, right: Any, wanted: int) -> tuple[float, float, float]:  # noqa: ANN401
    """Give threshold, precision and recall by the rule that the module states."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    precision, recall = hits / np.arange(1, len(hits) + 1), hits / wanted
    good = np.flatnonzero(precision >= PRECISION)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    at = int(good[-1]) if len(good) else int(f1.argmax())
    return float(scores[order[at]]), float(precision[at]), float(recall[at])


def main() -> None:
    """Mine both worlds in every way, print a table and one line of JSON."""
    given = _arguments()
    encoder = SentenceEncoder.load(given.model)
    console = Console()
    planted, other = (150, 300) if given.small else (None, PER_SOURCE)
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        store = EmbeddingStore(given.store or Path(temporary), encoder)
        for name in given.set or PLANTED:
            world = build_world(given.data, name, planted=planted, other=other, seed=given.seed)
            korean, english = store.encode(world.korean), store.encode(world.english)
            neighbours = find_neighbours(korean, english, BitextSettings())
            outcomes = [
                evaluate(world, neighbours, _settings(margin, retrieval), given.seed)
                for margin, retrieval in CHOICES
            ]
            console.print(_table(name, world, outcomes))
            results[name] = {
                "korean": len(world.korean),
                "english": len(world.english),
                "planted": world.planted,
                "outcomes": [outcome.to_dict() for outcome in outcomes],
            }
    print(json.dumps(_summary(given, results), ensure_ascii=False))


def _settings(margin: str, retrieval: str) -> BitextSettings:
    """Give the settings of a choice; forward retrieval uses a sentence as often as it is best."""
    chosen = {"margin": margin, "retrieval": retrieval, "one_to_one": retrieval != "forward"}
    return BitextSettings.parse(chosen, "bitext")


def _table(name: str, world: World, outcomes: Sequence[Outcome]) -> Table:
    """Lay the outcomes out."""
    title = (
        f"{name}: {world.planted:,} pairs among {len(world.korean):,} Korean and "
        f"{len(world.english):,} English sentences"
    )
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in ("margin", "retrieval"):
        table.add_column(column)
    for column in ("threshold", "precision", "recall", "precision (dev)", "recall (dev)"):
        table.add_column(column, justify="right")
    for one in outcomes:
        figures = (one.threshold, one.precision, one.recall, *one.development)
        table.add_row(one.margin, one.retrieval, *(f"{figure:.3f}" for figure in figures))
    return table


def _summary(given: argparse.Namespace, results: dict[str, Any]) -> dict[str, Any]:
    """Put the result in one line."""
    return {
        "question": QUESTION,
        "ratios": {},
        "peak_mb": {"nmixx": round(peak_mb())},
        "model": given.model,
        "small": given.small,
        "sets": results,
    }


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=QUESTION)
    parser.add_argument("--model", required=True, help="encodes both languages")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="public sets")
    parser.add_argument("--set", action="append", choices=[*PLANTED], help="both when not given")
    parser.add_argument("--store", type=Path, help="keeps embeddings; a temporary folder if not")
    parser.add_argument("--seed", type=int, default=0, help="of drawing, order and halves")
    parser.add_argument("--small", action="store_true", help="a sample, in under 50 seconds")
    return parser.parse_args()


if __name__ == "__main__":
    main()
