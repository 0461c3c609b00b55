"""Runs statements on the customer database: guarded, read-only, bounded, cancellable, and the same one only once at a time.

    warehouse = Warehouse.open(url, policy)
    numbers = await warehouse.count(statement, query_id=request.id)
    warehouse.cancel(request.id)        # from another task: the database stops working on it

Nothing runs without the guard: every statement is checked here against the policy given at construction.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeAlias, TypeVar

from psycopg.errors import QueryCanceled

from segbot.errors import BadData, GuardRefused, QueryCancelled, QueryTimedOut, QueryTooLarge, WarehouseUnavailable
from segbot.logs import get_logger
from segbot.sql.guard import Refused, guard
from segbot.sql.policy import Policy
from segbot.sql.statement import Statement
from segbot.warehouse.connect import Connector, Driver, Limits
from segbot.warehouse.line import Line, Progress, Ticket, current_errand

_log = get_logger(__name__)

T = TypeVar("T")
Row: TypeAlias = tuple[Any, ...]
Admission: TypeAlias = Callable[[], Awaitable[None]]
"""Called before the first statement; raises when segbot should not work on this database."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A result: the statement's column names, the rows, and how many seconds the database took."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """A row of counts in the statement's order, and how many seconds the database took: `numbers["base"]`."""

    columns: tuple[str, ...]
    values: tuple[int, ...]
    seconds: float

    def __getitem__(self, column: str) -> int:
        return self.values[self.columns.index(column)]


@dataclass(slots=True, eq=False)
class _Flight:
    """A statement under way, its stand in the line, and what the callers who wait for it are about."""

    task: asyncio.Task[Rows]
    ticket: Ticket
    waiting: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Stops:
    """The callers that can be stopped, by query id."""

    futures: dict[str, set[asyncio.Future[None]]] = field(default_factory=dict)

    @asynccontextmanager
    async def listen(self, query_id: str | None) -> AsyncIterator[asyncio.Future[None]]:
        stop: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if query_id is not None:
            self.futures.setdefault(query_id, set()).add(stop)
        try:
            yield stop
        finally:
            if query_id is not None:
                self.futures[query_id].discard(stop)
                if not self.futures[query_id]:
                    del self.futures[query_id]

    def pull(self, query_id: str) -> bool:
        waiting = [stop for stop in self.futures.get(query_id, ()) if not stop.done()]
        for stop in waiting:
            stop.set_result(None)
        return bool(waiting)


