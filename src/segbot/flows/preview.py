"""The first people of a segment, contact data masked by the database itself; nobody is shown when there are too few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from segbot.flows.compose import title
from segbot.flows.desk import Actor, Desk
from segbot.flows.sizing import sizes
from segbot.model.cards import Notice, NoticeCard, PreviewCard
from segbot.model.catalog import Catalog, Field, Role
from segbot.model.condition import AllOf, Condition, Has, walk
from segbot.model.operators import Kind, Operator
from segbot.sql.compile import compile_preview
from segbot.warehouse.line import Errand, on_behalf_of

MOST_COLUMNS = 7

_TELLING = (Role.CITY, Role.STATE, Role.SIGNED_UP)
"""What tells people apart when the conditions ask for little."""


async def preview(desk: Desk, actor: Actor, request_id: str) -> PreviewCard | NoticeCard:
    """The first customers of a request's segment in a stable order, with the columns that its conditions speak of.

    Below the configured minimum audience no row is shown, as a handful of people can be recognised even when masked.
    """
    request = await desk.store.requests.get(actor.team, request_id)
    if request.condition is None:
        return NoticeCard(Notice("Nothing to preview yet", "This request has no condition that I understood."))
    desk = await desk.at_home(actor.team)
    house, at = desk.house, desk.house.moment(desk.clock())
    errand = Errand(actor.team, actor.user)  # at any cost: it was counted before
    with on_behalf_of(errand):
        (total,) = await sizes(house, desk.warehouse, [request.condition], at)
    columns = preview_columns(request.condition, house.catalog)
    labels = tuple(_label(key, house.catalog) for key in columns)
    floor = desk.settings.minimum_audience
    named = sum(key in house.catalog.customers.label for key in columns)
    card = PreviewCard(
        request.id, title(request.text), labels, (), total, house.catalog.customers.plural, names=max(named, 1)
    )
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
        request.condition,
        house.catalog,
        at,
        columns,
        desk.settings.preview_rows,
        masked=True,
        base=house.base,
        segments=house.segments,
    )
    with on_behalf_of(errand):
        result = await desk.warehouse.rows(statement)
    fields = [house.catalog.attribute(key) for key in columns]
    # The first column is the key, which says nothing to a marketer.
    shown = (
        tuple(shown_value(value, field) for value, field in zip(row[1:], fields, strict=True)) for row in result.rows
    )
    return replace(card, rows=tuple(shown))


def preview_columns(condition: Condition, catalog: Catalog) -> tuple[str, ...]:
    """The attributes shown: who it is, what the conditions ask about in the order of the sentence, then what tells people apart.

    An attribute that the conditions pin to one value would be the same in every row, and is left out.
    """
    asked = {node.attribute: node for node in walk(condition) if isinstance(node, Has)}
    pinned = {node.attribute for node in _required(condition) if node.operator is Operator.IS and len(node.values) == 1}
    telling = [a.key for role in _TELLING if (a := catalog.with_role(role)) is not None]
    mail = [a.key for a in catalog.attributes if a.contact == "email"][:1]
    keys = dict.fromkeys([*catalog.customers.label, *asked, *mail, *telling])
    return tuple(key for key in keys if key not in pinned and catalog.attribute(key) is not None)[:MOST_COLUMNS]


def _required(condition: Condition) -> Iterator[Has]:
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    return (part for part in parts if isinstance(part, Has))


def _label(key: str, catalog: Catalog) -> str:
    field = catalog.attribute(key)
    return field.label if field else key


def shown_value(value: Any, field: Field | None) -> str:
    """A value as people read it: the label of a code, a day without its hour, yes and no, a dash for no answer."""
    match value:
        case None | "":
            return "—"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(shown_value(item, field) for item in value)
        case datetime():
            return f"{value:%d %b %Y}"
        case date():
            return f"{value:%d %b %Y}"
        case int() | float() | Decimal() if field is not None and field.kind in (Kind.NUMBER, Kind.MONEY):
            return f"{value:,}"
        case str() if field is not None and (entry := field.value(value)) is not None:
            return entry.label
        case _:
            return str(value)
