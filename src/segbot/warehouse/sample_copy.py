"""Copies a sample of customers from the customer database into segbot's store: one transaction there, streams in between.

Everything of a sample is made in one transaction of the store: the schema, its tables, rows, indexes and the note that
says what it is. So a reader sees all of it or nothing, and whatever interrupts the copying (a database that goes away, a
killed process) leaves nothing behind. Rows pass through as the text of COPY, a block at a time: memory does not grow.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import psycopg
from psycopg import IsolationLevel, sql
from psycopg import errors as pg

from segbot.addresses import Address, explain_refusal, parse_address
from segbot.errors import ConfigurationError, QueryCancelled, SegbotError, StoreUnavailable
from segbot.logs import get_logger
from segbot.sql.statement import Statement
from segbot.warehouse.grants import qualified
from segbot.warehouse.indexes import wanted_indexes
from segbot.warehouse.problems import explain
from segbot.warehouse.sample_plan import Plan, PlannedTable, Reach
from segbot.warehouse.sample_types import Column, Kept, read_columns

_log = get_logger(__name__)

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

SALT = "segbot sample "
"""Goes before the key when it is hashed, so that a random share that a condition asks for is another one."""

SAMPLE_NAME = "[0-9]{8}_[0-9]{14}"
"""What the name of a sample's schema is after its prefix, for Python and for Postgres."""

_BLOCK = 1 << 18  # bytes handed on at once
_REFERENCE_ROWS = 100_000  # a reference table of at most so many rows is copied whole


class SampleTooLarge(ConfigurationError):
    """The sample would take more room than it may. The text names the setting."""


@dataclass(frozen=True, slots=True)
class SampleNote:
    """What a sample is: kept as the comment of its schema.

    `taken_at` is the moment of its data (UTC), `sampled` how many customers it holds and `base` out of how many. `plan` is the
    digest of the plan it was made by. `tables` gives its tables and their columns; `left_out` is what the catalog reads and it
    has not, with the reason. `wanted` is the number of customers that was asked for.
    """

    schema: str
    taken_at: datetime
    sampled: int
    base: int
    wanted: int
    plan: str
    tables: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]
    rows: int
    bytes: int
    seconds: float

    def dump(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self) | {"taken_at": self.taken_at.isoformat()})

    @classmethod
    def load(cls, text: str) -> SampleNote:
        """From its JSON. Raises `ValueError` when it is of another version."""
        try:
            data = json.loads(text)
            tables = {name: tuple(columns) for name, columns in data.pop("tables").items()}
            taken, left = datetime.fromisoformat(data.pop("taken_at")), tuple(data.pop("left_out"))
            return cls(taken_at=taken, tables=tables, left_out=left, **data)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("a sample of another version") from error


@dataclass(frozen=True, slots=True)
class Order:
    """What to copy and from where to where. Times in seconds.

    `everyone` selects the keys of the base. `statement` bounds each table's copy, `most_bytes` the whole.
    """

    source: Address
    store: Address
    store_schema: str
    plan: Plan
    everyone: Statement
    customers: int
    statement: float = 900.0
    most_bytes: int = 2_000_000_000

    @classmethod
    def of(
        cls,
        source_url: str,
        store_url: str,
        store_schema: str,
        plan: Plan,
        everyone: Statement,
        customers: int,
        **limits: Any,
    ) -> Order:
        """An order from addresses as the settings hold them. Raises `ConfigurationError` when one can't be read."""
        source, store = parse_address(source_url, "SEGBOT_DATABASE_URL"), parse_address(store_url, "SEGBOT_STORE_URL")
        return cls(source, store, store_schema, plan, everyone, customers, **limits)


class Stop:
    """Ends the making of a sample from another thread, in the customer database too."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._connections: set[Connection] = set()

    @property
    def pulled(self) -> bool:
        """Whether it was asked to end."""
        return self._event.is_set()

    def pull(self) -> None:
        """Ask it to end. Returns at once; a query under way is cancelled."""
        self._event.set()
        for connection in tuple(self._connections):
            with suppress(psycopg.Error):
                connection.cancel_safe(timeout=2)

    @contextmanager
    def reaches(self, connection: Connection) -> Iterator[None]:
        """While the block runs, `pull` cancels what this connection does."""
        self._connections.add(connection)
        try:
            yield
        finally:
            self._connections.discard(connection)


def prefix_of(store_schema: str) -> str:
    """What the names of all samples of a store begin with."""
    return f"{store_schema[:40]}_sample_"


def _next_name(store: Connection, store_schema: str, at: datetime) -> str:
    """The name of a new sample's schema: a number, so that later ones sort after earlier ones whatever the clock says, and a date."""
    prefix, there = prefix_of(store_schema), list_samples(store, store_schema)
    number = int(there[0][len(prefix) :].partition("_")[0]) + 1 if there else 1
    return f"{prefix}{number:08d}_{at.astimezone(UTC):%Y%m%d%H%M%S}"


