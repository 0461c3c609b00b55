"""Examples tried on the company's own data: how many people each finds, asked once an hour and not while somebody waits long."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from segbot.errors import SegbotError
from segbot.flows.house import House
from segbot.flows.sizing import sizes
from segbot.logs import get_logger
from segbot.model.reading import Outcome
from segbot.warehouse.run import Warehouse

log = get_logger(__name__)

KEPT = timedelta(hours=1)
"""How long a size is believed: an example only has to find people, not the right number of them."""

PATIENCE = 2.0
"""Seconds that help waits for the sizes; without them it shows examples that nobody has tried."""


@dataclass
class Tried:
    """What is known of the examples of one process, by the catalog's digest."""

    _found: dict[str, tuple[datetime, Mapping[str, int]]] = field(default_factory=dict)
    _trying: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def sizes(
        self, house: House, warehouse: Warehouse, requests: Sequence[str], now: datetime
    ) -> Mapping[str, int] | None:
        """How many people each request finds, leaving out those that can't be read; None while that is not known."""
        name = house.catalog.digest
        kept = self._found.get(name)
        if kept is None or now - kept[0] > KEPT:
            task = self._trying.get(name)
            if task is None or task.done():
                task = asyncio.create_task(self._try(house, warehouse, tuple(requests), now))
                self._trying[name] = task
            await asyncio.wait({task}, timeout=PATIENCE)
            kept = self._found.get(name)
        return None if kept is None else kept[1]

    async def _try(self, house: House, warehouse: Warehouse, requests: tuple[str, ...], now: datetime) -> None:
        """One statement for all of them. What fails is tried again when somebody next asks for help."""
        read = [(words, house.read(words, now)) for words in dict.fromkeys(requests)]
        fit = [(w, r.condition) for w, r in read if r.outcome is Outcome.ANSWER and r.condition is not None]
        try:
            counted = await sizes(house, warehouse, [condition for _, condition in fit], house.moment(now))
        except SegbotError as error:
            log.info("examples.untried", error=type(error).__name__)
            return
        self._found[house.catalog.digest] = (now, {w: c.value for (w, _), c in zip(fit, counted, strict=True)})
