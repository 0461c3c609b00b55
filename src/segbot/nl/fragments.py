"""Fragments find their neighbours: windows and counts go to the nearest behaviour, bare values take over its verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from segbot.model.catalog import Event, Role
from segbot.model.condition import COUNT, Capped, Comparison, Ranked
from segbot.model.condition import Sequence as Sequence_
from segbot.model.operators import Operator
from segbot.model.windows import EndOf, Now, StartOf, Window
from segbot.nl.drafts import All, Fork, Leaf, Tokens
from segbot.nl.elements import Element, Frag, Op, Row, X
from segbot.nl.grammar import clauses
from segbot.nl.grammar.attributes import date_test
from segbot.nl.grammar.context import PLACES, Scene
from segbot.nl.grammar.known import is_source
from segbot.nl.inflect import verb_forms
from segbot.nl.meaning import AmountOn, Asked, Bound, Clause, Consent, Note, Ready, Refs, Test, When, Word

_LISTING = frozenset({"AND", "OR", "COMMA", "SLASH", "NOR", "NOT", "BUT", "NO", "EXCEPT", "EITHER", "ONLY", "NEITHER"})

_CLAIMING = frozenset({"AND", "OR", "COMMA", "SLASH", "NOR", "NOT", "NEVER", "BUT"})


@dataclass(slots=True)
class _Pass:
    scene: Scene
    row: Row

    @property
    def elements(self) -> list[Element]:
        return self.row.elements

    def left_clause(self, index: int, *, crossing: bool = True) -> X | None:
        """The nearest behaviour to the left, not beyond what a window may not cross (policy P3)."""
        for element in reversed(self.elements[:index]):
            if isinstance(element, X) and element.clause is not None:
                return element
            if isinstance(element, Op) and element.cat in ("BUT", "STOP", "EXCEPT", "UNLESS") and not crossing:
                return None
        return None


def settle(scene: Scene, row: Row) -> None:
    """Attach every fragment of a row; what finds no neighbour becomes unread."""
    work = _Pass(scene, row)
    _whose(row)
    opening = _opening_window(work)
    for step in (
        _take_ranks,
        _claim_values,
        _take_values,
        _take_consents,
        _take_recency,
        _take_nothing,
        _take_elided,
        _take_windows,
        _take_bounds,
        _take_loose,
        _then_after_joining,
    ):
        step(work)
    for element in [e for e in row.elements if isinstance(e, Frag)]:
        row.elements.remove(element)
        row.unread += element.tokens
    _verb_before_either(row)
    _reject_strange_objects(row)
    _share_windows(row)
    _nth_itself(row)
    _share_objects(scene, row)
    if opening is not None:
        _apply_opening(row, opening)
    _resolve_anaphora(work)
    _ask_which_channel(scene, row)


def _whose(row: Row) -> None:
    """After "whose" stands a name of something, never a value: "whose partner also shops" is not about partners as a source."""
    for element in row.elements[1:]:
        index = row.elements.index(element)
        rel = row.elements[index - 1]
        if not isinstance(rel, Op) or rel.cat != "REL" or row.words[rel.tokens[-1]] != "whose":
            continue
        value = isinstance(element, X) and element.test is not None and element.test.said is not None
        if value or (isinstance(element, Frag) and element.cat == "VALUE"):
            row.unread += (*rel.tokens, *element.tokens)
            del row.elements[index - 1 : index + 1]


def _opening_window(work: _Pass) -> Frag | None:
    """A window at the very beginning holds for every behaviour of the sentence."""
    for element in work.elements:
        if (
            isinstance(element, Frag)
            and element.cat == "WHEN"
            and isinstance(element.sem, When)
            and not element.sem.anaphora
        ):
            if any(isinstance(e, X) and e.clause is not None for e in work.elements):
                work.elements.remove(element)
                return element
            return None
        if not isinstance(element, Op) or element.cat not in ("COMMA", "REL"):
            return None
    return None


def _apply_opening(row: Row, opening: Frag) -> None:
    assert isinstance(opening.sem, When)
    first = True
    for element in row.elements:
        if isinstance(element, X) and element.clause is not None and element.clause.when is None:
            attached = clauses.windowed(element.clause, opening.sem)
            before = row.elements[row.elements.index(element) - 1]
            if attached is not None and isinstance(before, Op) and before.cat in ("NOT", "NEVER", "NO"):
                note = Note("window_shared", "not in the time said first", "Not at any time", (("when", None),))
                attached = replace(attached, notes=(*attached.notes, note))
            if attached is not None:
                element.with_atom(attached, opening.tokens if first else ())
                first = False
    if first:
        row.unread += opening.tokens


def _take_ranks(work: _Pass) -> None:
    """By what the top ones are ranked may be said at the end: the top 50 customers in Texas by lifetime value."""
    for element in [e for e in work.elements if isinstance(e, Frag) and e.cat == "BYRANK"]:
        for other in work.elements[: work.elements.index(element)]:
            asked = other.atom if isinstance(other, X) else None
            if isinstance(other, X) and isinstance(asked, Ready) and isinstance(element.sem, Word) and _orders(asked):
                chosen = replace(asked.condition, by=element.sem.value)
                other.draft = Leaf(Ready(chosen, person=True), tuple(sorted((*other.tokens, *element.tokens))))
                work.elements.remove(element)
                break
            if (
                isinstance(asked, Asked)
                and asked.size is not None
                and isinstance(element.sem, Word)
                and isinstance(other, X)
            ):
                side, amount, unit = asked.size
                ranked = Ranked(
                    "top" if side == "top" else "bottom",
                    amount,
                    "percent" if unit == "percent" else "people",
                    element.sem.value,
                )
                other.draft = Leaf(Ready(ranked, person=True), tuple(sorted((*other.tokens, *element.tokens))))
                work.elements.remove(element)
                break


def _orders(said: Ready) -> bool:
    """Whether so many people were asked for in no order yet: at most 50 people, newest sign-ups first."""
    return isinstance(said.condition, Capped) and said.condition.by is None


def _claim_values(work: _Pass) -> None:
    """After a verb with a value, the next value of that property is the verb's too: stayed in Hamburg and Berlin; ordered on
    the web but never in a store; bought women's shoes but not women's dresses.
    """
    for index, element in enumerate(work.elements):
        test = element.test if isinstance(element, X) else None
        said = test.said if test is not None else None
        start = index
        while start and isinstance(op := work.elements[start - 1], Op) and op.cat in _CLAIMING:
            start -= 1
        before = work.elements[start - 1] if 0 < start < index else None
        if test is None or said is None or not isinstance(before, X) or before.clause is None:
            continue
        properties = {f.property for f in before.clause.filters}
        own = [r.field for r in said.refs if r.owner in before.clause.events]
        negated = any(isinstance(e, Op) and e.cat in ("NOT", "NEVER") for e in work.elements[start:index])
        place = (field := work.scene.field(None, test.field)) is not None and field.role in PLACES
        if not properties & set(own) and not (own and negated and not place and not _is_head(element)):
            continue
        copied = _elided(work.scene, before.clause, said)
        if copied is None:
            continue
        copied, tokens = _narrowed(work, index, copied, said, element.tokens)
        work.elements[index] = X(Leaf(copied, tokens), elided=True)


def _take_values(work: _Pass) -> None:
    """ "bought shoes or hats": hats takes over "bought"."""
    for index, element in enumerate(work.elements):
        if not isinstance(element, Frag) or not isinstance(element.sem, Refs):
            continue
        for other in (*reversed(work.elements[:index]), *work.elements[index + 1 :]):
            base = other.clause if isinstance(other, X) else None
            if base is None:
                continue
            if work.row.words[min(element.tokens) - 1] == "any":
                base = replace(base, filters=())  # a Kestrel hat and any gloves
            copied = _elided(work.scene, base, element.sem)
            if copied is not None:
                copied, tokens = _narrowed(work, index, copied, element.sem, element.tokens)
                work.elements[index] = X(Leaf(copied, tokens), elided=True)
                break


def _is_head(element: Element) -> bool:
    return isinstance(element, X) and element.head


def _narrowed(work: _Pass, index: int, clause: Clause, refs: Refs, tokens: Tokens) -> tuple[Clause, Tokens]:
    """Two values side by side are one thing: blue dresses; the second one is taken in, with its tokens."""
    after = work.elements[index + 1] if index + 1 < len(work.elements) else None
    if not isinstance(after, Frag) or not isinstance(after.sem, Refs) or min(after.tokens) != max(tokens) + 1:
        return clause, tokens
    said = {r.field for r in refs.refs}
    own = tuple(f for f in clause.filters if f.property in said or not _is_object(work.scene, clause, f.property))
    both = clauses.with_value(work.scene, replace(clause, filters=own), after.sem)
    if both is None:
        return clause, tokens
    work.elements.remove(after)
    return both, (*tokens, *after.tokens)


def _elided(scene: Scene, base: Clause, refs: Refs) -> Clause | None:
    """The clause of a left-out verb with another object; nothing else of the first object comes along."""
    owners = {r.owner for r in refs.refs}
    events = tuple(k for k in base.events if k in owners)
    bare = replace(base, filters=(), when=None, notes=(), pronoun=False, elided=True)
    if not events:
        fine = scene.event(base.event).value_of
        if fine is None or fine not in owners:
            return None
    shared = clauses.with_value(scene, bare, refs)
    if shared is None:
        return None
    properties = {f.property for f in shared.filters}
    replaces = any(f.property in properties for f in base.filters)  # jackets in blue or green: still jackets
    narrows = not any(_is_object(scene, shared, p) for p in properties)  # hats but not red ones: still hats
    kept = tuple(
        f
        for f in base.filters
        if f.property not in properties and (replaces or narrows or not _is_object(scene, base, f.property))
    )
    whole = replace(shared, filters=(*kept, *shared.filters))
    if replaces or not kept or not (narrows or _describing(scene, base)):
        return whole
    text = "what was said before of the first is read as said of this too"
    note = Note("shared_description", text, "Any", (("filters", shared.filters),))
    return replace(whole, notes=(*whole.notes, note))


def _describing(scene: Scene, base: Clause) -> bool:
    """Whether a clause says of what kind its objects are: red shoes, women's shoes."""
    objects = scene.event(base.event).objects
    return len(base.filters) > 1 and any(f.property in objects for f in base.filters)


