import pytest
from tests.vocabulary.tiny_kinds import TEXTS, train_bytes
from tokenizers import Tokenizer, models

from nmixx.vocabulary.trimming.merges import read_ranks, trace_merges

RANKS = {("b", "c"): 0, ("a", "b"): 1, ("a", "bc"): 2, ("abc", "d"): 3}


def test_the_lowest_rank_is_merged_first():
    assert trace_merges("abcd", RANKS) == {"a", "b", "c", "d", "bc", "abc", "abcd"}


def test_what_no_merges_lead_to_needs_nothing():
    assert trace_merges("abd", RANKS) == {"abd"}
    assert trace_merges("x", RANKS) == {"x"}


@pytest.mark.parametrize("merges", [["b c", "a bc"], [["b", "c"], ["a", "bc"]]])
def test_merges_are_read_in_both_spellings(merges):
    assert read_ranks({"model": {"merges": merges}}) == {("b", "c"): 0, ("a", "bc"): 1}


def test_every_learned_token_is_built_by_the_merges_that_are_traced():
    state = train_bytes(TEXTS)
    ranks = read_ranks(state)
    for token in state["model"]["vocab"]:
        passed = trace_merges(token, ranks)
        kept = {pair for pair in ranks if {*pair, "".join(pair)} <= passed}
        vocabulary = {part: number for number, part in enumerate(sorted(passed))}
        alone = Tokenizer(models.BPE(vocabulary, [pair for pair in ranks if pair in kept]))
        assert alone.encode(token).tokens == [token]
