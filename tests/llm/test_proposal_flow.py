"""A proposal from a kept request to a confirmed one, on a real store: nothing changes until a person confirms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from llm_kit import NOW, Canned, did, document, has, place, reply, trouble, where

from segbot.errors import NotFound
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.propose import confirm, discard, propose, propose_words, worth_asking
from segbot.flows.proposer import make_proposer
from segbot.llm.talk import Kind
from segbot.model.cards import ProposalCard, ProposalNote
from segbot.model.reading import Outcome
from segbot.model.request import NewRequest, Request, Status, Surface
from segbot.settings import Settings
from segbot.store.database import Store
from segbot.testing.stores import throwaway_store
from segbot.warehouse.connect import Limits
from segbot.warehouse.run import Warehouse

TEXT = "footwear fanatics over 30"
ACTOR = Actor("T1", "U1", "C1")
RIGHT = document(
    did("c1", "footwear fanatics", "order", filters=[where("order.category", "shoes")]),
    has("c2", "over 30", "age", "30", operator="gt"),
)


@pytest.fixture(scope="session")
def store_url(make_database: Callable[..., str]) -> str:
    return make_database()


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    async with throwaway_store(store_url) as opened:
        yield opened


def desk(store: Store, url: str, model: Canned | None) -> Desk:
    house = place().house
    proposer = make_proposer(model, house.catalog, place().terms) if model else None
    warehouse = Warehouse.open(url, house.policy, Limits())
    return Desk(Settings(), house, warehouse, store, clock=lambda: NOW, proposer=proposer)


async def kept(store: Store, text: str = TEXT) -> Request:
    reading = place().read(text)
    status = {Outcome.ANSWER: Status.COUNTING, Outcome.CLARIFY: Status.QUESTION}.get(reading.outcome, Status.UNREAD)
    new = NewRequest(
        team="T1",
        channel="C1",
        user="U1",
        surface=Surface.COMMAND,
        text=text,
        reading=reading,
        status=status,
        thread_ts=None,
    )
    return await store.requests.add(new, NOW)


async def test_a_proposal_waits_for_confirmation(store: Store, store_url: str) -> None:
    """The card tells everything; the request's tree stays until somebody confirms, and then it is the proposed one."""
    request = await kept(store)
    its = desk(store, store_url, Canned([reply(RIGHT)]))
    card = await propose(its, ACTOR, request.id)
    assert isinstance(card, ProposalCard)
    assert "".join(span.text for span in card.sentence) == TEXT
    assert [line.guess for line in card.evidence] == ["fanatics", ""]
    assert card.lines
    waiting = await store.requests.get("T1", request.id)
    assert waiting.condition == request.condition
    assert waiting.reading.proposal is not None
    confirmed = await confirm(its, ACTOR, request.id, delivery="d1")
    assert confirmed.stage == "counting"
    after = await store.requests.get("T1", request.id)
    assert after.condition == waiting.reading.proposal.condition
    assert after.status is Status.COUNTING
    assert after.reading.outcome is Outcome.ANSWER
    assert after.reading.proposal is None
    with pytest.raises(Duplicate):
        await confirm(its, ACTOR, request.id, delivery="d1")
    with pytest.raises(NotFound):
        await confirm(its, ACTOR, request.id, delivery="d2")


async def test_a_discarded_proposal_leaves_no_trace(store: Store, store_url: str) -> None:
    """After "no thanks" the request is as the reader left it."""
    request = await kept(store)
    its = desk(store, store_url, Canned([reply(RIGHT)]))
    await propose(its, ACTOR, request.id)
    await discard(its, ACTOR, request.id)
    after = await store.requests.get("T1", request.id)
    assert after.reading == request.reading
    assert after.condition == request.condition


async def test_trouble_leaves_the_readers_result(store: Store, store_url: str) -> None:
    """A failure is one line; the request is untouched."""
    request = await kept(store)
    note = await propose(desk(store, store_url, Canned([trouble(Kind.TIMED_OUT)])), ACTOR, request.id)
    assert isinstance(note, ProposalNote)
    assert (await store.requests.get("T1", request.id)).version == request.version


async def test_a_sure_reader_is_not_doubted(store: Store, store_url: str) -> None:
    """Where the reader is sure the model is asked only when a person wants it; without a model never."""
    request = await kept(store, "women over 30")
    assert not worth_asking(request.reading)
    model = Canned(
        [reply(document(has("c1", "women", "gender", "F"), has("c2", "over 30", "age", "30", operator="gt")))]
    )
    its = desk(store, store_url, model)
    assert await propose(its, ACTOR, request.id) is None
    assert not model.questions
    card = await propose(its, ACTOR, request.id, asked=True)
    assert isinstance(card, ProposalCard)
    assert card.agrees
    assert await propose(desk(store, store_url, None), ACTOR, request.id, asked=True) is None


async def test_words_of_which_nothing_was_read(store: Store, store_url: str) -> None:
    """A request that the reader made nothing of is kept together with its proposal, and can be confirmed."""
    text = "glampers"
    assert place().read(text).condition is None
    answer = document(did("c1", "glampers", "order", filters=[where("order.category", "tents")]))
    its = desk(store, store_url, Canned([reply(answer)]))
    card = await propose_words(its, ACTOR, text, surface=Surface.COMMAND)
    assert isinstance(card, ProposalCard)
    assert (await confirm(its, ACTOR, card.id, delivery="d3")).stage == "counting"


class _Meddling(Canned):
    """A model during whose thinking somebody else changes the request."""

    meddle: Any = None

    async def ask(self, question: Any, timeout: float) -> Any:
        await self.meddle()
        return await super().ask(question, timeout)


async def test_a_request_changed_meanwhile_keeps_the_change(store: Store, store_url: str) -> None:
    """A proposal for an older version of a request is dropped, with a line that says so."""
    request = await kept(store)
    model = _Meddling([reply(RIGHT)])

    async def meddle() -> None:
        await store.requests.save(replace(request, text="women"), by="U2", what="edited", now=NOW)

    model.meddle = meddle
    note = await propose(desk(store, store_url, model), ACTOR, request.id)
    assert isinstance(note, ProposalNote)
    assert (await store.requests.get("T1", request.id)).text == "women"
