"""A recipe: the settings of all stages, read from one YAML file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from nmixx.configuration import read_configuration
from nmixx.corpus.settings import CorpusSettings
from nmixx.evaluation.settings import EvaluationSettings
from nmixx.mining.settings import MiningSettings
from nmixx.settings import Settings
from nmixx.training.settings import TrainingSettings
from nmixx.triplets.settings import TripletSettings
from nmixx.vocabulary.settings import VocabularySettings


class Recipe(Settings):
    """Everything that decides what a run does."""

    name: str = Field(min_length=1, description="the run's name; its folder is runs/NAME")
    description: str = Field(default="", description="one sentence for people")
    model: str = Field(description="a folder, a Hugging Face id or package:NAME")
    trust_remote_code: bool = Field(default=False, description="run code that comes with the model")
    data: str | None = Field(default=None, description="what {data} stands for in paths")
    pivot: str = Field(default="en", description="the language the model knows best")
    seed: int = Field(default=0, ge=0, description="of every choice by chance")
    corpus: CorpusSettings
    vocabulary: VocabularySettings = VocabularySettings()
    triplets: TripletSettings = TripletSettings()
    mining: MiningSettings = MiningSettings()
    training: TrainingSettings = TrainingSettings()
    evaluation: EvaluationSettings


def read_recipe(path: Path, changes: Sequence[str] = ()) -> Recipe:
    """Read a recipe and apply changes to it.

    Args:
        path: a YAML file.
        changes: ``key=value`` or ``stage.key=value``, the value in YAML, as given by ``--set``.

    Raises:
        RecipeError: the file is missing or is not YAML, a key is unknown, a value has the wrong
            type, or a path uses ``{data}`` and no data folder is given.
    """
    return Recipe.parse(read_configuration(path, changes), str(path))
