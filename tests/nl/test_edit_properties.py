"""What holds for every edit: nothing typed is lost, nothing untouched changes, what was done can be undone."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segbot.model.catalog import Catalog
from segbot.model.condition import AllOf, AnyOf, Condition, Everyone, Not, all_of, any_of, canonical, walk
from segbot.model.resolve import Moment
from segbot.nl.diff import NO_CHANGE, diff, line
from segbot.nl.edit import Edit, Editor
from segbot.nl.edit_tree import subject, units
from segbot.nl.reader import Reader
from segbot.nl.text import tokenize

CORPUS = Path(__file__).parents[1] / "corpus"
QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
PARTS = (
    "women", "over 30", "in California", "gold members", "homeowners", "with kids", "more than 1,000 loyalty points",
    "bought twice in the last 90 days", "opened an email in the last 30 days", "returned something",
    "visited the website in the last week", "never clicked an email", "logged in at least 3 times", "contacted support this year",
)  # fmt: skip
"""Conditions about different things, so that each can be told from all others."""
SAID = [
    case["say"]
    for name in ("shop", "companies")
    for group in yaml.safe_load((CORPUS / "edits" / f"{name}.yaml").read_text(encoding="utf-8"))
    for case in group["edits"]
] + (CORPUS / "talk.txt").read_text(encoding="utf-8").splitlines()
WORDS = sorted({word for sentence in SAID for word in sentence.split()})

some = st.lists(st.sampled_from(PARTS), min_size=1, max_size=5, unique=True)
messages = st.one_of(
    st.sampled_from(SAID),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join),
    st.text(alphabet=string.printable, max_size=60),
    st.text(max_size=60),
)


def parts(reader: Reader, at: Moment, requests: list[str]) -> list[Condition]:
    """Each request as a condition."""
    found = [reader.read(request, at).condition for request in requests]
    assert all(part is not None for part in found)
    return [part for part in found if part is not None]


def edited(reader: Reader, at: Moment, say: str, tree: Condition, history: tuple[Condition, ...] = ()) -> Edit:
    edit = Editor(reader).edit(say, tree, at, history=history)
    assert isinstance(edit, Edit), (say, edit)
    return edit


@QUICK
@given(said=messages, requests=some)
def test_no_word_is_lost_and_nothing_raises(said: str, requests: list[str], reader: Reader, at: Moment) -> None:
    """Whatever is typed: an edit whose words are all accounted for, or none; twice the same; choices are real choices."""
    tree = all_of(parts(reader, at, requests))
    edit = Editor(reader).edit(said, tree, at)
    assert edit == Editor(reader).edit(said, tree, at)
    if not isinstance(edit, Edit):
        return
    spans = [(p.start, p.end, p.text) for p in (*edit.phrases, *edit.fillers, *edit.unread)]
    for start, end, text in spans:
        assert said[start:end] == text
    for token in tokenize(said):
        assert len([s for s in spans if s[0] <= token.start and token.end <= s[1]]) == 1, token.text
    for question in edit.questions:
        assert len({canonical(c.condition) for c in question.choices}) == len(question.choices) >= 2
        assert edit.condition == question.choices[0].condition


@QUICK
@given(requests=some, other=st.sampled_from(PARTS))
def test_dropping_what_was_added_gives_the_tree_back(
    requests: list[str], other: str, reader: Reader, at: Moment
) -> None:
    """Narrowed by something new and then without it, a segment is what it was."""
    tree = all_of(parts(reader, at, [r for r in requests if r != other] or ["people in Ohio"]))
    narrowed = edited(reader, at, f"only {other}", tree)
    assert not narrowed.questions
    back = edited(reader, at, "drop the last one", narrowed.condition, (tree,))
    assert canonical(back.condition) == canonical(tree)
    named = edited(reader, at, f"remove {other}", narrowed.condition)
    assert canonical(named.condition) == canonical(tree)


@QUICK
@given(requests=some, said=st.sampled_from(SAID))
def test_undo_gives_the_earlier_tree(requests: list[str], said: str, reader: Reader, at: Moment) -> None:
    """Undo after any edit gives the tree before it."""
    tree = all_of(parts(reader, at, requests))
    edit = Editor(reader).edit(said, tree, at)
    after = edit.condition if isinstance(edit, Edit) else tree
    undone = edited(reader, at, "undo", after, (tree,))
    assert (undone.kind, undone.undo, undone.condition) == ("undo", 1, tree)


TOUCHING = (
    ("make it over 50", "age"), ("only Texas", "state"), ("also men", "gender"), ("silver too", "loyalty_tier"),
    ("change California to Ohio", "state"), ("forget the age", "age"), ("ignore the state", "state"), ("not California", "state"),
    ("drop the tier", "loyalty_tier"), ("any gender", "gender"), ("who opened an email this year", "email_opened"),
    ("drop the return condition", "return"), ("only renters", "home_ownership"),
)  # fmt: skip


@QUICK
@given(requests=some, touching=st.sampled_from(TOUCHING))
def test_an_edit_leaves_everything_else_alone(
    requests: list[str], touching: tuple[str, str], reader: Reader, at: Moment
) -> None:
    """Conditions that an edit does not speak of are all still there, and nothing else has come."""
    said, about = touching
    tree = all_of(parts(reader, at, requests))
    edit = Editor(reader).edit(said, tree, at)
    if not isinstance(edit, Edit):
        return  # there was nothing of the kind to change

    def others(condition: Condition) -> set[Condition]:
        return {canonical(node) for _, node in units(condition) if subject(node)[1] != about}

    trees = [c.condition for q in edit.questions for c in q.choices] or [edit.condition]
    assert any(others(t) == others(tree) for t in trees), edit.line


@QUICK
@given(data=st.data())
def test_a_tree_does_not_differ_from_itself(data: Any, reader: Reader, at: Moment, shop: Catalog) -> None:
    """The order of parts is no difference; the same tree has none."""
    tree = data.draw(_trees(reader, at))
    assert diff(tree, tree, shop).lines == ()
    if isinstance(tree, AllOf | AnyOf):
        shuffled = type(tree)(tuple(data.draw(st.permutations(tree.parts))))
        assert line(tree, shuffled, shop) == NO_CHANGE


@QUICK
@given(data=st.data())
def test_every_changed_condition_is_in_the_difference(data: Any, reader: Reader, at: Moment, shop: Catalog) -> None:
    """Each single condition that came or went is part of a line that says so, and a difference is never silent."""
    before, after = data.draw(_trees(reader, at)), data.draw(_trees(reader, at))
    found = diff(before, after, shop)
    assert bool(found.lines) == (canonical(before) != canonical(after))
    old, new = _leaves(before), _leaves(after)
    gone = {leaf for one in found.lines if one.before is not None for leaf in _leaves(one.before)}
    come = {leaf for one in found.lines if one.after is not None for leaf in _leaves(one.after)}
    assert old - new <= gone
    assert new - old <= come
    assert all(one.text for one in found.lines)


def _leaves(tree: Condition) -> set[Condition]:
    return {n for n in walk(canonical(tree)) if not isinstance(n, AllOf | AnyOf | Not | Everyone)}


def _trees(reader: Reader, at: Moment) -> st.SearchStrategy[Condition]:
    leaves = st.sampled_from(parts(reader, at, list(PARTS)))
    grown = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(all_of),
            st.lists(inner, min_size=2, max_size=3).map(any_of),
            inner.map(Not),
        ),
        max_leaves=6,
    )
    return grown | st.just(Everyone())
