"""What changed between two trees, in one line of English: State: California → Texas; added: never opened an email.

Trees are compared in their canonical form, so an order of parts that changed is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from segbot.model.catalog import Catalog
from segbot.model.condition import (
    AllOf,
    AnyOf,
    Capped,
    Condition,
    Everyone,
    Has,
    Held,
    Not,
    Ranked,
    canonical,
    rows_of,
)
from segbot.nl.phrase import phrase_node

NO_CHANGE = "No change"


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: what it says, and the conditions it is about (None where there is none on that side)."""

    kind: Literal["changed", "added", "dropped"]
    text: str
    before: Condition | None
    after: Condition | None


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences between two trees, in a fixed order: changed, added, dropped. Empty when both mean the same."""

    lines: tuple[Line, ...]

    def __str__(self) -> str:
        if not self.lines:
            return NO_CHANGE
        said = [line.text for line in self.lines if line.kind == "changed"]
        for kind in ("added", "dropped"):
            texts = [line.text for line in self.lines if line.kind == kind]
            said += [f"{kind}: {', '.join(texts)}"] if texts else []
        whole = "; ".join(said)
        return whole[:1].upper() + whole[1:]


def diff(before: Condition, after: Condition, catalog: Catalog) -> Diff:
    """The differences between two trees."""
    lines = sorted(_compare(canonical(before), canonical(after), catalog), key=lambda line: _ORDER[line.kind])
    return Diff(tuple(lines))


def line(before: Condition, after: Condition, catalog: Catalog) -> str:
    """The differences between two trees on one line; "No change" when there is none."""
    return str(diff(before, after, catalog))


_ORDER = {"changed": 0, "added": 1, "dropped": 2}


def _compare(a: Condition, b: Condition, catalog: Catalog) -> Iterator[Line]:
    if a == b:
        return
    if isinstance(a, Capped) or isinstance(b, Capped):
        yield from _capped(a, b, catalog)
    elif isinstance(a, AllOf | AnyOf) and isinstance(b, AllOf | AnyOf) and type(a) is not type(b) and _same_parts(a, b):
        words = {AllOf: "all of these", AnyOf: "any of these"}
        inside = ", ".join(_said(part, catalog) for part in a.parts)
        yield Line("changed", f"{words[type(a)]} → {words[type(b)]}: {inside}", a, b)
    elif isinstance(b, Ranked) and b.within is not None and b.within == (None if isinstance(a, Everyone) else a):
        yield Line("added", _said(replace(b, within=None), catalog), None, b)
    elif isinstance(a, Ranked) and a.within is not None and a.within == (None if isinstance(b, Everyone) else b):
        yield Line("dropped", _said(replace(a, within=None), catalog), a, None)
    elif _either(a, b):
        yield from _units(_parts(a, AnyOf), _parts(b, AnyOf), catalog, "or ")
    else:
        yield from _units(_parts(a, AllOf), _parts(b, AllOf), catalog, "")


def _same_parts(a: AllOf | AnyOf, b: AllOf | AnyOf) -> bool:
    return set(a.parts) == set(b.parts)


def _either(a: Condition, b: Condition) -> bool:
    """Whether both are unions, or one is a union that the other is a part of."""
    if isinstance(a, AnyOf) and isinstance(b, AnyOf):
        return True
    return (isinstance(a, AnyOf) and b in a.parts) or (isinstance(b, AnyOf) and a in b.parts)


def _parts(node: Condition, group: type[AllOf] | type[AnyOf]) -> list[Condition]:
    if isinstance(node, Everyone):
        return []
    return list(node.parts) if isinstance(node, group) else [node]


def _capped(a: Condition, b: Condition, catalog: Catalog) -> Iterator[Line]:
    inner_a = a.part if isinstance(a, Capped) else a
    inner_b = b.part if isinstance(b, Capped) else b
    if isinstance(a, Capped) and isinstance(b, Capped):
        if replace(a, part=b.part) != b:
            yield Line("changed", f"at most {_cap(a, catalog)} → {_cap(b, catalog)}", a, b)
    elif isinstance(a, Capped):
        yield Line("dropped", f"at most {_cap(a, catalog)}", a, None)
    elif isinstance(b, Capped):
        yield Line("added", f"at most {_cap(b, catalog)}", None, b)
    yield from _compare(inner_a, inner_b, catalog)


def _cap(node: Capped, catalog: Catalog) -> str:
    said = _said(replace(node, part=Everyone()), catalog)
    return said.removeprefix("at most ").partition(" of those")[0]


def _units(a: list[Condition], b: list[Condition], catalog: Catalog, joint: str) -> Iterator[Line]:
    gone, new = [x for x in a if x not in b], [x for x in b if x not in a]
    for old in list(gone):
        wider = next((x for x in new if isinstance(x, AnyOf) and old in x.parts), None)
        if wider is not None:
            yield from _compare(old, wider, catalog)
            gone.remove(old)
            new.remove(wider)
    for other in list(new):
        wider = next((x for x in gone if isinstance(x, AnyOf) and other in x.parts), None)
        if wider is not None:
            yield from _compare(wider, other, catalog)
            gone.remove(wider)
            new.remove(other)
    for old in list(gone):
        rivals = [x for x in new if _subject(x) == _subject(old)]
        if not rivals:
            continue
        other = max(rivals, key=lambda x: (_likeness(old, x), -new.index(x)))
        if isinstance(old, AnyOf | AllOf):
            if not isinstance(other, AnyOf | AllOf) or not set(old.parts) & set(other.parts):
                continue
            yield from _compare(old, other, catalog)
        else:
            yield Line("changed", _change(old, other, catalog), old, other)
        gone.remove(old)
        new.remove(other)
    for node in new:
        yield Line("added", joint + _said(node, catalog), None, node)
    for node in gone:
        yield Line("dropped", joint + _said(node, catalog), node, None)


def _subject(node: Condition) -> tuple[str, ...]:
    """What a condition is about: changes are paired by it."""
    match node:
        case Not(part=part):
            return _subject(part)
        case Has(attribute=attribute) | Held(attribute=attribute):
            return ("attribute", attribute)
        case AnyOf() | AllOf():
            return (node.kind,)
        case _:
            rows = rows_of(node)
            return ("event", rows[0].event) if rows else (node.kind,)


def _likeness(a: Condition, b: Condition) -> int:
    """How many words at the two ends of their phrases two conditions share; more is liker."""
    words, others = repr(a).split(), repr(b).split()
    prefix, suffix = _shared(words, others)
    return prefix + suffix


def _shared(a: list[str], b: list[str]) -> tuple[int, int]:
    """How many words two lists share at their beginning and (apart from those) at their end."""
    most = min(len(a), len(b))
    prefix = next((i for i in range(most) if a[i] != b[i]), most)
    suffix = next((i for i in range(most - prefix) if a[-1 - i] != b[-1 - i]), most - prefix)
    return prefix, suffix


def _change(a: Condition, b: Condition, catalog: Catalog) -> str:
    """Two phrases with what they share said once: ordered in the last 90 → 60 days."""
    one, two = _said(a, catalog), _said(b, catalog)
    subject = _subject(a)
    if subject[0] == "attribute":
        label = _label(subject[1], catalog)
        head = f"{label[:1].lower()}{label[1:]}" if not label[:2].isupper() else label
        cut = f"{head} is "
        if one.startswith(cut) and two.startswith(cut):
            return f"{label}: {one.removeprefix(cut)} → {two.removeprefix(cut)}"
        return f"{label}: {one} → {two}"
    words, others = one.split(), two.split()
    prefix, suffix = _shared(words, others)
    if not all(w[:1].isdigit() for w in (*words[prefix : len(words) - suffix], *others[prefix : len(others) - suffix])):
        while prefix and words[prefix - 1] in _OPENING:
            prefix -= 1
        while suffix and words[-suffix] in _CLOSING:
            suffix -= 1
    old, new = words[prefix : len(words) - suffix], others[prefix : len(others) - suffix]
    if not old or not new:
        return f"{one} → {two}"
    parts = [*words[:prefix], *old, "→", *new, *words[len(words) - suffix :]]
    return " ".join(parts)


_OPENING = frozenset(
    [
        "in",
        "the",
        "last",
        "next",
        "first",
        "a",
        "at",
        "least",
        "most",
        "more",
        "than",
        "past",
        "since",
        "before",
        "after",
        "between",
        "on",
        "exactly",
    ]
)
_CLOSING = frozenset(
    [
        "days",
        "weeks",
        "months",
        "quarters",
        "years",
        "hours",
        "minutes",
        "day",
        "week",
        "month",
        "quarter",
        "year",
        "ago",
    ]
)
"""Words at the edges of a time or a count: it is said whole where more than a number in it changed."""


def _label(key: str, catalog: Catalog) -> str:
    field = catalog.attribute(key)
    return field.label if field else key.replace("_", " ")


def _said(node: Condition, catalog: Catalog) -> str:
    """A condition's phrase as it stands inside a line."""
    text = phrase_node(node, catalog)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
