"""The browser page, used as a person uses it: a real browser, the real workspace, a stock Bolt app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio
from page_rig import PAGE_CONFIG, Heard, card, make_page_app
from playwright.async_api import Browser, Locator, Page, WebSocketRoute, async_playwright, expect
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient
from tests.support.browser import find_browser

from segbot.demo.workspace import Workspace

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("page"),
    pytest.mark.timeout(60),
]
expect.set_options(timeout=8000)


@dataclass
class Rig:
    """A workspace with its app, and pages of people looking at it."""

    ws: Workspace
    heard: Heard
    client: AsyncWebClient
    browser: Browser
    problems: list[str]

    async def page(self, user: str = "U0MAYA", path: str = "", width: int = 1280, height: int = 800) -> Page:
        """A fresh browser window of this person."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height}, timezone_id="America/New_York"
        )
        page = await context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda message: self.problems.append(message.text) if message.type == "error" else None)
        await page.goto(f"{self.ws.url}/?user={user}{path}")
        await page.wait_for_selector("body[data-ready]")
        return page

    async def card(self, page: Page, sentence: str = "women in Texas") -> Locator:
        """Ask /segment and wait for its card."""
        await type_and_send(page, f"/segment {sentence}")
        message = page.get_by_test_id("messages").get_by_test_id("message").filter(has_text=sentence).last
        await expect(message).to_be_visible()
        return message

    async def modal(self, page: Page) -> Locator:
        """The save modal, open."""
        message = await self.card(page)
        await message.get_by_role("button", name="Save").click()
        modal = page.get_by_test_id("modal")
        await expect(modal.get_by_test_id("modal-title")).to_have_text("Save segment")
        return modal


async def type_and_send(page: Page, text: str, testid: str = "composer") -> None:
    composer = page.get_by_test_id(testid)
    await composer.fill(text)
    await page.keyboard.press("Enter")
    await expect(composer).to_have_value("")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = find_browser()
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="module")
async def rig(browser: Browser) -> AsyncIterator[Rig]:
    """A workspace with the app connected; whatever the browser's console calls an error fails the test."""
    async with Workspace(replace(PAGE_CONFIG)) as ws:
        client = AsyncWebClient(ws.bot_token, base_url=ws.api_url)
        app, heard = make_page_app(client)
        handler = AsyncSocketModeHandler(app, ws.app_token)
        await handler.connect_async()
        await ws.wait_for_app()
        made = Rig(ws, heard, client, browser, [])
        yield made
        for context in list(browser.contexts):
            await context.close()
        await handler.close_async()
        assert made.problems == []


# ---- writing


async def test_a_command_is_offered_with_its_usage_and_sent_by_enter(rig: Rig) -> None:
    """Typing a slash offers commands; Tab takes one, its usage stays in sight, Enter sends, the card appears."""
    page = await rig.page()
    composer = page.get_by_test_id("composer")
    await expect(composer).to_be_focused()
    await composer.press_sequentially("/se")
    await expect(page.get_by_test_id("suggestions")).to_contain_text("/segment [women in California]")
    await composer.press("Tab")
    await composer.press_sequentially("women & men > 30")
    await expect(page.get_by_test_id("command-hint")).to_contain_text("Find and count customers")
    await composer.press("Enter")
    card = page.get_by_test_id("message").filter(has_text="112 customers")
    await expect(card).to_contain_text("women & men > 30")
    await expect(card).to_contain_text("APP")
    assert rig.heard.commands[0]["text"] == "women &amp; men &gt; 30"
    await expect(page.get_by_text("/segment women")).to_have_count(0)  # a command is not shown as a message


async def test_a_command_that_is_not_answered_is_told_and_kept(rig: Rig) -> None:
    """When the app does not answer, the person hears of it and gets the words back."""
    page = await rig.page()
    composer = page.get_by_test_id("composer")
    await composer.fill("/silent please")
    await composer.press("Enter")
    await expect(page.get_by_test_id("message")).to_contain_text('/silent failed with the error "operation_timeout"')
    await expect(composer).to_have_value("/silent please")


