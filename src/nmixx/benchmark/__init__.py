"""Benchmark stage: build a set of scored pairs that people judged, and know what it is worth.

::

    draft -> export -> (people) -> import -> agree -> (adjudicate) -> freeze -> verify
                                                                check: any scored pairs

``draft_items`` proposes pairs, ``export_items`` and ``read_scores`` go to annotation tools and
back, ``measure_agreement`` tells how far annotators agree, ``freeze_items`` settles scores and
splits, ``verify_benchmark`` and ``check_pairs`` look at what came out.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nmixx.benchmark.agreement import measure_agreement
    from nmixx.benchmark.checking import check_files, check_pairs
    from nmixx.benchmark.drafting import draft_items
    from nmixx.benchmark.exporting import export_items
    from nmixx.benchmark.freezing import freeze_items
    from nmixx.benchmark.importing import read_scores
    from nmixx.benchmark.scale import Scale
    from nmixx.benchmark.settings import AgreementSettings, DraftSettings, FreezeSettings
    from nmixx.benchmark.verification import verify_benchmark

__all__ = [
    "AgreementSettings",
    "DraftSettings",
    "FreezeSettings",
    "Scale",
    "check_files",
    "check_pairs",
    "draft_items",
    "export_items",
    "freeze_items",
    "measure_agreement",
    "read_scores",
    "verify_benchmark",
]

_HOMES = {
    "AgreementSettings": "settings",
    "DraftSettings": "settings",
    "FreezeSettings": "settings",
    "Scale": "scale",
    "check_files": "checking",
    "check_pairs": "checking",
    "draft_items": "drafting",
    "export_items": "exporting",
    "freeze_items": "freezing",
    "measure_agreement": "agreement",
    "read_scores": "importing",
    "verify_benchmark": "verification",
}


def __getattr__(name: str) -> object:
    """Load a public name from its home."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'nmixx.benchmark' has no attribute {name!r}")
    return getattr(importlib.import_module(f"nmixx.benchmark.{home}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
