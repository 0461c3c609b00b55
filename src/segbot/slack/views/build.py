"""The builder's windows: the conditions of one group with their menus, the form of one condition, and what is set for the whole."""

from __future__ import annotations

from collections.abc import Iterator

from segbot.flows.build import Act, Conflict, Join
from segbot.flows.build_cards import BuildCard, BuildLine, FormCard, Size
from segbot.flows.form import Input
from segbot.slack.ids import Action, Callback, Pick
from segbot.slack.views import kit
from segbot.slack.views.build_kit import input_of, menu, options, size_line
from segbot.slack.views.kit import Block, Element, View

TITLE = "Builder"
JOINS: tuple[tuple[str, Join], ...] = (
    ("All of these", "all"),
    ("Any of these", "any"),
    ("None of these", "none"),
    ("Not all of these", "not_all"),
)
_ACTS: dict[Act, str] = {
    "open": "Open",
    "edit": "Edit…",
    "negate": "Negate",
    "drop": "Drop",
    "lift": "Move out of this group",
}
_INNER = 4


def build_modal(card: BuildCard, size: Size, metadata: str, problem: str = "") -> View:
    """The group that is open, with its size. Nothing is applied until it is sent."""
    view = kit.modal(TITLE, _list(card, size, problem), close="Cancel", callback=Callback.BUILD, metadata=metadata)
    return view | {"submit": kit.plain("Count" if card.new else "Apply", 24)}


def form_modal(card: FormCard, size: Size | None, metadata: str, version: int = 0) -> View:
    """The form of one condition, with the size of the whole as it would be."""
    blocks = [*_form(card, size, version)]
    view = kit.modal(card.title, blocks, close="Back", callback=Callback.CONDITION, metadata=metadata)
    return view | {"submit": kit.plain("Apply" if card.direct and card.title != "Only those where" else "Done", 24)}


def eligible_modal(inputs: tuple[Input, ...], noun: str, metadata: str) -> View:
    """The eligibility window of the whole segment."""
    intro = kit.section(f"Only {kit.escape(noun, 40)} who did something in a time are in the segment at all.")
    blocks = [intro, *map(input_of, inputs)]
    view = kit.modal("Among whom", blocks, close="Back", callback=Callback.ELIGIBLE, metadata=metadata)
    return view | {"submit": kit.plain("Done", 24)}


def pins_modal(inputs: tuple[Input, ...], metadata: str) -> View:
    """People pinned in or out by hand."""
    intro = kit.context("One on each line, or apart by commas. E-mail addresses are looked up and kept as keys only.")
    blocks = [*map(input_of, inputs), intro]
    view = kit.modal("Pin people", blocks, close="Back", callback=Callback.PINS, metadata=metadata)
    return view | {"submit": kit.plain("Done", 24)}


def conflict_modal(conflict: Conflict, metadata: str) -> View:
    """Somebody changed the segment meanwhile: whose version it shall be is for a person to say."""
    who = kit.mention(conflict.by) if conflict.by else "Somebody"
    text = (
        f":warning: *{who} changed this segment while you were building.*\n{kit.escape(conflict.change, 600)}\n"
        "Nothing of yours is applied yet, and nothing is lost."
    )
    mine = kit.button(Action.BUILD_OVER, "Apply mine", "over", aloud="Apply mine in place of that change")
    theirs = kit.button(
        Action.BUILD_RESTART, "Start from theirs", "restart", aloud="Start from what the card shows now"
    )
    note = kit.context("Applying yours keeps that change as a step that “undo” brings back.")
    blocks = [kit.section(text), kit.actions([mine, theirs]), note]
    return kit.modal(TITLE, blocks, callback=Callback.SHOW, metadata=metadata)


def applied_modal(text: str) -> View:
    """What stands in the window when Slack can't close it by itself."""
    return kit.modal(TITLE, [kit.section(f":white_check_mark: {kit.escape(text, 300)}")], callback=Callback.SHOW)


# --- the list -----------------------------------------------------------------------------------


