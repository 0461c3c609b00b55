"""The thumbs below a counted card: up is kept with a word of thanks, down asks what was wrong."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from segbot.flows import feedback
from segbot.model.cards import Notice, NoticeCard
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action, Callback, Field
from segbot.slack.payload import Origin
from segbot.slack.views.kit import View
from segbot.slack.views.modals import feedback_modal
from segbot.slack.views.notice import notice_message

_THANKS = NoticeCard(Notice("Thank you", "Your opinion is kept with the request, for those who look after segbot."))


def register(app: AsyncApp, deps: Deps) -> None:
    """The thumbs and the form."""
    app.action(Action.RATE.pattern)(guarded(deps, on_thumb))
    app.view(Callback.RATE)(guarded(deps, on_reasons))


async def on_thumb(call: Call) -> None:
    """Up is kept at once; down is kept when its form is sent."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about
    if about.a:
        await feedback.rate(call.deps.desk, click.actor, about.request, 1)
        await call.deps.sender.tell(call.client, click.place, lambda audience: notice_message(_THANKS))
        return

    async def build() -> View:
        form = await feedback.feedback_form(call.deps.desk, click.actor, about.request)
        return feedback_modal(form, str(Origin(about.request, click.spot)))

    await call.in_modal(click.trigger, "What was wrong?", build)


async def on_reasons(call: Call) -> None:
    """Keep what was wrong. The same form sent twice is one opinion."""
    form = payload.submitted(call.body)
    await feedback.rate(
        call.deps.desk,
        form.actor,
        form.origin.request,
        -1,
        reason=form.fields[Field.REASON],
        comment=form.fields[Field.COMMENT],
    )
    await call.ack()
    await call.deps.sender.tell(call.client, form.place, lambda audience: notice_message(_THANKS))
