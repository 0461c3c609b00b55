"""Whatever a database holds, its draft is a catalog: odd names, odd types, odd values."""

from __future__ import annotations

from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from segbot.catalog.draft import draft
from segbot.catalog.load import read_catalog
from segbot.catalog.observed import Family, ForeignKey, Observed, ObservedColumn, ObservedTable

ODD = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
NAMES = st.one_of(
    st.sampled_from(
        [
            *("id", "customer_id", "order_id", "account_id", "name", "Name", "email", "status", "kind", "event_type"),
            *("type", "amount", "total", "quantity", "created_at", "orderDate", "date_key", "price", "category"),
            *("product_name", "is_test", "on", "no", "'yes'", "2nd", "like", "via", "values", "null", "true", "-", "#"),
            *("first_name", "country", "state", "tier", "gender", "birth_date", "age", "data", "notes", "password"),
        ]
    ),
    ODD,
)
VALUES = st.one_of(
    st.sampled_from(
        ["yes", "no", "on", "null", "~", "1", "2024-01-01", "a: b", "- x", "#", "{", "[a]", "*x", "&x", "!t", "%"]
    ),
    ODD,
)


@st.composite
def columns(draw: st.DrawFn) -> ObservedColumn:
    family = draw(st.sampled_from(get_args(Family)))
    top = draw(st.lists(st.tuples(VALUES, st.integers(1, 9)), max_size=6, unique_by=lambda pair: pair[0]))
    distinct = draw(st.sampled_from([None, 0, 1, len(top), 500]))
    share = draw(st.sampled_from([None, 0.0, 0.2, 1.0]))
    return ObservedColumn(draw(NAMES), family, family, share, distinct, tuple(top), "1", "9")


@st.composite
def tables(draw: st.DrawFn, name: str) -> ObservedTable:
    found = draw(st.lists(columns(), min_size=1, max_size=8, unique_by=lambda c: c.name))
    names = [c.name for c in found]
    key = draw(st.sampled_from([(), (names[0],), tuple(names[:2])]))
    foreign = tuple(
        ForeignKey((draw(st.sampled_from(names)),), f"s.{other}", ("id",))
        for other in draw(st.lists(st.sampled_from(["customers", "orders", "things"]), max_size=2, unique=True))
    )
    return ObservedTable(
        f"s.{name}", 100, tuple(found), key, foreign_keys=foreign, sampled=draw(st.sampled_from([0, 100]))
    )


@st.composite
def databases(draw: st.DrawFn) -> Observed:
    more = draw(st.lists(columns(), max_size=8, unique_by=lambda c: c.name))
    key = ObservedColumn("id", "integer", "bigint", 0.0, 100)
    mail = ObservedColumn("email", "text", "text", 0.0, 100)
    own = tuple(c for c in more if c.name not in ("id", "email"))
    customers = ObservedTable("s.customers", 100, (key, mail, *own), ("id",), sampled=100)
    names = draw(
        st.lists(
            st.sampled_from(["orders", "order_lines", "Event Log", "things", "dim_date", "accounts", "it's", "2024"]),
            max_size=5,
            unique=True,
        )
    )
    return Observed((customers, *(draw(tables(name)) for name in names)))


@settings(max_examples=80, deadline=None)
@given(databases())
def test_every_draft_loads(observed: Observed) -> None:
    """No names, types or values in a database make a draft that the loader refuses, and none makes drafting fail."""
    text, notes = draft(observed)
    catalog, problems = read_catalog(text)
    assert [str(p) for p in problems if p.severity == "error"] == [], text
    assert catalog is not None
    assert notes
