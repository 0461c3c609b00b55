"""A finished query: its text, its bound values, and the same with the values written in place for people to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import sqlglot
from sqlglot import exp

from segbot.sql.nodes import DIALECT, Node, typed

Bound = bool | int | Decimal | float | str | date | datetime
"""A value that a query may carry."""
Bind = Callable[[Bound | tuple[Bound, ...], str], Node]
"""Makes a typed placeholder of a value."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One SELECT: `sql` with named placeholders (`%(p1)s`, psycopg's style), their values, and the names of its columns.

    `types` are the SQL types that the text casts each placeholder to. Lists are Python lists, bound as one array.
    Another `dialect` than Postgres writes its placeholders in its own way.
    """

    sql: str
    parameters: dict[str, object]
    columns: tuple[str, ...]
    types: dict[str, str] = field(default_factory=dict)
    dialect: str = DIALECT


@dataclass(slots=True)
class Parameters:
    """The values of a query being built. The same value of the same type is bound once."""

    values: dict[str, object] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    _names: dict[tuple[str, object], str] = field(default_factory=dict)

    def add(self, value: Bound | tuple[Bound, ...], sql_type: str) -> exp.Cast:
        """A placeholder for the value, cast to its type; a tuple becomes an array of that type."""
        full = f"{sql_type}[]" if isinstance(value, tuple) else sql_type
        known = (full, value)
        name = self._names.get(known)
        if name is None:
            name = self._names[known] = f"p{len(self._names) + 1}"
            self.values[name] = list(value) if isinstance(value, tuple) else value
            self.types[name] = full
        return typed(exp.Placeholder(this=name), full)


def render(statement: Statement) -> str:
    """The statement with its values in place, laid out for reading; it runs as it is in psql."""

    def with_value(node: Node) -> Node:
        match node:
            case exp.Cast(this=(exp.Placeholder() | exp.Parameter()) as placeholder):
                return _constant(statement.parameters[placeholder.name], statement.types[placeholder.name])
            case _:
                return node

    tree = sqlglot.parse_one(statement.sql, read=statement.dialect)
    for rewrite in (with_value, _as_in, _as_is_not):
        tree = tree.transform(rewrite, copy=False)
    return tree.sql(statement.dialect, pretty=True)


def _as_in(node: Node) -> Node:
    """x = ANY(ARRAY['a', 'b']) → x IN ('a', 'b')."""
    match node:
        case exp.EQ(expression=exp.Any(this=exp.Paren(this=exp.Cast(this=exp.Array() as array)))):
            return exp.In(this=node.this, expressions=array.expressions)
        case _:
            return node


def _as_is_not(node: Node) -> Node:
    """NOT x IS TRUE → x IS NOT TRUE."""
    match node:
        case exp.Not(this=exp.Is(expression=exp.Boolean()) as inner):
            return exp.Is(this=inner.this, expression=inner.expression, negate=True)
        case _:
            return node


def _constant(value: object, sql_type: str) -> Node:
    match value:
        case list():
            items = [_constant(item, "") for item in value]
            return typed(exp.Array(expressions=items), sql_type)
        case bool():
            return exp.Boolean(this=value)
        case int() | Decimal() | float():
            text = format(value, "f") if isinstance(value, Decimal) else repr(value)
            number = exp.Literal.number(text.lstrip("-"))
            signed: Node = exp.Neg(this=number) if text.startswith("-") else number
            # Plain numbers type themselves; in an array the array's cast does it.
            return typed(signed, sql_type) if sql_type not in ("", "bigint", "numeric") else signed
        case datetime():
            return _text(value.isoformat(sep=" "), sql_type)
        case date():
            return _text(value.isoformat(), sql_type)
        case str():
            return _text(value, "" if sql_type == "text" else sql_type)
        case _:
            raise TypeError(f"cannot write {type(value).__name__} as SQL")


def _text(value: str, sql_type: str) -> Node:
    text = exp.Literal.string(value)
    return typed(text, sql_type) if sql_type else text
