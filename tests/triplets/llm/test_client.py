"""What the client sends, and what it makes of a server's replies."""

import asyncio
import json
import logging

import httpx2
import pytest
from pydantic import SecretStr
from tests.triplets.llm.conftest import llm_settings

from nmixx.errors import InputError
from nmixx.triplets.llm.client import ChatClient
from nmixx.triplets.llm.exchange import Answer, Message, PassingError, RejectedError, Request, Usage

KEY = "sk-very-secret-0123456789"
REQUEST = Request(
    "tiny:1b", (Message("user", "금리 동결 \ud800"),), "suitability", {"type": "object"}, 0.7, 50
)
GOOD = {
    "choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 7, "completion_tokens": 2},
}


def complete(handler, key=KEY, times=1, **changes):
    """Send the request to a server that is a function; give the last answer and all bodies."""
    seen = []

    def note(request):
        seen.append(request)
        return handler(request) if callable(handler) else handler

    async def run():
        secret = SecretStr(key) if key else None
        transport = httpx2.MockTransport(note)
        async with ChatClient(llm_settings(**changes), secret, transport=transport) as client:
            for _ in range(times - 1):
                await client.complete(REQUEST)
            return await client.complete(REQUEST)

    return asyncio.run(run()), seen


def reply(status=200, body=GOOD, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, str):
        return httpx2.Response(status, text=body, headers=names)
    return httpx2.Response(status, json=body, headers=names)


def test_a_request_as_it_leaves():
    answer, seen = complete(reply(), url="http://localhost:8000/v1/")
    assert answer == Answer("{}", "stop", "", Usage(7, 2))
    assert str(seen[0].url) == "http://localhost:8000/v1/chat/completions"
    assert seen[0].headers["Authorization"] == f"Bearer {KEY}"
    body = json.loads(seen[0].content)
    assert body == {
        "model": "tiny:1b",
        "messages": [{"role": "user", "content": "금리 동결 ?"}],
        "max_tokens": 50,
        "temperature": 0.7,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "suitability", "strict": True, "schema": {"type": "object"}},
        },
    }


def test_without_a_key_none_is_sent():
    _, seen = complete(reply(), key=None)
    assert "Authorization" not in seen[0].headers


@pytest.mark.parametrize(
    ("complaint", "gone", "there"),
    [
        ("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'", "max_tokens",
         "max_completion_tokens"),
        ("'temperature' does not support 0.7 with this model", "temperature", "max_tokens"),
        ("This server has no response_format of type json_schema", "response_format", "max_tokens"),
    ],
)  # fmt: skip
def test_a_parameter_that_the_server_does_not_take_is_given_up_once(complaint, gone, there):
    def picky(request):
        if gone in json.loads(request.content):
            return reply(400, {"error": {"message": complaint}})
        return reply()

    answer, seen = complete(picky, times=2)
    assert answer.text == "{}"
    bodies = [json.loads(request.content) for request in seen]
    assert [gone in body for body in bodies] == [True, False, False]
    assert there in bodies[-1]


def test_structured_output_can_be_left_out_from_the_start():
    _, seen = complete(reply(), structured=False)
    assert "response_format" not in json.loads(seen[0].content)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
def test_passing_failures_cost_nothing(status):
    with pytest.raises(PassingError, match=str(status)) as caught:
        complete(reply(status, {"error": {"message": "busy"}}, Retry_After="4"))
    assert caught.value.wait == 4
    assert not caught.value.billed


@pytest.mark.parametrize(
    "body", ["", "{", "null", "[]", '{"choices": []}', '{"choices": [{"message": null}]}', "<html>"]
)
def test_a_reply_that_is_no_completion_may_have_cost_something(body):
    with pytest.raises(PassingError, match="no completion") as caught:
        complete(reply(200, body))
    assert caught.value.billed


@pytest.mark.parametrize(
    "error", [httpx2.ReadError("reset"), httpx2.RemoteProtocolError("cut"), httpx2.ReadTimeout("t")]
)
def test_a_connection_that_breaks_may_have_cost_something(error):
    def broken(request):
        raise error

    with pytest.raises(PassingError) as caught:
        complete(broken)
    assert caught.value.billed


def test_an_answer_that_trickles_is_given_up():
    class Trickle(httpx2.AsyncByteStream):
        async def __aiter__(self):
            while True:
                yield b" "
                await asyncio.sleep(0.001)

    with pytest.raises(PassingError, match=r"no answer in 0\.05 s") as caught:
        complete(lambda request: httpx2.Response(200, stream=Trickle()), timeout=0.05)
    assert caught.value.billed


def test_no_connection_at_first_is_the_callers_mistake_and_later_is_not():
    def refused(request):
        raise httpx2.ConnectError("Connection refused")

    with pytest.raises(InputError, match=r"cannot be reached[\s\S]*--llm-url"):
        complete(refused)
    replies = iter([reply(), httpx2.ConnectError("Connection refused")])

    def dies(request):
        said = next(replies)
        if isinstance(said, Exception):
            raise said
        return said

    with pytest.raises(PassingError, match="no connection") as caught:
        complete(dies, times=2)
    assert not caught.value.billed


@pytest.mark.parametrize("status", [301, 401, 403, 404])
def test_a_wrong_address_or_key_ends_the_work(status):
    with pytest.raises(InputError, match=rf"{status}: no[\s\S]*NMIXX_LLM_API_KEY \(set\)"):
        complete(reply(status, {"error": {"message": "no"}}))


def test_an_empty_account_ends_the_work_although_it_looks_like_a_passing_failure():
    error = {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}
    with pytest.raises(InputError, match="no money left"):
        complete(reply(429, error))


@pytest.mark.parametrize(
    "body", [{"error": {"message": "too long"}}, {"detail": "too long"}, "too long", '"too long"']
)
def test_a_rejection_gives_the_servers_words(body):
    with pytest.raises(RejectedError, match="too long"):
        complete(reply(400, body))


def test_usage_that_makes_no_sense_is_no_usage():
    for usage in (None, [], {"prompt_tokens": "7"}, {"prompt_tokens": -1, "completion_tokens": 1}):
        assert complete(reply(200, GOOD | {"usage": usage}))[0].usage is None


def test_other_shapes_of_a_message():
    refused = {"choices": [{"message": {"content": None, "refusal": "no"}}]}
    assert complete(reply(200, refused))[0] == Answer("", "stop", "no", None)


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_the_key_is_in_no_error_and_no_log(status, caplog):
    caplog.set_level(logging.DEBUG)
    echo = {"error": {"message": f"x{'y' * 285} Incorrect API key: {KEY}", "code": KEY}}
    with pytest.raises((InputError, PassingError, RejectedError)) as caught:
        complete(reply(status, echo))
    told = f"{caught.value!r} {caught.value} {caplog.text}"
    assert KEY[:12] not in told


def test_a_key_that_crosses_a_network_in_the_clear_is_warned_of(caplog):
    complete(reply(), url="http://gpu.example:8000/v1")
    assert "without encryption" in caplog.text
    assert KEY not in caplog.text
    caplog.clear()
    complete(reply(), url="https://gpu.example/v1")
    complete(reply(), url="http://127.0.0.1:8000/v1")
    complete(reply(), url="http://gpu.example:8000/v1", key=None)
    assert caplog.text == ""
