"""The house of each team: the catalog's words, and those that its people have defined since, whichever process they told."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from segbot.flows.house import House
from segbot.logs import get_logger
from segbot.model.catalog import Term
from segbot.nl.reader import Reader
from segbot.store.database import Store

log = get_logger(__name__)

_MOST_TEAMS = 50
"""Houses kept at once: each holds a compiled lexicon."""


@dataclass(frozen=True, slots=True)
class _Home:
    """A team's house: with its own words (`speaking`, dear to build), and with the names of its segments besides."""

    words: tuple[int, int]
    speaking: House
    names: tuple[int, int]
    house: House


@dataclass
class Homes:
    """The houses of the teams of one process, each built anew when its team's dictionary has changed."""

    _built: OrderedDict[str, _Home] = field(default_factory=OrderedDict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def of(self, house: House, store: Store, team: str) -> House:
        """The house of a team as its dictionary and segments are now: two small queries, and work only after a change.

        Raises `StoreUnavailable`.
        """
        root = house.root or house
        words, names = await store.dictionary.version(team), await store.segments.stamp(team)
        if words == (0, 0) and names == (0, 0):
            return root
        async with self._locks.setdefault(team, asyncio.Lock()):
            built = self._built.get(team)
            if built is None or built.words != words or (built.speaking.root or built.speaking) is not root:
                terms = () if words == (0, 0) else tuple(t.as_catalog_term() for t in await store.dictionary.all(team))
                speaking = await asyncio.to_thread(house_with, root, terms)
                built = _Home(words, speaking, (0, 0), speaking)
            if built.names != names:
                named = built.speaking.naming(await store.segments.known(team))
                built = replace(built, names=names, house=named)
            self._built[team] = built
            self._built.move_to_end(team)
            while len(self._built) > _MOST_TEAMS:
                gone, _ = self._built.popitem(last=False)
                self._locks.pop(gone, None)
            return built.house


def house_with(root: House, terms: Sequence[Term]) -> House:
    """A house that knows some more words. Those that it can't read (the catalog has changed since) stay unknown."""
    if not terms:
        return root
    catalog = replace(root.catalog, dictionary=(*root.catalog.dictionary, *terms))
    reader = Reader(catalog)
    for problem in reader.problems:
        log.warning("dictionary.unreadable", where=problem.where, why=problem.why)
    return House(catalog, reader, root.base, root)
