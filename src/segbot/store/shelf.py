"""What each person sees of the saved segments: filtered, sorted and cut into pages by the database; and their stars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, delete, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from segbot.model.library import Shelved, Sort
from segbot.model.segment import Counted, State, Visibility
from segbot.store import tables
from segbot.store.segments import is_current, matching
from segbot.store.work import Work

_segments, _versions, _shares, _stars = tables.segments, tables.segment_versions, tables.segment_shares, tables.stars
_tags, _counts = tables.segment_tags, tables.counts


@dataclass(frozen=True, slots=True)
class Seen:
    """Which segments of a team a person wants to see, of those that they may see.

    `here` is the channel they look from: what is shared with it is seen too. With `shared` only what others share with the
    person by name. `tag`, `owner` and `channel` (where it was saved) are filters; `search` is as in `Segments.list`.
    """

    user: str
    here: str | None = None
    search: str = ""
    tag: str = ""
    owner: str = ""
    channel: str = ""
    states: tuple[State, ...] = ()
    shared: bool = False


class Shelf:
    """The segments of all teams as people look at them."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def page(
        self, team: str, seen: Seen, *, sort: Sort = Sort.UPDATED, limit: int = 10, offset: int = 0
    ) -> tuple[Shelved, ...]:
        """One page, starred segments first, each with its newest count."""
        wanted = _wanted(team, seen).add_columns(_starred(team, seen.user).label("starred"))
        if sort is Sort.SIZE:
            sized = wanted.subquery()
            newest = _newest(team, sized.c.fingerprint)
            order = (newest.c.value.desc().nulls_last(), sized.c.number)
            statement = select(sized, newest).select_from(sized.outerjoin(newest, literal(True)))
            statement = statement.order_by(sized.c.starred.desc(), *order).limit(limit).offset(offset)
        else:
            # The page is cut before counts are looked up: ten look-ups, however many segments there are.
            first: ColumnElement[Any] = _segments.c.updated_at.desc() if sort is Sort.UPDATED else _segments.c.name_key
            cut = wanted.order_by(_starred(team, seen.user).desc(), first, _segments.c.number.desc())
            rows = cut.limit(limit).offset(offset).subquery()
            newest = _newest(team, rows.c.fingerprint)
            place = rows.c.updated_at.desc() if sort is Sort.UPDATED else rows.c.name_key
            statement = select(rows, newest).select_from(rows.outerjoin(newest, literal(True)))
            statement = statement.order_by(rows.c.starred.desc(), place, rows.c.number.desc())
        async with self._work.connection() as connection:
            found = await connection.execute(statement)
        return tuple(_shelved(row) for row in found.mappings())

    async def how_many(self, team: str, seen: Seen) -> int:
        """How many segments all pages hold."""
        statement = select(func.count()).select_from(_wanted(team, seen).subquery())
        async with self._work.connection() as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def tags(self, team: str, user: str, limit: int = 90) -> tuple[str, ...]:
        """The tags of living segments that a person may see, the most used first."""
        statement = (
            select(func.min(_tags.c.tag))
            .join(_segments, _segments.c.id == _tags.c.segment_id)
            .where(_segments.c.team == team, _segments.c.state != State.TRASH.value, _visible(user, None))
            .group_by(_tags.c.tag_key)
            .order_by(func.count().desc(), _tags.c.tag_key)
            .limit(limit)
        )
        async with self._work.connection() as connection:
            return tuple((await connection.execute(statement)).scalars())

    async def names(self, team: str, user: str, here: str | None, limit: int = 5000) -> Mapping[str, str]:
        """The ids of the living segments that a person may see, by name."""
        statement = (
            select(_segments.c.name, _segments.c.id)
            .where(_segments.c.team == team, _segments.c.state != State.TRASH.value, _visible(user, here))
            .order_by(_segments.c.updated_at.desc())
            .limit(limit)
        )
        async with self._work.connection() as connection:
            return {row.name: row.id for row in await connection.execute(statement)}

    async def sizes(self, team: str, fingerprints: Sequence[str]) -> Mapping[str, Counted]:
        """The newest count of each tree that was ever counted, by fingerprint."""
        statement = (
            select(_counts)
            .where(_counts.c.team == team, _counts.c.fingerprint.in_(fingerprints))
            .ext(distinct_on(_counts.c.fingerprint))
            .order_by(_counts.c.fingerprint, _counts.c.as_of.desc(), _counts.c.id.desc())
        )
        async with self._work.connection() as connection:
            rows = await connection.execute(statement)
        return {row["fingerprint"]: _counted(row) for row in rows.mappings()}

    async def starred(self, team: str, user: str) -> frozenset[str]:
        """What a person starred: ids of segments, and keys of ready ones with `ready:` in front."""
        statement = select(_stars.c.subject).where(_stars.c.team == team, _stars.c.user_id == user)
        async with self._work.connection() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def star(self, team: str, user: str, subject: str, now: datetime) -> bool:
        """Give a star; whether there was none before."""
        statement = upsert(_stars).values(team=team, user_id=user, subject=subject, at=now).on_conflict_do_nothing()
        async with self._work.connection() as connection:
            return (await connection.execute(statement.returning(_stars.c.subject))).first() is not None

    async def unstar(self, team: str, user: str, subject: str) -> bool:
        """Take a star away; whether there was one."""
        mine = (_stars.c.team == team) & (_stars.c.user_id == user) & (_stars.c.subject == subject)
        async with self._work.connection() as connection:
            return (await connection.execute(delete(_stars).where(mine))).rowcount == 1


