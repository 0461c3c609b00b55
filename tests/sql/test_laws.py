"""Laws that the size of any segment obeys, on random conditions over odd rows, in a real Postgres.

They need no second implementation to compare with: they would hold for any right compiler, and catch most wrong ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sql.conftest import AT, PostgresShop, Shop
from tests.support import shop_rows
from tests.support.shop import CATALOG
from tests.support.shop_rows import NOW, World, random_world
from tests.support.trees import LEAVES, SEGMENTS, TREES, filters, has

from segbot.model.catalog import CalendarRules
from segbot.model.codec import dump, load
from segbot.model.condition import (
    COUNT,
    AllOf,
    AnyOf,
    CameBack,
    Comparison,
    Condition,
    Did,
    Everyone,
    Filter,
    Has,
    Listed,
    Measure,
    Not,
    Rows,
    Sequence,
    Value,
    all_of,
    any_of,
    at_least,
    canonical,
)
from segbot.model.operators import Operator
from segbot.model.resolve import Moment
from segbot.model.windows import Dated, Duration, Unit, Window, during, last, more_than_ago
from segbot.sql.compile import compile_count, compile_members, compile_preview
from segbot.sql.statement import render

HOW_MANY = int(os.environ.get("SEGBOT_TREES", "300"))
laws = settings(
    max_examples=max(HOW_MANY // 4, 1),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
WHICH = st.integers(0, 5)  # three shops, each on Postgres and in DuckDB


# --- the algebra of sets ------------------------------------------------------------------------


@laws
@given(which=WHICH, a=TREES, base=st.none() | LEAVES)
def test_complement(engines: tuple[Shop, ...], which: int, a: Condition, base: Condition | None) -> None:
    """Everybody of the base is either in a condition or in its not, never in both; not not x is x."""
    shop = engines[which]
    inside, outside = shop.members(a, base), shop.members(Not(a), base)
    assert inside | outside == shop.members(Everyone(), base)
    assert not inside & outside
    assert shop.members(Not(Not(a)), base) == inside


@laws
@given(which=WHICH, a=TREES, b=TREES)
def test_two_conditions(engines: tuple[Shop, ...], which: int, a: Condition, b: Condition) -> None:
    """And is intersection, or is union, in any order; De Morgan, inclusion and exclusion, absorption."""
    shop = engines[which]
    one, two = shop.members(a), shop.members(b)
    both, either = shop.members(AllOf((a, b))), shop.members(AnyOf((a, b)))
    assert both == one & two == shop.members(AllOf((b, a)))
    assert either == one | two == shop.members(AnyOf((b, a)))
    assert len(either) == len(one) + len(two) - len(both)
    assert shop.members(Not(AllOf((a, b)))) == shop.members(AnyOf((Not(a), Not(b))))
    assert shop.members(Not(AnyOf((a, b)))) == shop.members(AllOf((Not(a), Not(b))))
    assert shop.members(AnyOf((a, AllOf((a, b))))) == one


@laws
@given(which=WHICH, a=LEAVES, b=LEAVES, c=LEAVES)
def test_three_conditions(engines: tuple[Shop, ...], which: int, a: Condition, b: Condition, c: Condition) -> None:
    """And distributes over or; grouping does not matter."""
    shop = engines[which]
    assert shop.members(AllOf((a, AnyOf((b, c))))) == shop.members(AnyOf((AllOf((a, b)), AllOf((a, c)))))
    assert shop.members(AllOf((AllOf((a, b)), c))) == shop.members(AllOf((a, AllOf((b, c)))))


@laws
@given(which=WHICH, a=TREES)
def test_neutral_elements(engines: tuple[Shop, ...], which: int, a: Condition) -> None:
    """With everyone, without nobody, twice the same: nothing changes. No condition is everyone, or of none is nobody."""
    shop = engines[which]
    members = shop.members(a)
    assert shop.members(AllOf((a, Everyone()))) == members == shop.members(AnyOf((a, Not(Everyone()))))
    assert shop.members(AllOf((a, a))) == members == shop.members(AnyOf((a, a)))
    assert shop.members(all_of([])) == set(shop.query("SELECT id FROM customers"))
    assert shop.members(any_of([])) == set()


@laws
@given(which=WHICH, a=TREES)
def test_order_and_storage_do_not_matter(engines: tuple[Shop, ...], which: int, a: Condition) -> None:
    """The canonical form has the same people; a condition loaded from JSON has the same SQL, byte for byte."""
    shop = engines[which]
    assert shop.members(canonical(a)) == shop.members(a)
    assert compile_members(load(dump(a)), CATALOG, AT, segments=SEGMENTS) == compile_members(
        a, CATALOG, AT, segments=SEGMENTS
    )


@laws
@given(which=st.integers(0, 2), a=TREES)
def test_three_answers_partition_everybody(shops: tuple[PostgresShop, ...], which: int, a: Condition) -> None:
    """True, false and unknown of the SQL's own test add up to everybody, and counting by filter or by WHERE is the same."""
    shop = shops[which]
    statement = shop.compiled(a)
    tree = sqlglot.parse_one(statement.sql, read="postgres")
    where = tree.args.get("where")
    test = "TRUE" if where is None else f"({where.this.sql('postgres')})"
    query = (
        f"SELECT count(*), count(*) FILTER (WHERE {test}), count(*) FILTER (WHERE NOT {test}),"
        f" count(*) FILTER (WHERE {test} IS NULL), coalesce(sum(CASE WHEN {test} THEN 1 ELSE 0 END), 0) FROM customers AS c"
    )
    row = shop.connection.execute(query.encode(), statement.parameters).fetchone()
    assert row is not None
    everyone, true, false, unknown, summed = row
    assert true + false + unknown == everyone
    assert summed == true == len(shop.members(a))


