"""Whether segbot may serve on a customer database: only when its role is proved unable to change anything there."""

from __future__ import annotations

import asyncio

from segbot.errors import ConfigurationError, UnsafeDatabase
from segbot.flows.house import House
from segbot.logs import get_logger
from segbot.settings import Settings
from segbot.warehouse.doctor import Level, examine
from segbot.warehouse.run import Admission

log = get_logger(__name__)


def admission(settings: Settings, house: House) -> Admission:
    """What a warehouse asks before its first statement.

    It raises `UnsafeDatabase` when the doctor finds that the role could change the database or the server (unless the
    settings allow that), and `WarehouseUnavailable` when the database can't be asked now.
    """

    async def admit() -> None:
        if settings.database_url is None:
            raise ConfigurationError("No customer database is set. Name one with --database or SEGBOT_DATABASE_URL.")
        report = await asyncio.to_thread(examine, settings.database_url.get_secret_value(), house.policy)
        dangers = [finding.text for finding in report.findings if finding.level is Level.DANGER]
        if not dangers:
            log.info("warehouse.proved_read_only")
        elif settings.allow_writing_role:
            log.warning("warehouse.writing_role_allowed", findings=dangers, setting="SEGBOT_ALLOW_WRITING_ROLE")
        else:
            raise UnsafeDatabase(
                "segbot does not serve, because it could change data with the role it has in the customer database. "
                + " ".join(dangers)
                + " Let the owner of the tables run what `segbot grant` prints, and connect as that role (SEGBOT_DATABASE_URL);"
                " `segbot doctor` shows every finding. To serve all the same, set SEGBOT_ALLOW_WRITING_ROLE=true."
            )

    return admit
