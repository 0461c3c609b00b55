"""`make demo`: an embedded Postgres, the demo company, the workspace and the real bot, started in that order.

Everything it makes lives in the data folder and is found again at the next start; killing it at any moment is safe.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import psycopg
import yaml
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from segbot.addresses import parse_address
from segbot.catalog.load import load_catalog
from segbot.demo import company
from segbot.demo.workspace.config import WorkspaceConfig
from segbot.demo.workspace.server import Workspace
from segbot.errors import ConfigurationError
from segbot.flows.admission import admission
from segbot.flows.desk import Desk, open_samples, open_store, open_warehouse
from segbot.flows.house import House, open_house
from segbot.flows.sampling import keep_sample
from segbot.flows.vocabulary import with_live_values
from segbot.resources import shipped
from segbot.settings import Settings
from segbot.slack.app import build_app, serve_http, serve_socket, stop_on_signals
from segbot.slack.handlers.guard import Deps
from segbot.slack.sending import Sender
from segbot.store.migrate import migrate
from segbot.warehouse.embedded import EmbeddedPostgres

CUSTOMERS_DATABASE, STORE_DATABASE = "demo_customers", "demo_store"

STALE = timedelta(hours=20)
"""A company older than this is made anew, so that "yesterday" still has orders in it."""

SAMPLE_CUSTOMERS = 4_000
"""A sample of the usual size would be the whole demo company."""

_EVERY_SECONDS = 2.0
"""How often a log is told how far the making of the company is."""

say = Console(stderr=True, highlight=False)


def run_demo(settings: Settings, *, customers: int, seed: int, port: int, open_browser: bool, http: bool) -> None:
    """Run the demo until it is interrupted. With database addresses in the settings, those are used instead of an embedded one."""
    embedded = settings.database_url is None
    with _interruptible(), _databases(settings) as (settings, owner_url):
        if owner_url is not None:
            if not embedded:
                _spare_others(owner_url)
            _fill(owner_url, customers, seed)
            if embedded:
                company.create_reader(owner_url, company.SCHEMA)
            else:
                settings = settings.model_copy(update={"database_url": SecretStr(_as_reader(owner_url))})
        say.print("segbot: preparing its own tables")
        migrate(_secret(settings.store_url), settings.store_schema)
        say.print("segbot: reading the catalog")
        catalog = load_catalog(settings.catalog or company.CATALOG)
        house = open_house(with_live_values(catalog, settings, datetime.now(UTC)))
        asyncio.run(_prove(settings, house))
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_run(settings, house, port=port, open_browser=open_browser, http=http))
    say.print("segbot: stopped. The demo's data stay where they are.")


@contextmanager
def _interruptible() -> Iterator[None]:
    """A polite end while things are still being made: leave as after Ctrl-C, so that Postgres is stopped."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    # A shell that starts us in the background has interrupts ignored; who sends one all the same means it.
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, interrupt)


# --- databases ----------------------------------------------------------------------------------


@contextmanager
def _databases(settings: Settings) -> Iterator[tuple[Settings, str | None]]:
    """The settings with both addresses filled in, and the address through which the demo company may be made.

    With a catalog of their own people bring their own customers too: then nothing is made.
    """
    if settings.database_url is not None and settings.store_url is not None:
        yield settings, None if settings.catalog else _secret(settings.database_url)
        return
    say.print(f"segbot: starting Postgres in {settings.data_dir}")
    with EmbeddedPostgres(settings.data_dir / "pg18") as server:
        for name in (CUSTOMERS_DATABASE, STORE_DATABASE):
            if not server.has_database(name):
                server.create_database(name)
        owner = None
        changes = {}
        if settings.database_url is None:
            owner = server.url(CUSTOMERS_DATABASE)
            changes["database_url"] = SecretStr(server.url(CUSTOMERS_DATABASE, user=company.READER))
        if settings.store_url is None:
            changes["store_url"] = SecretStr(server.url(STORE_DATABASE))
        yield settings.model_copy(update=changes), owner


def _spare_others(url: str) -> None:
    """Raise `ConfigurationError` when the database has a schema of the demo's name that somebody else made."""
    with psycopg.connect(**parse_address(url, "SEGBOT_DATABASE_URL").arguments) as connection:
        found = connection.execute(
            "SELECT to_regnamespace(%s) IS NOT NULL AND to_regclass(%s) IS NULL",
            [company.SCHEMA, f"{company.SCHEMA}.generated"],
        ).fetchone()
    if found == (True,):
        raise ConfigurationError(
            f'The database of SEGBOT_DATABASE_URL has a schema "{company.SCHEMA}" that is not the demo\'s, so nothing was '
            "made in it. Name another database, or set SEGBOT_CATALOG to try segbot on your own tables."
        )


def _as_reader(owner_url: str) -> str:
    """The same database for a role that can only read; the address as it was where its user may make no roles."""
    arguments = parse_address(owner_url, "SEGBOT_DATABASE_URL").arguments
    role, password = f"{company.READER}_{arguments.get('dbname', '')}"[:63], secrets.token_urlsafe(24)
    try:
        company.create_reader(owner_url, company.SCHEMA, role=role, password=password)
    except psycopg.errors.InsufficientPrivilege:
        return owner_url
    return make_conninfo(**{**arguments, "user": role, "password": password})


def _fill(owner_url: str, customers: int, seed: int) -> None:
    now = datetime.now(UTC)
    there = company.generated(owner_url)
    fresh = there is not None and now - there.as_of < STALE
    if (
        there is not None
        and fresh
        and (there.customers, there.seed, there.version) == (customers, seed, company.VERSION)
    ):
        say.print(f"segbot: the demo company is there, {customers:,} customers")
    else:
        _make_company(owner_url, customers, seed, now)


