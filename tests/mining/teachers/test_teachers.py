import numpy as np
import pytest

from mining.brute import BruteTeacher
from nmixx.errors import DataError, InputError
from nmixx.mining.policies import POLICIES
from nmixx.mining.teachers import DenseOptions, make_teacher, require_bounded
from nmixx.mining.teachers.lexical import LexicalTeacher
from nmixx.mining.teachers.normalised import NormalisedTeacher
from nmixx.mining.teachers.run import RunTeacher

VECTORS = np.ones((1, 1), dtype=np.float32)


@pytest.fixture
def options(tmp_path):
    return DenseOptions(tmp_path / "embeddings", query_prompt="query: ")


def test_teachers_are_made_by_name(options, tmp_path):
    assert isinstance(make_teacher("bm25", options), LexicalTeacher)
    path = tmp_path / "system.trec"
    path.write_text("q Q0 d 1 0.5 t\n")
    run = make_teacher(f"run:{path}", options)
    assert isinstance(run, RunTeacher)
    assert run.name == "run:system.trec"


def test_a_model_is_a_dense_teacher(options, tiny_model_path):
    teacher = make_teacher(str(tiny_model_path), options)
    assert teacher.bounded
    assert teacher.name == str(tiny_model_path)


def test_a_comparer_goes_to_the_teacher_that_needs_it(options):
    brute = BruteTeacher(VECTORS, VECTORS)
    assert make_teacher("bm25", options, comparer=brute).comparer is brute


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("bm25:korean", "takes nothing after its name"),
        ("run:", "no such file"),
        ("run:nowhere.tsv", "no such file"),
        ("no model of any kind", "no such folder"),
    ],
)
def test_what_is_not_known_is_refused(options, spec, said):
    with pytest.raises(InputError, match=said):
        make_teacher(spec, options)


def test_a_run_of_an_unknown_kind_is_refused_before_anything_is_read(options, tmp_path):
    path = tmp_path / "run.csv"
    path.write_text("")
    with pytest.raises(DataError, match="not a known kind"):
        make_teacher(f"run:{path}", options)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_margin_from_the_positive_needs_bounded_scores(policy):
    row = POLICIES[policy]
    require_bounded(row, BruteTeacher(VECTORS, VECTORS))
    require_bounded(row, NormalisedTeacher(LexicalTeacher(), "minmax"))
    if not row.relative:
        require_bounded(row, LexicalTeacher())
        return
    with pytest.raises(InputError) as raised:
        require_bounded(row, LexicalTeacher())
    message = str(raised.value)
    assert "teacher 'bm25': its scores have no bounds" in message
    assert "mostly exactly 1 or 0, so a margin means nothing" in message
    assert "naive or shifted" in message
    assert "minmax, sigmoid" in message
    assert len(message.splitlines()) == 3
