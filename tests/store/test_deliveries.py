"""What the store promises about deliveries and messages: one effect for any number of copies, none lost by a crash."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from tests.store.samples import NOW, TEAM

from segbot.store.database import Store
from segbot.store.deliveries import KEEP, LEASE, Taken
from segbot.store.messages import Delivery

SECOND = timedelta(seconds=1)


async def test_a_delivery_acts_once(store: Store) -> None:
    """The first copy is taken, later ones are duplicates, during the work and after it."""
    assert await store.deliveries.take("Ev1", "event", NOW) is Taken.FIRST
    assert await store.deliveries.take("Ev1", "event", NOW + SECOND) is Taken.DUPLICATE
    await store.deliveries.finish("Ev1", NOW + SECOND)
    assert await store.deliveries.take("Ev1", "event", NOW + LEASE * 2) is Taken.DUPLICATE
    assert await store.deliveries.take("Ev2", "event", NOW) is Taken.FIRST


async def test_twenty_copies_at_once(store: Store) -> None:
    """Of copies that arrive at the same moment exactly one is worked on."""
    taken = await asyncio.gather(*(store.deliveries.take("Ev1", "event", NOW) for _ in range(20)))
    assert Counter(taken) == {Taken.FIRST: 1, Taken.DUPLICATE: 19}


async def test_a_crash_in_the_middle_loses_nothing(store: Store) -> None:
    """When a taker dies, its delivery shows up in the sweep after its lease, and one of several sweepers gets it."""
    await store.deliveries.take("c1", "command", NOW, payload={"text": "women\x00"})
    assert await store.deliveries.unfinished(NOW + LEASE - SECOND) == ()
    (lost,) = await store.deliveries.unfinished(NOW + LEASE)
    assert (lost.key, lost.kind, lost.payload, lost.attempts) == ("c1", "command", {"text": "women\ufffd"}, 1)
    again = await asyncio.gather(*(store.deliveries.take("c1", "command", NOW + LEASE) for _ in range(5)))
    assert Counter(again) == {Taken.AGAIN: 1, Taken.DUPLICATE: 4}
    await store.deliveries.finish("c1", NOW + LEASE)
    assert await store.deliveries.unfinished(NOW + LEASE * 9) == ()


async def test_a_rolled_back_work_is_not_finished(store: Store) -> None:
    """`finish` inside a transaction that fails leaves the delivery to be taken again."""
    await store.deliveries.take("c1", "command", NOW)
    try:
        async with store.transaction() as tx:
            await tx.deliveries.finish("c1", NOW)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert len(await store.deliveries.unfinished(NOW + LEASE)) == 1


async def test_keys_are_forgotten_after_a_day(store: Store) -> None:
    """A purge removes what was last touched a day ago, and nothing younger."""
    await store.deliveries.take("old", "event", NOW)
    await store.deliveries.take("finished late", "event", NOW)
    await store.deliveries.finish("finished late", NOW + 2 * SECOND)
    assert await store.deliveries.purge(NOW + KEEP - SECOND) == 0
    assert await store.deliveries.purge(NOW + KEEP + SECOND) == 1
    assert await store.deliveries.take("old", "event", NOW + KEEP) is Taken.FIRST
    assert await store.deliveries.take("finished late", "event", NOW + KEEP) is Taken.DUPLICATE


async def test_one_of_many_posts_a_message(store: Store) -> None:
    """Of several that want to post the card of one request one is told to; the others get its place once known."""
    opened = await asyncio.gather(*(store.messages.open(TEAM, "r1", "card", channel="C1", now=NOW) for _ in range(8)))
    (poster,) = [o for o in opened if o.post]
    assert {o.message.id for o in opened} == {poster.message.id}
    await store.messages.sent(poster.message.id, ts="17.5", channel="D2", now=NOW)
    later = await store.messages.open(TEAM, "r1", "card", channel="C1", now=NOW)
    assert (later.post, later.message.ts, later.message.channel) == (False, "17.5", "D2")
    assert (await store.messages.open(TEAM, "r1", "share", channel="C1", now=NOW)).post
    assert (await store.messages.open("T2", "r1", "card", channel="C1", now=NOW)).post


async def test_a_refused_message_may_be_posted_again(store: Store) -> None:
    """After Slack refused a message, the next caller is told to post it, in its own channel."""
    first = await store.messages.open(TEAM, "r1", "card", channel="C1", now=NOW)
    await store.messages.failed(first.message.id, now=NOW)
    second = await store.messages.open(TEAM, "r1", "card", channel="C2", now=NOW)
    assert (second.post, second.message.channel, second.message.attempts) == (True, "C2", 2)


async def test_a_crash_between_posting_and_noting_the_place(store: Store) -> None:
    """A message whose poster died becomes unknown, is never posted blindly, and one recoverer may settle it."""
    opened = await store.messages.open(TEAM, "r1", "card", channel="C1", now=NOW)
    assert await store.messages.lost(NOW + SECOND) == ()
    (lost,) = await store.messages.lost(NOW + LEASE)
    assert (lost.id, lost.state) == (opened.message.id, Delivery.UNKNOWN)
    assert not (await store.messages.open(TEAM, "r1", "card", channel="C1", now=NOW + LEASE)).post
    assert await store.messages.lost(NOW + LEASE * 5) == (lost,)
    settled = await asyncio.gather(*(store.messages.settle(lost.id, now=NOW + LEASE) for _ in range(4)))
    assert sorted(settled) == [False, False, False, True]
    assert (await store.messages.open(TEAM, "r1", "card", channel="C1", now=NOW + LEASE)).post
