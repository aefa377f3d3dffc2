"""Drafts from the bundled sample, by the real rules; and from a rule of our own."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from nmixx.benchmark import candidates
from nmixx.benchmark.agreement import measure_agreement
from nmixx.benchmark.drafting import Draft, draft_items, write_draft
from nmixx.benchmark.exporting import export_items
from nmixx.benchmark.features import FEATURES
from nmixx.benchmark.folders import read_facts, read_items
from nmixx.benchmark.formats import read_answers
from nmixx.benchmark.freezing import freeze_items, write_frozen
from nmixx.benchmark.importing import Returned, read_scores
from nmixx.benchmark.items import Item
from nmixx.benchmark.scale import Scale
from nmixx.benchmark.settings import AgreementSettings, DraftSettings, FreezeSettings
from nmixx.benchmark.simulation import SimulatedAnnotator, simulate_judgements
from nmixx.benchmark.verification import verify_benchmark
from nmixx.corpus.shapes import read_documents, read_pairs
from nmixx.errors import DataError, OutputError
from nmixx.records import Document, Pair
from nmixx.triplets.rules import LanguageRules

LONG = " and the market took note of it"


def shift(text: str, chooser: random.Random) -> str | None:
    """Add a detail at the end: a shift that length gives away."""
    return f"{text}, in {chooser.choice(('Asia', 'Europe'))} alone" if "rose" in text else None


def rephrase(text: str, chooser: random.Random) -> str | None:
    return text.replace("rose", chooser.choice(("grew", "went up")))


@pytest.fixture
def toy_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = LanguageRules(
        {"detail_added": shift}, rephrase, lambda text: [text], lambda text: "statement"
    )
    monkeypatch.setattr(
        candidates, "rules_for", lambda lang: rules if lang in ("en", "de") else None
    )


def documents(count: int) -> list[Document]:
    return [
        Document(
            f"d{at}",
            f"Revenue at firm {at} rose{LONG * (at % 3)}. Costs fell too here.",
            "en",
            "news",
            "",
            "",
        )
        for at in range(count)
    ]


def draft(count: int = 60, **settings: object) -> Draft:
    chosen = DraftSettings.parse({"pairs": 40} | settings, "test")
    return draft_items(documents(count), [], chosen, seed=3)


@pytest.mark.usefixtures("toy_rules")
def test_length_is_evened_out_and_cue_words_stand_on_both_sides() -> None:
    found = draft()
    assert len(found.items) == 40
    assert sum(item.faithful for item in found.items) == 20
    chance, chosen = (
        abs(found.surface[name]["features"]["second is longer"] - 0.5)
        for name in ("by chance", "chosen")
    )
    assert chosen < 0.15 < 0.3 < chance
    assert {item.made for item in found.items} > {"two shifts", "shifted, then reworded"}


@pytest.mark.usefixtures("toy_rules")
def test_pairs_are_what_they_say() -> None:
    for item in draft().items:
        assert item.sentence1 != item.sentence2
        assert item.contrast == "detail_added"
        assert item.source == item.group
        if item.made == "shifted":
            assert item.sentence2.startswith(item.sentence1)
        if item.made == "two shifts":
            assert item.sentence1.count("alone") == item.sentence2.count("alone") == 1
        if item.faithful:
            assert item.shift == "paraphrase"
            assert ("alone" in item.sentence1) == ("alone" in item.sentence2)
        else:
            assert item.shift == "detail_added"


@pytest.mark.usefixtures("toy_rules")
def test_the_same_seed_gives_the_same_draft_and_ids_hang_on_the_text() -> None:
    one, two = draft(), draft()
    assert one == two
    other = draft_items(documents(60), [], DraftSettings(pairs=40), seed=4)
    assert other.items != one.items
    texts = {item.id: (item.sentence1, item.sentence2) for item in one.items}
    shared = [item for item in other.items if item.id in texts]
    assert shared
    assert all(texts[item.id] == (item.sentence1, item.sentence2) for item in shared)
    assert len(texts) == 40


@pytest.mark.usefixtures("toy_rules")
def test_translations_give_pairs_in_two_languages_and_both_directions() -> None:
    pairs = [
        Pair(
            f"t{at}",
            f"Firm {at} rose sharply today",
            f"Firma {at} rose heute stark an",
            "en",
            "de",
            "translation",
            "news",
            "",
        )
        for at in range(30)
    ]
    settings = DraftSettings(pairs=40, per_source=6)
    found = draft_items([], pairs, settings, seed=0)
    assert {item.lang for item in found.items} == {"en", "de", "en-de", "de-en"}
    for item in found.items:
        if item.lang == "en-de":
            assert item.sentence1.startswith("Firm ")
            assert item.sentence2.startswith("Firma ")
    only = draft_items([], pairs, DraftSettings(pairs=10, langs=("en-de",)), seed=0)
    assert {item.lang for item in only.items} == {"en-de"}


@pytest.mark.usefixtures("toy_rules")
def test_texts_that_give_too_little() -> None:
    assert len(draft(3, pairs=40).items) < 40
    with pytest.raises(DataError, match="no pair could be drafted from 0 sentences"):
        draft(3, min_characters=999, max_characters=1000)
    korean = [Document("d", "매출이 지난해보다 크게 늘었다고 회사가 밝혔다.", "ko", "news", "", "")]
    with pytest.raises(DataError, match="from 1 sentences: the rules know Korean"):
        draft_items(korean, [], DraftSettings(), seed=0)


@pytest.mark.usefixtures("toy_rules")
def test_a_sentence_that_recurs_counts_once() -> None:
    twice = [*documents(20), *documents(20)]
    found = draft_items(twice, [], DraftSettings(pairs=30), seed=0)
    assert found.items == draft_items(documents(20), [], DraftSettings(pairs=30), seed=0).items


@pytest.mark.usefixtures("toy_rules")
def test_written_once(tmp_path: Path) -> None:
    found, settings = draft(), DraftSettings(pairs=40, scale=Scale(high=3))
    write_draft(found, settings, tmp_path / "draft", seed=3)
    assert read_items(tmp_path / "draft") == found.items
    facts = read_facts(tmp_path / "draft", "draft")
    assert facts["scale"]["high"] == 3
    assert facts["draft"]["counts"]["category"] == {"news": 40}
    with pytest.raises(OutputError, match="not empty"):
        write_draft(found, settings, tmp_path / "draft", seed=3)


def test_english_sample_by_the_real_rules() -> None:
    texts = [d for d in read_documents("sample:documents") if d.lang == "en"]
    settings = DraftSettings(pairs=24, categories=("regulation",))
    found = draft_items(texts, [], settings, seed=0)
    assert {item.category for item in found.items} == {"regulation"}
    assert {item.contrast for item in found.items} <= {
        "interpretation_reversal",
        "sanction_strength",
        "procedure_clarity",
    }
    assert 12 <= len(found.items) <= 24


@pytest.mark.slow
def test_a_draft_of_400_pairs_judged_frozen_and_verified(tmp_path: Path) -> None:
    """The whole way, from the bundled sample to a benchmark that is verified."""
    settings = DraftSettings(pairs=400)
    found = draft_items(
        read_documents("sample:documents"), read_pairs("sample:pairs"), settings, seed=0
    )
    assert_even(found)
    out = tmp_path / "sheets"
    annotators = {
        "ana": SimulatedAnnotator(noise=0.08),
        "ben": SimulatedAnnotator(noise=0.12),
        "cho": SimulatedAnnotator(noise=0.1, careless=0.8),
    }
    folders = export_items(found.items, Scale(), list(annotators), out)
    judged = simulate_judgements(found.items, annotators, Scale(), seed=1)
    fill(out, judged_by={(j.annotator, j.id): j.score for j in judged})
    files = [Returned(folder / f"{folder.name}.csv") for folder in folders]
    imported = read_scores(found.items, Scale(), files, annotators=list(annotators))
    assert sorted(imported.judgements, key=repr) == sorted(judged, key=repr)
    quick = AgreementSettings(resamples=50)
    report = measure_agreement(found.items, imported.judgements, Scale(), quick)
    verdicts = {one.annotator: one.verdict for one in report.annotators}
    assert verdicts == {"ana": "", "ben": "", "cho": "careless"}
    chosen = FreezeSettings(without=("cho",))
    frozen = freeze_items(found.items, imported.judgements, [], Scale(), chosen)
    write_frozen(frozen, imported.judgements, Scale(), chosen, tmp_path / "bench", seed=0)
    splits = verify_benchmark(tmp_path / "bench").splits
    assert sum(splits.values()) == 400
    assert splits["dev"] == pytest.approx(80, abs=8)
    assert {defect.kind for defect in frozen.check.defects} <= {"few pairs"}


def assert_even(found: Draft) -> None:
    items: list[Item] = found.items
    assert len(items) == 400
    # A category of the sample may run out of text two pairs early.
    assert set(Counter(item.category for item in items).values()) <= set(range(98, 103))
    assert set(Counter(item.lang for item in items)) == {"ko", "en", "ko-en", "en-ko"}
    for contrast, count in Counter(item.contrast for item in items).items():
        faithful = sum(item.faithful for item in items if item.contrast == contrast)
        assert faithful == pytest.approx(count / 2, abs=1), contrast
    chosen = found.surface["chosen"]
    assert set(chosen["features"]) == set(FEATURES)
    assert max(abs(value - 0.5) for value in chosen["features"].values()) < 0.08
    assert chosen["predictor"] < 0.58


def fill(out: Path, judged_by: dict[tuple[str, str], float]) -> None:
    for path in out.glob("*/*.csv"):
        lines = path.read_text("utf-8-sig").splitlines()
        answers = [str(answer.id) for answer in read_answers(path)]
        assert [line.split(",")[0] for line in lines[1:]] == answers
        filled = [
            f"{line[: line.rindex(',,')]},{judged_by[path.stem, identity]:g},"
            for line, identity in zip(lines[1:], answers, strict=True)
        ]
        path.write_text("\n".join([lines[0], *filled]) + "\n", "utf-8-sig")
