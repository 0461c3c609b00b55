"""Things to put into a store."""

from __future__ import annotations

from datetime import UTC, datetime

from segbot.model.condition import AllOf, Condition, Did, Has, Not, Rows
from segbot.model.operators import Operator
from segbot.model.reading import Assumption, Choice, Outcome, Phrase, Question, Reading, Suggestion, Unread
from segbot.model.request import NewRequest, Surface
from segbot.model.segment import NewSegment
from segbot.model.windows import Ago, Now, Unit, Window

NOW = datetime(2026, 5, 20, 12, 30, tzinfo=UTC)
TEAM = "T1"

WOMEN = Has("gender", Operator.IS, ("F",))
TEXAS = Has("state", Operator.IS, ("TX",))
BOUGHT = Did(Rows("order", window=Window(Ago(90, Unit.DAY), Now())))


def reading(text: str = "women in Texas") -> Reading:
    """A reading with something of everything in it."""
    both = AllOf((WOMEN, TEXAS))
    return Reading(
        text=text,
        outcome=Outcome.CLARIFY,
        condition=both,
        restatement="women who live in Texas",
        phrases=(Phrase(0, 5, "women", "Gender is female", (0,)),),
        unread=(Unread(6, 8, "in", (Suggestion("within", "sounds alike"),), wants_definition=True),),
        assumptions=(Assumption("home_state", "home, not shipping", 9, 14, (Choice("shipping", TEXAS),)),),
        questions=(Question(0, 5, "women", "Which?", (Choice("women", WOMEN), Choice("not women", Not(WOMEN)))),),
    )


def new_request(text: str = "women in Texas", **other: str) -> NewRequest:
    values = {"team": TEAM, "channel": "C1", "user": "U1", **other}
    return NewRequest(surface=Surface.COMMAND, text=text, reading=reading(text), **values)


def new_segment(name: str = "Texan women", condition: Condition = WOMEN, team: str = TEAM) -> NewSegment:
    return NewSegment(team=team, name=name, condition=condition, owner="U1", request="women in Texas", tags=("texas",))
