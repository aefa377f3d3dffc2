import pytest

from nmixx.triplets.units import keeps_scale


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
