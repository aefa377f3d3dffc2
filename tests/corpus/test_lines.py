import gzip

import pytest

from nmixx.corpus.lines import read_lines, read_text
from nmixx.errors import DataError


def test_lines_are_numbered_from_one_and_keep_their_ends(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("첫째\r\n둘째".encode())
    assert list(read_lines(path)) == [(1, "첫째\r\n"), (2, "둘째")]


def test_a_byte_order_mark_is_left_out(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfkey\n\xef\xbb\xbfkey\n")
    assert read_text(path) == "key\n\ufeffkey\n"


def test_gzip_is_unpacked(tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress("금리\n".encode()))
    assert read_text(path) == "금리\n"


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("a.txt", "iconv -f cp949 -t utf-8 a.txt > utf8-a.txt"),
        ("a.txt.gz", "gzip -dc a.txt.gz | iconv -f cp949 -t utf-8 | gzip > utf8-a.txt.gz"),
    ],
)
def test_cp949_is_named_with_line_byte_and_command(tmp_path, name, command):
    path = tmp_path / name
    data = b"plain\nrate " + "금리".encode("cp949")
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    with pytest.raises(DataError) as error:
        read_text(path)
    message = str(error.value)
    assert f"{path}:2: not UTF-8 (byte 0xb1 at 6)" in message
    assert "reads as cp949" in message
    assert command in message


def test_utf16_is_named(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("금리 rate".encode("utf-16"))
    with pytest.raises(DataError, match="reads as utf-16"):
        read_text(path)


def test_an_unknown_encoding_is_not_guessed(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Prämie".encode("latin-1"))
    with pytest.raises(DataError) as error:
        read_text(path)
    assert "iconv" not in str(error.value)
    assert "Save the file as UTF-8" in str(error.value)


@pytest.mark.parametrize("cut", [0, 10, -4])
def test_broken_gzip(tmp_path, cut):
    path = tmp_path / "a.jsonl.gz"
    data = gzip.compress(b'{"text": "a long enough line to be cut somewhere"}\n' * 20)
    path.write_bytes(data[:cut] if cut else b"not gzip at all")
    with pytest.raises(DataError, match="broken gzip"):
        list(read_lines(path))


def test_a_corrupt_gzip_stream(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    data = bytearray(gzip.compress(b"some text that is compressed\n" * 50))
    data[20:30] = b"\xff" * 10
    path.write_bytes(data)
    with pytest.raises(DataError, match="broken gzip"):
        list(read_lines(path))


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        list(read_lines(tmp_path))
