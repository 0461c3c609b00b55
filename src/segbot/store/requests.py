"""Requests as people typed them, with their readings, so that a button carries an id and never a tree."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONPATH

from segbot.errors import ChangedMeanwhile, NotFound
from segbot.model import codec
from segbot.model.request import NewRequest, Request, RequestChange, Status, Surface
from segbot.store import tables
from segbot.store.trees import dump_condition, dump_reading, load_condition, load_reading, new_id
from segbot.store.work import Work

_requests, _changes = tables.requests, tables.request_changes


class Requests:
    """The requests of all teams."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, new: NewRequest, now: datetime) -> Request:
        """Keep a request. Its condition is the reading's until somebody chooses another."""
        request = Request(
            id=new_id(),
            team=new.team,
            channel=new.channel,
            user=new.user,
            surface=new.surface,
            text=new.text,
            reading=new.reading,
            condition=new.reading.condition,
            status=new.status,
            thread_ts=new.thread_ts,
            message_ts=new.message_ts,
            segment=None,
            version=1,
            created_at=now,
            updated_at=now,
        )
        fixed = {
            "id": request.id,
            "team": request.team,
            "user_id": request.user,
            "surface": request.surface.value,
            "created_at": now,
        }
        async with self._work.connection() as connection:
            await connection.execute(insert(_requests).values(**fixed, **_place(request), **_changing(request)))
            await connection.execute(insert(_changes).values(**_step(request, new.user, "asked")))
        return request

    async def find(self, team: str, request: str) -> Request | None:
        """The request of that id in that team, or None."""
        return await self._first(_requests.c.team == team, _requests.c.id == request)

    async def get(self, team: str, request: str) -> Request:
        """The request of that id in that team. Raises `NotFound`."""
        found = await self.find(team, request)
        if found is None:
            raise NotFound(f"request {request} of team {team}")
        return found

    async def at_message(self, team: str, channel: str, message_ts: str) -> Request | None:
        """The request whose card is that message."""
        return await self._first(
            _requests.c.team == team, _requests.c.channel == channel, _requests.c.message_ts == message_ts
        )

    async def in_thread(self, team: str, channel: str, thread_ts: str) -> Request | None:
        """The request that a thread is about: the one whose card began it, else the latest asked in it."""
        begun = await self.at_message(team, channel, thread_ts)
        if begun is not None:
            return begun
        async with self._work.connection() as connection:
            rows = await connection.execute(
                select(_requests)
                .where(
                    _requests.c.team == team,
                    _requests.c.channel == channel,
                    _requests.c.thread_ts == thread_ts,
                    _requests.c.message_ts.is_not(None),
                )
                .order_by(_requests.c.created_at.desc(), _requests.c.id)
                .limit(1)
            )
            row = rows.mappings().first()
        return None if row is None else _request(row)

    async def save(self, changed: Request, *, by: str, what: str, now: datetime) -> Request:
        """Write a changed request over the one it was made from, and note the step in its history.

        What may change: text, reading, condition, status and segment; where its card is only `anchor` says, as a card may
        be posted while its request is changed. Raises `ChangedMeanwhile` when somebody else wrote in between (nothing is
        overwritten), and `NotFound` when it is gone.
        """
        new = replace(changed, version=changed.version + 1, updated_at=now)
        same = (_requests.c.id == changed.id) & (_requests.c.team == changed.team)
        async with self._work.connection() as connection:
            done = await connection.execute(
                update(_requests).where(same, _requests.c.version == changed.version).values(**_changing(new))
            )
            if done.rowcount == 0:
                there = (await connection.execute(select(_requests.c.version).where(same))).scalar()
                if there is None:
                    raise NotFound(f"request {changed.id}")
                raise ChangedMeanwhile(f"request {changed.id} is at version {there}, not {changed.version}")
            await connection.execute(insert(_changes).values(**_step(new, by, what)))
        return new

    async def anchor(
        self, team: str, request: str, *, channel: str, message_ts: str, thread_ts: str | None = None
    ) -> None:
        """Note where a request's card was posted. No new version: nothing that the card shows has changed."""
        values: dict[str, Any] = {"channel": channel, "message_ts": message_ts}
        if thread_ts is not None:
            values["thread_ts"] = thread_ts
        async with self._work.connection() as connection:
            await connection.execute(
                update(_requests).where(_requests.c.id == request, _requests.c.team == team).values(**values)
            )

    async def history(self, team: str, request: str) -> tuple[RequestChange, ...]:
        """Every step of a request's life, oldest first."""
        async with self._work.connection() as connection:
            rows = await connection.execute(
                select(_changes)
                .join(_requests, _requests.c.id == _changes.c.request_id)
                .where(_requests.c.team == team, _changes.c.request_id == request)
                .order_by(_changes.c.version)
            )
        return tuple(
            RequestChange(
                version=row["version"],
                by=row["by"],
                what=row["what"],
                text=row["text"],
                condition=load_condition(row["condition"]),
                status=Status(row["status"]),
                at=row["at"],
                reading=None if row["reading"] is None else load_reading(row["reading"]),
            )
            for row in rows.mappings()
        )

    async def recent(self, team: str, user: str, limit: int = 20, offset: int = 0) -> tuple[Request, ...]:
        """A person's latest requests, newest first."""
        async with self._work.connection() as connection:
            rows = await connection.execute(
                select(_requests)
                .where(_requests.c.team == team, _requests.c.user_id == user)
                .order_by(_requests.c.created_at.desc(), _requests.c.id)
                .limit(limit)
                .offset(offset)
            )
        return tuple(_request(row) for row in rows.mappings())

    async def how_many_of(self, team: str, user: str) -> int:
        """How many requests a person has made."""
        mine = (_requests.c.team == team) & (_requests.c.user_id == user)
        async with self._work.connection() as connection:
            return int((await connection.execute(select(func.count()).where(mine))).scalar_one())

    async def waiting(self, team: str, user: str, since: datetime, limit: int = 5) -> tuple[Request, ...]:
        """A person's requests, changed since then, whose posted card waits for an answer; newest first."""
        return await self._posted(
            limit,
            _requests.c.team == team,
            _requests.c.user_id == user,
            _requests.c.status.in_([Status.QUESTION.value, Status.UNREAD.value]),
            _requests.c.updated_at >= since,
        )

    async def with_new_words(self, team: str, since: datetime, limit: int = 5) -> tuple[Request, ...]:
        """Requests on whose posted cards somebody said what a word means that is neither kept nor declined; newest first."""
        open_words = "$.meanings[*] ? (!(@.kept == true) && !(@.declined == true))"
        return await self._posted(
            limit,
            _requests.c.team == team,
            _requests.c.updated_at >= since,
            func.jsonb_path_exists(_requests.c.reading, cast(open_words, JSONPATH)),
        )

    async def _posted(self, limit: int, *tests: ColumnElement[bool]) -> tuple[Request, ...]:
        statement = select(_requests).where(*tests, _requests.c.message_ts.is_not(None))
        statement = statement.order_by(_requests.c.updated_at.desc(), _requests.c.id).limit(limit)
        async with self._work.connection() as connection:
            rows = await connection.execute(statement)
        return tuple(_request(row) for row in rows.mappings())

    async def counting(self, since: datetime, limit: int = 200) -> tuple[Request, ...]:
        """The requests of all teams, changed since then, whose posted card still waits for its count; oldest first."""
        async with self._work.connection() as connection:
            rows = await connection.execute(
                select(_requests)
                .where(
                    _requests.c.status == Status.COUNTING.value,
                    _requests.c.message_ts.is_not(None),
                    _requests.c.updated_at >= since,
                )
                .order_by(_requests.c.updated_at, _requests.c.id)
                .limit(limit)
            )
        return tuple(_request(row) for row in rows.mappings())

    async def _first(self, *tests: Any) -> Request | None:
        async with self._work.connection() as connection:
            row = (await connection.execute(select(_requests).where(*tests).limit(1))).mappings().first()
        return None if row is None else _request(row)


