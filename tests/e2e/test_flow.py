"""What a marketer does with segbot, done in a browser: the real page, the real bot, the real company."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from e2e_rig import (
    LONG,
    Databases,
    Stack,
    button,
    card_of,
    counted_at,
    open_stack,
    request_of,
    run_sql,
    size_on,
    truth,
    truth_of,
    type_and_send,
)
from playwright.async_api import Browser, expect

from segbot.demo.workspace import message_words
from segbot.flows.house import House
from segbot.slack.ids import Action

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("e2e_flow"),
    pytest.mark.timeout(90),
]
expect.set_options(timeout=10_000)


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=["socket", "http"])
async def stack(
    request: pytest.FixtureRequest,
    databases: Databases,
    house: House,
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Stack]:
    """The bot over either transport, and a browser. A name saved over one transport is free over the other."""
    run_sql(databases.store, "TRUNCATE requests, segments, deliveries, counts, numbers CASCADE")
    folder = tmp_path_factory.mktemp("data")
    async with open_stack(databases, house, folder, http=request.param == "http", browser=browser) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def nothing_refused(stack: Stack) -> AsyncIterator[None]:
    """After every test: Slack would have taken all that was sent, and no browser complained."""
    yield
    assert stack.browser is not None
    for context in list(stack.browser.contexts):
        await context.close()
    for person in list(stack.ws.core.state.people):
        if stack.ws.modal(person):
            stack.ws.close(person, everything=True)
    assert stack.ws.refused == []
    assert stack.complaints == []


async def test_the_main_flow(stack: Stack) -> None:
    """Slash command, card with its ladder, masked preview, SQL, saving with errors at their fields, share in thread."""
    page = await stack.page()
    await type_and_send(page, f"/segment {LONG}")
    card = await card_of(page, "women over 30 in California")
    posted = await stack.ws.wait_for_message("#marketing", "Share in thread")
    at = counted_at(stack.databases, request_of(posted))
    assert size_on(posted) == truth(stack.databases, truth_of(LONG), at) > 0
    for line in ("Gender is female", "Age is over 30", "State is California", "the last 90 days", "opened an email"):
        await expect(card).to_contain_text(line)
    ladder = [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) left", await card.inner_text())]
    assert len(ladder) == 5
    assert ladder == sorted(ladder, reverse=True)
    assert ladder[-1] == size_on(posted)
    await expect(card).to_contain_text("Exact, as of")
    assert len(stack.ws.messages("#marketing")) == 1

    await button(card, Action.SHOW_SQL).click()
    modal = page.get_by_test_id("modal")
    await expect(modal).to_contain_text("FROM shop.customers")
    await expect(modal).to_contain_text("EXISTS")
    await modal.get_by_test_id("modal-close").click()
    await expect(modal).to_have_count(0)

    await button(card, Action.SAVE).click()
    form = page.get_by_test_id("modal")
    name = form.get_by_label("Name")
    await expect(name).to_have_value(LONG[:1].upper() + LONG[1:][:79])
    await name.fill("   ")
    await form.get_by_test_id("modal-submit").click()
    await expect(form.get_by_test_id("field-error").filter(visible=True)).to_be_visible()
    await name.fill("Quiet Californians")
    await form.get_by_label("Tags").fill("spring, #email")
    await form.get_by_test_id("modal-submit").click()
    await expect(form).to_have_count(0)
    await expect(card).to_contain_text("Saved as #1 Quiet Californians")
    await expect(button(card, Action.SAVE)).to_have_count(0)

    await button(card, Action.SHARE).click()
    await expect(card.get_by_test_id("thread-bar")).to_contain_text("1 reply")
    await card.get_by_test_id("thread-bar").click()
    thread = page.get_by_test_id("thread-panel")
    await expect(thread).to_contain_text("Quiet Californians (#1)")
    await expect(thread).to_contain_text("this message stays as it is")
    assert len(stack.ws.messages("#marketing")) == 1


async def test_a_preview_shows_people_and_no_contact_data(stack: Stack) -> None:
    """Preview opens for who pressed it, with the first hundred people; no address or telephone number of theirs is whole."""
    page = await stack.page("omar", "#/C0CAMPAIGNS")
    await type_and_send(page, "/segment women in California with an email address")
    card = await card_of(page, "women in California")
    await button(card, Action.PREVIEW).click()
    modal = page.get_by_test_id("modal")
    await expect(modal).to_contain_text(re.compile(r"(All|The first) [\d,]+"))
    shown = await modal.inner_text()
    people = stack.databases.as_owner("SELECT email, phone FROM shop.customers WHERE state = 'CA'")
    assert len(people) > 50
    assert not [value for pair in people for value in pair if value and value in shown]
    assert "•" in shown or "*" in shown
    assert stack.ws.modal("maya") is None


async def test_a_name_that_is_taken_is_told_at_its_field_and_another_is_saved(stack: Stack) -> None:
    """The form stays open with the error below the name; the same form is saved under a free name."""
    first = await stack.ask("gold members", channel="#campaigns")
    await stack.ws.click("maya", "#campaigns", first["ts"], "segbot.save")
    await stack.ws.wait_until(lambda: (stack.ws.modal("maya") or {}).get("submit"), 5, "the form")
    assert (await stack.ws.submit("maya", {"name": "Gold"}))["response_action"] == "close"

    page = await stack.page("priya", "#/C0CAMPAIGNS")
    await type_and_send(page, "/segment men over 40")
    card = await card_of(page, "men over 40")
    await button(card, Action.SAVE).click()
    form = page.get_by_test_id("modal")
    for _ in range(2):  # pressing it again changes nothing
        await form.get_by_label("Name").fill("  GOLD ")
        await form.get_by_test_id("modal-submit").click()
        await expect(form.get_by_test_id("field-error").filter(visible=True)).to_contain_text("has this name already")
    await form.get_by_label("Name").fill("Men over forty")
    await form.get_by_test_id("modal-submit").click()
    await expect(card).to_contain_text("Men over forty")
    saved = run_sql(stack.databases.store, "SELECT name FROM segments ORDER BY number")
    assert ("Gold",) in saved
    assert ("Men over forty",) in saved
    assert ("GOLD",) not in saved


async def test_the_command_alone_explains_itself_and_its_examples_are_answered(stack: Stack) -> None:
    """`/segment` shows this company's examples to its person alone; each button asks its example."""
    page = await stack.page("alex", "#/C0PARTNERSUCCESS")
    where = next(c for c in stack.ws.core.state.channels.values() if c.name == "partner-success")
    await page.goto(f"{stack.ws.url}/?user={stack.ws.user_id('alex')}#/{where.id}")
    await page.wait_for_selector("body[data-ready]")
    await type_and_send(page, "/segment")
    help = page.get_by_test_id("message").filter(has_text="Type who you are looking for")
    await expect(help).to_contain_text("Only visible to you")
    buttons = help.get_by_role("button", name=re.compile("^Try: "))
    count = await buttons.count()
    assert count >= 4
    for index in range(count):
        words = (await buttons.nth(index).get_attribute("aria-label") or "").removeprefix("Try: ")[:50].casefold()
        await buttons.nth(index).click()
        await stack.ws.wait_for_message(
            "#partner-success", lambda m, w=words: m["text"].casefold().startswith(w) and "Share in" in message_words(m)
        )
    assert all("Type who you" not in message_words(m) for m in stack.ws.messages("#partner-success"))


