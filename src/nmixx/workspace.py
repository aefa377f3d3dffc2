"""A run's folder and its recipe: what stages share while they run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.recipe import Recipe
from nmixx.records import Document, Pair
from nmixx.storage import read_records

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


@dataclass(frozen=True)
class Workspace:
    """A recipe, its run's folder, and what stages share while they run.

    ``workers`` processes share what can be shared; their number changes no file.
    """

    recipe: Recipe
    out: Path
    workers: int = 1

    @cached_property
    def base_fingerprint(self) -> str:
        """Hash of the base model; it is loaded once for it."""
        from nmixx.encoding import model_fingerprint

        return model_fingerprint(self.load_base())

    def load_base(self) -> SentenceTransformer:
        """Load the model that the recipe starts from."""
        from nmixx.encoding import load_model

        return load_model(self.recipe.model, trust_remote_code=self.recipe.trust_remote_code)

    def load_grown(self) -> SentenceTransformer:
        """Load the model after the vocabulary stage; the base model when nothing was grown."""
        from nmixx.encoding import load_model

        grown = self.out / "vocabulary" / "model"
        return load_model(str(grown)) if grown.exists() else self.load_base()

    def pairs(self) -> list[Pair]:
        """Read the corpus stage's pairs."""
        return read_records(self.out / "corpus" / "pairs.parquet", Pair)

    def documents(self) -> list[Document]:
        """Read the corpus stage's documents."""
        return read_records(self.out / "corpus" / "documents.parquet", Document)
