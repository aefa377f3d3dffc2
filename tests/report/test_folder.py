from __future__ import annotations

from pathlib import Path

import pytest

from nmixx.errors import DataError
from nmixx.report.folder import read_run
from nmixx.storage import write_json


def test_counts_and_reasons(full_run: Path) -> None:
    run = read_run(full_run)
    assert run.corpus is not None
    assert (run.corpus.pairs, run.corpus.documents) == (1, 1)
    tallies = {tally.name: tally.counts for tally in run.corpus.pair_tallies}
    assert tallies["languages"] == {"ko – en": 1}
    assert list(run.corpus.dropped) == ["near duplicate"]
    assert run.name == "demo"
    assert list(run.manifests) == ["mining"]


def test_a_run_without_a_recipe_has_its_folders_name(minimal_run: Path) -> None:
    assert read_run(minimal_run).name == "run"


def test_a_broken_recipe_is_shown_and_not_parsed(minimal_run: Path) -> None:
    (minimal_run / "recipe.yaml").write_text("name: [unclosed")
    run = read_run(minimal_run)
    assert (run.name, run.recipe_text) == ("run", "name: [unclosed")


@pytest.mark.parametrize(
    "name", ["corpus/pairs.parquet", "triplets/triplets.parquet", "training/log.json"]
)
def test_a_broken_file_is_named(full_run: Path, name: str) -> None:
    (full_run / name).write_bytes(b"broken")
    with pytest.raises(DataError, match=name.rpartition("/")[2]):
        read_run(full_run)


@pytest.mark.parametrize("name", ["space.json", "robustness.json"])
@pytest.mark.parametrize("content", [[], {"models": {}}, {"models": {"before": {}}}])
def test_figures_of_another_version_are_refused_by_name(
    full_run: Path, name: str, content: object
) -> None:
    write_json(full_run / "evaluation" / name, content)
    with pytest.raises(DataError, match=f"{name}: lacks .*another version"):
        read_run(full_run)
