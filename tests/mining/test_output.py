import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ENGLISH, KOREAN
from nmixx.corpus.shapes import read_given_negatives, read_pairs
from nmixx.errors import DataError, InputError
from nmixx.mining.miner import Negative
from nmixx.mining.output import FORMATS, WRITERS, Width, write_format
from nmixx.storage import read_records, write_records


def negative(query, positive, text, *, score=0.5, positive_score=0.8, query_id=""):
    """A record with what the formats read; the rest is empty."""
    given = {
        "query_id": query_id or f"id of {query}",
        "anchor": query,
        "positive": positive,
        "negative": text,
        "score": score,
        "positive_score": positive_score,
    }
    return Negative.from_row({name: kind() for name, kind in Negative.columns().items()} | given)


MINED = [
    negative("금리", "rate", "bond", score=0.75),
    negative("금리", "rate", "share", score=0.25),
    negative("배당", "dividend", "share", score=0.5),
    negative("배당", "dividend", "rate", score=0.375),
]
TWO_POSITIVES = [
    negative("금리", "rate", "bond", score=0.75, positive_score=0.8),
    negative("금리", "interest", "bond", score=0.75, positive_score=0.9),
]


def read(path):
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pylist()


@pytest.fixture(params=sorted(WRITERS))
def path(request, tmp_path):
    return tmp_path / f"out{request.param}"


def test_triplets(path):
    written = write_format(path, MINED, "triplets")
    assert (written.rows, written.dropped) == (4, 0)
    assert read(path)[:2] == [
        {"anchor": "금리", "positive": "rate", "negative": "bond"},
        {"anchor": "금리", "positive": "rate", "negative": "share"},
    ]


def test_n_tuples(path):
    written = write_format(path, MINED, "n-tuples")
    assert (written.rows, written.dropped) == (2, 0)
    assert read(path) == [
        {"anchor": "금리", "positive": "rate", "negative_1": "bond", "negative_2": "share"},
        {"anchor": "배당", "positive": "dividend", "negative_1": "share", "negative_2": "rate"},
    ]


def test_labelled_pairs_hold_each_pair_once(path):
    write_format(path, [*MINED, negative("금리", "rate", "dividend")], "labelled-pairs")
    assert [tuple(row.values()) for row in read(path)] == [
        ("금리", "rate", 1),
        ("금리", "bond", 0),
        ("금리", "share", 0),
        ("배당", "dividend", 1),
        ("배당", "share", 0),
        ("배당", "rate", 0),
        ("금리", "dividend", 0),
    ]
    assert list(read(path)[0]) == ["anchor", "text", "label"]


def test_a_positive_is_labelled_one_even_where_another_row_has_it_as_a_negative(path):
    rows = [negative("금리", "rate", "interest"), negative("금리", "interest", "bond")]
    write_format(path, rows, "labelled-pairs")
    assert {(row["text"], row["label"]) for row in read(path)} == {
        ("rate", 1),
        ("interest", 1),
        ("bond", 0),
    }


def test_flagembedding_has_all_positives_of_a_query_in_one_row(path):
    write_format(path, [*TWO_POSITIVES, *MINED[2:]], "flagembedding")
    assert read(path) == [
        {
            "query": "금리",
            "pos": ["rate", "interest"],
            "neg": ["bond"],
            "pos_scores": [0.8, 0.9],
            "neg_scores": [0.75],
        },
        {
            "query": "배당",
            "pos": ["dividend"],
            "neg": ["share", "rate"],
            "pos_scores": [0.8],
            "neg_scores": [0.5, 0.375],
        },
    ]


def test_a_score_that_is_not_known_is_null(path):
    write_format(path, [negative("q", "p", "n", positive_score=float("nan"))], "flagembedding")
    (row,) = read(path)
    assert (row["pos_scores"], row["neg_scores"]) == ([None], [0.5])


def test_what_was_written_as_flagembedding_is_read_again(path):
    write_format(path, [*TWO_POSITIVES, *MINED[2:]], "flagembedding")
    assert [(pair.anchor, pair.positive) for pair in read_pairs(str(path))] == [
        ("금리", "rate"),
        ("금리", "interest"),
        ("배당", "dividend"),
    ]
    given = read_given_negatives(str(path))
    assert [document.text for document in given] == ["bond", "share", "rate"]


def test_n_tuples_have_a_row_for_each_positive(path):
    write_format(path, TWO_POSITIVES, "n-tuples")
    assert read(path) == [
        {"anchor": "금리", "positive": "rate", "negative_1": "bond"},
        {"anchor": "금리", "positive": "interest", "negative_1": "bond"},
    ]


UNEVEN = [*MINED, negative("금리", "rate", "fund"), negative("주가", "share price", "bond")]


@pytest.mark.parametrize("size", [None, 2, 4])
def test_short_rows_are_refused_when_nothing_was_chosen_for_them(path, size):
    path.write_text("before")
    with pytest.raises(DataError, match="of 3 rows have fewer than") as caught:
        write_format(path, UNEVEN, "n-tuples", Width(size))
    assert "drop or repeat" in str(caught.value)
    assert path.read_text() == "before"


