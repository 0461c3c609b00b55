"""How a condition said in an edit widens a tree, takes the place of what is there, leaves it or turns it round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from segbot.model.catalog import Role
from segbot.model.condition import (
    COUNT,
    ONCE,
    AllOf,
    AnyOf,
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
    negate,
)
from segbot.model.operators import Operator
from segbot.nl.edit_change import Assumed, Change, choose, then
from segbot.nl.edit_narrow import BOUNDED, Narrowing, also_people, in_common, parts_of, range_of, side, strip, values_of
from segbot.nl.edit_tree import Path, Site, node_at, rebuilt, sites, subject, units
from segbot.nl.grammar.context import PLACES

_WHICH = "Which one do you mean?"


@dataclass(frozen=True, slots=True)
class Rules(Narrowing):
    """All rules, for one catalog."""

    # --- widen ---------------------------------------------------------------------------------------

    def widen(
        self, tree: Condition, condition: Condition, how: Literal["or", "also", "include", "and"], *, group: bool
    ) -> Change:
        """Also men; or Florida; people over 65 too. `group` says that people of their own were named."""
        whole = parts_of(condition)
        if len(whole) > 1:
            return Change("widen", also_people(tree, condition))
        return self._widen(tree, whole[0], how, group)

    def _widen(self, tree: Condition, part: Condition, how: str, group: bool) -> Change:
        leaf, negated = strip(part)
        same = [s for s in sites(tree) if s.subject == subject(leaf)]
        if not negated and isinstance(leaf, Has) and leaf.operator is Operator.IS and not self._flag(leaf):
            listed = self._widen_values(tree, leaf, same)
            if listed is not None:
                return listed
        both = also_people(tree, part)
        if isinstance(tree, Everyone):
            return Change("narrow", part) if how == "and" else Change("widen", tree)
        if not negated and isinstance(leaf, Has) and leaf.operator in BOUNDED:
            bounds = [
                s
                for s in same
                if isinstance(s.node, Has) and s.node.operator in BOUNDED and s.conjunct and not s.negated
            ]
            if bounds:
                return self._widen_bound(tree, leaf, bounds[0], group)
        text = "More people, or only those of them?"
        narrowed = self._narrow(tree, part, False).condition
        if how == "and":
            return self._narrow(tree, part, False)
        if how == "or":
            mine = self._last_behaviour(tree)
            if mine is not None and isinstance(leaf, Did) and not group:
                inside = rebuilt(tree, {mine: any_of((node_at(tree, mine), part))})
                return choose(
                    "widen", "In place of the last condition only, or more people altogether?", [inside, both]
                )
            return Change("widen", both)
        if how == "include":
            return Change("widen", both, (Assumed("more_people", "these people are added to the others", (narrowed,)),))
        if group:
            return choose("widen", text, [both, narrowed])
        if isinstance(leaf, Did):
            return self._narrow(tree, part, False)
        return choose("narrow", text, [narrowed, both])

    def _widen_values(self, tree: Condition, leaf: Has, same: list[Site]) -> Change | None:
        listed = [s for s in same if isinstance(s.node, Has) and s.node.operator is Operator.IS]
        positive = [s for s in listed if not s.negated]
        if positive:
            chosen = [s for s in positive if s.conjunct] or positive
            changes: dict[Path, Condition | None] = {}
            for site in chosen:
                assert isinstance(site.node, Has)
                values = (*site.node.values, *(v for v in leaf.values if v not in site.node.values))
                changes[site.path] = replace(site.node, values=values)
            return Change("widen", rebuilt(tree, changes))
        excluded = [s for s in listed if s.negated and in_common(s, leaf)]
        if excluded:
            changes = {}
            for site in excluded:
                kept = tuple(v for v in values_of(site) if v not in leaf.values)
                changes[site.path if kept else site.unit] = replace(leaf, values=kept) if kept else None
            return Change("widen", rebuilt(tree, changes))
        place = self._place(tree, leaf)
        if place:
            site = place[0]
            return Change("widen", rebuilt(tree, {site.unit: any_of((node_at(tree, site.unit), leaf))}))
        return None

    def _widen_bound(self, tree: Condition, leaf: Has, site: Site, group: bool) -> Change:
        """Or over 65: in place of the age that is there, or anybody over 65."""
        assert isinstance(site.node, Has)
        inside = rebuilt(tree, {site.path: any_of((site.node, leaf))})
        both = also_people(tree, leaf)
        if _within(leaf, site.node):
            narrowed = rebuilt(tree, {site.path: leaf})
            return choose("widen", "More people, or only those of them?", [both, narrowed])
        text = "Anybody like that, or only those who meet the rest?"
        return choose("widen", text, [both, inside] if group else [inside, both])

    def _last_behaviour(self, tree: Condition) -> Path | None:
        """The path of the last thing that people must have done, when something else is asked of them, too."""
        found = [s for s in sites(tree) if s.conjunct and s.subject[0] == "event"]
        return found[-1].unit if found and found[-1].unit else None

    def _place(self, tree: Condition, leaf: Has) -> list[Site]:
        """Conditions about another kind of place: a state, where a country is said."""
        roles = {r.key: role for role in PLACES if (r := self.scene.role(role)) is not None}
        if leaf.attribute not in roles or roles[leaf.attribute] is Role.POSTAL_CODE:
            return []
        return [
            s
            for s in sites(tree)
            if isinstance(s.node, Has)
            and s.node.attribute in roles
            and s.node.attribute != leaf.attribute
            and not s.negated
        ]

    # --- replace -------------------------------------------------------------------------------------

    def swap_in(self, tree: Condition, condition: Condition, *, same: bool) -> Change | None:
        """Texas instead; over 40 instead. With `same` ("same but ...") what finds no old condition is added."""
        change: Change | None = None
        for part in parts_of(condition):
            if change is None:
                change = self._swap_in(tree, part, same)
                if change is None:
                    return None
            else:
                change = then(change, lambda t, part=part: self._swap_in(t, part, True) or Change("narrow", t))  # type: ignore[misc]
        return change

    def _swap_in(self, tree: Condition, part: Condition, same: bool) -> Change | None:
        leaf, negated = strip(part)
        olds = [s for s in sites(tree) if s.subject == subject(leaf)]
        if isinstance(leaf, Has):
            if olds:
                return self._swap_attribute(tree, part, leaf, negated, olds)
            place = self._place(tree, leaf)
            if place:
                changes: dict[Path, Condition | None] = {s.unit: None for s in place}
                changes[place[0].unit] = part
                return Change("replace", rebuilt(tree, changes))
        elif isinstance(leaf, Ranked) and olds:
            old = olds[0].node
            assert isinstance(old, Ranked)
            new = leaf if leaf.within is not None else replace(leaf, within=old.within)
            return Change("replace", rebuilt(tree, {olds[0].path: new}))
        elif isinstance(leaf, Sampled | Capped):
            return self._narrow(tree, part, False)
        elif subject(leaf)[0] == "event":
            return self._swap_behaviour(tree, part, leaf, negated, olds, same)
        if same:
            return self._narrow(tree, part, False)
        mine = units(tree)
        if not mine:
            return Change("narrow", part)
        trees = [rebuilt(tree, {path: part}) for path, _ in reversed(mine)][:3]
        added = self._narrow(tree, part, False).condition
        bounded = isinstance(leaf, Has) and leaf.operator in BOUNDED
        return choose("replace", "Instead of what, or besides it?", [added, *trees] if bounded else [*trees, added])

    def _swap_attribute(self, tree: Condition, part: Condition, leaf: Has, negated: bool, olds: list[Site]) -> Change:
        sided = [s for s in olds if isinstance(s.node, Has) and leaf.operator in BOUNDED and side(s.node) == side(leaf)]
        conjunct = [s for s in olds if s.conjunct]
        chosen = (sided or conjunct or olds) if leaf.operator in BOUNDED else olds
        if conjunct and leaf.operator in BOUNDED and not sided:
            changes: dict[Path, Condition | None] = {s.unit: None for s in conjunct}
            changes[conjunct[0].unit] = part
            return Change("replace", rebuilt(tree, changes))
        if all(s.negated for s in chosen) and not negated:
            inside = rebuilt(tree, {s.path: leaf for s in chosen})
            plain = rebuilt(tree, {s.unit: part for s in chosen})
            return choose("replace", "Is that excluded too, or wanted?", [inside, plain])
        return Change("replace", rebuilt(tree, {s.unit: part for s in chosen}))

    def _swap_behaviour(
        self, tree: Condition, part: Condition, leaf: Condition, negated: bool, olds: list[Site], same: bool
    ) -> Change | None:
        behaviours = olds or [s for s in sites(tree) if s.subject[0] == "event"]
        if not behaviours:
            return self._narrow(tree, part, False) if same or not units(tree) else None
        if len(olds) == 1 and not negated and not olds[0].negated and _bare_count(leaf):
            kept, plain = (rebuilt(tree, {olds[0].unit: new}) for new in (_carried(olds[0], leaf), part))
            others = (plain,) if plain != kept else ()
            text = "the time and everything else of what was said before is kept"
            return Change("replace", kept, (Assumed("kept_window", text, others),) if others else ())
        trees: list[Condition] = []
        for site in behaviours:
            new = part if negated else _carried(site, leaf)
            if site.negated and not negated and not olds:
                trees += [rebuilt(tree, {site.unit: leaf}), rebuilt(tree, {site.path: new})]
            else:
                trees += [rebuilt(tree, {site.unit: new})]
                if new != part and site.node.kind == leaf.kind and olds:
                    trees += [rebuilt(tree, {site.unit: part})]
        return choose("replace", _WHICH if len(behaviours) > 1 else "With what was said before, or on its own?", trees)

    def pair(self, tree: Condition, old: Condition, new: Condition) -> Change | None:
        """California to Texas: a value for a value, or one condition for another."""
        gone, _ = strip(old)
        fresh, _ = strip(new)
        for site in sites(tree):
            node = site.node
            if not isinstance(node, Has) or not isinstance(gone, Has) or node.attribute != gone.attribute:
                continue
            if node.operator is Operator.IS and gone.operator is Operator.IS:
                if not set(gone.values) <= set(node.values):
                    continue
                if isinstance(fresh, Has) and fresh.attribute == node.attribute and fresh.operator is Operator.IS:
                    kept = _exchanged(node.values, gone.values, fresh.values)
                    return Change("replace", rebuilt(tree, {site.path: replace(node, values=kept)}))
                return Change("replace", rebuilt(tree, {site.unit: new}))
            return Change("replace", rebuilt(tree, {site.unit: new}))
        found = self.find(tree, old)
        trees = []
        for path in found:
            mine = next((s for s in sites(tree) if s.unit == path), None)
            better = new if mine is None or isinstance(new, Not) else _carried(mine, new)
            trees.append((rebuilt(tree, {path: better}), rebuilt(tree, {path: new})))
        if len(trees) == 1 and trees[0][0] != trees[0][1]:
            guessed = Assumed("kept_window", "the time of what was said before is kept", (trees[0][1],))
            return Change("replace", trees[0][0], (guessed,))
        return choose("replace", _WHICH, [better for better, _ in trees]) if trees else None

    # --- drop ----------------------------------------------------------------------------------------

    def find(self, tree: Condition, condition: Condition) -> list[Path]:
        """The parts of a tree that some words mean: equal, or of the same event and no further than what was said."""
        wanted = canonical(condition)
        exact = [path for path, node in _all_units(tree) if canonical(node) == wanted]
        if exact:
            return exact
        leaf, negated = strip(condition)
        found = []
        for site in sites(tree):
            if site.subject != subject(leaf) or site.negated != negated:
                continue
            if isinstance(leaf, Did) and isinstance(site.node, Did):
                if set(leaf.rows.filters) <= set(site.node.rows.filters) and (
                    leaf.rows.window in (None, site.node.rows.window)
                    and (leaf.comparison in (ONCE, site.node.comparison) or leaf.measure != site.node.measure)
                ):
                    found.append(site.unit)
            elif isinstance(leaf, Has) and leaf.operator is Operator.IS and site.node != leaf:
                continue
            else:
                found.append(site.unit)
        return found

    def drop(self, tree: Condition, condition: Condition) -> Change | None:
        """Remove Texas; forget who bought twice. None when nothing in the tree is that."""
        change: Change | None = None
        for part in parts_of(condition):
            now = change.condition if change else tree
            one = self._drop(now, part)
            if one is None:
                return None
            change = one if change is None else Change("drop", one.condition)
        return change

    def _drop(self, tree: Condition, part: Condition) -> Change | None:
        leaf, _ = strip(part)
        found = self.find(tree, part)
        if found:
            return choose("drop", _WHICH, [rebuilt(tree, {path: None}) for path in found])
        if isinstance(leaf, Has) and leaf.operator is Operator.IS:
            for site in sites(tree):
                if site.subject == subject(leaf) and set(leaf.values) & set(values_of(site)):
                    kept = tuple(v for v in values_of(site) if v not in leaf.values)
                    new = replace(leaf, values=kept) if kept else None
                    return Change("drop", rebuilt(tree, {(site.path if kept else site.unit): new}))
        return None

    # --- and / or ------------------------------------------------------------------------------------

    def any_will_do(self, tree: Condition) -> Change | None:
        """Any of them: all of the parts become alternatives, or only the behaviours among them."""
        match tree:
            case Capped(part=part):
                inner = self.any_will_do(part)
                return (
                    None if inner is None else replace(inner, condition=replace(tree, part=inner.condition), choices=())
                )
            case AllOf(parts=parts):
                whole = any_of(parts)
                did = [p for p in parts if subject(p)[0] == "event"]
                if 2 <= len(did) < len(parts):
                    rest = [p for p in parts if p not in did]
                    text = "Any of all the conditions, or any of the things they did?"
                    return choose("swap", text, [all_of([*rest, any_of(did)]), whole])
                return Change("swap", whole)
            case _:
                return None

    def all_must_hold(self, tree: Condition) -> Change | None:
        """All of them: the alternatives of a tree become conditions that all must hold."""
        match tree:
            case Capped(part=part):
                inner = self.all_must_hold(part)
                return (
                    None if inner is None else replace(inner, condition=replace(tree, part=inner.condition), choices=())
                )
            case AnyOf(parts=parts):
                return Change("swap", all_of(parts))
            case AllOf(parts=parts) if any(isinstance(p, AnyOf) for p in parts):
                return Change("swap", all_of(all_of(p.parts) if isinstance(p, AnyOf) else p for p in parts))
            case _:
                return None

    # --- turned round --------------------------------------------------------------------------------

    def flip(self, tree: Condition, among: list[Site] | None = None, *, never: bool) -> Change | None:
        """Never instead; the opposite: what they did becomes what they never did, and the other way round."""
        found = among if among is not None else [s for s in sites(tree) if s.subject[0] == "event"]
        if never:
            found = [s for s in found if not s.negated and isinstance(s.node, Did)]
        if not found and not never:
            found = [s for s in sites(tree) if not s.node.kind.startswith(("ranked", "sampled"))]
        if not found:
            return None
        trees = []
        for site in found:
            if never:
                assert isinstance(site.node, Did)
                rows = replace(site.node.rows, window=None)
                trees.append(rebuilt(tree, {site.path: Not(Did(rows))}))
            else:
                trees.append(rebuilt(tree, {site.unit: negate(node_at(tree, site.unit))}))
        change = choose("negate", _WHICH, trees)
        site = found[0]
        if never and not change.choices and isinstance(site.node, Did) and site.node.rows.window is not None:
            kept = rebuilt(tree, {site.path: Not(replace(site.node, comparison=ONCE, measure=COUNT))})
            return replace(change, assumed=(Assumed("never_ever", "“never” is read as at no time at all", (kept,)),))
        return change


def _all_units(tree: Condition) -> Iterable[tuple[Path, Condition]]:
    yield from units(tree)
    yield from ((s.unit, node_at(tree, s.unit)) for s in sites(tree) if s.unit not in {p for p, _ in units(tree)})


def _exchanged(values: tuple[Value, ...], gone: tuple[Value, ...], new: tuple[Value, ...]) -> tuple[Value, ...]:
    kept: list[Value] = []
    for value in values:
        kept += [v for v in (new if value in gone else (value,)) if v not in kept]
    return tuple(kept)


def _within(inner: Has, outer: Has) -> bool:
    (low, high), (least, most) = range_of(inner), range_of(outer)
    return least <= low and high <= most


def _bare_count(leaf: Condition) -> bool:
    """Whether a behaviour says how often, and nothing else."""
    return (
        isinstance(leaf, Did)
        and leaf.measure == COUNT
        and leaf.comparison != ONCE
        and not leaf.rows.filters
        and leaf.rows.window is None
    )


def _carried(site: Site, leaf: Condition) -> Condition:
    """A new behaviour with the window, and for the same event the count, of the one it takes the place of."""
    old = site.node
    if not isinstance(old, Did) or not isinstance(leaf, Did):
        return leaf
    new = leaf
    if leaf.rows.window is None and old.rows.window is not None:
        new = replace(new, rows=replace(new.rows, window=old.rows.window))
    if leaf.comparison == ONCE and leaf.measure == COUNT == old.measure and old.rows.event == leaf.rows.event:
        new = replace(new, comparison=old.comparison)
    if _bare_count(leaf) and old.rows.event == leaf.rows.event:
        new = replace(new, rows=old.rows)
    return new
