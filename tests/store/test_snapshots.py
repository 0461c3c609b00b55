"""What the store promises of snapshots and of what people chose for themselves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.store.samples import NOW, TEAM, WOMEN, new_request

from segbot.errors import NotFound
from segbot.model.segment import Counted
from segbot.store.database import Store
from segbot.store.snapshots import NewSnapshot


async def new_snapshot(store: Store, keys: tuple[str, ...] | None = ("1", "2", "é"), team: str = TEAM) -> NewSnapshot:
    request = await store.requests.add(replace(new_request(), team=team), NOW)
    size = 3 if keys is None else len(keys)
    counted = Counted(size, 100, NOW)
    shown = {"restatement": "women"}
    return NewSnapshot(
        team, request.id, None, "Women", "Ladies", "U1", "C1", "1.2", WOMEN, "digest", "asked", counted, shown, keys
    )


async def test_a_snapshot_is_kept_as_it_was(store: Store) -> None:
    """Definition, numbers and people come back as they were given; the latest of a thread is found."""
    first = await store.snapshots.add(await new_snapshot(store))
    second = await store.snapshots.add(await new_snapshot(store, ()))
    assert (first.name, second.name) == ("Snapshot 1", "Snapshot 2")
    assert await store.snapshots.get(TEAM, first.id) == first
    assert (first.condition, first.counted, first.kept) == (WOMEN, Counted(3, 100, NOW), 3)
    assert await store.snapshots.keys(TEAM, first.id) == ("1", "2", "é")
    assert await store.snapshots.keys(TEAM, second.id) == ()
    latest = await store.snapshots.in_thread(TEAM, "C1", "1.2")
    assert latest is not None
    assert latest.id == second.id
    await store.snapshots.posted(TEAM, first.id, "3.4")
    assert (await store.snapshots.get(TEAM, first.id)).message_ts == "3.4"
    named = {one.name: one for one in await store.snapshots.known(TEAM)}
    assert named["Snapshot 1"].taken == NOW
    assert named["Snapshot 1"].about == "Ladies"


async def test_a_hundred_thousand_people_take_little_room(store: Store) -> None:
    """As many keys as can be asked about fit into one row, and come back the same."""
    keys = tuple(str(number) for number in range(1_000_000, 1_100_000))
    taken = await store.snapshots.add(await new_snapshot(store, keys))
    assert taken.kept == 100_000
    assert await store.snapshots.keys(TEAM, taken.id) == keys


async def test_other_teams_see_nothing(store: Store) -> None:
    """A snapshot belongs to its team: by id, by thread and by name."""
    taken = await store.snapshots.add(await new_snapshot(store))
    with pytest.raises(NotFound):
        await store.snapshots.get("T2", taken.id)
    assert await store.snapshots.keys("T2", taken.id) is None
    assert await store.snapshots.in_thread("T2", "C1", "1.2") is None
    assert await store.snapshots.known("T2") == ()
    assert (await store.snapshots.add(await new_snapshot(store, team="T2"))).number == 1


async def test_people_are_forgotten_the_rest_is_not(store: Store) -> None:
    """After their time the keys are gone for good, and the snapshot can't be named; its number still stands."""
    taken = await store.snapshots.add(await new_snapshot(store))
    unkept = await store.snapshots.add(await new_snapshot(store, None))
    stamp = await store.snapshots.stamp(TEAM)
    assert await store.snapshots.forget(NOW, NOW) == ()
    later = NOW + timedelta(seconds=1)
    assert await store.snapshots.forget(later, later) == ((TEAM, taken.id),)
    assert await store.snapshots.forget(later, later) == ()
    assert await store.snapshots.keys(TEAM, taken.id) is None
    assert await store.snapshots.known(TEAM) == ()
    assert await store.snapshots.stamp(TEAM) != stamp
    after = await store.snapshots.get(TEAM, taken.id)
    assert (after.counted.value, after.kept, after.forgotten_at) == (3, 3, later)
    assert (await store.snapshots.get(TEAM, unkept.id)).kept is None


async def test_two_at_once_get_two_numbers(store: Store) -> None:
    """Snapshots taken at the same moment never share a number."""
    new = [await new_snapshot(store) for _ in range(5)]
    taken = await asyncio.gather(*(store.snapshots.add(one) for one in new))
    assert sorted(one.number for one in taken) == [1, 2, 3, 4, 5]


async def test_a_choice_is_each_persons_own(store: Store) -> None:
    """The latest choice stands, for that person and that thing alone."""
    assert await store.preferences.get(TEAM, "U1", "preview.columns") is None
    await store.preferences.put(TEAM, "U1", "preview.columns", ["city"], NOW)
    await store.preferences.put(TEAM, "U1", "preview.columns", ["state", "age"], NOW)
    assert await store.preferences.get(TEAM, "U1", "preview.columns") == ["state", "age"]
    assert await store.preferences.get(TEAM, "U2", "preview.columns") is None
    assert await store.preferences.get("T2", "U1", "preview.columns") is None
    assert await store.preferences.get(TEAM, "U1", "tour") is None
