"""What the statements promise beside their meaning: columns, masks, names that need quoting, sizes, and clear refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import psycopg
import pytest
import sqlglot
from tests.sql.conftest import AT, Shop
from tests.support.shop import CATALOG
from tests.support.trees import SEGMENTS

from segbot.addresses import parse_address
from segbot.errors import CannotCompile, NamesItself, NoHistory, NoLocation, SegmentGone, TooManyListed, UnknownName
from segbot.model.catalog import Catalog, CustomerTable, Event, Field, Join, Source
from segbot.model.condition import (
    AllOf,
    AnyOf,
    Condition,
    Did,
    Everyone,
    Filter,
    Has,
    Held,
    Listed,
    Measure,
    Member,
    Near,
    Not,
    Nth,
    Ranked,
    Reachable,
    Regularly,
    Rows,
    at_least,
)
from segbot.model.operators import Kind, Operator
from segbot.model.resolve import Moment
from segbot.model.windows import Dated, Duration, Named, Unit, during, last
from segbot.sql.compile import (
    compile_count,
    compile_ladder,
    compile_members,
    compile_preview,
    compile_sizes,
    condition_lines,
    render,
    steps_of,
)
from segbot.sql.guard import Allowed, guard
from segbot.sql.nodes import RESERVED
from segbot.sql.policy import Policy

WOMEN = Has("gender", Operator.IS, ("F",))
BUYERS = Did(Rows("order"))


# --- previews -------------------------------------------------------------------------------------


def test_contact_values_are_masked_in_the_database(shops: tuple[Shop, ...]) -> None:
    """A preview lets nobody read an address or a number: one letter, two digits, no more; broken ones not even that."""
    rows = shops[0].run(compile_preview(Everyone(), CATALOG, AT, ["email", "phone"], 1_000))
    raw = {row["id"]: row for row in shops[0].world["customers"]}
    masks = {
        "ana@gmail.com": "a***@g***.com",
        "Bob@GMAIL.com": "B***@G***.com",
        "x@mail.example": "x***@m***.example",
        "a@b@gmail.com": "a***@b***.com",
        "no-at-sign": "***",
        "+14155550100": "***00",
        "12": "***",
        "": None,
        None: None,
    }
    for key, email, phone in rows:
        for seen, stored in ((email, raw[key]["email"]), (phone, raw[key]["phone"])):
            if stored in masks:
                assert seen == masks[stored]
            assert seen is None or stored not in str(seen) or stored == ""


def test_unmasked_only_when_asked(shops: tuple[Shop, ...]) -> None:
    """Those who may see addresses see them as they are stored."""
    rows = shops[0].run(compile_preview(Everyone(), CATALOG, AT, ["email"], 1_000, masked=False))
    assert dict(rows) == {row["id"]: row["email"] for row in shops[0].world["customers"]}


def test_a_preview_shows_ages_in_years_and_related_values(shops: tuple[Shop, ...]) -> None:
    """Ages are full years today; a to-many value is one text of all its values; columns are named and in order."""
    statement = compile_preview(Everyone(), CATALOG, AT, ["age", "labels", "industry", "plan"], 3)
    assert statement.columns == ("id", "age", "labels", "industry", "plan")
    rows = shops[1].run(statement)
    assert len(rows) == 3
    people = {row["id"]: row for row in shops[1].world["customers"]}
    for key, age, labels, _, _ in rows:
        born = people[key]["born"]
        today = date(2026, 3, 10)
        assert age == (born and today.year - born.year - ((today.month, today.day) < (born.month, born.day)))
        own = {r["label"] for r in shops[1].world["labels"] if r["customer_id"] == key and r["label"] is not None}
        assert set((labels or "").split(", ")) - {""} == own - {""}


# --- counts and ladders ---------------------------------------------------------------------------


def test_the_ladder_goes_down_to_the_total(shops: tuple[Shop, ...]) -> None:
    """One statement gives base, total, each condition's own size, and what remains, falling to the total."""
    tree = AllOf((WOMEN, AnyOf((BUYERS, Has("income", Operator.GT, (100,)))), Not(Did(Rows("visit")))))
    statement, paths = compile_ladder(tree, CATALOG, AT)
    assert paths == ((0,), (1,), (1, 0), (1, 1), (2,))
    (row,) = shops[0].run(statement)
    steps = steps_of(row, statement, paths)
    remaining = [step.remaining for step in steps if step.remaining is not None]
    assert remaining == sorted(remaining, reverse=True)
    assert remaining[-1] == row[1] == len(shops[0].members(tree))
    assert [step.path for step in steps if step.remaining is None] == [(1, 0), (1, 1)]