@laws
@given(which=WHICH, a=TREES, b=TREES)
def test_values_in_place_and_order(engines: tuple[Shop, ...], which: int, a: Condition, b: Condition) -> None:
    """With its values in place a statement names the same people; in canonical form the order of parts leaves no trace."""
    shop = engines[which]
    both = compile_members(a, CATALOG, AT, segments=SEGMENTS, dialect=shop.dialect)
    assert shop.query(render(both)) == shop.members(a)
    one, other = (
        compile_members(canonical(AllOf(parts)), CATALOG, AT, segments=SEGMENTS) for parts in ((a, b), (b, a))
    )
    assert one == other


@laws
@given(which=WHICH, a=LEAVES, b=LEAVES)
def test_leaving_people_out_never_adds(engines: tuple[Shop, ...], which: int, a: Condition, b: Condition) -> None:
    """A suppression only takes away, exactly its own people."""
    shop = engines[which]
    rest = shop.members(AllOf((a, Not(b))))
    assert rest == shop.members(a) - shop.members(b)
    assert shop.members(AnyOf((a, AllOf((a, b))))) == shop.members(AllOf((a, AnyOf((a, b))))) == shop.members(a)


@laws
@given(which=WHICH, a=TREES, limit=st.integers(1, 20))
def test_preview_is_the_beginning(engines: tuple[Shop, ...], which: int, a: Condition, limit: int) -> None:
    """A preview shows the first of a condition's people by key, each once."""
    shop = engines[which]
    columns = [field.key for field in CATALOG.attributes]
    rows = shop.run(compile_preview(a, CATALOG, AT, columns, limit, segments=SEGMENTS, dialect=shop.dialect))
    assert [row[0] for row in rows] == sorted(shop.members(a))[:limit]


# --- counting -----------------------------------------------------------------------------------


@st.composite
def some_rows(draw: st.DrawFn) -> Rows:
    """Rows of orders, items or visits."""
    event = draw(st.sampled_from(["order", "item", "visit", "ticket"]))
    window = draw(st.sampled_from([None, last(30, Unit.DAY), during(Dated(2025))]))
    return Rows(event, tuple(draw(st.lists(filters(event), max_size=1))), window)


