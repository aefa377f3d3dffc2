"""How numbers, units, currencies and times are written in Korean and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

KOREAN_SMALL = {"십": 10, "백": 100, "천": 1000}
KOREAN_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}

ENGLISH_SCALES: Mapping[str, int] = {
    name: scale
    for scale, names in (
        (10**3, "thousand"),
        (10**6, "million millions mln mn mio m"),
        (10**9, "billion billions bln bn b"),
        (10**12, "trillion trillions trn tn"),
    )
    for name in names.split()
}

CURRENCIES: Mapping[str, str] = {
    name: code
    for code, names in (
        ("KRW", "원|won|krw|₩"),
        ("USD", "달러|미달러|미국 달러|dollar|dollars|dlr|dlrs|usd|us$|$|＄"),
        ("EUR", "유로|euro|euros|eur|€"),
        ("JPY", "엔|엔화|yen|jpy|¥"),
        ("CNY", "위안|위안화|yuan|renminbi|cny|rmb"),
        ("GBP", "파운드|pound|pounds|sterling|gbp|£"),
        ("SEK", "크로나|스웨덴 크로나|sek|swedish crowns|swedish kronor"),
        ("NOK", "노르웨이 크로네|nok"),
        ("DKK", "덴마크 크로네|dkk"),
        ("CHF", "스위스 프랑|프랑|swiss francs|francs|chf"),
        ("RUB", "루블|rouble|roubles|ruble|rubles|rub"),
        ("INR", "루피|rupee|rupees|inr|rs"),
        ("LTL", "리타스|litas|ltl"),
        ("EEK", "크룬|kroon|kroons|eek"),
        ("cent", "센트|cent|cents|cts"),
    )
    for name in names.split("|")
}
"""Names and signs of currencies to their ISO 4217 code; a cent stays a cent."""

RATES: Mapping[str, tuple[str, Decimal]] = {
    name: (unit, factor)
    for unit, factor, names in (
        ("%", Decimal(1), "%|％|percent|per cent|pct|퍼센트|프로"),
        (
            "%p",
            Decimal(1),
            "%p|%pt|% p|%포인트|% 포인트|퍼센트포인트|퍼센트 포인트|percentage point|"
            "percentage points|percentage-point|pp|ppt|ppts|p.p.",
        ),
        (
            "%p",
            Decimal("0.01"),
            "bp|bps|basis point|basis points|basis-point|베이시스포인트|베이시스 포인트",
        ),
    )
    for name in names.split("|")
}
"""Names of shares to their unit and what a number is multiplied with."""

MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}

ORDINALS: Mapping[str, int] = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}
"""Of quarters and half-years; other ordinals are words like any other."""

SPELLED: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "one first a",
            "two second both 두 둘",
            "three third 세 석 셋",
            "four fourth 네 넉 넷",
            "five fifth 다섯",
            "six sixth 여섯",
            "seven seventh 일곱",
            "eight eighth 여덟",
            "nine ninth 아홉",
            "ten tenth decade 열",
            "eleven 열한",
            "twelve dozen 열두",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ),
        start=1,
    )
    for name in names.split()
}
"""Small numbers as words; Korean ones count only before what they count."""

COUNTED = (
    "개|명|곳|번|배|가지|차례|분기|달|해|건|종|단계|회|주|척|대|부문|나라|사람|군데|살|쪽|편|"
    "자리|회사|업체|기업|은행|국가|위원|도시|공장|사업|시간"
)
"""What a Korean number word stands before."""


def alternatives(words: Iterable[str]) -> str:
    """Write words as alternatives of a pattern, the longest first."""
    import re

    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
