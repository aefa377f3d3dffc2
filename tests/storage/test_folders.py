import logging
import threading

import pytest

from nmixx.errors import OutputError
from nmixx.storage import claim_folder, only_worker


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_folder_is_made_and_its_owner_may_come_back(tmp_path):
    folder = tmp_path / "deep" / "run"
    claim_folder(folder, "run of quickstart")
    before = contents(folder)
    (folder / "work").write_text("work")
    claim_folder(folder, "run of quickstart")
    assert contents(folder) == {**before, "work": b"work"}


def test_an_empty_folder_may_be_taken(tmp_path):
    claim_folder(tmp_path, "mine")
    claim_folder(tmp_path, "mine")


def test_somebody_elses_folder_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="not made by nmixx") as caught:
        claim_folder(tmp_path, "mine")
    assert str(tmp_path) in str(caught.value)
    assert contents(tmp_path) == {"thesis.txt": b"years of work"}


def test_another_owners_folder_is_refused_and_left_alone(tmp_path):
    claim_folder(tmp_path, "run of quickstart")
    before = contents(tmp_path)
    with pytest.raises(OutputError, match="holds the run of quickstart; this is the mine"):
        claim_folder(tmp_path, "mine")
    assert contents(tmp_path) == before


def test_a_file_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "out"
    path.write_text("a file")
    with pytest.raises(OutputError, match="is a file"):
        claim_folder(path, "mine")
    assert path.read_text() == "a file"


@pytest.mark.parametrize("mark", ["[]", "{}", '{"name": "theirs"}'])
def test_a_folder_with_another_tools_file_of_our_name_is_refused(tmp_path, mark):
    (tmp_path / "nmixx.json").write_text(mark)
    with pytest.raises(OutputError, match="Nothing was written"):
        claim_folder(tmp_path, "mine")
    assert contents(tmp_path) == {"nmixx.json": mark.encode()}


@pytest.fixture
def worked_in(tmp_path):
    """A folder that another thread works in until it is told to stop."""
    begun, stop = threading.Event(), threading.Event()

    def work():
        with only_worker(tmp_path):
            begun.set()
            stop.wait()

    worker = threading.Thread(target=work)
    worker.start()
    begun.wait()
    yield tmp_path, stop
    stop.set()
    worker.join()


def test_a_folder_that_is_worked_in_is_refused(worked_in):
    folder, _ = worked_in
    refused = pytest.raises(OutputError, match="another nmixx process is working there")
    with refused, only_worker(folder):
        pass


def test_waiting_for_a_folder_ends_when_the_work_there_does(worked_in):
    folder, stop = worked_in

    class StopTheOther(logging.Handler):
        def emit(self, record):
            assert "waiting for it" in record.getMessage()
            stop.set()

    handler = StopTheOther()
    logger = logging.getLogger("nmixx.storage.folders")
    logger.addHandler(handler)
    try:
        with only_worker(folder, wait=True):
            assert stop.is_set()
    finally:
        logger.removeHandler(handler)
