from nmixx.triplets.rules.english import split_sentences as split_english
from nmixx.triplets.rules.korean import split_sentences as split_korean


def test_english_sentences_that_can_stand_alone():
    text = (
        "Consolidated Balance Sheets 2019 2018. Revenue of Acme Inc. rose 3.5 percent in the first "
        "quarter of 2019. This rose. Net income 1,204 1,100 980 rose. The bank (see note 4 expects "
        "a further decline in lending."
    )
    assert split_english(text) == [
        "Revenue of Acme Inc. rose 3.5 percent in the first quarter of 2019."
    ]


def test_korean_sentences_lose_their_numbering():
    text = (
        "① 금융위원회는 은행의 업무를 정지할 수 있다.\n1. 사모의 방식으로 증권을 권유하는 경우\n"
        "② 은행은 그 사유를 7일 이내에 보고하여야 한다. 다만, 경미한 사항은 그러하지 아니하다."
    )
    assert split_korean(text) == [
        "금융위원회는 은행의 업무를 정지할 수 있다.",
        "은행은 그 사유를 7일 이내에 보고하여야 한다.",
        "다만, 경미한 사항은 그러하지 아니하다.",
    ]


def test_a_headline_is_one_text_and_a_list_item_none():
    assert split_korean("대한전자, 3분기 영업이익 1,200억…전년比 12%↑") == [
        "대한전자, 3분기 영업이익 1,200억…전년比 12%↑"
    ]
    assert split_korean("삭제 <2020. 3. 24.>") == []


def test_minutes_end_in_nouns():
    text = "일부 위원은 물가 오름세가 둔화되었다고 평가하였음. 다른 위원은 이에 동의하였음."
    assert len(split_korean(text)) == 2