def _is_object(scene: Scene, base: Clause, property_: str) -> bool:
    return property_ in scene.event(base.event).objects


def _take_consents(work: _Pass) -> None:
    """ "subscribed to sms but not email": email takes over "subscribed to"."""
    for index, element in enumerate(work.elements):
        if not isinstance(element, Frag) or not isinstance(element.sem, Consent):
            continue
        for other in reversed(work.elements[:index]):
            base = other.atom if isinstance(other, X) else None
            if isinstance(base, Consent):
                work.elements[index] = X(
                    Leaf(replace(element.sem, verb=True, negated=base.negated), element.tokens), elided=True
                )
                break
            if isinstance(base, Test) and (key := _consented(work.scene, base)) is not None:
                del key
                work.elements[index] = X(Leaf(replace(element.sem, verb=True), element.tokens), elided=True)
                break


def _consented(scene: Scene, test: Test) -> str | None:
    return next((c.key for c in scene.catalog.channels if c.consent == test.field), None)


def _take_recency(work: _Pass) -> None:
    """ "bought at least 3 times, most recently in March": the last row of the same event."""
    for index, element in enumerate(work.elements):
        if isinstance(element, Frag) and element.cat == "RECENCY" and isinstance(element.sem, When):
            base = work.left_clause(index)
            if base is not None and base.clause is not None:
                last = replace(
                    base.clause, position=-1, count=None, measure=COUNT, when=element.sem, notes=(), nth_filters=()
                )
                work.elements[index] = X(Leaf(last, element.tokens), elided=True)


