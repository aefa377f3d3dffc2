import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmixx.errors import DataError
from nmixx.records import Document, Pair, ScoredPair, Triplet
from nmixx.storage import read_records, write_records

TEXT = st.text(st.characters(exclude_categories=("Cs",)))
DOCUMENTS = st.lists(st.builds(Document, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, st.just({})))


def make_document(number, **extra):
    return Document(f"d{number}", f"글 {number}", "ko", "news", "g", "s", extra)


@settings(max_examples=25)
@given(DOCUMENTS)
def test_records_survive_the_way_there_and_back(tmp_path, documents):
    path = tmp_path / "documents.parquet"
    assert write_records(path, Document, documents) == len(documents)
    assert read_records(path, Document) == documents


def test_the_same_records_give_the_same_bytes(tmp_path):
    documents = [make_document(number, weight=number / 7) for number in range(50)]
    for name in ("one", "other"):
        write_records(tmp_path / name, Document, iter(documents))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_extra_columns_survive_a_stage(tmp_path):
    documents = [make_document(0, weight=2.5, unit="term"), make_document(1, tags=["a", "b"])]
    write_records(tmp_path / "d.parquet", Document, documents)
    first, second = read_records(tmp_path / "d.parquet", Document)
    assert first.extra == {"weight": 2.5, "unit": "term", "tags": None}
    assert second.extra == {"weight": None, "unit": None, "tags": ["a", "b"]}
    write_records(tmp_path / "again.parquet", Document, [first, second])
    assert (tmp_path / "again.parquet").read_bytes() == (tmp_path / "d.parquet").read_bytes()


def test_no_records_still_give_a_file_with_the_columns(tmp_path):
    path = tmp_path / "none.parquet"
    assert write_records(path, Pair, []) == 0
    assert pq.read_table(path).column_names == list(Pair.columns())
    assert read_records(path, Pair) == []


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "d.parquet"
    write_records(path, Document, [make_document(0)])
    with pytest.raises(pa.ArrowInvalid):
        write_records(path, Document, [make_document(1, odd=1), make_document(2, odd="x")])
    assert read_records(path, Document) == [make_document(0)]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"absent\.parquet: no such file"):
        read_records(tmp_path / "absent.parquet", Document)


@pytest.mark.parametrize("keep", [0, 3, 60, 0.5])
def test_a_file_that_is_not_parquet_is_named(tmp_path, keep):
    path = tmp_path / "d.parquet"
    write_records(path, Document, [make_document(0)])
    whole = path.read_bytes()
    path.write_bytes(whole[: keep if keep >= 1 else int(keep * len(whole))])
    with pytest.raises(DataError, match="not a parquet file") as caught:
        read_records(path, Document)
    assert str(path) in str(caught.value)


def test_a_missing_column_is_named_beside_those_there(tmp_path):
    path = tmp_path / "d.parquet"
    pq.write_table(pa.table({"id": ["1"], "body": ["x"]}), path)
    with pytest.raises(DataError, match="no column 'category' for a document") as caught:
        read_records(path, Document)
    assert "id, body" in str(caught.value)


def test_an_empty_cell_is_not_the_text_none(tmp_path):
    path = tmp_path / "d.parquet"
    rows = [make_document(number).to_row() for number in range(3)]
    rows[1]["text"] = None
    pq.write_table(pa.Table.from_pylist(rows), path)
    with pytest.raises(DataError, match=r"row 2.*'text'"):
        read_records(path, Document)


def test_a_cell_of_the_wrong_type_is_named(tmp_path):
    path = tmp_path / "scores.parquet"
    rows = [{"sentence1": "a", "sentence2": "b", "score": score, "lang": "en"} for score in "3x"]
    pq.write_table(pa.Table.from_pylist(rows), path)
    with pytest.raises(DataError, match=r"row 2.*'score'.*'x'"):
        read_records(path, ScoredPair)


def write_triplets(path, count, changes):
    """Write a file of many triplets, some cells of which are changed: (row, column) to value."""
    texts = {name: [f"{name} {at}" for at in range(count)] for name in Triplet.columns()}
    texts["confidence"] = [1.0] * count
    for (row, name), value in changes.items():
        texts[name][row - 1] = value
    pq.write_table(pa.table(texts), path)


@pytest.mark.parametrize(
    ("value", "fault"), [(None, "is empty"), (" \t　", "is blank"), ("", "is blank")]
)
def test_one_bad_row_among_many_is_named(tmp_path, value, fault):
    path = tmp_path / "triplets.parquet"
    write_triplets(path, 50_000, {(31_416, "negative"): value})
    with pytest.raises(DataError, match=rf"row 31416: column 'negative' {fault}\.$"):
        read_records(path, Triplet)


def test_the_first_of_several_bad_rows_is_named_and_the_others_counted(tmp_path):
    path = tmp_path / "triplets.parquet"
    write_triplets(path, 100, {(71, "anchor"): "", (12, "anchor"): " "})
    with pytest.raises(DataError, match=r"row 12: column 'anchor' is blank \(2 such rows\)\.$"):
        read_records(path, Triplet)


def test_bytes_that_are_no_text_are_named(tmp_path):
    path = tmp_path / "triplets.parquet"
    write_triplets(path, 5, {})
    table = pq.read_table(path)
    broken = pa.array([b"a", b"b", b"\xff\xfe", b"d", b"e"]).view(pa.string())
    pq.write_table(table.set_column(0, "anchor", broken), path)
    with pytest.raises(DataError, match=r"row 3: column 'anchor' is not UTF-8 text"):
        read_records(path, Triplet)


def test_an_empty_optional_cell_takes_the_default(tmp_path):
    path = tmp_path / "scores.parquet"
    rows = [
        {"sentence1": "a", "sentence2": "b", "score": 1, "lang": "en", "category": category}
        for category in (None, "news")
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    assert [pair.category for pair in read_records(path, ScoredPair)] == ["", "news"]


def test_optional_columns_may_be_missing_from_a_file(tmp_path):
    path = tmp_path / "scores.parquet"
    pq.write_table(
        pa.table({"sentence1": ["a"], "sentence2": ["b"], "score": [3], "lang": ["en"]}), path
    )
    assert read_records(path, ScoredPair) == [ScoredPair("a", "b", 3.0, "en")]
