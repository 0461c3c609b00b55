"""The parts of one running workspace, handed around together."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from segbot.demo.workspace.config import WorkspaceConfig
from segbot.demo.workspace.deliver import Delivery
from segbot.demo.workspace.faults import Faults
from segbot.demo.workspace.hub import Hub
from segbot.demo.workspace.limits import RateLimits
from segbot.demo.workspace.socketmode import SocketMode
from segbot.demo.workspace.state import Json, State


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API call that was answered: for tests and for the log."""

    method: str
    args: Json
    answer: Json


@dataclass(slots=True)
class Core:
    """State, pages, delivery, limits and faults; `url` is known once the server listens."""

    config: WorkspaceConfig
    state: State
    hub: Hub
    faults: Faults
    limits: RateLimits
    sockets: SocketMode
    delivery: Delivery
    url: str = ""
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=2000))
    uploads: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    executions: dict[str, Json] = field(default_factory=dict)

    @property
    def refused(self) -> list[Call]:
        """The calls Slack would have refused."""
        return [call for call in self.calls if not call.answer.get("ok")]
