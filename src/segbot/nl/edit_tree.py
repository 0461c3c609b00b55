"""Places in a tree that an edit can mean: its single conditions, their numbers, windows and lengths, and how to change them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from segbot.model.catalog import Catalog, Field
from segbot.model.condition import (
    Against,
    AllOf,
    AnyOf,
    Around,
    CameBack,
    Capped,
    Comparison,
    Condition,
    Did,
    Everyone,
    Filter,
    Has,
    Held,
    Not,
    Nth,
    Ranked,
    Regularly,
    Sampled,
    Sequence,
    Share,
    Stopped,
    all_of,
    any_of,
    children,
    negate,
    rows_of,
)
from segbot.model.operators import COMPARISONS, Kind, Operator
from segbot.model.windows import Duration, Window

Path: TypeAlias = tuple[int, ...]
SlotUnit: TypeAlias = Literal["money", "percent", "count", "age", "plain", "people"]


@dataclass(frozen=True, slots=True)
class Site:
    """A single condition of a tree. `unit` is the path with its negation; `conjunct` says that everybody must meet it."""

    path: Path
    node: Condition
    unit: Path
    negated: bool
    conjunct: bool

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about: an attribute, an event, or its own kind."""
        return subject(self.node)


def subject(node: Condition) -> tuple[str, str]:
    """What a single condition is about."""
    match node:
        case Has(attribute=key) | Held(attribute=key):
            return "attribute", key
        case Not(part=part):
            return subject(part)
        case Ranked() | Against() | Capped():
            return "kind", node.kind
        case _:
            rows = rows_of(node)
            return ("event", rows[0].event) if rows else ("kind", node.kind)


def sites(tree: Condition) -> list[Site]:
    """All single conditions, in the order of the tree."""
    return list(_sites(tree, (), (), False, True))


def _sites(node: Condition, path: Path, unit: Path, negated: bool, conjunct: bool) -> Iterator[Site]:
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            inside = conjunct and (isinstance(node, AllOf) != negated)
            for index, part in enumerate(parts):
                yield from _sites(part, (*path, index), (*path, index), negated, inside)
        case Not(part=part):
            yield from _sites(part, (*path, 0), unit, not negated, conjunct)
        case Capped(part=part):
            yield from _sites(part, (*path, 0), (*path, 0), negated, conjunct)
        case Everyone():
            return
        case Ranked(within=within) | Against(within=within):
            yield Site(path, node, unit, negated, conjunct)
            if within is not None:
                yield from _sites(within, (*path, 0), (*path, 0), negated, conjunct)
        case _:
            yield Site(path, node, unit, negated, conjunct)


def units(tree: Condition) -> list[tuple[Path, Condition]]:
    """The conditions as the card lists them: the parts of the whole, negations with what they negate."""
    path: Path = ()
    while isinstance(tree, Capped) or (isinstance(tree, Ranked) and tree.within is not None):
        tree = children(tree)[0]
        path = (*path, 0)
    if isinstance(tree, AllOf | AnyOf):
        return [((*path, index), part) for index, part in enumerate(tree.parts)]
    return [] if isinstance(tree, Everyone) else [(path, tree)]


def node_at(tree: Condition, path: Path) -> Condition:
    """The node that a path leads to."""
    for index in path:
        tree = children(tree)[index]
    return tree


def rebuilt(tree: Condition, changes: Mapping[Path, Condition | None]) -> Condition:
    """A tree with some nodes replaced, and those that became None left out; nothing else is touched."""
    built = _rebuilt(tree, changes, ())
    return Everyone() if built is None else built


def _rebuilt(node: Condition, changes: Mapping[Path, Condition | None], path: Path) -> Condition | None:
    if path in changes:
        return changes[path]
    if not any(other[: len(path)] == path for other in changes):
        return node
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            inner = [_rebuilt(part, changes, (*path, index)) for index, part in enumerate(parts)]
            kept = [part for part in inner if part is not None]
            if not kept:
                return None
            return all_of(kept) if isinstance(node, AllOf) else any_of(kept)
        case Not(part=part):
            one = _rebuilt(part, changes, (*path, 0))
            return None if one is None else negate(one)
        case Capped(part=part):
            return replace(node, part=_rebuilt(part, changes, (*path, 0)) or Everyone())
        case Ranked(within=within) | Against(within=within) if within is not None:
            return replace(node, within=_rebuilt(within, changes, (*path, 0)))
        case _:
            return node


# --- numbers, windows and lengths ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """A value within a condition that an edit can change; `put` makes the condition with another value of the same type."""

    site: Site
    what: Literal["number", "window", "length"]
    unit: SlotUnit
    now: Comparison | Window | Duration
    put: Callable[[Any], Condition]
    names: tuple[str, ...] = ()
    """Keys of the field or event it belongs to."""


def slots(tree: Condition, catalog: Catalog) -> list[Slot]:
    """All values of a tree that can be changed, in its order."""
    return [slot for site in sites(tree) for slot in _slots(site, catalog)] + _cap(tree)


