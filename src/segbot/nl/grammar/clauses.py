"""What may be attached to a behaviour: objects, amounts, counts, windows. Each function refuses with None what does not fit."""

from __future__ import annotations

from dataclasses import replace

from segbot.model.catalog import Event, Field
from segbot.model.condition import COUNT, ONCE, Comparison, Filter, Measure, Rows
from segbot.model.operators import Kind, Operator
from segbot.nl.grammar.context import DATES, NUMERIC, PLACES, Scene, lies_ahead
from segbot.nl.meaning import Attr, Bound, Clause, Doing, Note, Ref, Refs, When


def event_values(scene: Scene, event: Event, refs: Refs) -> Filter | None:
    """The filter that a value word is for an event: of its objects in their order of preference, else of any property."""
    found: dict[str, list[Ref]] = {}
    for ref in refs.refs:
        if ref.owner == event.key:
            found.setdefault(ref.field, []).append(ref)
    if not found:
        return None
    order = [*event.objects, *(p.key for p in event.properties)]
    key = min(found, key=lambda k: order.index(k) if k in order else len(order))
    field = event.property(key)
    operator = Operator.HAS_ANY if field and field.kind is Kind.LIST else Operator.IS
    return Filter(key, operator, tuple(ref.value for ref in found[key]))


def with_value(
    scene: Scene, clause: Clause, refs: Refs, *, attr: Attr | None = None, negated: bool = False
) -> Clause | None:
    """A clause about rows with a value: bought + shoes. Events that have no such value are no longer meant."""
    kept: list[str] = []
    picked: Filter | None = None
    for key in clause.events:
        event = scene.event(key)
        wanted = refs
        if attr is not None:
            keys = {f.key for f in scene.properties(attr, key)}
            wanted = Refs(tuple(r for r in refs.refs if r.owner == key and r.field in keys))
        else:  # "bought boots in Canada": people there, unless the row's own place is named: shipped to Canada
            wanted = replace(refs, refs=tuple(r for r in refs.refs if not _is_home(scene, event, r)))
        found = event_values(scene, event, wanted)
        if found is None:
            continue
        kept.append(key)
        picked = picked or found
    if picked is None or any(f.property == picked.property for f in clause.filters):
        return None
    return replace(clause, events=tuple(kept), filters=(*clause.filters, replace(picked, negated=negated)))


def _is_home(scene: Scene, event: Event, ref: Ref) -> bool:
    field = event.property(ref.field) if ref.owner == event.key else None
    return field is not None and field.role in PLACES and scene.role(field.role) is not None


def with_number(scene: Scene, clause: Clause, attr: Attr, bound: Bound) -> Clause | None:
    """A clause about rows whose property compares: orders + discount over 10."""
    for key in clause.events:
        for field in scene.properties(attr, key):
            if field.kind in NUMERIC and not (bound.unit == "money" and field.kind is not Kind.MONEY):
                return filtered(clause, key, Filter(field.key, bound.comparison.operator, bound.comparison.values))
    return None


def with_presence(scene: Scene, clause: Clause, attr: Attr, *, negated: bool = False) -> Clause | None:
    """A clause about rows that have something: orders + with a coupon; a discount is had when it is over 0."""
    for key in clause.events:
        for field in scene.properties(attr, key):
            if field.kind in DATES:
                return None
            match field.kind:
                case Kind.FLAG:
                    new = Filter(field.key, Operator.IS, (True,), negated=negated)
                case Kind.NUMBER | Kind.MONEY:
                    new = Filter(field.key, Operator.GT, (0,), negated=negated)
                case _:
                    new = Filter(field.key, Operator.IS_SET, negated=negated)
            return filtered(clause, key, new)
    return None


def with_flag(scene: Scene, clause: Clause, field_key: str, owner: str | None, value: bool) -> Clause | None:
    """A clause about rows with a flag: ordered + as a gift."""
    if owner not in clause.events or owner is None:
        return None
    if Filter(field_key, Operator.IS, (value,)) in clause.filters:
        return clause  # a gift for someone else
    return filtered(clause, owner, Filter(field_key, Operator.IS, (value,)))


def with_property_date(scene: Scene, clause: Clause, attr: Attr, when: When) -> Clause | None:
    """A clause about rows whose date property falls in a window: tickets + closed last week."""
    for key in clause.events:
        for field in scene.properties(attr, key):
            if field.kind in DATES and when.window is not None:
                window = when.future if when.future is not None and lies_ahead(field) else when.window
                return filtered(clause, key, Filter(field.key, Operator.WITHIN, (), window))
    return None


def filtered(clause: Clause, key: str, new: Filter) -> Clause | None:
    """A clause about rows that pass one more filter; of an nth row it is asked of that row only."""
    if any(f.property == new.property for f in clause.filters):
        return None
    if clause.position is not None:
        return replace(clause, events=(key,), nth_filters=(*clause.nth_filters, new))
    return replace(clause, events=(key,), filters=(*clause.filters, new))


def with_amount(scene: Scene, clause: Clause, bound: Bound) -> Clause | None:
    """A clause about rows of a certain amount: an order + over $200 (a single order's amount, policy P10)."""
    for key in clause.events:
        event = scene.event(key)
        field = event.property(event.amount) if event.amount else _only_money(event)
        if (
            field is not None
            and field.kind in NUMERIC
            and (bound.unit == "money" or field.kind is not Kind.MONEY or bound.form == "said")
        ):
            return filtered(clause, key, Filter(field.key, bound.comparison.operator, bound.comparison.values))
    return None


