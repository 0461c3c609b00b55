"""The demo company is the same for the same seed, complete or absent, and full of things worth finding."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from segbot.addresses import parse_address
from segbot.demo.company import (
    READER,
    SCHEMA,
    VERSION,
    Generated,
    create_reader,
    fill,
    generate,
    generated,
    schema,
)

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
SIZE = 6_000
PASSWORD = "only for tests"
TABLES = (
    "campaigns",
    "consent_events",
    "customers",
    "generated",
    "loyalty_tier_history",
    "message_events",
    "messages",
    "order_lines",
    "orders",
    "postal_areas",
    "products",
    "returns",
    "support_tickets",
    "visitors",
    "web_events",
    "web_sessions",
)


@pytest.fixture(scope="module")
def company_url(make_database: Callable[..., str]) -> str:
    url = make_database()
    fill(url, SIZE, now=NOW)
    return url


@pytest.fixture(scope="module")
def company(company_url: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(company_url) as connection:
        connection.execute("SET search_path = shop")
        yield connection


def connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(**parse_address(url, "test").arguments, autocommit=True)


def as_reader(url: str) -> str:
    """The same database as seen by the reader; the password is for servers that ask for one."""
    return make_url(url).set(username=READER, password=PASSWORD).render_as_string(hide_password=False)


def one(company: psycopg.Connection[Any], query: str) -> Any:
    """The only value of a query."""
    row = company.execute(query).fetchone()
    assert row is not None
    return row[0]


def fingerprints(url: str) -> dict[str, str]:
    """A checksum of all the rows of each table."""
    with connect(url) as connection:
        return {
            table: one(
                connection,
                f"SELECT count(*) || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM shop.{table} t",
            )
            for table in TABLES
        }


def test_the_same_seed_gives_the_same_rows(make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Size, seed and moment decide every row, whatever the chunks; another seed gives another company."""
    first, second, other = (make_database() for _ in range(3))
    fill(first, 500, seed=7, now=NOW)
    monkeypatch.setattr(generate, "_CHUNK", 120)
    fill(second, 500, seed=7, now=NOW)
    fill(other, 500, seed=8, now=NOW)
    assert fingerprints(first) == fingerprints(second)
    same = fingerprints(first).items() & fingerprints(other).items()
    assert {table for table, _ in same} == {"campaigns"}  # the calendar of campaigns is everybody's


def test_sizes(company: psycopg.Connection[Any]) -> None:
    """The number of customers is the one asked for, and each brings its share of rows in every table."""
    assert one(company, "SELECT count(*) FROM customers") == SIZE
    tables = company.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'shop' ORDER BY 1").fetchall()
    assert tuple(name for (name,) in tables) == TABLES
    rows = {table: one(company, f"SELECT count(*) FROM {table}") / SIZE for table in TABLES}
    assert 3 < rows["orders"] < 6
    assert 1.3 < rows["order_lines"] / rows["orders"] < 2.2
    assert 4 < rows["messages"] < 9
    assert 5 < rows["message_events"] < 12
    assert 12 < rows["web_events"] < 30
    assert rows["returns"] > 0.3
    assert rows["support_tickets"] > 0.1


def test_it_says_what_it_is(company_url: str, make_database: Callable[..., str]) -> None:
    """A filled database knows size, seed, moment and version; an empty one has no company."""
    assert generated(company_url) == Generated(SIZE, 1, NOW, VERSION)
    assert generated(make_database()) is None


def test_every_reference_holds_and_every_table_is_explained(company: psycopg.Connection[Any]) -> None:
    """Keys and references are declared and validated, and each table has a comment."""
    assert one(company, "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated") == 0
    assert one(company, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'") == 22
    without_comment = company.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r'"
        " AND obj_description(oid) IS NULL"
    ).fetchall()
    assert without_comment == []
    assert schema().count("CREATE TABLE") == len(TABLES)


