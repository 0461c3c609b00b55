"""What the store promises about segments: numbered without gaps, named without doubles, versions never lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.store.samples import BOUGHT, NOW, TEAM, TEXAS, WOMEN, new_segment

from segbot.errors import ChangedMeanwhile, NotFound
from segbot.model.condition import AllOf
from segbot.model.segment import Segment, State
from segbot.store.database import Store
from segbot.store.segments import NameTaken


async def added(store: Store, name: str = "Texan women", **other: object) -> Segment:
    result = await store.segments.add(replace(new_segment(name), **other), NOW)
    assert isinstance(result, Segment)
    return result


async def test_a_segment_comes_back_as_it_was(store: Store) -> None:
    """A saved segment is found by id, number and name, with its first version and its tags in order."""
    segment = await added(store, " Texan   women ", tags=("b", "A", " a ", ""))
    assert (segment.number, segment.name, segment.tags, segment.version.number) == (1, "Texan women", ("b", "A"), 1)
    assert await store.segments.get(TEAM, segment.id) == segment
    assert await store.segments.by_number(TEAM, 1) == segment
    assert await store.segments.by_name(TEAM, "texan WOMEN") == segment
    assert await store.segments.versions(TEAM, segment.id) == (segment.version,)


async def test_names_are_unique_among_the_living_of_a_team(store: Store) -> None:
    """A name in use comes back as a value that says who holds it; other teams and the trash do not count."""
    first = await added(store)
    taken = await store.segments.add(new_segment("TEXAN  Women"), NOW)
    assert taken == NameTaken("TEXAN Women", first.id, 1)
    assert isinstance(await store.segments.add(new_segment(team="T2"), NOW), Segment)
    await store.segments.save(replace(first, state=State.TRASH), NOW)
    second = await added(store)
    assert second.number == 2  # the refused try took no number
    trashed = await store.segments.get(TEAM, first.id)
    assert await store.segments.save(replace(trashed, state=State.ACTIVE), NOW) == NameTaken(
        "Texan women", second.id, 2
    )


async def test_twenty_people_save_at_once(store: Store) -> None:
    """Savers at the same moment get the numbers 1 to 20, each once."""
    names = [f"Segment {n}" for n in range(20)]
    segments = await asyncio.gather(*(added(store, name) for name in names))
    assert sorted(s.number for s in segments) == list(range(1, 21))


async def test_ten_people_want_the_same_name_at_once(store: Store) -> None:
    """One of ten savers of one name gets it, the others are told who has it, and the next number is 2."""
    results = await asyncio.gather(*(store.segments.add(new_segment(), NOW) for _ in range(10)))
    (winner,) = [r for r in results if isinstance(r, Segment)]
    assert [r for r in results if r != winner] == [NameTaken("Texan women", winner.id, 1)] * 9
    assert (await added(store, "Another")).number == 2


async def test_a_double_in_a_transaction_leaves_the_rest(store: Store) -> None:
    """A name that is taken does not spoil the transaction it was tried in."""
    first = await added(store)
    async with store.transaction() as tx:
        assert isinstance(await tx.segments.add(new_segment(), NOW), NameTaken)
        await tx.segments.save(replace(first, note="kept"), NOW)
    assert (await store.segments.get(TEAM, first.id)).note == "kept"


async def test_versions_are_only_added(store: Store) -> None:
    """A new tree is a new version with author and reason; the old one stays, and renaming makes none."""
    segment = await added(store)
    later = NOW + timedelta(days=1)
    second = await store.segments.add_version(
        segment, TEXAS, request="people in Texas", author="U2", reason="men too", now=later
    )
    renamed = await store.segments.save(replace(second, name="Texans", tags=("tx",)), later)
    assert renamed == await store.segments.get(TEAM, segment.id)
    versions = await store.segments.versions(TEAM, segment.id)
    assert [(v.number, v.condition, v.author, v.reason) for v in versions] == [
        (1, WOMEN, "U1", ""),
        (2, TEXAS, "U2", "men too"),
    ]


async def test_two_editors_at_once(store: Store) -> None:
    """Of a rename and a new version made from the same state one happens, the other is told."""
    segment = await added(store)
    outcomes = await asyncio.gather(
        store.segments.save(replace(segment, name="Other"), NOW),
        store.segments.add_version(segment, TEXAS, request="", author="U2", reason="", now=NOW),
        return_exceptions=True,
    )
    assert sorted(type(o) for o in outcomes if isinstance(o, BaseException)) == [ChangedMeanwhile]
    (won,) = [o for o in outcomes if isinstance(o, Segment)]
    assert await store.segments.get(TEAM, segment.id) == won


async def test_two_renames_to_one_name_at_once(store: Store) -> None:
    """Two segments renamed to the same name at the same moment: one gets it, the other is told."""
    one, two = await added(store, "One"), await added(store, "Two")
    results = await asyncio.gather(*(store.segments.save(replace(s, name="Same"), NOW) for s in (one, two)))
    assert sorted(type(r).__name__ for r in results) == ["NameTaken", "Segment"]


async def test_another_team_sees_nothing(store: Store) -> None:
    """A segment of one team cannot be found, listed or changed from another."""
    segment = await added(store)
    assert await store.segments.find("T2", segment.id) is None
    assert await store.segments.list("T2") == ()
    assert await store.segments.versions("T2", segment.id) == ()
    with pytest.raises(NotFound):
        await store.segments.save(replace(segment, team="T2", name="Stolen"), NOW)


async def test_listing_searching_and_filtering(store: Store) -> None:
    """The list is by last change; words, numbers, tags, owners and states narrow it, and % is only a letter."""
    women = await added(store, "Women 100%", tags=("Core", "b"))
    texas = await added(store, "Texans", note="Called the lone stars", tags=("core",), owner="U2")
    trash = await added(store, "Old")
    await store.segments.save(replace(trash, state=State.TRASH), NOW)
    texas = await store.segments.save(replace(texas, note="Lone Stars"), NOW + timedelta(hours=1))
    assert isinstance(texas, Segment)

    async def found(**query: object) -> list[int]:
        segments = await store.segments.list(TEAM, **query)
        assert await store.segments.how_many(TEAM, **query) == len(segments)
        return [s.number for s in segments]

    assert await found() == [texas.number, women.number]
    assert await found(search="lone STAR") == [texas.number]
    assert await found(search="100%") == [women.number]
    assert await found(search="%") == [women.number]
    assert await found(search="#2") == [texas.number]
    assert await found(search="texas") == [texas.number, women.number]  # in their requests
    assert await found(tags=("CORE",)) == [texas.number, women.number]
    assert await found(tags=("core", "b")) == [women.number]
    assert await found(owner="U2") == [texas.number]
    assert await found(states=(State.TRASH,)) == [3]
    assert [s.number for s in await store.segments.list(TEAM, limit=1, offset=1)] == [women.number]
    assert await store.segments.tags(TEAM) == (("Core", 2), ("b", 1))
    assert await store.segments.tags(TEAM, "CO") == (("Core", 2),)


async def test_the_same_set_is_found_however_it_was_written(store: Store) -> None:
    """A segment with an equal tree is found though its parts stand in another order; by its current version only."""
    segment = await added(store, condition=AllOf((WOMEN, BOUGHT)))
    assert await store.segments.same_as(TEAM, AllOf((BOUGHT, WOMEN, BOUGHT))) == (segment,)
    await store.segments.add_version(segment, TEXAS, request="", author="U1", reason="", now=NOW)
    assert await store.segments.same_as(TEAM, AllOf((BOUGHT, WOMEN))) == ()
