"""The role that reads the demo company: it may see what segments need, and can change nothing."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from segbot.addresses import parse_address

READER = "segbot_reader"
ADDRESS = "The address of the demo company's database"

# What no segment needs and nobody should read.
SECRET_COLUMNS = (("customers", "password_hash"),)


def create_reader(url: str, schema: str, *, role: str = READER, password: str | None = None) -> None:
    """Create the login role where it is missing and let it read `schema`, column by column.

    `url` is that of the owner of the schema, who must be allowed to create roles. Without a password the role can log in
    only where the server trusts the connection, as the embedded Postgres does on its private socket.
    """
    with psycopg.connect(**parse_address(url, ADDRESS).arguments) as connection:
        name = sql.Identifier(role)
        try:
            with connection.transaction():
                connection.execute(sql.SQL("CREATE ROLE {}").format(name))
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            pass  # it is there, perhaps just made by another process; it gets the same properties below
        connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {}").format(
                name, sql.Literal(password)
            )
        )
        for setting, value in (
            ("default_transaction_read_only", "on"),
            ("statement_timeout", "60s"),
            ("lock_timeout", "2s"),
            ("idle_in_transaction_session_timeout", "120s"),
            ("search_path", schema),
        ):
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
            )
        grant_reading(connection, schema, role)


def grant_reading(connection: psycopg.Connection[Any], schema: str, role: str) -> None:
    """Let `role` read the columns of the schema that are not secret; nothing where there is no such role."""
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
        return
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(schema), sql.Identifier(role)))
    columns = connection.execute(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)"
        " FROM information_schema.columns WHERE table_schema = %s GROUP BY table_name",
        [schema],
    ).fetchall()
    for table, names in columns:
        readable = [name for name in names if (table, name) not in SECRET_COLUMNS]
        connection.execute(
            sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(
                sql.SQL(", ").join(map(sql.Identifier, readable)),
                sql.Identifier(schema, table),
                sql.Identifier(role),
            )
        )
