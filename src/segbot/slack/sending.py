"""Everything that goes out to Slack, in one place: paced, in order, never twice by accident, never lost in silence.

Slack takes about one new message a second in a channel, answers 429 beyond that, and refuses channels where segbot is
not a member. So messages of one channel stand in line, updates of one message overtake each other (the latest wins),
429s are waited out, and an answer that can't be public goes to its person alone. With `check` on, whatever Slack would
refuse is refused here first, with every reason.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.handler import default_interval_calculator
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from segbot.errors import SegbotError
from segbot.logs import get_logger
from segbot.slack.blockcheck import Problem, check_message, check_view
from segbot.slack.payload import Place, Posted, Private, Spot, Unfurled
from segbot.slack.views.kit import Audience, Message, View

log = get_logger(__name__)

Render: TypeAlias = Callable[[Audience], Message]

PATIENCE = 120.0
"""Longest time in seconds that one call waits for Slack to stop answering 429."""

# Slack's words for "not here": segbot is no member, or may not post.
_NOT_HERE = frozenset(
    {
        "not_in_channel",
        "channel_not_found",
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "no_permission",
        "messages_tab_disabled",
    }
)
# The message or modal has gone meanwhile: there is nothing left to change.
_GONE = frozenset(
    {"message_not_found", "cant_update_message", "channel_not_found", "is_archived", "edit_window_closed"}
)
_UNFURL_GONE = _GONE | {"cannot_unfurl_url", "cannot_find_channel", "cannot_unfurl_message", "unfurl_link_not_found"}
_FALLBACK = 1000
_VIEW_GONE = frozenset({"not_found", "view_not_found", "hash_conflict"})
_TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})


class BadBlocks(SegbotError):
    """segbot drew a message that Slack would refuse, so it was not sent. Nothing was changed; please tell your admin."""


class TooLate(SegbotError):
    """Slack gave up waiting before the window could open. Nothing was changed; please press the button once more."""


class CannotReach(SegbotError):
    """Slack accepted no way to answer you here. Nothing was changed; invite segbot to the channel and try again."""


@dataclass
class _Line:
    """The updates of one message, or the posts of one channel, in order."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest: int = 0
    free_at: float = 0.0
    waiting: int = 0


