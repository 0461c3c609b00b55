"""The SQL behind a card, for those who want to check: the very statement that is counted, with its values in place."""

from __future__ import annotations

from segbot.flows.compose import title
from segbot.flows.desk import Actor, Desk
from segbot.flows.sizing import members
from segbot.model.cards import SqlCard
from segbot.sql.compile import render


async def show_sql(desk: Desk, actor: Actor, request_id: str) -> SqlCard:
    """The statement that selects a request's customers, as it runs now in psql."""
    request = await desk.store.requests.get(actor.team, request_id)
    if request.condition is None:
        return SqlCard(request.id, title(request.text), "", "There is no condition yet, so there is no SQL.")
    desk = await desk.at_home(actor.team)
    at = desk.house.moment(desk.clock())
    house = await desk.house.holding([request.condition])
    sql = render(members(house, request.condition, at))
    note = f"Dates are resolved as of {at.now.astimezone(at.zone):%d %b %Y, %H:%M %Z}. It only reads."
    return SqlCard(request.id, title(request.text), sql, note)
