"""Examines the customer database as segbot's role sees it, and proves on the live connection that writing fails.

Every attempt to write touches no row and is rolled back; one that would succeed for sure is not even made. What is found
is a list of findings with remedies; `Report.safe` is false when something lets segbot's role change data or the server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import psycopg
from psycopg import errors as pg
from psycopg import sql

from segbot.addresses import parse_address
from segbot.sql.policy import Policy
from segbot.warehouse.grants import FAR_FUNCTIONS, qualified
from segbot.warehouse.problems import explain

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]
Row: TypeAlias = tuple[Any, ...]

_SHOWN = 5
_GRANTS = "Connect as the role that `segbot grant` prints."


class Level(StrEnum):
    """How much a finding matters: `danger` means that segbot should not serve like this."""

    DANGER = "danger"
    WARNING = "warning"
    ADVICE = "advice"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: a stable code, a sentence, and what to do about it."""

    level: Level
    code: str
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, the worst first."""

    findings: tuple[Finding, ...]

    @property
    def safe(self) -> bool:
        """Whether nothing found lets segbot's role change anything."""
        return all(finding.level is not Level.DANGER for finding in self.findings)


def examine(url: str, policy: Policy, *, setting: str = "SEGBOT_DATABASE_URL") -> Report:
    """Look at the database through segbot's own eyes. Blocks for a few seconds at most.

    Raises `ConfigurationError` or `WarehouseUnavailable` when it can't be reached.
    """
    address = parse_address(url, setting)
    try:
        with psycopg.connect(
            **{**address.arguments, "application_name": "segbot doctor", "prepare_threshold": None}, autocommit=True
        ) as connection:
            found = [finding for check in _CHECKS for finding in _findings(check, connection, policy)]
    except psycopg.Error as error:
        raise explain(error, address) from None
    order = list(Level)
    return Report(tuple(sorted(found, key=lambda finding: order.index(finding.level))))


Check: TypeAlias = Callable[[Connection, Policy], Iterator[Finding]]


def _findings(check: Check, connection: Connection, policy: Policy) -> list[Finding]:
    """The findings of one check; one that this server can't answer says so."""
    try:
        return list(check(connection, policy))
    except (pg.UndefinedFunction, pg.UndefinedTable, pg.UndefinedColumn, pg.FeatureNotSupported, pg.QueryCanceled):
        name = check.__name__.strip("_").replace("_", " ")
        return [Finding(Level.ADVICE, "not_examined", f"This server does not answer questions about: {name}.")]


def _ask(connection: Connection, query: str, **values: object) -> list[Row]:
    """The rows of a question about the database itself, asked read-only."""
    connection.read_only = True
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("SET LOCAL statement_timeout = '10s'")
            return connection.execute(query.encode(), values).fetchall()
    finally:
        connection.read_only = None


def _succeeds(connection: Connection, statement: sql.Composed, *, read_only: bool) -> bool:
    """Whether a statement goes through, in a transaction that is rolled back either way."""
    connection.read_only = read_only
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("SET LOCAL statement_timeout = '10s'; SET LOCAL lock_timeout = '2s'")
            connection.execute(statement)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        if connection.closed:
            raise
        return False
    except psycopg.Error:
        return False
    finally:
        if not connection.closed:
            connection.read_only = None
    return True


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


# --- the checks -----------------------------------------------------------------------------------

# Constants that the questions below are made of; nothing from outside gets into their text.
_USER_SCHEMAS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'"
_RELATIONS = (
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE c.relkind IN ('r','p','v','m','f') AND {_USER_SCHEMAS}"
)
_CREATABLE = f"""
SELECT n.nspname FROM pg_namespace n WHERE {_USER_SCHEMAS} AND has_schema_privilege(n.oid, 'CREATE') ORDER BY 1
"""  # noqa: S608 - constants
_READABLE = f"""
SELECT n.nspname, c.relname, a.attname FROM pg_attribute a
JOIN (SELECT c.oid, c.relnamespace, c.relname {_RELATIONS}) c ON a.attrelid = c.oid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND has_schema_privilege(n.oid, 'USAGE')
AND has_column_privilege(c.oid, a.attnum, 'SELECT') ORDER BY 1, 2, a.attnum
"""  # noqa: S608 - constants
_DEFINERS = f"""
SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND {_USER_SCHEMAS} AND has_schema_privilege(n.oid, 'USAGE')
AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1
"""  # noqa: S608 - constants


