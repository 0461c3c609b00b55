"""Home, lists, shortcuts, links, emoji and the workflow step through the real app, two real databases and two people."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_site import NOW, Site, with_databases
from sqlalchemy import text

from segbot.demo.workspace import Workspace, WorkspaceConfig, message_words
from segbot.demo.workspace.driver import actions_in
from segbot.flows.desk import Actor
from segbot.flows.house import House
from segbot.flows.subcommands import ListThem, OpenIt, told_apart
from segbot.model.segment import NewSegment, Segment, State, Visibility
from segbot.slack.handlers import Deps
from segbot.slack.ids import Action, Shortcut, Value
from segbot.slack.views.home import Item

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8"))
ADDRESS = "https://segbot.example.com"
WORDS = "women in Texas who bought in the last 90 days"


@pytest.fixture
async def ws() -> AsyncIterator[Workspace]:
    """A workspace with the app as its manifest describes it, and the domain of its links."""
    manifest = {**MANIFEST, "features": {**MANIFEST["features"], "unfurl_domains": ["segbot.example.com"]}}
    config = replace(WorkspaceConfig(team_id=f"T{secrets.token_hex(4).upper()}"), retry_delays=(0.0, 0.2, 0.4))
    async with Workspace(config.with_manifest(manifest)) as workspace:
        yield workspace


@pytest.fixture
async def deps(ws: Workspace, databases: tuple[str, str], house: House, tmp_path: Path) -> AsyncIterator[Deps]:
    """segbot served for a team of its own."""
    settings = with_databases(ws, databases, tmp_path, public_url=ADDRESS)
    async with Site(ws, settings, house, "socket") as deps:
        yield deps


async def saved(deps: Deps, ws: Workspace, name: str, owner: str = "U0MAYA", **more: Any) -> Segment:
    """A segment in the store, as if it had been saved from a card."""
    words = more.pop("words", WORDS)
    condition = deps.desk.house.read(words, NOW).condition
    assert condition is not None
    new = NewSegment(ws.core.config.team_id, name, condition, owner, words, **more)
    segment = await deps.desk.store.segments.add(new, NOW)
    assert isinstance(segment, Segment)
    return segment


async def now(deps: Deps, segment: Segment) -> Segment:
    return await deps.desk.store.segments.get(segment.team, segment.id)


async def home(ws: Workspace, deps: Deps, user: str) -> str:
    """What somebody reads at Home once nothing is under way."""
    ws.open_home(user)
    await quiet(ws, deps)
    return shown(ws, user)


async def quiet(ws: Workspace, deps: Deps) -> None:
    await asyncio.sleep(0.15)
    await ws.wait_until(lambda: len(deps.running) == 0, 20, "the end of all listeners")


def shown(ws: Workspace, user: str) -> str:
    return json.dumps((ws.home(user) or {}).get("blocks", []), ensure_ascii=False)


async def press(ws: Workspace, deps: Deps, user: str, action: str, choice: Any = None) -> str:
    """Press or pick something at Home; what is there afterwards."""
    view = ws.home(user)
    assert view is not None
    assert (await ws.click_view(user, action, choice, view_id=view["id"]))["ok"]
    await quiet(ws, deps)
    return shown(ws, user)


def menu_of(ws: Workspace, user: str, segment: Segment, item: Item) -> tuple[str, str]:
    """The action and the option of a row's menu."""
    value = str(Value(segment.id, item))
    for action, element in actions_in(ws.home(user) or {}).items():
        if any(option["value"] == value for option in element.get("options", ())):
            return action, value
    raise LookupError(f"no {item!r} for {segment.name}")


def button_of(ws: Workspace, user: str, kind: Action, value: Value) -> str:
    found = actions_in(ws.home(user) or {}).items()
    return next(a for a, e in found if a.startswith(kind) and e.get("value") == str(value))


# --- Home ---------------------------------------------------------------------------------------


async def test_an_empty_home_teaches_and_its_example_answers(ws: Workspace, deps: Deps) -> None:
    """Who has nothing yet is told what will stand there and how to begin; the other tabs say what they are for."""
    first = await home(ws, deps, "maya")
    assert "You have saved no segment yet" in first
    for tab, words in ((1, "Nobody has shared"), (3, "New customers"), (4, "asked nothing yet"), (5, "trash is empty")):
        assert words in await press(ws, deps, "maya", Action.HOME_TAB.at(tab))
    await press(ws, deps, "maya", Action.HOME_TAB.at(4))
    await press(ws, deps, "maya", Action.TRY.at(0))
    await ws.wait_for_message("@maya", "Show SQL", timeout=20)
    assert ws.refused == []


