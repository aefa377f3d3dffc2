from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmixx.triplets.quantities import Quantity, count_kept, find_missing, read_quantities


def read(text):
    return {(f"{one.value:f}", one.unit) for one in read_quantities(text)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1조 2,000억원", "1.2 trillion won"),
        ("1조2000억원 규모", "KRW 1.2tn"),
        ("25bp 인상", "raised by 0.25%p"),
        ("25 basis points", "0.25 percentage points"),
        ("25-basis-point cut", "0.25%포인트 인하"),
        ("2024년 3월", "March 2024"),
        ("2024.03.15", "15 March 2024"),
        ("8천7백만 달러", "87 million dollars"),
        ("고객 1만5000명", "15,000 customers"),
        ("EUR1 .0 m", "100만 유로"),
        ("1억 8400만 유로", "EUR 184 million"),
        ("3분기 매출", "third-quarter sales"),
        ("2Q24 실적", "2024년 2/4분기 실적"),
        ("1~6월", "January-June"),
        ("FY2024 상반기", "the first half of 2024"),
        ("제3조 제2항", "Article 3, paragraph 2"),
        ("두 개의 회사와 17개 은행", "two companies and seventeen banks"),
        ("18경기 만에", "in 18 games"),
        ("4½ per cent", "4.5%"),
        ("주식 백만 주와 100만 주", "a million shares"),
        ("5월 중순", "in mid-May"),
        ("US$3.5bn", "35억 달러"),
        ("12개월", "12 months"),
        ("오후 7시 30분에 3개", "three at 7.30 pm or 19:30"),
    ],
)
def test_the_same_quantities_in_other_words(one, other):
    kept, total = count_kept(read_quantities(one), read_quantities(other))
    assert kept == total


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1조 2,000억원", "1.2 billion won"),
        ("25bp", "25%p"),
        ("0.25%", "0.25%p"),
        ("3월", "April"),
        ("3분기", "the second quarter"),
        ("상반기", "the second half"),
        ("EUR 3 million", "300만 달러"),
        ("2023년", "2024"),
        ("매출 12%", "sales"),
    ],
)
def test_other_quantities(one, other):
    kept, total = count_kept(read_quantities(one), read_quantities(other))
    assert kept < total


@pytest.mark.parametrize(
    "text", ["may rise in march", "두고 있다", "원칙", "", "Second, we", "경기"]
)
def test_words_that_are_no_quantities(text):
    assert [one for one in read_quantities(text) if not one.spelled] == []


def test_units_are_read():
    assert read("3조원, EUR 5 mn, 7.5%, 10bp, 2024년 4월") == {
        ("3000000000000", "KRW"),
        ("5000000", "EUR"),
        ("7.5", "%"),
        ("0.1", "%p"),
        ("2024", "year"),
        ("4", "month"),
    }


AMOUNTS = st.integers(1, 99_999_999).map(lambda hundred_millions: hundred_millions * 10**7)


def write_korean(won):
    """Write whole ten millions of won with 조, 억 and 만."""
    trillions, rest = divmod(won, 10**12)
    hundreds, rest = divmod(rest, 10**8)
    parts = [(trillions, "조"), (hundreds, "억"), (rest // 10**4, "만")]
    return " ".join(f"{number:,}{scale}" for number, scale in parts if number) + "원"


@given(AMOUNTS, st.sampled_from([("billion", 10**9), ("trillion", 10**12), ("million", 10**6)]))
def test_amounts_survive_translation(won, scale):
    name, size = scale
    english = f"{Decimal(won) / size:f} {name} won"
    (korean,) = read_quantities(write_korean(won))
    assert korean == Quantity(Decimal(won).normalize(), "KRW")
    assert read_quantities(english) == (korean,)
    assert read_quantities(f"KRW {won:,}") == (korean,)


@given(st.integers(1, 9999))
def test_basis_points_are_hundredths_of_a_point(points):
    (basis,) = read_quantities(f"{points}bp")
    assert read_quantities(f"{Decimal(points) / 100:f}%p") == (basis,)
    assert read_quantities(f"{Decimal(points) / 100:f} percentage points") == (basis,)


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y"]))
def test_dates_survive_translation(date, form):
    date = date.replace(year=1900 + date.year % 200)
    korean = f"{date.year}년 {date.month}월 {date.day}일"
    kept, total = count_kept(read_quantities(korean), read_quantities(date.strftime(form)))
    assert kept == total >= 4


@given(st.text(alphabet="0123456789.,%조억만천원 년월QbpEURmn두-"))
def test_any_text_is_read_and_keeps_its_own_quantities(text):
    found = read_quantities(text)
    assert find_missing(found, found) == []
    kept, total = count_kept(found, found)
    assert kept == total