def test_short_rows_are_dropped_only_by_choice_and_with_a_word(path, caplog):
    written = write_format(path, UNEVEN, "n-tuples", Width(2, short="drop"))
    assert (written.rows, written.dropped) == (2, 1)
    assert [row["anchor"] for row in read(path)] == ["금리", "배당"]
    assert "too few negatives: 1" in caplog.text


def test_short_rows_may_repeat_their_own_negatives(path):
    written = write_format(path, UNEVEN, "n-tuples", Width(short="repeat"))
    assert (written.rows, written.dropped) == (3, 0)
    wide = [[row[f"negative_{at}"] for at in (1, 2, 3)] for row in read(path)]
    assert wide == [["bond", "share", "fund"], ["share", "rate", "share"], ["bond"] * 3]


def test_one_negative_a_row_takes_the_first(path):
    write_format(path, UNEVEN, "n-tuples", Width(1))
    assert [row["negative_1"] for row in read(path)] == ["bond", "share", "bond"]


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_nothing_mined_gives_a_file_without_rows_and_the_same_columns(tmp_path, name):
    import pyarrow.parquet as pq

    some, none = tmp_path / "some.parquet", tmp_path / "none.parquet"
    write_format(some, MINED[::2], name)
    assert write_format(none, [], name).rows == 0
    assert pq.read_schema(none) == pq.read_schema(some)
    assert write_format(tmp_path / "none.jsonl", [], name).rows == 0


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_records_of_a_file_are_what_is_written(tmp_path, name):
    write_records(tmp_path / "negatives.parquet", Negative, MINED)
    again = read_records(tmp_path / "negatives.parquet", Negative)
    for rows, file in ((MINED, "one.parquet"), (again, "other.parquet")):
        write_format(tmp_path / file, rows, name)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "other.parquet").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("out.jsonl", "tuples"), "format 'tuples'.*\nKnown: triplets, n-tuples"),
        (("out.csv", "triplets"), "file type '.csv'.*\nKnown: .parquet, .jsonl"),
    ],
)
def test_what_cannot_be_asked_for(tmp_path, arguments, said):
    file, name = arguments
    with pytest.raises(InputError, match=said):
        write_format(tmp_path / file, MINED, name)
    assert list(tmp_path.iterdir()) == []


def test_a_width_that_no_row_can_have():
    with pytest.raises(InputError, match="row: 0; at least one"):
        Width(0)
    with pytest.raises(InputError, match="'keep'; choose of refuse, drop, repeat"):
        Width(2, short="keep")


@given(
    st.lists(
        st.builds(
            negative,
            st.sampled_from("abc"),
            st.sampled_from("pq"),
            st.text("xyz 가\n\"'", max_size=3),
            score=st.floats(-1, 1),
        ),
        max_size=12,
    )
)
def test_no_negative_is_lost_in_any_format(tmp_path, rows):
    path = tmp_path / "out.jsonl"
    triplets = Counter((row.anchor, row.positive, row.negative) for row in rows)
    write_format(path, rows, "triplets")
    assert Counter(tuple(row.values()) for row in read(path)) == triplets
    write_format(path, rows, "n-tuples", Width(short="repeat"))
    wide = {(a, p, n) for a, p, *some in (row.values() for row in read(path)) for n in some}
    assert wide == set(triplets)
    write_format(path, rows, "labelled-pairs")
    pairs = {(row["anchor"], row["text"]) for row in read(path)}
    assert pairs == {(a, text) for a, *texts in triplets for text in texts}
    write_format(path, rows, "flagembedding")
    listed = {(row["query"], text) for row in read(path) for text in row["pos"] + row["neg"]}
    assert listed == pairs


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("triplets", "MultipleNegativesRankingLoss"),
        ("triplets", "TripletLoss"),
        ("n-tuples", "MultipleNegativesRankingLoss"),
        ("labelled-pairs", "ContrastiveLoss"),
        ("labelled-pairs", "CosineSimilarityLoss"),
    ],
)
def test_a_sentence_transformers_trainer_takes_the_file_as_it_is(tmp_path, tiny_model, name, loss):
    from datasets import Dataset
    from sentence_transformers import (
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.sentence_transformer import losses

    mined = [
        negative(korean, english, ENGLISH[at - step])
        for at, (korean, english) in enumerate(zip(KOREAN, ENGLISH, strict=True))
        for step in (1, 2)
    ]
    path = tmp_path / "train.parquet"
    write_format(path, mined, name)
    before = next(tiny_model.parameters()).detach().clone()
    trainer = SentenceTransformerTrainer(
        model=tiny_model,
        args=SentenceTransformerTrainingArguments(
            output_dir=str(tmp_path / "model"),
            max_steps=1,
            per_device_train_batch_size=4,
            use_cpu=True,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
        ),
        train_dataset=Dataset.from_parquet(str(path), cache_dir=str(tmp_path / "cache")),
        loss=getattr(losses, loss)(tiny_model),
    )
    assert trainer.train().training_loss > 0
    assert not before.equal(next(tiny_model.parameters()).detach())
