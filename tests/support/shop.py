"""A small shop for compiler tests: a catalog that uses every way of keeping a value, and tables of odd rows for it.

Odd on purpose: NULLs, empty texts, orphans, rows without a key, doubles, an empty table, birthdays of 29 February,
instants around a clock change, texts in JSON that are no numbers.
"""

from __future__ import annotations

from segbot.model.catalog import (
    CalendarRules,
    Catalog,
    Channel,
    CustomerTable,
    Event,
    Field,
    FixedFilter,
    Join,
    Role,
    Source,
)
from segbot.model.operators import Kind

ZONE = "America/New_York"

COMPANY = Join("companies", "company_id", "id")
ADDRESSES = Join("addresses", "id", "customer_id", many=True)
LABELS = Join("labels", "id", "customer_id", many=True)
ORDER = Join("orders", "order_id", "id")
PRODUCT = Join("products", "product_id", "id")
ITEMS = Join("order_items", "id", "order_id", many=True)


def attribute(key: str, kind: Kind, source: Source, role: Role | None = None) -> Field:
    return Field(key, key.replace("_", " "), kind, source, role=role)


ATTRIBUTES = (
    attribute("name", Kind.TEXT, Source("name")),
    Field("email", "e-mail", Kind.EMAIL, Source("email"), contact="email"),
    Field("phone", "phone", Kind.PHONE, Source("phone"), contact="phone"),
    attribute("gender", Kind.CHOICE, Source("gender")),
    attribute("state", Kind.CHOICE, Source("state")),
    attribute("city", Kind.TEXT, Source("city")),
    attribute("income", Kind.MONEY, Source("income", sql_type="numeric")),
    attribute("children", Kind.NUMBER, Source("children", sql_type="integer")),
    attribute("children_choice", Kind.CHOICE, Source("children", sql_type="integer")),
    attribute("email_consent", Kind.FLAG, Source("email_consent", sql_type="boolean")),
    attribute("blocked", Kind.FLAG, Source("blocked_at", sql_type="timestamptz")),
    attribute("vip", Kind.FLAG, Source("vip", sql_type="text")),
    attribute("age", Kind.AGE, Source("born", sql_type="date"), Role.AGE),
    attribute("born", Kind.DATE, Source("born", sql_type="date"), Role.BIRTH_DATE),
    attribute("signed_up", Kind.TIME, Source("signed_up", sql_type="timestamptz"), Role.SIGNED_UP),
    attribute("last_visit", Kind.TIME, Source("last_visit", sql_type="timestamp")),
    attribute("tags", Kind.LIST, Source("tags", sql_type="text[]")),
    attribute("labels", Kind.LIST, Source("label", joins=(LABELS,))),
    attribute("score", Kind.NUMBER, Source("extra", path=("score",), sql_type="jsonb")),
    attribute("plan", Kind.CHOICE, Source("extra", path=("billing", "plan"), sql_type="jsonb")),
    attribute("renews", Kind.DATE, Source("extra", path=("renews",), sql_type="jsonb")),
    attribute("seen", Kind.TIME, Source("extra", path=("seen",), sql_type="jsonb")),
    attribute("beta", Kind.FLAG, Source("extra", path=("beta",), sql_type="jsonb")),
    attribute("token", Kind.CHOICE, Source("token", sql_type="uuid")),
    attribute("latitude", Kind.NUMBER, Source("latitude", sql_type="numeric"), Role.LATITUDE),
    attribute("longitude", Kind.NUMBER, Source("longitude", sql_type="numeric"), Role.LONGITUDE),
    Field("tier", "tier", Kind.CHOICE, Source("tier"), history=("tier_change", "tier")),
    attribute("industry", Kind.CHOICE, Source("industry", joins=(COMPANY,))),
    attribute("company_size", Kind.NUMBER, Source("size", joins=(COMPANY,), sql_type="integer")),
    attribute("founded", Kind.DATE, Source("founded", joins=(COMPANY,), sql_type="date")),
    attribute("address_city", Kind.TEXT, Source("city", joins=(ADDRESSES,))),
    attribute("floor", Kind.NUMBER, Source("floor", joins=(ADDRESSES,), sql_type="integer")),
)

