"""Import: what annotators return, checked line by line before anything is written."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nmixx.benchmark.exporting import check_names
from nmixx.benchmark.folders import JUDGEMENTS_NAME, new_folder, write_items
from nmixx.benchmark.formats import Answer, read_answers
from nmixx.benchmark.items import Item, Judgement
from nmixx.benchmark.scale import Scale
from nmixx.corpus.clean import normalise_key
from nmixx.errors import DataError, InputError
from nmixx.storage import write_records

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Returned:
    """A returned file, and whose it is where the file's own word is not to be taken."""

    path: Path
    annotator: str = ""


@dataclass(frozen=True)
class Imported:
    """Scores that passed every check, and the pairs that are still without."""

    judgements: list[Judgement]
    missing: dict[str, int]

    def counts(self) -> dict[str, int]:
        """Count the scores of each annotator, and what is missing."""
        found = dict.fromkeys(self.missing, 0)
        for judgement in self.judgements:
            found[judgement.annotator] += 1
        missing = {f"missing of {name}": count for name, count in self.missing.items() if count}
        return found | missing


def read_scores(
    items: Sequence[Item],
    scale: Scale,
    files: Sequence[Returned],
    *,
    annotators: Sequence[str] = (),
    users: Mapping[str, str] | None = None,
    partial: bool = False,
    whole: bool = True,
) -> Imported:
    """Read and check what annotators returned.

    Args:
        items: the pairs that were to be judged.
        scale: on which they were to be judged.
        files: spreadsheets, or exports of Label Studio or Argilla.
        annotators: who may have scored; anybody when empty.
        users: a tool's name or number of a user to the annotator's name.
        partial: accept pairs without a score.
        whole: expect a row for every pair, as in annotation; adjudication is of some only.

    Raises:
        DataError: a file cannot be read, or a row has an id that is not among the pairs, other
            sentences than the pair, a score off the scale, an annotator who is not expected, or a
            pair scored twice; or pairs are without a score. The file and the row are named.
        InputError: an annotator's name cannot be used.
    """
    if annotators:
        check_names(annotators)
    reader = _Reader(items, scale, annotators, users or {})
    for file in files:
        reader.read(file)
    if not partial:
        reader.require_all(whole=whole)
    reader.raise_first()
    return reader.result()


def write_scores(
    items: Sequence[Item],
    imported: Imported,
    scale: Scale,
    out: Path,
    *,
    files: Iterable[Returned],
    kind: str = "scores",
) -> None:
    """Write scores, and the pairs they belong to, to a new folder.

    Raises:
        OutputError: the folder holds something already.
    """
    facts = {
        "scale": scale.model_dump(),
        "files": [str(file.path) for file in files],
        "scores": imported.counts(),
    }
    with new_folder(out) as folder:
        write_records(folder / JUDGEMENTS_NAME, Judgement, imported.judgements)
        write_items(folder, kind, list(items), facts)


