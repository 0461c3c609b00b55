"""Finding segments again: what Home and `/segment list` show, and a segment or an earlier request opened as a live card.

Whoever may not see a segment is told the same as if it were not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from rapidfuzz import fuzz, process

from segbot.errors import NotFound
from segbot.flows.ask import STATUS_OF, current, last_count
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.help import examples
from segbot.flows.owners import is_owner, owners
from segbot.model.cards import SegmentCard
from segbot.model.condition import Condition, canonical
from segbot.model.library import HomeCard, ListCard, Look, ReadyLine, RequestLine, Shelved, Sort, Tab, WaitingLine
from segbot.model.reading import Outcome, Phrase, Reading
from segbot.model.request import NewRequest, Request, Surface
from segbot.model.segment import Segment, State
from segbot.nl.phrase import phrase
from segbot.settings import Settings
from segbot.store.deliveries import Taken
from segbot.store.shelf import Seen
from segbot.store.trees import comparable, fingerprint

PER_PAGE = 10
LISTED = 10
"""Segments that a list in a channel shows: more of them are at Home."""

READY = "ready:"
"""In front of the key of a ready segment where saved ones are named by their id."""

_WAITS = timedelta(days=14)
_MOST_WAITING = 4
_LIKE_ENOUGH = 60


@dataclass(frozen=True, slots=True)
class Unfound:
    """No segment that this person may see has that name or number; `close` are names like it."""

    words: str
    close: tuple[str, ...] = ()


def may_change(settings: Settings, actor: Actor, owner: str) -> bool:
    """Whether a person may change somebody's segment: their own, or any where the settings name them an owner of segbot."""
    return actor.user == owner or (bool(owners(settings)) and is_owner(settings, actor))


def segment_address(settings: Settings, number: int) -> str:
    """The address of a segment, which Slack shows as its card; empty where no address is set."""
    return f"{settings.public_url.rstrip('/')}/segments/{number}" if settings.public_url else ""


# --- looking ------------------------------------------------------------------------------------


async def home(desk: Desk, actor: Actor, look: Look) -> HomeCard:
    """One page of what a person looks at; a page beyond the last one is the last one."""
    card = HomeCard(
        look,
        desk.house.catalog.customers.plural,
        desk.house.catalog.calendar.timezone,
        per_page=PER_PAGE,
        waiting=await _waiting(desk, actor),
        examples=examples(desk.house.catalog)[:3],
        address=segment_address(desk.settings, 0).removesuffix("0"),
    )
    match look.tab:
        case Tab.SMART:
            lines = await _ready(desk, actor, look)
            card = replace(card, total=len(lines), tags=_tags_of(desk))
            card = _on_page(card)
            return replace(card, ready=tuple(_cut(lines, card.look.page)))
        case Tab.RECENT:
            total = await desk.store.requests.how_many_of(actor.team, actor.user)
            card = _on_page(replace(card, total=total))
            return replace(card, recent=await _recent(desk, actor, PER_PAGE, card.look.page * PER_PAGE))
    seen = _seen(actor, look)
    card = _on_page(replace(card, total=await desk.store.shelf.how_many(actor.team, seen)))
    offset = card.look.page * PER_PAGE
    segments = await desk.store.shelf.page(actor.team, seen, sort=look.sort, limit=PER_PAGE, offset=offset)
    mine = frozenset(s.id for s in segments if may_change(desk.settings, actor, s.owner))
    tags = await desk.store.shelf.tags(actor.team, actor.user)
    return replace(card, segments=segments, mine=mine, tags=tags)


async def listing(desk: Desk, actor: Actor, words: str = "") -> ListCard:
    """The first segments that a person may see and that these words fit."""
    tag = words.removeprefix("#") if words.startswith("#") and not words[1:].isdecimal() else ""
    seen = Seen(actor.user, actor.channel, search="" if tag else words, tag=tag)
    total = await desk.store.shelf.how_many(actor.team, seen)
    found = await desk.store.shelf.page(actor.team, seen, limit=LISTED)
    title = f"Segments with “{words}”" if words else "Segments"
    hint = "" if found else _nothing(words)
    return _list(desk, title, total, hint=hint, segments=found)


async def ready_list(desk: Desk, actor: Actor) -> ListCard:
    """The ready segments of the catalog."""
    lines = await _ready(desk, actor, Look(Tab.SMART))
    hint = "" if lines else "The catalog file has no ready segments. Its key `segments` can name some."
    return replace(_list(desk, "Ready segments", len(lines), hint=hint), ready=tuple(lines[: 2 * LISTED]))