EVENTS = (
    Event(
        "order",
        "order",
        "orders",
        Source("customer_id"),
        Source("ordered_at", sql_type="timestamptz"),
        properties=(
            attribute("amount", Kind.MONEY, Source("amount", sql_type="numeric")),
            attribute("channel", Kind.CHOICE, Source("channel")),
            attribute("coupon", Kind.TEXT, Source("coupon")),
            attribute("gift", Kind.FLAG, Source("gift", sql_type="boolean")),
            attribute("category", Kind.CHOICE, Source("category", joins=(ITEMS, PRODUCT))),
            attribute("pieces", Kind.NUMBER, Source("quantity", joins=(ITEMS,), sql_type="integer")),
        ),
        where=(FixedFilter(Source("status"), ("cancelled", "test"), negated=True),),
        amount="amount",
        id_column="id",
    ),
    Event(
        "item",
        "item",
        "order_items",
        Source("customer_id", joins=(ORDER,)),
        Source("ordered_at", joins=(ORDER,), sql_type="timestamptz"),
        properties=(
            attribute("category", Kind.CHOICE, Source("category", joins=(PRODUCT,))),
            attribute("price", Kind.MONEY, Source("price", joins=(PRODUCT,), sql_type="numeric")),
            attribute("quantity", Kind.NUMBER, Source("quantity", sql_type="integer")),
            attribute("note", Kind.TEXT, Source("note")),
        ),
    ),
    Event(
        "visit",
        "visit",
        "visits",
        Source("customer_id"),
        Source("day", sql_type="date"),
        properties=(
            attribute("pages", Kind.NUMBER, Source("pages", sql_type="integer")),
            attribute("device", Kind.CHOICE, Source("device")),
        ),
        where=(FixedFilter(Source("device"), ("mobile", "desktop", "tablet")),),
    ),
    Event(
        "login",
        "login",
        "logins",
        Source("customer_id"),
        Source("at", sql_type="timestamp"),
        properties=(
            attribute("rating", Kind.NUMBER, Source("data", path=("rating",), sql_type="jsonb")),
            attribute("app", Kind.CHOICE, Source("data", path=("app",), sql_type="jsonb")),
        ),
    ),
    Event(
        "ticket",
        "ticket",
        "tickets",
        Source("customer_id"),
        Source("opened_at", sql_type="timestamptz"),
        properties=(attribute("priority", Kind.NUMBER, Source("priority", sql_type="integer")),),
        id_column="id",
    ),
    Event(
        "tier_change",
        "tier change",
        "tier_changes",
        Source("customer_id"),
        Source("at", sql_type="timestamptz"),
        properties=(attribute("tier", Kind.CHOICE, Source("tier")),),
        id_column="id",
    ),
    Event("referral", "referral", "referrals", Source("customer_id"), None, id_column="id"),
)

CATALOG = Catalog(
    "small shop",
    CustomerTable("customers", "id", "integer"),
    ATTRIBUTES,
    EVENTS,
    channels=(
        Channel("email", "e-mail", "email", "email_consent", blocked_by=("blocked",)),
        Channel("sms", "SMS", "phone", None),
    ),
    calendar=CalendarRules(ZONE, week_start=6, fiscal_year_start=4),
)

SCHEMA = """
CREATE TABLE companies (id bigint PRIMARY KEY, industry text, size int, founded date);
CREATE TABLE customers (
    id bigint PRIMARY KEY, name text, email text, phone text, gender text, state text, city text,
    income numeric(12, 2), children int, email_consent boolean, blocked_at timestamptz, vip text, born date,
    signed_up timestamptz, last_visit timestamp, tags text[], extra jsonb, token uuid,
    latitude numeric(9, 6), longitude numeric(9, 6), company_id bigint, tier text);
CREATE TABLE addresses (customer_id bigint, city text, floor int);
CREATE TABLE labels (customer_id bigint, label text);
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, status text, amount numeric(12, 2), ordered_at timestamptz,
    channel text, coupon text, gift boolean);
CREATE TABLE products (id bigint PRIMARY KEY, category text, price numeric(12, 2));
CREATE TABLE order_items (order_id bigint, product_id bigint, quantity int, note text);
CREATE TABLE visits (customer_id bigint, day date, pages int, device text);
CREATE TABLE logins (customer_id bigint, "at" timestamp, data jsonb);
CREATE TABLE tickets (id bigint PRIMARY KEY, customer_id bigint, opened_at timestamptz, priority int);
CREATE TABLE tier_changes (id bigint PRIMARY KEY, customer_id bigint, "at" timestamptz, tier text);
CREATE TABLE referrals (id bigint PRIMARY KEY, customer_id bigint);
"""
