"""What narrowing and reusing promise: only narrower windows, at their place, with a way back; the same question is the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from segbot.catalog.load import load_catalog
from segbot.demo import company
from segbot.flows.house import House, open_house
from segbot.flows.narrow import _key, leaves, narrowed, narrower
from segbot.flows.progress import step_of
from segbot.flows.reuse import question_key
from segbot.model.condition import Condition
from segbot.nl.phrase import phrase, phrase_node

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def house() -> House:
    return open_house(load_catalog(company.CATALOG))


def tree(house: House, words: str, now: datetime = NOW) -> Condition:
    condition = house.read(words, now).condition
    assert condition is not None
    return condition


OFFERS = {
    "bought": ["Bought in the last 365 days", "Bought in the last 90 days"],
    "bought in the last 2 years": ["Bought in the last 365 days", "Bought in the last 90 days"],
    "bought in the last 90 days": ["Bought in the last 30 days"],
    "bought in the last 30 days": [],
    "bought this year": ["Bought in the last 90 days", "Bought in the last 30 days"],
    "bought in 2024": [],
    "bought before 2025": [],
    "never opened an email": ["Didn't open an email in the last 365 days", "Didn't open an email in the last 90 days"],
    "women": [],
}


@pytest.mark.parametrize(("words", "offers"), OFFERS.items())
def test_only_narrower_windows_up_to_now_are_offered(house: House, words: str, offers: list[str]) -> None:
    """What is offered looks at fewer days than what was asked; what lies in the past or has no rows is left alone."""
    found = [phrase_node(new, house.catalog) for _, new in narrower(tree(house, words), house.moment(NOW))]
    assert len(found) == len(offers)
    assert [text[-12:] for text in found] == [text[-12:] for text in offers]


def test_one_condition_is_narrowed_where_it_stands(house: House) -> None:
    """The others stay as they are, and the words say what became of what."""
    before = tree(house, "women who bought in the last 2 years and (viewed shoes or never opened an email)")
    at = house.moment(NOW)
    for path, leaf in leaves(before):
        for days, new in narrower(leaf, at):
            after, text = narrowed(house, before, _key(path, leaf), days, at)
            assert list(leaves(after)) == [(p, new if p == path else one) for p, one in leaves(before)]
            assert phrase_node(new, house.catalog) in text
            assert phrase(after, house.catalog) != phrase(before, house.catalog)


SAME = {
    "women in Texas": (True, True),
    "bought in the last 90 days": (True, False),
    "bought in the last 3 hours": (False, False),
    "bought in 2024": (True, True),
    "women over 30": (True, False),
    "bought this year": (True, True),
}
"""Whether it is the same question twenty minutes later, and the day after."""


@pytest.mark.parametrize(("words", "same"), SAME.items())
def test_a_question_is_the_same_while_its_dates_are(house: House, words: str, same: tuple[bool, bool]) -> None:
    """Windows that resolve to other bounds are another question; the moment itself is not."""
    condition = tree(house, words)
    first = question_key(house, condition, house.moment(NOW))
    later = (NOW + timedelta(minutes=20), NOW + timedelta(days=1))
    assert tuple(question_key(house, condition, house.moment(now)) == first for now in later) == same


def test_other_trees_are_other_questions(house: House) -> None:
    """No two of these share a number."""
    keys = {question_key(house, tree(house, words), house.moment(NOW)) for words in [*SAME, *OFFERS]}
    assert len(keys) == len({*SAME, *OFFERS})


@pytest.mark.parametrize(("seconds", "step"), [(0.5, 0), (2, 2), (4.9, 2), (12.3, 10), (59, 45), (60, 60), (100, 90)])
def test_time_is_told_in_steps_that_were_reached(seconds: float, step: int) -> None:
    """The card never says more than has passed."""
    assert step_of(seconds) == step
