"""The small parts: backoff, key, settings, budget, schema, choice of shifts."""

import asyncio
import json
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.triplets.llm.conftest import document, llm_settings

from nmixx.errors import InputError, RecipeError
from nmixx.triplets.llm import LlmSettings
from nmixx.triplets.llm.backoff import Backoff, read_retry_after
from nmixx.triplets.llm.budget import Budget, BudgetReachedError
from nmixx.triplets.llm.conversation import choose_shifts
from nmixx.triplets.llm.exchange import Answer, Message, Request, Usage
from nmixx.triplets.llm.key import hide_key, read_key
from nmixx.triplets.llm.schema import (
    RefusedError,
    Suitability,
    UnreadableError,
    Versions,
    read_shape,
    shape_schema,
)
from nmixx.triplets.taxonomy import SHIFTS, shifts_for

NAMES = ["detail_added", "sentiment_reversal"]


@given(st.integers(1, 2000), st.floats(0, 1e6), st.integers())
def test_a_wait_is_never_longer_than_the_longest_nor_shorter_than_asked(failures, asked, seed):
    delay = Backoff(1.0, 60.0, chance=random.Random(seed)).delay(failures, asked)
    assert min(asked, 60.0) <= delay <= 60.0
    assert delay <= max(2.0 ** min(failures - 1, 10), asked)


def test_waits_grow_and_differ():
    backoff = Backoff(1.0, 1000.0, chance=random.Random(0))
    means = [sum(backoff.delay(n) for _ in range(400)) / 400 for n in (1, 2, 3, 4)]
    assert means == pytest.approx([0.5, 1, 2, 4], rel=0.15)
    assert len({backoff.delay(3) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0), ("", 0), ("7", 7), ("0.5", 0.5), ("-3", 0), ("soon", 0), ("nan", 0), ("inf", 0),
        ("Wed, 25 Nov 2026 08:00:30 GMT", 30), ("Wed, 25 Nov 2026 07:00:00 GMT", 0),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(header, seconds):
    now = datetime(2026, 11, 25, 8, 0, 0, tzinfo=UTC).timestamp()
    assert read_retry_after(header, lambda: now) == seconds


def test_the_key_comes_from_the_environment_the_own_one_first():
    both = {"NMIXX_LLM_API_KEY": " mine\n", "OPENAI_API_KEY": "theirs"}
    key = read_key(both)
    assert key is not None
    assert key.get_secret_value() == "mine"
    assert "mine" not in f"{key} {key!r}"
    theirs = read_key({"OPENAI_API_KEY": "theirs", "NMIXX_LLM_API_KEY": ""})
    assert theirs is not None
    assert theirs.get_secret_value() == "theirs"
    assert read_key({}) is None
    assert hide_key("key mine is wrong", key) == "key *** is wrong"


@pytest.mark.parametrize("value", ["one\ntwo", "sk-열쇠", "a\x00b"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(value):
    with pytest.raises(InputError, match="NMIXX_LLM_API_KEY") as caught:
        read_key({"NMIXX_LLM_API_KEY": value})
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "http://me:secret@host/v1"}, "NMIXX_LLM_API_KEY"),
        ({"url": "http://host/v1?key=secret"}, "NMIXX_LLM_API_KEY"),
        ({"url": "host:8000"}, "http://localhost:8000/v1"),
        ({"url": "ftp://host"}, "http://localhost:8000/v1"),
        ({"budget": 5}, "price_input and price_output are needed"),
        ({"price_input": 5}, "give both or none"),
        ({"languages": ["ko", "ko"]}, "two different ones"),
        ({"key": "sk-1"}, "unknown key 'key'"),
        ({"concurrency": 0}, "concurrency"),
    ],
)
def test_settings_that_cannot_be_meant(changes, words):
    with pytest.raises(RecipeError, match=words):
        LlmSettings.parse({"url": "http://h:1/v1", "model": "m", **changes}, "recipe.yaml")


def test_a_secret_in_the_address_is_not_repeated():
    with pytest.raises(RecipeError) as caught:
        LlmSettings.parse({"url": "http://me:hunter2@host/v1", "model": "m"}, "recipe.yaml")
    assert "hunter2" not in str(caught.value)


def test_the_address_may_name_the_whole_path():
    assert llm_settings(url="http://h/v1/chat/completions").url == "http://h/v1"


def test_money_is_per_million_tokens():
    settings = llm_settings(price_input=2.5, price_output=10)
    assert settings.money(1_000_000, 500_000) == pytest.approx(7.5)
    assert llm_settings().money(1, 1) is None


