"""What people thought of an answer: one thumb per person and request, with the words it was about and how they were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import RowMapping, select
from sqlalchemy.dialects.postgresql import insert as upsert

from segbot.model.reading import Reading
from segbot.store import tables
from segbot.store.trees import dump_reading, load_reading
from segbot.store.work import Work

_feedback = tables.feedback


@dataclass(frozen=True, slots=True)
class Opinion:
    """A thumb up (1) or down (-1) by a person on a request, as of a moment (UTC).

    `text` are the words it was about, `reading` how they were read then (None in opinions older than this was kept),
    `catalog` the digest of the catalog they were read with. `reason` is what was wrong, as a short code, and `comment`
    that in the person's own words.
    """

    team: str
    request: str
    user: str
    thumb: Literal[-1, 1]
    text: str
    comment: str
    at: datetime
    reason: str = ""
    reading: Reading | None = None
    catalog: str = ""


class Feedback:
    """The opinions of all teams."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def give(self, opinion: Opinion) -> None:
        """Keep an opinion in place of the person's earlier one on the same request."""
        changing = {
            "team": opinion.team,
            "thumb": opinion.thumb,
            "text": opinion.text,
            "comment": opinion.comment,
            "at": opinion.at,
            "reason": opinion.reason,
            "reading": None if opinion.reading is None else dump_reading(opinion.reading),
            "catalog": opinion.catalog,
        }
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
        return tuple(_opinion(row) for row in rows.mappings())

    async def teams(self) -> tuple[str, ...]:
        """The teams that have given any."""
        statement = select(_feedback.c.team).distinct().order_by(_feedback.c.team)
        async with self._work.connection() as connection:
            return tuple((await connection.execute(statement)).scalars())


def _opinion(row: RowMapping) -> Opinion:
    return Opinion(
        team=row["team"],
        request=row["request_id"],
        user=row["user_id"],
        thumb=row["thumb"],
        text=row["text"],
        comment=row["comment"],
        at=row["at"],
        reason=row["reason"],
        reading=None if row["reading"] is None else load_reading(row["reading"]),
        catalog=row["catalog"],
    )
