"""Who did what to what, where and when: append-only, by the database's clock, each entry sealed with the one before it.

The chain is per team: the hash of an entry covers its content and the hash of its predecessor, so a changed, removed or
inserted entry shows. Who can rewrite the whole table can rewrite the chain too: note `head` elsewhere now and then, and
hand it to `verify`. Entries name people by Slack id and customers not at all: addresses are masked here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from segbot.logs import redact_data
from segbot.store import tables
from segbot.store.work import Work

_audit, _heads = tables.audit, tables.audit_heads

_START = b""
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `actor` (a Slack user id, or "segbot") did `action` to an object, in `channel`, at a moment (UTC)."""

    seq: int
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    channel: str | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a team's chain: how many entries, and the hash of the last in hex."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain does not hold, and in what way."""

    seq: int
    why: str


class Audit:
    """The audit trails of all teams."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def record(
        self,
        team: str,
        *,
        actor: str,
        action: str,
        object_kind: str,
        object_id: str,
        channel: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> Entry:
        """Add an entry. In a transaction do it last: others of the team wait for the end of it.

        `detail` is JSON data; e-mail addresses and phone numbers in its texts are masked.
        """
        async with self._work.connection() as connection:
            seq, before, at = await _advance(connection, team)
            # As it comes back from the database, so that the hash can be computed again.
            plain = json.loads(json.dumps(tables.clean_json(redact_data(detail or {}))))
            entry = Entry(seq, at, actor, action, object_kind, object_id, channel, plain)
            seal = _seal(team, entry, before)
            await connection.execute(
                insert(_audit).values(
                    team=team,
                    seq=seq,
                    at=at,
                    actor=actor,
                    action=action,
                    object_kind=object_kind,
                    object_id=object_id,
                    channel=channel,
                    detail=plain,
                    hash=seal,
                )
            )
            await connection.execute(update(_heads).where(_heads.c.team == team).values(hash=seal))
        return entry

    async def entries(
        self,
        team: str,
        *,
        object_kind: str | None = None,
        object_id: str | None = None,
        since: datetime | None = None,
        limit: int = 100,
    ) -> tuple[Entry, ...]:
        """A team's entries, newest first."""
        statement = select(_audit).where(_audit.c.team == team)
        if object_kind is not None:
            statement = statement.where(_audit.c.object_kind == object_kind)
        if object_id is not None:
            statement = statement.where(_audit.c.object_id == object_id)
        if since is not None:
            statement = statement.where(_audit.c.at >= since)
        async with self._work.connection() as connection:
            rows = await connection.execute(statement.order_by(_audit.c.seq.desc()).limit(limit))
        return tuple(_entry(row) for row in rows.mappings())

    async def head(self, team: str) -> Head:
        """The end of a team's chain, to be noted where the store's admin can't change it."""
        async with self._work.connection() as connection:
            row = (await connection.execute(select(_heads.c.seq, _heads.c.hash).where(_heads.c.team == team))).first()
        return Head(0, _START.hex()) if row is None else Head(row.seq, bytes(row.hash).hex())

    async def verify(self, team: str, noted: Head | None = None) -> Broken | None:
        """Walk a team's chain from its start; None when it holds, and still contains the `noted` head if one is given."""
        async with self._work.connection() as connection:
            seq, seal = 0, _START
            async for row in _chain(connection, team):
                seq += 1
                if row["seq"] != seq:
                    return Broken(seq, "an entry is missing")
                seal = _seal(team, _entry(row), seal)
                if seal != bytes(row["hash"]):
                    return Broken(seq, "an entry was changed")
                if noted is not None and noted.seq == seq and noted.hash != seal.hex():
                    return Broken(seq, "the chain is not the one that was noted")
            head = (await connection.execute(select(_heads.c.seq, _heads.c.hash).where(_heads.c.team == team))).first()
        expected = max(noted.seq if noted else 0, 0 if head is None else head.seq)
        if seq < expected:
            return Broken(seq + 1, "entries at the end are missing")
        if (head is None and seq) or (head is not None and (head.seq, bytes(head.hash)) != (seq, seal)):
            return Broken(seq, "the noted end of the chain is another")
        return None


async def _advance(connection: AsyncConnection, team: str) -> tuple[int, bytes, datetime]:
    """Lock the team's chain; its next number, its last hash, and the database's time after the lock was granted."""
    statement = upsert(_heads).values(team=team, seq=1, hash=_START)
    statement = statement.on_conflict_do_update(index_elements=[_heads.c.team], set_={"seq": _heads.c.seq + 1})
    row = (
        await connection.execute(statement.returning(_heads.c.seq, _heads.c.hash, func.clock_timestamp().label("at")))
    ).one()
    return row.seq, bytes(row.hash), row.at.astimezone(UTC)


async def _chain(connection: AsyncConnection, team: str) -> AsyncIterator[RowMapping]:
    """A team's entries in order, page by page."""
    after = 0
    while True:
        statement = select(_audit).where(_audit.c.team == team, _audit.c.seq > after).order_by(_audit.c.seq)
        rows = (await connection.execute(statement.limit(_PAGE))).mappings().all()
        for row in rows:
            yield row
        if len(rows) < _PAGE:
            return
        after = rows[-1]["seq"]


def _seal(team: str, entry: Entry, before: bytes) -> bytes:
    content = [
        team,
        entry.seq,
        entry.at.isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.object_kind,
        entry.object_id,
        entry.channel,
        entry.detail,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(before + text.encode()).digest()


def _entry(row: RowMapping) -> Entry:
    return Entry(
        seq=row["seq"],
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        object_kind=row["object_kind"],
        object_id=row["object_id"],
        channel=row["channel"],
        detail=row["detail"],
    )
