"""Every node and every operator of every kind against hand-written queries, and the SQL itself for people to read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.sql.cases import CASES, Case
from tests.sql.conftest import AT, POLICY, PostgresShop
from tests.support.shop import CATALOG
from tests.support.trees import SEGMENTS

from segbot.model.condition import Condition, Has, rows_of, walk
from segbot.model.operators import Kind, Operator, operators_for
from segbot.sql.compile import compile_members
from segbot.sql.guard import Allowed, guard
from segbot.sql.statement import render

GOLDEN = Path(__file__).parent / "golden"
cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@cases
def test_means_what_the_hand_written_query_says(case: Case, shops: tuple[PostgresShop, ...]) -> None:
    """A condition's customers are those of the query that an analyst would write for it."""
    for shop in shops:
        assert shop.members(case.condition) == shop.query(case.check)


def test_the_cases_can_tell(shops: tuple[PostgresShop, ...]) -> None:
    """No case is empty or everybody in all shops, so that none can pass by accident."""
    for case in CASES:
        sizes = [(len(shop.query(case.check)), len(shop.world["customers"])) for shop in shops[:3]]
        if case.name != "everyone":
            assert any(0 < size < everyone for size, everyone in sizes), case.name


@cases
def test_reads_well(case: Case) -> None:
    """The SQL shown to people is the one on file; set SEGBOT_GOLDEN=write to accept a change."""
    text = render(compile_members(case.condition, CATALOG, AT, segments=SEGMENTS)) + "\n"
    path = GOLDEN / f"{case.name}.sql"
    if os.environ.get("SEGBOT_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert path.read_text() == text


def test_no_golden_file_is_left_over() -> None:
    """Every file belongs to a case."""
    assert {path.stem for path in GOLDEN.glob("*.sql")} == {case.name for case in CASES}


@cases
def test_runs_as_shown(case: Case, shops: tuple[PostgresShop, ...]) -> None:
    """The SQL with its values in place gives the same people as the bound statement, and the guard allows it."""
    text = render(compile_members(case.condition, CATALOG, AT, segments=SEGMENTS))
    assert isinstance(guard(text, POLICY), Allowed)
    assert shops[0].query(text) == shops[0].members(case.condition)


def test_every_operator_of_every_kind_has_a_case() -> None:
    """A new operator or kind needs a hand-written query before it passes."""
    asked: set[tuple[Kind, Operator]] = set()
    for case in CASES:
        for node in walk(case.condition):
            asked |= _tests_in(node)
    wanted = {(kind, row.key) for kind in Kind for row in operators_for(kind)}
    assert wanted - asked == set()


def test_every_node_has_a_case() -> None:
    """A new node needs a hand-written query before it passes."""
    kinds = {node.kind for case in CASES for node in walk(case.condition)}
    wanted = {member.__dataclass_fields__["kind"].default for member in Condition.__args__}  # type: ignore[attr-defined]
    assert wanted <= kinds


def _tests_in(node: Condition) -> set[tuple[Kind, Operator]]:
    found: set[tuple[Kind, Operator]] = set()
    if isinstance(node, Has):
        attribute = CATALOG.attribute(node.attribute)
        assert attribute is not None
        found.add((attribute.kind, node.operator))
    for rows in rows_of(node):
        event = CATALOG.event(rows.event)
        assert event is not None
        for one in rows.filters:
            field = event.property(one.property)
            assert field is not None
            found.add((field.kind, one.operator))
    return found