@laws
@given(which=WHICH, rows=some_rows())
def test_how_often(engines: tuple[Shop, ...], which: int, rows: Rows) -> None:
    """At least n falls with n from everybody; exactly n adds up to everybody; at most n is not at least n + 1."""
    shop = engines[which]
    everyone = shop.members(Everyone())
    previous = everyone
    exactly: list[set[Any]] = []
    for n in range(12):
        least = shop.members(Did(rows, COUNT, at_least(n)))
        assert least <= previous
        previous = least
        exactly.append(shop.members(Did(rows, COUNT, Comparison(Operator.IS, (n,)))))
        assert shop.members(Did(rows, COUNT, Comparison(Operator.LE, (n,)))) == everyone - shop.members(
            Did(rows, COUNT, at_least(n + 1))
        )
    assert sum(map(len, exactly)) + len(shop.members(Did(rows, COUNT, at_least(12)))) == len(everyone)
    assert shop.members(Did(rows, COUNT, at_least(1))) == shop.members(Did(rows))
    assert shop.members(Not(Did(rows))) == everyone - shop.members(Did(rows)) == exactly[0]


@laws
@given(which=WHICH, days=st.lists(st.integers(0, 800), min_size=2, max_size=4), one=st.none() | filters("order"))
def test_windows_grow(engines: tuple[Shop, ...], which: int, days: list[int], one: Filter | None) -> None:
    """The last d days grow with d; lately, earlier only, and never again partition everybody."""
    shop = engines[which]
    past = Window(None, last(1, Unit.DAY).end)
    tests = () if one is None else (one,)
    everyone, previous = shop.members(Everyone()), set()
    for d in sorted(days):
        lately = shop.members(Did(Rows("order", tests, last(d, Unit.DAY))))
        before = shop.members(Did(Rows("order", tests, more_than_ago(d, Unit.DAY))))
        ever = shop.members(Did(Rows("order", tests, past)))
        assert previous <= lately
        previous = lately
        assert lately | before == ever
        never = shop.members(Not(Did(Rows("order", tests, past))))
        assert len(lately) + len(before - lately) + len(never) == len(everyone)
        assert shop.members(Not(Did(Rows("order", tests, last(d, Unit.DAY))))) == everyone - lately


@laws
@given(which=WHICH, bounds=st.lists(st.sampled_from([-50, -30, 0, 0.5, 20, 39.99, 100, 600]), min_size=3, max_size=3))
def test_sums_and_ranges(engines: tuple[Shop, ...], which: int, bounds: list[float]) -> None:
    """A total over x falls in x; ranges split at a value; under x, from x and without an answer are everybody."""
    shop = engines[which]
    low, middle, high = sorted(bounds)
    total = Measure("sum", "amount")

    def over(x: float) -> set[Any]:
        return shop.members(Did(Rows("order"), total, Comparison(Operator.GT, (x,))))

    assert over(high) <= over(middle) <= over(low)
    assert shop.members(Did(Rows("order"), total, Comparison(Operator.LE, (middle,)))) == (
        shop.members(Everyone()) - over(middle)
    )

    pieces = Did(Rows("item"), Measure("sum", "quantity"), Comparison(Operator.GE, (0,)))
    assert shop.members(pieces) == shop.members(Everyone())

    def income(operator: Operator, *values: float) -> set[Any]:
        return shop.members(Has("income", operator, values))

    between = income(Operator.BETWEEN, low, high)
    assert between == income(Operator.BETWEEN, low, middle) | income(Operator.BETWEEN, middle, high)
    assert income(Operator.BETWEEN, low, middle) & income(Operator.BETWEEN, middle, high) == income(Operator.IS, middle)
    answered = shop.members(Has("income", Operator.IS_SET))
    assert income(Operator.LT, middle) | income(Operator.GE, middle) == answered
    assert not income(Operator.LT, middle) & income(Operator.GE, middle)