def _writing(connection: Connection, policy: Policy) -> Iterator[Finding]:
    """The proof: a write into each table of the catalog fails, in segbot's transactions and outside of them."""
    ignored, refused = False, list[str]()
    for table in sorted(policy.tables):
        schema, bare = qualified(table, policy.default_schema)
        delete = sql.SQL("DELETE FROM {} WHERE false").format(sql.Identifier(schema, bare))
        if _succeeds(connection, delete, read_only=True):
            ignored = True
            yield Finding(
                Level.DANGER,
                "read_only_ignored",
                f"A write into {table} went through in a read-only transaction.",
                "Something between segbot and the database changes its transactions. Connect segbot directly.",
            )
        elif not _may_write(connection, schema, bare) and not _succeeds(connection, delete, read_only=False):
            refused.append(table)
    if not ignored:
        yield Finding(Level.GOOD, "read_only", "In the read-only transactions that segbot uses, writing fails.")
    if refused:
        whole = "each table of the catalog" if len(refused) == len(policy.tables) else _listed(refused)
        yield Finding(Level.GOOD, "writing_fails", f"Outside of them, a write into {whole} fails too.")


def _may_write(connection: Connection, schema: str, table: str) -> bool:
    rows = _ask(
        connection,
        f"SELECT has_table_privilege(c.oid, 'DELETE') {_RELATIONS} AND n.nspname = %(schema)s AND c.relname = %(table)s",
        schema=schema,
        table=table,
    )
    return bool(rows and rows[0][0])


def _role(connection: Connection, policy: Policy) -> Iterator[Finding]:
    """What the role itself may do, and through the roles it is a member of."""
    query = "SELECT rolsuper, rolcreaterole, rolreplication, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    is_super, *others = _ask(connection, query)[0]
    if is_super:
        yield Finding(Level.DANGER, "superuser", "segbot's role is a superuser: it may do everything.", _GRANTS)
        return
    rights = (
        (Level.DANGER, "createrole", "create roles"),
        (Level.DANGER, "replication", "copy the whole server by replication"),
        (Level.WARNING, "createdb", "create databases"),
        (Level.WARNING, "bypassrls", "see rows that row security hides"),
    )
    for (level, code, text), has in zip(rights, others, strict=True):
        if has:
            yield Finding(level, code, f"segbot's role may {text}.", _GRANTS)
    groups = {
        "pg_write_all_data": Level.DANGER,
        "pg_execute_server_program": Level.DANGER,
        "pg_write_server_files": Level.DANGER,
        "pg_read_server_files": Level.DANGER,
        "pg_signal_backend": Level.WARNING,
        "pg_read_all_data": Level.WARNING,
    }
    query = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%(names)s) AND pg_has_role(current_user, oid, 'MEMBER')"
    for (name,) in _ask(connection, query, names=list(groups)):
        yield Finding(groups[name], "member_of", f"segbot's role is a member of {name}.", _GRANTS)