def copy_sample(order: Order, now: datetime, stop: Stop | None = None) -> SampleNote | None:
    """Make a new sample and drop the old ones. Blocks for as long as it takes; `stop` ends it.

    None when another process is making one. Raises `ConfigurationError`, `StoreUnavailable`, what the customer database says,
    or `QueryCancelled` when stopped: then the former sample stays as it was.
    """
    begun, stop = time.monotonic(), stop or Stop()
    with _opened_store(order) as store:
        with _explained_store(order.store):
            if not _locked(store, order.store_schema):
                return None
        try:
            with _opened_source(order) as source, stop.reaches(source), stop.reaches(store):
                note = _Copying(order, source, store, now, stop).run(begun)
        except SegbotError:
            if stop.pulled:
                raise QueryCancelled("the sample was stopped") from None
            raise
        with _explained_store(order.store):
            store.commit()
    _log.info("sample.made", customers=note.sampled, base=note.base, rows=note.rows, seconds=round(note.seconds, 1))
    drop_old(order.store, order.store_schema)
    return note


def drop_old(address: Address, store_schema: str) -> int:
    """Drop every sample but the newest; how many there were. One that is still read is left for the next time."""
    dropped = 0
    with _explained_store(address), psycopg.connect(**_arguments(address), autocommit=True) as store:
        store.execute("SET lock_timeout = '5s'")
        for name in list_samples(store, store_schema)[1:]:
            try:
                store.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
                dropped += 1
            except (pg.LockNotAvailable, pg.DeadlockDetected):
                _log.info("sample.still_read", schema=name)
    return dropped


def list_samples(store: Connection, store_schema: str) -> list[str]:
    """The schemas of all samples of a store, newest first."""
    prefix = prefix_of(store_schema)
    rows = store.execute(
        "SELECT nspname FROM pg_namespace WHERE left(nspname, length(%s::text)) = %s ORDER BY nspname DESC",
        [prefix, prefix],
    ).fetchall()
    return [name for (name,) in rows if re.fullmatch(SAMPLE_NAME, name[len(prefix) :])]


# --- the two connections --------------------------------------------------------------------------

# Both sides write and read every type in the same words.
_WORDS = "SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'; SET timezone = 'UTC'"


def _arguments(address: Address) -> dict[str, Any]:
    return {
        **address.arguments,
        "application_name": "segbot sample",
        "prepare_threshold": None,
        "client_encoding": "utf8",
    }


@contextmanager
def _opened_source(order: Order) -> Iterator[Connection]:
    """The customer database in one read-only transaction: all tables are copied as of one moment."""
    try:
        with psycopg.connect(**_arguments(order.source)) as connection:
            connection.read_only = True
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.execute(
                f"{_WORDS}; SET search_path = pg_catalog, public, pg_temp; SET lock_timeout = '3s';"
                f" SET statement_timeout = {round(order.statement * 1000)};"
                " SET idle_in_transaction_session_timeout = '15min'; SET extra_float_digits = 1".encode()
            )
            yield connection
            connection.rollback()
    except _StoreProblem as error:
        raise _explain_store(error.error, order.store) from None
    except psycopg.Error as error:
        raise explain(error, order.source) from None


class _StoreProblem(Exception):
    """Carries an error of the store through the block of the customer database, so that each is explained as its own."""

    def __init__(self, error: psycopg.Error) -> None:
        self.error = error


@contextmanager
def _at_store() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise _StoreProblem(error) from error


@contextmanager
def _opened_store(order: Order) -> Iterator[Connection]:
    with _explained_store(order.store):
        connection = psycopg.connect(**_arguments(order.store))
    try:
        with _explained_store(order.store):
            # The transaction waits for the customer database, however long that takes.
            connection.execute(
                f"{_WORDS}; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0".encode()
            )
        yield connection
    finally:
        connection.close()


def _locked(store: Connection, store_schema: str) -> bool:
    row = store.execute(
        "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"segbot sample {store_schema}"]
    ).fetchone()
    return row is not None and bool(row[0])


@contextmanager
def _explained_store(address: Address) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise _explain_store(error, address) from None


def _explain_store(error: psycopg.Error, address: Address) -> SegbotError:
    match error:
        case pg.InsufficientPrivilege():
            return ConfigurationError(
                f"The user of {address.setting} may not create the schema of a sample in the {address}. An admin can run "
                "GRANT CREATE ON DATABASE for it, or SEGBOT_SAMPLE_CUSTOMERS=0 does without samples."
            )
        case pg.DiskFull():
            return StoreUnavailable("the disk of the store is full")
        case psycopg.OperationalError() | psycopg.InterfaceError() if error.sqlstate is None:
            return explain_refusal(address, error) or StoreUnavailable(f"{type(error).__name__}: {error}")
        case _:
            # Class 22 quotes the value that it stumbled over.
            said = "" if (error.sqlstate or "").startswith("22") else f": {error}"
            return StoreUnavailable(f"{type(error).__name__} {error.sqlstate}{said}")