async def recent_list(desk: Desk, actor: Actor) -> ListCard:
    """A person's latest requests."""
    total = await desk.store.requests.how_many_of(actor.team, actor.user)
    lines = await _recent(desk, actor, LISTED, 0)
    hint = "" if lines else "You have asked nothing yet. Try `/segment help`."
    return replace(_list(desk, "Your requests", total, hint=hint), recent=lines)


async def find(desk: Desk, actor: Actor, words: str) -> Segment | str | Unfound:
    """The segment of a number (#12) or of exactly this name that a person may see; of a ready one its `ready:` key."""
    number = words.strip().removeprefix("#")
    if number.isdecimal() and len(number) < 10:
        found = await desk.store.segments.by_number(actor.team, int(number))
        if found is not None and found.seen_by(actor.user, actor.channel) and found.state is not State.TRASH:
            return found
        return Unfound(words)
    named = await desk.store.segments.by_name(actor.team, words)
    if named is not None and named.seen_by(actor.user, actor.channel):
        return named
    ready = {r.name: r.key for r in desk.house.catalog.segments}
    key = next((key for name, key in ready.items() if comparable(name) == comparable(words)), None)
    if key is not None:
        return READY + key
    names = [*await desk.store.shelf.names(actor.team, actor.user, actor.channel), *ready]
    close = process.extract(words, names, scorer=fuzz.WRatio, limit=3, score_cutoff=_LIKE_ENOUGH, processor=comparable)
    return Unfound(words, tuple(name for name, _, _ in close))


async def visible(desk: Desk, actor: Actor, segment: str) -> Segment:
    """A segment that a person may see, in the trash too. Raises `NotFound`."""
    found = await desk.store.segments.get(actor.team, segment)
    if not found.seen_by(actor.user, actor.channel) and not may_change(desk.settings, actor, found.owner):
        raise NotFound(f"segment {segment} is private")
    return found


# --- opening ------------------------------------------------------------------------------------


async def open_segment(desk: Desk, actor: Actor, subject: str, *, delivery: str, surface: Surface) -> SegmentCard:
    """A saved segment (by its id) or a ready one (by its `ready:` key) as a new card, which is not counted yet.

    Raises `NotFound`, and `Duplicate` when this delivery was dealt with before.
    """
    await _take(desk, delivery)
    desk = await desk.at_home(actor.team)
    if subject.startswith(READY):
        ready = next((r for r in desk.house.catalog.segments if READY + r.key == subject), None)
        if ready is None:
            raise NotFound(f"ready segment {subject}")
        return await _new_card(desk, actor, desk.house.read(ready.request, desk.clock()), surface)
    segment = await visible(desk, actor, subject)
    reading = _reading_of(desk, segment.version.request, segment.version.condition)
    return await _new_card(desk, actor, reading, surface, segment)


async def reopen(desk: Desk, actor: Actor, request_id: str, *, delivery: str) -> SegmentCard:
    """A person's earlier request as a new card, as it stands now; the old card stays what it is.

    Raises `NotFound` (also for somebody else's), and `Duplicate` when this delivery was dealt with before.
    """
    await _take(desk, delivery)
    desk = await desk.at_home(actor.team)
    request = await desk.store.requests.get(actor.team, request_id)
    if request.user != actor.user:
        raise NotFound(f"request {request_id} is of somebody else")
    reading = replace(request.reading, condition=request.condition)
    segment = await desk.store.segments.find(actor.team, request.segment) if request.segment else None
    return await _new_card(desk, actor, reading, Surface.HOME, segment)


async def _new_card(
    desk: Desk, actor: Actor, reading: Reading, surface: Surface, segment: Segment | None = None
) -> SegmentCard:
    new = NewRequest(
        team=actor.team,
        channel=actor.channel or "",
        user=actor.user,
        surface=surface,
        text=reading.text,
        reading=reading,
        status=STATUS_OF[reading.outcome],
        thread_ts=actor.thread,
    )
    now = desk.clock()
    async with desk.store.transaction() as tx:
        request = await tx.requests.add(new, now)
        if segment is not None:
            request = await tx.requests.save(
                replace(request, segment=segment.id), by=actor.user, what="opened", now=now
            )
    return await current(desk, actor, request.id)


def _reading_of(desk: Desk, words: str, condition: Condition) -> Reading:
    """The words that a segment was saved with where they still mean its tree, else the tree said in words."""
    reading = desk.house.read(words, desk.clock()) if words.strip() else None
    read = reading.condition if reading is not None and reading.outcome is Outcome.ANSWER else None
    if reading is not None and read is not None and canonical(read) == canonical(condition):
        return replace(reading, condition=condition)
    said = phrase(condition, desk.house.catalog)
    return Reading(said, Outcome.ANSWER, condition, said, (Phrase(0, len(said), said, said),))


