"""Where flows stand: the house, the two databases, the clock, and who is asking."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from segbot.errors import ConfigurationError, SegbotError
from segbot.flows.homes import Homes
from segbot.flows.house import House
from segbot.flows.proposer import Proposer
from segbot.flows.reuse import Sharing
from segbot.flows.tried import Tried
from segbot.logs import get_logger
from segbot.settings import Settings
from segbot.store.database import Store
from segbot.warehouse.connect import Limits
from segbot.warehouse.run import Admission, Warehouse
from segbot.warehouse.sample import Samples
from segbot.warehouse.sample_plan import plan_sample

log = get_logger(__name__)


class Duplicate(SegbotError):
    """This was already dealt with: Slack delivered it twice. Nothing more is done."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something and where: Slack ids of team, person, channel and thread; the person's handle where Slack tells it."""

    team: str
    user: str
    channel: str | None = None
    thread: str | None = None
    handle: str = ""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """What every flow needs. The clock is an argument so that time in tests stands still; `proposer` is the optional model.

    `samples` give the first number of a count; without them the exact one is the first.
    """

    settings: Settings
    house: House
    warehouse: Warehouse
    store: Store
    clock: Callable[[], datetime] = field(default=_utc_now)
    proposer: Proposer | None = None
    homes: Homes = field(default_factory=Homes)
    samples: Samples | None = None
    sharing: Sharing = field(default_factory=Sharing)
    tried: Tried = field(default_factory=Tried)

    async def at_home(self, team: str) -> Desk:
        """The same desk with the words that a team has defined. Raises `StoreUnavailable`."""
        return replace(self, house=await self.homes.of(self.house, self.store, team))


def open_warehouse(settings: Settings, house: House, admission: Admission | None = None) -> Warehouse:
    """The customer database of the settings, behind the guard of the house. Connects when first used.

    Raises `ConfigurationError` when no address is set. `admission` is asked before the first statement.
    """
    if settings.database_url is None:
        raise ConfigurationError("No customer database is set. Name one with --database or SEGBOT_DATABASE_URL.")
    limits = Limits(
        statement=settings.statement_timeout,
        queries=settings.max_queries,
        per_team=settings.max_queries_per_workspace,
        queue=settings.queue_timeout,
    )
    return Warehouse.open(settings.database_url.get_secret_value(), house.policy, limits, admission=admission)


def open_store(settings: Settings) -> Store:
    """segbot's own database. Connects when first used. Raises `ConfigurationError` when no address is set."""
    if settings.store_url is None:
        raise ConfigurationError("No store is set. Name one with --store or SEGBOT_STORE_URL.")
    return Store.open(settings.store_url.get_secret_value(), settings.store_schema)


@asynccontextmanager
async def open_samples(settings: Settings, house: House) -> AsyncIterator[Samples | None]:
    """The samples in the store of the settings. Connects when first used; None where the settings want no sample.

    Raises `ConfigurationError` when no store is set.
    """
    if settings.store_url is None:
        raise ConfigurationError("No store is set. Name one with --store or SEGBOT_STORE_URL.")
    if settings.sample_customers == 0:
        yield None
        return
    try:
        plan = plan_sample(house.catalog)
    except ConfigurationError as error:
        log.warning("sample.impossible", why=str(error))
        yield None
        return
    async with Samples.open(settings.store_url.get_secret_value(), settings.store_schema, plan) as samples:
        yield samples
