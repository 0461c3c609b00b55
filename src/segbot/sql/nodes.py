"""Small builders of sqlglot nodes, so that the compiler reads like SQL and no SQL is ever built from strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from sqlglot import exp

DIALECT = "postgres"
"""What the guard reads, and the spelling in which types are named throughout the compiler."""
Node: TypeAlias = exp.Expr

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")

# Postgres' reserved words (pg_get_keywords, categories R and T): quoted as names.
RESERVED = frozenset(
    (  # noqa: SIM905 - a hundred words read better as text
        "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate "
        "collation column concurrently constraint create cross current_catalog current_date current_role "
        "current_schema current_time current_timestamp current_user default deferrable desc distinct do else end "
        "except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into "
        "is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on "
        "only or order outer overlaps placing primary references returning right select session_user similar some "
        "symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when "
        "where window with"
    ).split()
)


def identifier(name: str) -> exp.Identifier:
    """A name, quoted unless Postgres would read it unquoted as the very same."""
    return exp.Identifier(this=name, quoted=not _PLAIN.match(name) or name in RESERVED)


def column(table: str, name: str) -> exp.Column:
    """A column of a table in scope."""
    return exp.Column(this=identifier(name), table=identifier(table))


def table(name: str, alias: str) -> exp.Table:
    """A table (schema.table or table) under an alias."""
    *schema, bare = name.split(".")
    return exp.Table(
        this=identifier(bare),
        db=identifier(schema[0]) if schema else None,
        alias=exp.TableAlias(this=identifier(alias)),
    )


def aliased(node: Node, name: str) -> exp.Alias:
    """An output column."""
    return exp.Alias(this=node, alias=identifier(name))


def derived(query: Node, alias: str) -> exp.Subquery:
    """A query as a table."""
    return exp.Subquery(this=query, alias=exp.TableAlias(this=identifier(alias)))


@lru_cache(maxsize=64)
def _type(sql_type: str) -> exp.DataType:
    return exp.DataType.build(sql_type, dialect=DIALECT)


def typed(node: Node, sql_type: str) -> exp.Cast:
    """A cast to a type."""
    return exp.Cast(this=node, to=_type(sql_type).copy())


def select(
    columns: Sequence[Node],
    source: Node,
    *,
    joins: Sequence[exp.Join] = (),
    where: Sequence[Node] = (),
    group: Sequence[Node] = (),
    having: Node | None = None,
    order: Sequence[Node] = (),
    limit: Node | None = None,
) -> exp.Select:
    """A SELECT from its parts."""
    parts: dict[str, object] = {"expressions": list(columns), "from_": exp.From(this=source)}
    if joins:
        parts["joins"] = list(joins)
    if where:
        parts["where"] = exp.Where(this=conjunction(where))
    if group:
        parts["group"] = exp.Group(expressions=list(group))
    if having is not None:
        parts["having"] = exp.Having(this=having)
    if order:
        parts["order"] = exp.Order(expressions=list(order))
    if limit is not None:
        parts["limit"] = exp.Limit(expression=limit)
    return exp.Select(**parts)


def join(source: Node, on: Sequence[Node], side: str = "") -> exp.Join:
    """A join on conditions."""
    return exp.Join(this=source, on=conjunction(on), **({"side": side} if side else {}))


def paren(node: Node) -> Node:
    """The node in parentheses, where it needs them as an operand."""
    return (
        exp.Paren(this=node)
        if isinstance(node, exp.Binary | exp.Not | exp.Is | exp.In | exp.Between | exp.Case)
        else node
    )


def conjunction(parts: Iterable[Node]) -> Node:
    """All of the parts; of none it is TRUE."""
    return _chain(list(parts), exp.And, exp.Or, neutral=True)


def disjunction(parts: Iterable[Node]) -> Node:
    """Any of the parts; of none it is FALSE."""
    return _chain(list(parts), exp.Or, exp.And, neutral=False)


def _chain(
    nodes: Sequence[Node],
    connector: type[exp.And] | type[exp.Or],
    other: type[exp.And] | type[exp.Or],
    *,
    neutral: bool,
) -> Node:
    constants = {bool(node.this) for node in nodes if isinstance(node, exp.Boolean)}
    if (not neutral) in constants:
        return exp.Boolean(this=not neutral)
    telling = [node for node in nodes if not isinstance(node, exp.Boolean)]
    if len(telling) < 2:
        return telling[0] if telling else exp.Boolean(this=neutral)
    wrapped = [exp.Paren(this=node) if isinstance(node, other) else node for node in telling]
    result = wrapped[0]
    for node in wrapped[1:]:
        result = connector(this=result, expression=node)
    return result


def opposite(node: Node) -> Node:
    """NOT of a test that is never NULL."""
    if isinstance(node, exp.Not):
        inner: Node = node.this.unnest()
        return inner
    if isinstance(node, exp.Boolean):
        return exp.Boolean(this=not node.this)
    if isinstance(node, exp.Is):
        return exp.Is(this=node.this, expression=node.expression, negate=not node.args.get("negate"))
    return exp.Not(this=paren(node))


def is_not_true(node: Node) -> exp.Is:
    """The two-valued complement: false and NULL are both outside."""
    return exp.Is(this=paren(node), expression=exp.Boolean(this=True), negate=True)


def is_true(node: Node) -> exp.Is:
    """True, and never NULL."""
    return exp.Is(this=paren(node), expression=exp.Boolean(this=True))


def is_null(node: Node) -> exp.Is:
    """Without a value."""
    return exp.Is(this=node, expression=exp.Null())


def is_set(node: Node) -> exp.Is:
    """With a value."""
    return exp.Is(this=node, expression=exp.Null(), negate=True)


def equal(left: Node, right: Node) -> exp.EQ:
    """Equality."""
    return exp.EQ(this=left, expression=right)


def any_of_array(array: Node) -> exp.Any:
    """ANY (array), for the right side of a comparison."""
    return exp.Any(this=exp.Paren(this=array))


def number(value: int) -> Node:
    """A constant of the query's structure (never a person's value)."""
    return exp.Literal.number(value)


def text(value: str) -> exp.Literal:
    """A constant of the query's structure (never a person's value)."""
    return exp.Literal.string(value)


def count_rows() -> exp.Count:
    """count(*)."""
    return exp.Count(this=exp.Star(), big_int=True)


def call(name: str, *arguments: Node) -> exp.Anonymous:
    """A function that sqlglot has no node for."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def ordered(node: Node, *, descending: bool = False, nulls_first: bool = False) -> exp.Ordered:
    """One term of ORDER BY. Postgres puts NULLs last going up and first going down unless told."""
    return exp.Ordered(this=node, desc=descending or None, nulls_first=nulls_first)


def exists(query: exp.Select) -> exp.Exists:
    """EXISTS (query)."""
    return exp.Exists(this=query)


def over(function: Node, *, partition: Sequence[Node] = (), order: Sequence[Node] = ()) -> exp.Window:
    """A window function."""
    parts: dict[str, object] = {"this": function, "over": "OVER"}
    if partition:
        parts["partition_by"] = list(partition)
    if order:
        parts["order"] = exp.Order(expressions=list(order))
    return exp.Window(**parts)
