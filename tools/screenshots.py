"""Draw the pictures of the documentation: the real bot on the demo company in the workspace, in a headless browser.

`make screenshots` writes docs/images/*.png. Every picture is cut to what it shows and stays small.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from playwright.async_api import Browser, Locator, Page, async_playwright
from pydantic import SecretStr

from segbot.catalog.load import load_catalog
from segbot.demo import company
from segbot.demo.run import open_bot, workspace_config
from segbot.demo.workspace import Workspace
from segbot.flows.house import open_house
from segbot.logs import configure_logging
from segbot.settings import Settings
from segbot.store.migrate import migrate
from segbot.warehouse.embedded import EmbeddedPostgres, temporary_postgres

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.browser import browser_path  # noqa: E402 (found from the project's root)

TARGET = ROOT / "docs" / "images"
LARGEST = 200_000  # bytes
LONG = "women over 30 in California who bought twice in the last 90 days but never opened an email"


def main() -> int:
    """Draw all pictures; exit status 1 when there is no browser or a picture is too large."""
    path = browser_path()
    if path is None:
        print("No browser was found. Install chromium-headless-shell.")
        return 1
    configure_logging("error", "json")
    with temporary_postgres() as server:
        _make(server)
        asyncio.run(_draw(server, path))
    sizes = {picture.name: picture.stat().st_size for picture in sorted(TARGET.glob("*.png"))}
    for name, size in sizes.items():
        print(f"{name}: {size // 1000} kB")
    return int(any(size > LARGEST for size in sizes.values()))


def _make(server: EmbeddedPostgres) -> None:
    print("making the demo company")
    for name in ("customers", "store"):
        server.create_database(name)
    company.fill(server.url("customers"), 20_000, now=datetime.now(UTC))
    company.create_reader(server.url("customers"), company.SCHEMA)
    migrate(server.url("store"), "segbot")


async def _draw(server: EmbeddedPostgres, path: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        _env_file=None,
        database_url=SecretStr(server.url("customers", user=company.READER)),
        store_url=SecretStr(server.url("store")),
        data_dir=Path(tempfile.gettempdir()),
    )
    house = open_house(load_catalog(company.CATALOG))
    async with (
        Workspace(workspace_config()) as workspace,
        open_bot(settings, house, workspace),
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        pictures = Pictures(workspace, browser)
        for draw in (pictures.answer, pictures.question, pictures.unread, pictures.help, pictures.home):
            await draw()
        await pictures.failure(server)
        await browser.close()


class Pictures:
    """Somebody who asks and looks, and takes pictures of what appears."""

    def __init__(self, workspace: Workspace, browser: Browser) -> None:
        self._workspace, self._browser = workspace, browser

    async def answer(self) -> None:
        """The long request answered, and what its buttons open."""
        page = await self._page(width=1180, height=760)
        card = await self._ask(page, LONG, "segbot.show_sql", alone=True)
        await page.mouse.move(5, 5)
        await page.screenshot(path=TARGET / "answer.png")
        await self._open(page, card, "segbot.preview", "contact data is masked", "preview")
        await self._open(page, card, "segbot.show_sql", "FROM shop.customers", "sql")
        await self._press(card, "segbot.save")
        form = page.get_by_test_id("modal")
        await form.get_by_label("Name").fill("Quiet Californians")
        await form.get_by_label("Note").fill("For the spring letter by post: they don't read our email.")
        await form.get_by_label("Tags").fill("spring, post")
        await self._shoot(form, "save")
        await form.get_by_test_id("modal-submit").click()
        await form.wait_for(state="detached")
        await self._press(card, "segbot.share")
        await card.get_by_test_id("thread-bar").click()
        shared = page.get_by_test_id("thread-panel").get_by_test_id("message").last
        await shared.get_by_text("stays as it is").wait_for()
        await self._shoot(page.get_by_test_id("thread-panel"), "share", trim=shared)

    async def question(self) -> None:
        """Words with two readings, each choice with its size."""
        page = await self._page()
        card = await self._ask(page, "women from Washington who bought in the last 90 days", "segbot.choose")
        await self._shoot(card, "question")

    async def unread(self) -> None:
        """Words that were not understood, with what they may have been."""
        page = await self._page()
        card = await self._ask(page, "women in Texas who bought zhoess last month", "segbot.replace")
        await self._shoot(card, "unread")

    async def help(self) -> None:
        """The command alone."""
        page = await self._page(channel="campaigns")
        await self._send(page, "/segment")
        help = page.get_by_test_id("message").filter(has_text="Type who you are looking for").last
        await help.wait_for()
        await self._shoot(help, "help")

    async def home(self) -> None:
        """The app's Home."""
        page = await self._page()
        await page.get_by_test_id("home-link").first.click()
        await page.get_by_test_id("home").get_by_text("Type who you are looking for").wait_for()
        await self._shoot(page.get_by_test_id("home"), "home")

    async def failure(self, server: EmbeddedPostgres) -> None:
        """The customer database is away."""
        await asyncio.to_thread(_close, server)
        page = await self._page()
        card = await self._ask(page, "gold members in Oregon", "segbot.retry")
        await self._shoot(card, "failure")

    # ---- parts

    async def _page(self, channel: str = "marketing", width: int = 820, height: int = 1400) -> Page:
        """A fresh window of Maya's, as wide as what is drawn needs."""
        context = await self._browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=1.25, timezone_id="America/New_York"
        )
        page = await context.new_page()
        place = self._workspace.channel_id(channel)
        await page.goto(f"{self._workspace.url}/?user={self._workspace.user_id('maya')}#/{place}")
        await page.wait_for_selector("body[data-ready]")
        return page

    async def _send(self, page: Page, text: str) -> None:
        await page.get_by_test_id("composer").fill(text)
        await page.keyboard.press("Enter")

    async def _ask(self, page: Page, words: str, action: str, *, alone: bool = False) -> Locator:
        """Ask, and wait for a card with this button."""
        # Somebody else speaks first, so that the bot's name stands above its message.
        if not alone:
            await self._workspace.say("priya", "marketing", "One moment, I have a question too.")
        await self._send(page, f"/segment {words}")
        card = page.get_by_test_id("message").filter(has=page.locator(f"[data-action-id^='{action}']")).last
        await card.wait_for()
        await page.wait_for_function("() => !document.body.innerText.includes('Counting…')")
        return card

    async def _press(self, card: Locator, action: str) -> None:
        await card.locator(f"[data-action-id='{action}']").click()

    async def _open(self, page: Page, card: Locator, action: str, words: str, name: str) -> None:
        await self._press(card, action)
        modal = page.get_by_test_id("modal")
        await modal.get_by_text(words).first.wait_for()
        await self._shoot(modal, name)
        await modal.get_by_test_id("modal-close").click()
        await modal.wait_for(state="detached")

    async def _shoot(self, what: Locator, name: str, trim: Locator | None = None) -> None:
        """A picture of one thing, without what the mouse would bring up; `trim` is what it ends with."""
        await what.page.mouse.move(2, 2)
        await what.page.evaluate("document.activeElement?.blur()")
        box = await what.bounding_box()
        end = await trim.bounding_box() if trim is not None else None
        if box is None:
            raise RuntimeError(f"{name} can't be seen")
        height = box["height"] if end is None else end["y"] + end["height"] - box["y"] + 12
        await what.page.screenshot(path=TARGET / f"{name}.png", clip={**box, "height": height})


def _close(server: EmbeddedPostgres) -> None:
    """Let nobody into the customers' database any more."""
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("ALTER DATABASE customers ALLOW_CONNECTIONS false")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'customers'")


if __name__ == "__main__":
    sys.exit(main())
