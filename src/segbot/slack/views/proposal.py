"""What the assistant proposes, with all that a person needs to judge it. Only "Use this" makes it the request's meaning."""

from __future__ import annotations

from collections.abc import Iterator

from segbot.model.cards import ProposalCard
from segbot.slack.ids import Action, Value
from segbot.slack.views import kit, wording
from segbot.slack.views.kit import Block, Message
from segbot.slack.views.segment import condition_list, sentence

_MOST = 12
_LINES = 16


def proposal_message(card: ProposalCard) -> Message:
    """The proposal, in the place of the request's card until somebody uses it or goes back."""
    spoken = [f"{card.title}. The assistant proposes: {card.restatement}"]
    if card.count:
        spoken.append(wording.size(card.count, card.noun))
    spoken.append("Nothing is used until you confirm it")
    return Message(kit.escape(". ".join(part.rstrip(".") for part in spoken) + ".", 2900), tuple(_proposal(card)))


def _proposal(card: ProposalCard) -> Iterator[Block]:
    yield kit.header("The assistant proposes")
    elements = [kit.quote(*spans)] if (spans := [*sentence(card.sentence)]) else []
    elements += condition_list(card.lines[:_LINES], None, card.noun, 120)
    if (more := len(card.lines) - _LINES) > 0:
        elements.append(kit.paragraph(kit.run(f"… and {more} more conditions", italic=True)))
    if elements:
        yield kit.rich(*elements)
    if card.count:
        size = f"*{kit.escape(wording.size(card.count, card.noun), 100)}* · {wording.share(card.count, card.noun)}"
        yield kit.section(f":bar_chart: It would be {size}")
    evidence = [_evidence(line.text, line.words, line.guess) for line in card.evidence[:_MOST]]
    if evidence:
        yield kit.section("\n".join(["*Where it comes from*", *evidence])[:2900])
    if card.not_used:
        words = ", ".join(f"“{kit.escape(word, 60)}”" for word in card.not_used[:_MOST])
        yield kit.section(f":warning: *Not in it:* {words}")
    if card.differences:
        lines = [f"• {kit.escape(difference, 200)}" for difference in card.differences[:_MOST]]
        yield kit.section("\n".join(["*What differs from my own reading*", *lines])[:2900])
    elif card.agrees:
        yield kit.context("I had considered the same reading myself.")
    if card.ambiguities:
        lines = [f"• {kit.escape(doubt, 200)}" for doubt in card.ambiguities[:_MOST]]
        yield kit.section("\n".join(["*It was not sure about*", *lines])[:2900])
    value = str(Value(card.id))
    yield kit.actions(
        [
            kit.button(Action.USE_PROPOSAL, "Use this", value, primary=True, aloud="Use this proposal and count it"),
            kit.button(Action.DROP_PROPOSAL, "Back", value, aloud="Back to my own reading"),
        ]
    )
    model = f" by {kit.escape(card.model, 60)}" if card.model else ""
    yield kit.context(f"Proposed{model}, checked by segbot, confirmed by nobody yet.")


def _evidence(text: str, words: tuple[str, ...], guess: str) -> str:
    said = ", ".join(f"“{kit.escape(word, 60)}”" for word in words[:6]) or "no words of yours"
    line = f"• {kit.escape(text, 160)}: from {said}"
    return f"{line}. :warning: “{kit.escape(guess, 60)}” is a guess" if guess else line
