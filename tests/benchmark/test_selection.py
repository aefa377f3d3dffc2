from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.benchmark.conftest import make_items

from nmixx.benchmark.items import Kind, kind_of
from nmixx.benchmark.selection import choose_items, share_places
from nmixx.benchmark.settings import DraftSettings


def kinds(**supply: int) -> Counter[Kind]:
    """`news_tone_ko_f=3` is three faithful candidates."""
    found: Counter[Kind] = Counter()
    for name, count in supply.items():
        category, contrast, lang, mark = name.split("_")
        found[category, contrast, lang, mark == "f"] = count
    return found


def test_places_are_even_and_what_is_scarce_is_made_good() -> None:
    supply = kinds(news_a_ko_f=99, news_b_ko_f=2, law_c_ko_f=99, news_a_ko_s=99, law_c_en_s=99)
    places = share_places(supply, DraftSettings(pairs=40, faithful=0.5))
    assert places == kinds(
        news_a_ko_f=8, news_b_ko_f=2, law_c_ko_f=10, news_a_ko_s=10, law_c_en_s=10
    )


@pytest.mark.parametrize("pairs", [2, 7, 101])
def test_no_place_is_lost_or_added(pairs: int) -> None:
    supply = kinds(news_a_ko_f=50, news_b_en_f=50, law_c_ko_f=50, news_a_ko_s=50, law_c_en_s=50)
    places = share_places(supply, DraftSettings(pairs=pairs, faithful=0.3))
    assert sum(places.values()) == pairs
    assert sum(n for kind, n in places.items() if kind[3]) == round(0.3 * pairs)


def test_exchanges_even_the_surface_out_and_change_no_count() -> None:
    items = make_items(600, groups=300)
    rng = np.random.default_rng(0)
    faithful = np.array([item.faithful for item in items])
    surface = rng.normal(size=(600, 3)) + faithful[:, None]
    settings = DraftSettings(pairs=120, per_source=2)
    first, chosen = choose_items(items, surface, settings, seed=0)

    def gap(rows: list[int]) -> float:
        part, mark = surface[rows], faithful[rows]
        return float(np.abs(part[mark].mean(axis=0) - part[~mark].mean(axis=0)).max())

    assert gap(first) > 0.6
    assert gap(chosen) < 0.3
    assert Counter(kind_of(items[r]) for r in first) == Counter(kind_of(items[r]) for r in chosen)
    assert len(set(chosen)) == 120
    assert max(Counter(items[row].group for row in chosen).values()) <= 2
    assert choose_items(items, surface, settings, seed=0) == (first, chosen)


def test_fewer_candidates_than_places() -> None:
    items = make_items(10)
    first, chosen = choose_items(items, np.zeros((10, 1)), DraftSettings(pairs=50), seed=0)
    assert sorted(first) == sorted(chosen) == list(range(10))


def test_a_pair_is_not_taken_in_both_orders() -> None:
    items = make_items(2)
    turned = [
        type(item)(
            **{**vars(item), "id": f"x{item.id}"}
            | {"sentence1": item.sentence2, "sentence2": item.sentence1}
        )
        for item in items
    ]
    _, chosen = choose_items([*items, *turned], np.zeros((4, 1)), DraftSettings(pairs=4), seed=0)
    assert len(chosen) == 2
