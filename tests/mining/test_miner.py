import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ENGLISH
from nmixx.corpus.clean import normalise_key
from nmixx.encoding import EmbeddingStore
from nmixx.mining import MiningSettings, mine_hard_negatives
from nmixx.mining.miner import Negative, mine_pairs
from nmixx.records import Candidate, Document, Dropped, Pair
from nmixx.storage import read_json, read_records
from nmixx.testing import HashEncoder

SETTINGS = MiningSettings(negatives=3, margin=0.95, block=7)
# Few texts, many of them the same but for form, so that everything collides with everything.
TEXTS = ("Profit rose", "profit rose.", "PROFIT  ROSE!", "Profit fell", "profit fell", "Rates", "x")
TEXT = st.sampled_from(TEXTS)
GROUP = st.sampled_from("abcd")
LANG = st.sampled_from(["en", "ko"])


@pytest.fixture
def pairs():
    """English sentences with a paraphrase that the spelling encoder finds near."""
    return [
        Pair(f"p{at:02}", text, f"{text} So it said.", "en", "en", "paraphrase", "news", f"g{at}")
        for at, text in enumerate(ENGLISH)
    ]


def make_documents(number=60):
    """Sentences of their own groups, every other one marked as Korean."""
    return [
        Document(
            f"d{at}",
            f"Sales {at} rose {at * 7 % 5}",
            "en" if at % 2 else "ko",
            "news",
            f"gd{at}",
            "s",
        )
        for at in range(number)
    ]


def mine(pairs, documents, folder, settings=SETTINGS):
    store = EmbeddingStore(folder, HashEncoder(32))
    return mine_pairs(pairs, documents, store, settings, teacher="hash")


@settings(max_examples=40)
@given(
    st.lists(st.tuples(TEXT, TEXT, LANG, LANG, GROUP), min_size=1, max_size=5),
    st.lists(st.tuples(TEXT, LANG, GROUP), max_size=6),
    st.booleans(),
    st.sampled_from([0.5, 0.95, 1.0]),
)
def test_a_negative_is_never_the_same_text_nor_of_the_same_group(
    tmp_path_factory, rows, others, same_language, margin
):
    pairs = [
        Pair(f"p{at}", anchor, positive, one, other, "paraphrase", "news", group)
        for at, (anchor, positive, one, other, group) in enumerate(rows)
    ]
    documents = [
        Document(f"d{at}", text, lang, "news", group, "s")
        for at, (text, lang, group) in enumerate(others)
    ]
    options = MiningSettings(negatives=9, margin=margin, same_language=same_language, block=2)
    result = mine(pairs, documents, tmp_path_factory.mktemp("store"), options)
    by_id = {pair.id: pair for pair in pairs}
    sides = [(pair.group, text) for pair in pairs for text in (pair.anchor, pair.positive)]
    owners = [*sides, *((document.group, document.text) for document in documents)]
    for negative in result.negatives:
        pair = by_id[negative.query_id]
        key = normalise_key(negative.negative)
        assert key not in {normalise_key(pair.anchor), normalise_key(pair.positive)}
        assert pair.group not in {group for group, text in owners if normalise_key(text) == key}
        assert negative.score < negative.threshold <= negative.positive_score
        assert not same_language or negative.negative_lang == pair.positive_lang


def test_scores_ranks_and_thresholds_are_those_of_the_teacher(pairs, tmp_path):
    documents = make_documents()
    result = mine(pairs, documents, tmp_path)
    assert len(result.negatives) == 3 * len(pairs)
    encode = HashEncoder(32).encode
    for negative in result.negatives:
        anchor, positive, found = encode([negative.anchor, negative.positive, negative.negative])
        assert negative.score == pytest.approx(anchor @ found, abs=1e-5)
        assert negative.positive_score == pytest.approx(anchor @ positive, abs=1e-5)
        expected = negative.positive_score - abs(negative.positive_score) * 0.05
        assert negative.threshold == pytest.approx(expected, abs=1e-6)
    for pair in pairs:
        own = [negative for negative in result.negatives if negative.query_id == pair.id]
        assert [negative.rank for negative in own] == [1, 2, 3]
        scores = [negative.score for negative in own]
        assert scores == sorted(scores, reverse=True)
        assert len({negative.document_id for negative in own}) == 3


def test_the_best_allowed_candidates_are_found(pairs, tmp_path):
    documents = make_documents()
    result = mine(pairs, documents, tmp_path)
    encode = HashEncoder(32).encode
    for pair in pairs:
        own = [negative for negative in result.negatives if negative.query_id == pair.id]
        texts = [d.text for d in documents if d.lang == "en"]
        others = [other for other in pairs if other.group != pair.group]
        texts += [text for other in others for text in (other.anchor, other.positive)]
        scores = encode(texts) @ encode([pair.anchor])[0]
        allowed = np.sort(scores[scores < own[0].threshold])[::-1]
        assert [negative.score for negative in own] == pytest.approx(allowed[:3], abs=1e-5)


