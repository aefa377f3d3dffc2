import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from nmixx.storage import Manifest, fingerprint, hash_path
from nmixx.storage import manifest as module
from nmixx.training.kinds import KINDS


def make_manifest(folder, *names):
    return Manifest(
        stage="mining",
        fingerprint="abc",
        settings={"margin": 0.95},
        inputs={"pairs": "1"},
        outputs={name: hash_path(folder / name) for name in names},
        counts={"negatives": 3},
        seconds=1.5,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rows.bin").write_bytes(b"0123456789")
    (tmp_path / "model" / "part").mkdir(parents=True)
    (tmp_path / "model" / "part" / "weights").write_bytes(b"weights")
    (tmp_path / "model" / "config").write_bytes(b"config")
    return tmp_path


def test_a_manifest_is_read_as_it_was_written(folder):
    manifest = make_manifest(folder, "rows.bin", "model")
    manifest.write(folder)
    assert Manifest.read(folder) == manifest
    assert manifest.libraries["torch"]


def test_a_stage_without_a_manifest_has_not_finished(tmp_path):
    assert Manifest.read(tmp_path) is None


def test_untouched_outputs_stand(folder):
    assert make_manifest(folder, "rows.bin", "model").stands(folder)


@pytest.mark.parametrize("name", ["rows.bin", "model/part/weights", "model/config"])
def test_a_changed_byte_is_noticed(folder, name):
    manifest = make_manifest(folder, "rows.bin", "model")
    changed = bytearray((folder / name).read_bytes())
    changed[2] ^= 1
    (folder / name).write_bytes(changed)
    assert not manifest.stands(folder)


@pytest.mark.parametrize("name", ["rows.bin", "model/part/weights"])
def test_a_missing_file_is_noticed(folder, name):
    manifest = make_manifest(folder, "rows.bin", "model")
    (folder / name).unlink()
    assert not manifest.stands(folder)


def test_a_renamed_or_added_file_in_a_folder_is_noticed(folder):
    manifest = make_manifest(folder, "model")
    (folder / "model" / "config").rename(folder / "model" / "config2")
    assert not manifest.stands(folder)
    (folder / "model" / "config2").rename(folder / "model" / "config")
    assert manifest.stands(folder)
    (folder / "model" / "new").touch()
    assert not manifest.stands(folder)


def test_a_fingerprint_does_not_hang_on_the_order_of_keys():
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})


@pytest.mark.parametrize(
    "other", [({"a": 2},), ({"a": "1"},), ({"a": 1}, None), ([{"a": 1}],), ({"a": True},), ()]
)
def test_other_parts_give_another_fingerprint(other):
    assert fingerprint({"a": 1}) != fingerprint(*other)


def test_parts_do_not_run_into_each_other():
    assert fingerprint("ab", "c") != fingerprint("a", "bc")


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_a_fingerprint_is_the_same_in_another_process(seed):
    code = (
        "from nmixx.storage import fingerprint\n"
        "from nmixx.training.kinds import KINDS\n"
        "print(fingerprint({'한': 1.5, 'b': (1, None)}, frozenset('abcdefgh'), KINDS))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert done.stdout.strip() == fingerprint(
        {"한": 1.5, "b": (1, None)}, frozenset("abcdefgh"), KINDS
    )


@pytest.mark.parametrize(
    "value", [date(2025, 1, 2), Decimal("1.50"), Path("a/b"), b"bytes", frozenset({1, "a", None})]
)
def test_what_a_table_may_hold_has_a_fingerprint(value):
    assert fingerprint([{"column": value}]) != fingerprint([{"column": None}])


def test_what_has_no_lasting_text_has_no_fingerprint():
    with pytest.raises(TypeError, match="object"):
        fingerprint(object())


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with two files of one name, laid out as nmixx is."""
    for name in ("one", "two"):
        (tmp_path / "stage" / name).mkdir(parents=True)
        (tmp_path / "stage" / name / "report.py").write_text(f"{name} = 1\n")
    monkeypatch.setattr(module, "__file__", str(tmp_path / "storage" / "manifest.py"))
    module.code_fingerprint.cache_clear()
    yield tmp_path / "stage"
    module.code_fingerprint.cache_clear()


@pytest.mark.parametrize("name", ["one", "two"])
def test_changed_code_is_noticed_in_every_file(package, name):
    before = module.code_fingerprint("stage")
    (package / name / "report.py").write_text("changed = 1\n")
    module.code_fingerprint.cache_clear()
    assert module.code_fingerprint("stage") != before


def test_compiled_files_are_not_code(package):
    before = module.code_fingerprint("stage")
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "report.pyc").write_bytes(b"x")
    module.code_fingerprint.cache_clear()
    assert module.code_fingerprint("stage") == before


def test_every_stage_has_code_to_hash():
    root = Path(module.__file__).parent.parent
    for stage in ("corpus", "vocabulary", "mining", "training"):
        assert (root / stage).is_dir()
        assert len(module.code_fingerprint(stage)) == 32