async def test_find_sort_filter_and_turn_pages(ws: Workspace, deps: Deps) -> None:
    """Search, tag, status, owner, channel and order narrow and order the list; another person sees their own."""
    for i in range(12):
        await saved(
            deps, ws, f"Wave {i:02}", tags=("wave",) if i % 2 else (), channel="C0MARKETING" if i == 3 else None
        )
    mine = await saved(deps, ws, "Omar's own", owner="U0OMAR")
    first = await home(ws, deps, "maya")
    assert "1–10 of 12" in first
    assert "Wave 11" in first
    assert "Omar" not in first
    second = await press(ws, deps, "maya", Action.HOME_PAGE.at(1))
    assert "11–12 of 12" in second
    assert "Wave 00" in second
    found = await press(ws, deps, "maya", Action.HOME_SEARCH, "wave 07")
    assert ("Wave 07" in found, "Wave 08" in found) == (True, False)
    assert "Nothing fits" in await press(ws, deps, "maya", Action.HOME_SEARCH, "100% <nobody>")
    assert "1–10 of 12" in await press(ws, deps, "maya", Action.HOME_CLEAR)
    assert "1–6 of 6" in await press(ws, deps, "maya", Action.HOME_TAG, "wave")
    assert "1–6 of 6" in await press(ws, deps, "maya", Action.HOME_STATE, "active")
    assert "Wave 03" in await press(ws, deps, "maya", Action.HOME_CHANNEL, "C0MARKETING")
    assert "1–1 of 1" in shown(ws, "maya")
    await press(ws, deps, "maya", Action.HOME_TAB.at(2))
    assert "1–10 of 13" in shown(ws, "maya")
    assert "1–1 of 1" in await press(ws, deps, "maya", Action.HOME_OWNER, "U0OMAR")
    by_name = await press(ws, deps, "maya", Action.HOME_CLEAR)
    by_name = await press(ws, deps, "maya", Action.HOME_SORT, "name")
    assert by_name.index("Omar's own") < by_name.index("Wave 00") < by_name.index("Wave 08")
    assert "Omar's own" in await home(ws, deps, "omar")
    assert "Wave 00" in await home(ws, deps, "maya")  # as she left it
    await press(ws, deps, "maya", button_of(ws, "maya", Action.STAR, Value(mine.id, 1)))
    starred = shown(ws, "maya")
    assert starred.index("Omar's own") < starred.index("Wave 00")
    assert ":star:" not in await home(ws, deps, "omar")
    assert ws.refused == []


async def test_open_posts_the_live_card_to_the_person_alone(ws: Workspace, deps: Deps) -> None:
    """Open at Home is a direct message with the segment's card, counted now, whose size then stands in the row."""
    segment = await saved(deps, ws, "Texas buyers")
    assert "not counted yet" in await home(ws, deps, "maya")
    await press(ws, deps, "maya", button_of(ws, "maya", Action.OPEN, Value(segment.id)))
    card = await ws.wait_for_message("@maya", "Share in thread", timeout=20)
    assert f"#{segment.number}" in message_words(card)
    assert "Texas buyers" in message_words(card)
    row = await home(ws, deps, "maya")
    assert "Exact, as of Wed 20 May 2026" in row
    await press(ws, deps, "maya", Action.HOME_TAB.at(4))
    await press(ws, deps, "maya", Action.REOPEN.at(0))
    assert len([m for m in ws.messages("@maya") if m.get("bot_id")]) == 2
    assert ws.refused == []


