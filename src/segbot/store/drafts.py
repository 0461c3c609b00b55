"""Drafts of the builder, so that a window that is open over a restart of segbot goes on as if nothing had been."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import RowMapping, delete, insert, select, update

from segbot.errors import ChangedMeanwhile, NotFound
from segbot.model import codec
from segbot.model.condition import Condition
from segbot.model.draft import Draft, NewDraft, Pending
from segbot.store import tables
from segbot.store.trees import dump_condition, load_condition, new_id
from segbot.store.work import Work

_drafts = tables.drafts


class Drafts:
    """The drafts of all teams."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def add(self, new: NewDraft, now: datetime) -> Draft:
        """Keep a new draft."""
        draft = Draft(
            id=new_id(),
            team=new.team,
            user=new.user,
            request=new.request,
            mode=new.mode,
            base=new.base,
            condition=new.base,
            focus=(),
            pending=None,
            version=1,
            applied=None,
            created_at=now,
            updated_at=now,
        )
        fixed = {
            "id": draft.id,
            "team": draft.team,
            "user_id": draft.user,
            "mode": draft.mode,
            "created_at": now,
        }
        async with self._work.connection() as connection:
            await connection.execute(insert(_drafts).values(**fixed, **_changing(draft)))
        return draft

    async def get(self, team: str, user: str, draft: str) -> Draft:
        """A person's draft of that id. Raises `NotFound`, for drafts of others too."""
        statement = select(_drafts).where(_drafts.c.team == team, _drafts.c.user_id == user, _drafts.c.id == draft)
        async with self._work.connection() as connection:
            row = (await connection.execute(statement)).mappings().first()
        if row is None:
            raise NotFound(f"draft {draft} of {user} in team {team}")
        return _draft(row)

    async def save(self, changed: Draft, now: datetime) -> Draft:
        """Write a changed draft over the one it was made from.

        Raises `ChangedMeanwhile` when it was changed in between, in another window or by a second press: nothing is overwritten.
        """
        new = replace(changed, version=changed.version + 1, updated_at=now)
        async with self._work.connection() as connection:
            done = await connection.execute(
                update(_drafts)
                .where(_drafts.c.id == changed.id, _drafts.c.version == changed.version)
                .values(**_changing(new))
            )
        if done.rowcount == 0:
            raise ChangedMeanwhile(f"draft {changed.id} is not at version {changed.version} any more")
        return new

    async def purge(self, before: datetime) -> int:
        """Forget drafts that nobody touched since a moment; returns how many."""
        async with self._work.connection() as connection:
            done = await connection.execute(delete(_drafts).where(_drafts.c.updated_at < before))
        return int(done.rowcount)


def _changing(draft: Draft) -> dict[str, Any]:
    """The columns that a change may write."""
    return {
        "request_id": draft.request,
        "base": dump_condition(draft.base),
        "condition": dump_condition(draft.condition),
        "format": codec.FORMAT,
        "focus": list(draft.focus),
        "pending": None if draft.pending is None else _dump(draft.pending),
        "version": draft.version,
        "applied": draft.applied,
        "updated_at": draft.updated_at,
    }


def _dump(pending: Pending) -> dict[str, Any]:
    return {
        "path": list(pending.path),
        "node": dump_condition(pending.node),
        "new": pending.new,
        "beside": pending.beside,
        "test": dump_condition(pending.test),
        "index": pending.index,
    }


def _load(data: Any) -> Pending:
    return Pending(
        tuple(data["path"]),
        _tree(data["node"]),
        data["new"],
        data["beside"],
        load_condition(data["test"]),
        data["index"],
    )


def _tree(data: Any) -> Condition:
    return cast(Condition, load_condition(data))


def _draft(row: RowMapping) -> Draft:
    return Draft(
        id=row["id"],
        team=row["team"],
        user=row["user_id"],
        request=row["request_id"],
        mode=row["mode"],
        base=_tree(row["base"]),
        condition=_tree(row["condition"]),
        focus=tuple(row["focus"]),
        pending=None if row["pending"] is None else _load(row["pending"]),
        version=row["version"],
        applied=row["applied"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
