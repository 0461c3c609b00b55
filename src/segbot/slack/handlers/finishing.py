"""Sending a window of the builder that stands on top of another: a condition's form, the eligibility window, people pinned."""

from __future__ import annotations

import asyncio

from slack_bolt.async_app import AsyncApp

from segbot.flows import build, pins
from segbot.flows.eligible import eligible_from, eligible_inputs
from segbot.flows.form import FormProblem, Input, first
from segbot.flows.refine import Changed
from segbot.model import surgery
from segbot.model.draft import Draft
from segbot.slack import payload
from segbot.slack.handlers.building import draw_list, follow
from segbot.slack.handlers.changing import draw_change
from segbot.slack.handlers.forming import draw_form
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action, Callback
from segbot.slack.payload import InView, Origin
from segbot.slack.views.build import eligible_modal, pins_modal
from segbot.slack.views.notice import loading_modal, notice_modal

MOST_SHOWN = 2_500
"""Characters of keys that still fit their input; of more people the number is told instead."""

ANSWER_WITHIN = 2.0
"""Seconds to look people up before the form is told to wait: Slack itself waits three."""


def register(app: AsyncApp, deps: Deps) -> None:
    """The forms, and the buttons that open those of the whole segment."""
    app.view(Callback.CONDITION)(guarded(deps, on_condition))
    app.action(Action.BUILD_ELIGIBLE.pattern)(guarded(deps, on_eligible))
    app.view(Callback.ELIGIBLE)(guarded(deps, on_eligible_sent))
    app.action(Action.BUILD_PINS.pattern)(guarded(deps, on_pins))
    app.view(Callback.PINS)(guarded(deps, on_pins_sent))


async def on_condition(call: Call) -> None:
    """A condition's form was sent: it takes its place in the window below, or on the card where it was opened from there."""
    here = payload.in_view(call.body)
    call.deps.windows.close(here.view)
    desk, actor = call.deps.desk, here.actor
    before = await desk.store.drafts.get(actor.team, actor.user, here.origin.request)
    was_filter = before.pending is not None and before.pending.test is not None
    found = await build.done(desk, actor, here.origin.request, here.values)
    if isinstance(found, FormProblem):
        await _mend(call, here, found)
        return
    if was_filter:
        await call.ack()
        if here.below is not None:
            await draw_form(call, actor, here.below, here.origin)
    elif found.mode == "direct":
        applied = await build.apply(desk, actor, found.id, delivery=here.delivery)
        if isinstance(applied, build.Conflict):
            applied = FormProblem("", "Somebody was faster. Go back to see how it stands now.")
        if isinstance(applied, FormProblem):
            await _mend(call, here, applied)
            return
        await call.ack()
        below = Origin(found.request, here.origin.spot) if found.request is not None else None
        note = applied.reply.title if isinstance(applied, Changed) else ""
        if here.below is not None and below is not None:
            await draw_change(call, actor, here.below, below, note, weigh=False)
        await follow(call, here, applied)
        if here.below is not None and below is not None:
            await draw_change(call, actor, here.below, below, note)
    else:
        await call.ack()
        if here.below is not None:
            await draw_list(call, actor, here.below, here.origin)


async def _mend(call: Call, here: InView, problem: FormProblem) -> None:
    """The error at its input; at the first where it is about the whole."""
    block = here.blocks.get(problem.field) or next(iter(here.blocks.values()), None)
    if block is None:
        await call.ack(response_action="update", view=notice_modal_of(problem))
        return
    await call.ack(response_action="errors", errors={block: problem.text or "That can't be counted."})


def notice_modal_of(problem: FormProblem) -> dict[str, object]:
    """What stands in a form without inputs."""
    return loading_modal("Condition", problem.text)


# --- among whom ---------------------------------------------------------------------------------


