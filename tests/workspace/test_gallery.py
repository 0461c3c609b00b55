"""The gallery: every block and element of the page, drawn and used in a real browser without a server's help."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from tests.support.browser import find_browser

import segbot.demo.workspace
from segbot.demo.workspace import Workspace
from segbot.slack.blockcheck import check_blocks

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("page"),
    pytest.mark.timeout(60),
]
GALLERY = Path(segbot.demo.workspace.__file__).parent / "page" / "gallery.json"
SPECIMENS: list[dict[str, Any]] = json.loads(GALLERY.read_text("utf-8"))["specimens"]

#: Every block and element there is; the gallery must show each.
BLOCKS = {
    "section", "header", "divider", "context", "actions", "image", "input", "rich_text", "markdown", "table", "video",
    "file", "context_actions", "card", "carousel", "container", "alert", "plan", "task_card", "data_table",
    "data_visualization",
}  # fmt: skip
ELEMENTS = {
    "button", "workflow_button", "overflow", "static_select", "multi_static_select", "external_select",
    "multi_external_select", "users_select", "multi_users_select", "conversations_select",
    "multi_conversations_select", "channels_select", "multi_channels_select", "radio_buttons", "checkboxes",
    "datepicker", "timepicker", "datetimepicker", "plain_text_input", "number_input", "email_text_input",
    "url_text_input", "rich_text_input", "file_input", "feedback_buttons", "icon_button",
}  # fmt: skip


HOOKS = Path(__file__).parents[2] / "docs" / "workspace-page.md"


async def test_the_hooks_in_the_documentation_exist() -> None:
    """Every data-testid that docs/workspace-page.md names is in the page's source."""
    paragraph = HOOKS.read_text("utf-8").split("## Finding things in a test")[1].split("Every block has")[0]
    named = set(re.findall(r"`([a-z-]+)`", paragraph)) - {"data-testid"}
    named = {name for name in named if not name.startswith("data-")}
    source = "".join(file.read_text("utf-8") for file in GALLERY.parent.glob("*.js"))
    assert len(named) > 40
    made = {"tab-home", "tab-messages"}  # put together from the tab's name
    assert {name for name in named - made if f'"{name}"' not in source} == set()
    assert "`tab-${name.toLowerCase()}`" in source


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = find_browser()
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="module")
async def gallery(browser: Browser) -> AsyncIterator[Page]:
    """The gallery, open; anything on the browser's console fails the test."""
    problems: list[str] = []
    async with Workspace() as ws:
        page = await browser.new_page(viewport={"width": 1000, "height": 900})
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text))
        await page.goto(f"{ws.url}/gallery.html")
        await page.wait_for_selector("body[data-ready]")
        yield page
        await page.close()
    assert problems == []


def specimen(page: Page, name: str) -> Locator:
    return page.locator(f'[data-specimen="{name}"]')


async def sent(page: Page, name: str) -> dict[str, Any]:
    """What the specimen would have sent last: the action and the state."""
    log = specimen(page, name).locator(".specimen-log")
    await expect(log).not_to_be_empty()
    found: dict[str, Any] = json.loads(await log.inner_text())
    return found


async def test_every_block_and_element_is_drawn(gallery: Page) -> None:
    """All block and element types appear, the two made-up ones as visible boxes, nothing else unsupported."""
    script = "name => [...new Set([...document.querySelectorAll(`[${name}]`)].map(n => n.getAttribute(name)))]"
    blocks = set(await gallery.evaluate(script, "data-block"))
    elements = set(await gallery.evaluate(script, "data-element"))
    assert blocks >= BLOCKS
    assert elements >= ELEMENTS
    strange = gallery.get_by_test_id("unsupported")
    await expect(strange).to_have_count(2)
    await expect(strange.first).to_contain_text("hologram")
    await expect(strange.last).to_contain_text("dial")
    empty = await gallery.evaluate(
        "[...document.querySelectorAll('.specimen-body .block')].filter(n => n.getBoundingClientRect().height < 1)"
        ".map(n => n.dataset.block)"
    )
    assert empty == []


@pytest.mark.parametrize("name", [s["name"] for s in SPECIMENS if "blocks" in s and "unknown" not in s["name"]])
async def test_the_gallery_shows_what_slack_takes(name: str) -> None:
    """Each specimen is a payload that Slack itself would accept."""
    found = next(s for s in SPECIMENS if s["name"] == name)
    problems = check_blocks(found["blocks"], found.get("surface", "message"))
    # Pictures are drawn into the gallery as data: addresses, which Slack does not load.
    assert [p for p in problems if "image_url" not in p.pointer and "thumbnail_url" not in p.pointer] == []