async def test_shift_enter_breaks_the_line_and_mentions_are_completed(rig: Rig) -> None:
    """Shift+Enter starts a line, @ offers names, and the app hears Slack's mention."""
    page = await rig.page()
    composer = page.get_by_test_id("composer")
    await composer.press_sequentially("first line")
    await composer.press("Shift+Enter")
    await composer.press_sequentially("see @pri")
    await expect(page.get_by_test_id("suggestions")).to_contain_text("@Priya Nair")
    await composer.press("Enter")
    await composer.press_sequentially("and <b>this</b>")
    await composer.press("Enter")
    body = page.get_by_test_id("message").locator(".body")
    await expect(body).to_have_text("first linesee @Priya Nair and <b>this</b>")
    await expect(body.locator("br")).to_have_count(1)
    await expect(body.locator(".mention")).to_have_text("@Priya Nair")
    heard = await rig.ws.wait_for_message("#marketing", "first line")
    assert heard["text"] == "first line\nsee <@U0PRIYA> and &lt;b&gt;this&lt;/b&gt;"


async def test_a_file_is_attached_shown_and_can_be_loaded(rig: Rig) -> None:
    """A picture goes out with its words as one message, is previewed, and comes back byte for byte."""
    page = await rig.page()
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    files: list[Any] = [
        {"name": "ids.csv", "mimeType": "text/csv", "buffer": b"id\n1\n"},
        {"name": "make-up.svg", "mimeType": "image/svg+xml", "buffer": picture},
    ]
    await page.get_by_test_id("file-picker").set_input_files(files)
    await type_and_send(page, "the list")
    sent = page.get_by_test_id("message").filter(has_text="the list")
    await expect(sent.get_by_test_id("file")).to_contain_text("ids.csv")
    await expect(page.get_by_role("button", name="Open make-up.svg")).to_be_visible()
    async with page.expect_download() as download:
        await sent.get_by_role("link", name="Download ids.csv").click()
    path = await (await download.value).path()
    assert path.read_bytes() == b"id\n1\n"


# ---- messages


async def test_replies_go_to_the_thread_and_are_counted(rig: Rig) -> None:
    """A reply in the panel stays out of the channel; the count, the address and Esc do what they do in Slack."""
    page = await rig.page()
    card = await rig.card(page)
    await card.hover()
    await card.get_by_test_id("reply-in-thread").click()
    panel = page.get_by_test_id("thread-panel")
    await expect(panel.get_by_test_id("thread-composer")).to_be_focused()
    ts = await card.get_attribute("data-ts")
    assert page.url.endswith(f"#/C0MARKETING/{ts}")
    await type_and_send(page, "only Texas", "thread-composer")
    await expect(panel.get_by_test_id("message")).to_have_count(2)
    await expect(page.get_by_test_id("messages").get_by_text("only Texas")).to_have_count(0)
    await expect(card.get_by_test_id("thread-bar")).to_contain_text("1 reply")
    await rig.client.chat_postMessage(channel="C0MARKETING", thread_ts=ts, text="Narrowed")
    await expect(panel).to_contain_text("Narrowed")
    await expect(card.get_by_test_id("thread-bar")).to_contain_text("2 replies")
    await panel.get_by_test_id("thread-composer").press("Escape")
    await expect(panel).to_have_count(0)
    linked = await rig.page(path=f"#/C0MARKETING/{ts}")
    await expect(linked.get_by_test_id("thread-panel")).to_contain_text("Narrowed")


async def test_an_update_redraws_the_card_in_place(rig: Rig) -> None:
    """chat.update changes the one message and ends the button's busy state."""
    page = await rig.page()
    card = await rig.card(page)
    await card.get_by_role("button", name="Update").click()
    card = page.get_by_test_id("message").filter(has_text="only Texas")
    await expect(card).to_contain_text("(edited)")
    await expect(card.locator(".busy")).to_have_count(0)
    await expect(page.get_by_test_id("message")).to_have_count(1)


async def test_what_is_for_one_person_is_seen_by_one_person(rig: Rig) -> None:
    """An ephemeral answer says so and can be dismissed; a button for Priya is there for Priya alone."""
    maya = await rig.page()
    priya = await rig.page("U0PRIYA")
    card = await rig.card(maya)
    await expect(card.get_by_role("button", name="Approve")).to_have_count(0)
    approve = priya.get_by_role("button", name="Approve")
    await approve.click()
    await card.get_by_role("button", name="Preview").click()
    note = maya.locator("[data-ephemeral=true]")
    await expect(note).to_contain_text("Only visible to you")
    await expect(note).to_contain_text("The first 100")
    await expect(priya.get_by_text("The first 100")).to_have_count(0)
    await note.get_by_test_id("dismiss").click()
    await expect(note).to_have_count(0)
    assert [click["user"]["id"] for click in rig.heard.clicks] == ["U0PRIYA", "U0MAYA"]


