"""The builder: opening it, changing the list of conditions, and applying what was built.

A window is drawn from its draft in the store as it stands then, so it goes on after a restart; its size follows when it is
known, and only while nothing newer is shown.
"""

from __future__ import annotations

from functools import partial
from typing import assert_never

from slack_bolt.async_app import AsyncApp

from segbot.flows import build, build_cards
from segbot.flows.build import Act, Applied, Conflict, Join, Made, Unchanged
from segbot.flows.build_cards import Size
from segbot.flows.build_search import subjects
from segbot.flows.desk import Actor
from segbot.flows.form import FormProblem
from segbot.flows.refine import Changed
from segbot.model.draft import Draft
from segbot.model.request import Surface
from segbot.slack import payload
from segbot.slack.handlers import replying
from segbot.slack.handlers.asking import count, present
from segbot.slack.handlers.forming import draw_form, offer, open_form
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import NEW, Action, Callback
from segbot.slack.payload import Asked, InView, Origin, Place, Private, Spot
from segbot.slack.views.build import JOINS, TITLE, applied_modal, build_modal, conflict_modal
from segbot.slack.views.notice import loading_modal, notice_modal
from segbot.slack.views.segment import segment_message


def register(app: AsyncApp, deps: Deps) -> None:
    """The buttons that open it, everything in its list, and sending it."""
    app.action(Action.BUILD.pattern)(guarded(deps, on_open))
    app.action(Action.BUILD_DO.pattern)(guarded(deps, on_do))
    app.action(Action.BUILD_ADD.pattern)(guarded(deps, on_add))
    app.options(Action.BUILD_ADD.pattern)(guarded(deps, on_search))
    app.action(Action.BUILD_WORDS.pattern)(guarded(deps, on_words))
    app.action(Action.BUILD_OVER.pattern)(guarded(deps, on_over))
    app.action(Action.BUILD_RESTART.pattern)(guarded(deps, on_restart))
    app.view(Callback.BUILD)(guarded(deps, on_apply))


async def on_open(call: Call) -> None:
    """The button on a card, at Home or in the window "Change…"."""
    await call.ack()
    click = payload.click(call.body)
    request = click.about.request
    if "view" in call.body and click.spot is None and (call.body.get("view") or {}).get("type") == "modal":
        here = payload.in_view(call.body)
        await _draft_in(call, here.actor, here.view, request, here.origin.spot)
        return
    spot = click.spot if click.spot is not None else Private(Place(click.actor.user, click.actor.user))
    await open_builder(call, click.actor, click.trigger, None if request == NEW else request, spot)


async def open_builder(call: Call, actor: Actor, trigger: str, request: str | None, spot: Spot) -> None:
    """Open the builder on what a request's card shows, or on a new segment whose card will be posted at `spot`'s place."""
    view, _ = await call.deps.sender.open(call.client, trigger, loading_modal(TITLE))
    try:
        await _draft_in(call, actor, view, request, spot)
    except Exception as error:  # noqa: BLE001 (answered in the window; reported in the log)
        await call.deps.sender.show(call.client, view, notice_modal(call.report(error)))


async def _draft_in(call: Call, actor: Actor, view: str, request: str | None, spot: Spot | None) -> None:
    draft = await build.begin(call.deps.desk, actor, request)
    await draw_list(call, actor, view, Origin(draft.id, spot))


async def draw_list(call: Call, actor: Actor, view: str, origin: Origin, problem: str = "") -> None:
    """Draw the list of conditions as it is now, then its size: an estimate where there is a sample, then the exact number."""
    desk = await call.deps.desk.at_home(actor.team)
    sender, windows = call.deps.sender, call.deps.windows
    async with windows.drawing(view):
        draft = await desk.store.drafts.get(actor.team, actor.user, origin.request)
        card = build_cards.list_card(desk, draft)
        digest = await sender.show(call.client, view, build_modal(card, Size(), str(origin), problem))

    async def sized() -> None:
        here = digest
        tree = draft.condition
        guess = await build_cards.guess(desk, tree)
        if guess is not None and here is not None:
            here = await sender.show(call.client, view, build_modal(card, guess, str(origin), problem), here)
        if here is None:
            return
        size = await build_cards.exact(desk, actor, tree)
        if size.count is None and guess is not None:
            size = guess
        await sender.show(call.client, view, build_modal(card, size, str(origin), problem), here)

    if digest is not None:
        await windows.size(view, sized())


# --- the list -----------------------------------------------------------------------------------


async def on_do(call: Call) -> None:
    """A condition's menu, the way a group is joined, or a crumb."""
    await call.ack()
    here = payload.in_view(call.body)
    desk, actor, pick, draft = call.deps.desk, here.actor, here.pick, here.origin.request
    acts: dict[str, Act] = {"open": "open", "negate": "negate", "drop": "drop", "lift": "lift"}
    joins: dict[str, Join] = {f"join_{how}": how for _, how in JOINS}
    if pick.verb in acts:
        await build.act(desk, actor, draft, acts[pick.verb], pick.key)
    elif pick.verb in joins:
        await build.join(desk, actor, draft, joins[pick.verb])
    elif pick.verb == "crumb":
        await build.go_to(desk, actor, draft, pick.key)
    elif pick.verb in ("edit", "beside"):
        verb: Act = "edit" if pick.verb == "edit" else "beside"
        await open_form(call, here, lambda: build.act(desk, actor, draft, verb, pick.key))
        return
    else:
        raise payload.OutdatedButton(here.value)
    await draw_list(call, actor, here.view, here.origin)


