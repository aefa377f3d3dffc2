"""The semantic shifts of financial text, and the kinds of document each belongs to.

The paper's taxonomy (NMIXX, arXiv 2507.09601, section 3): a table, so that another domain adds
rows. The rules that carry a shift out are in ``rules``, one package a language; a language model is
given the row's ``applies`` and ``instruction``.
"""

from __future__ import annotations

from nmixx.triplets.shift import Example, Shift

__all__ = ["SHIFTS", "Example", "Shift", "shifts_for"]

SHIFTS: dict[str, Shift] = {
    shift.name: shift
    for shift in (
        Shift(
            "sentiment_reversal",
            "the direction or the judgement is turned around",
            ("news", "general"),
            applies="Does the sentence say that something went up or down, or was good or bad?",
            instruction=(
                "Turn one direction or judgement into its opposite (rose to fell, profit to loss, "
                "welcomed to criticised). Keep every name, figure and date. If the sentence also "
                "gives a start and an end value, swap them so that it stays consistent."
            ),
            examples=(
                Example(
                    "ko",
                    "회사의 3분기 매출은 전년보다 12% 증가했다.",
                    "회사의 3분기 매출은 전년보다 12% 감소했다.",
                ),
                Example(
                    "en",
                    "Net sales increased by 12 % in the third quarter.",
                    "Net sales decreased by 12 % in the third quarter.",
                ),
            ),
        ),
        Shift(
            "sentiment_intensity",
            "the same direction, stronger or weaker",
            ("news", "disclosure", "general"),
            applies="Does the sentence tell a change or a judgement that has a degree?",
            instruction=(
                "Keep the direction and make it clearly stronger or clearly weaker (rose to edged "
                "up, concern to deep concern). Change degree words and verbs only, no figure."
            ),
            examples=(
                Example(
                    "ko",
                    "원재료 가격이 큰 폭으로 상승했다.",
                    "원재료 가격이 소폭으로 상승했다.",
                ),
                Example(
                    "en",
                    "Demand for tankers rose sharply in Asia.",
                    "Demand for tankers rose slightly in Asia.",
                ),
            ),
        ),
        Shift(
            "sentiment_adjustment",
            "the analyst's stance becomes more or less positive",
            ("report",),
            applies="Does the sentence hold an analyst's or an authority's assessment or outlook?",
            instruction=(
                "Move the writer's stance one step: positive to neutral, cautious to confident, "
                "upgrade to maintain. The facts reported stay as they are."
            ),
            examples=(
                Example(
                    "ko",
                    "내년 반도체 업황에 대해 긍정적인 시각을 유지한다.",
                    "내년 반도체 업황에 대해 중립적인 시각을 유지한다.",
                ),
                Example(
                    "en",
                    "We expect a strong recovery in exports next year.",
                    "We expect a modest recovery in exports next year.",
                ),
            ),
        ),
        Shift(
            "detail_added",
            "one or more restricting or explaining details appear",
            ("news", "disclosure", "general"),
            applies="Can the sentence take a region, unit, cause, condition or basis it lacks?",
            instruction=(
                "Add one short detail that the sentence does not entail and that narrows or "
                "explains it: a region, a business unit, a cause, a condition, a basis of "
                "calculation. Everything else stays word for word."
            ),
            examples=(
                Example(
                    "ko",
                    "당사의 영업이익은 전년 대비 8% 감소했다.",
                    "당사의 영업이익은 북미 법인을 제외하고 전년 대비 8% 감소했다.",
                ),
                Example(
                    "en",
                    "Operating profit fell to EUR 8.2 mn in 2009.",
                    "Operating profit from continuing operations fell to EUR 8.2 mn in 2009.",
                ),
            ),
            keeps_figures=False,
            of_labels=True,
            opposite="detail_dropped",
        ),
        Shift(
            "detail_dropped",
            "one or more qualifying details disappear",
            ("news", "disclosure", "general"),
            applies="Does the sentence hold a modifier, item or clause without which it is whole?",
            instruction=(
                "Take out one detail that limits or explains the statement: a time, a place, a "
                "basis, a cause, one item of a list. What is left must be a whole sentence."
            ),
            examples=(
                Example(
                    "ko",
                    "회사는 지난해 베트남 현지 공장에서 생산한 제품의 판매를 중단했다.",
                    "회사는 지난해 제품의 판매를 중단했다.",
                ),
                Example(
                    "en",
                    "The group sold its paper mill in Finland to a local investor in 2009.",
                    "The group sold its paper mill to a local investor in 2009.",
                ),
            ),
            keeps_figures=False,
            of_labels=True,
            times=3,
        ),
        Shift(
            "business_detail",
            "a segment, customer, region or driver is added, dropped or replaced",
            ("report",),
            applies="Is the sentence about a business, product, region, customer or cost?",
            instruction=(
                "Replace, add or drop one business detail: another segment, product, customer "
                "group, region or cost driver. The direction and the figures stay."
            ),
            examples=(
                Example(
                    "ko",
                    "미국 시장에서 자동차 판매가 증가하였다.",
                    "유럽 시장에서 자동차 판매가 증가하였다.",
                ),
                Example(
                    "en",
                    "Sales of passenger cars in Europe recovered in June.",
                    "Sales of passenger cars in Asia recovered in June.",
                ),
            ),
            keeps_figures=False,
        ),
        Shift(
            "plan_realisation",
            "a plan or intention is told as done, or the other way round",
            ("news", "disclosure", "general"),
            applies="Does the sentence tell an act of somebody who could plan it, or its plan?",
            instruction=(
                "Tell a plan, intention or announcement as already carried out, or a thing done as "
                "only planned. Time words follow the tense; figures and names stay."
            ),
            examples=(
                Example(
                    "ko",
                    "회사는 베트남에 공장을 건설할 예정이다.",
                    "회사는 베트남에 공장을 건설했다.",
                ),
                Example(
                    "en",
                    "The company will open a new plant in Hanoi.",
                    "The company opened a new plant in Hanoi.",
                ),
            ),
        ),
        Shift(
            "forecast_to_fact",
            "a forecast is told as fact, or the other way round",
            ("report",),
            applies="Does the sentence hold a forecast, or an outcome that could be one?",
            instruction=(
                "Tell what is expected as having happened, or what happened as expected. The "
                "figures stay; no word of likelihood may be left over."
            ),
            examples=(
                Example(
                    "ko",
                    "물가상승률은 점차 둔화될 것으로 예상된다.",
                    "물가상승률은 점차 둔화되었다.",
                ),
                Example(
                    "en",
                    "Inflation is expected to decline gradually.",
                    "Inflation declined gradually.",
                ),
            ),
        ),
        Shift(
            "emerging_situation",
            "a new circumstance appears",
            ("news", "report", "disclosure", "general"),
            applies="Could an event nobody mentioned bear on what the sentence tells?",
            instruction=(
                "Bring in one new event that bears on what is told: a probe, a strike, a rival's "
                "move, a supply problem, a policy decision. What was told stays true beside it."
            ),
            examples=(
                Example(
                    "ko",
                    "회사는 신규 공장의 착공 시점을 검토하고 있다.",
                    "회사는 노조의 파업이 이어지는 가운데 신규 공장의 착공 시점을 검토하고 있다.",
                ),
                Example(
                    "en",
                    "The company is reviewing the schedule of its new plant.",
                    "The company is reviewing the schedule of its new plant after its main "
                    "supplier filed for bankruptcy.",
                ),
            ),
            keeps_figures=False,
        ),
        Shift(
            "macro_micro_view",
            "the cause or scope moves from the economy to the company, or back",
            ("report",),
            applies="Does the sentence name a cause or a scope, of the economy or of a company?",
            instruction=(
                "Move the cause or the scope between the economy and the company: a rate cut "
                "becomes lower funding costs of the firm, a price rise of the firm becomes "
                "inflation. The effect and the figures stay."
            ),
            examples=(
                Example(
                    "ko",
                    "환율 상승에 따라 수익성이 개선되었다.",
                    "판매단가 인상에 따라 수익성이 개선되었다.",
                ),
                Example(
                    "en",
                    "Margins improved due to lower interest rates.",
                    "Margins improved due to cost cuts at its plants.",
                ),
            ),
        ),
        Shift(
            "fact_to_opinion",
            "a fact is told as somebody's view, or the other way round",
            ("report",),
            applies="Is the sentence a plain statement, or a view that names its holder?",
            instruction=(
                "Tell a stated fact as a view, an impression or a claim of somebody, or a view as "
                "a fact. What is claimed stays the same."
            ),
            examples=(
                Example(
                    "ko",
                    "민간소비가 회복세를 지속하였다.",
                    "민간소비가 회복세를 지속한 것으로 보인다.",
                ),
                Example(
                    "en",
                    "Private consumption is recovering.",
                    "Private consumption appears to be recovering.",
                ),
            ),
        ),
        Shift(
            "jargon_to_plain",
            "a term of art gives way to plain words that say less",
            ("report",),
            applies="Does the sentence hold a term of art with an exact meaning?",
            instruction=(
                "Say one term of art in plain words that lose its precision (operating margin to "
                "profitability, core inflation to prices). Everything else stays."
            ),
            examples=(
                Example(
                    "ko",
                    "회사의 영업이익률이 개선되었다.",
                    "회사의 수익성이 개선되었다.",
                ),
                Example(
                    "en",
                    "The operating margin improved in the second half.",
                    "Profitability improved in the second half.",
                ),
            ),
        ),
        Shift(
            "interpretation_reversal",
            "permitted becomes forbidden, included becomes excluded",
            ("regulation",),
            applies="Does the rule permit, forbid, include, exclude or set a bound?",
            instruction=(
                "Turn one permission, prohibition, inclusion or bound into its opposite (may to "
                "may not, includes to excludes, at least to at most). Figures stay."
            ),
            examples=(
                Example(
                    "ko",
                    "은행은 다른 회사의 주식을 취득할 수 있다.",
                    "은행은 다른 회사의 주식을 취득할 수 없다.",
                ),
                Example(
                    "en",
                    "A bank may hold shares of another company.",
                    "A bank may not hold shares of another company.",
                ),
            ),
        ),
        Shift(
            "sanction_strength",
            "a sanction, duty or compensation becomes stronger or weaker",
            ("regulation",),
            applies="Does the rule set a sanction, a duty, a compensation or its amount?",
            instruction=(
                "Make one sanction, duty or compensation stronger or weaker: another amount or "
                "term, may to shall, a fine to a warning. Who and what for stay."
            ),
            examples=(
                Example(
                    "ko",
                    "금융위원회는 해당 임원의 해임을 권고할 수 있다.",
                    "금융위원회는 해당 임원의 해임을 명령할 수 있다.",
                ),
                Example(
                    "en",
                    "A person who breaches this Article shall be liable to a fine of up to 5,000 "
                    "euros.",
                    "A person who breaches this Article shall be liable to a fine of up to 10,000 "
                    "euros.",
                ),
            ),
            keeps_figures=False,
        ),
        Shift(
            "procedure_clarity",
            "a procedure becomes more definite or vaguer",
            ("regulation",),
            applies="Does the rule order a step that has, or could have, a deadline or a form?",
            instruction=(
                "Make one deadline, form, frequency or responsible body vaguer (within seven days "
                "to in due time), or give a definite one where none is set. The duty stays."
            ),
            examples=(
                Example(
                    "ko",
                    "회사는 그 사유가 발생한 날부터 7일 이내에 이를 신고하여야 한다.",
                    "회사는 그 사유가 발생한 후 적절한 시기에 이를 신고하여야 한다.",
                ),
                Example(
                    "en",
                    "The issuer shall notify the Commission within seven days of the change.",
                    "The issuer shall notify the Commission in due course.",
                ),
            ),
            keeps_figures=False,
        ),
    )
}


def shifts_for(category: str) -> tuple[Shift, ...]:
    """Give the shifts of a category; a category without its own takes those of ``general``."""
    own = tuple(shift for shift in SHIFTS.values() if category in shift.categories)
    return own or tuple(shift for shift in SHIFTS.values() if "general" in shift.categories)