@pytest.mark.parametrize("key", ["state", "gender", "industry", "plan", "token", "children_choice"])
def test_values_partition(engines: tuple[Shop, ...], key: str) -> None:
    """The people of each value, and those without one, are everybody; a list of values is their union."""
    field = CATALOG.attribute(key)
    assert field is not None
    pools: dict[str, tuple[Any, ...]] = {
        "state": shop_rows.STATES,
        "gender": shop_rows.GENDERS,
        "industry": shop_rows.INDUSTRIES,
        "plan": ("pro", "free"),
        "token": tuple(map(str, shop_rows.TOKENS)),
        "children_choice": ("0", "1", "2", "5"),
    }
    values: list[Value] = [value for value in pools[key] if value]
    for shop in engines:
        parts = [shop.members(Has(key, Operator.IS, (value,))) for value in values]
        without = shop.members(Not(Has(key, Operator.IS_SET)))
        assert sum(map(len, parts)) + len(without) == len(shop.members(Everyone()))
        assert shop.members(Has(key, Operator.IS, tuple(values))) == set().union(*parts)
        assert shop.members(Not(Has(key, Operator.IS, tuple(values[:2])))) == (
            shop.members(Everyone()) - parts[0] - parts[1]
        )


@laws
@given(which=WHICH, value=st.sampled_from([n for n in shop_rows.NAMES if n]), operator=st.sampled_from(
    [Operator.IS, Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH]))  # fmt: skip
def test_case_does_not_matter(engines: tuple[Shop, ...], which: int, value: str, operator: Operator) -> None:
    """A text is found however it is written, and finds itself: %, _ and \\ mean themselves."""
    shop = engines[which]
    found = shop.members(Has("name", operator, (value,)))
    if len(value.upper()) == len(value):
        assert shop.members(Has("name", operator, (value.upper(),))) == found
    assert found >= {row["id"] for row in shop.world["customers"] if row["name"] == value}
    assert found <= shop.members(Has("name", Operator.CONTAINS, (value,)))


def test_days_partition_ever(engines: tuple[Shop, ...]) -> None:
    """Every instant falls on exactly one day, those of 23 and 25 hours included."""
    for shop in engines:
        rows = [row for row in shop.world["orders"] if row["ordered_at"] is not None]
        days = {row["ordered_at"].astimezone(AT.zone).date() for row in rows}
        counted = 0
        for day in days:
            window = during(Dated(day.year, day.month, day.day))
            one_day = Rows("order", (), window)
            for n in range(1, 9):
                counted += len(shop.members(Did(one_day, COUNT, at_least(n))))
        owned = {row["id"] for row in shop.world["customers"]}
        live = [row for row in rows if row["status"] not in ("cancelled", "test") and row["customer_id"] in owned]
        assert counted == len(live)


# --- changes of the data ------------------------------------------------------------------------


@laws
@given(which=WHICH, a=TREES)
def test_rows_of_nobody_change_nothing(engines: tuple[Shop, ...], which: int, a: Condition) -> None:
    """Rows without a key, or with the key of nobody, move no number: the trap of NOT IN."""
    shop = engines[which]
    before = shop.members(a)
    with shop.changed():
        for key in (None, 424242):
            for table in ("orders", "visits", "logins", "tickets", "addresses", "labels", "referrals"):
                rows = shop.world[table][:3] or [{"id": 1, "customer_id": None, "opened_at": NOW, "priority": 1}]
                fresh = [{**row, "customer_id": key} for row in rows]
                for index, row in enumerate(fresh):
                    if "id" in row:
                        row["id"] = 10**9 + index + (100 if key else 0)
                shop.insert(table, fresh)
        shop.insert("order_items", [{"order_id": None, "product_id": 1, "quantity": 9, "note": "Ana"}])
        assert shop.members(a) == before


