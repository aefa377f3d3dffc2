from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from nmixx.benchmark.checking import CheckReport, check_files, check_pairs
from nmixx.errors import DataError
from nmixx.records import ScoredPair

WORDS = ("금리", "배당", "매출", "bond", "loan", "share", "fund", "bank", "rose", "fell")


def make_pairs(count: int = 300, *, seed: int = 0) -> list[ScoredPair]:
    """Pairs of distinct random words and random labels: nothing wrong with them."""
    rng = np.random.default_rng(seed)
    pairs = []
    for at in range(count):
        one, two = (" ".join(rng.choice(WORDS, 8)) for _ in range(2))
        label = float(rng.integers(0, 6))
        extra = {"group": f"g{at}"}
        pairs.append(ScoredPair(f"{one} {at}a", f"{two} {at}b", label, "en", extra=extra))
    return pairs


def kinds(report: CheckReport) -> set[str]:
    return {defect.kind for defect in report.defects}


def change(pair: ScoredPair, **values: object) -> ScoredPair:
    return ScoredPair.from_row(pair.to_row() | values)


def test_a_sound_set_has_none() -> None:
    report = check_pairs(make_pairs())
    assert kinds(report) == set()
    assert report.predictor is not None
    assert abs(report.predictor) < 0.2


def test_labels_that_follow_length() -> None:
    pairs = [change(p, sentence2=p.sentence1 + " so" * int(6 - p.score)) for p in make_pairs()]
    report = check_pairs(pairs)
    assert kinds(report) == {"labels show on the surface"}
    messages = " ".join(defect.message for defect in report.defects)
    assert "length in characters (1.00)" in messages
    assert "learnt from other pairs, predict them at" in messages


def test_labels_that_follow_a_word_alone() -> None:
    pairs = [
        change(
            p, score=float(p.score > 2), sentence2=p.sentence2 + (" ok" if p.score > 2 else " no")
        )
        for p in make_pairs()
    ]
    report = check_pairs(pairs)
    assert "labels show on the surface" in kinds(report)
    assert {"+ok", "+no"} <= set(report.cues)
    (told,) = [d.message for d in report.defects if "learnt" in d.message]
    assert "area under the curve 1.00" in told


@pytest.mark.parametrize("labels", [2, 6])
def test_rows_sorted_by_label(labels: int) -> None:
    pairs = [change(pair, score=float(pair.score % labels)) for pair in make_pairs()]
    assert "rows stand in the order of their labels" not in kinds(check_pairs(pairs))
    pairs.sort(key=lambda pair: pair.score)
    assert "rows stand in the order of their labels" in kinds(check_pairs(pairs))
    # Blocks of one label are an order too, although no score rises throughout.
    blocks = pairs[::2] + pairs[1::2]
    assert "rows stand in the order of their labels" in kinds(check_pairs(blocks))


def test_paraphrases_and_shifts_under_one_label() -> None:
    good = [change(p, shift="paraphrase" if p.score > 3 else "detail_added") for p in make_pairs()]
    assert kinds(check_pairs(good)) == set()
    mixed = [
        change(p, shift="paraphrase" if at % 2 else "detail_added")
        for at, p in enumerate(make_pairs())
    ]
    found = [d.message for d in check_pairs(mixed).defects]
    assert any("scored above a shifted one" in message for message in found)
    assert any("with the highest score are shifted" in message for message in found)


def test_without_a_column_shift_changed_figures_tell() -> None:
    pairs = [
        change(p, sentence1="rose 12 " + p.sentence1[:9], sentence2=p.sentence1[:9] + " 13")
        for p in make_pairs(30)
    ]
    assert "paraphrases and shifts share labels" in kinds(check_pairs(pairs))


def test_sources_in_two_splits() -> None:
    pairs = make_pairs()
    splits = ["dev" if at % 2 else "test" for at in range(300)]
    assert kinds(check_pairs(pairs, splits)) == set()
    pairs[0] = change(pairs[0], group="g1")
    pairs[2] = change(pairs[2], sentence1=pairs[3].sentence1.upper())
    messages = [d.message for d in check_pairs(pairs, splits).defects]
    assert any("1 groups stand in more than one of dev, test" in m for m in messages)
    assert any("1 sentences stand in more than one of dev, test" in m for m in messages)
    named = [change(p, split=s) for p, s in zip(pairs, splits, strict=True)]
    assert check_pairs(named).splits == {"test": 150, "dev": 150}


def test_repeats_in_either_order() -> None:
    pairs = make_pairs()
    turned = change(
        pairs[0],
        sentence1=pairs[0].sentence2,
        sentence2=pairs[0].sentence1,
        score=(pairs[0].score + 1) % 6,
    )
    same = change(pairs[1], sentence2=pairs[1].sentence1)
    messages = [d.message for d in check_pairs([*pairs, turned, same]).defects]
    assert "1 of 302 rows repeat an earlier pair; 1 pairs have different scores" in messages
    assert "1 pairs are twice the same sentence" in messages


def test_few_pairs_and_one_label() -> None:
    assert kinds(check_pairs(make_pairs(30))) >= {"few pairs"}
    constant = [change(pair, score=1.0) for pair in make_pairs(120)]
    report = check_pairs(constant)
    assert (report.surface, report.predictor) == ({}, None)
    with pytest.raises(DataError, match="no scored pairs"):
        check_pairs([])


def test_files_are_splits_and_the_report_prints(tmp_path: Path) -> None:
    paths = []
    for name, seed in (("dev", 0), ("test", 0)):
        path = tmp_path / f"{name}.jsonl"
        rows = [json.dumps(pair.to_row(), ensure_ascii=False) for pair in make_pairs(seed=seed)]
        path.write_text("\n".join(rows), "utf-8")
        paths.append(str(path))
    report = check_files(paths)
    assert report.splits == {"dev": 300, "test": 300}
    assert {"splits share sources", "pairs recur"} <= kinds(report)
    console = Console(file=io.StringIO(), width=120)
    console.print(report)
    assert isinstance(console.file, io.StringIO)
    printed = console.file.getvalue()
    assert "splits share sources: 600 sentences" in printed
    assert "word overlap" in printed
    assert json.dumps(report.to_dict(), allow_nan=False)
