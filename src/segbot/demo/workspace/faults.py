"""Trouble on demand: the failures a real network and a real Slack produce, one at a time, for tests.

Every fault is armed for a number of occasions and is gone once used. `refresh` and `disconnect` act at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Failure:
    """What a call to a method answers instead; with `after`, its effect has happened all the same."""

    error: str
    status: int = 200
    retry_after: int | None = None
    after: bool = False
    seconds: float = 0.0


async def _nothing_connected() -> None:
    return None


@dataclass(slots=True)
class Faults:
    """The armed faults; `kind` is slash_commands, interactive or events_api, or None for any delivery."""

    acks_to_drop: list[str | None] = field(default_factory=list)
    delays: list[tuple[str | None, float]] = field(default_factory=list)
    duplicates: list[str | None] = field(default_factory=list)
    failures: dict[str, list[Failure]] = field(default_factory=dict)
    unshared_files: int = 0
    refresh_hook: Callable[[], Awaitable[None]] = _nothing_connected
    disconnect_hook: Callable[[], Awaitable[None]] = _nothing_connected

    def drop_ack(self, kind: str | None = None, times: int = 1) -> None:
        """The app receives the next delivery, but its acknowledgement is lost on the way."""
        self.acks_to_drop += [kind] * times

    def delay(self, seconds: float, kind: str | None = None, times: int = 1) -> None:
        """The next delivery arrives this many seconds late; trigger ids age meanwhile."""
        self.delays += [(kind, seconds)] * times

    def duplicate(self, kind: str | None = None, times: int = 1) -> None:
        """The next delivery comes twice; an event's second copy is marked as a retry."""
        self.duplicates += [kind] * times

    def fail(self, method: str, error: str, times: int = 1, status: int = 200) -> None:
        """The next call to a Web API method (or `response_url`, `upload`) answers this error, without effect."""
        self._arm(method, Failure(error, status), times)

    def rate_limit(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """The next call answers 429 with this Retry-After."""
        self._arm(method, Failure("ratelimited", 429, retry_after), times)

    def lose_answer(self, method: str, times: int = 1) -> None:
        """The next call takes effect, but the caller gets a 500."""
        self._arm(method, Failure("internal_error", 500, after=True), times)

    def slow(self, method: str, seconds: float, times: int = 1) -> None:
        """The next call takes this long before it is looked at."""
        self._arm(method, Failure("", seconds=seconds), times)

    def skip_share(self, times: int = 1) -> None:
        """The next completed upload answers ok, but the file never appears in its channel."""
        self.unshared_files += times

    async def refresh(self) -> None:
        """Ask every Socket Mode connection to reconnect, as Slack does every few hours."""
        await self.refresh_hook()

    async def disconnect(self) -> None:
        """Cut every Socket Mode connection without a word."""
        await self.disconnect_hook()

    def clear(self) -> None:
        """Disarm everything."""
        self.acks_to_drop.clear()
        self.delays.clear()
        self.duplicates.clear()
        self.failures.clear()
        self.unshared_files = 0

    # ---- used by the workspace

    def take_drop(self, kind: str) -> bool:
        return _take(self.acks_to_drop, kind)

    def take_duplicate(self, kind: str) -> bool:
        return _take(self.duplicates, kind)

    def take_delay(self, kind: str) -> float:
        for index, (wanted, seconds) in enumerate(self.delays):
            if wanted in (None, kind):
                del self.delays[index]
                return seconds
        return 0.0

    def take_failure(self, method: str) -> Failure | None:
        armed = self.failures.get(method)
        return armed.pop(0) if armed else None

    def take_unshared(self) -> bool:
        if self.unshared_files:
            self.unshared_files -= 1
            return True
        return False

    def _arm(self, method: str, failure: Failure, times: int) -> None:
        self.failures.setdefault(method, []).extend([failure] * times)


def _take(armed: list[str | None], kind: str) -> bool:
    for index, wanted in enumerate(armed):
        if wanted in (None, kind):
            del armed[index]
            return True
    return False
