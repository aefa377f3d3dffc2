"""A sweep file: what to train from, on what, over which grid, judged on development tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from nmixx.configuration import read_configuration
from nmixx.evaluation.settings import Suite
from nmixx.settings import Settings
from nmixx.training.settings import TrainingSettings

if TYPE_CHECKING:
    from nmixx.training.sweep import Point


class SweepSettings(Settings):
    """A grid over training settings. There is no place in it for a test set."""

    name: str = Field(min_length=1, description="the sweep's name")
    model: str = Field(description="what each point starts from")
    base: str | None = Field(default=None, description="what steps hold on to; `model` when empty")
    pivot: str = Field(default="en", description="the language the base model knows best")
    seed: int = Field(default=0, ge=0, description="of rows and batches")
    data: str | None = Field(default=None, description="what {data} stands for in paths")
    pairs: tuple[str, ...] = Field(default=(), description="files of pairs")
    triplets: tuple[str, ...] = Field(default=(), description="parquet files of triplets")
    mined: tuple[str, ...] = Field(default=(), description="parquet files of mined triplets")
    training: TrainingSettings = Field(description="the steps, as in a recipe")
    grid: dict[str, tuple[Any, ...]] = Field(description="STEP.SETTING to the values to try")
    development: Suite = Field(description="development tasks, as in a recipe")
    figure: tuple[str, ...] = Field(
        default=(), description="development tasks whose mean decides; all when empty"
    )


def read_sweep(path: Path, changes: Sequence[str] = ()) -> SweepSettings:
    """Read a sweep file and apply changes to it.

    Args:
        path: a YAML file.
        changes: ``key=value`` as given by ``--set``.

    Raises:
        RecipeError: the file is missing or not YAML, or a key or value is wrong.
    """
    return SweepSettings.parse(read_configuration(path, changes), str(path))


def sweep_points(settings: SweepSettings, out: Path) -> Iterator[Point]:
    """Run a sweep into a folder, yielding its points in order.

    Raises:
        InputError: a file, the model or a setting cannot be used.
        OutputError: ``out`` holds something else.
    """
    from nmixx.corpus.groups import group_pairs
    from nmixx.corpus.readers import locate
    from nmixx.corpus.shapes import read_pairs
    from nmixx.encoding import SentenceEncoder, load_model
    from nmixx.evaluation.judge import SuiteJudge
    from nmixx.records import Pair, Triplet
    from nmixx.storage import claim_folder, only_worker, read_records
    from nmixx.training.sweep import Sweep, run_sweep
    from nmixx.training.trainer import Material

    def pairs_of(path: str) -> list[Pair]:
        parquet = path.endswith(".parquet") and Path(path).exists()
        return read_records(Path(path), Pair) if parquet else read_pairs(path)

    pairs = group_pairs(
        [pair for given in settings.pairs for path in locate(given) for pair in pairs_of(path)]
    )
    triplets, mined = (
        [row for path in paths for row in read_records(Path(path), Triplet)]
        for paths in (settings.triplets, settings.mined)
    )
    base = SentenceEncoder(load_model(settings.base or settings.model))
    sweep = Sweep(
        load=lambda: load_model(settings.model),
        training=settings.training,
        grid=settings.grid,
        material=Material(pairs, triplets, mined, base, settings.pivot),
        judge=SuiteJudge(settings.development),
        tasks=settings.figure,
        seed=settings.seed,
    )
    claim_folder(out, f"sweep {settings.name!r}")
    with only_worker(out):
        yield from run_sweep(sweep, out)
