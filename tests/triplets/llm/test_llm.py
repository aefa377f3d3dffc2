"""Triplets from a model's answers, end to end but for the network."""

import asyncio
import json
import threading

import pytest
from tests.triplets.llm.conftest import (
    DOCUMENTS,
    ENGLISH,
    document,
    files,
    good_versions,
    names_of,
    text_of,
    told,
    triplet_settings,
)

from nmixx.errors import InputError, OutputError, StageError
from nmixx.records import Dropped, Triplet
from nmixx.storage import only_worker, read_journal, read_json, read_records
from nmixx.testing import ReplayLLM
from nmixx.triplets.llm import JOURNAL, estimate_llm_triplets, make_llm_triplets
from nmixx.triplets.llm.exchange import Answer, PassingError, RejectedError, Usage


def reasons(result):
    return [(row.id, row.reason) for row in result.dropped]


def test_a_document_gives_three_triplets_for_each_shift(tmp_path, replay):
    llm = replay()
    result = make_llm_triplets(DOCUMENTS[:1], triplet_settings(), tmp_path, llm=llm)
    assert result.dropped == []
    assert len(result.triplets) == 2 * 3
    by_direction = {(one.anchor_lang, one.positive_lang): one for one in result.triplets}
    assert set(by_direction) == {("ko", "ko"), ("ko", "en"), ("en", "ko")}
    for one in result.triplets:
        assert one.negative_lang == one.positive_lang
        assert one.provenance == "llm:tiny/1b:d0"
        assert one.group == "d0"
        assert one.confidence == 1
    assert by_direction["ko", "en"].anchor == DOCUMENTS[0].text
    assert by_direction["ko", "en"].extra["origin"] == by_direction["ko", "en"].positive
    assert by_direction["en", "ko"].positive == DOCUMENTS[0].text
    assert told(read_records(tmp_path / "triplets.parquet", Triplet)) == told(result.triplets)
    report = read_json(tmp_path / "report.json")
    assert report["counts"]["triplets"] == 6
    assert report["usage"]["answers"] == len(llm.requests) == 2


def test_the_second_turn_goes_on_from_the_first(tmp_path, replay):
    llm = replay()
    make_llm_triplets(DOCUMENTS[:1], triplet_settings(), tmp_path, llm=llm)
    first, second = llm.requests
    assert second.messages[:2] == first.messages
    assert [message.role for message in second.messages] == ["system", "user", "assistant", "user"]
    assert json.loads(second.messages[2].content) == {"suitable": names_of(second)}
    # The model's own words about the text do not come back to it.
    assert "they fit" not in second.messages[2].content


def test_an_english_document_is_translated_to_korean(tmp_path, replay):
    def korean(request):
        if request.name == "suitability":
            return None
        versions = good_versions(request)
        swapped = [
            {
                **one,
                "text": f"{ENGLISH} But not really.",
                "translation": "한빛전자는 3분기에 12% 줄었다고 했다.",
            }
            for one in versions["shifted"]
        ]
        versions |= {
            "paraphrase": f"It is said that {ENGLISH}",
            "translation": "한빛전자는 3분기에 12% 늘었다고 했다.",
            "shifted": swapped,
        }
        return json.dumps(versions)

    one = document(ENGLISH, lang="en")
    result = make_llm_triplets([one], triplet_settings(), tmp_path, llm=replay(korean))
    directions = {(one.anchor_lang, one.positive_lang) for one in result.triplets}
    assert directions == {("en", "en"), ("en", "ko"), ("ko", "en")}


def test_unsuitable_is_an_answer_and_is_not_asked_again(tmp_path, replay):
    def nothing(request):
        if "배당" in text_of(request):
            return json.dumps({"reason": "a heading", "suitable": []})
        return None

    llm = replay(nothing)
    result = make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=llm)
    assert reasons(result) == [("d1", "unsuitable")]
    assert result.dropped[0].detail == "a heading"
    again = replay(nothing)
    make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=again)
    assert again.requests == []


def test_one_shift_may_turn_out_unsuitable_or_be_left_out(tmp_path, replay):
    def some(request):
        if request.name == "suitability":
            return None
        versions = good_versions(request)
        versions["shifted"][0] |= {"text": None, "translation": None}
        del versions["shifted"][1]
        return json.dumps(versions)

    result = make_llm_triplets(DOCUMENTS[:1], triplet_settings(), tmp_path, llm=replay(some))
    assert result.triplets == []
    assert reasons(result) == [("d0", "unsuitable"), ("d0", "not written")]


