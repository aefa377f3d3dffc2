from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from conftest import ENGLISH, KOREAN
from nmixx.training.collation import cut_by_length, gather_texts, make_collator
from nmixx.training.objectives import OBJECTIVES
from nmixx.training.rows import TrainingRows
from nmixx.training.settings import StepSettings

STEP = StepSettings(name="s", objective="triplet_in_batch")


def make_rows(size=6):
    negatives = [ENGLISH[(at + 3) % 12] if at != 2 else "" for at in range(size)]
    return TrainingRows(
        {"anchor": list(KOREAN[:size]), "positive": list(ENGLISH[:size]), "negative": negatives},
        [f"g{at}" for at in range(size)],
        [""] * size,
    )


def collate(model, numbers, step=STEP, rows=None, **options):
    collator = make_collator(model, rows or make_rows(), (), step, **options)
    return collator, collator([{"row": number} for number in numbers])


def split(batch):
    """Cut a batch into features a chunk, as the trainer does."""
    names = sorted({key.split("_")[0] for key in batch if key.startswith("texts")})
    return [
        {key.removeprefix(f"{name}_"): value for key, value in batch.items() if f"{name}_" in key}
        for name in sorted(names, key=lambda name: int(name.removeprefix("texts")))
    ]


def embed(model, batch):
    features = split(batch)
    with torch.no_grad():
        vectors = [model({**part})["sentence_embedding"] for part in features]
    return torch.cat(vectors).numpy()


def test_a_batch_gives_the_embeddings_that_encoding_gives(tiny_model):
    rows = make_rows()
    _, batch = collate(tiny_model, [4, 0, 2])
    vectors = embed(tiny_model, batch)
    for column, places in zip(rows.columns.values(), batch["texts0_places"], strict=True):
        for row, place in zip([4, 0, 2], places.tolist(), strict=True):
            assert (place < 0) == (column[row] == "")
            if place >= 0:
                expected = tiny_model.encode(column[row])
                np.testing.assert_allclose(vectors[place], expected, atol=1e-5)


def test_each_distinct_text_is_in_a_batch_once(tiny_model):
    # Row 0 has the positive of row 3 as its negative.
    _, batch = collate(tiny_model, [0, 3])
    _, positives, negatives = batch["texts0_places"].tolist()
    assert negatives[0] == positives[1]
    assert len(embed(tiny_model, batch)) == 5


def test_texts_are_related_to_the_rows_whose_group_they_are_of(tiny_model):
    _, batch = collate(tiny_model, [0, 3])
    related = batch["texts0_related"].numpy()
    anchors, positives, negatives = batch["texts0_places"].numpy()
    assert related[0, [anchors[0], positives[0]]].all()
    assert related[1, negatives[0]]
    assert not related[0, negatives[0]]
    assert related.sum() == 4


def test_chunks_are_of_like_length_and_no_larger_than_asked(tiny_model):
    step = STEP.model_copy(update={"mini_batch": 4})
    _, batch = collate(tiny_model, range(6), step)
    sizes = [len(part["input_ids"]) for part in split(batch)]
    assert max(sizes) <= 4
    assert sum(sizes) == len(batch["texts0_related"][0])
    widths = [part["input_ids"].shape[1] for part in split(batch)]
    assert widths == sorted(widths)


def test_a_rows_length_is_that_of_its_longest_text(tiny_model):
    collator, _ = collate(tiny_model, [0, 1])
    rows = make_rows()
    count = lambda text: len(tiny_model.tokenizer(text).input_ids) if text else 0  # noqa: E731
    expected = [min(64, max(map(count, row))) for row in zip(*rows.columns.values(), strict=True)]
    assert collator.row_lengths == expected


def test_labels_and_the_guides_vectors_are_those_of_the_batchs_rows_and_texts(tiny_model):
    labels = np.arange(12, dtype=np.float32).reshape(6, 2)

    def guide(texts):
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    rows = make_rows()
    _, batch = collate(tiny_model, [5, 1], labels=labels, guide=guide)
    assert batch["label"].tolist() == labels[[5, 1]].tolist()
    for column, places in zip(rows.columns.values(), batch["texts0_places"].tolist(), strict=True):
        for row, place in zip([5, 1], places, strict=True):
            assert batch["texts0_guide"][place, 0] == len(column[row])


def test_prompts_are_put_before_the_texts_of_their_column(tiny_model):
    rows = make_rows(2)
    prompts = {"anchor": "query: "}
    _, batch = collate(tiny_model, [0, 1], rows=rows, prompts=prompts)
    vectors = embed(tiny_model, batch)
    anchors, positives, _ = batch["texts0_places"].tolist()
    for row in range(2):
        with_prompt = tiny_model.encode(rows.columns["anchor"][row], prompt="query: ")
        np.testing.assert_allclose(vectors[anchors[row]], with_prompt, atol=1e-5)
        without = tiny_model.encode(rows.columns["positive"][row])
        np.testing.assert_allclose(vectors[positives[row]], without, atol=1e-5)


def test_the_loss_of_a_batch_is_that_of_its_columns(tiny_model):
    rows = make_rows(2)
    _, batch = collate(tiny_model, [0, 1], rows=rows)
    loss = OBJECTIVES["triplet_in_batch"].loss(tiny_model, STEP)
    columns = [tiny_model.preprocess(texts) for texts in rows.columns.values()]
    with torch.no_grad():
        assert float(loss(split(batch))) == pytest.approx(float(loss(columns)), rel=1e-4)


def test_only_texts_that_are_not_negatives_are_members_of_a_group():
    texts = gather_texts(
        {"anchor": ["a", "b"], "positive": ["c", "a"], "negative_1": ["b", ""]}, ["g", "h"], {}
    )
    assert list(texts.texts) == ["a", "b", "c"]
    assert [set(groups) for groups in texts.members] == [{0, 1}, {1}, {0}]
    assert texts.places.tolist() == [[0, 2, 1], [1, 0, -1]]


LENGTHS = st.lists(st.integers(1, 40), min_size=1, max_size=40).map(sorted)


@given(LENGTHS, st.integers(0, 100), st.one_of(st.none(), st.integers(1, 9)))
def test_cuts_cost_no_more_than_any_single_cut_and_keep_to_the_largest_size(lengths, cost, most):
    cuts = cut_by_length(np.array(lengths), cost, most)

    def pieces(cuts):
        return list(pairwise([0, *cuts, len(lengths)]))

    def price(cuts):
        return sum((end - start) * lengths[end - 1] + cost for start, end in pieces(cuts))

    assert cuts == sorted(set(cuts))
    if most is not None:
        assert max(end - start for start, end in pieces(cuts)) <= most
    else:
        assert all(
            price(cuts) <= price([*at]) for at in ((), *((n,) for n in range(1, len(lengths))))
        )