def test_every_column_is_in_the_documentation(company: psycopg.Connection[Any]) -> None:
    """docs/demo-company.md names every table, and in its paragraph every column."""
    document = (Path(__file__).parents[2] / "docs" / "demo-company.md").read_text(encoding="utf-8")
    paragraphs = {part.split("**")[1]: part for part in document.split("\n\n") if part.startswith("**")}
    columns = company.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'shop'"
    ).fetchall()
    told = [(table, column) for table, column in columns if f"`{column}`" in paragraphs.get(table, "")]
    assert {pair for pair in columns if pair[0] != "generated"} == set(told)


def test_events_carry_the_customers_key_and_are_read_from_an_index_alone(company: psycopg.Connection[Any]) -> None:
    """The set of people who did something in a window comes from one index, without a look at the table."""
    for query in (
        "SELECT customer_id FROM orders WHERE ordered_at >= '2026-11-14'",
        "SELECT customer_id FROM message_events WHERE channel = 'email' AND kind = 'clicked'"
        " AND occurred_at >= '2026-11-01'",
        "SELECT customer_id FROM web_events WHERE kind = 'add_to_cart' AND occurred_at >= '2026-11-14'",
        "SELECT customer_id FROM returns WHERE returned_at >= '2026-11-01'",
    ):
        plan = "\n".join(line for (line,) in company.execute("EXPLAIN " + query))
        assert "Index Only Scan" in plan, plan


def test_lines_add_up_to_their_order(company: psycopg.Connection[Any]) -> None:
    """An order's amount and discount are those of its lines, and customers' totals those of their orders."""
    assert (
        one(
            company,
            """
            SELECT count(*) FROM orders o JOIN (
                SELECT order_id, sum(quantity * unit_price - discount) AS amount, sum(discount) AS discount,
                    bool_and(amount = quantity * unit_price - discount) AS exact, count(DISTINCT customer_id) AS people
                FROM order_lines GROUP BY order_id
            ) l ON l.order_id = o.id
            WHERE l.amount <> o.amount OR l.discount <> o.discount_amount OR NOT l.exact OR l.people <> 1
            """,
        )
        == 0
    )
    assert (
        one(
            company,
            """
            SELECT count(*) FROM customers c
            LEFT JOIN (SELECT customer_id, sum(amount) AS paid FROM orders WHERE status <> 'cancelled' GROUP BY 1) o
                ON o.customer_id = c.id
            LEFT JOIN (SELECT customer_id, sum(amount) AS back FROM returns GROUP BY 1) r ON r.customer_id = c.id
            WHERE c.lifetime_value IS DISTINCT FROM o.paid - coalesce(r.back, 0)
            """,
        )
        == 0
    )


def test_nothing_happens_after_now_or_before_its_cause(company: psycopg.Connection[Any]) -> None:
    """No moment lies after the company's end, no order before sign-up, no return before its order."""
    moments = {
        "orders": "ordered_at",
        "returns": "returned_at",
        "messages": "sent_at",
        "message_events": "occurred_at",
        "web_sessions": "started_at",
        "web_events": "occurred_at",
        "support_tickets": "greatest(opened_at, closed_at)",
        "consent_events": "occurred_at",
        "loyalty_tier_history": "greatest(valid_from, valid_until)",
        "customers": "greatest(signed_up_at, last_seen_at)",
        "visitors": "last_seen_at",
    }
    for table, moment in moments.items():
        assert one(company, f"SELECT max({moment}) FROM {table}") < NOW, table
    late = "SELECT max(ordered_at) FROM orders"
    assert one(company, late) > NOW - timedelta(hours=12)
    assert one(company, "SELECT min(ordered_at) FROM orders") > NOW - timedelta(days=3 * 366)
    for broken in (
        "FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.ordered_at < c.signed_up_at",
        "FROM returns r JOIN orders o ON o.id = r.order_id WHERE r.returned_at <= o.ordered_at",
        "FROM returns r JOIN orders o ON o.id = r.order_id WHERE o.status IN ('cancelled', 'pending')",
        "FROM message_events e JOIN messages m ON m.id = e.message_id WHERE e.occurred_at < m.sent_at",
        "FROM messages m JOIN customers c ON c.id = m.customer_id WHERE m.sent_at < c.signed_up_at",
        "FROM support_tickets WHERE closed_at < opened_at",
        "FROM loyalty_tier_history WHERE valid_until < valid_from",
    ):
        assert one(company, f"SELECT count(*) {broken}") == 0, broken