def _cap(tree: Condition) -> list[Slot]:
    if not isinstance(tree, Capped):
        return []
    now = Comparison(Operator.IS, (tree.amount,))
    site = Site((), tree, (), False, True)
    return [Slot(site, "number", "people", now, lambda c: replace(tree, amount=int(c.values[0])))]


def _slots(site: Site, catalog: Catalog) -> Iterator[Slot]:
    node = site.node
    yield from _numbers(site, catalog)
    yield from _windows(site)
    match node:
        case Sequence(within=Duration() as length):
            yield Slot(site, "length", "plain", length, lambda v: replace(node, within=v))
        case Around(after=Duration() as length):
            yield Slot(site, "length", "plain", length, lambda v: replace(node, after=v))
        case Around(before=Duration() as length):
            yield Slot(site, "length", "plain", length, lambda v: replace(node, before=v))
        case Stopped(quiet=length) | CameBack(quiet=length):
            yield Slot(site, "length", "plain", length, lambda v: replace(node, quiet=v))
        case Held(at_least=length):
            yield Slot(site, "length", "plain", length, lambda v: replace(node, at_least=v))
        case _:
            return


def _windows(site: Site) -> Iterator[Slot]:
    node = site.node
    match node:
        case Has(window=Window() as window) | Nth(window=Window() as window) | CameBack(window=Window() as window):
            yield Slot(site, "window", "plain", window, lambda v: replace(node, window=v))
        case Did(rows=rows) if rows.window is not None:
            yield Slot(site, "window", "plain", rows.window, lambda v: replace(node, rows=replace(rows, window=v)))
        case Share(part=part, whole=whole) if part.window is not None:
            yield Slot(
                site,
                "window",
                "plain",
                part.window,
                lambda v: replace(node, part=replace(part, window=v), whole=replace(whole, window=v)),
            )
        case Sequence(first=first) if first.window is not None:
            yield Slot(site, "window", "plain", first.window, lambda v: replace(node, first=replace(first, window=v)))
        case Ranked(by=by) if not isinstance(by, str) and by.rows.window is not None:
            rows = by.rows
            yield Slot(
                site,
                "window",
                "plain",
                by.rows.window,
                lambda v: replace(node, by=replace(by, rows=replace(rows, window=v))),
            )
        case _:
            return


def _numbers(site: Site, catalog: Catalog) -> Iterator[Slot]:
    node = site.node
    match node:
        case Has(operator=operator, values=values) if operator in COMPARISONS and _numeric(values):
            field = catalog.attribute(node.attribute)
            now = Comparison(operator, values)
            yield Slot(
                site,
                "number",
                _unit(field),
                now,
                lambda c: replace(node, operator=c.operator, values=c.values),
                (node.attribute,),
            )
        case Did(measure=measure, comparison=comparison, rows=rows):
            event = catalog.event(rows.event)
            field = event.property(measure.property) if event and measure.property else None
            unit: SlotUnit = "count" if measure.property is None else _unit(field)
            names = (rows.event, *((measure.property,) if measure.property else ()))
            yield Slot(site, "number", unit, comparison, lambda c: replace(node, comparison=c), names)
        case Share(comparison=comparison):
            yield Slot(site, "number", "percent", comparison, lambda c: replace(node, comparison=c))
        case Ranked(amount=amount, unit=by_unit):
            ranked: SlotUnit = "percent" if by_unit == "percent" else "people"
            now = Comparison(Operator.IS, (amount,))
            yield Slot(site, "number", ranked, now, lambda c: replace(node, amount=c.values[0]))
        case Sampled(percent=percent):
            now = Comparison(Operator.IS, (percent,))
            yield Slot(site, "number", "percent", now, lambda c: replace(node, percent=c.values[0]))
        case Regularly(at_least=least):
            now = Comparison(Operator.GE, (least,))
            yield Slot(site, "number", "count", now, lambda c: replace(node, at_least=int(c.values[0])))
        case _:
            pass
    yield from _filters(site, catalog)


def _filters(site: Site, catalog: Catalog) -> Iterator[Slot]:
    node = site.node
    if not isinstance(node, Did):
        return
    event = catalog.event(node.rows.event)
    for index, test in enumerate(node.rows.filters):
        if test.operator in COMPARISONS and _numeric(test.values):

            def put(c: Comparison, index: int = index, test: Filter = test) -> Condition:
                filters = list(node.rows.filters)
                filters[index] = replace(test, operator=c.operator, values=c.values)
                return replace(node, rows=replace(node.rows, filters=tuple(filters)))

            field = event.property(test.property) if event else None
            now = Comparison(test.operator, test.values)
            yield Slot(site, "number", _unit(field), now, put, (test.property,))


def _numeric(values: tuple[object, ...]) -> bool:
    return bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def _unit(field: Field | None) -> SlotUnit:
    if field is None:
        return "plain"
    return "money" if field.kind is Kind.MONEY else "age" if field.kind is Kind.AGE else "plain"
