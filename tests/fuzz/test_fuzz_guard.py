"""The fuzzer of the guard finds nothing in a few hundred rounds, and would find an escape if there were one."""

from __future__ import annotations

import random

import pytest
from tests.fuzz.guard import Fuzzer, run, worlds

from segbot.sql.guard import Allowed, guard
from segbot.warehouse.embedded import temporary_postgres

# What a guard with holes would let through, and what the fuzzer must say of it.
ESCAPES = {
    "SELECT c.ssn FROM customers c": "customers.ssn",
    "SELECT count(*) FROM customers c JOIN api_keys k ON k.id = c.id": "api_keys",
    "SELECT usename FROM pg_shadow": "pg_shadow",
    "SELECT c.id FROM customers c WHERE purge_customer(c.id) = 1": "function purge_customer",
    "SELECT c.id FROM customers c WHERE pg_sleep(9) IS NULL": "pg_sleep",
    "SELECT c.id FROM customers c WHERE c.email === 'x'": "operator ===",
    "SELECT c.id FROM customers c FOR UPDATE": "FOR UPDATE",
    "SELECT to_jsonb(c) FROM customers c": "c.*",
    "SELECT id FROM shadow.customers": "shadow.customers",
    "WITH d AS (DELETE FROM customers RETURNING id) SELECT id FROM d": "makes no view",
}


@pytest.mark.slow
def test_nothing_escapes_in_a_few_hundred_rounds() -> None:
    """A short run, of which `python -m tests.fuzz.guard` is the long one, lets queries through and finds no escape."""
    fuzzer = run(7, rounds=250)
    assert fuzzer.findings == []
    assert fuzzer.met["queries"] == 2_000
    assert fuzzer.met["asked Postgres"] > 50


def test_an_escape_would_be_noticed() -> None:
    """Postgres itself says what a query uses: every kind of escape is a finding, an honest query none."""
    with temporary_postgres() as server:
        for name in ("hand", "shop"):
            server.create_database(name)
        world, shop = worlds((server.conninfo("hand"), server.conninfo("shop")))
        for sql, wanted in ESCAPES.items():
            fuzzer = Fuzzer(random.Random(0))
            fuzzer._judge(world, sql)
            assert any(wanted in finding for finding in fuzzer.findings), (sql, fuzzer.findings)
        for one in (world, shop):
            fuzzer = Fuzzer(random.Random(0))
            for sql in one.queries:
                if isinstance(guard(sql, one.policy), Allowed):
                    fuzzer._judge(one, sql)
            assert fuzzer.findings == []
            one.connection.close()
