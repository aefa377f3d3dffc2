import pytest

from nmixx.errors import OutputError
from nmixx.storage import claim_folder


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
