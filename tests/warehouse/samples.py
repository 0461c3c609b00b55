"""A small shop, the policy for it, and statements to run on it."""

from __future__ import annotations

from typing import Any

from segbot.sql.policy import Policy
from segbot.sql.statement import Statement
from segbot.warehouse.run import Warehouse

SHOP = """
CREATE TABLE customers (id bigint PRIMARY KEY, email text, state text, born date, balance numeric);
INSERT INTO customers
    SELECT n, 'person' || n || '@example.com', CASE WHEN n % 2 = 0 THEN 'TX' ELSE 'CA' END, DATE '1990-01-01' + n, n / 4.0
    FROM generate_series(1, 5000) n;
CREATE VIEW sleepy AS SELECT c.id, c.state FROM customers c, pg_sleep(30) WHERE c.id = 1;
CREATE VIEW lazy AS SELECT c.id, pg_sleep(CASE WHEN c.id > 2000 THEN 0.05 ELSE 0 END)::text AS state FROM customers c;
CREATE VIEW broken AS SELECT CAST(email AS int) AS id FROM customers;
CREATE VIEW odd AS SELECT 'infinity'::timestamptz AS a, '-infinity'::timestamp AS b, '0044-03-15 BC'::date AS c;
CREATE FUNCTION write_it() RETURNS int LANGUAGE sql VOLATILE AS
    $$ INSERT INTO customers VALUES (-1) RETURNING 1 $$;
CREATE VIEW writing AS SELECT write_it() AS id;
CREATE FUNCTION disarm() RETURNS int LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('search_path', 'nowhere', false), set_config('statement_timeout', '0', false);
    RETURN 1;
END $$;
CREATE VIEW disarming AS SELECT disarm() AS id;
CREATE VIEW settings AS SELECT name AS key, setting AS value FROM pg_settings;
CREATE TABLE secret (id int);
REVOKE ALL ON secret FROM PUBLIC;
"""

TABLES = {
    "customers": ("id", "email", "state", "born", "balance", "colour"),
    "sleepy": ("id", "state"),
    "lazy": ("id", "state"),
    "broken": ("id",),
    "odd": ("a", "b", "c"),
    "writing": ("id",),
    "disarming": ("id",),
    "settings": ("key", "value"),
    "secret": ("id",),
    "absent": ("id",),
}

POLICY = Policy(tables={name: dict.fromkeys(columns, True) for name, columns in TABLES.items()})


def select(sql: str, *columns: str, **parameters: object) -> Statement:
    return Statement(sql, parameters, columns or ("count",))


ALL = select("SELECT COUNT(*) FROM customers AS c")
TEXANS = select("SELECT COUNT(*) FROM customers AS c WHERE c.state = CAST(%(p1)s AS TEXT)", p1="TX")
SLEEP = select("SELECT COUNT(*) FROM sleepy AS c")
IDS = select("SELECT c.id FROM customers AS c ORDER BY c.id", "id")


async def size(warehouse: Warehouse, statement: Statement, **options: Any) -> int:
    """The one number that a statement selects."""
    (number,) = (await warehouse.count(statement, **options)).values
    return number
