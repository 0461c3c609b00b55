"""HTTP mode: signed POSTs to the app's own address, as Slack sends events, commands and interactions."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode

import aiohttp

from segbot.demo.workspace.deliver import Acked, Answer, Envelope, Unanswered
from segbot.demo.workspace.state import Json, State


class HttpMode:
    """Posts to `<base>/slack/events`, the one address a Bolt app serves everything under."""

    def __init__(self, state: State, base_url: str, path: str = "/slack/events"):
        self.state = state
        self.url = base_url.rstrip("/") + path
        self._session = aiohttp.ClientSession()

    async def verify(self) -> None:
        """The handshake of the Events API; raises ConnectionError when the app does not echo the challenge."""
        challenge = secrets.token_hex(16)
        body = {
            "type": "url_verification",
            "token": self.state.config.verification_token,
            "challenge": challenge,
        }
        answer = await self._post(json.dumps(body), "application/json", {}, 3.0)
        match answer:
            case Acked(body=said) if challenge in (said.get("challenge"), said.get("text")):
                return
            case _:
                raise ConnectionError(f"{self.url} did not answer the url_verification challenge: {answer}")

    async def send(self, envelope: Envelope, timeout: float) -> Answer:
        headers: dict[str, str] = {}
        if envelope.retry_attempt:
            headers["x-slack-retry-num"] = str(envelope.retry_attempt)
            headers["x-slack-retry-reason"] = envelope.retry_reason or "unknown_error"
        form = "application/x-www-form-urlencoded"
        match envelope.type:
            case "events_api":
                return await self._post(json.dumps(envelope.payload), "application/json", headers, timeout)
            case "slash_commands":
                return await self._post(urlencode(envelope.payload), form, headers, timeout)
            case _:
                payload = urlencode({"payload": json.dumps(envelope.payload)})
                return await self._post(payload, form, headers, timeout)

    async def close(self) -> None:
        await self._session.close()

    def signature(self, timestamp: str, body: str) -> str:
        base = f"v0:{timestamp}:{body}".encode()
        return "v0=" + hmac.new(self.state.config.signing_secret.encode(), base, hashlib.sha256).hexdigest()

    async def _post(self, body: str, content_type: str, headers: dict[str, str], timeout: float) -> Answer:
        timestamp = str(int(time.time()))  # the app compares it with its own clock
        headers = {
            **headers,
            "content-type": content_type,
            "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": self.signature(timestamp, body),
        }
        limit = aiohttp.ClientTimeout(total=timeout)
        try:
            async with self._session.post(
                self.url, data=body.encode(), headers=headers, timeout=limit, max_redirects=2
            ) as answer:
                text = await answer.text()
                if answer.status >= 300:
                    return Unanswered("http_error", answer.headers.get("x-slack-no-retry") != "1")
                return Acked(_said(text))
        except TimeoutError:
            return Unanswered("http_timeout")
        except aiohttp.TooManyRedirects:
            return Unanswered("too_many_redirects")
        except aiohttp.ClientSSLError:
            return Unanswered("ssl_error")
        except aiohttp.ClientError:
            return Unanswered("connection_failed")


def _said(text: str) -> Json:
    """The body of a 200: nothing, an object, or plain text to show."""
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        return {"text": text}
    return body if isinstance(body, dict) else {"text": text}
