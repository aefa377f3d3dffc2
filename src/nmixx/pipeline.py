"""The stages in order; a stage whose fingerprint stands is skipped."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nmixx.errors import RecipeError
from nmixx.recipe import Recipe
from nmixx.stages import STAGES, Stage
from nmixx.storage import Manifest, claim_folder, fingerprint, hash_path, only_worker, write_text
from nmixx.storage.manifest import MANIFEST_NAME, code_fingerprint, library_versions
from nmixx.workspace import Workspace

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StageReport:
    """What became of one stage of a run."""

    name: str
    skipped: bool
    seconds: float
    counts: Mapping[str, int]


def run_recipe(
    recipe: Recipe, out: Path, *, start: str | None = None, workers: int = 1
) -> Iterator[StageReport]:
    """Run a recipe's stages into ``out``, yielding a report after each.

    Args:
        recipe: the settings of all stages.
        out: the run's folder; made, or gone on in when it holds this recipe's run.
        start: do this stage and all after it again, even where they stand.
        workers: processes to share the work among where it can be; their number changes no file.
            More than one in a script asks for ``if __name__ == "__main__":`` around its work.

    Raises:
        OutputError: ``out`` holds something else.
        RecipeError: ``start`` is no stage.
        InputError: a file or the model cannot be used.
    """
    require_stage(start)
    claim_folder(out, f"run of recipe {recipe.name!r}")
    with only_worker(out):
        write_text(out / "recipe.yaml", describe(recipe))
        yield from _run_stages(Workspace(recipe, out, workers), start)


def _run_stages(workspace: Workspace, start: str | None) -> Iterator[StageReport]:
    """Run or skip each stage in turn."""
    forced = False
    for stage, key in stage_fingerprints(workspace):
        forced = forced or stage.name == start
        folder = workspace.out / stage.name
        if forced and folder.exists():
            shutil.rmtree(folder)
        manifest = Manifest.read(folder)
        if manifest is not None and manifest.fingerprint == key and manifest.stands(folder):
            logger.info("%s stands, skipped", stage.name)
            yield StageReport(stage.name, True, manifest.seconds, manifest.counts)
            continue
        yield _run_stage(stage, key, workspace)


def stage_fingerprints(workspace: Workspace) -> Iterator[tuple[Stage, str]]:
    """Yield each stage with the hash of all that changes its files.

    Its settings and code, its inputs, the stages it reads, library versions and the seed.
    """
    keys: dict[str, str] = {}
    for stage in STAGES:
        keys[stage.name] = fingerprint(
            stage.name,
            stage.settings(workspace.recipe),
            stage.inputs(workspace),
            [keys[name] for name in stage.reads],
            code_fingerprint(stage.name),
            dict(library_versions()),
            workspace.recipe.seed,
        )
        yield stage, keys[stage.name]


def require_stage(name: str | None) -> None:
    """Refuse the name of a stage that does not exist.

    Raises:
        RecipeError: it does not; those that do are named.
    """
    names = [stage.name for stage in STAGES]
    if name is not None and name not in names:
        raise RecipeError(f"--from {name!r}: no such stage. Stages: {', '.join(names)}.")


def describe(recipe: Recipe) -> str:
    """Write a recipe out as YAML with every default spelled out."""
    plain: dict[str, Any] = recipe.model_dump(mode="json")
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)


def _run_stage(stage: Stage, key: str, workspace: Workspace) -> StageReport:
    """Run one stage and write its manifest last, which makes it complete."""
    folder = workspace.out / stage.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST_NAME).unlink(missing_ok=True)
    logger.info("%s begins", stage.name)
    began = time.perf_counter()
    counts = dict(stage.work(workspace, folder))
    seconds = round(time.perf_counter() - began, 1)
    outputs = {name: hash_path(folder / name) for name in stage.outputs if (folder / name).exists()}
    Manifest(
        stage=stage.name,
        fingerprint=key,
        settings=stage.settings(workspace.recipe),
        inputs=dict(stage.inputs(workspace)),
        outputs=outputs,
        counts=counts,
        seconds=seconds,
    ).write(folder)
    return StageReport(stage.name, False, seconds, counts)