@pytest.mark.parametrize(
    ("answer", "reason", "asked"),
    [
        (Answer("", refusal="I cannot help with that."), "refused", 1),
        (Answer("", finish="content_filter"), "refused", 1),
        ("I am sorry, I can't assist.", "refused", 1),
        ('{"reason": "cut', "malformed answer", 4),
        (Answer('{"reason": "r", "suit', finish="length"), "malformed answer", 4),
        ('{"reason": "r", "suitable": ["sentiment_reversl"]}', "malformed answer", 4),
        ('{"suitable": []}', "malformed answer", 4),
        ("", "malformed answer", 4),
    ],
)
def test_answers_that_are_no_use_are_dropped_with_a_reason(tmp_path, replay, answer, reason, asked):
    llm = replay(lambda request: answer)
    result = make_llm_triplets(DOCUMENTS[:1], triplet_settings(), tmp_path, llm=llm)
    assert reasons(result) == [("d0", reason)]
    assert result.dropped[0].detail
    assert len(llm.requests) == asked
    again = replay()
    make_llm_triplets(DOCUMENTS[:1], triplet_settings(), tmp_path, llm=again)
    assert again.requests == []


def test_a_broken_answer_is_asked_again_and_both_are_journalled(tmp_path, replay):
    broken = iter(["{", None, None])
    llm = replay(lambda request: next(broken))
    result = make_llm_triplets(DOCUMENTS[:1], triplet_settings(), tmp_path, llm=llm)
    assert len(result.triplets) == 6
    states = [value["state"] for value in read_journal(tmp_path / JOURNAL).values()]
    assert states == ["answered"] * 3
    assert result.usage["answers"] == 3


def test_a_version_in_the_wrong_language_is_dropped_and_the_others_stay(tmp_path, replay):
    def korean_translation(request):
        if request.name == "suitability":
            return None
        versions = good_versions(request)
        versions["translation"] = "회사는 이 내용을 발표했고 수치는 알려진 바와 같다."
        return json.dumps(versions)

    llm = replay(korean_translation)
    result = make_llm_triplets(DOCUMENTS[:1], triplet_settings(), tmp_path, llm=llm)
    assert {(one.anchor_lang, one.positive_lang) for one in result.triplets} == {("ko", "ko")}
    assert reasons(result) == [("d0", "wrong language")]
    assert result.dropped[0].detail == "translation: ko instead of en"


def test_a_copy_and_a_leak_are_dropped(tmp_path, replay):
    def lazy(request):
        if request.name == "suitability":
            return None
        versions = good_versions(request)
        versions["paraphrase"] = text_of(request)
        versions["translation"] = f"<document> {versions['translation']}"
        return json.dumps(versions)

    result = make_llm_triplets(DOCUMENTS[:1], triplet_settings(), tmp_path, llm=replay(lazy))
    assert result.triplets == []
    assert [row.reason for row in result.dropped] == [
        "positive is the anchor",
        "prompt in the answer",
    ]


def test_a_negative_that_fails_a_check_is_dropped(tmp_path, replay):
    def same(request):
        if request.name == "suitability":
            return None
        versions = good_versions(request)
        for one in versions["shifted"]:
            one["text"] = text_of(request)
        return json.dumps(versions)

    result = make_llm_triplets(DOCUMENTS[:1], triplet_settings(), tmp_path, llm=replay(same))
    assert {row.reason for row in result.dropped} == {"same text"}
    assert {one.positive_lang for one in result.triplets} == {"en"}


def test_documents_that_nothing_is_asked_about(tmp_path, replay):
    odd = [
        document("  ", 10),
        document("긴 글이다. " * 100, 11),
        document("これは日本語の文章です。", 12, "ja"),
        document(DOCUMENTS[0].text + " ", 13),
        document("반쪽 글자 \ud800", 14),
    ]
    llm = replay()
    result = make_llm_triplets([*DOCUMENTS, *odd], triplet_settings(), tmp_path, llm=llm)
    assert reasons(result) == [
        ("d10", "empty"),
        ("d11", "too long"),
        ("d12", "another language"),
        ("d13", "same text as an earlier document"),
        ("d14", "broken characters"),
    ]
    assert len(llm.requests) == 6


