"""Tells whoever is looking: browser pages by person, and waiting tests."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from segbot.demo.workspace.state import Json


class Hub:
    """Open pages by person. `log` keeps the last thousand pushes, so that a test can look back."""

    def __init__(self) -> None:
        self._pages: dict[str, set[asyncio.Queue[Json]]] = {}
        self._waiting: list[asyncio.Future[None]] = []
        self.log: deque[tuple[str, Json]] = deque(maxlen=1000)

    def join(self, user: str) -> asyncio.Queue[Json]:
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._pages.setdefault(user, set()).add(queue)
        return queue

    def leave(self, user: str, queue: asyncio.Queue[Json]) -> None:
        self._pages.get(user, set()).discard(queue)

    def push(self, users: Iterable[str], event: Json) -> None:
        for user in users:
            self.log.append((user, event))
            for queue in self._pages.get(user, ()):
                queue.put_nowait(event)
        self.wake()

    def wake(self) -> None:
        """Something changed: whoever waits may look again."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def changed(self, timeout: float) -> bool:
        """Wait for the next change; False when none came in `timeout` seconds."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await asyncio.wait_for(future, timeout)
        except TimeoutError:
            return False
        return True