async def test_reactions_are_added_counted_and_taken_back(rig: Rig) -> None:
    """The picker adds a reaction, others see it, a click on it adds or takes back one's own."""
    maya = await rig.page()
    priya = await rig.page("U0PRIYA")
    card = await rig.card(maya)
    await card.hover()
    await card.get_by_test_id("react").click()
    picker = maya.get_by_test_id("reaction-picker")
    await picker.get_by_role("searchbox").fill("tad")
    await picker.get_by_title(":tada:").click()
    theirs = priya.get_by_test_id("reaction")
    await expect(theirs).to_have_text("🎉1")
    await theirs.click()
    await expect(card.get_by_test_id("reaction")).to_have_text("🎉2")
    await card.get_by_test_id("reaction").click()
    await expect(theirs).to_have_text("🎉1")
    await expect(theirs).to_have_attribute("aria-pressed", "true")


async def test_a_click_that_is_not_answered_is_told_at_the_message(rig: Rig) -> None:
    """The button is busy until the time is over, then the person reads what happened."""
    page = await rig.page()
    card = await rig.card(page)
    slow = card.get_by_role("button", name="Slow")
    await slow.click()
    await expect(slow).to_have_attribute("aria-busy", "true")
    await expect(card.get_by_test_id("surface-error")).to_contain_text("segbot took too long to answer")
    await expect(slow).not_to_have_attribute("aria-busy", "true")


async def test_a_choice_by_typing_reaches_the_app_with_the_state(rig: Rig) -> None:
    """A select filters while one types; the choice is sent as Slack sends it."""
    page = await rig.page()
    card = await rig.card(page)
    select = card.get_by_role("combobox", name="A state")
    await select.fill("co")
    await expect(page.get_by_role("option")).to_have_text(["Colorado", "Connecticut"])
    await select.press("ArrowDown")
    await select.press("Enter")
    await expect(select).to_have_value("Connecticut")
    await rig.ws.wait_until(lambda: rig.heard.clicks, 5, "the choice")
    click = rig.heard.clicks[0]
    assert click["actions"][0]["selected_option"]["value"] == "connecticut"
    assert click["state"]["values"]["narrow"]["state"]["selected_option"]["value"] == "connecticut"


async def test_a_message_shortcut_is_in_the_messages_menu(rig: Rig) -> None:
    """The menu of a message lists the app's shortcuts; choosing one opens its modal."""
    page = await rig.page()
    await type_and_send(page, "women who ski")
    message = page.get_by_test_id("message")
    await message.hover()
    await message.get_by_test_id("more-actions").click()
    await page.get_by_role("menuitem", name="Make a segment of this").click()
    await expect(page.get_by_test_id("modal")).to_contain_text("women who ski")
    assert rig.heard.shortcuts[0]["message"]["text"] == "women who ski"


# ---- modals


async def test_field_errors_stand_at_their_fields(rig: Rig) -> None:
    """What is required is asked for before sending; the app's own error stands at the field until it is changed."""
    page = await rig.page()
    modal = await rig.modal(page)
    name = modal.get_by_label("Name")
    await expect(name).to_be_focused()
    submit = modal.get_by_test_id("modal-submit")
    await submit.click()
    error = modal.locator("[data-block-id=name]").get_by_test_id("field-error")
    await expect(error).to_have_text("Please complete this required field.")
    assert rig.heard.submissions == []
    await name.fill("taken")
    await expect(error).to_be_hidden()
    await submit.click()
    await expect(error).to_have_text("That name is taken.")
    await expect(name).to_be_focused()
    await name.fill("Winter women")
    await name.press("Enter")
    await expect(modal).to_have_count(0)
    await expect(page.get_by_text("Saved Winter women")).to_be_visible()
    values = rig.heard.submissions[-1]["view"]["state"]["values"]
    assert values["name"]["name"] == {"type": "plain_text_input", "value": "Winter women"}
    assert values["note"]["note"]["value"] == "as found"
    assert values["product"]["product"]["selected_option"] is None


