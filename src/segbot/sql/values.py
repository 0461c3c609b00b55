"""Tests of one value: a customer's attribute, or a property of an event's row.

An empty text counts as no answer. A test of a value that is not set is NULL or false, never true: its complement is
always written `IS NOT TRUE`, so people without an answer end up there.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from sqlglot import exp

from segbot.errors import CannotCompile
from segbot.model.catalog import Field, Role, Source
from segbot.model.condition import Near, Value
from segbot.model.operators import OPERATORS, Kind, Operator
from segbot.model.windows import Window
from segbot.sql import times
from segbot.sql.dialect import EARTH_KM, escape_like, folded
from segbot.sql.names import Build
from segbot.sql.nodes import (
    Node,
    conjunction,
    disjunction,
    equal,
    is_not_true,
    is_null,
    is_set,
    number,
    opposite,
    paren,
    text,
    typed,
)

_INT64 = 2**63
_HAIR = 1e-4  # degrees: a box ten metres wider than the circle loses nobody to rounding
_COMPARISONS: dict[Operator, type[exp.Binary]] = {
    Operator.IS: exp.EQ,
    Operator.GT: exp.GT,
    Operator.GE: exp.GTE,
    Operator.LT: exp.LT,
    Operator.LE: exp.LTE,
}
_YES = ("true", "t", "yes", "y", "on", "1")
_NO = ("false", "f", "no", "n", "off", "0")
_TEXT_KINDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE})


@dataclass(frozen=True, slots=True)
class Test:
    """A boolean expression; `certain` ones are never NULL."""

    expression: Node
    certain: bool = False

    def negated(self) -> Test:
        """The two-valued complement."""
        if self.certain:
            return Test(opposite(self.expression), True)
        return Test(is_not_true(self.expression), True)


NOBODY = Test(exp.Boolean(this=False), True)
ANYBODY = Test(exp.Boolean(this=True), True)


def check_fits(field: Field, operator: Operator) -> None:
    """Raises `CannotCompile` when the operator makes no sense for the field."""
    if field.kind not in OPERATORS[operator].kinds:
        raise CannotCompile(f"operator {operator} does not fit {field.key!r}, a {field.kind}")


def test_value(
    build: Build, field: Field, value: Node, operator: Operator, values: tuple[Value, ...], window: Window | None
) -> Test:
    """A test of one value, given the expression that yields it."""
    check_fits(field, operator)
    source = field.source
    match operator:
        case Operator.IS_SET:
            return Test(present(field, value, build))
        case Operator.WITHIN | Operator.ANNIVERSARY:
            assert window is not None
            date_kind = field.kind is Kind.DATE
            column_type = times.moment_type(source.sql_type, source.path, date_kind=date_kind)
            moment = times.as_moment(build, value, source.sql_type, source.path, date_kind=date_kind)
            test = times.within if operator is Operator.WITHIN else times.anniversary
            return Test(test(build, moment, column_type, window))
        case Operator.HAS_ANY | Operator.HAS_ALL | Operator.LENGTH:
            return _test_list(build, field, value, operator, values)
        case _:
            pass
    match field.kind:
        case Kind.TEXT | Kind.CHOICE | Kind.EMAIL | Kind.PHONE:
            return _test_text(build, field, value, operator, values)
        case Kind.NUMBER | Kind.MONEY:
            numeric = number_of(build, field, value)
            whole = source.sql_type == "integer" and not source.path
            return Test(compare_numbers(build, numeric, operator, numbers(values), whole=whole))
        case Kind.AGE:
            return _test_age(build, field, value, operator, values)
        case Kind.FLAG:
            return _test_flag(build, source, value, values)
        case Kind.DATE | Kind.TIME | Kind.LIST:
            raise CannotCompile(f"operator {operator} does not fit a {field.kind}")
        case _:
            assert_never(field.kind)


def present(field: Field, value: Node, build: Build) -> Node:
    """Whether a value is an answer at all."""
    source = field.source
    if field.kind is Kind.LIST:
        return exp.GT(this=build.dialect.list_length(_as_list(field, value)), expression=number(0))
    if source.path or source.sql_type == "text":
        return exp.NEQ(this=value, expression=text(""))
    return is_set(value)


# --- text ---------------------------------------------------------------------------------------


def text_of(source: Source, value: Node) -> Node:
    """A value as text."""
    return value if source.path or source.sql_type == "text" else typed(value, "text")


def _test_text(build: Build, field: Field, value: Node, operator: Operator, values: tuple[Value, ...]) -> Test:
    source = field.source
    words = tuple(dict.fromkeys(word for word in (as_word(v) for v in values) if word))
    if not words:
        return NOBODY
    if operator is Operator.IS:
        if field.kind is Kind.CHOICE:
            return equals_exactly(build, source, value, words)
        return _equals_folded(build, text_of(source, value), words)
    patterns = tuple(dict.fromkeys(p for word in words for p in _patterns(operator, word)))
    if not patterns:
        return NOBODY
    said = text_of(source, value)
    return Test(build.dialect.like_any(build.bind, said, patterns))


def as_word(value: Value) -> str:
    """A value as the text it is stored as."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _patterns(operator: Operator, word: str) -> tuple[str, ...]:
    """LIKE patterns, any of which may match. In `matches`, * stands for any text and ? for one character."""
    literal = escape_like(word)
    match operator:
        case Operator.CONTAINS:
            return (f"%{literal}%",)
        case Operator.STARTS_WITH:
            return (f"{literal}%",)
        case Operator.ENDS_WITH:
            return (f"%{literal}",)
        case Operator.MATCHES:
            return (literal.replace("*", "%").replace("?", "_"),)
        case Operator.DOMAIN:
            domain = escape_like(word.strip().lstrip("@"))
            if not domain:
                return ()
            return (f"%@{domain}",) if "." in domain else (f"%@{domain}.%",)
        case Operator.COUNTRY_CODE:
            digits = "".join(letter for letter in word if letter in "0123456789").lstrip("0")
            return (f"+{digits}%", f"00{digits}%") if digits else ()
        case _:
            raise CannotCompile(f"operator {operator} does not test text")