async def _take(desk: Desk, delivery: str) -> None:
    if await desk.store.deliveries.take(delivery, "open", desk.clock()) is Taken.DUPLICATE:
        raise Duplicate(delivery)


# --- parts --------------------------------------------------------------------------------------


def _seen(actor: Actor, look: Look) -> Seen:
    states = (State.TRASH,) if look.tab is Tab.TRASH else (State(look.state),) if look.state else ()
    # Who may change nothing there has no trash: it is the place to take something back.
    owner = actor.user if look.tab in (Tab.MINE, Tab.TRASH) else look.owner
    return Seen(
        actor.user,
        search=look.search,
        tag=look.tag,
        owner=owner,
        channel=look.channel,
        states=states,
        shared=look.tab is Tab.SHARED,
    )


def _on_page(card: HomeCard) -> HomeCard:
    return replace(card, look=replace(card.look, page=min(card.look.page, card.pages - 1)))


def _cut(lines: Sequence[ReadyLine], page: int) -> Sequence[ReadyLine]:
    return lines[page * PER_PAGE : (page + 1) * PER_PAGE]


def _list(desk: Desk, title: str, total: int, *, hint: str = "", segments: tuple[Shelved, ...] = ()) -> ListCard:
    catalog = desk.house.catalog
    return ListCard(title, catalog.customers.plural, catalog.calendar.timezone, total, segments, hint=hint)


def _nothing(words: str) -> str:
    if words:
        return f"No segment has “{words}” in its name, note, tags or request. `/segment list` shows all."
    return "None is saved yet. Ask for people with `/segment`, then press Save on the card."


async def _ready(desk: Desk, actor: Actor, look: Look) -> list[ReadyLine]:
    """The ready segments that fit a look, starred ones first, then the featured ones, in the catalog's order."""
    stars = await desk.store.shelf.starred(actor.team, actor.user)
    trees = {k.id: fingerprint(k.meaning) for k in desk.house.reader.ready if k.meaning is not None}
    sizes = await desk.store.shelf.sizes(actor.team, [*trees.values()])
    words, tag = comparable(look.search), comparable(look.tag)
    lines = [
        ReadyLine(
            r.key,
            r.name,
            r.request,
            r.description,
            r.tags,
            r.featured,
            READY + r.key in stars,
            sizes.get(trees.get(r.key, "")),
        )
        for r in desk.house.catalog.segments
        if words in comparable(" ".join((r.name, r.request, r.description, *r.tags)))
        and (not tag or tag in map(comparable, r.tags))
    ]
    match look.sort:
        case Sort.NAME:
            lines.sort(key=lambda line: comparable(line.name))
        case Sort.SIZE:
            lines.sort(key=lambda line: -line.count.value if line.count else 1)
        case Sort.UPDATED:
            lines.sort(key=lambda line: not line.featured)
    return sorted(lines, key=lambda line: not line.starred)


def _tags_of(desk: Desk) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for ready in desk.house.catalog.segments for tag in ready.tags))


async def _recent(desk: Desk, actor: Actor, limit: int, offset: int) -> tuple[RequestLine, ...]:
    requests = await desk.store.requests.recent(actor.team, actor.user, limit, offset)
    lines = []
    for request in requests:
        counted = await last_count(desk, request)
        segment = await desk.store.segments.find(actor.team, request.segment) if request.segment else None
        lines.append(
            RequestLine(
                request.id,
                request.text,
                request.status,
                request.created_at,
                request.channel,
                request.message_ts or "",
                segment.number if segment else None,
                counted.counted if counted else None,
            )
        )
    return tuple(lines)


async def _waiting(desk: Desk, actor: Actor) -> tuple[WaitingLine, ...]:
    """What waits for a person: questions on their own cards, and words that they, as an owner, may keep for everybody."""
    since = desk.clock() - _WAITS
    lines = [_open(r) for r in await desk.store.requests.waiting(actor.team, actor.user, since, _MOST_WAITING)]
    if owners(desk.settings) and is_owner(desk.settings, actor):
        for request in await desk.store.requests.with_new_words(actor.team, since, _MOST_WAITING):
            new = next(m for m in request.reading.meanings if not m.kept and not m.declined)
            why = f"Shall “{new.word}” mean “{new.means}” for everybody?"
            lines.append(_line(request, why))
    return tuple(lines)


def _open(request: Request) -> WaitingLine:
    reading = request.reading
    if reading.questions:
        return _line(request, f"One question is open: {reading.questions[0].text}")
    unread = ", ".join(f"“{u.text}”" for u in reading.unread[:3])
    return _line(request, f"Not understood: {unread}" if unread else "It waits for an answer")


def _line(request: Request, why: str) -> WaitingLine:
    return WaitingLine(request.text, why, request.updated_at, request.channel, request.message_ts or "")
