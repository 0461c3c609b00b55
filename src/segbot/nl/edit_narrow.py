"""How a condition said in an edit narrows a tree: only those who meet it, seen with what is there about the same thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from segbot.model.condition import (
    COUNT,
    ONCE,
    AllOf,
    Capped,
    Condition,
    Did,
    Everyone,
    Has,
    Not,
    Ranked,
    Sampled,
    Value,
    all_of,
    any_of,
    canonical,
)
from segbot.model.operators import Kind, Operator
from segbot.nl.edit_change import Assumed, Change, choose, then
from segbot.nl.edit_tree import Path, Site, node_at, rebuilt, sites, subject
from segbot.nl.grammar.context import Scene

_WHICH = "Which one do you mean?"
BOUNDED = frozenset({Operator.GT, Operator.GE, Operator.LT, Operator.LE, Operator.BETWEEN})
_UPWARD = frozenset({Operator.GT, Operator.GE})
_DOWNWARD = frozenset({Operator.LT, Operator.LE})


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that all must hold, one by one."""
    return condition.parts if isinstance(condition, AllOf) else (condition,)


def strip(part: Condition) -> tuple[Condition, bool]:
    return (part.part, True) if isinstance(part, Not) else (part, False)


def add(tree: Condition, part: Condition) -> Condition:
    """The people of a tree who also meet a condition; within a cap the cap stays outside."""
    if isinstance(tree, Capped):
        return replace(tree, part=add(tree.part, part))
    wanted = canonical(part)
    if any(canonical(p) == wanted for p in parts_of(tree)):
        return tree
    return all_of((tree, part))


