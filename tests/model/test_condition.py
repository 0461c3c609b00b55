"""Trees that cannot exist, trees that mean the same, and trees as JSON."""

from __future__ import annotations

import json

import pytest

from segbot.model.codec import BadTree, dump, dumps, load, loads, schema
from segbot.model.condition import (
    AllOf,
    AnyOf,
    Capped,
    Comparison,
    Condition,
    Defined,
    Did,
    Everyone,
    Filter,
    Has,
    Measure,
    Measured,
    Not,
    Ranked,
    Rows,
    Sequence,
    all_of,
    any_of,
    at_least,
    canonical,
    depth,
    negate,
    walk,
)
from segbot.model.operators import OPERATORS, Kind, Operator, operators_for
from segbot.model.windows import Calendar, Dated, Duration, Now, Unit, Window, during, last

WOMEN = Has("gender", Operator.IS, ("F",))
TEXAS = Has("state", Operator.IS, ("TX",))
BOUGHT = Did(Rows("order", (Filter("amount", Operator.GT, (99.5,)),), last(90, Unit.DAY)), comparison=at_least(2))
SAMPLES: list[Condition] = [
    Everyone(),
    WOMEN,
    all_of([WOMEN, Not(TEXAS), BOUGHT]),
    any_of([WOMEN, all_of([TEXAS, BOUGHT])]),
    Has("signed_up", Operator.WITHIN, window=during(Calendar(Unit.MONTH, -1))),
    Has("has_children", Operator.IS, (True,)),
    Ranked("top", 10, "percent", Measured(Rows("order"), Measure("sum", "amount")), within=WOMEN),
    Sequence(Rows("view"), Rows("order"), Duration(1, Unit.DAY), same=("product",)),
    Defined("vip", Did(Rows("order"), comparison=at_least(3))),
    Capped(WOMEN, 500, by="income"),
]


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: AllOf((WOMEN,)),
        lambda: AnyOf(()),
        lambda: Has("age", Operator.BETWEEN, (40, 30)),
        lambda: Has("age", Operator.GT, ()),
        lambda: Has("age", Operator.GT, (float("nan"),)),
        lambda: Has("phone", Operator.IS_SET, ("x",)),
        lambda: Has("signed_up", Operator.WITHIN),
        lambda: Has("state", Operator.IS, ("TX",), window=last(1, Unit.DAY)),
        lambda: Comparison(Operator.CONTAINS, (1,)),
        lambda: Comparison(Operator.IS, (1, 2)),
        lambda: Comparison(Operator.GT, (True,)),
        lambda: Measure("count", "amount"),
        lambda: Measure("sum"),
        lambda: Ranked("top", 101, "percent", "income"),
        lambda: Ranked("top", 0, "people", "income"),
        lambda: Window(None, None),
        lambda: Window(Now(), Now()),
        lambda: Dated(day=3),
        lambda: Dated(month=2, day=30),
        lambda: Dated(month=2, quarter=1),
        lambda: Calendar(Unit.HOUR, 0),
        lambda: Duration(-1, Unit.DAY),
    ],
)
def test_an_impossible_condition_cannot_be_made(impossible: object) -> None:
    """A tree that means nothing is refused where it is made."""
    assert callable(impossible)
    with pytest.raises(ValueError, match=r"\w"):
        impossible()


@pytest.mark.parametrize("tree", SAMPLES, ids=lambda t: type(t).__name__)
def test_a_tree_survives_json(tree: Condition) -> None:
    """A tree written as JSON and read again is the same tree, and is written the same way again."""
    text = dumps(tree)
    assert loads(text) == tree
    assert dumps(loads(text)) == text
    assert load(json.loads(json.dumps(dump(tree)))) == tree


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "unknown kind"),
        ([], "JSON object"),
        ({"kind": "nope"}, "unknown kind 'nope'"),
        ({"kind": "not"}, "needs part"),
        ({"kind": "not", "part": {"attribute": "a"}}, r"\$\.part: unknown kind"),
        ({"kind": "has", "attribute": "a", "operator": "is", "values": ["x"], "extra": 1}, "has has no extra"),
        ({"kind": "has", "attribute": "a", "operator": "isx", "values": ["x"]}, "operator"),
        ({"kind": "all_of", "parts": [{"kind": "everyone"}]}, "at least two"),
        ({"kind": "did", "rows": {"kind": "rows", "event": "e", "where": []}}, r"\$\.rows: rows has no where"),
        ({"kind": "window", "end": None, "start": {"kind": "now"}}, "Input should be"),
    ],
)
def test_strange_json_is_refused_with_its_place(data: object, says: str) -> None:
    """An unknown key, kind or operator is an error that names its place: a condition never vanishes while loading."""
    with pytest.raises(BadTree, match=says):
        load(data)


def test_endless_nesting_is_refused() -> None:
    """JSON nested without end is refused before it exhausts the stack."""
    data: dict[str, object] = {"kind": "everyone"}
    for _ in range(5000):
        data = {"kind": "not", "part": data}
    with pytest.raises(BadTree, match="deeply"):
        load(data)
    with pytest.raises(BadTree, match="JSON"):
        loads("[" * 100_000)


def test_the_schema_names_every_node() -> None:
    """The JSON Schema knows every kind of node, so that a proposal can be checked before it is read."""
    text = json.dumps(schema())
    for tree in SAMPLES:
        for node in walk(tree):
            assert f'"{node.kind}"' in text


def test_groups_flatten_and_double_negation_vanishes() -> None:
    """Building conditions never nests a group in itself, and not-not is the thing itself."""
    assert all_of([WOMEN, all_of([TEXAS, BOUGHT])]) == AllOf((WOMEN, TEXAS, BOUGHT))
    assert any_of([any_of([WOMEN, TEXAS]), BOUGHT]) == AnyOf((WOMEN, TEXAS, BOUGHT))
    assert all_of([]) == Everyone()
    assert all_of([Everyone(), WOMEN]) == WOMEN
    assert any_of([]) == Not(Everyone())
    assert negate(negate(WOMEN)) == WOMEN


def test_the_canonical_form_ignores_order_and_doubles() -> None:
    """Two ways of writing the same set have one canonical form; different sets have different ones."""
    one = all_of([WOMEN, Has("state", Operator.IS, ("TX", "FL")), WOMEN])
    other = all_of([Has("state", Operator.IS, ("FL", "TX")), WOMEN])
    assert canonical(one) == canonical(other)
    assert canonical(all_of([WOMEN, TEXAS])) != canonical(any_of([WOMEN, TEXAS]))
    assert canonical(canonical(one)) == canonical(one)


def test_whole_numbers_are_written_one_way() -> None:
    """100.0 and 100 make the same tree."""
    assert Has("income", Operator.GT, (100.0,)) == Has("income", Operator.GT, (100,))
    assert dumps(Has("income", Operator.GT, (100.0,))) == dumps(Has("income", Operator.GT, (100,)))


def test_depth_counts_levels() -> None:
    """A leaf is one level deep; each group or not adds one."""
    assert depth(WOMEN) == 1
    assert depth(Not(any_of([WOMEN, all_of([TEXAS, BOUGHT])]))) == 4


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_attribute_has_operators(kind: Kind) -> None:
    """Whatever an attribute holds, it can be asked whether it is set, and at least one more thing."""
    rows = operators_for(kind)
    assert Operator.IS_SET in {row.key for row in rows}
    assert len(rows) >= 2


def test_every_operator_has_one_row() -> None:
    """The table of operators holds each operator exactly once."""
    assert set(OPERATORS) == set(Operator)
