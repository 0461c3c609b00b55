"""The first number in Slack: an estimate on the first card, the exact count in its place, and each says which it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from slack_site import NOW, Site, with_databases

from segbot.demo import company
from segbot.demo.workspace import Workspace, message_words
from segbot.errors import QueryTimedOut
from segbot.flows.desk import open_samples
from segbot.flows.house import House
from segbot.flows.sampling import refresh_sample
from segbot.settings import Settings
from segbot.slack.handlers import Deps
from segbot.store.migrate import migrate
from segbot.warehouse.run import Warehouse

pytestmark = [pytest.mark.timeout(120), pytest.mark.xdist_group("slack_first_number")]


@pytest.fixture(scope="module")
def sampled(make_database: Callable[..., str]) -> tuple[str, str]:
    """A demo company of 3,000 customers, and a store."""
    customers, store = make_database(), make_database()
    company.fill(customers, 3000, seed=5, now=NOW)
    migrate(store, "segbot")
    return customers, store


@pytest.fixture
def settings(ws: Workspace, sampled: tuple[str, str], tmp_path: Path) -> Settings:
    return with_databases(ws, sampled, tmp_path, sample_customers=800, reuse_seconds=0)


@pytest.fixture
async def deps(ws: Workspace, settings: Settings, house: House) -> AsyncIterator[Deps]:
    """segbot with a sample of 800 customers."""
    async with open_samples(settings, house) as samples:
        assert samples is not None
        await refresh_sample(settings, house, samples, NOW)
        async with Site(ws, settings, house, samples=samples) as opened:
            yield opened


def slow(patch: pytest.MonkeyPatch, seconds: float, error: Exception | None = None) -> None:
    """From now on a count in the customer database takes so long, and then may fail."""
    real = Warehouse.count

    async def count(self: Warehouse, *args: Any, **more: Any) -> Any:
        await asyncio.sleep(seconds)
        if error is not None:
            raise error
        return await real(self, *args, **more)

    patch.setattr(Warehouse, "count", count)


async def first_card(ws: Workspace, words: str) -> dict[str, Any]:
    await ws.slash("maya", "#marketing", f"/segment {words}")
    card: dict[str, Any] = await ws.wait_for_message("#marketing", lambda m: bool(m.get("blocks")), timeout=20)
    return card


def heading(card: dict[str, Any]) -> str:
    return str(next(b["text"]["text"] for b in card["blocks"] if b["type"] == "header"))


async def test_an_estimate_first_and_the_exact_count_in_its_place(
    ws: Workspace, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first card has a number with its margin and source; the same card then has the exact one."""
    slow(monkeypatch, 2.0)
    card = await first_card(ws, "women who bought in the last 90 days")
    said = message_words(card)
    assert heading(card).startswith("About ")
    assert "Estimated from a sample of 800 of 2," in said
    assert "The exact count follows" in said
    assert " to " in heading(card)
    assert "about" in card["text"].casefold()
    exact = await ws.wait_for_message(
        "#marketing", lambda m: m["ts"] == card["ts"] and "Exact, as of" in message_words(m), timeout=20
    )
    assert not heading(exact).startswith("About ")
    assert "stimate" not in message_words(exact)


async def test_a_quick_exact_count_comes_alone(ws: Workspace, deps: Deps) -> None:
    """Where the exact count is there at once, no estimate flashes by: the card is posted once, with it."""
    card = await first_card(ws, "women in Texas")
    exact = await ws.wait_for_message(
        "#marketing", lambda m: m["ts"] == card["ts"] and "Exact, as of" in message_words(m), timeout=20
    )
    assert "stimate" not in message_words(exact)


async def test_what_a_sample_can_not_tell_waits_for_the_exact_count(
    ws: Workspace, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A condition on contact data, which the sample has not, says that it is counted, and then how many there are."""
    slow(monkeypatch, 1.0)
    card = await first_card(ws, "people with no phone number")
    assert heading(card) == "Counting…"
    await ws.wait_for_message(
        "#marketing", lambda m: m["ts"] == card["ts"] and "Exact, as of" in message_words(m), timeout=20
    )


async def test_a_failed_count_leaves_the_estimate(ws: Workspace, deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the exact count takes too long, the card says so and keeps the estimate, which promises nothing more."""
    slow(monkeypatch, 1.0, QueryTimedOut("60 s"))
    card = await first_card(ws, "women who bought in the last 90 days")
    failed = await ws.wait_for_message(
        "#marketing", lambda m: m["ts"] == card["ts"] and "took too long" in message_words(m), timeout=20
    )
    assert heading(failed).startswith("About ")
    assert "The exact count follows" not in message_words(failed)


async def test_a_handful_is_fewer_than(ws: Workspace, deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the sample has hardly anybody, the card gives a bound and no number that it does not know."""
    slow(monkeypatch, 1.0)
    card = await first_card(ws, "women over 70 in Texas who spent more than $900 this year")
    assert heading(card).startswith("Fewer than about ")
