"""What is said of rows belongs to the event it is said of: a value behind a verb, properties one after another.

Order amount over 300, channel = store: one and the same row; any rows are a tap away.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from segbot.model.condition import COUNT, ONCE
from segbot.model.operators import Operator
from segbot.nl.drafts import Draft, Fork, Join, Leaf, Tokens
from segbot.nl.elements import Element, Frag, Op, Row, X
from segbot.nl.grammar.context import Scene
from segbot.nl.grammar.known import is_source
from segbot.nl.meaning import Clause, Refs

_JOINTS = frozenset({"AND", "COMMA", "STOP"})


def stray_values(scene: Scene, row: Row) -> None:
    """A value right behind a verb whose event has no such thing is neither another event's nor where people came from."""
    for before, element in list(pairwise(row.elements)):
        clause = before.clause if isinstance(before, X) else None
        refs = _value(scene, element)
        if clause is None or clause.shape not in ("verb", "noun") or refs is None:
            continue
        events = {*clause.events, *(fine for key in clause.events if (fine := scene.event(key).value_of))}
        if not events & {ref.owner for ref in refs.refs}:
            row.unread += element.tokens
            row.elements.remove(element)


def _value(scene: Scene, element: Element) -> Refs | None:
    """A value that belongs to some event, left without one, or one that was taken for where people came from."""
    if isinstance(element, Frag):
        return element.sem if isinstance(element.sem, Refs) and any(r.owner for r in element.sem.refs) else None
    test = element.test if isinstance(element, X) else None
    field = scene.field(None, test.field) if test is not None else None
    owned = test is not None and test.said is not None and any(r.owner for r in test.said.refs)
    return test.said if test is not None and owned and field is not None and is_source(field) else None


def same_rows(row: Row) -> None:
    """Join neighbouring descriptions of the rows of one event, in place."""
    index = 0
    while index < len(row.elements):
        run, end = _run(row, index)
        if len(run) > 1:
            row.elements[index:end] = [_joined(row, index, end, run)]
        index += 1


def counted_rows(row: Row) -> None:
    """ "Exactly one return in the past year, with a refund above $80": what "with" adds behind a count is said of the same rows."""
    for index, element in enumerate(row.elements):
        clause = element.clause if isinstance(element, X) else None
        after = _with(row, index + 1) if clause is not None and clause.count is not None else None
        if clause is None or after is None or not isinstance(element, X):
            continue
        at, other = after
        said = other.clause
        assert said is not None
        events = tuple(key for key in clause.events if key in said.events)
        plain = clause.measure == COUNT and clause.position is None and clause.share is None
        none = clause.count is not None and clause.count.comparison.values == (0,)
        if not events or not plain or none or clause.shape == "actor" or not _describes(said) or said.when is not None:
            continue
        whole = replace(clause, events=events, filters=(*clause.filters, *said.filters))
        joints: Tokens = tuple(t for e in row.elements[index:at] if isinstance(e, Op) for t in e.tokens)
        of_those: Draft = Leaf(whole, tuple(sorted((*element.tokens, *joints, *other.tokens))))
        any_one = replace(said, events=events, when=clause.when)
        one_of: Draft = Join(False, (element.draft, Leaf(any_one, other.tokens)), joints)
        least = clause.count is not None and clause.count.comparison.operator in (Operator.GE, Operator.GT)
        options = (("", of_those), ("", one_of)) if least else (("", one_of), ("", of_those))
        text = "each one counted is like that" if least else "one of those counted is like that"
        row.elements[index : at + 1] = [X(Fork(options, "counted_rows", text, other.tokens), element.head)]


def _with(row: Row, index: int) -> tuple[int, X] | None:
    """The description that stands behind "with", be there a comma before it."""
    leads = False
    while index < len(row.elements):
        element = row.elements[index]
        if isinstance(element, X):
            clause = element.clause
            first = row.words[min(element.tokens, default=0)]
            shapes = ("property", "noun", "verb") if first == "with" else ("property", "noun") if leads else ()
            return (index, element) if clause is not None and clause.shape in shapes and clause.filters else None
        if not isinstance(element, Op) or element.cat not in ("COMMA", "REL"):
            return None
        leads = leads or "with" in {row.words[t] for t in element.tokens}
        index += 1
    return None


