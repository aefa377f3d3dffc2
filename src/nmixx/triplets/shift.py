"""What a semantic shift is: the shape of one row of the taxonomy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """A sentence and the same sentence shifted, written for this project."""

    lang: str
    text: str
    shifted: str


@dataclass(frozen=True)
class Shift:
    """One way in which a sentence's meaning changes while most of its words stay.

    Attributes:
        name: how triplets, settings and files call it.
        definition: what changes, in a clause.
        categories: the kinds of document it belongs to.
        applies: the test of whether a sentence can carry it, a question answered with yes or no.
        instruction: what a language model is asked to do to the sentence.
        examples: at least one in each language that has rules.
        keeps_figures: whether every figure stays as it is.
        of_labels: whether a label, which states nothing, can carry it too.
        opposite: the shift that undoes it; what that one makes of a sentence is an anchor whose
            negative, the sentence as somebody wrote it, carries this one.
        times: how often in a row its rule may be carried out, so that sizes of the change differ.
    """

    name: str
    definition: str
    categories: tuple[str, ...]
    applies: str
    instruction: str
    examples: tuple[Example, ...]
    keeps_figures: bool = True
    of_labels: bool = False
    opposite: str = ""
    times: int = 1
