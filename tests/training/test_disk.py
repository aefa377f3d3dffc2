"""A full disk is said in words; other errors stay what they are."""

import errno

import pytest

from nmixx.errors import StageError
from nmixx.training import disk as disk_module
from nmixx.training.disk import explaining_full_disk


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("SafetensorError: I/O error: No space left on device (os error 28)"),
    ],
)
def test_a_full_disk_is_said_with_what_is_left(tmp_path, error):
    whole, cut = tmp_path / "checkpoint-10", tmp_path / "checkpoint-20"
    for place, state in ((whole, "{}"), (cut, '{"cut": ')):
        place.mkdir()
        (place / "trainer_state.json").write_text(state)
    with pytest.raises(StageError) as said, explaining_full_disk(tmp_path, "align"):
        raise error
    assert f"the disk that holds {tmp_path} is full" in str(said.value)
    assert "checkpoint-10 stands" in str(said.value)
    assert whole.exists()
    assert not cut.exists()


def test_an_archive_that_cannot_be_written_is_a_full_disk_only_on_one(tmp_path, monkeypatch):
    error = RuntimeError("PytorchStreamWriter failed writing file data/3: file write failed")
    with pytest.raises(RuntimeError), explaining_full_disk(tmp_path, "align"):
        raise error
    free = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(disk_module.shutil, "disk_usage", lambda path: free)
    with (
        pytest.raises(StageError, match="begins the step again"),
        explaining_full_disk(tmp_path, "align"),
    ):
        raise error


def test_other_errors_stay_what_they_are(tmp_path):
    with pytest.raises(ValueError, match="mine"), explaining_full_disk(tmp_path, "align"):
        raise ValueError("mine")
