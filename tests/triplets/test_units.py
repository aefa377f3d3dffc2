import pytest

from nmixx.triplets.units import keeps_scale, keeps_units


@pytest.mark.parametrize(
    ("korean", "english", "kept"),
    [
        ("영업이익은 10.5억 유로로 늘었다.", "Operating profit rose to EUR 10.5 m.", False),
        ("영업이익은 10.5억 유로로 늘었다.", "Operating profit rose to EUR10 .5 m.", False),
        ("영업이익은 139만 유로였다.", "Operating profit was EUR 139m.", False),
        ("영업이익은 1,050만 유로였다.", "Operating profit was EUR 10.5 mn.", True),
        ("매출은 1조 원이었다.", "Sales were 1 trillion won.", True),
        ("매출은 12% 늘었다.", "Sales rose 12 %.", True),
    ],
)
def test_a_figure_with_a_korean_unit_cannot_stand_as_it_is(korean, english, kept):
    assert keeps_scale(korean, english) is kept
    assert keeps_scale(english, korean) is kept


@pytest.mark.parametrize(
    ("korean", "english", "kept"),
    [
        (
            "영업이익은 5.6 mn에서 4.9 mn으로 줄었다.",
            "Profit fell to EUR 4.9 mn from 5.6 mn.",
            False,
        ),
        ("영업이익은 490만 유로로 줄었다.", "Profit fell to EUR 4.9 mn.", True),
        ("영업이익은 490만 달러로 줄었다.", "Profit fell to $ 4.9 mn.", True),
        ("직원은 5.6 mn이다.", "There are 5.6 mn employees.", True),
    ],
)
def test_a_sum_without_its_currency_is_another(korean, english, kept):
    assert keeps_units(korean, english) is kept
    assert keeps_units(english, korean) is kept
