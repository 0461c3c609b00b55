"""One company's catalog made ready: the reader over its words, the base of every count, and the guard's policy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from segbot.errors import CatalogError
from segbot.model.catalog import Catalog
from segbot.model.condition import Condition
from segbot.model.membership import Known
from segbot.model.reading import Reading
from segbot.model.resolve import Moment
from segbot.nl.edit import Editor
from segbot.nl.lexicon.compile import Lexicon, compile_lexicon
from segbot.nl.reader import Reader
from segbot.sql.lower import Segments
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
    def editor(self) -> Editor:
        """Reads changes of a segment, with the words of this catalog."""
        return Editor(self.reader)

    @cached_property
    def policy(self) -> Policy:
        """What the guard lets through for this catalog."""
        return Policy.of(self.catalog)

    @property
    def segments(self) -> Segments:
        """What each segment that can be named here means now."""
        return self.reader.meanings

    def naming(self, known: Sequence[Known]) -> House:
        """The same house for people who may also name these segments, snapshots and lists."""
        return replace(self, reader=self.reader.naming(known), root=self.root or self)

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
