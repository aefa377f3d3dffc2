import re
from collections import Counter, defaultdict

import numpy as np
import pytest

from nmixx.errors import DataError
from nmixx.samples import SAMPLE_CATEGORIES, SAMPLE_KINDS, read_sample

COLUMNS = {
    "pairs": {"id", "ko", "en", "category"},
    "documents": {"id", "text", "lang", "category"},
    "benchmark": {
        *("id", "sentence1", "sentence2", "score"),
        *("lang", "category", "shift", "group"),
    },
}
COMMON = {"paraphrase", "unrelated"}
SHIFTS = {
    "news": {
        *("detail_added", "detail_dropped", "emerging_situation", "plan_realisation"),
        *("sentiment_intensity", "sentiment_reversal"),
    },
    "disclosure": {
        *("detail_added", "emerging_situation", "plan_realisation", "sentiment_intensity"),
    },
    "report": {
        *("business_detail", "emerging_situation", "fact_to_opinion", "forecast_to_fact"),
        *("jargon_to_plain", "macro_micro_view", "sentiment_adjustment"),
    },
    "regulation": {"interpretation_reversal", "procedure_clarity", "sanction_strength"},
}
WORD = re.compile(r"[\w.%]+")


def rows(kind):
    return [row for _, row in read_sample(kind)]


def scope(row):
    return "cross" if "-" in row["lang"] else row["lang"]


@pytest.mark.parametrize("kind", SAMPLE_KINDS)
def test_columns_ids_and_categories(kind):
    found = rows(kind)
    assert all(set(row) == COLUMNS[kind] for row in found)
    assert len({row["id"] for row in found}) == len(found)
    assert {row["category"] for row in found} == set(SAMPLE_CATEGORIES)
    assert all(row["id"].startswith(f"{row['category']}-") for row in found)


def test_there_is_enough_of_everything():
    assert len(rows("pairs")) >= 400
    assert len(rows("documents")) >= 200
    assert len(rows("benchmark")) >= 200
    documents = Counter((row["category"], row["lang"]) for row in rows("documents"))
    assert min(documents[c, lang] for c in SAMPLE_CATEGORIES for lang in ("ko", "en")) >= 25
    scored = Counter(map(scope, rows("benchmark")))
    assert min(scored[one] for one in ("ko", "en", "cross")) >= 80


@pytest.mark.parametrize("category", SAMPLE_CATEGORIES)
def test_every_shift_is_present_in_each_language_and_across(category):
    found = [row for row in rows("benchmark") if row["category"] == category]
    assert {row["shift"] for row in found} == SHIFTS[category] | COMMON | {"translation"}
    counts = Counter((row["shift"], scope(row)) for row in found)
    for shift in SHIFTS[category]:
        assert min(counts[shift, one] for one in ("ko", "en", "cross")) >= 2, shift
    assert all((row["shift"] == "translation") <= (scope(row) == "cross") for row in found)


def test_scores_agree_with_what_the_shift_says():
    for row in rows("benchmark"):
        assert row["score"] * 2 == int(row["score"] * 2)
        assert 0 <= row["score"] <= 5
        if row["shift"] in ("paraphrase", "translation"):
            assert row["score"] >= 4, row["id"]
        if row["shift"] == "unrelated":
            assert row["score"] <= 0.5, row["id"]


def test_a_group_is_the_rows_of_one_first_sentence():
    sentences = defaultdict(set)
    groups = defaultdict(set)
    for row in rows("benchmark"):
        sentences[row["group"]].add(row["sentence1"])
        groups[row["sentence1"]].add(row["group"])
    assert all(len(some) == 1 for some in sentences.values())
    assert all(len(some) == 1 for some in groups.values())


def sample_texts(lang):
    """List (place, group, text) of every text in one language."""
    for row in rows("pairs"):
        yield row["id"], row["id"], row[lang]
    for row in rows("documents"):
        if row["lang"] == lang:
            yield row["id"], row["id"], row["text"]
    for row in rows("benchmark"):
        first, _, second = row["lang"].partition("-")
        for one, name in ((first, "sentence1"), (second or first, "sentence2")):
            if one == lang:
                yield row["id"], row["group"], row[name]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_no_two_texts_share_more_than_half_of_the_shorter_ones_words(lang):
    texts = list(sample_texts(lang))
    bags = [{w.strip(".").lower() for w in WORD.findall(text)} - {""} for _, _, text in texts]
    places = {word: place for place, word in enumerate(sorted(set().union(*bags)))}
    has = np.zeros((len(texts), len(places)), dtype=np.float32)
    for row, bag in enumerate(bags):
        has[row, [places[word] for word in bag]] = 1
    sizes = has.sum(axis=1)
    shared = has @ has.T
    groups = np.array([group for _, group, _ in texts])
    bad = (shared > 0.5 * np.minimum.outer(sizes, sizes)) & (groups[:, None] != groups[None, :])
    found = [(texts[one][0], texts[two][0]) for one, two in np.argwhere(np.triu(bad))]
    assert found == []


def test_an_unknown_kind():
    with pytest.raises(DataError, match="sample:pairs, sample:documents, sample:benchmark"):
        next(read_sample("triplets"))
