"""Looking behind a card: the first people of a segment, one of them, and its SQL. For the person who asked, and nobody else."""

from __future__ import annotations

import asyncio
from typing import assert_never

from slack_bolt.async_app import AsyncApp

from segbot.flows.people import find, profile
from segbot.flows.preview import choose_columns, preview
from segbot.flows.show_sql import show_sql
from segbot.model.cards import NoticeCard, PreviewCard
from segbot.model.profile import ProfileCard
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action, Callback, Field, read_customer
from segbot.slack.payload import Click, Origin, Submitted
from segbot.slack.views.kit import View
from segbot.slack.views.modals import sql_modal
from segbot.slack.views.notice import loading_modal, notice_modal
from segbot.slack.views.people import look_up_modal, nobody_modal, preview_modal, profile_modal

ANSWER_WITHIN = 2.0
"""Seconds to look somebody up before the form is told to wait."""


def register(app: AsyncApp, deps: Deps) -> None:
    """Preview with its pages, columns and people; Show SQL."""
    app.action(Action.PREVIEW.pattern)(guarded(deps, on_preview))
    app.action(Action.PAGE.pattern)(guarded(deps, on_page))
    app.action(Action.COLUMNS.pattern)(guarded(deps, on_columns))
    app.action(Action.CUSTOMER.pattern)(guarded(deps, on_customer))
    app.action(Action.LOOK_UP.pattern)(guarded(deps, on_look_up))
    app.view(Callback.LOOK_UP)(guarded(deps, on_looked_up))
    app.action(Action.SHOW_SQL.pattern)(guarded(deps, on_show_sql))


async def on_preview(call: Call) -> None:
    """The first people, masked."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about

    async def build() -> View:
        return await _page(call, click, Origin(about.request, click.spot), 0)

    await call.in_modal(click.trigger, "Preview", build)


async def on_page(call: Call) -> None:
    """Another page, in the same modal."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about
    await _show(call, click, await _page(call, click, Origin(about.request, payload.origin(call.body).spot), about.a))


async def on_columns(call: Call) -> None:
    """Other columns, remembered for every preview of this person."""
    await call.ack()
    click = payload.click(call.body)
    about = payload.origin(call.body)
    await choose_columns(call.deps.desk, click.actor, click.picked)
    await _show(call, click, await _page(call, click, about, 0))


async def on_customer(call: Call) -> None:
    """One of them, on top of the preview."""
    await call.ack()
    click = payload.click(call.body)
    asked = read_customer(click.value)
    if asked is None:
        raise payload.OutdatedButton(click.value[:80])
    request, key = asked

    async def build() -> View:
        return await _customer(call, await profile(call.deps.desk, click.actor, request, key))

    await call.in_modal(click.trigger, "Customer", build, on_top=True)


async def on_look_up(call: Call) -> None:
    """The form to look somebody up."""
    await call.ack()
    click = payload.click(call.body)
    noun = call.deps.desk.house.catalog.customers.noun
    form = look_up_modal(noun, str(Origin(click.about.request, payload.origin(call.body).spot)))
    await call.deps.sender.push(call.client, click.trigger, form)


async def on_looked_up(call: Call) -> None:
    """The customer in the place of the form; a slow database makes the form wait, as Slack itself waits three seconds."""
    form = payload.submitted(call.body)
    sender = call.deps.sender
    looking = asyncio.create_task(_looked_up(call, form))
    done, _ = await asyncio.wait([looking], timeout=ANSWER_WITHIN)
    if done:
        await call.ack(response_action="update", view=sender.checked_view(looking.result()))
        return
    await call.ack(response_action="update", view=sender.checked_view(loading_modal("Customer")))
    # What is shown must not come before the acknowledgement, which would put "One moment" over it.
    view, _ = await asyncio.gather(looking, asyncio.sleep(1.0))
    await sender.show(call.client, form.view, view)


async def _looked_up(call: Call, form: Submitted) -> View:
    try:
        card = await find(call.deps.desk, form.actor, form.origin.request, form.fields[Field.WHO])
        noun = call.deps.desk.house.catalog.customers.noun
        return nobody_modal(noun) if card is None else await _customer(call, card)
    except Exception as error:  # noqa: BLE001 (answered where the person looks; reported in the log)
        return notice_modal(call.report(error))


async def on_show_sql(call: Call) -> None:
    """The statement that is counted."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about

    async def build() -> View:
        return sql_modal(await show_sql(call.deps.desk, click.actor, about.request))

    await call.in_modal(click.trigger, "SQL", build)


async def _page(call: Call, click: Click, about: Origin, page: int) -> View:
    card = await preview(call.deps.desk, click.actor, about.request, page=page)
    match card:
        case PreviewCard():
            return preview_modal(card, str(about))
        case NoticeCard():
            return notice_modal(card)
        case _:
            assert_never(card)


async def _customer(call: Call, card: ProfileCard | NoticeCard) -> View:
    match card:
        case ProfileCard():
            zone = await call.deps.zones.of(call.client, payload.place_of(call.body).user)
            return profile_modal(card, zone)
        case NoticeCard():
            return notice_modal(card)
        case _:
            assert_never(card)


async def _show(call: Call, click: Click, view: View) -> None:
    """In the modal that was pressed in. One that was changed or closed meanwhile stays as its person made it."""
    if click.view is not None:
        view_id, digest = click.view
        await call.deps.sender.show(call.client, view_id, view, digest)
