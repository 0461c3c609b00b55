"""Whatever is typed gets a clear answer, breaks nothing, and reaches nobody else."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from e2e_rig import Stack, is_counting, last_ts
from slack_sdk.web.async_client import AsyncWebClient

from segbot.demo.workspace import message_words

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("e2e_slack"), pytest.mark.timeout(60)]

BAD = {
    "four thousand characters": "women in Texas and " * 210 + "men",
    "one endless word": "x" * 4000,
    "only emoji": "🎉🎉👩‍👩‍👧‍👦 :tada: 🏳️‍🌈",
    "german": "Frauen über 30 in Kalifornien, die zweimal gekauft haben",
    "chinese": "最近90天内购买过两次的加州女性",
    "arabic": "النساء فوق الثلاثين في كاليفورنيا",
    "sql": "'; DROP TABLE shop.customers; --",
    "a whole query": "SELECT email, phone FROM shop.customers WHERE 1=1 UNION SELECT usename, passwd FROM pg_shadow",
    "markup": "<b>women</b> *bold* _it_ ~no~ `code` ```block``` > quote & <script>alert(1)</script>",
    "everybody": "<!channel> <!here> <!everyone> @channel @here women in Texas",
    "a person": "<@U0PRIYA> <@U0PRIYA|priya> women in Texas",
    "a group": "<!subteam^S0PARTNERS> women <#C0MARKETING|marketing>",
    "a link": "<https://evil.example/|women in Texas> mailto:a@b.example",
    "nonsense": "colorless green ideas sleep furiously",
    "control characters": "women\x00 in\x07 \x1b[31mTexas\x1b[0m \u200b\ufeff",
    "right to left": "\u202ewomen in Texas\u202c \u2067evil\u2069",
    "half a pair": "women \ud83d in Texas",
    "zalgo": "w̸̨͝o̵m̷̀e̴̓n in T̷e̶x̷a̶s̵",
    "a formula": '=HYPERLINK("http://evil.example","women")',
    "a template": "{{7*7}} ${7*7} %s %(a)s {0} women",
    "numbers": "99999999999999999999999999999999 orders and 1e999 dollars since 00/00/0000",
    "negative": "-5 orders in the last -3 days",
    "only punctuation": "!!! ??? ... ,,, ---",
    "quotes": 'women in "Tex\'as" “”‘’',
    "brackets": "(((((((((((((((((((women",
    "ever so deep": "not " * 300 + "women",
}


def mentioned(calls: list[Any]) -> set[str]:
    """Everybody whom messages would notify: ids, and `!channel` and the like."""
    found: set[str] = set()

    def look(value: Any, markup: bool) -> None:
        match value:
            case {"type": "user" | "usergroup" | "broadcast" as kind, **rest}:
                found.add(str(rest.get("user_id") or kind))
            case {"type": "text" | "plain_text"}:
                pass  # taken literally by Slack
            case dict():
                for key, item in value.items():
                    look(item, key == "text")
            case list():
                for item in value:
                    look(item, False)
            case str() if markup:
                found.update(re.findall(r"<[@!#]([^>|]+)", value))
            case _:
                pass

    for call in calls:
        for key in ("text", "blocks", "view"):
            given = call.args.get(key)
            look(json.loads(given) if isinstance(given, str) and key != "text" else given, key == "text")
    return found


@pytest.fixture
def complaints(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING)
    return caplog


@pytest.mark.parametrize("words", BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("way", ["command", "mention", "message"])
async def test_bad_input_gets_a_clear_answer(
    words: str, way: str, stack: Stack, complaints: pytest.LogCaptureFixture
) -> None:
    """An answer in words, no warning in the log, no mention of anybody but who asked, nothing in any other place."""
    ws = stack.ws
    place = "@maya" if way == "message" else "#marketing"
    others = {c: len(ws.messages(c)) for c in ("#campaigns", "#partner-success", "@priya", "@omar", "@alex")}
    before, sent = last_ts(ws, place), len(ws.calls)
    if way == "command":
        assert await ws.slash("maya", place, f"/segment {words}") == {"ok": True}
        answer = await ws.wait_for_message(place, _final, user="maya", after=before)
    elif way == "mention":
        asked = await ws.say("maya", place, f"@segbot {words}")
        answer = await ws.wait_for_message(place, _final, user="maya", thread_ts=asked["ts"], after=asked["ts"])
    else:
        asked = await ws.say("maya", place, words)
        answer = await ws.wait_for_message(place, _final, user="maya", after=asked["ts"])
    assert len(message_words(answer)) > 30
    assert [r.getMessage() for r in complaints.records] == []
    assert ws.refused == []
    assert mentioned(ws.calls[sent:]) <= {ws.user_id("maya")}
    assert others == {c: len(ws.messages(c)) for c in others}


@pytest.mark.parametrize("words", ["", "   ", "\u200b", "\n\n"])
async def test_an_empty_command_explains_itself(words: str, stack: Stack) -> None:
    """Nothing typed is a question for help, answered to its person alone."""
    before, public = last_ts(stack.ws, "#campaigns"), len(stack.ws.messages("#campaigns"))
    assert await stack.ws.slash("omar", "#campaigns", f"/segment {words}") == {"ok": True}
    answer = await stack.ws.wait_for_message("#campaigns", _final, user="omar", after=before)
    assert answer["ephemeral"]
    assert len(stack.ws.messages("#campaigns")) == public


async def test_names_of_segments_are_harmless_too(stack: Stack) -> None:
    """A name, note or tag that looks like markup or a mention is shown as it was typed."""
    card = await stack.ask("gold members", channel="#campaigns")
    await stack.ws.click("maya", "#campaigns", card["ts"], "segbot.save")
    await stack.ws.wait_until(lambda: (stack.ws.modal("maya") or {}).get("submit"), 5, "the form")
    done = await stack.ws.submit(
        "maya", {"name": "<!channel> *Gold* <@U0PRIYA>", "note": "<!here>", "tags": "<!everyone>, `x`"}
    )
    assert done["response_action"] == "close"
    saved = await stack.again("#campaigns", card["ts"], "Saved as")
    assert "&lt;!channel&gt;" in json.dumps(saved)
    await stack.ws.click("maya", "#campaigns", card["ts"], "segbot.share")
    await stack.ws.wait_for_message("#campaigns", "Shared by", thread_ts=card["ts"])
    assert mentioned(stack.ws.calls) <= set(stack.ws.core.state.people) - {stack.ws.user_id("priya")}
    assert stack.ws.refused == []


async def test_the_customers_are_as_they_were(stack: Stack) -> None:
    """After all of that the database holds what it held."""
    ((people,),) = stack.databases.as_owner("SELECT count(*) FROM shop.customers")
    assert people == 2000
    client = AsyncWebClient(stack.ws.bot_token, base_url=stack.ws.api_url)
    assert (await client.auth_test())["ok"]


def _final(message: dict[str, object]) -> bool:
    return not is_counting(message) and message.get("user") != "U0MAYA"
