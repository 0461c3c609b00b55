"""How a time, a number or a value said in an edit changes a tree: make it 60 days; three times; over $200; jackets instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from segbot.model.condition import Comparison, Condition, Did, Filter, Not, Nth
from segbot.model.operators import Operator
from segbot.model.windows import Ago, Ahead, Duration, Now, Unit, Window, last, longest
from segbot.nl.edit_change import Assumed, Change, EditKind, choose
from segbot.nl.edit_narrow import add
from segbot.nl.edit_tree import Site, Slot, SlotUnit, rebuilt, sites, slots
from segbot.nl.edit_words import Fragment
from segbot.nl.grammar.clauses import event_values
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Bound, Refs, When

_WHICH = "Which one do you mean?"


@dataclass(frozen=True, slots=True)
class Values:
    """The rules for values within conditions, for one catalog."""

    scene: Scene

    def slots(self, tree: Condition, what: Sequence[str], among: Sequence[Site] | None = None) -> list[Slot]:
        """The values of some types, in some conditions or in all."""
        wanted = None if among is None else {s.path for s in among}
        return [
            s for s in slots(tree, self.scene.catalog) if s.what in what and (wanted is None or s.site.path in wanted)
        ]

    # --- times ---------------------------------------------------------------------------------------

    def time(
        self,
        tree: Condition,
        when: When,
        length: Duration | None,
        among: Sequence[Site] | None = None,
        old: Fragment | Duration | None = None,
    ) -> Change | None:
        """Another window or length of time, where there is one; else a window for what has none."""
        if when.window is None:
            return None
        found = self.slots(tree, ("window", "length") if length else ("window",), among)
        if old is not None:
            found = [s for s in found if _is(s, old)]
            if not found:
                return None
        pairs: list[tuple[Slot, Any]] = []
        for slot in found:
            if slot.what == "length":
                pairs.append((slot, length))
            else:
                assert isinstance(slot.now, Window)
                ahead = isinstance(slot.now.start, Now)
                whole = when.future if ahead and when.future is not None else when.window
                pairs.append((slot, _resized(slot.now, length) if length else whole))
        if pairs:
            return _filled(tree, pairs)
        return self._first_window(tree, when.window, among)

    def _first_window(self, tree: Condition, window: Window, among: Sequence[Site] | None) -> Change | None:
        trees = []
        for site in sites(tree) if among is None else among:
            node = site.node
            if not _timed(self.scene, site):
                continue
            if isinstance(node, Nth):
                trees.append(rebuilt(tree, {site.path: replace(node, window=window)}))
            elif isinstance(node, Did):
                trees.append(rebuilt(tree, {site.path: replace(node, rows=replace(node.rows, window=window))}))
        return choose("replace", _WHICH, trees) if trees else None

    def timeless(self, tree: Condition, among: Sequence[Site] | None = None) -> Change | None:
        """Any time: the windows of behaviours go."""
        changes: dict[tuple[int, ...], Condition | None] = {}
        for slot in self.slots(tree, ("window",), among):
            node = slot.site.node
            if isinstance(node, Did):
                changes[slot.site.path] = replace(node, rows=replace(node.rows, window=None))
            elif isinstance(node, Nth):
                changes[slot.site.path] = replace(node, window=None)
            elif slot.site.subject[0] == "attribute":
                changes[slot.site.unit] = None
        return Change("drop", rebuilt(tree, changes)) if changes else None

    # --- numbers -------------------------------------------------------------------------------------

    def number(
        self,
        tree: Condition,
        bound: Bound,
        among: Sequence[Site] | None = None,
        old: Bound | None = None,
        *,
        times: bool = False,
        sure: bool = False,
    ) -> Change | None:
        """Another number, where one of its unit stands: 40 for an age, $100 for an amount, twice for a count."""
        found = self.slots(tree, ("number",), among)
        if old is not None:
            found = [s for s in found if _has_number(s, old)]
        found = [s for s in found if _fits(s.unit, bound, times)]
        if sure:
            found = [s for s in found if not _trivial(s) and _likelihood(s, bound) == 2]
        elif old is None and among is None:
            found = _likely([s for s in found if bound.unit or times or _likelihood(s, bound)], bound)
        pairs: list[tuple[Slot, Any]] = []
        for slot in found:
            assert isinstance(slot.now, Comparison)
            pairs += [(slot, c) for c in _bounded(slot, bound, old)]
        return _filled(tree, pairs, alone=True) if pairs else None

    # --- relative ------------------------------------------------------------------------------------

    def scaled(
        self, tree: Condition, factor: float, plus: Fragment | None, among: Sequence[Site] | None, what: str
    ) -> Change | None:
        """Double the window; half; 30 days more; 10 higher."""
        pairs: list[tuple[Slot, Any]] = []
        kinds = {"window": ("window", "length"), "number": ("number",)}.get(what, ("number", "window", "length"))
        found = self.slots(tree, kinds, among)
        if plus is not None:
            found = [s for s in found if (s.what == "number") == (plus.length is None)]
        elif len(found) > 1:
            found = [s for s in found if s.unit != "age"] or found
        for slot in found:
            if _trivial(slot):
                continue
            new = _moved(slot, factor, plus)
            if new is not None:
                pairs.append((slot, new))
        return _filled(tree, pairs, alone=True) if pairs else None

    # --- values of what people do ----------------------------------------------------------------------

    def value(
        self, tree: Condition, refs: Refs, how: Literal["only", "instead", "or", "drop", "not"], old: Refs | None = None
    ) -> Change | None:
        """Shoes only; jackets instead; or jackets; drop the shoes: filters of the behaviours that have such a value."""
        kind: EditKind = {"only": "narrow", "instead": "replace", "or": "widen", "drop": "drop", "not": "narrow"}[how]  # type: ignore[assignment]
        trees: list[Condition] = []
        for site in sites(tree):
            node = site.node
            event = self.scene.catalog.event(site.subject[1]) if site.subject[0] == "event" else None
            new = event_values(self.scene, event, refs) if event is not None else None
            if new is None or event is None or not isinstance(node, Did):
                continue
            mine = next((f for f in node.rows.filters if f.property == new.property and not f.negated), None)
            gone = event_values(self.scene, event, old) if old is not None else None
            if gone is not None and (mine is None or not set(gone.values) & set(mine.values)):
                continue
            if how == "drop":
                if mine is not None and set(mine.values) & set(new.values):
                    kept = tuple(v for v in mine.values if v not in new.values)
                    if kept:
                        trees.append(rebuilt(tree, {site.path: _filtered(node, replace(mine, values=kept))}))
                    else:
                        rest = tuple(f for f in node.rows.filters if f != mine)
                        trees.append(rebuilt(tree, {site.unit: None}))
                        trees.append(rebuilt(tree, {site.path: replace(node, rows=replace(node.rows, filters=rest))}))
            elif how == "not":
                trees.append(add(tree, Not(Did(replace(_filtered(node, new).rows, window=None)))))
            elif how == "or":
                if mine is not None:
                    both = (*mine.values, *(v for v in new.values if v not in mine.values))
                    trees.append(rebuilt(tree, {site.path: _filtered(node, replace(mine, values=both))}))
            elif mine is None and how == "instead" and old is None:
                continue
            else:
                values = new.values
                if gone is not None and mine is not None:
                    values = (*(v for v in mine.values if v not in gone.values), *values)
                trees.append(rebuilt(tree, {site.path: _filtered(node, replace(new, values=values))}))
        if not trees and how == "instead" and old is None:
            return self.value(tree, refs, "only")
        return choose(kind, _WHICH, trees) if trees else None


def _filtered(node: Did, new: Filter) -> Did:
    rest = [f for f in node.rows.filters if f.property != new.property]
    at = next((i for i, f in enumerate(node.rows.filters) if f.property == new.property), len(rest))
    rest.insert(at, new)
    return replace(node, rows=replace(node.rows, filters=tuple(rest)))


def _filled(tree: Condition, pairs: Sequence[tuple[Slot, Any]], *, alone: bool = False) -> Change:
    """A tree with new values. Equal old values change together, different ones are asked about, each alone and all."""

    def one(slot: Slot, value: Any) -> Condition:
        return rebuilt(tree, {slot.site.path: slot.put(value)})

    singles = [one(slot, value) for slot, value in pairs]
    if len(pairs) == 1:
        return Change("replace", singles[0])
    paths = [slot.site.path for slot, _ in pairs]
    if len(set(paths)) < len(paths) or alone:
        return choose("replace", _WHICH, singles)
    whole = rebuilt(tree, {slot.site.path: slot.put(value) for slot, value in pairs})
    if len({repr(slot.now) for slot, _ in pairs}) == 1:
        return Change("replace", whole, (Assumed("all_windows", "the new time holds for all of them", tuple(singles)),))
    return choose("replace", _WHICH, [*singles[:3], whole])


def _timed(scene: Scene, site: Site) -> bool:
    event = scene.catalog.event(site.subject[1])
    return event is not None and event.time is not None


def _is(slot: Slot, old: Fragment | Duration) -> bool:
    """Whether a window or length is the one that was said."""
    if isinstance(old, Duration):
        now = slot.now
        return old == (now if isinstance(now, Duration) else _length(now) if isinstance(now, Window) else None)
    if old.length is not None:
        now = slot.now
        length = now if isinstance(now, Duration) else _length(now) if isinstance(now, Window) else None
        return length == old.length
    return old.when is not None and slot.now == old.when.window


def _length(window: Window) -> Duration | None:
    """The length of a window that is counted from now."""
    match window:
        case Window(start=Ago(amount=amount, unit=unit), end=Now() | None):
            return Duration(amount, unit)
        case Window(start=None, end=Ago(amount=amount, unit=unit)):
            return Duration(amount, unit)
        case Window(start=Now(), end=Ahead(amount=amount, unit=unit)):
            return Duration(amount, unit)
        case _:
            return None


def _resized(window: Window, length: Duration) -> Window:
    """A window of the same form with another length."""
    match window:
        case Window(start=Ago(), end=end) if end is None or isinstance(end, Now):
            return Window(Ago(length.amount, length.unit), end)
        case Window(start=None, end=Ago()):
            return Window(None, Ago(length.amount, length.unit))
        case Window(start=Now(), end=Ahead()):
            return Window(Now(), Ahead(length.amount, length.unit))
        case _:
            return last(length.amount, length.unit)


def _fits(unit: SlotUnit, bound: Bound, times: bool) -> bool:
    if times:
        return unit == "count"
    if bound.unit == "money":
        return unit == "money"
    if bound.unit == "percent":
        return unit in ("percent",)
    values = bound.comparison.values
    if unit in ("count", "people") and any(v != int(v) or v < 0 for v in values):
        return False
    if unit == "people" and bound.comparison.operator is not Operator.IS:
        return False
    return unit != "percent" or bound.comparison.operator is Operator.IS


def _likely(found: list[Slot], bound: Bound) -> list[Slot]:
    """Of several numbers those that a bare one can well stand for: 40 is an age, 3 a count."""
    best = max((_likelihood(slot, bound) for slot in found), default=0)
    return [slot for slot in found if _likelihood(slot, bound) == best]


def _likelihood(slot: Slot, bound: Bound) -> int:
    """How well a number suits a value: 0 hardly, 1 perhaps, 2 well."""
    value = bound.comparison.values[0]
    assert not isinstance(value, str)
    match slot.unit:
        case "age":
            return 2 if 13 <= value <= 110 else 0
        case "count":
            return 0 if _trivial(slot) else 2 if value <= 12 else 1 if value < 100 else 0
        case "money":
            return 2 if value > 110 else 1
        case _:
            return 1


def _trivial(slot: Slot) -> bool:
    """The unsaid "at least once" of a behaviour."""
    return slot.unit == "count" and slot.now == Comparison(Operator.GE, (1,))


def _has_number(slot: Slot, old: Bound) -> bool:
    assert isinstance(slot.now, Comparison)
    return old.comparison.values[0] in slot.now.values


def _bounded(slot: Slot, bound: Bound, old: Bound | None) -> list[Comparison]:
    """The comparisons that a new number may make of the old one: a bare number keeps how it compares."""
    now = slot.now
    assert isinstance(now, Comparison)
    bare = bound.form == "bare" or any(n.code == "times_at_least" for n in bound.notes)
    if not bare:
        return [bound.comparison]
    value = bound.comparison.values[0]
    if now.operator is not Operator.BETWEEN:
        if now == Comparison(Operator.GE, (1,)) and slot.unit == "count":
            return [Comparison(Operator.GE, (value,))]
        return [Comparison(now.operator, (value,))]
    low, high = now.values
    assert not isinstance(low, str)
    assert not isinstance(high, str)
    assert not isinstance(value, str)
    made = []
    if value <= high and (old is None or old.comparison.values[0] == low):
        made.append(Comparison(Operator.BETWEEN, (value, high)))
    if value >= low and (old is None or old.comparison.values[0] == high):
        made.append(Comparison(Operator.BETWEEN, (low, value)))
    return made


def _moved(slot: Slot, factor: float, plus: Fragment | None) -> Any:
    now = slot.now
    if isinstance(now, Comparison):
        step = plus.number if plus is not None else None
        if plus is not None and (step is None or plus.length is not None):
            return None
        if step is not None and step.unit == "percent" and slot.unit != "percent":
            change = 1 + factor * float(step.comparison.values[0]) / 100
            values = [float(v) * change for v in now.values]
        elif step is not None:
            values = [float(v) + factor * float(step.comparison.values[0]) for v in now.values]
        else:
            values = [float(v) * factor for v in now.values]
        if any(v < 0 for v in values):
            return None
        if slot.unit in ("count", "people", "age"):
            values = [float(round(v)) for v in values]
        try:
            return Comparison(now.operator, tuple(round(v, 6) for v in values))
        except ValueError:
            return None
    length = now if isinstance(now, Duration) else _length(now)
    if length is None:
        return None
    new = _longer(length, factor, plus.length if plus is not None else None) if plus is None or plus.length else None
    if new is None:
        return None
    return new if isinstance(now, Duration) else _resized(now, new)


_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


def _longer(length: Duration, factor: float, plus: Duration | None) -> Duration | None:
    """A length times a factor, or with another one added (or taken off, when the factor is negative)."""
    if plus is None:
        amount = length.amount * factor
        if amount == int(amount):
            return _duration(int(amount), length.unit)
        for table, small in ((_DAYS, Unit.DAY), (_MONTHS, Unit.MONTH)):
            if length.unit in table:
                return _duration(round(amount * table[length.unit]), small)
        return _duration(round(amount), length.unit)
    if plus.unit is length.unit:
        total = length.amount + int(factor) * plus.amount
        return _duration(total, length.unit)
    for table, small in ((_DAYS, Unit.DAY), (_MONTHS, Unit.MONTH)):
        if length.unit in table and plus.unit in table:
            total = length.amount * table[length.unit] + int(factor) * plus.amount * table[plus.unit]
            return _duration(total, small)
    return None


def _duration(amount: int, unit: Unit) -> Duration | None:
    """A length of time, if it is one: neither nothing nor longer than any may be."""
    return Duration(amount, unit) if 0 < amount <= longest(unit) else None