async def on_words(call: Call) -> None:
    """Add a condition in words."""
    await call.ack()
    here = payload.in_view(call.body)
    await open_form(call, here, lambda: build.ask_what(call.deps.desk, here.actor, here.origin.request))


async def on_add(call: Call) -> None:
    """What a new condition is about was picked: in the list, or in the window that asks for it."""
    await call.ack()
    here = payload.in_view(call.body)
    desk, actor, draft = call.deps.desk, here.actor, here.origin.request
    if _is_form(call):
        after = await build.add(desk, actor, draft, here.value)
        if after.pending is None:  # it needed no form, and is in the list
            await added(call, here, after)
        else:
            await draw_form(call, actor, here.view, here.origin, fresh=True)
        return

    async def begun() -> Draft:
        await build.set_aside(desk, actor, draft)
        return await build.add(desk, actor, draft, here.value)

    needs_form = here.value.startswith(("a:", "e:"))
    if needs_form:
        await open_form(call, here, begun, fresh=True)
    else:
        await begun()
    await draw_list(call, actor, here.view, here.origin)


async def added(call: Call, here: InView, draft: Draft) -> None:
    """A condition was picked that needs no form: the window that asked says so, and the one below shows it."""
    await call.deps.sender.show(call.client, here.view, applied_modal("Added. You can go back now."))
    if here.below is not None and draft.mode == "build":
        await draw_list(call, here.actor, here.below, here.origin)


async def on_search(call: Call) -> None:
    """What a condition can be about, as one types."""
    here = payload.in_view(call.body)
    desk = await call.deps.desk.at_home(here.actor.team)
    await offer(call, subjects(desk.house, here.typed))


def _is_form(call: Call) -> bool:
    view = call.body.get("view")
    return isinstance(view, dict) and view.get("callback_id") == Callback.CONDITION


# --- applying -----------------------------------------------------------------------------------


async def on_apply(call: Call) -> None:
    """The builder was sent: its tree goes on the card, or becomes a new one."""
    here = payload.in_view(call.body)
    call.deps.windows.close(here.view)
    found = await _apply(call, here, over=False)
    match found:
        case Conflict():
            view = conflict_modal(found, str(here.origin))
            await call.ack(response_action="update", view=call.deps.sender.checked_view(view))
        case FormProblem(text=text):
            desk = await call.deps.desk.at_home(here.actor.team)
            draft = await desk.store.drafts.get(here.actor.team, here.actor.user, here.origin.request)
            view = build_modal(build_cards.list_card(desk, draft), Size(note=text), str(here.origin), text)
            await call.ack(response_action="update", view=call.deps.sender.checked_view(view))
        case _:
            await call.ack()
            await follow(call, here, found)


async def _apply(call: Call, here: InView, *, over: bool) -> Applied:
    surface = Surface.HOME if here.place.channel == here.actor.user else Surface.COMMAND
    return await build.apply(
        call.deps.desk, here.actor, here.origin.request, delivery=here.delivery, surface=surface, over=over
    )


async def on_over(call: Call) -> None:
    """Apply what was built in place of what somebody else made of the card meanwhile."""
    await call.ack()
    here = payload.in_view(call.body)
    found = await _apply(call, here, over=True)
    await call.deps.sender.show(call.client, here.view, applied_modal("Applied. You can close this window."))
    await follow(call, here, found)


async def on_restart(call: Call) -> None:
    """Begin the draft anew from what the card shows."""
    await call.ack()
    here = payload.in_view(call.body)
    await build.restart(call.deps.desk, here.actor, here.origin.request)
    await draw_list(call, here.actor, here.view, here.origin)


async def follow(call: Call, here: InView, found: Applied) -> None:
    """Bring the card up to date, with a line in its thread; or post the card of a new segment."""
    match found:
        case Changed():
            await show_change(call, here, found)
        case Made(card):
            asked = Asked(here.actor, "", here.place, here.delivery, Surface.COMMAND)
            await present(call, asked, card)
        case Unchanged() | Conflict() | FormProblem():
            pass
        case _:
            assert_never(found)


async def show_change(call: Call, here: InView, found: Changed) -> None:
    """A change made in a window, shown where its card stands and told in its thread."""
    at = found.at
    if at is not None:
        place = Place(here.actor.user, at.channel, at.thread or at.ts)
        await replying.answer(call, Asked(here.actor, "", place, here.delivery, Surface.MESSAGE), found)
        return
    spot = here.origin.spot  # a card that only its person sees: there is no thread to tell it in
    if spot is not None:
        await call.deps.sender.update(call.client, spot, partial(segment_message, found.card))
        await count(call, here.actor, found.card, spot)
