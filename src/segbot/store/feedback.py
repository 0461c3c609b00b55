"""What people thought of an answer: one thumb per person and request, with the words it was about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from segbot.store import tables
from segbot.store.work import Work

_feedback = tables.feedback


@dataclass(frozen=True, slots=True)
class Opinion:
    """A thumb up (1) or down (-1) by a person on a request, the words it was about, and a comment."""

    team: str
    request: str
    user: str
    thumb: Literal[-1, 1]
    text: str
    comment: str
    at: datetime


class Feedback:
    """The opinions of all teams."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def give(self, opinion: Opinion) -> None:
        """Keep an opinion in place of the person's earlier one on the same request."""
        values = {"team": opinion.team, "thumb": opinion.thumb, "text": opinion.text}
        changing = {**values, "comment": opinion.comment, "at": opinion.at}
        statement = upsert(_feedback).values(request_id=opinion.request, user_id=opinion.user, **changing)
        statement = statement.on_conflict_do_update(
            index_elements=[_feedback.c.request_id, _feedback.c.user_id], set_=changing
        )
        async with self._work.connection() as connection:
            await connection.execute(statement)

    async def since(self, team: str, since: datetime) -> tuple[Opinion, ...]:
        """A team's opinions from a moment on, oldest first."""
        statement = select(_feedback).where(_feedback.c.team == team, _feedback.c.at >= since)
        async with self._work.connection() as connection:
            rows = await connection.execute(statement.order_by(_feedback.c.at, _feedback.c.request_id))
        return tuple(
            Opinion(
                row["team"], row["request_id"], row["user_id"], row["thumb"], row["text"], row["comment"], row["at"]
            )
            for row in rows.mappings()
        )
