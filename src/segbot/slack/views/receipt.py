"""What segbot says to somebody alone after an emoji of theirs did something, with the way back."""

from __future__ import annotations

from segbot.slack.ids import Action, Value
from segbot.slack.views import kit
from segbot.slack.views.kit import Block, Message


def receipt_message(mrkdwn: str, request: str = "", deed: int = 0) -> Message:
    """One line; with a request, Undo and how else to undo. Foreign text in it must be escaped already."""
    blocks: list[Block] = [kit.section(mrkdwn)]
    if request:
        undo = kit.button(Action.TAKE_BACK, "Undo", str(Value(request, deed)), aloud="Undo what your emoji did")
        blocks += [kit.actions([undo]), kit.context("Or take your emoji away.")]
    return Message(mrkdwn.replace("*", ""), tuple(blocks))