def _take_nothing(work: _Pass) -> None:
    """ "spent $1,000 last year, and nothing this year": the verb of the clause before, not at all in that time."""
    for index, element in enumerate(work.elements):
        if not isinstance(element, Frag) or element.cat != "NOTHINGWHEN" or not isinstance(element.sem, When):
            continue
        base = work.left_clause(index)
        if base is None or base.clause is None:
            continue
        bare = Clause(base.clause.events, count=Bound(Comparison(Operator.IS, (0,)), "", "exact"))
        taken = replace(bare, when=element.sem) if element.sem.anaphora else clauses.windowed(bare, element.sem)
        if taken is not None:
            work.elements[index] = X(Leaf(taken, element.tokens))


def _take_elided(work: _Pass) -> None:
    """ "bought in January but not since": a window or count right after "not" has the verb of the clause before."""
    for index, element in enumerate(work.elements):
        before = work.elements[index - 1] if index else None
        if (
            not isinstance(element, Frag)
            or not isinstance(before, Op)
            or before.cat not in ("NOT", "NEVER", "AND", "OR", "COMMA")
        ):
            continue
        if before.cat in ("AND", "OR", "COMMA") and not (_window_before(work, index) or _count_before(work, index)):
            continue
        base = work.left_clause(index)
        if base is None or base.clause is None:
            continue
        bare = replace(base.clause, when=None, count=None, measure=COUNT, position=None, nth_filters=(), notes=())
        taken: Clause | None = None
        if element.cat == "WHEN" and isinstance(element.sem, When):
            taken = replace(bare, when=element.sem) if element.sem.anaphora else clauses.windowed(bare, element.sem)
            if taken is not None:
                taken = _as_often(base.clause, taken, again=before.cat in ("AND", "OR", "COMMA"))
        elif element.cat == "FREQ" and isinstance(element.sem, Bound):
            taken = clauses.counted(bare, element.sem)
        if taken is not None:
            work.elements[index] = X(Leaf(taken, element.tokens), elided=True)
            if before.cat == "OR" and taken.count is not None and taken.count.comparison.values == (0,):
                before.cat = "AND"  # nothing in 2025 or 2026 is nothing in either


