"""Saved segments: numbered per team, versions that are only ever added, names that no two living segments share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import ColumnElement, RowMapping, Select, Text, cast, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import JSONPATH, aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from segbot.errors import ChangedMeanwhile, NotFound
from segbot.model import codec
from segbot.model.condition import Condition
from segbot.model.membership import Known
from segbot.model.segment import NewSegment, Segment, State, Version, Visibility
from segbot.store import tables
from segbot.store.trees import comparable, dump_condition, fingerprint, new_id
from segbot.store.work import Work

_segments, _versions, _tags, _numbers = tables.segments, tables.segment_versions, tables.segment_tags, tables.numbers
_shares = tables.segment_shares


@dataclass(frozen=True, slots=True)
class NameTaken:
    """Another segment of the team has this name (capitals and spacing aside): the name, and the segment that holds it."""

    name: str
    segment: str
    number: int


class _NameConflict(Exception):
    """Rolls back to before a name was tried."""


class Segments:
    """The segments of all teams."""

    def __init__(self, work: Work) -> None:
        self._work = work

    # -- writing ---------------------------------------------------------------------------------------

    async def add(self, new: NewSegment, now: datetime, *, reason: str = "") -> Segment | NameTaken:
        """Save a segment with its first version and the next number of its team, or say who holds its name."""
        first = Version(1, new.condition, new.request, new.owner, reason, now)
        segment = Segment(
            id=new_id(),
            team=new.team,
            number=0,
            name=_tidy(new.name),
            note=new.note,
            tags=_tidy_tags(new.tags),
            owner=new.owner,
            state=State.ACTIVE,
            version=first,
            created_at=now,
            updated_at=now,
            visibility=new.visibility,
            shared_with=_each_once(new.shared_with),
            channel=new.channel,
        )
        async with self._work.connection() as connection:
            try:
                async with _trying_a_name(connection):
                    segment = replace(segment, number=await _next_number(connection, new.team))
                    values = {**_fixed(segment), **_changing(segment)}
                    await connection.execute(insert(_segments).values(**values))
            except _NameConflict:
                return await self._holder(connection, segment)
            await _write_tags(connection, segment)
            await _write_shares(connection, segment)
            await _write_version(connection, segment.id, first)
        return segment

    async def save(self, changed: Segment, now: datetime) -> Segment | NameTaken:
        """Write a changed name, note, tags, owner, state or who may see it over the segment it was made from.

        Raises `ChangedMeanwhile` when somebody else wrote in between, `NotFound` when it is gone. The tree is not changed
        here: see `add_version`.
        """
        new = replace(
            changed,
            name=_tidy(changed.name),
            tags=_tidy_tags(changed.tags),
            shared_with=_each_once(changed.shared_with),
            revision=changed.revision + 1,
            updated_at=now,
        )
        async with self._work.connection() as connection:
            await _lock(connection, changed)
            try:
                async with _trying_a_name(connection):
                    await connection.execute(update(_segments).where(_segments.c.id == new.id).values(**_changing(new)))
            except _NameConflict:
                return await self._holder(connection, new)
            await _write_tags(connection, new)
            await _write_shares(connection, new)
        return new

    async def add_version(
        self, segment: Segment, condition: Condition, *, request: str, author: str, reason: str, now: datetime
    ) -> Segment:
        """Give a segment a new tree. Earlier versions stay. Raises `ChangedMeanwhile` or `NotFound` like `save`."""
        version = Version(segment.version.number + 1, condition, request, author, reason, now)
        new = replace(segment, version=version, revision=segment.revision + 1, updated_at=now)
        async with self._work.connection() as connection:
            await _lock(connection, segment)
            await _write_version(connection, segment.id, version)
            await connection.execute(
                update(_segments)
                .where(_segments.c.id == segment.id)
                .values(version=version.number, revision=new.revision, updated_at=now)
            )
        return new

    # -- reading ---------------------------------------------------------------------------------------

    async def find(self, team: str, segment: str) -> Segment | None:
        """The segment of that id in that team, trashed ones included, or None."""
        return await self._first(_segments.c.team == team, _segments.c.id == segment)

    async def get(self, team: str, segment: str) -> Segment:
        """The segment of that id in that team, trashed ones included. Raises `NotFound`."""
        found = await self.find(team, segment)
        if found is None:
            raise NotFound(f"segment {segment} of team {team}")
        return found

    async def by_number(self, team: str, number: int) -> Segment | None:
        """The segment that people call #number."""
        return await self._first(_segments.c.team == team, _segments.c.number == number)

    async def by_name(self, team: str, name: str) -> Segment | None:
        """The living segment of that name, capitals and spacing aside."""
        return await self._first(
            _segments.c.team == team, _segments.c.name_key == comparable(name), _segments.c.state != State.TRASH.value
        )

    async def same_as(self, team: str, condition: Condition) -> tuple[Segment, ...]:
        """Living segments whose current tree means the same set as this one, oldest first."""
        return await self._all(
            _everything()
            .where(
                _segments.c.team == team,
                _segments.c.state != State.TRASH.value,
                _versions.c.fingerprint == fingerprint(condition),
            )
            .order_by(_segments.c.number)
        )

    async def list(
        self,
        team: str,
        *,
        search: str = "",
        tags: Sequence[str] = (),
        owner: str | None = None,
        states: Sequence[State] = (),
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[Segment, ...]:
        """Segments of a team, last changed first.

        `search` is a part of a name, note, tag or request, or a number with or without #. All `tags` must be there. Without
        `states`, all but those in the trash.
        """
        return await self._all(
            _everything()
            .where(*matching(team, search, tags, owner, states))
            .order_by(_segments.c.updated_at.desc(), _segments.c.number.desc())
            .limit(limit)
            .offset(offset)
        )

    async def how_many(
        self,
        team: str,
        *,
        search: str = "",
        tags: Sequence[str] = (),
        owner: str | None = None,
        states: Sequence[State] = (),
    ) -> int:
        """How many segments `list` would find in all."""
        statement = select(func.count()).select_from(_segments.join(_versions, is_current()))
        async with self._work.connection() as connection:
            found = await connection.execute(statement.where(*matching(team, search, tags, owner, states)))
        return int(found.scalar_one())

    async def stamp(self, team: str) -> tuple[int, int]:
        """Changes whenever a segment of the team changes in any way; (0, 0) for none. Cheaper than `known`."""
        statement = select(func.count(), func.coalesce(func.sum(_segments.c.revision), 0)).where(
            _segments.c.team == team
        )
        async with self._work.connection() as connection:
            count, revisions = (await connection.execute(statement)).one()
        return int(count), int(revisions)

    async def known(self, team: str) -> tuple[Known, ...]:
        """Every living segment that the whole team may see by its name and number, with what it means now.

        Private ones can't be named in sentences: their names would say to everybody that they are there.
        """
        statement = (
            select(_segments.c.id, _segments.c.name, _segments.c.number, _versions.c.condition)
            .join(_versions, is_current())
            .where(
                _segments.c.team == team,
                _segments.c.state != State.TRASH.value,
                _segments.c.visibility == Visibility.TEAM.value,
            )
            .order_by(_segments.c.number)
        )
        async with self._work.connection() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(Known("segment", row.id, row.name, row.number, codec.load(row.condition)) for row in rows)

    async def versions(self, team: str, segment: str) -> tuple[Version, ...]:
        """Every version of a segment, oldest first."""
        async with self._work.connection() as connection:
            rows = await connection.execute(
                select(_versions)
                .join(_segments, _segments.c.id == _versions.c.segment_id)
                .where(_segments.c.team == team, _segments.c.id == segment)
                .order_by(_versions.c.number)
            )
        return tuple(
            Version(
                number=row["number"],
                condition=codec.load(row["condition"]),
                request=row["request"],
                author=row["author"],
                reason=row["reason"],
                created_at=row["created_at"],
            )
            for row in rows.mappings()
        )

    async def that_use(self, team: str, segment: str) -> tuple[Segment, ...]:
        """Living segments whose current tree names this one: they can't be counted without it."""
        named = func.jsonb_path_exists(
            _versions.c.condition,
            cast('$.** ? (@.of == "segment" && @.id == $id)', JSONPATH),
            func.jsonb_build_object("id", cast(segment, Text)),
        )
        return await self._all(
            _everything()
            .where(_segments.c.team == team, _segments.c.state != State.TRASH.value, _segments.c.id != segment, named)
            .order_by(_segments.c.number)
        )

    async def tags(self, team: str, prefix: str = "", limit: int = 100) -> tuple[tuple[str, int], ...]:
        """Tags in use by living segments with how often, the most used first; those that begin with `prefix` if given."""
        statement = (
            select(func.min(_tags.c.tag), func.count().label("uses"))
            .join(_segments, _segments.c.id == _tags.c.segment_id)
            .where(_segments.c.team == team, _segments.c.state != State.TRASH.value)
            .where(_tags.c.tag_key.startswith(comparable(prefix), autoescape=True))
            .group_by(_tags.c.tag_key)
            .order_by(func.count().desc(), _tags.c.tag_key)
            .limit(limit)
        )
        async with self._work.connection() as connection:
            return tuple((tag, uses) for tag, uses in await connection.execute(statement))

    # -- helpers ---------------------------------------------------------------------------------------

    async def _first(self, *tests: ColumnElement[bool]) -> Segment | None:
        found = await self._all(_everything().where(*tests).limit(1))
        return found[0] if found else None

    async def _all(self, statement: Select[Any]) -> tuple[Segment, ...]:
        async with self._work.connection() as connection:
            rows = await connection.execute(statement)
        return tuple(_segment(row) for row in rows.mappings())

    async def _holder(self, connection: AsyncConnection, segment: Segment) -> NameTaken:
        row = (
            await connection.execute(
                select(_segments.c.id, _segments.c.number).where(
                    _segments.c.team == segment.team,
                    _segments.c.name_key == comparable(segment.name),
                    _segments.c.state != State.TRASH.value,
                    _segments.c.id != segment.id,
                )
            )
        ).first()
        if row is None:  # freed between our try and our look: the next try will work
            raise ChangedMeanwhile(f"the name of segment {segment.id} was freed meanwhile")
        return NameTaken(segment.name, row.id, row.number)


# --- statements -----------------------------------------------------------------------------------


async def _next_number(connection: AsyncConnection, team: str) -> int:
    # The row lock makes savers of one team wait for each other, so numbers have no doubles, and no gaps after a rollback.
    statement = upsert(_numbers).values(team=team, what="segment", last=1)
    statement = statement.on_conflict_do_update(
        index_elements=[_numbers.c.team, _numbers.c.what], set_={"last": _numbers.c.last + 1}
    )
    return int((await connection.execute(statement.returning(_numbers.c.last))).scalar_one())


@asynccontextmanager
async def _trying_a_name(connection: AsyncConnection) -> AsyncIterator[None]:
    """A savepoint; raises `_NameConflict`, with the block undone, when a living segment of the team holds the name."""
    try:
        async with connection.begin_nested():
            yield
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation) and error.orig.diag.constraint_name == "uq_segments_team_name":
            raise _NameConflict from error
        raise


