"""The step "Count a segment" of Slack's Workflow Builder: words or a segment's number in, the count and its sentence out."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from segbot.flows import ask, library
from segbot.flows.desk import Duplicate
from segbot.flows.library import Unfound, segment_address
from segbot.flows.subcommands import OpenIt, subcommand
from segbot.model.cards import Card, NoticeCard, SegmentCard
from segbot.model.request import Surface
from segbot.model.segment import Segment, Visibility
from segbot.slack import payload
from segbot.slack.handlers.asking import counted
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Shortcut
from segbot.slack.payload import Place, Posted, Step
from segbot.slack.views import wording
from segbot.slack.views.segment import segment_message


class StepFailed(Exception):
    """Why the step has no number: Slack shows the text to whoever looks after the workflow."""


def register(app: AsyncApp, deps: Deps) -> None:
    """The step."""
    app.function(Shortcut.STEP)(guarded(deps, on_step))


async def on_step(call: Call) -> None:
    """Count, and tell Slack what came of it: a number, or why there is none. A step is always told one of the two."""
    step = payload.step(call.body)
    try:
        outputs = await _run(call, step)
    except Duplicate:
        raise  # Slack delivered it twice: the first one answers
    except StepFailed as why:
        await call.client.functions_completeError(function_execution_id=step.execution, error=str(why))
        return
    except Exception as error:  # noqa: BLE001 (told to Slack, which shows it; reported in the log)
        notice = call.report(error).notice
        await call.client.functions_completeError(
            function_execution_id=step.execution, error=f"{notice.title}. {notice.text} (Reference {notice.reference})"
        )
        return
    await call.client.functions_completeSuccess(function_execution_id=step.execution, outputs=outputs)


async def _run(call: Call, step: Step) -> dict[str, object]:
    desk = call.deps.desk
    delivery = f"step:{step.execution}"
    card, link = await _start(call, step, delivery)
    if not isinstance(card, SegmentCard):
        text = f"{card.notice.title}. {card.notice.text}" if isinstance(card, NoticeCard) else "There were no words."
        raise StepFailed(text)
    if card.stage != "counting":
        raise StepFailed(_unclear(card))
    done = await counted(call, step.actor, card)
    if done.count is None:
        raise StepFailed(f"{done.notice.title}. {done.notice.text}" if done.notice else "It could not be counted.")
    if step.channel:
        link = await _post(call, step, done) or link
    await ask.finish(desk, delivery)
    size, share = wording.size(done.count, done.noun), wording.share(done.count, done.noun)
    sentence = f"{size}, {share}: {done.restatement}. {wording.as_of(done.count, done.timezone)}."
    return {"count": done.count.value, "sentence": sentence, "link": link}


async def _start(call: Call, step: Step, delivery: str) -> tuple[Card, str]:
    """The card of the words, or of the segment that they name by its number; and the segment's address if it has one."""
    desk = call.deps.desk
    named = subcommand(f"open {step.words}")
    if isinstance(named, OpenIt) and named.sure:
        found = await library.find(desk, step.actor, named.words)
        if isinstance(found, Unfound) or (isinstance(found, Segment) and found.visibility is Visibility.PRIVATE):
            raise StepFailed(f"There is no segment {named.words} that everybody may see.")
        about = found.id if isinstance(found, Segment) else found
        card = await library.open_segment(desk, step.actor, about, delivery=delivery, surface=Surface.WORKFLOW)
        return card, segment_address(desk.settings, found.number) if isinstance(found, Segment) else ""
    card_of_words = await ask.start(desk, step.actor, step.words, delivery=delivery, surface=Surface.WORKFLOW)
    return card_of_words, ""


def _unclear(card: SegmentCard) -> str:
    if card.questions:
        choices = " or ".join(f"“{choice.label}”" for choice in card.questions[0].choices[:4])
        return f"The words can be read in two ways. {card.questions[0].text} Say {choices}."
    unread = ", ".join(f"“{line.text}”" for line in card.unread)
    return f"Not understood: {unread}. Say it another way; /segment shows at once what is understood."


async def _post(call: Call, step: Step, card: SegmentCard) -> str:
    """The card in the channel that the workflow chose, and its link; empty where segbot may not post."""
    place = Place("", step.channel)
    spot = await call.deps.sender.post_here(call.client, place, lambda audience: segment_message(card, audience))
    if not isinstance(spot, Posted):
        return ""
    await ask.anchor(call.deps.desk, replace(step.actor, channel=spot.channel), card.id, spot.channel, spot.ts)
    try:
        answer = await call.client.chat_getPermalink(channel=spot.channel, message_ts=spot.ts)
    except SlackApiError as error:
        call.report(error)
        return ""
    return str(answer.get("permalink") or "")
