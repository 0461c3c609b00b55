"""The app's Home and the prompts of its messages tab: drawn anew each time somebody looks, presses or searches.

Home keeps how somebody looks at it (tab, filters, page) in its own metadata, so that it needs no memory anywhere else.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from segbot.flows import library
from segbot.flows.desk import Actor
from segbot.flows.help import examples
from segbot.flows.tour import unseen
from segbot.logs import get_logger
from segbot.model.library import HomeCard, Look, Sort, Tab, WaitingLine, read_look
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action
from segbot.slack.payload import Click, Place
from segbot.slack.views.home import as_list, home_view, link_key
from segbot.slack.views.tour import tour_banner

log = get_logger(__name__)

MOST_PROMPTS = 4


def register(app: AsyncApp, deps: Deps) -> None:
    """Opening Home or the assistant's pane; tabs, search, filters, order and pages."""
    app.event("app_home_opened")(guarded(deps, on_open))
    app.event("assistant_thread_started")(guarded(deps, on_pane))
    for action in (
        Action.HOME_TAB,
        Action.HOME_PAGE,
        Action.HOME_SEARCH,
        Action.HOME_TAG,
        Action.HOME_STATE,
        Action.HOME_OWNER,
        Action.HOME_CHANNEL,
        Action.HOME_SORT,
        Action.HOME_CLEAR,
    ):
        app.action(action.pattern)(guarded(deps, on_look))
    app.action(Action.LINK.pattern)(guarded(deps, on_link))


async def on_open(call: Call) -> None:
    """Home as this person left it, with today's content; beside an empty conversation, requests to try."""
    opened = payload.home_opened(call.body)
    if opened.tab == "home":
        await show_home(call, opened.actor, read_look(opened.metadata))
    elif opened.tab == "messages" and opened.channel:
        await _suggest(call, Place(opened.actor.user, opened.channel))


async def on_pane(call: Call) -> None:
    """The assistant's pane of older apps: requests to try."""
    await _suggest(call, payload.assistant_opened(call.body))


async def on_look(call: Call) -> None:
    """Another tab, page, filter or order. What is not about pages begins at the first one."""
    await call.ack()
    click = payload.click(call.body)
    await show_home(call, click.actor, looked(read_look(click.metadata), click))


async def on_link(call: Call) -> None:
    """Slack opens the link itself and only wants to hear that it was heard."""
    await call.ack()


async def show_home(call: Call, actor: Actor, look: Look, notice: str = "") -> None:
    """Draw somebody's Home; `notice` says what was just done there."""
    card = await library.home(call.deps.desk, actor, look)
    view = home_view(card, await _links(call, card), notice)
    if await unseen(call.deps.desk, actor):
        view = view | {"blocks": [*tour_banner(), *view["blocks"]][:100]}
    await call.deps.sender.publish(call.client, actor.user, view)


def looked(look: Look, click: Click) -> Look:
    """How somebody looks after a press in Home."""
    action, value = click.action.split(":")[0], click.value
    if action == Action.HOME_PAGE:
        return replace(look, page=click.about.a)
    look = replace(look, page=0)
    match action:
        case Action.HOME_TAB:
            tab = click.about.request
            # Another list has other tags and owners: what was filtered there is not meant here.
            return Look(Tab(tab) if tab in list(Tab) else Tab.MINE, sort=look.sort, turn=look.turn + 1)
        case Action.HOME_SEARCH:
            return replace(look, search=value.strip()[:100])
        case Action.HOME_TAG:
            return replace(look, tag=as_list(value))
        case Action.HOME_STATE:
            return replace(look, state=as_list(value))
        case Action.HOME_OWNER:
            return replace(look, owner=value)
        case Action.HOME_CHANNEL:
            return replace(look, channel=value)
        case Action.HOME_SORT:
            return replace(look, sort=Sort(value) if value in list(Sort) else look.sort)
        case _:
            return Look(look.tab, sort=look.sort, turn=look.turn + 1)


async def _links(call: Call, card: HomeCard) -> dict[str, str]:
    """Where the waiting cards stand. One whose message has gone has no link."""

    async def link(line: WaitingLine) -> tuple[str, str]:
        try:
            answer = await call.client.chat_getPermalink(channel=line.channel, message_ts=line.message_ts)
        except (SlackApiError, OSError, TimeoutError) as error:
            log.info("slack.no_link", error=type(error).__name__)
            return link_key(line), ""
        return link_key(line), str(answer.get("permalink") or "")

    return dict(await asyncio.gather(*(link(line) for line in card.waiting)))


async def _suggest(call: Call, place: Place) -> None:
    """Requests to try, made from the catalog. Without the right to show them (an app from an older manifest) there are none."""
    prompts = [
        {"title": words[:75], "message": words} for words in examples(call.deps.desk.house.catalog)[:MOST_PROMPTS]
    ]
    try:
        await call.client.assistant_threads_setSuggestedPrompts(
            channel_id=place.channel or "",
            thread_ts=place.thread,
            title="Who are you looking for?",
            prompts=prompts,
        )
    except SlackApiError as error:
        log.info("slack.no_prompts", error=str(error.response.get("error")))
