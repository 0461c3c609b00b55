"""Brings the store's tables to a version, up or down, with Alembic and one lock, so that many processes may start at once."""

from __future__ import annotations

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from psycopg import errors as pg
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from segbot.addresses import Address, check_schema, explain_refusal, parse_address
from segbot.errors import ConfigurationError, StoreUnavailable

_SCRIPTS = Path(__file__).with_name("migrations")


def migrate(
    url: str, schema: str = "segbot", revision: str = "head", *, setting: str = "SEGBOT_STORE_URL"
) -> str | None:
    """Bring the tables in `schema` to `revision` ("head", "base", an id, or "-1" for one back), creating the schema if needed.

    Blocks; everything happens in one transaction, and other processes wait for it. Returns the revision reached (None is
    none). Raises `ConfigurationError` or `StoreUnavailable` with a sentence.
    """
    address = parse_address(url, setting)
    check_schema(schema, "SEGBOT_STORE_SCHEMA")
    engine = create_engine(
        "postgresql+psycopg://",
        connect_args={**address.arguments, "application_name": "segbot migrate", "prepare_threshold": None},
        poolclass=NullPool,
    )
    try:
        with engine.begin() as connection:
            return _migrate(connection, schema, revision)
    except DBAPIError as error:
        raise _explain(error, address, schema) from error


def head_revision() -> str | None:
    """The newest revision that this version of segbot knows."""
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def _migrate(connection: Connection, schema: str, revision: str) -> str | None:
    # Held until the end of the transaction: a second process waits here, then finds the work done.
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('segbot migrate ' || :schema, 0))"), {"schema": schema}
    )
    quoted = connection.dialect.identifier_preparer.quote_identifier(schema)
    exists = connection.execute(text("SELECT 1 FROM pg_namespace WHERE nspname = :schema"), {"schema": schema}).scalar()
    if not exists:
        connection.execute(text(f"CREATE SCHEMA {quoted}"))
    connection.execute(text(f"SET LOCAL search_path TO {quoted}"))
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["schema"] = schema
    current = _current(connection, schema)
    try:
        if _goes_down(ScriptDirectory.from_config(config), current, revision):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
    except CommandError as error:
        raise ConfigurationError(
            f'The tables in schema "{schema}" are at revision {current}, which this version of segbot does not know, or '
            f"there is no revision {revision}. Use the newest version of segbot that was run on this store."
        ) from error
    return _current(connection, schema)


def _current(connection: Connection, schema: str) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table_schema": schema}).get_current_revision()


def _goes_down(scripts: ScriptDirectory, current: str | None, revision: str) -> bool:
    """Whether a target lies behind the current revision."""
    if revision == "base" or revision.startswith("-"):
        return True
    if current is None or revision in ("head", "heads", current):
        return False
    behind = {script.revision for script in scripts.iterate_revisions(current, "base")}
    return revision in behind


def _explain(error: DBAPIError, address: Address, schema: str) -> Exception:
    match error.orig:
        case pg.InsufficientPrivilege():
            return ConfigurationError(
                f'The user of {address.setting} may not create tables in schema "{schema}". '
                "Use another user, or have an admin create the schema for it."
            )
        case pg.DiskFull():
            return StoreUnavailable("the disk of the store is full")
        case psycopg.OperationalError() | psycopg.InterfaceError() as orig:
            refusal = explain_refusal(address, orig) if orig.sqlstate is None else None
            return refusal or StoreUnavailable(f"{type(orig).__name__}: {orig}")
        case _:
            return error
