"""Putting things in: only Texas; also men; make it 60 days; California to Texas; the age 40."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from segbot.model.condition import Condition, Has, Ranked
from segbot.model.operators import COMPARISONS, Operator
from segbot.model.windows import Duration, last
from segbot.nl import edit_frames as frames
from segbot.nl.edit_change import Assumed, Change, choose
from segbot.nl.edit_drop import Drops
from segbot.nl.edit_spot import Found
from segbot.nl.edit_tree import Site, rebuilt, sites, subject
from segbot.nl.edit_words import ABOUT, Fragment, about_count, about_window, named_words
from segbot.nl.meaning import When

_OF = re.compile(r"(?P<a>.+) (?:for|on|in|of|to) (?P<t>(?:the |their )?.+)")
_EVERYTHING = re.compile(
    r"(?:everything|all(?: of)?(?: the| these| those| my)?(?: conditions| filters| it| them)?|every condition)"
)
_WHICH = "Which one do you mean?"


@dataclass(slots=True)
class Puts(Drops):
    """What is to come, and in the place of what."""

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
            objects = self.as_object(condition)
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
        objects = self.as_object(said.condition)
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
        objects = self.as_object(condition)
        if objects is not None:
            return self.values.value(self.tree, objects, "instead")
        ranked = self._ranked(said) if condition is not None else None
        if ranked is not None:
            return ranked
        return (
            None if condition is None else self.ruled(said, lambda tree: self.rules.swap_in(self.tree, tree, same=same))
        )

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
        before, after = self.as_object(old.condition), self.as_object(new.condition)
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
