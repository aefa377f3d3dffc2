import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nmixx.corpus.formats import FORMATS, suffix_of
from nmixx.errors import DataError

ROWS = [{"ko": "순이익", "en": "net, profit"}, {"ko": "금리\n인상", "en": 'a "hike"'}]
PLAIN_ROWS = [{"ko": "순이익", "en": "net profit"}, {"ko": "금리 인상", "en": "rate hike"}]


def read(path):
    return list(FORMATS[suffix_of(path)](path))


def write(path, text):
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(gzip.compress(data) if path.name.endswith(".gz") else data)
    return path


def fail(path):
    with pytest.raises(DataError) as error:
        read(path)
    return str(error.value)


CONTENTS = {
    "jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS),
    "json": json.dumps(ROWS, ensure_ascii=False, indent=2),
    "csv": 'ko,en\n순이익,"net, profit"\n"금리\n인상","a ""hike"""\n',
}


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("kind", CONTENTS)
def test_each_format_gives_the_same_rows(tmp_path, kind, packed):
    path = write(tmp_path / f"a.{kind}{packed}", CONTENTS[kind])
    assert read(path) == [(1, ROWS[0]), (2, ROWS[1])]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("packed", ["", ".gz"])
def test_tsv(tmp_path, packed, mark):
    path = write(
        tmp_path / f"a.tsv{packed}",
        mark + "ko\ten\r\n순이익\tnet profit\r\n금리 인상\trate hike".encode(),
    )
    assert read(path) == list(enumerate(PLAIN_ROWS, start=1))


def test_a_stray_quote_in_tsv_swallows_nothing(tmp_path):
    path = write(tmp_path / "a.tsv", 'ko\ten\n"시작\ta "quoted" word\n가\t"whole ""field"""\n')
    assert [row for _, row in read(path)] == [
        {"ko": '"시작', "en": 'a "quoted" word'},
        {"ko": "가", "en": 'whole "field"'},
    ]


def test_parquet_over_several_batches(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [f"row {n}" for n in range(5_000)]}), path)
    rows = read(path)
    assert [number for number, _ in rows] == list(range(1, 5_001))
    assert rows[4_999][1] == {"text": "row 4999"}


def test_txt_passes_over_blank_lines_and_numbers_by_line(tmp_path):
    assert read(write(tmp_path / "a.txt", "하나\n\n  둘 \r\n")) == [
        (1, {"text": "하나"}),
        (3, {"text": "둘"}),
    ]


def test_json_that_holds_lines(tmp_path):
    path = write(tmp_path / "a.json.gz", '{"text": "a"}\n{"text": "b"}\n')
    assert [row["text"] for _, row in read(path)] == ["a", "b"]


def test_a_broken_json_line_is_named(tmp_path):
    message = fail(write(tmp_path / "a.jsonl", '{"text": "a"}\n\n{"text": "b}\n'))
    assert "a.jsonl:3: broken JSON" in message


@pytest.mark.parametrize(
    ("line", "kind"), [("[1]", "an array"), ("3", "a number"), ("null", "null"), ('"a"', "a text")]
)
def test_a_line_that_is_no_object_is_named(tmp_path, line, kind):
    message = fail(write(tmp_path / "a.jsonl", f'{{"text": "a"}}\n{line}\n'))
    assert f"a.jsonl:2: {kind}, not an object" in message


def test_json_deeper_than_python_can_read(tmp_path):
    assert "cannot be read" in fail(write(tmp_path / "a.jsonl", '{"a": ' + "[" * 100_000))


def test_csv_with_a_big_field(tmp_path):
    big = "가" * 300_000
    path = write(tmp_path / "a.csv", f"text,lang\n{big},ko\n")
    assert read(path)[0][1]["text"] == big


def test_csv_with_a_row_of_another_length(tmp_path):
    message = fail(write(tmp_path / "a.csv", "ko,en\n가,a\n나,b,c\n"))
    assert "a.csv:3: fields: 3; the header names 2 (ko, en)" in message


def test_csv_with_an_unclosed_quote(tmp_path):
    assert "broken CSV" in fail(write(tmp_path / "a.csv", 'ko,en\n"가,a\n나,b\n'))


def test_csv_with_a_column_twice(tmp_path):
    assert "'ko' stands twice" in fail(write(tmp_path / "a.csv", "ko,ko\n가,나\n"))


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"not parquet at all", b"PAR1" + b"\0" * 40 + b"PAR1"]
)
def test_broken_parquet(tmp_path, data):
    assert "broken parquet" in fail(write(tmp_path / "a.parquet", data))


@pytest.mark.parametrize(
    ("name", "suffix"), [("A.JSONL.GZ", ".jsonl.gz"), ("a.xlsx", None), ("b.txt", ".txt")]
)
def test_suffix(tmp_path, name, suffix):
    assert suffix_of(tmp_path / name) == suffix
