"""From the shape of an edit to the changed tree: what its words mean, what they are said of, and which rule applies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from segbot.model.condition import Capped, Everyone, Has, Not, Reachable, Sampled, all_of, negate
from segbot.model.operators import Operator
from segbot.nl import edit_frames as frames
from segbot.nl.edit_change import Change, choose
from segbot.nl.edit_frames import Frame
from segbot.nl.edit_put import Puts
from segbot.nl.edit_spot import Found
from segbot.nl.edit_tree import Site, rebuilt, sites, units
from segbot.nl.edit_words import Fragment, about_count, about_window, named_words
from segbot.nl.grammar.context import PLACES

_OF = re.compile(r"(?P<a>.+) (?:for|on|in|of|to) (?P<t>(?:the |their )?.+)")
_EVERYTHING = re.compile(
    r"(?:everything|all(?: of)?(?: the| these| those| my)?(?: conditions| filters| it| them)?|every condition)"
)
_WHICH = "Which one do you mean?"

_SUBJECTS = frozenset(["i", "you", "he", "she", "we", "it", "my", "your", "his", "her"])
_WIDENING = frozenset({"or", "also", "include", "and"})


@dataclass(slots=True)
class Act(Puts):
    """One message said to one tree, as any of the shapes of an edit."""

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
                if match.string.startswith("do ") and said.condition is None:
                    return None  # let's do Friday
                return self.instead(taken)
            case "minus":
                change = self.drop(said, True)
            case "nowhere":
                change = self.any_place(said)
            case "throughout":
                return self.throughout(taken)
            case "only":
                change = self.only(said)
            case "and":
                inner = self.nested(taken, ("drop", "any", "without", "keep", "only", "include", "also"))
                if inner is not None:
                    return inner
                listed = match.string.startswith("+") and said.values is not None  # + hats
                change = self.widen(said, "include" if listed else "and")
            case "or" | "also" | "include":
                change = self.widen(said, frame.action)
            case "assign":
                change = None
        return self.found(change, taken, frame.action)

    def found(self, change: Change | None, taken: tuple[int, int, Fragment], action: str = "") -> Found | None:
        """A change from one fragment, or what can be said when some of its words are unknown."""
        first = taken[2].tokens[0].norm if taken[2].tokens else ""
        if first in _SUBJECTS and not isinstance(taken[2].condition, Reachable):
            return None  # "I bought that too" is about the speaker
        if change is not None:
            return Found(change, (taken,))
        said = taken[2]
        unread = said.reading.unread
        if action in _WIDENING and not any(piece.cat == "REL" for piece in said.core):
            return None  # "add the newsletter team", "include Sarah": too little to be sure
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

    def throughout(self, taken: tuple[int, int, Fragment]) -> Found | None:
        """All over Canada: a place in the place of the one that is there."""
        condition = taken[2].condition
        field = self.reader.catalog.attribute(condition.attribute) if isinstance(condition, Has) else None
        if field is None or field.role not in PLACES:
            return None
        change = self.put(taken[2], same=True)
        return Found(Change(change.kind, change.condition), (taken,)) if change is not None else None

    def not_just(self, match: re.Match[str]) -> Found | None:
        """Not just California, Oregon too: both; not just women: of any gender."""
        old = self.group(match, "old")
        left = self.drop(old[2], False) if old is not None else None
        if old is None or left is None:
            return None
        if not match["a"]:
            return Found(left, (old,))
        new = self.group(match, "a")
        change = self.widen(new[2], "include") if new is not None else None
        return Found(change, (old, new)) if change is not None and new is not None else None

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
        elif (everywhere := frames.EVERYWHERE.fullmatch(line)) is not None:
            change = self.any_where(world=bool(everywhere["world"]))
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
