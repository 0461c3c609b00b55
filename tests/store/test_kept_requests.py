"""What the store promises about requests: kept whole, changed only from the newest version, never shared between teams."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.store.samples import NOW, TEAM, TEXAS, WOMEN, new_request

from segbot.errors import ChangedMeanwhile, NotFound
from segbot.model.request import Status
from segbot.store.database import Store


async def test_a_request_comes_back_as_it_was(store: Store) -> None:
    """A request is read back equal, its reading with trees, choices and spans included."""
    added = await store.requests.add(new_request(), NOW)
    assert await store.requests.get(TEAM, added.id) == added
    assert added.condition == added.reading.condition


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🛍️ mujeres en Tejas — «sí»",
        "nul \x00 inside",
        "half a pair \ud83d alone",
        "'; DROP TABLE requests; --",
        "x" * 4000,
    ],
)
async def test_any_text_can_be_kept(store: Store, text: str) -> None:
    """Whatever a person sends is kept, one character for one, what Postgres cannot hold replaced."""
    added = await store.requests.add(new_request(text), NOW)
    kept = await store.requests.get(TEAM, added.id)
    assert len(kept.text) == len(text)
    assert kept.text == kept.reading.text == text.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")


async def test_a_change_makes_a_version_with_history(store: Store) -> None:
    """Each saved change raises the version and is a step of the history with who, what and when."""
    first = await store.requests.add(new_request(), NOW)
    later = NOW + timedelta(minutes=1)
    second = await store.requests.save(
        replace(first, condition=TEXAS, status=Status.COUNTING), by="U2", what="switched home_state", now=later
    )
    assert (second.version, second.updated_at, second.condition) == (2, later, TEXAS)
    assert await store.requests.get(TEAM, first.id) == second
    steps = await store.requests.history(TEAM, first.id)
    assert [(s.version, s.by, s.what, s.condition, s.at) for s in steps] == [
        (1, "U1", "asked", first.condition, NOW),
        (2, "U2", "switched home_state", TEXAS, later),
    ]


async def test_a_request_without_a_condition(store: Store) -> None:
    """A request of which nothing was understood is kept too."""
    new = new_request()
    added = await store.requests.add(replace(new, reading=replace(new.reading, condition=None)), NOW)
    assert (await store.requests.get(TEAM, added.id)).condition is None


async def test_two_people_at_once_one_is_told(store: Store) -> None:
    """Of two changes to the same version one is written; the other is told and overwrites nothing."""
    first = await store.requests.add(new_request(), NOW)
    outcomes = await asyncio.gather(
        store.requests.save(replace(first, condition=TEXAS), by="U1", what="a", now=NOW),
        store.requests.save(replace(first, condition=WOMEN), by="U2", what="b", now=NOW),
        return_exceptions=True,
    )
    lost = [o for o in outcomes if isinstance(o, ChangedMeanwhile)]
    won = [o for o in outcomes if not isinstance(o, BaseException)]
    assert (len(lost), len(won)) == (1, 1)
    assert await store.requests.get(TEAM, first.id) == won[0]
    assert len(await store.requests.history(TEAM, first.id)) == 2


async def test_another_team_sees_nothing(store: Store) -> None:
    """An id of one team is nothing in another: not found, not changed, no history."""
    ours = await store.requests.add(new_request(), NOW)
    with pytest.raises(NotFound):
        await store.requests.get("T2", ours.id)
    with pytest.raises(NotFound):
        await store.requests.save(replace(ours, team="T2"), by="U9", what="steal", now=NOW)
    await store.requests.anchor("T2", ours.id, channel="C9", message_ts="9.9")
    assert await store.requests.history("T2", ours.id) == ()
    assert await store.requests.get(TEAM, ours.id) == ours


async def test_an_id_that_never_was(store: Store) -> None:
    """An unknown id is `NotFound` with a sentence that says what to do."""
    with pytest.raises(NotFound) as caught:
        await store.requests.get(TEAM, "nope")
    assert "Type the request again" in caught.value.sentence


async def test_the_card_of_a_request_is_found_by_its_message(store: Store) -> None:
    """Noting where the card is makes no version, and the request is found by that place."""
    added = await store.requests.add(new_request(), NOW)
    await store.requests.anchor(TEAM, added.id, channel="C7", message_ts="17.1", thread_ts="16.0")
    found = await store.requests.at_message(TEAM, "C7", "17.1")
    assert found == replace(added, channel="C7", message_ts="17.1", thread_ts="16.0")
    assert await store.requests.at_message("T2", "C7", "17.1") is None


async def test_recent_requests(store: Store) -> None:
    """A person's latest requests come newest first, those of others not at all."""
    for minute in range(3):
        await store.requests.add(new_request(f"no {minute}"), NOW + timedelta(minutes=minute))
    await store.requests.add(new_request("other", user="U2"), NOW)
    assert [r.text for r in await store.requests.recent(TEAM, "U1", limit=2)] == ["no 2", "no 1"]


async def test_all_or_nothing(store: Store) -> None:
    """What a failed transaction wrote is not there."""

    async def fail_halfway() -> None:
        async with store.transaction() as tx:
            added = await tx.requests.add(new_request(), NOW)
            assert await tx.requests.get(TEAM, added.id) == added
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_halfway()
    assert await store.requests.recent(TEAM, "U1") == ()
