"""The window "Change…": moves of single conditions, each made at once, with a line in the thread and a way back."""

from __future__ import annotations

from typing import get_args

from slack_bolt.async_app import AsyncApp

from segbot.errors import ChangedMeanwhile
from segbot.flows import build, moves, refine
from segbot.flows.desk import Actor
from segbot.flows.moves import Verb
from segbot.flows.refine import Changed
from segbot.model.draft import Draft
from segbot.slack import payload
from segbot.slack.handlers.building import show_change
from segbot.slack.handlers.forming import open_form
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action
from segbot.slack.payload import InView, Origin
from segbot.slack.views.change import TITLE, change_modal
from segbot.slack.views.notice import loading_modal, notice_modal

_STALE = "Somebody was faster: this is how it stands now."


def register(app: AsyncApp, deps: Deps) -> None:
    """The button on a card, and everything in the window."""
    app.action(Action.CHANGE.pattern)(guarded(deps, on_open))
    app.action(Action.MOVE.pattern)(guarded(deps, on_move))


async def on_open(call: Call) -> None:
    """The button on a card."""
    await call.ack()
    click = payload.click(call.body)
    view, _ = await call.deps.sender.open(call.client, click.trigger, loading_modal(TITLE))
    try:
        await draw_change(call, click.actor, view, Origin(click.about.request, click.spot))
    except Exception as error:  # noqa: BLE001 (answered in the window; reported in the log)
        await call.deps.sender.show(call.client, view, notice_modal(call.report(error)))


async def draw_change(
    call: Call, actor: Actor, view: str, origin: Origin, note: str = "", *, weigh: bool = True
) -> None:
    """Draw the conditions as they stand now, then (unless `weigh` is off) what there would be without each."""
    desk, sender, windows = call.deps.desk, call.deps.sender, call.deps.windows
    async with windows.drawing(view):
        card = await moves.listed(desk, actor, origin.request)
        digest = await sender.show(call.client, view, change_modal(card, str(origin), note))

    async def sized() -> None:
        weighed = await moves.weighed(desk, actor, card)
        if weighed != card:
            await sender.show(call.client, view, change_modal(weighed, str(origin), note), digest)

    if digest is not None and weigh:
        await windows.size(view, sized())


async def on_move(call: Call) -> None:
    """A move of a condition, made at once; or the form of one, which is applied when it is sent."""
    await call.ack()
    here = payload.in_view(call.body)
    pick, desk, actor = here.pick, call.deps.desk, here.actor
    if pick.verb == "add":
        await open_form(call, here, lambda: _adding(call, here))
    elif pick.verb == "edit":
        await open_form(call, here, lambda: _editing(call, here, pick.key))
    elif pick.verb == "undo":
        await _made(call, here, await _undone(call, here, pick.key))
    elif (verb := _verb(pick.verb)) is not None:
        try:
            found = await moves.move(desk, actor, here.origin.request, verb, pick.key, pick.to, delivery=here.delivery)
        except ChangedMeanwhile:
            await draw_change(call, actor, here.view, here.origin, _STALE)
            return
        await _made(call, here, found)
    else:
        raise payload.OutdatedButton(here.value)


def _verb(text: str) -> Verb | None:
    found: Verb | None = next((verb for verb in get_args(Verb) if verb == text), None)
    return found


async def _undone(call: Call, here: InView, version: int) -> Changed:
    return await refine.back_to(call.deps.desk, here.actor, here.origin.request, version, delivery=here.delivery)


async def _made(call: Call, here: InView, found: Changed) -> None:
    """The window first, as that is where the person looks; then the card and its thread; then the numbers of the window."""
    await draw_change(call, here.actor, here.view, here.origin, found.reply.title, weigh=False)
    await show_change(call, here, found)
    await draw_change(call, here.actor, here.view, here.origin, found.reply.title)


async def _adding(call: Call, here: InView) -> Draft:
    draft = await build.begin(call.deps.desk, here.actor, here.origin.request, mode="direct")
    return await build.ask_what(call.deps.desk, here.actor, draft.id)


async def _editing(call: Call, here: InView, key: int) -> Draft:
    draft = await build.begin(call.deps.desk, here.actor, here.origin.request, mode="direct")
    return await build.act(call.deps.desk, here.actor, draft.id, "edit", key)
