"""The same conditions in the words of other engines: DuckDB, executed; BigQuery, on file; Citus, by rules on the text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlglot
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlglot import exp
from tests.sql.cases import CASES, Case
from tests.sql.conftest import AT, DuckShop, PostgresShop
from tests.support.random_trees import Trees
from tests.support.shop import CATALOG
from tests.support.trees import LEAVES, SEGMENTS, TREES

from segbot.catalog.load import load_catalog
from segbot.demo import company
from segbot.errors import CannotCompile, UnknownName
from segbot.model.catalog import Catalog, Event, Field, FixedFilter, Join, Source
from segbot.model.condition import Condition
from segbot.model.resolve import Moment
from segbot.sql.bigquery import BIGQUERY
from segbot.sql.compile import compile_ladder, compile_members, compile_preview
from segbot.sql.dialect import Postgres
from segbot.sql.duckdb import DUCKDB
from segbot.sql.statement import render

GOLDEN = Path(__file__).parent / "golden_dialects"
HOW_MANY = int(os.environ.get("SEGBOT_TREES", "300"))
often = settings(max_examples=HOW_MANY, deadline=None, suppress_health_check=list(HealthCheck))


# --- DuckDB ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_duckdb_means_what_the_hand_written_query_says(
    case: Case, shops: tuple[PostgresShop, ...], ducks: tuple[DuckShop, ...]
) -> None:
    """The hand-written Postgres query and the condition in DuckDB name the same people, bound or with values in place."""
    for shop, duck in zip(shops, ducks, strict=True):
        expected = shop.query(case.check)
        assert duck.members(case.condition) == expected
        assert duck.query(render(duck.compiled(case.condition))) == expected


def test_duckdb_previews_alike(shops: tuple[PostgresShop, ...], ducks: tuple[DuckShop, ...]) -> None:
    """What a preview shows, masks and ages included, does not depend on the engine."""
    shown = ["name", "email", "phone", "age", "state", "income", "children", "born", "industry"]
    for shop, duck in zip(shops, ducks, strict=True):
        for masked in (True, False):
            rows = [
                one.run(compile_preview(CASES[0].condition, CATALOG, AT, shown, 100, masked, dialect=one.dialect))
                for one in (shop, duck)
            ]
            assert rows[0] == rows[1]


@settings(often, max_examples=max(HOW_MANY // 5, 1))
@given(which=st.integers(0, 2), tree=TREES, base=st.none() | LEAVES)
def test_duckdb_ladders_agree(
    shops: tuple[PostgresShop, ...], ducks: tuple[DuckShop, ...], which: int, tree: Condition, base: Condition | None
) -> None:
    """All numbers of a ladder, inside any base, are those of Postgres."""
    both = [
        one.run(compile_ladder(tree, CATALOG, AT, base, SEGMENTS, one.dialect)[0])
        for one in (shops[which], ducks[which])
    ]
    assert both[0] == both[1]


# --- on file --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", [DUCKDB, BIGQUERY], ids=lambda dialect: dialect.name)
def test_other_dialects_read_well(dialect: Postgres) -> None:
    """The SQL of every case in another dialect is the one on file; set SEGBOT_GOLDEN=write to accept a change."""
    parts = []
    for case in CASES:
        text = render(compile_members(case.condition, CATALOG, AT, segments=SEGMENTS, dialect=dialect))
        sqlglot.parse_one(text, read=dialect.name)  # raises where it is no SQL of this dialect
        parts.append(f"-- {case.name}\n{text};\n")
    text = "\n".join(parts)
    path = GOLDEN / f"{dialect.name}.sql"
    if os.environ.get("SEGBOT_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert path.read_text() == text


# Functions of GoogleSQL, by its reference.
GOOGLE = frozenset(
    """abs array_length asin avg ceil coalesce concat cos count countif date date_diff datetime json_value lag least left
    length lower max md5 min percentile_cont power range_bucket rank regexp_contains regexp_replace right row_number
    sin sqrt string_agg sum timestamp to_hex trim if round sign greatest acos mod""".split()  # noqa: SIM905
)


@often
@given(tree=TREES)
def test_bigquery_has_the_functions(tree: Condition) -> None:
    """No tree needs a function, operator or array comparison that GoogleSQL does not have."""
    statement = compile_members(tree, CATALOG, AT, segments=SEGMENTS, dialect=BIGQUERY)
    parsed = sqlglot.parse_one(statement.sql, read="bigquery")
    names = {
        (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()
        for node in parsed.find_all(exp.Func)
        if not isinstance(node, exp.Cast | exp.Case | exp.If | exp.Exists | exp.Extract | exp.And | exp.Or | exp.Unnest)
    }
    written = {name for name in names if f"{name.upper()}(" in statement.sql}
    assert written <= GOOGLE, written - GOOGLE
    assert not {"ILIKE", "ANY(", "AT TIME ZONE", "FILTER(", "::"} & set(statement.sql.split())
    assert not parsed.find(exp.ILike, exp.Any, exp.AtTimeZone)


# --- Citus ----------------------------------------------------------------------------------------


def distributed() -> Catalog:
    """The demo company as it would stand on Citus: facts spread by customer, and joined by it besides."""
    found = load_catalog(company.CATALOG)
    facts = {event.table: event.customer.column for event in found.events if not event.customer.joins}

    def keyed(step: Join, near: str) -> Join:
        both = near in facts and step.table in facts
        pair = (facts.get(near, ""), facts.get(step.table, ""))
        return replace(step, also=(*step.also, pair)) if both and pair not in step.also else step

    def source(one: Source, near: str) -> Source:
        steps = []
        for step in one.joins:
            steps.append(keyed(step, near))
            near = step.table
        return replace(one, joins=tuple(steps))

    def field(one: Field, near: str) -> Field:
        return replace(one, source=source(one.source, near))

    def fixed(one: FixedFilter, near: str) -> FixedFilter:
        return replace(one, source=source(one.source, near))

    def event(one: Event) -> Event:
        return replace(
            one,
            customer=source(one.customer, one.table),
            time=None if one.time is None else source(one.time, one.table),
            properties=tuple(field(p, one.table) for p in one.properties),
            where=tuple(fixed(f, one.table) for f in one.where),
        )

    customers = found.customers.table
    return replace(
        found,
        attributes=tuple(field(a, customers) for a in found.attributes),
        events=tuple(event(e) for e in found.events),
    )


SPREAD = distributed()
KEYS = {SPREAD.customers.table.split(".")[-1]: SPREAD.customers.key} | {
    event.table.split(".")[-1]: event.customer.column for event in SPREAD.events if not event.customer.joins
}
"""The column that each distributed table is spread by; other tables are on every node."""


def breaches(sql: str) -> Iterator[str]:
    """What keeps Citus from running a query on its shards without sub-plans."""
    tree = sqlglot.parse_one(sql, read="postgres")
    for node in tree.walk():
        match node:
            case exp.In() if node.args.get("query") is not None:
                yield "IN (SELECT)"
            case exp.SetOperation():
                yield "a set operation"
            case exp.CTE():
                yield "a CTE"
            case exp.Offset():
                yield "OFFSET"
            case exp.Select():
                yield from _unkeyed(node)
            case _:
                pass


def _unkeyed(select: exp.Select) -> Iterator[str]:
    """Distributed tables of one FROM that are not tied to each other (or to the query around) by the customer's key."""
    if select.args.get("from_") is None:
        return
    aliases = {}
    for source in (select.args["from_"].this, *(join.this for join in select.args.get("joins") or ())):
        if isinstance(source, exp.Table) and source.name in KEYS:
            aliases[source.alias_or_name] = KEYS[source.name]
        elif isinstance(source, exp.Subquery):
            aliases[source.alias_or_name] = "key"
    outer = _outer_keys(select)
    groups = {name: name for name in {*aliases, *outer}}

    def root(name: str) -> str:
        return name if groups[name] == name else root(groups[name])

    tests: list[exp.Expr] = [join.args["on"] for join in select.args.get("joins") or () if join.args.get("on")]
    if select.args.get("where") is not None:
        tests.append(select.args["where"].this)
    for test in tests:
        for part in test.flatten() if isinstance(test, exp.And) else [test]:
            if (
                isinstance(part, exp.EQ)
                and isinstance(part.this, exp.Column)
                and isinstance(part.expression, exp.Column)
            ):
                here = [(side.table, side.name) for side in (part.this, part.expression)]
                if all({**aliases, **outer}.get(table) == name for table, name in here):
                    groups[root(here[0][0])] = root(here[1][0])
    roots = {root(name) for name in aliases}
    if outer and aliases:
        roots |= {root(next(iter(outer)))} if any(root(o) in roots for o in outer) else {"the query around"}
    if len(roots) > 1:
        yield f"not joined by the customer: {sorted(aliases)}"