def test_lines_are_those_people_read() -> None:
    """Groups, their parts and the parts of a negated group are lines; what is inside a ranking is not."""
    tree = AllOf((Not(AnyOf((WOMEN, BUYERS))), Not(BUYERS), Ranked("top", 3, "people", "income", WOMEN)))
    assert [path for path, _ in condition_lines(tree)] == [(0,), (0, 0, 0), (0, 0, 1), (1,), (2,)]
    assert list(condition_lines(WOMEN)) == [((), WOMEN)]


def test_a_set_is_computed_once_however_often_it_counts() -> None:
    """The ladder joins each distinct set once, in a list of people or in a choice of readings."""
    tree = AllOf((BUYERS, AnyOf((BUYERS, WOMEN)), Not(BUYERS)))
    assert compile_ladder(tree, CATALOG, AT)[0].sql.count("LEFT JOIN (SELECT") == 1
    assert compile_sizes([BUYERS, Not(BUYERS), AllOf((WOMEN, BUYERS))], CATALOG, AT).sql.count("LEFT JOIN (SELECT") == 1


def test_the_base_is_inside_every_statement(shops: tuple[Shop, ...]) -> None:
    """Members, counts, ladders, choices and previews see the base only, and rankings rank within it."""
    shop, base = shops[0], Has("email_consent", Operator.IS, (True,))
    top = Ranked("top", 2, "people", "income")
    members = shop.members(top, base)
    assert members <= shop.members(base)
    assert members
    counted = (len(members), len(shop.members(base)))
    assert shop.run(compile_count(top, CATALOG, AT, base)) == [counted]
    assert shop.run(compile_sizes([top], CATALOG, AT, base)) == [counted[::-1]]
    assert {row[0] for row in shop.run(compile_preview(top, CATALOG, AT, [], 100, base=base))} == members


def test_no_set_operations_that_spread(shops: tuple[Shop, ...]) -> None:
    """Shapes that a sharded database would pull through one node, or that trip over NULL, are never written."""
    tree = AllOf((Not(Did(Rows("order"), Measure("count"), at_least(3))), AnyOf((BUYERS, Did(Rows("item"))))))
    for statement in (
        compile_members(tree, CATALOG, AT),
        compile_count(tree, CATALOG, AT),
        compile_ladder(tree, CATALOG, AT)[0],
    ):
        parsed = sqlglot.parse_one(statement.sql, read="postgres")
        assert not list(parsed.find_all(sqlglot.exp.SetOperation, sqlglot.exp.In, sqlglot.exp.CTE))


def test_values_are_bound_and_typed() -> None:
    """Nothing a person says is in the text: lists are one array, and every placeholder says its type."""
    statement = compile_members(
        AllOf((Has("name", Operator.CONTAINS, ("'; DROP TABLE orders; --",)), Listed(tuple(map(str, range(5_000)))))),
        CATALOG,
        AT,
    )
    assert "DROP" not in statement.sql
    assert statement.parameters == {"p1": "%'; DROP TABLE orders; --%", "p2": list(range(5_000))}
    assert statement.types == {"p1": "text", "p2": "bigint[]"}
    assert "CAST(%(p2)s AS BIGINT[])" in statement.sql


# --- names that need care -------------------------------------------------------------------------

ODD = Catalog(
    "odd names",
    CustomerTable("shop.User", "select", "text"),
    (
        Field("order", "order", Kind.CHOICE, Source("Group By")),
        Field("quoted", "quoted", Kind.TEXT, Source('a"b')),
        Field("plan", "plan", Kind.CHOICE, Source("data", path=("it's", "ü"), sql_type="jsonb")),
        Field(
            "region",
            "region",
            Kind.CHOICE,
            Source("region", joins=(Join("c", "org", "org", also=(("shard", "shard"),)),)),
        ),
    ),
    (
        Event(
            "end",
            "end",
            "as",
            Source("user"),
            Source("time", sql_type="timestamptz"),
            properties=(Field("key", "key", Kind.NUMBER, Source("key", sql_type="integer")),),
        ),
    ),
)


