from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.benchmark.conftest import make_items

from nmixx.benchmark.exporting import export_items
from nmixx.benchmark.formats import FORMATS, Answer, read_answers
from nmixx.benchmark.items import Item
from nmixx.benchmark.scale import Scale, parse_scale
from nmixx.errors import DataError, InputError, OutputError


def fill_spreadsheet(folder: Path, score: Callable[[str], str]) -> Path:
    path = next(folder.glob("*.csv"))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(row | {"score": score(row["id"]), "comment": "음"} for row in rows)
    return path


def fill_label_studio(folder: Path, score: Callable[[str], str]) -> Path:
    """Answer as Label Studio's JSON export does."""
    tasks = json.loads((folder / "tasks.json").read_text("utf-8"))
    for number, task in enumerate(tasks, start=1):
        choice = {"choices": [score(task["data"]["pair_id"])]}
        task["id"] = number
        task["annotations"] = [
            {"was_cancelled": True, "completed_by": 9, "result": []},
            {
                "completed_by": {"id": 4, "email": "ana"},
                "was_cancelled": False,
                "result": [
                    {"from_name": "score", "type": "choices", "value": choice},
                    {"from_name": "comment", "type": "textarea", "value": {"text": ["음"]}},
                ],
            },
        ]
    path = folder / "export.json"
    path.write_text(json.dumps(tasks), "utf-8")
    return path


def fill_argilla(folder: Path, score: Callable[[str], str]) -> Path:
    """Answer as Argilla's `records.to_json` does."""
    records = json.loads((folder / "records.json").read_text("utf-8"))
    for record in records:
        value: Any = score(record["id"])
        record["responses"] = {
            "score": [{"value": float(value), "user_id": "ana"}],
            "comment": [{"value": "음", "user_id": "ana"}],
        }
    path = folder / "returned.json"
    path.write_text(json.dumps(records), "utf-8")
    return path


FILLERS = {
    "spreadsheet": fill_spreadsheet,
    "label-studio": fill_label_studio,
    "argilla": fill_argilla,
}


@pytest.mark.parametrize("tool", FORMATS)
@pytest.mark.parametrize("scale", ["0:5:1", "0:5:0.5", "0:1"])
def test_round_trip(tool: str, scale: str, items: list[Item], tmp_path: Path) -> None:
    used = parse_scale(scale)
    scores = {item.id: used.labels[at % len(used.labels)] for at, item in enumerate(items)}
    (folder,) = export_items(items, used, ["ana"], tmp_path / "out", tool=tool)
    answers = list(read_answers(FILLERS[tool](folder, lambda identity: scores[identity])))
    assert {str(answer.id): used.read(answer.score) for answer in answers} == {
        identity: float(score) for identity, score in scores.items()
    }
    assert {answer.user for answer in answers} == {"ana"}
    assert {answer.comment for answer in answers} == {"음"}
    texts = {item.id: item.sentence1 for item in items}
    assert all(answer.sentence1 == texts[str(answer.id)] for answer in answers)


@pytest.mark.parametrize("tool", FORMATS)
def test_nothing_of_what_was_meant_is_shown(tool: str, items: list[Item], tmp_path: Path) -> None:
    export_items(items, Scale(), ["ana", "ben"], tmp_path / "out", tool=tool)
    written = {
        path: path.read_text("utf-8")
        for path in (tmp_path / "out").rglob("*")
        if path.is_file() and path.name != "guidelines.md"
    }
    assert written
    told = {word for i in items for word in (i.shift, i.contrast, i.group, i.category, i.made)}
    for path, text in written.items():
        if path.name in {"settings.json", "dataset.json", "interface.xml"}:
            continue
        assert not [word for word in told if word in text], path


