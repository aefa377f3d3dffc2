"""Reading a run's folder: what is there is told, what is not there is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nmixx.errors import DataError
from nmixx.evaluation.results import (
    RESULTS_NAME,
    SCORES_NAME,
    ExampleScore,
    Results,
    read_results,
)
from nmixx.records import Dropped, Triplet
from nmixx.report.further import Group, find_further
from nmixx.storage import Manifest, read_json, read_records

_SPACE_KEYS = frozenset({"fitted_on", "measured_on", "trained_on", "languages", "models"})
_MODEL_KEYS = frozenset({"alignment", "language_gap", "hubness", "similarities", "mends", "map"})
_ROBUSTNESS_KEYS = frozenset({"draws", "changed", "models"})
STAGES = ("corpus", "vocabulary", "triplets", "mining", "training", "evaluation")


@dataclass(frozen=True)
class Tally:
    """How many rows each value of a column has, the most frequent first."""

    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Corpus:
    """Counts of what was kept and of what was dropped, with an example a reason."""

    pairs: int
    documents: int
    pair_tallies: Sequence[Tally]
    document_tallies: Sequence[Tally]
    dropped: Mapping[str, Sequence[Dropped]]


@dataclass(frozen=True)
class RunFolder:
    """Everything that the report is made from."""

    path: Path
    results: Results
    recipe: Mapping[str, Any]
    recipe_text: str
    corpus: Corpus | None
    coverage: Mapping[str, Any] | None
    triplets: Sequence[Triplet]
    triplets_dropped: Mapping[str, Sequence[Dropped]]
    mining: Mapping[str, Any]
    training: Sequence[Mapping[str, Any]]
    manifests: Mapping[str, Manifest] = field(default_factory=dict)
    candidates: int = 0
    scores: Sequence[ExampleScore] = field(default=(), repr=False)
    space: Mapping[str, Any] | None = None
    steps: Sequence[Mapping[str, Any]] = ()
    robustness: Mapping[str, Any] | None = None
    further: Sequence[Group] = ()

    @property
    def name(self) -> str:
        """The recipe's name, else the folder's."""
        return str(self.recipe.get("name") or self.path.resolve().name)

    @property
    def general(self) -> frozenset[str]:
        """Names of the tasks that the recipe calls general."""
        evaluation = self.recipe.get("evaluation") or {}
        return frozenset(map(str, evaluation.get("general") or ()))


def read_run(path: Path) -> RunFolder:
    """Read a run's folder; only the results must be there.

    Raises:
        DataError: there are no results, or a file is broken.
    """
    if not (path / "evaluation" / RESULTS_NAME).exists():
        raise DataError(
            f"{path}: holds no evaluation/{RESULTS_NAME}, so there is nothing to report.\n"
            "Expected the folder of a finished run."
        )
    text = _read_text(path / "recipe.yaml")
    triplets = path / "triplets" / "triplets.parquet"
    scores = path / "evaluation" / SCORES_NAME
    return RunFolder(
        path=path,
        results=read_results(path / "evaluation"),
        recipe=_parse_recipe(text),
        recipe_text=text,
        corpus=_read_corpus(path / "corpus"),
        coverage=_read_optional(path / "vocabulary" / "coverage.json"),
        triplets=read_records(triplets, Triplet) if triplets.exists() else (),
        triplets_dropped=_read_dropped(path / "triplets" / "dropped.parquet"),
        mining=_read_optional(path / "mining" / "report.json") or {},
        training=_read_optional(path / "training" / "log.json") or (),
        manifests=_read_manifests(path),
        candidates=_read_columns(path / "mining" / "run.parquet", ())[0],
        scores=read_records(scores, ExampleScore) if scores.exists() else (),
        space=_read_checked(path / "evaluation" / "space.json", _SPACE_KEYS, _MODEL_KEYS),
        steps=_read_optional(path / "evaluation" / "steps.json") or (),
        robustness=_read_checked(path / "evaluation" / "robustness.json", _ROBUSTNESS_KEYS),
        further=find_further(read_json(path / "evaluation" / RESULTS_NAME)),
    )


def _read_text(path: Path) -> str:
    """Read a text file, or nothing."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _read_optional(path: Path) -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON file, or None when it is not there."""
    return read_json(path) if path.exists() else None


