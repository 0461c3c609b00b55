"""Looking behind a card: the first people of a segment, and its SQL. Both open for the person who asked, and nobody else."""

from __future__ import annotations

from typing import assert_never

from slack_bolt.async_app import AsyncApp

from segbot.flows.preview import preview
from segbot.flows.show_sql import show_sql
from segbot.model.cards import NoticeCard, PreviewCard
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action
from segbot.slack.views.kit import View
from segbot.slack.views.modals import preview_modal, sql_modal
from segbot.slack.views.notice import notice_modal


def register(app: AsyncApp, deps: Deps) -> None:
    """Preview and Show SQL."""
    app.action(Action.PREVIEW.pattern)(guarded(deps, on_preview))
    app.action(Action.SHOW_SQL.pattern)(guarded(deps, on_show_sql))


async def on_preview(call: Call) -> None:
    """The first people, masked."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about

    async def build() -> View:
        card = await preview(call.deps.desk, click.actor, about.request)
        match card:
            case PreviewCard():
                return preview_modal(card)
            case NoticeCard():
                return notice_modal(card)
            case _:
                assert_never(card)

    await call.in_modal(click.trigger, "Preview", build)


async def on_show_sql(call: Call) -> None:
    """The statement that is counted."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about

    async def build() -> View:
        return sql_modal(await show_sql(call.deps.desk, click.actor, about.request))

    await call.in_modal(click.trigger, "SQL", build)
