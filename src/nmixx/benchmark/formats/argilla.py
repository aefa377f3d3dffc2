"""Argilla 2: a dataset as `Dataset.from_disk` loads it, and the records that it exports.

https://docs.argilla.io/latest/how_to_guides/import_export
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nmixx.benchmark.formats.sheet import Answer, Format, Sheet
from nmixx.benchmark.guidelines import QUESTION, QUESTION_KO
from nmixx.benchmark.scale import Scale
from nmixx.corpus.formats import read_json
from nmixx.errors import DataError
from nmixx.storage import fingerprint, write_json

SCORE = "score"
COMMENT = "comment"
_RATINGS = range(11)  # the server takes whole numbers from 0 to 10 as ratings
_LEAST_VISIBLE = 3
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]+")


def write_argilla(sheet: Sheet, folder: Path) -> None:
    """Write ``.argilla/settings.json``, ``.argilla/dataset.json`` and ``records.json``."""
    distribution = {"strategy": "overlap", "min_submitted": 1}
    noted = any(task.note for task in sheet.tasks)
    names = ("sentence1", "sentence2", *(("note",) if noted else ()))
    settings = {
        "guidelines": sheet.guidelines,
        "questions": [_score_question(sheet.scale), _comment_question()],
        "fields": [_field(name, required=name != "note") for name in names],
        "vectors": [],
        "metadata": [],
        "allow_extra_metadata": False,
        "distribution": distribution,
        "mapping": None,
    }
    dataset = {
        "name": _dataset_name(sheet.annotator),
        "guidelines": sheet.guidelines,
        "allow_extra_metadata": False,
        "status": "ready",
        "distribution": distribution,
    }
    records = [
        {
            "id": task.id,
            "fields": {
                "sentence1": task.sentence1,
                "sentence2": task.sentence2,
                **({"note": task.note} if task.note else {}),
            },
            "metadata": {},
            "suggestions": {},
            "responses": {},
            "vectors": {},
        }
        for task in sheet.tasks
    ]
    write_json(folder / ".argilla" / "settings.json", settings)
    write_json(folder / ".argilla" / "dataset.json", dataset)
    write_json(folder / "records.json", records)


def read_argilla(path: Path) -> Iterator[Answer]:
    """Read the responses of exported records; a record without any gives one without a score."""
    for number, row in read_json(path):
        where = f"{path}, record {number}"
        responses, fields = row.get("responses"), row.get("fields")
        if not isinstance(responses, dict) or not isinstance(fields, dict):
            raise DataError(
                f"{where}: no responses and fields in it.\n"
                "Expected the records that Argilla 2 writes with dataset.records.to_json(FILE)."
            )
        comments = {_user(one): str(one.get("value") or "") for one in _said(responses, COMMENT)}
        for one in _said(responses, SCORE) or [{}]:
            user = _user(one)
            yield Answer(
                where=where,
                id=row.get("id"),
                user=user,
                score=one.get("value"),
                comment=comments.get(user, "").strip(),
                sentence1=fields.get("sentence1"),
                sentence2=fields.get("sentence2"),
            )


def _dataset_name(annotator: str) -> str:
    """Name an annotator's dataset; the server takes plain letters, digits, - and _ only."""
    plain = _PLAIN_NAME.fullmatch(annotator)
    return f"pairs-{annotator if plain else fingerprint(annotator)[:8]}"


def _said(responses: dict[str, Any], question: str) -> list[dict[str, Any]]:
    """List the responses to a question."""
    found = responses.get(question)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _user(response: dict[str, Any]) -> str:
    """Name who responded."""
    found = response.get("user_id")
    return "" if found is None else str(found)


def _score_question(scale: Scale) -> dict[str, Any]:
    """Ask for a rating where the server has them, else for one of several labels."""
    whole = all(value == int(value) and int(value) in _RATINGS for value in scale.values)
    options: list[dict[str, Any]]
    if whole:
        kind, options = "rating", [{"value": int(value)} for value in scale.values]
    else:
        kind = "label_selection"
        options = [{"value": label, "text": label, "description": None} for label in scale.labels]
    settings: dict[str, Any] = {"type": kind, "options": options}
    if not whole and len(options) >= _LEAST_VISIBLE:
        settings["visible_options"] = len(options)
    meanings = [f"{v:g} {scale.meaning(v)}" for v in reversed(scale.values) if scale.meaning(v)]
    return {
        "name": SCORE,
        "title": f"{QUESTION} {QUESTION_KO}",
        "description": "; ".join(meanings) or None,
        "required": True,
        "settings": settings,
    }


def _comment_question() -> dict[str, Any]:
    """Leave room for a comment."""
    return {
        "name": COMMENT,
        "title": "Comment / 의견",
        "description": None,
        "required": False,
        "settings": {"type": "text", "use_markdown": False},
    }


def _field(name: str, *, required: bool) -> dict[str, Any]:
    """Describe one text that is shown."""
    return {
        "name": name,
        "title": name,
        "required": required,
        "description": None,
        "settings": {"type": "text", "use_markdown": False},
    }


def _recognises(row: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether a row of JSON is a record of Argilla."""
    return isinstance(row, dict) and "fields" in row and "responses" in row


ARGILLA = Format(write_argilla, read_argilla, ".json", _recognises)
