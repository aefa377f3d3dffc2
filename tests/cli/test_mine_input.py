"""What `nmixx mine` cannot use it refuses: a short error, exit code 2, and nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.cli.conftest import (
    DOCUMENTS,
    PAIRS,
    Mine,
    Nmixx,
    assert_refused,
    read_mined,
    write_lines,
)

from nmixx.encoding import SentenceEncoder
from nmixx.records import Dropped
from nmixx.storage import read_records


def test_vectors_with_nan_in_the_store(mine: Mine, tmp_path: Path) -> None:
    assert mine("mined").code == 0
    before = read_mined(tmp_path / "mined")
    for path in (tmp_path / "mined" / "embeddings").rglob("lists/*.npy"):
        vectors = np.load(path)
        if len(vectors) == 36:
            vectors[5, 3] = np.nan
            np.save(path, vectors)
    assert_refused(mine("mined"), "row 5 of the documents holds NaN", "Encode again")
    assert read_mined(tmp_path / "mined") == before


@pytest.mark.parametrize(
    ("value", "said"), [(np.nan, "a vector with NaN"), (0.0, "a vector with nothing but zeros")]
)
def test_a_model_that_gives_vectors_without_direction(
    mine: Mine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: float, said: str
) -> None:
    assert mine("mined").code == 0
    before = read_mined(tmp_path / "mined")
    monkeypatch.setattr(
        SentenceEncoder, "encode", lambda self, texts: np.full((len(texts), 8), value, np.float32)
    )
    outcome = mine("other")
    assert outcome.code in (1, 2)
    assert said in outcome.err
    assert "Traceback" not in outcome.err
    assert read_mined(tmp_path / "other") == {}
    assert read_mined(tmp_path / "mined") == before


def test_a_corpus_smaller_than_the_number_of_negatives(mine: Mine, tmp_path: Path) -> None:
    """No error: each query gets what there is, and who came short is written down."""
    write_lines(tmp_path / "pairs.jsonl", PAIRS[:2])
    write_lines(tmp_path / "corpus.jsonl", DOCUMENTS[:1])
    assert mine("mined", "--policy", "naive", "--negatives", 9).code == 0
    report = json.loads((tmp_path / "mined" / "report.json").read_text())
    assert report["queries_short"] == 2
    assert 0 < report["negatives"] < 6
    dropped = read_records(tmp_path / "mined" / "dropped.parquet", Dropped)
    assert any("of 9 kept" in row.detail for row in dropped)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"id": "x", "anchor": " ", "positive": "y"}], ["pair 'x': its anchor is empty"]),
        ([{"id": "x", "anchor": "y", "positive": ""}], ["pair 'x': its positive is empty"]),
        ([{"id": "p0", "anchor": "y", "positive": "z"}], ["id 'p0': 2 different pairs have it"]),
        ([{"id": "x", "anchor": None, "positive": "z"}], ["row 13", "anchor is null"]),
        ([{"id": "x", "anchor": "y"}], ["row 13"]),
    ],
)
def test_pairs_that_cannot_be_used(
    mine: Mine, pairs_file: Path, tmp_path: Path, rows: list[dict[str, Any]], said: list[str]
) -> None:
    write_lines(pairs_file, [*PAIRS, *rows])
    assert_refused(mine("mined"), *said)
    assert not (tmp_path / "mined").exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "d0", "text": "Something else."}, "id 'd0': 2 different documents have it"),
        ({"id": "x", "text": "\u3000"}, "document 'x': its text is empty"),
    ],
)
def test_documents_that_cannot_be_used(
    mine: Mine, corpus_file: Path, tmp_path: Path, row: dict[str, str], said: str
) -> None:
    write_lines(corpus_file, [*DOCUMENTS, row])
    assert_refused(mine("mined"), said)
    assert not (tmp_path / "mined").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("p0\tnowhere\t0.5\n", ["system.tsv: unknown document ids: 1 of 1, such as 'nowhere'"]),
        ("someone\td0\t0.5\n", ["unknown query ids: 1 of 1, such as 'someone'"]),
        ("p0\td0\tnan\n", ["system.tsv:1", "not a finite number"]),
        ("", ["system.tsv"]),
        ("p0\td0\t17.5\n", ["its scores have no bounds"]),
    ],
)
def test_run_files_that_cannot_be_used(
    mine: Mine, tmp_path: Path, content: str, said: list[str]
) -> None:
    (tmp_path / "system.tsv").write_text(content)
    assert_refused(mine("mined", "--teacher", f"run:{tmp_path / 'system.tsv'}"), *said)


def test_no_pairs_in_the_file(mine: Mine, pairs_file: Path, tmp_path: Path) -> None:
    pairs_file.write_text("")
    assert_refused(mine("mined"), "pairs.jsonl: the file is empty")
    pairs_file.write_text("\n\n")
    assert_refused(mine("mined"), "pairs.jsonl: holds no rows")
    assert not (tmp_path / "mined").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--policy", "topk"], ["policy", "'naive', 'shifted'", "given: 'topk'"]),
        (["--policy", "naive", "--margin", 0.9], ["naive: takes no margin"]),
        (["--margin", 1.5], ["margin of perc_pos"]),
        (["--teacher", "bm25"], ["teacher 'bm25': its scores have no bounds", "min-max"]),
        (["--consensus", "bm25"], ["teacher 'bm25': its scores have no bounds"]),
        (["--teacher", "bm25", "--normalisation", "softmax"], ["softmax", "Known: "]),
        (["--teacher", "run:nowhere.tsv"], ["run:nowhere.tsv", "no such file"]),
        (["--teacher", "model"], ["the run's own model, and there is no run"]),
        (["--constraint", "desk"], ["constraint 'desk': not understood"]),
        (["--constraint", "same:dusk"], ["no pair has a value in a column 'dusk'", "desk"]),
        (["--constraint", "within:desk:3"], ["'a' is neither a number nor a date"]),
        (["--query-language-share", 0.5], ["query_language_share needs language: any"]),
        (["--column", "anchor"], ["--column 'anchor': expected OURS=THEIRS"]),
        (["--audit", "nowhere.jsonl"], ["nowhere.jsonl: no such file"]),
        (["--negatives", 0], ["negatives"]),
        (["--near-duplicates", 0], ["near_duplicates"]),
    ],
    ids=lambda words: " ".join(map(str, words)),
)
def test_calls_that_cannot_be_answered(mine: Mine, words: list[object], said: list[str]) -> None:
    assert_refused(mine("mined", *words), *said)


def test_a_format_that_is_not_known_is_refused_before_mining(mine: Mine, tmp_path: Path) -> None:
    assert_refused(mine("mined", "--format", "tuples"), "format 'tuples'", "n-tuples")
    assert not (tmp_path / "mined").exists()


def test_pairs_or_teacher_left_out(nmixx: Nmixx, pairs_file: Path, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "mined")
    assert_refused(nmixx("mine", *out, "--teacher", "bm25"), "PAIRS: missing", "--from-run")
    assert_refused(nmixx("mine", pairs_file, *out), "--teacher: missing")
    assert not (tmp_path / "mined").exists()


def test_choosing_again_from_what_is_no_run(nmixx: Nmixx, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for name in ("photos", "nowhere"):
        outcome = nmixx("mine", "--from-run", tmp_path / name, "--out", tmp_path / "again")
        assert_refused(outcome, f"{name}: holds no queries.parquet", "`nmixx mine` wrote")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--teacher", "bm25"], "Leave --teacher out"),
        (["--consensus", "bm25", "--query-prompt", "q"], "Leave --consensus and --query-prompt"),
        (["--corpus", "corpus.jsonl"], "Leave --corpus out"),
    ],
)
def test_what_an_earlier_run_has_settled(
    nmixx: Nmixx, tmp_path: Path, words: list[str], said: str
) -> None:
    outcome = nmixx("mine", "--from-run", tmp_path, *words, "--out", tmp_path / "again")
    assert_refused(outcome, "those of that run", said)


def test_choosing_again_into_the_runs_own_folder(mine: Mine, nmixx: Nmixx, tmp_path: Path) -> None:
    assert mine("mined").code == 0
    before = read_mined(tmp_path / "mined")
    outcome = nmixx("mine", "--from-run", tmp_path / "mined", "--out", tmp_path / "mined")
    assert_refused(outcome, "is the earlier run's folder")
    assert read_mined(tmp_path / "mined") == before
