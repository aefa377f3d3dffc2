"""Steps of every objective, from records to a trained model."""

from dataclasses import replace

import numpy as np
import pytest

from conftest import ENGLISH, KOREAN
from nmixx.encoding import load_model
from nmixx.errors import DataError, RecipeError
from nmixx.records import Pair, Triplet
from nmixx.storage import read_json
from nmixx.testing import HashEncoder
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.training.objectives import OBJECTIVES
from nmixx.training.settings import Mixture

REST = ("news", "ko", "en", "en", "translation")
MINED = [
    Triplet(korean, ENGLISH[at], ENGLISH[(at + by) % 12], *REST, "mined", 1.0, f"g{at:02}", "run")
    for at, korean in enumerate(KOREAN)
    for by in (1, 5)
]
TERMS = [
    Pair("t0", "영업이익", "operating profit", "ko", "en", "translation", "report", "t0"),
    Pair("t1", "영업손실", "operating loss", "ko", "en", "translation", "report", "t1"),
    Pair("t2", "예금", "money kept at a bank for a while", "ko", "en", "qa", "report", "t2"),
    Pair("t3", "예탁금", "money kept with a broker for a while", "ko", "en", "qa", "report", "t3"),
]


def run(model, pairs, out, **options):
    defaults = {"epochs": 3, "batch_size": 4, "learning_rate": 1e-3, "mined": None}
    step = StepSettings(name="s", **{**defaults, **options})
    train_model(
        model,
        TrainingSettings(steps=(step,), precision="float32", checkpoints=1),
        out,
        pairs=pairs,
        mined=MINED,
        base=HashEncoder(32),
    )
    return read_json(out / "log.json")[0]


CASES = {
    "guided": {"guide": "base", "guide_margin": 0.05, "mini_batch": 5},
    "guided_pairs": {"dimensions": (8, 16)},
    "multiple_negatives": {"negatives": 2, "batch_tokens": 300},
    "lexical": {"kinds": ("translation", "qa"), "margin": 0.2},
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_step_of_each_objective_trains(tiny_model, load_tiny, pairs, tmp_path, name):
    log = run(tiny_model, [*pairs, *TERMS], tmp_path, objective=name, **CASES[name])
    assert all(np.isfinite(loss) for _, loss in log["loss"])
    after = load_model(str(tmp_path / "model")).encode(list(KOREAN))
    assert np.abs(after - load_tiny().encode(list(KOREAN))).max() > 0.01
    columns = 12 if OBJECTIVES[name].rows == "negatives" else None
    assert log["rows"] == {"lexical": 4, "guided_pairs": 14}.get(name, columns)


def test_what_a_step_was_mixed_of_stands_in_the_log(tiny_model, pairs, tmp_path):
    mixture = Mixture(category={"report": 3.0})
    log = run(tiny_model, [*pairs, *TERMS], tmp_path, objective="pair_ranking", mixture=mixture)
    assert log["composition"] == {
        "category": {"news": 12, "report": 6},
        "shift": {"translation": 18},
        "direction": {"ko-en": 18},
    }


def test_a_guide_that_is_the_base_needs_one(tiny_model, tmp_path):
    step = StepSettings(name="s", objective="guided", guide="base", mined=None)
    with pytest.raises(DataError, match="its guide is the base model"):
        train_model(tiny_model, TrainingSettings(steps=(step,)), tmp_path, mined=MINED)


def test_an_unknown_kind_of_model_is_refused_before_anything_is_done():
    with pytest.raises(RecipeError, match=r"kind: input should be 'e5'.*given: 'kinda'"):
        TrainingSettings.parse({"kind": "kinda"}, "recipe")


def test_a_repeated_text_is_no_negative_of_itself(tiny_model, pairs, tmp_path):
    # Two rows with one English side: without their groups known, each would push the other away.
    twins = [replace(pair, positive=ENGLISH[0]) for pair in pairs]
    log = run(tiny_model, twins, tmp_path, objective="pair_ranking", batch_size=12)
    # One way all candidates but the own are hidden, the other way none are right or wrong.
    assert all(np.isfinite(loss) for _, loss in log["loss"])


def test_rows_without_a_group_are_each_one_by_themselves(tiny_model, pairs, tmp_path):
    loose = [replace(pair, group="") for pair in pairs]
    assert run(tiny_model, loose, tmp_path, objective="pair_ranking")["steps"] == 9


def test_rows_that_are_all_of_one_group_are_refused(tiny_model, pairs, tmp_path):
    same = [replace(pair, group="g") for pair in pairs]
    with pytest.raises(DataError, match="all 12 rows are of the group 'g'"):
        run(tiny_model, same, tmp_path, objective="pair_ranking")