async def test_rename_edit_clone_switch_off_trash_and_restore(ws: Workspace, deps: Deps) -> None:
    """Every entry of a row's menu works, says so, and asks to mend what is wrong where it is wrong."""
    segment, other = await saved(deps, ws, "Texas"), await saved(deps, ws, "Taken")
    await home(ws, deps, "maya")
    await press(ws, deps, "maya", *menu_of(ws, "maya", segment, Item.RENAME))
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 10, "the form")
    assert "name already" in json.dumps(await ws.submit("maya", {"name": " TAKEN "}))
    assert (await ws.submit("maya", {"name": "Texans <!channel>"}))["response_action"] == "close"
    await quiet(ws, deps)
    assert "Renamed: Texans &lt;!channel&gt;" in shown(ws, "maya")
    assert (await now(deps, segment)).name == "Texans <!channel>"

    await press(ws, deps, "maya", *menu_of(ws, "maya", segment, Item.EDIT))
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 10, "the form")
    assert "tags" in (await ws.submit("maya", {"tags": ", ".join("abcdefghijkl")}))["errors"]
    form = {"note": "For mail", "tags": "south, #vip", "seen": "private", "people": ["U0OMAR", "U0MAYA"]}
    assert (await ws.submit("maya", form))["response_action"] == "close"
    await quiet(ws, deps)
    edited = await now(deps, segment)
    assert (edited.note, edited.tags, edited.visibility) == ("For mail", ("south", "vip"), Visibility.PRIVATE)
    assert edited.shared_with == ("U0OMAR",)

    await press(ws, deps, "maya", *menu_of(ws, "maya", other, Item.CLONE))
    assert "Taken (copy)" in shown(ws, "maya")
    assert "is inactive now" in await press(ws, deps, "maya", *menu_of(ws, "maya", other, Item.DEACTIVATE))
    assert (await now(deps, other)).state is State.INACTIVE
    assert "is active now" in await press(ws, deps, "maya", *menu_of(ws, "maya", other, Item.ACTIVATE))

    await press(ws, deps, "maya", *menu_of(ws, "maya", other, Item.TRASH))
    modal = await ws.wait_until(lambda: (m := ws.modal("maya")) and m.get("submit") and m, 10, "the question")
    assert "never deletes customers" in json.dumps(modal)
    assert (await ws.submit("maya"))["response_action"] == "close"
    await quiet(ws, deps)
    assert "is in the trash" in shown(ws, "maya")
    await saved(deps, ws, "Taken", owner="U0OMAR")
    await press(ws, deps, "maya", Action.HOME_TAB.at(5))
    back = button_of(ws, "maya", Action.MORE, Value(other.id, Item.RESTORE))
    assert "is back" in await press(ws, deps, "maya", back)
    assert (await now(deps, other)).name == "Taken (copy 2)"
    assert ws.refused == []


async def test_a_segment_that_others_name_can_neither_go_nor_hide(ws: Workspace, deps: Deps) -> None:
    """Who would break another segment is told which."""
    base = await saved(deps, ws, "Texas base")
    desk = await deps.desk.at_home(base.team)
    tree = desk.house.read("people in Texas base over 30", NOW).condition
    assert tree is not None
    await deps.desk.store.segments.add(NewSegment(base.team, "Older", tree, "U0MAYA"), NOW)
    await home(ws, deps, "maya")
    await press(ws, deps, "maya", *menu_of(ws, "maya", base, Item.TRASH))
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 10, "the question")
    await ws.submit("maya")
    await quiet(ws, deps)
    assert "is part of #2 Older. Change that first." in shown(ws, "maya")
    await press(ws, deps, "maya", *menu_of(ws, "maya", base, Item.EDIT))
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 10, "the form")
    assert "can't be private" in json.dumps(await ws.submit("maya", {"seen": "private"}))
    assert (await now(deps, base)).state is State.ACTIVE


async def test_two_people_and_a_private_segment(ws: Workspace, deps: Deps) -> None:
    """Priya doesn't see what Maya keeps private, not even by its number; Omar, with whom it is shared, opens it."""
    private = await saved(
        deps, ws, "Launch", visibility=Visibility.PRIVATE, shared_with=("U0OMAR",), words="women in Texas"
    )
    await home(ws, deps, "priya")
    assert "Launch" not in await press(ws, deps, "priya", Action.HOME_TAB.at(2))
    await ws.slash("priya", "#marketing", f"/segment open #{private.number}")
    await ws.wait_for_message("#marketing", "No such segment", user="priya", timeout=10)
    await home(ws, deps, "omar")
    assert "Launch" in await press(ws, deps, "omar", Action.HOME_TAB.at(1))
    rows = shown(ws, "omar")
    assert "Clone" in rows
    assert "Rename" not in rows
    await ws.slash("omar", "#marketing", "/segment open Launch")
    card = await ws.wait_for_message("#marketing", "Saved as", user="omar", timeout=20)
    assert card["ephemeral"]
    assert ws.messages("#marketing") == []
    # A press by somebody whose rights ended meanwhile: the button is old, the answer is not.
    await deps.desk.store.segments.save(replace(await now(deps, private), shared_with=()), NOW)
    view = ws.home("omar")
    assert view is not None
    await ws.click_view("omar", button_of(ws, "omar", Action.OPEN, Value(private.id)), view_id=view["id"])
    await ws.wait_for_message("@omar", "no longer here", timeout=10)
    await saved(deps, ws, "Everybody's")
    await home(ws, deps, "omar")
    assert ws.refused == []


