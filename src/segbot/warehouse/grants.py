"""The least that segbot needs in the customer database, as statements for its administrator: pure text, nothing is run.

A role that may read the catalog's columns and nothing else stops most of what a hostile statement could do, even were
the guard, the read-only transaction and segbot itself fooled.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from segbot.sql.policy import Policy

# Functions of Postgres that everybody may call and that run SQL from a text, or write large objects (before Postgres 16 even
# in a read-only transaction).
FAR_FUNCTIONS = (
    "query_to_xml(text, boolean, boolean, text)",
    "query_to_xmlschema(text, boolean, boolean, text)",
    "query_to_xml_and_xmlschema(text, boolean, boolean, text)",
    "table_to_xml(regclass, boolean, boolean, text)",
    "schema_to_xml(name, boolean, boolean, text)",
    "database_to_xml(boolean, boolean, text)",
    "ts_stat(text)",
    "ts_stat(text, text)",
    "ts_rewrite(tsquery, text)",
    "lo_create(oid)",
    "lo_creat(integer)",
    "lo_from_bytea(oid, bytea)",
    "lo_put(oid, bigint, bytea)",
    "lo_unlink(oid)",
)


@dataclass(frozen=True, slots=True)
class Grants:
    """`needed` makes the role; `advised` takes from everybody what only few need, and may concern other programs."""

    needed: tuple[str, ...]
    advised: tuple[str, ...]

    def script(self) -> str:
        """A script for psql, the advised part as comments."""
        advice = "\n".join(f"-- {line}" for line in self.advised)
        return (
            "-- What segbot needs in the customer database, and no more. Run it as the owner of the tables.\n"
            "BEGIN;\n" + "\n".join(self.needed) + "\nCOMMIT;\n\n"
            "-- Advised, after a look at your other programs: what Postgres lets everybody do until told otherwise.\n"
            f"{advice}\n"
        )


def grants(
    policy: Policy, *, role: str = "segbot", database: str | None = None, queries: int = 4, seconds: float = 60.0
) -> Grants:
    """The statements for a role that may read the policy's columns, run so many queries at once and each for so long.

    Without a `database` it is the one that psql is connected to. The role gets no password here: set one with psql's
    \\password, so that it is in no script and no log.
    """
    name, place = _name(role), ':"DBNAME"' if database is None else _name(database)
    tables = {qualified(table, policy.default_schema): columns for table, columns in sorted(policy.tables.items())}
    schemas = list(dict.fromkeys(schema for schema, _ in tables))
    path = ", ".join(map(_name, schemas))
    needed = [
        # Inspecting, the doctor and a second process need connections besides the queries'.
        f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT"
        f" CONNECTION LIMIT {2 * queries + 2};",
        f"ALTER ROLE {name} SET default_transaction_read_only = on;",
        f"ALTER ROLE {name} SET search_path = {path};",
        f"ALTER ROLE {name} SET statement_timeout = '{max(1, round(seconds))}s';",
        f"ALTER ROLE {name} SET lock_timeout = '3s';",
        f"ALTER ROLE {name} SET idle_in_transaction_session_timeout = '60s';",
        f"GRANT CONNECT ON DATABASE {place} TO {name};",
        *(f"GRANT USAGE ON SCHEMA {_name(schema)} TO {name};" for schema in schemas),
        *(
            f"GRANT SELECT ({', '.join(map(_name, sorted(columns)))}) ON {_name(schema)}.{_name(table)} TO {name};"
            for (schema, table), columns in tables.items()
        ),
    ]
    advised = [
        f"REVOKE TEMPORARY ON DATABASE {place} FROM PUBLIC;",
        *(f"REVOKE CREATE ON SCHEMA {_name(schema)} FROM PUBLIC;" for schema in schemas),
        *(f"REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA {_name(schema)} FROM PUBLIC;" for schema in schemas),
        *(f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM PUBLIC;" for function in FAR_FUNCTIONS),
    ]
    return Grants(tuple(needed), tuple(advised))


def qualified(table: str, default: str) -> tuple[str, str]:
    """Schema and bare name of a table as the policy names it."""
    schema, _, bare = table.rpartition(".")
    return schema or default, bare


def _name(word: str) -> str:
    return sql.Identifier(word).as_string()