def equals_exactly(build: Build, source: Source, value: Node, words: tuple[str | int | bool, ...]) -> Test:
    """One of some stored values, exactly; compared in the column's own type so that an index can serve it."""
    column_type = "text" if source.path else source.sql_type
    typed_values: tuple[str | int | bool | Decimal, ...]
    match column_type:
        case "text":
            typed_values, bound_type = tuple(as_word(word) for word in words), "text"
        case "integer":
            whole = (as_word(word) for word in words)
            typed_values = tuple(int(w) for w in whole if w.strip().lstrip("-").isdecimal() and abs(int(w)) < _INT64)
            bound_type = "bigint"
        case "numeric":
            typed_values, bound_type = tuple(d for d in map(_decimal, words) if d is not None), "numeric"
        case "boolean":
            flags = tuple(as_word(word).lower() for word in words)
            typed_values = tuple(flag in _YES for flag in flags if flag in _YES or flag in _NO)
            bound_type = "boolean"
        case "uuid":
            typed_values, bound_type = tuple(w for w in (as_word(v) for v in words) if _is_uuid(w)), "uuid"
        case _:
            value, typed_values, bound_type = typed(value, "text"), tuple(as_word(word) for word in words), "text"
    typed_values = tuple(dict.fromkeys(typed_values))
    if not typed_values:
        return NOBODY
    if len(typed_values) == 1:
        return Test(equal(value, build.bind(typed_values[0], bound_type)))
    return Test(build.dialect.equals_any(value, build.bind(typed_values, bound_type)))


def _decimal(word: str | int | bool) -> Decimal | None:
    try:
        found = Decimal(as_word(word))
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def _is_uuid(word: str) -> bool:
    try:
        uuid.UUID(word)
    except ValueError:
        return False
    return True