def _as_often(base: Clause, taken: Clause, *, again: bool) -> Clause:
    """A count or amount of the first time is said of the second one too ("over $100 in May and June"); after "not" it rather
    means not at all, but may mean not so often.
    """
    if base.count is not None and base.count.comparison.values == (0,):
        return replace(taken, count=base.count) if again else taken
    if base.count is None or base.position is not None:
        return taken
    if again:
        other = (("count", taken.count), ("measure", taken.measure))
        note = Note("count_each_time", "the amount is read as one of each time", "Anything in the second one", other)
        return replace(taken, count=base.count, measure=base.measure, notes=(*taken.notes, note))
    other = (("count", base.count), ("measure", base.measure))
    note = Note("not_at_all_then", "“not” is read as not at all in that time", "Only not so much", other)
    return replace(taken, notes=(*taken.notes, note))


def _count_before(work: _Pass, index: int) -> bool:
    """Whether a counted clause stands right before the connective: at least twice in 2024 and at least twice in 2025."""
    other = work.elements[index - 2] if index > 1 else None
    element = work.elements[index]
    if not isinstance(element, Frag) or element.cat != "FREQ" or not isinstance(other, X) or other.clause is None:
        return False
    return other.clause.count is not None and other.clause.when is not None


def _window_before(work: _Pass, index: int) -> bool:
    """Whether a clause with a window stands right before the connective: bought in 2024 or 2025."""
    other = work.elements[index - 2] if index > 1 else None
    element = work.elements[index]
    same = isinstance(element, Frag) and isinstance(element.sem, When) and not element.sem.anaphora
    return same and isinstance(other, X) and other.clause is not None and other.clause.when is not None


def _take_windows(work: _Pass) -> None:
    for element in list(work.elements):
        if not isinstance(element, Frag) or not isinstance(element.sem, When) or element.cat != "WHEN":
            continue
        at = work.elements.index(element)
        target = work.left_clause(at, crossing=False)
        if (joined := _joined_then(work, at, element.sem)) is not None:
            work.elements[at] = X(Leaf(joined, element.tokens))
            continue
        if target is None or target.clause is None:
            continue
        if element.sem.anaphora:
            attached = replace(target.clause, when=element.sem) if target.clause.when is None else None
        else:
            attached = clauses.windowed(target.clause, element.sem)
        if attached is not None:
            target.with_atom(attached, element.tokens)
            del work.elements[at]


