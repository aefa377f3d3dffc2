"""fastText vectors of the caller's own texts, on which FOCUS and WECHSEL rest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nmixx.encoding import FloatArray
from nmixx.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokenizers import Tokenizer

DIMENSIONS = 100


def require(package: str, arm: str) -> Any:  # noqa: ANN401 - a module without types
    """Import a package of the extra ``vocabulary``.

    Raises:
        MissingExtraError: it, or a package that it needs, is not installed.
    """
    try:
        return import_module(package)
    except ImportError as error:
        missing = error.name or package
        raise MissingExtraError(missing, "vocabulary", f"vocabulary.initial {arm}") from error


@contextmanager
def train_vectors(
    fasttext: Any,  # noqa: ANN401 - a module without types
    lines: Iterable[str],
    *,
    epochs: int,
    min_count: int,
    **given: int,
) -> Iterator[tuple[Any, Path]]:
    """Train fastText on lines of tokens; give the model and the file it lies in.

    One thread, since fastText's threads write over each other and no two runs would be the same.
    """
    with tempfile.TemporaryDirectory() as folder:
        text, binary = Path(folder) / "text.txt", Path(folder) / "model.bin"
        with text.open("w", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in lines)
        model = fasttext.train_unsupervised(
            str(text),
            model="cbow",
            dim=DIMENSIONS,
            neg=10,
            epoch=epochs,
            minCount=min_count,
            thread=1,
            verbose=0,
            **given,
        )
        model.save_model(str(binary))
        yield model, binary


def wrap(tokenizer: Tokenizer) -> Any:  # noqa: ANN401 - transformers' own class
    """Give a tokenizer as transformers has it, which both packages ask for."""
    import transformers
    from tokenizers import Tokenizer as Backend

    unknown = next((t for t in ("[UNK]", "<unk>") if tokenizer.token_to_id(t) is not None), None)
    backend = Backend.from_str(tokenizer.to_str())
    made: Any = transformers.PreTrainedTokenizerFast
    return made(tokenizer_object=backend, unk_token=unknown)


def as_rows(made: Any, first: int, size: int) -> FloatArray:  # noqa: ANN401 - array or tensor
    """Cut the new rows out of a whole table."""
    rows: FloatArray = np.asarray(made, dtype=np.float32)[first:size]
    return rows