async def on_eligible(call: Call) -> None:
    """Open the form of the eligibility window."""
    await call.ack()
    here = payload.in_view(call.body)
    desk = await call.deps.desk.at_home(here.actor.team)
    draft = await desk.store.drafts.get(here.actor.team, here.actor.user, here.origin.request)
    inputs = eligible_inputs(build.rules_of(draft), desk.house.catalog, None)
    view = eligible_modal(inputs, desk.house.catalog.customers.plural, str(here.origin))
    await call.deps.sender.push(call.client, here.trigger, view)


async def on_eligible_sent(call: Call) -> None:
    """The eligibility window takes its place before all conditions."""
    here = payload.in_view(call.body)
    draft = await call.deps.desk.store.drafts.get(here.actor.team, here.actor.user, here.origin.request)
    found = eligible_from(build.rules_of(draft), here.values)
    if isinstance(found, FormProblem):
        await _mend(call, here, found)
        return
    new = found
    await build.replace_rules(call.deps.desk, here.actor, here.origin.request, lambda _: new)
    await call.ack()
    if here.below is not None:
        await draw_list(call, here.actor, here.below, here.origin)


# --- people pinned ------------------------------------------------------------------------------


async def on_pins(call: Call) -> None:
    """Open the form of the people pinned in and out."""
    await call.ack()
    here = payload.in_view(call.body)
    draft = await call.deps.desk.store.drafts.get(here.actor.team, here.actor.user, here.origin.request)
    await call.deps.sender.push(call.client, here.trigger, pins_modal(_pin_inputs(draft), str(here.origin)))


def _pin_inputs(draft: Draft) -> tuple[Input, ...]:
    _, keys_in, keys_out = surgery.pinned(draft.condition)
    return (_keys("pin_in", "Always in", keys_in), _keys("pin_out", "Always out", keys_out))


def _keys(name: str, label: str, keys: tuple[str, ...]) -> Input:
    text = "\n".join(keys)
    if len(text) > MOST_SHOWN:
        hint = f"{len(keys):,} people are pinned already; those you enter are added to them."
        return Input(name, label, "lines", hint=hint, optional=True)
    chosen = ((text, text),) if text else ()
    return Input(name, label, "lines", chosen=chosen, hint="Customer keys or e-mail addresses.", optional=True)


async def on_pins_sent(call: Call) -> None:
    """Look everybody up; those whom nobody knows are named at their input."""
    here = payload.in_view(call.body)
    working = asyncio.create_task(_pin(call, here))
    done, _ = await asyncio.wait([working], timeout=ANSWER_WITHIN)
    if not done:
        waiting = call.deps.sender.checked_view(loading_modal("Pin people", "Looking them up…"))
        await call.ack(response_action="update", view=waiting)
        try:
            problem = await working
        except Exception as error:  # noqa: BLE001 (answered in the form; reported in the log)
            await call.deps.sender.show(call.client, here.view, notice_modal(call.report(error)))
            return
        text = "Done. You can go back now." if problem is None else f"{problem.text}. Nobody was pinned."
        await call.deps.sender.show(call.client, here.view, loading_modal("Pin people", text))
    elif (problem := working.result()) is not None:
        await _mend(call, here, problem)
        return
    else:
        await call.ack()
    if here.below is not None:
        await draw_list(call, here.actor, here.below, here.origin)


async def _pin(call: Call, here: InView) -> FormProblem | None:
    desk = await call.deps.desk.at_home(here.actor.team)
    draft = await desk.store.drafts.get(here.actor.team, here.actor.user, here.origin.request)
    _, *before = surgery.pinned(draft.condition)
    keys: list[tuple[str, ...]] = []
    for name, old in zip(("pin_in", "pin_out"), before, strict=True):
        found = await pins.look_up(desk, here.actor, name, first(here.values, name))
        if isinstance(found, FormProblem):
            return found
        kept = old if len("\n".join(old)) > MOST_SHOWN else ()
        keys.append(tuple(dict.fromkeys((*kept, *found))))
    await build.pin(desk, here.actor, here.origin.request, keys[0], keys[1])
    return None
