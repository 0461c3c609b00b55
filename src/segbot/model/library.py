"""What a person's Home shows: the segments they may see, one page of them, and what waits for them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from segbot.model.request import Status
from segbot.model.segment import Counted, State, Visibility


class Tab(StrEnum):
    """Which of all segments Home lists."""

    MINE = "mine"
    SHARED = "shared"
    ALL = "all"
    SMART = "smart"
    RECENT = "recent"
    TRASH = "trash"


class Sort(StrEnum):
    """In which order, the starred ones always first."""

    UPDATED = "updated"
    NAME = "name"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Look:
    """How a person looks at the list: the tab, what is searched and filtered, the order and the page (from 0).

    `turn` grows when the filters are cleared, so that Slack forgets what was chosen in them.
    """

    tab: Tab = Tab.MINE
    search: str = ""
    tag: str = ""
    state: str = ""
    owner: str = ""
    channel: str = ""
    sort: Sort = Sort.UPDATED
    page: int = 0
    turn: int = 0

    @property
    def filtered(self) -> bool:
        """Whether the list is less than its tab."""
        return bool(self.search or self.tag or self.state or self.owner or self.channel)

    def __str__(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value not in ("", 0)})


def read_look(text: str) -> Look:
    """The look that was written; what another version wrote, or nobody, is the first look."""
    try:
        data = json.loads(text)
        words = {name: str(data.get(name, "")) for name in ("search", "tag", "state", "owner", "channel")}
        look = Look(
            Tab(data.get("tab", Tab.MINE)),
            words["search"],
            words["tag"],
            words["state"],
            words["owner"],
            words["channel"],
            Sort(data.get("sort", Sort.UPDATED)),
            int(data.get("page", 0)),
            int(data.get("turn", 0)),
        )
    except (ValueError, AttributeError, TypeError):
        return Look()
    known = not look.state or look.state in [state.value for state in State]
    return look if known and look.page >= 0 else Look(look.tab)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A saved segment as a list shows it: no tree, and its newest count if it was ever counted. `words` are its request's."""

    id: str
    number: int
    name: str
    note: str
    tags: tuple[str, ...]
    owner: str
    state: State
    visibility: Visibility
    channel: str | None
    words: str
    updated_at: datetime
    starred: bool = False
    count: Counted | None = None


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """One of the ready segments that ship with the catalog."""

    key: str
    name: str
    words: str
    description: str = ""
    tags: tuple[str, ...] = ()
    featured: bool = False
    starred: bool = False
    count: Counted | None = None


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request of somebody, as it was typed: how far it came, its newest count, and where its card stands in Slack."""

    id: str
    words: str
    status: Status
    at: datetime
    channel: str = ""
    message_ts: str = ""
    number: int | None = None
    count: Counted | None = None


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Something that waits for a person: an open question, words not understood, or a word that an owner shall confirm.

    `why` says which in a person's words.
    """

    words: str
    why: str
    at: datetime
    channel: str
    message_ts: str


@dataclass(frozen=True, slots=True)
class HomeCard:
    """One page of what a person looks at. `total` counts all pages; `mine` what they could do here themselves."""

    look: Look
    noun: str
    timezone: str
    total: int = 0
    per_page: int = 10
    segments: tuple[Shelved, ...] = ()
    ready: tuple[ReadyLine, ...] = ()
    recent: tuple[RequestLine, ...] = ()
    waiting: tuple[WaitingLine, ...] = ()
    tags: tuple[str, ...] = ()
    mine: frozenset[str] = frozenset()
    examples: tuple[str, ...] = ()
    address: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.total // self.per_page), 1)


@dataclass(frozen=True, slots=True)
class EditForm:
    """The form that changes a segment: what it says now. `revision` is of the segment that it was opened for."""

    id: str
    number: int
    name: str
    note: str
    tags: tuple[str, ...]
    visibility: Visibility
    shared_with: tuple[str, ...]
    revision: int
    known_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListCard:
    """A short list for a command: the first segments that fit, or the ready ones, and how many there are in all."""

    title: str
    noun: str
    timezone: str
    total: int
    segments: tuple[Shelved, ...] = ()
    ready: tuple[ReadyLine, ...] = ()
    recent: tuple[RequestLine, ...] = ()
    hint: str = ""
