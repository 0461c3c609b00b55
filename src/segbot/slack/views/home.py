"""The app's Home: the segments a person may see, with filters, pages and a menu in every row; and what waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum

from segbot.model.library import HomeCard, ListCard, Look, ReadyLine, RequestLine, Shelved, Sort, Tab, WaitingLine
from segbot.model.request import Status
from segbot.model.segment import Counted, State, Visibility
from segbot.slack.ids import COMMAND, NEW, Action, Value, write_words
from segbot.slack.views import kit, wording
from segbot.slack.views.kit import Block, Element, Message, View

_TABS = {
    Tab.MINE: "My segments",
    Tab.SHARED: "Shared with me",
    Tab.ALL: "All",
    Tab.SMART: "Ready-made",
    Tab.RECENT: "My requests",
    Tab.TRASH: "Trash",
}
_SORTS = {Sort.UPDATED: "Newest first", Sort.NAME: "By name", Sort.SIZE: "By size"}
_STATES = {State.ACTIVE: "Active", State.INACTIVE: "Inactive"}
_ANY = "*"
_TAGS = 95
NOT_DELETED = "Deleting a segment never deletes customers: only the saved definition goes to the trash."


class Item(IntEnum):
    """The entries of a row's menu; the numbers stand in buttons for ever."""

    RENAME = 1
    EDIT = 2
    CLONE = 3
    ACTIVATE = 4
    DEACTIVATE = 5
    TRASH = 6
    RESTORE = 7


_ITEMS = {
    Item.RENAME: "Rename…",
    Item.EDIT: "Note, tags, who sees it…",
    Item.CLONE: "Clone",
    Item.ACTIVATE: "Activate",
    Item.DEACTIVATE: "Deactivate",
    Item.TRASH: "Move to trash…",
    Item.RESTORE: "Restore from trash",
}


def home_view(card: HomeCard, links: Mapping[str, str] | None = None, notice: str = "") -> View:
    """Home as this person looks at it. `links` lead to waiting cards, by channel and ts; `notice` is what was just done."""
    blocks = [*_home(card, links or {}, notice)]
    return {"type": "home", "blocks": blocks[:100], "private_metadata": str(card.look)}


def list_message(card: ListCard) -> Message:
    """The answer to `/segment list`, `smart` or `recent`: a few rows, each with a button that opens it."""
    names = "; ".join([s.name for s in card.segments] or [r.name for r in card.ready] or [r.words for r in card.recent])
    spoken = f"{card.title}: {card.total}. {names}" if names else f"{card.title}: {card.hint}"
    return Message(kit.escape(spoken, 2900), tuple(_listed(card)))


def home_link_message(team: str, app: str) -> Message:
    """The way to Home, by Slack's own deep link."""
    link = f"slack://app?team={team}&id={app}&tab=home"
    text = "Your segments, with search and filters, are at Home."
    return Message(text, (kit.section(f":house: {text} <{link}|Open Home>"),))


def as_list(text: str) -> str:
    """The value behind a filter's option: empty for the one that takes the filter off."""
    return "" if text == _ANY else text


def link_key(line: WaitingLine) -> str:
    """Names a waiting card among the links."""
    return f"{line.channel}:{line.message_ts}"


def _home(card: HomeCard, links: Mapping[str, str], notice: str) -> Iterator[Block]:
    look = card.look
    new = kit.button(Action.NEW, "New segment", str(Value("new")), primary=True, aloud="New segment: say who it is")
    yield kit.section(f"*Who are you looking for?* Say it in words, here or with `{COMMAND}` in any channel.", new)
    build = kit.button(Action.BUILD, "Build by hand…", str(Value(NEW)), aloud="Build by hand… a new segment")
    yield kit.actions([build]) | {"block_id": "home.build"}
    if notice:
        yield kit.section(f":white_check_mark: {kit.escape(notice, 600)}")
    if card.waiting:
        yield from _waiting(card.waiting, links, card.timezone)
    yield {"type": "divider"}
    yield kit.actions([_tab(tab, look) for tab in Tab]) | {"block_id": "home.tabs"}
    if look.tab is not Tab.RECENT:
        yield _search(look)
        yield kit.actions([*_filters(card)]) | {"block_id": f"home.filters.{look.turn}"}
    rows = [*_rows(card)]
    if not rows:
        yield from _empty(card)
    yield from rows
    yield from _pages(card)
    if look.tab is Tab.TRASH:
        yield kit.context(NOT_DELETED)


