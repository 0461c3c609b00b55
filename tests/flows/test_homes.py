"""Each team's reader knows its own words, at once and only them; what the catalog can't read any more stays unknown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from segbot.catalog.load import load_catalog
from segbot.demo.company import CATALOG
from segbot.flows.desk import Actor
from segbot.flows.homes import Homes
from segbot.flows.house import House, open_house
from segbot.flows.owners import is_owner
from segbot.model.reading import Outcome
from segbot.settings import Settings
from segbot.store.database import Store
from segbot.store.dictionary import HouseTerm, WordTaken
from segbot.testing.stores import throwaway_store

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
MEANS = "customers with 3 or more orders"


@pytest.fixture(scope="module")
def house() -> House:
    return open_house(load_catalog(CATALOG))


@pytest.fixture(scope="session")
def store_url(make_database: Callable[..., str]) -> str:
    return make_database()


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    async with throwaway_store(store_url) as opened:
        yield opened


async def define(store: Store, team: str, word: str, means: str = MEANS) -> None:
    made = await store.dictionary.define(team, word, words=(), means=means, author="U1", now=NOW)
    assert isinstance(made, HouseTerm)


async def test_a_team_knows_its_own_words_at_once(house: House, store: Store) -> None:
    """Before the first word there is the catalog alone; afterwards each change is known with the next request."""
    homes = Homes()
    assert await homes.of(house, store, "T1") is house
    await define(store, "T1", "loyal")
    mine = await homes.of(house, store, "T1")
    assert mine.read("loyal customers", NOW).outcome is Outcome.ANSWER
    assert (await homes.of(house, store, "T2")).read("loyal customers", NOW).outcome is Outcome.CLARIFY
    assert await homes.of(mine, store, "T1") is mine, "unchanged, nothing is compiled anew"
    await store.dictionary.retire("T1", "loyal", NOW)
    after = await homes.of(mine, store, "T1")
    assert after.read("loyal customers", NOW).outcome is Outcome.CLARIFY


async def test_many_requests_at_once_compile_once(house: House, store: Store) -> None:
    """After a change the first request compiles, and the others wait for it."""
    await define(store, "T1", "loyal")
    homes = Homes()
    found = await asyncio.gather(*(homes.of(house, store, "T1") for _ in range(10)))
    assert len({id(one) for one in found}) == 1


async def test_a_word_that_can_not_be_read_any_more_stays_unknown(house: House, store: Store) -> None:
    """A definition made with an older catalog harms no other word."""
    await define(store, "T1", "loyal", "people who glorped twice")
    await define(store, "T1", "valuable")
    home = await Homes().of(house, store, "T1")
    assert home.read("valuable customers", NOW).outcome is Outcome.ANSWER
    assert home.read("loyal customers", NOW).outcome is not Outcome.ANSWER
    assert home.base == house.base


async def test_a_word_in_use_is_not_replaced_by_accident(store: Store) -> None:
    """Without `replace` the first definition stands, also for two at once; another team is free."""
    both = await asyncio.gather(
        *(
            store.dictionary.define("T1", word, words=(), means=means, author="U1", now=NOW, replace=False)
            for word, means in (("loyal", MEANS), ("Loyal", "people in Texas"))
        )
    )
    assert sorted(type(one).__name__ for one in both) == ["HouseTerm", "WordTaken"]
    assert any(isinstance(one, WordTaken) and one.term.casefold() == "loyal" for one in both)
    await define(store, "T2", "loyal", "people in Texas")
    assert await store.dictionary.teams() == ("T1", "T2")


@pytest.mark.parametrize(
    ("owners", "user", "handle", "may"),
    [
        ("", "U1", "", True),
        (" , ", "U1", "", True),
        ("U1", "U1", "", True),
        ("U2", "U1", "maya", False),
        ("U2, @Maya", "U1", "maya", True),
        ("maya", "U1", "maya", False),
        ("@", "U1", "", False),
    ],
)
def test_owners_are_named_by_id_or_handle(owners: str, user: str, handle: str, may: bool) -> None:
    """A bare word is no handle, a person without a handle is nobody, and no owners at all means everybody."""
    settings = Settings(_env_file=None, owners=owners)
    assert is_owner(settings, replace(Actor("T1", user), handle=handle)) is may