def _equals_folded(build: Build, value: Node, words: tuple[str, ...]) -> Test:
    low = build.dialect.lower(value)
    if len(words) == 1:
        return Test(equal(low, build.dialect.lower(build.bind(words[0], "text"))))
    forms = tuple(dict.fromkeys(form for word in words for form in folded(word)))
    return Test(build.dialect.equals_any(low, build.bind(forms, "text")))


# --- numbers ------------------------------------------------------------------------------------


_LARGEST = 10**300


def numbers(values: tuple[Value, ...]) -> tuple[int | Decimal, ...]:
    """Values as exact numbers. Raises `CannotCompile` for anything else."""
    found: list[int | Decimal] = []
    for value in values:
        if isinstance(value, bool | str):
            raise CannotCompile(f"{value!r} is not a number")
        if not abs(value) < _LARGEST:  # nor infinite, nor not a number
            raise CannotCompile("a number of more than 300 digits")
        found.append(value if isinstance(value, int) else Decimal(repr(value)))
    return tuple(found)


def number_of(build: Build, field: Field, value: Node) -> Node:
    """The number a field holds: its column, or what its text says."""
    if field.kind not in (Kind.NUMBER, Kind.MONEY, Kind.AGE):
        raise CannotCompile(f"{field.key!r} is a {field.kind}, not a number")
    if field.source.path or field.source.sql_type in ("text", "jsonb"):
        return build.dialect.number_in_text(value)
    if field.source.sql_type in ("integer", "numeric"):
        return value
    raise CannotCompile(f"{field.key!r} is kept as {field.source.sql_type}, not as a number")


def bind_number(build: Build, value: int | Decimal) -> Node:
    """A number as a bound value of the narrowest exact type."""
    if isinstance(value, int) and abs(value) < _INT64:
        return build.bind(value, "bigint")
    return build.bind(Decimal(value), "numeric")


def compare_numbers(
    build: Build, value: Node, operator: Operator, bounds: tuple[int | Decimal, ...], *, whole: bool = False
) -> Node:
    """A number compared with bounds. Several equal values are one array; `whole` columns are compared as integers."""
    if operator is Operator.BETWEEN:
        low, high = (bind_number(build, bound) for bound in bounds)
        return exp.Between(this=_operand(value), low=low, high=high)
    if operator is Operator.IS and len(bounds) > 1:
        integers = tuple(b for b in bounds if isinstance(b, int) and abs(b) < _INT64)
        if whole and integers:
            return build.dialect.equals_any(value, build.bind(tuple(dict.fromkeys(integers)), "bigint"))
        exact = tuple(dict.fromkeys(Decimal(b) for b in bounds))
        return build.dialect.equals_any(_operand(value), build.bind(exact, "numeric"))
    try:
        comparison = _COMPARISONS[operator]
    except KeyError as unknown:
        raise CannotCompile(f"operator {operator} does not compare numbers") from unknown
    return comparison(this=_operand(value), expression=bind_number(build, bounds[0]))


def _operand(value: Node) -> Node:
    return paren(value) if isinstance(value, exp.Binary) else value


def _test_age(build: Build, field: Field, value: Node, operator: Operator, values: tuple[Value, ...]) -> Test:
    source = field.source
    if not source.path and source.sql_type in ("integer", "numeric"):
        return Test(compare_numbers(build, value, operator, numbers(values), whole=source.sql_type == "integer"))
    column_type = times.moment_type(source.sql_type, source.path, date_kind=True)
    born = times.as_moment(build, value, source.sql_type, source.path, date_kind=True)
    years = tuple(float(n) for n in numbers(values))
    return Test(times.age(build, born, column_type, operator, years))


# --- flags --------------------------------------------------------------------------------------


