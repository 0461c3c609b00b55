"""The line of queries that wait for a place in the customer database: bounded for each workspace, fair between its people.

Who asks travels with the task, as the reference of the log does, so that what builds statements need not know about it:

    with on_behalf_of(Errand("T1", "U1", request.id)):
        await warehouse.count(statement)
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

from segbot.errors import QueryCancelled, WarehouseBusy


@dataclass(frozen=True, slots=True)
class Errand:
    """For whom a query runs: workspace, person, and what it is about (a request's id).

    `most_cost` is the most work, in units of the database's planner, that is begun without asking; 0 is any.
    """

    team: str = ""
    person: str = ""
    about: str = ""
    most_cost: float = 0.0


_NOBODY = Errand()
_errand: ContextVar[Errand] = ContextVar("segbot_errand", default=_NOBODY)


def current_errand() -> Errand:
    """For whom the current task works."""
    return _errand.get()


@contextmanager
def on_behalf_of(errand: Errand) -> Iterator[None]:
    """Run the queries of this block, and of tasks started in it, for somebody."""
    token = _errand.set(errand)
    try:
        yield
    finally:
        _errand.reset(token)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a query is: waiting in the line (`place` 1 is the next) or running, and for how many seconds already.

    `limit` is the longest it may run, in seconds.
    """

    stage: Literal["waiting", "running"]
    seconds: float
    place: int = 0
    limit: float = 0.0


@dataclass(slots=True, eq=False)
class Ticket:
    """One query's stand in the line. Times are monotonic seconds; `running_since` is None while it waits."""

    errand: Errand
    limit: float = 0.0
    waiting_since: float = field(default_factory=time.monotonic)
    running_since: float | None = None
    turn: asyncio.Event = field(default_factory=asyncio.Event)


class Line:
    """`places` queries at once in all and `per_team` of one workspace.

    The next place goes to the person with the fewest queries running; of those, to the one who has waited longest. So
    one person's ten requests do not keep another's first one waiting.
    """

    def __init__(self, places: int, per_team: int) -> None:
        self._places, self._per_team = places, per_team
        self._waiting: list[Ticket] = []
        self._running: list[Ticket] = []

    @asynccontextmanager
    async def place(
        self, ticket: Ticket, patience: float, stop: asyncio.Future[None] | None = None
    ) -> AsyncIterator[None]:
        """A place for one query. Raises `WarehouseBusy` after `patience` seconds, `QueryCancelled` once `stop` is set."""
        self._waiting.append(ticket)
        self._admit()
        try:
            await self._turn_of(ticket, patience, stop)
            yield
        finally:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
            if ticket in self._running:
                self._running.remove(ticket)
            self._admit()

    def progress(self, ticket: Ticket) -> Progress:
        """How far a query is."""
        now = time.monotonic()
        if ticket.running_since is not None:
            return Progress("running", now - ticket.running_since, limit=ticket.limit)
        order = self._order()
        place = order.index(ticket) + 1 if ticket in order else 1
        return Progress("waiting", now - ticket.waiting_since, place, ticket.limit)

    async def _turn_of(self, ticket: Ticket, patience: float, stop: asyncio.Future[None] | None) -> None:
        if ticket.turn.is_set():
            return
        turn = asyncio.ensure_future(ticket.turn.wait())
        waits: set[asyncio.Future[Any]] = {turn} if stop is None else {turn, stop}
        try:
            await asyncio.wait(waits, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        finally:
            turn.cancel()
        if stop is not None and stop.done():
            raise QueryCancelled("stopped while waiting")
        if not ticket.turn.is_set():
            raise WarehouseBusy(f"no place among {self._places} queries within {patience} s")

    def _admit(self) -> None:
        """Give the free places away."""
        while len(self._running) < self._places and (chosen := self._next(self._waiting, self._running)) is not None:
            self._waiting.remove(chosen)
            self._running.append(chosen)
            chosen.running_since = time.monotonic()
            chosen.turn.set()

    def _next(self, waiting: list[Ticket], running: list[Ticket]) -> Ticket | None:
        teams = Counter(ticket.errand.team for ticket in running)
        people = Counter((ticket.errand.team, ticket.errand.person) for ticket in running)
        allowed = (ticket for ticket in waiting if teams[ticket.errand.team] < self._per_team)
        return min(allowed, key=lambda ticket: people[ticket.errand.team, ticket.errand.person], default=None)

    def _order(self) -> list[Ticket]:
        """Who comes next, as things stand: nobody knows which running query ends first."""
        people = Counter((ticket.errand.team, ticket.errand.person) for ticket in self._running)
        left, order = list(self._waiting), list[Ticket]()
        while left:
            chosen = min(left, key=lambda ticket: people[ticket.errand.team, ticket.errand.person])
            people[chosen.errand.team, chosen.errand.person] += 1
            left.remove(chosen)
            order.append(chosen)
        return order
