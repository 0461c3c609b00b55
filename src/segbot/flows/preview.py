"""The first people of a segment, contact data masked by the database itself; nobody is shown when there are too few."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.flows.compose import title
from segbot.flows.desk import Actor, Desk
from segbot.flows.sizing import sizes
from segbot.model.cards import Notice, NoticeCard, PreviewCard
from segbot.model.catalog import Catalog
from segbot.model.condition import Condition, Has, walk
from segbot.sql.compile import compile_preview

MOST_COLUMNS = 8


async def preview(desk: Desk, actor: Actor, request_id: str) -> PreviewCard | NoticeCard:
    """The first customers of a request's segment in a stable order, with the columns that its conditions speak of.

    Below the configured minimum audience no row is shown, as a handful of people can be recognised even when masked.
    """
    request = await desk.store.requests.get(actor.team, request_id)
    if request.condition is None:
        return NoticeCard(Notice("Nothing to preview yet", "This request has no condition that I understood."))
    house, at = desk.house, desk.house.moment(desk.clock())
    (total,) = await sizes(house, desk.warehouse, [request.condition], at)
    columns = preview_columns(request.condition, house.catalog)
    labels = tuple(_label(key, house.catalog) for key in columns)
    floor = desk.settings.minimum_audience
    card = PreviewCard(request.id, title(request.text), labels, (), total, house.catalog.customers.plural)
    await desk.store.audit.record(
        team=actor.team,
        actor=actor.user,
        action="previewed",
        object_kind="request",
        object_id=request.id,
        channel=actor.channel,
        detail={"size": total.value, "columns": list(columns)},
    )
    if total.value < floor:
        return replace(card, hidden=True, floor=floor)
    statement = compile_preview(
        request.condition, house.catalog, at, columns, desk.settings.preview_rows, masked=True, base=house.base
    )
    result = await desk.warehouse.rows(statement)
    # The first column is the key, which says nothing to a marketer.
    return replace(card, rows=tuple(tuple(_shown(value) for value in row[1:]) for row in result.rows))


def preview_columns(condition: Condition, catalog: Catalog) -> tuple[str, ...]:
    """The attributes shown: who it is, then what the conditions ask about, in the order of the sentence."""
    asked = [node.attribute for node in walk(condition) if isinstance(node, Has)]
    keys = dict.fromkeys([*catalog.customers.label, *asked])
    return tuple(key for key in keys if catalog.attribute(key) is not None)[:MOST_COLUMNS]


def _label(key: str, catalog: Catalog) -> str:
    field = catalog.attribute(key)
    return field.label if field else key


def _shown(value: Any) -> str:
    match value:
        case None:
            return "—"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
