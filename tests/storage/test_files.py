import os
import signal
import subprocess
import sys
import textwrap

import pytest

from nmixx.errors import DataError
from nmixx.storage import atomic_file, hash_file, read_json, write_json, write_text


def test_a_finished_block_replaces_the_file(tmp_path):
    path = tmp_path / "deep" / "file.txt"
    write_text(path, "old")
    write_text(path, "새것")
    assert path.read_text(encoding="utf-8") == "새것"
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_block_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic_file(path) as temporary:
        temporary.write_text("half of the n")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_first_write_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), atomic_file(tmp_path / "file.txt") as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_is_not_json_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.json"
    write_json(path, {"old": 1})
    with pytest.raises(TypeError):
        write_json(path, {"new": object()})
    assert read_json(path) == {"old": 1}


def test_a_kill_in_the_middle_of_a_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")
    code = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from nmixx.storage import atomic_file
        with atomic_file(Path(sys.argv[1])) as temporary:
            with temporary.open("w") as stream:
                stream.write("half of the n")
                stream.flush()
                print("writing", flush=True)
                time.sleep(60)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        os.kill(process.pid, signal.SIGKILL)
    assert path.read_text() == "old"
    write_text(path, "new")
    assert path.read_text() == "new"


def test_the_temporary_name_keeps_the_suffix_and_the_folder(tmp_path):
    # Writers such as numpy append a suffix of their own when it is not there already.
    with atomic_file(tmp_path / "vectors.npy") as temporary:
        assert temporary.suffix == ".npy"
        assert temporary.parent == tmp_path
        temporary.write_bytes(b"")


def test_json_keeps_korean_readable(tmp_path):
    path = tmp_path / "file.json"
    write_json(path, {"이름": ["값", 1.5, None]})
    assert "이름" in path.read_text(encoding="utf-8")
    assert read_json(path) == {"이름": ["값", 1.5, None]}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{}"])
def test_a_broken_json_file_is_named(tmp_path, content):
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match="not a JSON file") as caught:
        read_json(path)
    assert str(path) in str(caught.value)


def test_a_missing_json_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"absent\.json: no such file"):
        read_json(tmp_path / "absent.json")


def test_the_hash_is_sha_256_of_the_bytes(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    assert hash_file(path).startswith("ba7816bf8f01cfea414140de5dae2223")
