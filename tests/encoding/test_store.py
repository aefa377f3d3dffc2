import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nmixx.encoding import EmbeddingStore
from nmixx.encoding import store as module
from nmixx.errors import DataError, ModelError
from nmixx.testing import HashEncoder

TEXTS = [f"text number {number}" + " longer" * (number % 4) for number in range(17)]


class CountingEncoder(HashEncoder):
    """Remembers what it was asked; fails at a call when told to."""

    def __init__(self, dimension=16, *, fail_at=None, seed=0):
        super().__init__(dimension, seed=seed)
        self.calls = []
        self.fail_at = fail_at

    def encode(self, texts):
        if texts:
            if len(self.calls) + 1 == self.fail_at:
                raise KeyboardInterrupt
            self.calls.append(list(texts))
        return super().encode(texts)

    @property
    def seen(self):
        return [text for call in self.calls for text in call]


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch):
    monkeypatch.setattr(module, "SHARD_SIZE", 5)


def files(folder, kind="*"):
    """Bytes of a store's files by path; the lock is no part of what is stored."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob(f"{kind}/*"))
        if path.is_file() and path.name != ".lock"
    }


def test_vectors_come_in_the_order_asked_for(tmp_path):
    vectors = EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS)
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors, HashEncoder(16).encode(TEXTS))


def test_a_text_is_encoded_once_however_often_it_is_asked_for(tmp_path):
    encoder = CountingEncoder()
    asked = [*TEXTS, *TEXTS[::-1], *TEXTS[3:4] * 12]
    vectors = EmbeddingStore(tmp_path, encoder).encode(asked)
    assert sorted(encoder.seen) == sorted(TEXTS)
    np.testing.assert_array_equal(vectors, HashEncoder(16).encode(asked))


def test_texts_are_encoded_in_order_of_length(tmp_path):
    encoder = CountingEncoder()
    EmbeddingStore(tmp_path, encoder).encode(TEXTS)
    lengths = [len(text) for text in encoder.seen]
    assert lengths == sorted(lengths)
    assert [len(call) for call in encoder.calls] == [5, 5, 5, 2]


def test_the_same_texts_in_another_order_make_the_same_shards(tmp_path):
    EmbeddingStore(tmp_path / "one", CountingEncoder()).encode(TEXTS)
    EmbeddingStore(tmp_path / "other", CountingEncoder()).encode([*TEXTS[::-1], *TEXTS])
    assert files(tmp_path / "one", "shards") == files(tmp_path / "other", "shards")


def test_a_list_asked_for_again_is_neither_encoded_nor_written_again(tmp_path):
    first = np.array(EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS))
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}
    again = CountingEncoder()
    np.testing.assert_array_equal(EmbeddingStore(tmp_path, again).encode(TEXTS), first)
    assert again.calls == []
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")} == times


def test_lists_share_the_texts_they_have_in_common(tmp_path):
    encoder = CountingEncoder()
    store = EmbeddingStore(tmp_path, encoder)
    store.encode(TEXTS[:12])
    longer = [*TEXTS[5:], "one more"]
    np.testing.assert_array_equal(store.encode(longer), HashEncoder(16).encode(longer))
    assert sorted(encoder.seen) == sorted([*TEXTS, "one more"])
    swapped = [TEXTS[1], TEXTS[0], *TEXTS[2:]]
    np.testing.assert_array_equal(store.encode(swapped), HashEncoder(16).encode(swapped))
    assert len(encoder.seen) == 18


@settings(max_examples=30)
@given(lists=st.lists(st.lists(st.text("a 가\0\ud800", max_size=3), max_size=14), max_size=4))
def test_any_lists_get_their_own_vectors_and_no_text_is_encoded_twice(lists):
    encoder = CountingEncoder(4)
    with tempfile.TemporaryDirectory() as folder:
        for texts in lists:
            # The double hashes UTF-8, which lone surrogates are not.
            found = EmbeddingStore(Path(folder), _Lenient(encoder)).encode(texts)
            expected = _Lenient(HashEncoder(4)).encode(texts)
            np.testing.assert_array_equal(found, expected)
            del found
    assert sorted(encoder.seen) == sorted({_plain(text) for texts in lists for text in texts})


def _plain(text):
    return text.replace("\ud800", "?surrogate?")


class _Lenient:
    """Lets lone surrogates pass to an encoder that cannot take them."""

    def __init__(self, encoder):
        self._encoder = encoder
        self.fingerprint = encoder.fingerprint

    def encode(self, texts):
        return self._encoder.encode([_plain(text) for text in texts])


def test_another_encoder_is_never_answered_with_old_vectors(tmp_path):
    EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS)
    other = CountingEncoder(seed=1)
    vectors = EmbeddingStore(tmp_path, other).encode(TEXTS)
    assert sorted(other.seen) == sorted(TEXTS)
    np.testing.assert_array_equal(vectors, HashEncoder(16, seed=1).encode(TEXTS))
    first = EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS)
    np.testing.assert_array_equal(first, HashEncoder(16).encode(TEXTS))


def test_a_stopped_run_of_another_encoder_is_not_gone_on_from(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        EmbeddingStore(tmp_path, CountingEncoder(fail_at=3)).encode(TEXTS)
    other = CountingEncoder(seed=1)
    vectors = EmbeddingStore(tmp_path, other).encode(TEXTS)
    np.testing.assert_array_equal(vectors, HashEncoder(16, seed=1).encode(TEXTS))


def test_a_stopped_run_goes_on_after_its_last_shard(tmp_path):
    first = CountingEncoder(fail_at=3)
    with pytest.raises(KeyboardInterrupt):
        EmbeddingStore(tmp_path, first).encode(TEXTS)
    second = CountingEncoder()
    vectors = EmbeddingStore(tmp_path, second).encode(TEXTS)
    whole = CountingEncoder()
    whole_vectors = EmbeddingStore(tmp_path / "whole", whole).encode(TEXTS)
    assert first.calls + second.calls == whole.calls
    np.testing.assert_array_equal(vectors, whole_vectors)


# A real process that kills itself at the nth use of a function, as kill -9 would.
KILLED = """
    import os, pathlib, signal, sys
    from nmixx.encoding import EmbeddingStore, store
    from nmixx.testing import HashEncoder

    folder, event, times, texts = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    store.SHARD_SIZE = 5
    owners = {"encode": HashEncoder, "fsync": os, "replace": pathlib.Path}
    real = getattr(owners[event], event)

    def fatal(*arguments):
        global times
        times -= bool(event != "encode" or arguments[1])
        if times == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)

    setattr(owners[event], event, fatal)
    EmbeddingStore(pathlib.Path(folder), HashEncoder(16)).encode(texts)
