"""The semantic shifts of financial text, and the kinds of document each belongs to.

The paper's taxonomy (NMIXX, arXiv 2507.09601, section 3): a table, so that another domain adds
rows. The rules that carry a shift out are in ``rules``, one package a language.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shift:
    """One way in which a sentence's meaning changes while most of its words stay."""

    name: str
    definition: str
    categories: tuple[str, ...]
    keeps_figures: bool = True
    instruction: str = ""


SHIFTS: dict[str, Shift] = {
    shift.name: shift
    for shift in (
        Shift(
            "sentiment_reversal",
            "the direction or the judgement is turned around",
            ("news", "general"),
        ),
        Shift(
            "sentiment_intensity",
            "the same direction, stronger or weaker",
            ("news", "disclosure", "general"),
        ),
        Shift(
            "sentiment_adjustment",
            "the analyst's stance becomes more or less positive",
            ("report",),
        ),
        Shift(
            "detail_added",
            "a restricting or explaining detail appears",
            ("news", "disclosure", "general"),
            keeps_figures=False,
        ),
        Shift(
            "detail_dropped",
            "a qualifying detail disappears",
            ("news", "disclosure", "general"),
            keeps_figures=False,
        ),
        Shift(
            "business_detail",
            "a segment, customer, region or driver is added, dropped or replaced",
            ("report",),
            keeps_figures=False,
        ),
        Shift(
            "plan_realisation",
            "a plan or intention is told as done, or the other way round",
            ("news", "disclosure", "general"),
        ),
        Shift("forecast_to_fact", "a forecast is told as fact", ("report",)),
        Shift(
            "emerging_situation",
            "a new circumstance appears",
            ("news", "report", "disclosure", "general"),
            keeps_figures=False,
        ),
        Shift(
            "macro_micro_view",
            "the cause or scope moves from the economy to the company, or back",
            ("report",),
        ),
        Shift("fact_to_opinion", "a fact is told as somebody's view", ("report",)),
        Shift(
            "jargon_to_plain",
            "a term of art gives way to plain words that say less",
            ("report",),
        ),
        Shift(
            "interpretation_reversal",
            "permitted becomes forbidden, included becomes excluded",
            ("regulation",),
        ),
        Shift(
            "sanction_strength",
            "a sanction or compensation becomes stronger or weaker",
            ("regulation",),
            keeps_figures=False,
        ),
        Shift(
            "procedure_clarity",
            "a procedure becomes more definite or vaguer",
            ("regulation",),
            keeps_figures=False,
        ),
    )
}


def shifts_for(category: str) -> tuple[Shift, ...]:
    """Give the shifts of a category; a category without its own takes those of ``general``."""
    own = tuple(shift for shift in SHIFTS.values() if category in shift.categories)
    return own or tuple(shift for shift in SHIFTS.values() if "general" in shift.categories)