# --- copying --------------------------------------------------------------------------------------


class _Copying:
    """One sample being made."""

    def __init__(self, order: Order, source: Connection, store: Connection, now: datetime, stop: Stop) -> None:
        self.order, self.source, self.store, self.now, self.stop = order, source, store, now, stop
        with _at_store():
            self.schema = _next_name(store, order.store_schema, now)
        self.rows = self.bytes = 0
        self.held: dict[str, tuple[str, ...]] = {}
        self.left_out: list[str] = []
        self.enums: dict[tuple[str, ...], int] = {}

    def run(self, begun: float) -> SampleNote:
        plan = self.order.plan
        known = read_columns(self.source, [qualified(table.source, "public") for table in plan.tables])
        with _at_store():
            self.store.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(self.schema)))
        base, keys = self._choose(self._key_type(known.get(qualified(plan.tables[0].source, "public"), {})))
        for table in plan.tables:
            columns = self._columns(table, known.get(qualified(table.source, "public"), {}))
            if columns:
                self._create(table, columns)
                self._copy(table, columns, keys)
                self.held[table.name] = tuple(column.name for column in columns)
        with _at_store():
            self._finish()
            note = SampleNote(
                self.schema,
                self.now,
                len(keys.values),
                base,
                self.order.customers,
                plan.digest,
                self.held,
                tuple(self.left_out),
                self.rows,
                self.bytes,
                time.monotonic() - begun,
            )
            self.store.execute(
                sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(self.schema), sql.Literal(note.dump()))
            )
        return note

    def _key_type(self, known: Mapping[str, Column]) -> str:
        key = known.get(self.order.plan.key)
        if key is None or key.kept is None or key.kept.labels is not None:
            raise ConfigurationError(
                "The customer key can't be read, or is of a type that can't be copied, so no sample of customers is kept. "
                "`segbot catalog check` says more."
            )
        return key.kept.name

    def _choose(self, key_type: str) -> tuple[int, _Keys]:
        """How many there are, and the keys whose hashes are the smallest: the same people every time."""
        everyone = self.order.everyone
        inner = f"({everyone.sql}) AS e(k)"
        values = {**everyone.parameters, "salt": SALT, "wanted": self.order.customers}
        with self.source.cursor() as cursor:
            cursor.execute(f"SELECT count(k) FROM {inner}".encode(), everyone.parameters or None)  # noqa: S608 (compiled)
            (base,) = cursor.fetchone() or (0,)
            self._go_on()
            chosen = cursor.execute(
                f"SELECT CAST(k AS text) FROM {inner} WHERE k IS NOT NULL"  # noqa: S608
                " ORDER BY md5(CAST(%(salt)s AS text) || CAST(k AS text)), CAST(k AS text)"
                " LIMIT CAST(%(wanted)s AS bigint)".encode(),
                values,
            ).fetchall()
        self._go_on()
        return base, _Keys(tuple(key for (key,) in chosen), key_type)

    def _columns(self, table: PlannedTable, known: Mapping[str, Column]) -> tuple[Column, ...]:
        """The columns that are copied; what is not is noted with its reason."""
        kept = []
        for name in table.left_out:
            self.left_out.append(f"{table.source}.{name}: contact or sensitive data")
        if not known:
            self.left_out.append(f"{table.source}: no such table, or segbot may not read it")
            return ()
        for name in table.columns:
            column = known.get(name)
            if column is None:
                self.left_out.append(f"{table.source}.{name}: no such column, or segbot may not read it")
            elif column.kept is None:
                self.left_out.append(f"{table.source}.{name}: of type {column.type}")
            else:
                kept.append(column)
        return tuple(kept)

    def _create(self, table: PlannedTable, columns: tuple[Column, ...]) -> None:
        here = sql.Identifier(self.schema, table.name)
        with _at_store():
            defined = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(column.name), self._type(column.kept))
                for column in columns
                if column.kept is not None
            )
            # Queries of a few milliseconds are not worth other processes.
            self.store.execute(
                sql.SQL("CREATE TABLE {} ({}) WITH (parallel_workers = 0, autovacuum_enabled = false)").format(
                    here, defined
                )
            )

    def _type(self, kept: Kept) -> sql.Composable:
        """A type in DDL: a type of Postgres as it is, an enum of the sample's own."""
        name: sql.Composable = sql.SQL(kept.name)
        if kept.labels is not None:
            known = self.enums.get(kept.labels)
            number = len(self.enums) + 1 if known is None else known
            name = sql.Identifier(self.schema, f"segbot_enum_{number}")
            if known is None:
                self.enums[kept.labels] = number
                labels = sql.SQL(", ").join(map(sql.Literal, kept.labels))
                self.store.execute(sql.SQL("CREATE TYPE {} AS ENUM ({})").format(name, labels))
        return sql.SQL("{}[]").format(name) if kept.array else name

    def _copy(self, table: PlannedTable, columns: tuple[Column, ...], keys: _Keys) -> None:
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
        query = sql.SQL("SELECT {} FROM {}").format(names, _table(table.source))
        if not (table.reference and self._is_small(table)):
            query = sql.SQL("{} WHERE {}").format(query, _wanted(table.reaches, keys))
        out = sql.SQL("COPY ({}) TO STDOUT").format(query)
        # Frozen rows are visible to everybody at once, and indexes alone can answer.
        into = sql.SQL("COPY {} ({}) FROM STDIN WITH (FREEZE)").format(sql.Identifier(self.schema, table.name), names)
        with (
            self.source.cursor() as reading,
            self.store.cursor() as writing,
            reading.copy(out) as rows,
            _storing(writing, into) as store,
        ):
            block = bytearray()
            for row in rows:
                block += row
                self.rows += 1
                if len(block) >= _BLOCK:
                    self._hand_on(store, block)
                    block = bytearray()
            self._hand_on(store, block)

    def _hand_on(self, store: psycopg.Copy, block: bytearray) -> None:
        self._go_on()
        self.bytes += len(block)
        if self.bytes > self.order.most_bytes:
            raise SampleTooLarge(
                f"The sample of {self.order.customers:,} customers would take more than "
                f"{self.order.most_bytes // 1_000_000:,} MB. Lower SEGBOT_SAMPLE_CUSTOMERS or raise SEGBOT_SAMPLE_MEGABYTES."
            )
        if block:
            with _at_store():
                store.write(bytes(block))

    def _is_small(self, table: PlannedTable) -> bool:
        schema, name = qualified(table.source, "public")
        row = self.source.execute(
            "SELECT c.reltuples FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'm')",
            [schema, name],
        ).fetchone()
        return row is not None and 0 <= row[0] <= _REFERENCE_ROWS

    def _finish(self) -> None:
        """Indexes as the doctor would advise them, and statistics."""
        for number, index in enumerate(wanted_indexes(self.order.plan.catalog), start=1):
            self._go_on()
            if set(index.columns) <= set(self.held.get(index.table, ())):
                self.store.execute(
                    sql.SQL("CREATE INDEX {} ON {} ({})").format(
                        sql.Identifier(f"segbot_index_{number}"),
                        sql.Identifier(self.schema, index.table),
                        sql.SQL(", ").join(map(sql.Identifier, index.columns)),
                    )
                )
        for name in self.held:
            self.store.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(self.schema, name)))

    def _go_on(self) -> None:
        if self.stop.pulled:
            raise QueryCancelled("the sample was stopped")


