import pytest

from mining.worlds import hash_teacher
from nmixx.errors import InputError
from nmixx.mining import MiningSettings
from nmixx.mining.opening import make_teachers
from nmixx.mining.teachers.dense import DenseTeacher


def opened(tmp_path, own=None, **given):
    return make_teachers(MiningSettings(**given), tmp_path / "store", own=own)


def names(tmp_path, **given):
    first, second = opened(tmp_path, **given)
    return first.name, second and second.name


def test_one_teacher(tmp_path):
    assert names(tmp_path, teacher="bm25") == ("bm25", None)


def test_the_runs_own_model(tmp_path, tiny_model):
    first, _ = opened(tmp_path, teacher="model", own=(tiny_model, "tiny"))
    assert isinstance(first, DenseTeacher)
    assert (first.name, first.bounded) == ("tiny", True)
    with pytest.raises(InputError, match="the run's own model, and there is no run"):
        opened(tmp_path, teacher="model")


def test_the_own_model_may_be_any_of_the_teachers(tmp_path, tiny_model):
    first, second = opened(
        tmp_path,
        teacher="bm25",
        fused_with=("model",),
        consensus="model",
        own=(tiny_model, "tiny"),
    )
    assert (first.name, second.name) == ("rrf(bm25,tiny)", "tiny")


def test_prompts_and_precision_go_to_the_model(tmp_path, tiny_model):
    own = (tiny_model, "tiny")
    plain, _ = opened(tmp_path, own=own, precision="float32")
    prompted, _ = opened(
        tmp_path, own=own, precision="float32", query_prompt="query: ", document_prompt="text: "
    )
    prints = {
        encoder.fingerprint
        for teacher in (plain, prompted)
        for encoder in (teacher.queries, teacher.documents)
    }
    assert len(prints) == 3  # without a prompt, queries and documents are encoded alike
    assert (plain.precision, plain.store) == ("float32", tmp_path / "store")


@pytest.mark.parametrize(
    ("given", "name", "bounded"),
    [
        ({}, "rrf(bm25,bm25)", False),
        ({"fusion": "weighted"}, "weighted(bm25,bm25)", True),
        ({"fusion": "weighted", "normalisation": "zscore"}, "weighted(bm25,bm25)", False),
        ({"normalisation": "minmax"}, "minmax(rrf(bm25,bm25))", True),
    ],
)
def test_fused_teachers(tmp_path, given, name, bounded):
    first, _ = opened(tmp_path, teacher="bm25", fused_with=("bm25",), **given)
    assert (first.name, first.bounded) == (name, bounded)


def test_a_normalised_teacher(tmp_path):
    first, _ = opened(tmp_path, teacher="bm25", normalisation="minmax", window=7)
    assert (first.name, first.bounded, first.window) == ("minmax(bm25)", True, 7)
    with pytest.raises(InputError, match="normalisation 'softmax'"):
        opened(tmp_path, teacher="bm25", normalisation="softmax")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"teacher": "bm25", "rescorer": "./nowhere"}, "nowhere"),
        ({"teacher": "./nowhere"}, "nowhere"),
        ({"teacher": "run:nowhere.tsv"}, "run:nowhere.tsv"),
        ({"teacher": "bm25", "consensus": "./nowhere"}, "nowhere"),
        ({"teacher": "bm25", "fused_with": ("run:nowhere.tsv",)}, "no such file"),
    ],
)
def test_what_cannot_be_found_is_named(tmp_path, given, said):
    with pytest.raises(InputError, match=said):
        opened(tmp_path, **given)


def test_a_store_is_made_only_when_it_is_needed(tmp_path):
    opened(tmp_path, teacher="bm25")
    hash_teacher(tmp_path / "store")
    assert list(tmp_path.iterdir()) == []
