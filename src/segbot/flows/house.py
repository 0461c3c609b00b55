"""One company's catalog made ready: the reader over its words, the base of every count, and the guard's policy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from segbot.errors import CatalogError
from segbot.model.catalog import Catalog
from segbot.model.condition import Condition
from segbot.model.reading import Reading
from segbot.model.resolve import Moment
from segbot.nl.lexicon.compile import Lexicon, compile_lexicon
from segbot.nl.reader import Reader
from segbot.sql.policy import Policy


@dataclass(frozen=True)
class House:
    """Everything that follows from the catalog. Built once; safe to share between tasks.

    `root` is the house of the catalog file alone, where this one knows words that a team has defined besides.
    """

    catalog: Catalog
    reader: Reader
    base: Condition | None
    root: House | None = None

    @cached_property
    def lexicon(self) -> Lexicon:
        """Every word of the catalog, to look up whether one is free."""
        return compile_lexicon(self.catalog)

    @cached_property
    def policy(self) -> Policy:
        """What the guard lets through for this catalog."""
        return Policy.of(self.catalog)

    def moment(self, now: datetime) -> Moment:
        """An instant seen with this workspace's calendar."""
        return Moment(now, self.catalog.calendar)

    def read(self, text: str, now: datetime, as_typed: Collection[str] = ()) -> Reading:
        """Read a request as of an instant; the words `as_typed` are no misspellings."""
        return self.reader.read(text, self.moment(now), as_typed)


def open_house(catalog: Catalog) -> House:
    """Compile a catalog's words. Raises `CatalogError` when its own definitions or base can't be read."""
    reader = Reader(catalog)
    if reader.problems:
        raise CatalogError("The catalog has words that can't be read. " + " ".join(map(str, reader.problems)))
    return House(catalog, reader, reader.base())
