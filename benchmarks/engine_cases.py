"""Twenty conditions with the SQL that people write for them by hand, each in several shapes.

The moment is 21 November 2026, 10:30 in New York. Hand-written queries count the customers of schema `shop` who are not
staff; they say the window's bounds as constants, as an analyst would who has looked at the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import UTC, datetime

from segbot.model.condition import (
    COUNT,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Did,
    Filter,
    Has,
    Measure,
    Measured,
    Not,
    Nth,
    Ranked,
    Regularly,
    Rows,
    Sequence,
    Share,
    Stopped,
    Value,
    at_least,
)
from segbot.model.operators import Operator as O  # noqa: N817
from segbot.model.windows import Duration, Unit, Window, last

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A condition and the hand-written queries that count the same people."""

    name: str
    condition: Condition
    rivals: dict[str, str]


def days(n: int) -> Window:
    return last(n, Unit.DAY)


def has(key: str, operator: O, *values: Value) -> Has:
    return Has(key, operator, values)


def rows(event: str, window: Window | None = None, *filters: Filter) -> Rows:
    return Rows(event, tuple(filters), window)


# Midnights in New York so many days before, in UTC.
DAY7, DAY30, DAY90 = "'2026-11-14 05:00Z'", "'2026-10-22 04:00Z'", "'2026-08-23 04:00Z'"
DAY180, DAY365, NOW_ = "'2026-05-25 04:00Z'", "'2025-11-21 05:00Z'", "'2026-11-21 15:30Z'"
ALL = "SELECT count(*) FROM customers c"
REAL = "NOT c.is_internal"


def orders_in(start: str, alias: str = "o") -> str:
    return f"{alias}.status <> 'cancelled' AND {alias}.ordered_at >= {start} AND {alias}.ordered_at < {NOW_}"


def events(table: str, kind: str, start: str, alias: str = "e") -> str:
    channel = f"{alias}.channel = 'email' AND " if table == "message_events" else ""
    return f"{channel}{alias}.kind = '{kind}' AND {alias}.occurred_at >= {start} AND {alias}.occurred_at < {NOW_}"


def count(*tests: str, joins: str = "") -> str:
    return f"{ALL} {joins} WHERE {' AND '.join((REAL, *tests))}"


def exists(table: str, alias: str, test: str) -> str:
    """Correlated: one probe for each customer."""
    return f"EXISTS (SELECT 1 FROM {table} {alias} WHERE {alias}.customer_id = c.id AND {test})"


def often(table: str, alias: str, test: str, n: int) -> str:
    """Correlated: the nth row exists."""
    return f"EXISTS (SELECT 1 FROM {table} {alias} WHERE {alias}.customer_id = c.id AND {test} OFFSET {n - 1})"


def grouped(table: str, alias: str, test: str, having: str = "") -> str:
    """A set of customers made once."""
    ending = f" HAVING {having}" if having else ""
    return f"SELECT {alias}.customer_id FROM {table} {alias} WHERE {test} GROUP BY {alias}.customer_id{ending}"


def wrapped(query: str) -> str:
    return f"EXISTS (SELECT 1 FROM ({query}) w WHERE w.customer_id = c.id)"


def within(query: str) -> str:
    return f"c.id IN ({query})"


def set_shapes(query: str) -> dict[str, str]:
    """Three ways to ask who is in a set that is made once."""
    return {
        "in": count(within(query)),
        "wrapped": count(wrapped(query)),
        "join": count(joins=f"JOIN ({query}) w ON w.customer_id = c.id"),
    }


