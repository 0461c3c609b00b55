"""One segbot process with real flows and databases in a workspace, as the tests of the Slack side start it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from slack_bench import settings_for

from segbot.demo.workspace import Workspace
from segbot.flows.desk import Desk, open_store, open_warehouse
from segbot.flows.house import House
from segbot.flows.proposer import Proposer
from segbot.settings import Settings
from segbot.slack.app import build_app, serve_http, serve_socket
from segbot.slack.handlers import Deps
from segbot.slack.sending import Sender
from segbot.warehouse.sample import Samples

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)


def with_databases(ws: Workspace, databases: tuple[str, str], folder: Path, **more: Any) -> Settings:
    """Settings with both databases."""
    customers, store = (SecretStr(url) for url in databases)
    return settings_for(ws, database_url=customers, store_url=store, data_dir=folder, **more)


class Site:
    """One segbot process: the desk and its serving, with a language model if one is given."""

    def __init__(
        self,
        ws: Workspace,
        settings: Settings,
        house: House,
        transport: str = "socket",
        proposer: Proposer | None = None,
        samples: Samples | None = None,
    ) -> None:
        self.samples = samples
        self.ws, self.settings, self.house, self.transport, self.proposer = ws, settings, house, transport, proposer
        self.stop = asyncio.Event()

    async def __aenter__(self) -> Deps:
        ready = asyncio.Event()
        self.warehouse = open_warehouse(self.settings, self.house)
        self.store = open_store(self.settings)
        await self.warehouse.__aenter__()
        await self.store.__aenter__()
        desk = Desk(
            self.settings, self.house, self.warehouse, self.store, lambda: NOW, self.proposer, samples=self.samples
        )
        deps = Deps(desk, Sender(check=True))
        run = serve_http if self.transport == "http" else serve_socket
        self.serving = asyncio.create_task(
            run(build_app(deps, self.settings), deps, self.settings, stop=self.stop, ready=ready)
        )
        await asyncio.wait_for(ready.wait(), 10)
        if self.transport == "http":
            await self.ws.connect_http(f"http://127.0.0.1:{self.settings.http_port}")
        else:
            await self.ws.wait_for_app()
        return deps

    async def __aexit__(self, *trouble: object) -> None:
        self.stop.set()
        await self.serving
        await self.warehouse.__aexit__(None, None, None)
        await self.store.__aexit__(None, None, None)
