"""The doubts of a reading keep their names while others are settled."""

from __future__ import annotations

from dataclasses import replace

from segbot.model.condition import Everyone, Has, Not
from segbot.model.operators import Operator
from segbot.model.reading import Assumption, Choice, Outcome, Question, Reading, Unread

TEXAS = Has("state", Operator.IS, ("TX",))
CHOICES = (Choice("in Texas", TEXAS), Choice("not in Texas", Not(TEXAS)))


def test_a_button_names_the_same_doubt_after_another_was_settled() -> None:
    """A click on an older card never settles another question, assumption or word than the one it was drawn for."""
    first, second = (Question(start, start + 3, "abc", "Which?", CHOICES) for start in (0, 10))
    reading = Reading("x" * 20, Outcome.CLARIFY, Everyone(), questions=(first, second))
    later = replace(reading, questions=reading.questions[1:])
    assert later.questions[0].key == second.key != first.key
    chips = [Assumption(code, "", 0, 3, CHOICES) for code in ("twice_at_least", "calendar_month")]
    assert len({chip.key for chip in chips}) == 2
    words = [Unread(start, start + 3, "abc") for start in (0, 10)]
    assert len({word.key for word in words}) == 2
    assert all(0 <= doubt.key < 10**12 for doubt in (first, second, *chips, *words))
