"""The workspace as a server on the loopback interface: one address for apps, pages and uploads.

    async with Workspace(WorkspaceConfig(), port=0) as ws:
        client = AsyncWebClient(ws.bot_token, base_url=ws.api_url)

Requests whose Host is not loopback are refused (DNS rebinding), and so are requests a browser sends from another
page's origin.
"""

from __future__ import annotations

import html
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode, urlsplit

from aiohttp import web

import segbot.demo.workspace.methods  # noqa: F401 (registers the Web API methods)
from segbot.demo.workspace import responses, shapes, webapi
from segbot.demo.workspace.browser import Browser, file_response
from segbot.demo.workspace.config import WorkspaceConfig
from segbot.demo.workspace.core import Call, Core
from segbot.demo.workspace.deliver import Delivery
from segbot.demo.workspace.driver import Driver
from segbot.demo.workspace.faults import Faults
from segbot.demo.workspace.httpmode import HttpMode
from segbot.demo.workspace.hub import Hub
from segbot.demo.workspace.journal import Journal
from segbot.demo.workspace.limits import RateLimits
from segbot.demo.workspace.socketmode import SocketMode
from segbot.demo.workspace.state import State

PAGE = Path(__file__).parent / "page"
UPLOAD_BYTES = 64 * 1024 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob: http: https:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' ws://127.0.0.1:* ws://localhost:*; frame-ancestors 'none'; base-uri 'none'"
)
_Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Workspace(Driver):
    """One running workspace. `clock` gives seconds since 1970; `journal` is a file to remember history in."""

    def __init__(
        self,
        config: WorkspaceConfig | None = None,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        journal: Path | None = None,
    ):
        self.config = config or WorkspaceConfig()
        self.port = port
        state = State(self.config, clock)
        self.faults = Faults()
        sockets = SocketMode(state)
        self.faults.refresh_hook = sockets.refresh
        self.faults.disconnect_hook = sockets.disconnect
        self.core = Core(
            self.config,
            state,
            Hub(),
            self.faults,
            RateLimits(clock, self.config.burst),
            sockets,
            Delivery(state, self.faults, sockets),
        )
        self._journal = Journal(journal) if journal else None
        self._http: HttpMode | None = None
        self._runner: web.AppRunner | None = None

    # ---- addresses and secrets

    @property
    def url(self) -> str:
        return self.core.url

    @property
    def api_url(self) -> str:
        """The Web API's base, with the slash the SDKs need."""
        return f"{self.core.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.config.bot_token

    @property
    def app_token(self) -> str:
        return self.config.app_token

    @property
    def signing_secret(self) -> str:
        return self.config.signing_secret

    @property
    def connections(self) -> int:
        """How many Socket Mode connections the app has open."""
        return self.core.sockets.connected

    @property
    def calls(self) -> list[Call]:
        """The Web API calls answered so far."""
        return list(self.core.calls)

    @property
    def refused(self) -> list[Call]:
        """Those of them that Slack would have refused."""
        return self.core.refused

    # ---- life

    async def start(self) -> None:
        """Listen; raises OSError, with everything put away again, when the port is taken."""
        if self._journal is not None:
            self._journal.open(self.core.state)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        try:
            await site.start()
        except OSError:
            await self.stop()
            raise
        self.port = self._runner.addresses[0][1]
        self.core.url = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        await self.core.delivery.close()
        await self.core.sockets.close()
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._journal is not None:
            self._journal.close()

    async def __aenter__(self) -> Workspace:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def connect_http(self, app_base_url: str, path: str = "/slack/events") -> None:
        """Deliver by signed POST from now on; raises ConnectionError when the app fails the handshake."""
        http = HttpMode(self.core.state, app_base_url, path)
        try:
            await http.verify()
        except ConnectionError:
            await http.close()
            raise
        self._http = http
        self.core.delivery.transport = http

    async def wait_for_app(self, connections: int = 1, timeout: float = 10.0) -> None:
        """Wait until the app has this many Socket Mode connections."""
        await self.wait_until(lambda: self.connections >= connections, timeout, "the app to connect")

    # ---- the server

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[_only_local], client_max_size=UPLOAD_BYTES)
        core = self.core

        async def api(request: web.Request) -> web.Response:
            return await webapi.handle(core, request)

        async def response_url(request: web.Request) -> web.Response:
            return await responses.handle(core, request)

        app.add_routes(
            [
                web.route("*", "/api/{method}", api),
                web.post("/response/{key}", response_url),
                web.get("/link/", core.sockets.handle),
                web.post("/upload/v1/{ticket}", self._upload),
                web.get("/files-pri/{file_id}/{name}", self._file),
                web.get("/oauth/v2/authorize", self._authorize),
                web.post("/oauth/v2/authorize", self._allow),
                *Browser(core).routes(),
                web.get("/", _index),
            ]
        )
        if PAGE.is_dir():
            app.router.add_static("/", PAGE)
        return app

    async def _upload(self, request: web.Request) -> web.Response:
        """The second step of an upload: bytes, raw (Python) or as a form's file (JavaScript)."""
        failure = self.faults.take_failure("upload")
        if failure is not None and not failure.after:
            return web.Response(status=failure.status if failure.status >= 400 else 500, text=failure.error)
        file = self.core.state.files.get(self.core.uploads.get(request.match_info["ticket"], ""))
        if file is None:
            raise web.HTTPNotFound(text="unknown upload")
        if request.content_type == "multipart/form-data":
            parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
            content = parts[0].file.read() if parts else b""
        else:
            content = await request.read()
        if len(content) != file.expected:
            raise web.HTTPBadRequest(text=f"expected {file.expected} bytes, got {len(content)}")
        file.content = content
        if failure is not None:
            return web.Response(status=failure.status, text=failure.error)
        return web.Response(text=f"OK - {len(content)}")

    async def _file(self, request: web.Request) -> web.Response:
        """url_private: for the app, with its token."""
        if request.headers.get("Authorization") != f"Bearer {self.bot_token}":
            raise web.HTTPForbidden(text="invalid_auth")
        webapi.require_scopes(self.core, ("files:read",))
        file = self.core.state.files.get(request.match_info["file_id"])
        if file is None or file.content is None:
            raise web.HTTPNotFound(text="file_not_found")
        return file_response(file.name, shapes.mimetype(file), file.content, True)

    async def _authorize(self, request: web.Request) -> web.Response:
        """OAuth's consent page: who installs the app?"""
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(k)}" value="{html.escape(v)}">' for k, v in request.query.items()
        )
        people = "".join(f'<option value="{p.id}">{html.escape(p.real_name)}</option>' for p in self.config.people)
        page = (
            f"<!doctype html><title>Install</title><h1>Install {html.escape(self.config.app.name)}</h1>"
            f'<form method="post">{hidden}<select name="user">{people}</select><button>Allow</button></form>'
        )
        return web.Response(text=page, content_type="text/html")

    async def _allow(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        if form.get("client_id") != self.config.client_id or "redirect_uri" not in form:
            raise web.HTTPBadRequest(text="invalid_client_id or missing redirect_uri")
        code = self.core.state.new_id("code")
        self.core.codes[code] = form.get("user") or self.config.people[0].id
        joint = "&" if urlsplit(form["redirect_uri"]).query else "?"
        query = urlencode({"code": code, "state": form.get("state", "")})
        raise web.HTTPFound(f"{form['redirect_uri']}{joint}{query}")


async def _index(request: web.Request) -> web.StreamResponse:
    page = PAGE / "index.html"
    if not page.is_file():
        raise web.HTTPNotFound(text="The workspace runs; its page is not installed.")
    return web.FileResponse(page, headers={"Content-Security-Policy": _PAGE_POLICY, "Cache-Control": "no-cache"})


@web.middleware
async def _only_local(request: web.Request, handler: _Next) -> web.StreamResponse:
    """Refuse names that merely point here, and other pages' requests."""
    host = urlsplit(f"//{request.host}")
    if host.hostname not in _LOOPBACK:
        raise web.HTTPForbidden(text="this workspace answers to loopback names only")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        raise web.HTTPForbidden(text="cross-origin requests are refused")
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.path != "/oauth/v2/authorize":
        raise web.HTTPForbidden(text="cross-site requests are refused")
    return await handler(request)
