"""Socket Mode: the app connects to us, and every envelope must be acknowledged over the socket."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from segbot.demo.workspace.deliver import Acked, Answer, Envelope, Unanswered
from segbot.demo.workspace.state import Json, State

#: Seconds between the server's own pings; clients give up when none comes for about thirty.
HEARTBEAT = 10.0
#: Seconds between asking a client to reconnect and closing its socket.
REFRESH_GRACE = 2.0


@dataclass(slots=True, eq=False)
class _Connection:
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    leaving: bool = False


@dataclass(slots=True)
class SocketMode:
    """The open connections of the app, and the envelopes that wait for their acknowledgement."""

    state: State
    tickets: set[str] = field(default_factory=set)
    connections: list[_Connection] = field(default_factory=list)
    pending: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _turn: int = 0
    _closing: set[asyncio.Future[None]] = field(default_factory=set)

    def ticket(self) -> str:
        """A single-use ticket for one connection."""
        ticket = secrets.token_urlsafe(16)
        self.tickets.add(ticket)
        return ticket

    @property
    def connected(self) -> int:
        return len(self.connections)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The websocket the app opened with the address of apps.connections.open."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            raise web.HTTPForbidden(text="unknown or used ticket")
        self.tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
        await socket.prepare(request)
        if len(self.connections) >= self.state.config.max_connections:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        connection = _Connection(socket, request.transport)
        self.connections.append(connection)
        try:
            await socket.send_json(self._hello())
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._receive(frame.data)
        finally:
            self.connections.remove(connection)
        return socket

    async def send(self, envelope: Envelope, timeout: float) -> Answer:
        usable = [c for c in self.connections if not c.leaving and not c.socket.closed]
        if not usable:
            return Unanswered("connection_failed")
        self._turn += 1
        connection = usable[self._turn % len(usable)]
        envelope_id = str(uuid.uuid4())
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self.pending[envelope_id] = future
        body: Json = {
            "envelope_id": envelope_id,
            "type": envelope.type,
            "payload": envelope.payload,
            "accepts_response_payload": envelope.accepts_response,
        }
        if envelope.type == "events_api":
            body["retry_attempt"] = envelope.retry_attempt or 0
            body["retry_reason"] = envelope.retry_reason or ""
        try:
            await connection.socket.send_json(body)
            return Acked(await asyncio.wait_for(future, timeout))
        except TimeoutError:
            return Unanswered("http_timeout")
        except ConnectionError:
            return Unanswered("connection_failed")
        finally:
            self.pending.pop(envelope_id, None)

    async def refresh(self) -> None:
        """Ask all connections to reconnect, and close them a little later."""
        leaving = list(self.connections)
        for connection in leaving:
            connection.leaving = True
            await connection.socket.send_json(
                {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "workspace"}}
            )
        closing = asyncio.ensure_future(_close_later(leaving))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def disconnect(self) -> None:
        """Cut all connections without a close frame."""
        for connection in list(self.connections):
            connection.leaving = True
            if connection.transport is not None:
                connection.transport.abort()

    async def close(self) -> None:
        for closing in tuple(self._closing):
            closing.cancel()
        for connection in list(self.connections):
            await connection.socket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self.state.config.app.id},
            "debug_info": {"host": "workspace", "build_number": 1, "approximate_connection_time": 18060},
        }

    def _receive(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return  # Slack ignores what it cannot read
        if not isinstance(frame, dict):
            return
        future = self.pending.get(str(frame.get("envelope_id")))
        if future is not None and not future.done():
            payload = frame.get("payload")
            future.set_result(payload if isinstance(payload, dict) else {})


async def _close_later(connections: list[_Connection]) -> None:
    await asyncio.sleep(REFRESH_GRACE)
    for connection in connections:
        await connection.socket.close()
