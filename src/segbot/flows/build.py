"""Building a segment by hand: a draft of its tree, changed condition by condition, and applied to a card only when asked.

The draft lives in the store, so a window that is open goes on after a restart. Nothing of a tree is lost: what no form can say
is a line in plain English that can be edited in words, negated, moved or dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from segbot.errors import ChangedMeanwhile, NotFound, SegbotError
from segbot.flows import build_form
from segbot.flows.ask import current
from segbot.flows.build_search import subject_condition
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.form import FormProblem, Values, first
from segbot.flows.moves import BY_HAND, place_of
from segbot.flows.refine import Changed, revise
from segbot.model import surgery
from segbot.model.cards import SegmentCard
from segbot.model.condition import (
    MAX_DEPTH,
    AllOf,
    AnyOf,
    Condition,
    Did,
    Everyone,
    Has,
    Not,
    all_of,
    any_of,
    canonical,
    depth,
)
from segbot.model.draft import Draft, NewDraft, Pending
from segbot.model.reading import Outcome, Phrase, Reading
from segbot.model.request import NewRequest, Status, Surface
from segbot.model.surgery import Path
from segbot.nl.diff import line
from segbot.nl.phrase import phrase
from segbot.sql.compile import compile_count
from segbot.store.deliveries import Taken

IN_BUILDER = "in the builder"
"""What stands on the card for the words of a change that was built."""

Act: TypeAlias = Literal["open", "negate", "drop", "lift", "edit", "beside"]
Join: TypeAlias = Literal["all", "any", "none", "not_all"]

_TRIES = 4
_DEEPEST = MAX_DEPTH - 4
"""How deep groups may nest here: what a negation or people pinned in add must still fit what can be counted."""


class AlreadyApplied(SegbotError):
    """This window's changes are on the card already. Open the builder from the card to change more."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody changed the segment while it was in the builder: who, and what. Nothing is applied yet."""

    draft: Draft
    by: str
    change: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The draft says what the card says already."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new segment was built; its card is not posted yet."""

    card: SegmentCard


Applied: TypeAlias = Changed | Made | Conflict | Unchanged | FormProblem


# --- drafts -------------------------------------------------------------------------------------


async def begin(
    desk: Desk, actor: Actor, request_id: str | None, *, mode: Literal["build", "direct"] = "build"
) -> Draft:
    """A draft of what a request's card shows now, or of everyone for a new segment. Raises `NotFound`."""
    base: Condition = Everyone()
    if request_id is not None:
        base = (await desk.store.requests.get(actor.team, request_id)).condition or Everyone()
    return await desk.store.drafts.add(NewDraft(actor.team, actor.user, request_id, base, mode), desk.clock())


async def restart(desk: Desk, actor: Actor, draft_id: str) -> Draft:
    """The draft begun anew from what its card shows now."""
    draft = await desk.store.drafts.get(actor.team, actor.user, draft_id)
    if draft.request is None:
        raise NotFound(f"draft {draft_id} has no request")
    base = (await desk.store.requests.get(actor.team, draft.request)).condition or Everyone()
    new = replace(draft, base=base, condition=base, focus=(), pending=None)
    return await desk.store.drafts.save(new, desk.clock())


async def altered(desk: Desk, actor: Actor, draft_id: str, change: Callable[[Draft], Draft]) -> Draft:
    """Change a draft; where two windows or presses meet, each is made upon the other.

    What the change can't find any more (`ChangedMeanwhile`) leaves the draft as it is: the window is drawn anew and shows it.
    """
    for _ in range(_TRIES):
        draft = await desk.store.drafts.get(actor.team, actor.user, draft_id)
        if draft.applied is not None:
            raise AlreadyApplied(draft_id)
        try:
            new = change(draft)
        except (ChangedMeanwhile, surgery.NoSuchPlace):
            return draft
        if new == draft:
            return draft
        try:
            return await desk.store.drafts.save(new, desk.clock())
        except ChangedMeanwhile:
            continue
    raise ChangedMeanwhile(f"draft {draft_id}")


def rules_of(draft: Draft) -> Condition:
    """The tree without the people pinned in or out by hand."""
    return surgery.pinned(draft.condition)[0]


def with_rules(draft: Draft, rules: Condition) -> Draft:
    """The draft with other rules for the same people pinned in and out; a group that is gone is left."""
    _, keys_in, keys_out = surgery.pinned(draft.condition)
    focus = draft.focus
    while focus and not _is_group(rules, focus):
        focus = focus[:-1]
    return replace(draft, condition=surgery.with_pinned(rules, keys_in, keys_out), focus=focus)


