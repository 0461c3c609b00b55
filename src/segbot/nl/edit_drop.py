"""Leaving conditions out: forget the age; drop the last one; any state; keep only the purchase."""

from __future__ import annotations

import re
from dataclasses import dataclass

from segbot.model.catalog import Role
from segbot.model.condition import ONCE, Capped, Condition, Everyone, Has, Near, negate
from segbot.model.operators import Operator
from segbot.nl.edit_change import Change, choose
from segbot.nl.edit_spot import Spot
from segbot.nl.edit_tree import Path, Site, rebuilt, sites, units
from segbot.nl.edit_words import Fragment, about_count, about_window, matches, named_words
from segbot.nl.grammar.context import PLACES
from segbot.nl.reader import Reader

_OF = re.compile(r"(?P<a>.+) (?:for|on|in|of|to) (?P<t>(?:the |their )?.+)")
_EVERYTHING = re.compile(
    r"(?:everything|all(?: of)?(?: the| these| those| my)?(?: conditions| filters| it| them)?|every condition)"
)
_WHICH = "Which one do you mean?"


@dataclass(slots=True)
class Drops(Spot):
    """What is to go."""

    # --- drop ----------------------------------------------------------------------------------------

    def drop(self, said: Fragment, excluding: bool) -> Change | None:
        """Forget the age; drop the last one; remove Texas; drop the time limit; drop the age and the state."""
        if said.condition is not None and not said.reading.questions:
            change = self.rules.drop(self.tree, said.condition)
            objects = self.as_object(said.condition) if change is None else None
            if objects is not None:
                change = self.values.value(self.tree, objects, "drop")
            if change is not None:
                return change
        named = self.by_name(said)
        if named is not None:
            return named
        if said.values is not None:
            change = self.values.value(self.tree, said.values, "drop")
            if change is not None:
                return change
        if said.when is not None:
            slots = [
                s
                for s in self.values.slots(self.tree, ("window",))
                if s.now == (said.when.window if said.when else None)
            ]
            if slots:
                return self.values.timeless(self.tree, [s.site for s in slots])
        several = self.drop_several(said)
        if several is not None:
            return several
        if excluding and said.condition is not None:
            return self.rules.narrow(self.tree, negate(said.condition))
        return None

    def keep(self, said: Fragment) -> Change | None:
        """Keep only the purchase condition: of the parts that are there, those that are named."""
        words = named_words(said)
        kept = {
            s.unit[: len(path)]
            for s in self.mentioned(words)
            for path, _ in units(self.tree)
            if s.unit[: len(path)] == path
        }
        gone = {path: None for path, _ in units(self.tree) if path not in kept}
        return Change("drop", rebuilt(self.tree, gone)) if kept and gone else None

    def by_name(self, said: Fragment) -> Change | None:
        """Drop what is named by its place, its attribute, its event or its window."""
        if _EVERYTHING.fullmatch(said.norm):
            return Change("drop", Everyone())
        words = named_words(said)
        words = [w for w in words if w != "everything"] or words
        if not words:
            return None
        places = self.positions(words)
        if places is not None:
            return choose("drop", _WHICH, [rebuilt(self.tree, {path: None}) for path in places]) if places else None
        if words == ["cap"] and isinstance(self.tree, Capped):
            return Change("drop", self.tree.part)
        rest = about_window(words)
        if rest is not None:
            return self.values.timeless(self.tree, self.mentioned(rest) if rest else None)
        if about_count(words):
            found = [s for s in self.values.slots(self.tree, ("number",)) if s.unit == "count"]
            if len(found) == 1:
                from_count = found[0]
                return Change("drop", rebuilt(self.tree, {from_count.site.path: from_count.put(ONCE)}))
            return None
        found_sites = self.mentioned(words)
        if not found_sites:
            return None
        if words[0] in ("exclusion", "exclusions", "negative"):
            return Change("drop", rebuilt(self.tree, {s.unit: None for s in found_sites}))
        subjects = {s.subject for s in found_sites}
        if len(subjects) == 1 and found_sites[0].subject[0] == "attribute":
            return Change("drop", rebuilt(self.tree, {s.unit: None for s in found_sites}))
        return choose("drop", _WHICH, [rebuilt(self.tree, {s.unit: None}) for s in found_sites])

    def drop_several(self, said: Fragment) -> Change | None:
        """The age and the state: each by its name."""
        parts = re.split(r" (?:, and|and|,|or|&|\+) ", said.norm)
        if len(parts) < 2:
            return None
        gone: dict[Path, Condition | None] = {}
        for part in parts:
            words = [w for w in part.split() if w not in ("the", "a", "both", "condition", "conditions", "filter")]
            found = self.mentioned(words)
            if not found:
                return None
            gone |= {s.unit: None for s in found}
        return Change("drop", rebuilt(self.tree, gone))

    def any_value(self, said: Fragment) -> Change | None:
        """Any age; all states; either gender: only what an attribute's name says, never a value of it."""
        words = named_words(said)
        rest = about_window(words)
        if rest is not None and not rest and set(words) & {"time", "date", "dates", "window", "period"}:
            return self.values.timeless(self.tree)
        found = [
            s for s in self.mentioned(words) if s.subject[0] == "attribute" and _names_field(words, s, self.reader)
        ]
        if not found or len({s.subject for s in found}) > 1:
            return None
        return Change("drop", rebuilt(self.tree, {s.unit: None for s in found}))

    def any_place(self, said: Fragment) -> Change | None:
        """No state: not one in particular, where the segment has one."""
        change = self.any_value(said)
        found = self.mentioned(named_words(said)) if change is not None else []
        return change if found and all(self._is_place(s) for s in found) else None

    def any_where(self, *, world: bool) -> Change | None:
        """Nationwide leaves the country alone; anywhere in the world does not. None where no place is said."""
        gone = {s.unit: None for s in sites(self.tree) if isinstance(s.node, Near) or self._is_place(s, country=world)}
        return Change("drop", rebuilt(self.tree, gone)) if gone else None

    def _is_place(self, site: Site, *, country: bool = True) -> bool:
        key = site.subject[1] if site.subject[0] == "attribute" else None
        field = self.reader.catalog.attribute(key) if key else None
        return field is not None and field.role in PLACES and (country or field.role is not Role.COUNTRY)

    def without(self, match: re.Match[str], said: Fragment) -> Change | None:
        """Without the age drops the condition; without Texas, or without orders, excludes."""
        words = named_words(said)
        about = re.search(r"\b(?:condition|part|filter|criteri(?:on|a)|limit|one|bit|thing|requirement)s?$", said.norm)
        if about or self.positions(words) is not None or about_window(words) is not None:
            return self.by_name(said)
        found = self.mentioned(words)
        if found and "the " in match[0]:
            return self.by_name(said)
        if found and all(_names_field(words, s, self.reader) for s in found) and said.condition is None:
            return self.by_name(said)
        return None


def _names_field(words: list[str], site: Site, reader: Reader) -> bool:
    """Whether words are the name of an attribute rather than one of its values."""
    key = site.subject[1] if site.subject[0] == "attribute" else None
    attribute = reader.catalog.attribute(key) if key else None
    if attribute is None:
        return False
    named = Site(site.path, Has(attribute.key, Operator.IS_SET), site.unit, False, True)
    return matches(words, named, reader.catalog, nearly=True)