def _list(card: BuildCard, size: Size, problem: str) -> Iterator[Block]:
    if problem:
        yield kit.section(f":warning: {kit.escape(problem, 500)}")
    if len(card.crumbs) > 1:
        yield kit.actions(
            [
                _do(Pick("crumb", level), f"‹ {name}", f"Back to {name}", level)
                for level, name in enumerate(card.crumbs[:-1])
            ][-5:]
        )
    yield kit.section(size_line(size, card.noun))
    if card.join is not None:
        yield kit.section("*Who matches*", _join(card.join))
    if card.everyone:
        yield kit.section(f":busts_in_silhouette: *No conditions: all {kit.escape(card.noun, 40)} are in.*")
    elif not card.lines and len(card.crumbs) == 1:
        yield kit.section(f"No further conditions: all {kit.escape(card.noun, 40)} that are set below are in.")
    for number, line in enumerate(card.lines):
        yield _line(line, number, card.inside_any)
    if card.more:
        yield kit.context(f"… and {card.more} more in this group, which stay as they are")
    yield {
        "type": "actions",
        "block_id": f"add.{card.version}",
        "elements": [
            _search("Add a condition"),
            kit.button(Action.BUILD_WORDS, "In words…", "words", aloud="Add a condition in words"),
        ],
    }
    if len(card.crumbs) == 1:
        yield {"type": "divider"}
        yield kit.section(
            f"*Among:* {kit.escape(card.eligible or 'everybody', 300)}",
            kit.button(Action.BUILD_ELIGIBLE, "Change…", "eligible", aloud="Change among whom"),
        )
        yield kit.section(
            f"*Pinned by hand:* {card.pinned_in:,} in, {card.pinned_out:,} out",
            kit.button(Action.BUILD_PINS, "Change…", "pins", aloud="Change who is pinned in or out"),
        )
    yield kit.context(f"Reads: {kit.escape(card.restatement, 900)}")


def _join(now: Join) -> Element:
    listed = options((label, str(Pick(f"join_{how}"))) for label, how in JOINS)
    chosen = next(option for option in listed if option["value"] == str(Pick(f"join_{now}")))
    return {
        "type": "static_select",
        "action_id": Action.BUILD_DO.at(1000),
        "options": listed,
        "initial_option": chosen,
        "placeholder": kit.plain("Match", 150),
    }


def _line(line: BuildLine, number: int, inside_any: bool) -> Block:
    joiner = f"_{line.joiner}_ " if line.joiner else ""
    text = f"{joiner}{'*' if line.inner else ''}{kit.escape(line.text, 600)}{'*' if line.inner else ''}"
    for inner in line.inner[:_INNER]:
        text += f"\n      • {kit.escape(inner, 200)}"
    if len(line.inner) > _INNER:
        text += f"\n      • … {len(line.inner) - _INNER} more"
    labels = _ACTS | {"beside": "And also…" if inside_any else "Or else…"}
    given = [(labels[act], Pick(act, line.key)) for act in line.acts]
    return kit.section(text, menu(Action.BUILD_DO.at(number), given, "Change"))


def _do(pick: Pick, label: str, aloud: str, number: int) -> Element:
    return kit.button(Action.BUILD_DO.at(2000 + number), label, str(pick), aloud=aloud)


def _search(placeholder: str) -> Element:
    return {
        "type": "external_select",
        "action_id": Action.BUILD_ADD,
        "placeholder": kit.plain(placeholder, 150),
        "min_query_length": 0,
    }


# --- the form -----------------------------------------------------------------------------------


def _form(card: FormCard, size: Size | None, version: int) -> Iterator[Block]:
    if card.about:
        yield kit.context(kit.escape(card.about, 600))
    if card.picking:
        yield {"type": "actions", "block_id": f"add.{version}", "elements": [_search("Search attributes and events")]}
    for one in card.inputs:
        yield input_of(one)
    if card.filters:
        yield kit.section("*Only those where*")
    for index, words in enumerate(card.filters[:20]):
        given = [("Edit…", Pick("filter_edit", index)), ("Drop", Pick("filter_drop", index))]
        yield kit.section(f"• {kit.escape(words, 400)}", menu(Action.BUILD_FILTER.at(index), given, "Change"))
    if card.event:
        search: Element = {
            "type": "external_select",
            "action_id": Action.BUILD_FILTER,
            "placeholder": kit.plain("Only those where …", 150),
            "min_query_length": 0,
        }
        yield {"type": "actions", "block_id": f"filter.{version}", "elements": [search]}
    if size is not None and not card.picking:
        yield kit.section(size_line(size, card.noun))
