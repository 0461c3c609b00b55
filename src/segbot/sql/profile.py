"""One customer: the latest rows of an event, and how many rows a condition finds of theirs. Never for more than one at a time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from segbot.model.catalog import Catalog, Event, Field, Source
from segbot.model.condition import Rows
from segbot.model.resolve import Moment
from segbot.model.windows import Now, Window
from segbot.sql.dialect import POSTGRES, Postgres
from segbot.sql.names import Build
from segbot.sql.nodes import Node, aliased, count_rows, ordered, select, typed
from segbot.sql.rows import EventRows, event_rows
from segbot.sql.statement import Statement
from segbot.sql.values import equals_exactly, text_of


def compile_timeline(
    event: Event,
    catalog: Catalog,
    at: Moment,
    key: str,
    properties: Sequence[Field],
    limit: int,
    dialect: Postgres = POSTGRES,
) -> Statement:
    """The latest rows of an event of one customer until `at`, newest first: `happened`, then the properties.

    Contact values are masked in the database. Properties that a row has several of can't be asked for here. Raises
    `CannotCompile` for an event whose rows carry no time.
    """
    build = Build(catalog, at, dialect=dialect)
    rows = event_rows(build, Rows(event.key, window=Window(None, Now())), build.aliases)
    outputs: list[Node] = [aliased(rows.time(), "happened")]
    for field in properties:
        value = rows.scope.value(field.source)
        if field.contact is not None:
            value = dialect.masked(text_of(field.source, value), field.contact)
        outputs.append(aliased(value, field.key))
    query = _of_one(rows, outputs, key)
    query.set("order", exp.Order(expressions=[ordered(rows.time(), descending=True)]))
    query.set("limit", exp.Limit(expression=build.bind(limit, "bigint")))
    return _statement(build, query, ("happened", *(field.key for field in properties)))


def compile_evidence(rows: Rows, catalog: Catalog, at: Moment, key: str, dialect: Postgres = POSTGRES) -> Statement:
    """One row: `found`, how many rows of one customer count for a condition, and `latest`, when the last of them was.

    `latest` is NULL where there is none, or where the event's rows carry no time.
    """
    build = Build(catalog, at, dialect=dialect)
    found = event_rows(build, rows, build.aliases)
    latest: Node = typed(exp.Null(), "text")
    if found.event.time is not None:
        latest = exp.Max(this=found.time())
    query = _of_one(found, [aliased(count_rows(), "found"), aliased(latest, "latest")], key)
    return _statement(build, query, ("found", "latest"))


def _of_one(rows: EventRows, outputs: Sequence[Node], key: str) -> exp.Select:
    customers = rows.build.catalog.customers
    mine = equals_exactly(rows.build, Source(customers.key, sql_type=customers.key_type), rows.key, (key,)).expression
    return select(outputs, rows.scope.source, joins=rows.scope.joins, where=(*rows.where, mine))


def _statement(build: Build, query: exp.Select, columns: tuple[str, ...]) -> Statement:
    engine = build.dialect.name
    values = build.parameters
    used = {node.name for node in query.find_all(exp.Placeholder)}
    return Statement(
        query.sql(engine),
        {name: value for name, value in values.values.items() if name in used},
        columns,
        {name: kind for name, kind in values.types.items() if name in used},
        engine,
    )
