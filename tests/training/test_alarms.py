"""Each alarm goes off on a history made for it, and none on a healthy one."""

import pytest

from nmixx.training.alarms import ALARMS, History, ring
from nmixx.training.judging import Judgement
from nmixx.training.probe import Probe


def probes(*similarities, active=None, found=None):
    return [
        Probe(
            at * 10,
            similarity,
            -4 * (1 - similarity),
            None if active is None else active[at],
            {} if found is None else {name: shares[at] for name, shares in found.items()},
        )
        for at, similarity in enumerate(similarities)
    ]


def losses(*values):
    return [(step, value) for step, value in enumerate(values, start=1)]


def judgements(*figures):
    return [Judgement(at * 10, {"sts": figure}, figure) for at, figure in enumerate(figures)]


FALLING = losses(*(0.9 - 0.05 * at for at in range(16)))
HEALTHY = History(
    FALLING,
    probes(0.2, 0.15, 0.1, active=[0.9, 0.7, 0.5], found={"ko → en": [0.2, 0.6, 0.8]}),
    judgements(0.6, 0.7, 0.69),
    {"ko → en": 250, "en → ko": 150},
    finished=True,
)
SICK = {
    "inactive": [
        History(losses(*[0.002] * 16)),
        History(probes=probes(0.2, 0.2, 0.2, active=[0.03, 0.02, 0.0])),
    ],
    "collapse": [History(probes=probes(0.2, 0.5, 0.7))],
    "rising loss": [
        History(losses(*(0.5 + 0.03 * at for at in range(16)))),
        History(losses(*[0.9, 0.6, 0.3, 0.2] * 2, *[0.2] * 8, *[0.8] * 6)),
    ],
    "one direction": [
        History(directions={"ko → en": 392, "en → ko": 8}),
        History(probes=probes(0.2, 0.2, found={"ko → en": [0.5, 0.8], "en → ko": [0.5, 0.3]})),
    ],
    "no gain": [History(judgements=judgements(0.7, 0.6, 0.7), finished=True)],
}


def test_every_alarm_has_a_history_that_sets_it_off():
    assert SICK.keys() == ALARMS.keys()


@pytest.mark.parametrize(
    ("name", "history"), [(name, history) for name, each in SICK.items() for history in each]
)
def test_an_alarm_goes_off_alone_and_once(name, history):
    (alarm,) = ring(history, 16, [])
    assert alarm.name == name
    assert alarm.step == 16
    assert alarm.words.endswith(".") or alarm.words.endswith("before it.")
    assert not ring(history, 17, [alarm])


def test_nothing_goes_off_on_a_healthy_history():
    assert not ring(HEALTHY, 16, [])


def test_nothing_goes_off_before_anything_is_known():
    assert not ring(History(), 0, [])


@pytest.mark.parametrize(
    "history",
    [
        # Noise of a batch here and there is no rise.
        History(losses(*[0.5, 0.42, 0.55, 0.47] * 4)),
        History(losses(0.30, 0.21, 0.25, 0.18, 0.28, 0.09, 0.22, 0.10, 0.24, 0.35, 0.12, 0.31)),
        # Texts that a model did not know lay together before, and come apart.
        History(probes=probes(0.9, 0.5, 0.3)),
        # A high learning rate costs a trained model some ground at first.
        History(losses(*(0.5 + 0.03 * at for at in range(16))), done=0.3),
        # A loss that has become small by learning.
        History(losses(*(0.8 * 0.6**at for at in range(16)))),
        # Triplets that became inactive while training.
        History(probes=probes(0.2, 0.2, 0.2, active=[0.8, 0.4, 0.01])),
        # All rows in one direction, as a corpus with one direction has.
        History(directions={"ko → en": 400}),
        # Both directions lose, so none gains at the other's cost.
        History(probes=probes(0.2, 0.2, found={"ko → en": [0.5, 0.4], "en → ko": [0.5, 0.3]})),
        # Not finished: the next judgement may be better.
        History(judgements=judgements(0.7, 0.6)),
    ],
)
def test_what_only_looks_like_trouble_is_let_be(history):
    assert not ring(history, 16, [])
