"""What one person chose for themselves: the columns of their previews, that they have seen the tour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from segbot.store import tables
from segbot.store.work import Work

_preferences = tables.preferences


class Preferences:
    """The choices of all people, each under a name such as `preview.columns`; a value is JSON data."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, team: str, user: str, what: str) -> Any | None:
        """What a person chose, or None where they never did."""
        statement = select(_preferences.c.value).where(
            _preferences.c.team == team, _preferences.c.user_id == user, _preferences.c.what == what
        )
        async with self._work.connection() as connection:
            return (await connection.execute(statement)).scalar()

    async def put(self, team: str, user: str, what: str, value: Any, now: datetime) -> None:
        """Keep a choice in place of the earlier one."""
        row = {"team": team, "user_id": user, "what": what, "value": value, "updated_at": now}
        statement = upsert(_preferences).values(**row)
        statement = statement.on_conflict_do_update(
            index_elements=[_preferences.c.team, _preferences.c.user_id, _preferences.c.what],
            set_={"value": statement.excluded.value, "updated_at": now},
        )
        async with self._work.connection() as connection:
            await connection.execute(statement)