def _joined_then(work: _Pass, at: int, when: When) -> Test | None:
    """A time right behind where people came from is when they came: acquired through Instagram or a referral in 2024."""
    before = work.elements[at - 1] if at else None
    test = before.test if isinstance(before, X) else None
    source = work.scene.field(None, test.field) if test is not None else None
    signed_up = work.scene.role(Role.SIGNED_UP)
    if source is None or signed_up is None or not is_source(source):
        return None
    return date_test(signed_up, when)


def _take_bounds(work: _Pass) -> None:
    """A count after other words of its clause: bought shoes on the web at least twice; a second amount: and at least $500 on shoes."""
    for element in list(work.elements):
        if not isinstance(element, Frag) or not isinstance(element.sem, Bound | AmountOn):
            continue
        at = work.elements.index(element)
        target = work.left_clause(at, crossing=False)
        if target is None or target.clause is None:
            continue
        if isinstance(element.sem, AmountOn):
            if target.clause.measure != COUNT:
                fresh = replace(_measuring(work.scene, target.clause), count=replace(element.sem.bound, notes=()))
                spent = clauses.spent_on(work.scene, fresh, element.sem.refs)
                if spent is not None:
                    work.elements[at] = X(Leaf(spent, element.tokens), elided=True)
            continue
        if element.cat == "FREQ":
            attached = clauses.counted(target.clause, element.sem)
            if attached is not None:
                target.with_atom(attached, element.tokens)
                del work.elements[at]
            continue
        before = work.elements[at - 1] if at else None
        if target.clause.measure != COUNT and isinstance(before, Op) and before.cat in ("AND", "OR", "BUT"):
            again = replace(target.clause, count=replace(element.sem, notes=()), notes=())
            work.elements[at] = X(Leaf(again, element.tokens), elided=True)


_FEWEST_YEARS = 13
"""Smaller numbers are no ages of customers, so that one left alone may count what they did."""


def _take_loose(work: _Pass) -> None:
    """An amount or a count behind a comma is said of the one behaviour before it that can have one: one order ever, over $150."""
    for element in list(work.elements):
        bound = element.sem if isinstance(element, Frag) and element.cat == "BOUND" else None
        if not isinstance(element, Frag) or not isinstance(bound, Bound) or bound.form == "bare" or bound.also:
            continue
        at = work.elements.index(element)
        before = work.elements[at - 1] if at else None
        after = work.elements[at + 1] if at + 1 < len(work.elements) else None
        if not isinstance(before, Op) or before.cat != "COMMA" or (after is not None and not isinstance(after, Op)):
            continue
        heads = [x for x in work.elements[:at] if isinstance(x, X) and _loosely(work.scene, x, bound) is not None]
        negated = any(
            isinstance(e, Op) and e.cat in ("NOT", "NEVER", "NO", "EXCEPT", "STOP") for e in work.elements[:at]
        )
        if len(heads) != 1 or negated:
            continue
        taken = _loosely(work.scene, heads[0], bound)
        assert taken is not None
        head = heads[0].clause
        if head is not None and head.count is not None:  # that one order: so many, and such a one
            work.elements[at] = X(Leaf(taken, element.tokens), elided=True)
        else:
            heads[0].with_atom(taken, element.tokens)
            del work.elements[at]


def _loosely(scene: Scene, head: X, bound: Bound) -> Clause | None:
    """A behaviour with an amount or count that stands apart from it, or None where it can't have one."""
    clause = head.clause
    if clause is None or clause.shape == "property" or clause.measure != COUNT or clause.position or clause.share:
        return None
    if bound.unit == "money":
        if clause.count is not None and clause.count.comparison != Comparison(Operator.IS, (1,)):
            return None
        taken = clauses.with_amount(scene, replace(clause, count=None, notes=()), replace(bound, notes=()))
        note = Note("loose_amount", "the amount is read as that of a single one")
        return replace(taken, notes=(*clause.notes, note) if clause.count is None else (note,)) if taken else None
    small = all(isinstance(v, int | float) and v < _FEWEST_YEARS for v in bound.comparison.values)
    if bound.unit or clause.count is not None or not small:
        return None
    taken = clauses.counted(clause, bound)
    note = Note("loose_count", "the number is read as how often")
    return replace(taken, notes=(*taken.notes, note)) if taken else None


