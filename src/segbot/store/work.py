"""What a noun of the store needs to do its work: a connection inside a transaction, whoever opened it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class Work(Protocol):
    """Gives a connection inside a transaction: one of its own that ends with the block, or a larger one."""

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """The connection, for the length of the block."""
        ...