async def test_an_external_select_asks_the_app(rig: Rig) -> None:
    """Below the least length it says so; then the app's options come; the choice is part of the submission."""
    page = await rig.page()
    modal = await rig.modal(page)
    product = modal.get_by_role("combobox", name="Product")
    await product.fill("r")
    await expect(modal.get_by_test_id("listbox")).to_contain_text("Type at least 2 characters")
    await product.fill("ru")
    await modal.get_by_role("option", name="Running shoes").click()
    await expect(product).to_have_value("Running shoes")
    await modal.get_by_label("Name").fill("Runners")
    await modal.get_by_test_id("modal-submit").click()
    await expect(modal).to_have_count(0)
    values = rig.heard.submissions[0]["view"]["state"]["values"]
    assert values["product"]["product"]["selected_option"]["value"] == "running_shoes"


async def test_a_file_is_given_in_a_modal(rig: Rig) -> None:
    """A file_input uploads at once and sends the file's id with the submission."""
    page = await rig.page()
    modal = await rig.modal(page)
    await modal.get_by_label("Name").fill("Pasted")
    given: Any = {"name": "ids.csv", "mimeType": "text/csv", "buffer": b"1\n2\n"}
    await modal.get_by_label("List", exact=True).set_input_files([given])
    await expect(modal.locator(".file-list")).to_contain_text("ids.csv (4 B)")
    await modal.get_by_test_id("modal-submit").click()
    await expect(modal).to_have_count(0)
    files = rig.heard.submissions[0]["view"]["state"]["values"]["list"]["list"]["files"]
    assert [file["name"] for file in files] == ["ids.csv"]
    await expect(page.get_by_test_id("file")).to_have_count(0)  # nothing was shared into a channel


async def test_views_are_stacked_and_updated_without_losing_what_was_typed(rig: Rig) -> None:
    """Push, back, update and submit keep the fields of the views below; Esc leaves one view at a time."""
    page = await rig.page()
    modal = await rig.modal(page)
    await modal.get_by_label("Name").fill("Half typed")
    await modal.get_by_role("button", name="Details").click()
    await expect(modal.get_by_test_id("modal-title")).to_have_text("Details")
    await expect(modal).to_have_attribute("data-depth", "2")
    await modal.get_by_test_id("modal-back").click()
    await expect(modal.get_by_label("Name")).to_have_value("Half typed")
    await modal.get_by_role("button", name="Check").click()
    await expect(modal).to_contain_text("112 customers now")
    await expect(modal.get_by_label("Name")).to_have_value("Half typed")
    assert rig.heard.clicks[0]["view"]["state"]["values"]["name"]["name"]["value"] == "Half typed"
    await modal.get_by_label("Name").fill("more")
    await modal.get_by_test_id("modal-submit").click()
    await expect(modal.get_by_test_id("modal-title")).to_have_text("Details")
    await modal.get_by_label("Reason").fill("because")
    await modal.get_by_test_id("modal-submit").click()
    await expect(modal.get_by_test_id("modal-title")).to_have_text("Save segment")
    await page.keyboard.press("Escape")
    await expect(modal).to_have_count(0)
    assert rig.ws.modal("maya") is None


async def test_a_submission_that_is_not_answered_is_told_and_keeps_the_form(rig: Rig) -> None:
    """The button spins and cannot be pressed twice; then the reason stands above the form, which is as it was."""
    page = await rig.page()
    modal = await rig.modal(page)
    await modal.get_by_label("Name").fill("slow")
    submit = modal.get_by_test_id("modal-submit")
    await submit.click()
    await expect(submit).to_be_disabled()
    await expect(modal.get_by_test_id("modal-error")).to_contain_text("segbot took too long to answer")
    await expect(submit).to_be_enabled()
    await expect(modal.get_by_label("Name")).to_have_value("slow")
    assert len(rig.heard.submissions) == 1


async def test_a_reload_keeps_the_open_modal(rig: Rig) -> None:
    """The modal is the workspace's, not the window's: it is there again after a reload."""
    page = await rig.page()
    await rig.modal(page)
    await page.reload()
    await expect(page.get_by_test_id("modal-title")).to_have_text("Save segment")
    await page.get_by_test_id("modal-close").click()
    await expect(page.get_by_test_id("modal")).to_have_count(0)


# ---- the frame


