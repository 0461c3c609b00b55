"""What the tests of the Slack side share: an app with flows on demand, in a workspace."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from slack_fakes import FakeFlows

from segbot.demo.workspace import Workspace
from segbot.settings import Settings
from segbot.slack.handlers import Deps


@dataclass
class Bench:
    """A served app and what it stands in."""

    ws: Workspace
    flows: FakeFlows
    deps: Deps
    settings: Settings
    stop: asyncio.Event
    serving: asyncio.Task[None] | None = None
    http_url: str = ""


def settings_for(ws: Workspace, **more: Any) -> Settings:
    """Settings of an app that is installed there."""
    given: dict[str, Any] = {
        "slack_bot_token": ws.bot_token,
        "slack_app_token": ws.app_token,
        "slack_signing_secret": ws.signing_secret,
        "slack_api_url": ws.api_url,
    }
    return Settings(_env_file=None, **(given | more))


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


Serve: TypeAlias = Callable[..., Awaitable[Bench]]
