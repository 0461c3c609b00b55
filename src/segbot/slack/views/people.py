"""The people of a segment: pages of the first of them, and one customer in detail. Modals, for the person who asked alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from segbot.model.cards import PreviewCard
from segbot.model.profile import ProfileCard, RuleLine, TimelineLine
from segbot.slack.ids import Action, Callback, Field, Value, write_customer
from segbot.slack.views import kit, wording
from segbot.slack.views.kit import Block, Element, View

_PER_BLOCK = 10
_CELL = 80
_MOST_OFFERED = 100
_MOST_KEY = 500


def preview_modal(card: PreviewCard, metadata: str = "") -> View:
    """A page of the first people, one short entry each: the name in bold, the other columns with their labels below it.

    `metadata` is the `Origin` of the card, which comes back with what is pressed in here.
    """
    return kit.modal("Preview", _preview(card), callback=Callback.PREVIEW, metadata=metadata)


def look_up_modal(noun: str, metadata: str) -> View:
    """The form to look somebody up, whether in the segment or not."""
    who = kit.input_block(
        Field.WHO.value,
        f"Which {kit.clip(noun, 40)}?",
        limit=200,
        hint="Their id, or their e-mail address or phone number as it is in the database.",
    )
    view = kit.modal(
        "Look somebody up",
        [kit.context("You see why they are in this segment or not. Every look is recorded."), who],
        close="Back",
        callback=Callback.LOOK_UP,
        metadata=metadata,
    )
    return view | {"submit": kit.plain("Look up", 24)}


def nobody_modal(noun: str) -> View:
    """Nobody was found by what was entered, or several were."""
    lines = f"No single {kit.escape(noun, 60)} was found by that.\nTry their id, or the whole e-mail address or phone number."
    return kit.modal("Look somebody up", [kit.section(lines)], close="Back", callback=Callback.SHOW)


def profile_modal(card: ProfileCard, zone: str = "") -> View:
    """One customer: in or out, rule by rule; what is known; what they did last. Times are in `zone`, the reader's own."""
    return kit.modal("Customer", _profile(card, zone), close="Back", callback=Callback.SHOW)


# --- the preview --------------------------------------------------------------------------------


def _preview(card: PreviewCard) -> Iterator[Block]:
    yield kit.section(f"*{kit.escape(card.title, 200)}*")
    total = wording.size(card.total, card.noun)
    if card.hidden:
        few = f"Fewer than {card.floor} {card.noun} are in this segment, so they are not shown one by one."
        yield kit.section(f":lock: {kit.escape(few, 300)}\nWiden the segment to see a preview.")
        return
    if not card.rows:
        yield kit.section("Nobody is in this segment. Drop a condition or widen a date, then look again.")
        return
    yield kit.context(f"{kit.escape(_shown(card, total), 200)}. Only you see this; contact data is masked.")
    if card.offered:
        yield _columns(card)
    yield from _people(card)
    if buttons := [*_turning(card)]:
        yield kit.actions(buttons)


def _shown(card: PreviewCard, total: str) -> str:
    reach = card.reach or len(card.rows)
    whole = f"All {total}" if reach >= card.total.value else f"The first {wording.number(reach)} of {total}"
    if card.pages == 1:
        return whole
    return f"{card.start + 1} to {card.start + len(card.rows)}. {whole}, page {card.page + 1} of {card.pages}"


def _columns(card: PreviewCard) -> Block:
    """The picker of columns; what is picked is remembered for every preview of this person."""
    offered = [kit.option(label, key) for key, label in card.offered[:_MOST_OFFERED]]
    chosen = [option for option in offered if option["value"] in card.chosen]
    menu: Element = {
        "type": "multi_static_select",
        "action_id": Action.COLUMNS.value,
        "placeholder": kit.plain("Columns", 150),
        "options": offered,
        "max_selected_items": 8,
    }
    if chosen:
        menu["initial_options"] = chosen
    return kit.section("Columns besides those of the conditions", menu)


def _people(card: PreviewCard) -> Iterator[Block]:
    if card.keys:
        for position, (row, key) in enumerate(zip(card.rows, card.keys, strict=True)):
            text = _in_words(card, row)
            if len(key) > _MOST_KEY:
                yield kit.section(text)
                continue
            number = card.start + position + 1
            open_ = kit.button(
                Action.CUSTOMER.at(position), "Open", write_customer(card.id, key), aloud=f"Open number {number}"
            )
            yield kit.section(f"{number}. {text}", open_)
        return
    for start in range(0, min(len(card.rows), 100), _PER_BLOCK):
        people = card.rows[start : start + _PER_BLOCK]
        yield kit.rich(kit.listing([_person(card, row) for row in people], ordered=True, offset=card.start + start))