def test_the_order_is_the_documents_however_the_answers_came(tmp_path, replay):
    class Slow(ReplayLLM):
        async def complete(self, request):
            for _ in range(hash(text_of(request)) % 50):
                await asyncio.sleep(0)
            return await super().complete(request)

    many = [document(f"{at}번째 회사는 {at}% 성장했다고 밝혔다.", at) for at in range(40)]
    made = []
    for concurrency in (1, 3, 40):
        out = tmp_path / str(concurrency)
        llm = Slow(replay()._answer)
        make_llm_triplets(many, triplet_settings(concurrency=concurrency), out, llm=llm)
        made.append(files(out))
    assert made[0] == made[1] == made[2]
    ids = [one.group for one in read_records(tmp_path / "3" / "triplets.parquet", Triplet)]
    assert ids == sorted(ids, key=lambda name: int(name[1:]))


def test_the_maximum_is_the_first_so_many_and_stops_the_asking(tmp_path, replay):
    many = [document(f"{at}번째 회사는 {at}% 성장했다고 밝혔다.", at) for at in range(40)]
    llm = replay()
    settings = triplet_settings(concurrency=2).model_copy(update={"maximum": 10})
    result = make_llm_triplets(many, settings, tmp_path / "some", llm=llm)
    everything = make_llm_triplets(many, triplet_settings(), tmp_path / "all", llm=replay())
    assert result.triplets == everything.triplets[:10]
    assert result.stopped == "maximum"
    assert len(llm.requests) <= 8
    result.require_finished()


def test_a_maximum_of_none_asks_nothing(tmp_path, replay):
    llm = replay()
    settings = triplet_settings().model_copy(update={"maximum": 0})
    assert make_llm_triplets(DOCUMENTS, settings, tmp_path, llm=llm).triplets == []
    assert llm.requests == []


def test_a_defect_is_raised_as_it_is(tmp_path, replay):
    llm = replay(lambda request: ZeroDivisionError("a defect"))
    with pytest.raises(ZeroDivisionError, match="a defect"):
        make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=llm)


def test_passing_failures_are_tried_again_with_growing_waits(tmp_path, replay, backoff, waits):
    failures = iter([PassingError("429: slow down", wait=7.5), PassingError("500"), None, None])
    llm = replay(lambda request: next(failures))
    result = make_llm_triplets(
        DOCUMENTS[:1], triplet_settings(), tmp_path, llm=llm, backoff=backoff
    )
    assert len(result.triplets) == 6
    assert waits[0] == 7.5
    assert 0 <= waits[1] <= 2
    assert result.usage["tries_free_of_charge"] == 2


def test_what_the_server_never_answers_is_left_for_another_run(tmp_path, replay, backoff):
    def never(request):
        return PassingError("no answer", billed=True) if "배당" in text_of(request) else None

    settings = triplet_settings(tries=2)
    result = make_llm_triplets(DOCUMENTS, settings, tmp_path, llm=replay(never), backoff=backoff)
    assert result.unanswered == {"d1": "no answer"}
    assert result.finished == 2
    assert result.usage["tries_cut_off"] == 2
    with pytest.raises(StageError, match=r"no answer[\s\S]*1 of 3 documents are left"):
        result.require_finished()
    whole = make_llm_triplets(DOCUMENTS, settings, tmp_path / "whole", llm=replay())
    healed = make_llm_triplets(DOCUMENTS, settings, tmp_path, llm=replay())
    assert healed.triplets == whole.triplets
    assert files(tmp_path) == files(tmp_path / "whole")


def test_a_server_that_answers_nobody_stops_the_work(tmp_path, replay, backoff):
    many = [document(f"{at}번째 회사는 {at}% 성장했다고 밝혔다.", at) for at in range(40)]
    llm = replay(lambda request: PassingError("503"))
    with pytest.raises(StageError, match="does not answer any more"):
        make_llm_triplets(
            many, triplet_settings(tries=2, concurrency=3), tmp_path, llm=llm, backoff=backoff
        )
    assert len(llm.requests) <= 12


def test_no_money_left_keeps_what_is_finished(tmp_path, replay):
    def poor(request):
        return InputError("no money left") if "신주" in text_of(request) else None

    result = make_llm_triplets(
        DOCUMENTS, triplet_settings(concurrency=1), tmp_path, llm=replay(poor)
    )
    assert len(read_records(tmp_path / "triplets.parquet", Triplet)) == 12
    with pytest.raises(InputError, match=r"no money left\n1 of 3 documents are left"):
        result.require_finished()