def _changing(request: Request) -> dict[str, Any]:
    """The columns that a change may write."""
    return {
        "text": request.text,
        "reading": dump_reading(request.reading),
        "condition": dump_condition(request.condition),
        "format": codec.FORMAT,
        "status": request.status.value,
        "segment_id": request.segment,
        "version": request.version,
        "updated_at": request.updated_at,
    }


def _place(request: Request) -> dict[str, Any]:
    """The columns that say where the card is."""
    return {"channel": request.channel, "thread_ts": request.thread_ts, "message_ts": request.message_ts}


def _step(request: Request, by: str, what: str) -> dict[str, Any]:
    return {
        "request_id": request.id,
        "version": request.version,
        "by": by,
        "what": what,
        "text": request.text,
        "condition": dump_condition(request.condition),
        "format": codec.FORMAT,
        "status": request.status.value,
        "at": request.updated_at,
        "reading": dump_reading(request.reading),
    }


def _request(row: RowMapping) -> Request:
    return Request(
        id=row["id"],
        team=row["team"],
        channel=row["channel"],
        user=row["user_id"],
        surface=Surface(row["surface"]),
        text=row["text"],
        reading=load_reading(row["reading"]),
        condition=load_condition(row["condition"]),
        status=Status(row["status"]),
        thread_ts=row["thread_ts"],
        message_ts=row["message_ts"],
        segment=row["segment_id"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
