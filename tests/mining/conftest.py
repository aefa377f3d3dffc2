import pytest

from conftest import ENGLISH
from mining.worlds import pair
from nmixx.records import Pair


@pytest.fixture
def pairs() -> list[Pair]:
    """English sentences with a paraphrase that a teacher of spellings finds near."""
    return [
        pair(at, text, f"{text} So it said.", id=f"p{at:02}", anchor_lang="en")
        for at, text in enumerate(ENGLISH)
    ]