async def test_one_browser_can_be_several_people(rig: Rig) -> None:
    """The switch changes who one is: name, channels, unread marks and what one writes."""
    page = await rig.page()
    await expect(page.locator("[data-channel=G0EXECPLANS]")).to_have_count(0)
    await rig.ws.say("omar", "#campaigns", "Look here")
    campaigns = page.get_by_test_id("channel").filter(has_text="campaigns")
    await expect(campaigns.locator(".badge")).to_have_text("1")
    await page.get_by_test_id("person-switch").click()
    await page.get_by_role("menuitem", name="Priya Nair").click()
    await expect(page.get_by_test_id("person-switch")).to_contain_text("Priya Nair")
    await expect(page.locator("[data-channel=G0EXECPLANS]")).to_be_visible()
    await expect(campaigns.locator(".badge")).to_have_text("1")
    await campaigns.click()
    await expect(page.get_by_test_id("channel-title")).to_contain_text("campaigns")
    await expect(campaigns.locator(".badge")).to_have_count(0)
    await type_and_send(page, "Seen")
    assert (await rig.ws.wait_for_message("#campaigns", "Seen"))["user"] == "U0PRIYA"
    await page.reload()
    await expect(page.get_by_test_id("message").filter(has_text="Seen")).to_be_visible()
    await expect(campaigns.locator(".badge")).to_have_count(0)


async def test_somebody_outside_a_channel_may_look_and_join(rig: Rig) -> None:
    """Omar reads a public channel he is not in, and can write once he joined."""
    page = await rig.page("U0OMAR", "#/C0PARTNERS")
    await expect(page.get_by_test_id("composer")).to_have_count(0)
    await page.get_by_test_id("join").click()
    await type_and_send(page, "Hello partners")
    await expect(page.get_by_test_id("message").filter(has_text="Hello partners")).to_be_visible()


async def test_home_and_messages_of_the_app(rig: Rig) -> None:
    """Home shows what the app publishes and its buttons work; Messages is the direct message."""
    page = await rig.page()
    await page.get_by_test_id("home-link").click()
    home = page.get_by_test_id("home")
    await expect(home).to_contain_text("Segments of @Maya Chen")
    await home.get_by_role("button", name="New").click()
    await rig.ws.wait_until(lambda: rig.heard.clicks, 5, "the click")
    assert rig.heard.clicks[0]["view"]["type"] == "home"
    await page.get_by_test_id("tab-messages").click()
    await type_and_send(page, "women in Ohio")
    await rig.ws.wait_until(lambda: rig.heard.messages, 5, "the direct message")
    assert rig.heard.messages[0]["channel_type"] == "im"


async def test_a_lost_connection_is_told_and_made_good(rig: Rig) -> None:
    """After the socket broke, the page reconnects and shows what it missed."""
    context = await rig.browser.new_context()
    page = await context.new_page()
    routes: list[WebSocketRoute] = []

    def connect(route: WebSocketRoute) -> None:
        routes.append(route)
        if len(routes) == 1 or rig.ws.messages("#marketing"):
            route.connect_to_server()

    await page.route_web_socket("**/client/ws**", connect)
    await page.goto(f"{rig.ws.url}/?user=U0MAYA")
    await page.wait_for_selector("body[data-ready]")
    await routes[0].close()
    await expect(page.get_by_test_id("connection")).to_be_visible()
    await rig.ws.say("omar", "#marketing", "Said meanwhile")
    await expect(page.get_by_test_id("message").filter(has_text="Said meanwhile")).to_be_visible()
    await expect(page.get_by_test_id("connection")).to_be_hidden()


async def test_the_page_fits_a_phone(rig: Rig) -> None:
    """At 390 pixels the sidebar is a drawer, the thread covers the channel, nothing is wider than the screen."""
    page = await rig.page(width=390, height=844)
    card = await rig.card(page, "women over 30 in California who bought twice but never opened an email")
    overflow = "document.documentElement.scrollWidth > window.innerWidth"
    assert not await page.evaluate(overflow)
    link = page.get_by_test_id("channel").filter(has_text="campaigns")
    await expect(link).to_be_hidden()
    await page.get_by_test_id("open-drawer").click()
    await expect(link).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(link).to_be_hidden()
    await card.get_by_role("button", name="Save").click()
    assert not await page.evaluate(overflow)
    await page.get_by_test_id("modal-close").click()
    await card.hover()
    await card.get_by_test_id("reply-in-thread").click()
    await expect(page.get_by_test_id("thread-panel")).to_be_visible()
    await expect(page.get_by_test_id("pane")).to_be_hidden()