class _Reader:
    """Reads answers one by one and keeps the problems, so that a person can mend all at once."""

    def __init__(
        self,
        items: Sequence[Item],
        scale: Scale,
        annotators: Sequence[str],
        users: Mapping[str, str],
    ) -> None:
        self._items = {item.id: item for item in items}
        self._scale = scale
        self._expected = list(annotators)
        self._users = users
        self._found: dict[tuple[str, str], tuple[Judgement, str]] = {}
        self._empty: list[tuple[str, str, str]] = []
        self._seen: dict[str, str] = dict.fromkeys(annotators, "")
        self._problems: list[str] = []

    def read(self, file: Returned) -> None:
        """Read one file."""
        rows = False
        for answer in read_answers(file.path):
            rows = True
            problem = self._take(answer, file)
            if problem:
                self._problems.append(f"{answer.where}: {problem}")
        if not rows:
            self._problems.append(f"{file.path}: holds no rows; a row for each pair was expected.")

    def _take(self, answer: Answer, file: Returned) -> str | None:
        """Take one answer in, or say what is wrong with it."""
        item = self._items.get(str(answer.id or "").strip())
        if item is None:
            return (
                f"the id {answer.id!r} is none of the {len(self._items)} pairs; the ids of the "
                "export were expected, unchanged."
            )
        for ours, theirs in (
            (item.sentence1, answer.sentence1),
            (item.sentence2, answer.sentence2),
        ):
            if theirs is not None and normalise_key(str(theirs)) != normalise_key(ours):
                return (
                    f"its sentences are not those of pair {item.id}: found "
                    f"'{str(theirs)[:40]}', expected '{ours[:40]}'. Was one column sorted alone?"
                )
        name, problem = self._name(answer, file)
        return problem or self._score(answer, item, name)

    def _name(self, answer: Answer, file: Returned) -> tuple[str, str | None]:
        """Find out whose answer it is."""
        said = self._users.get(answer.user, answer.user)
        name = file.annotator or said
        if not name:
            return "", (
                "nobody is named as its annotator. Name whose file it is: "
                f"NAME={file.path}, or fill the column annotator."
            )
        if self._expected and name not in self._expected:
            return "", (
                f"the annotator {name!r} is unknown; expected {', '.join(self._expected)}.\n"
                "A tool's own name or number of a user is translated with --user THEIRS=NAME."
            )
        if file.annotator and answer.user in (set(self._expected) - {file.annotator}):
            return "", f"it is {answer.user}'s, but the file was given as {file.annotator}'s."
        self._seen.setdefault(name, answer.where)
        return name, None

    def _score(self, answer: Answer, item: Item, name: str) -> str | None:
        """Take the score in, or say why it cannot be."""
        if answer.score is None or not str(answer.score).strip():
            self._empty.append((name, item.id, answer.where))
            return None
        score = self._scale.read(answer.score)
        if score is None:
            comma = " Write a point for the comma." if "," in str(answer.score) else ""
            return f"the score is {answer.score!r}; {self._scale} was expected.{comma}"
        before = self._found.get((name, item.id))
        if before is not None:
            return f"{name} scored pair {item.id} before, at {before[1]}; one score was expected."
        judgement = Judgement(item.id, name, score, answer.comment)
        self._found[name, item.id] = judgement, answer.where
        return None

    def require_all(self, *, whole: bool) -> None:
        """Note pairs that an annotator left without a score, or that are in no row."""
        for name, identity, where in self._empty:
            if (name, identity) not in self._found:
                self._problems.append(f"{where}: the score is empty; {self._scale} was expected.")
        empty = {(name, identity) for name, identity, _ in self._empty}
        for name in self._seen if whole else ():
            lost = [i for i in self._items if (name, i) not in self._found.keys() | empty]
            if lost:
                self._problems.append(
                    f"{name}: {len(lost)} of {len(self._items)} pairs are in no row, such as "
                    f"{lost[0]}. Expected a row for each; --partial takes what is there."
                )

    def raise_first(self) -> None:
        """Raise an error about the first problem, and count the others."""
        for problem in self._problems[1:]:
            logger.info("%s", problem)
        if not self._problems:
            if not self._found:
                raise DataError("the files hold no score at all. Nothing was written.")
            return
        more = len(self._problems) - 1
        tail = f"\n{more} more like this; nmixx -v lists them." if more else ""
        raise DataError(self._problems[0] + " Nothing was written." + tail)

    def result(self) -> Imported:
        """Give the scores by annotator, in the order of the pairs."""
        order = {identity: at for at, identity in enumerate(self._items)}
        names = sorted(self._seen)
        judgements = sorted(
            (judgement for judgement, _ in self._found.values()),
            key=lambda judgement: (judgement.annotator, order[judgement.id]),
        )
        missing = {
            name: len(self._items) - sum(judgement.annotator == name for judgement in judgements)
            for name in names
        }
        return Imported(judgements, missing)


def require_settled_once(imported: Imported) -> None:
    """Refuse an adjudication that settles a pair twice.

    Raises:
        DataError: two adjudicators scored the same pair.
    """
    first: dict[str, Judgement] = {}
    for one in imported.judgements:
        other = first.setdefault(one.id, one)
        if other is not one:
            raise DataError(
                f"pair {one.id}: adjudicated by {other.annotator} ({other.score:g}) and by "
                f"{one.annotator} ({one.score:g}); one score was expected. Nothing was written."
            )


def parse_files(values: Sequence[str]) -> list[Returned]:
    """Read ``FILE`` or ``NAME=FILE``.

    Raises:
        InputError: no file is named, or a file stands twice.
    """
    files = []
    for value in values:
        name, equals, path = value.partition("=")
        whole = Path(value)
        files.append(
            Returned(Path(path), name)
            if equals and path and not whole.exists()
            else Returned(whole)
        )
    places = [file.path.resolve() for file in files]
    for file in files:
        if places.count(file.path.resolve()) > 1:
            raise InputError(f"{file.path}: given twice.")
    return files


def parse_users(values: Sequence[str]) -> dict[str, str]:
    """Read ``THEIRS=NAME``.

    Raises:
        InputError: a value is no such thing.
    """
    users = {}
    for value in values:
        theirs, equals, name = value.rpartition("=")
        if not equals or not theirs or not name:
            raise InputError(f"--user {value!r}: expected THEIRS=NAME, such as 7=ana.")
        users[theirs] = name
    return users
