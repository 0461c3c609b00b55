"""The rows of Home and of lists: open a segment as a live card, star, rename, edit, clone, switch off, trash, restore."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from slack_bolt.async_app import AsyncApp

from segbot.flows import library, shelving
from segbot.flows.library import READY
from segbot.flows.save import SaveProblem
from segbot.model.library import EditForm, read_look
from segbot.model.request import Surface
from segbot.model.segment import Segment, Visibility
from segbot.slack import payload
from segbot.slack.handlers.asking import present
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.handlers.home import show_home
from segbot.slack.ids import Action, Callback, Field, Value
from segbot.slack.payload import Asked, Click, Origin, Place, Submitted
from segbot.slack.views.home import Item
from segbot.slack.views.kit import View
from segbot.slack.views.shelving import edit_modal, rename_modal, trash_modal


def register(app: AsyncApp, deps: Deps) -> None:
    """The buttons and menus of rows, and their forms."""
    app.action(Action.OPEN.pattern)(guarded(deps, on_open))
    app.action(Action.REOPEN.pattern)(guarded(deps, on_reopen))
    app.action(Action.STAR.pattern)(guarded(deps, on_star))
    app.action(Action.MORE.pattern)(guarded(deps, on_menu))
    app.view(Callback.RENAME)(guarded(deps, on_renamed))
    app.view(Callback.EDIT)(guarded(deps, on_edited))
    app.view(Callback.TRASH)(guarded(deps, on_trashed))


async def on_open(call: Call) -> None:
    """The live card: a direct message from Home, in the channel from a list there."""
    await call.ack()
    click = payload.click(call.body)
    await open_card(call, _asked(click), subject(click.about))


async def on_reopen(call: Call) -> None:
    """An earlier request of the person as a new card."""
    await call.ack()
    click = payload.click(call.body)
    asked = _asked(click)
    card = await library.reopen(call.deps.desk, asked.actor, click.about.request, delivery=asked.delivery)
    await present(call, asked, card)


async def open_card(call: Call, asked: Asked, about: str) -> None:
    """A segment (its id, or its `ready:` key) as a live card where it was asked for; a private one for the asker alone."""
    desk = call.deps.desk
    private = False
    if not about.startswith(READY):
        segment = await library.visible(desk, asked.actor, about)
        private = segment.visibility is Visibility.PRIVATE
    card = await library.open_segment(desk, asked.actor, about, delivery=asked.delivery, surface=asked.surface)
    await present(call, asked, card, private=private and asked.surface is not Surface.HOME)


async def on_star(call: Call) -> None:
    """A star given or taken away; Home shows it at once."""
    await call.ack()
    click = payload.click(call.body)
    await shelving.star(call.deps.desk, click.actor, subject(click.about), click.about.a == 1)
    await _home(call, click)


async def on_menu(call: Call) -> None:
    """An entry of a row's menu."""
    await call.ack()
    click = payload.click(call.body)
    desk, about = call.deps.desk, click.about
    try:
        item = Item(about.a)
    except ValueError as unknown:
        raise payload.OutdatedButton(click.value[:80]) from unknown
    match item:
        case Item.RENAME:
            await _form(call, click, "Rename", rename_modal)
        case Item.EDIT:
            await _form(call, click, "Edit", edit_modal)
        case Item.TRASH:
            await _form(call, click, "Move to trash?", lambda form, data: trash_modal(form.name, form.number, data))
        case Item.CLONE:
            made = await shelving.clone(desk, click.actor, about.request, delivery=click.delivery)
            await _home(call, click, f"Cloned as #{made.number} {made.name}. The copy is yours.")
        case Item.ACTIVATE | Item.DEACTIVATE:
            done = await shelving.activate(desk, click.actor, about.request, item is Item.ACTIVATE)
            await _home(call, click, f"{done.name} is {done.state.value} now.")
        case Item.RESTORE:
            back = await shelving.restore(desk, click.actor, about.request)
            await _home(call, click, f"{back.name} (#{back.number}) is back.")
        case _:
            assert_never(item)


async def on_renamed(call: Call) -> None:
    """The new name, or what is wrong with it beside the field."""
    form = payload.submitted(call.body)
    done = await shelving.rename(
        call.deps.desk, form.actor, form.origin.request, _revision(form), form.fields[Field.NAME]
    )
    await _saved(call, form, done, "Renamed")


async def on_edited(call: Call) -> None:
    """Note, tags and who may see it, or what is wrong with them beside the field."""
    form = payload.submitted(call.body)
    targets = f"{form.fields[Field.PEOPLE]},{form.fields[Field.CHANNELS]}".split(",")
    done = await shelving.edit(
        call.deps.desk,
        form.actor,
        form.origin.request,
        _revision(form),
        note=form.fields[Field.NOTE],
        tags=form.tags,
        private=form.fields[Field.SEEN] == Visibility.PRIVATE,
        shared_with=tuple(filter(None, targets)),
    )
    await _saved(call, form, done, "Changed")


async def on_trashed(call: Call) -> None:
    """Into the trash; where other segments name it, Home says which."""
    form = payload.submitted(call.body)
    done = await shelving.trash(call.deps.desk, form.actor, form.origin.request)
    await call.ack()
    said = f"{done.name} (#{done.number}) is in the trash." if isinstance(done, Segment) else done.text
    await show_home(call, form.actor, read_look(form.origin.means), said)


# --- parts --------------------------------------------------------------------------------------


def subject(about: Value) -> str:
    """What a row's button is about: the id of a segment, or the key of a ready one."""
    return READY + about.request if about.b == 1 else about.request


def _asked(click: Click) -> Asked:
    """From Home the card comes as a direct message; from a list it stands where the list does."""
    home = click.place.channel is None
    place = Place(click.place.user, click.place.user) if home else click.place
    return Asked(click.actor, "", place, click.delivery, Surface.HOME if home else Surface.COMMAND)


async def _home(call: Call, click: Click, notice: str = "") -> None:
    await show_home(call, click.actor, read_look(click.metadata), notice)


async def _form(call: Call, click: Click, title: str, draw: Callable[[EditForm, str], View]) -> None:
    """Open a form about a segment. What it was opened for travels with it."""

    async def build() -> View:
        form = await shelving.edit_form(call.deps.desk, click.actor, click.about.request)
        return draw(form, str(Origin(form.id, None, str(form.revision), click.metadata or "{}")))

    await call.in_modal(click.trigger, title, build)


def _revision(form: Submitted) -> int:
    return int(form.origin.word) if form.origin.word.isdecimal() else 0


async def _saved(call: Call, form: Submitted, done: Segment | SaveProblem, said: str) -> None:
    match done:
        case SaveProblem(field, text):
            await call.ack(response_action="errors", errors={field: text})
        case Segment():
            await call.ack()
            await show_home(call, form.actor, read_look(form.origin.means), f"{said}: {done.name} (#{done.number}).")
        case _:
            assert_never(done)