async def test_two_people_edit_one_segment(ws: Workspace, deps: Deps) -> None:
    """The later form is told that the segment changed meanwhile, and nothing of the first is lost."""
    segment = await saved(deps, ws, "Shared work")
    await home(ws, deps, "maya")
    await press(ws, deps, "maya", *menu_of(ws, "maya", segment, Item.EDIT))
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 10, "the form")
    await deps.desk.store.segments.save(replace(segment, note="first"), NOW)
    assert "meanwhile" in json.dumps(await ws.submit("maya", {"note": "second"}))
    assert (await now(deps, segment)).note == "first"


async def test_what_waits_for_me_is_at_home_with_its_link(ws: Workspace, deps: Deps) -> None:
    """A card with an open question stands first at its asker's Home, with the way to it; nobody else's."""
    await ws.slash("maya", "#marketing", "/segment high-value customers in Texas")
    await quiet(ws, deps)
    mine = await home(ws, deps, "maya")
    assert "Waiting for you" in mine
    assert "/archives/C0MARKETING/p" in mine
    assert "Waiting for you" not in await home(ws, deps, "omar")
    await press(ws, deps, "maya", Action.LINK.at(0))
    assert ws.refused == []


async def test_words_that_wait_for_an_owner_are_at_their_home(
    ws: Workspace, databases: tuple[str, str], house: House, tmp_path: Path
) -> None:
    """What somebody said a word means, on a posted card, waits at the owners' Home and at nobody else's."""
    async with Site(ws, with_databases(ws, databases, tmp_path, owners="U0PRIYA"), house) as deps:
        await ws.slash("maya", "#marketing", "/segment high-value customers in Texas")
        card = await ws.wait_for_message("#marketing", "high-value", timeout=20)
        await quiet(ws, deps)
        choose = next(a for a in actions_in(card) if a.startswith(Action.CHOOSE))
        await ws.click("maya", "#marketing", card["ts"], choose)
        await ws.wait_for_message("#marketing", "Share in thread", timeout=20)
        await quiet(ws, deps)
        assert "for everybody?" in await home(ws, deps, "priya")
        assert "for everybody?" not in await home(ws, deps, "omar")
        assert ws.refused == []


async def test_home_is_quick_with_five_thousand_segments(ws: Workspace, deps: Deps) -> None:
    """Drawing Home takes well under a second however many segments a team has."""
    template = await saved(deps, ws, "Segment 0")
    store = deps.desk.store
    async with store.connection() as connection:
        schema = store.schema
        await connection.execute(
            text(
                f"""INSERT INTO "{schema}".segments (id, team, number, name, name_key, note, owner, state, channel,
                visibility, version, revision, created_at, updated_at)
                SELECT team || i, team, i + 1, 'Segment ' || i, 'segment ' || i, '', owner, state, channel, visibility, 1,
                1, created_at, updated_at FROM "{schema}".segments, generate_series(1, 4999) i WHERE id = :id"""
            ),
            {"id": template.id},
        )
        await connection.execute(
            text(
                f"""INSERT INTO "{schema}".segment_versions (segment_id, number, condition, format, fingerprint, request,
                author, reason, created_at) SELECT :team || i, 1, condition, format, fingerprint || i, request, author,
                reason, created_at FROM "{schema}".segment_versions, generate_series(1, 4999) i WHERE segment_id = :id"""
            ),
            {"id": template.id, "team": template.team},
        )
    took = []
    for action, choice in ((None, None), (Action.HOME_SORT, "size"), (Action.HOME_SEARCH, "segment 49")):
        started = time.perf_counter()
        if action is None:
            ws.open_home("maya")
        else:
            view = ws.home("maya")
            assert view is not None
            await ws.click_view("maya", action, choice, view_id=view["id"])
        before = len(ws.core.calls)
        await ws.wait_until(
            lambda n=before: any(c.method == "views.publish" for c in list(ws.core.calls)[max(n - 1, 0) :]), 10, "Home"
        )
        took.append(time.perf_counter() - started)
        await quiet(ws, deps)
    print("Home with 5,000 segments:", [f"{seconds * 1000:.0f} ms" for seconds in took])
    assert "of 111" in shown(ws, "maya")
    assert max(took) < 2.0


