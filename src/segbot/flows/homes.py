"""The house of each team: the catalog's words, and those that its people have defined since, whichever process they told."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from segbot.flows.house import House
from segbot.logs import get_logger
from segbot.model.catalog import Term
from segbot.model.condition import Condition, Everyone, Listed, Member, Not
from segbot.nl.reader import Reader
from segbot.store.database import Store

log = get_logger(__name__)

_MOST_TEAMS = 50
"""Houses kept at once: each holds a compiled lexicon."""

_MOST_LISTS = 8
"""Snapshots whose people are kept at hand: a card is counted, then previewed, then its SQL is looked at."""


@dataclass(frozen=True, slots=True)
class _Home:
    """A team's house: with its own words (`speaking`, dear to build), and with the names of its segments besides."""

    words: tuple[int, int]
    speaking: House
    names: tuple[int, ...]
    house: House


@dataclass
class Homes:
    """The houses of the teams of one process, each built anew when its team's dictionary has changed."""

    _built: OrderedDict[str, _Home] = field(default_factory=OrderedDict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)
    _lists: OrderedDict[tuple[str, Member], Condition] = field(default_factory=OrderedDict)

    async def of(self, house: House, store: Store, team: str) -> House:
        """The house of a team as its dictionary and segments are now: three small queries, and work only after a change.

        Raises `StoreUnavailable`.
        """
        root = house.root or house
        words = await store.dictionary.version(team)
        names = (*await store.segments.stamp(team), *await store.snapshots.stamp(team))
        if words == (0, 0) and not any(names):
            return root
        async with self._locks.setdefault(team, asyncio.Lock()):
            built = self._built.get(team)
            if built is None or built.words != words or (built.speaking.root or built.speaking) is not root:
                terms = () if words == (0, 0) else tuple(t.as_catalog_term() for t in await store.dictionary.all(team))
                speaking = await asyncio.to_thread(house_with, root, terms)
                built = _Home(words, speaking, (), speaking)
            if built.names != names:
                for stale in [one for one in self._lists if one[0] == team]:  # forgotten people are forgotten here too
                    del self._lists[stale]
                known = (*await store.segments.known(team), *await store.snapshots.known(team))
                named = built.speaking.naming(known, lambda member: self._people(store, team, member))
                built = replace(built, names=names, house=named)
            self._built[team] = built
            self._built.move_to_end(team)
            while len(self._built) > _MOST_TEAMS:
                gone, _ = self._built.popitem(last=False)
                self._locks.pop(gone, None)
            return built.house

    async def _people(self, store: Store, team: str, member: Member) -> Condition | None:
        """The people of a snapshot, None where they are not kept; the latest that were asked for are at hand."""
        if member.of != "snapshot":
            return None
        there = self._lists.get((team, member))
        if there is None:
            keys = await store.snapshots.keys(team, member.id)
            if keys is None:
                return None
            there = Listed(keys) if keys else Not(Everyone())
        self._lists[team, member] = there
        self._lists.move_to_end((team, member))
        while len(self._lists) > _MOST_LISTS:
            self._lists.popitem(last=False)
        return there


def house_with(root: House, terms: Sequence[Term]) -> House:
    """A house that knows some more words. Those that it can't read (the catalog has changed since) stay unknown."""
    if not terms:
        return root
    catalog = replace(root.catalog, dictionary=(*root.catalog.dictionary, *terms))
    reader = Reader(catalog)
    for problem in reader.problems:
        log.warning("dictionary.unreadable", where=problem.where, why=problem.why)
    return House(catalog, reader, root.base, root)