def _read_checked(
    path: Path, keys: frozenset[str], model_keys: frozenset[str] = frozenset()
) -> Mapping[str, Any] | None:
    """Read a file of figures by model, or None when it is not there.

    Raises:
        DataError: it is not of the shape that this version writes.
    """
    found = _read_optional(path)
    if found is None:
        return None
    missing = keys - found.keys() if isinstance(found, dict) else keys
    if not missing:
        models = found["models"].values()
        missing = frozenset(key for model in models for key in model_keys - model.keys())
    if missing:
        raise DataError(
            f"{path}: lacks {', '.join(sorted(missing))}; another version of nmixx wrote it.\n"
            "Measure again with `nmixx run RECIPE --from evaluation`, or take the file away."
        )
    return dict(found)


def _parse_recipe(text: str) -> Mapping[str, Any]:
    """Parse the recipe; a broken one is shown as it is and parsed as nothing."""
    import yaml

    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}


def _read_manifests(path: Path) -> dict[str, Manifest]:
    """Read the manifests of the stages that have one, in the order of the stages."""
    found = {stage: Manifest.read(path / stage) for stage in STAGES}
    return {stage: manifest for stage, manifest in found.items() if manifest is not None}


def _read_corpus(folder: Path) -> Corpus | None:
    """Count the corpus without reading its texts."""
    pairs, documents = folder / "pairs.parquet", folder / "documents.parquet"
    if not pairs.exists() and not documents.exists():
        return None
    pair_columns = ("source", "category", "kind", "anchor_lang", "positive_lang", "unit")
    document_columns = ("source", "category", "lang")
    pair_count, pair_values = _read_columns(pairs, pair_columns)
    document_count, document_values = _read_columns(documents, document_columns)
    _join_languages(pair_values)
    return Corpus(
        pairs=pair_count,
        documents=document_count,
        pair_tallies=_tally(pair_values),
        document_tallies=_tally(document_values),
        dropped=_read_dropped(folder / "dropped.parquet"),
    )


def _read_columns(path: Path, wanted: Sequence[str]) -> tuple[int, dict[str, list[str]]]:
    """Count a table's rows and read the wanted columns that it has."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.exists():
        return 0, {}
    try:
        file = pq.ParquetFile(path)
        names = [name for name in wanted if name in file.schema_arrow.names]
        table = file.read(columns=names)
    except pa.ArrowInvalid as error:
        raise DataError(f"{path}: not a parquet file ({error}).") from None
    values = {name: [str(v) for v in table.column(name).to_pylist()] for name in names}
    return file.metadata.num_rows, values


def _join_languages(values: dict[str, list[str]]) -> None:
    """Put both languages of a pair into one column, ``ko – en``."""
    anchors, positives = values.pop("anchor_lang", None), values.pop("positive_lang", None)
    if anchors is not None and positives is not None:
        values["languages"] = [f"{a} – {b}" for a, b in zip(anchors, positives, strict=True)]


def _tally(values: Mapping[str, list[str]]) -> list[Tally]:
    """Count each column's values."""
    return [Tally(name, dict(Counter(column).most_common())) for name, column in values.items()]


def _read_dropped(path: Path) -> dict[str, list[Dropped]]:
    """Read dropped rows by reason, the most frequent reason first."""
    if not path.exists():
        return {}
    by_reason: dict[str, list[Dropped]] = {}
    for row in read_records(path, Dropped):
        by_reason.setdefault(row.reason, []).append(row)
    return dict(sorted(by_reason.items(), key=lambda item: -len(item[1])))