def test_names_that_need_quoting_work(make_database: Callable[..., str]) -> None:
    """Reserved words, capitals, spaces, quotes, schemas and tables named like an alias are no obstacle."""
    tree = AllOf(
        (
            Has("order", Operator.IS, ("x",)),
            Has("quoted", Operator.IS, ("y",)),
            Has("plan", Operator.IS, ("pro",)),
            Has("region", Operator.IS, ("eu",)),
            Did(Rows("end", (Filter("key", Operator.GE, (1,)),), last(9, Unit.DAY))),
            Nth(Rows("end"), -1, filters=(Filter("key", Operator.GE, (1,)),)),
        )
    )
    with psycopg.connect(**parse_address(make_database(), "test").arguments, autocommit=True) as connection:
        connection.execute(
            """CREATE SCHEMA shop; CREATE TABLE shop."User" ("select" text, "Group By" text, "a""b" text, data jsonb,
               org int, shard int); CREATE TABLE c (org int, shard int, region text);
               CREATE TABLE "as" ("user" text, time timestamptz, key int);
               INSERT INTO shop."User" VALUES ('in', 'x', 'Y', '{"it''s": {"ü": "pro"}}', 1, 1),
                                              ('out', 'x', 'Y', '{"it''s": {"ü": "pro"}}', 1, 2);
               INSERT INTO c VALUES (1, 1, 'eu'), (1, 2, 'us');
               INSERT INTO "as" SELECT unnest(ARRAY['in', 'out']), '2026-03-09', 1"""
        )
        policy = Policy.of(ODD)
        for made in (compile_members(tree, ODD, AT), compile_preview(tree, ODD, AT, ["order", "quoted", "region"])):
            assert isinstance(guard(made.sql, policy), Allowed), guard(made.sql, policy)
            assert [row[0] for row in connection.execute(made.sql, made.parameters)] == ["in"]
            assert [row[0] for row in connection.execute(render(made).encode())] == ["in"]
        counted = compile_count(tree, ODD, AT)
        assert connection.execute(counted.sql, counted.parameters).fetchall() == [(1, 2)]
        reserved = connection.execute("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')")
        assert {word for (word,) in reserved} <= RESERVED


def test_a_percent_sign_in_a_name_is_refused() -> None:
    """The driver would take it for a placeholder, so such a name is refused instead of guessed."""
    catalog = Catalog("x", CustomerTable("t", "id", "integer"), (Field("a", "a", Kind.TEXT, Source("100%")),))
    with pytest.raises(CannotCompile, match="%"):
        compile_members(Has("a", Operator.IS_SET), catalog, AT)


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "condition",
    [
        Has("shoe_size", Operator.IS, (40,)),
        Did(Rows("flight")),
        Reachable("pigeon"),
        Member("segment", "deleted"),
        Ranked("top", 3, "people", "shoe_size"),
        Held("shoe_size", ("40",), Duration(1, Unit.YEAR)),
        Has("born", Operator.WITHIN, (), during(Named("festivus"))),
    ],
    ids=repr,
)
def test_unknown_names_are_said(condition: Condition) -> None:
    """What the catalog no longer has is an unknown name, never a condition that vanishes."""
    with pytest.raises(UnknownName):
        compile_members(AllOf((WOMEN, condition)), CATALOG, AT)


