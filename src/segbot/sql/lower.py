"""From what the card names to what the compiler knows: product words are rewritten as plain conditions first.

`RULES` is read from top to bottom; each rule looks at one node, and its docstring says before → after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from segbot.errors import CannotCompile, NamesItself, NoHistory, SegmentGone, UnknownName
from segbot.model.catalog import Catalog
from segbot.model.condition import (
    AllOf,
    AnyOf,
    Condition,
    Defined,
    Did,
    Filter,
    Has,
    Held,
    Member,
    Not,
    Nth,
    Reachable,
    Rows,
    Stopped,
    all_of,
    any_of,
    negate,
    transform,
)
from segbot.model.operators import Operator
from segbot.model.windows import Window, last, more_than_ago

Rule = Callable[[Condition, Catalog], Condition]
Segments = Mapping[Member, Condition]
"""What each membership means now: a segment's own tree; the keys of a snapshot, a list or a change, as `Listed`."""


def lower(node: Condition, catalog: Catalog, segments: Segments) -> Condition:
    """The same set of customers in core nodes.

    Raises `UnknownName` for what the catalog or `segments` does not have, `CannotCompile` for what cannot be counted.
    """
    tree = expand_members(node, segments)
    for rule in RULES:
        tree = transform(tree, lambda part, rule=rule: rule(part, catalog))  # type: ignore[misc]
    return tree


def expand_members(node: Condition, segments: Segments, inside: tuple[Member, ...] = ()) -> Condition:
    """in segment S → the tree of S, and so on inside it. A segment that contains itself is refused."""

    def rule(part: Condition) -> Condition:
        if not isinstance(part, Member):
            return part
        if part in inside:
            raise NamesItself(f"{part.of} {part.id!r} contains itself")
        meaning = segments.get(part)
        if meaning is None and part.change is not None:
            raise NoHistory(f"no history is kept of who {part.change} the {part.of} {part.id!r}")
        if meaning is None:
            raise SegmentGone(f"no {part.of} {part.id!r}")
        return expand_members(meaning, segments, (*inside, part))

    return transform(node, rule)


def expand_defined(node: Condition, _: Catalog) -> Condition:
    """VIP, which means X → X."""
    return node.meaning if isinstance(node, Defined) else node


def expand_reachable(node: Condition, catalog: Catalog) -> Condition:
    """reachable by e-mail → has an address, and consent is yes, and (nothing blocks it)."""
    if not isinstance(node, Reachable):
        return node
    channel = catalog.channel(node.channel)
    if channel is None:
        raise UnknownName(f"no channel {node.channel!r} in the catalog")
    parts: list[Condition] = [Has(channel.address, Operator.IS_SET)]
    if channel.consent is not None:
        parts.append(Has(channel.consent, Operator.IS, (True,)))
    parts += [Not(Has(blocker, Operator.IS, (True,))) for blocker in channel.blocked_by]
    return all_of(parts)


def expand_stopped(node: Condition, _: Catalog) -> Condition:
    """stopped buying 6 months ago → the last purchase until now was more than 6 months ago."""
    if not isinstance(node, Stopped):
        return node
    quiet = node.quiet
    before, lately = more_than_ago(quiet.amount, quiet.unit), last(quiet.amount, quiet.unit)
    if node.rows.window is None and not quiet.unit.is_clock:
        # The same as one look at the rows: the last of them until now is from before. (Of minutes and hours it is not: a
        # row that knows only its day is both before a moment of that day and after it.)
        return Nth(replace(node.rows, window=Window(None, lately.end)), -1, before)
    earlier = node.rows if node.rows.window is not None else replace(node.rows, window=before)
    return AllOf((Did(earlier), Not(Did(replace(node.rows, window=lately)))))


def expand_held(node: Condition, catalog: Catalog) -> Condition:
    """has been gold for a year → is gold, its last change before a year ago was to gold, and none since to anything else."""
    if not isinstance(node, Held):
        return node
    field = catalog.attribute(node.attribute)
    if field is None:
        raise UnknownName(f"no attribute {node.attribute!r} in the catalog")
    if field.history is None:
        raise CannotCompile(f"the history of {node.attribute!r} is not kept, only its value now")
    event, key = field.history
    length = node.at_least
    same = Filter(key, Operator.IS, node.values)
    changes = Rows(event, window=more_than_ago(length.amount, length.unit))
    since = Rows(event, (replace(same, negated=True),), last(length.amount, length.unit))
    return AllOf((Has(node.attribute, Operator.IS, node.values), Nth(changes, -1, filters=(same,)), Not(Did(since))))


def push_not_inwards(node: Condition, _: Catalog) -> Condition:
    """not (A or B) → not A and not B: each part can then be an anti-join."""
    if isinstance(node, Not) and isinstance(node.part, AnyOf):
        return all_of(push_not_inwards(negate(part), _) for part in node.part.parts)
    return node


def flatten(node: Condition, _: Catalog) -> Condition:
    """A and (B and C) → A and B and C; not not A → A."""
    match node:
        case AllOf(parts=parts):
            return all_of(parts)
        case AnyOf(parts=parts):
            return any_of(parts)
        case Not(part=Not(part=part)):
            return part
        case _:
            return node


RULES: tuple[Rule, ...] = (
    expand_defined,
    expand_reachable,
    expand_stopped,
    expand_held,
    push_not_inwards,
    flatten,
)