@laws
@given(which=WHICH, one=st.none() | filters("order"), index=st.integers(0, 200))
def test_a_row_twice(engines: tuple[Shop, ...], which: int, one: Filter | None, index: int) -> None:
    """Doubling a row changes nobody's "did", and its owner's number of times by exactly one."""
    shop = engines[which]
    row = shop.world["orders"][index % len(shop.world["orders"])]
    rows = Rows("order", () if one is None else (one,))
    did, counted = Did(rows), [Did(rows, COUNT, Comparison(Operator.IS, (n,))) for n in range(12)]
    ever, times = shop.members(did), [shop.members(node) for node in counted]
    with shop.changed():
        shop.insert("orders", [{**row, "id": 10**9}])
        items = [item for item in shop.world["order_items"] if item["order_id"] == row["id"]]
        shop.insert("order_items", [{**item, "order_id": 10**9} for item in items])
        assert shop.members(did) == ever
        owner = row["customer_id"]
        for n, node in enumerate(counted):
            now = shop.members(node)
            assert now - {owner} == times[n] - {owner}
            if owner in times[n]:
                meets = owner in shop.members(AllOf((node, Listed((str(owner),)))))
                # The double counts when the row itself did: then nobody is left at n but has n + 1.
                assert meets or owner in shop.members(counted[n + 1])


@laws
@given(which=WHICH, a=has() | LEAVES.filter(lambda node: node.kind in ("did", "nth", "share", "listed", "sequence")))
def test_a_newcomer_changes_only_himself(engines: tuple[Shop, ...], which: int, a: Condition) -> None:
    """A new customer adds one if he is in and nothing if he is not, and moves nobody else."""
    shop = engines[which]
    before = shop.members(a)
    with shop.changed():
        newcomer = {**shop.world["customers"][0], "id": 10**9}
        shop.insert("customers", [newcomer])
        after = shop.members(a)
        assert after - {10**9} == before
        assert len(after) - len(before) == (10**9 in after)
        assert shop.run(compile_count(a, CATALOG, AT, segments=SEGMENTS, dialect=shop.dialect))[0] == (
            len(after),
            len(shop.world["customers"]) + 1,
        )


# --- time -----------------------------------------------------------------------------------------


SHIFT = timedelta(days=371)
PLAIN = CalendarRules("UTC")


def shifted(world: World) -> World:
    """All dates and times of a world later by some whole days."""

    def moved(value: Any) -> Any:
        return value + SHIFT if hasattr(value, "year") else value

    return {table: [{k: moved(v) for k, v in row.items()} for row in rows] for table, rows in world.items()}


@pytest.fixture(scope="session")
def two_times(open_shop: Callable[[World], PostgresShop]) -> tuple[Shop, Shop]:
    """The same shop now, and everything in it some days later."""
    world = random_world(11)
    now, later = open_shop(world), open_shop(shifted(world))
    return replace(now, at=Moment(NOW, PLAIN)), replace(later, at=Moment(NOW + SHIFT, PLAIN))


STEADY = st.sampled_from([Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WEEK])
LENGTHS = st.builds(Duration, st.integers(1, 60), STEADY)


@st.composite
def steady(draw: st.DrawFn) -> Condition:
    """Conditions in minutes, hours, days and weeks, which are the same lengths at any time."""
    window = draw(st.none() | st.builds(last, st.integers(0, 60), STEADY))
    events = ("order", "visit", "item", "login")
    rows = Rows(draw(st.sampled_from(events)), (), window)
    then = Rows(rows.event if rows.event == "login" else draw(st.sampled_from(events[:3])))
    return draw(
        st.sampled_from(
            [
                Did(rows),
                Not(Did(rows, COUNT, at_least(2))),
                Has("signed_up", Operator.WITHIN, (), window or last(30, Unit.DAY)),
                Has("last_visit", Operator.WITHIN, (), window or last(3, Unit.WEEK)),
                Has("born", Operator.WITHIN, (), last(12_000, Unit.DAY)),
                Sequence(rows, then, draw(LENGTHS), draw(st.booleans())),
                CameBack(rows, draw(LENGTHS)),
            ]
        )
    )


@laws
@given(a=steady(), b=steady())
def test_time_itself_does_not_matter(two_times: tuple[Shop, Shop], a: Condition, b: Condition) -> None:
    """When all data and now move together by whole days, nothing changes."""
    now, later = two_times
    for condition in (a, AllOf((a, Not(b)))):
        assert now.members(condition) == later.members(condition)