def _then_after_joining(work: _Pass) -> None:
    """ "signed up on Instagram and then never bought": what anybody does comes after they joined."""
    for index, element in enumerate(work.elements[1:], 1):
        before = work.elements[index - 1]
        test = before.test if isinstance(before, X) else None
        field = work.scene.field(None, test.field) if test is not None else None
        if isinstance(element, Op) and element.cat == "THEN" and field is not None:
            following = next((e for e in work.elements[index:] if not isinstance(e, Op)), None)
            joined = field.role is Role.SIGNED_UP or is_source(field)
            if joined and isinstance(following, X) and following.clause is not None:
                element.cat = "AND"


def _measuring(scene: Scene, clause: Clause) -> Clause:
    """A measured clause without its objects, back at the event that people spend on."""
    coarse = next((e for e in scene.catalog.events if e.value_of == clause.event and e.amount), None)
    if coarse is None:
        return replace(clause, filters=(), notes=())
    return replace(
        clause, events=(coarse.key,), measure=replace(clause.measure, property=coarse.amount), filters=(), notes=()
    )


def _share_windows(row: Row) -> None:
    """An elided clause is in its verb's window: bought in March shoes or hats."""
    before: X | None = None
    for element in row.elements:
        if not isinstance(element, X) or element.clause is None:
            continue
        clause = element.clause
        if (
            element.elided
            and clause.when is None
            and before is not None
            and before.clause is not None
            and before.clause.when is not None
        ):
            _share_window(row, element, clause, before.clause.when)
        before = element


def _share_window(row: Row, element: X, clause: Clause, when: When) -> None:
    """ "bought shoes last year but not socks": not then, or not ever; "never socks" is not ever."""
    index = row.elements.index(element)
    before = row.elements[index - 1] if index else None
    negation = before.cat if isinstance(before, Op) and before.cat in ("NOT", "NO", "NEVER") else ""
    if negation == "NEVER":
        changes: tuple[tuple[str, object], ...] = (("when", when),)
        note = Note("never_is_ever", "“never” is read as not at any time", "Not in that time", changes)
        element.with_atom(replace(clause, notes=(*clause.notes, note)))
        return
    notes = clause.notes
    if negation:
        notes = (*notes, Note("window_shared", "not in the same time", "Not at any time", (("when", None),)))
    element.with_atom(replace(clause, when=when, notes=notes))


def _nth_itself(row: Row) -> None:
    """ "first order through the app", with no time said: the very first order went through the app."""
    for element in row.elements:
        clause = element.clause if isinstance(element, X) else None
        if clause is None or clause.position is None or not clause.filters or clause.when or clause.nth_filters:
            continue
        if isinstance(element, X) and not any(row.words[t] == "exists" for t in element.tokens):
            element.with_atom(replace(clause, filters=(), nth_filters=clause.filters))


def _verb_before_either(row: Row) -> None:
    """ "bought neither shoes nor socks": the verb stands before (n)either and belongs to what follows."""
    for index in range(len(row.elements) - 2):
        verb, op, member = row.elements[index : index + 3]
        if (
            (
                isinstance(verb, X)
                and isinstance(op, Op)
                and op.cat in ("NEITHER", "EITHER")
                and isinstance(member, X)
                and member.elided
            )
            and verb.clause is not None
            and not verb.clause.filters
            and member.clause is not None
        ):
            member.with_atom(member.clause, verb.tokens)
            del row.elements[index]
            return


def _is_bare_noun(element: X) -> bool:
    clause = element.clause
    if clause is None or clause.shape != "noun" or element.elided:
        return False
    return (
        clause.count is None
        and clause.position is None
        and clause.when is None
        and not clause.filters
        and clause.measure == COUNT
    )


