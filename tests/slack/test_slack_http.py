"""HTTP mode: who is not Slack gets a refusal, never a server error, and never an effect."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_bench import Bench, Serve

COMMAND = {
    "command": "/segment",
    "text": "women in Texas",
    "user_id": "U0MAYA",
    "team_id": "T0DEMO",
    "channel_id": "C0MARKETING",
    "trigger_id": "9.9.9",
    "response_url": "http://127.0.0.1:9/response/none",
}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def site(serve: Serve) -> Bench:
    """The app over HTTP."""
    return await serve("http")


def sign(secret: str, body: bytes, timestamp: str) -> str:
    """Slack's signature."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


async def post(bench: Bench, body: bytes, headers: dict[str, str], method: str = "POST") -> int:
    """Send it to the app; the status."""
    url = f"{bench.http_url}/slack/events"
    async with aiohttp.ClientSession() as session, session.request(method, url, data=body, headers=headers) as answer:
        return answer.status


def signed(bench: Bench, body: bytes, *, at: float | None = None, content_type: str = FORM) -> dict[str, str]:
    """Headers of a request as Slack sends it."""
    timestamp = str(int(time.time() if at is None else at))
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": sign(bench.ws.signing_secret, body, timestamp),
    }


async def test_only_slack_is_heard(site: Bench) -> None:
    """Unsigned, forged, stale, future, tampered and malformed requests are all refused with 401, and do nothing."""
    body = urlencode(COMMAND).encode()
    good = signed(site, body)
    now = good["x-slack-request-timestamp"]
    forged: dict[str, dict[str, str]] = {
        "unsigned": {"content-type": FORM},
        "no signature": {"content-type": FORM, "x-slack-request-timestamp": now},
        "no timestamp": {"content-type": FORM, "x-slack-signature": good["x-slack-signature"]},
        "stale": signed(site, body, at=time.time() - 400),
        "from the future": signed(site, body, at=time.time() + 400),
        "another secret": good | {"x-slack-signature": sign("0" * 32, body, now)},
        "another body": good | {"x-slack-signature": sign(site.ws.signing_secret, body + b"&x=1", now)},
        "timestamp is no number": good | {"x-slack-request-timestamp": "yesterday"},
        "timestamp is empty": good | {"x-slack-request-timestamp": ""},
        "timestamp is huge": good | {"x-slack-request-timestamp": "9" * 400},
        "timestamp in other digits": good | {"x-slack-request-timestamp": "١٢٣"},
        "timestamp with sign": good | {"x-slack-request-timestamp": f"+{now}"},
        "signature is not ASCII": good | {"x-slack-signature": "v0=ÿþ"},
        "signature is empty": good | {"x-slack-signature": ""},
        "signature of another version": good | {"x-slack-signature": good["x-slack-signature"].replace("v0", "v1")},
    }
    for what, headers in forged.items():
        assert await post(site, body, headers) == 401, what
    assert await post(site, b"\xff\xfe", good) == 401
    assert site.flows.done["start"] == 0
    assert await post(site, body, good) == 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b"{}", "application/json"),
        (b"[1, 2]", "application/json"),
        (b"{not json", "application/json"),
        (b"payload=%7Bnot", FORM),
        (b"payload=%5B%5D", FORM),
        (b"command=%2Fsegment", FORM),
        (b"\x00\x01", "application/octet-stream"),
        (json.dumps({"type": "event_callback", "event": {}}).encode(), "application/json"),
        (json.dumps({"type": "event_callback", "event": {"type": "app_mention"}}).encode(), "application/json"),
        (urlencode({"payload": json.dumps({"type": "block_actions", "actions": []})}).encode(), FORM),
        (urlencode({"payload": json.dumps({"type": "view_submission"})}).encode(), FORM),
    ],
)
async def test_signed_nonsense_is_survived(site: Bench, body: bytes, content_type: str) -> None:
    """Even with Slack's signature, what can't be read does nothing, and the app goes on."""
    assert await post(site, body, signed(site, body, content_type=content_type)) in (200, 400)
    assert site.flows.done["start"] == 0
    await site.ws.slash("maya", "#marketing", "/segment women in Texas")
    await site.ws.wait_for_message("#marketing", "Share in thread")


async def test_a_replayed_request_has_no_second_effect(site: Bench) -> None:
    """The same signed bytes sent again within five minutes are one request."""
    body = urlencode(COMMAND).encode()
    headers = signed(site, body)
    assert [await post(site, body, headers) for _ in range(3)] == [200, 200, 200]
    await site.ws.wait_for_message("#marketing", "Share in thread")
    assert site.flows.done["start"] == 1
    assert len(site.ws.messages("#marketing")) == 1


async def test_a_huge_body_is_refused_unread(site: Bench) -> None:
    """Nobody fills the memory of the process."""
    body = b"x" * (3 * 1024 * 1024)
    assert await post(site, body, {"content-type": FORM}) == 413
    assert await post(site, b"", {}, method="GET") == 405


async def test_a_link_to_a_segment_leads_back_to_slack(site: Bench) -> None:
    """In a browser a link tells what it is for, and nothing about the segment, whether it is there or not."""
    async with aiohttp.ClientSession() as session:
        for number, status in (("12", 200), ("99999999", 200), ("x", 404), ("-1", 404)):
            async with session.get(f"{site.http_url}/segments/{number}") as answer:
                assert answer.status == status
                if status == 200:
                    assert f"/segment open #{number}" in await answer.text()


async def test_health(site: Bench) -> None:
    """A load balancer sees that it serves, and that it is about to stop."""

    async def look() -> tuple[int, dict[str, Any]]:
        async with aiohttp.ClientSession() as session, session.get(f"{site.http_url}/health") as answer:
            return answer.status, await answer.json()

    assert await look() == (200, {"status": "ok", "listeners": 0})
    site.deps.running.stopping = True
    assert (await look())[0] == 503
