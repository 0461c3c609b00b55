"""From the shape of an edit to the changed tree: what its words mean, what they are said of, and which rule applies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from segbot.model.condition import ONCE, Capped, Condition, Everyone, Has, Not, Ranked, Sampled, all_of, negate, rows_of
from segbot.model.operators import COMPARISONS, Operator
from segbot.model.resolve import Moment
from segbot.model.windows import Duration, last
from segbot.nl import edit_frames as frames
from segbot.nl.edit_change import Assumed, Change, choose
from segbot.nl.edit_frames import Frame, Said
from segbot.nl.edit_rules import Rules
from segbot.nl.edit_tree import Path, Site, rebuilt, sites, subject, units
from segbot.nl.edit_values import Values
from segbot.nl.edit_words import ABOUT, Fragment, about_count, about_window, fragment, matches, named_words
from segbot.nl.lexicon import closed
from segbot.nl.meaning import Ref, Refs, When
from segbot.nl.reader import Reader

_OF = re.compile(r"(?P<a>.+) (?:for|on|in|of|to) (?P<t>(?:the |their )?.+)")
_EVERYTHING = re.compile(
    r"(?:everything|all(?: of)?(?: the| these| those| my)?(?: conditions| filters| it| them)?|every condition)"
)
_WHICH = "Which one do you mean?"


@dataclass(frozen=True, slots=True)
class Found:
    """A change, and the words [first, last) it was read from. What is not `whole` has words that nobody understood."""

    change: Change
    read: tuple[tuple[int, int, Fragment], ...] = ()
    whole: bool = True


@dataclass(slots=True)
class Act:
    """One message said to one tree."""

    reader: Reader
    at: Moment
    text: str
    said: Said
    tree: Condition
    history: tuple[Condition, ...] = ()
    _read: dict[tuple[int, int], Fragment] = field(default_factory=dict)

    # --- the words -----------------------------------------------------------------------------------

    def words(self, first: int, last: int) -> Fragment:
        """Some tokens as a fragment."""
        if (first, last) not in self._read:
            tokens = self.said.tokens
            self._read[first, last] = fragment(
                self.reader, self.at, self.text, tokens[first].start, tokens[last - 1].end
            )
        return self._read[first, last]

    def group(self, match: re.Match[str], *keys: str) -> tuple[int, int, Fragment] | None:
        """The fragment of the first group that took part in a match."""
        for key in keys:
            if key in match.re.groupindex and match[key]:
                return self.of(*match.span(key))
        return None

    def of(self, start: int, end: int) -> tuple[int, int, Fragment] | None:
        """The fragment of some characters of the line; None when the cut goes through a contraction."""
        first, last = self.said.inside(start, end)
        tokens = self.said.tokens
        if first == last or (first and tokens[first - 1].end == tokens[first].start and tokens[first].norm == "not"):
            return None
        found = self.words(first, last)
        same = [t.norm for t in found.tokens] == [t.norm for t in tokens[first:last]]
        return (first, last, found) if same or len(found.tokens) == last - first else None

    @property
    def rules(self) -> Rules:
        return Rules(self.words(0, len(self.said.tokens)).view)

    @property
    def values(self) -> Values:
        return Values(self.words(0, len(self.said.tokens)).view)

    # --- what is meant -------------------------------------------------------------------------------

    def mentioned(self, words: list[str]) -> list[Site]:
        """The conditions that some words name."""
        if not words:
            return []
        catalog, mine = self.reader.catalog, sites(self.tree)
        exact = [s for s in mine if matches(words, s, catalog)]
        return exact or [s for s in mine if matches(words, s, catalog, nearly=True)]

    def last_units(self) -> list[Path]:
        """What was said last: the parts that the tree before did not have, or else the last part."""
        mine = units(self.tree)
        if self.history:
            earlier = {repr(node) for _, node in units(self.history[-1])}
            fresh = [path for path, node in mine if repr(node) not in earlier]
            if len(fresh) == 1:
                return fresh
        return [path for path, _ in mine[-1:]]

    def positions(self, words: list[str]) -> list[Path] | None:
        """The parts named by their place: the last one; the second condition. None when no place is named."""
        if len(words) != 1:
            return None
        mine = units(self.tree)
        word = words[0]
        if word in ("last", "latest", "newest", "final"):
            return self.last_units()
        number = closed.ORDINAL_WORDS.get(word) or {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}.get(word)
        return None if number is None else [path for path, _ in mine[number - 1 : number]]

    # --- one shape -----------------------------------------------------------------------------------

    def frame(self, frame: Frame, match: re.Match[str]) -> Found | None:
        """What one shape with one fragment gives."""
        taken = self.group(match, "a", "a2")
        if taken is None:
            return None
        said = taken[2]
        change: Change | None
        match frame.action:
            case "drop":
                change = self.drop(
                    said, match.string.startswith(("remove", "leave", "take", "omit", "skip", "ignore", "lose"))
                )
            case "any":
                change = self.any_value(said)
            case "keep":
                change = self.keep(said)
            case "without":
                change = self.without(match, said)
            case "everywhere_but":
                change = None if said.condition is None else self.rules.narrow(self.tree, Not(said.condition))
            case "same":
                return self.same(taken)
            case "instead":
                return self.instead(taken)
            case "only":
                change = self.only(said)
            case "and":
                inner = self.nested(taken, ("drop", "any", "without", "keep", "only", "include", "also"))
                if inner is not None:
                    return inner
                change = self.widen(said, "and")
            case "or" | "also" | "include":
                change = self.widen(said, frame.action)
            case "assign":
                change = None
        return self.found(change, taken, frame.action)

    def found(self, change: Change | None, taken: tuple[int, int, Fragment], action: str = "") -> Found | None:
        """A change from one fragment, or what can be said when some of its words are unknown."""
        if change is not None:
            return Found(change, (taken,))
        said = taken[2]
        unread = said.reading.unread
        if not unread or not said.company or said.reading.intent != "segment":
            return None
        known = said.understood
        if known is None:
            return Found(Change("drop" if action == "drop" else "narrow", self.tree), (taken,), whole=False)
        part: Change | None
        match action:
            case "only" | "and" | "":
                part = self.rules.narrow(self.tree, known)
            case "or" | "also" | "include":
                part = self.rules.widen(self.tree, known, "include", group=said.group)
            case "same" | "instead":
                part = self.rules.swap_in(self.tree, known, same=True)
            case _:
                part = Change("drop", self.tree)
        return None if part is None else Found(part, (taken,), whole=False)

    def only(self, said: Fragment) -> Change | None:
        """Only Texas; only in the last 30 days; shoes only."""
        if said.when is not None:
            change = self.values.time(self.tree, said.when, said.length)
            return None if change is None else replace(change, kind="narrow")
        if said.values is not None and said.condition is None:
            return self.values.value(self.tree, said.values, "only")
        if said.times is not None:
            return self.values.number(self.tree, said.times, times=True)
        if said.condition is not None:
            condition = said.condition
            if said.number is not None:
                return self._numbered(said)
            never = "never" in said.norm.split()
            objects = self._as_object(condition)
            inside = self.values.value(self.tree, objects, "only") if objects is not None else None
            if inside is not None:
                besides = self.rules.narrow(self.tree, condition)
                text = "Of what they did, or of the people themselves?"
                return choose("narrow", text, [inside.condition, besides.condition])
            return self.ruled(said, lambda tree: self.rules.narrow(self.tree, tree, plainly=never))
        number = said.number
        return self.values.number(self.tree, number) if number is not None else None

    def _numbered(self, said: Fragment) -> Change | None:
        """A bare comparison, "over 40": of the age it is read as, or of a number that is there and that it may well mean."""
        number, condition = said.number, said.condition
        assert number is not None
        assert condition is not None
        narrowed = self.rules.narrow(self.tree, condition)
        if any(s.subject == subject(condition) for s in sites(self.tree)):
            return narrowed
        replaced = self.values.number(self.tree, number, sure=True)
        if replaced is None:
            return narrowed
        text = "In place of the number that is there, or besides it?"
        return choose("replace", text, [replaced.condition, narrowed.condition])

    def widen(self, said: Fragment, how: str) -> Change | None:
        """Also men; or Florida; or jackets; include people over 65."""
        if said.values is not None and said.condition is None:
            return self.values.value(self.tree, said.values, "only" if how == "and" else "or")
        if said.condition is None:
            return None
        objects = self._as_object(said.condition)
        if objects is not None and how in ("or", "include", "and"):
            return self.values.value(self.tree, objects, "or")
        if frames.NEGATIVE.fullmatch(said.norm) and how in ("and", "also"):
            return self.rules.narrow(self.tree, said.condition, plainly="never" in said.norm.split())
        starts_who = bool(said.tokens) and said.tokens[0].norm in ("who", "whose", "have", "has", "they")
        if starts_who and how in ("and", "also"):
            return self.rules.narrow(self.tree, said.condition)
        assert how in ("or", "also", "include", "and")
        return self.ruled(said, lambda tree: self.rules.widen(self.tree, tree, how, group=said.group))  # type: ignore[arg-type]

    def ruled(self, said: Fragment, rule: Callable[[Condition], Change | None]) -> Change | None:
        """A rule for the condition of a fragment, or for each of its honest readings.

        The reading that is about something the tree has already is the one meant: with a state there, Georgia is a state.
        """
        assert said.condition is not None
        if not said.reading.questions:
            return rule(said.condition)
        question = said.reading.questions[0]
        about = {s.subject for s in sites(self.tree)}
        at_home = [c.condition for c in question.choices if subject(c.condition) in about]
        if len(at_home) == 1:
            change = rule(at_home[0])
            others = [
                c for choice in question.choices if choice.condition != at_home[0] and (c := rule(choice.condition))
            ]
            if change is None:
                return None
            guessed = Assumed("same_attribute", "read as what was said before", tuple(o.condition for o in others))
            return replace(change, assumed=(*change.assumed, guessed))
        changes = [change for choice in question.choices if (change := rule(choice.condition)) is not None]
        return choose(changes[0].kind, question.text, [change.condition for change in changes]) if changes else None

    def bare(self, said: Fragment) -> Change | None:
        """A fragment by itself: a time or number takes the place of the one that is there, a condition narrows."""
        if said.when is not None or said.times is not None or (said.number is not None and said.condition is None):
            return self.put(said, same=True)
        condition = said.condition
        if isinstance(condition, Has) and condition.operator is Operator.IS and len(condition.values) > 1:
            listed = [s for s in sites(self.tree) if s.subject == subject(condition) and not s.negated]
            if listed and set(condition.values) - set(getattr(listed[0].node, "values", ())):
                return self.put(said, same=True)
        if isinstance(condition, Has) and condition.operator in COMPARISONS - {Operator.IS}:
            mine = [s for s in sites(self.tree) if s.subject == ("attribute", condition.attribute)]
            if mine or said.number is not None:
                narrowed, replaced = self.only(said), self.put(said, same=True)
                if narrowed is None or replaced is None or condition.operator is Operator.BETWEEN:
                    return replaced or narrowed
                if replaced.choices:
                    return replaced
                text = "Besides what is there, or in its place?"
                return choose(narrowed.kind, text, [narrowed.condition, replaced.condition])
        return self.only(said)

    # --- drop ----------------------------------------------------------------------------------------

    def drop(self, said: Fragment, excluding: bool) -> Change | None:
        """Forget the age; drop the last one; remove Texas; drop the time limit; drop the age and the state."""
        if said.condition is not None and not said.reading.questions:
            change = self.rules.drop(self.tree, said.condition)
            objects = self._as_object(said.condition) if change is None else None
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

    # --- replace -------------------------------------------------------------------------------------

    def same(self, taken: tuple[int, int, Fragment]) -> Found | None:
        """Same but in Canada; same thing but drop the age."""
        inner = self.nested(taken, ("drop", "any", "without", "also", "include", "or"))
        if inner is not None:
            return inner
        said = taken[2]
        change = self.put(said, same=True)
        return self.found(change, taken, "same")

    def nested(self, taken: tuple[int, int, Fragment], actions: tuple[str, ...]) -> Found | None:
        """A shape within a shape."""
        first, last, _ = taken
        inner = Act(self.reader, self.at, self.text, self.said.part(first, last), self.tree, self.history)
        for frame in frames.FRAMES:
            match = frame.pattern.fullmatch(inner.said.line) if frame.action in actions else None
            found = inner.frame(frame, match) if match else None
            if found is not None and found.whole:
                return Found(found.change, tuple((a + first, b + first, f) for a, b, f in found.read))
        return None

    def instead(self, taken: tuple[int, int, Fragment]) -> Found | None:
        """Make it 60 days; Texas instead; make it 60 days for the email."""
        change = self.put(taken[2], same=False)
        if change is not None:
            return Found(change, (taken,))
        first, last, said = taken
        line = self.said.part(first, last)
        match = _OF.fullmatch(line.line)
        if match:
            inner = Act(self.reader, self.at, self.text, line, self.tree, self.history)
            value, target = inner.of(*match.span("a")), inner.of(*match.span("t"))
            if value is not None and target is not None:
                among = self.mentioned(named_words(target[2]))
                change = self.put(value[2], same=False, among=among) if among else None
                if change is not None:
                    return Found(change, ((first, last, said),))
        return self.found(None, taken, "instead")

    def put(self, said: Fragment, *, same: bool, among: list[Site] | None = None) -> Change | None:
        """A new value, time, number or condition in the place of the one that is there."""
        if said.when is not None:
            return self.values.time(self.tree, said.when, said.length, among)
        if said.times is not None:
            return self.values.number(self.tree, said.times, among, times=True)
        condition = said.condition
        if said.number is not None:
            mine = condition is not None and any(
                s.subject == ("attribute", getattr(condition, "attribute", "")) for s in among or sites(self.tree)
            )
            if not mine or among is not None:
                sure = condition is not None and among is None
                change = self.values.number(self.tree, said.number, among, sure=sure)
                if change is not None or among is not None:
                    return change
        if said.values is not None and condition is None:
            return self.values.value(self.tree, said.values, "instead")
        objects = self._as_object(condition)
        if objects is not None:
            return self.values.value(self.tree, objects, "instead")
        ranked = self._ranked(said) if condition is not None else None
        if ranked is not None:
            return ranked
        return (
            None if condition is None else self.ruled(said, lambda tree: self.rules.swap_in(self.tree, tree, same=same))
        )

    def _as_object(self, condition: Condition | None) -> Refs | None:
        """A value of an attribute that nothing in the tree is about, as the like of an object that is there: stays in Berlin."""
        if not isinstance(condition, Has) or condition.operator is not Operator.IS:
            return None
        if any(s.subject == ("attribute", condition.attribute) for s in sites(self.tree)):
            return None
        catalog = self.reader.catalog
        own = catalog.attribute(condition.attribute)
        labels = [entry.label if own and (entry := own.value(str(v))) else str(v) for v in condition.values]
        found: list[Ref] = []
        for site in sites(self.tree):
            for rows in rows_of(site.node):
                event = catalog.event(rows.event)
                for test in rows.filters:
                    known = event.property(test.property) if event else None
                    found += [
                        Ref(rows.event, test.property, entry.value)
                        for entry in (known.values if known else ())
                        if entry.label in labels and test.operator is Operator.IS
                    ]
        return Refs(tuple(found)) if len(found) == len(labels) else None

    def _ranked(self, said: Fragment) -> Change | None:
        """Top 50, where something is ranked already: by the same measure."""
        match = re.fullmatch(r"(?:the )?(top|bottom) (\d+)( ?%| percent)?", said.norm)
        found = next((s for s in sites(self.tree) if isinstance(s.node, Ranked)), None) if match else None
        if match is None or found is None or not isinstance(found.node, Ranked):
            return None
        side: Literal["top", "bottom"] = "top" if match[1] == "top" else "bottom"
        new = replace(found.node, side=side, amount=int(match[2]), unit="percent" if match[3] else "people")
        return Change("replace", rebuilt(self.tree, {found.path: new}))

    # --- pairs ---------------------------------------------------------------------------------------

    def pairs(self) -> Iterator[Found]:
        """Change California to Texas; 40 instead of 30; the window to 60 days."""
        for pattern, separators, reverse in frames.PAIRS:
            match = pattern.fullmatch(self.said.line)
            if not match:
                continue
            for left, right in frames.halves(match, separators):
                one, two = self.of(*left), self.of(*right)
                if one is None or two is None:
                    continue
                old, new = (two, one) if reverse else (one, two)
                change = self.pair(old[2], new[2])
                if change is not None:
                    yield Found(change, (one, two))
        match = frames.LENGTHS.fullmatch(self.said.line)
        for left, right in frames.halves(match, ("to",)) if match else ():
            one, two = self.of(*left), self.of(*right)
            if one is not None and two is not None and two[2].length is not None:
                change = self.pair(one[2], two[2])
                if change is not None:
                    yield Found(change, (one, two))

    def pair(self, old: Fragment, new: Fragment) -> Change | None:
        """One thing for another."""
        if old.when is not None and new.when is not None:
            return self.values.time(self.tree, new.when, new.length, None, old)
        if old.length is not None and new.number is not None and new.number.form == "bare":
            amount = new.number.comparison.values[0]
            if isinstance(amount, int) and amount > 0:
                length = Duration(amount, old.length.unit)
                return self.values.time(self.tree, When(last(amount, length.unit)), length, None, old)
        if old.number is not None and old.number.form == "bare" and new.length is not None and new.when is not None:
            amount = old.number.comparison.values[0]
            if isinstance(amount, int) and amount > 0:
                return self.values.time(self.tree, new.when, new.length, None, Duration(amount, new.length.unit))
        if old.times is not None and new.times is not None:
            return self.values.number(self.tree, new.times, None, old.times, times=True)
        if old.number is not None and new.number is not None:
            return self.values.number(self.tree, new.number, None, old.number)
        if old.values is not None and new.values is not None and old.condition is None and new.condition is None:
            return self.values.value(self.tree, new.values, "instead", old.values)
        before, after = self._as_object(old.condition), self._as_object(new.condition)
        if before is not None and after is not None:
            return self.values.value(self.tree, after, "instead", before)
        if old.condition is not None and new.condition is not None and not new.reading.questions:
            return self.rules.pair(self.tree, old.condition, new.condition)
        return self.assign(old, new)

    def assign(self, name: Fragment, new: Fragment) -> Change | None:
        """The age to 40; the email window to 60 days; the state: Florida."""
        words = named_words(name)
        if not words or new.tokens == ():
            return None
        rest = about_window(words)
        if rest is not None and new.when is not None:
            among = self.mentioned(rest) if rest else None
            return None if among == [] else self.values.time(self.tree, new.when, new.length, among)
        if about_count(words) and (new.number or new.times):
            bound = new.times or new.number
            return self.values.number(self.tree, bound, times=True) if bound else None
        places = self.positions(words)
        found = [s for s in sites(self.tree) if s.unit in places] if places is not None else self.mentioned(words)
        if not found:
            return None
        number = new.times or new.number
        if new.when is not None:
            return self.values.time(self.tree, new.when, new.length, found)
        if number is not None:
            return self.values.number(self.tree, number, found, times=new.times is not None)
        if new.condition is not None and not new.reading.questions:
            return self.rules.swap_in(self.tree, new.condition, same=False)
        if new.values is not None:
            return self.values.value(self.tree, new.values, "instead")
        return None

    def assigned(self) -> Iterator[Found]:
        """Make the age 40; set the state Florida: a name and its new value, side by side."""
        match = frames.ASSIGN.fullmatch(self.said.line)
        for left, right in frames.cuts(match) if match else ():
            if not self._named(self.said.line[slice(*left)]):
                continue
            one, two = self.of(*left), self.of(*right)
            if one is not None and two is not None and one[2].condition is None and one[2].when is None:
                change = self.assign(one[2], two[2])
                if change is not None:
                    yield Found(change, (one, two))

    def _named(self, line: str) -> bool:
        """Whether some words can be a name at all: asked first, because it is much quicker than reading them."""
        words = [w for w in line.split() if w not in ABOUT and w.isalnum()]
        if not words:
            return False
        return bool(
            about_window(words) is not None or about_count(words) or self.positions(words) or self.mentioned(words)
        )

    # --- whole messages ------------------------------------------------------------------------------

    def whole(self) -> Found | None:
        """Messages that are an edit as they stand: double the window; any of them; 500 of them; never instead."""
        line = self.said.line
        change: Change | None = None
        if frames.ANY_WILL_DO.fullmatch(line):
            change = self.rules.any_will_do(self.tree)
        elif frames.ALL_MUST.fullmatch(line):
            change = self.rules.all_must_hold(self.tree)
            if change is None and isinstance(self.tree, Capped) and line == "all of them":
                change = Change("drop", self.tree.part)
        elif frames.UNCAP.fullmatch(line):
            if isinstance(self.tree, Capped):
                change = Change("drop", self.tree.part)
            else:
                gone = {s.unit: None for s in sites(self.tree) if isinstance(s.node, Sampled)}
                change = Change("drop", rebuilt(self.tree, gone)) if gone else None
        elif frames.TIMELESS.fullmatch(line):
            change = self.values.timeless(self.tree)
        elif frames.NEVER.fullmatch(line):
            change = self.rules.flip(self.tree, never=True)
        elif frames.OTHERS.fullmatch(line):
            change = None if isinstance(self.tree, Everyone) else Change("negate", negate(self.tree))
        elif frames.OPPOSITE.fullmatch(line):
            change = self._opposite(line)
        found = Found(change) if change is not None else None
        return found or self._relative() or self._about() or self._capped()

    def _opposite(self, line: str) -> Change | None:
        mine = units(self.tree)
        if "who" in line.split():
            return self.rules.flip(self.tree, never=False)
        if not mine:
            return None
        last = [rebuilt(self.tree, {path: negate(node)}) for path, node in mine if path in self.last_units()]
        if "last" in line.split():
            return choose("negate", _WHICH, last)
        return choose("negate", "The opposite of all of it, or of the last condition?", [negate(self.tree), *last])

    def _relative(self) -> Found | None:
        for pattern in frames.RELATIVE:
            match = pattern.fullmatch(self.said.line)
            if not match:
                continue
            groups = match.groupdict()
            word = groups["f"]
            step = self.group(match, "n") if groups.get("n") else None
            target = self.group(match, "t") if groups.get("t") else None
            if groups.get("n") and step is None:
                continue
            factor = frames.FACTORS.get(word, -1.0 if word in frames.LESS else 1.0)
            among: list[Site] | None = None
            what = "any"
            if groups.get("as"):
                what = "window" if groups["as"] in ("long", "far back") else "number"
            if target is not None:
                words = named_words(target[2])
                rest = about_window(words)
                if rest is not None:
                    what, words = "window", rest
                elif about_count(words):
                    what, words = "number", []
                elif words and words != ["it"]:
                    what = "any"
                if words and words != ["it"]:
                    among = self.mentioned(words)
                    if not among:
                        continue
            change = self.values.scaled(self.tree, factor, step[2] if step else None, among, what)
            if change is not None:
                return Found(change, tuple(t for t in (target, step) if t is not None))
        return None

    def _about(self) -> Found | None:
        match = frames.ABOUT.fullmatch(self.said.line)
        taken = self.group(match, "a") if match else None
        if taken is None:
            return None
        change = self.put(taken[2], same=False)
        return Found(change, (taken,)) if change is not None else None

    def _capped(self) -> Found | None:
        """Only 500 of them; limit to 500; a random 10%; half of them."""
        match = frames.CAP.fullmatch(self.said.line)
        if match is None or not frames.CAP_SURE.fullmatch(match["how"] + " " + match["rest"]):
            return None
        share = {"half": 50.0, "a third": 100 / 3, "a quarter": 25.0, "a tenth": 10.0}.get(match["n"])
        taken = self.group(match, "n")
        if share is None:
            bound = taken[2].number if taken is not None else None
            value = (
                bound.comparison.values[0] if bound is not None and bound.comparison.operator is Operator.IS else None
            )
            if not isinstance(value, int | float):
                return None
            if not match["pct"]:
                if value != int(value) or value < 1:
                    return None
                inner = self.tree.part if isinstance(self.tree, Capped) else self.tree
                return Found(Change("narrow", Capped(inner, int(value))))
            share = float(value)
        if not 0 < share <= 100:
            return None
        kept = {s.unit: None for s in sites(self.tree) if isinstance(s.node, Sampled)}
        rest = rebuilt(self.tree, kept) if kept else self.tree
        return Found(Change("narrow", all_of((rest, Sampled(int(share) if share == int(share) else round(share, 2))))))


def _names_field(words: list[str], site: Site, reader: Reader) -> bool:
    """Whether words are the name of an attribute rather than one of its values."""
    key = site.subject[1] if site.subject[0] == "attribute" else None
    attribute = reader.catalog.attribute(key) if key else None
    if attribute is None:
        return False
    named = Site(site.path, Has(attribute.key, Operator.IS_SET), site.unit, False, True)
    return matches(words, named, reader.catalog, nearly=True)
