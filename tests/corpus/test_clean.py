import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nmixx.corpus.clean import clean_text, normalise_key

WILD = st.text(alphabet=st.characters(), max_size=60) | st.text(
    alphabet="&;#x20ampltgb\u200b\u037e\u0301\n \u2028\x00é한ᄒ\ud800", max_size=40
)
# Letters whose case is regular: dotless i and the like have no case-free form of their own.
WRITTEN = st.text(alphabet="abcXYZéÀñΣς금리동결Жю0123456789.,%- \n", max_size=60)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  금리\t 동결\n", "금리 동결"),
        ("a\u200bb\ufeffc\xadd\x07e", "abcde"),
        ("S&amp;P 500 &lt;지수&gt; &#8361;", "S&P 500 <지수> ₩"),
        ("&amp;amp;", "&"),
        ("R&D, profit&loss; AT&T ?a=1&copy=2", "R&D, profit&loss; AT&T ?a=1&copy=2"),
        (unicodedata.normalize("NFD", "한국은행 é"), "한국은행 é"),
        ("a\ud800b", "ab"),
        ("ａ㈜", "ａ㈜"),
    ],
)
def test_cleaning(text, clean):
    assert clean_text(text) == clean


def test_paragraph_breaks_become_one_newline():
    text = " 첫  문단.\r\n\r\n \t\n 둘째\u2028셋째 \n"
    assert clean_text(text, paragraphs=True) == "첫 문단.\n둘째\n셋째"
    assert clean_text(text) == "첫 문단. 둘째 셋째"


@given(WILD, st.booleans())
@example("&am\u200bp;lt;", False)
@example("&hearts\u037e", True)
@example("e\u200b\u0301", False)
def test_cleaning_twice_changes_nothing(text, paragraphs):
    once = clean_text(text, paragraphs=paragraphs)
    assert clean_text(once, paragraphs=paragraphs) == once
    assert once.encode() is not None
    assert ("\n" in once) <= paragraphs


@given(WRITTEN)
def test_the_key_does_not_see_form(text):
    key = normalise_key(text)
    wide = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert normalise_key(unicodedata.normalize("NFD", text)) == key
    assert normalise_key(unicodedata.normalize("NFC", text)) == key
    assert normalise_key(text.swapcase()) == key
    assert normalise_key(wide) == key
    assert normalise_key(f"  {text} ".replace(" ", " \t\u3000 ")) == key


@given(WILD)
def test_the_key_of_a_clean_text_is_its_key(text):
    key = normalise_key(clean_text(text))
    assert key == key.strip()
    assert "  " not in key
    assert normalise_key(key) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("순이익, 증가!", "순이익 증가"),
        ("1,000원", "1000원"),
        ("“Net profit” — up", 'net profit" up'),
        ("㈜한국", "(주)한국"),
        ("STRASSE", "straße"),
        ("-3.2%", "−3.2%"),
    ],
)
def test_same_key(one, other):
    assert normalise_key(one) == normalise_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5%", "15%"),
        ("-3%", "3%"),
        ("▲3%", "▼3%"),
        ("$5", "€5"),
        ("5%", "5"),
        ("1,5", "15"),
        ("कि", "का"),
        ("금리", "금니"),
    ],
)
def test_different_key(one, other):
    assert normalise_key(one) != normalise_key(other)


def test_punctuation_alone_has_no_key():
    assert normalise_key(" -- … !?. ") == ""