def _is_group(rules: Condition, path: Path) -> bool:
    try:
        node = surgery.at(rules, path)
    except surgery.NoSuchPlace:
        return False
    return isinstance(node.part if isinstance(node, Not) else node, AllOf | AnyOf)


def inside(rules: Condition, focus: Path) -> Path:
    """The place of the group that is open: inside its negation where it is negated."""
    node = surgery.at(rules, focus)
    return (*focus, 0) if isinstance(node, Not) and isinstance(node.part, AllOf | AnyOf) else focus


def join_of(node: Condition) -> Join | None:
    """How the conditions of a group are joined; None for what is no group."""
    match node:
        case AllOf():
            return "all"
        case AnyOf():
            return "any"
        case Not(part=AnyOf()):
            return "none"
        case Not(part=AllOf()):
            return "not_all"
        case _:
            return None


# --- changes of the list ------------------------------------------------------------------------


async def act(desk: Desk, actor: Actor, draft_id: str, what: Act, key: int) -> Draft:
    """Open a group, negate, drop or move a condition out of its group, or open its form; `key` names it."""
    desk = await desk.at_home(actor.team)

    def change(draft: Draft) -> Draft:
        rules = rules_of(draft)
        path, node = place_of(rules, key)
        match what:
            case "open":
                return replace(draft, focus=path)
            case "negate":
                return with_rules(draft, surgery.negated(rules, path))
            case "drop":
                return with_rules(draft, surgery.drop(rules, path))
            case "lift":
                return with_rules(draft, surgery.lifted(rules, path)[0])
            case "edit":
                return replace(draft, pending=Pending(path, node))
            case "beside":
                return replace(draft, pending=Pending(path, Everyone(), new=True, beside=True))

    return await altered(desk, actor, draft_id, change)


async def join(desk: Desk, actor: Actor, draft_id: str, how: Join) -> Draft:
    """Match all, any or none of the conditions of the group that is open."""

    def change(draft: Draft) -> Draft:
        rules = rules_of(draft)
        node = surgery.at(rules, draft.focus)
        parts = surgery.at(rules, inside(rules, draft.focus))
        if not isinstance(parts, AllOf | AnyOf):
            return draft
        group: Condition = AllOf(parts.parts) if how in ("all", "not_all") else AnyOf(parts.parts)
        new = Not(group) if how in ("none", "not_all") else group
        return draft if new == node else with_rules(draft, surgery.put(rules, draft.focus, new))

    return await altered(desk, actor, draft_id, change)


async def go_to(desk: Desk, actor: Actor, draft_id: str, level: int) -> Draft:
    """Back to a group further out: the crumb of that number, 0 the whole."""

    def change(draft: Draft) -> Draft:
        places = crumbs(draft)
        return replace(draft, focus=places[min(level, len(places) - 1)])

    return await altered(desk, actor, draft_id, change)


def crumbs(draft: Draft) -> tuple[Path, ...]:
    """The places of the groups around the one that is open, outermost first, and its own."""
    rules = rules_of(draft)
    ends = [end for end in range(len(draft.focus)) if end and _is_line_group(rules, draft.focus[:end])]
    return ((), *(draft.focus[:end] for end in ends), *([draft.focus] if draft.focus else []))


def _is_line_group(rules: Condition, path: Path) -> bool:
    """Whether a group stands there as a line of its own: not the inside of a negation."""
    if not _is_group(rules, path):
        return False
    return not isinstance(surgery.at(rules, path[:-1]), Not)


async def add(desk: Desk, actor: Actor, draft_id: str, subject: str) -> Draft:
    """Begin a condition about a pick of `build_search.subjects`; what needs no form is added at once."""
    desk = await desk.at_home(actor.team)
    house = desk.house
    ready = subject_condition(house, subject, house.moment(desk.clock()))
    node = ready if ready is not None else _begun(desk, subject)
    if node is None:
        raise NotFound(f"nothing to pick as {subject!r}")

    def change(draft: Draft) -> Draft:
        pending = draft.pending
        if pending is None or not pending.new:
            pending = Pending(draft.focus, node, new=True)
        pending = replace(pending, node=node, test=None, index=None)
        if ready is None:
            return replace(draft, pending=pending)
        return replace(with_rules(draft, placed(rules_of(draft), pending)), pending=None)

    return await altered(desk, actor, draft_id, change)


