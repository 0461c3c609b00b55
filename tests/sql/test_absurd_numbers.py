"""Numbers that nobody means: a condition with one is refused in words or counted, never a crash or a database error."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any

import pytest
from tests.sql.cases import CASES
from tests.sql.conftest import AT, PostgresShop
from tests.support.shop import CATALOG
from tests.support.trees import SEGMENTS

from segbot.errors import CannotCompile, UnknownName
from segbot.model.codec import BadTree, dump, load
from segbot.model.condition import Around, CameBack, Condition, Did, Has, Rows, Sequence, Stopped
from segbot.model.operators import Operator
from segbot.model.windows import (
    Ago,
    Ahead,
    Calendar,
    Duration,
    EndOf,
    Now,
    Part,
    Period,
    StartOf,
    Unit,
    Weekday,
    Window,
    during,
    longest,
)
from segbot.sql.compile import compile_members
from segbot.sql.statement import Statement

ORDERS = Rows("order")


def _numbers(node: Any) -> Iterator[tuple[Any, Any]]:
    """Where the numbers of JSON data are: what holds them, and the key."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield node, key
        yield from _numbers(value)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30, 10**400, -1, -(2**63), 1e300, math.inf, math.nan])
def test_an_absurd_number_is_refused_or_counted(shops: tuple[PostgresShop, ...], number: float) -> None:
    """Wherever a stored condition has a number, any other one is refused in words or runs without an error."""
    statements: list[Statement] = []
    refused = 0
    for case in CASES:
        data = dump(case.condition)
        for index in range(len(list(_numbers(data)))):
            changed = copy.deepcopy(data)
            holder, key = list(_numbers(changed))[index]
            holder[key] = number
            try:
                statements.append(compile_members(load(changed), CATALOG, AT, segments=SEGMENTS))
            except (BadTree, CannotCompile, UnknownName):
                refused += 1
    assert refused > 30
    assert (len(statements) > 30) == (abs(number) < 10**300)
    with shops[0].connection.pipeline():
        for statement in statements:
            shops[0].connection.execute(statement.sql, statement.parameters)


def _lasting(amount: int, unit: Unit) -> Iterator[Condition]:
    """Conditions in which a length of time is written, in every place that has one."""
    length = Duration(amount, unit)
    ends = [Window(Ago(amount, unit), Now()), Window(Now(), Ahead(amount, unit)), Window(None, Ago(amount, unit))]
    if not unit.is_clock:
        periods: list[Period] = [
            Calendar(unit, amount),
            Calendar(unit, -amount),
            Part(Calendar(Unit.YEAR, -1), "first", amount, unit),
        ]
        ends += [during(period) for period in periods]
    if unit is Unit.WEEK:
        ends += [during(Weekday(2, amount)), during(Weekday(2, -amount))]
    if unit is Unit.YEAR:
        ends += [Window(StartOf(Calendar(Unit.MONTH, 0), amount), EndOf(Calendar(Unit.MONTH, 0), amount))]
    for window in ends:
        yield Has("signed_up", Operator.WITHIN, (), window)
        yield Has("born", Operator.WITHIN, (), window)
        yield Has("last_visit", Operator.WITHIN, (), window)
        yield Did(Rows("order", window=window))
    yield Stopped(ORDERS, length)
    yield CameBack(ORDERS, length, None)
    yield Around(ORDERS, "signed_up", length, length)
    yield Around(Rows("visit"), "born", length, length)
    yield Sequence(ORDERS, Rows("visit"), length)
    yield Sequence(Rows("visit"), ORDERS, length)


@pytest.mark.parametrize("unit", Unit)
def test_the_longest_time_can_be_counted(shops: tuple[PostgresShop, ...], unit: Unit) -> None:
    """A thousand years are counted without an error wherever a length of time may be; nothing falls off the calendar."""
    for condition in _lasting(longest(unit), unit):
        shops[0].members(condition)


@pytest.mark.parametrize("unit", Unit)
def test_longer_times_are_refused_when_said(unit: Unit) -> None:
    """Anything longer is no length of time: it can't be made, read or loaded."""
    for amount in (longest(unit) + 1, 2**63, 10**30):
        for made in (Duration, Ago, Ahead):
            with pytest.raises(ValueError, match="longer than 1000 years"):
                made(amount, unit)
        stored = dump(Stopped(ORDERS, Duration(1, unit)))
        stored["quiet"]["amount"] = amount
        with pytest.raises(BadTree, match="longer than 1000 years"):
            load(stored)
