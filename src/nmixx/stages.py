"""The table of stages: what each reads, does and leaves behind."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx import samples
from nmixx.corpus.readers import locate
from nmixx.evaluation.settings import Suite
from nmixx.recipe import Recipe
from nmixx.records import Triplet
from nmixx.storage import fingerprint, hash_path, read_json, read_records
from nmixx.workspace import Workspace

if TYPE_CHECKING:
    pass

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Stage:
    """One stage: its name is its folder and its package."""

    name: str
    work: Callable[[Workspace, Path], Counts]
    settings: Callable[[Recipe], dict[str, Any]]
    reads: tuple[str, ...] = ()
    inputs: Callable[[Workspace], Mapping[str, str]] = lambda workspace: {}
    outputs: tuple[str, ...] = ()


def suite_paths(suite: Suite) -> list[str]:
    """List the files and folders of a suite's tasks."""
    return suite.paths


def evaluation_paths(recipe: Recipe) -> tuple[str, ...]:
    """List what must not be trained on: the data of every test and development task."""
    settings = recipe.evaluation
    found = [*suite_paths(settings.test), *suite_paths(settings.development)]
    return tuple(dict.fromkeys([*recipe.corpus.evaluation, *found]))


def _hash_sources(paths: tuple[str, ...]) -> dict[str, str]:
    """Hash the local files that paths name, and the bundled sample where it is named.

    What lies on the Hub is known by its name and revision, which the settings hold.
    """
    places = [Path(place) for path in paths for place in locate(path)]
    if any(path.startswith("sample:") for path in paths):
        places.append(Path(samples.__file__).parent)
    return {str(place): hash_path(place) for place in places if place.exists()}


def _corpus_inputs(workspace: Workspace) -> dict[str, str]:
    """Hash the sources and the evaluation files."""
    corpus = workspace.recipe.corpus
    sources = [*(pair.path for pair in corpus.pairs), *(text.path for text in corpus.documents)]
    return _hash_sources((*sources, *evaluation_paths(workspace.recipe)))


def _run_corpus(workspace: Workspace, folder: Path) -> Counts:
    """Read, clean and decontaminate the corpus."""
    from nmixx.corpus import build_corpus

    recipe = workspace.recipe
    settings = recipe.corpus.model_copy(update={"evaluation": evaluation_paths(recipe)})
    return build_corpus(settings, folder, seed=recipe.seed).counts


def _run_vocabulary(workspace: Workspace, folder: Path) -> Counts:
    """Report coverage and grow the tokenizer."""
    from nmixx.vocabulary import grow_vocabulary

    result = grow_vocabulary(
        workspace.load_base(),
        workspace.documents(),
        workspace.pairs(),
        workspace.recipe.vocabulary,
        folder,
    )
    return {"added_tokens": int(result["added_tokens"])}


def _run_triplets(workspace: Workspace, folder: Path) -> Counts:
    """Make triplets with shifted negatives, by rule and where asked for by an LLM."""
    from nmixx.triplets import make_triplets
    from nmixx.triplets.llm import make_llm_triplets

    recipe = workspace.recipe
    if recipe.triplets.maximum == 0:
        return {"triplets": 0}
    made = make_triplets(
        workspace.pairs(),
        recipe.triplets,
        folder,
        documents=workspace.documents(),
        seed=recipe.seed,
        workers=workspace.workers,
    )
    if recipe.triplets.llm is None:
        return made.counts()
    # Beside the stage, so that doing the stage again pays for nothing again.
    written = make_llm_triplets(workspace.documents(), recipe.triplets, workspace.out / "llm")
    written.require_finished()
    return {**made.counts(), **written.add_to(folder)}


def _run_mining(workspace: Workspace, folder: Path) -> Counts:
    """Mine hard negatives with the teacher."""
    from nmixx.mining import mine_hard_negatives
    from nmixx.mining.opening import OWN, make_teachers

    recipe = workspace.recipe
    settings = recipe.mining
    store = folder / "embeddings"
    uses_own = OWN in (settings.teacher, settings.consensus, *settings.fused_with)
    own = (workspace.load_grown(), recipe.model) if uses_own else None
    teacher, consensus = make_teachers(settings, store, own=own)
    result = mine_hard_negatives(
        workspace.pairs(),
        workspace.documents(),
        teacher,
        settings,
        folder,
        consensus=consensus,
        seed=recipe.seed,
    )
    shutil.rmtree(store, ignore_errors=True)
    return result.counts()


def _run_training(workspace: Workspace, folder: Path) -> Counts:
    """Train step by step and put the adapted model at the top of the run."""
    from nmixx.encoding import SentenceEncoder
    from nmixx.evaluation.judge import SuiteJudge
    from nmixx.mining.miner import Negative
    from nmixx.training import train_model

    recipe, out = workspace.recipe, workspace.out
    triplets = out / "triplets" / "triplets.parquet"
    counts = train_model(
        workspace.load_grown(),
        recipe.training,
        folder,
        pairs=workspace.pairs(),
        triplets=read_records(triplets, Triplet) if triplets.exists() else [],
        mined=[
            negative.to_triplet()
            for negative in read_records(out / "mining" / "negatives.parquet", Negative)
        ],
        base=SentenceEncoder(workspace.load_base(), precision=recipe.training.precision),
        pivot=recipe.pivot,
        seed=recipe.seed if recipe.training.seed is None else recipe.training.seed,
        judge=SuiteJudge(recipe.evaluation.development),
    )
    _publish(folder / "model", out / "model")
    return counts


