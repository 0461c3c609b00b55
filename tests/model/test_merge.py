"""Two independent changes to one tree go together."""

from __future__ import annotations

from dataclasses import replace

from segbot.model.condition import Did, Everyone, Has, Not, Rows, all_of, at_least
from segbot.model.merge import merge
from segbot.model.operators import Operator
from segbot.model.windows import Calendar, Unit, during, last

WOMEN = Has("gender", Operator.IS, ("F",))
TEXAS = Has("state", Operator.IS, ("TX",))
TWICE = Did(Rows("order", window=last(1, Unit.MONTH)), comparison=at_least(2))
ORIGIN = all_of([WOMEN, TEXAS, TWICE])


def test_changes_of_different_parts_both_stand() -> None:
    """Negating one part and changing a number in another gives a tree with both."""
    here = all_of([WOMEN, Not(TEXAS), TWICE])
    there = all_of([WOMEN, TEXAS, replace(TWICE, comparison=at_least(3))])
    assert merge(ORIGIN, here, there) == all_of([WOMEN, Not(TEXAS), replace(TWICE, comparison=at_least(3))])


def test_changes_of_different_fields_of_one_node_both_stand() -> None:
    """The window and the number of the same condition can be switched one after the other."""
    window = Rows("order", window=during(Calendar(Unit.MONTH, -1)))
    here = all_of([WOMEN, TEXAS, replace(TWICE, rows=window)])
    there = all_of([WOMEN, TEXAS, replace(TWICE, comparison=at_least(3))])
    assert merge(ORIGIN, here, there) == all_of([WOMEN, TEXAS, Did(window, comparison=at_least(3))])


def test_the_newer_change_wins_where_both_touch_the_same_value() -> None:
    """When both changed the same number, the newer choice is what the person sees."""
    here = all_of([WOMEN, TEXAS, replace(TWICE, comparison=at_least(4))])
    there = all_of([WOMEN, TEXAS, replace(TWICE, comparison=at_least(3))])
    assert merge(ORIGIN, here, there) == there


def test_an_added_part_keeps_the_other_change() -> None:
    """An alternative that adds a condition keeps what was changed in the others."""
    here = all_of([WOMEN, Not(TEXAS), TWICE])
    there = all_of([WOMEN, TEXAS, TWICE, Has("phone", Operator.IS_SET)])
    assert merge(ORIGIN, here, there) == all_of([WOMEN, Not(TEXAS), TWICE, Has("phone", Operator.IS_SET)])
    assert merge(ORIGIN, there, here) == merge(ORIGIN, here, there)


def test_changes_that_do_not_go_together_leave_the_newer() -> None:
    """A tree of another shape replaces the old one whole; nothing impossible is made."""
    assert merge(ORIGIN, all_of([WOMEN, Not(TEXAS), TWICE]), Everyone()) == Everyone()


def test_a_dropped_part_stays_dropped() -> None:
    """Switching something about a condition that the person has dropped does not bring it back."""
    narrow = all_of([WOMEN, TEXAS])
    assert merge(ORIGIN, narrow, all_of([WOMEN, TEXAS, Not(TWICE)])) == narrow


def test_no_change_changes_nothing() -> None:
    """Merging with an unchanged side gives the other side."""
    other = all_of([WOMEN, TEXAS])
    assert merge(ORIGIN, ORIGIN, other) == other
    assert merge(ORIGIN, other, ORIGIN) == other
    assert merge(ORIGIN, other, other) == other