def _only_money(event: Event) -> Field | None:
    """The one property of an event that is money: a quote over £400."""
    found = [p for p in event.properties if p.kind is Kind.MONEY]
    return found[0] if len(found) == 1 else None


def counted(clause: Clause, count: Bound, what: str = "") -> Clause | None:
    """A clause that counts rows: bought + twice. A bare number means at least that many (policy P1)."""
    once = clause.count is not None and clause.count.comparison == ONCE and clause.count.also is None
    if (
        (clause.count is not None and not once)
        or clause.measure != COUNT
        or clause.position is not None
        or clause.share is not None
        or count.unit
    ):
        return None
    values = count.comparison.values
    if any(isinstance(v, str | bool) or v < 0 or v != int(v) for v in values):
        return None
    notes = tuple(
        replace(
            n, changes=tuple(("count", Bound(v, "", "exact")) if k == "comparison" else (k, v) for k, v in n.changes)
        )
        for n in count.notes
    )
    if count.form == "bare":
        number = values[0]
        exact = Bound(count.comparison, "", "exact")
        if number == 0:
            return replace(clause, count=exact)
        if number == 1:
            more = Bound(ONCE, "", "exact")
            one = Note(
                "once_exactly",
                f"“one {what.removesuffix('s')}” means exactly 1".replace(" ”", "”"),
                "1 or more",
                (("count", more),),
            )
            return replace(clause, count=exact, notes=(*clause.notes, one))
        said = f"{number} {what}".strip()
        notes = (Note("count_at_least", f"“{said}” means {number} or more", f"Exactly {number}", (("count", exact),)),)
        count = Bound(Comparison(Operator.GE, (number,)))
    return replace(clause, count=replace(count, notes=()), notes=(*clause.notes, *notes))


def has_clock(scene: Scene, clause: Clause, when: When) -> bool:
    """Whether an event's rows carry the time of day that a window asks for."""
    source = scene.event(clause.event).time
    hours = when.window is not None and when.window.clock is not None and when.window.clock.start is not None
    return source is not None and not (hours and source.sql_type == "date")


def windowed(clause: Clause, when: When) -> Clause | None:
    """A clause in a window."""
    if clause.when is not None:
        return None
    notes = tuple(
        replace(
            n, changes=tuple(("when", When(value)) if key == "window" else (key, value) for key, value in n.changes)
        )
        for n in when.notes
    )
    if any(note.code == "first_time" for note in clause.notes):  # first-time buyers last month: the first one was then
        rest = tuple(note for note in clause.notes if note.code != "first_time")
        clause = replace(clause, count=None, position=1, notes=rest)
    return replace(clause, when=replace(when, notes=()), notes=(*clause.notes, *notes))


def same_events(clause: Clause, doing: Doing) -> Clause | None:
    """A clause whose verb meets its object noun: open + email. Only events that have both are meant."""
    kept = tuple(key for key in clause.events if key in doing.events)
    return replace(clause, events=kept) if kept else None


def measured(scene: Scene, clause: Clause, function: str, property_: str, bound: Bound) -> Clause | None:
    """A clause that measures a property: spent more than $500; average order over $80."""
    event = scene.event(clause.event)
    field = event.property(property_)
    if field is None or clause.measure != COUNT or clause.count is not None or clause.position is not None:
        return None
    if bound.unit == "percent" or (bound.unit == "money" and field.kind is not Kind.MONEY):
        return None
    comparison = bound.comparison
    notes = clause.notes
    if bound.form == "bare":
        comparison = Comparison(Operator.GE, comparison.values)
        notes = (
            *notes,
            Note(
                "amount_at_least", f"“{comparison.values[0]}” means that much or more", "Exactly", (("count", bound),)
            ),
        )
    measure = Measure(function, property_)  # type: ignore[arg-type]
    return replace(
        clause,
        events=(clause.event,),
        measure=measure,
        count=replace(bound, comparison=comparison, notes=()),
        notes=notes,
    )


def finer(scene: Scene, clause: Clause) -> Clause:
    """The clause at the grain its objects are measured at: spending on shoes sums item lines, not whole orders."""
    event = scene.event(clause.event)
    if not event.value_of or not clause.filters:
        return clause
    other = scene.catalog.event(event.value_of)
    if other is None or not all(other.property(f.property) for f in clause.filters):
        return clause
    return replace(clause, events=(other.key,))


def spent_on(scene: Scene, clause: Clause, refs: Refs) -> Clause | None:
    """A measured clause about some objects only, at their own grain: spent $500 + on shoes."""
    filtered = with_value(scene, clause, refs)
    fine = finer(scene, filtered) if filtered else None
    if filtered is None or fine is None or fine.event == filtered.event:
        return filtered
    amount = scene.event(fine.event).amount
    return replace(fine, measure=Measure(filtered.measure.function, amount)) if amount else filtered


def rows(clause: Clause) -> Rows | None:
    """The rows of a clause that says nothing else about them: no count, measure or position."""
    once = clause.count is not None and clause.count.comparison == ONCE and clause.count.also is None
    if clause.count is not None and not once:
        return None
    if clause.measure != COUNT or clause.position is not None or clause.share is not None:
        return None
    return Rows(clause.event, clause.filters, clause.when.window if clause.when else None)


def amount_of(scene: Scene, clause: Clause) -> Field | None:
    """The amount property of the clause's event."""
    event = scene.event(clause.event)
    return event.property(event.amount) if event.amount else None
