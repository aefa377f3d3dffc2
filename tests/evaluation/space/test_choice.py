"""What is fitted on is never measured on."""

from __future__ import annotations

import json
from pathlib import Path

from nmixx.evaluation.settings import BitextTask, Suite
from nmixx.evaluation.space.choice import choose_samples
from nmixx.records import Pair


def make_pairs(count: int, start: int = 0, *, turned: bool = False) -> list[Pair]:
    pairs = []
    for at in range(start, start + count):
        sides = (f"문장 {at}", f"sentence {at}", "ko", "en")
        if turned:
            sides = (sides[1], sides[0], "en", "ko")
        pairs.append(Pair(f"p{at}", *sides, "translation", "news", f"g{at}"))
    return pairs


def write_suite(folder: Path, name: str, pairs: list[Pair]) -> Suite:
    path = folder / f"{name}.jsonl"
    rows = [json.dumps(pair.to_row(), ensure_ascii=False) for pair in pairs]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return Suite(bitext={name: BitextTask(path=str(path))})


def test_training_pairs_alone_are_halved_and_said_to_be_trained_on() -> None:
    choice = choose_samples(Suite(), Suite(), make_pairs(40), seed=0)
    assert choice is not None
    assert choice.trained_on
    assert not set(choice.fitted.first) & set(choice.measured.first)
    assert len(choice.fitted) == len(choice.measured) == 20


def test_test_pairs_are_measured_on_and_development_is_fitted_on(tmp_path: Path) -> None:
    test = write_suite(tmp_path, "held", make_pairs(12))
    development = write_suite(tmp_path, "own", make_pairs(30, start=6, turned=True))
    choice = choose_samples(test, development, make_pairs(40), seed=0)
    assert choice is not None
    assert not choice.trained_on
    assert choice.measured.name == "held"
    assert choice.fitted.name == "own"
    assert sorted(choice.measured.first) == sorted(f"문장 {at}" for at in range(12))
    # Six development pairs are test pairs too: they are left out.
    assert sorted(choice.fitted.first) == sorted(f"문장 {at}" for at in range(12, 36))
    assert choice.fitted.languages == choice.measured.languages == ("ko", "en")


def test_the_seed_and_the_size_decide_which_pairs() -> None:
    pairs = make_pairs(200)
    one, again, other = (
        choose_samples(Suite(), Suite(), pairs, seed=seed, most=20) for seed in (0, 0, 1)
    )
    assert one == again != other
    assert one is not None
    assert len(one.fitted) == len(one.measured) == 20


def test_too_few_pairs_or_one_language_give_nothing() -> None:
    assert choose_samples(Suite(), Suite(), make_pairs(19), seed=0) is None
    assert choose_samples(Suite(), Suite(), [], seed=0) is None
    same = [Pair(f"p{at}", "가", "나", "ko", "ko", "qa", "news", "g") for at in range(50)]
    assert choose_samples(Suite(), Suite(), same, seed=0) is None
