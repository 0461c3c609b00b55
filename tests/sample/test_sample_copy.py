"""What a sample holds, that it is whole or not there, and what may go wrong while it is made."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from psycopg import sql
from sqlalchemy import make_url
from tests.sample.sample_rig import SCHEMA, Pair, connect, run_on
from tests.support.shop import CATALOG, attribute
from tests.support.shop_rows import NOW

from segbot.errors import ConfigurationError, QueryCancelled, SegbotError, StoreUnavailable, WarehouseUnavailable
from segbot.model.catalog import Catalog, CustomerTable, Event, Join, Source
from segbot.model.condition import Has
from segbot.model.operators import Kind, Operator
from segbot.sql.statement import Statement
from segbot.warehouse.sample_copy import SampleNote, SampleTooLarge, Stop
from segbot.warehouse.sample_plan import plan_sample

# --- what it holds --------------------------------------------------------------------------------


def test_all_rows_of_the_chosen_customers_and_of_nobody_else(pair: Pair) -> None:
    """A sample holds every row of each of its customers, and no order of anybody else."""
    note = pair.take(100)
    keys = pair.keys(note)
    assert len(keys) == note.sampled == 100
    assert note.base == 400
    for table in ("orders", "visits", "logins", "tickets", "labels", "addresses"):
        theirs = f"SELECT count(*) FROM {table} WHERE customer_id = ANY(%s)"
        (expected,) = run_on(pair.source, theirs, [list(keys)])[0]  # type: ignore[arg-type]
        with connect(pair.store) as store:
            row = store.execute(
                sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(note.schema, table))
            ).fetchone()
        assert row == (expected,), table


def test_contact_data_are_not_in_it(pair: Pair) -> None:
    """No column that the catalog marks as contact or sensitive data is copied, whatever it is called elsewhere."""
    note = pair.take(400)
    columns = {
        column
        for (column,) in pair.in_store(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s", [note.schema]
        )
    }
    assert "gender" in columns
    assert not {"email", "phone"} & columns
    assert {"customers.email: contact or sensitive data", "customers.phone: contact or sensitive data"} <= set(
        note.left_out
    )
    addresses = [mail for (mail,) in pair.in_source("SELECT email FROM customers WHERE email LIKE '%%@%%'", [])]
    assert addresses
    with connect(pair.store) as store:
        for table in note.tables:
            text = "".join(
                str(row)
                for row in store.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(note.schema, table)))
            )
            assert not [mail for mail in addresses if mail in text], table


def test_a_sensitive_attribute_and_a_contact_column_of_an_event_are_left_out(fresh: Pair) -> None:
    """What is sensitive on customers, or contact data on an event's rows, stays where it is."""
    catalog = replace(
        CATALOG,
        attributes=tuple(replace(a, sensitive=a.key == "income") for a in CATALOG.attributes),
        events=tuple(
            replace(e, properties=tuple(replace(p, contact="name") if p.key == "coupon" else p for p in e.properties))
            for e in CATALOG.events
        ),
    )
    note = replace(fresh, catalog=catalog).take(50)
    assert "income" not in note.tables["customers"]
    assert "coupon" not in note.tables["orders"]


def test_the_same_people_every_time(pair: Pair) -> None:
    """Who is in a sample hangs on the key alone: the same people at every refresh, and a smaller sample is a part of it."""
    first = pair.keys(pair.take(80))
    assert pair.keys(pair.take(80)) == first
    assert first < pair.keys(pair.take(200))


def test_people_who_go_are_replaced_and_all_others_stay(fresh: Pair) -> None:
    """When a customer is deleted, the sample keeps everybody else and takes the next one."""
    before = fresh.keys(fresh.take(80))
    gone = min(before)
    fresh.in_source("DELETE FROM customers WHERE id = %s", [gone])
    after = fresh.keys(fresh.take(80))
    assert before - {gone} < after
    assert len(after) == 80


def test_only_people_of_the_base_are_sampled(fresh: Pair) -> None:
    """Where the workspace counts only some of the customers, the sample is of those."""
    women = replace(fresh, base=Has("gender", Operator.IS, ("F",)))
    expected = {key for (key,) in fresh.in_source("SELECT id FROM customers WHERE gender = 'F'")}
    note = women.take(10_000)
    assert women.keys(note) == expected
    assert note.sampled == note.base == len(expected)


