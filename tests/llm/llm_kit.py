"""What the tests of the language model share: companies with their readers, wire documents, and a scripted provider."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from aiohttp import web

from segbot.catalog.load import load_catalog
from segbot.demo import company
from segbot.flows.house import House, open_house
from segbot.flows.proposer import definitions
from segbot.llm.talk import Kind, Question, Reply, Trouble
from segbot.model.condition import Condition
from segbot.model.reading import Reading
from segbot.nl.lexicon.compile import Lexicon, compile_lexicon
from segbot.nl.propose.ladder import Ladder, Proposal, Rejected, candidates
from segbot.nl.propose.slice import Slice, cut_slice

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
_COMPANIES = Path(__file__).parent.parent / "companies"
CATALOGS = {
    "shop": company.CATALOG,
    **{name: _COMPANIES / name / "catalog.yaml" for name in ("hotel", "saas", "insurer")},
}


@dataclass(frozen=True)
class Place:
    """One company, ready to propose for."""

    house: House

    @cached_property
    def lexicon(self) -> Lexicon:
        return compile_lexicon(self.house.catalog)

    @cached_property
    def terms(self) -> dict[str, Condition]:
        return definitions(self.house)

    def read(self, text: str) -> Reading:
        return self.house.read(text, NOW)

    def slice(self, reading: Reading) -> Slice:
        return cut_slice(reading.text, self.house.catalog, candidates(reading), self.terms)

    def ladder(self, text: str) -> Ladder:
        reading = self.read(text)
        return Ladder(self.house.catalog, self.lexicon, self.slice(reading), self.terms, reading)

    def climb(self, text: str, answer: str) -> Proposal | Rejected:
        return self.ladder(text).climb(answer)


@cache
def place(name: str = "shop") -> Place:
    """A company by name, opened once."""
    return Place(open_house(load_catalog(CATALOGS[name])))


# --- wire documents -----------------------------------------------------------------------------

NO_WINDOW = {"kind": "none", "amount": 0, "unit": "none", "start": "none", "end": "none"}


def window(kind: str, **parts: Any) -> dict[str, Any]:
    return {**NO_WINDOW, "kind": kind, **parts}


def where(key: str, *values: str, operator: str = "is", negated: bool = False) -> dict[str, Any]:
    return {"property": key, "operator": operator, "values": list(values), "negated": negated}


def condition(key: str, kind: str, *evidence: str, **parts: Any) -> dict[str, Any]:
    """A wire condition with everything it does not use left empty."""
    empty: dict[str, Any] = {
        "id": key,
        "kind": kind,
        "field": "none",
        "operator": "none",
        "values": [],
        "event": "none",
        "filters": [],
        "measure": "none",
        "measure_property": "none",
        "comparison": "none",
        "numbers": [],
        "side": "none",
        "rank_unit": "none",
        "then_event": "none",
        "duration_amount": 0,
        "duration_unit": "none",
        "name": "none",
        "window": NO_WINDOW,
        "evidence": list(evidence),
    }
    assert set(parts) <= set(empty)
    return {**empty, **parts}


def has(
    key: str, quote: str | Sequence[str], field: str, *values: str, operator: str = "is", **parts: Any
) -> dict[str, Any]:
    quotes = [quote] if isinstance(quote, str) else quote
    return condition(key, "attribute", *quotes, field=field, operator=operator, values=list(values), **parts)


def did(key: str, quote: str | Sequence[str], event: str, **parts: Any) -> dict[str, Any]:
    quotes = [quote] if isinstance(quote, str) else quote
    return condition(key, "event", *quotes, event=event, **parts)


def document(
    *conditions: dict[str, Any], logic: str = "", unread: Sequence[str] = (), ambiguities: Sequence[str] = ()
) -> str:
    return json.dumps(
        {
            "conditions": list(conditions),
            "logic": logic or " AND ".join(c["id"] for c in conditions),
            "not_understood": list(unread),
            "ambiguities": list(ambiguities),
        }
    )


# --- a provider that says what it is told to -----------------------------------------------------

Protocol = Literal["openai", "anthropic"]
KEY = "a-key-for-tests"


@dataclass(frozen=True)
class Turn:
    """One scripted answer: text, how the answer ended, or a plain status. `wait` seconds come first."""

    text: str = ""
    end: Literal["done", "truncated", "refused", "filtered", "empty"] = "done"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: str | None = None
    wait: float = 0.0


@dataclass
class Provider:
    """A local server of both protocols; `bodies` are the questions it got."""

    turns: list[Turn]
    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    knows_schemas: bool = True
    wants_completion_tokens: bool = False

    async def answer(self, request: web.Request) -> web.Response:
        protocol: Protocol = "anthropic" if request.path.endswith("/v1/messages") else "openai"
        sent = request.headers.get("x-api-key") or request.headers.get("Authorization", "").removeprefix("Bearer ")
        if sent != KEY:
            return web.json_response({"error": {"message": "invalid key"}}, status=401)
        body = await request.json()
        if protocol == "openai":
            if self.wants_completion_tokens and "max_tokens" in body:
                return web.json_response({"error": {"message": "use max_completion_tokens instead"}}, status=400)
            if not self.knows_schemas and body["response_format"]["type"] == "json_schema":
                return web.json_response({"error": {"message": "response_format json_schema is unknown"}}, status=400)
        self.bodies.append(body)
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        await asyncio.sleep(turn.wait)
        if turn.status != 200 or turn.raw is not None:
            return web.Response(status=turn.status, headers=turn.headers, text=turn.raw or "{}")
        shape = _openai(turn) if protocol == "openai" else _anthropic(turn)
        return web.json_response(shape)


def _openai(turn: Turn) -> dict[str, Any]:
    ends = {"done": "stop", "truncated": "length", "filtered": "content_filter", "refused": "stop", "empty": "stop"}
    message: dict[str, Any] = {"role": "assistant", "content": turn.text, "refusal": None}
    if turn.end == "refused":
        message = {"role": "assistant", "content": None, "refusal": "I can't help with that."}
    choices = [] if turn.end == "empty" else [{"index": 0, "message": message, "finish_reason": ends[turn.end]}]
    return {
        "id": "x",
        "choices": choices,
        "usage": {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000},
    }


def _anthropic(turn: Turn) -> dict[str, Any]:
    ends = {
        "done": "tool_use",
        "truncated": "max_tokens",
        "filtered": "refusal",
        "refused": "refusal",
        "empty": "end_turn",
    }
    try:
        content: list[dict[str, Any]] = [
            {"type": "tool_use", "id": "t", "name": "propose", "input": json.loads(turn.text)}
        ]
    except ValueError:
        content = [{"type": "text", "text": turn.text}]
    if turn.end == "empty":
        content = []
    return {
        "id": "x",
        "content": content,
        "stop_reason": ends[turn.end],
        "usage": {"input_tokens": 900, "output_tokens": 100},
    }


@asynccontextmanager
async def provider(*turns: Turn) -> AsyncIterator[Provider]:
    """A running provider; the last turn is repeated."""
    made = Provider(list(turns) or [Turn()])
    app = web.Application()
    app.router.add_post("/v1/chat/completions", made.answer)
    app.router.add_post("/v1/messages", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    made.url = f"http://127.0.0.1:{port}"
    try:
        yield made
    finally:
        await runner.cleanup()


@dataclass
class Canned:
    """A model without a network."""

    turns: list[Reply | Trouble]
    questions: list[Question] = field(default_factory=list)
    name: str = "canned"
    wait: float = 0.0

    async def ask(self, question: Question, timeout: float) -> Reply | Trouble:
        self.questions.append(question)
        await asyncio.sleep(self.wait)
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


def reply(text: str, tokens: int = 1000) -> Reply:
    return Reply(text, tokens)


def trouble(kind: Kind, **parts: Any) -> Trouble:
    return Trouble(kind, **parts)
