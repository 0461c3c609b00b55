"""Saving a segment: the form, its errors beside their fields, and the card that then shows its name."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import assert_never

from slack_bolt.async_app import AsyncApp

from segbot.flows import save as flow
from segbot.flows.desk import Duplicate
from segbot.model.cards import SegmentCard
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action, Callback, Field
from segbot.slack.payload import Origin, Submitted
from segbot.slack.views.kit import View
from segbot.slack.views.modals import problem_modal, save_modal, saved_modal
from segbot.slack.views.notice import loading_modal, notice_modal
from segbot.slack.views.segment import segment_message

ANSWER_WITHIN = 2.0
"""Seconds to save before the form is told to wait: Slack itself waits three."""


def register(app: AsyncApp, deps: Deps) -> None:
    """The button and the form."""
    app.action(Action.SAVE.pattern)(guarded(deps, on_save))
    app.view(Callback.SAVE)(guarded(deps, on_submit))


async def on_save(call: Call) -> None:
    """Open the form. Where its card stands travels with it, for the update after saving."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about

    async def build() -> View:
        form = await flow.form(call.deps.desk, click.actor, about.request)
        return save_modal(form, str(Origin(about.request, click.spot)))

    await call.in_modal(click.trigger, "Save segment", build)


async def on_submit(call: Call) -> None:
    """Save, and close the form or show what to mend. A slow store makes the form wait instead of failing."""
    form = payload.submitted(call.body)
    saving = asyncio.create_task(_save(call, form))
    done, _ = await asyncio.wait([saving], timeout=ANSWER_WITHIN)
    if not done:
        waiting = call.deps.sender.checked_view(loading_modal("Save segment", "Saving…"))
        await call.ack(response_action="update", view=waiting)
        await _late(call, form, saving)
        return
    result = saving.result()
    match result:
        case flow.SaveProblem(field, text):
            await call.ack(response_action="errors", errors={field: text})
        case SegmentCard():
            await call.ack()
            await _update(call, form, result)
        case None:
            await call.ack()
        case _:
            assert_never(result)


async def _save(call: Call, form: Submitted) -> SegmentCard | flow.SaveProblem | None:
    """None when this very form was saved before: the same submission came twice."""
    try:
        return await flow.save(
            call.deps.desk,
            form.actor,
            form.origin.request,
            name=form.fields[Field.NAME],
            note=form.fields[Field.NOTE],
            tags=form.tags,
            delivery=form.delivery,
        )
    except Duplicate:
        return None


async def _late(call: Call, form: Submitted, saving: asyncio.Task[SegmentCard | flow.SaveProblem | None]) -> None:
    try:
        result = await saving
    except Exception as error:  # noqa: BLE001 (answered in the form; reported in the log)
        await call.deps.sender.show(call.client, form.view, notice_modal(call.report(error)))
        return
    view = problem_modal(result.text) if isinstance(result, flow.SaveProblem) else saved_modal(form.fields[Field.NAME])
    await call.deps.sender.show(call.client, form.view, view)
    if isinstance(result, SegmentCard):
        await _update(call, form, result)


async def _update(call: Call, form: Submitted, card: SegmentCard) -> None:
    if form.origin.spot is not None:
        await call.deps.sender.update(call.client, form.origin.spot, partial(segment_message, card))