async def test_a_mention_is_answered_in_its_thread(stack: Stack) -> None:
    """Naming the bot in a channel asks it, and the answer goes below the question."""
    page = await stack.page("priya")
    composer = page.get_by_test_id("composer")
    await composer.press_sequentially("@segb")
    await expect(page.get_by_test_id("suggestions")).to_contain_text("segbot")
    await composer.press("Enter")
    await composer.press_sequentially("women in Texas")
    await composer.press("Enter")
    asked = await stack.ws.wait_for_message("#marketing", "women in Texas")
    card = await stack.ws.wait_for_message("#marketing", "Share in thread", thread_ts=asked["ts"])
    assert size_on(card) == truth(
        stack.databases,
        "SELECT id FROM shop.customers WHERE NOT is_internal AND gender = 'F' AND state = 'TX' AND :now IS NOT NULL",
        counted_at(stack.databases, request_of(card)),
    )


async def test_a_direct_message_is_a_conversation(stack: Stack) -> None:
    """A direct message is answered there; a greeting gets the help."""
    page = await stack.page("maya")
    await page.get_by_test_id("channel").filter(has_text="segbot").first.click()
    await expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", re.compile("segbot"))
    await type_and_send(page, "gold members")
    card = await card_of(page, "gold members")
    await expect(card).to_contain_text("Gold members")
    await type_and_send(page, "hello")
    await expect(page.get_by_test_id("message").filter(has_text="Type who you are looking for")).to_be_visible()


