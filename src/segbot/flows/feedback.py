"""A person's thumb on an answer, kept with how their words were read, and the list of them as a corpus to test against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from segbot.flows.desk import Actor, Desk
from segbot.model.reading import Reading
from segbot.nl.notation import notation
from segbot.store.feedback import Opinion

MOST_COMMENT = 1000

REASONS = {
    "ignored": "Some of my words were ignored",
    "misread": "A condition is not what I meant",
    "number": "The conditions are right, the number is not",
    "other": "Something else",
}
"""What can be wrong with an answer, by the code that is kept."""


@dataclass(frozen=True, slots=True)
class FeedbackForm:
    """The form that asks what was wrong with an answer."""

    id: str
    text: str
    restatement: str


async def feedback_form(desk: Desk, actor: Actor, request_id: str) -> FeedbackForm:
    """The form for a request. Raises `NotFound`."""
    request = await desk.store.requests.get(actor.team, request_id)
    return FeedbackForm(request.id, request.text, request.reading.restatement)


async def rate(
    desk: Desk, actor: Actor, request_id: str, thumb: Literal[-1, 1], *, reason: str = "", comment: str = ""
) -> None:
    """Keep a person's opinion of the answer as its card shows it now, in place of their earlier one. Raises `NotFound`."""
    request = await desk.store.requests.get(actor.team, request_id)
    await desk.store.feedback.give(
        Opinion(
            team=actor.team,
            request=request.id,
            user=actor.user,
            thumb=thumb,
            text=request.text,
            comment=comment[:MOST_COMMENT],
            at=desk.clock(),
            reason=reason if reason in REASONS else "",
            reading=request.reading,
            catalog=desk.house.catalog.digest,
        )
    )


def as_corpus(opinions: Iterable[Opinion]) -> list[dict[str, Any]]:
    """Opinions as cases of a corpus: the words and how they were read, to be corrected by whoever keeps the corpus."""
    return [_case(opinion) for opinion in opinions]


def _case(opinion: Opinion) -> dict[str, Any]:
    case: dict[str, Any] = {"text": opinion.text}
    case |= {"reject": None} if opinion.reading is None else as_case(opinion.reading)
    said = {
        "thumb": "up" if opinion.thumb > 0 else "down",
        "reason": REASONS.get(opinion.reason, ""),
        "comment": opinion.comment,
        "at": opinion.at.strftime("%Y-%m-%d"),
        "catalog": opinion.catalog[:12],
    }
    return case | {"feedback": {key: value for key, value in said.items() if value}}


def as_case(reading: Reading) -> dict[str, Any]:
    """How words were read, in the notation of a corpus. What was not needed is left out."""
    case: dict[str, Any] = {
        reading.outcome.value: None if reading.condition is None else notation(reading.condition),
        "assumes": [a.code for a in reading.assumptions],
        "unread": [u.text for u in reading.unread],
        "fixes": {c.said: c.read_as for c in reading.corrections},
        "choices": [[notation(c.condition) for c in q.choices] for q in reading.questions],
    }
    return {key: value for key, value in case.items() if value not in ([], {})}
