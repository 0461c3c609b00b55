"""The line of logic: every id once, brackets where people disagree, a sentence for everything else."""

from __future__ import annotations

import pytest

from segbot.model.condition import Everyone, Not, Reachable, all_of, any_of
from segbot.nl.propose.logic import build, negated_ids, parse_logic

A, B, C, D = (Reachable(key) for key in ("a", "b", "c", "d"))
PARTS = {"c1": A, "c2": B, "c3": C, "c4": D}


@pytest.mark.parametrize(
    ("line", "tree", "negative"),
    [
        ("c1 AND c2 AND c3 AND c4", all_of([A, B, C, D]), set()),
        ("c1 and (c2 or c3) and not c4", all_of([A, any_of([B, C]), Not(D)]), {"c4"}),
        ("NOT (c1 OR NOT c2) AND c3 AND c4", all_of([Not(any_of([A, Not(B)])), C, D]), {"c1"}),
        ("NOT NOT c1 AND ((c2)) AND c3 AND c4", all_of([A, B, C, D]), set()),
    ],
)
def test_logic_is_lifted(line: str, tree: object, negative: set[str]) -> None:
    """AND, OR, NOT and brackets mean intersection, union and complement; ids under an odd number of NOTs are known."""
    logic = parse_logic(line, PARTS)
    assert not isinstance(logic, str)
    assert build(logic, PARTS) == tree
    assert negated_ids(logic) == negative


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("c1 AND c2 AND c3", "c4 is not used"),
        ("c1 AND c2 AND c3 AND c4 AND c4", "c4 is used more than once"),
        ("c1 AND c2 AND c3 AND c4 AND c9", "c9 is not the id"),
        ("c1 AND c2 OR c3 AND c4", "mixed without brackets"),
        ("c1 AND (c2 AND c3 AND c4", "bracket is not closed"),
        ("c1 AND AND c2 AND c3 AND c4", "missing before AND"),
        ("c1 c2 c3 c4", "unexpected 'c2'"),
        ("c1 AND c2 AND c3 AND c4;", "unexpected ';'"),
        ("", "missing at the end"),
        ("not " * 50 + "c1", "nested too deeply"),
        ("(" * 50 + "c1" + ")" * 50, "nested too deeply"),
    ],
)
def test_broken_logic_is_a_sentence(line: str, says: str) -> None:
    """A line that leaves out, repeats or invents an id, or can't be read, is refused with what is wrong."""
    found = parse_logic(line, PARTS)
    assert isinstance(found, str)
    assert says in found


def test_nothing_is_used_for_everyone() -> None:
    """A single condition needs no joining."""
    logic = parse_logic("c1", ["c1"])
    assert not isinstance(logic, str)
    assert build(logic, {"c1": Everyone()}) == Everyone()
