import json
import os
import subprocess
import sys
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vocabulary.tiny_kinds import BUILDERS, OTHERS, TEXTS

from conftest import ENGLISH, KOREAN
from nmixx.encoding import load_model
from nmixx.errors import DataError, ModelError, OutputError, StageError
from nmixx.records import Pair
from nmixx.storage import read_json
from nmixx.vocabulary import TrimSettings, VocabularySettings, trim_vocabulary
from nmixx.vocabulary.growing.growth import grow_model
from nmixx.vocabulary.table import read_table
from nmixx.vocabulary.tokenizer_files import bare_tokenizer
from nmixx.vocabulary.trimming.trim import (
    count_tokens,
    find_changed,
    plan_trim,
    save_trim,
    split_texts,
)

TELLING = (*KOREAN, *ENGLISH)
SETTINGS = TrimSettings(whole_script_share=0.0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Models of every kind, as saved."""
    folder = tmp_path_factory.mktemp("kinds")
    return {kind: build(folder / kind) for kind, build in BUILDERS.items()}


@pytest.fixture(scope="module")
def trimmed(whole, tmp_path_factory):
    """The same, trimmed to Korean and English: the plan, the result and the folder."""
    made = {}
    for kind, path in whole.items():
        folder = tmp_path_factory.mktemp("trimmed") / kind
        model = load_model(str(path), device="cpu")
        plan = plan_trim(model, TELLING, SETTINGS)
        made[kind] = plan, save_trim(model, plan, folder), folder / "model"
    return made


@pytest.fixture(scope="module")
def loaded(whole, trimmed):
    """Both models of each kind, loaded as they were saved."""
    return {
        kind: (
            load_model(str(path), device="cpu"),
            load_model(str(trimmed[kind][2]), device="cpu"),
        )
        for kind, path in whole.items()
    }


@pytest.mark.parametrize("kind", BUILDERS)
def test_rows_are_gone_and_those_that_stay_are_untouched(kind, trimmed, loaded):
    plan, result, _ = trimmed[kind]
    old, new = (read_table(model).detach().numpy() for model in loaded[kind])
    assert result.rows_before == len(old)
    assert result.rows_after == len(new) == len(plan.rows) < len(old)
    np.testing.assert_array_equal(new, old[list(plan.rows)])
    gone = (len(old) - len(new)) * old.shape[1]
    assert result.parameters_before - result.parameters_after == gone
    assert result.megabytes_saved == gone * 4 / 2**20
    assert result.verified > 0


@pytest.mark.parametrize("kind", BUILDERS)
@settings(max_examples=15)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(TEXTS),
            st.lists(st.sampled_from(" ".join(TELLING).split()), min_size=1, max_size=9).map(
                " ".join
            ),
            st.text("가나다 abc XY12%.,é漢😀", max_size=12),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_text_whose_tokens_are_kept_has_equal_embeddings_to_the_bit(kind, trimmed, loaded, texts):
    plan = trimmed[kind][0]
    numbering = plan.numbering
    old, new = loaded[kind]
    kept = [text for text in texts if set(plan.old.encode(text).ids) <= numbering.keys()]
    ids = new.tokenizer(kept, truncation=False)["input_ids"] if kept else []
    assert ids == [[numbering[number] for number in plan.old.encode(text).ids] for text in kept]
    # An empty text has no token to pool in some kinds.
    kept = [text for text in kept if text.strip()]
    if kept:
        np.testing.assert_array_equal(new.encode(kept), old.encode(kept))


def test_a_new_process_with_plain_sentence_transformers_sees_the_same_models(trimmed, loaded):
    code = (
        "import json, sys; from sentence_transformers import SentenceTransformer;"
        "texts, paths = json.load(sys.stdin); found = {};\n"
        "for kind, path in paths.items():\n"
        "    model = SentenceTransformer(path, device='cpu')\n"
        "    vectors = model.encode(texts).tobytes().hex()\n"
        "    ids = model.tokenizer(texts, truncation=False)['input_ids']\n"
        "    config = model[0].auto_model.config.to_dict()\n"
        "    found[kind] = [ids, vectors, model.max_seq_length, config]\n"
        "json.dump(found, sys.stdout)"
    )
    sample = list(TELLING)[:-2]
    paths = {kind: str(made[2]) for kind, made in trimmed.items()}
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps([sample, paths]),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    for kind, (ids, vectors, length, config) in json.loads(done.stdout).items():
        plan = trimmed[kind][0]
        old, new = loaded[kind]
        assert ids == [e.ids for e in plan.new.encode_batch(sample)]
        np.testing.assert_array_equal(
            np.frombuffer(bytes.fromhex(vectors), dtype=np.float32), new.encode(sample).ravel()
        )
        assert length == old.max_seq_length
        assert config["vocab_size"] == len(plan.rows)
        before = old[0].auto_model.config.to_dict()
        for name, value in before.items():
            if name.endswith("_token_id") and isinstance(value, int):
                assert config[name] == plan.numbering[value], name


@pytest.mark.parametrize("kind", BUILDERS)
def test_special_tokens_have_the_numbers_that_the_tokenizer_gives(kind, loaded):
    old, new = (model.tokenizer for model in loaded[kind])
    assert new.special_tokens_map == old.special_tokens_map
    for token in new.special_tokens_map.values():
        assert new.convert_tokens_to_ids(token) < len(new)
        assert new.decode([new.convert_tokens_to_ids(token)]) == token


def test_padding_rows_beyond_the_vocabulary_are_gone(trimmed, loaded):
    plan, result, _ = trimmed["bytes"]
    assert result.rows_after == plan.new.get_vocab_size()
    assert result.rows_before > plan.old.get_vocab_size()
    assert (
        loaded["bytes"][1].tokenizer("<|query|> profit")["input_ids"][0]
        == (plan.numbering[plan.old.token_to_id("<|query|>")])
    )


def test_positions_do_not_shift_where_they_are_counted_from_the_padding(tmp_path, monkeypatch):
    """The padding stands behind ten pieces that nobody uses."""
    from tests.vocabulary import tiny_kinds
    from transformers import XLMRobertaConfig, XLMRobertaModel, XLMRobertaTokenizer

    rows = tiny_kinds.train_unigram(TEXTS)["model"]["vocab"]
    odd = [[f"ж{number}ж", -5.0] for number in range(10)]
    # The class has the unknown token as number 3.
    rows = [rows[0], ["ЖЖ", -5.0], rows[2], rows[3], *odd, ["<pad>", 0.0], *rows[4:]]
    tokenizer = XLMRobertaTokenizer(vocab=[*map(tuple, rows), ("<mask>", 0.0)])
    pad = tokenizer.pad_token_id
    assert pad == 14
    config = XLMRobertaConfig(
        vocab_size=len(tokenizer),
        **tiny_kinds._sizes(),
        max_position_embeddings=130,
        pad_token_id=pad,
    )
    path = tiny_kinds._save(tmp_path, XLMRobertaModel, config, tokenizer)
    model = load_model(str(path), device="cpu")
    plan = plan_trim(model, TELLING, SETTINGS)
    assert plan.numbering[pad] == pad
    expected = load_model(str(path), device="cpu").encode(list(plan.sample))
    save_trim(model, plan, tmp_path / "out")
    small = load_model(str(tmp_path / "out" / "model"), device="cpu")
    assert small[0].auto_model.config.pad_token_id == pad
    np.testing.assert_array_equal(small.encode(list(plan.sample)), expected)


def test_other_languages_are_measured_as_changed(trimmed):
    plan = trimmed["unigram"][0]
    changed = find_changed(plan.old, plan.new, plan.numbering, [*OTHERS, *plan.texts])
    assert changed == list(OTHERS)


def test_a_grown_model_can_be_trimmed_and_a_trimmed_one_grown(tiny_model, tmp_path):
    pairs = [
        Pair(f"p{at}", korean, english, "ko", "en", "translation", "news", f"g{at}")
        for at, (korean, english) in enumerate(zip(KOREAN, ENGLISH, strict=True))
    ]
    growing = VocabularySettings(size=4800, min_frequency=1)
    grow_model(tiny_model, {"ko": KOREAN}, pairs, growing, tmp_path / "grown")
    grown = load_model(str(tmp_path / "grown"), device="cpu")
    expected = grown.encode(list(TELLING))
    result = trim_vocabulary(grown, TELLING, SETTINGS, tmp_path / "trimmed")
    assert result["rows_after"] < result["rows_before"]
    small = load_model(str(tmp_path / "trimmed" / "model"), device="cpu")
    # Every syllable of the floor stays alone; whole words only where the texts hold them.
    tokenizer = bare_tokenizer(small)
    assert tokenizer.token_to_id("뷁") is None or "[UNK]" not in tokenizer.encode("뷁").tokens
    held = set(plan_trim(load_model(str(tmp_path / "grown")), TELLING, SETTINGS).held_out)
    kept = [place for place, text in enumerate(TELLING) if text not in held]
    np.testing.assert_array_equal(small.encode([TELLING[at] for at in kept]), expected[kept])
    russian = ["прибыль выросла", "прибыль упала"]
    more = VocabularySettings(size=100, min_frequency=1, languages=("ru",))
    before = bare_tokenizer(small).encode_batch(list(TELLING))
    grow_model(small, {"ru": russian}, [], more, tmp_path / "again")
    again = bare_tokenizer(load_model(str(tmp_path / "again"), device="cpu"))
    assert [e.ids for e in again.encode_batch(list(TELLING))] == [e.ids for e in before]
    assert "[UNK]" not in again.encode("прибыль").tokens


def test_the_held_out_texts_have_no_say(whole):
    model = load_model(str(whole["unigram"]), device="cpu")
    plan = plan_trim(model, TELLING, SETTINGS, seed=3)
    assert set(plan.texts) | set(plan.held_out) == set(TELLING)
    assert len(plan.held_out) == round(0.1 * len(TELLING))
    used = count_tokens(plan.old, list(plan.texts))
    assert {number for number, why in plan.rows.items() if why == "used"} <= used.keys()
    other = plan_trim(model, TELLING, SETTINGS, seed=4)
    assert set(other.held_out) != set(plan.held_out)


@given(st.lists(st.sampled_from(["", " ", *map(str, range(30))]), max_size=60), st.integers(0, 5))
def test_equal_texts_never_stand_on_both_sides(texts, seed):
    distinct = {text for text in texts if text.strip()}
    if len(distinct) < 2:
        with pytest.raises(DataError, match="do not say what to keep"):
            split_texts(texts, 0.1, seed)
        return
    telling, held_out = split_texts(texts, 0.1, seed)
    assert Counter([*telling, *held_out]) == Counter(distinct)
    assert len(held_out) == max(1, round(0.1 * len(distinct)))


def test_prompts_of_the_model_are_kept(whole):
    model = load_model(str(whole["unigram"]), device="cpu")
    model.prompts = {"query": "прибыль банка: "}
    plan = plan_trim(model, TELLING, SETTINGS)
    assert set(plan.old.encode("прибыль банка: ").ids) <= plan.rows.keys()


def test_texts_that_use_everything_are_told_so(whole, tmp_path):
    model = load_model(str(whole["wordpiece"]), device="cpu")
    # In order of spelling: the tiny tokenizer is numbered differently in each process.
    every = sorted(token.removeprefix("##") for token in model.tokenizer.get_vocab())
    ways = ("{0} x{0}", "x{0} {0}", "{0} x{0} {0}", "{0} {0} x{0}")  # some of them are held out
    with pytest.raises(DataError, match=r"nothing\s+to trim"):
        trim_vocabulary(
            model,
            [*TEXTS, *(way.format(one) for one in every for way in ways)],
            TrimSettings(whole_script_share=1.0, scripts=("hangul", "latin")),
            tmp_path / "out",
        )
    assert not (tmp_path / "out").exists()


def test_a_model_that_was_trimmed_is_not_overwritten(trimmed, whole):
    folder = trimmed["wordpiece"][2].parent
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(OutputError, match="holds a trimmed model already"):
        trim_vocabulary(load_model(str(whole["wordpiece"])), TELLING, SETTINGS, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_another_kind_of_tokenizer_is_named_before_anything_is_written(tmp_path):
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    backend = Tokenizer(models.WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]"))
    model = SimpleNamespace(tokenizer=PreTrainedTokenizerFast(tokenizer_object=backend))
    with pytest.raises(ModelError, match="of kind WordLevel"):
        trim_vocabulary(model, TELLING, SETTINGS, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_saved_model_that_differs_in_one_bit_is_noticed(whole, tmp_path, monkeypatch):
    import torch

    from nmixx.vocabulary.trimming import trim

    honest = trim.cut_rows

    def cut_wrongly(model, rows, numbering):
        honest(model, rows, numbering)
        with torch.no_grad():
            weight = model[0].auto_model.encoder.layer[1].output.dense.weight
            weight[0, 0] = weight[0, 0] * (1 + 2**-10)

    monkeypatch.setattr(trim, "cut_rows", cut_wrongly)
    model = load_model(str(whole["wordpiece"]), device="cpu")
    with pytest.raises(StageError, match="embeddings differ after trimming"):
        trim_vocabulary(model, TELLING, SETTINGS, tmp_path / "out")
    assert not (tmp_path / "out" / "model").exists()


def test_the_result_is_written_beside_the_model(whole, tmp_path):
    model = load_model(str(whole["tied"]), device="cpu")
    result = trim_vocabulary(model, TELLING, SETTINGS, tmp_path / "out", seed=1)
    assert read_json(tmp_path / "out" / "trimming.json") == result
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "model",
        "nmixx.json",
        "trimming.json",
    }
    assert result["changed_share"] == result["changed"] / result["held_out"]
    assert sum(result["kept"].values()) == result["rows_after"]