"""


@pytest.mark.parametrize(
    ("event", "times", "whole_shards"),
    [
        ("encode", 1, 0),  # before anything is there
        ("encode", 3, 2),  # in the middle of encoding
        ("fsync", 2, 1),  # a shard half written
        ("replace", 4, 3),  # a shard written and not yet in its place
        ("fsync", 5, 4),  # all encoded, the list half written
    ],
)
def test_a_killed_run_is_finished_with_the_same_bytes(tmp_path, event, times, whole_shards):
    cut, whole = tmp_path / "cut", tmp_path / "whole"
    arguments = [cut, event, str(times), *TEXTS]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), *arguments], capture_output=True, text=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    shards = [name for name in files(cut, "shards") if not Path(name).name.startswith(".")]
    assert len(shards) == whole_shards
    again = CountingEncoder()
    EmbeddingStore(cut, again).encode(TEXTS)
    assert len(again.seen) == max(0, len(TEXTS) - 5 * whole_shards)
    EmbeddingStore(whole, CountingEncoder()).encode(TEXTS)
    assert files(cut) == files(whole)


SHARED = """
    import pathlib, sys
    from nmixx.encoding import EmbeddingStore, store
    from nmixx.testing import HashEncoder

    class Loud(HashEncoder):
        def encode(self, texts):
            print(*texts, sep="\\n", end="\\n" if texts else "", flush=True)
            return super().encode(texts)

    store.SHARD_SIZE = 5
    sys.stdin.read(1)
    EmbeddingStore(pathlib.Path(sys.argv[1]), Loud(16)).encode(sys.argv[2:])
