"""`nmixx mine` as people call it: what it leaves, and what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.cli.conftest import (
    DOCUMENTS,
    MINED,
    PAIRS,
    Mine,
    Nmixx,
    assert_refused,
    read_mined,
    write_lines,
)

from conftest import build_tiny_model
from nmixx.mining.miner import Negative
from nmixx.mining.output import FORMATS
from nmixx.records import Candidate, Dropped, Pair
from nmixx.storage import read_json, read_records


def negatives_of(folder: Path) -> list[Negative]:
    return read_records(folder / "negatives.parquet", Negative)


def test_a_run_leaves_its_files_and_says_what_is_in_them(mine: Mine, tmp_path: Path) -> None:
    outcome = mine("mined", "--json")
    assert outcome.code == 0, outcome.err
    out = tmp_path / "mined"
    assert {path.name for path in out.iterdir()} >= MINED
    told, report = json.loads(outcome.out), read_json(out / "report.json")
    assert told["counts"] == {name: report[name] for name in told["counts"]}
    assert told["report"].items() <= report.items()
    assert (report["queries"], report["documents"]) == (12, 36)
    found = negatives_of(out)
    assert len(found) == report["negatives"] > 12
    assert {row.negative_lang for row in found} == {"en"}
    assert {row.query_id for row in found} <= {row["id"] for row in PAIRS}
    lines = read_records(out / "run.parquet", Candidate)
    assert {(row.query_id, row.document_id) for row in found} <= {
        (line.query_id, line.document_id) for line in lines
    }


def test_people_get_a_table(mine: Mine, tmp_path: Path) -> None:
    outcome = mine("mined")
    assert outcome.code == 0, outcome.err
    assert "queries with negatives" in outcome.out
    assert str(tmp_path / "mined") in outcome.out.replace("\n", "")


def test_the_same_command_again_gives_the_same_bytes(mine: Mine, tmp_path: Path) -> None:
    for words in (("mined",), ("mined",), ("other",)):
        assert mine(*words, "--sampling", "random", "--seed", 7).code == 0
    assert read_mined(tmp_path / "mined") == read_mined(tmp_path / "other")
    assert mine("third", "--sampling", "random", "--seed", 8).code == 0
    assert read_mined(tmp_path / "mined") != read_mined(tmp_path / "third")


def test_another_model_in_the_same_folder_is_never_answered_with_old_vectors(
    mine: Mine, tmp_path: Path
) -> None:
    other = build_tiny_model(tmp_path / "other-model", seed=1)
    assert mine("mined").code == 0
    before = read_mined(tmp_path / "mined")
    assert mine("mined", "--teacher", other).code == 0
    assert mine("fresh", "--teacher", other).code == 0
    assert read_mined(tmp_path / "mined") == read_mined(tmp_path / "fresh") != before


def test_choosing_again(mine: Mine, nmixx: Nmixx, tmp_path: Path) -> None:
    assert mine("mined").code == 0
    assert mine("strict", "--policy", "perc_pos_apart", "--apart", 0.9, "--margin", 0.9).code == 0
    words = ("--policy", "perc_pos_apart", "--apart", 0.9, "--margin", 0.9, "--negatives", 2)
    outcome = nmixx(
        "mine", "--from-run", tmp_path / "mined", *words, "--out", tmp_path / "again", "--json"
    )
    assert outcome.code == 0, outcome.err
    rows = [
        [(row.query_id, row.document_id, row.score, row.threshold) for row in negatives_of(folder)]
        for folder in (tmp_path / "strict", tmp_path / "again")
    ]
    assert rows[0] == rows[1]
    assert json.loads(outcome.out)["counts"]["negatives"] == len(rows[0])
    assert not (tmp_path / "again" / "embeddings").exists()


@pytest.mark.parametrize("name", FORMATS)
def test_formats(mine: Mine, tmp_path: Path, name: str) -> None:
    outcome = mine("mined", "--format", name, "--policy", "naive", "--json")
    assert outcome.code == 0, outcome.err
    (path,) = (tmp_path / "mined").glob(f"{name}.*")
    rows = (
        path.read_text("utf-8").splitlines()
        if path.suffix == ".jsonl"
        else pq.read_table(path).to_pylist()
    )
    assert len(rows) == json.loads(outcome.out)["counts"][f"rows of {name}"] >= 12


def test_comparing_teachers(mine: Mine, tmp_path: Path, tiny_model_path: Path) -> None:
    pytest.importorskip("kiwipiepy", reason="Korean by morphemes needs the extra ko")
    words = ("--teacher", "bm25", "--teacher", tiny_model_path, "--compare-teachers")
    outcome = mine("compared", *words, "--json")
    assert outcome.code == 0, outcome.err
    told = json.loads(outcome.out)
    assert told == read_json(tmp_path / "compared" / "comparison.json")
    names = [teacher["name"] for teacher in told["teachers"]]
    assert names == ["bm25", str(tiny_model_path)]
    assert [teacher["bounded"] for teacher in told["teachers"]] == [False, True]
    assert (told["agreements"][0]["one"], told["queries"]) == ("bm25", 12)
    assert list((tmp_path / "compared").glob("*.svg")) or list(
        (tmp_path / "compared").glob("*.png")
    )
    assert not (tmp_path / "compared" / "negatives.parquet").exists()
    table = mine("compared", *words)
    assert table.code == 0
    assert "bm25" in table.out


def test_an_audit(mine: Mine, tmp_path: Path) -> None:
    known = [
        {"sentence1": pair["positive"], "sentence2": document["text"]}
        for pair, document in zip(PAIRS, DOCUMENTS, strict=True)
    ]
    planted = write_lines(
        tmp_path / "known.jsonl",
        [{"anchor": row["sentence1"], "positive": row["sentence2"]} for row in known],
    )
    outcome = mine("audited", "--audit", planted, "--json")
    assert outcome.code == 0, outcome.err
    told = json.loads(outcome.out)
    assert told == read_json(tmp_path / "audited" / "audit.json")
    assert (told["queries"], told["planted"], told["unmatched"]) == (12, 12, 0)
    assert told["outcomes"][0]["choice"]["policy"] == "naive"
    assert "naive" in mine("audited", "--audit", planted).out


def test_several_teachers_are_fused(mine: Mine, tmp_path: Path, tiny_model_path: Path) -> None:
    pytest.importorskip("kiwipiepy", reason="Korean by morphemes needs the extra ko")
    both = ("--teacher", tiny_model_path, "--teacher", "bm25")
    assert_refused(mine("refused", *both), "rrf(", "its scores have no bounds")
    assert mine("fused", *both, "--policy", "naive").code == 0
    assert {row.teacher for row in negatives_of(tmp_path / "fused")} == {
        f"rrf({tiny_model_path},bm25)"
    }
    assert mine("weighted", *both, "--fusion", "weighted", "--normalisation", "minmax").code == 0


def test_another_systems_run(mine: Mine, tmp_path: Path) -> None:
    steps = [(at, step) for at in range(12) for step in (1, 2)]
    lines = [f"p{at}\td{(at + step) % 12}\t{0.8 - step / 10}" for at, step in steps]
    lines += [f"p{at}\tp{at}#positive\t0.9" for at in range(12)]
    (tmp_path / "system.tsv").write_text("\n".join(lines))
    assert mine("mined", "--teacher", f"run:{tmp_path / 'system.tsv'}").code == 0
    found = [(row.query_id, row.document_id) for row in negatives_of(tmp_path / "mined")]
    assert found == [(f"p{at}", f"d{(at + step) % 12}") for at, step in steps]


def test_columns_of_other_names_and_constraints_on_them(
    nmixx: Nmixx, tmp_path: Path, tiny_model_path: Path
) -> None:
    rows = [{"q": row["anchor"], "a": row["positive"], "desk": row["desk"]} for row in PAIRS]
    outcome = nmixx(
        "mine",
        write_lines(tmp_path / "qa.jsonl", rows),
        *("--column", "anchor=q", "--column", "positive=a", "--constraint", "same:desk"),
        *("--teacher", tiny_model_path, "--policy", "naive", "--out", tmp_path / "mined"),
    )
    assert outcome.code == 0, outcome.err
    desks = {row[side]: row["desk"] for row in PAIRS for side in ("anchor", "positive")}
    found = negatives_of(tmp_path / "mined")
    assert len(found) == 48
    assert all(desks[row.negative] == desks[row.anchor] for row in found)


def test_groups_of_the_file_are_kept_apart(
    nmixx: Nmixx, tmp_path: Path, tiny_model_path: Path
) -> None:
    """Two pairs that share no text but are said to mean the same."""
    rows = [row | {"group": f"g{at // 2}"} for at, row in enumerate(PAIRS)]
    outcome = nmixx(
        "mine",
        write_lines(tmp_path / "pairs.jsonl", rows),
        *("--teacher", tiny_model_path, "--policy", "naive", "--negatives", 30),
        *("--out", tmp_path / "mined"),
    )
    assert outcome.code == 0, outcome.err
    groups = {row[side]: row["group"] for row in rows for side in ("anchor", "positive")}
    found = negatives_of(tmp_path / "mined")
    assert len(found) == 12 * 10
    assert all(groups[row.negative] != groups[row.anchor] for row in found)


def test_flagembeddings_rows_with_their_negatives_as_candidates(
    nmixx: Nmixx, tmp_path: Path, tiny_model_path: Path
) -> None:
    rows = [
        {"query": row["anchor"], "pos": [row["positive"]], "neg": [document["text"]]}
        for row, document in zip(PAIRS, DOCUMENTS, strict=True)
    ]
    path = write_lines(tmp_path / "flag.jsonl", rows)
    words = ("--teacher", tiny_model_path, "--format", "flagembedding", "--out", tmp_path / "m")
    outcome = nmixx("mine", path, *words, "--json")
    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["report"]["documents"] == 36
    again = nmixx(
        "mine", tmp_path / "m" / "flagembedding.jsonl", *words[:2], "--out", tmp_path / "n"
    )
    assert again.code == 0, again.err


def test_a_corpus_smaller_than_what_is_wanted_comes_short_and_says_so(
    mine: Mine, tmp_path: Path
) -> None:
    outcome = mine("mined", "--negatives", 500, "--json")
    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["counts"]["queries_short"] == 12
    dropped = read_records(tmp_path / "mined" / "dropped.parquet", Dropped)
    short = [row for row in dropped if row.reason == "too few negatives"]
    assert len(short) == 12
    assert all(" of 500 kept, ceiling " in row.detail for row in short)


def test_equal_rows_are_no_mistake(
    mine: Mine, pairs_file: Path, corpus_file: Path, tmp_path: Path
) -> None:
    assert mine("once").code == 0
    write_lines(pairs_file, [*PAIRS, PAIRS[3]])
    write_lines(corpus_file, [*DOCUMENTS, DOCUMENTS[4]])
    assert mine("twice").code == 0
    assert read_mined(tmp_path / "once") == read_mined(tmp_path / "twice")


def test_the_pairs_of_a_run_are_pairs_to_read(mine: Mine, tmp_path: Path) -> None:
    assert mine("mined").code == 0
    rows = read_records(tmp_path / "mined" / "queries.parquet", Pair)
    assert [row.id for row in rows] == [row["id"] for row in PAIRS]
    assert {row.extra["positive_id"] for row in rows} == {f"p{at}#positive" for at in range(12)}
