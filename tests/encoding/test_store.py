import numpy as np
import pytest

from nmixx.encoding import EmbeddingStore
from nmixx.encoding import store as module
from nmixx.testing import HashEncoder

TEXTS = [f"text number {number}" + " longer" * (number % 4) for number in range(17)]


class CountingEncoder(HashEncoder):
    """Remembers what it was asked; fails at a call when told to."""

    def __init__(self, *, fail_at=None, seed=0):
        super().__init__(16, seed=seed)
        self.calls = []
        self.fail_at = fail_at

    def encode(self, texts):
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


def test_vectors_come_in_the_order_asked_for(tmp_path):
    vectors = EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS)
    np.testing.assert_array_equal(vectors, HashEncoder(16).encode(TEXTS))


def test_a_text_is_encoded_once_however_often_it_is_asked_for(tmp_path):
    encoder = CountingEncoder()
    vectors = EmbeddingStore(tmp_path, encoder).encode([*TEXTS, *TEXTS[::-1], TEXTS[3]])
    assert sorted(encoder.seen) == sorted(TEXTS)
    assert len(vectors) == 35
    np.testing.assert_array_equal(vectors[3], vectors[34])
    np.testing.assert_array_equal(vectors[:17], vectors[17:34][::-1])


def test_texts_are_encoded_in_order_of_length(tmp_path):
    encoder = CountingEncoder()
    EmbeddingStore(tmp_path, encoder).encode(TEXTS)
    lengths = [len(text) for text in encoder.seen]
    assert lengths == sorted(lengths)
    assert [len(call) for call in encoder.calls] == [5, 5, 5, 2]


def test_what_is_stored_is_not_encoded_again(tmp_path):
    first = np.array(EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS))
    again = CountingEncoder()
    np.testing.assert_array_equal(EmbeddingStore(tmp_path, again).encode(TEXTS), first)
    assert again.calls == []


def test_other_texts_are_never_answered_with_old_vectors(tmp_path):
    encoder = CountingEncoder()
    store = EmbeddingStore(tmp_path, encoder)
    store.encode(TEXTS)
    other = [*TEXTS[:-1], "something else"]
    np.testing.assert_array_equal(store.encode(other), HashEncoder(16).encode(other))
    swapped = [TEXTS[1], TEXTS[0], *TEXTS[2:]]
    np.testing.assert_array_equal(store.encode(swapped), HashEncoder(16).encode(swapped))


def test_another_encoder_is_never_answered_with_old_vectors(tmp_path):
    EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS)
    other = CountingEncoder(seed=1)
    vectors = EmbeddingStore(tmp_path, other).encode(TEXTS)
    assert sorted(other.seen) == sorted(TEXTS)
    np.testing.assert_array_equal(vectors, HashEncoder(16, seed=1).encode(TEXTS))


def test_a_killed_run_goes_on_after_its_last_shard(tmp_path):
    first = CountingEncoder(fail_at=3)
    with pytest.raises(KeyboardInterrupt):
        EmbeddingStore(tmp_path, first).encode(TEXTS)
    assert len(first.seen) == 10
    second = CountingEncoder()
    vectors = EmbeddingStore(tmp_path, second).encode(TEXTS)
    assert len(second.seen) == 7
    assert sorted(first.seen + second.seen) == sorted(TEXTS)
    np.testing.assert_array_equal(vectors, HashEncoder(16).encode(TEXTS))


def test_a_killed_run_of_another_encoder_is_not_gone_on_from(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        EmbeddingStore(tmp_path, CountingEncoder(fail_at=3)).encode(TEXTS)
    other = CountingEncoder(seed=1)
    vectors = EmbeddingStore(tmp_path, other).encode(TEXTS)
    np.testing.assert_array_equal(vectors, HashEncoder(16, seed=1).encode(TEXTS))


def test_an_interrupted_run_leaves_the_same_bytes_as_a_whole_one(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        EmbeddingStore(tmp_path / "one", CountingEncoder(fail_at=2)).encode(TEXTS)
    for name in ("one", "other"):
        EmbeddingStore(tmp_path / name, CountingEncoder()).encode(TEXTS)
    (one,), (other,) = (list((tmp_path / name).iterdir()) for name in ("one", "other"))
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def test_the_result_is_memory_mapped_and_read_only(tmp_path):
    vectors = EmbeddingStore(tmp_path, CountingEncoder()).encode(TEXTS)
    assert isinstance(vectors, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        vectors[0, 0] = 1


def test_no_texts_give_no_vectors_and_no_files(tmp_path):
    assert EmbeddingStore(tmp_path, CountingEncoder()).encode([]).shape == (0, 16)
    assert list(tmp_path.iterdir()) == []
