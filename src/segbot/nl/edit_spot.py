"""One message said to one tree: its words as fragments, and the conditions that some words name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from segbot.model.condition import Condition, Has, rows_of
from segbot.model.operators import Operator
from segbot.model.resolve import Moment
from segbot.nl.edit_change import Change
from segbot.nl.edit_frames import Said
from segbot.nl.edit_rules import Rules
from segbot.nl.edit_tree import Path, Site, sites, units
from segbot.nl.edit_values import Values
from segbot.nl.edit_words import Fragment, fragment, matches
from segbot.nl.lexicon import closed
from segbot.nl.meaning import Ref, Refs
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
class Spot:
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

    def as_object(self, condition: Condition | None) -> Refs | None:
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
