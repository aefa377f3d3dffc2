import datetime

from nmixx.corpus.extras import rename_taken, settle_records
from nmixx.records import Document
from nmixx.storage import read_records, write_records


def document(place, **extra):
    return Document(f"d-{place}", "text", "en", "news", "", "s", extra)


def test_taken_names_are_kept_under_another():
    assert rename_taken({"id", "weight"}, {"weight": 2, "note": "x"}, "7") == {
        "own_id": "7",
        "own_weight": 2,
        "note": "x",
    }


def test_every_column_fits_one_parquet_file(tmp_path):
    rows = [
        {"plain": "a", "number": 1, "mixed": 1, "nested": [1], "when": datetime.date(2024, 1, 2)},
        {"plain": None, "number": 2.5, "mixed": "금리", "huge": 2**70, "none": None},
        {"plain": "\ud800", "flag": True, "mixed": {"a": None}},
    ]
    documents = [document(place, **row) for place, row in enumerate(rows)]
    settled = settle_records(documents, {f"d-{n}": "g" for n in range(3)})
    write_records(tmp_path / "d.parquet", Document, settled)
    back = [record.extra for record in read_records(tmp_path / "d.parquet", Document)]
    columns = {name: [extra[name] for extra in back] for name in back[0]}
    assert columns == {
        "plain": ["a", None, "?"],
        "number": [1.0, 2.5, None],
        "mixed": ["1", "금리", '{"a": null}'],
        "nested": ["[1]", None, None],
        "when": ['"2024-01-02"', None, None],
        "huge": [None, str(2**70), None],
        "flag": [None, None, True],
    }
    assert {record.group for record in settled} == {"g"}