async def _lock(connection: AsyncConnection, segment: Segment) -> None:
    """Hold the segment's row until the end of the transaction, if it is still as the caller saw it."""
    there = (
        await connection.execute(
            select(_segments.c.revision)
            .where(_segments.c.id == segment.id, _segments.c.team == segment.team)
            .with_for_update()
        )
    ).scalar()
    if there is None:
        raise NotFound(f"segment {segment.id} of team {segment.team}")
    if there != segment.revision:
        raise ChangedMeanwhile(f"segment {segment.id} is at revision {there}, not {segment.revision}")


async def _write_tags(connection: AsyncConnection, segment: Segment) -> None:
    await connection.execute(delete(_tags).where(_tags.c.segment_id == segment.id))
    if segment.tags:
        rows = [
            {"segment_id": segment.id, "tag_key": comparable(tag), "tag": tag, "position": position}
            for position, tag in enumerate(segment.tags)
        ]
        await connection.execute(insert(_tags), rows)


async def _write_shares(connection: AsyncConnection, segment: Segment) -> None:
    await connection.execute(delete(_shares).where(_shares.c.segment_id == segment.id))
    if segment.shared_with:
        rows = [{"segment_id": segment.id, "target": target} for target in segment.shared_with]
        await connection.execute(insert(_shares), rows)


