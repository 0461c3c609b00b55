"""Asking the customer database about trees: sizes, the ladder, the sizes of choices. Every statement passes the guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segbot.flows.house import House
from segbot.model.condition import Condition
from segbot.model.resolve import Moment
from segbot.model.segment import Counted, Step
from segbot.sql.compile import NO_SEGMENTS, compile_ladder, compile_members, compile_sizes, steps_of
from segbot.sql.lower import Segments
from segbot.sql.statement import Statement
from segbot.warehouse.run import Warehouse


@dataclass(frozen=True, slots=True)
class Sized:
    """A tree's size with its drop-out ladder."""

    count: Counted
    steps: tuple[Step, ...]


async def size_with_ladder(
    house: House,
    warehouse: Warehouse,
    condition: Condition,
    at: Moment,
    *,
    query_id: str | None = None,
    segments: Segments = NO_SEGMENTS,
) -> Sized:
    """The exact size of a tree, of the base, and how many each condition lets go: one statement, one snapshot."""
    house = await house.holding([condition])
    statement, paths = compile_ladder(condition, house.catalog, at, house.base, {**house.segments, **segments})
    found = await warehouse.count(statement, query_id=query_id)
    return Sized(
        Counted(found["total"], found["base"], at.now, seconds=found.seconds), steps_of(found.values, statement, paths)
    )


async def sizes(
    house: House,
    warehouse: Warehouse,
    conditions: Sequence[Condition],
    at: Moment,
    *,
    query_id: str | None = None,
    segments: Segments = NO_SEGMENTS,
) -> tuple[Counted, ...]:
    """The exact sizes of several trees in one statement: they can be compared, being of the same moment."""
    house = await house.holding(conditions)
    statement = compile_sizes(conditions, house.catalog, at, house.base, {**house.segments, **segments})
    found = await warehouse.count(statement, query_id=query_id)
    base, *counted = found.values
    return tuple(Counted(size, base, at.now, seconds=found.seconds) for size in counted)


def members(house: House, condition: Condition, at: Moment, *, segments: Segments = NO_SEGMENTS) -> Statement:
    """The statement that selects the keys of a tree's customers."""
    return compile_members(condition, house.catalog, at, house.base, {**house.segments, **segments})
