import hashlib
import os
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.corpus.duplicates import drop_exact, drop_near, figures, find_near_duplicates
from nmixx.corpus.items import item_of
from nmixx.corpus.shingles import compact, jaccard, shingle_set
from nmixx.records import Document, Pair

LONG = (
    "The supervisory authority fined the brokerage for failing to report large short positions "
    "within the required period and ordered it to overhaul its internal controls by year end."
)

WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]


def document(number, text):
    return item_of(Document(f"d-{number}", text, "en", "news", "", "d"), "d")


def pair(number, anchor, positive, kind="translation", langs=("ko", "en")):
    record = Pair(f"p-{number}", anchor, positive, *langs, kind, "news", "")
    return item_of(record, "p")


def ids(result):
    kept, dropped = result
    return [item.id for item in kept], [drop.item.id for drop in dropped]


def test_exact_duplicates_differ_in_form_only():
    items = [document(n, text) for n, text in enumerate(["Net profit.", "net  PROFIT", "Net loss"])]
    kept, dropped = drop_exact(items)
    assert [item.id for item in kept] == ["d-0", "d-2"]
    assert (dropped[0].reason, dropped[0].detail) == ("exact duplicate", "of d-0")


def test_pairs_are_equal_on_both_sides_or_not():
    items = [pair(0, "금리", "rate"), pair(1, "금리", "interest rate"), pair(2, "금리.", "Rate")]
    assert ids(drop_exact(items)) == (["p-0", "p-1"], ["p-2"])


def test_a_mirrored_translation_is_a_duplicate_but_a_mirrored_question_is_not():
    there, back = pair(0, "금리", "rate"), pair(1, "rate", "금리", langs=("en", "ko"))
    assert ids(drop_exact([there, back])) == (["p-0"], ["p-1"])
    there, back = pair(0, "a", "b", "qa"), pair(1, "b", "a", "qa")
    assert ids(drop_exact([there, back])) == (["p-0", "p-1"], [])


def test_a_pair_of_equal_sides_goes():
    kept, dropped = drop_exact([pair(0, "ETF", "etf")])
    assert not kept
    assert "same text" in dropped[0].detail


def test_near_duplicates():
    items = [document(0, LONG), document(1, LONG.replace("year end", "year-end")), document(2, "x")]
    kept, dropped = drop_near(items, 0.9)
    assert [item.id for item in kept] == ["d-0", "d-2"]
    assert dropped[0].reason == "near duplicate"
    assert "of d-0 (similarity 1.00)" in dropped[0].detail


def test_a_digit_keeps_two_texts_apart():
    items = [document(n, f"{LONG} The fine was {n} million won.") for n in (31, 32)]
    assert ids(drop_near(items, 0.5))[1] == []
    assert len(find_near_duplicates([(f"{LONG} mark a",), (f"{LONG} mark b",)], 0.9)) == 1


def test_the_figures_of_a_key():
    assert figures("2024 3 14 손실 -1.5% 1,5 q3") == ("2024", "3", "14", "-1.5", "1,5", "3")


def test_both_sides_of_a_pair_must_be_similar():
    near = LONG.replace("year end", "year’s end")
    same = [pair(0, LONG, "감독당국"), pair(1, near, "감독당국")]
    other = [
        pair(0, LONG, "감독당국이 과징금을 물렸다"),
        pair(1, near, "전혀 다른 이야기가 이어진다"),
    ]
    assert ids(drop_near(same, 0.9)) == (["p-0"], ["p-1"])
    assert ids(drop_near(other, 0.9))[1] == []


def test_pairs_and_documents_are_not_compared():
    assert ids(drop_near([document(0, LONG), pair(1, LONG, "x"), document(2, LONG)], 0.9)) == (
        ["d-0", "p-1"],
        ["d-2"],
    )


def test_no_chain_of_similar_texts_empties_a_corpus():
    """A row is compared with kept rows, so what resembles only a dropped row stays."""
    words = [hashlib.sha256(bytes([number])).hexdigest()[:8] for number in range(120)]
    words = [word.translate(str.maketrans("0123456789", "ghijklmnop")) for word in words]
    chain = [" ".join(words[at : at + 60]) for at in range(0, 60, 3)]
    matches = find_near_duplicates([(text,) for text in chain], 0.8)
    assert 0 < len(matches) < len(chain) - 1
    assert not any(match.row in matches for match in matches.values())


def test_light_edits_are_all_found():
    letters = random.Random(0)
    texts = ["".join(letters.choices("abcdefgh ", k=300)) for _ in range(150)]
    edited = [f"{text[:150]}x{text[150:]}" for text in texts]
    matches = find_near_duplicates([(text,) for text in (*texts, *edited)], 0.9)
    assert {row: match.row for row, match in matches.items()} == {
        150 + row: row for row in range(150)
    }


SENTENCES = st.lists(st.sampled_from(LONG.split()), min_size=1, max_size=40).map(" ".join)


@given(st.lists(SENTENCES, max_size=12), st.sampled_from([0.5, 0.8, 0.9, 1.0]))
def test_every_match_is_true_and_points_back_at_a_kept_row(texts, threshold):
    matches = find_near_duplicates([(text,) for text in texts], threshold)
    for row, match in matches.items():
        true = jaccard(*(shingle_set([compact(texts[one])]) for one in (row, match.row)))
        assert match.row < row
        assert match.row not in matches
        assert match.similarity == true >= threshold


@given(st.lists(SENTENCES, min_size=1, max_size=12))
def test_the_first_stays_and_equal_rows_after_it_go(texts):
    items = [document(number, text) for number, text in enumerate([*texts, *texts])]
    kept, dropped = drop_exact(items)
    first = {text: number for number, text in reversed(list(enumerate(texts)))}
    assert [item.id for item in kept] == [f"d-{number}" for number in sorted(first.values())]
    assert len(kept) + len(dropped) == len(items)


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_hash_seed_of_the_process_changes_nothing(seed):
    script = (
        "from nmixx.corpus.duplicates import find_near_duplicates as f\n"
        f"w = {WORDS}\n"
        "rows = [(' '.join(w[i % 10:] + w[:i % 7] + w * 3),) for i in range(60)]\n"
        "import sys; sys.stdout.write(repr(f(rows, 0.7)))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [(" ".join(WORDS[i % 10 :] + WORDS[: i % 7] + WORDS * 3),) for i in range(60)]
    assert found == repr(find_near_duplicates(rows, 0.7))
    assert len(find_near_duplicates(rows, 0.7)) > 5
