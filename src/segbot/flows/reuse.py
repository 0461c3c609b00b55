"""When a count can be had without asking the database anew: the same question of a moment ago, or one that is being counted.

Two requests ask the same when their statements do: the same text and the same values, where "now" is a value of its own.
"The last 90 days" begins at the same midnight until the next one; "the last 3 hours" begins elsewhere each second, so it
is never the same. The catalog's digest belongs to the question, and so do definitions, which the statement contains.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from segbot.flows.house import House
from segbot.flows.sizing import members
from segbot.model.condition import Condition
from segbot.model.resolve import Moment
from segbot.store.counts import CountRecord
from segbot.store.database import Store


def question_key(house: House, condition: Condition, at: Moment) -> str:
    """Names the question that a tree asks at a moment: equal exactly where the database would be asked the same.

    Raises `CannotCompile` and `UnknownName`.
    """
    statement = members(house, condition, at)
    values = [(name, _value(value, at)) for name, value in sorted(statement.parameters.items())]
    asked = repr((house.catalog.digest, statement.sql, values))
    return hashlib.sha256(asked.encode()).hexdigest()


def _value(value: object, at: Moment) -> str:
    """A bound value; the moment itself is the same in every question."""
    if isinstance(value, datetime):
        local = at.now.astimezone(ZoneInfo(at.rules.timezone))
        nows = (at.now,) if value.tzinfo else (at.now.astimezone(UTC).replace(tzinfo=None), local.replace(tzinfo=None))
        if value in nows:
            return "now"
    return repr(value)


async def kept_count(
    store: Store, team: str, condition: Condition, catalog: str, key: str, *, now: datetime, seconds: float
) -> CountRecord | None:
    """The newest exact count of the same question that is no older than so many seconds, whoever in the team asked."""
    if seconds <= 0:
        return None
    record = await store.counts.latest(team, condition, catalog, now - timedelta(seconds=seconds))
    same = record is not None and record.parameters.get("key") == key and record.counted.as_of <= now
    return record if same else None


@dataclass
class Sharing:
    """The questions that are being counted, each with its moment: who asks the same meanwhile shares the query."""

    _under_way: dict[tuple[str, str], tuple[Moment, int]] = field(default_factory=dict)

    @contextmanager
    def moment(self, team: str, key: str, at: Moment) -> Iterator[Moment]:
        """The moment to count a question at: that of the same question under way, so that the statements are one."""
        name = (team, key)
        shared, askers = self._under_way.get(name, (at, 0))
        self._under_way[name] = (shared, askers + 1)
        try:
            yield shared
        finally:
            shared, askers = self._under_way[name]
            if askers == 1:
                del self._under_way[name]
            else:
                self._under_way[name] = (shared, askers - 1)
