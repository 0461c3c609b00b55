"""The first people of a segment, contact data masked by the database itself; nobody is shown when there are too few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from segbot.flows.compose import title
from segbot.flows.desk import Actor, Desk
from segbot.flows.help import POINT
from segbot.flows.sizing import sizes
from segbot.flows.viewers import may_look
from segbot.model.cards import Notice, NoticeCard, PreviewCard
from segbot.model.catalog import Catalog, Field, Role
from segbot.model.condition import AllOf, Condition, Has, walk
from segbot.model.operators import Kind, Operator
from segbot.sql.compile import compile_preview
from segbot.warehouse.line import Errand, on_behalf_of

MOST_COLUMNS = 7
MOST_CHOSEN = 8
"""Columns that a person may choose besides those of the conditions."""

PAGE = 20
"""People of one page of a preview."""

_PREFERENCE = "preview.columns"

_TELLING = (Role.CITY, Role.STATE, Role.SIGNED_UP)
"""What tells people apart when the conditions ask for little."""


async def choose_columns(desk: Desk, actor: Actor, columns: Sequence[str]) -> None:
    """Remember which columns a person wants to see in every preview; those that the catalog does not have are left out."""
    known = [key for key in dict.fromkeys(columns) if desk.house.catalog.attribute(key) is not None][:MOST_CHOSEN]
    await desk.store.preferences.put(actor.team, actor.user, _PREFERENCE, known, desk.clock())


async def preview(desk: Desk, actor: Actor, request_id: str, *, page: int = 0) -> PreviewCard | NoticeCard:
    """A page of the first customers of a request's segment in a stable order.

    The columns are those that its conditions speak of and those that the person has chosen. Below the configured minimum
    audience no row is shown, as a handful of people can be recognised even when masked.
    """
    request = await desk.store.requests.get(actor.team, request_id)
    if request.condition is None:
        return NoticeCard(Notice("Nothing to preview yet", "This request has no condition that I understood."))
    desk = await desk.at_home(actor.team)
    house, at = desk.house, desk.house.moment(desk.clock())
    errand = Errand(actor.team, actor.user)  # at any cost: it was counted before
    with on_behalf_of(errand):
        (total,) = await sizes(house, desk.warehouse, [request.condition], at)
    chosen = await _chosen(desk, actor)
    columns = preview_columns(request.condition, house.catalog, chosen)
    labels = tuple(_label(key, house.catalog) for key in columns)
    floor = desk.settings.minimum_audience
    named = sum(key in house.catalog.customers.label for key in columns)
    card = PreviewCard(
        request.id,
        title(request.text),
        labels,
        (),
        total,
        house.catalog.customers.plural,
        names=max(named, 1),
        offered=tuple((a.key, a.label) for a in house.catalog.attributes if _offered(a, house.catalog)),
        chosen=_picked(columns, request.condition, chosen),
    )
    await desk.store.audit.record(
        team=actor.team,
        actor=actor.user,
        action="previewed",
        object_kind="request",
        object_id=request.id,
        channel=actor.channel,
        detail={"size": total.value, "columns": list(columns), "page": page},
    )
    if total.value < floor:
        return replace(card, hidden=True, floor=floor)
    house = await house.holding([request.condition])
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
    pages = max(-(-len(result.rows) // PAGE), 1)
    page = min(max(page, 0), pages - 1)
    there = result.rows[page * PAGE : (page + 1) * PAGE]
    shown = (tuple(shown_value(value, field) for value, field in zip(row[1:], fields, strict=True)) for row in there)
    return replace(
        card,
        rows=tuple(shown),
        start=page * PAGE,
        reach=len(result.rows),
        page=page,
        pages=pages,
        keys=tuple(str(row[0]) for row in there) if may_look(desk.settings, actor) else (),
    )


def _picked(columns: Sequence[str], condition: Condition, chosen: Sequence[str] | None) -> tuple[str, ...]:
    """The columns that stand in the picker: what was chosen, or what is shown besides the conditions' own until then."""
    asked = {node.attribute for node in walk(condition) if isinstance(node, Has)}
    return tuple(key for key in columns if (key in chosen if chosen is not None else key not in asked))


async def _chosen(desk: Desk, actor: Actor) -> tuple[str, ...] | None:
    """The columns that a person has chosen before, None where they never did."""
    kept = await desk.store.preferences.get(actor.team, actor.user, _PREFERENCE)
    return None if not isinstance(kept, list) else tuple(key for key in kept if isinstance(key, str))


def _offered(field: Field, catalog: Catalog) -> bool:
    """Whether a column can be chosen: not what is sensitive, nor where exactly somebody lives; the name is there anyway."""
    return not field.sensitive and field.role not in POINT and field.key not in catalog.customers.label


def preview_columns(condition: Condition, catalog: Catalog, chosen: Sequence[str] | None = None) -> tuple[str, ...]:
    """The attributes shown: who it is, what the conditions ask about in the order of the sentence, then the chosen ones.

    Where nothing was chosen, what tells people apart comes last. An attribute that the conditions pin to one value would be
    the same in every row, and is left out unless it is chosen.
    """
    asked = {node.attribute: node for node in walk(condition) if isinstance(node, Has)}
    pinned = {node.attribute for node in _required(condition) if node.operator is Operator.IS and len(node.values) == 1}
    telling = [a.key for role in _TELLING if (a := catalog.with_role(role)) is not None]
    mail = [a.key for a in catalog.attributes if a.contact == "email"][:1]
    wanted = [*mail, *telling] if chosen is None else [k for k in chosen if _choosable(k, catalog)]
    keys = dict.fromkeys([*catalog.customers.label, *asked, *wanted])
    unsaid = pinned - set(chosen or ())
    most = MOST_COLUMNS if chosen is None else MOST_COLUMNS + MOST_CHOSEN
    return tuple(key for key in keys if key not in unsaid and catalog.attribute(key) is not None)[:most]


def _choosable(key: str, catalog: Catalog) -> bool:
    field = catalog.attribute(key)
    return field is not None and _offered(field, catalog)


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
            return f"{value.day} {value:%b %Y}"
        case date():
            return f"{value.day} {value:%b %Y}"
        case int() | float() | Decimal() if field is not None and field.kind in (Kind.NUMBER, Kind.MONEY):
            return f"{value:,}"
        case str() if field is not None and (entry := field.value(value)) is not None:
            return entry.label
        case _:
            return str(value)
