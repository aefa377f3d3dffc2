from __future__ import annotations

import pytest

from nmixx.errors import DataError
from nmixx.evaluation.bitext import BitextData
from nmixx.evaluation.settings import BitextTask
from nmixx.testing import HashEncoder

ROWS = [
    {"ko": "KOSPI 2,748 마감", "en": "KOSPI closes at 2,748"},
    {"ko": "ETF 순자산 사상 최대", "en": "ETF assets at a record"},
    {"ko": "GDP 성장률 1.3%", "en": "GDP growth of 1.3%"},
]


def test_directions_are_named_by_language_and_their_mean_is_the_figure(write_rows) -> None:
    path = write_rows("pairs.jsonl", ROWS)
    examples = BitextData.load("news", BitextTask(path=str(path))).measure(HashEncoder().encode)
    directions = examples.parts["direction"]
    assert set(directions) == {"ko → en", "en → ko"}
    assert examples.figure == pytest.approx(sum(d.figure for d in directions.values()) / 2)
    assert len(examples) == 3


def test_a_pair_is_found_when_it_shares_what_the_encoder_sees(write_rows) -> None:
    path = write_rows("pairs.jsonl", ROWS)
    data = BitextData.load("news", BitextTask(path=str(path)))
    assert data.measure(HashEncoder(256).encode).figure == 1


def test_one_pair_is_too_few(write_rows) -> None:
    path = write_rows("pairs.jsonl", ROWS[:1])
    with pytest.raises(DataError, match="gives 1 pairs; at least 2"):
        BitextData.load("news", BitextTask(path=str(path)))
