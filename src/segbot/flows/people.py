"""Looking at one customer from a segment: who it is (masked), why they are in or out, and what they did last.

Only for those whom the settings name, and every look is in the audit trail.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from segbot.errors import CannotCompile, NotAllowed, SegbotError
from segbot.flows.compose import condition_lines, title
from segbot.flows.desk import Actor, Desk
from segbot.flows.help import POINT
from segbot.flows.house import House
from segbot.flows.preview import shown_value
from segbot.flows.sizing import sizes
from segbot.flows.viewers import may_look
from segbot.logs import get_logger
from segbot.model.cards import ConditionLine, Notice, NoticeCard
from segbot.model.catalog import Catalog, Event, Field
from segbot.model.condition import AllOf, Condition, Everyone, Has, Listed, Not, any_of, rows_of
from segbot.model.operators import Operator
from segbot.model.profile import ProfileCard, RuleLine, TimelineLine
from segbot.model.resolve import Moment
from segbot.nl.inflect import past
from segbot.sql.compile import compile_preview
from segbot.sql.compile import condition_lines as node_lines
from segbot.sql.profile import compile_evidence, compile_timeline
from segbot.warehouse.line import Errand, on_behalf_of

log = get_logger(__name__)

MOST_EVENTS = 30
"""Events of a timeline; of each kind at most as many are read."""

MOST_RULES = 30
MOST_ATTRIBUTES = 60
_MOST_DETAILS = 3


class LooksNotAllowed(NotAllowed):
    """Single customers are shown only to those whom your segbot admins have named (SEGBOT_CUSTOMER_VIEWERS). Nothing was looked up."""


async def find(desk: Desk, actor: Actor, request_id: str, words: str) -> ProfileCard | NoticeCard | None:
    """The customer of that id, e-mail address or phone number; None where there is none, or several share it.

    Raises `NotAllowed` and `NotFound`.
    """
    _check(desk, actor)
    desk = await desk.at_home(actor.team)
    house, at = desk.house, desk.house.moment(desk.clock())
    contacts = [a for a in house.catalog.attributes if a.contact in ("email", "phone") and not a.source.many]
    tests: list[Condition] = [Listed((words.strip(),))]
    tests += [Has(a.key, Operator.IS, (words.strip(),)) for a in contacts]
    statement = compile_preview(any_of(tests), house.catalog, at, (), 2)
    with on_behalf_of(Errand(actor.team, actor.user)):
        rows = (await desk.warehouse.rows(statement)).rows
    if len(rows) != 1:
        await _audit(desk, actor, request_id, "looked for a customer", words.strip())
        return None
    return await profile(desk, actor, request_id, str(rows[0][0]))


async def profile(desk: Desk, actor: Actor, request_id: str, key: str) -> ProfileCard | NoticeCard:
    """A customer by key, seen from a request's segment. Raises `NotAllowed` and `NotFound`."""
    _check(desk, actor)
    request = await desk.store.requests.get(actor.team, request_id)
    desk = await desk.at_home(actor.team)
    house, at = desk.house, desk.house.moment(desk.clock())
    condition = request.condition or Everyone()
    await _audit(desk, actor, request_id, "looked at a customer", key)
    with on_behalf_of(Errand(actor.team, actor.user)):
        known = await _attributes(desk, house, at, key)
        if known is None:
            noun = house.catalog.customers.noun
            return NoticeCard(Notice(f"There is no such {noun} any more", f"The {noun} may have been deleted."))
        lines = [*zip(node_lines(condition), condition_lines(condition, house.catalog), strict=True)][:MOST_RULES]
        (inside, counted, holds), evidence, (timeline, untold) = await asyncio.gather(
            _held(desk, house, at, key, condition, [node for (_, node), _ in lines]),
            _evidence(desk, house, at, key, [node for (_, node), _ in lines]),
            _timeline(desk, house, at, key),
        )
    rules = [
        _rule(line, node, held, known, house.catalog, evidence.get(_leaf(node)))
        for ((_, node), (_, line)), held in zip(lines, holds, strict=True)
    ]
    return ProfileCard(
        request=request.id,
        segment=title(request.text),
        name=_name(known, house.catalog) or key,
        key=key,
        noun=house.catalog.customers.noun,
        inside=inside and counted,
        counted=counted,
        base_label=house.catalog.base_label,
        rules=tuple(rules),
        attributes=_told(known, house.catalog),
        timeline=timeline,
        timezone=at.rules.timezone,
        untold=untold,
    )


def _check(desk: Desk, actor: Actor) -> None:
    if not may_look(desk.settings, actor):
        raise LooksNotAllowed(actor.user)


async def _audit(desk: Desk, actor: Actor, request_id: str, action: str, about: str) -> None:
    """Who looked is kept; whom at only as a digest, as the trail names no customers."""
    digest = hashlib.sha256(f"{actor.team}:{about}".encode()).hexdigest()[:16]
    await desk.store.audit.record(
        team=actor.team,
        actor=actor.user,
        action=action,
        object_kind="request",
        object_id=request_id,
        channel=actor.channel,
        detail={"customer": digest},
    )


# --- what is known ------------------------------------------------------------------------------


async def _attributes(desk: Desk, house: House, at: Moment, key: str) -> dict[str, Any] | None:
    """Every attribute of one customer, masked; None where there is no such customer.

    Left out is what is sensitive, and where exactly they live: degrees would tell the address that is masked.
    """
    fields = [a.key for a in house.catalog.attributes if not a.sensitive and a.role not in POINT]
    statement = compile_preview(Listed((key,)), house.catalog, at, fields, 1, masked=True)
    found = (await desk.warehouse.rows(statement)).rows
    return dict(zip(fields, found[0][1:], strict=True)) if found else None


