"""Choosing again from an earlier run: no teacher, no search, and the same answer where it knows."""

import numpy as np
import pytest

from conftest import ENGLISH
from mining.worlds import document, hash_teacher, pair
from nmixx.errors import DataError, InputError
from nmixx.mining import MiningSettings, mine_hard_negatives, mine_into
from nmixx.mining.again import MinedRun
from nmixx.mining.miner import Negative
from nmixx.mining.policies import POLICIES
from nmixx.mining.teachers.fused import FusedTeacher
from nmixx.mining.teachers.lexical import LexicalTeacher
from nmixx.storage import read_json, read_records

PAIRS = [
    pair(at, text, f"{text} So it said.", id=f"p{at:02}", anchor_lang="en")
    for at, text in enumerate(ENGLISH)
]
PAIRS.append(pair(99, ENGLISH[0], "Profit from operations rose by 12 percent", group="g0"))
DOCUMENTS = [
    document(
        at,
        f"{ENGLISH[at % 12][: 12 + at % 30]} number {at}",
        lang="en" if at % 3 else "ko",
        category="news" if at % 5 else "report",
    )
    for at in range(150)
]


def mine(folder, teacher=None, **given):
    """Mine with a dense teacher, and give what was written."""
    teacher = teacher or hash_teacher(folder.parent / "store")
    mine_hard_negatives(PAIRS, DOCUMENTS, teacher, MiningSettings(**given), folder, seed=5)
    return read_records(folder / "negatives.parquet", Negative)


def choose_again(earlier, folder, **given):
    """Choose from a run, and give what was written."""
    run = MinedRun(earlier)
    mine_into(run.pool(), run, MiningSettings(**given), folder, seed=5)
    return read_records(folder / "negatives.parquet", Negative)


def without_ranks(negatives):
    """Ranks are among the candidates that a run knows, and those may be others."""
    return [{**row.to_row(), "rank": None} for row in negatives]


@pytest.mark.parametrize(
    "given",
    [
        *({"policy": name} for name in POLICIES),
        {"positives": "each"},
        {"sampling": "random", "sample_from": 10},
        {"language": "any", "query_language_share": 0.4, "margin": 0.8},
        {"shortfall": "fill", "policy": "perc_pos_apart", "apart": 0.3},
        {"shortfall": "drop", "margin": 0.2},
        {"constraints": ("same:category",), "near_duplicates": 0.3},
        {"depth": 0},
    ],
    ids=str,
)
def test_the_same_settings_give_the_same_files(tmp_path, given):
    mine(tmp_path / "one", **given)
    choose_again(tmp_path / "one", tmp_path / "other", **given)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "other").iterdir())
    for name in names:
        one, other = (tmp_path / folder / name for folder in ("one", "other"))
        if name == "report.json":  # the pool of a run is what it found
            assert read_json(one) | {"documents": 0} == read_json(other) | {"documents": 0}
        else:
            assert one.read_bytes() == other.read_bytes(), name


@pytest.mark.parametrize(
    "given",
    [
        {"margin": 0.8},
        {"margin": 0.6, "negatives": 2},
        {"policy": "naive", "negatives": 6},
        {"policy": "shifted", "margin": 3},
        {"policy": "margin_pos", "margin": 0.2},
        {"policy": "absolute", "margin": 0.4},
        {"sampling": "random", "sample_from": 10},
        {"constraints": ("other:category",)},
    ],
    ids=str,
)
def test_other_settings_give_what_mining_anew_gives_where_the_depth_covers_it(tmp_path, given):
    mine(tmp_path / "earlier", depth=120)
    anew = mine(tmp_path / "anew", **given)
    again = choose_again(tmp_path / "earlier", tmp_path / "again", **given)
    assert without_ranks(again) == without_ranks(anew)
    assert anew