@dataclass(frozen=True, slots=True)
class _Keys:
    """The chosen customers' keys as texts, and their type."""

    values: tuple[str, ...]
    type: str

    def select(self) -> sql.Composable:
        """A query of them. A set is joined by hash or looked up in an index, whatever the version of Postgres."""
        listed = sql.Literal(
            "{" + ",".join('"' + k.replace("\\", "\\\\").replace('"', '\\"') + '"' for k in self.values) + "}"
        )
        return sql.SQL("SELECT unnest(CAST({} AS {}[]))").format(listed, sql.SQL(self.type))


@contextmanager
def _storing(cursor: psycopg.Cursor[Any], into: sql.Composed) -> Iterator[psycopg.Copy]:
    """A COPY into the store whose own failures are told from those of the block."""
    copying = cursor.copy(into)
    with _at_store():
        store = copying.__enter__()
    try:
        yield store
    except BaseException as error:
        with suppress(psycopg.Error):
            copying.__exit__(type(error), error, error.__traceback__)
        raise
    with _at_store():
        copying.__exit__(None, None, None)


def _table(name: str) -> sql.Composable:
    return sql.Identifier(*qualified(name, "public"))


def _wanted(reaches: tuple[Reach, ...], keys: _Keys) -> sql.Composable:
    """That a row hangs on one of the chosen customers, in any of the ways."""
    return sql.SQL(" OR ").join(_reached(reach, keys) for reach in reaches)


def _reached(reach: Reach, keys: _Keys) -> sql.Composable:
    if reach.parent is None:
        inner = keys.select()
    else:
        table, column, above = reach.parent
        inner = sql.SQL("SELECT {} FROM {} WHERE {}").format(
            sql.Identifier(column), _table(table), _reached(above, keys)
        )
    return sql.SQL("{} IN ({})").format(sql.Identifier(reach.column), inner)
