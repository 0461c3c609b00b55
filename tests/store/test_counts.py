"""What the store promises about counts, the house dictionary and opinions."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.store.samples import BOUGHT, NOW, TEAM, TEXAS, WOMEN, new_request, new_segment

from segbot.model.condition import AllOf
from segbot.model.segment import Counted, Segment
from segbot.store.counts import NewCount
from segbot.store.database import Store
from segbot.store.dictionary import HouseTerm, WordTaken
from segbot.store.feedback import Opinion

HOUR = timedelta(hours=1)


def count(value: int, after: timedelta = timedelta(), **other: object) -> NewCount:
    counted = Counted(value, 5000, NOW + after, exact=bool(other.pop("exact", True)), low=None, high=None, seconds=0.25)
    values = {"team": TEAM, "condition": WOMEN, "catalog": "digest", "parameters": {"p1": ["F"]}, **other}
    return NewCount(counted=counted, **values)


async def test_a_count_comes_back_with_all_it_needs_to_be_believed(store: Store) -> None:
    """A count is kept with tree, parameters, moment, base and duration, and found by its request and segment."""
    request = await store.requests.add(new_request(), NOW)
    segment = await store.segments.add(new_segment(), NOW)
    assert isinstance(segment, Segment)
    new = count(12, request=request.id, segment=segment.id, segment_version=1)
    number = await store.counts.add(new)
    (record,) = await store.counts.of_request(TEAM, request.id)
    assert await store.counts.of_segment(TEAM, segment.id) == (record,)
    assert (record.id, record.condition, record.counted, record.parameters) == (
        number,
        WOMEN,
        new.counted,
        {"p1": ["F"]},
    )
    assert await store.counts.of_request("T2", request.id) == ()


async def test_the_history_of_a_segment(store: Store) -> None:
    """A segment's counts come newest first, from a moment on if asked."""
    segment = await store.segments.add(new_segment(), NOW)
    assert isinstance(segment, Segment)
    for hour in range(4):
        await store.counts.add(count(hour, hour * HOUR, segment=segment.id))
    assert [r.counted.value for r in await store.counts.of_segment(TEAM, segment.id, limit=3)] == [3, 2, 1]
    assert [r.counted.value for r in await store.counts.of_segment(TEAM, segment.id, since=NOW + 2 * HOUR)] == [3, 2]


async def test_the_latest_count_of_the_same_set(store: Store) -> None:
    """A count is found again by the set it counted, however written; never an estimate, an old one or another catalog's."""
    both = AllOf((WOMEN, BOUGHT))
    await store.counts.add(count(7, condition=both))
    await store.counts.add(count(8, HOUR, condition=both, exact=False))
    await store.counts.add(count(9, HOUR, condition=both, catalog="other"))
    await store.counts.add(count(10, HOUR, condition=TEXAS))
    found = await store.counts.latest(TEAM, AllOf((BOUGHT, WOMEN)), "digest", since=NOW)
    assert found is not None
    assert found.counted.value == 7
    assert await store.counts.latest(TEAM, both, "digest", since=NOW + HOUR) is None
    assert await store.counts.latest("T2", both, "digest", since=NOW) is None


async def define(store: Store, term: str, *words: str, means: str = "3 or more orders") -> HouseTerm | WordTaken:
    return await store.dictionary.define(TEAM, term, words=words, means=means, author="U1", now=NOW)


async def test_a_term_and_its_new_meaning(store: Store) -> None:
    """A term replaces its earlier meaning, which stays in its history; its words are those of the new one."""
    first = await define(store, "VIP", "very  important", "vip")
    second = await define(store, "vip", "whale", means="spent over $1000")
    assert isinstance(first, HouseTerm)
    assert first.words == ("vip", "very important")
    assert await store.dictionary.all(TEAM) == (second,)
    assert set(await store.dictionary.history(TEAM, "VIP")) == {first, second}
    assert isinstance(await define(store, "notable", "very important"), HouseTerm)
    assert await store.dictionary.all("T2") == ()


async def test_a_word_has_one_meaning(store: Store) -> None:
    """A word of one term cannot become another's, until that term is retired; also for two people at once."""
    await define(store, "VIP", "whale")
    assert await define(store, "Big fish", "WHALE") == WordTaken("WHALE", "VIP")
    assert await store.dictionary.retire(TEAM, "vip", NOW)
    assert not await store.dictionary.retire(TEAM, "vip", NOW)
    assert isinstance(await define(store, "Big fish", "whale"), HouseTerm)
    results = await asyncio.gather(*(define(store, f"Term {n}", "shared word") for n in range(6)))
    assert sorted(type(r).__name__ for r in results) == ["HouseTerm"] + ["WordTaken"] * 5


async def test_one_opinion_a_person(store: Store) -> None:
    """A person's second thumb on a request replaces the first; others' stay."""
    request = await store.requests.add(new_request(), NOW)
    up = Opinion(TEAM, request.id, "U1", 1, "women in Texas", "", NOW)
    down = Opinion(TEAM, request.id, "U1", -1, "women in Texas", "men too", NOW + HOUR)
    other = Opinion(TEAM, request.id, "U2", 1, "women in Texas", "", NOW)
    for opinion in (up, other, down):
        await store.feedback.give(opinion)
    assert await store.feedback.since(TEAM, NOW) == (other, down)
    assert await store.feedback.since(TEAM, NOW + HOUR) == (down,)
    assert await store.feedback.since("T2", NOW) == ()
