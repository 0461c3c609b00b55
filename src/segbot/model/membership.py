"""What may be named in a request: segments, snapshots and lists, with what they mean where that is a rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from segbot.model.condition import Condition, Member

Group: TypeAlias = Literal["segment", "snapshot", "list"]
"""A rule that is counted anew each time, its people frozen at one moment, or people given one by one."""


@dataclass(frozen=True, slots=True)
class Known:
    """Something with a name that the asking person may see. `id` is what `Member.id` holds.

    `number` is a saved segment's short id (#12). `meaning` is a segment's own tree; snapshots and lists have none, their
    people are kept in the store. `taken` is when a snapshot was taken (an aware instant) and `about` the name of the
    segment it was taken of, so that it can be named by both. `ready` marks the segments that ship with the catalog.
    """

    of: Group
    id: str
    name: str
    number: int | None = None
    meaning: Condition | None = None
    taken: datetime | None = None
    about: str = ""
    ready: bool = False

    @property
    def member(self) -> Member:
        """The condition of being in it."""
        return Member(self.of, self.id, name=self.name)