def _name(known: dict[str, Any], catalog: Catalog) -> str:
    named = (shown_value(known.get(key), catalog.attribute(key)) for key in catalog.customers.label)
    return " ".join(part for part in named if part != "—")


def _told(known: dict[str, Any], catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """The attributes that have an answer, in the order of the catalog, but for those in the name."""
    fields = [a for a in catalog.attributes if a.key in known and a.key not in catalog.customers.label]
    said = ((a.label, shown_value(known[a.key], a)) for a in fields)
    return tuple((label, value) for label, value in said if value != "—")[:MOST_ATTRIBUTES]


# --- why ----------------------------------------------------------------------------------------


async def _held(
    desk: Desk, house: House, at: Moment, key: str, condition: Condition, nodes: Sequence[Condition]
) -> tuple[bool, bool, list[bool]]:
    """Whether the customer is in the segment, is counted at all, and meets each line."""
    one = Listed((key,))
    trees = [AllOf((one, node)) for node in (condition, *nodes)]
    counted, inside, *each = await sizes(house, desk.warehouse, [one, *trees], at)
    return inside.value > 0, counted.value > 0, [size.value > 0 for size in each]


async def _evidence(
    desk: Desk, house: House, at: Moment, key: str, nodes: Sequence[Condition]
) -> dict[Condition, tuple[int, datetime | date | None]]:
    """For each line about events: how many rows count, and when the last was. What can't be told is left out."""
    asked = [leaf for leaf in dict.fromkeys(map(_leaf, nodes)) if len(rows_of(leaf)) == 1]

    async def ask(leaf: Condition) -> tuple[int, datetime | date | None] | None:
        (rows,) = rows_of(leaf)
        try:
            found = (await desk.warehouse.rows(compile_evidence(rows, house.catalog, at, key))).rows
        except CannotCompile:
            return None
        return int(found[0][0]), found[0][1]

    found = await asyncio.gather(*(ask(leaf) for leaf in asked))
    return {leaf: told for leaf, told in zip(asked, found, strict=True) if told is not None}


def _leaf(node: Condition) -> Condition:
    """What a line asks about, its negation aside."""
    while isinstance(node, Not):
        node = node.part
    return node


def _rule(
    line: ConditionLine,
    node: Condition,
    holds: bool,
    known: dict[str, Any],
    catalog: Catalog,
    evidence: tuple[int, datetime | date | None] | None,
) -> RuleLine:
    leaf = _leaf(node)
    value = ""
    if isinstance(leaf, Has) and (field := catalog.attribute(leaf.attribute)) is not None:
        hidden = leaf.attribute not in known
        value = "not shown" if hidden else f"{field.label}: {shown_value(known[leaf.attribute], field)}"
    elif evidence is not None:
        many, latest = evidence
        value = "none found" if many == 0 else f"{many:,} found" + (f", the last on {_day(latest)}" if latest else "")
    return RuleLine(line.level, line.text, holds, line.joiner, value)


def _day(when: datetime | date) -> str:
    return f"{when.day} {when:%b %Y}"


# --- what they did ------------------------------------------------------------------------------


async def _timeline(desk: Desk, house: House, at: Moment, key: str) -> tuple[tuple[TimelineLine, ...], tuple[str, ...]]:
    """The latest events of all kinds, newest first, and the kinds that could not be read."""
    events = [event for event in house.catalog.events if event.time is not None and not _finer(event, house.catalog)]

    async def ask(event: Event) -> list[TimelineLine] | None:
        fields = _details(event)
        try:
            statement = compile_timeline(event, house.catalog, at, key, fields, MOST_EVENTS)
            rows = (await desk.warehouse.rows(statement)).rows
        except SegbotError as error:
            log.info("timeline.untold", kind=event.key, error=type(error).__name__)
            return None
        return [_happened(event, fields, row, at) for row in rows]

    found = await asyncio.gather(*(ask(event) for event in events))
    lines = [line for kind in found if kind is not None for line in kind]
    untold = tuple(event.label for event, kind in zip(events, found, strict=True) if kind is None)
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True)[:MOST_EVENTS]), untold


def _finer(event: Event, catalog: Catalog) -> bool:
    """Whether an event is the lines of another one, which already tells that it happened."""
    return any(other.value_of == event.key for other in catalog.events)


def _details(event: Event) -> list[Field]:
    """The properties that say most of a row: its amount, what it was about, then the others that have one value."""
    wanted = [event.amount, *event.objects, event.quantity, *(p.key for p in event.properties)]
    fields = [event.property(key) for key in dict.fromkeys(key for key in wanted if key)]
    return [f for f in fields if f is not None and not f.source.many and not f.sensitive][:_MOST_DETAILS]


def _happened(event: Event, fields: Sequence[Field], row: Sequence[Any], at: Moment) -> TimelineLine:
    verb = event.verbs[0] if event.verbs else None
    what = f"{past(verb.lemma)} {verb.particle}".strip() if verb else event.label
    details = tuple((f.label, shown_value(value, f)) for f, value in zip(fields, row[1:], strict=True))
    when: datetime | date = row[0]
    day_only = not isinstance(when, datetime)
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(), at.zone)
    elif when.tzinfo is None:  # a clock without a zone is the workspace's
        when = when.replace(tzinfo=at.zone)
    told = tuple((label, value) for label, value in details if value != "—")
    return TimelineLine(when.astimezone(UTC), what[:1].upper() + what[1:], told, day_only)