def test_a_request_that_is_rejected_is_dropped_but_asked_again_another_time(tmp_path, replay):
    def reject(request):
        return RejectedError("too long for me") if "배당" in text_of(request) else None

    result = make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=replay(reject))
    assert reasons(result) == [("d1", "rejected by the server")]
    again = replay()
    assert make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=again).dropped == []
    assert len(again.requests) == 2


def test_a_server_that_rejects_everything_is_no_reason_to_drop_everything(tmp_path, replay):
    many = [document(f"{at}번째 회사는 {at}% 성장했다고 밝혔다.", at) for at in range(40)]
    llm = replay(lambda request: RejectedError("no such parameter"))
    with pytest.raises(StageError, match="takes none of the requests"):
        make_llm_triplets(many, triplet_settings(concurrency=1), tmp_path, llm=llm)
    assert not (tmp_path / "triplets.parquet").exists()


def test_another_process_is_not_disturbed(tmp_path, replay):
    with only_worker(tmp_path), pytest.raises(OutputError, match="another nmixx process"):
        make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=replay())


def test_a_changed_model_or_prompt_is_asked_anew_and_the_journal_keeps_both(tmp_path, replay):
    make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=replay())
    other = replay()
    make_llm_triplets(DOCUMENTS, triplet_settings(model="other"), tmp_path, llm=other)
    assert len(other.requests) == 6
    first = replay()
    make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=first)
    assert first.requests == []


def test_another_address_of_the_same_model_is_not(tmp_path, replay):
    make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=replay())
    other = replay()
    moved = triplet_settings(url="http://elsewhere:2/v1", timeout=3, concurrency=1)
    make_llm_triplets(DOCUMENTS, moved, tmp_path, llm=other)
    assert other.requests == []


def test_a_journal_is_replayed_by_the_double(tmp_path, replay):
    made = make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path / "first", llm=replay())
    double = ReplayLLM.from_journal(tmp_path / "first" / JOURNAL)
    again = make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path / "second", llm=double)
    assert again.triplets == made.triplets
    strange = ReplayLLM.from_journal(tmp_path / "first" / JOURNAL)
    other = make_llm_triplets(
        DOCUMENTS, triplet_settings(model="m"), tmp_path / "third", llm=strange
    )
    assert {row.reason for row in other.dropped} == {"rejected by the server"}


def test_it_works_within_a_running_loop(tmp_path, replay):
    async def notebook():
        return make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=replay())

    assert len(asyncio.run(notebook()).triplets) == 18
    assert threading.active_count() < 10


def test_nothing_to_ask_about(tmp_path, replay):
    result = make_llm_triplets([], triplet_settings(), tmp_path, llm=replay())
    assert result.triplets == []
    assert read_records(tmp_path / "dropped.parquet", Dropped) == []