def test_an_empty_base_has_an_empty_sample(fresh: Pair) -> None:
    """A company without customers is no failure."""
    fresh.in_source("DELETE FROM customers")
    note = fresh.take(100)
    assert (note.sampled, note.base) == (0, 0)


def test_indexes_as_the_doctor_would_advise(pair: Pair) -> None:
    """Each table has the two indexes by which conditions on its event are quick."""
    note = pair.take(100)
    indexes = {
        definition.partition(" USING btree ")[2]
        for (definition,) in pair.in_store("SELECT indexdef FROM pg_indexes WHERE schemaname = %s", [note.schema])
    }
    assert {"(id)", "(ordered_at, customer_id)", "(customer_id, ordered_at)"} <= indexes


def test_the_note_can_be_read_back(pair: Pair) -> None:
    """What a sample is, is kept with it."""
    note = pair.take(100)
    assert SampleNote.load(note.dump()) == note
    ((comment,),) = pair.in_store("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [note.schema])
    kept = SampleNote.load(comment)
    assert (kept.taken_at, kept.sampled, kept.tables) == (NOW, 100, note.tables)
    with pytest.raises(ValueError, match="another version"):
        SampleNote.load('{"schema": "x"}')


TYPES = """
CREATE SCHEMA odd;
CREATE TYPE odd.mood AS ENUM ('low', 'high', 'mid''dle');
CREATE DOMAIN odd.cents AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE DOMAIN odd.moods AS odd.mood[];
CREATE TYPE odd.pair AS (a int, b int);
CREATE TABLE odd.people (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), mood odd.mood, moods odd.moods, price odd.cents, prices numeric(8, 3)[],
    at timestamptz, day date, tags text[], note text, blob bytea, extra jsonb, pair odd.pair, place point, code varchar(5));
INSERT INTO odd.people (mood, moods, price, prices, at, day, tags, note, blob, extra, pair, place, code) VALUES
    ('high', '{low,mid''dle}', 12.50, '{1.5,NULL}', '2026-03-08 02:30:00+01', 'infinity', '{"a,b",NULL,"c\\"d"}',
     E'tab\\there\\nline \\\\ back', '\\x00ff', '{"a": [1, null]}', '(1,2)', '(1,2)', 'é'),
    (NULL, NULL, NULL, NULL, NULL, '0044-03-15 BC', '{}', '', '', 'null', NULL, NULL, NULL);
"""


def test_types_are_kept_and_unknown_ones_left_out(fresh: Pair) -> None:
    """Enums, domains, arrays, money amounts and instants arrive as they were; what can't be made anew is named and left out."""
    with connect(fresh.source) as source:
        source.execute(TYPES.encode())
    kinds = "mood moods price prices at day tags note blob extra pair place code missing".split()  # noqa: SIM905
    catalog = Catalog(
        "odd",
        CustomerTable("odd.people", "id", "uuid"),
        tuple(attribute(name, Kind.TEXT, Source(name)) for name in kinds),
    )
    note = replace(fresh, catalog=catalog).take(10)
    assert note.left_out == (
        "odd.people.missing: no such column, or segbot may not read it",
        "odd.people.pair: of type odd.pair",
        "odd.people.place: of type point",
    )
    columns = sql.SQL(", ").join(map(sql.Identifier, note.tables["people"]))
    as_text = sql.SQL("SELECT CAST(ROW({}) AS text) FROM {} ORDER BY 1")
    rows = []
    for url, table in ((fresh.source, ("odd", "people")), (fresh.store, (note.schema, "people"))):
        with connect(url) as connection:
            rows.append(connection.execute(as_text.format(columns, sql.Identifier(*table))).fetchall())
    assert rows[0] == rows[1]
    types = dict(
        fresh.in_store(
            "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attnum > 0 AND attrelid ="
            " (SELECT c.oid FROM pg_class c WHERE c.relname = 'people' AND c.relnamespace = to_regnamespace(%s))",
            [note.schema],
        )
    )
    assert types["price"] == "numeric(12,2)"
    assert types["prices"] == "numeric(8,3)[]"
    assert types["code"] == "character varying(5)"
    assert types["mood"].startswith(f"{note.schema}.")
    assert types["moods"].endswith("[]")


def test_columns_that_the_role_may_not_read_are_left_out(fresh: Pair) -> None:
    """A table that is not there any more, and a column that is, but is not granted, cost their own conditions only."""
    fresh.in_source("DROP TABLE visits")
    fresh.in_source("ALTER TABLE orders DROP COLUMN coupon")
    note = fresh.take(50)
    assert "visits" not in note.tables
    assert "coupon" not in note.tables["orders"]
    assert "visits: no such table, or segbot may not read it" in note.left_out


def test_referrers_are_no_members_of_the_sample(fresh: Pair) -> None:
    """Customers that others point at are copied beside the sample, and are not counted with it."""
    fresh.in_source("UPDATE customers SET company_id = (id * 7) %% 400 + 1", [])
    referrer = Join("customers", "company_id", "id")
    catalog = replace(
        CATALOG,
        attributes=(
            *(a for a in CATALOG.attributes if a.source.joins == ()),
            attribute("their_city", Kind.TEXT, Source("city", joins=(referrer,))),
        ),
    )
    note = replace(fresh, catalog=catalog).take(50)
    assert len(fresh.keys(note)) == 50
    assert set(note.tables["customers_2"]) == {"city", "id"}


def test_a_key_that_is_contact_data_allows_no_sample() -> None:
    """Where customers are known by their e-mail address alone, none are copied."""
    catalog = replace(CATALOG, customers=CustomerTable("customers", "email", "text"))
    with pytest.raises(ConfigurationError, match="customer key"):
        plan_sample(catalog)


def test_an_event_over_a_join_is_planned_by_its_owner() -> None:
    """The lines of an order hang on the order's customer."""
    items = next(t for t in plan_sample(CATALOG).tables if t.name == "order_items")
    assert any(reach.parent is not None and reach.parent[0] == "orders" for reach in items.reaches)
    assert isinstance(next(e for e in CATALOG.events if e.key == "item"), Event)


# --- whole or not there ---------------------------------------------------------------------------


async def test_readers_never_see_half_a_sample(fresh: Pair) -> None:
    """While samples are replaced, every reader finds a whole one, the former or the newer, and nobody an error."""
    await asyncio.to_thread(fresh.take, 100)
    done = False
    seen: set[str] = set()

    async def read(samples: Any) -> None:
        while not done:
            async with samples.newest() as sample:
                assert sample is not None
                bare = 'SELECT COUNT(*) FROM "customers" AS "c"'
                found = await sample.count(Statement(bare, {}, ("n",)))
                assert found == (sample.note.sampled,)
                seen.add(sample.note.schema)
            await asyncio.sleep(0)

    async with fresh.samples() as samples:
        readers = [asyncio.create_task(read(samples)) for _ in range(3)]
        for size in (60, 130, 90, 110):
            await asyncio.to_thread(fresh.take, size, NOW + timedelta(minutes=size))
        done = True
        results = await asyncio.gather(*readers, return_exceptions=True)
    # A sample may be dropped between looking it up and reading it: the flow then asks once more.
    failures = [r for r in results if isinstance(r, BaseException) and type(r).__name__ != "DataMissing"]
    assert not failures, failures
    assert len(seen) >= 2


def test_the_newest_replaces_the_others(fresh: Pair) -> None:
    """Once a sample is there, those before it are dropped, also those that an interrupted process left."""
    fresh.in_store("CREATE SCHEMA segbot_sample_00000000_20200101000000")
    fresh.in_store("CREATE SCHEMA segbot_sample_of_mine")
    fresh.take(20)
    newest = fresh.take(30, NOW + timedelta(hours=1))
    assert fresh.schemas() == [newest.schema]
    assert fresh.in_store("SELECT to_regnamespace('segbot_sample_of_mine') IS NOT NULL") == [(True,)]


def test_two_processes_make_one(fresh: Pair) -> None:
    """Of two that begin at once, one makes the sample and the other leaves it to it."""
    slow_down(fresh)
    results: list[SampleNote | None] = []
    threads = [threading.Thread(target=lambda: results.append(fresh.copy(20))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result is None for result in results) == [False, True]
    assert len(fresh.schemas()) == 1


def slow_down(pair: Pair, seconds: float = 1.0) -> None:
    """From now on reading tickets takes a while."""
    with connect(pair.source) as source:
        source.execute("ALTER TABLE tickets RENAME TO slow_tickets")
        source.execute(
            sql.SQL("CREATE VIEW tickets AS SELECT * FROM slow_tickets WHERE (SELECT pg_sleep({})) IS NOT NULL").format(
                seconds
            )
        )


def test_a_sample_can_be_stopped(fresh: Pair) -> None:
    """Stopping ends the query in the customer database, and leaves the former sample as it was."""
    former = fresh.take(30)
    slow_down(fresh, 30)
    stop = Stop()
    timer = threading.Timer(0.5, stop.pull)
    timer.start()
    begun = time.monotonic()
    with pytest.raises(QueryCancelled):
        fresh.copy(20, stop=stop)
    assert time.monotonic() - begun < 10
    assert fresh.schemas() == [former.schema]
    assert running(fresh.source) == 0


def running(url: str) -> int:
    return int(
        run_on(
            url,
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'segbot sample' AND state = 'active'"
            " AND datname = current_database()",
        )[0][0]
    )


@pytest.mark.parametrize("side", ["source", "store"])
def test_a_database_that_goes_away(fresh: Pair, side: str) -> None:
    """When either database ends the connection in the middle, the former sample stays, and the next attempt works."""
    former = fresh.take(30)
    slow_down(fresh, 2)
    failed: list[BaseException] = []

    def copy() -> None:
        try:
            fresh.copy(20)
        except SegbotError as error:
            failed.append(error)

    copying = threading.Thread(target=copy)
    copying.start()
    url = fresh.source if side == "source" else fresh.store
    until = time.monotonic() + 10
    kill = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'segbot sample'"
        " AND datname = current_database()"
    )
    while running(fresh.source) == 0 and time.monotonic() < until:
        time.sleep(0.02)
    run_on(url, kill)
    copying.join()
    assert isinstance(failed[0], WarehouseUnavailable if side == "source" else StoreUnavailable), failed
    assert fresh.schemas() == [former.schema]
    assert fresh.take(20, NOW + timedelta(hours=1)).sampled == 20


CHILD = """
import sys
from tests.sample.sample_rig import Pair
print("go", flush=True)
Pair(sys.argv[1], sys.argv[2]).copy(20)
"""


def test_a_killed_process_leaves_nothing(fresh: Pair) -> None:
    """After a kill in the middle there is the former sample and no other schema, and the next one can be made at once."""
    former = fresh.take(30)
    slow_down(fresh, 3)
    child = subprocess.Popen([sys.executable, "-c", CHILD, fresh.source, fresh.store], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"go\n"
    until = time.monotonic() + 20
    while running(fresh.source) == 0 and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    while fresh.copy(20, NOW + timedelta(hours=1)) is None and time.monotonic() < until:
        time.sleep(0.2)
    newest = fresh.schemas()
    assert len(newest) == 1
    assert newest != [former.schema]


def test_a_sample_that_would_be_too_large(fresh: Pair) -> None:
    """A sample stops at the room that it may take, and says which setting decides."""
    with pytest.raises(SampleTooLarge, match="SEGBOT_SAMPLE_CUSTOMERS"):
        fresh.copy(400, most_bytes=10_000)
    assert fresh.schemas() == []


def test_a_store_where_no_schema_may_be_made(fresh: Pair) -> None:
    """A store's user without the right to make schemas is told what an admin can do."""
    role = f"guest_{os.getpid()}_{time.monotonic_ns() % 10**6}"
    with connect(fresh.store) as store:
        store.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'guest'").format(sql.Identifier(role)))
    guest = make_url(fresh.store).set(username=role, password="guest").render_as_string(hide_password=False)
    with pytest.raises(ConfigurationError, match="GRANT CREATE ON DATABASE"):
        replace(fresh, store=guest).copy(20)
    with connect(fresh.store) as store:
        store.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


async def test_the_guard_stands_before_the_sample(pair: Pair) -> None:
    """A statement that reads what the sample has not, or more than the catalog names, does not pass."""
    await asyncio.to_thread(pair.take, 50)
    async with pair.samples() as samples, samples.newest() as sample:
        assert sample is not None
        for text in (
            'SELECT COUNT("c"."email") FROM "customers" AS "c"',
            'SELECT COUNT(*) FROM "pg_class" AS "c"',
            f'SELECT COUNT(*) FROM "{SCHEMA}"."requests" AS "c"',
            'DELETE FROM "customers"',
        ):
            assert not sample.allows(Statement(text, {}, ("n",))), text
            with pytest.raises(ValueError, match="guard"):
                await sample.count(Statement(text, {}, ("n",)))
