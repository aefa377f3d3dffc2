"""Adapt an embedding model to a domain and a language pair, and prove that it got better.

The names below are loaded when they are first used, so that ``import nmixx`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nmixx.corpus import build_corpus
    from nmixx.encoding import EmbeddingStore, SentenceEncoder, load_model
    from nmixx.errors import NmixxError
    from nmixx.evaluation import evaluate
    from nmixx.mining import mine_hard_negatives
    from nmixx.pipeline import run_recipe
    from nmixx.recipe import read_recipe
    from nmixx.training import train_model
    from nmixx.triplets import make_triplets
    from nmixx.vocabulary import grow_vocabulary

__all__ = [
    "EmbeddingStore",
    "NmixxError",
    "SentenceEncoder",
    "build_corpus",
    "evaluate",
    "grow_vocabulary",
    "load_model",
    "make_triplets",
    "mine_hard_negatives",
    "read_recipe",
    "run_recipe",
    "train_model",
]

_HOMES = {
    "EmbeddingStore": "nmixx.encoding",
    "NmixxError": "nmixx.errors",
    "SentenceEncoder": "nmixx.encoding",
    "build_corpus": "nmixx.corpus",
    "evaluate": "nmixx.evaluation",
    "grow_vocabulary": "nmixx.vocabulary",
    "load_model": "nmixx.encoding",
    "make_triplets": "nmixx.triplets",
    "mine_hard_negatives": "nmixx.mining",
    "read_recipe": "nmixx.recipe",
    "run_recipe": "nmixx.pipeline",
    "train_model": "nmixx.training",
}


def __getattr__(name: str) -> object:
    """Load a public name from its home."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'nmixx' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
