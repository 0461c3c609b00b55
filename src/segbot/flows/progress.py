"""How far a count is, for its card: its place in the line, then how long it has run, in steps that a person can follow."""

from __future__ import annotations

from segbot.flows.desk import Actor, Desk
from segbot.model.cards import ProgressLine
from segbot.model.request import Status

_STEPS = (2, 5, 10, 15, 20, 30, 45, 60)
"""Seconds at which something new is said; every half a minute after the last."""


def progress(desk: Desk, request_id: str) -> ProgressLine | None:
    """How far the count of a request is in this process; None while there is nothing to say yet."""
    found = desk.warehouse.progress(request_id)
    step = 0 if found is None else step_of(found.seconds)
    if found is None or step == 0:
        return None
    limit = round(found.limit)
    return ProgressLine(found.place, 0, limit) if found.stage == "waiting" else ProgressLine(0, step, limit)


def step_of(seconds: float) -> int:
    """The last step that was reached, 0 for none: 12.3 → 10, 100 → 90."""
    if seconds > _STEPS[-1]:
        return int(seconds // 30) * 30
    return next((step for step in reversed(_STEPS) if step <= seconds), 0)


async def stopped_elsewhere(desk: Desk, actor: Actor, request_id: str) -> bool:
    """Whether somebody pressed Stop and another process of segbot heard it. Raises `StoreUnavailable`."""
    request = await desk.store.requests.find(actor.team, request_id)
    return request is not None and request.status is Status.STOPPED