async def _write_version(connection: AsyncConnection, segment: str, version: Version) -> None:
    await connection.execute(
        insert(_versions).values(
            segment_id=segment,
            number=version.number,
            condition=dump_condition(version.condition),
            format=codec.FORMAT,
            fingerprint=fingerprint(version.condition),
            request=version.request,
            author=version.author,
            reason=version.reason,
            created_at=version.created_at,
        )
    )


def is_current() -> ColumnElement[bool]:
    """Joins segments with their current version."""
    return (_versions.c.segment_id == _segments.c.id) & (_versions.c.number == _segments.c.version)


def _everything() -> Select[Any]:
    """Segments with their current version and tags, one row each."""
    tags = (
        select(func.array_agg(aggregate_order_by(_tags.c.tag, _tags.c.position)))
        .where(_tags.c.segment_id == _segments.c.id)
        .correlate(_segments)
        .scalar_subquery()
    )
    shares = (
        select(func.array_agg(aggregate_order_by(_shares.c.target, _shares.c.target)))
        .where(_shares.c.segment_id == _segments.c.id)
        .correlate(_segments)
        .scalar_subquery()
    )
    return select(
        _segments,
        shares.label("shared_with"),
        _versions.c.condition,
        _versions.c.request,
        _versions.c.author,
        _versions.c.reason,
        _versions.c.created_at.label("version_at"),
        tags.label("tags"),
    ).join(_versions, is_current())


