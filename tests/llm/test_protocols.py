"""The two protocols against a server of our own: what is sent, and every way an answer can fail to be one."""

from __future__ import annotations

from typing import Any

import pytest
from llm_kit import KEY, Protocol, Provider, Turn, provider
from pydantic import SecretStr

from segbot.errors import ConfigurationError
from segbot.llm.connect import open_model
from segbot.llm.talk import Kind, Message, Model, Question, Reply, Trouble
from segbot.settings import Settings

PROTOCOLS: tuple[Protocol, ...] = ("openai", "anthropic")
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
QUESTION = Question(
    "the rules", (Message("user", "hi"), Message("assistant", "{}"), Message("user", "again")), SCHEMA, 500
)


def model(protocol: Protocol, server: Provider, key: str | None = KEY) -> Model:
    url = f"{server.url}/v1" if protocol == "openai" else server.url
    settings = Settings(
        llm_provider=protocol, llm_url=url, llm_model="m-1", llm_api_key=SecretStr(key) if key else None
    )
    made = open_model(settings)
    assert made is not None
    return made


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_question_and_its_answer(protocol: Protocol) -> None:
    """The whole conversation, schema and limit are sent; text and tokens come back."""
    async with provider(Turn('{"a": "b"}')) as server:
        assert await model(protocol, server).ask(QUESTION, 5) == Reply('{"a": "b"}', 1000)
        body = server.bodies[0]
    assert body["model"] == "m-1"
    assert body["max_tokens"] == 500
    turns: list[Any] = body["messages"]
    if protocol == "openai":
        assert turns[0] == {"role": "system", "content": "the rules"}
        assert body["response_format"]["json_schema"]["schema"] == SCHEMA
        turns = turns[1:]
    else:
        assert body["system"] == "the rules"
        assert body["tools"][0]["input_schema"] == SCHEMA
        assert body["tool_choice"] == {"type": "tool", "name": "propose"}
    assert [t["role"] for t in turns] == ["user", "assistant", "user"]


FAILURES: list[tuple[Turn, Kind]] = [
    (Turn("{", end="truncated"), Kind.TRUNCATED),
    (Turn("", end="refused"), Kind.REFUSED),
    (Turn("", end="filtered"), Kind.REFUSED),
    (Turn("", end="empty"), Kind.GARBLED),
    (Turn(raw="<html>"), Kind.GARBLED),
    (Turn(raw="[1]"), Kind.GARBLED),
    (Turn(raw='{"choices": [{"message": {"content": 7}}], "content": 7}'), Kind.GARBLED),
    (Turn(status=429), Kind.BUSY),
    (Turn(status=529), Kind.BUSY),
    (Turn(status=403), Kind.WRONG_KEY),
    (Turn(status=400, raw='{"error": "no such model"}'), Kind.FAILED),
    (Turn(status=500, raw="boom"), Kind.FAILED),
    (Turn(status=302, headers={"Location": "http://elsewhere.invalid/"}), Kind.FAILED),
    (Turn(wait=3), Kind.TIMED_OUT),
]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(("turn", "kind"), FAILURES, ids=[f"{k.value}-{i}" for i, (_, k) in enumerate(FAILURES)])
async def test_a_failure_is_a_value(protocol: Protocol, turn: Turn, kind: Kind) -> None:
    """Truncated, refused, busy, garbled, slow: each comes back as its own kind of trouble, never as an exception."""
    async with provider(turn) as server:
        found = await model(protocol, server).ask(QUESTION, 0.3)
    assert isinstance(found, Trouble)
    assert found.kind is kind
    assert KEY not in found.detail


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_wrong_key_and_nobody_there(protocol: Protocol) -> None:
    """A wrong or missing key and a closed port are told apart."""
    async with provider() as server:
        for key in ("wrong", None):
            found = await model(protocol, server, key).ask(QUESTION, 5)
            assert isinstance(found, Trouble)
            assert found.kind is Kind.WRONG_KEY
    found = await model(protocol, server).ask(QUESTION, 5)
    assert isinstance(found, Trouble)
    assert found.kind is Kind.UNREACHABLE


@pytest.mark.parametrize(
    ("said", "low", "high"), [("3", 3, 3), ("Wed, 01 Jan 2020 00:00:00 GMT", 0, 0), ("soon", None, None)]
)
async def test_retry_after_is_read(said: str, low: float | None, high: float | None) -> None:
    """Retry-After may be seconds or a date; anything else is no wish."""
    async with provider(Turn(status=429, headers={"Retry-After": said})) as server:
        found = await model("openai", server).ask(QUESTION, 5)
    assert isinstance(found, Trouble)
    if low is None or high is None:
        assert found.retry_after is None
    else:
        assert found.retry_after is not None
        assert low <= found.retry_after <= high


async def test_a_server_without_schemas_is_asked_for_plain_json() -> None:
    """A server that refuses json_schema, or wants another limit, is asked its own way, and that way is remembered."""
    async with provider(Turn('{"a": "b"}')) as server:
        server.knows_schemas = False
        server.wants_completion_tokens = True
        asked = model("openai", server)
        assert isinstance(await asked.ask(QUESTION, 5), Reply)
        assert isinstance(await asked.ask(QUESTION, 5), Reply)
    assert [body["response_format"]["type"] for body in server.bodies] == ["json_object", "json_object"]
    assert all("max_tokens" not in body and body["max_completion_tokens"] == 500 for body in server.bodies)


def test_without_configuration_there_is_no_model() -> None:
    """No provider, no model: nothing is ever sent anywhere."""
    assert open_model(Settings()) is None


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"llm_provider": "openai", "llm_api_key": SecretStr("k")}, "SEGBOT_LLM_MODEL"),
        ({"llm_provider": "anthropic", "llm_model": "m"}, "SEGBOT_LLM_API_KEY"),
        ({"llm_provider": "openai", "llm_model": "m", "llm_url": "file:///etc/passwd"}, "SEGBOT_LLM_URL"),
    ],
)
def test_half_a_configuration_is_told(settings: dict[str, Any], says: str) -> None:
    """Incomplete settings stop the start with the name of the setting."""
    with pytest.raises(ConfigurationError, match=says):
        open_model(Settings(**settings))
