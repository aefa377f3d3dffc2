import os
from pathlib import Path

import pytest

from nmixx.corpus.readers import count_rows, locate, read_rows
from nmixx.errors import DataError


def write(path, *texts):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f'{{"text": "{text}"}}\n' for text in texts), encoding="utf-8")
    return str(path)


def texts(path):
    return [(number, row["text"]) for number, row in read_rows(str(path))]


def test_a_folder_is_read_in_order_of_names_and_numbered_on(tmp_path):
    write(tmp_path / "b.jsonl", "three")
    write(tmp_path / "a.jsonl", "one", "two")
    (tmp_path / "README.md").write_text("no data")
    (tmp_path / ".hidden.jsonl").write_text("no data")
    assert texts(tmp_path) == [(1, "one"), (2, "two"), (3, "three")]


def test_a_pattern(tmp_path):
    write(tmp_path / "x" / "a.jsonl", "one")
    write(tmp_path / "x" / "y" / "b.jsonl", "two")
    write(tmp_path / "x" / "c.txt", "other")
    assert texts(tmp_path / "x" / "*.jsonl") == [(1, "one")]
    assert texts(tmp_path / "**" / "*.jsonl") == [(1, "one"), (2, "two")]


def test_a_file_whose_name_looks_like_a_pattern(tmp_path):
    assert texts(write(tmp_path / "a[1].jsonl", "one")) == [(1, "one")]


def test_a_pattern_that_matches_nothing(tmp_path):
    with pytest.raises(DataError, match="matches no file"):
        read_rows(str(tmp_path / "*.jsonl"))


def test_a_missing_file_names_those_near(tmp_path):
    write(tmp_path / "pairs_news.jsonl", "one")
    write(tmp_path / "unlike.csv", "one")
    with pytest.raises(DataError) as error:
        read_rows(str(tmp_path / "pair_news.jsonl"))
    assert "no such file" in str(error.value)
    assert "pairs_news.jsonl" in str(error.value)
    assert "unlike" not in str(error.value)


def test_a_missing_folder(tmp_path):
    with pytest.raises(DataError, match="does not exist either"):
        read_rows(str(tmp_path / "nowhere" / "a.jsonl"))


def test_an_unknown_suffix_lists_the_accepted(tmp_path):
    path = tmp_path / "table.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(DataError, match=r"Accepted: \.jsonl, .*\.parquet"):
        read_rows(str(path))


def test_a_folder_without_data(tmp_path):
    with pytest.raises(DataError, match="without a file of a known kind"):
        read_rows(str(tmp_path))


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.tsv", "a.txt", "a.json", "a.jsonl.gz"])
def test_an_empty_file(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(DataError, match="the file is empty"):
        list(read_rows(str(tmp_path / name)))


def test_a_header_without_rows(tmp_path):
    (tmp_path / "a.csv").write_text("ko,en\n")
    with pytest.raises(DataError, match="holds no rows"):
        list(read_rows(str(tmp_path / "a.csv")))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = write(tmp_path / "a.jsonl", "one")
    Path(path).chmod(0)
    with pytest.raises(DataError, match="cannot be read"):
        list(read_rows(path))


@pytest.mark.parametrize("kind", ["pairs", "documents", "benchmark"])
def test_the_sample_is_an_address_like_any_other(kind):
    rows = list(read_rows(f"sample:{kind}"))
    assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
    assert locate(f"sample:{kind}") == [f"sample:{kind}"]
    assert count_rows(f"sample:{kind}") == len(rows)


def test_counting_agrees_with_reading(tmp_path):
    write(tmp_path / "d" / "a.jsonl", "one", "two")
    (tmp_path / "d" / "b.csv").write_text('text\n"three\nlines"\nfour\n')
    (tmp_path / "d" / "c.tsv").write_text("text\nfive\n")
    (tmp_path / "d" / "e.txt").write_text("six\n\nseven")
    path = str(tmp_path / "d")
    assert count_rows(path) == len(list(read_rows(path))) == 7


def test_reading_streams(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "good"}\nbroken\n')
    rows = read_rows(str(path))
    assert next(rows) == (1, {"text": "good"})
    with pytest.raises(DataError, match=r"a\.jsonl:2"):
        next(rows)
