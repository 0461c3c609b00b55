"""Looking at a live customer database: its tables, keys and types, and a sample of what its columns hold.

Everything runs in one read-only transaction per question, with a time limit; a table that can't be read or takes too long
is told, not fatal. Names are quoted by psycopg. Values of contact and secret columns never leave the database: whether a
column looks like e-mail addresses is asked as a share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import psycopg
from psycopg import errors, sql

from segbot.addresses import explain_refusal, parse_address
from segbot.catalog.observed import Family, ForeignKey, Observed, ObservedColumn, ObservedTable
from segbot.catalog.points import PlaceRow
from segbot.catalog.shape import holds_people
from segbot.catalog.vocabulary import Profile, ProfiledValues, Wanted, fields_to_profile
from segbot.errors import WarehouseUnavailable
from segbot.model.catalog import Catalog, PlaceTable

Row = tuple[Any, ...]

_FAMILIES: dict[str, Family] = {
    "text": "text", "varchar": "text", "bpchar": "text", "citext": "text", "name": "text",
    "int2": "integer", "int4": "integer", "int8": "integer",
    "numeric": "numeric", "float4": "numeric", "float8": "numeric", "money": "other",
    "bool": "boolean", "date": "date", "timestamp": "timestamp", "timestamptz": "timestamptz", "uuid": "uuid",
    "_text": "text[]", "_varchar": "text[]", "jsonb": "jsonb", "json": "other",
}  # fmt: skip
_RANGED = frozenset({"integer", "numeric", "date", "timestamp", "timestamptz"})
_COUNTED = frozenset({"text", "integer", "numeric", "boolean", "date", "timestamp", "timestamptz", "uuid", "enum"})
_TOP = 60
_LONGEST_VALUE = 120
# E-mail addresses and telephone numbers stay in the database even where nobody marked their column.
_PERSONAL = "^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$|^([+]|[(][0-9]{3}[)])[0-9 ().-]{6,18}[0-9]$"

_TABLES = """
SELECT n.nspname, c.relname, c.relkind, greatest(c.reltuples, 0)::bigint,
       has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'),
       coalesce(obj_description(c.oid, 'pg_class'), ''), c.oid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%%'
  AND (%(schemas)s::text[] IS NULL OR n.nspname = ANY(%(schemas)s))
ORDER BY n.nspname, c.relname
"""
_COLUMNS = """
SELECT a.attrelid, a.attname, t.typname, format_type(a.atttypid, a.atttypmod), t.typtype,
       coalesce(b.typname, ''), coalesce(col_description(a.attrelid, a.attnum), '')
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype
WHERE a.attrelid = ANY(%(oids)s) AND a.attnum > 0 AND NOT a.attisdropped
  AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
ORDER BY a.attrelid, a.attnum
"""
_KEYS = """
SELECT i.indrelid, i.indisprimary, i.indisunique AND i.indpred IS NULL,
       ARRAY(SELECT coalesce(a.attname, '') FROM unnest(i.indkey::int[]) WITH ORDINALITY k(attnum, place)
             LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
             WHERE k.place <= i.indnkeyatts ORDER BY k.place)
FROM pg_index i WHERE i.indrelid = ANY(%(oids)s) AND i.indisvalid
"""
_FOREIGN = """
SELECT c.conrelid, n.nspname, r.relname,
       ARRAY(SELECT a.attname FROM unnest(c.conkey) WITH ORDINALITY k(attnum, place)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum ORDER BY k.place),
       ARRAY(SELECT a.attname FROM unnest(c.confkey) WITH ORDINALITY k(attnum, place)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum ORDER BY k.place)
FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE c.contype = 'f' AND c.conparentid = 0 AND c.conrelid = ANY(%(oids)s)
ORDER BY c.conrelid, c.conname
"""


@contextmanager
def open_inspection(
    url: str, *, timeout: float = 30.0, setting: str = "SEGBOT_DATABASE_URL"
) -> Iterator[psycopg.Connection[Row]]:
    """A read-only connection to a customer database for inspecting it; statements stop after `timeout` seconds.

    Takes libpq and SQLAlchemy URLs; `setting` is named in sentences about it. Raises `WarehouseUnavailable` when the
    database does not answer, and `ConfigurationError` when its address or its user is wrong.
    """
    address = parse_address(url, setting)
    milliseconds = max(1, int(timeout * 1000))
    options = f"-c default_transaction_read_only=on -c statement_timeout={milliseconds} -c lock_timeout=2000"
    arguments = {**address.arguments, "options": f"{address.arguments.get('options', '')} {options}".strip()}
    try:
        connection = psycopg.connect(**arguments, application_name="segbot inspect")
    except psycopg.OperationalError as error:
        raise explain_refusal(address, error) or WarehouseUnavailable("connecting failed") from error
    with connection:
        yield connection


def inspect(
    connection: psycopg.Connection[Row], schemas: Sequence[str] | None = None, *, sample: int = 10_000
) -> Observed:
    """What the tables of some schemas (all but the system's when None) hold, from about `sample` rows of each."""
    tables, oids, skipped = _structure(connection, schemas)
    looked: list[ObservedTable] = []
    for table in tables:
        try:
            looked.append(_look(connection, table, oids[table.name], sample))
        except (errors.QueryCanceled, errors.LockNotAvailable):
            looked.append(table)
            skipped.append((table.name, "its rows took too long to sample"))
        except psycopg.errors.Error:
            looked.append(table)
            skipped.append((table.name, "its rows can't be read"))
    return Observed(tuple(looked), tuple(skipped))


# --- structure ----------------------------------------------------------------------------------


def _rows(connection: psycopg.Connection[Row], query: str | sql.Composed, arguments: dict[str, Any]) -> list[Row]:
    """One question in a read-only transaction of its own. Raises `WarehouseUnavailable` when the connection is gone."""
    try:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute(query if isinstance(query, sql.Composed) else sql.SQL(_literal(query)), arguments)
            return cursor.fetchall()
    except psycopg.OperationalError as error:
        if connection.closed or connection.broken:
            raise WarehouseUnavailable("the connection was lost while inspecting") from error
        raise


def _literal(query: str) -> Any:
    """Only the constants of this module pass here; every name is quoted by `sql.Identifier`."""
    return query


def _structure(
    connection: psycopg.Connection[Row], schemas: Sequence[str] | None
) -> tuple[list[ObservedTable], dict[str, str], list[tuple[str, str]]]:
    listed = _rows(connection, _TABLES, {"schemas": list(schemas) if schemas is not None else None})
    skipped = [
        (f"{schema}.{name}", "this user may not read it")
        for schema, name, _, _, readable, _, _ in listed
        if not readable
    ]
    readable = [row for row in listed if row[4]]
    oids = {"oids": [row[6] for row in readable]}
    columns: dict[int, list[ObservedColumn]] = {}
    for oid, name, type_name, shown, kind, base, comment in _rows(connection, _COLUMNS, oids):
        columns.setdefault(oid, []).append(ObservedColumn(name, _family(type_name, kind, base), shown, comment=comment))
    primary: dict[int, tuple[str, ...]] = {}
    unique: dict[int, list[tuple[str, ...]]] = {}
    indexed: dict[int, list[tuple[str, ...]]] = {}
    for oid, is_primary, is_unique, names in _rows(connection, _KEYS, oids):
        indexed.setdefault(oid, []).append(tuple(names))
        if is_primary:
            primary[oid] = tuple(names)
        elif is_unique and all(names):
            unique.setdefault(oid, []).append(tuple(names))
    foreign: dict[int, list[ForeignKey]] = {}
    for oid, schema, name, own, other in _rows(connection, _FOREIGN, oids):
        foreign.setdefault(oid, []).append(ForeignKey(tuple(own), f"{schema}.{name}", tuple(other)))
    tables = [
        ObservedTable(
            name=f"{schema}.{name}",
            rows=rows,
            columns=tuple(columns.get(oid, ())),
            primary_key=primary.get(oid, ()),
            unique=tuple(sorted(unique.get(oid, ()))),
            foreign_keys=tuple(foreign.get(oid, ())),
            indexed=tuple(sorted(indexed.get(oid, ()))),
            comment=comment,
            view=kind not in ("r", "p"),
        )
        for schema, name, kind, rows, _, comment, oid in readable
    ]
    kinds = {f"{schema}.{name}": str(kind) for schema, name, kind, *_ in readable}
    return tables, kinds, skipped


def _family(type_name: str, kind: str, base: str) -> Family:
    if kind == "e":
        return "enum"
    return _FAMILIES.get(base or type_name, "other")


# --- samples ------------------------------------------------------------------------------------


def _identifier(table: str) -> sql.Identifier:
    schema, _, name = table.rpartition(".")
    return sql.Identifier(schema, name) if schema else sql.Identifier(name)


def _sampled(table: str, kind: str, rows: int, columns: sql.Composable, sample: int) -> sql.Composed:
    """About `sample` rows: spread over the table's pages where it can be, else the first ones."""
    spread: sql.Composable = sql.SQL("")
    most = sample
    if kind in ("r", "m", "p") and rows > sample * 2:
        # Pages are drawn, not rows, so there may be more; to cut at `sample` would lose the last rows of every table.
        percent = min(100.0, max(0.001, 100.0 * sample / rows))
        spread = sql.SQL(" TABLESAMPLE SYSTEM ({}) REPEATABLE (1)").format(sql.Literal(percent))
        most = sample * 3
    return sql.SQL("SELECT {} FROM {}{} LIMIT {}").format(columns, _identifier(table), spread, sql.Literal(most))


def _look(connection: psycopg.Connection[Row], table: ObservedTable, kind: str, sample: int) -> ObservedTable:
    """The table with what a sample of its rows says."""
    if not table.columns:
        return table
    rows = table.rows
    if rows == 0 and kind != "v":
        # never analysed: the estimate is missing, not zero
        rows = _rows(connection, sql.SQL("SELECT count(*) FROM {}").format(_identifier(table.name)), {})[0][0]
    names = sql.SQL(", ").join(sql.Identifier(c.name) for c in table.columns)
    source = _sampled(table.name, kind, rows, names, sample)
    summary = _rows(connection, _summary(table, source), {})[0]
    sampled = int(summary[0])
    columns = [_described(column, sampled, summary[1 + 5 * i : 6 + 5 * i]) for i, column in enumerate(table.columns)]
    people = holds_people(table.name)
    tops = _tops(connection, [c for c in columns if not (people and c.name.lower() == "name")], source)
    return replace(
        table,
        rows=rows,
        sampled=sampled,
        columns=tuple(replace(c, top=tuple(tops.get(c.name, ()))) for c in columns),
    )


def _summary(table: ObservedTable, source: sql.Composed) -> sql.Composed:
    """One row: rows, and for each column its values, distinct values, least, greatest and share of e-mail or phone shapes."""
    parts: list[sql.Composable] = []
    for column in table.columns:
        name = sql.Identifier(column.name)
        hidden = column.contact is not None or column.secret
        counted = column.family in _COUNTED
        ranged = column.family in _RANGED and not hidden
        text = column.family == "text" and not column.secret
        parts += [
            sql.SQL("count({})").format(name),
            sql.SQL("count(DISTINCT {})").format(name) if counted else sql.SQL("NULL"),
            sql.SQL("min({})::text").format(name) if ranged else sql.SQL("NULL"),
            sql.SQL("max({})::text").format(name) if ranged else sql.SQL("NULL"),
            sql.SQL(
                "ARRAY[count(*) FILTER (WHERE {0} ~ '^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$'),"
                " count(*) FILTER (WHERE {0} ~ '^[+(]?[0-9][0-9 ().-]{{6,18}}[0-9]$' AND {0} ~ '[+ ().-]')]"
            ).format(name)
            if text
            else sql.SQL("NULL"),
        ]
    return sql.SQL("SELECT count(*), {} FROM ({}) AS s").format(sql.SQL(", ").join(parts), source)


def _described(column: ObservedColumn, sampled: int, found: Sequence[Any]) -> ObservedColumn:
    present, distinct, least, greatest, shapes = found
    looks: Any = None
    if shapes is not None and present:
        emails, phones = shapes
        looks = "email" if emails >= 0.8 * present else "phone" if phones >= 0.8 * present else None
    return replace(
        column,
        null_share=(sampled - present) / sampled if sampled else None,
        distinct=distinct,
        least=least,
        greatest=greatest,
        looks_like=looks,
    )


def _tops(
    connection: psycopg.Connection[Row], columns: Sequence[ObservedColumn], source: sql.Composed
) -> dict[str, list[tuple[str, int]]]:
    """The most frequent values of the columns whose values may be seen and repeat, in one query."""
    shown = [
        c
        for c in columns
        if c.contact is None
        and not c.secret
        and (c.family == "text[]" or (c.family in ("text", "integer", "boolean", "enum") and (c.distinct or 0) > 0))
    ]
    if not shown:
        return {}
    parts = [
        sql.SQL("SELECT {}::text AS name, v::text AS value FROM s, unnest({}) AS v").format(
            sql.Literal(c.name), sql.Identifier(c.name)
        )
        if c.family == "text[]"
        else sql.SQL("SELECT {}::text, {}::text FROM s").format(sql.Literal(c.name), sql.Identifier(c.name))
        for c in shown
    ]
    query = sql.SQL(
        "WITH s AS ({}), pairs(name, value) AS ({}), counted AS ("
        " SELECT name, value, count(*) AS n, row_number() OVER (PARTITION BY name ORDER BY count(*) DESC, value) AS place"
        " FROM pairs WHERE value IS NOT NULL AND length(value) BETWEEN 1 AND {} GROUP BY name, value)"
        " SELECT name, value, n FROM counted WHERE place <= {} ORDER BY name, place"
    ).format(source, sql.SQL(" UNION ALL ").join(parts), sql.Literal(_LONGEST_VALUE), sql.Literal(_TOP))
    tops: dict[str, list[tuple[str, int]]] = {}
    for name, value, count in _rows(connection, query, {}):
        tops.setdefault(name, []).append((value, count))
    return tops


# --- value vocabularies -------------------------------------------------------------------------


def profile_values(
    catalog: Catalog,
    connection: psycopg.Connection[Row],
    at: datetime,
    *,
    most: int = 20_000,
    sample_above: int = 5_000_000,
    sample: int = 500_000,
) -> Profile:
    """The values that the catalog's word fields hold, with how often; contact fields are never asked for.

    Fields over joins are read from the joined table itself. Tables above `sample_above` rows are sampled. `at` is the
    moment written into the profile. A field that can't be read is left out and named in `problems`.
    """
    tables, kinds, _ = _structure(connection, None)
    known = {table.name: (kinds[table.name], table.rows) for table in tables}
    answers: dict[Wanted, ProfiledValues | str] = {}
    found: dict[str, ProfiledValues] = {}
    problems: list[tuple[str, str]] = []
    for wanted in fields_to_profile(catalog):
        asked = replace(wanted, name="")  # fields of several events may share a column
        if asked not in answers:
            kind, rows = known.get(wanted.table, known.get(f"public.{wanted.table}", ("v", 0)))
            part = _sampled(wanted.table, kind, rows, sql.SQL("*"), sample) if rows > sample_above else None
            answers[asked] = _values(connection, wanted, most, part)
        answer = answers[asked]
        if isinstance(answer, str):
            problems.append((wanted.name, answer))
        else:
            found[wanted.name] = answer
    places = _places(connection, catalog.place_table) if catalog.place_table is not None else ()
    if isinstance(places, str):
        problems.append(("places", places))
        places = ()
    return Profile(at.isoformat(), catalog.digest, found, tuple(problems), places)


_MOST_PLACES = 100_000


def _places(connection: psycopg.Connection[Row], table: PlaceTable) -> tuple[PlaceRow, ...] | str:
    """The places of the company's own table, or why they can't be read; rows without a point on the earth are left out."""

    def column(name: str | None) -> sql.Composable:
        return sql.SQL("NULL::text") if name is None else sql.SQL("{}::text").format(sql.Identifier(name))

    named = (table.city, table.state, table.country, table.postal_code)
    query = sql.SQL(
        "SELECT {}, {}::double precision, {}::double precision FROM {} WHERE {} BETWEEN -90 AND 90"
        " AND {} BETWEEN -180 AND 180 ORDER BY 1, 2, 3, 4 LIMIT {}"
    ).format(
        sql.SQL(", ").join(map(column, named)),
        sql.Identifier(table.latitude),
        sql.Identifier(table.longitude),
        _identifier(table.table),
        sql.Identifier(table.latitude),
        sql.Identifier(table.longitude),
        sql.Literal(_MOST_PLACES),
    )
    rows = _answers(connection, query)
    return rows if isinstance(rows, str) else tuple(PlaceRow(*row) for row in rows)


def _answers(connection: psycopg.Connection[Row], query: sql.Composed) -> list[Row] | str:
    """The rows of a query, or why they can't be read."""
    try:
        return _rows(connection, query, {})
    except (errors.QueryCanceled, errors.LockNotAvailable):
        return "reading its values took too long"
    except (errors.UndefinedTable, errors.UndefinedColumn, errors.InvalidSchemaName):
        return "it is not in the database"
    except errors.InsufficientPrivilege:
        return "this user may not read it"
    except (psycopg.errors.DataError, psycopg.errors.ProgrammingError):
        return "its values can't be read as the catalog says"


def _values(
    connection: psycopg.Connection[Row], wanted: Wanted, most: int, part: sql.Composed | None
) -> ProfiledValues | str:
    """The values of one column (of some of its rows when `part` says which), or why they can't be read."""
    value = _value(wanted)
    source: sql.Composable = _identifier(wanted.table) if part is None else sql.SQL("({}) AS s").format(part)
    query = sql.SQL(
        "SELECT value, count(*) FROM (SELECT {}::text AS value FROM {}) AS v"
        " WHERE value IS NOT NULL AND value <> '' AND value !~ {} GROUP BY value ORDER BY count(*) DESC, value LIMIT {}"
    ).format(value, source, sql.Literal(_PERSONAL), sql.Literal(most + 1))
    rows = _answers(connection, query)
    if isinstance(rows, str):
        return rows
    complete = len(rows) <= most
    kept = tuple((value, count) for value, count in rows[:most] if len(value) <= _LONGEST_VALUE)
    return ProfiledValues(kept, complete and len(kept) == len(rows[:most]), part is not None)


def _value(wanted: Wanted) -> sql.Composable:
    """The expression for a field's values, a row for each element of a list."""
    column: sql.Composable = sql.Identifier(wanted.column)
    for step in wanted.path:
        column = sql.SQL("{}->{}").format(column, sql.Literal(step))
    if wanted.json and wanted.many:
        one = sql.SQL("jsonb_build_array({})").format(column)
        return sql.SQL("jsonb_array_elements_text(CASE jsonb_typeof({0}) WHEN 'array' THEN {0} ELSE {1} END)").format(
            column, one
        )
    if wanted.json:
        # the text of a JSON string is its content, without quotes
        return sql.SQL("({} #>> '{{}}')").format(column)
    return sql.SQL("unnest({})").format(column) if wanted.many else column
