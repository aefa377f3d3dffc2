from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.benchmark.conftest import make_items

from nmixx.benchmark.freezing import Frozen, freeze_items, require_same_pairs, write_frozen
from nmixx.benchmark.items import Judgement
from nmixx.benchmark.scale import Scale
from nmixx.benchmark.settings import FreezeSettings
from nmixx.benchmark.simulation import SimulatedAnnotator, simulate_judgements
from nmixx.benchmark.verification import SUMS_NAME, sum_files, verify_benchmark
from nmixx.corpus.clean import normalise_key
from nmixx.corpus.shapes import read_scored_pairs
from nmixx.errors import DataError, InputError, OutputError

SCALE = Scale()
ITEMS = make_items(120)
JUDGED = simulate_judgements(
    ITEMS,
    {name: SimulatedAnnotator(noise=0.15) for name in ("ana", "ben", "cho")},
    SCALE,
    seed=0,
)


def freeze(**settings: object) -> Frozen:
    return freeze_items(ITEMS, JUDGED, [], SCALE, FreezeSettings.parse(settings, "test"))


def write(out: Path, **settings: object) -> Path:
    chosen = FreezeSettings.parse(settings, "test")
    frozen = freeze_items(ITEMS, JUDGED, [], SCALE, chosen)
    write_frozen(frozen, JUDGED, SCALE, chosen, out, seed=0)
    return out


def test_mean_median_and_adjudication() -> None:
    first = ITEMS[0].id
    judged = [Judgement(first, name, s) for name, s in (("a", 0.0), ("b", 4.0), ("c", 5.0))]
    rest = [j for j in JUDGED if j.id != first]

    def score(adjudicated: list[Judgement], **settings: object) -> float | None:
        chosen = FreezeSettings.parse({"splits": {"test": 1.0}} | settings, "test")
        frozen = freeze_items(ITEMS, judged + rest, adjudicated, SCALE, chosen)
        found = [p.score for p in frozen.splits["test"] if p.extra["id"] == first]
        return found[0] if found else None

    assert score([]) == 3
    assert score([], aggregate="median") == 4
    assert score([Judgement(first, "judge", 1.0)]) == 1
    assert score([Judgement(first, "judge", 1.0)], disputed="drop") == 1
    assert score([], disputed="drop") is None
    assert score([], without=("a",)) == 4.5


def test_no_source_group_or_sentence_is_in_two_splits() -> None:
    shared = replace(ITEMS[0], id="pshared", group="doc-x", source="doc-y")
    items = [*ITEMS, shared]
    judged = [*JUDGED, Judgement("pshared", "ana", 3.0)]
    frozen = freeze_items(items, judged, [], SCALE, FreezeSettings())
    assert {len(pairs) > 0 for pairs in frozen.splits.values()} == {True}
    for tie in (
        lambda p: {p.extra["group"]},
        lambda p: {p.extra["source"]},
        lambda p: {normalise_key(p.sentence1), normalise_key(p.sentence2)},
    ):
        dev, test = (set().union(*map(tie, frozen.splits[name])) for name in ("dev", "test"))
        assert not dev & test
    assert not [d for d in frozen.check.defects if d.kind == "splits share sources"]


def test_rows_are_shuffled_and_the_seed_decides() -> None:
    one, two = freeze(), freeze()
    assert one.splits == two.splits
    ids = [p.extra["id"] for p in one.splits["test"]]
    assert ids != sorted(ids)