def matching(
    team: str, search: str, tags: Sequence[str], owner: str | None, states: Sequence[State]
) -> list[ColumnElement[bool]]:
    """The tests that `Segments.list` describes, over segments joined with their current versions."""
    tests: list[ColumnElement[bool]] = [_segments.c.team == team]
    if states:
        tests.append(_segments.c.state.in_([state.value for state in states]))
    else:
        tests.append(_segments.c.state != State.TRASH.value)
    if owner is not None:
        tests.append(_segments.c.owner == owner)
    for tag in tags:
        tests.append(_has_tag(_tags.c.tag_key == comparable(tag)))
    words = comparable(search)
    if words.removeprefix("#").isdecimal() and len(words) < 10:
        tests.append(or_(_segments.c.number == int(words.removeprefix("#")), _mentions(words)))
    elif words:
        tests.append(_mentions(words))
    return tests


def _mentions(words: str) -> ColumnElement[bool]:
    return or_(
        _segments.c.name_key.contains(words, autoescape=True),
        func.lower(_segments.c.note).contains(words, autoescape=True),
        func.lower(_versions.c.request).contains(words, autoescape=True),
        _has_tag(_tags.c.tag_key.contains(words, autoescape=True)),
    )


def _has_tag(test: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(_tags.c.segment_id).where(_tags.c.segment_id == _segments.c.id, test).correlate(_segments).exists()


def _each_once(targets: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({target for target in targets if target}))


def _tidy(words: str) -> str:
    return " ".join(words.split())


def _tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags in their order, without empty ones and doubles (capitals aside)."""
    return tuple({comparable(tag): _tidy(tag) for tag in reversed(tuple(tags)) if comparable(tag)}.values())[::-1]


def _fixed(segment: Segment) -> dict[str, Any]:
    """The columns that are written once."""
    return {
        "id": segment.id,
        "team": segment.team,
        "number": segment.number,
        "version": segment.version.number,
        "channel": segment.channel,
        "created_at": segment.created_at,
    }


def _changing(segment: Segment) -> dict[str, Any]:
    """The columns that `save` may write."""
    return {
        "name": segment.name,
        "name_key": comparable(segment.name),
        "note": segment.note,
        "owner": segment.owner,
        "state": segment.state.value,
        "visibility": segment.visibility.value,
        "revision": segment.revision,
        "updated_at": segment.updated_at,
    }


def _segment(row: RowMapping) -> Segment:
    return Segment(
        id=row["id"],
        team=row["team"],
        number=row["number"],
        name=row["name"],
        note=row["note"],
        tags=tuple(row["tags"] or ()),
        owner=row["owner"],
        state=State(row["state"]),
        version=Version(
            number=row["version"],
            condition=codec.load(row["condition"]),
            request=row["request"],
            author=row["author"],
            reason=row["reason"],
            created_at=row["version_at"],
        ),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        revision=row["revision"],
        visibility=Visibility(row["visibility"]),
        shared_with=tuple(row["shared_with"] or ()),
        channel=row["channel"],
    )