def test_engagement_follows_from_delivery(company: psycopg.Connection[Any]) -> None:
    """Only delivered e-mails are opened, only opened ones clicked, and no text message is ever opened."""
    kinds = "(SELECT message_id, channel, array_agg(kind) AS kinds FROM message_events GROUP BY 1, 2) e"
    for impossible in (
        "'opened' = ANY(kinds) AND NOT 'delivered' = ANY(kinds)",
        "channel = 'email' AND 'clicked' = ANY(kinds) AND NOT 'opened' = ANY(kinds)",
        "channel = 'sms' AND 'opened' = ANY(kinds)",
        "'delivered' = ANY(kinds) AND 'bounced' = ANY(kinds)",
    ):
        assert one(company, f"SELECT count(*) FROM {kinds} WHERE {impossible}") == 0, impossible
    seen = {(channel, kind) for channel, kind in company.execute("SELECT DISTINCT channel, kind FROM message_events")}
    assert seen == {
        *((channel, kind) for channel in ("email", "sms") for kind in ("delivered", "bounced", "clicked")),
        *((channel, kind) for channel in ("email", "sms") for kind in ("complained", "unsubscribed")),
        ("email", "opened"),
    }


def test_tiers_and_consent_agree_with_their_history(company: psycopg.Connection[Any]) -> None:
    """The tier a member has is the open one in the history, and a subscriber's last consent is 'subscribed'."""
    assert (
        one(
            company,
            """
            SELECT count(*) FROM customers c
            LEFT JOIN loyalty_tier_history h ON h.customer_id = c.id AND h.valid_until IS NULL
            WHERE c.loyalty_tier IS DISTINCT FROM h.tier
            """,
        )
        == 0
    )
    assert (
        one(
            company,
            """
            SELECT count(*) FROM customers c
            CROSS JOIN LATERAL (VALUES ('email', c.email_opt_in), ('sms', c.sms_opt_in), ('post', c.post_opt_in))
                channel (name, allowed)
            LEFT JOIN LATERAL (
                SELECT kind FROM consent_events e WHERE e.customer_id = c.id AND e.channel = channel.name
                ORDER BY occurred_at DESC LIMIT 1
            ) latest ON true
            WHERE coalesce(channel.allowed, false) <> coalesce(latest.kind = 'subscribed', false)
            """,
        )
        == 0
    )


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [
        ("email", 0.02, 0.05),
        ("phone", 0.15, 0.3),
        ("birth_date", 0.08, 0.15),
        ("gender", 0.02, 0.08),
        ("city", 0.002, 0.02),
        ("state", 0.05, 0.15),
        ("household_income", 0.12, 0.25),
        ("net_worth", 0.25, 0.4),
        ("home_ownership", 0.05, 0.2),
        ("education", 0.08, 0.2),
        ("occupation", 0.1, 0.25),
        ("has_children", 0.05, 0.15),
        ("loyalty_tier", 0.3, 0.6),
        ("email_opt_in", 0.02, 0.1),
        ("sms_opt_in", 0.08, 0.2),
        ("interests", 0.15, 0.35),
        ("lifetime_value", 0.1, 0.4),
        ("last_seen_at", 0.03, 0.25),
    ],
)
def test_people_do_not_tell_everything(company: psycopg.Connection[Any], column: str, low: float, high: float) -> None:
    """Each attribute is unknown for a share of people, as in real data."""
    assert low < one(company, f"SELECT avg(({column} IS NULL)::int)::float FROM customers") < high