def test_a_budget_stops_cleanly_and_a_higher_one_goes_on(tmp_path, replay):
    many = [document(f"{at}번째 회사는 {at}% 성장했다고 밝혔다.", at) for at in range(12)]
    whole = make_llm_triplets(many, triplet_settings(), tmp_path / "whole", llm=replay())
    used = whole.usage["prompt_tokens"] + whole.usage["completion_tokens"]
    # The most that a request can cost is far above what it costs here.
    most = max(request.most.total for request in collect(many, tmp_path / "seen", replay))
    settings = triplet_settings(token_budget=used // 2 + most, concurrency=5)
    llm = replay()
    result = make_llm_triplets(many, settings, tmp_path / "out", llm=llm)
    assert result.stopped == "budget"
    assert 0 < result.finished < 12
    spent = result.usage["prompt_tokens"] + result.usage["completion_tokens"]
    assert used // 2 < spent <= used // 2 + most
    result.require_finished()
    kept = read_records(tmp_path / "out" / "triplets.parquet", Triplet)
    assert told(kept) == [one for one in told(whole.triplets) if one in told(kept)]
    more = replay()
    make_llm_triplets(many, triplet_settings(), tmp_path / "out", llm=more)
    assert len(llm.requests) + len(more.requests) == 24
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_the_same_budget_again_keeps_what_was_finished(tmp_path, replay):
    many = [document(f"{at}번째 회사는 {at}% 성장했다고 밝혔다.", at) for at in range(12)]
    most = max(request.most.total for request in collect(many, tmp_path / "seen", replay))

    class Slow(ReplayLLM):
        """Answers later documents sooner, so that those finished have gaps before them."""

        async def complete(self, request):
            for _ in range(20 if "0번째" in text_of(request) else 1):
                await asyncio.sleep(0)
            return await super().complete(request)

    out = tmp_path / "out"
    settings = triplet_settings(token_budget=2 * most, concurrency=4)
    first = make_llm_triplets(many, settings, out, llm=Slow(replay()._answer))
    before = files(out)
    kept = {one.group for one in first.triplets}
    assert kept
    assert kept != {f"d{at}" for at in range(len(kept))}, "there is a gap"
    llm = replay()
    again = make_llm_triplets(many, triplet_settings(token_budget=1), out, llm=llm)
    assert again.stopped == "budget"
    assert llm.requests == []
    assert files(out) == before


def test_a_server_that_is_gone_keeps_what_was_finished(tmp_path, replay):
    def gone(request):
        return InputError("cannot be reached")

    make_llm_triplets(DOCUMENTS[1:], triplet_settings(), tmp_path, llm=replay())
    before = read_records(tmp_path / "triplets.parquet", Triplet)
    llm = replay(gone)
    result = make_llm_triplets(DOCUMENTS, triplet_settings(concurrency=1), tmp_path, llm=llm)
    assert len(llm.requests) == 1
    after = read_records(tmp_path / "triplets.parquet", Triplet)
    assert told(result.triplets) == told(before) == told(after)
    with pytest.raises(InputError, match="1 of 3 documents are left"):
        result.require_finished()


def test_rejections_after_answers_of_an_earlier_run_are_no_reason_to_stop(tmp_path, replay):
    many = [document(f"{at}번째 회사는 {at}% 성장했다고 밝혔다.", at) for at in range(10)]
    make_llm_triplets(DOCUMENTS, triplet_settings(), tmp_path, llm=replay())
    llm = replay(lambda request: RejectedError("too long"))
    result = make_llm_triplets([*many, *DOCUMENTS], triplet_settings(), tmp_path, llm=llm)
    assert result.error is None
    assert len(result.triplets) == 18
    assert len(result.dropped) == 10


def collect(many, folder, replay):
    llm = replay()
    make_llm_triplets(many, triplet_settings(), folder, llm=llm)
    return llm.requests


def test_a_budget_of_nothing_sends_nothing(tmp_path, replay):
    llm = replay()
    settings = triplet_settings(budget=0, price_input=1, price_output=2)
    result = make_llm_triplets(DOCUMENTS, settings, tmp_path, llm=llm)
    assert llm.requests == []
    assert result.stopped == "budget"
    assert result.usage["money"] == 0


def test_a_server_that_does_not_count_is_charged_with_the_most(tmp_path, replay):
    def silent(request):
        return Answer(json.dumps({"reason": "none", "suitable": []}))

    llm = replay(silent)
    result = make_llm_triplets(DOCUMENTS[:1], triplet_settings(), tmp_path, llm=llm)
    most = llm.requests[0].most
    assert result.usage["prompt_tokens"] == most.prompt
    assert result.usage["completion_tokens"] == most.completion


def test_the_estimate_sends_and_writes_nothing(tmp_path):
    settings = triplet_settings(budget=0.001, price_input=1, price_output=2)
    estimate = estimate_llm_triplets(DOCUMENTS, settings, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert estimate.asked == 3
    assert estimate.requests == 6
    assert estimate.money == pytest.approx(
        (estimate.prompt_tokens + 2 * estimate.completion_tokens) / 1e6
    )
    assert estimate.reaches == pytest.approx(0.001 / estimate.money)
    assert estimate.corrected_by == 0


def test_the_estimate_knows_what_is_paid_for_and_learns_from_it(tmp_path, replay):
    def dear(request):
        if request.name == "suitability" and "배당" in text_of(request):
            return Answer('{"reason": "", "suitable": []}', usage=Usage(10_000, 5_000))
        return None

    settings = triplet_settings()
    make_llm_triplets(DOCUMENTS, settings, tmp_path, llm=replay(dear))
    again = estimate_llm_triplets(DOCUMENTS, settings, tmp_path)
    assert (again.requests, again.in_journal) == (0, 5)
    assert again.prompt_tokens == 0
    new = [*DOCUMENTS, document("새 회사는 9% 성장했다고 밝혔다.", 9)]
    more = estimate_llm_triplets(new, settings, tmp_path)
    plain = estimate_llm_triplets(new[3:], settings, tmp_path / "elsewhere")
    assert more.requests == 2
    assert more.corrected_by == 5
    assert more.prompt_tokens > plain.prompt_tokens
    assert more.completion_tokens > plain.completion_tokens
