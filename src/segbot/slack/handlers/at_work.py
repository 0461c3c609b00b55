"""In a conversation with segbot alone, Slack shows what it is doing until its answer is there."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

from segbot.logs import get_logger
from segbot.slack.handlers.guard import Call
from segbot.slack.payload import Place

log = get_logger(__name__)

STEPS = ("Reading your words…", "Checking the conditions…", "Counting…")
"""What is said in turn; the card itself tells how far a long count is."""


async def show_at_work(call: Call, place: Place) -> None:
    """Say so below a direct message; nothing anywhere else. Slack takes it away with the answer, or where it can't be shown."""
    event = call.body.get("event")
    if not isinstance(event, Mapping) or event.get("channel_type") != "im" or not place.channel:
        return
    try:
        await call.client.assistant_threads_setStatus(
            channel_id=place.channel,
            thread_ts=place.thread or str(event.get("ts", "")),
            status="is on it…",
            loading_messages=[*STEPS],
        )
    except (SlackApiError, OSError, TimeoutError) as error:
        log.info("slack.no_status", error=type(error).__name__)