def test_a_budget_waits_for_what_is_on_its_way_before_it_gives_up():
    async def run():
        budget = Budget(llm_settings(token_budget=100), Usage(10, 0))
        await budget.hold(Usage(50, 30))
        waiting = asyncio.create_task(budget.hold(Usage(20, 20)))
        await asyncio.sleep(0)
        assert not waiting.done()
        budget.settle(Usage(50, 30), Usage(30, 10))
        await waiting
        with pytest.raises(BudgetReachedError):
            budget.settle(Usage(20, 20), Usage(20, 20))
            await budget.hold(Usage(10, 1))
        assert budget.spent == Usage(80, 30) - Usage(10, 0) + Usage(10, 0) - Usage(20, 0)

    asyncio.run(run())


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.floats(0, 1)), max_size=12))
def test_no_more_than_the_budget_is_ever_spent(requests):
    async def one(budget, prompt, completion, share):
        most = Usage(prompt, completion)
        try:
            await budget.hold(most)
        except BudgetReachedError:
            return
        await asyncio.sleep(0)
        budget.settle(most, Usage(int(prompt * share), int(completion * share)))

    async def run():
        settings = llm_settings(budget=0.0002, price_input=1, price_output=2, token_budget=150)
        budget = Budget(settings, Usage())
        await asyncio.gather(*(one(budget, *request) for request in requests))
        return budget.spent

    spent = asyncio.run(run())
    assert spent.total <= 150
    assert spent.prompt + 2 * spent.completion <= 200


def test_the_most_of_a_request_is_its_bytes():
    request = Request("m", (Message("user", "금리"),), "n", {}, None, 50)
    assert request.most.prompt >= len("금리".encode())
    assert request.most.completion == 50


def test_keys_of_requests_tell_apart_what_changes_the_answer():
    one = Request("m", (Message("user", "a"),), "n", {"x": 1}, 0.7, 50)
    same = Request("m", (Message("user", "a"),), "n", {"x": 1}, 0.7, 50)
    others = [
        Request("m2", one.messages, "n", {"x": 1}, 0.7, 50),
        Request("m", (Message("system", "a"),), "n", {"x": 1}, 0.7, 50),
        Request("m", one.messages, "n", {"x": 2}, 0.7, 50),
        Request("m", one.messages, "n", {"x": 1}, 0.0, 50),
        Request("m", one.messages, "n", {"x": 1}, 0.7, 51),
    ]
    assert one.key == same.key
    assert len({one.key, *(other.key for other in others)}) == 6


@pytest.mark.parametrize(
    "text",
    [
        '{"reason": "r", "suitable": ["detail_added"]}',
        'Sure!\n```json\n{"reason": "r", "suitable": ["Detail-Added"]}\n```\nAnything else?',
        '<think>maybe {"suitable": ["x"]}?</think>{"reason": "r", "suitable": ["detail added"]}',
        'Of {detail_added} I take: {"reason": "r", "suitable": ["detail_added", "DETAIL_ADDED"]}',
        '{"a": 1} {"reason": "r\nr", "suitable": ["detail_added"]}',
    ],
)
def test_json_is_found_in_what_models_say_around_it(text):
    assert read_shape(Answer(text), Suitability, NAMES).suitable == ["detail_added"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"reason": "r", "suitable": ["detail_addded"]}', "no such shift: 'detail_addded'"),
        ('{"reason": "r", "suitable": "detail_added"}', "list"),
        ('{"suitable": []}', "reason: field required"),
        ('{"reason": "r", "suitable": [], "more": 1}', "more: extra inputs"),
        ('{"reason": "r", "suitable": [', "no JSON"),
    ],
)
def test_what_breaks_the_schema_is_said(text, words):
    with pytest.raises(UnreadableError, match=words):
        read_shape(Answer(text), Suitability, NAMES)


@given(st.text())
def test_any_text_is_read_or_refused_by_name(text):
    try:
        read_shape(Answer(text), Suitability, NAMES)
    except (RefusedError, UnreadableError) as error:
        str(error).encode()


def test_deep_nesting_is_no_trap():
    with pytest.raises(UnreadableError):
        read_shape(Answer('{"a":' * 100_000), Suitability, NAMES)


def test_versions_are_cleaned_and_checked():
    def read(**changes):
        given = {"paraphrase": "p", "translation": "t", "shifted": []} | changes
        return read_shape(Answer(json.dumps(given)), Versions, NAMES)

    one = {"shift": "detail_added", "text": " a\u200b  b\ud800", "translation": ""}
    assert read(shifted=[one]).shifted[0].text == "a b"
    assert read(shifted=[one]).shifted[0].translation is None
    for bad in ({"paraphrase": " "}, {"translation": None}, {"shifted": [one, one]}):
        with pytest.raises(UnreadableError):
            read(**bad)


def test_schemas_keep_to_the_strict_mode():
    for shape in (Suitability, Versions):
        schema = shape_schema(shape, NAMES)
        for part in [schema, *schema.get("$defs", {}).values()]:
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
            assert all("default" not in field for field in part["properties"].values())
    assert shape_schema(Suitability, NAMES)["properties"]["suitable"]["items"]["enum"] == NAMES
    assert "enum" not in json.dumps(Suitability.model_json_schema())


def test_shifts_are_chosen_evenly_and_always_the_same():
    offered = shifts_for("news")
    names = [shift.name for shift in offered]
    texts = [document(f"문서 {at}", at) for at in range(400)]
    chosen = [choose_shifts(one, offered, names, 2) for one in texts]
    assert chosen == [choose_shifts(one, offered, names[::-1], 2) for one in texts]
    counts = [sum(shift in some for some in chosen) for shift in offered]
    assert min(counts) > 0.7 * max(counts)
    assert choose_shifts(texts[0], offered, [names[1]], 2) == (SHIFTS[names[1]],)
    assert choose_shifts(texts[0], offered, [], 2) == ()
