"""The conversation: at most two repairs, one deadline, one budget; whatever happens there is a proposal or one line."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from llm_kit import KEY, NOW, Canned, Protocol, Turn, did, document, has, place, provider, reply, trouble, where
from pydantic import SecretStr

from segbot.flows.proposer import Budget, Declined, Proposer, Why, make_proposer
from segbot.llm.connect import open_model
from segbot.llm.talk import Kind, Model
from segbot.nl.propose.ladder import Proposal
from segbot.settings import Settings

TEXT = "footwear fanatics over 30"
RIGHT = document(
    did("c1", "footwear fanatics", "order", filters=[where("order.category", "shoes")]),
    has("c2", "over 30", "age", "30", operator="gt"),
)
WRONG = RIGHT.replace('"gt"', '"lt"')


def made(model: Model, **limits: Any) -> Proposer:
    return make_proposer(model, place().house.catalog, place().terms, **limits)


async def ask(proposer: Proposer, *, later: float = 0, team: str = "T1", text: str = TEXT) -> Proposal | Declined:
    moment = place().house.moment(NOW + timedelta(seconds=later))
    return await proposer.propose(place().read(text), team, moment)


async def test_a_right_answer_is_proposed() -> None:
    """One question, one answer, one proposal."""
    model = Canned([reply(RIGHT)])
    found = await ask(made(model))
    assert isinstance(found, Proposal)
    assert "customers over 30" in found.restatement
    assert len(model.questions) == 1


async def test_errors_go_back_verbatim() -> None:
    """A refused answer is followed by its errors word for word; the repaired one is proposed."""
    model = Canned([reply("Sure, here: " + RIGHT), reply(WRONG), reply(RIGHT)])
    found = await ask(made(model))
    assert isinstance(found, Proposal)
    last = model.questions[-1].messages
    assert [m.role for m in last] == ["user", "assistant", "user", "assistant", "user"]
    assert "there is text around the JSON" in last[2].text
    assert "c2: 'over 30' is not lt 30" in last[4].text


async def test_there_are_at_most_two_repairs() -> None:
    """A third wrong answer ends it: three questions in all."""
    model = Canned([reply(WRONG)])
    found = await ask(made(model))
    assert isinstance(found, Declined)
    assert found.why is Why.REJECTED
    assert len(model.questions) == 3


@pytest.mark.parametrize("kind", list(Kind))
async def test_each_trouble_ends_in_a_line(kind: Kind) -> None:
    """Every trouble of the transport ends in segbot's own reading with one line that says why."""
    found = await ask(made(Canned([trouble(kind)])))
    assert isinstance(found, Declined)
    assert found.why is kind
    assert "segbot's own reading" in found.note
    assert "\n" not in found.note


async def test_a_model_that_gives_everything_up_is_not_pressed() -> None:
    """No condition at all is an honest answer: no repairs."""
    model = Canned([reply(document(unread=["footwear fanatics over 30"]))])
    found = await ask(made(model))
    assert isinstance(found, Declined)
    assert found.why is Why.NOTHING
    assert len(model.questions) == 1


async def test_the_deadline_covers_everything() -> None:
    """Slow answers and repairs together end at the time-out."""
    started = asyncio.get_running_loop().time()
    found = await ask(made(Canned([reply(WRONG)], wait=0.2), timeout=0.3))
    assert isinstance(found, Declined)
    assert found.why is Kind.TIMED_OUT
    assert asyncio.get_running_loop().time() - started < 2


async def test_a_short_pause_is_waited_for() -> None:
    """Busy with a short Retry-After: asked once more after it."""
    model = Canned([trouble(Kind.BUSY, retry_after=0.05), reply(RIGHT)])
    assert isinstance(await ask(made(model)), Proposal)


async def test_a_busy_model_is_left_alone() -> None:
    """Busy with a long Retry-After: not asked again before that, and asked again after."""
    model = Canned([trouble(Kind.BUSY, retry_after=90), reply(RIGHT)])
    proposer = made(model)
    for later in (0, 30, 89):
        found = await ask(proposer, later=later)
        assert isinstance(found, Declined)
        assert found.why is Kind.BUSY
    assert len(model.questions) == 1
    assert isinstance(await ask(proposer, later=91), Proposal)


# --- the budget -------------------------------------------------------------------------------------


async def test_the_budget_is_per_team_and_day() -> None:
    """A team that used its tokens up is told so; another team and the next day are not concerned."""
    proposer = made(Canned([reply(RIGHT, tokens=15_000)]), daily_budget=20_000)
    assert isinstance(await ask(proposer), Proposal)
    found = await ask(proposer)
    assert isinstance(found, Declined)
    assert found.why is Why.BUDGET
    assert isinstance(await ask(proposer, team="T2"), Proposal)
    assert isinstance(await ask(proposer, later=86_400), Proposal)


async def test_two_at_once_cannot_overdraw() -> None:
    """What is being asked is reserved: of many at once only as many go out as the budget holds."""
    model = Canned([reply(RIGHT, tokens=9_000)], wait=0.02)
    proposer = made(model, daily_budget=20_000)
    found = await asyncio.gather(*(ask(proposer) for _ in range(6)))
    assert sum(isinstance(one, Proposal) for one in found) == len(model.questions) == 2
    assert proposer.budget.spent("T1") == 18_000


async def test_no_budget_asks_nothing() -> None:
    """A budget of 0 switches the model off."""
    model = Canned([reply(RIGHT)])
    found = await ask(made(model, daily_budget=0))
    assert isinstance(found, Declined)
    assert not model.questions


def test_an_unasked_question_costs_nothing() -> None:
    """Reserved tokens come back when less was used."""
    budget = Budget(100)
    assert budget.reserve("T", 90, NOW.date())
    assert not budget.reserve("T", 20, NOW.date())
    budget.settle("T", 90, 10, NOW.date())
    assert budget.reserve("T", 90, NOW.date())


# --- over both protocols --------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
@pytest.mark.parametrize(
    ("turns", "outcome"),
    [
        ([Turn(RIGHT)], "proposed"),
        ([Turn(WRONG), Turn(RIGHT)], "proposed"),
        ([Turn("Here you are: " + RIGHT), Turn(RIGHT)], "proposed"),
        ([Turn(WRONG)], "rejected"),
        ([Turn("{", end="truncated")], "truncated"),
        ([Turn("", end="refused")], "refused"),
        ([Turn(status=429, headers={"Retry-After": "0"}), Turn(RIGHT)], "proposed"),
        ([Turn(status=429, headers={"Retry-After": "60"})], "busy"),
        ([Turn(RIGHT, wait=3)], "timed_out"),
        ([Turn(status=401)], "wrong_key"),
    ],
    ids=["valid", "repaired", "prose", "invalid", "truncated", "refused", "waited", "busy", "slow", "key"],
)
async def test_the_whole_way(protocol: Protocol, turns: list[Turn], outcome: str) -> None:
    """Over HTTP in both protocols the same script ends the same way."""
    async with provider(*turns) as server:
        url = f"{server.url}/v1" if protocol == "openai" else server.url
        model = open_model(Settings(llm_provider=protocol, llm_url=url, llm_model="m", llm_api_key=SecretStr(KEY)))
        assert model is not None
        found = await ask(made(model, timeout=1.0))
    assert ("proposed" if isinstance(found, Proposal) else found.why.value) == outcome