class Warehouse:
    """The customer database at run time. One per process; safe for many tasks of one event loop.

    Every method raises `GuardRefused` for a statement outside the policy; `WarehouseUnavailable`, `WarehouseBusy`,
    `QueryTooLarge`, `QueryTimedOut`, `QueryCancelled`, `AccessDenied`, `DataMissing`, `BadData` or `CannotCompile` for what
    the database says; and `ConfigurationError` when the address is wrong. None of them carries the database's own words.
    """

    def __init__(self, connector: Connector, policy: Policy, admission: Admission | None = None) -> None:
        self.connector = connector
        self.limits = connector.limits
        self._policy = policy
        self._admission, self._admitting = admission, asyncio.Lock()
        self._line = Line(self.limits.queries, self.limits.per_team or self.limits.queries)
        self._flights: dict[tuple[str, str, float, float], _Flight] = {}
        self._stops = _Stops()

    @classmethod
    def open(
        cls,
        url: str,
        policy: Policy,
        limits: Limits | None = None,
        schemas: tuple[str, ...] = ("public",),
        *,
        setting: str = "SEGBOT_DATABASE_URL",
        admission: Admission | None = None,
    ) -> Self:
        """A warehouse at an address. Connects when first used; raises `ConfigurationError` for an unreadable address."""
        return cls(Connector.at(url, limits or Limits(), schemas, setting=setting), policy, admission)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop every query under way and close the connections. Streams end when their blocks do."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self.connector.close()

    async def check(self) -> None:
        """Raise unless segbot may work on the database, it answers, and it keeps a transaction read-only."""
        async with self._opened(Ticket(current_errand()), 5):
            _log.debug("the customer database answers")

    async def count(
        self, statement: Statement, *, query_id: str | None = None, seconds: float | None = None
    ) -> Numbers:
        """The one row of whole numbers that a statement selects: a count and its base, or a whole ladder."""
        result = await self.rows(statement, query_id=query_id, seconds=seconds)
        if len(result.rows) != 1 or not all(isinstance(value, int) for value in result.rows[0]):
            raise BadData(f"a count came back as {len(result.rows)} rows of {len(result.columns)} columns")
        return Numbers(result.columns, result.rows[0], result.seconds)

    async def rows(self, statement: Statement, *, query_id: str | None = None, seconds: float | None = None) -> Rows:
        """All rows of a statement, which limits itself; use `stream` for results that grow with the data.

        A statement that is already under way with the same values is not run again: both callers get its result.
        `seconds` replaces the limit on its running time. `query_id` lets `cancel` stop waiting for it. It runs for the
        current errand; raises `QueryTooLarge` when the database expects more work than the errand's `most_cost`.
        """
        self._check(statement)
        longest = seconds or self.limits.statement
        flight = self._join(statement, longest)
        about = current_errand().about
        flight.waiting.append(about)
        try:
            async with self._stops.listen(query_id) as stop:
                await asyncio.wait(_both(flight.task, stop), return_when=asyncio.FIRST_COMPLETED)
            if not flight.task.done():
                raise QueryCancelled(f"query {query_id}")
            if flight.task.cancelled():
                raise WarehouseUnavailable("the warehouse was closed")
            return flight.task.result()
        finally:
            flight.waiting.remove(about)
            if not flight.waiting and not flight.task.done():
                self._leave(flight)
                await _cancelled(flight.task)

    @asynccontextmanager
    async def stream(
        self,
        statement: Statement,
        *,
        query_id: str | None = None,
        seconds: float | None = None,
        batch: int = 1000,
        idle: float = 600.0,
    ) -> AsyncIterator[AsyncIterator[tuple[Row, ...]]]:
        """The rows of a statement in batches, from a cursor in the database: memory does not grow with the result.

        All batches are of one moment. `seconds` bounds each batch, `idle` the time the caller takes for one.

            async with warehouse.stream(statement) as batches:
                async for rows in batches: ...
        """
        self._check(statement)
        longest = seconds or self.limits.statement
        async with (
            self._stops.listen(query_id) as stop,
            self._opened(Ticket(current_errand(), longest), longest, stop=stop, idle=idle) as connection,
            aclosing(_batches(connection, statement, batch, (longest, self.limits.grace), stop)) as batches,
        ):
            yield batches

    def cancel(self, query_id: str) -> bool:
        """Stop everything that runs under a query id; whether there was anything.

        Its callers get `QueryCancelled` once the database has let go of it. A query that others wait for too goes on.
        """
        return self._stops.pull(query_id)

    def progress(self, about: str) -> Progress | None:
        """How far the query of an errand is; None when there is none under way."""
        flight = next((flight for flight in self._flights.values() if about in flight.waiting), None)
        return None if flight is None else self._line.progress(flight.ticket)

    async def costs(self, statements: Sequence[Statement], *, seconds: float = 5.0) -> tuple[float, ...]:
        """How much work the database expects of each statement, in the units of its planner. Nothing is run."""
        for statement in statements:
            self._check(statement)
        async with self._opened(Ticket(current_errand(), seconds), seconds) as connection:
            return tuple(
                [await _within(seconds, self.limits.grace, _cost(connection, statement)) for statement in statements]
            )

    # -- helpers ---------------------------------------------------------------------------------------

    def _check(self, statement: Statement) -> None:
        verdict = guard(statement.sql, self._policy)  # remembers its verdicts
        if isinstance(verdict, Refused):
            _log.error("guard refused a statement", reason=verdict.reason, sql=statement.sql)
            raise GuardRefused(verdict.reason)

    def _join(self, statement: Statement, longest: float) -> _Flight:
        """The flight of this statement and these values, begun if there is none."""
        errand = current_errand()
        key = (statement.sql, repr(sorted(statement.parameters.items())), longest, errand.most_cost)
        flight = self._flights.get(key)
        if flight is None:
            ticket = Ticket(errand, longest)
            flight = self._flights[key] = _Flight(asyncio.create_task(self._fetch(statement, ticket)), ticket)

            def landed(task: asyncio.Task[Rows]) -> None:
                if (known := self._flights.get(key)) is not None and known.task is task:
                    del self._flights[key]

            flight.task.add_done_callback(landed)
            flight.task.add_done_callback(_forget)
        return flight

    def _leave(self, flight: _Flight) -> None:
        """Let nobody join a flight that is about to be cancelled."""
        for key, known in list(self._flights.items()):
            if known is flight:
                del self._flights[key]

    async def _fetch(self, statement: Statement, ticket: Ticket) -> Rows:
        longest, most = ticket.limit, ticket.errand.most_cost
        async with self._opened(ticket, longest) as connection:
            if most:
                cost = await _within(longest, self.limits.grace, _cost(connection, statement))
                if cost > most:
                    raise QueryTooLarge(f"the planner expects a cost of {cost:.0f}, more than {most:.0f}")
            begun = time.monotonic()
            rows = await _within(longest, self.limits.grace, _all(connection, statement))
            taken = time.monotonic() - begun
        _log.debug("query", seconds=round(taken, 4), rows=len(rows))
        return Rows(statement.columns, rows, taken)

    @asynccontextmanager
    async def _opened(
        self, ticket: Ticket, seconds: float, *, stop: asyncio.Future[None] | None = None, idle: float | None = None
    ) -> AsyncIterator[Driver]:
        """A connection in a transaction, once it is this query's turn; `QueryCancelled` when stopped while waiting."""
        async with self._line.place(ticket, self.limits.queue, stop):
            await self._admit()
            async with self.connector.transaction(seconds, idle=idle) as connection:
                yield connection

    async def _admit(self) -> None:
        """Ask once, before the first statement, whether segbot may work here. What can't be found out yet is asked again."""
        if self._admission is None:
            return
        async with self._admitting:
            if self._admission is not None:
                await self._admission()
                self._admission = None


