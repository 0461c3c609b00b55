"""A workspace with the small Bolt app connected to it, over Socket Mode or over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import uvicorn
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from workspace_rig import CONFIG, Clock, Connected, make_app

from segbot.demo.workspace import Workspace


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ws(clock: Clock) -> AsyncIterator[Workspace]:
    """A workspace with nobody connected."""
    async with Workspace(replace(CONFIG), clock=clock) as workspace:
        yield workspace


@pytest.fixture
def client(ws: Workspace) -> AsyncWebClient:
    """The app's own Web API client."""
    return AsyncWebClient(ws.bot_token, base_url=ws.api_url)


@pytest.fixture
async def socket_app(ws: Workspace, client: AsyncWebClient) -> AsyncIterator[Connected]:
    """The app over Socket Mode."""
    app, seen = make_app(client, ws.signing_secret)
    handler = AsyncSocketModeHandler(app, ws.app_token)
    await handler.connect_async()
    await ws.wait_for_app()
    yield Connected(ws, app, seen)
    await handler.close_async()


@pytest.fixture
async def http_app(ws: Workspace, client: AsyncWebClient) -> AsyncIterator[Connected]:
    """The app behind signed HTTP, served by Starlette."""
    app, seen = make_app(client, ws.signing_secret)
    async with serve(app) as base_url:
        await ws.connect_http(base_url)
        yield Connected(ws, app, seen)


@pytest.fixture(params=["socket", "http"])
def connected(request: pytest.FixtureRequest) -> Connected:
    """The app over either transport."""
    found: Connected = request.getfixturevalue(f"{request.param}_app")
    return found


@contextlib.asynccontextmanager
async def serve(app: AsyncApp) -> AsyncIterator[str]:
    """The Bolt app at `/slack/events` of a local server; yields its base address."""
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    site = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(site, port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task
