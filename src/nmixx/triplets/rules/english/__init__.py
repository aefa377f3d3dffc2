"""English rules: one minimally edited sentence for each semantic shift, and a faithful rephrasing.

How the modules stand on one another::

    table, inflection          word lists, word forms
    edit                       edits and the rules made of them
    syntax, notation           sentences and clauses; figures and sums
    context, ladder, grammar   words to exchange, phrases to insert
    claim                      what a sentence says, and what binds it
    sentiment, stance, detail, omission, situation, tense, report, scope,
    regulation                 the shifts
    wording, order, rephrase   the positive side
"""

from __future__ import annotations

from nmixx.triplets.rules.english.detail import add_detail
from nmixx.triplets.rules.english.omission import drop_detail
from nmixx.triplets.rules.english.regulation import (
    change_procedure,
    change_sanction,
    reverse_interpretation,
)
from nmixx.triplets.rules.english.rephrase import rephrase
from nmixx.triplets.rules.english.report import (
    change_business_detail,
    simplify_jargon,
    turn_fact_to_opinion,
)
from nmixx.triplets.rules.english.scope import move_scope
from nmixx.triplets.rules.english.sentence import find_form, split_sentences
from nmixx.triplets.rules.english.sentiment import change_intensity, reverse_sentiment
from nmixx.triplets.rules.english.situation import add_situation
from nmixx.triplets.rules.english.stance import adjust_stance
from nmixx.triplets.rules.english.tense import realise_plan, state_forecast
from nmixx.triplets.rules.rule import Rule

__all__ = ["RULES", "find_form", "rephrase", "split_sentences"]

RULES: dict[str, Rule] = {
    "sentiment_reversal": reverse_sentiment,
    "sentiment_intensity": change_intensity,
    "sentiment_adjustment": adjust_stance,
    "detail_added": add_detail,
    "detail_dropped": drop_detail,
    "business_detail": change_business_detail,
    "plan_realisation": realise_plan,
    "forecast_to_fact": state_forecast,
    "emerging_situation": add_situation,
    "macro_micro_view": move_scope,
    "fact_to_opinion": turn_fact_to_opinion,
    "jargon_to_plain": simplify_jargon,
    "interpretation_reversal": reverse_interpretation,
    "sanction_strength": change_sanction,
    "procedure_clarity": change_procedure,
}
