"""Pieces of regular expressions for the figures, sums and months of financial English."""

from __future__ import annotations

MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
FIGURE = r"\d+(?:[.,]\d+)*+"
CURRENCY = r"(?:EUR|USD|SEK|NOK|DKK|GBP|KRW|JPY|US\$|\$|€|£|¥)"
SCALE = r"(?:mn|mln|m|million|bn|bln|billion)"
# "EUR 13.1 mn", "5 %", "28 mln eur", "300 people"; the marks of tokenised text included.
AMOUNT = (
    rf"(?:{CURRENCY}\s?)?{FIGURE}(?:\s?(?:{SCALE}|thousand|percent|per cent|pct|euros?|eur|dlrs|"
    r"won|tonnes|people|employees|jobs)\b|\s?%){0,2}+"
)
# Where a sentence ends, before or behind its full stop.
STOP = r"(?P<stop>\s*[.!]?\s*)$"
