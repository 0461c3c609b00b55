"""The way out to Slack: paced, in order, patient, and never silent."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from segbot.slack.payload import Place, Posted, Private
from segbot.slack.sending import BadBlocks, CannotReach, Render, Sender
from segbot.slack.views.kit import Audience, Message

PLACE = Place("U1", "C1")


class Answer(dict[str, Any]):
    """An answer of Slack's."""

    def __init__(self, status: int = 200, headers: dict[str, str] | None = None, **data: Any) -> None:
        super().__init__(**data)
        self.status_code, self.headers, self.data = status, headers or {}, dict(data)


class FakeSlack:
    """Records calls; answers as armed; time passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        self.errors: dict[str, list[SlackApiError]] = {}
        self.gate: asyncio.Event | None = None

    def fail(self, method: str, error: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.errors.setdefault(method, []).append(
            SlackApiError(error, cast(Any, Answer(status, headers, ok=False, error=error)))
        )

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Answer]]:
        async def call(**arguments: Any) -> Answer:
            if self.gate is not None:
                await self.gate.wait()
            await asyncio.sleep(0)
            self.calls.append((self.now, method, arguments))
            if self.errors.get(method):
                raise self.errors[method].pop(0)
            return Answer(ok=True, channel=arguments.get("channel"), ts=f"{len(self.calls)}.0", view={"id": "V1"})

        return call

    @property
    def client(self) -> AsyncWebClient:
        return cast(AsyncWebClient, self)

    def sent(self, method: str) -> list[dict[str, Any]]:
        return [arguments for _, name, arguments in self.calls if name == method]


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture
def sender(slack: FakeSlack) -> Sender:
    return Sender(check=True, clock=lambda: slack.now, sleep=slack.sleep)


def saying(text: str) -> Render:
    """A message that says this, to whomever."""

    def render(audience: Audience) -> Message:
        said = f"{text} ({audience})"
        return Message(said, ({"type": "section", "text": {"type": "mrkdwn", "text": said}},))

    return render


async def test_posts_of_one_channel_are_a_second_apart(slack: FakeSlack, sender: Sender) -> None:
    """Slack takes one message a second in a channel; other channels don't wait for it."""
    await asyncio.gather(*(sender.post(slack.client, PLACE, saying(str(i))) for i in range(4)))
    await sender.post(slack.client, Place("U1", "C2"), saying("other"))
    times = [when for when, _, arguments in slack.calls if arguments["channel"] == "C1"]
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == [1.0, 1.0, 1.0]
    texts = [arguments["text"] for arguments in slack.sent("chat_postMessage")[:4]]
    assert texts == [f"{i} (channel)" for i in range(4)]


async def test_of_waiting_updates_only_the_newest_is_sent(slack: FakeSlack, sender: Sender) -> None:
    """Ten changes of one card while Slack is slow are two calls, the last one with the last state."""
    slack.gate = asyncio.Event()
    spot = Posted("C1", "1.0")
    updates = [asyncio.create_task(sender.update(slack.client, spot, saying(str(i)))) for i in range(10)]
    await asyncio.sleep(0.01)
    slack.gate.set()
    await asyncio.gather(*updates)
    texts = [arguments["text"] for arguments in slack.sent("chat_update")]
    assert texts[-1] == "9 (channel)"
    assert len(texts) <= 2


async def test_a_429_is_waited_out(slack: FakeSlack, sender: Sender) -> None:
    """Retry-After is obeyed, and nothing is lost."""
    slack.fail("chat_postMessage", "ratelimited", 429, {"Retry-After": "7"})
    slack.fail("chat_postMessage", "ratelimited", 429, {"retry-after": "3"})
    assert isinstance(await sender.post(slack.client, PLACE, saying("x")), Posted)
    assert slack.now == 10.0


async def test_patience_ends(slack: FakeSlack, sender: Sender) -> None:
    """A 429 for an hour is an error, not an hour of silence."""
    slack.fail("chat_postMessage", "ratelimited", 429, {"Retry-After": "3600"})
    with pytest.raises(SlackApiError):
        await sender.post(slack.client, PLACE, saying("x"))


@pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found", "is_archived", "restricted_action"])
async def test_where_it_may_not_post_its_person_is_told(slack: FakeSlack, sender: Sender, error: str) -> None:
    """No public answer becomes a private one, drawn for one person."""
    slack.fail("chat_postMessage", error)
    assert await sender.post(slack.client, PLACE, saying("x")) == Private(PLACE)
    assert slack.sent("chat_postEphemeral")[0]["text"] == "x (person)"


async def test_the_last_way_is_a_direct_message(slack: FakeSlack, sender: Sender) -> None:
    """Where not even a private message is taken, it goes to the person's direct messages; then it is an error."""
    slack.fail("chat_postEphemeral", "user_not_in_channel")
    await sender.tell(slack.client, PLACE, saying("x"))
    assert slack.sent("chat_postMessage")[0]["channel"] == "U1"
    slack.fail("chat_postEphemeral", "user_not_in_channel")
    slack.fail("chat_postMessage", "user_disabled")
    with pytest.raises(CannotReach):
        await sender.tell(slack.client, PLACE, saying("x"))
    with pytest.raises(CannotReach):
        await sender.tell(slack.client, Place("", None), saying("x"))


async def test_what_is_wrong_with_segbot_itself_is_raised(slack: FakeSlack, sender: Sender) -> None:
    """A revoked token is no reason to whisper: the guard reports it."""
    slack.fail("chat_postMessage", "token_revoked")
    with pytest.raises(SlackApiError):
        await sender.post(slack.client, PLACE, saying("x"))
    slack.fail("chat_update", "invalid_blocks")
    with pytest.raises(SlackApiError):
        await sender.update(slack.client, Posted("C1", "1.0"), saying("x"))


async def test_what_slack_would_refuse_is_refused_here(slack: FakeSlack, sender: Sender) -> None:
    """With checking on, a message beyond the limits is not sent, and every reason is named."""
    with pytest.raises(BadBlocks, match="/blocks/0"):
        await sender.post(slack.client, PLACE, lambda audience: Message("x", ({"type": "header"},)))
    with pytest.raises(BadBlocks):
        await sender.open(slack.client, "t", {"type": "modal", "blocks": []})
    assert slack.calls == []


async def test_idle_channels_are_forgotten(slack: FakeSlack, sender: Sender) -> None:
    """Years of channels don't pile up in memory."""
    for number in range(1200):
        await sender.post(slack.client, Place("U1", f"C{number}"), saying("x"))
        slack.now += 1.5
    assert len(sender._channels) <= 501
    assert len(sender._messages) == 0
