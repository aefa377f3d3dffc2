"""Names that a person gives on the command line, checked against those that there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nmixx.benchmark.settings import DraftSettings
from nmixx.errors import InputError
from nmixx.records import Document, Pair, Triplet
from nmixx.triplets.taxonomy import SHIFTS


def check_kinds(
    settings: DraftSettings,
    documents: Sequence[Document],
    pairs: Sequence[Pair],
    triplets: Sequence[Triplet] = (),
) -> None:
    """Refuse categories and languages that no text has, and shifts that do not exist.

    Raises:
        InputError: a name is unknown; those that there are stand in the error.
    """
    categories = {row.category for row in documents} | {row.category for row in pairs}
    categories |= {row.category for row in triplets}
    langs = {document.lang for document in documents}
    joined = {(pair.anchor_lang, pair.positive_lang) for pair in pairs}
    joined |= {(row.anchor_lang, row.negative_lang) for row in triplets}
    for one, two in joined:
        langs |= {one, two} if one == two else {one, two, f"{one}-{two}", f"{two}-{one}"}
    _require("--category", settings.categories, categories)
    _require("--shift", settings.shifts, {*SHIFTS, *(row.negative_kind for row in triplets)})
    _require("--lang", settings.langs, langs)


def parse_splits(values: Sequence[str]) -> dict[str, float]:
    """Read ``NAME=SHARE``.

    Raises:
        InputError: a value is no such thing, a name cannot be a file's, or one stands twice.
    """
    shares: dict[str, float] = {}
    for value in values:
        name, _, share = value.partition("=")
        try:
            number = float(share)
        except ValueError:
            number = 0.0
        if not name.isidentifier() or number <= 0:
            raise InputError(f"--split {value!r}: expected NAME=SHARE, such as test=0.8.")
        if name in shares:
            raise InputError(f"--split {value!r}: {name} is given twice.")
        shares[name] = number
    return shares


def _require(option: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a name that is not known."""
    names = set(known)
    for name in given:
        if name not in names:
            raise InputError(f"{option} {name!r}: expected one of {', '.join(sorted(names))}.")
