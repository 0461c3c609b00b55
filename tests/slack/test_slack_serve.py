"""Starting up: what is wrong with the configuration is said in one sentence, before anything is served."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import pytest
from slack_bench import Bench, Serve, settings_for

from segbot.errors import ConfigurationError
from segbot.slack.app import build_app, serve_http, serve_socket, stop_on_signals


async def start(bench: Bench, transport: str, **settings: Any) -> None:
    """Serve with these settings until it fails."""
    bench.settings = settings_for(bench.ws, **settings)
    app = build_app(bench.deps, bench.settings)
    run = serve_http if transport == "http" else serve_socket
    await asyncio.wait_for(run(app, bench.deps, bench.settings, stop=bench.stop), 10)


@pytest.mark.parametrize(
    ("transport", "settings", "names"),
    [
        ("socket", {"slack_bot_token": "xoxb-wrong"}, "SEGBOT_SLACK_BOT_TOKEN"),
        ("http", {"slack_bot_token": "xoxb-wrong"}, "SEGBOT_SLACK_BOT_TOKEN"),
        ("socket", {"slack_bot_token": None}, "SEGBOT_SLACK_BOT_TOKEN"),
        ("socket", {"slack_bot_token": "  "}, "SEGBOT_SLACK_BOT_TOKEN"),
        ("socket", {"slack_app_token": "xapp-wrong"}, "SEGBOT_SLACK_APP_TOKEN"),
        ("socket", {"slack_app_token": None}, "SEGBOT_SLACK_APP_TOKEN"),
        ("http", {"slack_signing_secret": None}, "SEGBOT_SLACK_SIGNING_SECRET"),
        ("socket", {"slack_api_url": "http://127.0.0.1:9/api/"}, "SEGBOT_SLACK_API_URL"),
    ],
)
async def test_a_wrong_setting_is_named(bench: Bench, transport: str, settings: dict[str, Any], names: str) -> None:
    """The sentence names the setting to change and never its value."""
    with pytest.raises(ConfigurationError) as caught:
        await start(bench, transport, **settings)
    sentence = caught.value.sentence
    assert names in sentence
    assert "wrong" not in sentence
    assert "\n" not in sentence


async def test_a_taken_port_is_named(serve: Serve, bench: Bench) -> None:
    """Two segbots at one address: the second says so and ends."""
    first = await serve("http")
    with pytest.raises(ConfigurationError, match="SEGBOT_HTTP_PORT"):
        await start(bench, "http", http_port=first.settings.http_port)


async def test_a_signal_stops_it(bench: Bench) -> None:
    """SIGTERM ends serving in order."""
    stop = stop_on_signals()
    app = build_app(bench.deps, bench.settings)
    serving = asyncio.create_task(serve_socket(app, bench.deps, bench.settings, stop=stop))
    await bench.ws.wait_for_app()
    signal.raise_signal(signal.SIGTERM)
    await asyncio.wait_for(serving, 5)
    assert bench.ws.connections == 0
    asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)


async def test_socket_mode_needs_no_signing_secret(serve: Serve, bench: Bench) -> None:
    """Who serves over Socket Mode has no use for it, and is not asked."""
    bench.settings = settings_for(bench.ws, slack_signing_secret=None)
    await serve("socket")
    assert await bench.ws.slash("maya", "#marketing", "/segment help") == {"ok": True}