async def test_text_can_never_become_markup(gallery: Page) -> None:
    """No script, handler or script address comes out of any text."""
    assert await gallery.locator(".specimen script").count() == 0
    assert await gallery.locator(".specimen [onerror], .specimen [onmouseover]").count() == 0
    links = await gallery.evaluate("[...document.querySelectorAll('.specimen a')].map(a => a.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}
    await expect(specimen(gallery, "mrkdwn hostile")).to_contain_text("<img src=x onerror=alert(1)>")


async def test_mrkdwn_reads_as_in_slack(gallery: Page) -> None:
    """Styles need word borders, fences are literal, escapes are undone once, dates and mentions are named."""
    text = specimen(gallery, "mrkdwn")
    await expect(text).to_contain_text("not*bold*here, 2*3*4")
    await expect(text.locator("strong")).to_have_text(["bold", "bold and italic struck", "bold"])
    await expect(text.locator(".quote")).to_have_text("a quote with boldand a second line")
    await expect(text.locator(".pre")).to_have_text("SELECT *\nFROM customers -- docs :tada: *not bold*")
    await expect(text).to_contain_text("<b>not markup</b> &amp;")
    await expect(text).to_contain_text("@Maya Chen told @Priya Nair in #gallery")
    await expect(text).to_contain_text("an open ``` stays text")
    await expect(text).to_contain_text(":not_an_emoji: 12:30:45")


async def test_markdown_reads_as_on_github(gallery: Page) -> None:
    """Nested lists, tasks, tables with escapes and alignment, and words_with_underscores."""
    text = specimen(gallery, "markdown")
    await expect(text.locator("ul ul > li")).to_have_text(["nested", "again"])
    await expect(text.locator("em")).to_have_text(["italic", "both"])
    await expect(text).to_contain_text("snake_case_name, 2 * 3 * 4, *escaped*")
    await expect(text.locator("td")).to_have_text(["California", "4,812", "24 %", "Texas | south", "1,120", "6 %"])
    await expect(text.locator("input[type=checkbox]:checked")).to_have_count(1)


async def test_state_holds_initial_values_and_choices(gallery: Page) -> None:
    """A choice is sent as Slack sends it, with the values of all elements of the message, untouched ones too."""
    part = specimen(gallery, "actions selects")
    grouped = part.get_by_role("combobox", name="Grouped")
    await grouped.click()
    await expect(gallery.get_by_test_id("listbox").get_by_role("group")).to_have_count(2)
    await grouped.fill("new")
    await gallery.get_by_role("option", name="New Jersey").click()
    message = await sent(gallery, "actions selects")
    assert message["action"]["action_id"] == "s2"
    assert message["action"]["selected_option"]["value"] == "new_jersey"
    values = message["state"]["values"]["actions_selects_0"]
    assert values["s1"]["selected_option"]["value"] == "california"
    assert values["cs"]["selected_conversation"] == "C0GALLERY"
    assert values["us"] == {"type": "users_select", "selected_user": None}


async def test_several_choices_are_told_when_the_list_closes(gallery: Page) -> None:
    """A multiple select keeps to its limit and speaks once; a removed chip speaks at once."""
    part = specimen(gallery, "multi selects")
    states = part.get_by_role("combobox", name="States")
    await states.fill("ore")
    await states.press("Enter")
    await expect(gallery.get_by_role("option", name="Texas")).to_have_attribute("aria-disabled", "true")
    await expect(part.locator(".specimen-log")).to_be_empty()
    await states.press("Escape")
    chosen = (await sent(gallery, "multi selects"))["action"]["selected_options"]
    assert [o["value"] for o in chosen] == ["california", "colorado", "oregon"]
    await part.get_by_role("button", name="Remove Colorado").click()
    left = (await sent(gallery, "multi selects"))["action"]["selected_options"]
    assert [o["value"] for o in left] == ["california", "oregon"]


async def test_a_dangerous_button_asks_first(gallery: Page) -> None:
    """With a confirm object nothing is sent unless the person agrees; Esc is no."""
    part = specimen(gallery, "actions buttons")
    await part.get_by_role("button", name="Delete").click()
    dialog = gallery.get_by_test_id("confirm")
    await expect(dialog).to_contain_text("Gold members will be archived")
    await gallery.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(part.locator(".specimen-log")).to_be_empty()
    await part.get_by_role("button", name="Delete").click()
    await dialog.get_by_test_id("confirm-ok").click()
    assert (await sent(gallery, "actions buttons"))["action"]["action_id"] == "delete"
    await expect(part.get_by_role("button", name="Only Priya")).to_have_count(0)
    await expect(part.get_by_role("button", name="Yes, this is right")).to_be_visible()


async def test_menus_and_choices_work_by_keyboard(gallery: Page) -> None:
    """An overflow menu opens, moves and chooses by keys; radio buttons and boxes send what is chosen."""
    overflow = specimen(gallery, "section accessories").get_by_role("button", name="More options")
    await overflow.press("Enter")
    await gallery.keyboard.press("ArrowDown")
    await gallery.keyboard.press("Enter")
    assert (await sent(gallery, "section accessories"))["action"]["selected_option"]["value"] == "archive"
    await expect(overflow).to_be_focused()
    choices = specimen(gallery, "actions choices")
    await choices.get_by_label("SMS").check()
    message = await sent(gallery, "actions choices")
    assert [o["value"] for o in message["action"]["selected_options"]] == ["email", "sms"]
    assert message["state"]["values"]["actions_choices_0"]["r"]["selected_option"]["value"] == "all_of"


async def test_dates_and_times_are_sent_as_slack_sends_them(gallery: Page) -> None:
    """A date is YYYY-MM-DD, a time HH:mm, a moment Unix seconds."""
    part = specimen(gallery, "actions pickers")
    await part.locator("[data-action-id=d]").fill("2026-02-03")
    assert (await sent(gallery, "actions pickers"))["action"]["selected_date"] == "2026-02-03"
    await part.locator("[data-action-id=t]").fill("14:05")
    state = (await sent(gallery, "actions pickers"))["state"]["values"]["actions_pickers_0"]
    assert state["t"]["selected_time"] == "14:05"
    assert state["dt"]["selected_date_time"] == 1767225600


async def test_a_data_table_sorts_and_turns_pages(gallery: Page) -> None:
    """Numbers sort as numbers, a second click turns the order, pages are cut after sorting."""
    part = specimen(gallery, "data table")
    first = part.locator("tbody tr").first
    await expect(part.get_by_role("status")).to_have_text("1–5 of 12")
    await part.get_by_role("button", name="Orders").click()
    await part.get_by_role("button", name="Orders").click()
    await expect(first).to_contain_text("10")
    await expect(part.get_by_role("columnheader", name="Orders")).to_have_attribute("aria-sort", "descending")
    await part.get_by_role("button", name="Next page").click()
    await part.get_by_role("button", name="Next page").click()
    await expect(part.locator("tbody tr")).to_have_count(2)
    await expect(part.get_by_role("button", name="Next page")).to_be_disabled()


async def test_charts_say_their_numbers(gallery: Page) -> None:
    """Each chart draws its points and gives the same numbers as a table for those who cannot see it."""
    bar = specimen(gallery, "chart bar")
    await expect(bar.locator("rect")).to_have_count(12)
    await expect(bar.locator("table")).to_contain_text("1,200")
    await expect(specimen(gallery, "chart line").locator("circle")).to_have_count(12)
    await expect(specimen(gallery, "chart pie").locator("path")).to_have_count(4)
    await expect(specimen(gallery, "chart pie")).to_contain_text("Bronze 53%")


async def test_long_text_folds_and_unfolds(gallery: Page) -> None:
    """A long section shows its beginning until one asks for more."""
    part = specimen(gallery, "section long")
    before = (await part.bounding_box() or {"height": 0})["height"]
    await part.get_by_role("button", name="See more").click()
    after = (await part.bounding_box() or {"height": 0})["height"]
    assert after > before + 100
    await expect(part.get_by_role("button", name="See less")).to_have_attribute("aria-expanded", "true")


async def test_the_gallery_fits_a_phone(gallery: Page) -> None:
    """At 390 pixels no block is wider than the screen."""
    await gallery.set_viewport_size({"width": 390, "height": 844})
    wide = await gallery.evaluate(
        "[...document.querySelectorAll('.specimen-body .block')]"
        ".filter(n => n.getBoundingClientRect().right > window.innerWidth).map(n => n.dataset.block)"
    )
    assert wide == []
    assert not await gallery.evaluate("document.documentElement.scrollWidth > window.innerWidth")
