"""What the doctor and the grants promise: the printed role is enough for segbot and for nothing else; a stronger one is found."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql
from tests.warehouse.samples import ALL, size

from segbot.addresses import parse_address
from segbot.errors import ConfigurationError, WarehouseUnavailable
from segbot.sql.policy import Policy
from segbot.warehouse.doctor import Level, Report, examine
from segbot.warehouse.grants import grants
from segbot.warehouse.run import Warehouse

ROLE = f'segbot "doctor" {secrets.token_hex(4)}'
POLICY = Policy(tables={"customers": {"id": False, "state": True}, "Sales.Orders": {"id": False, "customer_id": False}})

SCHEMA = """
CREATE TABLE customers (id bigint PRIMARY KEY, state text, ssn text);
INSERT INTO customers SELECT n, 'TX', 'secret' FROM generate_series(1, 10) n;
CREATE SCHEMA "Sales";
CREATE TABLE "Sales"."Orders" (id bigint, customer_id bigint, secret text);
"""


@pytest.fixture
def shop(make_database: Callable[..., str]) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """An administrator's connection to a database with the role that `grants` prints."""
    url = make_database()
    with psycopg.connect(**parse_address(url, "test").arguments, autocommit=True) as admin:
        admin.execute(SCHEMA)
        printed = grants(POLICY, role=ROLE, database=admin.info.dbname)
        admin.execute(printed.script().encode())
        try:
            yield admin
        finally:
            admin.execute(sql.SQL("DROP OWNED BY {0} CASCADE; DROP ROLE {0}").format(sql.Identifier(ROLE)))


def as_role(admin: psycopg.Connection[tuple[object, ...]], role: str = ROLE) -> str:
    """The address of the same database for a role."""
    info = admin.info
    return psycopg.conninfo.make_conninfo(host=info.host, port=info.port, dbname=info.dbname, user=role)


def look(admin: psycopg.Connection[tuple[object, ...]]) -> Report:
    return examine(as_role(admin), POLICY)


def codes(report: Report, *levels: Level) -> set[str]:
    return {finding.code for finding in report.findings if finding.level in levels}


def test_the_printed_role_is_safe_and_sufficient(shop: psycopg.Connection[tuple[object, ...]]) -> None:
    """A role made by the printed script gives no danger and no warning, and it can read what the catalog needs."""
    report = look(shop)
    assert report.safe
    assert codes(report, Level.DANGER, Level.WARNING) == set()
    assert codes(report, Level.GOOD) == {"read_only", "writing_fails", "reads_the_catalog"}
    with psycopg.connect(as_role(shop)) as role:
        assert role.execute("SELECT count(*), max(state) FROM customers").fetchone() == (10, "TX")
        assert role.execute('SELECT count(*) FROM "Orders"').fetchone() == (0,)
        for forbidden in (
            "SELECT ssn FROM customers",
            "SELECT * FROM customers",
            'SELECT secret FROM "Sales"."Orders"',
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), role.transaction():
                role.execute(forbidden.encode())


def test_the_advised_part_leaves_no_advice(shop: psycopg.Connection[tuple[object, ...]]) -> None:
    """With the advised statements run too, the doctor has nothing left to say but good."""
    for statement in grants(POLICY, role=ROLE, database=shop.info.dbname).advised:
        shop.execute(statement.encode())
    assert codes(look(shop), *(level for level in Level if level is not Level.GOOD)) == set()


async def test_the_printed_role_can_count(shop: psycopg.Connection[tuple[object, ...]]) -> None:
    """segbot itself works with that role."""
    async with Warehouse.open(as_role(shop), POLICY) as warehouse:
        assert await size(warehouse, ALL) == 10


def test_the_script_names_no_password_and_quotes_names() -> None:
    """The script is text to read first: no password in it, every name quoted, what concerns others commented out."""
    printed = grants(POLICY, role=ROLE, database='my "db"')
    script = printed.script()
    assert "PASSWORD" not in script.upper()
    assert 'GRANT SELECT ("customer_id", "id") ON "Sales"."Orders" TO ' in script
    assert 'GRANT CONNECT ON DATABASE "my ""db"""' in script
    assert all(f"-- {line}" in script for line in printed.advised)
    assert 'GRANT CONNECT ON DATABASE :"DBNAME" TO "segbot";' in grants(POLICY).script()


@pytest.mark.parametrize(
    ("statement", "level", "code"),
    [
        ("ALTER ROLE {} SUPERUSER", Level.DANGER, "superuser"),
        ("ALTER ROLE {} CREATEROLE", Level.DANGER, "createrole"),
        ("ALTER ROLE {} REPLICATION", Level.DANGER, "replication"),
        ("ALTER ROLE {} CREATEDB", Level.WARNING, "createdb"),
        ("ALTER ROLE {} BYPASSRLS", Level.WARNING, "bypassrls"),
        ("GRANT pg_write_all_data TO {}", Level.DANGER, "member_of"),
        ("GRANT pg_read_all_data TO {}", Level.WARNING, "member_of"),
        ("ALTER TABLE customers OWNER TO {}", Level.DANGER, "owner"),
        ("GRANT DELETE ON customers TO {}", Level.DANGER, "may_write"),
        ("GRANT UPDATE (state) ON customers TO {}", Level.DANGER, "may_write"),
        ('GRANT INSERT ON "Sales"."Orders" TO PUBLIC', Level.DANGER, "may_write"),
        ("GRANT CREATE ON SCHEMA public TO {}", Level.DANGER, "may_create"),
        ("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {}", Level.DANGER, "server_files"),
        ("GRANT SELECT ON customers TO {}", Level.WARNING, "reads_more"),
        (
            "CREATE FUNCTION boss() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
            Level.WARNING,
            "definer_functions",
        ),
        ("ALTER ROLE {} RESET statement_timeout", Level.ADVICE, "no_timeout"),
        ("ALTER ROLE {} RESET default_transaction_read_only", Level.ADVICE, "default_read_write"),
        ("ALTER ROLE {} RESET search_path", Level.ADVICE, "search_path"),
    ],
)
def test_every_right_too_many_is_found(
    shop: psycopg.Connection[tuple[object, ...]], statement: str, level: Level, code: str
) -> None:
    """Each right beyond the printed ones is found, with a remedy, and makes the report unsafe when it lets segbot write."""
    shop.execute(sql.SQL(statement).format(sql.Identifier(ROLE)))
    report = look(shop)
    found = {finding.code: finding for finding in report.findings}
    assert found[code].level is level
    assert found[code].remedy
    assert report.safe == (level is not Level.DANGER)
    assert report.findings[0].level is level or level is Level.ADVICE


def test_looking_changes_nothing(shop: psycopg.Connection[tuple[object, ...]]) -> None:
    """After an examination as a role that may do everything, every row and table is as before."""
    shop.execute(sql.SQL("ALTER ROLE {} SUPERUSER").format(sql.Identifier(ROLE)))
    assert "read_only" in codes(look(shop), Level.GOOD)
    assert shop.execute("SELECT count(*) FROM customers").fetchone() == (10,)
    assert shop.execute(
        "SELECT to_regclass('public.segbot_doctor_probe'), count(*) FROM pg_largeobject_metadata"
    ).fetchone() == (None, 0)


def test_a_database_that_is_not_there() -> None:
    """The doctor of a wrong address says which setting to change."""
    with pytest.raises(ConfigurationError, match="SEGBOT_DATABASE_URL"):
        examine("nonsense", POLICY)
    with pytest.raises(WarehouseUnavailable):
        examine("postgresql://u@127.0.0.1:9/x", POLICY)