# --- short commands -----------------------------------------------------------------------------


async def test_short_commands_answer_the_person_alone(ws: Workspace, deps: Deps) -> None:
    """list, smart, recent and home show where things are; a press in a list opens the card in the channel."""
    segment = await saved(deps, ws, "Project Zebra", tags=("south",))
    for words, answer in (
        ("list", "Project Zebra"),
        ("list #south", "Project Zebra"),
        ("list nothing-like-this-at-all", "No segment has"),
        ("smart", "New customers"),
        ("recent", "asked nothing yet"),
        ("home", "Open Home"),
        ("open #99", "No such segment"),
        ("open Projct Zebro", "Did you mean: Project Zebra?"),
        ("words", "Words of your company"),
    ):
        after = max((m["ts"] for m in ws.messages("#marketing", user="maya")), default="0")
        await ws.slash("maya", "#marketing", f"/segment {words}")
        found = await ws.wait_for_message("#marketing", answer, user="maya", after=after, timeout=10)
        assert found["ephemeral"]
    assert ws.messages("#marketing") == []
    await ws.slash("maya", "#marketing", "/segment list")
    rows = await ws.wait_for_message("#marketing", "1 in all", user="maya", timeout=10)
    await ws.click("maya", "#marketing", rows["ts"], Action.OPEN.at(0))
    card = await ws.wait_for_message("#marketing", f"Saved as #{segment.number}", timeout=20)
    await ws.wait_for_message("#marketing", "Share in thread", timeout=20)
    assert not card.get("ephemeral")
    await ws.slash("omar", "#campaigns", "/segment open New customers")
    await ws.wait_for_message("#campaigns", "Share in thread", timeout=20)
    assert ws.refused == []


async def test_a_sentence_that_begins_like_a_command_is_counted(ws: Workspace, deps: Deps) -> None:
    """What the reader understands is a sentence; a segment's exact name after `open` opens it."""
    team = ws.core.config.team_id
    await saved(deps, ws, "women in Texas")
    actor = Actor(team, "U0MAYA", "C0MARKETING")
    for words, is_command in (
        ("list women in Florida", None),
        ("list of women over 30", None),
        ("list loyal-ish stuff", ListThem("loyal-ish stuff", sure=False)),
        ("open women in Texas", OpenIt("women in Texas", sure=False)),
        ("open Launch", OpenIt("Launch", sure=False)),
        ("opened an email in the last 30 days", None),
    ):
        assert await told_apart(deps.desk, actor, words) == is_command, words
    await ws.slash("maya", "#marketing", "/segment list women in Florida")
    await ws.wait_for_message("#marketing", "Florida", timeout=20)
    await ws.wait_for_message("#marketing", "Share in thread", timeout=20)


# --- shortcuts ----------------------------------------------------------------------------------


async def test_make_a_segment_of_this(ws: Workspace, deps: Deps) -> None:
    """The message's words are counted in its thread; where segbot is no member, for the person alone; twice is once."""
    said = await ws.say("omar", "#marketing", "women in Texas over 30")
    ws.faults.duplicate("interactive")
    assert (await ws.shortcut("maya", Shortcut.FROM_MESSAGE, "#marketing", said["ts"]))["ok"]
    await ws.wait_for_message("#marketing", "Share in thread", thread_ts=said["ts"], timeout=20)
    await quiet(ws, deps)
    assert len([m for m in ws.messages("#marketing", said["ts"]) if m.get("bot_id")]) == 1
    inside = await ws.say("priya", "#exec-plans", "men in Florida")
    await ws.shortcut("alex", Shortcut.FROM_MESSAGE, "#exec-plans", inside["ts"])
    card = await ws.wait_for_message("#exec-plans", "Show SQL", user="alex", timeout=20)
    assert card["ephemeral"]
    nonsense = await ws.say("omar", "#marketing", "🧦🧦")
    await ws.shortcut("maya", Shortcut.FROM_MESSAGE, "#marketing", nonsense["ts"])
    await ws.wait_for_message("#marketing", "I didn't understand that", user="maya", timeout=10)
    assert [c.answer["error"] for c in ws.refused] == ["channel_not_found"]


