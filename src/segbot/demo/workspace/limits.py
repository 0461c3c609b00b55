"""Slack's rate limits: so many calls a minute for each method, and one message a second in each channel."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

#: Calls a minute of Slack's four tiers, and of the methods that have a figure of their own.
TIER_1, TIER_2, TIER_3, TIER_4 = 1, 20, 50, 100


class RateLimits:
    """Counts calls; each question answers the seconds to wait, or None when the call may go ahead."""

    def __init__(self, now: Callable[[], float], burst: int):
        self._now = now
        self._burst = burst
        self._calls: dict[tuple[str, str], deque[float]] = {}
        self._buckets: dict[str, tuple[float, float]] = {}

    def call(self, method: str, key: str, per_minute: int) -> int | None:
        """One call of a method (by one token, or in one channel) within a sliding minute."""
        now = self._now()
        window = self._calls.setdefault((method, key), deque())
        while window and window[0] <= now - 60:
            window.popleft()
        if len(window) >= per_minute:
            return max(1, math.ceil(window[0] + 60 - now))
        window.append(now)
        return None

    def post(self, channel: str) -> int | None:
        """One message into a channel: a second each, with a short burst forgiven."""
        now = self._now()
        tokens, then = self._buckets.get(channel, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - then))
        if tokens < 1:
            self._buckets[channel] = (tokens, now)
            return max(1, math.ceil(1 - tokens))
        self._buckets[channel] = (tokens - 1, now)
        return None