def test_similarity_to_the_positive_is_known_without_a_model(tmp_path):
    """The folder is all that is left: no store, no encoder."""
    mine(tmp_path / "earlier", depth=120)
    given = {"policy": "perc_pos_apart", "apart": 0.5}
    anew = mine(tmp_path / "anew", **given)
    for path in sorted((tmp_path / "store").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    again = choose_again(tmp_path / "earlier", tmp_path / "again", **given)
    assert without_ranks(again) == without_ranks(anew)
    assert without_ranks(again) != without_ranks(mine(tmp_path / "plain"))


def test_a_run_can_be_chosen_from_over_and_over(tmp_path):
    mine(tmp_path / "0", depth=100)
    for step, margin in enumerate((0.9, 0.7, 0.95)):
        again = choose_again(
            tmp_path / str(step), tmp_path / str(step + 1), margin=margin, depth=100
        )
    assert without_ranks(again) == without_ranks(mine(tmp_path / "anew"))


def test_what_the_depth_does_not_cover_comes_short_and_is_written_down(tmp_path):
    mine(tmp_path / "earlier", depth=4, policy="naive")
    again = choose_again(tmp_path / "earlier", tmp_path / "again", margin=0.3)
    assert len(again) < len(mine(tmp_path / "anew", margin=0.3))
    assert read_json(tmp_path / "again" / "report.json")["queries_short"] > 0


def test_the_teachers_name_goes_along(tmp_path):
    mine(tmp_path / "earlier")
    assert {row.teacher for row in choose_again(tmp_path / "earlier", tmp_path / "a")} == {"hash"}


def test_a_teacher_that_could_not_compare_still_cannot(tmp_path):
    mine(tmp_path / "earlier", LexicalTeacher(), policy="naive")
    with pytest.raises(InputError, match="teacher 'bm25': its scores have no bounds"):
        choose_again(tmp_path / "earlier", tmp_path / "again")
    assert choose_again(tmp_path / "earlier", tmp_path / "again", policy="shifted", margin=1)


def test_scores_that_mean_nothing_do_not_come_to_mean_something(tmp_path):
    """Sums of reciprocal ranks are all small, and yet no cosines."""
    fused = FusedTeacher([hash_teacher(tmp_path / "store"), LexicalTeacher()])
    mine(tmp_path / "earlier", fused, policy="naive")
    with pytest.raises(InputError, match="its scores have no bounds"):
        choose_again(tmp_path / "earlier", tmp_path / "again")


@pytest.mark.parametrize(
    "name", ["queries.parquet", "documents.parquet", "run.parquet", "report.json"]
)
def test_a_folder_that_is_no_run_or_only_part_of_one(tmp_path, name):
    mine(tmp_path / "earlier")
    (tmp_path / "earlier" / name).unlink()
    with pytest.raises(DataError, match=f"earlier: holds no {name}.\nExpected a folder that"):
        MinedRun(tmp_path / "earlier").pool()


def test_a_run_without_candidates(tmp_path):
    mine_hard_negatives(
        [pair(0)], [], hash_teacher(tmp_path / "store"), MiningSettings(), tmp_path / "earlier"
    )
    with pytest.raises(DataError, match="the run found no candidate") as raised:
        MinedRun(tmp_path / "earlier").pool()
    assert len(str(raised.value).splitlines()) == 2


def test_a_broken_run_is_no_traceback(tmp_path):
    mine(tmp_path / "earlier")
    path = tmp_path / "earlier" / "run.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"run\.parquet"):
        MinedRun(tmp_path / "earlier").pool()


def test_positives_keep_the_scores_that_they_had(tmp_path):
    mine(tmp_path / "earlier")
    run = MinedRun(tmp_path / "earlier")
    pool = run.pool()
    scorer = run.open(pool.queries, pool.documents)
    fresh = hash_teacher(tmp_path / "store").open(pool.queries, pool.documents)
    for number, query in enumerate(pool.queries):
        rows = np.array(query.positives)
        numbers = np.full(len(rows), number)
        np.testing.assert_array_equal(scorer.pairs(numbers, rows), fresh.pairs(numbers, rows))


@pytest.mark.parametrize("margin", [0.95, 0.7])
def test_a_second_teacher_must_agree_again(tmp_path, margin):
    """With the earlier margin and with another: its scores are kept, not its verdicts."""
    second = hash_teacher(tmp_path / "rough", dimensions=4)
    options = {"margin": margin, "depth": 200, "language": "any"}
    for name, given in (("first", options | {"margin": 0.95}), ("direct", options)):
        mine_hard_negatives(
            PAIRS,
            DOCUMENTS,
            hash_teacher(tmp_path / "store"),
            MiningSettings(**given),
            tmp_path / name,
            consensus=second,
            seed=5,
        )
    run = MinedRun(tmp_path / "first")
    again, alone = (
        mine_into(run.pool(), run, MiningSettings(**options), folder, consensus=one, seed=5)
        for folder, one in ((tmp_path / "again0", run.consensus()), (tmp_path / "again1", None))
    )
    direct = read_records(tmp_path / "direct" / "negatives.parquet", Negative)
    assert without_ranks(again.negatives) == without_ranks(direct)
    assert without_ranks(alone.negatives) != without_ranks(direct)
    assert read_json(tmp_path / "again0" / "report.json")["consensus"]["bounded"] is True
    assert MinedRun(tmp_path / "again0").consensus() is not None
    assert MinedRun(tmp_path / "again1").consensus() is None


def test_a_second_teacher_whose_scores_are_gone_is_not_passed_over(tmp_path):
    teacher = hash_teacher(tmp_path / "store")
    settings = MiningSettings()
    mine_hard_negatives(PAIRS, DOCUMENTS, teacher, settings, tmp_path / "one", consensus=teacher)
    (tmp_path / "one" / "consensus.parquet").unlink()
    run = MinedRun(tmp_path / "one")
    with pytest.raises(DataError, match="second teacher must agree again"):
        mine_into(run.pool(), run, settings, tmp_path / "other", consensus=run.consensus())