def test_names_addresses_and_mails_are_as_odd_as_in_life(company: psycopg.Connection[Any]) -> None:
    """Accents, apostrophes, spaces, capitals, shared and broken e-mail addresses, broken streets all occur."""
    for odd in (
        "last_name LIKE '%''%'",
        "last_name ~ '[áéíóúñüøß]'",
        "last_name LIKE '% %'",
        "first_name LIKE '%-%'",
        "email ~ '@[A-Z]'",
        "email NOT LIKE '%.%@%' AND email ~ '@[a-z]+$'",
        "street = 'N/A'",
        "street IS NULL",
        "postal_code = '00000'",
        "phone LIKE '(%'",
        "phone LIKE '+44%'",
        "interests = '{}'",
        "state = 'CA' AND country = 'US'",
        "state = 'BC' AND country = 'CA'",
        "is_internal",
    ):
        assert one(company, f"SELECT count(*) FROM customers WHERE {odd}") > 0, odd
    shared = (
        "SELECT count(*) FROM (SELECT email FROM customers WHERE email IS NOT NULL GROUP BY 1 HAVING count(*) > 1) x"
    )
    assert 3 < one(company, shared) < SIZE / 50


@pytest.mark.parametrize(
    ("fact", "smaller", "larger"),
    [
        ("homeowners are richer", "home_ownership = 'renter'", "home_ownership = 'owner'"),
        ("degrees pay", "education = 'high school'", "education = 'doctorate'"),
    ],
)
def test_income_has_reasons(company: psycopg.Connection[Any], fact: str, smaller: str, larger: str) -> None:
    """Household income differs by at least a fifth between groups that differ in life."""
    mean = "SELECT avg(household_income)::float FROM customers WHERE "
    assert one(company, mean + larger) > 1.2 * one(company, mean + smaller), fact


def test_buying_has_reasons(company: psycopg.Connection[Any]) -> None:
    """Higher tiers buy more, women over 30 in California buy more often, a few buy much, and some never do."""
    mean = """
        SELECT avg(coalesce(n, 0))::float FROM customers c
        LEFT JOIN (SELECT customer_id, count(*) AS n FROM orders GROUP BY 1) o ON o.customer_id = c.id WHERE
    """
    silver, gold, platinum = (
        one(company, f"{mean} loyalty_tier = '{tier}'") for tier in ("silver", "gold", "platinum")
    )
    assert 1.3 * silver < gold < platinum / 1.3
    women = "gender = 'F' AND birth_date < '1995-01-01' AND state"
    assert one(company, f"{mean} {women} = 'CA'") > 1.2 * one(company, f"{mean} {women} <> 'CA'")
    top_tenth = """
        SELECT sum(spent) FILTER (WHERE place <= 0.1) / sum(spent) FROM (
            SELECT sum(amount) AS spent, percent_rank() OVER (ORDER BY sum(amount) DESC) AS place
            FROM orders GROUP BY customer_id) ranked
    """
    assert 0.3 < one(company, top_tenth) < 0.7
    never = "SELECT avg((NOT EXISTS (SELECT FROM orders WHERE customer_id = c.id))::int)::float FROM customers c"
    assert 0.1 < one(company, never) < 0.4


def test_the_year_has_seasons(company: psycopg.Connection[Any]) -> None:
    """November and December sell far more than other months, boots and jackets in winter, sandals in summer."""
    by_month = dict(
        company.execute(
            "SELECT extract(month FROM ordered_at AT TIME ZONE 'America/New_York')::int, count(*) FROM orders"
            " WHERE ordered_at >= '2024-01-01' AND ordered_at < '2026-01-01' GROUP BY 1"
        ).fetchall()
    )
    usual = sum(by_month[month] for month in range(1, 11)) / 10
    assert by_month[11] > 1.4 * usual
    assert by_month[12] > 1.5 * usual
    winter_share = """
        SELECT avg((extract(month FROM ordered_at) IN (10, 11, 12, 1, 2, 3))::int)::float FROM order_lines l
        JOIN orders o ON o.id = l.order_id JOIN products p ON p.id = l.product_id WHERE category =
    """
    assert one(company, f"{winter_share} 'sandals'") < 0.45
    assert one(company, f"{winter_share} 'gloves'") > 0.7