async def test_attachments_and_unfurled_links(rig: Rig) -> None:
    """Old and new attachments are shown with their colour, and a button in one reaches the app with its state."""
    page = await rig.page()
    legacy = {"color": "danger", "title": "A warning", "text": "*1,204* people left", "footer": "segbot"}
    fresh = {"color": "#36a64f", "blocks": card("women in Ohio")}
    await rig.client.chat_postMessage(channel="C0MARKETING", text="Look", attachments=[legacy, fresh])
    shown = page.get_by_test_id("attachment")
    await expect(shown.first).to_contain_text("1,204 people left")
    await expect(shown.first).to_have_css("border-left-color", "rgb(224, 30, 90)")
    await shown.last.get_by_role("combobox", name="A state").fill("texas")
    await page.get_by_role("option", name="Texas").click()
    await rig.ws.wait_until(lambda: rig.heard.clicks, 5, "the choice")
    values = rig.heard.clicks[0]["state"]["values"]["narrow"]
    assert values["state"]["selected_option"]["value"] == "texas"


async def test_an_agent_shows_that_it_works_and_suggests_prompts(rig: Rig) -> None:
    """The status stands above the composer until the answer comes; a prompt fills the composer."""
    page = await rig.page(path="#/D0MAYA")
    prompts = [{"title": "Lapsed", "message": "gold members who lapsed"}]
    await expect(page.get_by_test_id("channel-title")).to_contain_text("segbot")
    await rig.client.assistant_threads_setStatus(channel_id="D0MAYA", thread_ts="", status="is counting…")
    await rig.client.assistant_threads_setSuggestedPrompts(channel_id="D0MAYA", thread_ts="", prompts=prompts)
    await expect(page.get_by_test_id("status")).to_have_text("segbot is counting…")
    await page.get_by_role("button", name="Lapsed").click()
    await expect(page.get_by_test_id("composer")).to_have_value("gold members who lapsed")
    await rig.client.chat_postMessage(channel="D0MAYA", text="112 customers")
    await expect(page.get_by_test_id("status")).to_have_count(0)


async def test_deleted_messages_go_and_threads_keep_a_tombstone(rig: Rig) -> None:
    """chat.delete takes a message away; a parent with replies stays as a note so that its thread can be read."""
    page = await rig.page()
    lone = await rig.client.chat_postMessage(channel="C0MARKETING", text="a slip")
    parent = await rig.client.chat_postMessage(channel="C0MARKETING", text="the parent")
    await rig.client.chat_postMessage(channel="C0MARKETING", thread_ts=parent["ts"], text="a reply")
    await expect(page.get_by_test_id("thread-bar")).to_be_visible()
    await rig.client.chat_delete(channel="C0MARKETING", ts=lone["ts"])
    await rig.client.chat_delete(channel="C0MARKETING", ts=parent["ts"])
    messages = page.get_by_test_id("messages")
    await expect(messages).to_contain_text("This message was deleted.")
    await expect(messages.get_by_test_id("message")).to_have_count(1)
    await page.get_by_test_id("thread-bar").click()
    await expect(page.get_by_test_id("thread-panel")).to_contain_text("a reply")


async def test_what_was_typed_and_the_focus_survive_what_happens_around(rig: Rig) -> None:
    """Messages that arrive while one writes, chooses or uses the sidebar disturb neither text nor focus."""
    page = await rig.page()
    card_message = await rig.card(page)
    await page.get_by_test_id("composer").fill("half a sentence")
    select = card_message.get_by_role("combobox", name="A state")
    await select.click()
    await rig.ws.say("omar", "#marketing", "one")
    await rig.ws.say("omar", "#campaigns", "two")
    await expect(page.get_by_test_id("channel").filter(has_text="campaigns").locator(".badge")).to_be_visible()
    await expect(page.get_by_role("option")).to_have_count(5)
    await expect(select).to_be_focused()
    await page.keyboard.press("Escape")
    link = page.get_by_test_id("channel").filter(has_text="campaigns")
    await link.focus()
    await rig.ws.say("omar", "#campaigns", "three")
    await expect(link.locator(".badge")).to_have_text("2")
    await expect(link).to_be_focused()
    await link.press("Enter")
    await page.get_by_test_id("channel").filter(has_text="marketing").click()
    await expect(page.get_by_test_id("composer")).to_have_value("half a sentence")
