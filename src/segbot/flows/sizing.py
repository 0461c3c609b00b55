"""Asking the customer database about trees: sizes, the ladder, the sizes of choices. Every statement passes the guard."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segbot.flows.house import House
from segbot.model.condition import Condition
from segbot.model.resolve import Moment
from segbot.model.segment import Counted, Step
from segbot.sql.compile import Statement, compile_ladder, compile_members, compile_sizes
from segbot.warehouse.run import Warehouse

Segments = Mapping[str, Condition]
"""The trees of saved segments that a request may name, by id."""


@dataclass(frozen=True, slots=True)
class Sized:
    """A tree's size with its drop-out ladder."""

    count: Counted
    steps: tuple[Step, ...]


async def size_with_ladder(
    house: House, warehouse: Warehouse, condition: Condition, at: Moment, segments: Segments | None = None
) -> Sized:
    """The exact size of a tree, of the base, and how many each condition lets go: one statement, one snapshot."""
    statement, paths = compile_ladder(condition, house.catalog, at, base=house.base, segments=segments or {})
    started = time.perf_counter()
    (row,) = await warehouse.rows(statement)
    seconds = time.perf_counter() - started
    found = dict(zip(statement.columns, row, strict=True))
    steps = tuple(
        Step(path, int(found[f"alone_{i}"]), None if f"remaining_{i}" not in found else int(found[f"remaining_{i}"]))
        for i, path in enumerate(paths)
    )
    return Sized(Counted(int(found["matched"]), int(found["base"]), at.now, seconds=seconds), steps)


async def sizes(
    house: House, warehouse: Warehouse, conditions: Sequence[Condition], at: Moment, segments: Segments | None = None
) -> tuple[Counted, ...]:
    """The exact sizes of several trees in one statement: they can be compared, being of the same moment."""
    statement = compile_sizes(conditions, house.catalog, at, base=house.base, segments=segments or {})
    started = time.perf_counter()
    (row,) = await warehouse.rows(statement)
    seconds = time.perf_counter() - started
    found = dict(zip(statement.columns, row, strict=True))
    return tuple(
        Counted(int(found[f"matched_{i}"]), int(found["base"]), at.now, seconds=seconds) for i in range(len(conditions))
    )


def members(house: House, condition: Condition, at: Moment, segments: Segments | None = None) -> Statement:
    """The statement that selects the keys of a tree's customers."""
    return compile_members(condition, house.catalog, at, base=house.base, segments=segments or {})
