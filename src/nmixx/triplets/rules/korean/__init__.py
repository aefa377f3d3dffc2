"""Korean semantic shifts by rule, and rephrasing: hard negatives and positives for one sentence.

A rule edits the words that carry one kind of meaning and leaves the rest of the text as it was:

    lexicon, grammar      the word lists, and phrases drawn from them
    morphology            morphemes in place, conjugation, particles (Kiwi; `pip install kiwipiepy`)
    swap, rewrite, slot   the three edits: exchange a word, rewrite a construction, insert a phrase
    judgement             whether a word of direction can be turned where it stands
    sentiment, stance, detail, tense, situation, report, regulation      the shifts
    figure, rephrase      the same facts in other words
"""

from nmixx.triplets.rules.korean.detail import add_detail, change_business, drop_detail
from nmixx.triplets.rules.korean.regulation import (
    change_clarity,
    reverse_interpretation,
    scale_sanction,
)
from nmixx.triplets.rules.korean.rephrase import rephrase
from nmixx.triplets.rules.korean.report import hold_opinion, move_scope, simplify_term
from nmixx.triplets.rules.korean.sentence import find_form, split_sentences
from nmixx.triplets.rules.korean.sentiment import reverse_sentiment, scale_sentiment
from nmixx.triplets.rules.korean.situation import raise_situation
from nmixx.triplets.rules.korean.stance import adjust_stance
from nmixx.triplets.rules.korean.tense import assert_forecast, realise_plan
from nmixx.triplets.rules.rule import Rule

__all__ = ["RULES", "find_form", "rephrase", "split_sentences"]

RULES: dict[str, Rule] = {
    "sentiment_reversal": reverse_sentiment,
    "sentiment_intensity": scale_sentiment,
    "sentiment_adjustment": adjust_stance,
    "detail_added": add_detail,
    "detail_dropped": drop_detail,
    "business_detail": change_business,
    "plan_realisation": realise_plan,
    "forecast_to_fact": assert_forecast,
    "emerging_situation": raise_situation,
    "macro_micro_view": move_scope,
    "fact_to_opinion": hold_opinion,
    "jargon_to_plain": simplify_term,
    "interpretation_reversal": reverse_interpretation,
    "sanction_strength": scale_sanction,
    "procedure_clarity": change_clarity,
}
