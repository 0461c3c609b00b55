"""The types of the columns that a sample copies, as they can be made anew in another database.

Types of Postgres itself keep their name and size, an enum is made anew with its labels in their order, a domain becomes the
type below it (its checks have been passed already). Anything else (a composite, a type of an extension) is not copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

_PLAIN = frozenset(
    """bool int2 int4 int8 float4 float8 numeric text varchar bpchar char name date time timetz timestamp timestamptz
    interval uuid json jsonb bytea inet cidr macaddr""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A type in the sample: its name there, the labels of an enum, whether it is an array of that."""

    name: str
    labels: tuple[str, ...] | None = None
    array: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column that segbot may read. `type` is its type's name as people know it; without `kept` it can't be copied."""

    name: str
    type: str
    kept: Kept | None


def read_columns(
    connection: psycopg.Connection[tuple[Any, ...]], tables: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], dict[str, Column]]:
    """The columns of tables (schema, name) by name. A column that may not be read is not among them."""
    rows = connection.execute(
        _COLUMNS.encode(), {"schemas": [schema for schema, _ in tables], "tables": [name for _, name in tables]}
    ).fetchall()
    found: dict[tuple[str, str], dict[str, Column]] = {}
    for schema, table, name, shown, base, plain, sized, labels, array in rows:
        kept = None
        if labels is not None:
            kept = Kept(base, tuple(labels), array)
        elif plain and base in _PLAIN:
            kept = Kept(sized, None, array)
        found.setdefault((schema, table), {})[name] = Column(name, shown, kept)
    return found


# A domain is followed down to its type, then an array to its elements, then these when they are a domain.
_COLUMNS = """
WITH RECURSIVE wanted AS (
    SELECT DISTINCT w.schema, w.name, c.oid
    FROM unnest(CAST(%(schemas)s AS text[]), CAST(%(tables)s AS text[])) AS w(schema, name)
    JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
    WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f')
), types AS (
    SELECT w.schema, w.name, a.attname, format_type(a.atttypid, a.atttypmod) AS shown,
        a.atttypid AS type, a.atttypmod AS size, false AS elements
    FROM wanted w JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE has_column_privilege(w.oid, a.attnum, 'SELECT')
  UNION ALL
    SELECT s.schema, s.name, s.attname, s.shown,
        CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END,
        CASE WHEN t.typtype = 'd' AND t.typtypmod >= 0 THEN t.typtypmod ELSE s.size END,
        s.elements OR t.typtype <> 'd'
    FROM types s JOIN pg_type t ON t.oid = s.type
    WHERE t.typtype = 'd' OR (t.typcategory = 'A' AND t.typelem <> 0 AND NOT s.elements)
)
SELECT s.schema, s.name, s.attname::text, s.shown, t.typname::text,
    t.typnamespace = CAST('pg_catalog' AS regnamespace), format_type(t.oid, s.size),
    CASE WHEN t.typtype = 'e' THEN
        ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) END,
    s.elements
FROM types s JOIN pg_type t ON t.oid = s.type
WHERE NOT (t.typtype = 'd' OR (t.typcategory = 'A' AND t.typelem <> 0 AND NOT s.elements))
"""
