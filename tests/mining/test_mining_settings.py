import pytest

from nmixx.errors import RecipeError
from nmixx.mining import MiningSettings
from nmixx.mining.policies import POLICIES


@pytest.mark.parametrize("policy", POLICIES)
def test_numbers_not_given_are_the_policys(policy):
    choice = MiningSettings(policy=policy).choice
    assert (choice.margin, choice.apart) == (POLICIES[policy].margin, POLICIES[policy].apart)


def test_numbers_that_are_given_count():
    choice = MiningSettings(policy="perc_pos_apart", margin=0.9, apart=0.5).choice
    assert (choice.margin, choice.apart) == (0.9, 0.5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"policy": "topk"}, "policy: input should be 'naive', 'shifted'"),
        ({"policy": "naive", "margin": 0.9}, "naive: takes no margin, but margin 0.9 was given"),
        ({"policy": "perc_pos", "apart": 0.9}, "perc_pos: takes no apart"),
        ({"margin": 1.5}, "margin of perc_pos: expected more than 0 and at most 1"),
        ({"margin": 0.0}, "margin of perc_pos: expected more than 0"),
        ({"policy": "perc_pos_apart", "margin": -1}, "margin of perc_pos_apart: expected"),
        ({"query_language_share": 0.5}, "query_language_share needs language: any"),
        ({"query_language_share": 1.5, "language": "any"}, "less than or equal to 1"),
        ({"negatives": 0}, "negatives: .*greater than or equal to 1"),
        ({"near_duplicates": 0}, "near_duplicates: .*greater than 0"),
        ({"depth": -1}, "depth"),
        ({"sampling": "best"}, "sampling: input should be 'top' or 'random'"),
        ({"shortfall": "skip"}, "shortfall: input should be 'keep', 'drop' or 'fill'"),
        ({"positives": "mean"}, "positives: input should be 'lowest' or 'each'"),
        ({"same_language": True}, "unknown key 'same_language'"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_word(given, said):
    with pytest.raises(RecipeError, match=said) as raised:
        MiningSettings.parse(given, "mine")
    assert len(str(raised.value).splitlines()) <= 3
