"""Commands do what their help says, for people and for programs."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Nmixx

COMMANDS = (
    ["run"],
    ["corpus"],
    ["vocabulary", "report"],
    ["vocabulary", "grow"],
    ["vocabulary", "trim"],
    ["vocabulary", "diagnose"],
    ["triplets", "make"],
    ["triplets", "prompts"],
    ["triplets", "filter"],
    ["triplets", "inspect"],
    ["mine"],
    ["mine-bitext"],
    ["train"],
    ["evaluate"],
    ["report"],
    ["doctor"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_an_example(nmixx: Nmixx, command: list[str]) -> None:
    outcome = nmixx(*command, "--help")
    assert outcome.code == 0
    assert "Example: nmixx " + " ".join(command) in " ".join(outcome.out.split())


def test_doctor_says_device_and_precision(nmixx: Nmixx) -> None:
    found = json.loads(nmixx("doctor", "--json").out)
    assert {"device", "precision", "threads", "memory"} <= found["facts"].keys()
    assert all(row["install"].startswith("pip install") for row in found["packages"])


def test_doctor_names_what_is_missing(nmixx: Nmixx, monkeypatch: pytest.MonkeyPatch) -> None:
    import nmixx.diagnosis as diagnosis

    missing = (("no-such-package", "ko", "nothing at all"),)
    monkeypatch.setattr(diagnosis, "_OPTIONAL", missing)
    outcome = nmixx("doctor")
    assert "missing" in outcome.out
    assert "pip install 'nmixx[ko]'" in outcome.out


def test_dry_run_does_nothing(nmixx: Nmixx, tmp_path: Path) -> None:
    out = tmp_path / "out"
    outcome = nmixx("run", "recipes/quickstart.yaml", "--out", out, "--dry-run", "--json")
    assert outcome.code == 0, outcome.err
    plan = json.loads(outcome.out)
    assert [stage["name"] for stage in plan["stages"]] == [
        "corpus",
        "vocabulary",
        "triplets",
        "mining",
        "training",
        "evaluation",
        "report",
    ]
    assert sum(plan["sources"].values()) > 500
    assert plan["seconds"] > 0
    assert plan["disk_megabytes"] > 0
    assert not out.exists()


def test_triplets_of_a_file(nmixx: Nmixx, tmp_path: Path) -> None:
    pytest.importorskip("kiwipiepy", reason="Korean rules need the extra ko")
    outcome = nmixx(
        "triplets", "make", "sample:pairs", "--maximum", 100, "--out", tmp_path / "t", "--json"
    )
    assert outcome.code == 0, outcome.err
    assert json.loads(outcome.out)["counts"]["triplets"] == 100