def _reject_strange_objects(row: Row) -> None:
    """Another behaviour right behind a verb is its object, not a second condition: returned an order."""
    for index in range(len(row.elements) - 1, 0, -1):
        before, element = row.elements[index - 1], row.elements[index]
        if (
            isinstance(before, X)
            and isinstance(element, X)
            and before.clause is not None
            and before.clause.shape == "verb"
            and isinstance(element.draft, All)
            and [row.words[t] for t in element.tokens] == ["all"]
        ):
            row.unread += element.tokens  # "bought all shoes" is more than shoes
            del row.elements[index]
            continue
        if (
            isinstance(before, X)
            and isinstance(element, X)
            and not isinstance(before.draft, All)
            and _is_bare_noun(element)
        ):
            row.unread += element.tokens  # "top 10% by value of orders": no condition of its own
            del row.elements[index]
            continue
        if (
            (
                isinstance(before, X)
                and isinstance(element, X)
                and before.clause is not None
                and element.clause is not None
            )
            and before.clause.shape == "verb"
            and element.clause.shape != "actor"
            and not element.elided
        ):
            row.unread += element.tokens
            del row.elements[index]


def _share_objects(scene: Scene, row: Row) -> None:
    """ "bought shoes ... returned them": the objects of the clause before, where the event has the like."""
    before: Clause | None = None
    for element in row.elements:
        if not isinstance(element, X) or element.clause is None:
            continue
        clause = element.clause
        any_of_those = _any_of_those(row, element)
        if (clause.pronoun or any_of_those is not None) and before is not None and not clause.filters:
            alike = clause.pronoun and scene.event(clause.event).objects == scene.event(before.event).objects
            own = {p.key for p in scene.event(clause.event).properties} if alike else set()
            shared = tuple(f for f in before.filters if _is_object(scene, clause, f.property) or f.property in own)
            if shared:
                note = Note("same_object", "“it” or “them” means what was said before", "Anything", (("filters", ()),))
                element.with_atom(
                    replace(clause, filters=shared, notes=(*clause.notes, note)), _claimed(row, any_of_those)
                )
            elif before.filters or before.when is not None:
                note = Note("it_is_any", "“it” is not tied to what was said before")
                element.with_atom(replace(clause, notes=(*clause.notes, note)))
        before = clause


def _claimed(row: Row, token: int | None) -> Tokens:
    """A word that turned out to say something is no filler."""
    if token not in row.fillers:
        return ()
    row.fillers.remove(token)
    return (token,)


def _any_of_those(row: Row, element: X) -> int | None:
    """Where a word stands for what was said before: "bought boots and never returned any"."""
    if element.clause is None or element.clause.shape != "verb":
        return None
    for token in range(min(element.tokens), min(max(element.tokens) + 2, len(row.words))):
        after = row.words[token + 1] if token + 1 < len(row.words) else ""
        if row.words[token] in _STANDING_FOR and (not after.isalpha() or after in _AFTER_PRONOUN):
            return token
    return None


_STANDING_FOR = frozenset({"any", "some", "those", "one", "ones", "these"})
_AFTER_PRONOUN = frozenset(
    [
        "and",
        "or",
        "but",
        "in",
        "since",
        "last",
        "this",
        "during",
        "on",
        "within",
        "before",
        "after",
        "ever",
        "at",
        "yet",
        "who",
    ]
)


# --- since, since then, afterwards ------------------------------------------------------------------


def _resolve_anaphora(work: _Pass) -> None:
    for element in list(work.elements):
        if (
            not isinstance(element, X)
            or element.clause is None
            or element.clause.when is None
            or not element.clause.when.anaphora
        ):
            continue
        index = work.elements.index(element)
        previous = next(
            (
                e
                for e in reversed(work.elements[:index])
                if isinstance(e, X) and (e.clause is not None or (e.test and e.test.window))
            ),
            None,
        )
        window = _end_of(previous) if previous is not None else None
        if element.clause.when.same:
            _at_the_same_time(work, element, index)
        elif previous is not None and window is not None:
            note = Note("since_then", "“since” counts from the end of what was said before")
            element.with_atom(replace(element.clause, when=When(window), notes=(*element.clause.notes, note)))
        elif previous is not None and previous.clause is not None:
            _follow(work, previous, element)
        else:
            work.row.unread += element.tokens
            work.elements.remove(element)


