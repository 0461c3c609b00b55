"""Making the demo company: set-wise SQL over a deterministic source of chance, chunk by chunk, all or nothing.

The rows are made by the database itself from `fill/*.sql`. Every number is drawn from a hash of the row's key, the
purpose and the seed, never from `random()`: the same size, seed and moment give the same rows. Customers are made in
chunks, so memory does not grow with the size. Everything happens in one transaction, in a schema of its own that
takes the place of the old one at the end: a `kill -9` in the middle leaves the old company, or none.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql

from segbot.addresses import parse_address
from segbot.demo.company import words
from segbot.demo.company.reader import ADDRESS, READER, grant_reading

SCHEMA = "shop"
TIMEZONE = "America/New_York"
# Changes whenever the same seed would give other rows; a demo made by an older version is made anew.
VERSION = 2

_STAGING = "shop_in_the_making"
_LOCK = 7_311_902_644  # any number, the same in every process that fills a company
_CHUNK = 20_000  # even: couples (2n-1, 2n) share a chunk
_CHUNK_STEPS = ("persona", "orders", "messages", "visits", "customers")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Generated:
    """What a database's demo company was made from; its time ends at `as_of`."""

    customers: int
    seed: int
    as_of: datetime
    version: int


def schema() -> str:
    """The SQL of the tables, without references and indexes, for a schema that is first in the search path."""
    return _sql("schema.sql")


def generated(url: str) -> Generated | None:
    """What company the database holds, if a complete one."""
    with psycopg.connect(**parse_address(url, ADDRESS).arguments) as connection:
        if connection.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.generated"]).fetchone() == (None,):
            return None
        row = connection.execute(
            sql.SQL("SELECT customers, seed, as_of, version FROM {}").format(sql.Identifier(SCHEMA, "generated"))
        ).fetchone()
    return None if row is None else Generated(*row)