async def _cost(connection: Driver, statement: Statement) -> float:
    (plan,) = await _all(connection, replace(statement, sql=f"EXPLAIN (FORMAT JSON) {statement.sql}"))
    return float(plan[0][0]["Plan"]["Total Cost"])


async def _all(connection: Driver, statement: Statement) -> tuple[Row, ...]:
    # `stream` speaks the extended protocol even without values; `execute` would let a second statement through.
    async with connection.cursor() as cursor:
        return tuple([row async for row in cursor.stream(statement.sql.encode(), statement.parameters or None)])


async def _batches(
    connection: Driver, statement: Statement, batch: int, patience: tuple[float, float], stop: asyncio.Future[None]
) -> AsyncGenerator[tuple[Row, ...]]:
    async with connection.cursor(name="segbot") as cursor:
        declare = cursor.execute(statement.sql.encode(), statement.parameters or None)
        await _unless_stopped(_within(*patience, declare), stop)
        while rows := await _unless_stopped(_within(*patience, cursor.fetchmany(batch)), stop):
            yield tuple(rows)


async def _within(longest: float, grace: float, work: Awaitable[T]) -> T:
    """Work that the database itself stops after so many seconds. `QueryTimedOut` when it did; the network gets some more."""
    begun = time.monotonic()
    try:
        async with asyncio.timeout(longest + grace):
            return await work
    except QueryCanceled:
        # The same error for a time-out and for an admin's pg_cancel_backend; its text is in the server's language.
        if time.monotonic() - begun >= 0.95 * longest:
            raise QueryTimedOut(f"longer than {longest} s") from None
        raise QueryCancelled("cancelled in the database") from None
    except TimeoutError:
        raise WarehouseUnavailable(f"no answer within {longest + grace} s") from None


async def _unless_stopped(work: Awaitable[T], stop: asyncio.Future[None]) -> T:
    """The result of some work, or `QueryCancelled` once it has been stopped, in the database too."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait(_both(task, stop), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise QueryCancelled("stopped")
        return task.result()
    finally:
        if not task.done():
            await _cancelled(task)


def _both(task: asyncio.Future[Any], stop: asyncio.Future[Any]) -> set[asyncio.Future[Any]]:
    return {task, stop}


async def _cancelled(task: asyncio.Future[Any]) -> None:
    """Cancel a task and wait until it has ended, so that nothing of it is left in the database."""
    task.cancel()
    await asyncio.wait({task})
    _forget(task)


def _forget(task: asyncio.Future[Any]) -> None:
    """Note that nobody is left to hear of a task's failure."""
    if not task.cancelled():
        task.exception()
