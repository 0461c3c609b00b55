"""Every count that was ever shown, with the tree, the moment and the parameters that it needs to be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, insert, select

from segbot.model import codec
from segbot.model.condition import Condition
from segbot.model.segment import Counted
from segbot.store import tables
from segbot.store.trees import dump_condition, fingerprint
from segbot.store.work import Work

_counts = tables.counts


@dataclass(frozen=True, slots=True)
class NewCount:
    """A count about to be kept.

    `catalog` is the digest of the catalog it was compiled with; `parameters` are the resolved windows and whatever else
    (as JSON data) decides the number besides the tree.
    """

    team: str
    condition: Condition
    counted: Counted
    catalog: str
    parameters: dict[str, Any]
    request: str | None = None
    segment: str | None = None
    segment_version: int | None = None


@dataclass(frozen=True, slots=True)
class CountRecord:
    """A kept count. `fingerprint` is that of its tree."""

    id: int
    fingerprint: str
    condition: Condition
    counted: Counted
    catalog: str
    parameters: dict[str, Any]
    request: str | None
    segment: str | None
    segment_version: int | None


class Counts:
    """The counts of all teams."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, new: NewCount) -> int:
        """Keep a count and return its id."""
        counted = new.counted
        statement = insert(_counts).values(
            team=new.team,
            request_id=new.request,
            segment_id=new.segment,
            segment_version=new.segment_version,
            fingerprint=fingerprint(new.condition),
            condition=dump_condition(new.condition),
            format=codec.FORMAT,
            parameters=new.parameters,
            catalog=new.catalog,
            as_of=counted.as_of,
            value=counted.value,
            base=counted.base,
            exact=counted.exact,
            low=counted.low,
            high=counted.high,
            seconds=counted.seconds,
        )
        async with self._work.connection() as connection:
            return int((await connection.execute(statement.returning(_counts.c.id))).scalar_one())

    async def latest(self, team: str, condition: Condition, catalog: str, since: datetime) -> CountRecord | None:
        """The newest exact count of the same set under the same catalog, counted for a moment at or after `since`."""
        found = await self._newest(
            1,
            _counts.c.team == team,
            _counts.c.fingerprint == fingerprint(condition),
            _counts.c.catalog == catalog,
            _counts.c.exact,
            _counts.c.as_of >= since,
        )
        return found[0] if found else None

    async def of_request(self, team: str, request: str, limit: int = 50) -> tuple[CountRecord, ...]:
        """The counts of a request, newest first."""
        return await self._newest(limit, _counts.c.team == team, _counts.c.request_id == request)

    async def of_segment(
        self, team: str, segment: str, since: datetime | None = None, limit: int = 1000
    ) -> tuple[CountRecord, ...]:
        """The counts of a segment over all its versions, newest first."""
        tests = [_counts.c.team == team, _counts.c.segment_id == segment]
        if since is not None:
            tests.append(_counts.c.as_of >= since)
        return await self._newest(limit, *tests)

    async def _newest(self, limit: int, *tests: ColumnElement[bool]) -> tuple[CountRecord, ...]:
        statement = select(_counts).where(*tests).order_by(_counts.c.as_of.desc(), _counts.c.id.desc()).limit(limit)
        async with self._work.connection() as connection:
            rows = await connection.execute(statement)
        return tuple(_record(row) for row in rows.mappings())


def _record(row: RowMapping) -> CountRecord:
    return CountRecord(
        id=row["id"],
        fingerprint=row["fingerprint"],
        condition=codec.load(row["condition"]),
        counted=Counted(
            value=row["value"],
            base=row["base"],
            as_of=row["as_of"],
            exact=row["exact"],
            low=row["low"],
            high=row["high"],
            seconds=row["seconds"],
        ),
        catalog=row["catalog"],
        parameters=row["parameters"],
        request=row["request_id"],
        segment=row["segment_id"],
        segment_version=row["segment_version"],
    )
