"""Label Studio: tasks to import, a labelling interface, and its JSON export.

Task format: https://labelstud.io/guide/task_format; both its JSON and its JSON-MIN export are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from nmixx.benchmark.formats.sheet import Answer, Format, Sheet
from nmixx.benchmark.guidelines import QUESTION, QUESTION_KO
from nmixx.benchmark.scale import Scale
from nmixx.corpus.formats import read_json
from nmixx.errors import DataError
from nmixx.storage import write_json, write_text

SCORE = "score"
COMMENT = "comment"


def write_label_studio(sheet: Sheet, folder: Path) -> None:
    """Write ``tasks.json`` to import and ``interface.xml`` for the project's settings."""
    tasks = [
        {
            "data": {
                "pair_id": task.id,
                "annotator": sheet.annotator,
                "sentence1": task.sentence1,
                "sentence2": task.sentence2,
                **({"note": task.note} if task.note else {}),
            }
        }
        for task in sheet.tasks
    ]
    write_json(folder / "tasks.json", tasks)
    noted = any(task.note for task in sheet.tasks)
    write_text(folder / "interface.xml", _interface(sheet.scale, noted=noted))


def read_label_studio(path: Path) -> Iterator[Answer]:
    """Read the scores of an export; a skipped task has none."""
    for number, row in read_json(path):
        where = f"{path}, task {number}"
        data = row.get("data")
        if isinstance(data, dict):
            yield from _read_task(where, data, row)
            continue
        yield Answer(  # JSON-MIN: the fields of a task and its annotation side by side
            where=where,
            id=row.get("pair_id"),
            user=_user(row.get("annotator")),
            score=row.get(SCORE),
            comment=_plain(row.get(COMMENT)),
            sentence1=row.get("sentence1"),
            sentence2=row.get("sentence2"),
        )


def _read_task(where: str, data: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Answer]:
    """Read the annotations of one task; a task without any gives one answer without a score."""
    annotations = row.get("annotations")
    if annotations is None:
        raise DataError(
            f"{where}: no annotations in it. Is this the file that was imported there?\n"
            "Expected Label Studio's export in the format JSON or JSON-MIN."
        )
    kept = [one for one in annotations if isinstance(one, dict) and not one.get("was_cancelled")]
    for one in kept or [{}]:
        values = {
            result.get("from_name"): _value(result.get("value"))
            for result in one.get("result", [])
            if isinstance(result, dict)
        }
        yield Answer(
            where=where,
            id=data.get("pair_id"),
            user=_user(one.get("completed_by")) or str(data.get("annotator") or ""),
            score=values.get(SCORE),
            comment=_plain(values.get(COMMENT)),
            sentence1=data.get("sentence1"),
            sentence2=data.get("sentence2"),
        )


def _value(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Take the one thing out of a result's value: ``{"choices": ["3"]}`` is ``"3"``."""
    inner = next(iter(value.values()), None) if isinstance(value, dict) else value
    return inner[0] if isinstance(inner, list) and len(inner) == 1 else inner


def _user(found: Any) -> str:  # noqa: ANN401 - a number, a text, or an object with either
    """Name who annotated: by e-mail where the export tells it, else by number."""
    if isinstance(found, dict):
        found = found.get("email") or found.get("id")
    return "" if found is None else str(found)


def _plain(value: Any) -> str:  # noqa: ANN401 - a text or a list of texts
    """Give a comment as one text."""
    parts = value if isinstance(value, list) else [value]
    return " ".join(str(part).strip() for part in parts if part)


def _interface(scale: Scale, *, noted: bool) -> str:
    """Write the labelling interface: the two sentences, a button a score, room for a comment."""
    choices = "\n".join(
        f"    <Choice value={quoteattr(label)}"
        + (f" hint={quoteattr(scale.meaning(value))}" if scale.meaning(value) else "")
        + "/>"
        for value, label in zip(scale.values, scale.labels, strict=True)
    )
    note = '  <Text name="note" value="$note"/>\n' if noted else ""
    return (
        "<View>\n"
        f"  <Header value={quoteattr(f'{QUESTION} {QUESTION_KO}')}/>\n"
        '  <Text name="sentence1" value="$sentence1"/>\n'
        '  <Text name="sentence2" value="$sentence2"/>\n'
        f"{note}"
        f'  <Choices name="{SCORE}" toName="sentence2" choice="single-radio" showInline="true" '
        'required="true">\n'
        f"{choices}\n"
        "  </Choices>\n"
        f'  <TextArea name="{COMMENT}" toName="sentence2" rows="2" maxSubmissions="1" '
        'placeholder="Comment / 의견" required="false"/>\n'
        "</View>\n"
    )


def _recognises(row: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether a row of JSON is one of ours in Label Studio."""
    return isinstance(row, dict) and ("data" in row or "pair_id" in row)


LABEL_STUDIO = Format(write_label_studio, read_label_studio, ".json", _recognises)
