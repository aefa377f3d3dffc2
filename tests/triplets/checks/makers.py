"""Triplets for tests."""

from nmixx.records import Triplet


def make(
    anchor="삼성전자의 3분기 매출은 12% 증가했다.",
    positive="Sales of the company rose 12 % in the third quarter.",
    negative="Sales of the company fell 12 % in the third quarter.",
    *,
    langs="ko en en",
    kind="translation",
    shift="sentiment_reversal",
    provenance="rule:en:p1",
    **extra,
):
    """Make a sound triplet, or one with the texts that are given."""
    one, other, third = langs.split()
    return Triplet(
        anchor, positive, negative, "news", one, other, third, kind, shift, 0.0, "g1", provenance,
        extra={"origin": positive} | extra,
    )  # fmt: skip
