import json

from tests.cli.conftest import assert_refused, write_lines

from conftest import ENGLISH, KOREAN


def write_sides(folder):
    return [
        write_lines(folder / f"{name}.jsonl", [{"id": f"{name}{at}", "text": text}])
        for at, (name, text) in enumerate((("ko", " ".join(KOREAN)), ("en", " ".join(ENGLISH))))
    ]


def test_two_files_give_pairs_and_a_report(nmixx, tmp_path, tiny_model_path):
    out = tmp_path / "mined"
    words = ("mine-bitext", *write_sides(tmp_path), "--teacher", tiny_model_path, "--out", out)
    outcome = nmixx(*words, "--threshold", 0.5, "--json")
    assert outcome.code == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["counts"]["first_sentences"] == len(KOREAN)
    assert found["counts"]["pairs"] == found["counts"]["above_threshold"] > 0
    assert (out / "pairs.parquet").exists()
    before = (out / "pairs.parquet").read_bytes()
    assert nmixx(*words, "--threshold", 0.5).code == 0
    assert (out / "pairs.parquet").read_bytes() == before


def test_wrong_words_are_refused(nmixx, tmp_path, tiny_model_path):
    words = ("mine-bitext", *write_sides(tmp_path), "--teacher", tiny_model_path)
    out = tmp_path / "mined"
    assert_refused(nmixx(*words, "--out", out, "--margin", "nearest"), "margin", "ratio")
    assert_refused(nmixx(*words, "--out", out, "--neighbours", 0), "neighbours")
    assert_refused(nmixx("mine-bitext", "none.jsonl", *words[2:], "--out", out), "none.jsonl")
    assert not out.exists()
