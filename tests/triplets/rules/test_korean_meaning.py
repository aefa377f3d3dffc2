import random

import pytest

pytest.importorskip("kiwipiepy")

from nmixx.triplets.rules.korean import RULES


def draw(shift, text):
    made = {RULES[shift](text, random.Random(seed)) for seed in range(30)}
    return made - {None}


@pytest.mark.parametrize(
    ("shift", "text"),
    [
        # What is left would say the opposite, or would be no sense.
        ("sentiment_reversal", "가람전자, 신제품 판매에 힘입어 매출 12% 증가했다."),
        ("sentiment_reversal", "매출은 늘었으나 영업이익은 감소했다."),
        ("sentiment_reversal", "영업이익은 2억원에 비해 3억원으로 증가했다."),
        ("sentiment_reversal", "작년 겨울 산간 지역에 눈이 많이 내렸다."),
        ("sentiment_reversal", "누리화학의 매출은 300% 증가했다."),
        ("sentiment_intensity", "회사는 여러 개의 공장을 다양한 지역에 두고 있다."),
        ("sentiment_intensity", "환율 변동은 매출에 크게 영향을 주지 않았다."),
        # Only what is thought or foreseen is a stance.
        ("sentiment_adjustment", "지난달 수출은 반도체를 중심으로 개선되었다."),
        ("sentiment_adjustment", "위원은 성장세가 개선될 것으로 보는지 질의하였음."),
        # A forecast among facts, or of a day to come.
        ("forecast_to_fact", "수출은 늘었고 소비도 늘어날 것으로 예상된다."),
        ("forecast_to_fact", "수출은 내년에 늘어날 것으로 예상된다."),
        ("forecast_to_fact", "이 말은 싸움을 의미하였다."),
        ("business_detail", "미국, 일본 등 주요국의 물가가 상승하였다."),
        ("jargon_to_plain", "근원물가가 소비자물가보다 빠르게 올랐다."),
        ("jargon_to_plain", "기준금리는 동결되었고 기준금리 전망은 낮아졌다."),
        ("macro_micro_view", "국제금융시장에서는 환율 상승으로 변동성이 커졌다."),
        ("procedure_clarity", "회사는 그 차이를 수시로 확인하여야 한다."),
        ("detail_added", "이 시계는 하루에 한 번 태엽을 감는다."),
    ],
)
def test_what_would_contradict_itself_is_declined(shift, text):
    assert not draw(shift, text)


@pytest.mark.parametrize(
    ("shift", "text", "told"),
    [
        ("sentiment_reversal", "3분기 매출은 12% 증가했다.", "3분기 매출은 12% 감소했다."),
        ("sentiment_adjustment", "이를 점검할 필요가 있음.", "이를 점검할 필요는 크지 않음."),
        (
            "sentiment_adjustment",
            "수출은 하반기에 개선될 것으로 예상된다.",
            "수출은 하반기에 더디게 개선될 것으로 예상된다.",
        ),
        ("forecast_to_fact", "수출은 늘어날 것으로 전망됨.", "수출은 늘어났음."),
        ("business_detail", "반도체 수출이 늘었다.", "자동차 수출이 늘었다."),
        ("jargon_to_plain", "설비투자는 줄었다.", "투자는 줄었다."),
    ],
)
def test_what_agrees_with_the_rest_is_still_told(shift, text, told):
    assert told in draw(shift, text)


def test_what_is_told_of_a_procedure_is_not_told_twice():
    made = draw("procedure_clarity", "회사는 7일 이내에 보고서를 전자문서로 제출하여야 한다.")
    assert made
    assert not any(text.count("이내에") > 1 or text.count("전자문서로") > 1 for text in made)