# --- statements -----------------------------------------------------------------------------------


def _wanted(team: str, seen: Seen) -> Select[Any]:
    """The segments of a look, one row each, without their trees."""
    tags = (
        select(func.array_agg(aggregate_order_by(_tags.c.tag, _tags.c.position)))
        .where(_tags.c.segment_id == _segments.c.id)
        .correlate(_segments)
        .scalar_subquery()
    )
    tests = matching(team, seen.search, (seen.tag,) if seen.tag else (), seen.owner or None, seen.states)
    if seen.channel:
        tests.append(_segments.c.channel == seen.channel)
    if seen.shared:
        tests += [_segments.c.owner != seen.user, _shared_with(seen.user)]
    else:
        tests.append(_visible(seen.user, seen.here))
    return (
        select(
            _segments.c.id,
            _segments.c.number,
            _segments.c.name,
            _segments.c.name_key,
            _segments.c.note,
            tags.label("tags"),
            _segments.c.owner,
            _segments.c.state,
            _segments.c.visibility,
            _segments.c.channel,
            _versions.c.request,
            _versions.c.fingerprint,
            _segments.c.updated_at,
        )
        .join(_versions, is_current())
        .where(*tests)
    )


def _visible(user: str, here: str | None) -> ColumnElement[bool]:
    tests = [_segments.c.visibility == Visibility.TEAM.value, _segments.c.owner == user, _shared_with(user)]
    return or_(*tests, _shared_with(here)) if here else or_(*tests)


def _shared_with(target: str) -> ColumnElement[bool]:
    mine = (_shares.c.segment_id == _segments.c.id) & (_shares.c.target == target)
    return select(_shares.c.segment_id).where(mine).correlate(_segments).exists()


def _starred(team: str, user: str) -> ColumnElement[bool]:
    mine = and_(_stars.c.team == team, _stars.c.user_id == user, _stars.c.subject == _segments.c.id)
    return select(_stars.c.subject).where(mine).correlate(_segments).exists()


def _newest(team: str, fingerprint: ColumnElement[str]) -> Any:
    """The newest count of the tree of each row."""
    return (
        select(
            _counts.c.value,
            _counts.c.base,
            _counts.c.as_of,
            _counts.c.exact,
            _counts.c.low,
            _counts.c.high,
            _counts.c.seconds,
        )
        .where(_counts.c.team == team, _counts.c.fingerprint == fingerprint)
        .order_by(_counts.c.as_of.desc(), _counts.c.id.desc())
        .limit(1)
        .lateral()
    )


def _counted(row: RowMapping) -> Counted:
    return Counted(
        value=row["value"],
        base=row["base"],
        as_of=row["as_of"],
        exact=row["exact"],
        low=row["low"],
        high=row["high"],
        seconds=row["seconds"],
    )


def _shelved(row: RowMapping) -> Shelved:
    return Shelved(
        id=row["id"],
        number=row["number"],
        name=row["name"],
        note=row["note"],
        tags=tuple(row["tags"] or ()),
        owner=row["owner"],
        state=State(row["state"]),
        visibility=Visibility(row["visibility"]),
        channel=row["channel"],
        words=row["request"],
        updated_at=row["updated_at"],
        starred=row["starred"],
        count=None if row["value"] is None else _counted(row),
    )
