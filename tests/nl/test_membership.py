"""Segments, snapshots and lists named in a request: who may be named is given, the rest is the reader's own account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from segbot.model.catalog import Catalog, SmartSegment
from segbot.model.condition import AllOf, Has, Member, Not, canonical
from segbot.model.membership import Known
from segbot.model.operators import Operator
from segbot.model.reading import Outcome
from segbot.model.resolve import Moment
from segbot.nl.notation import notation
from segbot.nl.reader import Reader

GOLD = Has("loyalty_tier", Operator.IS, ("gold",))
KNOWN = (
    Known("segment", "s1", "Lapsed Gold", 12, AllOf((GOLD, Not(Has("email_opt_in", Operator.IS, (True,)))))),
    Known("segment", "s2", "Spring buyers", 13),
    Known("segment", "s3", "Newsletter actives", 14),
    Known("segment", "s4", "Gold members", 15, GOLD),
    Known("segment", "s5", "Bonus hunters", 42),
    Known("segment", "s6", "Kids & co", 7),
    Known("list", "l1", "VIP list"),
    Known("list", "l2", "Trade fair"),
    Known("snapshot", "p1", "Lapsed Gold on 3 May", taken=datetime(2026, 5, 3, 10, tzinfo=UTC), about="Lapsed Gold"),
    Known("snapshot", "p2", "Lapsed Gold on 4 April", taken=datetime(2026, 4, 4, 10, tzinfo=UTC), about="Lapsed Gold"),
)

READ = (
    ("in segment Lapsed Gold", "segment(s1)"),
    ("customers in the Lapsed Gold segment", "segment(s1)"),
    ("women not in segment Spring buyers", "gender=F & !segment(s2)"),
    ("members of VIP list", "list(l1)"),
    ("on the VIP list and over 30", "age>30 & list(l1)"),
    ("people on the list Trade fair", "list(l2)"),
    ("#12", "segment(s1)"),
    ("#12 or #13", "segment(s1) | segment(s2)"),
    ("SEG-42", "segment(s5)"),
    ("women in segment 42", "gender=F & segment(s5)"),
    ("segment #13 but not segment #12", "segment(s2) & !segment(s1)"),
    ("everyone in the snapshot from 3 May", "snapshot(p1)"),
    ("the snapshot of Lapsed Gold from 4 April", "snapshot(p2)"),
    ("everyone in the snapshot Lapsed Gold on 3 May", "snapshot(p1)"),
    ("entered At risk in the last 7 days", "entered segment(at_risk) [7 day ago..now]"),
    ("left Newsletter actives last month", "left segment(s3) [month-1]"),
    ("hasn't left At risk this month", "!left segment(at_risk) [this month]"),
    ("in Newsletter actives but not in Bonus hunters", "segment(s3) & !segment(s5)"),
    ("the overlap of Newsletter actives and Spring buyers", "segment(s2) & segment(s3)"),
    ("union of segment Spring buyers and segment Newsletter actives", "segment(s2) | segment(s3)"),
    ("in both Newsletter actives and Bonus hunters", "segment(s3) & segment(s5)"),
    ("not in Newsletter actives or Bonus hunters", "!(segment(s3) | segment(s5))"),
    ("women over 30, not in Newsletter actives or Bonus hunters", "age>30 & gender=F & !(segment(s3) | segment(s5))"),
    ("customers from the segment Spring buyers who bought shoes", "did(order{category=shoes}) & segment(s2)"),
    ("everyone in Newsletter actives except those in Bonus hunters", "segment(s3) & !segment(s5)"),
    ('segment "Lapsed Gold" or segment 13', "segment(s1) | segment(s2)"),
    ("kids & co who bought shoes", "did(order{category=shoes}) & segment(s6)"),
    ("at risk customers", "segment(at_risk)"),
    ("customers at risk in Texas", "state=TX & segment(at_risk)"),
    ("big spenders over 40", "age>40 & segment(big_spenders)"),
    ("list Lapsed buyers", "<lapsed>"),
    ("list at risk customers", "segment(at_risk)"),
    ("not at risk", "!segment(at_risk)"),
)


@pytest.fixture(scope="module")
def named(reader: Reader) -> Reader:
    return reader.naming(KNOWN)


@pytest.mark.parametrize(("said", "tree"), READ, ids=[said for said, _ in READ])
def test_names_are_read(named: Reader, at: Moment, said: str, tree: str) -> None:
    """By name, number or day, joined and negated like any other condition; and the restatement is read back to the same."""
    reading = named.read(said, at)
    assert reading.outcome is Outcome.ANSWER, reading
    assert reading.condition is not None
    assert notation(canonical(reading.condition)) == tree
    again = named.read(reading.restatement, at)
    assert again.outcome is Outcome.ANSWER
    assert again.condition is not None
    assert canonical(again.condition) == canonical(reading.condition)


@pytest.mark.parametrize(
    ("said", "fixed", "tree"),
    [
        ("in the Lapsd Gold segment", {"Lapsd": "lapsed"}, "segment(s1)"),
        ("in Newsleter activs who bought shoes", {"Newsleter": "newsletter", "activs": "actives"}, "segment(s3)"),
        ("people in Bonnus hunters", {"Bonnus": "bonus"}, "segment(s5)"),
    ],
)
def test_names_may_be_misspelt(named: Reader, at: Moment, said: str, fixed: dict[str, str], tree: str) -> None:
    """A letter or two are forgiven as in values, and said."""
    reading = named.read(said, at)
    assert reading.outcome is Outcome.ANSWER
    assert {c.said: c.read_as for c in reading.corrections} == fixed
    assert reading.condition is not None
    assert tree in notation(reading.condition)


def test_a_name_that_is_a_word_too_is_asked_about(named: Reader, at: Moment) -> None:
    """Both meanings are complete choices; called a segment, or meaning the same anyway, there is nothing to ask."""
    reading = named.read("Lapsed Gold in Texas", at)
    assert reading.outcome is Outcome.CLARIFY
    (question,) = reading.questions
    assert (question.phrase, [notation(c.condition) for c in question.choices]) == (
        "Lapsed Gold",
        ["segment(s1) & state=TX", "<lapsed> & loyalty_tier=gold & state=TX"],
    )
    assert named.read("segment Lapsed Gold in Texas", at).outcome is Outcome.ANSWER
    same = named.read("gold members in Texas", at)
    assert same.outcome is Outcome.ANSWER
    assert same.condition is not None
    assert notation(same.condition) == "loyalty_tier=gold & state=TX"


@pytest.mark.parametrize(
    "said",
    ["in segment Foo bar", "#99", "women in segment 99", "entered At risk", "the snapshot from 5 May"],
)
def test_what_has_no_such_name_is_unread(named: Reader, at: Moment, said: str) -> None:
    """No segment is guessed at, nor since when somebody might have entered one."""
    reading = named.read(said, at)
    assert reading.outcome is not Outcome.ANSWER
    assert reading.unread


def test_only_given_names_are_known(reader: Reader, named: Reader, at: Moment) -> None:
    """A reader for one person knows no other's segments, and the catalog's own reader none but the ready ones."""
    assert reader.read("#12", at).outcome is Outcome.REJECT
    assert reader.read("in Newsletter actives", at).outcome is Outcome.REJECT
    assert reader.read("in At risk", at).outcome is Outcome.ANSWER
    assert set(named.meanings) > set(reader.meanings)


def test_a_team_takes_a_ready_name_for_its_own(reader: Reader, at: Moment) -> None:
    """Whoever saves an "At risk" of their own means that."""
    mine = reader.naming((Known("segment", "mine", "At risk", 3, GOLD),))
    reading = mine.read("at risk customers in Texas", at)
    assert reading.condition is not None
    assert notation(reading.condition) == "segment(mine) & state=TX"


def test_every_ready_segment_answers_to_its_name(reader: Reader, shop: Catalog, at: Moment) -> None:
    """All of the catalog's segments can be read, named, and mean what their own words say."""
    assert {one.id for one in reader.ready} == {segment.key for segment in shop.segments}
    for segment in shop.segments:
        reading = reader.read(f"in the segment {segment.name}", at)
        assert reading.condition is not None, segment.name
        assert reading.condition == Member("segment", segment.key)


