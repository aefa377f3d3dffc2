import json
import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers

from nmixx.vocabulary.growing.composition import compose_hangul

TEXTS = st.text(
    "ab é\u0301\u0302\u0323\u1100\u1161\u11a8가각 \n😀\u093c\u0915\u0bd7\u0b92\ufe0f\u200d"
)
SYLLABLE = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[가-힣][\u11a8-\u11c2]")


def make(normalizer=None):
    tokenizer = Tokenizer(models.BPE())
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    state = json.loads(tokenizer.to_str())
    compose_hangul(state, tokenizer)
    return tokenizer, Tokenizer.from_str(json.dumps(state))


@given(TEXTS)
@example("\u0301a")
@example("각\u0301")
def test_syllables_are_composed_and_nothing_else_is(text):
    _, new = make()
    expected = SYLLABLE.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    # A syllable without a final consonant takes one that follows it.
    expected = SYLLABLE.sub(lambda found: unicodedata.normalize("NFC", found[0]), expected)
    assert new.normalizer.normalize_str(text) == expected


def test_what_composes_already_is_left_alone():
    old, new = make(normalizers.NFC())
    assert new.to_str() == old.to_str()


def test_other_steps_come_after():
    _, new = make(normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]))
    assert new.normalizer.normalize_str("\u1100\u1161 a") == "▁가▁a"
    _, new = make(normalizers.Lowercase())
    assert new.normalizer.normalize_str("A\u1100\u1161") == "a가"
