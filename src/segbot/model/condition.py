"""The condition tree: what a request means, as an immutable set algebra over customers.

A condition is a set of customers at a moment `now`, inside the base. `AllOf` is intersection, `AnyOf` union, `Not` the
complement within the base: a customer without an answer is outside every test and inside its `Not`. Invariants live in
`__post_init__`, so an impossible tree cannot exist. Names are keys of the catalog, checked when compiling.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, assert_never

from segbot.model.operators import COMPARISONS, OPERATORS, Operator
from segbot.model.windows import Duration, Unit, Window

Value: TypeAlias = bool | int | float | str
"""A constant. Dates are never values: they are windows. Money and numbers are in the attribute's own unit."""


def _check_values(operator: Operator, values: tuple[Value, ...], window: Window | None) -> None:
    row = OPERATORS[operator]
    if len(values) < row.least or (row.most is not None and len(values) > row.most):
        raise ValueError(f"operator {operator} takes {row.least} to {row.most or 'many'} values, not {len(values)}")
    if row.window != (window is not None):
        raise ValueError(f"operator {operator} {'needs' if row.window else 'takes no'} window")
    for value in values:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("a number in a condition is finite")
    if operator in (Operator.BETWEEN, Operator.LENGTH):
        low, high = values
        if isinstance(low, str | bool) or isinstance(high, str | bool) or low > high:
            raise ValueError(f"between needs two numbers in order, not {values}")