def _rights_to_change(connection: Connection, policy: Policy) -> Iterator[Finding]:
    """Tables that the role owns or may write, places where it may create."""
    if _is_super(connection):
        return
    owned = [
        name
        for (name,) in _ask(
            connection, f"SELECT c.oid::regclass::text {_RELATIONS} AND pg_has_role(c.relowner, 'MEMBER') ORDER BY 1"
        )
    ]
    if owned:
        yield Finding(Level.DANGER, "owner", f"segbot's role owns {_listed(owned)}, so it may drop them.", _GRANTS)
    writable = _ask(
        connection,
        f"SELECT c.oid::regclass::text {_RELATIONS} AND NOT pg_has_role(c.relowner, 'MEMBER') AND ("
        "has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')"
        " OR has_any_column_privilege(c.oid, 'INSERT, UPDATE')) ORDER BY 1",
    )
    if names := [name for (name,) in writable]:
        yield Finding(Level.DANGER, "may_write", f"segbot's role may change {_listed(names)}.", _GRANTS)
    if names := [name for (name,) in _ask(connection, _CREATABLE)]:
        revoke = f"REVOKE CREATE ON SCHEMA {_listed(names)} FROM PUBLIC, or from the role."
        yield Finding(
            Level.DANGER, "may_create", f"segbot's role may create tables in schema {_listed(names)}.", revoke
        )
    query = "SELECT has_database_privilege(current_database(), 'CREATE'), has_database_privilege(current_database(), 'TEMP')"
    creates, temporary = _ask(connection, query)[0]
    if creates:
        yield Finding(Level.DANGER, "may_create_schema", "segbot's role may create schemas in this database.", _GRANTS)
    if temporary:
        text = "segbot's role may create temporary tables, as everybody may until told otherwise."
        yield Finding(Level.ADVICE, "may_create_temporary", text, "REVOKE TEMPORARY ON DATABASE ... FROM PUBLIC")
    probe = sql.SQL("CREATE TABLE {} ()").format(sql.Identifier(policy.default_schema, "segbot_doctor_probe"))
    if policy.default_schema not in names and _succeeds(connection, probe, read_only=False):
        text = f"A table could be created in schema {policy.default_schema} (and was rolled back)."
        yield Finding(Level.DANGER, "created", text, _GRANTS)


def _is_super(connection: Connection) -> bool:
    return bool(_ask(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0][0])


def _columns_outside(connection: Connection, policy: Policy) -> Iterator[Finding]:
    """Columns that the role can read though no catalog entry needs them."""
    if _is_super(connection):
        return
    listed = {
        (*qualified(table, policy.default_schema), column)
        for table, columns in policy.tables.items()
        for column in columns
    }
    outside = [".".join(place[1:]) for place in _ask(connection, _READABLE) if place not in listed]
    if outside:
        text = f"segbot's role can read {len(outside)} columns that the catalog does not use: {_listed(outside)}."
        yield Finding(
            Level.WARNING, "reads_more", text, "Grant it the columns that `segbot grant` prints, and no more."
        )
    else:
        yield Finding(Level.GOOD, "reads_the_catalog", "segbot's role can read the catalog's columns and no others.")


_SERVER_FUNCTIONS = ("pg_read_file", "pg_read_binary_file", "pg_ls_dir", "pg_stat_file", "lo_import", "lo_export")


def _functions(connection: Connection, policy: Policy) -> Iterator[Finding]:
    """Functions that reach further than the role: files of the server, SQL in strings, rights of somebody else."""
    if _is_super(connection):
        return
    query = (
        "SELECT DISTINCT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace"
        " AND p.proname = ANY(%(names)s) AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1"
    )
    if names := [name for (name,) in _ask(connection, query, names=list(_SERVER_FUNCTIONS))]:
        text = f"segbot's role may reach the server's files with {_listed(names)}."
        yield Finding(Level.DANGER, "server_files", text, "REVOKE EXECUTE on them from the role.")
    far = (
        "SELECT split_part(s, '(', 1) FROM unnest(CAST(%(names)s AS text[])) WITH ORDINALITY f(s, n)"
        " WHERE has_function_privilege(to_regprocedure('pg_catalog.' || s), 'EXECUTE') ORDER BY n"
    )
    if names := list(dict.fromkeys(name for (name,) in _ask(connection, far, names=list(FAR_FUNCTIONS)))):
        text = f"segbot's role may call {_listed(names)}, which run SQL from texts or write large objects."
        yield Finding(Level.ADVICE, "string_functions", text, "The advised part of `segbot grant` takes them away.")
    if names := [name for (name,) in _ask(connection, _DEFINERS)]:
        text = f"segbot's role may call functions that run with their owner's rights: {_listed(names)}."
        yield Finding(Level.WARNING, "definer_functions", text, "REVOKE EXECUTE on them from PUBLIC or the role.")
    create = sql.SQL("SELECT {}(0)").format(sql.Identifier("pg_catalog", "lo_create"))
    if _succeeds(connection, create, read_only=True):
        text = "Large objects can be written even in read-only transactions on this version of Postgres."
        yield Finding(Level.WARNING, "large_objects", text, "REVOKE EXECUTE ON FUNCTION lo_create(oid) FROM PUBLIC")