@pytest.mark.parametrize("tool", FORMATS)
def test_each_annotator_has_an_order_of_their_own(tool: str, tmp_path: Path) -> None:
    items = make_items(40)
    folders = export_items(items, Scale(), ["ana", "지수"], tmp_path / "out", tool=tool)
    orders = []
    for folder in folders:
        filled = FILLERS[tool](folder, lambda _: "3")
        orders.append([answer.id for answer in read_answers(filled)])
    assert sorted(map(str, orders[0])) == sorted(map(str, orders[1]))
    assert orders[0] != orders[1] != [item.id for item in items]
    again = export_items(items, Scale(), ["ana"], tmp_path / "again", tool=tool)
    assert [a.id for a in read_answers(FILLERS[tool](again[0], lambda _: "3"))] == orders[0]


def test_excel_sees_utf8_and_no_formula(tmp_path: Path) -> None:
    (item,) = make_items(1)
    risky = type(item)(**{**vars(item), "sentence1": "=1+1 이라고 했다", "sentence2": "-5% fell"})
    (folder,) = export_items([risky], Scale(), ["지수"], tmp_path / "out")
    data = (folder / "지수.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "'=1+1 이라고".encode() in data
    assert b"'-5% fell" in data


def test_label_studio_interface_offers_every_score(items: list[Item], tmp_path: Path) -> None:
    (folder,) = export_items(
        items, parse_scale("0:5:0.5"), ["ana"], tmp_path / "out", tool="label-studio"
    )
    tree = ET.parse(folder / "interface.xml")
    assert [choice.get("value") for choice in tree.iter("Choice")] == parse_scale("0:5:0.5").labels
    shown = {text.get("value") for text in tree.iter("Text")}
    assert shown == {"$sentence1", "$sentence2"}
    data = json.loads((folder / "tasks.json").read_text("utf-8"))[0]["data"]
    assert set(data) == {"pair_id", "annotator", "sentence1", "sentence2"}


def test_label_studio_json_min_is_read(tmp_path: Path) -> None:
    row = {
        "id": 1,
        "pair_id": "p1",
        "sentence1": "a",
        "sentence2": "b",
        "score": "4",
        "annotator": 3,
        "annotation_id": 7,
        "comment": "fine",
    }
    path = tmp_path / "min.json"
    path.write_text(json.dumps([row]), "utf-8")
    assert list(read_answers(path)) == [Answer(f"{path}, task 1", "p1", "3", "4", "fine", "a", "b")]


@pytest.mark.parametrize(
    ("scale", "kind"),
    [("0:5:1", "rating"), ("0:1:0.5", "label_selection"), ("-2:2", "label_selection")],
)
def test_argilla_asks_as_the_server_can(scale: str, kind: str, tmp_path: Path) -> None:
    items = make_items(1)
    (folder,) = export_items(items, parse_scale(scale), ["지수"], tmp_path / "out", tool="argilla")
    settings = json.loads((folder / ".argilla" / "settings.json").read_text("utf-8"))
    assert settings["questions"][0]["settings"]["type"] == kind
    name = json.loads((folder / ".argilla" / "dataset.json").read_text("utf-8"))["name"]
    assert name.isascii()


def test_names_and_tools_that_cannot_be(items: list[Item], tmp_path: Path) -> None:
    out = tmp_path / "out"
    for names in ([], ["a/b"], [".."], ["ana", "Ana"], ["a b"]):
        with pytest.raises(InputError, match="annotator"):
            export_items(items, Scale(), names, out)
    with pytest.raises(InputError, match="spreadsheet, label-studio, argilla"):
        export_items(items, Scale(), ["ana"], out, tool="excel")
    assert not out.exists()
    out.mkdir()
    (out / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(OutputError, match="not empty"):
        export_items(items, Scale(), ["ana"], out)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", '[{"x": 1}]', "no returned scores"),
        ("a.json", "[]", "no returned scores"),
        ("a.txt", "p1 3", "no returned scores"),
        ("a.csv", "id;score\np1;3\n", "semicolons"),
        ("a.csv", "pair,score\np1,3\n", "no column 'id'"),
        ("a.json", '[{"data": {"pair_id": "p1"}}]', "no annotations"),
        ("a.json", '[{"id": "p1", "fields": 1, "responses": 2}]', "no responses"),
    ],
)
def test_files_that_are_none(name: str, content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(DataError, match=said):
        list(read_answers(path))
