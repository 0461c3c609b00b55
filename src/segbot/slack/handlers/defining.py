"""Defining words of the company: the form, the owners' yes or no in a card's thread, and the list of all words."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias, assert_never

from slack_bolt.async_app import AsyncApp

from segbot.errors import SegbotError
from segbot.flows import ask, define
from segbot.flows.define import Definition, DefinitionProblem, OwnerQuestion, Settled
from segbot.flows.desk import Actor, Duplicate
from segbot.flows.owners import is_owner
from segbot.model.cards import Notice, NoticeCard
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.handlers.settling import go_on
from segbot.slack.ids import Action, Callback, Field
from segbot.slack.payload import Click, Origin, Place, Posted, Spot, Submitted
from segbot.slack.views.defining import checked_modal, define_modal, done_modal, owner_message, words_message
from segbot.slack.views.kit import View
from segbot.slack.views.notice import loading_modal, notice_message, notice_modal

_TITLE = "Define a word"
_Outcome: TypeAlias = Definition | Settled | OwnerQuestion | DefinitionProblem

ANSWER_WITHIN = 1.5
"""Seconds to try a word before the form is told to wait: Slack itself waits three."""

COUNT_WITHIN = 1.0
"""Seconds more for its size."""

SETTLE = 0.5
"""Seconds between the answer to a form and its next change: Slack would let the answer overwrite one that overtakes it."""

_ALREADY = NoticeCard(Notice("The owners are asked already", "Their answer comes in the thread of this card."))


class NoThreadToAsk(SegbotError):
    """This card is visible to you alone, so owners can't be asked below it. Invite segbot here and ask again."""


def register(app: AsyncApp, deps: Deps) -> None:
    """Everything about the meaning of words."""
    app.action(Action.DEFINE.pattern)(guarded(deps, on_define))
    app.view(Callback.DEFINE)(guarded(deps, on_meaning))
    app.action(Action.KEEP_MEANING.pattern)(guarded(deps, on_keep))
    app.action(Action.ASK_OWNER.pattern)(guarded(deps, on_ask_owner))
    app.action(Action.ASK_TO_KEEP.pattern)(guarded(deps, on_ask_to_keep))
    app.action(Action.APPROVE.pattern)(guarded(deps, on_approve))
    app.action(Action.DECLINE.pattern)(guarded(deps, on_decline))
    app.action(Action.FORGET.pattern)(guarded(deps, on_forget))


async def on_define(call: Call) -> None:
    """Open the form for a word."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about

    async def build() -> View:
        form = await define.define_form(call.deps.desk, click.actor, about.request, about.a, about.b)
        return define_modal(form.word, str(Origin(about.request, click.spot, word=form.word)))

    await call.in_modal(click.trigger, _TITLE, build)


async def on_meaning(call: Call) -> None:
    """First the meaning is shown back with its size; sent again unchanged, it is kept, or the owners are asked.

    A large catalog takes longer to try a word on than Slack waits: then the form waits too.
    """
    form = payload.submitted(call.body)
    means = " ".join(form.fields[Field.MEANS].split())
    agreed = bool(means) and means == form.origin.means
    working: asyncio.Task[_Outcome] = asyncio.create_task(
        _settle_word(call, form, means) if agreed else _check(call, form, means)
    )
    done, _ = await asyncio.wait([working], timeout=ANSWER_WITHIN)
    if done:
        await _answer(call, form, means, working.result(), late=False)
        return
    await call.ack(response_action="update", view=call.deps.sender.checked_view(loading_modal(_TITLE)))
    await asyncio.sleep(SETTLE)
    try:
        result = await working
    except Exception as error:  # noqa: BLE001 (answered in the form; reported in the log)
        await call.deps.sender.show(call.client, form.view, notice_modal(call.report(error)))
        return
    await _answer(call, form, means, result, late=True)


async def _check(call: Call, form: Submitted, means: str) -> _Outcome:
    return await define.check(call.deps.desk, form.actor, form.origin.word, means)


async def _settle_word(call: Call, form: Submitted, means: str) -> _Outcome:
    """What was shown back and agreed to: kept by an owner, else put to the owners."""
    desk, origin = call.deps.desk, form.origin
    if is_owner(desk.settings, form.actor):
        return await define.keep(desk, form.actor, origin.request, origin.word, means)
    if not isinstance(origin.spot, Posted):
        return DefinitionProblem(NoThreadToAsk().sentence)
    return await define.suggest(desk, form.actor, origin.request, origin.word, means)


async def _answer(call: Call, form: Submitted, means: str, result: _Outcome, *, late: bool) -> None:
    sender, word, asked = call.deps.sender, form.origin.word, form.origin.spot
    match result:
        case DefinitionProblem(text) if late:
            again = define_modal(word, str(replace(form.origin, means="")), means=means, problem=text)
            await sender.show(call.client, form.view, again)
        case DefinitionProblem(text):
            await call.ack(response_action="errors", errors={Field.MEANS.value: text})
        case Definition():
            await _show_back(call, form, result, late=late)
        case Settled():
            await _close(call, form, f"“{word}” means that for everybody now.", late=late)
            if isinstance(asked, Posted) and asked.ts != result.message_ts:  # the question in the thread is answered
                await _answered(call, asked, result, form.actor.user)
            await _follow(call, form.actor, result, asked)
        case OwnerQuestion():
            await _close(call, form, "An owner is asked in the thread of the card.", late=late)
            await _ask(call, _thread(asked, form.place), result)
            await go_on(call, form.actor, asked, await ask.current(call.deps.desk, form.actor, form.origin.request))
        case _:
            assert_never(result)


async def _close(call: Call, form: Submitted, text: str, *, late: bool) -> None:
    if late:
        await call.deps.sender.show(call.client, form.view, done_modal(text))
    else:
        await call.ack()


async def _show_back(call: Call, form: Submitted, checked: Definition, *, late: bool) -> None:
    """The meaning as it was read, with its size: at once where the count is quick, else when it is there."""
    desk, sender = call.deps.desk, call.deps.sender
    origin = replace(form.origin, means=checked.means)
    view = partial(checked_modal, checked, str(origin), may_keep=is_owner(desk.settings, form.actor))
    counting = asyncio.create_task(_sized(call, checked, view))
    if not late:
        done, _ = await asyncio.wait([counting], timeout=COUNT_WITHIN)
        await call.ack(response_action="update", view=sender.checked_view(counting.result() if done else view()))
        if done:
            return
        await asyncio.sleep(SETTLE)
    await sender.show(call.client, form.view, await counting)


async def _sized(call: Call, checked: Definition, view: Callable[..., View]) -> View:
    try:
        counted = await define.size(call.deps.desk, checked)
    except Exception as error:  # noqa: BLE001 (said in the form; reported in the log)
        return view(note=call.report(error).notice.text)
    return view(count=counted, noun=call.deps.desk.house.catalog.customers.plural)


async def on_keep(call: Call) -> None:
    """An owner keeps what a word means on a card."""
    await call.ack()
    click = payload.click(call.body)
    result = await define.keep_meaning(call.deps.desk, click.actor, click.about.request, click.about.a)
    await _settle(call, click, result)


async def on_ask_owner(call: Call) -> None:
    """Ask the owners what a word shall mean."""
    await call.ack()
    click = payload.click(call.body)
    about, place = click.about, _thread(click.spot, click.place)
    await _ask(call, place, await define.ask_for_meaning(call.deps.desk, click.actor, about.request, about.a, about.b))


async def on_ask_to_keep(call: Call) -> None:
    """Ask the owners to keep what a word means on a card."""
    await call.ack()
    click = payload.click(call.body)
    about, place = click.about, _thread(click.spot, click.place)
    await _ask(call, place, await define.ask_to_keep(call.deps.desk, click.actor, about.request, about.a))


async def on_approve(call: Call) -> None:
    """An owner's yes in the thread: the word means that for everybody, and the card follows."""
    await call.ack()
    click = payload.click(call.body)
    result = await define.keep_meaning(call.deps.desk, click.actor, click.about.request, click.about.a)
    await _settle(call, click, result, answered=True)