_FAR_REACHING = (
    "dblink", "postgres_fdw", "file_fdw", "adminpack", "plpython3u", "plpython2u", "plperlu", "pltclu", "plsh", "http", "pg_net",
)  # fmt: skip


def _extensions(connection: Connection, policy: Policy) -> Iterator[Finding]:
    """Extensions that open other connections, files or languages without walls."""
    query = "SELECT extname::text FROM pg_extension WHERE extname = ANY(%(names)s) ORDER BY 1"
    if names := [name for (name,) in _ask(connection, query, names=list(_FAR_REACHING))]:
        text = f"This database has extensions that reach outside of it: {_listed(names)}."
        yield Finding(Level.WARNING, "extensions", text, "REVOKE USAGE on them from segbot's role, or drop them.")


def _settings(connection: Connection, policy: Policy) -> Iterator[Finding]:
    """What holds for the role even where segbot's own transactions do not set it."""
    names = ["default_transaction_read_only", "search_path"]
    query = "SELECT name, setting, source FROM pg_settings WHERE name = ANY(%(names)s)"
    rows = {name: (value, source) for name, value, source in _ask(connection, query, names=names)}
    role = _ask(connection, "SELECT quote_ident(current_user)")[0][0]
    # Our own questions are asked in read-only transactions, which does not change this default.
    if rows["default_transaction_read_only"][0] != "on":
        text = "The role's transactions are not read-only by default; segbot makes each of its own so."
        yield Finding(
            Level.ADVICE, "default_read_write", text, f"ALTER ROLE {role} SET default_transaction_read_only = on"
        )
    if rows["search_path"][1] not in ("user", "database", "database user", "client"):
        text = "The role's search_path is not pinned; segbot pins it in each of its transactions."
        yield Finding(Level.ADVICE, "search_path", text, f"ALTER ROLE {role} SET search_path = {policy.default_schema}")
    if _unbounded(connection):
        text = "The role has no statement_timeout; segbot sets one in each of its transactions."
        yield Finding(Level.ADVICE, "no_timeout", text, f"ALTER ROLE {role} SET statement_timeout = '60s'")


def _unbounded(connection: Connection) -> bool:
    """Whether the session, outside of our transactions, has no statement timeout."""
    row = connection.execute("SHOW statement_timeout").fetchone()
    return row is not None and row[0] == "0"


def _transport(connection: Connection, policy: Policy) -> Iterator[Finding]:
    """Whether the rows travel in the open."""
    query = (
        "SELECT s.ssl, a.client_addr IS NULL OR inet '127.0.0.0/8' >>= a.client_addr OR a.client_addr = inet '::1'"
        " FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE s.pid = pg_backend_pid()"
    )
    rows = _ask(connection, query)
    if rows and not rows[0][0] and not rows[0][1]:
        text = "The connection to the customer database is not encrypted."
        yield Finding(Level.WARNING, "not_encrypted", text, "Add sslmode=verify-full to SEGBOT_DATABASE_URL.")


_CHECKS: tuple[Check, ...] = (
    _writing,
    _role,
    _rights_to_change,
    _columns_outside,
    _functions,
    _extensions,
    _settings,
    _transport,
)
