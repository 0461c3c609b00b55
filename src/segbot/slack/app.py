"""The Bolt app and the two ways to serve it: Socket Mode (no public address needed) and signed HTTP.

Both use the same listeners. A wrong token is found before anything is served and said in one sentence. Stopping lets
every listener finish its answer first.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

import aiohttp
import uvicorn
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler, async_default_handlers
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from segbot.errors import ConfigurationError
from segbot.logs import get_logger
from segbot.settings import Settings
from segbot.slack.handlers import Deps, register_all, resume_all

log = get_logger(__name__)

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/health"
SEGMENT_PATH = "/segments/{number:int}"
SCOPES = frozenset({"app_mentions:read", "chat:write", "commands", "im:history"})
"""What the manifest asks for and segbot can't do without."""

MOST_BODY = 2 * 1024 * 1024  # bytes; Slack's largest payloads are far below
DRAIN_SECONDS = 25.0
WATCH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the token is: workspace, bot user."""

    team: str
    team_name: str
    bot_user: str


def build_app(deps: Deps, settings: Settings) -> AsyncApp:
    """The Bolt app with every listener. Raises `ConfigurationError` when the bot token is missing."""
    token = _secret(settings.slack_bot_token, "SEGBOT_SLACK_BOT_TOKEN", "the bot token (xoxb-...)")
    handlers: list[AsyncRetryHandler] = [*async_default_handlers(), AsyncRateLimitErrorRetryHandler(max_retry_count=2)]
    client = AsyncWebClient(
        token=token, base_url=settings.slack_api_url.rstrip("/") + "/", retry_handlers=handlers, timeout=30
    )
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
    app = AsyncApp(
        name="slack_bolt",  # names its logger, whose level it sets: not ours
        client=client,
        signing_secret=secret,
        raise_error_for_unhandled_request=True,
        # Bolt would make a logger of its own and set its level; this one follows our settings.
        logger=logging.getLogger("slack_bolt"),
    )
    register_all(app, deps)
    return app


async def identify(app: AsyncApp) -> Identity:
    """Ask Slack who the bot token is, before serving. Raises `ConfigurationError` in one sentence."""
    try:
        answer = await app.client.auth_test()
    except SlackApiError as error:
        raise ConfigurationError(
            f"Slack refuses the bot token ({error.response.get('error')}). "
            "Put the Bot User OAuth Token (xoxb-...) of your app into SEGBOT_SLACK_BOT_TOKEN."
        ) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise ConfigurationError(
            f"Slack can't be reached at {app.client.base_url} ({type(error).__name__}). "
            "Check the network, the proxy and SEGBOT_SLACK_API_URL."
        ) from error
    granted = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
    if granted and (missing := SCOPES - granted):
        log.warning("slack.scopes_missing", scopes=sorted(missing), hint="install the app again from manifest.yml")
    return Identity(str(answer["team_id"]), str(answer.get("team", "")), str(answer["user_id"]))


async def _ended(resuming: asyncio.Task[None]) -> None:
    """Wait for the counts taken up at the start; draining has cut them off where they took too long."""
    await asyncio.wait([resuming])


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set; a second signal ends the process at once, as people expect."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def heard(number: signal.Signals) -> None:
        loop.remove_signal_handler(number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, heard, number)
    return stop


# --- Socket Mode --------------------------------------------------------------------------------


async def serve_socket(
    app: AsyncApp,
    deps: Deps,
    settings: Settings,
    *,
    stop: asyncio.Event,
    ready: asyncio.Event | None = None,
    watch_seconds: float = WATCH_SECONDS,
    drain_seconds: float = DRAIN_SECONDS,
) -> None:
    """Serve over Socket Mode until `stop` is set; `ready` is set once connected. Raises `ConfigurationError` at the start.

    The SDK reconnects by itself; the watchdog starts over where it has died silently.
    """
    token = _secret(settings.slack_app_token, "SEGBOT_SLACK_APP_TOKEN", "the app-level token (xapp-...)")
    await identify(app)
    handler = await _connect(app, token, await _first_address(app, token))
    log.info("slack.connected", mode="socket")
    if ready is not None:
        ready.set()
    resuming = asyncio.create_task(resume_all(app.client, deps))
    try:
        while not await _set_within(stop, watch_seconds):
            if await _alive(handler):
                continue
            await asyncio.sleep(min(watch_seconds, 1.0))
            if not await _alive(handler):  # not just between two connections
                log.warning("slack.watchdog", what="the connection is dead; starting over")
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    await _close(handler)
                handler = await _connect(app, token, None)
    finally:
        # No new work first, then the work under way: its answers need the Web API only.
        await _close(handler)
        await deps.running.drain(drain_seconds)
        await _ended(resuming)
        log.info("slack.stopped", mode="socket")


async def _first_address(app: AsyncApp, token: str) -> str:
    """The address of the first connection. The SDK would try a wrong token for ever; here it is said once."""
    try:
        answer = await app.client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        raise ConfigurationError(
            f"Slack refuses the app-level token ({error.response.get('error')}). Put a token with the scope "
            "connections:write (xapp-...) into SEGBOT_SLACK_APP_TOKEN, and switch Socket Mode on."
        ) from error
    return str(answer["url"])


async def _connect(app: AsyncApp, token: str, address: str | None) -> AsyncSocketModeHandler:
    handler = AsyncSocketModeHandler(app, token, logger=app.logger)
    handler.client.wss_uri = address
    connect: Callable[[], Awaitable[None]] = handler.client.connect  # the SDK does not annotate it
    await connect()
    return handler


async def _close(handler: AsyncSocketModeHandler) -> None:
    close: Callable[[], Awaitable[None]] = handler.client.close
    await close()


async def _alive(handler: AsyncSocketModeHandler) -> bool:
    """Whether the connection and all three tasks of the SDK that keep it are alive."""
    client = handler.client
    tasks = (client.message_processor, client.message_receiver, client.current_session_monitor)
    if any(task is None or task.done() for task in tasks):
        return False
    return await client.is_connected()


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


# --- HTTP ---------------------------------------------------------------------------------------


def http_app(app: AsyncApp, deps: Deps, settings: Settings) -> Starlette:
    """The web app for HTTP mode. Raises `ConfigurationError` when the signing secret is missing."""
    secret = _secret(settings.slack_signing_secret, "SEGBOT_SLACK_SIGNING_SECRET", "the signing secret")
    verifier = SignatureVerifier(secret)

    async def slack(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        if not signed(verifier, request.headers, body):
            return PlainTextResponse("not signed by Slack", 401)
        try:
            return to_starlette_response(await app.async_dispatch(to_async_bolt_request(request, body)))
        except Exception as error:
            log.warning("slack.unreadable", error=type(error).__name__, exc_info=error)
            return PlainTextResponse("can't be read", 400)

    async def health(request: Request) -> Response:
        stopping = deps.running.stopping
        state = {"status": "stopping" if stopping else "ok", "listeners": len(deps.running)}
        return JSONResponse(state, 503 if stopping else 200)

    async def segment(request: Request) -> Response:
        """Where a link to a segment leads in a browser: to Slack. It tells nothing about the segment, not even if it is there."""
        number = request.path_params["number"]
        return PlainTextResponse(
            f"This link is for Slack: posted in a channel it shows segment #{number} as a card.\n"
            f"Or type there: /segment open #{number}\n"
        )

    return Starlette(
        routes=[
            Route(EVENTS_PATH, slack, methods=["POST"]),
            Route(HEALTH_PATH, health, methods=["GET"]),
            Route(SEGMENT_PATH, segment, methods=["GET"]),
        ]
    )


def signed(verifier: SignatureVerifier, headers: Headers, body: bytes) -> bool:
    """Whether Slack signed this within the last five minutes. Whatever can't be read is not signed: it never raises."""
    try:
        return verifier.is_valid(body, headers.get("x-slack-request-timestamp"), headers.get("x-slack-signature"))
    except (ValueError, TypeError, OverflowError):
        return False


