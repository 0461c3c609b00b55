"""What the line of queries promises: never more than the limits, fair between people, and everybody knows their place."""

from __future__ import annotations

import asyncio
import random

import pytest
from tests.warehouse.samples import ALL, SLEEP
from tests.warehouse.test_run import until

from segbot.errors import QueryCancelled, QueryTooLarge, WarehouseBusy
from segbot.warehouse.line import Errand, Line, Ticket, on_behalf_of
from segbot.warehouse.run import Warehouse


class Queue:
    """A line whose queries run until they are told to end, and the order in which they got their places."""

    def __init__(self, places: int, per_team: int) -> None:
        self.line = Line(places, per_team)
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.tickets: dict[str, Ticket] = {}

    async def come(self, name: str, person: str, team: str = "T1", patience: float = 60) -> None:
        """Somebody's query stands in the line."""
        end = self.ends[name] = asyncio.Event()
        ticket = self.tickets[name] = Ticket(Errand(team, person))

        async def run() -> None:
            async with self.line.place(ticket, patience):
                self.begun.append(name)
                await end.wait()

        self.tasks[name] = asyncio.create_task(run())
        for _ in range(5):
            await asyncio.sleep(0)

    async def end(self, name: str) -> None:
        """A query ends."""
        self.ends[name].set()
        await self.tasks[name]
        for _ in range(5):
            await asyncio.sleep(0)

    def place(self, name: str) -> int:
        return self.line.progress(self.tickets[name]).place


async def test_one_persons_many_do_not_delay_anothers_first() -> None:
    """The next place goes to the person who has the fewest, then to the one who waits longest."""
    queue = Queue(2, 2)
    for number in range(5):
        await queue.come(f"maya{number}", "maya")
    await queue.come("omar0", "omar")
    assert queue.begun == ["maya0", "maya1"]
    assert [queue.place(name) for name in ("omar0", "maya2", "maya3", "maya4")] == [1, 2, 3, 4]
    await queue.end("maya0")
    assert queue.begun[2:] == ["omar0"]
    assert queue.line.progress(queue.tickets["omar0"]).stage == "running"
    await queue.end("maya1")
    assert queue.begun[3:] == ["maya2"]
    for task in queue.tasks.values():
        task.cancel()
    await asyncio.gather(*queue.tasks.values(), return_exceptions=True)


async def test_one_workspace_leaves_places_to_others() -> None:
    """A workspace gets no more than its share, whoever in it asks; another one is served meanwhile."""
    queue = Queue(3, 2)
    for number, person in enumerate(("a", "b", "c")):
        await queue.come(f"one{number}", person, "T1")
    assert queue.begun == ["one0", "one1"]
    await queue.come("two", "z", "T2")
    assert queue.begun == ["one0", "one1", "two"]
    await queue.end("two")
    assert len(queue.begun) == 3
    await queue.end("one1")
    assert queue.begun[3:] == ["one2"]
    for name in ("one0", "one2"):
        await queue.end(name)


async def test_no_place_is_lost_whatever_happens() -> None:
    """After any mix of ends, cancellations and lost patience all places are free again, and never more were taken."""
    chance = random.Random(7)
    queue = Queue(3, 2)
    for number in range(200):
        patience = chance.choice([0.0, 0.001, 60])
        await queue.come(f"q{number}", chance.choice("abc"), chance.choice(("T1", "T2")), patience)
        open_ones = [name for name, task in queue.tasks.items() if not task.done()]
        taken = [name for name in open_ones if name in queue.begun]
        assert len(taken) <= 3
        name = chance.choice(open_ones or [f"q{number}"])
        if chance.random() < 0.4:
            queue.tasks[name].cancel()
        elif chance.random() < 0.7:
            queue.ends[name].set()
        await asyncio.sleep(0)
    for task in queue.tasks.values():
        task.cancel()
    ended = await asyncio.gather(*queue.tasks.values(), return_exceptions=True)
    assert {type(one) for one in ended} <= {asyncio.CancelledError, WarehouseBusy, type(None)}
    for number in range(3):
        await queue.come(f"last{number}", str(number), f"T{number}")
    assert queue.begun[-3:] == ["last0", "last1", "last2"]
    for number in range(3):
        await queue.end(f"last{number}")


async def test_patience_and_stop() -> None:
    """Who waits too long is told that it is busy; who is stopped while waiting, that it was stopped."""
    line = Line(1, 1)
    stop: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with line.place(Ticket(Errand("T1", "a")), 1):
        with pytest.raises(WarehouseBusy):
            async with line.place(Ticket(Errand("T1", "b")), 0.01):
                raise AssertionError("there was no place")
        asyncio.get_running_loop().call_later(0.01, stop.set_result, None)
        with pytest.raises(QueryCancelled):
            async with line.place(Ticket(Errand("T1", "c")), 5, stop):
                raise AssertionError("it was stopped")
    async with line.place(Ticket(Errand("T1", "d")), 1):
        pass


async def test_progress_of_a_query(warehouse: Warehouse) -> None:
    """The warehouse says of a query whether it waits, at which place, or runs, for how long and at most how long."""

    async def count(person: str, about: str, seconds: float) -> None:
        with on_behalf_of(Errand("T1", person, about)):
            await warehouse.count(SLEEP, query_id=about, seconds=seconds)

    tasks = [asyncio.create_task(count("maya", f"r{n}", 15 + n)) for n in range(3)]
    tasks.append(asyncio.create_task(count("omar", "other", 15)))  # the same as the first: needs no place of its own
    await until(lambda: (found := warehouse.progress("r0")) is not None and found.stage == "running")
    running, waiting, shared = (warehouse.progress(about) for about in ("r0", "r2", "other"))
    assert running is not None
    assert waiting is not None
    assert shared is not None
    assert (running.limit, shared.limit, shared.stage) == (15, 15, "running")
    assert (waiting.stage, waiting.place) == ("waiting", 1)
    assert warehouse.progress("nothing") is None
    for about in ("r0", "r1", "r2", "other"):
        warehouse.cancel(about)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert warehouse.progress("r0") is None


async def test_too_much_work_is_not_begun(warehouse: Warehouse) -> None:
    """A count that the planner finds too large is refused before it runs; the same without that limit is counted."""
    (cost,) = await warehouse.costs([ALL])
    assert cost > 0
    with on_behalf_of(Errand(most_cost=cost / 2)), pytest.raises(QueryTooLarge):
        await warehouse.count(ALL)
    with on_behalf_of(Errand(most_cost=cost * 2)):
        assert (await warehouse.count(ALL)).values == (5000,)
    assert (await warehouse.count(ALL)).values == (5000,)