def _make_company(owner_url: str, customers: int, seed: int, now: datetime) -> None:
    what = f"making the demo company, {customers:,} customers"
    with _progress_bar(what) if say.is_terminal else _progress_lines(what) as step:
        company.fill(owner_url, customers, seed=seed, now=now, progress=step)


@contextmanager
def _progress_bar(what: str) -> Iterator[company.Progress]:
    """Progress for eyes on a terminal."""
    columns = (
        TextColumn("segbot: {task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=say) as progress:
        task = progress.add_task(what)

        def step(part: str, done: int, total: int) -> None:
            progress.update(task, description=f"{what}: {part}", completed=done, total=max(total, 1))

        yield step


@contextmanager
def _progress_lines(what: str) -> Iterator[company.Progress]:
    """Progress for a log: a line at the beginning, and one every other second."""
    say.print(f"segbot: {what}")
    last = time.monotonic()

    def step(part: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY_SECONDS:
            last = time.monotonic()
            say.print(f"segbot: {what}: {part}, {done / max(total, 1):.0%}", soft_wrap=True)

    yield step


async def _prove(settings: Settings, house: House) -> None:
    """Raise `UnsafeDatabase` when the bot could change the customers that it reads."""
    await admission(settings, house)()


# --- the running demo ---------------------------------------------------------------------------


async def _run(settings: Settings, house: House, *, port: int, open_browser: bool, http: bool) -> None:
    if "sample_customers" not in settings.model_fields_set:
        settings = settings.model_copy(update={"sample_customers": SAMPLE_CUSTOMERS})
    if "customer_viewers" not in settings.model_fields_set:  # nobody of the demo company is anybody
        settings = settings.model_copy(update={"customer_viewers": "*"})
    async with _workspace(port) as workspace:
        stop = stop_on_signals()
        async with open_bot(settings, house, workspace, http=http, stop=stop) as bot:
            _announce(workspace.url, open_browser)
            sampling = asyncio.create_task(keep_sample(bot.deps.desk))
            try:
                await bot.serving
            finally:
                sampling.cancel()
                await asyncio.gather(sampling, return_exceptions=True)


LINKS = "https://segbot.example.com"
"""Where links to segments lead in the demo: nobody answers there, and the workspace shows the cards."""


@dataclass(frozen=True)
class Bot:
    """The bot at work in a workspace. `serving` ends when it does."""

    settings: Settings
    deps: Deps
    serving: asyncio.Task[None]


@asynccontextmanager
async def open_bot(
    settings: Settings,
    house: House,
    workspace: Workspace,
    *,
    http: bool = False,
    stop: asyncio.Event | None = None,
    sender: Sender | None = None,
) -> AsyncIterator[Bot]:
    """The bot installed in a workspace and connected to it; at the end it finishes what it is doing and goes.

    Raises what serving raises when it can't begin.
    """
    settings = settings.model_copy(
        update={
            "public_url": LINKS,
            "slack_api_url": workspace.api_url,
            "slack_bot_token": SecretStr(workspace.bot_token),
            "slack_app_token": SecretStr(workspace.app_token),
            "slack_signing_secret": SecretStr(workspace.signing_secret),
            "http_port": _free_port() if http else settings.http_port,
        }
    )
    async with (
        open_store(settings) as store,
        open_warehouse(settings, house) as warehouse,
        open_samples(settings, house) as samples,
    ):
        deps = Deps(Desk(settings, house, warehouse, store, samples=samples), sender or Sender())
        stop, ready = stop or asyncio.Event(), asyncio.Event()
        serve = serve_http if http else serve_socket
        serving = asyncio.create_task(serve(build_app(deps, settings), deps, settings, stop=stop, ready=ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({waiting, serving}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        try:
            if not ready.is_set():
                await serving
            if http:
                await workspace.connect_http(f"http://{settings.http_host}:{settings.http_port}")
            yield Bot(settings, deps, serving)
        finally:
            stop.set()
            await serving


@asynccontextmanager
async def _workspace(port: int) -> AsyncIterator[Workspace]:
    """The workspace at the wanted port, or at any free one when that is taken."""
    workspace = Workspace(workspace_config(), port)
    try:
        await workspace.start()
    except OSError:
        say.print(f"segbot: port {port} is taken, using another")
        workspace = Workspace(workspace_config(), 0)
        await workspace.start()
    try:
        yield workspace
    finally:
        await workspace.stop()


def workspace_config() -> WorkspaceConfig:
    """A workspace with four people, and segbot installed in it as its manifest says."""
    manifest = yaml.safe_load(shipped("manifest.yml").read_text(encoding="utf-8"))
    manifest["features"]["unfurl_domains"] = [urlsplit(LINKS).hostname]
    return WorkspaceConfig(team_name="Fern & Field", team_domain="fernandfield").with_manifest(manifest)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _announce(url: str, open_browser: bool) -> None:
    say.print(f"\nsegbot is ready: [bold]{url}[/]  (stop with Ctrl-C)")
    say.print(
        "Try in #marketing:  /segment women over 30 in California who bought twice in the last 90 days\n",
        soft_wrap=True,
    )
    # A browser on a machine without a screen would be a text browser that takes over the terminal.
    screen = sys.platform in ("darwin", "win32") or any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY"))
    if open_browser and screen:
        webbrowser.open(url)


def _secret(value: SecretStr | None) -> str:
    assert value is not None
    return value.get_secret_value()
