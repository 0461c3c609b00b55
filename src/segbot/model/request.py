"""What a person asked: the words, how they were read, and what became of them. `NewRequest` before it is kept, `Request` after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from segbot.model.condition import Condition
from segbot.model.reading import Reading


class Surface(StrEnum):
    """Where a request was typed."""

    COMMAND = "command"
    MENTION = "mention"
    MESSAGE = "message"
    SHORTCUT = "shortcut"
    HOME = "home"
    LINK = "link"
    WORKFLOW = "workflow"
    CLI = "cli"


class Status(StrEnum):
    """How far the answer has come."""

    RECEIVED = "received"
    QUESTION = "question"
    UNREAD = "unread"
    COUNTING = "counting"
    COUNTED = "counted"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request about to be kept. `team`, `channel`, `user` are Slack ids; `thread_ts` is set when it was typed in a thread."""

    team: str
    channel: str
    user: str
    surface: Surface
    text: str
    reading: Reading
    status: Status = Status.RECEIVED
    thread_ts: str | None = None
    message_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands now.

    `reading` is of `text`; `condition` is what the card shows now, which differs from the reading's once a choice was made
    or an assumption switched. `message_ts` is the card's own message. `version` grows with every change: who changes an
    older one is told so. Times are UTC.
    """

    id: str
    team: str
    channel: str
    user: str
    surface: Surface
    text: str
    reading: Reading
    condition: Condition | None
    status: Status
    thread_ts: str | None
    message_ts: str | None
    segment: str | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RequestChange:
    """One step in a request's life: who did what when, and the words, condition and reading it had afterwards.

    Steps noted before readings were kept with them have none.
    """

    version: int
    by: str
    what: str
    text: str
    condition: Condition | None
    status: Status
    at: datetime
    reading: Reading | None = None