def _tidy(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Write whole floats as integers, so that equal numbers make equal trees: 100.0 → 100."""
    return tuple(
        int(v) if isinstance(v, float) and math.isfinite(v) and v.is_integer() and abs(v) < 2**53 else v for v in values
    )


# --- the parts a condition is made of -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """A number compared with one or two bounds: at least 2; between 3 and 5 (both included)."""

    operator: Operator
    values: tuple[Value, ...]
    kind: Literal["comparison"] = "comparison"

    def __post_init__(self) -> None:
        if self.operator not in COMPARISONS:
            raise ValueError(f"{self.operator} does not compare numbers")
        if any(isinstance(v, str | bool) for v in self.values):
            raise ValueError("a comparison is with numbers")
        if self.operator is Operator.IS and len(self.values) != 1:
            raise ValueError("an equality compares with one number")
        object.__setattr__(self, "values", _tidy(self.values))
        _check_values(self.operator, self.values, None)


def at_least(number: int | float) -> Comparison:
    """At least so many."""
    return Comparison(Operator.GE, (number,))


ONCE = at_least(1)


@dataclass(frozen=True, slots=True)
class Filter:
    """One test of one property of a row: category is shoes; amount is over 100; `negated` includes rows without an answer."""

    property: str
    operator: Operator
    values: tuple[Value, ...] = ()
    window: Window | None = None
    negated: bool = False
    kind: Literal["filter"] = "filter"

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", _tidy(self.values))
        _check_values(self.operator, self.values, self.window)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one event that count: orders of shoes in the last 90 days. All filters hold on the same row."""

    event: str
    filters: tuple[Filter, ...] = ()
    window: Window | None = None
    kind: Literal["rows"] = "rows"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is computed over a customer's rows: the sum of amount. A count has no property, every other function has one."""

    function: Literal["count", "sum", "average", "minimum", "maximum", "distinct"]
    property: str | None = None
    kind: Literal["measure"] = "measure"

    def __post_init__(self) -> None:
        if (self.function == "count") != (self.property is None):
            raise ValueError(f"{self.function} {'takes no' if self.function == 'count' else 'needs a'} property")


COUNT = Measure("count")


@dataclass(frozen=True, slots=True)
class Measured:
    """A number per customer: a measure over rows. Over no rows a count, sum or distinct is 0, all others have no answer."""

    rows: Rows
    measure: Measure = COUNT
    kind: Literal["measured"] = "measured"


# --- core nodes ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Everyone:
    """All customers of the base."""

    kind: Literal["everyone"] = "everyone"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Customers in every one of the parts: women, and in Texas."""

    parts: tuple[Condition, ...]
    kind: Literal["all_of"] = "all_of"

    def __post_init__(self) -> None:
        if len(self.parts) < 2:
            raise ValueError("all_of joins at least two conditions")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Customers in at least one of the parts: under 25, or over 65."""

    parts: tuple[Condition, ...]
    kind: Literal["any_of"] = "any_of"

    def __post_init__(self) -> None:
        if len(self.parts) < 2:
            raise ValueError("any_of joins at least two conditions")


@dataclass(frozen=True, slots=True)
class Not:
    """Everyone of the base outside the part, those without an answer included."""

    part: Condition
    kind: Literal["not"] = "not"


@dataclass(frozen=True, slots=True)
class Has:
    """An attribute tested: state is California; income is over 100,000; signed up within the last 30 days."""

    attribute: str
    operator: Operator
    values: tuple[Value, ...] = ()
    window: Window | None = None
    kind: Literal["has"] = "has"

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", _tidy(self.values))
        _check_values(self.operator, self.values, self.window)


@dataclass(frozen=True, slots=True)
class Did:
    """A measure over an event's rows compared with a number; by default: did it at least once."""

    rows: Rows
    measure: Measure = COUNT
    comparison: Comparison = ONCE
    kind: Literal["did"] = "did"


@dataclass(frozen=True, slots=True)
class Nth:
    """The customer's nth row (1 first, 2 second, -1 last) of an event falls in a window and meets filters.

    `rows` says which rows are counted off (usually without a window); `window` and `filters` are asked of the nth only.
    """

    rows: Rows
    position: int
    window: Window | None = None
    filters: tuple[Filter, ...] = ()
    kind: Literal["nth"] = "nth"

    def __post_init__(self) -> None:
        if self.position == 0:
            raise ValueError("positions count from 1, or from -1 backwards")


@dataclass(frozen=True, slots=True)
class Share:
    """The share of `whole` rows that also meet `part`'s filters, or the ratio of two events: opened half of the e-mails sent.

    The comparison is with a fraction (0.5 is 50 %). Customers with no `whole` rows have no answer.
    """

    part: Rows
    whole: Rows
    comparison: Comparison
    kind: Literal["share"] = "share"


@dataclass(frozen=True, slots=True)
class Compare:
    """One measured number against another, times a factor: more orders this year than last year."""

    left: Measured
    operator: Operator
    right: Measured
    factor: float | int = 1
    kind: Literal["compare"] = "compare"

    def __post_init__(self) -> None:
        if self.operator not in COMPARISONS - {Operator.BETWEEN}:
            raise ValueError(f"{self.operator} does not compare two numbers")


@dataclass(frozen=True, slots=True)
class Sequence:
    """Did `first` and then (or then never, with `then_never`) `then`, within a time after it: viewed, then bought within a day.

    `within` None means any time later. `same` are properties equal on both rows (the same product). With `then_never`
    it is the customer's last `first` row that was not followed.
    """

    first: Rows
    then: Rows
    within: Duration | None = None
    then_never: bool = False
    same: tuple[str, ...] = ()
    kind: Literal["sequence"] = "sequence"


@dataclass(frozen=True, slots=True)
class Around:
    """A row of an event within a time before or after a date attribute of the customer: bought within 7 days of signing up."""

    rows: Rows
    attribute: str
    before: Duration | None = None
    after: Duration | None = None
    kind: Literal["around"] = "around"

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise ValueError("around needs a time before or after")


@dataclass(frozen=True, slots=True)
class Ranked:
    """The top (or bottom) so many people, or so many percent, by an attribute or a measure; ties at the edge are all in.

    `within` None ranks the whole base. Only customers who have an answer are ranked.
    """

    side: Literal["top", "bottom"]
    amount: float | int
    unit: Literal["people", "percent"]
    by: str | Measured
    within: Condition | None = None
    kind: Literal["ranked"] = "ranked"

    def __post_init__(self) -> None:
        if self.amount <= 0 or (self.unit == "percent" and self.amount > 100):
            raise ValueError(f"cannot rank {self.amount} {self.unit}")


@dataclass(frozen=True, slots=True)
class Against:
    """Above or below the average or median of an attribute or measure, over the base or within a condition."""

    side: Literal["above", "below"]
    statistic: Literal["average", "median"]
    by: str | Measured
    within: Condition | None = None
    kind: Literal["against"] = "against"


@dataclass(frozen=True, slots=True)
class Sampled:
    """A random share of the base, in percent, the same people for the same seed."""

    percent: float | int
    seed: int = 0
    kind: Literal["sampled"] = "sampled"

    def __post_init__(self) -> None:
        if not 0 < self.percent <= 100:
            raise ValueError(f"cannot sample {self.percent} %")


@dataclass(frozen=True, slots=True)
class Capped:
    """At most so many people of a condition, taken in an order (None: a stable random one); ties broken by key."""

    part: Condition
    amount: int
    by: str | Measured | None = None
    side: Literal["top", "bottom"] = "top"
    kind: Literal["capped"] = "capped"

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a cap is at least 1")


@dataclass(frozen=True, slots=True)
class Member:
    """In a segment (as it means now), a frozen snapshot or an uploaded list, by id; or entered / left it within a window.

    `name` is what it was called when the tree was made, for people to read; it says nothing about who is in it.
    """

    of: Literal["segment", "snapshot", "list"]
    id: str
    change: Literal["entered", "left"] | None = None
    window: Window | None = None
    name: str = field(default="", compare=False)
    kind: Literal["member"] = "member"

    def __post_init__(self) -> None:
        if (self.change is None) != (self.window is None):
            raise ValueError("a change of membership happens within a window")


KM_PER_MILE = 1.609344
FARTHEST_KM = 20_100
"""A little more than half the way around the earth: everybody is within it."""


@dataclass(frozen=True, slots=True)
class Near:
    """Lives within a distance of a point, on the great circle: 50 miles around Austin, TX.

    The point is in degrees, north and east positive. `place` is what it was called when the tree was made, for people to
    read; the point alone decides. Customers without a known location are outside.
    """

    latitude: float | int
    longitude: float | int
    distance: float | int
    unit: Literal["km", "miles"] = "km"
    place: str = field(default="", compare=False)
    kind: Literal["near"] = "near"

    def __post_init__(self) -> None:
        numbers = (self.latitude, self.longitude, self.distance)
        if not abs(self.latitude) <= 90 or not abs(self.longitude) <= 180:  # also when one of them is no number at all
            raise ValueError("a point has a latitude of at most 90 degrees and a longitude of at most 180")
        if not 0 < self.distance <= FARTHEST_KM or self.kilometres > FARTHEST_KM:
            raise ValueError(f"a distance is more than nothing and at most {FARTHEST_KM:,} km")
        for name, number in zip(("latitude", "longitude", "distance"), _tidy(numbers), strict=True):
            object.__setattr__(self, name, number)

    @property
    def kilometres(self) -> float:
        """The distance in kilometres."""
        return self.distance * (KM_PER_MILE if self.unit == "miles" else 1)


@dataclass(frozen=True, slots=True)
class Listed:
    """Customers named one by one, by key."""

    keys: tuple[str, ...]
    kind: Literal["listed"] = "listed"

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("a list of keys is not empty")


# --- sugar: product words the card must name; lowered to core nodes before compiling ------------


@dataclass(frozen=True, slots=True)
class Defined:
    """A word of the house dictionary together with what it means: VIP."""

    term: str
    meaning: Condition
    kind: Literal["defined"] = "defined"


@dataclass(frozen=True, slots=True)
class Reachable:
    """May be written to on a channel: has an address there and has consented."""

    channel: str
    kind: Literal["reachable"] = "reachable"


@dataclass(frozen=True, slots=True)
class Regularly:
    """Did it in at least so many of the last n whole units: in 4 of the last 6 months."""

    rows: Rows
    at_least: int
    of: int
    unit: Unit
    kind: Literal["regularly"] = "regularly"

    def __post_init__(self) -> None:
        if not 1 <= self.at_least <= self.of:
            raise ValueError(f"{self.at_least} of {self.of} periods is impossible")


@dataclass(frozen=True, slots=True)
class Stopped:
    """Did it before, and not in the last T: stopped buying 6 months ago."""

    rows: Rows
    quiet: Duration
    kind: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class CameBack:
    """Was quiet for at least `quiet`, then did it again within `window` (ever when None)."""

    rows: Rows
    quiet: Duration
    window: Window | None = None
    kind: Literal["came_back"] = "came_back"


@dataclass(frozen=True, slots=True)
class Held:
    """An attribute has had a value for at least so long, where the data keeps its history."""

    attribute: str
    values: tuple[Value, ...]
    at_least: Duration
    kind: Literal["held"] = "held"


Condition: TypeAlias = (
    Everyone
    | AllOf
    | AnyOf
    | Not
    | Has
    | Did
    | Nth
    | Share
    | Compare
    | Sequence
    | Around
    | Ranked
    | Against
    | Sampled
    | Capped
    | Member
    | Near
    | Listed
    | Defined
    | Reachable
    | Regularly
    | Stopped
    | CameBack
    | Held
)


# --- building and walking -----------------------------------------------------------------------


def all_of(parts: Iterable[Condition]) -> Condition:
    """The intersection of any number of conditions; of none it is everyone. Nested `AllOf`s are flattened."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, AllOf) else (part,))
    flat = [part for part in flat if not isinstance(part, Everyone)]
    match flat:
        case []:
            return Everyone()
        case [only]:
            return only
        case _:
            return AllOf(tuple(flat))


def any_of(parts: Iterable[Condition]) -> Condition:
    """The union of any number of conditions; of none it is nobody. Nested `AnyOf`s are flattened."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, AnyOf) else (part,))
    match flat:
        case []:
            return Not(Everyone())
        case [only]:
            return only
        case _:
            return AnyOf(tuple(flat))


def negate(part: Condition) -> Condition:
    """The complement, without writing "not not"."""
    return part.part if isinstance(part, Not) else Not(part)


def children(node: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside a node, in order."""
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return parts
        case Not(part=part) | Capped(part=part):
            return (part,)
        case Defined(meaning=meaning):
            return (meaning,)
        case Ranked(within=within) | Against(within=within):
            return () if within is None else (within,)
        case (
            Everyone()
            | Has()
            | Did()
            | Nth()
            | Share()
            | Compare()
            | Sequence()
            | Around()
            | Sampled()
            | Member()
            | Near()
            | Listed()
            | Reachable()
            | Regularly()
            | Stopped()
            | CameBack()
            | Held()
        ):
            return ()
        case _:
            assert_never(node)


def with_children(node: Condition, new: tuple[Condition, ...]) -> Condition:
    """The same node around other children (as many as `children` gave)."""
    match node:
        case AllOf():
            return all_of(new)
        case AnyOf():
            return any_of(new)
        case Not():
            return negate(new[0])
        case Capped():
            return replace(node, part=new[0])
        case Defined():
            return replace(node, meaning=new[0])
        case Ranked() | Against():
            return replace(node, within=new[0]) if new else node
        case _:
            return node


def transform(node: Condition, rule: Callable[[Condition], Condition]) -> Condition:
    """Apply a rule to every node, children first."""
    inner = children(node)
    rebuilt = with_children(node, tuple(transform(child, rule) for child in inner)) if inner else node
    return rule(rebuilt)


def walk(node: Condition) -> Iterator[Condition]:
    """Every node of a tree, parents before children."""
    yield node
    for child in children(node):
        yield from walk(child)


def rows_of(node: Condition) -> tuple[Rows, ...]:
    """The event rows a single node looks at (not those of its children)."""
    match node:
        case Did(rows=rows) | Nth(rows=rows) | Around(rows=rows) | Regularly(rows=rows) | Stopped(rows=rows):
            return (rows,)
        case CameBack(rows=rows):
            return (rows,)
        case Share(part=part, whole=whole):
            return (part, whole)
        case Compare(left=left, right=right):
            return (left.rows, right.rows)
        case Sequence(first=first, then=then):
            return (first, then)
        case Ranked(by=Measured(rows=rows)) | Against(by=Measured(rows=rows)) | Capped(by=Measured(rows=rows)):
            return (rows,)
        case _:
            return ()


def depth(node: Condition) -> int:
    """How deep a tree nests; a leaf is 1."""
    return 1 + max((depth(child) for child in children(node)), default=0)


MAX_DEPTH = 20
"""Deeper trees are refused before compiling: the SQL parser of the guard gives up at about 40 nested brackets."""


def canonical(node: Condition) -> Condition:
    """The same set written one way: flat, without doubles, parts in a fixed order. Two readings are compared in this form."""

    def rule(part: Condition) -> Condition:
        match part:
            case AllOf(parts=parts):
                return all_of(sorted(dict.fromkeys(all_parts(parts, AllOf)), key=repr))
            case AnyOf(parts=parts):
                return any_of(sorted(dict.fromkeys(all_parts(parts, AnyOf)), key=repr))
            case Has() if part.operator in _UNORDERED:
                return replace(part, values=tuple(sorted(dict.fromkeys(part.values), key=repr)))
            case Did(rows=rows):
                return replace(part, rows=_canonical_rows(rows))
            case Nth(rows=rows, filters=filters):
                return replace(part, rows=_canonical_rows(rows), filters=_canonical_filters(filters))
            case Share(part=some, whole=whole):
                return replace(part, part=_canonical_rows(some), whole=_canonical_rows(whole))
            case Sequence(first=first, then=then):
                return replace(part, first=_canonical_rows(first), then=_canonical_rows(then))
            case Around(rows=rows) | Regularly(rows=rows) | Stopped(rows=rows) | CameBack(rows=rows):
                return replace(part, rows=_canonical_rows(rows))
            case Member():
                return replace(part, name="")
            case Near():
                return replace(part, place="")
            case _:
                return part

    return transform(node, rule)


def _canonical_filters(filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
    ordered = (
        replace(f, values=tuple(sorted(dict.fromkeys(f.values), key=repr))) if f.operator in _UNORDERED else f
        for f in filters
    )
    return tuple(sorted(dict.fromkeys(ordered), key=repr))


def _canonical_rows(rows: Rows) -> Rows:
    return replace(rows, filters=_canonical_filters(rows.filters))


# Operators whose values are a set: their order says nothing.
_UNORDERED = frozenset(
    {
        Operator.IS,
        Operator.CONTAINS,
        Operator.STARTS_WITH,
        Operator.ENDS_WITH,
        Operator.DOMAIN,
        Operator.COUNTRY_CODE,
        Operator.HAS_ANY,
        Operator.HAS_ALL,
    }
)


def all_parts(parts: tuple[Condition, ...], group: type[AllOf] | type[AnyOf]) -> list[Condition]:
    """Parts with nested groups of the same type opened up."""
    flat: list[Condition] = []
    for part in parts:
        if isinstance(part, group):
            flat.extend(all_parts(part.parts, group))
        else:
            flat.append(part)
    return flat