def amounts_of_what(scene: Scene, row: Row) -> None:
    """ "A gift card over $50": the amount of a thing bought may be the whole order's or that of the line the thing is on."""
    for element in row.elements:
        clause = element.clause if isinstance(element, X) else None
        if clause is None or clause.count is not None or clause.measure != COUNT or clause.position is not None:
            continue
        event = scene.event(clause.event)
        fine = scene.catalog.event(event.value_of) if event.value_of else None
        amount = next((f for f in clause.filters if f.property == event.amount), None)
        things = [f for f in clause.filters if f.property in event.objects]
        if fine is None or fine.amount is None or amount is None or not things or clause.shape == "actor":
            continue
        if any(note.code == "loose_amount" for note in clause.notes):
            continue
        filters = tuple(replace(f, property=fine.amount) if f is amount else f for f in clause.filters)
        if not all(fine.property(f.property) for f in filters):
            continue
        assert isinstance(element, X)
        line: Draft = Leaf(replace(clause, events=(fine.key,), filters=filters), element.tokens)
        text = "the amount is read as that of the whole order"
        element.draft = Fork((("", element.draft), ("", line)), "amount_of_what", text, element.tokens)


def _run(row: Row, start: int) -> tuple[list[X], int]:
    """The descriptions that stand side by side from an index on, and where they end."""
    first = row.elements[start]
    run: list[X] = []
    end = start
    if not isinstance(first, X) or first.clause is None or not _describes(first.clause):
        return run, end
    run, end = [first], start + 1
    whole: Clause | None = first.clause
    while (after := _next(row, end)) is not None:
        at, other = after
        whole = _together(whole, other.clause) if whole is not None and other.clause is not None else None
        if whole is None or other.clause is None or other.clause.shape != "property":
            break
        run.append(other)
        end = at + 1
    return run, end


def _next(row: Row, index: int) -> tuple[int, X] | None:
    """The next operand behind nothing but commas, semicolons and ands."""
    while index < len(row.elements):
        element = row.elements[index]
        if isinstance(element, X):
            return index, element
        if not isinstance(element, Op) or element.cat not in _JOINTS or _ends(row, element):
            return None
        index += 1
    return None


def _ends(row: Row, op: Op) -> bool:
    return op.cat == "STOP" and any(row.words[t] != ";" for t in op.tokens)


def _describes(clause: Clause) -> bool:
    """Whether a clause says no more than what a row is like."""
    once = clause.count is None or (clause.count.comparison == ONCE and clause.count.also is None)
    plain = clause.measure == COUNT and clause.position is None and clause.share is None and not clause.elided
    return once and plain and bool(clause.filters) and clause.shape != "actor"


def _together(one: Clause, two: Clause) -> Clause | None:
    """One clause about rows that both describe, where they are of one event and of different properties."""
    events = tuple(key for key in one.events if key in two.events)
    said = {f.property for f in one.filters} & {f.property for f in two.filters}
    if not events or said or not _describes(two) or (one.when is not None and two.when is not None):
        return None
    return replace(
        one,
        events=events,
        filters=(*one.filters, *two.filters),
        when=one.when or two.when,
        notes=tuple(dict.fromkeys((*one.notes, *two.notes))),
    )


def _joined(row: Row, start: int, end: int, run: list[X]) -> Element:
    whole = run[0].clause
    assert whole is not None
    for other in run[1:]:
        assert other.clause is not None
        both = _together(whole, other.clause)
        assert both is not None
        whole = both
    joints: Tokens = tuple(t for e in row.elements[start:end] if isinstance(e, Op) for t in e.tokens)
    said: Tokens = tuple(t for x in run for t in x.tokens)
    one: Draft = Leaf(whole, tuple(sorted((*said, *joints))))
    each: Draft = Join(False, tuple(x.draft for x in run), joints)
    text = "all of that is read as said of the same one"
    return X(Fork((("", one), ("", each)), "same_row", text, said), run[0].head)
