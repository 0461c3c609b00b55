"""One JSON request over HTTP, with every way it can fail as a value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from segbot.llm.talk import Kind, Trouble

MAX_BODY = 2_000_000
"""Bytes of an answer that are read at most."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON object that came back with status 200."""

    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unaccepted:
    """A status that says the question itself was wrong (400, 404, 422), with the provider's words."""

    status: int
    words: str


async def post(
    url: str, headers: Mapping[str, str], body: Mapping[str, Any], timeout: float
) -> Answer | Unaccepted | Trouble:
    """Send one question. Redirects are not followed: they would carry the key elsewhere."""
    limit = aiohttp.ClientTimeout(total=timeout)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, trust_env=True) as session,
            session.post(url, headers=headers, json=body, allow_redirects=False) as response,
        ):
            raw = await _body(response)
            return _judged(response, raw)
    except TimeoutError:
        return Trouble(Kind.TIMED_OUT, f"no answer within {timeout:.1f} s")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Trouble(Kind.UNREACHABLE, f"{type(error).__name__}: {error}"[:300])


async def _body(response: aiohttp.ClientResponse) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_chunked(65_536):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BODY:
            break
    return b"".join(chunks)


def _judged(response: aiohttp.ClientResponse, raw: bytes) -> Answer | Unaccepted | Trouble:
    words = raw[:600].decode("utf-8", "replace")
    match response.status:
        case 200 if len(raw) <= MAX_BODY:
            try:
                data = json.loads(raw)
            except (ValueError, RecursionError):
                return Trouble(Kind.GARBLED, "the answer is not JSON")
            return Answer(data) if isinstance(data, dict) else Trouble(Kind.GARBLED, "the answer is not an object")
        case 200:
            return Trouble(Kind.GARBLED, "the answer is too long")
        case 401 | 403:
            return Trouble(Kind.WRONG_KEY, f"status {response.status}")
        case 429 | 503 | 529:
            return Trouble(Kind.BUSY, f"status {response.status}", _seconds(response.headers.get("Retry-After")))
        case 400 | 404 | 422:
            return Unaccepted(response.status, words)
        case _:
            return Trouble(Kind.FAILED, f"status {response.status}: {words[:200]}")


def _seconds(said: str | None) -> float | None:
    """Retry-After in seconds: it is a number or a date."""
    if said is None:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
