"""What is saved: segments, their versions, and who may see them. `NewX` before saving, `X` after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from segbot.model.condition import Condition


class State(StrEnum):
    """Where a segment stands in its life."""

    DRAFT = "draft"
    ACTIVE = "active"
    INACTIVE = "inactive"
    SCHEDULED = "scheduled"
    TRASH = "trash"


class Visibility(StrEnum):
    """Who may see a segment: everybody in its team, or its owner and those it is shared with."""

    TEAM = "team"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class NewSegment:
    """A segment about to be saved with its first version. `people` are Slack user ids, `team` the Slack team id."""

    team: str
    name: str
    condition: Condition
    owner: str
    request: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    channel: str | None = None
    visibility: Visibility = Visibility.TEAM
    shared_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One append-only version of a segment: the tree, the words it came from, who wrote it, when (UTC) and why."""

    number: int
    condition: Condition
    request: str
    author: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Segment:
    """A saved segment as it stands now. `number` is the short id people use (#12), unique in its team.

    `revision` grows with every change of any part of it: who changes an older one is told so. `shared_with` are the Slack ids
    of people and channels that may see a private one; `channel` is where it was saved.
    """

    id: str
    team: str
    number: int
    name: str
    note: str
    tags: tuple[str, ...]
    owner: str
    state: State
    version: Version
    created_at: datetime
    updated_at: datetime
    revision: int = 1
    visibility: Visibility = Visibility.TEAM
    shared_with: tuple[str, ...] = ()
    channel: str | None = None

    def seen_by(self, user: str, channel: str | None = None) -> bool:
        """Whether a person may see it; in a channel that it is shared with, everybody there may."""
        return (
            self.visibility is Visibility.TEAM
            or self.owner == user
            or user in self.shared_with
            or (channel is not None and channel in self.shared_with)
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with all that it needs to be believed.

    `exact`, or an estimate between `low` and `high` (95 %) from a sample of `sample` of the base: without a `low` there are
    only fewer than about `high`, and where the sample is the whole base both are the number as it was then. `as_of` is the
    `now` that the windows were resolved with, for an estimate the moment of the sample's data; `base` is what it is a share
    of. `seconds` is how long it took.
    """

    value: int
    base: int
    as_of: datetime
    exact: bool = True
    low: int | None = None
    high: int | None = None
    seconds: float = 0.0
    sample: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the drop-out ladder: how many meet this condition by itself, and how many remain after it and all before.

    `path` is the node's place in the tree; `remaining` is None for parts inside an any-of, where nothing is left over in order.
    """

    path: tuple[int, ...]
    alone: int
    remaining: int | None
