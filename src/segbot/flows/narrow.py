"""A count that would take too long, or did: which condition costs the database the most, and how to ask for less of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

from segbot.errors import ChangedMeanwhile, SegbotError
from segbot.flows.ask import change, moved
from segbot.flows.desk import Actor, Desk
from segbot.flows.house import House
from segbot.logs import get_logger
from segbot.model.cards import NarrowLine, SegmentCard
from segbot.model.condition import (
    Against,
    AllOf,
    AnyOf,
    Condition,
    Defined,
    Did,
    Everyone,
    Not,
    Ranked,
    Rows,
    Sequence,
    Share,
    children,
    rows_of,
    with_children,
)
from segbot.model.reading import Assumption, Choice, Reading
from segbot.model.resolve import Moment, resolve
from segbot.model.windows import Ago, Now, Unit, Window
from segbot.nl.phrase import phrase_node
from segbot.sql.compile import compile_count, condition_lines
from segbot.warehouse.line import Errand, on_behalf_of

log = get_logger(__name__)

_DAYS = (365, 90, 30)
"""The windows that are offered, where they are narrower than what was asked."""
_OFFERED = 2

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """The condition that costs the most, in words, and what could be asked instead; empty where nothing is known."""

    costliest: str = ""
    lines: tuple[NarrowLine, ...] = ()


async def advise(desk: Desk, actor: Actor, request_id: str) -> Advice:
    """What would make a count quicker. Never raises for the databases' sake: without an answer there is no advice."""
    try:
        desk = await desk.at_home(actor.team)
        condition = (await desk.store.requests.get(actor.team, request_id)).condition
        if condition is None:
            return Advice()
        with on_behalf_of(Errand(actor.team, actor.user)):
            found = await costliest(desk, condition, at := desk.house.moment(desk.clock()))
    except SegbotError as error:
        log.warning("narrow.no_advice", error=type(error).__name__, detail=str(error))
        return Advice()
    if found is None:
        return Advice()
    path, leaf = found
    catalog = desk.house.catalog
    lines = tuple(NarrowLine(_key(path, leaf), days, phrase_node(new, catalog)) for days, new in narrower(leaf, at))
    return Advice(phrase_node(leaf, catalog), lines)


async def costliest(desk: Desk, condition: Condition, at: Moment) -> tuple[Path, Condition] | None:
    """The line of a tree that the database expects the most work of, the first of several; None where there is none."""
    lines = [*leaves(condition)]
    house = desk.house
    costs = await desk.warehouse.costs([compile_count(leaf, house.catalog, at, house.base) for _, leaf in lines])
    return max(zip(lines, costs, strict=True), key=lambda pair: pair[1])[0] if lines else None


def leaves(condition: Condition) -> Iterator[tuple[Path, Condition]]:
    """The lines of a tree that hold no others, with their places."""
    for path, line in condition_lines(condition):
        match line:
            case AllOf() | AnyOf() | Defined() | Everyone() | Not(part=AllOf() | AnyOf()):
                pass
            case _:
                yield path, line


def narrower(leaf: Condition, at: Moment) -> tuple[tuple[int, Condition], ...]:
    """The same condition over fewer days up to now, the widest first; none where it does not reach up to now."""
    inner = leaf.part if isinstance(leaf, Not) else leaf
    if not isinstance(inner, Did | Sequence | Ranked | Against | Share):
        return ()
    spans = [(None, None) if rows.window is None else _span(rows.window, at) for rows in rows_of(inner)]
    if not spans or any(end is not None and end < at.now for _, end in spans):
        return ()
    offered = []
    for days in _DAYS:
        window = Window(Ago(days, Unit.DAY), Now())
        since = at.now - timedelta(days=days + 1)  # a window of days begins at midnight: no offer that changes nothing
        if all(start is None or start < since for start, _ in spans):
            offered.append((days, _within(leaf, window)))
    return tuple(offered[:_OFFERED])


def _span(window: Window, at: Moment) -> tuple[Any, Any]:
    span = resolve(window, at)
    return span.start, span.end


def _within(value: Any, window: Window) -> Any:
    """A node with every window of its rows replaced."""
    if isinstance(value, Rows):
        return replace(value, window=window)
    if isinstance(value, tuple):
        return tuple(_within(item, window) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: _within(getattr(value, f.name), window) for f in fields(value)}
        return replace(value, **{name: new for name, new in changed.items() if new != getattr(value, name)})
    return value


async def narrow(desk: Desk, actor: Actor, request_id: str, key: int, days: int, *, delivery: str) -> SegmentCard:
    """Ask a condition (named by its key) over so many days only. The card that comes back is not counted yet.

    What was changed stands on the card as an assumption that can be taken back.
    """

    def settle(desk: Desk, reading: Reading) -> tuple[Reading, str]:
        tree, text = narrowed(desk.house, reading.condition, key, days, desk.house.moment(desk.clock()))
        after = moved(desk, reading, replace(reading, condition=tree))
        assert reading.condition is not None  # it has just been narrowed
        # Only now: the way back leads to the tree of before and is not to be carried over to the new one.
        back = Assumption(f"narrowed_{key}", text, 0, 0, (Choice("As it was", reading.condition),))
        return replace(after, assumptions=(*after.assumptions, back)), "narrowed"

    return await change(desk, actor, request_id, settle, delivery)


def narrowed(house: House, condition: Condition | None, key: int, days: int, at: Moment) -> tuple[Condition, str]:
    """A tree with one condition over fewer days, and what that is instead of what.

    Raises `ChangedMeanwhile` when the condition is not there any more.
    """
    found = [] if condition is None else [(path, leaf) for path, leaf in leaves(condition) if _key(path, leaf) == key]
    if condition is None or not found:
        raise ChangedMeanwhile(f"no condition {key} to narrow")
    path, leaf = found[0]
    new = dict(narrower(leaf, at)).get(days)
    if new is None:
        raise ChangedMeanwhile(f"condition {key} is not wider than {days} days")
    said, before = phrase_node(new, house.catalog), phrase_node(leaf, house.catalog)
    return _at(condition, path, new), f"Narrowed to count sooner: {said}, instead of: {before}"


def _at(node: Condition, path: Path, new: Condition) -> Condition:
    """The tree with another node at a place."""
    if not path:
        return new
    parts = list(children(node))
    parts[path[0]] = _at(parts[path[0]], path[1:], new)
    return with_children(node, tuple(parts))


def _key(path: Path, leaf: Condition) -> int:
    """Names a condition on a button: the same as long as it stands at its place as it is."""
    return zlib.crc32(repr((path, leaf)).encode())
