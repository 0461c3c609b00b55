"""Getting things to the app: deadlines, retries of events, and what counts as an answer.

A slash command, click or submission is delivered once; the person waits three seconds for it. An event is
delivered in the background and retried three times. How bytes travel is the transport's business.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, Protocol

from segbot.demo.workspace.faults import Faults
from segbot.demo.workspace.state import Json, State


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery: slash_commands, interactive or events_api, with its payload."""

    type: str
    payload: Json
    accepts_response: bool = False
    retry_attempt: int | None = None
    retry_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Acked:
    """The app acknowledged in time; `body` is what it said, an empty object when it said nothing."""

    body: Json


@dataclass(frozen=True, slots=True)
class Unanswered:
    """It did not: `http_timeout`, `connection_failed`, `http_error`, … as in x-slack-retry-reason."""

    reason: str
    retry: bool = True

    @property
    def error(self) -> str:
        """The code a person's client shows."""
        return "operation_timeout" if self.reason == "http_timeout" else "dispatch_failed"


Answer = Acked | Unanswered


class Transport(Protocol):
    """Carries envelopes to the app."""

    async def send(self, envelope: Envelope, timeout: float) -> Answer:
        """Deliver once and wait at most `timeout` seconds for the acknowledgement."""


class Delivery:
    """Sends through the current transport and applies the armed faults."""

    def __init__(self, state: State, faults: Faults, transport: Transport):
        self.state = state
        self.faults = faults
        self.transport = transport
        self.lost: list[Json] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    async def ask(self, kind: str, payload: Json) -> Answer:
        """Deliver what a person waits for."""
        envelope = Envelope(kind, payload, accepts_response=True)
        answer = await self._once(envelope)
        if self.faults.take_duplicate(kind):
            self.spawn(self._once(envelope))
        return answer

    def tell(self, event: Json) -> None:
        """Deliver an event in the background, if the app subscribed to it."""
        if self._subscribed(event):
            self.spawn(self._with_retries(self._callback(event)))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _once(self, envelope: Envelope) -> Answer:
        await asyncio.sleep(self.faults.take_delay(envelope.type))
        drop = self.faults.take_drop(envelope.type)
        started = time.monotonic()
        answer = await self.transport.send(envelope, self.state.config.ack_seconds)
        if drop and isinstance(answer, Acked):
            await asyncio.sleep(max(0.0, started + self.state.config.ack_seconds - time.monotonic()))
            return Unanswered("http_timeout")
        return answer

    async def _with_retries(self, envelope: Envelope) -> None:
        answer = await self._once(envelope)
        if self.faults.take_duplicate(envelope.type):
            await self._once(replace(envelope, retry_attempt=1, retry_reason="http_timeout"))
        for attempt, seconds in enumerate(self.state.config.retry_delays, start=1):
            if isinstance(answer, Acked) or not answer.retry:
                return
            await asyncio.sleep(seconds)
            answer = await self._once(replace(envelope, retry_attempt=attempt, retry_reason=answer.reason))
        if isinstance(answer, Unanswered):
            self.lost.append(envelope.payload)

    def _callback(self, event: Json) -> Envelope:
        config = self.state.config
        body: Json = {
            "token": config.verification_token,
            "team_id": config.team_id,
            "api_app_id": config.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self.state.new_id("Ev"),
            "event_time": int(self.state.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": config.team_id,
                    "user_id": config.app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": self.state.new_id("4-"),
        }
        return Envelope("events_api", body)

    def _subscribed(self, event: Json) -> bool:
        events = self.state.config.app.events
        if events is None:
            return True
        if event["type"] == "message":
            suffix = {"channel": "channels", "group": "groups"}.get(event["channel_type"], event["channel_type"])
            return f"message.{suffix}" in events
        return event["type"] in events