async def serve_http(
    app: AsyncApp,
    deps: Deps,
    settings: Settings,
    *,
    stop: asyncio.Event,
    ready: asyncio.Event | None = None,
    drain_seconds: float = DRAIN_SECONDS,
) -> None:
    """Serve over HTTP at `http_host:http_port` until `stop` is set. Raises `ConfigurationError` at the start."""
    site = http_app(app, deps, settings)
    await identify(app)
    listening = _listen(settings.http_host, settings.http_port)
    config = uvicorn.Config(site, log_config=None, access_log=False, lifespan="off")
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopped = asyncio.create_task(stop.wait())
    resuming: asyncio.Task[None] | None = None
    try:
        await asyncio.wait(
            [serving, stopped, up := asyncio.create_task(server.up.wait())], return_when=asyncio.FIRST_COMPLETED
        )
        up.cancel()
        log.info("slack.listening", mode="http", host=settings.http_host, port=listening.getsockname()[1])
        if ready is not None:
            ready.set()
        resuming = asyncio.create_task(resume_all(app.client, deps))
        await asyncio.wait([serving, stopped], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        server.should_exit = True
        await serving
        await deps.running.drain(drain_seconds)
        if resuming is not None:
            await _ended(resuming)
        log.info("slack.stopped", mode="http")


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise ConfigurationError(
            f"The address {host}:{port} can't be used ({error.strerror}). "
            "Is another segbot running? Change SEGBOT_HTTP_HOST or SEGBOT_HTTP_PORT."
        ) from error


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: who serves decides when to stop, so that listeners are drained."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


async def _body(request: Request) -> bytes | None:
    """The body, or None when it is larger than anything Slack sends: read no further then."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BODY:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _secret(value: SecretStr | None, name: str, what: str) -> str:
    text = value.get_secret_value().strip() if value else ""
    if not text:
        raise ConfigurationError(
            f"{name} is not set. It is {what} of your Slack app, under its settings at api.slack.com."
        )
    return text
