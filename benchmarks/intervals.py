"""Do the intervals cover what they should, and do the tests keep their false alarms?

Sets of 300 examples are drawn from worlds whose true figure is known: two models of equal quality
that look at the same examples. Counted is how often the 95 % interval holds the true figure, how
often the difference is called sure though there is none, and how often a gain of the size that
``smallest_gain`` gives is found.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from nmixx.evaluation.bootstrap import compare, draw_weights, interval
from nmixx.evaluation.comparison import BOOTSTRAP, TESTS, smallest_gain
from nmixx.evaluation.examples import Examples

ROWS = 300
RESAMPLES = 1000
MANY = 200_000

Array = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, float], tuple[Examples, Examples]]


@dataclass(frozen=True)
class World:
    """Where sets come from: draws the examples of two models, the first better by ``skill``."""

    name: str
    kind: str
    draw: Draw


def _similarities(labels: Callable[[Array], Array], quality: float, figured: str = "") -> Draw:
    """Two models that see the same meaning through noise, a part of which they share."""

    def draw(generator: np.random.Generator, rows: int, skill: float) -> tuple[Examples, Examples]:
        meaning, shared, one, two = generator.standard_normal((4, rows))
        people = labels(meaning)

        def look(own: Array, clarity: float) -> Examples:
            noise = (shared + own) / np.sqrt(2)
            scores = clarity * meaning + np.sqrt(1 - clarity**2) * noise
            return Examples(scores, people, figured=figured)

        return look(one, quality + skill), look(two, quality)

    return draw


def _gains(generator: np.random.Generator, rows: int, skill: float) -> tuple[Examples, Examples]:
    """Reciprocal ranks in steps, many of them 0 or 1, as nDCG@10 is with one relevant document."""
    ease, one, two = generator.standard_normal((3, rows))
    steps = np.array([0.0, 0.3, 0.39, 0.5, 0.63, 1.0])

    def look(own: Array, clarity: float) -> Examples:
        return Examples(steps[np.digitize(ease + own + clarity, [-1.5, -1, -0.5, 0, 0.8])])

    return look(one, skill), look(two, 0.0)


def _hits(generator: np.random.Generator, rows: int, skill: float) -> tuple[Examples, Examples]:
    """Examples that are right or wrong, three of four right."""
    ease, one, two = generator.standard_normal((3, rows))
    return tuple(
        Examples((ease + own + c > -1).astype(float)) for own, c in ((one, skill), (two, 0.0))
    )  # type: ignore[return-value]


def _grades(meaning: Array) -> Array:
    """People's scores from 0 to 5, whole."""
    return np.clip(np.round(1.2 * meaning + 2.5), 0, 5)


def _verdicts(meaning: Array) -> Array:
    """People's scores 0 or 1, two of five 1."""
    return (meaning > 0.25).astype(np.float64)


WORLDS = (
    World("STS, scores 0 to 5, Spearman 0.75", "sts", _similarities(_grades, 0.8)),
    World("STS, scores 0 to 5, Spearman 0.47", "sts", _similarities(_grades, 0.5)),
    World("STS, scores 0 or 1, Spearman 0.23", "sts", _similarities(_verdicts, 0.3)),
    World("retrieval, nDCG@10", "retrieval", _gains),
    World("bitext, accuracy@1", "bitext", _hits),
    World(
        "pairs, average precision",
        "pair_classification",
        _similarities(_verdicts, 0.6, "average precision"),
    ),
)


def _judge(
    world: World, examples: tuple[Examples, Examples], weights: Array
) -> tuple[float, float, float, float]:
    """Give both ends of the first model's interval, p, and the smallest gain."""
    ours, theirs = examples
    drawn = ours.statistic(weights), theirs.statistic(weights)
    low, high = interval(drawn[0], ours.figure)
    found = compare(drawn[0], drawn[1], ours.figure - theirs.figure)
    p = TESTS.get(world.kind, BOOTSTRAP).p(ours.values, theirs.values, found)
    return low, high, p, smallest_gain(drawn[0] - drawn[1]) or 0.0


def _find_skill(world: World, gain: float) -> float:
    """Find by bisection how much better a model must see for its true figure to gain so much."""
    low, high = 0.0, 0.19 if world.kind in ("sts", "pair_classification") else 1.0
    for _ in range(12):
        middle = (low + high) / 2
        ours, theirs = world.draw(np.random.default_rng(7), MANY, middle)
        low, high = (low, middle) if ours.figure - theirs.figure > gain else (middle, high)
    return (low + high) / 2


def measure(world: World, sets: int, seed: int) -> dict[str, float | str]:
    """Draw sets and count; those with a better model are a third as many."""
    truth = float(
        np.mean([world.draw(np.random.default_rng(k), MANY, 0.0)[0].figure for k in (1, 2)])
    )
    generator = np.random.default_rng(seed)
    # As in an evaluation, whose seed is the same for every set.
    weights = np.concatenate(list(draw_weights(ROWS, RESAMPLES, 0)))
    equal = [_judge(world, world.draw(generator, ROWS, 0.0), weights) for _ in range(sets)]
    gain = float(np.mean([row[3] for row in equal]))
    skill = _find_skill(world, gain)
    better = [_judge(world, world.draw(generator, ROWS, skill), weights) for _ in range(sets // 3)]
    return {
        "world": world.name,
        "true": round(truth, 3),
        "covered": float(np.mean([low <= truth <= high for low, high, *_ in equal])),
        "false_alarms": float(np.mean([row[2] < 0.05 for row in equal])),
        "smallest_gain": round(gain, 4),
        "found": round(float(np.mean([row[2] < 0.05 for row in better])), 3),
    }


def main() -> None:
    """Measure all worlds, print a table and a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="60 sets a world")
    parser.add_argument("--sets", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--world", type=int, nargs="*", help="numbers of worlds, from 0")
    given = parser.parse_args()
    sets = 60 if given.small else given.sets
    worlds = WORLDS if given.world is None else [WORLDS[at] for at in given.world]
    rows = [measure(world, sets, given.seed) for world in worlds]
    table = Table(
        "world", "true figure", "95 % interval covers", "false alarms", "smallest gain", "found"
    )
    for row in rows:
        table.add_row(
            str(row["world"]),
            f"{row['true']:.3f}",
            f"{row['covered']:.1%}",
            f"{row['false_alarms']:.1%}",
            f"{row['smallest_gain']:.3f}",
            f"{row['found']:.1%}",
        )
    console = Console()
    console.print(
        f"{sets:,} sets of {ROWS} examples a world, {RESAMPLES:,} resamples", soft_wrap=True
    )
    console.print(table)
    print(
        json.dumps(
            {"question": "intervals", "ratios": {}, "peak_mb": {}, "sets": sets, "worlds": rows}
        )
    )


if __name__ == "__main__":
    main()
