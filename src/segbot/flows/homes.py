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


@dataclass
class Homes:
    """The houses of the teams of one process, each built anew when its team's dictionary has changed."""

    _built: OrderedDict[str, tuple[tuple[int, int], House]] = field(default_factory=OrderedDict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def of(self, house: House, store: Store, team: str) -> House:
        """The house of a team as its dictionary is now: one small query, and a compilation after a change.

        Raises `StoreUnavailable`.
        """
        root = house.root or house
        version = await store.dictionary.version(team)
        if version == (0, 0):
            return root
        async with self._locks.setdefault(team, asyncio.Lock()):
            built = self._built.get(team)
            if built is None or built[0] != version or built[1].root is not root:
                terms = tuple(term.as_catalog_term() for term in await store.dictionary.all(team))
                built = (version, await asyncio.to_thread(house_with, root, terms))
                self._built[team] = built
            self._built.move_to_end(team)
            while len(self._built) > _MOST_TEAMS:
                gone, _ = self._built.popitem(last=False)
                self._locks.pop(gone, None)
            return built[1]


def house_with(root: House, terms: Sequence[Term]) -> House:
    """A house that knows some more words. Those that it can't read (the catalog has changed since) stay unknown."""
    if not terms:
        return root
    catalog = replace(root.catalog, dictionary=(*root.catalog.dictionary, *terms))
    reader = Reader(catalog)
    for problem in reader.problems:
        log.warning("dictionary.unreadable", where=problem.where, why=problem.why)
    return House(catalog, reader, root.base, root)