def _publish(model: Path, place: Path) -> None:
    """Put a finished model at its place in one move."""
    fresh = place.with_name(".model.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(model, fresh)
    shutil.rmtree(place, ignore_errors=True)
    fresh.rename(place)


def _run_evaluation(workspace: Workspace, folder: Path) -> Counts:
    """Evaluate the adapted model against the base model."""
    from nmixx.encoding import SentenceEncoder, load_model
    from nmixx.evaluation import evaluate, write_results
    from nmixx.evaluation.further import measure_further
    from nmixx.evaluation.leaks import training_files

    recipe, settings = workspace.recipe, workspace.recipe.evaluation
    before, after = (
        SentenceEncoder(model, prompt=settings.prompt, precision=settings.precision)
        for model in (workspace.load_base(), load_model(str(workspace.out / "model")))
    )
    results = evaluate(
        after,
        settings.test,
        model_name=f"{recipe.name} (adapted)",
        bootstrap=settings.bootstrap,
        seed=settings.seed,
        against=before,
        against_name=recipe.model,
        store=folder / "embeddings",
        training=training_files(str(workspace.out / "model")),
    )
    write_results(results, folder)
    measure_further(
        settings,
        before,
        after,
        pairs=workspace.pairs,
        steps=workspace.out / "training" / "steps",
        folder=folder,
    )
    shutil.rmtree(folder / "embeddings", ignore_errors=True)
    return {"tasks": len(read_json(folder / "results.json")["tasks"])}


def _run_report(workspace: Workspace, folder: Path) -> Counts:
    """Write the page, the figures and the model card."""
    from nmixx.report import build_report

    page = build_report(workspace.out)
    return {"bytes": page.stat().st_size}


def _evaluation_inputs(workspace: Workspace) -> dict[str, str]:
    """Hash the data of the test tasks, and of the development tasks that are looked at too."""
    settings = workspace.recipe.evaluation
    looked = settings.development.tasks if settings.steps else {}
    looked |= settings.development.bitext if settings.space else {}
    return _hash_sources((*suite_paths(settings.test), *(task.path for task in looked.values())))


def _triplet_inputs(workspace: Workspace) -> dict[str, str]:
    """Hash the prompts of an LLM where they are the user's own."""
    llm = workspace.recipe.triplets.llm
    prompts = Path(llm.prompts) if llm is not None and llm.prompts else None
    return {str(prompts): hash_path(prompts)} if prompts is not None and prompts.exists() else {}


def _training_inputs(workspace: Workspace) -> dict[str, str]:
    """Hash the development tasks' data, where a step looks at them."""
    development = workspace.recipe.evaluation.development
    if not any(step.watch or step.guard for step in workspace.recipe.training.steps):
        return {}
    suite = {"development": fingerprint(development.model_dump())}
    return _hash_sources(tuple(suite_paths(development))) | suite


def _vocabulary_inputs(workspace: Workspace) -> dict[str, str]:
    """Hash the base model, and the list of terms where there is one."""
    terms = workspace.recipe.vocabulary.terms
    listed = {"terms": hash_path(Path(terms))} if terms and Path(terms).exists() else {}
    return {"model": workspace.base_fingerprint} | listed


STAGES: tuple[Stage, ...] = (
    Stage(
        "corpus",
        _run_corpus,
        lambda recipe: recipe.corpus.model_dump(mode="json"),
        inputs=_corpus_inputs,
        outputs=("documents.parquet", "pairs.parquet", "dropped.parquet"),
    ),
    Stage(
        "vocabulary",
        _run_vocabulary,
        lambda recipe: recipe.vocabulary.model_dump(mode="json"),
        reads=("corpus",),
        inputs=_vocabulary_inputs,
        outputs=("coverage.json", "model"),
    ),
    Stage(
        "triplets",
        _run_triplets,
        lambda recipe: recipe.triplets.model_dump(mode="json"),
        reads=("corpus",),
        inputs=_triplet_inputs,
        outputs=("triplets.parquet", "dropped.parquet"),
    ),
    Stage(
        "mining",
        _run_mining,
        lambda recipe: recipe.mining.model_dump(mode="json"),
        reads=("corpus", "vocabulary"),
        outputs=(
            "run.parquet",
            "queries.parquet",
            "documents.parquet",
            "negatives.parquet",
            "dropped.parquet",
            "report.json",
        ),
    ),
    Stage(
        "training",
        _run_training,
        lambda recipe: recipe.training.model_dump(mode="json"),
        reads=("corpus", "vocabulary", "triplets", "mining"),
        inputs=_training_inputs,
        outputs=("model", "log.json"),
    ),
    Stage(
        "evaluation",
        _run_evaluation,
        lambda recipe: recipe.evaluation.model_dump(mode="json"),
        reads=("corpus", "training"),
        inputs=_evaluation_inputs,
        outputs=("results.json", "scores.parquet", "space.json", "robustness.json", "steps.json"),
    ),
    Stage(
        "report",
        _run_report,
        lambda recipe: {},
        reads=("evaluation", "triplets", "mining"),
    ),
)