def _tab(tab: Tab, look: Look) -> Element:
    here = tab is look.tab
    aloud = f"{_TABS[tab]}, shown now" if here else _TABS[tab]
    return kit.button(Action.HOME_TAB.at(list(Tab).index(tab)), _TABS[tab], str(Value(tab)), primary=here, aloud=aloud)


def _search(look: Look) -> Block:
    element: Element = {
        "type": "plain_text_input",
        "action_id": Action.HOME_SEARCH,
        "max_length": 100,
        "placeholder": kit.plain("A name, a number (#12), a word of the note, a tag", 150),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if look.search:
        element["initial_value"] = look.search
    return {
        "type": "input",
        "block_id": f"home.search.{look.turn}",
        "label": kit.plain("Search (press Enter)", 150),
        "element": element,
        "dispatch_action": True,
        "optional": True,
    }


def _filters(card: HomeCard) -> Iterator[Element]:
    look = card.look
    if card.tags:
        yield _pick(Action.HOME_TAG, "Tag", "Any tag", [(tag, tag) for tag in card.tags[:_TAGS]], look.tag)
    if look.tab not in (Tab.SMART, Tab.TRASH):
        states = [(label, state.value) for state, label in _STATES.items()]
        yield _pick(Action.HOME_STATE, "Status", "Any status", states, look.state)
    if look.tab in (Tab.ALL, Tab.SHARED):
        owner: Element = {
            "type": "users_select",
            "action_id": Action.HOME_OWNER,
            "placeholder": kit.plain("Owner", 150),
        }
        yield owner | ({"initial_user": look.owner} if look.owner else {})
    if look.tab not in (Tab.SMART, Tab.TRASH):
        channel: Element = {
            "type": "conversations_select",
            "action_id": Action.HOME_CHANNEL,
            "placeholder": kit.plain("Channel", 150),
            "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        }
        yield channel | ({"initial_conversation": look.channel} if look.channel else {})
    labels = _SORTS | ({Sort.UPDATED: "Featured first"} if look.tab is Tab.SMART else {})
    orders = [(label, sort.value) for sort, label in labels.items()]
    chosen = next(option for option in orders if option[1] == look.sort)
    menu = kit.menu(Action.HOME_SORT, "Order", orders)
    yield menu | {"initial_option": {"text": kit.plain(chosen[0], 75), "value": chosen[1]}}
    if look.filtered:
        yield kit.button(Action.HOME_CLEAR, "Clear", str(Value("clear")), aloud="Clear the search and all filters")


def _pick(action: Action, placeholder: str, nothing: str, options: list[tuple[str, str]], chosen: str) -> Element:
    """A menu whose first option takes the filter off. What no menu can hold (a very long tag) is left out of it."""
    offered = [(nothing, _ANY), *((label, value) for label, value in options if 0 < len(value) <= 75)]
    menu = kit.menu(action, placeholder, offered)
    found = next((option for option in menu["options"] if option["value"] == chosen), None)
    return menu | ({"initial_option": found} if found else {})


# --- rows ---------------------------------------------------------------------------------------


def _rows(card: HomeCard) -> Iterator[Block]:
    for index, segment in enumerate(card.segments):
        yield kit.section(_segment(segment, card.noun, card.timezone, card.address))
        yield kit.actions([*_buttons(segment, index, own=segment.id in card.mine)])
    for index, ready in enumerate(card.ready):
        yield kit.section(_ready(ready, card.noun, card.timezone))
        yield kit.actions(
            [_open(index, Value(ready.key, b=1), ready.name), _star(index, Value(ready.key, b=1), ready.starred)]
        )
    for index, line in enumerate(card.recent):
        again = kit.button(Action.REOPEN.at(index), "Open", str(Value(line.id)), aloud=f"Open: {line.words}")
        yield kit.section(_request(line, card.noun, card.timezone), again)


def _buttons(segment: Shelved, index: int, *, own: bool) -> Iterator[Element]:
    if segment.state is not State.TRASH:
        yield _open(index, Value(segment.id), segment.name)
        yield _star(index, Value(segment.id), segment.starred)
    items = [*_items(segment, own=own)]
    if len(items) == 1:  # a menu has two entries at least
        (item,) = items
        value = str(Value(segment.id, item))
        yield kit.button(Action.MORE.at(index), _ITEMS[item], value, aloud=f"{_ITEMS[item]} {segment.name}")
    elif items:
        yield kit.overflow(Action.MORE.at(index), [(_ITEMS[item], str(Value(segment.id, item))) for item in items])


def _items(segment: Shelved, *, own: bool) -> Iterator[Item]:
    if segment.state is State.TRASH:
        if own:
            yield Item.RESTORE
        return
    if own:
        yield from (Item.RENAME, Item.EDIT)
    yield Item.CLONE
    if own:
        yield Item.ACTIVATE if segment.state is State.INACTIVE else Item.DEACTIVATE
        yield Item.TRASH


def _open(index: int, value: Value, name: str) -> Element:
    return kit.button(Action.OPEN.at(index), "Open", str(value), aloud=f"Open {name} as a live card")


def _star(index: int, value: Value, starred: bool) -> Element:
    label, spoken = ("★ Starred", "Take the star away") if starred else ("☆ Star", "Star: show it first")
    return kit.button(
        Action.STAR.at(index), label, str(Value(value.request, 0 if starred else 1, value.b)), aloud=spoken
    )


def _segment(segment: Shelved, noun: str, timezone: str, address: str = "") -> str:
    name = kit.escape(segment.name, 160)
    named = f"<{address}{segment.number}|{name}>" if address else name
    star = ":star: " if segment.starred else ""
    lines = [f"{star}*{named}*  #{segment.number}  ·  {_size(segment.count, noun, timezone)}"]
    if segment.words:
        lines.append(f"_{kit.escape(' '.join(segment.words.split()), 200)}_")
    if segment.note:
        lines.append(kit.escape(" ".join(segment.note.split()), 200))
    marks = [f":label: {', '.join(kit.escape(tag, 40) for tag in segment.tags[:6])}"] if segment.tags else []
    marks += [":lock: Private"] if segment.visibility is Visibility.PRIVATE else []
    marks += ["Inactive"] if segment.state is State.INACTIVE else []
    marks.append(kit.mention(segment.owner))
    marks.append(f"changed {wording.moment(segment.updated_at, timezone)}")
    return "\n".join([*lines, "  ·  ".join(marks)])


def _ready(ready: ReadyLine, noun: str, timezone: str) -> str:
    star = ":star: " if ready.starred else ":sparkles: " if ready.featured else ""
    head = f"{star}*{kit.escape(ready.name, 160)}*  ·  {_size(ready.count, noun, timezone)}"
    lines = [head, f"_{kit.escape(ready.words, 200)}_"]
    if ready.description:
        lines.append(kit.escape(ready.description, 200))
    if ready.tags:
        lines.append(f":label: {', '.join(kit.escape(tag, 40) for tag in ready.tags[:6])}")
    return "\n".join(lines)


_HOW_FAR = {
    Status.QUESTION: "one question is open",
    Status.UNREAD: "not all of it was understood",
    Status.COUNTING: "being counted",
    Status.RECEIVED: "being read",
    Status.STOPPED: "stopped",
    Status.FAILED: "could not be counted",
}


def _request(line: RequestLine, noun: str, timezone: str) -> str:
    far = _size(line.count, noun, timezone) if line.count else _HOW_FAR.get(line.status, "not counted yet")
    saved = f"  ·  saved as #{line.number}" if line.number else ""
    asked = f"asked {wording.moment(line.at, timezone)}"
    return f"_{kit.escape(' '.join(line.words.split()), 300)}_\n{far}{saved}  ·  {asked}"


def _size(count: Counted | None, noun: str, timezone: str) -> str:
    """The size with its kind and its time: a number without them would be taken for today's."""
    if count is None:
        return "not counted yet"
    return f"*{kit.escape(wording.size(count, noun), 120)}* ({wording.as_of(count, timezone)})"


# --- around the rows ----------------------------------------------------------------------------


def _waiting(lines: Iterable[WaitingLine], links: Mapping[str, str], timezone: str) -> Iterator[Block]:
    yield {"type": "divider"}
    yield kit.section(":hourglass: *Waiting for you*")
    for index, line in enumerate(lines):
        said = f"{kit.escape(line.why, 300)}\n_{kit.escape(' '.join(line.words.split()), 200)}_"
        said += f"  ·  {wording.moment(line.at, timezone)}"
        link = links.get(link_key(line), "")
        show = kit.button(Action.LINK.at(index), "Show card", "show", aloud=f"Show the card of: {line.words}")
        yield kit.section(said, show | {"url": link} if link else None)


def _pages(card: HomeCard) -> Iterator[Block]:
    if card.total == 0:
        return
    first = card.look.page * card.per_page + 1
    last = min(first + card.per_page - 1, card.total)
    if card.pages > 1:
        turns = []
        if card.look.page > 0:
            turns.append(kit.button(Action.HOME_PAGE.at(0), "‹ Previous", str(Value("page", card.look.page - 1))))
        if card.look.page + 1 < card.pages:
            turns.append(kit.button(Action.HOME_PAGE.at(1), "Next ›", str(Value("page", card.look.page + 1))))
        yield kit.actions(turns)
    yield kit.context(f"{wording.number(first)}–{wording.number(last)} of {wording.number(card.total)}")


def _empty(card: HomeCard) -> Iterator[Block]:
    """What the tab is for and what to do next, instead of nothing."""
    if card.look.filtered:
        yield kit.section("Nothing fits that search and these filters. Press *Clear* to see all of them again.")
        return
    texts = {
        Tab.MINE: "You have saved no segment yet. Ask for people, then press *Save* on the card: it stands here for ever, "
        "with its size, and can be counted again any day. Try one of these:",
        Tab.SHARED: "Nobody has shared a private segment with you. Segments that everybody may see are under *All*.",
        Tab.ALL: "Nobody has saved a segment yet. Begin with one of these:",
        Tab.SMART: "The catalog file has no ready-made segments. Whoever looks after it can add some under `segments`.",
        Tab.RECENT: "You have asked nothing yet. Try one of these, or type your own words:",
        Tab.TRASH: "Your trash is empty. What you move here can be restored with its number, name and history.",
    }
    yield kit.section(texts[card.look.tab])
    if card.look.tab in (Tab.MINE, Tab.ALL, Tab.RECENT):
        for index, words in enumerate(card.examples):
            ask = kit.button(Action.TRY.at(index), "Try", write_words(words), aloud=f"Try: {words}")
            yield kit.section(f"“{kit.escape(words, 300)}”", ask)


def _listed(card: ListCard) -> Iterator[Block]:
    yield kit.header(card.title)
    if card.hint:
        yield kit.section(kit.escape(card.hint, 900))
    for index, segment in enumerate(card.segments):
        yield kit.section(_segment(segment, card.noun, card.timezone), _open(index, Value(segment.id), segment.name))
    for index, ready in enumerate(card.ready):
        yield kit.section(_ready(ready, card.noun, card.timezone), _open(index, Value(ready.key, b=1), ready.name))
    for index, line in enumerate(card.recent):
        again = kit.button(Action.REOPEN.at(index), "Open", str(Value(line.id)), aloud=f"Open: {line.words}")
        yield kit.section(_request(line, card.noun, card.timezone), again)
    shown = len(card.segments) + len(card.ready) + len(card.recent)
    if shown < card.total:
        yield kit.context(f"The first {shown} of {wording.number(card.total)}. Home has all, with search and filters.")
    elif shown:
        yield kit.context(f"{wording.number(card.total)} in all. Home has search, filters and every row's menu.")