WOMEN = "c.gender = 'F' AND c.birth_date > '1985-11-21' AND c.birth_date <= '1996-11-21'"
THIRTIES = "c.birth_date > '1985-11-21' AND c.birth_date <= '1996-11-21'"
OPENED_90 = events("message_events", "opened", DAY90)
OPENED_30 = events("message_events", "opened", DAY30)
TWICE = grouped("orders", "o", orders_in(DAY365), "count(*) >= 2")
SPENT = grouped("orders", "o", orders_in(DAY365), "sum(o.amount) > 500")
AVERAGE = grouped("orders", "o", "o.status <> 'cancelled'", "avg(o.amount) > 120")
VIEWED = events("web_events", "product_view", DAY7)
CART = events("web_events", "add_to_cart", DAY7)
CARTS = "SELECT e.customer_id FROM web_events e WHERE " + CART
SHOES = f"""SELECT l.customer_id FROM order_lines l JOIN products p ON p.id = l.product_id
    JOIN orders o ON o.id = l.order_id WHERE p.category = 'shoes' AND {orders_in(DAY180)}"""
SHOES_KEYED = SHOES.replace("o.id = l.order_id", "o.id = l.order_id AND o.customer_id = l.customer_id")
CATEGORIES = """SELECT l.customer_id FROM order_lines l JOIN products p ON p.id = l.product_id
    JOIN orders o ON o.id = l.order_id WHERE o.status <> 'cancelled'
    GROUP BY l.customer_id HAVING count(DISTINCT p.category) >= 5"""
CATEGORIES_FIRST = """SELECT customer_id FROM (SELECT l.customer_id, p.category FROM order_lines l
    JOIN products p ON p.id = l.product_id JOIN orders o ON o.id = l.order_id WHERE o.status <> 'cancelled'
    GROUP BY l.customer_id, p.category) d GROUP BY customer_id HAVING count(*) >= 5"""
APP_SHARE = grouped("orders", "o", "o.status <> 'cancelled'", "avg((o.channel = 'app')::int) >= 0.5")
APP_FILTER = grouped(
    "orders", "o", "o.status <> 'cancelled'", "2 * count(*) FILTER (WHERE o.channel = 'app') >= count(*)"
)
FIRST = grouped(
    "orders", "o", "o.status <> 'cancelled'", f"min(o.ordered_at) >= {DAY90} AND min(o.ordered_at) < {NOW_}"
)
FIRST_BY_EXCLUSION = f"""{exists("orders", "o", orders_in(DAY90))} AND NOT EXISTS (SELECT 1 FROM orders b
    WHERE b.customer_id = c.id AND b.status <> 'cancelled' AND b.ordered_at < {DAY90})"""
CART_30 = events("web_events", "add_to_cart", DAY30)
SOON = "o.customer_id = e.customer_id AND o.status <> 'cancelled' AND o.ordered_at >= e.occurred_at"
SOON += " AND o.ordered_at <= e.occurred_at + interval '24 hours'"
MONTHS = """o.status <> 'cancelled' AND o.ordered_at >= '2026-05-01 04:00Z' AND o.ordered_at < '2026-11-01 04:00Z'"""
REGULAR = grouped(
    "orders", "o", MONTHS, "count(DISTINCT date_trunc('month', o.ordered_at AT TIME ZONE 'America/New_York')) >= 3"
)
LATELY = orders_in(DAY180)
TOP = f"""SELECT count(*) FROM (SELECT rank() OVER (ORDER BY s.total DESC) AS place, count(*) OVER () AS people
    FROM customers c JOIN (SELECT o.customer_id, sum(o.amount) AS total FROM orders o WHERE {orders_in(DAY365)}
    GROUP BY o.customer_id) s ON s.customer_id = c.id WHERE {REAL}) r WHERE place <= ceil(people * 0.1)"""
TOP_BY_LIMIT = f"""WITH s AS MATERIALIZED (SELECT o.customer_id, sum(o.amount) AS total FROM orders o
    JOIN customers c ON c.id = o.customer_id WHERE {REAL} AND {orders_in(DAY365)} GROUP BY o.customer_id)
    SELECT count(*) FROM s WHERE total >= (SELECT total FROM s ORDER BY total DESC
    OFFSET (SELECT ceil(count(*) * 0.1)::bigint - 1 FROM s) LIMIT 1)"""
BUYER = grouped("orders", "o", "o.status <> 'cancelled'", "count(*) >= 2")
VISITS_3 = f"s.started_at >= {DAY30} AND s.started_at < {NOW_}"
VISITORS = grouped("web_sessions", "s", VISITS_3, "count(*) >= 3")
FEW = "c.loyalty_tier = 'platinum' AND c.state = 'WA'"


