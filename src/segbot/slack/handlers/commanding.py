"""The command `/segment`: a sentence, or one of the short commands that are told apart from sentences."""

from __future__ import annotations

from typing import assert_never

from slack_bolt.async_app import AsyncApp

from segbot.flows import define, library
from segbot.flows.help import help_card
from segbot.flows.library import Unfound
from segbot.flows.subcommands import ListThem, OpenIt, told_apart
from segbot.model.cards import Notice, NoticeCard
from segbot.model.library import Look
from segbot.model.request import Surface
from segbot.model.segment import Segment
from segbot.slack import payload
from segbot.slack.handlers.asking import answer, say
from segbot.slack.handlers.building import open_builder
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.handlers.home import show_home
from segbot.slack.handlers.shelving import open_card
from segbot.slack.ids import COMMAND
from segbot.slack.payload import Asked, Private
from segbot.slack.views.defining import words_message
from segbot.slack.views.home import home_link_message, list_message
from segbot.slack.views.kit import Message
from segbot.slack.views.notice import notice_message


def register(app: AsyncApp, deps: Deps) -> None:
    """The command."""
    app.command(COMMAND)(guarded(deps, on_command))


async def on_command(call: Call) -> None:
    """`/segment women in Texas`; alone or with `help` it explains itself, even when the databases are down."""
    await call.ack()
    asked = payload.command(call.body)
    desk = call.deps.desk
    command = await told_apart(desk, asked.actor, asked.words)
    match command:
        case None:
            await answer(call, asked)
        case "help":
            await say(call, asked.place, await help_card(desk), Surface.COMMAND)
        case "words":
            await _tell(call, asked, words_message(await define.words(desk, asked.actor)))
        case "home":
            await show_home(call, asked.actor, Look())
            await _tell(call, asked, home_link_message(asked.actor.team, str(call.body.get("api_app_id") or "")))
        case "build":
            await open_builder(call, asked.actor, str(call.body.get("trigger_id") or ""), None, Private(asked.place))
        case "smart":
            await _tell(call, asked, list_message(await library.ready_list(desk, asked.actor)))
        case "recent":
            await _tell(call, asked, list_message(await library.recent_list(desk, asked.actor)))
        case ListThem(words):
            await _tell(call, asked, list_message(await library.listing(desk, asked.actor, words)))
        case OpenIt(words):
            await _open(call, asked, words)
        case _:
            assert_never(command)


async def _open(call: Call, asked: Asked, words: str) -> None:
    found = await library.find(call.deps.desk, asked.actor, words)
    match found:
        case Segment():
            await open_card(call, asked, found.id)
        case str():
            await open_card(call, asked, found)
        case Unfound(close=close):
            hint = f"Did you mean: {', '.join(close)}? " if close else ""
            text = f"There is none called {words} that you may see."
            why = Notice("No such segment", text, f"{hint}`{COMMAND} list` shows all.")
            await _tell(call, asked, notice_message(NoticeCard(why)))
        case _:
            assert_never(found)


async def _tell(call: Call, asked: Asked, message: Message) -> None:
    await call.deps.sender.tell(call.client, asked.place, lambda audience: message)
