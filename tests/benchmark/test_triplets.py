from __future__ import annotations

from pathlib import Path

import pytest

from nmixx.benchmark.drafting import draft_items
from nmixx.benchmark.settings import DraftSettings
from nmixx.benchmark.triplets import items_from_triplets, split_triplets
from nmixx.errors import DataError
from nmixx.records import Triplet
from nmixx.storage import write_records


def triplet(at: int, kind: str = "detail_added", positive_kind: str = "translation") -> Triplet:
    return Triplet(
        anchor=f"Revenue at firm {at} rose sharply",
        positive=f"{at}번 회사의 매출이 크게 늘었다고 했다",
        negative=f"{at}번 회사의 매출이 아시아에서 크게 늘었다",
        category="news",
        anchor_lang="en",
        positive_lang="ko",
        negative_lang="ko",
        positive_kind=positive_kind,
        negative_kind=kind,
        confidence=1.0,
        group=f"g{at}",
        provenance=f"llm:ko:d{at}",
    )


def test_each_gives_a_faithful_and_a_shifted_pair() -> None:
    faithful, shifted = items_from_triplets([triplet(1)], DraftSettings())
    assert (faithful.shift, shifted.shift) == ("translation", "detail_added")
    assert faithful.contrast == shifted.contrast == "detail_added"
    assert (faithful.lang, faithful.source, faithful.group) == ("en-ko", "d1", "g1")
    assert faithful.sentence1 == shifted.sentence1


def test_what_gives_none() -> None:
    settings = DraftSettings()
    assert not items_from_triplets([triplet(1, "mined"), triplet(2, "given")], settings)
    assert not items_from_triplets([triplet(1, positive_kind="qa")], settings)
    for filters in ({"langs": ("ko",)}, {"shifts": ("tone",)}, {"categories": ("law",)}):
        assert not items_from_triplets([triplet(1)], DraftSettings.parse(filters, "test"))


def test_a_draft_of_triplets_alone(tmp_path: Path) -> None:
    path = tmp_path / "triplets.parquet"
    write_records(path, Triplet, [triplet(at) for at in range(30)])
    others, triplets = split_triplets(["sample:documents", str(path)])
    assert others == ["sample:documents"]
    found = draft_items([], [], DraftSettings(pairs=20), triplets=triplets)
    assert len(found.items) == 20
    assert sum(item.faithful for item in found.items) == 10
    with pytest.raises(DataError, match="no such file"):
        split_triplets([str(tmp_path / "nowhere.parquet")])
