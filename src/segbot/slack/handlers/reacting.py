"""Emoji on segbot's own cards: count again, share, star. Who gave one gets a receipt; taking it away undoes what it did."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from slack_bolt.async_app import AsyncApp

from segbot.flows import ask, react
from segbot.flows.desk import Actor, Duplicate
from segbot.flows.react import Deed
from segbot.model.request import Request
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.handlers.settling import go_on, uncounted
from segbot.slack.handlers.sharing import share_below
from segbot.slack.ids import Action
from segbot.slack.payload import OutdatedButton, Place, Posted
from segbot.slack.views import kit, wording
from segbot.slack.views.receipt import receipt_message

_DEEDS: tuple[Deed, ...] = ("count", "share", "star")
"""Their places stand in buttons for ever."""


def register(app: AsyncApp, deps: Deps) -> None:
    """Emoji given and taken away, and the Undo of a receipt."""
    app.event("reaction_added")(guarded(deps, on_reaction))
    app.event("reaction_removed")(guarded(deps, on_reaction))
    app.action(Action.TAKE_BACK.pattern)(guarded(deps, on_take_back))


async def on_reaction(call: Call) -> None:
    """Only on a card of segbot's, only for the emoji that the settings name, only in channels of this company."""
    desk, given = call.deps.desk, payload.reaction(call.body)
    deed = react.deeds(desk.settings).get(given.name)
    if deed is None or given.outside or given.actor.user == call.bot:
        return
    request = await react.reacted_to(desk, given.actor, given.channel, given.ts)
    if request is None:
        return
    await react.once(desk, given.delivery)
    spot = Posted(given.channel, given.ts, request.thread_ts)
    # A receipt stands where the card does: a thread that its person has not open would hide it.
    actor, place = given.actor, Place(given.actor.user, given.channel, spot.thread)
    if given.given:
        await _do(call, actor, place, request, spot, deed)
    else:
        await _undo(call, actor, place, request, deed)
    await ask.finish(desk, given.delivery)


async def on_take_back(call: Call) -> None:
    """The same as taking the emoji away, which only its person can."""
    await call.ack()
    click = payload.click(call.body)
    if click.about.a >= len(_DEEDS):
        raise OutdatedButton(click.value[:80])
    request = await call.deps.desk.store.requests.get(click.actor.team, click.about.request)
    await _undo(call, click.actor, click.place, request, _DEEDS[click.about.a])


async def _do(call: Call, actor: Actor, place: Place, request: Request, spot: Posted, deed: Deed) -> None:
    match deed:
        case "count":
            await _count(call, actor, place, request, spot)
        case "share":
            await _share(call, actor, place, request, spot)
        case "star":
            name = await react.star(call.deps.desk, actor, request, True)
            if name is None:
                await _tell(call, place, ":star: Save this segment first, then it can be starred.")
            else:
                await _tell(
                    call, place, f":star: *{kit.escape(name, 100)}* is starred: it stands first at Home.", request, deed
                )
        case _:
            assert_never(deed)


async def _count(call: Call, actor: Actor, place: Place, request: Request, spot: Posted) -> None:
    desk = call.deps.desk
    before = await ask.current(desk, actor, request.id)
    await go_on(call, actor, spot, uncounted(before), fresh=True)
    after = await ask.current(desk, actor, request.id)
    if after.count is None:
        return  # the card itself says why
    was = f" Before it was {wording.number(before.count.value)}." if before.count else ""
    await _tell(call, place, f":repeat: Counted again: *{wording.size(after.count, after.noun)}*.{was}")


async def _share(call: Call, actor: Actor, place: Place, request: Request, spot: Posted) -> None:
    desk = call.deps.desk
    shown = await ask.current(desk, actor, request.id)
    taken_at = int(shown.count.as_of.timestamp()) if shown.count else 0
    delivery = react.share_delivery(request, taken_at)
    thread = Place(actor.user, spot.channel, spot.thread or spot.ts)
    try:
        posted = await share_below(call, actor, thread, request.id, delivery)
    except Duplicate:
        await _tell(call, place, ":pushpin: This count is shared in the thread already.")
        return
    if isinstance(posted, Posted):
        await react.remember_share(desk, actor, request, posted.ts)
    await _tell(call, place, ":pushpin: Shared in the thread, with today's number and dates.", request, "share")


async def _undo(call: Call, actor: Actor, place: Place, request: Request, deed: Deed) -> None:
    match deed:
        case "count":
            return  # a count changes nothing, so there is nothing to take back
        case "share":
            gone = await react.take_back_share(call.deps.desk, actor, request)
            if gone is not None:
                await call.deps.sender.take_down(call.client, Posted(request.channel, gone))
                await _tell(call, place, ":leftwards_arrow_with_hook: What you shared is taken back.")
        case "star":
            name = await react.star(call.deps.desk, actor, request, False)
            if name is not None:
                await _tell(
                    call, place, f":leftwards_arrow_with_hook: *{kit.escape(name, 100)}* has no star of yours any more."
                )
        case _:
            assert_never(deed)


async def _tell(call: Call, place: Place, text: str, request: Request | None = None, deed: Deed = "count") -> None:
    """A receipt for the person alone; with a request there is something to take back."""
    message = receipt_message(text, request.id if request else "", _DEEDS.index(deed))
    await call.deps.sender.tell(call.client, replace(place, response_url=None), lambda audience: message)
