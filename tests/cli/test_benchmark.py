"""``nmixx benchmark`` as a person types it: the whole way, and what is refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.benchmark.conftest import make_items, write_draft_folder
from tests.cli.conftest import Nmixx, assert_refused, write_lines

from nmixx.benchmark.scale import Scale
from nmixx.benchmark.simulation import SimulatedAnnotator, simulate_judgements

ITEMS = make_items(120)
ANNOTATORS = {
    "ana": SimulatedAnnotator(noise=0.1),
    "ben": SimulatedAnnotator(noise=0.1),
    "지수": SimulatedAnnotator(careless=1.0),
}
NAMES = [word for name in ANNOTATORS for word in ("--annotator", name)]


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return write_draft_folder(tmp_path / "draft", ITEMS)


def fill(folder: Path, score: Callable[[str, str], float]) -> list[Path]:
    """Give every pair of every sheet a score."""
    paths = sorted(folder.glob("*/*.csv"))
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys())
            writer.writeheader()
            for row in rows:
                writer.writerow(row | {"score": f"{score(row['annotator'], row['id']):g}"})
    return paths


@pytest.fixture
def sheets(nmixx: Nmixx, draft: Path, tmp_path: Path) -> list[Path]:
    out = tmp_path / "sheets"
    assert nmixx("benchmark", "export", draft, *NAMES, "--out", out).code == 0
    judged = simulate_judgements(ITEMS, ANNOTATORS, Scale(), seed=0)
    scores = {(j.annotator, j.id): j.score for j in judged}
    return fill(out, lambda name, identity: scores[name, identity])


@pytest.fixture
def scores(nmixx: Nmixx, draft: Path, sheets: list[Path], tmp_path: Path) -> Path:
    out = tmp_path / "scores"
    done = nmixx("benchmark", "import", draft, *sheets, *NAMES, "--out", out)
    assert done.code == 0, done.err
    return out


def test_from_scores_to_a_verified_benchmark(
    nmixx: Nmixx, draft: Path, scores: Path, tmp_path: Path
) -> None:
    out = tmp_path / "agreement"
    printed = nmixx("benchmark", "agree", scores, "--bootstrap", 20, "--out", out)
    assert printed.code == 0, printed.err
    assert "careless" in printed.out
    kept = ["--without", "지수", "--bootstrap", 20, "--json"]
    report = json.loads(nmixx("benchmark", "agree", scores, *kept).out)
    assert report["alpha"]["alpha"] > 0.7
    settled_sheet = fill(out / "adjudicate", lambda name, identity: 4)
    settled = tmp_path / "settled"
    done = nmixx("benchmark", "import", draft, *settled_sheet, "--adjudicated", "--out", settled)
    assert done.code == 0, done.err
    bench = tmp_path / "bench"
    frozen = nmixx(
        "benchmark", "freeze", scores, "--adjudicated", settled, "--without", "지수",
        "--split", "dev=0.25", "--split", "test=0.75", "--out", bench, "--json",
    )  # fmt: skip
    assert frozen.code == 0, frozen.err
    counts = json.loads(frozen.out)["counts"]
    assert counts["dev"] + counts["test"] == 120
    assert (
        counts["scored by adjudication"]
        == json.loads((out / "agreement.json").read_text("utf-8"))["disputed"].__len__()
    )
    assert "files as they were frozen" in nmixx("benchmark", "verify", bench).out
    assert_refused(
        nmixx("benchmark", "freeze", scores, "--out", bench), "not empty", "Nothing was written"
    )
    split = bench / "data" / "test.jsonl"
    split.write_text(split.read_text("utf-8") + "\n", "utf-8")
    assert_refused(nmixx("benchmark", "verify", bench), "test.jsonl: was changed after freezing")


def test_what_is_returned_broken_is_refused_and_nothing_written(
    nmixx: Nmixx, draft: Path, sheets: list[Path], tmp_path: Path
) -> None:
    path = sheets[0]
    lines = path.read_text("utf-8-sig").splitlines()
    out = tmp_path / "out"

    def refused(changed: list[str], *said: str) -> None:
        path.write_text("\n".join(changed) + "\n", "utf-8")
        outcome = nmixx("benchmark", "import", draft, *sheets, *NAMES, "--out", out)
        assert_refused(outcome, path.name, *said)
        assert not out.exists()

    broken = lines[5].rsplit(",", 2)[0]
    refused([*lines[:5], f"{broken},11,", *lines[6:]], "row 6", "'11'", "from 0 to 5")
    refused([*lines[:5], f"{broken},,", *lines[6:]], "row 6", "empty")
    refused([*lines, lines[1]], "row 122", "before")
    refused([lines[0].replace("score", "mark"), *lines[1:]], "no column 'score'")
    refused([*lines[:5], lines[5].replace("ana", "anna"), *lines[6:]], "row 6", "'anna'", "ana")
    path.write_bytes("\n".join(lines).encode("cp949"))
    outcome = nmixx("benchmark", "import", draft, *sheets, *NAMES, "--out", out)
    assert_refused(outcome, path.name, "UTF-8")


def test_folders_of_another_kind(nmixx: Nmixx, draft: Path, scores: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert_refused(nmixx("benchmark", "agree", draft), "holds draft", "import")
    assert_refused(nmixx("benchmark", "export", scores, *NAMES, "--out", out), "holds scores")
    assert_refused(nmixx("benchmark", "freeze", tmp_path, "--out", out), "benchmark.json")
    assert_refused(nmixx("benchmark", "verify", draft), "checksums.sha256")
    assert_refused(
        nmixx("benchmark", "freeze", scores, "--adjudicated", scores, "--out", out), "adjudicated"
    )
    assert not out.exists()


def test_wrong_words(nmixx: Nmixx, draft: Path, scores: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    texts = write_lines(
        tmp_path / "texts.jsonl",
        [{"text": "Revenue rose 3 percent at the bank.", "category": "news", "lang": "en"}],
    )
    for words, said in (
        (["draft", texts, "--category", "sports"], "news"),
        (["draft", texts, "--shift", "tone"], "sentiment_reversal"),
        (["draft", texts, "--lang", "xx"], "en"),
        (["draft", texts, "--scale", "5:0"], "--scale"),
        (["draft", tmp_path / "nowhere.jsonl"], "no such file"),
        (["export", draft, "--annotator", "a/b"], "a/b"),
        (["export", draft, "--annotator", "ana", "--format", "excel"], "label-studio"),
        (["import", draft, tmp_path / "x.csv"], "no such file"),
        (["import", draft, tmp_path / "x.csv", "--user", "7"], "THEIRS=NAME"),
        (["agree", scores, "--level", "ratio"], "level"),
        (["agree", scores, "--without", "zoe"], "zoe"),
        (["freeze", scores, "--split", "test=0.5"], "add up to 1"),
        (["freeze", scores, "--split", "a/b=1"], "NAME=SHARE"),
        (["freeze", scores, "--aggregate", "mode"], "aggregate"),
        (["freeze", scores, "--without", "zoe"], "zoe"),
    ):
        assert_refused(nmixx("benchmark", *words, "--out", out), said)
        assert not out.exists(), words


def test_check_takes_any_file_of_scored_pairs(nmixx: Nmixx, tmp_path: Path) -> None:
    report = json.loads(nmixx("benchmark", "check", "sample:benchmark", "--json").out)
    assert report["pairs"] == 320
    assert max(abs(value) for value in report["surface"].values()) < 0.25
    assert report["predictor"] < 0.2
    assert {d["kind"] for d in report["defects"]} <= {"labels show on the surface"}
    path = write_lines(tmp_path / "bad.jsonl", [{"sentence1": "a", "sentence2": "b"}])
    assert_refused(nmixx("benchmark", "check", path), "score")
