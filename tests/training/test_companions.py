"""Replay and drift: general pairs beside the batches, general texts held in place."""

from dataclasses import replace

import pytest
import torch

from conftest import ENGLISH
from nmixx.errors import DataError
from nmixx.records import Triplet
from nmixx.storage import hash_path
from nmixx.testing import HashEncoder
from nmixx.training import StepSettings, TrainingSettings, train_model
from nmixx.training.companions import Drift, Replay, draw_general, replayed_per_batch


def make_step(**options):
    defaults = {"name": "adapt", "objective": "triplet", "batch_size": 4, "learning_rate": 1e-3}
    return StepSettings(**{**defaults, **options})


@pytest.fixture
def general(pairs):
    """Half of the pairs are general, the other half are news."""
    return [replace(pair, category="general") for pair in pairs[:6]] + pairs[6:]


def make_triplets():
    rest = ("news", "en", "en", "en", "paraphrase", "intensity", 1.0)
    return [
        Triplet(text, f"{text} So it said.", ENGLISH[at - 1], *rest, f"g{at}", "rule")
        for at, text in enumerate(ENGLISH)
    ]


def draw(pairs, step, rows=12):
    return draw_general(pairs, step, rows, pivot="en", seed=0)


def test_nothing_is_drawn_where_nothing_is_asked(general):
    assert draw(general, make_step()) == (None, ())


def test_pairs_of_general_categories_are_replayed(general):
    rows, held = draw(general, make_step(replay=0.5))
    assert rows.columns["pivot"] == list(ENGLISH[:6])
    assert held == ()


def test_only_texts_in_the_pivot_language_are_held(general):
    rows, held = draw(general, make_step(drift=1.0))
    assert rows is None
    assert sorted(held) == sorted(ENGLISH[:6])


def test_no_more_is_drawn_than_the_step_can_use(general):
    step = make_step(replay=0.5, drift=1.0, drift_texts=2, batch_size=2)
    rows, held = draw(general, step, rows=4)  # two batches
    assert len(rows) == 4
    assert len(held) == 4


def test_a_step_without_general_pairs_says_so(pairs):
    with pytest.raises(DataError, match=r"translations of the categories general; there are 0"):
        draw(pairs, make_step(replay=0.5))


@pytest.mark.parametrize(("share", "count"), [(0.5, 64), (0.2, 16), (0.33, 32), (0.01, 2)])
def test_the_share_of_replay_is_of_all_rows(share, count):
    assert replayed_per_batch(make_step(batch_size=64, replay=share)) == count


def test_replayed_pairs_count_by_their_share(tiny_model, general):
    step = make_step(replay=0.25)
    rows, _ = draw(general, step)
    replay = Replay(tiny_model, rows, None, step, 0)
    zero, one = (replay(torch.tensor(loss), tiny_model, 0).item() for loss in (0.0, 1.0))
    assert one - zero == pytest.approx(0.75)
    assert zero > 0


def test_two_pairs_of_a_group_are_never_replayed_together(tiny_model, general):
    pairs = [replace(pair, group=f"g{at % 3}") for at, pair in enumerate(general)]
    step = make_step(replay=0.5, general=["general", "news"])
    rows, _ = draw(pairs, step)
    replay = Replay(tiny_model, rows, None, step, 0)
    for batch in replay._batches:
        groups = [rows.groups[row] for row in batch]
        assert len(set(groups)) == len(groups)


def test_texts_where_the_base_has_them_cost_nothing(tiny_model):
    texts = list(ENGLISH[:4])
    labels = tiny_model.encode(texts, normalize_embeddings=True)
    step = make_step(drift=3.0, drift_texts=4)
    nothing = torch.tensor(0.0)
    assert Drift(texts, labels, step, 0)(nothing, tiny_model, 0).item() == pytest.approx(
        0, abs=1e-5
    )
    # Opposite vectors are two away.
    assert Drift(texts, -labels, step, 0)(nothing, tiny_model, 0).item() == pytest.approx(6)


def distance_to_base(model, base):
    return float(1 - (model.encode(list(ENGLISH)) * base.encode(list(ENGLISH))).sum(1).mean())


@pytest.mark.parametrize(
    "options", [{"drift": 5.0, "drift_texts": 6}, {"replay": 0.5, "anchoring": 1.0}]
)
def test_what_holds_on_to_the_base_ends_nearer_to_it(load_tiny, general, tmp_path, options):
    base = HashEncoder(32)
    distances = []
    for name, more in (("free", {}), ("held", options)):
        model = load_tiny()
        settings = TrainingSettings(steps=(make_step(epochs=8, **more),), precision="float32")
        train_model(
            model, settings, tmp_path / name, pairs=general, triplets=make_triplets(), base=base
        )
        distances.append(distance_to_base(model, base))
    assert distances[1] < distances[0] - 0.05


def test_the_same_replay_twice_gives_the_same_bytes(load_tiny, general, tmp_path):
    step = make_step(epochs=3, replay=0.4, drift=1.0, drift_texts=2)
    settings = TrainingSettings(steps=(step,), precision="float32")
    others = {"pairs": general, "triplets": make_triplets(), "base": HashEncoder(32)}
    for name in ("one", "other"):
        train_model(load_tiny(), settings, tmp_path / name, **others)
    assert hash_path(tmp_path / "one" / "model") == hash_path(tmp_path / "other" / "model")


def test_other_general_pairs_make_a_step_run_again(load_tiny, general, tmp_path):
    settings = TrainingSettings(steps=(make_step(replay=0.5),), precision="float32")
    weights = []
    for pairs in (general, [replace(general[0], positive="Another text."), *general[1:]]):
        train_model(load_tiny(), settings, tmp_path, pairs=pairs, triplets=make_triplets())
        weights.append(hash_path(tmp_path / "model"))
    assert weights[0] != weights[1]


def test_drift_needs_the_base(tiny_model, general, tmp_path):
    settings = TrainingSettings(steps=(make_step(drift=1.0),))
    with pytest.raises(DataError, match="holds on to the base model"):
        train_model(tiny_model, settings, tmp_path, pairs=general, triplets=make_triplets())
    assert not list(tmp_path.iterdir())
