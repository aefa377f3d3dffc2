import pytest

from nmixx.errors import DataError
from nmixx.vocabulary.growing.terms import Terms, read_terms


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_blank_and_repeated_lines_are_left_out_and_counted(tmp_path):
    path = write(
        tmp_path / "t.txt",
        "역레포\n\n  \n 콜  옵션 \n역레포\n\u110b\u1167\u11a8\u1105\u1166\u1111\u1169\n",
    )
    assert read_terms(path) == Terms(("역레포", "콜 옵션"), blanks=2, duplicates=2)


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("t.csv", "term,note\n역레포,a\n,b\n콜옵션,c\n", None),
        ("t.csv", "ko,en\n역레포,reverse repo\n,x\n콜옵션,call\n", "ko"),
        ("t.jsonl", '{"text": "역레포"}\n{"text": ""}\n{"text": "콜옵션"}\n', None),
        ("t.jsonl", '{"name": "역레포"}\n{"name": null}\n{"name": "콜옵션"}\n', None),
    ],
)
def test_a_column_is_read(tmp_path, name, text, column):
    found = read_terms(write(tmp_path / name, text), column)
    assert found == Terms(("역레포", "콜옵션"), blanks=1)


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path):
    path = write(tmp_path / "t.csv", "ko,en\n역레포,reverse repo\n")
    with pytest.raises(DataError, match=r"no column 'term' or 'text'; its columns: ko, en"):
        read_terms(path)
    with pytest.raises(DataError, match=r"no column 'kr'; its columns: ko, en"):
        read_terms(path, "kr")


def test_a_file_of_blanks_is_refused(tmp_path):
    with pytest.raises(DataError, match="holds no terms, 2 blank lines only"):
        read_terms(write(tmp_path / "t.txt", "\n \n"))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="no such file of terms"):
        read_terms(str(tmp_path / "none.txt"))