def _begun(desk: Desk, subject: str) -> Condition | None:
    kind, _, key = subject.partition(":")
    catalog = desk.house.catalog
    if kind == "a" and (field := catalog.attribute(key)) is not None:
        return build_form.fresh(build_form.Subject(catalog, field=field))[0]
    if kind == "e" and (event := catalog.event(key)) is not None:
        return build_form.fresh(build_form.Subject(catalog, event=event))[0]
    return None


async def ask_what(desk: Desk, actor: Actor, draft_id: str) -> Draft:
    """Begin a condition in the group that is open before it is known what it is about."""
    return await altered(
        desk, actor, draft_id, lambda draft: replace(draft, pending=Pending(draft.focus, Everyone(), new=True))
    )


async def set_aside(desk: Desk, actor: Actor, draft_id: str) -> Draft:
    """The draft with no form open."""
    return await altered(desk, actor, draft_id, lambda draft: replace(draft, pending=None))


def placed(rules: Condition, pending: Pending) -> Condition:
    """The rules with the condition of an open form in its place. Raises `NoSuchPlace` where that is gone."""
    if pending.beside:
        here, above = surgery.at(rules, pending.path), surgery.group_above(rules, pending.path)
        inside_any = above is not None and isinstance(surgery.at(rules, above), AnyOf)
        group = all_of((here, pending.node)) if inside_any else any_of((here, pending.node))
        return surgery.put(rules, pending.path, group)
    if pending.new:
        return surgery.insert(rules, inside(rules, pending.path), pending.node)
    return surgery.put(rules, pending.path, pending.node)


# --- forms --------------------------------------------------------------------------------------


async def live(desk: Desk, actor: Actor, draft_id: str, values: Values) -> Draft:
    """A form changed: what it says by now is kept with the draft, where it says something whole."""
    desk = await desk.at_home(actor.team)

    def change(draft: Draft) -> Draft:
        found = read_form(desk, draft, values)
        if isinstance(found, FormProblem) or draft.pending is None:
            return draft
        pending = draft.pending
        return replace(draft, pending=_with(pending, found))

    return await altered(desk, actor, draft_id, change)


def _with(pending: Pending, found: Condition) -> Pending:
    return replace(pending, node=found) if pending.test is None else replace(pending, test=found)


def read_form(desk: Desk, draft: Draft, values: Values) -> Condition | FormProblem:
    """The condition that an open form says, or what to mend. `desk` has the team's own words."""
    pending = draft.pending
    if pending is None:
        return FormProblem("", "This form is not open any more.")
    subject = form_subject(desk, draft)
    if subject is None:
        return _read_words(desk, first(values, "words"))
    before = pending.node if pending.test is None else pending.test
    return build_form.condition_from(subject, before, values)


def form_subject(desk: Desk, draft: Draft) -> build_form.Subject | None:
    """What the open form is about; None where its condition is edited in words."""
    pending, catalog = draft.pending, desk.house.catalog
    if pending is None:
        return None
    if pending.test is None:
        return build_form.subject_of(pending.node, catalog)
    event = event_of(pending.node)
    test = pending.test.part if isinstance(pending.test, Not) else pending.test
    found = catalog.event(event) if event else None
    field = found.property(test.attribute) if found is not None and isinstance(test, Has) else None
    return None if field is None else build_form.Subject(catalog, field=field)


def event_of(node: Condition) -> str | None:
    """The event that a condition's rows are of, where it has a form."""
    inner = node.part if isinstance(node, Not) else node
    return inner.rows.event if isinstance(inner, Did) else None


def _read_words(desk: Desk, words: str) -> Condition | FormProblem:
    if not words:
        return FormProblem("words", "Please say who they are.")
    reading = desk.house.read(words, desk.clock())
    if reading.outcome is Outcome.ANSWER and reading.condition is not None:
        return reading.condition
    if reading.questions:
        choices = "; ".join(choice.label for choice in reading.questions[0].choices[:4])
        return FormProblem("words", f"{reading.questions[0].text} {choices}"[:900])
    unread = ", ".join(f"“{u.text}”" for u in reading.unread[:4])
    return FormProblem("words", f"I did not understand {unread or 'that'}."[:900])