@pytest.mark.parametrize(
    "condition",
    [
        Has("gender", Operator.GT, (1,)),
        Has("income", Operator.IS, ("much",)),
        Has("email_consent", Operator.IS, ("yes",)),
        Did(Rows("order", (Filter("flavour", Operator.IS, ("sweet",)),))),
        Did(Rows("order"), Measure("sum", "channel"), at_least(1)),
        Did(Rows("referral", (), during(Dated(2025)))),
        Nth(Rows("referral"), 1, during(Dated(2025))),
        Ranked("top", 3, "people", "floor"),
        Ranked("top", 3, "people", "name"),
        Held("gender", ("F",), Duration(1, Unit.YEAR)),
        Member("segment", "web buyers", "entered", during(Dated(2025))),
    ],
    ids=repr,
)
def test_what_cannot_be_counted_is_refused(condition: Condition) -> None:
    """A condition that makes no sense for this data is refused, never counted as something else."""
    with pytest.raises(CannotCompile):
        compile_members(AllOf((WOMEN, condition)), CATALOG, AT, segments=SEGMENTS)


def test_a_segment_inside_itself_is_refused() -> None:
    """Segments that contain each other are refused, however long the circle."""
    a, b = Member("segment", "a"), Member("segment", "b")
    with pytest.raises(CannotCompile, match="contains itself"):
        compile_members(a, CATALOG, AT, segments={a: AllOf((WOMEN, b)), b: Not(a)})
    shared = {a: WOMEN, b: AnyOf((a, BUYERS))}
    assert compile_members(AllOf((a, b)), CATALOG, AT, segments=shared).sql


def test_a_change_of_membership_with_history_is_a_list(shops: tuple[Shop, ...]) -> None:
    """Who entered a segment comes from its history, given as keys."""
    entered = Member("segment", "web buyers", "entered", during(Dated(2025)))
    statement = compile_members(entered, CATALOG, AT, segments={entered: Listed(("1", "4"))})
    assert {row[0] for row in shops[0].run(statement)} == {1, 4}


def test_windows_move_with_now(shops: tuple[Shop, ...]) -> None:
    """The same condition counted at another moment looks at other days."""
    lately = Did(Rows("order", (), last(1, Unit.DAY)))
    text = {compile_members(lately, CATALOG, Moment(when, CATALOG.calendar)).sql for when in _MOMENTS}
    assert len(text) == 1
    bounds = [compile_members(lately, CATALOG, Moment(when, CATALOG.calendar)).parameters for when in _MOMENTS]
    assert bounds[0] != bounds[1]


_MOMENTS = (datetime(2026, 3, 10, 15, 30, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))


ONE, OTHER = Member("segment", "one"), Member("segment", "other")


@pytest.mark.parametrize(
    ("condition", "segments", "error"),
    [
        (ONE, {}, SegmentGone),
        (ONE, {ONE: AllOf((WOMEN, OTHER)), OTHER: Not(ONE)}, NamesItself),
        (Member("segment", "one", "entered", last(7, Unit.DAY)), {ONE: WOMEN}, NoHistory),
        (ONE, {ONE: Listed(tuple(map(str, range(100_001))))}, TooManyListed),
    ],
    ids=["gone", "in a circle", "no history", "too many"],
)
def test_a_membership_that_cannot_be_counted_is_said(
    condition: Condition, segments: dict[Member, Condition], error: type[CannotCompile | UnknownName]
) -> None:
    """Never counted as nobody: each has its own plain sentence."""
    with pytest.raises(error) as told:
        compile_members(AllOf((WOMEN, condition)), CATALOG, AT, segments=segments)
    assert told.value.sentence != error.__mro__[1]().sentence


def test_a_name_says_nothing_about_who_is_in_it() -> None:
    """A segment renamed since is the same segment."""
    named = Member("segment", "one", name="Women of spring")
    assert compile_members(named, CATALOG, AT, segments={ONE: WOMEN}).sql == compile_members(WOMEN, CATALOG, AT).sql


def test_a_distance_needs_to_know_where_customers_live() -> None:
    """Without latitude and longitude in the catalog it is refused."""
    bare = Catalog("bare", CustomerTable("customers", "id", "integer"), ())
    with pytest.raises(NoLocation):
        compile_members(Near(40.7, -74, 5), bare, AT)


def test_more_periods_than_can_be_told_apart_are_refused_at_once() -> None:
    """In three of the last 10^30 months is refused in words, not worked on for ever."""
    with pytest.raises(CannotCompile, match="periods"):
        compile_members(Regularly(Rows("order"), 3, 10**30, Unit.MONTH), CATALOG, AT)
