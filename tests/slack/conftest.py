"""The real Bolt app with flows on demand, in a workspace that is as strict as Slack, over both transports."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from slack_bench import Bench, Serve, free_port, settings_for
from slack_fakes import FakeFlows
from slack_site import NOW

from segbot.catalog.load import load_catalog
from segbot.demo import company
from segbot.demo.workspace import Workspace, WorkspaceConfig
from segbot.flows.desk import Desk
from segbot.flows.house import House, open_house
from segbot.slack.app import build_app, serve_http, serve_socket
from segbot.slack.handlers import Deps
from segbot.slack.running import Counts, Running
from segbot.slack.sending import Sender
from segbot.store.migrate import migrate


@pytest.fixture(scope="module")
def databases(make_database: Callable[..., str]) -> tuple[str, str]:
    """A demo company of 1,500 customers, and an empty store."""
    customers, store = make_database(), make_database()
    company.fill(customers, 1500, seed=5, now=NOW)
    migrate(store, "segbot")
    return customers, store


@pytest.fixture(scope="module")
def house() -> House:
    return open_house(load_catalog(company.CATALOG))


@pytest.fixture
def flows(monkeypatch: pytest.MonkeyPatch) -> FakeFlows:
    fake = FakeFlows()
    fake.install(monkeypatch)
    return fake


@pytest.fixture
async def ws() -> AsyncIterator[Workspace]:
    """A workspace with nobody connected; quick to retry events."""
    async with Workspace(replace(WorkspaceConfig(), retry_delays=(0.0, 0.2, 0.4))) as workspace:
        yield workspace


@pytest.fixture
def bench(ws: Workspace, flows: FakeFlows) -> Bench:
    """An app that is not served yet. Everything it sends is checked first."""
    deps = Deps(cast(Desk, None), Sender(check=True, interval=0.0), Running(), Counts())
    return Bench(ws, flows, deps, settings_for(ws), asyncio.Event())


@pytest.fixture
async def serve(bench: Bench) -> AsyncIterator[Serve]:
    """Serves the bench's app over "socket" or "http" until the test is over."""

    async def start(transport: str = "socket", **more: Any) -> Bench:
        ready = asyncio.Event()
        if transport == "http":
            port = free_port()
            bench.settings = settings_for(bench.ws, http_port=port)
            bench.http_url = f"http://127.0.0.1:{port}"
        app = build_app(bench.deps, bench.settings)
        run = serve_http if transport == "http" else serve_socket
        bench.serving = asyncio.create_task(run(app, bench.deps, bench.settings, stop=bench.stop, ready=ready, **more))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait([bench.serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        if not ready.is_set():
            waiting.cancel()
            await bench.serving
        if transport == "http":
            await bench.ws.connect_http(bench.http_url)
        else:
            await bench.ws.wait_for_app()
        return bench

    yield start
    bench.stop.set()
    for gate in bench.flows.gates.values():
        gate.set()
    if bench.serving is not None:
        with contextlib.suppress(Exception):
            await bench.serving


@pytest.fixture(params=["socket", "http"])
async def served(request: pytest.FixtureRequest, serve: Serve) -> Bench:
    """The app over either transport."""
    return await serve(request.param)


@pytest.fixture
async def socket_bench(serve: Serve) -> Bench:
    """The app over Socket Mode alone, where the transport makes no difference."""
    return await serve("socket")
