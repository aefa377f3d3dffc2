"""A look-up of vectors as an encoder of mteb, so that a text is encoded once for all tasks."""

from __future__ import annotations

from typing import Any

from nmixx.errors import MissingExtraError
from nmixx.evaluation.tasks import Lookup, Role


class LookupEncoder:
    """Gives mteb the vectors that a look-up has; what it asks for newly is encoded then."""

    def __init__(self, lookup: Lookup, *, name: str, revision: str) -> None:
        """Wrap a look-up.

        Args:
            lookup: unit vectors of texts.
            name: of the model, in mteb's results.
            revision: what tells this model from others of its name.
        """
        from mteb.models.model_meta import ModelMeta

        self._lookup = lookup
        self.mteb_model_meta = ModelMeta.create_empty({"name": name, "revision": revision})

    def encode(self, inputs: Any, *, prompt_type: Any = None, **_: Any) -> Any:  # noqa: ANN401 - mteb's protocol
        """Give the vectors of a loader's texts, shape (texts, dimensions)."""
        texts = [text for batch in inputs for text in batch["text"]]
        role: Role = getattr(prompt_type, "value", "")
        return self._lookup(texts, role)

    def similarity(self, embeddings1: Any, embeddings2: Any) -> Any:  # noqa: ANN401 - mteb's protocol
        """Cosine similarity of all with all, as a tensor."""
        import torch

        return torch.as_tensor(embeddings1) @ torch.as_tensor(embeddings2).T

    def similarity_pairwise(self, embeddings1: Any, embeddings2: Any) -> Any:  # noqa: ANN401 - mteb's protocol
        """Cosine similarity row by row, as a tensor."""
        import torch

        return (torch.as_tensor(embeddings1) * torch.as_tensor(embeddings2)).sum(dim=1)


def require_mteb(purpose: str) -> None:
    """Refuse to go on without mteb.

    Raises:
        MissingExtraError: it is not installed; the line that installs it is given.
    """
    import importlib.util

    if importlib.util.find_spec("mteb") is None:
        raise MissingExtraError("mteb", "mteb", purpose)