async def done(desk: Desk, actor: Actor, draft_id: str, values: Values) -> Draft | FormProblem:
    """The form was sent: its condition takes its place, a filter that of its event's rows. Or what to mend."""
    desk = await desk.at_home(actor.team)
    draft = await desk.store.drafts.get(actor.team, actor.user, draft_id)
    if draft.pending is None:
        return draft
    found = read_form(desk, draft, values)
    if isinstance(found, FormProblem):
        return found
    here = await _standing(desk, actor, draft)
    if here is not None and not _fits(draft, here):
        return FormProblem("", "Somebody changed this condition meanwhile. Go back to see how it stands now.")
    problem = _too_much(desk, draft, _with(draft.pending, found))
    if problem is not None:
        return replace(problem, field=next(iter(values), problem.field))

    def change(draft: Draft) -> Draft:
        if draft.pending is None:
            return draft
        pending = _with(draft.pending, found)
        if pending.test is not None:
            return replace(draft, pending=_filtered(pending))
        if here is not None:
            draft = replace(draft, base=here, condition=here, focus=())
        return replace(with_rules(draft, placed(rules_of(draft), pending)), pending=None)

    return await altered(desk, actor, draft_id, change)


async def _standing(desk: Desk, actor: Actor, draft: Draft) -> Condition | None:
    """What the card of a direct draft shows now: the one condition is put into that, whatever else was changed meanwhile."""
    if draft.mode != "direct" or draft.request is None:
        return None
    return (await desk.store.requests.get(actor.team, draft.request)).condition or Everyone()


def _fits(draft: Draft, here: Condition) -> bool:
    """Whether the condition that a form was opened on still stands at its place."""
    pending = draft.pending
    if pending is None or (pending.new and not pending.beside and not pending.path):
        return True
    try:
        return surgery.at(surgery.pinned(here)[0], pending.path) == surgery.at(rules_of(draft), pending.path)
    except surgery.NoSuchPlace:
        return False


def _too_much(desk: Desk, draft: Draft, pending: Pending) -> FormProblem | None:
    """Why the tree could not be counted with what a form says."""
    try:
        whole = placed(rules_of(draft), _filtered(pending) if pending.test is not None else pending)
        if depth(whole) > _DEEPEST:
            return FormProblem("", "That is nested too deeply.")
        compile_count(whole, desk.house.catalog, desk.house.moment(desk.clock()), desk.house.base, desk.house.segments)
    except surgery.NoSuchPlace:
        return FormProblem("", "The condition that this belonged to is gone.")
    except SegbotError as error:
        return FormProblem("", error.sentence)
    return None


def _filtered(pending: Pending) -> Pending:
    """The event's rows with the filter of the form that is open on top, which is then closed."""
    assert pending.test is not None
    test, index = build_form.as_filter(pending.test), pending.index

    def change(did: Did) -> Did:
        filters = list(did.rows.filters)
        if index is None:
            filters.append(test)
        elif index < len(filters):
            filters[index] = test
        return replace(did, rows=replace(did.rows, filters=tuple(dict.fromkeys(filters))))

    return replace(_on_rows(pending, change), test=None, index=None)


def _on_rows(pending: Pending, change: Callable[[Did], Did]) -> Pending:
    node = pending.node
    inner = node.part if isinstance(node, Not) else node
    if not isinstance(inner, Did):
        return pending
    new = change(inner)
    return replace(pending, node=Not(new) if isinstance(node, Not) else new)


async def filter_rows(desk: Desk, actor: Actor, draft_id: str, prop: str, index: int | None) -> Draft:
    """Open the form of a filter of an event's rows: a new one of a property, or the one of that index."""
    desk = await desk.at_home(actor.team)

    def change(draft: Draft) -> Draft:
        pending = draft.pending
        if pending is None or (event := event_of(pending.node)) is None:
            return draft
        if index is not None:
            inner = pending.node.part if isinstance(pending.node, Not) else pending.node
            assert isinstance(inner, Did)
            if index >= len(inner.rows.filters):
                return draft
            return replace(
                draft, pending=replace(pending, test=build_form.as_test(inner.rows.filters[index]), index=index)
            )
        found = desk.house.catalog.event(event)
        field = found.property(prop) if found is not None else None
        if field is None:
            return draft
        begun, _ = build_form.fresh(build_form.Subject(desk.house.catalog, field=field))
        return replace(draft, pending=replace(pending, test=begun, index=None))

    return await altered(desk, actor, draft_id, change)


