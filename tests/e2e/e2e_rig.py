"""The real bot on the demo company in the real workspace, and people who use it: by their hands, or in a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import yaml
from playwright.async_api import Browser, Locator, Page, expect
from pydantic import SecretStr

from segbot.addresses import parse_address
from segbot.demo.run import Bot, open_bot, workspace_config
from segbot.demo.workspace import Workspace, message_words
from segbot.flows.house import House
from segbot.settings import Settings
from segbot.slack.ids import Action
from segbot.slack.sending import Sender

Json = dict[str, Any]

CUSTOMERS = 2000
SEED = 11
LONG = "women over 30 in California who bought twice in the last 90 days but never opened an email"

EVERYDAY: list[Json] = yaml.safe_load(
    (Path(__file__).parent.parent / "everyday" / "requests.yaml").read_text(encoding="utf-8")
)

# What must never be read by a person: the database's own words, Python's, or names of the inside.
INSIDE = re.compile(
    r"psycopg|sqlalchemy|Traceback|relation \"|permission denied|could not connect|FATAL|SELECT |shop\.|\bError\b|\.py\b",
)


@dataclass
class Databases:
    """Where the customers and segbot's own tables are; `owner` may change the customers."""

    customers: str
    store: str
    owner: str

    def as_owner(self, statement: str, values: Any = None) -> list[tuple[Any, ...]]:
        """Run something as the owner of the customer database."""
        return run_sql(self.owner, statement, values)

    def in_store(self, statement: str, values: Any = None) -> list[tuple[Any, ...]]:
        """Look into segbot's own tables."""
        return run_sql(self.store, f"SET search_path TO segbot; {statement}" if values is None else statement, values)


def run_sql(url: str, statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    with psycopg.connect(**parse_address(url, "a test").arguments, autocommit=True) as connection:
        connection.execute("SET search_path TO segbot, public")
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def settings_of(databases: Databases, folder: Path, **more: Any) -> Settings:
    given: dict[str, Any] = {
        "database_url": SecretStr(databases.customers),
        "store_url": SecretStr(databases.store),
        "data_dir": folder,
    }
    return Settings(_env_file=None, **(given | more))


@dataclass
class Stack:
    """A workspace with the bot in it, over one transport."""

    ws: Workspace
    bot: Bot
    databases: Databases
    browser: Browser | None = None
    complaints: list[str] = field(default_factory=list)

    # ---- by hand

    async def ask(self, words: str, user: str = "maya", channel: str = "#marketing", seconds: float = 10) -> Json:
        """`/segment words`, answered: the card once it says something final."""
        after = last_ts(self.ws, channel)
        assert await self.ws.slash(user, channel, f"/segment {words}") == {"ok": True}
        found: Json = await self.ws.wait_for_message(channel, is_settled, user=user, after=after, timeout=seconds)
        return found

    async def again(self, channel: str, ts: str, words: str = "", seconds: float = 10, user: str | None = None) -> Json:
        """The same message once it says something final, with these words in it."""

        def look() -> Json | None:
            found = next((m for m in self.ws.messages(channel, user=user) if m["ts"] == ts), None)
            return found if found and is_settled(found) and words in message_words(found) else None

        message: Json = await self.ws.wait_until(look, seconds, f"{words!r} on the card {ts}")
        return message

    # ---- in a browser

    async def page(self, user: str = "maya", path: str = "", width: int = 1280, height: int = 900) -> Page:
        """A window of its own for this person."""
        assert self.browser is not None
        context = await self.browser.new_context(
            viewport={"width": width, "height": height}, timezone_id="America/New_York"
        )
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        await page.goto(f"{self.ws.url}/?user={self.ws.user_id(user)}{path}")
        await page.wait_for_selector("body[data-ready]")
        return page


async def type_and_send(page: Page, text: str, testid: str = "composer") -> None:
    composer = page.get_by_test_id(testid)
    await composer.fill(text)
    await page.keyboard.press("Enter")
    await expect(composer).to_have_value("")


async def card_of(page: Page, sentence: str) -> Locator:
    """The newest card of this sentence, with its number on it."""
    message = page.get_by_test_id("messages").get_by_test_id("message").filter(has_text=sentence).last
    await expect(button(message, Action.SHOW_SQL)).to_be_visible()
    return message


def button(place: Locator, action: str) -> Locator:
    """A button by what it does: its label and what a screen reader says may change."""
    return place.locator(f"[data-action-id='{action}']")


@asynccontextmanager
async def open_stack(
    databases: Databases, house: House, folder: Path, *, http: bool = False, browser: Browser | None = None, **more: Any
) -> AsyncIterator[Stack]:
    """A bot in a workspace of its own. Rates are not limited, so that a test of fifty requests takes seconds."""
    config = replace(workspace_config(), rate_limits=False, retry_delays=(0.0, 0.2, 0.4))
    async with Workspace(config) as workspace:
        settings = settings_of(databases, folder, **more)
        async with open_bot(settings, house, workspace, http=http, sender=Sender(check=True, interval=0.0)) as bot:
            yield Stack(workspace, bot, databases, browser)


# ---- looking at messages


def last_ts(ws: Workspace, channel: str) -> str:
    """The newest message there, private ones too."""
    return max((m["ts"] for person in ws.core.state.people for m in ws.messages(channel, user=person)), default="0")


def is_counting(message: Json) -> bool:
    """Whether a card still waits for its exact count, with a first number or without one."""
    words = message_words(message)
    return "Counting…" in words or "exact count follows" in words


def is_settled(message: Json) -> bool:
    """Whether nothing more is coming: not a card that is still counting."""
    words = message_words(message)
    return not is_counting(message) and not (
        "before counting" in words and any("segbot.choose" in a for a in action_ids(message)) and not has_sizes(message)
    )


def has_sizes(message: Json) -> bool:
    """Whether the choices of a question have their numbers."""
    return bool(re.search(r"· [\d,]+\b|\n[\d,]+ customers?\b|\*[\d,]+ customers?\*", message_words(message)))


def action_ids(message: Json) -> list[str]:
    """The actions that can be taken on a message, in order."""
    return [e["action_id"] for e in elements_in(message) if "action_id" in e]


def elements_in(message: Json) -> list[Json]:
    """Every element of a message."""
    found: list[Json] = []
    for block in message.get("blocks", []):
        found += block.get("elements", []) if block["type"] == "actions" else []
        if "accessory" in block:
            found.append(block["accessory"])
    return found


def size_on(message: Json) -> int:
    """The number in a card's heading."""
    heading = next(b["text"]["text"] for b in message["blocks"] if b["type"] == "header")
    found = re.match(r"([\d,]+) customers?\b", heading)
    assert found, heading
    return int(found[1].replace(",", ""))


def request_of(message: Json) -> str:
    """The id of the request that a card's buttons are about."""
    value = next(e["value"] for e in elements_in(message) if e.get("value", "").startswith("1|"))
    return str(value.split("|")[1])


def counted_at(databases: Databases, request: str) -> datetime:
    """As of when a request was last counted."""
    ((at,),) = run_sql(
        databases.store, "SELECT as_of FROM counts WHERE request_id = %s ORDER BY as_of DESC LIMIT 1", [request]
    )
    assert isinstance(at, datetime)
    return at


def truth(databases: Databases, sql: str, now: datetime) -> int:
    """How many people a hand-written statement selects as of a moment."""
    return len(databases.as_owner(sql.replace("%", "%%").replace(":now", "%(now)s"), {"now": now}))


def truth_of(request: str) -> str:
    """The hand-written SQL of an everyday request."""
    return next(str(case["sql"]) for case in EVERYDAY if case["request"] == request)
