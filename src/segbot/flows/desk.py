"""Where flows stand: the house, the two databases, the clock, and who is asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from segbot.errors import SegbotError
from segbot.flows.house import House
from segbot.settings import Settings
from segbot.store.database import Store
from segbot.warehouse.run import Warehouse


class Duplicate(SegbotError):
    """This was already dealt with: Slack delivered it twice. Nothing more is done."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something and where: Slack ids of team, person, channel and thread."""

    team: str
    user: str
    channel: str | None = None
    thread: str | None = None


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """What every flow needs. The clock is an argument so that time in tests stands still."""

    settings: Settings
    house: House
    warehouse: Warehouse
    store: Store
    clock: Callable[[], datetime] = field(default=_utc_now)
