"""What this process is doing for people right now: listeners to wait for before stopping, counts that can be stopped.

Bolt starts listeners and forgets them, so closing its connection would cut answers off half-way. And of two counts of
one request only the newer is of any use.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from segbot.errors import QueryCancelled, SegbotError
from segbot.logs import get_logger
from segbot.model.cards import SegmentCard

log = get_logger(__name__)


class Superseded(SegbotError):
    """This request was changed while it was counted; the newer count answers for both."""


class Running:
    """The listeners under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self.stopping = False

    def __len__(self) -> int:
        return len(self._tasks)

    @contextmanager
    def listener(self) -> Iterator[None]:
        """Marks the current task as one to wait for, and keeps it from being collected half-way."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("listeners run in tasks")
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def drain(self, seconds: float) -> None:
        """Let all listeners finish, those started meanwhile too; cancel what is left after `seconds`."""
        self.stopping = True
        until = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := until - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait([*self._tasks], timeout=left, return_when=asyncio.FIRST_COMPLETED)
        if self._tasks:
            log.warning("slack.drain_cut_off", listeners=len(self._tasks))
        for task in (left_over := [*self._tasks]):
            task.cancel()
        await asyncio.gather(*left_over, return_exceptions=True)


class Counts:
    """The counts under way, at most one for each request."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[SegmentCard]] = {}
        self._stopped: set[asyncio.Task[SegmentCard]] = set()

    async def run(self, request: str, count: Coroutine[Any, Any, SegmentCard]) -> SegmentCard:
        """Count, in place of any count of the same request that is under way.

        Raises `Superseded` when a later one took its place, `QueryCancelled` when it was stopped.
        """
        task = asyncio.create_task(count)
        earlier = self._tasks.get(request)
        self._tasks[request] = task
        if earlier is not None:
            earlier.cancel()
        try:
            await asyncio.wait([task])
            if task.cancelled():
                raise QueryCancelled(request) if task in self._stopped else Superseded(request)
            return task.result()
        finally:
            task.cancel()
            self._stopped.discard(task)
            if self._tasks.get(request) is task:
                del self._tasks[request]

    def stop(self, request: str) -> bool:
        """Stop the count of a request; False when none is under way here."""
        task = self._tasks.get(request)
        if task is None or task.done():
            return False
        self._stopped.add(task)
        task.cancel()
        return True


class Windows:
    """The open windows whose content is being counted: of two drawings of one window the later one wins."""

    def __init__(self) -> None:
        self._sizing: dict[str, asyncio.Task[None]] = {}
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def drawing(self, view: str) -> AsyncIterator[None]:
        """One drawing of a window at a time, so that each shows what the one before has left. What was counted for it is stopped."""
        lock, users = self._locks.get(view, (asyncio.Lock(), 0))
        self._locks[view] = (lock, users + 1)
        try:
            async with lock:
                self.close(view)
                yield
        finally:
            lock, users = self._locks[view]
            if users == 1:
                del self._locks[view]
            else:
                self._locks[view] = (lock, users - 1)

    def close(self, view: str) -> None:
        """Stop counting for a window that is closed."""
        if (sizing := self._sizing.get(view)) is not None:
            sizing.cancel()

    async def size(self, view: str, work: Coroutine[Any, Any, None]) -> None:
        """Count for a window in place of any count for it that is under way; comes back when this one is over or replaced."""
        task = asyncio.create_task(work)
        earlier = self._sizing.get(view)
        self._sizing[view] = task
        if earlier is not None:
            earlier.cancel()
        try:
            await asyncio.wait([task])
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
        finally:
            task.cancel()
            if self._sizing.get(view) is task:
                del self._sizing[view]
