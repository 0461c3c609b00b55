"""Taking snapshots, and asking of one whether it is still right: today's number, who came and went, what it means now."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from segbot.errors import CannotCompile, UnknownName
from segbot.flows.compose import window_lines
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.house import House
from segbot.flows.sizing import members, sizes
from segbot.logs import get_logger
from segbot.model.cards import WindowLine
from segbot.model.condition import AllOf, Condition, Everyone, Listed, Not
from segbot.model.resolve import Moment
from segbot.model.snapshot import Meaning, Moved, SinceCard
from segbot.sql.tree import MOST_LISTED
from segbot.store.deliveries import Taken
from segbot.store.snapshots import Snapshot
from segbot.warehouse.line import Errand, on_behalf_of

log = get_logger(__name__)

_RIGHT = r"(right|true|correct|valid|current|accurate|up[ -]to[ -]date|the case)"
_IT = r"((this|that|it|these|those|they)( numbers?| counts?| snapshot| segment)?|the (snapshot|numbers?|count|segment)|snapshot \d+)"
_ASKED = re.compile(
    rf"((so|and|hey) )*(is|are|does|do) {_IT} (still )?((hold|stand)( up)?|{_RIGHT})( today| now)?"
    rf"|still {_RIGHT}"
    rf"|(has|have|did) {_IT} changed?( since| meanwhile| today| now)?"
    r"|what('s| is| has)? (changed|different)( since| meanwhile| today| now)?",
    re.IGNORECASE,
)


def asks_whether_right(text: str) -> bool:
    """Whether words ask if a snapshot still holds: "is this still right?", "still true?", "what changed since?" """
    return _ASKED.fullmatch(" ".join(text.split()).strip(" ?!.,")) is not None


async def in_thread(desk: Desk, actor: Actor) -> Snapshot | None:
    """The latest snapshot in the thread that somebody writes in."""
    if not actor.channel or not actor.thread:
        return None
    return await desk.store.snapshots.in_thread(actor.team, actor.channel, actor.thread)


async def still_right(desk: Desk, actor: Actor, snapshot_id: str, *, delivery: str) -> SinceCard:
    """A snapshot beside today's number. Raises `Duplicate` when this delivery was dealt with before, `NotFound` without it."""
    if await desk.store.deliveries.take(delivery, "still_right", desk.clock()) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    snapshot = await desk.store.snapshots.get(actor.team, snapshot_id)
    desk = await desk.at_home(actor.team)
    house, at = desk.house, desk.house.moment(desk.clock())
    with on_behalf_of(Errand(actor.team, actor.user)):
        card = await _since(desk, house, at, snapshot)
    await desk.store.deliveries.finish(delivery, desk.clock())
    return card


async def _since(desk: Desk, house: House, at: Moment, snapshot: Snapshot) -> SinceCard:
    tree, then = snapshot.condition, house.moment(snapshot.counted.as_of)
    keys = await desk.store.snapshots.keys(snapshot.team, snapshot.id)
    people: Condition | None = None if keys is None else Listed(keys) if keys else Not(Everyone())
    came = went = None
    gone = 0
    if people is None:
        (now,) = await sizes(house, desk.warehouse, [tree], at)
    else:
        trees = [tree, AllOf((tree, Not(people))), AllOf((tree, people)), people]
        now, new, stayed, there = await sizes(house, desk.warehouse, trees, at)
        kept = snapshot.kept or 0
        came, went, gone = new.value, kept - stayed.value, kept - there.value
    moved = _moved(window_lines(tree, house.catalog, then), window_lines(tree, house.catalog, at))
    as_then = None
    if moved:
        (as_then,) = await sizes(house, desk.warehouse, [tree], then)
    return SinceCard(
        name=snapshot.name,
        title=snapshot.title,
        then=snapshot.counted,
        now=now,
        noun=house.catalog.customers.plural,
        timezone=at.rules.timezone,
        meaning=await _meaning(house, at, snapshot),
        came=came,
        went=went,
        gone=gone,
        moved=moved,
        as_then=as_then,
    )


def _moved(then: tuple[WindowLine, ...], now: tuple[WindowLine, ...]) -> tuple[Moved, ...]:
    """The stretches of time that are not the same any more."""
    pairs = zip(then, now, strict=True)
    return tuple(Moved(a, b) for a, b in pairs if (a.start, a.end) != (b.start, b.end))


async def _meaning(house: House, at: Moment, snapshot: Snapshot) -> Meaning:
    try:
        asked = await asked_of(house, snapshot.condition, at)
    except (UnknownName, CannotCompile):
        return "changed"
    if asked != snapshot.asked:
        return "changed"
    return "same" if snapshot.catalog == house.catalog.digest else "beside"


async def asked_of(house: House, condition: Condition, at: Moment) -> str:
    """Names what the database is asked for a definition, dates and times aside; other segments in it as they mean now."""
    house = await house.holding([condition])
    statement = members(house, condition, at)
    values = [(name, repr(value)) for name, value in sorted(statement.parameters.items()) if not _timely(value)]
    return hashlib.sha256(repr((statement.sql, values)).encode()).hexdigest()


def _timely(value: object) -> bool:
    """Whether a bound value is a date or a time, alone or in a list: those move with the clock."""
    match value:
        case date() | datetime() | timedelta():
            return True
        case list() | tuple():
            return any(map(_timely, value))
        case _:
            return False


async def people_of(desk: Desk, condition: Condition, at: Moment) -> tuple[str, ...] | None:
    """The keys of a definition's people at a moment, in order; None where there are too many to ask about later."""
    house = await desk.house.holding([condition])
    keys: list[str] = []
    async with desk.warehouse.stream(members(house, condition, at)) as batches:
        async for rows in batches:
            keys.extend(str(row[0]) for row in rows)
            if len(keys) > MOST_LISTED:
                return None
    return tuple(sorted(keys, key=lambda key: (len(key), key)))


async def forget(desk: Desk) -> int:
    """Drop the people of snapshots that are older than the settings allow, and note that in the audit trail."""
    now = desk.clock()
    gone = await desk.store.snapshots.forget(now - timedelta(days=desk.settings.snapshot_days), now)
    for team, snapshot in gone:
        await desk.store.audit.record(
            team=team, actor="segbot", action="forgot the people", object_kind="snapshot", object_id=snapshot
        )
    return len(gone)


def shown_windows(windows: tuple[WindowLine, ...]) -> list[Mapping[str, Any]]:
    """Windows as JSON data, for the snapshot's row."""
    return [
        {
            "phrase": line.phrase,
            "from": line.start.isoformat() if line.start else None,
            "to": line.end.isoformat() if line.end else None,
        }
        for line in windows
    ]
