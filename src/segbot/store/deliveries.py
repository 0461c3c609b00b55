"""What Slack delivered, by its own ids, so that a delivery that comes twice acts once, and one that was dropped acts at all.

A delivery is *taken* before the work and *finished* after it. A second copy finds it taken and does nothing. When the
taker died in between, its lease runs out and the next copy, or the sweep at start-up, may take it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from segbot.store import tables
from segbot.store.work import Work

_deliveries = tables.deliveries

LEASE = timedelta(minutes=2)
"""How long a taker may work before others may think that it died."""

KEEP = timedelta(hours=24)
"""How long keys are remembered: longer than Slack retries."""


class Taken(Enum):
    """What came of trying to take a delivery."""

    FIRST = auto()
    """Ours, and nobody worked on it before."""
    AGAIN = auto()
    """Ours after another taker died at it: part of the work may already be done."""
    DUPLICATE = auto()
    """Somebody else has it or did it: do nothing."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A delivery that somebody took and did not finish, with what is needed to do it again."""

    key: str
    kind: str
    payload: Any
    attempts: int
    taken_at: datetime


class Deliveries:
    """The deliveries of all teams. Keys are Slack's: event id, envelope id, trigger id, or action and its time."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def take(self, key: str, kind: str, now: datetime, *, payload: Any = None, lease: timedelta = LEASE) -> Taken:
        """Take a delivery for working on it. `payload` (JSON data) is kept for a later sweep."""
        statement = upsert(_deliveries).values(key=key, kind=kind, payload=payload, attempts=1, taken_at=now)
        statement = statement.on_conflict_do_update(
            index_elements=[_deliveries.c.key],
            set_={"attempts": _deliveries.c.attempts + 1, "taken_at": now},
            where=_deliveries.c.done_at.is_(None) & (_deliveries.c.taken_at <= now - lease),
        )
        async with self._work.connection() as connection:
            attempts = (await connection.execute(statement.returning(_deliveries.c.attempts))).scalar()
        match attempts:
            case None:
                return Taken.DUPLICATE
            case 1:
                return Taken.FIRST
            case _:
                return Taken.AGAIN

    async def finish(self, key: str, now: datetime) -> None:
        """Mark a delivery as done and forget its payload. Within a transaction this commits with the work itself."""
        async with self._work.connection() as connection:
            await connection.execute(
                update(_deliveries).where(_deliveries.c.key == key).values(done_at=now, payload=None)
            )

    async def release(self, key: str) -> None:
        """Give an unfinished delivery back: its work failed without effect, so that the next copy may try."""
        async with self._work.connection() as connection:
            await connection.execute(
                delete(_deliveries).where(_deliveries.c.key == key, _deliveries.c.done_at.is_(None))
            )

    async def forget(self, prefix: str) -> None:
        """Forget deliveries whose key begins so, though they are finished: what they did was taken back."""
        async with self._work.connection() as connection:
            await connection.execute(delete(_deliveries).where(_deliveries.c.key.startswith(prefix, autoescape=True)))

    async def unfinished(self, now: datetime, *, lease: timedelta = LEASE, limit: int = 100) -> tuple[Unfinished, ...]:
        """Deliveries whose taker is overdue, oldest first. Take one again before working on it."""
        statement = (
            select(_deliveries)
            .where(_deliveries.c.done_at.is_(None), _deliveries.c.taken_at <= now - lease)
            .order_by(_deliveries.c.taken_at, _deliveries.c.key)
            .limit(limit)
        )
        async with self._work.connection() as connection:
            rows = await connection.execute(statement)
        return tuple(
            Unfinished(row["key"], row["kind"], row["payload"], row["attempts"], row["taken_at"])
            for row in rows.mappings()
        )

    async def purge(self, now: datetime, *, keep: timedelta = KEEP) -> int:
        """Forget deliveries last touched longer than `keep` ago; returns how many."""
        touched = func.greatest(_deliveries.c.taken_at, _deliveries.c.done_at)
        async with self._work.connection() as connection:
            done = await connection.execute(
                delete(_deliveries).where(_deliveries.c.taken_at <= now - keep, touched <= now - keep)
            )
        return int(done.rowcount)