class Sender:
    """Sends for one process. `interval` is the seconds between two posts in one channel; `clock` is monotonic seconds."""

    def __init__(
        self,
        *,
        check: bool = False,
        interval: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._check, self._interval, self._clock, self._sleep = check, interval, clock, sleep
        self._channels: dict[str, _Line] = {}
        self._messages: dict[tuple[str, str], _Line] = {}

    # --- messages -------------------------------------------------------------------------------

    async def post(self, client: AsyncWebClient, place: Place, render: Render) -> Spot:
        """A new message for everybody in the place; for its person alone where segbot may not post. Says where it stands.

        Raises `CannotReach` when there is no way at all, `SlackApiError` for what is wrong with segbot itself.
        """
        posted = await self.post_here(client, place, render)
        return posted if posted is not None else await self.tell(client, place, render)

    async def post_here(self, client: AsyncWebClient, place: Place, render: Render) -> Posted | None:
        """A new message for everybody in the place, or None where segbot may not post."""
        if place.channel is None:
            return None
        message = self._checked(render("channel"))
        line = self._channels.setdefault(place.channel, _Line())
        line.waiting += 1
        try:
            async with line.lock:
                if (wait := line.free_at - self._clock()) > 0:
                    await self._sleep(wait)
                line.free_at = self._clock() + self._interval
                response = await self._patient(lambda: _post(client, place, message))
        except SlackApiError as error:
            if _code(error) not in _NOT_HERE:
                raise
            log.info("slack.not_here", channel=place.channel, code=_code(error))
            return None
        finally:
            line.waiting -= 1
            self._tidy()
        return Posted(str(response["channel"]), str(response["ts"]), place.thread)

    async def upload(
        self, client: AsyncWebClient, posted: Posted, content: bytes, *, name: str, title: str, alt: str
    ) -> bool:
        """A file below a message of ours, with `alt` for those who don't see it. False where Slack would not have it.

        It is tried once: Slack may have taken a file that it says it has not, and a picture twice is worse than none.
        """
        try:
            await client.files_upload_v2(
                channel=posted.channel,
                thread_ts=posted.thread or posted.ts,
                content=content,
                filename=name,
                title=title,
                alt_txt=alt,
                request_file_info=False,  # which would need one more scope
            )
        except (SlackApiError, SlackRequestError, aiohttp.ClientError, OSError, TimeoutError) as error:
            code = _code(error) if isinstance(error, SlackApiError) else type(error).__name__
            log.warning("slack.file_refused", channel=posted.channel, code=code)
            return False
        return True

    async def update(self, client: AsyncWebClient, spot: Spot, render: Render) -> None:
        """Change a message of ours. Of several changes waiting for one message only the newest is sent."""
        match spot:
            case Private(place):
                await self._replace(client, place, render)
            case Posted(channel, ts, _):
                await self._change(client, channel, ts, self._checked(render("channel")))
            case Unfurled():
                await self.unfurl(client, spot, render)

    async def unfurl(self, client: AsyncWebClient, spot: Unfurled, render: Render) -> None:
        """Show a card below a link in somebody's message, or change the one that is there."""
        message = self._checked(render("channel"))
        shown = {spot.url: {"blocks": list(message.blocks), "fallback": message.text[:_FALLBACK]}}
        try:
            await self._patient(lambda: client.chat_unfurl(channel=spot.channel, ts=spot.ts, unfurls=shown))
        except SlackApiError as error:
            if _code(error) not in _UNFURL_GONE:
                raise
            log.info("slack.unfurl_gone", channel=spot.channel, code=_code(error))

    async def take_down(self, client: AsyncWebClient, spot: Posted) -> None:
        """Delete a message of ours; one that has gone already is what was wanted."""
        try:
            await self._patient(lambda: client.chat_delete(channel=spot.channel, ts=spot.ts))
        except SlackApiError as error:
            if _code(error) not in _GONE:
                raise
            log.info("slack.message_gone", channel=spot.channel, ts=spot.ts, code=_code(error))

    async def tell(self, client: AsyncWebClient, place: Place, render: Render) -> Private:
        """A message that only the person sees. Raises `CannotReach`."""
        message = self._checked(render("person"))
        if place.response_url and await self._respond(place.response_url, message, replace_original=False):
            return Private(place)
        unreachable = replace(place, response_url=None)
        if place.channel and place.user and await self._whisper(client, place, message):
            return Private(unreachable)
        if place.user and place.channel != place.user:
            try:
                await self._patient(lambda: _post(client, Place(place.user, place.user), message))
            except SlackApiError as error:
                raise CannotReach(f"{_code(error)} for {place.user}") from error
            return Private(unreachable)
        raise CannotReach(f"no way to {place.user or 'nobody'} in {place.channel}")

    async def _change(self, client: AsyncWebClient, channel: str, ts: str, message: Message) -> None:
        line = self._messages.setdefault((channel, ts), _Line())
        line.newest += 1
        mine = line.newest
        line.waiting += 1
        try:
            async with line.lock:
                if mine == line.newest:
                    await self._patient(
                        lambda: client.chat_update(
                            channel=channel, ts=ts, text=message.text, blocks=list(message.blocks)
                        ),
                        wanted=lambda: mine == line.newest,
                    )
        except SlackApiError as error:
            if _code(error) not in _GONE:
                raise
            log.info("slack.message_gone", channel=channel, ts=ts, code=_code(error))
        finally:
            line.waiting -= 1
            if not line.waiting:
                self._messages.pop((channel, ts), None)

    async def _replace(self, client: AsyncWebClient, place: Place, render: Render) -> None:
        message = self._checked(render("person"))
        if not place.response_url or not await self._respond(place.response_url, message, replace_original=True):
            await self.tell(client, replace(place, response_url=None), render)

    async def _respond(self, url: str, message: Message, *, replace_original: bool) -> bool:
        """Whether the response_url took it: it never raises for a refusal, so its status is what counts."""
        body = {
            "text": message.text,
            "blocks": list(message.blocks),
            "response_type": "ephemeral",
            "replace_original": replace_original,
        }
        hook = AsyncWebhookClient(
            url, retry_handlers=[AsyncRateLimitErrorRetryHandler(2, default_interval_calculator)], timeout=10
        )
        try:
            response = await hook.send_dict(body)
        except (OSError, TimeoutError, ValueError) as error:
            log.warning("slack.response_url_failed", error=type(error).__name__)
            return False
        if response.status_code != 200:
            log.info("slack.response_url_refused", status=response.status_code, body=response.body[:80])
        return response.status_code == 200

    async def _whisper(self, client: AsyncWebClient, place: Place, message: Message) -> bool:
        try:
            await self._patient(
                lambda: client.chat_postEphemeral(
                    channel=place.channel or "",
                    user=place.user,
                    thread_ts=place.thread,
                    text=message.text,
                    blocks=list(message.blocks),
                )
            )
        except SlackApiError as error:
            log.info("slack.ephemeral_refused", channel=place.channel, code=_code(error))
            return False
        return True

    # --- views ----------------------------------------------------------------------------------

    async def open(self, client: AsyncWebClient, trigger: str, view: View) -> tuple[str, str]:
        """Open a modal within the three seconds that a trigger lives; its id and hash. Raises `TooLate`."""
        self.checked_view(view)
        try:
            response = await client.views_open(trigger_id=trigger, view=view)
        except SlackApiError as error:
            if _code(error) in _TOO_LATE:
                raise TooLate(_code(error)) from error
            raise
        opened: Mapping[str, Any] = response["view"]
        return str(opened["id"]), str(opened.get("hash", ""))

    async def push(self, client: AsyncWebClient, trigger: str, view: View) -> tuple[str, str]:
        """Open a modal on top of the one that was pressed in; its id and hash. Raises `TooLate`."""
        self.checked_view(view)
        try:
            response = await client.views_push(trigger_id=trigger, view=view)
        except SlackApiError as error:
            if _code(error) in _TOO_LATE | _VIEW_GONE:
                raise TooLate(_code(error)) from error
            raise
        opened: Mapping[str, Any] = response["view"]
        return str(opened["id"]), str(opened.get("hash", ""))

    async def show(self, client: AsyncWebClient, view_id: str, view: View, digest: str | None = None) -> str | None:
        """Change an open modal and give its new hash; None if it was closed or changed meanwhile, as the person wanted.

        With a `digest` it is changed only while that is its hash.
        """
        self.checked_view(view)
        try:
            response = await self._patient(lambda: client.views_update(view_id=view_id, hash=digest or None, view=view))
        except SlackApiError as error:
            if _code(error) not in _VIEW_GONE:
                raise
            log.info("slack.view_gone", code=_code(error))
            return None
        shown: Mapping[str, Any] = response["view"]
        return str(shown.get("hash", ""))

    async def publish(self, client: AsyncWebClient, user: str, view: View) -> None:
        """Show a person's Home."""
        self.checked_view(view)
        await self._patient(lambda: client.views_publish(user_id=user, view=view))

    def checked_view(self, view: View) -> View:
        """The view itself. Raises `BadBlocks` when checking is on and Slack would refuse it."""
        if self._check:
            _raise(check_view(view))
        return view

    # --- parts ----------------------------------------------------------------------------------

    def _checked(self, message: Message) -> Message:
        if self._check:
            _raise(check_message({"text": message.text, "blocks": list(message.blocks)}))
        return message

    async def _patient(
        self, call: Callable[[], Awaitable[AsyncSlackResponse]], *, wanted: Callable[[], bool] = lambda: True
    ) -> AsyncSlackResponse:
        """The call, made again after each 429 as long as anybody still wants it."""
        until = self._clock() + PATIENCE
        while True:
            try:
                return await call()
            except SlackApiError as error:
                seconds = _retry_after(error)
                if seconds is None or self._clock() + seconds > until or not wanted():
                    raise
                log.info("slack.rate_limited", seconds=seconds)
                await self._sleep(seconds)

    def _tidy(self) -> None:
        """Forget channels in which nothing happens, so that years of channels don't pile up."""
        if len(self._channels) > 500:
            now = self._clock()
            idle = [name for name, line in self._channels.items() if not line.waiting and line.free_at < now]
            for name in idle:
                del self._channels[name]


def _post(client: AsyncWebClient, place: Place, message: Message) -> Awaitable[AsyncSlackResponse]:
    return client.chat_postMessage(
        channel=place.channel or place.user,
        thread_ts=place.thread,
        text=message.text,
        blocks=list(message.blocks),
        unfurl_links=False,
        unfurl_media=False,
    )


def _code(error: SlackApiError) -> str:
    """Slack's error code, `ratelimited`; empty where the answer was no Slack answer at all."""
    response = error.response
    if isinstance(response, Mapping):
        return str(response.get("error", ""))
    data = getattr(response, "data", None)
    return str(data.get("error", "")) if isinstance(data, Mapping) else ""


def _retry_after(error: SlackApiError) -> float | None:
    """The seconds to wait when Slack says that it was too much, None for every other error."""
    if _code(error) != "ratelimited" and getattr(error.response, "status_code", 0) != 429:
        return None
    headers = getattr(error.response, "headers", None) or {}
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    return float(given) if str(given).isdigit() else 1.0


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise BadBlocks("; ".join(f"{p.pointer} {p.code} {p.message}" for p in problems[:10]))