def _outer_keys(select: exp.Select) -> dict[str, str]:
    """Of an EXISTS: the distributed tables of the query around it, all tied to each other already."""
    if not isinstance(select.parent, exp.Exists):
        return {}
    around = select.parent.find_ancestor(exp.Select)
    if around is None:
        return {}
    found = {}
    for source in (around.args["from_"].this, *(join.this for join in around.args.get("joins") or ())):
        if isinstance(source, exp.Table) and source.name in KEYS:
            found[source.alias_or_name] = KEYS[source.name]
        elif isinstance(source, exp.Subquery):
            found[source.alias_or_name] = "key"
    return found


@often
@given(tree=Trees(SPREAD, {}).trees())
def test_citus_can_push_everything_down(tree: Condition) -> None:
    """No statement has NOT IN, IN over a query, a set operation, a CTE or an OFFSET; joins carry the customer's key."""
    at = Moment(AT.now, SPREAD.calendar)
    try:
        statements = [compile_members(tree, SPREAD, at).sql, compile_ladder(tree, SPREAD, at)[0].sql]
    except (CannotCompile, UnknownName):
        assume(False)
        raise
    for sql in statements:
        assert list(breaches(sql)) == [], sql


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT c.id FROM shop.customers c WHERE c.id NOT IN (SELECT o.customer_id FROM shop.orders o)",
        "SELECT c.id FROM shop.customers c WHERE c.age > 1 OR c.id IN (SELECT o.customer_id FROM shop.orders o)",
        "SELECT c.id FROM shop.customers c UNION SELECT o.customer_id FROM shop.orders o",
        "WITH w AS MATERIALIZED (SELECT 1) SELECT c.id FROM shop.customers c",
        "SELECT c.id FROM shop.customers c OFFSET 0",
        "SELECT o.customer_id FROM shop.order_lines l JOIN shop.orders o ON o.id = l.order_id",
        "SELECT c.id FROM shop.customers c WHERE EXISTS (SELECT 1 FROM shop.orders o WHERE o.id = c.id)",
    ],
)
def test_the_rules_notice(sql: str) -> None:
    """Each shape that Citus pulls to its coordinator is a breach of the rules."""
    assert list(breaches(sql))