async def test_home_has_examples_that_are_answered_in_the_direct_message(stack: Stack) -> None:
    """The Home tab shows what can be asked; an example pressed there is answered in the person's messages."""
    page = await stack.page("omar")
    await page.get_by_test_id("home-link").first.click()
    home = page.get_by_test_id("home")
    await expect(home).to_contain_text("Who are you looking for")
    await home.get_by_role("button", name=re.compile("^Try: ")).nth(1).click()
    await stack.ws.wait_for_message("@omar", "Share in thread")


async def test_a_question_is_settled_by_a_click(stack: Stack) -> None:
    """Words with two readings are asked about, each choice with its size; the choice is counted on the same card."""
    page = await stack.page("maya", "#/C0CAMPAIGNS")
    await type_and_send(page, "/segment recent customers in Texas")
    card = page.get_by_test_id("messages").get_by_test_id("message").filter(has_text="recent customers in Texas").last
    await expect(card).to_contain_text("before counting")
    choice = card.locator("[data-action-id^='segbot.choose']").first
    await expect(choice).to_have_attribute("aria-label", re.compile(r"[\d,]+ customers?$"))
    number = re.search(r"[\d,]+ customers?$", await choice.get_attribute("aria-label") or "")
    assert number
    await choice.click()
    await expect(button(card, Action.SHOW_SQL)).to_be_visible()
    await expect(card.locator("h1,h2,h3,[data-block=header]").first).to_contain_text(number[0])


async def test_an_assumption_is_switched_by_a_click(stack: Stack) -> None:
    """What segbot assumed is said on the card, and its other meaning is one click away and counted."""
    page = await stack.page("maya", "#/C0CAMPAIGNS")
    await type_and_send(page, "/segment bought twice")
    card = await card_of(page, "bought twice")
    before = await card.locator("[data-block=header]").inner_text()
    await expect(card).to_contain_text("means 2 or more")
    await card.get_by_role("button", name=re.compile("Exactly 2", re.IGNORECASE)).click()
    await expect(card).to_contain_text("exactly 2")
    await expect(card.locator("[data-block=header]")).not_to_have_text(before)
    await expect(card).not_to_contain_text("means 2 or more")


async def test_a_suggestion_is_taken_by_a_click(stack: Stack) -> None:
    """Words that were not understood are struck out and have suggestions; one click and the segment is counted."""
    page = await stack.page("maya", "#/C0CAMPAIGNS")
    await type_and_send(page, "/segment women in Californiaia who bought bootees")
    found = page.get_by_test_id("messages").get_by_test_id("message").filter(has_text="bootees").last
    card = page.locator(f"[data-ts='{await found.get_attribute('data-ts')}']")
    await expect(card).to_contain_text("was not understood")
    await expect(card).to_contain_text("it would be")  # the rest is counted: the card stands still
    await card.locator("[data-action-id^='segbot.replace']").filter(has_text="boots").click()
    await expect(button(card, Action.SHOW_SQL)).to_be_visible()
    for line in ("State is California", "Bought boots", "Californiaia"):
        await expect(card).to_contain_text(line)
    await expect(card).not_to_contain_text("bootees")
    assert size_on(await stack.again("#campaigns", await card.get_attribute("data-ts") or ""))


async def test_two_people_at_once(stack: Stack) -> None:
    """Two people ask at the same time and press the same card's buttons: each gets their own window, nothing twice."""
    maya, priya = await asyncio.gather(stack.page("maya"), stack.page("priya"))
    await asyncio.gather(
        type_and_send(maya, "/segment homeowners with kids"),
        type_and_send(priya, "/segment college graduates in Texas"),
    )
    cards = await asyncio.gather(card_of(maya, "homeowners with kids"), card_of(priya, "college graduates in Texas"))
    await expect(cards[0]).to_contain_text("Asked by @Maya Chen")
    await expect(cards[1]).to_contain_text("Asked by @Priya Nair")
    same = [await card_of(page, "homeowners with kids") for page in (maya, priya)]
    await asyncio.gather(*(button(card, Action.PREVIEW).click() for card in same))
    for page in (maya, priya):
        await expect(page.get_by_test_id("modal")).to_contain_text("contact data is masked")
        await page.get_by_test_id("modal-close").click()
    await asyncio.gather(*(button(card, Action.SHARE).click() for card in same))
    await expect(same[0].get_by_test_id("thread-bar")).to_contain_text("1 reply")
    posted = await stack.ws.wait_for_message("#marketing", lambda m: "omeowners with kids" in m["text"])
    replies = stack.ws.messages("#marketing", thread_ts=posted["ts"])
    assert len([m for m in replies if m["ts"] != posted["ts"] and not m.get("ephemeral")]) == 1
