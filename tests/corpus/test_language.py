import pytest

from nmixx.corpus.language import UNKNOWN, contradicts, detect_language, fill_languages


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("ETF 순자산이 3Q에 사상 최대", "ko"),
        ("美 연준, 기준금리 동결", "ko"),
        ("금리", "ko"),
        ("日本銀行は政策金利を据え置いた", "ja"),
        ("中国人民银行下调存款准备金率", "zh"),
        ("Банк России повысил ключевую ставку до уровня 16 процентов годовых", "ru"),
        ("The central bank raised its policy rate by a quarter point.", "en"),
        ("Quarterly earnings beat analysts' expectations thanks to strong exports", "en"),
        ("Die Europäische Zentralbank hat den Leitzins unverändert gelassen.", "de"),
        ("Il risultato operativo è aumentato nel trimestre", "it"),
        ("ธนาคารกลางคงอัตราดอกเบี้ย", "th"),
    ],
)
def test_detected(text, lang):
    assert detect_language(text) == lang


@pytest.mark.parametrize(
    "text", ["", "1,234.5%", "EBITDA", "Total assets", "Bank of Korea (한국은행)", "…"]
)
def test_too_little_evidence(text):
    assert detect_language(text) is None


KOREAN = "한국은행이 올해 들어 처음으로 기준금리를 낮췄다."
ENGLISH = "The Bank of Korea cut its policy rate for the first time this year."


@pytest.mark.parametrize(
    ("text", "declared", "found"),
    [
        (ENGLISH, "ko", "en"),
        (KOREAN, "en", "ko"),
        (KOREAN, "ko", None),
        (ENGLISH, "en", None),
        ("KOSPI 200", "ko", None),
        ("Amazon Web Services", "ko", None),
        ("영업이익률", "en", None),
        (ENGLISH, "en-US", None),
        (ENGLISH, "und", None),
        ("Norges Bank holdt styringsrenten uendret på møtet i går og varsler nye kutt", "da", None),
    ],
)
def test_contradiction(text, declared, found):
    assert contradicts(text, declared) == found


def test_labels_in_capitals_are_not_taken_for_another_language():
    labels = (
        "Non-current excise tax payables",
        "SERVICE CONCESSION ARRANGEMENTS AND SIMILAR CONTRACTS",
        "Maximum exposure to credit risk",
        "Shr 23 cts vs 28 cts Net 4.3 mln vs 5.1 mln Revs 64.5 mln vs 67.1 mln",
    )
    assert [contradicts(label, "en") for label in labels] == [None] * len(labels)


def test_filling_prefers_declared_then_detected_then_usual():
    texts = [KOREAN, "ETF", ENGLISH, KOREAN, "x"]
    assert fill_languages(texts, ["", "", "", "", "fr"]) == ["ko", "ko", "en", "ko", "fr"]
    assert fill_languages(["1", "2"], ["", ""]) == [UNKNOWN, UNKNOWN]
    assert fill_languages([], []) == []
