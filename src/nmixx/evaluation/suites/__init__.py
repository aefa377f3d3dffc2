"""Suites: the tasks of an evaluation as YAML, shipped under a name or in a file of one's own."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from nmixx.configuration import read_configuration
from nmixx.errors import RecipeError
from nmixx.evaluation.settings import EvaluationSettings, Suite

_HOME = Path(__file__).parent


def shipped_suites() -> dict[str, Path]:
    """Give the suites that come with nmixx, file by name."""
    return {path.stem: path for path in sorted(_HOME.glob("*.yaml"))}


def find_suite(name: str) -> Path:
    """Find a suite: a file, or one that comes with nmixx under its name.

    Raises:
        RecipeError: neither is there; the nearest names are given.
    """
    place, shipped = Path(name), shipped_suites()
    if name in shipped and not place.is_file():
        return shipped[name]
    if place.exists():
        return place
    near = difflib.get_close_matches(name, shipped, n=2)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise RecipeError(
        f"{name}: no such file, and no suite of that name.{hint}\nShipped: {', '.join(shipped)}."
    )


def read_suite(path: str | Path, changes: Sequence[str] = ()) -> Suite:
    """Read a suite of tasks, or the test suite of a recipe.

    ::

        sts:
          korsts: "{data}/korsts/test.jsonl"
          sample: {path: "sample:benchmark", lang: ko}
          finsts: hf:FinanceMTEB/FinSTS:test@09e270b
        bitext:
          news: news.tsv
        mteb:
          klue: KLUE-STS

    Args:
        path: a YAML file, or the name of a shipped suite, see :func:`shipped_suites`.
        changes: ``key=value`` as given by ``--set``; ``data=FOLDER`` says what ``{data}`` is.

    Raises:
        RecipeError: the file is missing or not YAML, a key or value is wrong, or ``{data}`` is
            not given.
    """
    file = find_suite(str(path))
    raw = read_configuration(file, changes)
    if "evaluation" in raw:
        return EvaluationSettings.parse(raw["evaluation"], f"{file}: evaluation").test
    raw.pop("data", None)
    return Suite.parse(raw, str(file))
