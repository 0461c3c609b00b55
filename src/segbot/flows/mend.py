"""Mending a request on its card: words to do without, words that are no misspelling, and other words altogether."""

from __future__ import annotations

from dataclasses import dataclass, replace

from segbot.errors import ChangedMeanwhile
from segbot.flows.ask import change, not_understood, nothing_understood, read_again, without
from segbot.flows.compose import can_leave_out
from segbot.flows.desk import Actor, Desk
from segbot.model.cards import SegmentCard
from segbot.model.reading import Reading

MOST_WORDS = 3000
"""Characters of a request in a form: what Slack's longest input takes."""


@dataclass(frozen=True, slots=True)
class RewordForm:
    """The form to say a request another way, with the words as they are."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class RewordProblem:
    """Why other words were not taken, for the form."""

    text: str


async def leave_out(desk: Desk, actor: Actor, request_id: str, start: int, end: int, *, delivery: str) -> SegmentCard:
    """Do without the unread words between two offsets. The card that comes back is not counted yet.

    Pressing it twice changes nothing more. Raises `ChangedMeanwhile` when those words are no longer unread there.
    """

    def settle(desk: Desk, reading: Reading) -> tuple[Reading, str]:
        if any((left.start, left.end) == (start, end) for left in reading.left_out):
            return reading, ""
        words = tuple(u for u in reading.unread if (u.start, u.end) == (start, end) and can_leave_out(reading, u))
        if not words:
            raise ChangedMeanwhile(f"no unread words at {start}:{end} of request {request_id}")
        return without(reading, words), "left words out"

    return await change(desk, actor, request_id, settle, delivery)


async def as_typed(desk: Desk, actor: Actor, request_id: str, start: int, end: int, *, delivery: str) -> SegmentCard:
    """Undo the correction of the word between two offsets: it is what the person meant. The card is not counted yet.

    Pressing it twice changes nothing more. Raises `ChangedMeanwhile` when no such correction is there.
    """

    def settle(desk: Desk, reading: Reading) -> tuple[Reading, str]:
        said = reading.text[start:end]
        if said in reading.as_typed:
            return reading, ""
        if not any((c.start, c.end) == (start, end) for c in reading.corrections):
            raise ChangedMeanwhile(f"no correction at {start}:{end} of request {request_id}")
        meant = replace(reading, as_typed=(*reading.as_typed, said))
        return read_again(desk, meant, reading.text), "took back a correction"

    return await change(desk, actor, request_id, settle, delivery)


async def reword_form(desk: Desk, actor: Actor, request_id: str) -> RewordForm:
    """The form with the request's words. Raises `NotFound`."""
    request = await desk.store.requests.get(actor.team, request_id)
    return RewordForm(request.id, request.text[:MOST_WORDS])


async def reword(desk: Desk, actor: Actor, request_id: str, text: str, *, delivery: str) -> SegmentCard | RewordProblem:
    """Read other words for the same card, from the start; or say why they tell nothing. The card is not counted yet."""
    home = await desk.at_home(actor.team)
    if not text.strip():
        return RewordProblem("Say who you are looking for.")
    reading = home.house.read(text, desk.clock())
    if nothing_understood(reading):
        notice = not_understood(home, reading).notice
        return RewordProblem(" ".join(part for part in (notice.text, notice.next) if part)[:600])
    return await change(desk, actor, request_id, lambda _, __: (reading, "reworded"), delivery)