def test_pairs_without_a_score_are_left_out_and_counted() -> None:
    judged = [j for j in JUDGED if j.id != ITEMS[3].id]
    frozen = freeze_items(ITEMS, judged, [], SCALE, FreezeSettings())
    assert frozen.counts()["left out: no score"] == 1
    with pytest.raises(DataError, match="no pair has a score"):
        freeze_items(ITEMS, [], [], SCALE, FreezeSettings())
    with pytest.raises(InputError, match="--without zoe: no such annotator"):
        freeze(without=("zoe",))


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_frozen_written_read_and_verified(kind: str, tmp_path: Path) -> None:
    out = write(tmp_path / "bench", format=kind, name="시험 | <b>", licence="cc-by-4.0")
    found = verify_benchmark(out)
    assert sum(found.splits.values()) == 120
    pairs = read_scored_pairs(str(out / "data" / f"test.{kind}"))
    assert {"sentence1", "sentence2", "score", "lang", "category", "shift"} <= pairs[
        0
    ].to_row().keys()
    assert {pair.category for pair in pairs} == {"news", "disclosure"}
    checked = subprocess.run(
        ["sha256sum", "-c", "checksums.sha256"], cwd=out, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    text = (out / "annotations.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    assert {row["annotator"] for row in rows} == {"annotator-1", "annotator-2", "annotator-3"}
    assert "ana" not in (out / "benchmark.json").read_text("utf-8").replace("annotat", "")


def test_the_card_has_the_front_matter_of_the_hub(tmp_path: Path) -> None:
    out = write(tmp_path / "bench", name="시험 | <b>", licence="cc-by-4.0")
    text = (out / "README.md").read_text("utf-8")
    _, front, body = text.split("---\n", 2)
    facts = yaml.safe_load(front)
    assert facts["license"] == "cc-by-4.0"
    assert facts["language"] == ["en", "ko"]
    assert facts["size_categories"] == ["n<1K"]
    for entry in facts["configs"][0]["data_files"]:
        assert (out / entry["path"]).is_file()
    assert "시험 \\| &lt;b>" in body
    for words in ("Krippendorff's alpha (ordinal) of 3 annotators", "Known defects", "few pairs"):
        assert words in body


def test_nothing_is_written_over(tmp_path: Path) -> None:
    out = write(tmp_path / "bench")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(OutputError, match="not empty"):
        write(out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["bench"]


def test_what_was_changed_is_noticed(tmp_path: Path) -> None:
    out = write(tmp_path / "bench")
    path = out / "data" / "test.jsonl"
    before = path.read_bytes()
    path.write_bytes(before.replace(b'"score": ', b'"score":  ', 1))
    with pytest.raises(DataError, match=r"test\.jsonl: was changed after freezing"):
        verify_benchmark(out)
    path.write_bytes(before)
    (out / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(DataError, match=r"notes\.txt: is not in checksums"):
        verify_benchmark(out)
    (out / "notes.txt").unlink()
    (out / "README.md").unlink()
    with pytest.raises(DataError, match=r"README\.md: is missing"):
        verify_benchmark(out)
    with pytest.raises(DataError, match="made by nmixx benchmark freeze was expected"):
        verify_benchmark(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row, first: row | {"score": 7.0}, "the score 7 is off the scale"),
        (lambda row, first: row | {"id": first["id"]}, "stands 2 times"),
        (lambda row, first: row | {"contrast": ""}, "row 5: no contrast"),
        (lambda row, first: row | {"source": "doc-0"}, "sources stand in more than one of"),
    ],
)
def test_a_bad_set_with_good_checksums_is_noticed(
    change: object, said: str, tmp_path: Path
) -> None:
    out = write(tmp_path / "bench")
    home = next(p for p in out.glob("data/*") if '"source": "doc-0"' not in p.read_text("utf-8"))
    rows = [json.loads(line) for line in home.read_text("utf-8").splitlines()]
    assert callable(change)
    rows[4] = change(rows[4], rows[0])
    home.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    (out / SUMS_NAME).write_text(sum_files(out), "utf-8")
    with pytest.raises(DataError, match=said):
        verify_benchmark(out)


def test_an_adjudication_of_other_pairs(tmp_path: Path) -> None:
    require_same_pairs(ITEMS, [Judgement(ITEMS[0].id, "judge", 1.0)], tmp_path)
    with pytest.raises(DataError, match="settles pair px, which is none of these 120"):
        require_same_pairs(ITEMS, [Judgement("px", "judge", 1.0)], tmp_path)
