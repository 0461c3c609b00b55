"""What a segment is made up of beside everybody: the attributes whose values are spread most differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from segbot.flows.house import House
from segbot.model.catalog import Catalog, Field
from segbot.model.condition import AllOf, Condition, Has, walk
from segbot.model.operators import Kind, Operator
from segbot.model.resolve import Moment
from segbot.model.snapshot import Makeup, Slice
from segbot.sql.compile import compile_makeup
from segbot.warehouse.run import Warehouse

MOST_SHOWN = 3
"""Attributes of a make-up: the picture is looked at on a phone."""

_MOST_ASKED = 14
_MOST_VALUES = 6
_LEAST_DISTANCE = 0.02
_AGES = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 120))


@dataclass(frozen=True, slots=True)
class _Asked:
    attribute: Field
    values: tuple[tuple[str, Condition], ...]


async def makeup(
    house: House, warehouse: Warehouse, condition: Condition, at: Moment, *, floor: int
) -> tuple[Makeup, ...]:
    """The attributes in which a segment differs most from everybody, the most different first.

    A value that fewer than `floor` of its people have is left out, as single people could be recognised by it; of a segment
    of fewer people nothing is told. Attributes that the conditions fix, contact data and sensitive ones are no news.
    """
    asked = [*_asked(condition, house.catalog)][:_MOST_ASKED]
    if not asked:
        return ()
    values = [value for one in asked for _, value in one.values]
    house = await house.holding([condition])
    statement = compile_makeup(condition, values, house.catalog, at, house.base, house.segments)
    base, total, *sizes = (await warehouse.count(statement)).values
    if total < floor or total == base:
        return ()
    pairs = iter(zip(sizes[::2], sizes[1::2], strict=True))
    found = [_spread(one, [next(pairs) for _ in one.values], base, total, floor) for one in asked]
    telling = [one for one in found if one is not None and one.distance >= _LEAST_DISTANCE]
    return tuple(sorted(telling, key=lambda one: -one.distance)[:MOST_SHOWN])


def _asked(condition: Condition, catalog: Catalog) -> Iterator[_Asked]:
    """What may be told of: choices, flags and ages, but for what the conditions fix."""
    fixed = {part.attribute for part in _parts(condition) if isinstance(part, Has)}
    base = {node.attribute for node in walk(condition) if isinstance(node, Has) and node.operator is Operator.IS_SET}
    for field in catalog.attributes:
        if field.key in fixed | base or field.contact or field.sensitive or field.source.many:
            continue
        match field.kind:
            case Kind.CHOICE if len(field.values) > 1:
                most = sorted(field.values, key=lambda entry: -(entry.rows or 0))[:_MOST_VALUES]
                kept = field.values if field.ordered else most
                yield _Asked(
                    field,
                    tuple((v.label, Has(field.key, Operator.IS, (v.value,))) for v in kept[:_MOST_VALUES]),
                )
            case Kind.FLAG:
                yield _Asked(field, (("yes", Has(field.key, Operator.IS, (True,))),))
            case Kind.AGE:
                bands = ((f"{low} to {high}" if high < 120 else f"{low} and over", low, high) for low, high in _AGES)
                yield _Asked(
                    field,
                    tuple((label, Has(field.key, Operator.BETWEEN, (low, high))) for label, low, high in bands),
                )
            case _:
                pass


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, AllOf) else (condition,)


def _spread(asked: _Asked, sizes: Sequence[tuple[int, int]], base: int, total: int, floor: int) -> Makeup | None:
    slices = [
        Slice(label, inside / total, whole / base)
        for (label, _), (whole, inside) in zip(asked.values, sizes, strict=True)
        if inside == 0 or inside >= floor
    ]
    if not slices:
        return None
    distance = sum(abs(one.part - one.whole) for one in slices) / (1 if len(slices) == 1 else 2)
    return Makeup(asked.attribute.label, tuple(s for s in slices if s.part or s.whole), distance)
