"""The word lists of the Korean rules: tab-separated files beside this package, read once.

Three row shapes serve every list of words to exchange (`load_swaps`): `a|b > c|d` one way,
`a|b <> c|d` both ways, `a|b|c` any for any other. A blank line or one starting with # is skipped.
"""

from functools import cache
from importlib.resources import files

Swaps = dict[str, tuple[str, ...]]


@cache
def read_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of `lexicon/NAME.tsv`, each split into its columns."""
    text = (files(__package__) / "lexicon" / f"{name}.tsv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(tuple(line.split("\t")) for line in lines)


@cache
def load_swaps(*names: str) -> Swaps:
    """Return, for each word of the named lists, the words that may stand in its place."""
    swaps: Swaps = {}
    for row in (row for name in names for row in read_rows(name)):
        left = row[0].split("|")
        if len(row) == 1:
            pairs = [(word, [other for other in left if other != word]) for word in left]
        else:
            right = row[2].split("|")
            pairs = [(word, right) for word in left]
            if row[1] == "<>":
                pairs += [(word, left) for word in right]
        for word, others in pairs:
            swaps[word] = tuple(dict.fromkeys((*swaps.get(word, ()), *others)))
    return swaps


@cache
def load_words(name: str) -> dict[str, frozenset[str]]:
    """Return the word classes of a list whose rows are `class<TAB>a|b|c`."""
    classes: dict[str, frozenset[str]] = {}
    for kind, words in read_rows(name):
        classes[kind] = classes.get(kind, frozenset()) | frozenset(words.split("|"))
    return classes