def also_people(tree: Condition, part: Condition) -> Condition:
    """The people of a tree together with others."""
    if isinstance(tree, Capped):
        return replace(tree, part=also_people(tree.part, part))
    return tree if isinstance(tree, Everyone) else any_of((tree, part))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The rules for narrowing, for one catalog."""

    scene: Scene

    # --- narrow --------------------------------------------------------------------------------------

    def narrow(self, tree: Condition, condition: Condition, *, plainly: bool = False) -> Change:
        """Only those who also meet a condition. `plainly` says that a "never" was said and needs no question."""
        return self._each(tree, condition, lambda t, part: self._narrow(t, part, plainly))

    def _each(self, tree: Condition, condition: Condition, step: Callable[[Condition, Condition], Change]) -> Change:
        change: Change | None = None
        for part in parts_of(condition):
            change = step(tree, part) if change is None else then(change, partial(carried_on, step, part))
        assert change is not None
        return change

    def _narrow(self, tree: Condition, part: Condition, plainly: bool) -> Change:
        leaf, negated = strip(part)
        same = [s for s in sites(tree) if s.subject == subject(leaf)]
        found: Change | None = None
        match leaf:
            case Has(operator=Operator.IS) if not self._flag(leaf):
                found = self._narrow_without(tree, leaf, same) if negated else self._narrow_values(tree, leaf, same)
            case Has() if leaf.operator in BOUNDED and not negated:
                found = self._narrow_bound(tree, leaf, same)
            case Has() if self._flag(leaf):
                found = self._narrow_flag(tree, part, leaf, same)
            case Did():
                found = self._never(tree, leaf, same, plainly) if negated else self._narrow_did(tree, leaf, same)
            case Ranked(within=None) if not negated:
                old = next((s for s in same if s.conjunct and isinstance(s.node, Ranked)), None)
                if old is not None:
                    assert isinstance(old.node, Ranked)
                    return Change("replace", rebuilt(tree, {old.path: replace(leaf, within=old.node.within)}))
                return Change("narrow", leaf if isinstance(tree, Everyone) else replace(leaf, within=tree))
            case Capped(part=inner):
                inside = tree.part if isinstance(tree, Capped) else tree
                return Change("narrow", replace(leaf, part=add(inside, inner)))
            case Sampled() if not negated:
                old = next((s for s in sites(tree) if isinstance(s.node, Sampled) and s.conjunct), None)
                if old is not None:
                    return Change("replace", rebuilt(tree, {old.path: leaf}))
            case _:
                pass
        return found or self._and(tree, part)

    def _and(self, tree: Condition, part: Condition) -> Change:
        """Everybody of a tree who meets one more condition. A ranking alone may be meant before or after it."""
        if isinstance(tree, Ranked) and tree.within is None:
            trees = [replace(tree, within=part), all_of((tree, part))]
            return choose("narrow", "Rank among these people only, or keep those of the ranking?", trees)
        return Change("narrow", add(tree, part))

    def _flag(self, node: Has) -> bool:
        field = self.scene.catalog.attribute(node.attribute)
        return field is not None and field.kind is Kind.FLAG

    def _narrow_flag(self, tree: Condition, part: Condition, leaf: Has, same: list[Site]) -> Change | None:
        old = [s for s in same if s.conjunct]
        if not old or canonical(part) == canonical(node_at(tree, old[0].unit)):
            return None
        return Change("replace", rebuilt(tree, {old[0].unit: part}))

    def _narrow_values(self, tree: Condition, leaf: Has, same: list[Site]) -> Change | None:
        """Only Texas: of Texas or Florida it keeps Texas; instead of California it stands alone, as nobody is in both."""
        listed = [s for s in same if isinstance(s.node, Has) and s.node.operator is Operator.IS]
        if not listed:
            return None
        excluded = [s for s in listed if s.negated and s.conjunct and in_common(s, leaf)]
        if excluded:
            return Change("replace", rebuilt(tree, {excluded[0].unit: leaf}))
        positive = [s for s in listed if not s.negated]
        conjunct = [s for s in positive if s.conjunct]
        if conjunct:
            site = conjunct[0]
            kept = tuple(v for v in leaf.values if v in values_of(site))
            if len(kept) == len(leaf.values):
                return Change("narrow", rebuilt(tree, {site.path: leaf}))
            if kept:
                less = rebuilt(tree, {site.path: replace(leaf, values=kept)})
                guessed = Assumed("replaced", "the new values take the place of the old ones", (less,))
                return Change("replace", rebuilt(tree, {site.path: leaf}), (guessed,))
            return Change("replace", rebuilt(tree, {site.path: leaf}), (self._instead(tree, site, leaf),))
        if positive and not any(in_common(s, leaf) for s in positive):
            return Change("replace", rebuilt(tree, {s.path: leaf for s in positive}))
        return None

    def _instead(self, tree: Condition, site: Site, leaf: Has) -> Assumed:
        both = rebuilt(tree, {site.path: replace(leaf, values=(*values_of(site), *leaf.values))})
        return Assumed("replaced", "nobody can be both, so the new value takes the place of the old one", (both,))

    def _narrow_without(self, tree: Condition, leaf: Has, same: list[Site]) -> Change | None:
        """Not Texas: out of a list, or turned round where nothing else is listed, or one more exclusion."""
        listed = [s for s in same if isinstance(s.node, Has) and s.node.operator is Operator.IS and s.conjunct]
        for site in listed:
            if site.negated:
                old = values_of(site)
                more = tuple(v for v in leaf.values if v not in old)
                return Change("narrow", rebuilt(tree, {site.path: replace(leaf, values=(*old, *more))}))
            if in_common(site, leaf):
                kept = tuple(v for v in values_of(site) if v not in leaf.values)
                new: Condition = replace(leaf, values=kept) if kept else Not(leaf)
                return Change("negate", rebuilt(tree, {site.path: new}))
        return Change("negate", tree) if listed else None

    def _narrow_bound(self, tree: Condition, leaf: Has, same: list[Site]) -> Change | None:
        bounds = [
            s for s in same if isinstance(s.node, Has) and s.node.operator in BOUNDED and s.conjunct and not s.negated
        ]
        if not bounds:
            return None
        for site in bounds:
            assert isinstance(site.node, Has)
            if side(site.node) == side(leaf):
                return Change("narrow", rebuilt(tree, {site.path: leaf}))
        if all(isinstance(s.node, Has) and overlap(s.node, leaf) for s in bounds):
            return None
        changes: dict[Path, Condition | None] = {s.path: None for s in bounds}
        changes[bounds[0].path] = leaf
        return Change("replace", rebuilt(tree, changes))

    def _narrow_did(self, tree: Condition, leaf: Did, same: list[Site]) -> Change | None:
        for site in same:
            old = site.node
            if not site.conjunct or not isinstance(old, Did) or old.measure != leaf.measure:
                continue
            if site.negated:
                if old.rows.window is None and not old.rows.filters and old.comparison == ONCE:
                    return Change("replace", rebuilt(tree, {site.unit: leaf}))
                continue
            if old == leaf:
                return Change("narrow", tree)
            if old.rows == leaf.rows or replace(old.rows, window=leaf.rows.window) == leaf.rows:
                if leaf.rows.window is None and leaf.comparison == ONCE:
                    return Change("narrow", tree)
                if leaf.rows.window is None and old.rows.window is not None:
                    refined = replace(old, comparison=leaf.comparison)
                    return self._refined(tree, site, refined, leaf)
                return Change("narrow", rebuilt(tree, {site.path: leaf}))
            if leaf.rows.window is None and not leaf.rows.filters and leaf.comparison != ONCE:
                return self._refined(tree, site, replace(old, comparison=leaf.comparison), leaf)
            if leaf.rows.window is None and leaf.comparison == ONCE and not _same_property(old, leaf):
                rows = replace(old.rows, filters=(*old.rows.filters, *leaf.rows.filters))
                return self._refined(tree, site, replace(old, rows=rows), leaf)
        return None

    def _refined(self, tree: Condition, site: Site, refined: Did, leaf: Did) -> Change:
        """Bought twice, after "bought in the last 90 days": twice in those days, or twice ever besides."""
        text = "Does that hold together with what is there, or besides it?"
        return choose("narrow", text, [rebuilt(tree, {site.path: refined}), add(tree, leaf)])

    def _never(self, tree: Condition, leaf: Did, same: list[Site], plainly: bool) -> Change | None:
        """Did not buy, where buying is asked for: both can't be, so it turns round what is there."""
        if leaf.rows.window is not None or leaf.rows.filters or leaf.measure != COUNT or leaf.comparison != ONCE:
            return None
        old = [s for s in same if isinstance(s.node, Did) and s.conjunct and not s.negated]
        if not old:
            return None
        site = old[0]
        assert isinstance(site.node, Did)
        turned = Not(replace(site.node, comparison=ONCE, measure=COUNT))
        never = Not(leaf)
        if plainly:
            return Change("negate", rebuilt(tree, {site.path: never}))
        text = "Not in that way, or not at all?"
        return choose("negate", text, [rebuilt(tree, {site.path: turned}), rebuilt(tree, {site.path: never})])


def values_of(site: Site) -> tuple[Value, ...]:
    return site.node.values if isinstance(site.node, Has) else ()


def in_common(site: Site, leaf: Has) -> bool:
    return bool(set(values_of(site)) & set(leaf.values))


def side(node: Has) -> str:
    return "up" if node.operator in _UPWARD else "down" if node.operator in _DOWNWARD else node.operator.value


def range_of(node: Has) -> tuple[float, float]:
    numbers = [float(v) for v in node.values if isinstance(v, int | float)]
    if node.operator in _UPWARD:
        return numbers[0], float("inf")
    if node.operator in _DOWNWARD:
        return float("-inf"), numbers[0]
    return numbers[0], numbers[-1]


def overlap(a: Has, b: Has) -> bool:
    (low, high), (least, most) = range_of(a), range_of(b)
    return max(low, least) < min(high, most)


def _same_property(a: Did, b: Did) -> bool:
    return bool({f.property for f in a.rows.filters} & {f.property for f in b.rows.filters})


def carried_on(step: Callable[[Condition, Condition], Change], part: Condition, tree: Condition) -> Change:
    return step(tree, part)
