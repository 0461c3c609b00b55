"""One company's catalog made ready: the reader over its words, the base of every count, and the guard's policy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

from segbot.errors import CatalogError, PeopleForgotten
from segbot.model.catalog import Catalog
from segbot.model.condition import Condition, Member, walk
from segbot.model.membership import Known
from segbot.model.reading import Reading
from segbot.model.resolve import Moment
from segbot.nl.edit import Editor
from segbot.nl.lexicon.compile import Lexicon, compile_lexicon
from segbot.nl.reader import Reader
from segbot.sql.lower import Segments
from segbot.sql.policy import Policy

Fetch: TypeAlias = Callable[[Member], Awaitable[Condition | None]]
"""Brings the people of a snapshot or a list, None where they are not kept."""


@dataclass(frozen=True)
class House:
    """Everything that follows from the catalog. Built once; safe to share between tasks.

    `root` is the house of the catalog file alone, where this one knows words that a team has defined besides. `fetch` brings
    the people of snapshots and lists, which are too many to hold; `held` are those at hand.
    """

    catalog: Catalog
    reader: Reader
    base: Condition | None
    root: House | None = None
    fetch: Fetch | None = None
    held: Mapping[Member, Condition] = field(default_factory=dict)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Every word of the catalog, to look up whether one is free."""
        return compile_lexicon(self.catalog)

    @cached_property
    def editor(self) -> Editor:
        """Reads changes of a segment, with the words of this catalog."""
        return Editor(self.reader)

    @cached_property
    def policy(self) -> Policy:
        """What the guard lets through for this catalog."""
        return Policy.of(self.catalog)

    @property
    def segments(self) -> Segments:
        """What each segment that can be named here means now, and the people of the snapshots and lists at hand."""
        return {**self.reader.meanings, **self.held} if self.held else self.reader.meanings

    async def holding(self, conditions: Collection[Condition]) -> House:
        """The same house with the people of every snapshot and list that these conditions speak of, in whatever segment.

        Raises `PeopleForgotten` where they are not kept.
        """
        if self.fetch is None:
            return self
        held = dict(self.held)
        for member in _frozen(conditions, self.reader.meanings):
            if member in held:
                continue
            people = await self.fetch(member)
            if people is None:
                raise PeopleForgotten(f"{member.of} {member.id}")
            held[member] = people
        return self if len(held) == len(self.held) else replace(self, held=held)

    def naming(self, known: Sequence[Known], fetch: Fetch | None = None) -> House:
        """The same house for people who may also name these segments, snapshots and lists."""
        return replace(self, reader=self.reader.naming(known), root=self.root or self, fetch=fetch)

    def moment(self, now: datetime) -> Moment:
        """An instant seen with this workspace's calendar."""
        return Moment(now, self.catalog.calendar)

    def read(self, text: str, now: datetime, as_typed: Collection[str] = ()) -> Reading:
        """Read a request as of an instant; the words `as_typed` are no misspellings."""
        return self.reader.read(text, self.moment(now), as_typed)


def _frozen(conditions: Collection[Condition], meanings: Segments) -> set[Member]:
    """The snapshots and lists in some conditions and in the segments that these name."""
    found: set[Member] = set()
    seen: set[Member] = set()
    ahead = [*conditions]
    while ahead:
        for node in walk(ahead.pop()):
            if not isinstance(node, Member) or node in seen:
                continue
            seen.add(node)
            if (meaning := meanings.get(node)) is not None:
                ahead.append(meaning)
            elif node.of != "segment" and node.change is None:
                found.add(node)
    return found


def open_house(catalog: Catalog) -> House:
    """Compile a catalog's words. Raises `CatalogError` when its own definitions or base can't be read."""
    reader = Reader(catalog)
    if reader.problems:
        raise CatalogError("The catalog has words that can't be read. " + " ".join(map(str, reader.problems)))
    return House(catalog, reader, reader.base())
