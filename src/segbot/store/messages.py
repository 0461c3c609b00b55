"""Where messages of ours stand in Slack. A row is written before a message is posted, its place after.

`chat.postMessage` has no idempotency key: who dies between posting and noting the place leaves a message that nobody can
find. So the row comes first; one that is still `sending` long after is `unknown`, and its owner prefers updating a
message it does know to posting a second one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from segbot.errors import NotFound
from segbot.store import tables
from segbot.store.trees import new_id
from segbot.store.work import Work

_messages = tables.messages


class Delivery(StrEnum):
    """How far a message has come."""

    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Message:
    """One message about one subject (a request's id, a segment's) for one purpose (card, share). `ts` is set once sent."""

    id: str
    team: str
    subject: str
    purpose: str
    channel: str
    thread_ts: str | None
    ts: str | None
    state: Delivery
    attempts: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A message's row, and whether the caller is the one who shall post it now."""

    message: Message
    post: bool


class Messages:
    """The messages of all teams."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def open(
        self, team: str, subject: str, purpose: str, *, channel: str, now: datetime, thread_ts: str | None = None
    ) -> Opened:
        """The one message of a subject and purpose; exactly one caller of many is told to post it.

        After a failure (the post was refused) the next caller is told to post again, in the place it names. A message that
        is `unknown` is never posted again by this: decide with `settle`.
        """
        values: dict[str, Any] = {
            "id": new_id(),
            "team": team,
            "subject": subject,
            "purpose": purpose,
            "channel": channel,
            "thread_ts": thread_ts,
            "state": Delivery.SENDING.value,
            "attempts": 1,
            "created_at": now,
            "updated_at": now,
        }
        statement = upsert(_messages).values(**values)
        statement = statement.on_conflict_do_update(
            index_elements=[_messages.c.team, _messages.c.subject, _messages.c.purpose],
            set_={
                "channel": channel,
                "thread_ts": thread_ts,
                "state": Delivery.SENDING.value,
                "attempts": _messages.c.attempts + 1,
                "updated_at": now,
            },
            where=_messages.c.state == Delivery.FAILED.value,
        )
        async with self._work.connection() as connection:
            row = (await connection.execute(statement.returning(*_messages.c))).mappings().first()
        if row is not None:
            return Opened(_message(row), post=True)
        found = await self.find(team, subject, purpose)
        if found is None:
            raise NotFound(f"message {purpose} of {subject}")
        return Opened(found, post=False)

    async def find(self, team: str, subject: str, purpose: str) -> Message | None:
        """The message of a subject and purpose."""
        statement = select(_messages).where(
            _messages.c.team == team, _messages.c.subject == subject, _messages.c.purpose == purpose
        )
        async with self._work.connection() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return None if row is None else _message(row)

    async def sent(self, message: str, *, ts: str, now: datetime, channel: str | None = None) -> None:
        """Note where a message was posted (`channel` when Slack named another, as for direct messages)."""
        values: dict[str, Any] = {"ts": ts, "state": Delivery.SENT.value, "updated_at": now}
        if channel is not None:
            values["channel"] = channel
        await self._set(message, values)

    async def failed(self, message: str, *, now: datetime) -> None:
        """Note that Slack refused a message: nothing was posted."""
        await self._set(message, {"ts": None, "state": Delivery.FAILED.value, "updated_at": now})

    async def lost(
        self, now: datetime, *, after: timedelta = timedelta(minutes=2), limit: int = 100
    ) -> tuple[Message, ...]:
        """Messages whose poster is overdue, now marked `unknown`, and those still unknown from before; oldest first."""
        async with self._work.connection() as connection:
            await connection.execute(
                update(_messages)
                .where(_messages.c.state == Delivery.SENDING.value, _messages.c.updated_at <= now - after)
                .values(state=Delivery.UNKNOWN.value, updated_at=now)
            )
            rows = await connection.execute(
                select(_messages)
                .where(_messages.c.state == Delivery.UNKNOWN.value)
                .order_by(_messages.c.created_at, _messages.c.id)
                .limit(limit)
            )
        return tuple(_message(row) for row in rows.mappings())

    async def settle(self, message: str, *, now: datetime) -> bool:
        """Decide that an `unknown` message was not posted, so that it may be posted again. True for exactly one caller."""
        async with self._work.connection() as connection:
            done = await connection.execute(
                update(_messages)
                .where(_messages.c.id == message, _messages.c.state == Delivery.UNKNOWN.value)
                .values(state=Delivery.FAILED.value, updated_at=now)
            )
        return done.rowcount == 1

    async def _set(self, message: str, values: dict[str, Any]) -> None:
        async with self._work.connection() as connection:
            done = await connection.execute(update(_messages).where(_messages.c.id == message).values(**values))
        if done.rowcount == 0:
            raise NotFound(f"message {message}")


def _message(row: RowMapping) -> Message:
    return Message(
        id=row["id"],
        team=row["team"],
        subject=row["subject"],
        purpose=row["purpose"],
        channel=row["channel"],
        thread_ts=row["thread_ts"],
        ts=row["ts"],
        state=Delivery(row["state"]),
        attempts=row["attempts"],
        updated_at=row["updated_at"],
    )