def _at_the_same_time(work: _Pass, element: X, index: int) -> None:
    """ "opened none in that time": in the window of the clause before, whatever it is."""
    windows = (e.clause.when for e in reversed(work.elements[:index]) if isinstance(e, X) and e.clause is not None)
    said = next((when for when in windows if when is not None and not when.anaphora), None)
    if said is None or element.clause is None:
        work.row.unread += element.tokens
        work.elements.remove(element)
    else:
        element.with_atom(replace(element.clause, when=said))


def _end_of(previous: X) -> Window | None:
    """From the end of the window said before, if it has one that is not now."""
    window = (
        previous.test.window
        if previous.test
        else previous.clause.when.window
        if previous.clause and previous.clause.when
        else None
    )
    if window is None:
        return None
    match window.end:
        case StartOf() | EndOf():
            return Window(window.end, None)
        case None if previous.test:
            return Window(window.start, None)
        case Now() if previous.test:
            return Window(window.start, None)
        case _:
            return None


def _follow(work: _Pass, previous: X, element: X) -> None:
    """ "added to cart and haven't bought since": one condition about the two together."""
    first, then = previous.clause, element.clause
    assert first is not None
    assert then is not None
    one, two = clauses.rows(first), clauses.rows(replace(then, when=None, count=None))
    if one is None and first.when is not None and first.when.window is not None and first.when.window.end is None:
        note = Note("since_then", "“since” counts from the beginning of the time said before")
        element.with_atom(replace(then, when=When(first.when.window), notes=(*then.notes, note)))
        return
    start, end = work.elements.index(previous), work.elements.index(element)
    between = work.elements[start + 1 : end]
    if one is None or two is None or any(isinstance(e, X) for e in between):
        work.row.unread += element.tokens
        work.elements.remove(element)
        return
    ops = [e for e in between if isinstance(e, Op)]
    nothing = then.count is not None and then.count.comparison.values == (0,)
    never = nothing or any(op.cat in ("NOT", "NEVER", "NO") for op in ops)
    tokens = (*previous.tokens, *element.tokens, *(t for op in ops for t in op.tokens))
    ready = Ready(Sequence_(one, two, None, never))
    work.elements[start : end + 1] = [X(Leaf(ready, tuple(sorted(tokens))))]


# --- a verb of several channels ----------------------------------------------------------------------


def _ask_which_channel(scene: Scene, row: Row) -> None:
    """ "texted and clicked": a bare verb that behaviours of several channels have is asked about, where another one was named."""
    said: list[Event] = []
    for element in row.elements:
        if not isinstance(element, X) or element.clause is None:
            continue
        clause, event = element.clause, scene.event(element.clause.event)
        plain = clause.shape == "verb" and not clause.filters and not clause.elided
        if plain and said and not _same_channel(event, said[-1]) and (words := [row.words[t] for t in element.tokens]):
            others = [
                e
                for e in scene.catalog.events
                if e is not event and _same_channel(e, said[-1]) and _shares_verb(e, event, words)
            ]
            if len(others) == 1:
                named = Leaf(replace(clause, events=(others[0].key,)), element.tokens)
                text = "Which of them do you mean?"
                element.draft = Fork(
                    (("", named), ("", element.draft)), "which_channel", text, element.tokens, ask=True
                )
        said.append(event)


def _same_channel(one: Event, two: Event) -> bool:
    """Whether two events are told from others by the same value: messages and their clicks by the channel."""
    return bool({w for w in one.where if not w.negated} & {w for w in two.where if not w.negated})


def _shares_verb(one: Event, two: Event, words: Sequence[str]) -> bool:
    """Whether both events can be said by the verb used, one of them with an object that was left out."""
    heads = [{f.split()[0] for v in e.verbs for f in verb_forms(v.lemma.split()[0])} for e in (one, two)]
    nouns = {word for e in (one, two) for v in e.verbs for word in f"{v.lemma} {v.particle}".split()[1:]} - _ARTICLES
    return any(word in heads[0] and word in heads[1] for word in words) and not nouns & set(words)


_ARTICLES = frozenset({"a", "an", "the", "our", "on", "in", "from", "to"})