def or_tree(twice: str, bought: str, visited: str, ticket: str) -> str:
    """The same or-tree with each of its sets asked for in some way."""
    return count(
        f"""(({THIRTIES} AND ({twice} OR c.loyalty_tier = 'gold')) OR (c.country = 'GB' AND {bought})
        OR ({visited} AND NOT ({ticket}) AND c.email_opt_in IS TRUE))"""
    )


CASES: Several[Case] = (
    Case(
        "women of 30 to 40",
        AllOf((has("gender", O.IS, "F"), has("age", O.BETWEEN, 30, 40))),
        {
            "bounds": count(WOMEN),
            "age()": count("c.gender = 'F'", "extract(year from age('2026-11-21', c.birth_date)) BETWEEN 30 AND 40"),
        },
    ),
    Case(
        "in California, or earns over 150,000",
        AnyOf((has("state", O.IS, "CA"), has("household_income", O.GT, 150_000))),
        {
            "or": count("(c.state = 'CA' OR c.household_income > 150000)"),
            "union": f"""SELECT count(*) FROM (SELECT id FROM customers c WHERE {REAL} AND state = 'CA' UNION
                SELECT id FROM customers c WHERE {REAL} AND household_income > 150000) u""",
        },
    ),
    Case(
        "bought in the last 90 days",
        Did(rows("order", days(90))),
        {
            "exists": count(exists("orders", "o", orders_in(DAY90))),
            "in": count(within(f"SELECT o.customer_id FROM orders o WHERE {orders_in(DAY90)}")),
            "wrapped": count(wrapped(grouped("orders", "o", orders_in(DAY90)))),
        },
    ),
    Case(
        "opened no email in the last 90 days",
        Not(Did(rows("email_opened", days(90)))),
        {
            "not exists": count("NOT " + exists("message_events", "e", OPENED_90)),
            "not wrapped": count("NOT " + wrapped(grouped("message_events", "e", OPENED_90))),
            "not in": count(f"c.id NOT IN (SELECT e.customer_id FROM message_events e WHERE {OPENED_90})"),
            "left join": count(
                "w.customer_id IS NULL",
                joins=f"LEFT JOIN ({grouped('message_events', 'e', OPENED_90)}) w ON w.customer_id = c.id",
            ),
        },
    ),
    Case(
        "bought at least twice in the last 365 days",
        Did(rows("order", days(365)), COUNT, at_least(2)),
        {**set_shapes(TWICE), "nth row": count(often("orders", "o", orders_in(DAY365), 2))},
    ),
    Case(
        "bought at most twice in the last 365 days",
        Did(rows("order", days(365)), COUNT, Comparison(O.LE, (2,))),
        {
            "not wrapped": count("NOT " + wrapped(TWICE.replace(">= 2", "> 2"))),
            "not in": count(f"c.id NOT IN ({TWICE.replace('>= 2', '> 2')})"),
            "left join": count(
                "w.customer_id IS NULL", joins=f"LEFT JOIN ({TWICE.replace('>= 2', '> 2')}) w ON w.customer_id = c.id"
            ),
            "nth row": count("NOT " + often("orders", "o", orders_in(DAY365), 3)),
        },
    ),
    Case(
        "spent over 500 in the last 365 days",
        Did(rows("order", days(365)), Measure("sum", "amount"), Comparison(O.GT, (500,))),
        {
            **set_shapes(SPENT),
            "scalar": count(
                f"(SELECT sum(o.amount) FROM orders o WHERE o.customer_id = c.id AND {orders_in(DAY365)}) > 500"
            ),
        },
    ),
    Case(
        "average order over 120",
        Did(rows("order"), Measure("average", "amount"), Comparison(O.GT, (120,))),
        set_shapes(AVERAGE),
    ),
    Case(
        "California, bought and opened lately, no ticket",
        AllOf(
            (
                has("state", O.IS, "CA"),
                Did(rows("order", days(90))),
                Did(rows("email_opened", days(30))),
                Not(Did(rows("ticket"))),
            )
        ),
        {
            "exists": count(
                "c.state = 'CA'",
                exists("orders", "o", orders_in(DAY90)),
                exists("message_events", "e", OPENED_30),
                "NOT " + exists("support_tickets", "t", "TRUE"),
            ),
            "in": count(
                "c.state = 'CA'",
                within(f"SELECT o.customer_id FROM orders o WHERE {orders_in(DAY90)}"),
                within(f"SELECT e.customer_id FROM message_events e WHERE {OPENED_30}"),
                "c.id NOT IN (SELECT customer_id FROM support_tickets)",
            ),
            "wrapped": count(
                "c.state = 'CA'",
                wrapped(grouped("orders", "o", orders_in(DAY90))),
                wrapped(grouped("message_events", "e", OPENED_30)),
                "NOT " + wrapped(grouped("support_tickets", "t", "TRUE")),
            ),
        },
    ),
    Case(
        "twice looked at products, filled a cart, did not buy, all in 7 days",
        AllOf(
            (
                Did(rows("product_view", days(7)), COUNT, at_least(2)),
                Did(rows("add_to_cart", days(7))),
                Not(Did(rows("order", days(7)))),
            )
        ),
        {
            "wrapped": count(
                wrapped(grouped("web_events", "e", VIEWED, "count(*) >= 2")),
                wrapped(grouped("web_events", "e", CART)),
                "NOT " + wrapped(grouped("orders", "o", orders_in(DAY7))),
            ),
            "in": count(
                within(grouped("web_events", "e", VIEWED, "count(*) >= 2")),
                within(CARTS),
                f"c.id NOT IN (SELECT o.customer_id FROM orders o WHERE {orders_in(DAY7)})",
            ),
            "probes": count(
                exists("web_events", "e", CART),
                often("web_events", "e", VIEWED, 2),
                "NOT " + exists("orders", "o", orders_in(DAY7)),
            ),
            "carts, then probes": count(
                within(CARTS), often("web_events", "e", VIEWED, 2), "NOT " + exists("orders", "o", orders_in(DAY7))
            ),
        },
    ),
    Case(
        "platinum members in Washington with three orders or more",
        AllOf(
            (
                has("loyalty_tier", O.IS, "platinum"),
                has("state", O.IS, "WA"),
                Did(rows("order"), COUNT, at_least(3)),
            )
        ),
        {
            "nth row": count(FEW, often("orders", "o", "o.status <> 'cancelled'", 3)),
            "wrapped": count(FEW, wrapped(BUYER.replace(">= 2", ">= 3"))),
            "lateral": count(
                FEW,
                joins="""JOIN LATERAL (SELECT count(*) AS n FROM orders o WHERE o.customer_id = c.id
                    AND o.status <> 'cancelled') n ON n.n >= 3""",
            ),
        },
    ),
    Case(
        "an or of three groups",
        AnyOf(
            (
                AllOf(
                    (
                        has("age", O.BETWEEN, 30, 40),
                        AnyOf((Did(rows("order"), COUNT, at_least(2)), has("loyalty_tier", O.IS, "gold"))),
                    )
                ),
                AllOf((has("country", O.IS, "GB"), Did(rows("order", days(90))))),
                AllOf(
                    (
                        Did(rows("visit", days(30)), COUNT, at_least(3)),
                        Not(Did(rows("ticket"))),
                        has("email_opt_in", O.IS, True),
                    )
                ),
            )
        ),
        {
            "wrapped": or_tree(
                wrapped(BUYER),
                wrapped(grouped("orders", "o", orders_in(DAY90))),
                wrapped(VISITORS),
                wrapped(grouped("support_tickets", "t", "TRUE")),
            ),
            "in": or_tree(
                within(BUYER),
                within(f"SELECT o.customer_id FROM orders o WHERE {orders_in(DAY90)}"),
                within(VISITORS),
                within("SELECT customer_id FROM support_tickets"),
            ),
            "probes": or_tree(
                often("orders", "o", "o.status <> 'cancelled'", 2),
                exists("orders", "o", orders_in(DAY90)),
                often("web_sessions", "s", VISITS_3, 3),
                exists("support_tickets", "t", "TRUE"),
            ),
        },
    ),
    Case(
        "first order in the last 90 days",
        Nth(rows("order"), 1, days(90)),
        {**set_shapes(FIRST), "by exclusion": count(FIRST_BY_EXCLUSION)},
    ),
    Case(
        "filled a cart in the last 30 days, then bought within a day",
        Sequence(rows("add_to_cart", days(30)), rows("order"), Duration(1, Unit.DAY)),
        {
            "exists": count(exists("web_events", "e", f"{CART_30} AND EXISTS (SELECT 1 FROM orders o WHERE {SOON})")),
            "join": count(within(f"SELECT e.customer_id FROM web_events e JOIN orders o ON {SOON} WHERE {CART_30}")),
            "narrowed join": count(
                within(
                    f"""SELECT e.customer_id FROM web_events e JOIN orders o ON {SOON}
                        AND o.ordered_at >= {DAY30} WHERE {CART_30}"""
                )
            ),
        },
    ),
    Case(
        "bought shoes in the last 180 days",
        Did(rows("item", days(180), Filter("category", O.IS, ("shoes",)))),
        {
            "in": count(within(SHOES)),
            "grouped": count(wrapped(SHOES + " GROUP BY l.customer_id")),
            "keyed": count(within(SHOES_KEYED)),
            "exists": count(
                f"""EXISTS (SELECT 1 FROM orders o JOIN order_lines l ON l.order_id = o.id AND l.customer_id = o.customer_id
                    JOIN products p ON p.id = l.product_id
                    WHERE o.customer_id = c.id AND p.category = 'shoes' AND {orders_in(DAY180)})"""
            ),
        },
    ),
    Case(
        "bought from five categories or more",
        Did(rows("item"), Measure("distinct", "category"), at_least(5)),
        {
            "in": count(within(CATEGORIES)),
            "wrapped": count(wrapped(CATEGORIES)),
            "grouped twice": count(wrapped(CATEGORIES_FIRST)),
        },
    ),
    Case(
        "half of the orders or more in the app",
        Share(rows("order", None, Filter("channel", O.IS, ("app",))), rows("order"), Comparison(O.GE, (0.5,))),
        {**set_shapes(APP_FILTER), "average": count(wrapped(APP_SHARE))},
    ),
    Case(
        "the top 10 % by spend in the last 365 days",
        Ranked("top", 10, "percent", Measured(rows("order", days(365)), Measure("sum", "amount"))),
        {"rank": TOP, "limit": TOP_BY_LIMIT},
    ),
    Case(
        "bought in at least 3 of the last 6 months",
        Regularly(rows("order"), 3, 6, Unit.MONTH),
        set_shapes(REGULAR),
    ),
    Case(
        "bought before, but not in the last 180 days",
        Stopped(rows("order"), Duration(180, Unit.DAY)),
        {
            "exists": count(
                exists("orders", "o", f"o.status <> 'cancelled' AND o.ordered_at < {DAY180}"),
                "NOT " + exists("orders", "o", LATELY),
            ),
            "wrapped": count(
                wrapped(grouped("orders", "o", f"o.status <> 'cancelled' AND o.ordered_at < {DAY180}")),
                "NOT " + wrapped(grouped("orders", "o", LATELY)),
            ),
            "in": count(
                within(f"SELECT o.customer_id FROM orders o WHERE o.status <> 'cancelled' AND o.ordered_at < {DAY180}"),
                f"c.id NOT IN (SELECT o.customer_id FROM orders o WHERE {LATELY})",
            ),
            "one pass": count(
                wrapped(
                    grouped(
                        "orders",
                        "o",
                        f"o.status <> 'cancelled' AND o.ordered_at < {NOW_}",
                        f"min(o.ordered_at) < {DAY180} AND max(o.ordered_at) < {DAY180}",
                    )
                )
            ),
        },
    ),
)
