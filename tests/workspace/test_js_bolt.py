"""The official JavaScript Bolt app talks to the workspace: it is Slack, not something bent to our own bot."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import subprocess
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from workspace_rig import CONFIG

from segbot.demo.workspace import Workspace

HERE = Path(__file__).parent / "js_bolt"

pytestmark = [pytest.mark.development, pytest.mark.timeout(300)]


def not_run(reason: str) -> None:
    """Skip, and say so where nobody can miss it."""
    warnings.warn(f"THE JAVASCRIPT BOLT TEST DID NOT RUN: {reason}", stacklevel=2)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def installed() -> Path:
    """The peer with its packages, in a cache that survives runs and is no part of the repository."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        not_run("node and npm are not installed")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "segbot-development"
    digest = hashlib.sha256((HERE / "package.json").read_bytes()).hexdigest()[:12]
    folder = cache / f"js_bolt-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "app.js"):
        shutil.copy(HERE / name, folder / name)
    if not (folder / "complete").exists():
        command = [str(npm), "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
        if result.returncode != 0:
            not_run(f"npm install failed: {result.stderr[-500:]}")
        (folder / "complete").touch()
    return folder


@pytest.fixture(params=["socket", "http"])
async def peer(request: pytest.FixtureRequest, installed: Path, unused_tcp_port: int) -> AsyncIterator[Workspace]:
    """A workspace with the JavaScript app connected."""
    async with Workspace(CONFIG) as ws:
        environment = {
            "PATH": os.environ["PATH"],
            "PEER_MODE": request.param,
            "PORT": str(unused_tcp_port),
            "SLACK_API_URL": ws.api_url,
            "SLACK_BOT_TOKEN": ws.bot_token,
            "SLACK_APP_TOKEN": ws.app_token,
            "SLACK_SIGNING_SECRET": ws.signing_secret,
        }
        process = await asyncio.create_subprocess_exec(
            "node", "app.js", cwd=installed, env=environment, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert process.stdout is not None
            async with asyncio.timeout(60):
                while b"ready" not in (line := await process.stdout.readline()):
                    assert line, "the JavaScript app ended before it was ready"
            if request.param == "http":
                await ws.connect_http(f"http://127.0.0.1:{unused_tcp_port}")
            else:
                await ws.wait_for_app()
            yield ws
        finally:
            process.kill()
            await process.wait()


async def test_the_javascript_app(peer: Workspace) -> None:
    """Command, card, click, modal with a field error, submission, update, upload, mention and Home all work."""
    ws = peer
    assert await ws.slash("maya", "#marketing", "/segment women") == {"ok": True}
    await ws.wait_for_message("#marketing", "Working on it", user="maya", timeout=10)
    message = await ws.wait_for_message("#marketing", lambda m: "blocks" in m, timeout=10)
    assert (await ws.click("priya", "#marketing", message["ts"], "save"))["ok"]
    await ws.wait_for_modal("priya", timeout=10)
    refused = await ws.submit("priya", {"name": "taken"})
    assert refused == {"response_action": "errors", "errors": {"name": "That name is taken."}}
    assert await ws.submit("priya", {"name": "Women"}) == {"response_action": "close"}
    await ws.wait_for_message("#marketing", "Saved as Women", timeout=10)
    shared = await ws.wait_for_message("#marketing", "The list", thread_ts=message["ts"], timeout=10)
    assert shared["files"][0]["size"] == 5
    ts = (await ws.say("omar", "#campaigns", "@segbot hi"))["ts"]
    await ws.wait_for_message("#campaigns", "You called?", thread_ts=ts, timeout=10)
    ws.open_home("alex")
    await ws.wait_until(lambda: ws.home("alex"), 10, "the Home tab")
    assert ws.refused == []


@pytest.mark.parametrize("peer", ["socket"], indirect=True)
async def test_the_javascript_app_reconnects(peer: Workspace) -> None:
    """Asked to refresh its connection, the JavaScript app comes back."""
    before = list(peer.core.sockets.connections)
    await peer.faults.refresh()
    await peer.wait_until(lambda: any(c not in before for c in peer.core.sockets.connections), 20, "a new connection")
    assert (await peer.slash("maya", "#marketing", "/segment men"))["ok"]
    client = AsyncWebClient(peer.bot_token, base_url=peer.api_url)
    assert (await client.auth_test())["ok"]