def test_people_lapse(company: psycopg.Connection[Any]) -> None:
    """A good part of those who ever bought have not bought for a year."""
    lapsed = """
        SELECT avg((last_at < timestamptz '2025-11-21')::int)::float
        FROM (SELECT max(ordered_at) AS last_at FROM orders GROUP BY customer_id) latest
    """
    assert 0.15 < one(company, lapsed) < 0.6


def test_a_new_company_takes_the_place_of_the_old_one(make_database: Callable[..., str]) -> None:
    """Filling again replaces the company, tells its progress to the end, and keeps the reader's rights."""
    url = make_database()
    fill(url, 200, now=NOW)
    create_reader(url, SCHEMA, password=PASSWORD)
    steps: list[tuple[str, int, int]] = []
    later = NOW + timedelta(days=1)
    assert fill(url, 300, seed=2, now=later, progress=lambda *step: steps.append(step)) == generated(url)
    assert generated(url) == Generated(300, 2, later, VERSION)
    assert [step for step in steps if step[0] == "customers"] == [("customers", 0, 300), ("customers", 300, 300)]
    assert steps[-1] == ("statistics", 1, 1)
    with connect(as_reader(url)) as reader:
        assert one(reader, "SELECT count(*) FROM customers") == 300
        assert one(reader, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'shop%'") == 1


def test_killed_in_the_middle_leaves_the_old_company(make_database: Callable[..., str]) -> None:
    """`kill -9` while a company is made leaves the one that was there, and the next fill works."""
    url = make_database()
    fill(url, 100, now=NOW)
    before = fingerprints(url)
    program = (
        "import sys; from datetime import datetime, UTC; from segbot.demo.company import fill\n"
        "fill(sys.argv[1], 60_000, now=datetime(2026, 11, 22, tzinfo=UTC),"
        " progress=lambda *step: print(*step, flush=True))"
    )
    process = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "customers 0 60000\n"
    time.sleep(0.5)
    process.kill()
    process.communicate()
    assert fingerprints(url) == before
    assert fill(url, 120, now=NOW) == generated(url)


def test_two_fills_at_once_wait_for_each_other(make_database: Callable[..., str]) -> None:
    """Two fills of one database at the same time both succeed, and the result is one of the two."""
    url = make_database()
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda seed: fill(url, 200, seed=seed, now=NOW), (1, 2)))
    assert generated(url) in made


def test_the_reader_reads_and_does_nothing_else(company_url: str) -> None:
    """The reader sees every table but no secret column, and can't write even where it lifts its own limits."""
    for _ in range(2):  # creating it twice is harmless
        create_reader(company_url, SCHEMA, password=PASSWORD)
    with connect(as_reader(company_url)) as reader:
        for table in TABLES:
            assert one(reader, f"SELECT count(*) FROM {table}") > 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("SELECT password_hash FROM customers")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reader.execute("CREATE TABLE mine ()")
        reader.execute("SET default_transaction_read_only = off")
        for attempt in (
            "UPDATE customers SET email = NULL",
            "DELETE FROM orders",
            "CREATE TABLE mine ()",
            "CREATE SCHEMA mine",
            "DROP TABLE customers",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(attempt)


def test_it_asks_for_a_clock_and_people() -> None:
    """A moment without a time zone, or a company without customers, is refused before anything is touched."""
    with pytest.raises(ValueError, match="time zone"):
        fill("postgresql://nowhere", now=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="at least one"):
        fill("postgresql://nowhere", 0, now=NOW)
