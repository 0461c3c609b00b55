"""A segment under the builder's hands: a tree that nobody sees but its author, until it is applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from segbot.model.condition import Condition
from segbot.model.surgery import Path


@dataclass(frozen=True, slots=True)
class Pending:
    """A condition whose form is open: `node` as it stands in the form, for the place `path` of the tree.

    `new` adds it to the group there instead of replacing what is there; `beside` makes a group of both. `test` is the filter of
    its rows whose form is open on top (as an attribute's test of the property), `index` which one it replaces (None for a new one).
    """

    path: Path
    node: Condition
    new: bool = False
    beside: bool = False
    test: Condition | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft about to be kept. `request` is what it changes when applied, None for a new segment; `base` the tree it began with.

    `direct` drafts are of one condition alone and are applied as soon as its form is sent.
    """

    team: str
    user: str
    request: str | None
    base: Condition
    mode: Literal["build", "direct"] = "build"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands. `focus` is the group that is open; `version` grows with every change. Times are UTC.

    `applied` is the request it became part of, once it was.
    """

    id: str
    team: str
    user: str
    request: str | None
    mode: Literal["build", "direct"]
    base: Condition
    condition: Condition
    focus: Path
    pending: Pending | None
    version: int
    applied: str | None
    created_at: datetime
    updated_at: datetime
