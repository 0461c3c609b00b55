"""What a query may touch: the tables and columns of the catalog, and the few functions and types the compiler uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from segbot.model.catalog import Catalog, Event, Source
from segbot.sql.names import event_sources

FUNCTIONS = frozenset(
    """age asin avg cardinality ceil coalesce cos count extract lag least left length lower max md5 min percentile_cont
    power radians rank regexp_replace right row_number sin sqrt string_agg sum width_bucket""".split()  # noqa: SIM905
)
TYPES = frozenset(
    {"bigint", "boolean", "date", "decimal", "double precision", "int", "interval", "text", "timestamp"}
) | {
    "timestamptz",
    "uuid",
}


@dataclass(frozen=True, eq=False)
class Policy:
    """The allow-list of one catalog.

    `tables` gives each table (schema.table, or table for the default schema) its columns, and for each column whether a
    cast of it could fail and print what it holds (`True`: texts, JSON, and everything of unknown type). `types` are the
    types that may be cast to, arrays of them included.
    """

    tables: Mapping[str, Mapping[str, bool]]
    functions: frozenset[str] = FUNCTIONS
    types: frozenset[str] = TYPES
    default_schema: str = "public"
    json_casts: bool = False
    nodes: int = 8_000
    depth: int = 60

    @classmethod
    def of(cls, catalog: Catalog) -> Policy:
        """What this catalog's queries may touch: its columns, and the columns its joins need."""
        tables: dict[str, dict[str, bool]] = {}
        for table, column, revealing in _columns(catalog):
            known = tables.setdefault(table, {})
            # A column that is used in two ways is as safe as the way that says it is no text.
            known[column] = known.get(column, True) and revealing
        return cls(tables)


def _columns(catalog: Catalog) -> Iterator[tuple[str, str, bool]]:
    customers = catalog.customers
    yield customers.table, customers.key, customers.key_type != "integer"
    for attribute in catalog.attributes:
        yield from _of_source(customers.table, attribute.source)
    for event in catalog.events:
        yield from _of_event(event)
    if (places := catalog.place_table) is not None:
        named = (places.city, places.state, places.country, places.postal_code)
        yield from ((places.table, name, True) for name in named if name is not None)
        yield from ((places.table, name, False) for name in (places.latitude, places.longitude))


def _of_event(event: Event) -> Iterable[tuple[str, str, bool]]:
    for source in event_sources(event):
        yield from _of_source(event.table, source)
    if event.id_column is not None:
        yield event.table, event.id_column, True


def _of_source(table: str, source: Source) -> Iterator[tuple[str, str, bool]]:
    here = table
    for step in source.joins:
        for near, far in ((step.from_column, step.to_column), *step.also):
            yield here, near, True
            yield step.table, far, True
        here = step.table
    yield here, source.column, bool(source.path) or source.sql_type in ("text", "text[]", "jsonb", "uuid")
