"""Requests to three companies that are no shop mean the people whom a careful analyst would have selected by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.companies.conftest import FILL, HERE, Company, written
from tests.companies.made import NOW

from segbot.catalog.check import check
from segbot.catalog.load import load_catalog, locate
from segbot.flows.compose import word_spans
from segbot.model.condition import Held, Not
from segbot.model.reading import Outcome, Reading
from segbot.model.windows import Duration, Unit
from segbot.sql.compile import compile_ladder, compile_sizes
from segbot.warehouse.inspect import profile_values

Company_ = Callable[[str], Company]
_KINDS = ("where", "choices", "unread", "undefined")


def _requests() -> Iterator[Any]:
    for name in FILL:
        for case in written(name)["requests"]:
            pending = case.get("status") == "pending"
            marks = (pytest.mark.xfail(strict=True, reason="the reader does not do this yet"),) if pending else ()
            yield pytest.param(name, case, marks=marks, id=f"{name}: {case['request']}")


@pytest.mark.parametrize(("name", "case"), list(_requests()))
def test_a_request_means_the_right_people_or_says_what_is_missing(
    name: str, case: dict[str, Any], company: Company_
) -> None:
    """The analyst's people, or an honest question that offers them; and what cannot be known here is never dropped."""
    here = company(name)
    reading = here.house.read(case["request"], NOW)
    if "unread" in case:
        _reports(reading, case["unread"])
        if "where" in case:
            assert reading.condition is not None
            assert here.members(reading.condition) == here.truth(case["where"])
    elif "undefined" in case:
        _asks_to_define(reading, case["undefined"])
    elif "choices" in case:
        assert reading.outcome is Outcome.CLARIFY, f"did not ask: {reading.restatement}"
        offered = _offered(reading, here)
        for label, where in case["choices"].items():
            assert here.truth(where) in offered, f"not offered: {label}"
    else:
        _means(reading, case, here)


def _means(reading: Reading, case: dict[str, Any], here: Company) -> None:
    expected = here.truth(case["where"])
    if reading.outcome is Outcome.CLARIFY:
        assert "rivals" in case, (
            f"asks needlessly: {[(q.text, [c.label for c in q.choices]) for q in reading.questions]}"
        )
        assert expected in _offered(reading, here)
        return
    assert reading.outcome is Outcome.ANSWER, f"not understood: {[u.text for u in reading.unread]} {reading.note}"
    assert reading.condition is not None
    found = here.members(reading.condition)
    chips = [here.members(choice.condition) for a in reading.assumptions for choice in a.alternatives]
    if found in [here.truth(where) for where in case.get("rivals", {}).values()] and expected in chips:
        return  # another honest reading, with this one a tap away
    assert found == expected, f"{reading.restatement}: {len(found)} people instead of {len(expected)}"


def _offered(reading: Reading, here: Company) -> list[set[Any]]:
    return [here.members(choice.condition) for question in reading.questions for choice in question.choices]


def _reports(reading: Reading, words: list[str]) -> None:
    assert reading.outcome is not Outcome.ANSWER, f"answered: {reading.restatement}"
    asked = [reading.text[question.start : question.end] for question in reading.questions]
    said = " | ".join((*(part.text for part in reading.unread), *asked)).casefold()
    for word in words:
        assert word.casefold() in said, f"{word!r} is not reported, only {said!r}"


def _asks_to_define(reading: Reading, word: str) -> None:
    assert reading.outcome is not Outcome.ANSWER, f"answered: {reading.restatement}"
    _reports(reading, [word])


@pytest.mark.parametrize(("name", "case"), [(n, c) for n in FILL for c in written(n)["requests"]])
def test_no_letter_of_a_request_is_lost(name: str, case: dict[str, Any], company: Company_) -> None:
    """The account of a reading holds the whole sentence, and a case says one thing about it."""
    assert sum(kind in case for kind in _KINDS) == 1 or set(_KINDS) & case.keys() == {"where", "unread"}
    reading = company(name).house.read(case["request"], NOW)
    assert "".join(span.text for span in word_spans(reading)) == case["request"]


@pytest.mark.parametrize("name", FILL)
def test_requests_tell_people_apart(name: str, company: Company_) -> None:
    """Every analyst's statement runs and selects some people (unless it says `empty`) but not all."""
    here = company(name)
    everyone = here.truth("true")
    for case in written(name)["requests"]:
        for where in (*([case["where"]] if "where" in case else ()), *case.get("choices", {}).values()):
            found = here.truth(where)
            assert found < everyone, case["request"]
            assert bool(found) is not case.get("empty", False), case["request"]


@pytest.mark.parametrize("name", FILL)
def test_every_way_of_counting_agrees(name: str, company: Company_) -> None:
    """On tables of any shape a tree has one size, as members, among other trees and on the ladder; not-x is all the rest."""
    here = company(name)
    at = here.house.moment(NOW)
    readings = [here.house.read(case["request"], NOW) for case in written(name)["requests"]]
    trees = [reading.condition for reading in readings if reading.condition is not None]
    assert len(trees) > 60
    everyone = here.truth("true")
    for first in range(0, len(trees), 10):
        some = trees[first : first + 10]
        members = [here.members(tree) for tree in some]
        together = compile_sizes(some, here.house.catalog, at, here.house.base)
        (sizes,) = here.run(together)
        assert sizes[0] == len(everyone)
        assert list(sizes[1:]) == [len(found) for found in members]
    for tree in trees:
        statement, _ = compile_ladder(tree, here.house.catalog, at, here.house.base)
        (row,) = here.run(statement)
        counted = dict(zip(statement.columns, row, strict=True))
        found, rest = here.members(tree), here.members(Not(tree))
        assert (counted["total"], counted["base"]) == (len(found), len(everyone))
        assert not found & rest
        assert found | rest == everyone


def test_a_state_is_held_where_its_changes_are_kept(company: Company_) -> None:
    """Gold for a year: is gold now, was gold a year ago, and nothing else in between; going from gold to platinum breaks it."""
    here = company("hotel")
    for values, shown in ((("Gold",), "'Gold'"), (("Gold", "Platinum"), "'Gold', 'Platinum'")):
        held = here.members(Held("tier", values, Duration(1, Unit.YEAR)))
        # one row a day and guest: a day of the last year on which another tier was valid
        expected = here.truth(
            f"g.joined_on < today() - interval '1 year' AND NOT EXISTS (SELECT FROM tier_history t"
            f" WHERE t.guest_id = g.guest_id AND t.tier NOT IN ({shown})"
            f" AND (t.valid_to IS NULL OR t.valid_to >= today() - interval '1 year'))"
        )
        assert held == expected
        assert held


@pytest.mark.parametrize("name", FILL)
def test_a_catalog_fits_its_database(name: str, company: Company_) -> None:
    """Tables, columns, types, joins and values of the catalog are those of the database."""
    path: Path = HERE / name / "catalog.yaml"
    catalog = load_catalog(path)
    here = company(name)
    profile = profile_values(catalog, here.connection, NOW)
    problems = check(catalog, here.observed, locate(path.read_text(encoding="utf-8")), profile)
    assert [str(p) for p in problems] == []