async def drop_filter(desk: Desk, actor: Actor, draft_id: str, index: int) -> Draft:
    """Take a filter off an event's rows."""

    def change(draft: Draft) -> Draft:
        if draft.pending is None:
            return draft

        def without(did: Did) -> Did:
            kept = tuple(test for at, test in enumerate(did.rows.filters) if at != index)
            return replace(did, rows=replace(did.rows, filters=kept))

        return replace(draft, pending=_on_rows(replace(draft.pending, test=None, index=None), without))

    return await altered(desk, actor, draft_id, change)


async def pin(desk: Desk, actor: Actor, draft_id: str, keys_in: tuple[str, ...], keys_out: tuple[str, ...]) -> Draft:
    """Pin people in and out on top of the rules: these, and no others. Who is in both is out."""

    def change(draft: Draft) -> Draft:
        rules = rules_of(draft)
        within = tuple(key for key in keys_in if key not in keys_out)
        return replace(draft, condition=surgery.with_pinned(rules, within, keys_out))

    return await altered(desk, actor, draft_id, change)


async def replace_rules(desk: Desk, actor: Actor, draft_id: str, change: Callable[[Condition], Condition]) -> Draft:
    """Other rules for a draft."""
    return await altered(desk, actor, draft_id, lambda draft: with_rules(draft, change(rules_of(draft))))


# --- applying -----------------------------------------------------------------------------------


async def apply(
    desk: Desk, actor: Actor, draft_id: str, *, delivery: str, surface: Surface = Surface.COMMAND, over: bool = False
) -> Applied:
    """Put the draft's tree on its card (a step that "undo" takes back), or make a new segment of it.

    With `over` it replaces what somebody else made of the card meanwhile, which then is a step of its history. Raises
    `Duplicate` when this was dealt with before, `AlreadyApplied` for a second time.
    """
    desk = await desk.at_home(actor.team)
    draft = await desk.store.drafts.get(actor.team, actor.user, draft_id)
    if draft.applied is not None:
        raise AlreadyApplied(draft_id)
    tree = draft.condition
    if depth(tree) > MAX_DEPTH:
        return FormProblem("", "That is nested too deeply to be counted.")
    if draft.request is not None and (conflict := await _conflict(desk, actor, draft)) is not None and not over:
        return conflict
    if draft.request is not None and canonical(tree) == canonical(draft.base) and not over:
        return Unchanged()
    if await desk.store.deliveries.take(delivery, "change", desk.clock()) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    try:
        found = await _apply(desk, actor, draft, surface)
    except Exception:
        await desk.store.deliveries.release(delivery)
        raise
    await desk.store.deliveries.finish(delivery, desk.clock())
    return found


async def _apply(desk: Desk, actor: Actor, draft: Draft, surface: Surface) -> Changed | Made | Unchanged:
    if draft.request is None:
        made = await desk.store.requests.add(_request(desk, actor, draft.condition, surface), desk.clock())
        await _close(desk, draft, made.id)
        return Made(await current(desk, actor, made.id))
    request = await desk.store.requests.get(actor.team, draft.request)
    if canonical(request.condition or Everyone()) == canonical(draft.condition):
        await _close(desk, draft, request.id)
        return Unchanged()
    changed = await revise(desk, actor, request, draft.condition, BY_HAND if draft.mode == "direct" else IN_BUILDER)
    await _close(desk, draft, request.id)
    return changed


async def _close(desk: Desk, draft: Draft, request: str) -> None:
    await desk.store.drafts.save(replace(draft, applied=request, pending=None), desk.clock())


async def _conflict(desk: Desk, actor: Actor, draft: Draft) -> Conflict | None:
    assert draft.request is not None
    request = await desk.store.requests.get(actor.team, draft.request)
    here = request.condition or Everyone()
    if canonical(here) in (canonical(draft.base), canonical(draft.condition)):
        return None
    history = await desk.store.requests.history(actor.team, draft.request)
    by = next((step.by for step in reversed(history) if step.what not in ("counted", "counted again")), "")
    return Conflict(draft, by, line(draft.base, here, desk.house.catalog))


def _request(desk: Desk, actor: Actor, tree: Condition, surface: Surface) -> NewRequest:
    """A request in the words that the tree has in plain English."""
    said = phrase(tree, desk.house.catalog)
    reading = Reading(
        said, Outcome.ANSWER, tree, restatement=said, phrases=(Phrase(0, len(said), said, said),) if said else ()
    )
    return NewRequest(
        team=actor.team,
        channel=actor.channel or "",
        user=actor.user,
        surface=surface,
        text=said,
        reading=reading,
        status=Status.COUNTING,
        thread_ts=actor.thread,
    )
