"""The table of perturbations."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable

from nmixx.evaluation.robustness.codeswitching import switch_code
from nmixx.evaluation.robustness.notation import renumber, widen
from nmixx.evaluation.robustness.rewriting import reword
from nmixx.evaluation.robustness.spacing import misspace
from nmixx.evaluation.robustness.typos import mistype

Perturbation = Callable[[str, random.Random], str]
"""Takes a text and a source of chance; gives a text that means the same, maybe the same text."""

PERTURBATIONS: dict[str, Perturbation] = {
    "rewording": reword,
    "typos": mistype,
    "spacing": misspace,
    "width": widen,
    "numbers": renumber,
    "code-switching": switch_code,
}
"""Name in the settings to the function."""


def perturb(name: str, text: str, *, draw: int = 0, seed: int = 0) -> str:
    """Perturb a text; the same text, draw and seed give the same result in every process.

    Args:
        name: a key of :data:`PERTURBATIONS`.
        text: any.
        draw: another number gives another perturbation of the same kind.
        seed: of all draws.
    """
    digest = hashlib.sha256(f"{seed}\0{draw}\0{name}\0{text}".encode()).digest()
    return PERTURBATIONS[name](text, random.Random(int.from_bytes(digest[:8], "big")))