def test_five_thousand_names_cost_little(reader: Reader, at: Moment) -> None:
    """A large team's names are looked up as words are, not one by one."""
    many = reader.naming([Known("segment", f"m{n}", f"Campaign {n} buyers of wave {n % 7}", n) for n in range(5_000)])
    reading = many.read("women in campaign 1234 buyers of wave 2 who bought shoes", at)
    assert reading.condition is not None
    assert "segment(m1234)" in notation(reading.condition)


def test_ready_segments_may_name_each_other_but_not_in_a_circle(shop: Catalog, at: Moment) -> None:
    """What one names means what that one says; those that can't be read, or go in a circle, have no name."""
    catalog = replace(
        shop,
        segments=(
            SmartSegment("outer", "Texan treasure", "in the segment Golden ones and in Texas"),
            SmartSegment("inner", "Golden ones", "gold members"),
            SmartSegment("hen", "First hen", "in the segment First egg"),
            SmartSegment("egg", "First egg", "in the segment First hen"),
            SmartSegment("odd", "Odd ones", "frobnicated twice"),
        ),
    )
    reader = Reader(catalog)
    assert {one.id for one in reader.ready} == {"inner", "outer"}
    reading = reader.read("women of Texan treasure", at)
    assert reading.condition is not None
    assert notation(canonical(reading.condition)) == "gender=F & segment(outer)"
    meaning = reader.meanings[Member("segment", "outer")]
    assert notation(canonical(meaning)) == "state=TX & segment(inner)"
