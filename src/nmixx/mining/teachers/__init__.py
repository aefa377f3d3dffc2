"""Teachers: what scores candidates, behind one protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nmixx.encoding import Precision
from nmixx.errors import InputError
from nmixx.mining.teachers.bounds import require_bounded
from nmixx.mining.teachers.protocol import Hits, Query, Scorer, Teacher, Tier

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = [
    "TEACHERS",
    "DenseOptions",
    "Hits",
    "Query",
    "Scorer",
    "Teacher",
    "Tier",
    "dense_teacher",
    "make_teacher",
    "require_bounded",
]


@dataclass(frozen=True)
class DenseOptions:
    """What a dense teacher needs besides its model's name.

    Attributes:
        store: folder of the embedding store.
        query_prompt: put before every query.
        document_prompt: put before every document.
        precision: of encoding and search.
    """

    store: Path
    query_prompt: str | None = None
    document_prompt: str | None = None
    precision: Precision = "auto"


def make_teacher(spec: str, options: DenseOptions, *, comparer: Teacher | None = None) -> Teacher:
    """Make the teacher that a person names.

    Args:
        spec: ``bm25``, ``run:FILE``, or the name of an embedding model.
        options: for a dense teacher.
        comparer: compares documents for a teacher that cannot.

    Raises:
        InputError: nothing is known under that name, or it cannot be loaded.
    """
    kind, _, rest = spec.partition(":")
    if kind in TEACHERS:
        return TEACHERS[kind](rest, comparer)
    return _dense(spec, options)


def dense_teacher(model: SentenceTransformer, name: str, options: DenseOptions) -> Teacher:
    """Make a teacher of a loaded embedding model.

    Args:
        model: encodes queries and documents, each with their prompt.
        name: stands in the files beside its scores.
        options: prompts, precision and store.
    """
    from nmixx.encoding import SentenceEncoder
    from nmixx.mining.teachers.dense import DenseTeacher

    prompts = (options.query_prompt, options.document_prompt)
    queries, documents = (
        SentenceEncoder(model, prompt=prompt, precision=options.precision) for prompt in prompts
    )
    return DenseTeacher(name, queries, documents, options.store, options.precision)


def _dense(name: str, options: DenseOptions) -> Teacher:
    """Load an embedding model."""
    from nmixx.encoding import choose_device, load_model

    return dense_teacher(load_model(name, device=choose_device()), name, options)


def _lexical(rest: str, comparer: Teacher | None) -> Teacher:
    """Make the BM25 teacher."""
    from nmixx.mining.teachers.lexical import LexicalTeacher

    if rest:
        raise InputError(f"teacher 'bm25:{rest}': bm25 takes nothing after its name.")
    return LexicalTeacher(comparer=comparer)


def _run(rest: str, comparer: Teacher | None) -> Teacher:
    """Make the teacher of a run file; its kind is known at once, its lines are read later."""
    from nmixx.mining.run_formats import find_kind
    from nmixx.mining.teachers.run import RunTeacher

    path = Path(rest).expanduser()
    if not path.is_file():
        raise InputError(f"teacher 'run:{rest}': no such file.\nExpected run:FILE.")
    find_kind(path)
    return RunTeacher(path, comparer)


TEACHERS: Mapping[str, Callable[[str, Teacher | None], Teacher]] = {
    "bm25": _lexical,
    "run": _run,
}
"""Kind to what makes its teacher from what follows the colon; all else is a model's name."""
