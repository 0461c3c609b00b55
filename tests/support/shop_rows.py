"""Odd rows for the small shop, the same for the same seed, and putting them into a database."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from tests.support.shop import SCHEMA

Row = dict[str, Any]
World = dict[str, list[Row]]

# Two days after the clocks went forward in New York, at 11:30 there.
NOW = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)

INSTANTS = (
    NOW,
    NOW - timedelta(seconds=1),
    NOW + timedelta(hours=5),
    NOW - timedelta(minutes=30),
    NOW - timedelta(hours=24),
    datetime(2026, 3, 10, 4, 0, tzinfo=UTC),  # midnight of today
    datetime(2026, 3, 10, 3, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 8, 5, 0, tzinfo=UTC),  # midnight before the clocks go forward
    datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 8, 7, 0, tzinfo=UTC),  # 3 o'clock, straight after 1:59
    datetime(2026, 3, 3, 12, 0, tzinfo=UTC),
    datetime(2026, 3, 1, 5, 0, tzinfo=UTC),
    datetime(2026, 3, 1, 4, 59, tzinfo=UTC),
    datetime(2026, 2, 10, 15, 30, tzinfo=UTC),
    datetime(2026, 1, 1, 5, 0, tzinfo=UTC),
    datetime(2026, 1, 1, 4, 59, 59, tzinfo=UTC),
    datetime(2025, 12, 10, 5, 0, tzinfo=UTC),
    datetime(2025, 11, 2, 5, 30, tzinfo=UTC),  # half past one, twice: first
    datetime(2025, 11, 2, 6, 30, tzinfo=UTC),  # and second
    datetime(2025, 6, 15, 12, 0, tzinfo=UTC),
    datetime(2025, 3, 10, 15, 0, tzinfo=UTC),
    datetime(2024, 2, 29, 17, 0, tzinfo=UTC),
    datetime(2023, 7, 4, 0, 0, tzinfo=UTC),
    None,
)
LOCAL_TIMES = tuple(
    None if one is None else (one - timedelta(hours=4)).replace(tzinfo=None, microsecond=0) for one in INSTANTS
)
DAYS = tuple(None if one is None else one.date() for one in LOCAL_TIMES)
BIRTHS = (
    date(1996, 3, 10),  # 30 today
    date(1996, 3, 11),  # 30 tomorrow
    date(1996, 2, 29),
    date(2000, 2, 29),
    date(2004, 2, 28),
    date(1990, 12, 31),
    date(1991, 1, 1),
    date(1960, 3, 1),
    date(1958, 7, 20),
    date(2010, 3, 9),
    date(1901, 5, 5),
    date(2026, 4, 1),  # not born yet
    None,
)
NAMES = (
    "Ana",
    "ana",
    "O'Brien",
    "50% off",
    "50 off",
    "Zoë",
    "ZOË",
    "a_b",
    "axb",
    "back\\slash",
    "",
    " ",
    None,
    "Straße",
)
CITIES = ("Paris", "PARIS", "Austin", "São Paulo", "Trailing ", "", None)
EMAILS = ("ana@gmail.com", "Bob@GMAIL.com", "x@mail.example", "a@b@gmail.com", "no-at-sign", "u@notgmail.com", "", None)
PHONES = ("+14155550100", "+442071234567", "00442071234567", "(415) 555-0100", "12", "", None)
STATES = ("CA", "ca", "TX", "NY", "", None)
GENDERS = ("F", "M", None)
INCOMES = tuple(None if v is None else Decimal(v) for v in ("0", "0.10", "40000", "100000.00", "100000.01", "-5", None))
TIERS = ("true", "False", "Y", "no", "maybe", "", None)
TAGS = ([], ["a"], ["a", "b"], ["b", "c", "c"], None)
LABELS = ("new", "old", "hot", "", None)
EXTRAS: tuple[dict[str, Any] | None, ...] = (
    {"score": 7, "billing": {"plan": "pro"}, "renews": "2026-03-20", "seen": "2026-03-08T06:59:59Z", "beta": True},
    {"score": "12.5", "billing": {"plan": "free"}, "renews": "2026-02-30", "seen": "2026-03-08 01:59:59", "beta": "no"},
    {"score": "many", "billing": {"plan": ""}, "renews": "2024-02-29T10:00:00Z", "seen": "2026-03-01", "beta": 1},
    {"score": "1e3", "billing": None, "renews": "", "seen": "2026-03-10T11:30:00-04:00"},
    {"score": " 3 ", "billing": {"plan": None}, "renews": "2025-02-29", "seen": "soon"},
    {"score": -2, "billing": [1], "renews": None, "seen": "2026-02-30T10:00:00Z"},
    {},
    None,
)
TOKENS = tuple(uuid.UUID(int=n) for n in (1, 2, 3))
LATITUDES = tuple(None if v is None else Decimal(v) for v in ("40.7128", "40.73", "34.05", "-33.86", "89.9", None))
LONGITUDES = tuple(
    None if v is None else Decimal(v) for v in ("-74.006", "-73.99", "-118.24", "151.21", "179.99", None)
)
INDUSTRIES = ("tech", "food", "", None)
CHANNELS = ("web", "shop", "app", "", None)
COUPONS = ("SPRING", "spring", "50%", "", None)
CATEGORIES = ("shoes", "hats", "socks", None)
DEVICES = ("mobile", "desktop", "tablet", "fridge", None)
AMOUNTS = tuple(None if v is None else Decimal(v) for v in ("0", "19.99", "20", "100", "500.5", "-30", None))
LOGIN_DATA: tuple[dict[str, Any] | None, ...] = (
    {"rating": 5, "app": "ios"},
    {"rating": "4", "app": "web"},
    {"rating": "bad"},
    {"rating": None, "app": ""},
    None,
)


def random_world(seed: int, *, customers: int = 40) -> World:
    """A shop of that many customers; with none, every table is empty."""
    pick = random.Random(seed)
    ids = [3 * n + 1 for n in range(customers)]
    owners: list[int | None] = [*ids, 999_999, None]

    def several(most: int) -> range:
        return range(pick.randint(0, most) if customers else 0)

    companies = [
        {
            "id": n,
            "industry": pick.choice(INDUSTRIES),
            "size": pick.choice((1, 50, None)),
            "founded": pick.choice(BIRTHS),
        }
        for n in range(1, 5 if customers else 1)
    ]
    people: list[Row] = [
        {
            "id": key,
            "name": pick.choice(NAMES),
            "email": pick.choice(EMAILS),
            "phone": pick.choice(PHONES),
            "gender": pick.choice(GENDERS),
            "state": pick.choice(STATES),
            "city": pick.choice(CITIES),
            "income": pick.choice(INCOMES),
            "children": pick.choice((0, 1, 2, 5, None)),
            "email_consent": pick.choice((True, False, None)),
            "blocked_at": pick.choice((*INSTANTS[:2], None, None)),
            "vip": pick.choice(TIERS),
            "born": pick.choice(BIRTHS),
            "signed_up": pick.choice(INSTANTS),
            "last_visit": pick.choice(LOCAL_TIMES),
            "tags": pick.choice(TAGS),
            "extra": pick.choice(EXTRAS),
            "token": pick.choice((*TOKENS, None)),
            "latitude": pick.choice(LATITUDES),
            "longitude": pick.choice(LONGITUDES),
            "company_id": pick.choice((1, 2, 3, 4, 77, None)),
            "tier": pick.choice(("gold", "gold", "silver", None)),
        }
        for key in ids
    ]
    orders: list[Row] = [
        {
            "id": n,
            "customer_id": pick.choice(owners),
            "status": pick.choice(("paid", "paid", "paid", "cancelled", "test", None)),
            "amount": pick.choice(AMOUNTS),
            "ordered_at": pick.choice(INSTANTS),
            "channel": pick.choice(CHANNELS),
            "coupon": pick.choice(COUPONS),
            "gift": pick.choice((True, False, None)),
        }
        for n in several(4 * customers)
    ]
    products = [{"id": n, "category": CATEGORIES[n % 4], "price": AMOUNTS[n % 7]} for n in range(6 if customers else 0)]
    return {
        "companies": companies,
        "customers": people,
        "addresses": [
            {"customer_id": pick.choice(owners), "city": pick.choice(CITIES), "floor": pick.choice((0, 3, None))}
            for _ in several(2 * customers)
        ],
        "labels": [{"customer_id": pick.choice(owners), "label": pick.choice(LABELS)} for _ in several(3 * customers)],
        "orders": orders,
        "products": products,
        "order_items": [
            {
                "order_id": pick.choice([*(order["id"] for order in orders), -1, None]),
                "product_id": pick.choice((0, 1, 2, 3, 4, 5, 88, None)),
                "quantity": pick.choice((1, 2, 10, None)),
                "note": pick.choice(NAMES),
            }
            for _ in several(6 * customers)
        ],
        "visits": [
            {
                "customer_id": pick.choice(owners),
                "day": pick.choice(DAYS),
                "pages": pick.choice((1, 3, 30, None)),
                "device": pick.choice(DEVICES),
            }
            for _ in several(4 * customers)
        ],
        "logins": [
            {"customer_id": pick.choice(owners), "at": pick.choice(LOCAL_TIMES), "data": pick.choice(LOGIN_DATA)}
            for _ in several(3 * customers)
        ],
        "tickets": [],
        "tier_changes": [
            {
                "id": n,
                "customer_id": pick.choice(owners),
                "at": pick.choice(INSTANTS),
                "tier": pick.choice(("gold", "gold", "gold", "silver", "", None)),
            }
            for n in several(5 * customers)
        ],
        "referrals": [{"id": n, "customer_id": pick.choice(owners)} for n in several(customers)],
    }


def fill(connection: psycopg.Connection[Any], world: World) -> None:
    """Make the tables and put the rows in."""
    connection.execute(SCHEMA)
    for table, rows in world.items():
        insert(connection, table, rows)
    connection.execute("ANALYZE")


def insert(connection: psycopg.Connection[Any], table: str, rows: Sequence[Row]) -> None:
    """Put rows into a table."""
    if not rows:
        return
    columns = list(rows[0])
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(sql.Placeholder() for _ in columns),
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[_stored(row[name]) for name in columns] for row in rows])


def _stored(value: object) -> object:
    return Jsonb(value) if isinstance(value, dict) else value
