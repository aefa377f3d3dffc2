"""``nmixx vocabulary grow``: what it leaves, and what it refuses."""

from pathlib import Path

import pytest
from tests.cli.conftest import Nmixx, assert_refused, write_lines

from conftest import ENGLISH, KOREAN
from nmixx.storage import read_json


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    rows = [{"ko": ko, "en": en} for ko, en in zip(KOREAN, ENGLISH, strict=True)]
    return write_lines(tmp_path / "pairs.jsonl", rows)


def test_terms_become_whole_and_the_choice_is_recorded(
    nmixx: Nmixx, pairs: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    terms = tmp_path / "terms.txt"
    terms.write_text("역레포\n\n콜옵션\n역레포\n", encoding="utf-8")
    outcome = nmixx(
        "vocabulary", "grow", tiny_model_path, "--texts", pairs, "--out", tmp_path / "grown",
        "--size", "auto", "--terms", terms, "--initial", "pieces",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    found = read_json(tmp_path / "grown" / "coverage.json")
    assert found["initial"] == "pieces"
    assert found["ladder"]
    assert any("1 blank and 1 repeated" in note for note in found["notes"])
    assert (tmp_path / "grown" / "model" / "model.safetensors").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--size", "many"), "size: expected a number of pieces, 0 or more, or auto"),
        (("--size=-5",), "size: expected a number of pieces, 0 or more, or auto"),
        (("--initial", "luck"), "initial: input should be 'auto', 'pieces'"),
        (("--terms", "nowhere.txt"), "nowhere.txt: no such file of terms"),
    ],
)
def test_what_cannot_be_is_refused(
    nmixx: Nmixx,
    pairs: Path,
    tiny_model_path: Path,
    tmp_path: Path,
    options: tuple[str, ...],
    words: str,
) -> None:
    out = tmp_path / "grown"
    outcome = nmixx("vocabulary", "grow", tiny_model_path, "--texts", pairs, "--out", out, *options)
    assert_refused(outcome, words)
    assert not (out / "model").exists()


def test_a_grown_model_is_not_written_over(
    nmixx: Nmixx, pairs: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    command = ("vocabulary", "grow", tiny_model_path, "--texts", pairs, "--out", tmp_path / "grown")
    assert nmixx(*command).code == 0
    before = (tmp_path / "grown" / "model" / "model.safetensors").read_bytes()
    assert_refused(nmixx(*command, "--size", "4800"), "holds a grown model already")
    assert (tmp_path / "grown" / "model" / "model.safetensors").read_bytes() == before
