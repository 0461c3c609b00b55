"""Snapshots: a segment as it was at one moment, and who was in it then.

The definition, the numbers and the dates are kept for good. The keys of its people are kept for a while only, packed, and
only where there are not too many; `forget` drops them, and what then can't be told any more is said so.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from segbot.errors import NotFound
from segbot.model import codec
from segbot.model.condition import Condition
from segbot.model.membership import Known
from segbot.model.segment import Counted
from segbot.store import tables
from segbot.store.trees import dump_condition, new_id
from segbot.store.work import Work

_snapshots, _numbers = tables.snapshots, tables.numbers

_MOST_NAMED = 500
"""The newest so many snapshots of a team can be named in a request."""


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """A snapshot about to be kept.

    `about` is the name of the saved segment that it was taken of, if any. `asked` says what the database was asked, times
    aside: the same where the definition still means the same. `shown` is what its card showed, as JSON data. `keys` are
    its people in order; None where they are not kept.
    """

    team: str
    request: str
    segment: str | None
    title: str
    about: str
    author: str
    channel: str
    thread_ts: str
    condition: Condition
    catalog: str
    asked: str
    counted: Counted
    shown: dict[str, Any]
    keys: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A kept snapshot. `number` is its short id in its team; `kept` how many people are kept, None where they are not.

    `forgotten_at` is when they were dropped. The people themselves come from `Snapshots.keys`.
    """

    id: str
    team: str
    number: int
    request: str | None
    segment: str | None
    title: str
    about: str
    author: str
    channel: str
    thread_ts: str
    message_ts: str | None
    condition: Condition
    catalog: str
    asked: str
    counted: Counted
    shown: dict[str, Any]
    kept: int | None
    forgotten_at: datetime | None

    @property
    def name(self) -> str:
        """What people call it: Snapshot 12."""
        return f"Snapshot {self.number}"


class Snapshots:
    """The snapshots of all teams."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, new: NewSnapshot) -> Snapshot:
        """Keep a snapshot under the next number of its team."""
        async with self._work.connection() as connection:
            statement = upsert(_numbers).values(team=new.team, what="snapshot", last=1)
            statement = statement.on_conflict_do_update(
                index_elements=[_numbers.c.team, _numbers.c.what], set_={"last": _numbers.c.last + 1}
            )
            number = int((await connection.execute(statement.returning(_numbers.c.last))).scalar_one())
            values = {
                "id": new_id(),
                "team": new.team,
                "number": number,
                "request_id": new.request,
                "segment_id": new.segment,
                "title": new.title,
                "about": new.about,
                "author": new.author,
                "channel": new.channel,
                "thread_ts": new.thread_ts,
                "condition": dump_condition(new.condition),
                "format": codec.FORMAT,
                "catalog": new.catalog,
                "asked": new.asked,
                "taken_at": new.counted.as_of,
                "value": new.counted.value,
                "base": new.counted.base,
                "shown": new.shown,
                "members": None if new.keys is None else _packed(new.keys),
                "kept": None if new.keys is None else len(new.keys),
            }
            row = (await connection.execute(insert(_snapshots).values(**values).returning(*_COLUMNS))).mappings().one()
        return _snapshot(row)

    async def posted(self, team: str, snapshot: str, message_ts: str) -> None:
        """Note which message shows a snapshot."""
        async with self._work.connection() as connection:
            await connection.execute(
                update(_snapshots)
                .where(_snapshots.c.team == team, _snapshots.c.id == snapshot)
                .values(message_ts=message_ts)
            )

    async def get(self, team: str, snapshot: str) -> Snapshot:
        """The snapshot of that id in that team. Raises `NotFound`."""
        found = await self._first(_everything().where(_snapshots.c.team == team, _snapshots.c.id == snapshot))
        if found is None:
            raise NotFound(f"snapshot {snapshot} of team {team}")
        return found

    async def in_thread(self, team: str, channel: str, thread_ts: str) -> Snapshot | None:
        """The latest snapshot that was shared into a thread."""
        return await self._first(
            _everything()
            .where(
                _snapshots.c.team == team,
                _snapshots.c.channel == channel,
                _snapshots.c.thread_ts == thread_ts,
            )
            .order_by(_snapshots.c.number.desc())
            .limit(1)
        )

    async def keys(self, team: str, snapshot: str) -> tuple[str, ...] | None:
        """The people of a snapshot in order, None where they are not kept (any more)."""
        statement = select(_snapshots.c.members).where(_snapshots.c.team == team, _snapshots.c.id == snapshot)
        async with self._work.connection() as connection:
            packed = (await connection.execute(statement)).scalar()
        return None if packed is None else _unpacked(packed)

    async def stamp(self, team: str) -> tuple[int, int]:
        """Changes whenever a snapshot is taken or its people are forgotten; (0, 0) for none. Cheaper than `known`."""
        statement = select(func.count(), func.count(_snapshots.c.forgotten_at)).where(_snapshots.c.team == team)
        async with self._work.connection() as connection:
            count, forgotten = (await connection.execute(statement)).one()
        return int(count), int(forgotten)

    async def known(self, team: str) -> tuple[Known, ...]:
        """The snapshots that can be named in a request: the newest of those whose people are kept, newest first."""
        statement = (
            select(_snapshots.c.id, _snapshots.c.number, _snapshots.c.taken_at, _snapshots.c.about)
            .where(_snapshots.c.team == team, _snapshots.c.members.is_not(None))
            .order_by(_snapshots.c.number.desc())
            .limit(_MOST_NAMED)
        )
        async with self._work.connection() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(
            Known("snapshot", row.id, f"Snapshot {row.number}", taken=row.taken_at, about=row.about) for row in rows
        )

    async def forget(self, before: datetime, now: datetime) -> tuple[tuple[str, str], ...]:
        """Drop the people of snapshots taken before a moment; the (team, id) of each."""
        statement = (
            update(_snapshots)
            .where(_snapshots.c.members.is_not(None), _snapshots.c.taken_at < before)
            .values(members=None, forgotten_at=now)
            .returning(_snapshots.c.team, _snapshots.c.id)
        )
        async with self._work.connection() as connection:
            return tuple((team, snapshot) for team, snapshot in await connection.execute(statement))

    async def _first(self, statement: Select[Any]) -> Snapshot | None:
        async with self._work.connection() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return None if row is None else _snapshot(row)


_COLUMNS: tuple[ColumnElement[Any], ...] = tuple(c for c in _snapshots.c if c.name != "members")
"""All but the people, which may be a hundred thousand keys."""


def _everything() -> Select[Any]:
    return select(*_COLUMNS)


def _packed(keys: Sequence[str]) -> bytes:
    """Keys as compressed JSON: about two bytes each where they are numbers."""
    return zlib.compress(json.dumps([*keys], separators=(",", ":")).encode(), 6)


def _unpacked(packed: bytes) -> tuple[str, ...]:
    return tuple(json.loads(zlib.decompress(packed)))


def _snapshot(row: RowMapping) -> Snapshot:
    return Snapshot(
        id=row["id"],
        team=row["team"],
        number=row["number"],
        request=row["request_id"],
        segment=row["segment_id"],
        title=row["title"],
        about=row["about"],
        author=row["author"],
        channel=row["channel"],
        thread_ts=row["thread_ts"],
        message_ts=row["message_ts"],
        condition=codec.load(row["condition"]),
        catalog=row["catalog"],
        asked=row["asked"],
        counted=Counted(row["value"], row["base"], row["taken_at"]),
        shown=row["shown"],
        kept=row["kept"],
        forgotten_at=row["forgotten_at"],
    )