def _test_flag(build: Build, source: Source, value: Node, values: tuple[Value, ...]) -> Test:
    wanted = {v for v in values if isinstance(v, bool)}
    if len(wanted) != len(set(values)):
        raise CannotCompile(f"a flag is true or false, not {values!r}")
    parts = [_is_flag(build, source, value.copy(), flag) for flag in sorted(wanted, reverse=True)]
    return Test(disjunction(part.expression for part in parts), all(part.certain for part in parts))


def _is_flag(build: Build, source: Source, value: Node, flag: bool) -> Test:
    if source.path or source.sql_type in ("text", "jsonb"):
        words = build.bind(_YES if flag else _NO, "text")
        return Test(build.dialect.equals_any(build.dialect.lower(value), words))
    match source.sql_type:
        case "boolean":
            return Test(exp.Is(this=value, expression=exp.Boolean(this=flag)), True)
        case "integer" | "numeric":
            return Test((exp.NEQ if flag else exp.EQ)(this=value, expression=number(0)))
        case "date" | "timestamp" | "timestamptz":
            # A date of, say, unsubscribing is itself the yes.
            return Test(is_set(value) if flag else is_null(value), True)
        case _:
            raise CannotCompile(f"a column of type {source.sql_type} is no yes or no")


# --- lists --------------------------------------------------------------------------------------


def _as_list(field: Field, value: Node) -> Node:
    if field.source.path or field.source.sql_type != "text[]":
        raise CannotCompile(f"{field.key!r} is not kept as a list")
    return value


def _test_list(build: Build, field: Field, value: Node, operator: Operator, values: tuple[Value, ...]) -> Test:
    items = _as_list(field, value)
    if operator is Operator.LENGTH:
        length = build.dialect.list_length(items)
        return Test(compare_numbers(build, length, Operator.BETWEEN, numbers(values), whole=True))
    wanted = build.bind(tuple(dict.fromkeys(as_word(v) for v in values)), "text")
    if operator is Operator.HAS_ALL:
        return Test(build.dialect.list_contains_all(items, wanted))
    return Test(build.dialect.list_overlaps(items, wanted))


# --- places -------------------------------------------------------------------------------------


def near(build: Build, place: dict[Role, Node], node: Near) -> Test:
    """Within a distance of a point: first a box that an index can serve, then the distance itself.

    The box is whole around a pole, and in two parts where it crosses the 180th meridian.
    """

    def degrees(value: float) -> Node:
        return build.bind(round(value, 4), "double precision")

    angle = node.kilometres / EARTH_KM
    reach = math.degrees(angle) + _HAIR
    south, north = node.latitude - reach, node.latitude + reach
    box: list[Node] = [exp.Between(this=place[Role.LATITUDE], low=degrees(south), high=degrees(north))]
    longitude = place[Role.LONGITUDE]
    if south > -90 and north < 90:
        half = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(node.latitude))))) + _HAIR
        west, east = node.longitude - half, node.longitude + half
        if west >= -180 and east <= 180:
            box.append(exp.Between(this=longitude.copy(), low=degrees(west), high=degrees(east)))
        elif half < 180:
            west, east = (west + 360 if west < -180 else west), (east - 360 if east > 180 else east)
            beyond = exp.GTE(this=longitude.copy(), expression=degrees(west))
            box.append(disjunction([beyond, exp.LTE(this=longitude.copy(), expression=degrees(east))]))
    point = [build.bind(float(value), "double precision") for value in (node.latitude, node.longitude, node.kilometres)]
    distance = build.dialect.kilometres(place[Role.LATITUDE].copy(), longitude, *point[:2])
    return Test(conjunction([*box, exp.LTE(this=distance, expression=point[2])]))


def all_true(tests: list[Test]) -> Test:
    """The conjunction of tests."""
    return Test(conjunction(t.expression for t in tests), all(t.certain for t in tests))


def any_true(tests: list[Test]) -> Test:
    """The disjunction of tests."""
    return Test(disjunction(t.expression for t in tests), all(t.certain for t in tests))
