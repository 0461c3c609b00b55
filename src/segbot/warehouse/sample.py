"""Asks the newest sample in segbot's store: guarded and read-only like the customer database, and quick or not at all.

    async with samples.newest() as sample:
        if sample is not None:
            found = await sample.count(statement)

Which sample is the newest is looked up by every transaction itself, so that a refresh by any process is seen at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from segbot.addresses import check_schema
from segbot.errors import BadData, QueryTimedOut
from segbot.logs import get_logger
from segbot.sql.guard import Allowed, guard
from segbot.sql.policy import Policy
from segbot.sql.statement import Statement
from segbot.warehouse.connect import Connector, Driver, Limits
from segbot.warehouse.sample_copy import SAMPLE_NAME, SampleNote, prefix_of
from segbot.warehouse.sample_plan import Plan

_log = get_logger(__name__)

QUICK = Limits(statement=1.0, lock=0.2, idle=10.0, queue=0.3, queries=4, opening=2.0, grace=0.5)
"""An estimate that takes longer is none: the exact count is under way all the while."""

# The newest by name, put first in the search path for this transaction alone. Queries of some milliseconds need no
# compiler; a plan that is made for them costs more than it saves.
_NEWEST = """
SELECT n.nspname, obj_description(n.oid, 'pg_namespace'),
    set_config('search_path', 'pg_catalog, ' || quote_ident(n.nspname) || ', pg_temp', true), set_config('jit', 'off', true)
FROM pg_namespace n WHERE n.nspname = (
    SELECT max(nspname) FROM pg_namespace
    WHERE left(nspname, length(%(prefix)s::text)) = %(prefix)s
        AND substr(nspname, length(%(prefix)s::text) + 1) ~ %(name)s)
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample held open in one transaction. Its guard lets through what this sample holds."""

    note: SampleNote
    policy: Policy
    _connection: Driver

    def allows(self, statement: Statement) -> bool:
        """Whether the guard lets a statement through: it reads nothing that the sample has not."""
        return isinstance(guard(statement.sql, self.policy), Allowed)

    async def count(self, statement: Statement) -> tuple[int, ...]:
        """The one row of whole numbers that a statement selects.

        The statement must be allowed. Raises what the warehouse raises, `QueryTimedOut` among it.
        """
        if not self.allows(statement):
            raise ValueError("a statement that the guard refuses")
        try:
            async with asyncio.timeout(QUICK.statement + QUICK.grace), self._connection.cursor() as cursor:
                rows = [row async for row in cursor.stream(statement.sql.encode(), statement.parameters or None)]
        except TimeoutError:
            raise QueryTimedOut("the sample does not answer") from None
        if len(rows) != 1 or not all(isinstance(value, int) for value in rows[0]):
            raise BadData(f"a count came back as {len(rows)} rows")
        return rows[0]


class Samples:
    """The samples of one store, for one catalog. One per process; safe for many tasks of one event loop."""

    def __init__(self, connector: Connector, store_schema: str, plan: Plan) -> None:
        self.plan = plan
        self._connector = connector
        self._prefix = prefix_of(store_schema)
        self._known: tuple[str, SampleNote, Policy] | None = None

    @classmethod
    def open(cls, store_url: str, store_schema: str, plan: Plan, limits: Limits = QUICK) -> Self:
        """The samples at a store's address. Connects when first used; raises `ConfigurationError` for an unreadable one."""
        check_schema(store_schema, "SEGBOT_STORE_SCHEMA")
        return cls(Connector.at(store_url, limits, (), setting="SEGBOT_STORE_URL"), store_schema, plan)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the idle connections."""
        await self._connector.close()

    @asynccontextmanager
    async def newest(self) -> AsyncIterator[Sample | None]:
        """The newest sample in one read-only transaction, or None while there is none.

        Raises what the warehouse raises; `DataMissing` when the sample was replaced at this very moment: ask again.
        """
        async with self._connector.transaction() as connection:
            cursor = await connection.execute(_NEWEST.encode(), {"prefix": self._prefix, "name": f"^{SAMPLE_NAME}$"})
            row = await cursor.fetchone()
            yield None if row is None else self._opened(row[0], row[1], connection)

    async def note(self) -> SampleNote | None:
        """What the newest sample is. Raises what the warehouse raises."""
        async with self.newest() as sample:
            return None if sample is None else sample.note

    def _opened(self, schema: str, comment: str | None, connection: Driver) -> Sample | None:
        if self._known is None or self._known[0] != schema:
            try:
                note = SampleNote.load(comment or "")
            except ValueError:
                _log.info("sample.unreadable", schema=schema)
                return None
            # One policy object per sample: the guard remembers its verdicts by it.
            self._known = (schema, note, self.plan.policy(note.tables, schema))
        return Sample(self._known[1], self._known[2], connection)
