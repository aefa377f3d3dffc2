"""`nmixx triplets make --llm-url`, against a server that speaks HTTP."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import assert_refused, write_lines
from tests.faults.serving import serving, write_documents

from nmixx.records import Dropped, Triplet
from nmixx.storage import read_records

KEY = "sk-secret-of-the-test"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server") / "log", "--well-behaved") as address:
        yield address


@pytest.fixture
def documents(tmp_path):
    return write_documents(tmp_path / "documents.jsonl", 12)


@pytest.fixture
def make(nmixx, documents, url, tmp_path):
    def run(*words, before=()):
        asked = ("--llm-url", url, "--llm-model", "scripted", "--out", tmp_path / "out")
        return nmixx(*before, "triplets", "make", documents, *asked, *words)

    return run


def test_triplets_and_what_they_cost_are_shown_and_written(make, tmp_path):
    outcome = make("--llm-price-input", 1, "--llm-price-output", 2)
    assert outcome.code == 0, outcome.err
    assert "dropped: " in outcome.out
    assert "in money" in outcome.out
    triplets = read_records(tmp_path / "out" / "triplets.parquet", Triplet)
    dropped = read_records(tmp_path / "out" / "dropped.parquet", Dropped)
    assert {one.group for one in triplets} | {one.id for one in dropped} == {
        f"doc-{at}" for at in range(12)
    }
    journal = (tmp_path / "out" / "answers.jsonl").read_bytes()
    again = make("--json")
    assert again.code == 0
    assert json.loads(again.out)["counts"]["triplets"] == len(triplets)
    assert (tmp_path / "out" / "answers.jsonl").read_bytes() == journal


def test_the_key_is_in_no_file_and_no_output(make, tmp_path, monkeypatch):
    monkeypatch.setenv("NMIXX_LLM_API_KEY", KEY)
    outcome = make("--llm-documents", 2, before=["--debug"])
    assert outcome.code == 0, outcome.err
    assert KEY not in outcome.out + outcome.err
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) >= 5
    assert all(KEY.encode() not in path.read_bytes() for path in written)


def test_a_dry_run_writes_nothing(make, tmp_path):
    words = ("--llm-budget", 0.01, "--llm-price-input", 1, "--llm-price-output", 2, "--dry-run")
    outcome = make(*words, "--json")
    assert outcome.code == 0, outcome.err
    estimate = json.loads(outcome.out)
    assert estimate["requests"] == 24
    assert 0 < estimate["reaches"] < 1
    assert not (tmp_path / "out").exists()
    assert "the budget is enough for" in make(*words).out


def test_a_budget_that_is_reached_is_no_failure(make):
    outcome = make("--llm-token-budget", 20_000)
    assert outcome.code == 0, outcome.err
    assert "the budget is reached" in outcome.out
    report = json.loads(make("--llm-token-budget", 20_000, "--json").out)
    assert report["left"] > 0
    used = report["usage"]["prompt_tokens"] + report["usage"]["completion_tokens"]
    assert 0 < used <= 20_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--llm-budget", 5], "price_input and price_output are needed"),
        (["--llm-concurrency", 0], "concurrency"),
        (["--llm-languages", "ko"], "languages"),
        (["--llm-prompts", "nowhere"], "nowhere: no such folder"),
        (["--llm-url", "http://me:hunter2@host/v1"], "NMIXX_LLM_API_KEY"),
    ],
)
def test_options_that_cannot_be_meant(make, tmp_path, words, said):
    outcome = make(*words)
    assert_refused(outcome, said)
    assert "hunter2" not in outcome.err
    assert not (tmp_path / "out" / "triplets.parquet").exists()


def test_a_server_that_is_not_there(nmixx, documents, tmp_path):
    words = ("--llm-url", "http://127.0.0.1:9/v1", "--llm-model", "m", "--out", tmp_path / "out")
    outcome = nmixx("triplets", "make", documents, *words)
    assert_refused(outcome, "cannot be reached", "--llm-url")


def test_half_a_call(nmixx, documents, tmp_path):
    out = ("--out", tmp_path / "out")
    assert_refused(nmixx("triplets", "make", documents, "--llm-url", "http://h/v1", *out), "model")
    assert_refused(nmixx("triplets", "make", documents, "--llm-budget", 1, *out), "--llm-url")
    assert_refused(nmixx("triplets", "make", documents, "--dry-run", *out), "--llm-url")


def test_pairs_are_no_documents(nmixx, url, tmp_path):
    pairs = write_lines(tmp_path / "pairs.jsonl", [{"anchor": "금리", "positive": "the rate"}])
    words = ("--llm-url", url, "--llm-model", "m", "--out", tmp_path / "out")
    assert_refused(nmixx("triplets", "make", pairs, *words), "no column 'text'")


def test_a_folder_of_other_triplets_is_left_alone(make, tmp_path):
    write_lines(tmp_path / "nmixx.json", [])
    (tmp_path / "out").mkdir()
    write_lines(tmp_path / "out" / "nmixx.json", [{"owner": "triplets"}])
    assert_refused(make(), "holds the triplets; this is the triplets of an LLM")


def test_prompts_are_copied_changed_and_used(nmixx, make, tmp_path):
    folder = tmp_path / "prompts"
    outcome = nmixx("triplets", "prompts", "--out", folder)
    assert outcome.code == 0, outcome.err
    assert [Path(line).name for line in outcome.out.split()] == [
        "system.j2",
        "classify.j2",
        "versions.j2",
    ]
    assert make("--llm-documents", 1).code == 0
    journal = tmp_path / "out" / "answers.jsonl"
    before = journal.read_bytes().count(b"\n")
    assert make("--llm-documents", 1, "--llm-prompts", folder).code == 0
    assert journal.read_bytes().count(b"\n") == before
    system = folder / "system.j2"
    system.write_text(system.read_text("utf-8") + "\nWrite plainly.\n", "utf-8")
    assert make("--llm-documents", 1, "--llm-prompts", folder).code == 0
    assert journal.read_bytes().count(b"\n") > before
    assert_refused(nmixx("triplets", "prompts", "--out", folder), "holds prompts already")
