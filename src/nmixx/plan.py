"""A dry run: what would be done, on how many rows, in about what time and space."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from nmixx.corpus.settings import DocumentSource
from nmixx.pipeline import require_stage, stage_fingerprints
from nmixx.recipe import Recipe
from nmixx.records import Document
from nmixx.storage import Manifest
from nmixx.training.settings import StepSettings
from nmixx.workspace import Workspace

# A training pass costs about six floating-point operations a parameter and token: two forwards,
# four backwards (Kaplan et al., arXiv 2001.08361, section 2.1).
_TRAIN_FLOPS = 6
_TOKENS_PER_TEXT = 20
_EFFICIENCY = 0.45
_ROWS_PER_SECOND = 2_000


@dataclass(frozen=True)
class StagePlan:
    """One stage: whether it stands, its rows, and about how many seconds it would take."""

    name: str
    stands: bool
    rows: int
    seconds: float


@dataclass(frozen=True)
class Plan:
    """The plan of a run."""

    recipe: str
    out: str
    sources: dict[str, int]
    stages: tuple[StagePlan, ...]
    disk_megabytes: int
    llm: dict[str, Any] | None = None
    """What the triplets of an LLM would cost, where the recipe asks for them."""

    @property
    def seconds(self) -> float:
        """Time of the stages that would be done."""
        return sum(stage.seconds for stage in self.stages if not stage.stands)

    def to_json(self) -> dict[str, Any]:
        """Give the plan as plain data."""
        return asdict(self) | {"seconds": round(self.seconds)}


def plan_run(recipe: Recipe, out: Path, *, start: str | None = None) -> Plan:
    """Plan a run without writing anything.

    Rows are counted in the sources; time is estimated from the model's size and a short trial of
    this machine, and is right to a factor of about two.

    Args:
        recipe: what would be run.
        out: its folder; stages that stand there count as done.
        start: stages from this one on would be done again.

    Raises:
        InputError: a source or the model cannot be used.
    """
    from nmixx.corpus import estimate

    require_stage(start)
    workspace = Workspace(recipe, out)
    sources = estimate(recipe.corpus)
    rows = sum(sources.values())
    parameters = sum(tensor.numel() for tensor in workspace.load_base().parameters())
    costs = _costs(recipe, sources, _layer_parameters(workspace), _operations_per_second())
    stages = []
    again = False
    for stage, key in stage_fingerprints(workspace):
        again = again or stage.name == start
        manifest = Manifest.read(out / stage.name)
        stands = manifest is not None and manifest.fingerprint == key and not again
        count, seconds = costs[stage.name]
        stages.append(StagePlan(stage.name, stands, count, round(seconds)))
    copies = 3 + len(recipe.training.steps)
    disk = math.ceil((parameters * 4 * (copies + 3) + rows * 600) / 1e6)
    return Plan(recipe.name, str(out), sources, tuple(stages), disk, estimate_llm(recipe, out))


def estimate_llm(recipe: Recipe, out: Path) -> dict[str, Any] | None:
    """Estimate what an LLM would cost, from the sources' documents before any are dropped.

    Returns:
        :class:`nmixx.triplets.llm.estimate.Estimate` as plain data; None where no LLM is asked for.

    Raises:
        DataError: a file or a row of it cannot be used.
    """
    if recipe.triplets.llm is None or not recipe.triplets.maximum:
        return None
    from nmixx.corpus.sources import name_sources, read_items
    from nmixx.triplets.llm import estimate_llm_triplets

    records = [
        item.record
        for name, source in name_sources(recipe.corpus).items()
        if isinstance(source, DocumentSource)
        for item in read_items(name, source, seed=recipe.seed)
    ]
    documents = [record for record in records if isinstance(record, Document)]
    return estimate_llm_triplets(documents, recipe.triplets, out / "llm").to_json()


def plan_table(plan: Plan) -> Table:
    """Lay a plan out for people."""
    table = Table(
        title=f"{plan.recipe} -> {plan.out}",
        title_justify="left",
        caption=(
            f"about {plan.seconds / 60:.0f} min (to a factor of two) and "
            f"{plan.disk_megabytes:,} MB; nothing was done{_llm_words(plan.llm)}"
        ),
        caption_justify="left",
        box=None,
        pad_edge=False,
    )
    table.add_column("stage")
    table.add_column("rows", justify="right")
    table.add_column("about", justify="right")
    table.add_column("")
    for stage in plan.stages:
        would = "[dim]stands, would be skipped[/]" if stage.stands else "would be done"
        table.add_row(stage.name, f"{stage.rows:,}", f"{stage.seconds:,.0f} s", would)
    for name, rows in plan.sources.items():
        table.add_row(f"[dim]  {name}[/]", f"[dim]{rows:,}[/]", "", "[dim]source[/]")
    return table


def _llm_words(llm: Mapping[str, Any] | None) -> str:
    """Say what an LLM would cost."""
    if llm is None:
        return ""
    money = "" if llm["money"] is None else f", {llm['money']:,.4f} in money"
    tokens = llm["prompt_tokens"] + llm["completion_tokens"]
    return f"\nan LLM: {llm['requests']:,} requests, about {tokens:,} tokens{money}"


def _costs(
    recipe: Recipe, sources: Mapping[str, int], parameters: int, speed: float
) -> dict[str, tuple[int, float]]:
    """Estimate rows and seconds of each stage."""
    rows = sum(sources.values())
    second_per_text = 2 * parameters * _TOKENS_PER_TEXT / speed
    training = [(step, _step_rows(step, recipe, sources)) for step in recipe.training.steps]
    trained = sum(count for _, count in training)
    texts = sum(count * step.epochs * 2.5 for step, count in training)
    mined = min(rows, recipe.mining.queries or rows) * 2 + (recipe.mining.corpus_documents or 0)
    return {
        "corpus": (rows, rows / _ROWS_PER_SECOND),
        "vocabulary": (rows, 5 + rows / _ROWS_PER_SECOND),
        "triplets": (recipe.triplets.maximum, recipe.triplets.maximum / 200),
        "mining": (mined, mined * second_per_text),
        "training": (trained, texts * second_per_text * _TRAIN_FLOPS / 2),
        "evaluation": (len(recipe.evaluation.test.sts), 20_000 * second_per_text),
        "report": (1, 5),
    }


def _step_rows(step: StepSettings, recipe: Recipe, sources: Mapping[str, int]) -> int:
    """Estimate the rows of a training step; terms and sentences cannot be told apart yet."""
    from nmixx.training.objectives import OBJECTIVES

    if OBJECTIVES[step.objective].rows in ("triplets", "negatives"):
        shifted = recipe.triplets.maximum if step.triplets is None else step.triplets
        return shifted + (step.mined or 0)
    # The sources of pairs come first, in the recipe's order.
    drawn = sum(
        rows * source.weight
        for source, rows in zip(recipe.corpus.pairs, sources.values(), strict=False)
        if (source.kind or "translation") in step.kinds
    )
    if step.sentences is None:
        return round(drawn)
    return min(round(drawn), step.sentences + (step.terms or 0))


def _layer_parameters(workspace: Workspace) -> int:
    """Count the parameters that every token passes through, so not the embedding table."""
    from nmixx.vocabulary.growing.growth import token_table

    model = workspace.load_base()
    return sum(tensor.numel() for tensor in model.parameters()) - token_table(model).numel()


def _operations_per_second() -> float:
    """Time a matrix product and take the share of its speed that training reaches."""
    import torch

    from nmixx.encoding import choose_device, choose_precision
    from nmixx.encoding.precision import torch_dtype

    device = choose_device()
    size = 1024
    dtype = torch_dtype(choose_precision("auto", device))
    square = torch.ones(size, size, device=device, dtype=dtype)
    square @ square
    began = time.perf_counter()
    for _ in range(5):
        product = square @ square
    product[0, 0].item()
    return _EFFICIENCY * 5 * 2 * size**3 / (time.perf_counter() - began)
