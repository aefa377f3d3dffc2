"""What annotators are told: how to score, what each score means, and what to look at."""

from __future__ import annotations

from nmixx.benchmark.scale import Scale

QUESTION = "How close are the two sentences in meaning?"
QUESTION_KO = "두 문장의 뜻은 얼마나 가깝습니까?"

_MEANINGS_KO = {
    5: "모든 세부까지 같은 뜻",
    4: "뉘앙스만 다름",
    3: "작지만 실질적인 차이",
    2: "중요한 차이",
    1: "반대되는 뜻이거나 거의 관련 없음",
    0: "서로 다른 내용",
}


def write_guidelines(scale: Scale) -> str:
    """Write the guidelines, in English and Korean, as Markdown."""
    english = [f"- **{value:g}**: {scale.meaning(value)}" for value in reversed(scale.values)]
    korean = [
        f"- **{value:g}**: {_MEANINGS_KO[int(value)] if scale.meaning(value) else ''}"
        for value in reversed(scale.values)
    ]
    return _TEXT.format(
        question=QUESTION,
        question_ko=QUESTION_KO,
        low=f"{scale.low:g}",
        high=f"{scale.high:g}",
        step=f"{scale.step:g}",
        points=_points(english),
        points_ko=_points(korean),
    )


def _points(lines: list[str]) -> str:
    """Join the lines that say something."""
    return "\n".join(line for line in lines if not line.endswith(": "))


_TEXT = """\
# Guidelines

{question} Score each pair from {low} to {high} in steps of {step}; {high} is the same meaning.

{points}

1. Score the meaning, not the wording. A pair may share nearly all words and still differ in what
   matters, or share none and say the same.
2. Everything that an investor, a borrower or a supervisor would act on counts: direction, size,
   who, when, under which condition, whether something is planned, expected or done, whether it is
   a fact or somebody's view, and what is allowed or forbidden.
3. What one sentence says and the other leaves out is a difference. How large it is depends on how
   much it changes what a reader would do, not on how many words it takes.
4. The same figure in another form (KRW 1.2 trillion, 1조 2,000억원) is no difference. Another
   figure is.
5. Where the sentences are in two languages, a translation that leaves nothing out and adds nothing
   is the same meaning.
6. A sentence that is clumsy is scored by what it evidently says; say in the comment that it is.
7. Work alone and in the order given. Do not go back to make scores agree with one another. Where
   you cannot decide, give the score that you would defend, and a comment.

# 지침

{question_ko} {low}에서 {high}까지 {step} 간격으로 점수를 매겨 주십시오. {high}은(는) 같은 뜻입니다.

{points_ko}

1. 표현이 아니라 뜻을 평가합니다. 단어가 거의 같아도 중요한 점이 다를 수 있고, 단어가 전혀 달라도
   같은 뜻일 수 있습니다.
2. 투자자, 차주, 감독당국의 판단에 영향을 주는 것은 모두 뜻에 포함됩니다. 방향, 규모, 주체, 시점,
   조건, 계획인지 전망인지 이미 이루어진 일인지, 사실인지 의견인지, 허용인지 금지인지를 살핍니다.
3. 한쪽에만 있는 내용은 차이입니다. 차이의 크기는 단어 수가 아니라 읽는 사람의 판단을 얼마나
   바꾸는지로 정합니다.
4. 같은 수치를 다르게 쓴 것(1조 2,000억원, 1.2조원)은 차이가 아닙니다. 수치가 다르면 차이입니다.
5. 두 문장의 언어가 다르면, 빠지거나 더해진 것이 없는 번역은 같은 뜻입니다.
6. 어색한 문장은 분명히 말하려는 뜻대로 평가하고, 의견란에 어색하다고 적어 주십시오.
7. 혼자서, 주어진 순서대로 작업합니다. 점수를 서로 맞추려고 되돌아가 고치지 마십시오. 판단이
   어려우면 근거를 댈 수 있는 점수를 주고 의견을 남겨 주십시오.
"""