def fill(
    url: str,
    customers: int = 20_000,
    *,
    seed: int = 1,
    now: datetime,
    progress: Progress = lambda _step, _done, _total: None,
) -> Generated:
    """Make the company in the schema `shop`, in place of the one that may be there.

    `url` is a SQLAlchemy address or a libpq one, of somebody who may create schemas in that database. The company's
    time ends at `now` (with a time zone) and begins three years earlier (sign-ups: eight). `progress` is called with
    what is being made, how much of it is done, and of how much. Two fills of one database wait for each other.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    if customers < 1:
        raise ValueError("a company needs at least one customer")
    with psycopg.connect(
        **parse_address(url, ADDRESS).arguments, autocommit=True, cursor_factory=psycopg.ClientCursor
    ) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # until the connection closes
        with connection.transaction():
            _prepare(connection)
            _fill(connection, customers, seed, now, progress)
            _publish(connection)
        # Index-only scans need the map of visible rows, which only VACUUM makes, and not in a transaction.
        progress("statistics", 0, 1)
        connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(_tables(connection)))
        progress("statistics", 1, 1)
    return Generated(customers, seed, now, VERSION)


def _prepare(connection: psycopg.Connection[Any]) -> None:
    for setting, value in (
        ("timezone", "UTC"),  # or else a span of days would change its length with daylight saving
        ("work_mem", "128MB"),
        ("maintenance_work_mem", "256MB"),
        ("jit", "off"),
        ("statement_timeout", "0"),
        # VACUUM can mark rows visible to all only once their commit is on disk.
        ("synchronous_commit", "on"),
        ("client_min_messages", "warning"),
        ("search_path", f"{_STAGING}, pg_temp"),
    ):
        connection.execute("SELECT set_config(%s, %s, true)", [setting, value])
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(_STAGING)))
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(_STAGING)))
    for statement in _statements("schema.sql"):
        connection.execute(statement)


def _fill(connection: psycopg.Connection[Any], customers: int, seed: int, now: datetime, progress: Progress) -> None:
    given = {
        **_lists(),
        "seed": seed,
        "now": now,
        "timezone": TIMEZONE,
        # The website's log is kept for eighteen months.
        "web_start": now - timedelta(days=548),
        "today": now.astimezone(ZoneInfo(TIMEZONE)).date(),
    }
    _write_lists(connection)
    _run(connection, "once", given)
    for first in range(1, customers + 1, _CHUNK):
        progress("customers", first - 1, customers)
        given |= {"first": first, "last": min(first + _CHUNK - 1, customers)}
        for step in _CHUNK_STEPS:
            _run(connection, step, given)
    progress("customers", customers, customers)
    connection.execute("INSERT INTO generated VALUES (%s, %s, %s, %s)", [customers, seed, now, VERSION])
    indexes = _statements("indexes.sql")
    for done, statement in enumerate(indexes):
        progress("indexes", done, len(indexes))
        connection.execute(statement)
    progress("indexes", len(indexes), len(indexes))


def _publish(connection: psycopg.Connection[Any]) -> None:
    """Put the new company in the place of the old one; until the commit everybody still sees the old one."""
    for function in ("pick(text[], double precision)", "bell(bigint, integer)", "u(bigint, integer)"):
        connection.execute(sql.SQL("DROP FUNCTION " + function))
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(SCHEMA)))
    connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(_STAGING), sql.Identifier(SCHEMA)))
    grant_reading(connection, SCHEMA, READER)


def _tables(connection: psycopg.Connection[Any]) -> sql.Composed:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [SCHEMA])
    return sql.SQL(", ").join(sql.Identifier(SCHEMA, name) for (name,) in rows)


@cache
def _lists() -> dict[str, Any]:
    """The lists that the SQL draws from, by the name it has there."""
    categories = {category.name: number for number, category in enumerate(words.CATEGORIES, start=1)}
    warm = [number for number, category in enumerate(words.CATEGORIES, start=1) for _ in range(category.warm)]
    cold = [number for number, category in enumerate(words.CATEGORIES, start=1) for _ in range(category.cold)]
    return {
        "adjectives": list(words.ADJECTIVES),
        "brands": list(words.BRANDS),
        "categories": len(words.CATEGORIES),
        "cold": cold,
        "cold_slots": len(cold),
        "colours": list(words.COLOURS),
        "coupons": list(words.COUPONS),
        "dial_codes": json.dumps(words.DIAL_CODES),
        "family_names": list(words.LAST_NAMES),
        "family_names_ascii": [words.ascii_letters(name) for name in words.LAST_NAMES],
        "first_f": list(words.FIRST_NAMES_F),
        "first_f_ascii": [words.ascii_letters(name) for name in words.FIRST_NAMES_F],
        "first_m": list(words.FIRST_NAMES_M),
        "first_m_ascii": [words.ascii_letters(name) for name in words.FIRST_NAMES_M],
        "interests": list(words.INTERESTS),
        "mail_de": list(words.MAIL_DOMAINS_ABROAD["DE"]),
        "mail_fr": list(words.MAIL_DOMAINS_ABROAD["FR"]),
        "mail_gb": list(words.MAIL_DOMAINS_ABROAD["GB"]),
        "mail_us": list(words.MAIL_DOMAINS),
        "occupations": list(words.OCCUPATIONS),
        "per_category": words.PRODUCTS_PER_CATEGORY,
        "place_slots": sum(place.weight for place in words.PLACES),
        "products": len(words.CATEGORIES) * words.PRODUCTS_PER_CATEGORY,
        "return_reasons": list(words.RETURN_REASONS),
        "season": list(words.SEASON),
        "shirts": categories["shirts"],
        "sources": list(words.SOURCES),
        "street_kinds": list(words.STREET_KINDS),
        "streets": list(words.STREETS),
        "themes": list(words.THEMES),
        "ticket_topics": list(words.TICKET_TOPICS),
        "visit_sources": list(words.VISIT_SOURCES),
        "warm": warm,
        "warm_slots": len(warm),
        "womens": [categories[c.name] for c in words.CATEGORIES if c.department == "women"],
    }


def _write_lists(connection: psycopg.Connection[Any]) -> None:
    """The two lists with several columns, as temporary tables."""
    connection.execute(
        "CREATE TEMP TABLE places (slot integer, city text, state text, country text, postal text,"
        " latitude double precision, longitude double precision, area_code text) ON COMMIT DROP"
    )
    connection.execute(
        "CREATE TEMP TABLE categories (id integer, name text, department text, price integer, nouns text[])"
        " ON COMMIT DROP"
    )
    with connection.cursor() as cursor:
        slots = [place for place in words.PLACES for _ in range(place.weight)]
        with cursor.copy("COPY places FROM STDIN") as copy:
            for slot, place in enumerate(slots):
                copy.write_row((slot, *place[:-1]))
        with cursor.copy("COPY categories FROM STDIN") as copy:
            for number, category in enumerate(words.CATEGORIES, start=1):
                copy.write_row((number, category.name, category.department, category.price, list(category.nouns)))
    connection.execute("ANALYZE places, categories")


def _run(connection: psycopg.Connection[Any], step: str, given: dict[str, Any]) -> None:
    for statement in _statements(f"fill/{step}.sql"):
        connection.execute(statement, given)


@cache
def _statements(path: str) -> tuple[sql.SQL, ...]:
    """The statements of one of our files: none of them holds a semicolon inside."""
    parts = (part.strip() for part in _sql(path).split(";\n"))
    return tuple(sql.SQL(part) for part in parts if part)


def _sql(path: str) -> str:
    return files(__package__).joinpath(path).read_text(encoding="utf-8")
