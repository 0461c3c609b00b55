"""In which time zone a person lives, as their Slack profile says: private messages tell the time by it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from zoneinfo import available_timezones

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from segbot.logs import get_logger

log = get_logger(__name__)

KEPT_SECONDS = 3600.0
"""How long a zone is believed: who travels is told the time there within the hour."""

_MOST = 5000
_KNOWN = available_timezones()


class Zones:
    """The zones of the people of one process; `clock` is monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def of(self, client: AsyncWebClient, user: str) -> str:
        """The IANA name of a person's zone; empty where Slack does not tell (the scope users:read is missing, say)."""
        now = self._clock()
        kept = self._known.get(user)
        if kept is not None and now - kept[0] < KEPT_SECONDS:
            return kept[1]
        zone = await _ask(client, user)
        self._known[user] = (now, zone)
        self._known.move_to_end(user)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return zone


async def _ask(client: AsyncWebClient, user: str) -> str:
    try:
        answer = await client.users_info(user=user)
    except (SlackApiError, OSError, TimeoutError) as error:
        log.info("slack.zone_unknown", error=type(error).__name__)
        return ""
    profile = answer.get("user")
    zone = profile.get("tz") if isinstance(profile, Mapping) else None
    return zone if isinstance(zone, str) and zone in _KNOWN else ""