async def test_new_segment_from_anywhere(ws: Workspace, deps: Deps) -> None:
    """The form asks for words, and counts them in the chosen channel or in a direct message."""
    await ws.shortcut("maya", Shortcut.NEW)
    await ws.wait_for_modal("maya", "New segment")
    assert "words" in (await ws.submit("maya", {"words": "   "}))["errors"]
    assert (await ws.submit("maya", {"words": "women in Texas"}))["response_action"] == "close"
    await ws.wait_for_message("@maya", "Show SQL", timeout=20)
    await ws.shortcut("omar", Shortcut.NEW)
    await ws.wait_for_modal("omar", "New segment")
    await ws.submit("omar", {"words": "men in Texas", "place": "C0CAMPAIGNS"})
    await ws.wait_for_message("#campaigns", "Share in thread", timeout=20)
    assert ws.refused == []


# --- links --------------------------------------------------------------------------------------


async def test_a_link_becomes_the_live_card(ws: Workspace, deps: Deps) -> None:
    """Below a message with a segment's link stands its card, counted, whose buttons work for everybody."""
    segment = await saved(deps, ws, "Texas buyers")
    private = await saved(deps, ws, "Secret", visibility=Visibility.PRIVATE)
    link = f"{ADDRESS}/segments/{segment.number}"
    ws.faults.duplicate("events_api")
    said = await ws.say("maya", "#marketing", f"Look: {link} and {ADDRESS}/segments/{private.number} {ADDRESS}/x")

    def card() -> Any:
        message = next(m for m in ws.messages("#marketing") if m["ts"] == said["ts"])
        return message if "Show SQL" in message_words(message) else None

    message = await ws.wait_until(card, 20, "the card")
    await quiet(ws, deps)
    message = card()
    assert len(message["attachments"]) == 1
    assert "Secret" not in message_words(message)
    await ws.click("omar", "#marketing", said["ts"], Action.SHOW_SQL)
    await ws.wait_until(lambda: "SELECT" in json.dumps(ws.modal("omar")), 10, "the SQL")
    ws.close("omar")
    await ws.click("omar", "#marketing", said["ts"], Action.SHARE)
    await ws.wait_for_message("#marketing", "Shared by", thread_ts=said["ts"], timeout=10)
    await quiet(ws, deps)
    assert ws.refused == []


async def test_without_an_address_links_stay_links(
    ws: Workspace, databases: tuple[str, str], house: House, tmp_path: Path
) -> None:
    """Unfurling is off until somebody says where links lead."""
    async with Site(ws, with_databases(ws, databases, tmp_path), house) as deps:
        segment = await saved(deps, ws, "Texas buyers")
        await ws.say("maya", "#marketing", f"{ADDRESS}/segments/{segment.number}")
        await quiet(ws, deps)
        assert "attachments" not in ws.messages("#marketing")[0]


# --- emoji --------------------------------------------------------------------------------------


async def test_emoji_on_a_card_and_their_undo(ws: Workspace, deps: Deps) -> None:
    """:repeat: counts again, :pushpin: shares once, :star: stars; each with a receipt; taking it away undoes it."""
    await ws.slash("maya", "#marketing", f"/segment {WORDS}")
    card = await ws.wait_for_message("#marketing", "Share in thread", timeout=20)
    ts = card["ts"]
    ws.react("omar", "#marketing", ts, "repeat")
    await ws.wait_for_message("#marketing", "Counted again", user="omar", timeout=20)
    ws.react("omar", "#marketing", ts, "pushpin")
    await ws.wait_for_message("#marketing", "Shared by", thread_ts=ts, timeout=10)
    await ws.wait_for_message("#marketing", "Or take your emoji away", user="omar", timeout=10)
    ws.react("priya", "#marketing", ts, "pushpin")
    await ws.wait_for_message("#marketing", "shared in the thread already", user="priya", timeout=10)
    ws.react("priya", "#marketing", ts, "pushpin", add=False)
    await quiet(ws, deps)
    assert any("Shared by" in message_words(m) for m in ws.messages("#marketing", ts))  # it was Omar's
    ws.react("omar", "#marketing", ts, "pushpin", add=False)
    await ws.wait_for_message("#marketing", "taken back", user="omar", timeout=10)
    assert not any("Shared by" in message_words(m) for m in ws.messages("#marketing", ts))
    ws.react("omar", "#marketing", ts, "pushpin")
    await ws.wait_for_message("#marketing", "Shared by", thread_ts=ts, timeout=10)
    await quiet(ws, deps)
    receipt = [m for m in ws.messages("#marketing", user="omar") if "Undo" in message_words(m)][-1]
    await ws.click("omar", "#marketing", receipt["ts"], Action.TAKE_BACK)
    await quiet(ws, deps)
    assert not any("Shared by" in message_words(m) for m in ws.messages("#marketing", ts))
    ws.react("maya", "#marketing", ts, "star")
    await ws.wait_for_message("#marketing", "Save this segment first", user="maya", timeout=10)
    before = len(ws.messages("#marketing", user="alex"))
    talk = await ws.say("maya", "#marketing", "nice")
    ws.react("alex", "#marketing", talk["ts"], "repeat")
    ws.react("alex", "#marketing", ts, "tada")
    await quiet(ws, deps)
    assert len(ws.messages("#marketing", user="alex")) == before + 1
    assert ws.refused == []


