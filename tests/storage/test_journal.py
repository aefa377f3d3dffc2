"""A journal keeps whole lines, whatever happens to the last one."""

import errno
import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmixx.errors import DataError, StageError
from nmixx.storage import Journal, read_journal

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    """Waiting for the disk shows nothing here, and takes long on a busy one."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


def written(path, entries):
    path.unlink(missing_ok=True)
    with Journal(path) as journal:
        for key, value in entries:
            journal.append(key, value)
    return path


@settings(max_examples=25)
@given(st.lists(st.tuples(st.text(), VALUES), max_size=6))
def test_what_was_written_is_read_and_the_last_value_of_a_key_counts(tmp_path, entries):
    path = written(tmp_path / "j.jsonl", entries)
    assert read_journal(path) == dict(entries)
    with Journal(path) as again:
        assert list(again) == list(dict(entries))
        assert {key: again[key] for key in again} == dict(entries)


@settings(max_examples=40)
@given(st.data())
def test_cut_anywhere_it_holds_the_lines_before_and_takes_more(tmp_path, data):
    entries = [("하나", {"text": "금리\n동결"}), ("two", None), ("three", [1, 2])]
    path = written(tmp_path / "j.jsonl", entries)
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    kept = whole[:cut].count(b"\n")
    with Journal(path) as journal:
        assert list(journal) == [key for key, _ in entries[:kept]]
        journal.append("after", "the kill")
    assert read_journal(path) == {**dict(entries[:kept]), "after": "the kill"}


def test_nothing_is_not_the_same_as_tried_and_gave_nothing(tmp_path):
    with Journal(tmp_path / "j.jsonl") as journal:
        journal.append("tried", None)
        assert "tried" in journal
        assert "untried" not in journal
        assert len(journal) == 1


@pytest.mark.parametrize("line", [b"{}", b"[1]", b"not JSON", b"\xff\xfe", b'{"key": "a"}'])
def test_a_foreign_line_before_the_last_is_named_and_nothing_is_cut(tmp_path, line):
    path = written(tmp_path / "j.jsonl", [("a", 1)])
    content = path.read_bytes() + line + b"\n" + path.read_bytes()
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"j\.jsonl, line 2: not a line of a journal"):
        Journal(path)
    assert path.read_bytes() == content


def test_lone_surrogates_survive(tmp_path):
    path = written(tmp_path / "j.jsonl", [("key", "\ud800 half")])
    assert read_journal(path) == {"key": "\ud800 half"}


def test_a_durable_line_is_synced_and_another_is_only_flushed(tmp_path, monkeypatch):
    path = tmp_path / "j.jsonl"
    with Journal(path) as journal:
        synced = []
        monkeypatch.setattr(os, "fsync", synced.append)
        journal.append("a", 1, durable=False)
        assert json.loads(path.read_bytes()) == {"key": "a", "value": 1}
        assert not synced
        journal.append("b", 2)
        assert len(synced) == 1
        journal.append("c", 3, durable=False)
        journal.sync()
        assert len(synced) == 2


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    path = written(tmp_path / "j.jsonl", [("a", 1)])
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with Journal(path) as journal:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(StageError, match="No space left on device"):
                journal.append("b", 2)
        assert "b" not in journal
        assert path.read_bytes() == before
        journal.append("c", 3)
    assert read_journal(path) == {"a": 1, "c": 3}


def test_a_journal_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StageError, match="cannot be written"):
        Journal(tmp_path / "taken" / "j.jsonl")