def test_negatives_are_in_the_positives_language_unless_asked_otherwise(pairs, tmp_path):
    documents = make_documents()
    every = SETTINGS.model_copy(update={"negatives": 99})
    same = mine(pairs, documents, tmp_path, every)
    assert {negative.negative_lang for negative in same.negatives} == {"en"}
    free = every.model_copy(update={"same_language": False})
    any_language = mine(pairs, documents, tmp_path, free)
    assert {negative.negative_lang for negative in any_language.negatives} == {"en", "ko"}


def test_a_query_that_comes_short_is_written_down(pairs, tmp_path):
    few = pairs[:2]
    options = SETTINGS.model_copy(update={"negatives": 5})
    result = mine(few, [], tmp_path, options)
    assert len(result.dropped) == 2
    first = result.dropped[0]
    assert (first.id, first.text, first.source) == ("p00", few[0].anchor, "hash")
    assert first.reason == "too few negatives"
    found = sum(negative.query_id == "p00" for negative in result.negatives)
    assert found == 2  # both sides of the other pair
    assert first.detail.startswith(f"{found} of 5 found below ")
    assert result.counts()["queries_short"] == 2


def test_a_language_without_any_candidate_comes_short_and_does_not_fail(tmp_path):
    pair = Pair("p", "영업이익", "Profit", "ko", "en", "translation", "news", "g")
    mislabelled = Document("d", "profit", "ko", "news", "other", "s")
    result = mine([pair], [mislabelled], tmp_path)
    assert result.negatives == []
    assert [row.id for row in result.dropped] == ["p"]


def test_the_run_lists_what_the_negatives_are_made_from(pairs, tmp_path):
    result = mine(pairs, make_documents(), tmp_path)
    assert result.run == [
        Candidate(n.query_id, n.document_id, n.rank, n.score, "hash") for n in result.negatives
    ]


def test_a_negative_becomes_a_triplet(pairs, tmp_path):
    negative = mine(pairs, make_documents(), tmp_path).negatives[0]
    triplet = negative.to_triplet()
    assert triplet.negative_kind == "mined"
    assert (triplet.anchor, triplet.negative) == (negative.anchor, negative.negative)
    assert triplet.positive_kind == "paraphrase"
    assert triplet.group == negative.group
    assert negative.document_id in triplet.provenance


def read_all(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_the_same_input_twice_gives_the_same_bytes(pairs, tmp_path):
    options = SETTINGS.model_copy(update={"queries": 7, "corpus_documents": 40})
    for name in ("one", "other"):
        mine_hard_negatives(
            pairs,
            make_documents(),
            HashEncoder(32),
            options,
            tmp_path / name,
            teacher="hash",
            seed=3,
        )
    one = read_all(tmp_path / "one")
    assert one == read_all(tmp_path / "other")
    assert set(one) == {"run.parquet", "negatives.parquet", "dropped.parquet", "report.json"}


def test_the_files_hold_the_result(pairs, tmp_path):
    options = SETTINGS.model_copy(update={"queries": 7, "corpus_documents": 40})
    result = mine_hard_negatives(
        pairs, make_documents(), HashEncoder(32), options, tmp_path, teacher="hash"
    )
    assert read_records(tmp_path / "run.parquet", Candidate) == result.run
    assert read_records(tmp_path / "negatives.parquet", Negative) == result.negatives
    assert read_records(tmp_path / "dropped.parquet", Dropped) == result.dropped
    report = read_json(tmp_path / "report.json")
    assert (report["queries"], report["documents"]) == (7, 40)
    assert report["queries_with_negatives"] == 7


def test_another_seed_draws_other_queries(pairs, tmp_path):
    options = SETTINGS.model_copy(update={"queries": 4})
    drawn = [
        {
            candidate.query_id
            for candidate in mine_hard_negatives(
                pairs, [], HashEncoder(32), options, tmp_path / str(seed), teacher="h", seed=seed
            ).run
        }
        for seed in (0, 1)
    ]
    assert drawn[0] != drawn[1]


def test_long_documents_are_not_mined(pairs, tmp_path):
    long = Document("long", "profit " * 65, "en", "news", "gl", "s")
    kept = Document("kept", "profit " * 64, "en", "news", "gk", "s")
    options = SETTINGS.model_copy(update={"negatives": 99})
    result = mine_hard_negatives(
        pairs, [long, kept], HashEncoder(32), options, tmp_path, teacher="hash"
    )
    found = {negative.document_id for negative in result.negatives}
    assert "kept" in found
    assert "long" not in found