"""


def test_two_processes_at_once_take_turns(tmp_path):
    lists = [TEXTS[:13], TEXTS[4:][::-1]]
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SHARED), tmp_path, *texts],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for texts in lists
    ]
    for worker in workers:
        worker.stdin.write("go")
        worker.stdin.flush()
    seen = []
    for worker in workers:
        out, errors = worker.communicate()
        assert worker.returncode == 0, errors
        seen += out.splitlines()
    assert sorted(seen) == sorted(TEXTS)
    encoder = CountingEncoder()
    for texts in lists:
        found = EmbeddingStore(tmp_path, encoder).encode(texts)
        np.testing.assert_array_equal(found, HashEncoder(16).encode(texts))
    assert encoder.calls == []


@pytest.mark.parametrize("kept", [0, 5, 100, 400, -81, -1])
def test_a_shard_that_was_cut_short_is_done_again(tmp_path, caplog, kept):
    EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS)
    before = files(tmp_path)
    shard = sorted(tmp_path.rglob("shards/*.npy"))[1]
    shard.write_bytes(shard.read_bytes()[:kept])
    for path in tmp_path.rglob("lists/*.npy"):
        path.unlink()
    encoder = CountingEncoder()
    vectors = EmbeddingStore(tmp_path, encoder).encode(TEXTS)
    np.testing.assert_array_equal(vectors, HashEncoder(16).encode(TEXTS))
    assert len(encoder.seen) in (2, 5)
    assert files(tmp_path) == before
    assert f"{shard}: a broken shard" in caplog.text


@pytest.mark.parametrize("kept", [0, 5, 100, 400, -1])
def test_a_list_that_was_cut_short_is_written_again(tmp_path, kept):
    EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS)
    before = files(tmp_path)
    (path,) = tmp_path.rglob("lists/*.npy")
    path.write_bytes(path.read_bytes()[:kept])
    encoder = CountingEncoder()
    vectors = EmbeddingStore(tmp_path, encoder).encode(TEXTS)
    np.testing.assert_array_equal(vectors, HashEncoder(16).encode(TEXTS))
    assert encoder.calls == []
    assert files(tmp_path) == before


class Renamed(CountingEncoder):
    """An encoder whose fingerprint does not tell how long its vectors are."""

    fingerprint = "the same"


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[::-1], ["unseen"]])
def test_vectors_of_another_length_are_refused(tmp_path, texts):
    EmbeddingStore(tmp_path, Renamed(16)).encode(TEXTS)
    before = files(tmp_path)
    with pytest.raises(DataError, match="of 8 and of 16 dimensions under one") as caught:
        EmbeddingStore(tmp_path, Renamed(8)).encode(texts)
    assert str(tmp_path) in str(caught.value)
    assert files(tmp_path) == before


class Broken(HashEncoder):
    """Spoils the vector of one text."""

    def __init__(self, spoiled, value):
        super().__init__(16)
        self._spoiled, self._value = spoiled, value

    def encode(self, texts):
        vectors = super().encode(texts)
        vectors[[text == self._spoiled for text in texts]] = self._value
        return vectors


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "nothing but zeros"), (np.nan, "NaN or infinity")]
)
def test_a_vector_without_direction_is_refused_and_what_was_done_is_kept(tmp_path, value, said):
    bad = max(TEXTS, key=len)
    with pytest.raises(ModelError, match=f"{said} for 1 of 2 texts, first for '{bad}'"):
        EmbeddingStore(tmp_path, Broken(bad, value)).encode([*TEXTS[:6], bad])
    assert len(files(tmp_path, "shards")) == 1
    assert files(tmp_path, "lists") == {}


def test_another_number_of_vectors_is_refused(tmp_path):
    class Short(HashEncoder):
        def encode(self, texts):
            return super().encode(texts)[:4]

    with pytest.raises(ModelError, match=r"an array of shape \(4, 64\) for 5 texts"):
        EmbeddingStore(tmp_path, Short()).encode(TEXTS)


def test_the_result_is_memory_mapped_and_read_only(tmp_path):
    vectors = EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS)
    assert isinstance(vectors, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        vectors[0, 0] = 1


def test_no_texts_give_no_vectors_and_no_files(tmp_path):
    assert EmbeddingStore(tmp_path, CountingEncoder()).encode([]).shape == (0, 16)
    assert list(tmp_path.iterdir()) == []
