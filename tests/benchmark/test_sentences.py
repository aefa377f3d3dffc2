from __future__ import annotations

import pytest

from nmixx.benchmark.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("금리가 올랐다. 주가는 내렸다.", ["금리가 올랐다.", "주가는 내렸다."]),
        ("Rates rose. Shares fell.", ["Rates rose.", "Shares fell."]),
        ("Growth was 2.5 percent. It slowed.", ["Growth was 2.5 percent.", "It slowed."]),
        ("Acme Inc. Chief J. Doe left.", ["Acme Inc. Chief J. Doe left."]),
        ("No. 5 mine closed.", ["No. 5 mine closed."]),
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("up 3 percent. and more", ["up 3 percent. and more"]),
        ("  ", []),
        ("끝", ["끝"]),
    ],
)
def test_split(text: str, parts: list[str]) -> None:
    assert split_sentences(text) == parts


def test_nothing_is_lost() -> None:
    text = "A rose 1.2%. B fell! C (as D. said) held? 마. 바사는 그대로다."
    assert " ".join(split_sentences(text)) == text
