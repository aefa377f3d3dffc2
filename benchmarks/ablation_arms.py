"""The arms of the ablation: which triplets each trains on, drawn so that arms share their rows."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nmixx.errors import DataError
from nmixx.records import Triplet
from nmixx.training import StepSettings
from nmixx.triplets.given import GIVEN
from nmixx.triplets.taxonomy import SHIFTS

ALL = "all"
FAMILIES: dict[str, tuple[str, ...]] = {
    "sentiment": ("sentiment_reversal", "sentiment_intensity", "sentiment_adjustment"),
    "detail": ("detail_added", "detail_dropped", "business_detail"),
    "realisation": ("plan_realisation", "forecast_to_fact"),
    "new situation": ("emerging_situation",),
    "view": ("macro_micro_view", "fact_to_opinion"),
    "terms": ("jargon_to_plain",),
    "rule": ("interpretation_reversal", "sanction_strength", "procedure_clarity"),
}
"""The shifts of the taxonomy by what they change."""

Parts = dict[str, list[Triplet]]


@dataclass(frozen=True)
class Arm:
    """The parts that an arm trains on, and the shifts it leaves out."""

    name: str
    parts: tuple[str, ...] = ("shifted", "mined", GIVEN)
    without: frozenset[str] = frozenset()


KINDS = (
    Arm("rules only", ("shifted",)),
    Arm("mined only", ("mined",)),
    Arm("rules and mined", ("shifted", "mined")),
    Arm("given only", (GIVEN,)),
)


def list_arms(groups: Mapping[str, Sequence[str]]) -> list[Arm]:
    """Give all arms, that of the whole mixture first."""
    left_out = [
        Arm(f"without {name}", without=frozenset(shifts)) for name, shifts in groups.items()
    ]
    return [Arm(ALL), *left_out, *KINDS]


def sort_parts(triplets: Sequence[Triplet], mined: Sequence[Triplet]) -> Parts:
    """Tell shifted, mined and given triplets apart."""
    return {
        "shifted": [triplet for triplet in triplets if triplet.negative_kind != GIVEN],
        "mined": list(mined),
        GIVEN: [triplet for triplet in triplets if triplet.negative_kind == GIVEN],
    }


def find_caps(step: StepSettings, parts: Parts) -> dict[str, int]:
    """Say how many rows of each part the recipe's step draws; parts without any are left out.

    Raises:
        DataError: it draws no shifted triplets.
    """
    caps = {"shifted": step.triplets, "mined": step.mined, GIVEN: step.given}
    counts = {}
    for name, rows in parts.items():
        cap = caps[name]
        counts[name] = len(rows) if cap is None else min(cap, len(rows))
    if not counts["shifted"]:
        raise DataError(
            f"step {step.name!r} trains on no shifted triplets, so there is none to leave out."
        )
    return {name: count for name, count in counts.items() if count}


def is_wanted(arm: Arm, parts: Parts, caps: Mapping[str, int]) -> bool:
    """Tell whether the run has rows for an arm, and the arm is not the whole mixture once more."""
    if arm.name == ALL:
        return True
    if arm.without:
        kinds = {triplet.negative_kind for triplet in parts["shifted"]}
        return bool(arm.without & kinds) and bool(kinds - arm.without)
    return set(arm.parts) < caps.keys()


def draw_rows(
    arm: Arm, parts: Parts, caps: Mapping[str, int], rows: int, seed: int
) -> dict[str, list[Triplet]]:
    """Draw an arm's rows by part, in the recipe's proportions.

    Each part is shuffled once a seed and read from its beginning: arms share what they can.

    Raises:
        DataError: a part has too few rows.
    """
    names = [name for name in arm.parts if name in caps]
    found = {}
    for name, count in zip(names, _share_out(rows, [caps[name] for name in names]), strict=True):
        shuffled = random.Random(f"{seed} {name}").sample(parts[name], len(parts[name]))
        wanted = [triplet for triplet in shuffled if triplet.negative_kind not in arm.without]
        if len(wanted) < count:
            raise DataError(
                f"{arm.name}: {count} {name} triplets wanted, the run has {len(wanted)}.\n"
                "Give fewer --rows."
            )
        found[name] = wanted[:count]
    return found


def _share_out(rows: int, weights: Sequence[int]) -> list[int]:
    """Divide rows by weights into whole numbers that sum up to them."""
    bounds = [round(rows * sum(weights[:at]) / sum(weights)) for at in range(len(weights) + 1)]
    return [after - before for before, after in pairwise(bounds)]


def choose_arms(by: str, kinds: Collection[str], only: Collection[str]) -> list[Arm]:
    """List the arms by family or by shift, those named in ``only`` when it names any.

    A shift that is not of the taxonomy is a family by itself.

    Raises:
        DataError: ``only`` names an arm that there is not.
    """
    known = {shift for shifts in FAMILIES.values() for shift in shifts}
    groups = {shift: (shift,) for shift in SHIFTS} if by == "shift" else dict(FAMILIES)
    groups |= {shift: (shift,) for shift in sorted(set(kinds) - known)}
    arms = list_arms(groups)
    unknown = sorted(set(only) - {arm.name for arm in arms})
    if unknown:
        raise DataError(
            f"there is no arm {unknown[0]!r}.\nThere are: {', '.join(arm.name for arm in arms)}."
        )
    return [arm for arm in arms if not only or arm.name in only or arm.name == ALL]


def share_left_out(arm: Arm, shifted: Sequence[Triplet]) -> float:
    """Give the share of the shifted triplets that an arm leaves out."""
    left_out = sum(triplet.negative_kind in arm.without for triplet in shifted)
    return round(left_out / len(shifted), 4) if shifted else 0.0
