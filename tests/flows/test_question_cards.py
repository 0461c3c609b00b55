"""What a card shows while a question is open: what holds whatever is chosen, and of each choice only what differs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from segbot.catalog.load import load_catalog
from segbot.demo import company
from segbot.flows.compose import Numbers, segment_card, settled
from segbot.flows.house import House, open_house
from segbot.model.cards import SegmentCard
from segbot.model.condition import all_of, canonical
from segbot.model.reading import Outcome
from segbot.model.segment import Counted, Step
from segbot.slack.views.segment import segment_message

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)

SURE = {
    "bought shoes and jackets or dresses": [],
    "women in Texas who bought shoes and jackets or dresses in the last 90 days": [
        "Gender is female",
        "State is Texas",
    ],
    "women in Texas who added to cart but did not buy": ["Gender is female", "State is Texas"],
    "high-value customers in Texas": ["State is Texas"],
    "women who bought shoes and jackets or dresses but never opened an email, high-value": [
        "Gender is female",
        "Never opened an email",
    ],
}


@pytest.fixture(scope="module")
def house() -> House:
    return open_house(load_catalog(company.CATALOG))


def card_of(house: House, words: str, numbers: Numbers | None = None) -> SegmentCard:
    return segment_card("r1", "U1", house.read(words, NOW), house.catalog, house.moment(NOW), numbers=numbers)


@pytest.mark.parametrize(("words", "sure"), SURE.items())
def test_only_what_is_sure_is_listed(house: House, words: str, sure: list[str]) -> None:
    """No condition stands on the card as taken that another choice would not have."""
    card = card_of(house, words)
    assert card.stage == "question"
    assert [line.text for line in card.lines] == sure
    spoken = segment_message(card, "channel").text
    for question in house.read(words, NOW).questions:
        first = question.choices[0].label.removeprefix("who ")
        assert spoken.casefold().count(first.casefold()) == 1, "a choice is read out once, as a choice"


@pytest.mark.parametrize("words", SURE)
def test_what_is_sure_is_in_every_choice(house: House, words: str) -> None:
    """Adding what is sure to any choice of any question changes nothing about it."""
    reading = house.read(words, NOW)
    assert reading.outcome is Outcome.CLARIFY
    sure = settled(reading)
    for question in reading.questions:
        for choice in question.choices:
            if sure is not None:
                assert canonical(all_of([choice.condition, sure])) == canonical(choice.condition)


def test_dates_of_one_choice_only_are_not_shown_as_taken(house: House) -> None:
    """A stretch of time that only one choice has is no small print of the card; one that all have is."""
    assert card_of(house, "high-value customers in Texas").windows == ()
    (window,) = card_of(house, "women who bought shoes and jackets or dresses in the last 90 days").windows
    assert "90 days" in window.phrase


def test_a_choice_says_what_differs_with_its_size(house: House) -> None:
    """Each choice has its own words and its own number; the conditions that all share are not said again in it."""
    words = "women in Texas who added to cart but did not buy"
    sizes = {(0, 0): Counted(31, 2000, NOW), (0, 1): Counted(12, 2000, NOW)}
    card = card_of(house, words, Numbers(choices=sizes))
    (question,) = card.questions
    assert [choice.count and choice.count.value for choice in question.choices] == [31, 12]
    assert all("Texas" not in choice.label and "women" not in choice.label for choice in question.choices)
    assert len({choice.label for choice in question.choices}) == 2


def test_assumptions_that_say_the_same_name_their_words(house: House) -> None:
    """Two assumptions in the same words can be told apart."""
    card = card_of(house, "women in Texas who bought shoes and jackets or dresses in the last 90 days")
    texts = [chip.text for chip in card.chips]
    assert len(texts) > 1
    assert len(set(texts)) == len(texts)


def test_an_answered_question_lists_everything(house: House) -> None:
    """Without an open question the card lists the whole condition."""
    card = card_of(house, "women in Texas who bought shoes")
    assert [line.text for line in card.lines] == ["Gender is female", "State is Texas", "Bought shoes"]


def ladder(
    house: House, words: str, base: int, total: int, rungs: list[tuple[int, int]]
) -> list[tuple[str, float | None]]:
    """The warning and the drop of each line of a request that was counted with these rungs (alone, left)."""
    steps = tuple(Step((i,), alone, left) for i, (alone, left) in enumerate(rungs))
    card = card_of(house, words, Numbers(Counted(total, base, NOW), steps))
    return [(line.warning, line.dropped) for line in card.lines]


def test_one_condition_that_does_all_the_work_is_pointed_out(house: House) -> None:
    """Where one alone leaves as many as all together it says so; not for two of them, nor where nobody is left."""
    words = "women over 30 in Texas"
    warned = ladder(house, words, 1000, 40, [(500, 500), (700, 350), (40, 40)])
    assert [bool(warning) for warning, _ in warned] == [False, False, True]
    assert "all the work" in warned[2][0]
    several = ladder(house, words, 1000, 40, [(40, 40), (700, 40), (40, 40)])
    nobody = ladder(house, words, 1000, 0, [(500, 500), (0, 0), (0, 0)])
    assert not any("all the work" in warning for warning, _ in several + nobody)
    assert [drop for _, drop in nobody] == [0.5, 1.0, None], "where nobody is left there is nothing to let go"