def _turning(card: PreviewCard) -> Iterator[Element]:
    if card.page > 0:
        yield kit.button(Action.PAGE.at(0), "Previous", str(Value(card.id, card.page - 1)), aloud="Previous page")
    if card.page + 1 < card.pages:
        yield kit.button(Action.PAGE.at(1), "Next", str(Value(card.id, card.page + 1)), aloud="Next page")
    if card.keys:
        yield kit.button(Action.LOOK_UP, "Look somebody up…", str(Value(card.id)), aloud="Look somebody up")


def _in_words(card: PreviewCard, row: tuple[str, ...]) -> str:
    who = kit.escape(" ".join(row[: card.names]), _CELL)
    rest = zip(card.columns[card.names :], row[card.names :], strict=True)
    return f"*{who}*\n" + " · ".join(f"{kit.escape(name, 40)}: {kit.escape(value, _CELL)}" for name, value in rest)


def _person(card: PreviewCard, row: tuple[str, ...]) -> Element:
    who = " ".join(row[: card.names])
    parts = [kit.run(kit.clip(who, _CELL), bold=True)]
    for position, (name, value) in enumerate(zip(card.columns[card.names :], row[card.names :], strict=True)):
        parts.append(kit.run(("\n" if position == 0 else " · ") + f"{kit.clip(name, 40)}: {kit.clip(value, _CELL)}"))
    return kit.paragraph(*parts)


# --- one customer -------------------------------------------------------------------------------


def _profile(card: ProfileCard, zone: str) -> Iterator[Block]:
    yield kit.section(f":bust_in_silhouette: *{kit.escape(card.name, 120)}*")
    yield kit.section(f"{_verdict(card)}\n_{kit.escape(card.segment, 300)}_")
    for level, lines in groupby(card.rules, key=lambda line: line.level):
        yield kit.rich(kit.listing([_rule(line) for line in lines], indent=level))
    if card.attributes:
        yield {"type": "divider"}
        yield kit.section(f"*What is known* of this {kit.escape(card.noun, 40)}; contact data is masked")
    for start in range(0, len(card.attributes), _PER_BLOCK):
        yield {
            "type": "section",
            "fields": [
                {"type": "mrkdwn", "text": f"*{kit.escape(label, 60)}*\n{kit.escape(value, 200)}"}
                for label, value in card.attributes[start : start + _PER_BLOCK]
            ],
        }
    yield {"type": "divider"}
    yield kit.section(
        "*What they did last*" if card.timeline else "*What they did last*\nNothing that this catalog knows of."
    )
    for start in range(0, len(card.timeline), _PER_BLOCK):
        entries = [_happened(line, zone or card.timezone, card.timezone) for line in card.timeline[start : start + 10]]
        yield kit.rich(kit.listing(entries))
    if card.untold:
        yield kit.context(f":warning: Could not be read: {kit.escape(', '.join(card.untold), 300)}")
    shown = zone or card.timezone
    yield kit.context(f"Times are in {kit.escape(shown, 60)}. This look is recorded.")


def _verdict(card: ProfileCard) -> str:
    if not card.counted:
        why = f": {kit.escape(card.base_label, 150)}" if card.base_label else ""
        return f":no_entry_sign: *Not counted at all*, so in no segment{why}"
    return ":white_check_mark: *In* this segment" if card.inside else ":x: *Not in* this segment"


def _rule(line: RuleLine) -> Element:
    """The mark says whether the line holds of this customer, in a word too: a screen reader reads the word."""
    parts = [kit.run(f"{line.joiner} ", italic=True)] if line.joiner else []
    parts += [kit.run("✓ yes: " if line.holds else "✗ no: ", bold=True), kit.run(kit.clip(line.text, 200))]
    if line.value:
        parts.append(kit.run(f"\n{kit.clip(line.value, 200)}", italic=True))
    return kit.paragraph(*parts)


def _happened(line: TimelineLine, zone: str, workspace: str) -> Element:
    when = wording.day(line.at, workspace) if line.day_only else wording.moment(line.at, zone)
    details = " · ".join(f"{kit.clip(label, 40)}: {kit.clip(value, _CELL)}" for label, value in line.details)
    parts = [kit.run(kit.clip(line.what, 80), bold=True), kit.run(f" {when}")]
    return kit.paragraph(*parts, *([kit.run(f"\n{details}")] if details else []))