async def on_decline(call: Call) -> None:
    """An owner's no."""
    await call.ack()
    click = payload.click(call.body)
    result = await define.decline(call.deps.desk, click.actor, click.about.request, click.about.a)
    await _settle(call, click, result, answered=True)


async def on_forget(call: Call) -> None:
    """An owner takes a word out of use; the list shows what is left."""
    await call.ack()
    click = payload.click(call.body)
    card = await define.forget(call.deps.desk, click.actor, click.about.request)
    if click.spot is not None:
        await call.deps.sender.update(call.client, click.spot, lambda audience: words_message(card))


async def _settle(call: Call, click: Click, result: Settled | DefinitionProblem, *, answered: bool = False) -> None:
    match result:
        case DefinitionProblem(text):
            why = NoticeCard(Notice("Not remembered", text))
            await call.deps.sender.tell(call.client, click.place, lambda audience: notice_message(why))
        case Settled():
            if answered and click.spot is not None:
                await _answered(call, click.spot, result, click.actor.user)
            await _follow(call, click.actor, result, None if answered else click.spot)
        case _:
            assert_never(result)


async def _answered(call: Call, spot: Spot, result: Settled, by: str) -> None:
    """The question to the owners says what became of it."""
    said = OwnerQuestion(result.card.id, result.meaning.word, "", (), result.meaning.means)
    message = owner_message(said, "declined" if result.meaning.declined else "kept", by)
    await call.deps.sender.update(call.client, spot, lambda audience: message)


async def _follow(call: Call, actor: Actor, result: Settled, spot: Spot | None) -> None:
    """Bring the card itself up to date, wherever it stands."""
    if result.message_ts is not None:
        spot = Posted(result.channel, result.message_ts, result.thread_ts)
    await go_on(call, actor, spot, result.card)


def _thread(spot: Spot | None, place: Place) -> Place:
    """The thread of a card. Raises `NoThreadToAsk`."""
    if not isinstance(spot, Posted):
        raise NoThreadToAsk(place.user)
    return Place(place.user, spot.channel, spot.thread or spot.ts, place.response_url)


async def _ask(call: Call, place: Place, question: OwnerQuestion) -> None:
    """Post the question to the owners once."""
    desk, sender = call.deps.desk, call.deps.sender
    about = hashlib.sha256(f"{question.word}\n{question.means}".casefold().encode()).hexdigest()[:16]
    delivery = f"owners:{question.id}:{about}"
    try:
        await define.take_question(desk, delivery)
    except Duplicate:
        await sender.tell(call.client, place, lambda audience: notice_message(_ALREADY))
        return
    try:
        await sender.post(call.client, place, lambda audience: owner_message(question))
    except Exception:
        await ask.release(desk, delivery)
        raise
    await ask.finish(desk, delivery)
