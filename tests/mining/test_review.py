import numpy as np
import pytest

from mining.worlds import document, pair, scorer_of
from nmixx.mining.pool import build_pool
from nmixx.mining.review import NEAR_DUPLICATE, SECOND_TEACHER, near_duplicates, second_teacher

POSITIVE = "The central bank held its key rate at 3.5 percent for a third month."


def judge(text, threshold=0.8, *, anchor="기준금리는 어떻게 되었나?"):
    pairs = [pair(0, anchor, POSITIVE), pair(1)]
    pool = build_pool(pairs, [document(0, text)], each_positive=False)
    review = near_duplicates(pool, threshold)
    own, others = review(np.array([0, 1]), np.array([0, 0]))
    assert others == ""  # of another query's positive it may be as near as it likes
    return own


@pytest.mark.parametrize(
    "text",
    [
        "The central bank held its key rate at 3.5 percent for a third month",
        "the CENTRAL bank held its key rate, at 3.5 percent, for a third month!",
        "The central bank held its key rates at 3.5 percent for a third month.",
    ],
)
def test_a_text_that_shares_most_of_its_letters_with_a_positive_is_turned_down(text):
    assert judge(text) == NEAR_DUPLICATE


@pytest.mark.parametrize(
    "text",
    [
        "The central bank held its key rate at 3.75 percent for a third month.",  # another figure
        "The central bank raised its policy rate to the highest in a decade.",
        "Unrelated.",
    ],
)
def test_another_text_or_one_with_another_figure_is_not(text):
    assert judge(text) == ""


def test_what_is_near_the_query_itself_is_turned_down_too():
    anchor = "What did the central bank do with its key rate this month?"
    assert judge("What did the central bank do with its key rates this month?") == ""
    assert (
        judge("What did the central bank do with its key rates this month?", anchor=anchor)
        == NEAR_DUPLICATE
    )


def test_the_threshold_says_how_much_is_most():
    text = "The central bank held its rate at 3.5 percent for the third month in a row."
    assert judge(text, 0.3) == NEAR_DUPLICATE
    assert judge(text, 0.95) == ""


def test_a_second_teacher_turns_down_what_it_finds_too_high():
    pool = build_pool([pair(0), pair(1)], [], each_positive=False)
    scores = [[0.5, 0.4, 0.3, np.nan], [0.5, 0.9, 0.1, 0.2]]
    review = second_teacher(
        scorer_of(scores, pool.queries), np.array([0.4, -np.inf], dtype=np.float32)
    )
    rows = np.arange(4)
    # On its ceiling is too high; what it has no score for it says nothing of.
    assert review(np.zeros(4, dtype=np.int64), rows) == [SECOND_TEACHER, SECOND_TEACHER, "", ""]
    assert review(np.ones(4, dtype=np.int64), rows) == [SECOND_TEACHER] * 4