async def test_a_star_given_by_emoji_stands_at_home(ws: Workspace, deps: Deps) -> None:
    """On the card of a saved segment :star: is the star of Home, and the receipt's Undo takes it away."""
    segment = await saved(deps, ws, "Texas buyers")
    await ws.slash("maya", "#marketing", f"/segment open #{segment.number}")
    card = await ws.wait_for_message("#marketing", "Share in thread", timeout=20)
    ws.react("omar", "#marketing", card["ts"], "star")
    receipt = await ws.wait_for_message("#marketing", "stands first at Home", user="omar", timeout=10)
    stars = deps.desk.store.shelf.starred
    assert await stars(segment.team, "U0OMAR") == {segment.id}
    await ws.click("omar", "#marketing", receipt["ts"], Action.TAKE_BACK)
    await quiet(ws, deps)
    assert await stars(segment.team, "U0OMAR") == frozenset()
    assert ws.refused == []


# --- the agent's pane and the workflow step -------------------------------------------------------


async def test_the_pane_suggests_what_can_be_asked_here(ws: Workspace, deps: Deps) -> None:
    """Beside an empty conversation stand requests of this company's catalog; a thread shows what segbot is doing."""
    ws.open_home("maya", "messages")
    await quiet(ws, deps)
    prompts = [c.args for c in ws.core.calls if c.method == "assistant.threads.setSuggestedPrompts"]
    assert len(prompts) == 1
    assert 1 <= len(json.loads(json.dumps(prompts[0]["prompts"]))) <= 4
    await ws.say("maya", "@maya", "women in Texas")
    await ws.wait_for_message("@maya", "Show SQL", timeout=20)
    await quiet(ws, deps)
    said = [c.args for c in ws.core.calls if c.method == "assistant.threads.setStatus"]
    assert [s["status"] for s in said] == ["is on it…"]
    assert "Counting" in json.dumps(said[0])
    assert ws.refused == []


async def test_a_workflow_counts(ws: Workspace, deps: Deps) -> None:
    """Words or a number in; count, sentence and link out; what can't be counted fails with the reason."""
    segment = await saved(deps, ws, "Texas buyers")
    ws.faults.duplicate("events_api")  # answered twice, Slack would refuse the second answer
    done = await ws.run_function(Shortcut.STEP, {"request": "women in Texas"}, 20)
    outputs = done["outputs"]
    assert outputs["count"] > 0
    assert f"{outputs['count']:,} customers" in outputs["sentence"]
    assert outputs["link"] == ""
    named = await ws.run_function(Shortcut.STEP, {"request": f"#{segment.number}"}, 20)
    assert named["outputs"]["link"] == f"{ADDRESS}/segments/{segment.number}"
    inputs = {"request": "men in Texas", "channel": "C0MARKETING", "person": "U0OMAR"}
    posted = await ws.run_function(Shortcut.STEP, inputs, 20)
    assert "/archives/C0MARKETING/p" in posted["outputs"]["link"]
    assert "Show SQL" in message_words(ws.messages("#marketing")[0])
    for words, why in (
        ("", "words"),
        ("high-value customers", "two ways"),
        ("#4711", "no segment #4711"),
        ("women who frobnicate", "Not understood"),
    ):
        failed = await ws.run_function(Shortcut.STEP, {"request": words}, 20)
        assert why in failed["error"], (words, failed)
    assert ws.refused == []
