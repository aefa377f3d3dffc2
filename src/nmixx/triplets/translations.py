"""Which translations are sound enough for triplets: those whose words the other ones explain.

A word that is lost, added or mistranslated has no counterpart that other pairs know of. Of the
sentences of Financial PhraseBank in Korean that were read one by one, a third was wrong, and a
fifth of the half that is explained best.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from nmixx.records import Pair
from nmixx.words.model1 import measure_unexplained
from nmixx.words.tokens import tokenize


def choose_explained(pairs: Sequence[Pair], share: float) -> list[Pair]:
    """Keep the share of each source's translations that leave the fewest bits unexplained.

    By IBM Model 1 in both directions, learned from these pairs: a few hundred explain nothing.

    Args:
        pairs: translations, of any sources and languages; pairs in one language are all kept.
        share: of each source, from 0 to 1; the longest texts have the most to be explained.

    Returns:
        The pairs that are kept, in the order given.
    """
    if share >= 1:
        return list(pairs)
    by_langs: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_source: dict[str, list[int]] = defaultdict(list)
    for at, pair in enumerate(pairs):
        (_, one), (_, other) = _sides(pair)
        if one == other:
            continue
        by_langs[one, other].append(at)
        by_source[str(pair.extra.get("source", ""))].append(at)
    bits = {
        at: value
        for rows in by_langs.values()
        for at, value in zip(rows, _measure([pairs[at] for at in rows]), strict=True)
    }
    kept = {
        at
        for rows in by_source.values()
        for at in sorted(rows, key=bits.__getitem__)[: round(share * len(rows))]
    }
    return [
        pair
        for at, pair in enumerate(pairs)
        if at in kept or pair.anchor_lang == pair.positive_lang
    ]


def _sides(pair: Pair) -> tuple[tuple[str, str], tuple[str, str]]:
    """Give both texts with their languages in one order, whichever side is the anchor."""
    sides = (pair.anchor, pair.anchor_lang), (pair.positive, pair.positive_lang)
    return sides if pair.anchor_lang <= pair.positive_lang else (sides[1], sides[0])


def _measure(pairs: Sequence[Pair]) -> list[float]:
    """Give the bits left unexplained by pairs in the same two languages, both ways together."""
    one, other = (_number(list(column)) for column in zip(*map(_sides, pairs), strict=True))
    bits = measure_unexplained(one, other) + measure_unexplained(other, one)
    return [float(value) for value in bits]


def _number(texts: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Number the words of texts that come with their language."""
    numbers: dict[str, int] = {}
    return [
        [numbers.setdefault(word, len(numbers)) for word in words]
        for words in tokenize([text for text, _ in texts], [lang for _, lang in texts])
    ]
