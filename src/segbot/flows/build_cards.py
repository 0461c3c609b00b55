"""What the builder's windows show of a draft: the conditions of the group that is open, or the form of one of them; and sizes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from segbot.errors import SegbotError
from segbot.flows import build_form, failure
from segbot.flows.build import (
    Act,
    Join,
    crumbs,
    form_subject,
    inside,
    join_of,
    placed,
    read_form,
)
from segbot.flows.desk import Actor, Desk
from segbot.flows.eligible import eligibility
from segbot.flows.estimate import estimates
from segbot.flows.form import FormProblem, Input, Values
from segbot.flows.sizing import sizes
from segbot.model import surgery
from segbot.model.catalog import Catalog
from segbot.model.condition import (
    AllOf,
    AnyOf,
    Condition,
    Defined,
    Did,
    Everyone,
    Has,
    Not,
    canonical,
)
from segbot.model.draft import Draft
from segbot.model.segment import Counted
from segbot.nl.phrase import phrase, phrase_node
from segbot.warehouse.line import Errand, on_behalf_of

MOST_LINES = 45
"""Conditions of one group that are shown with their menus; a window takes no more."""


@dataclass(frozen=True, slots=True)
class BuildLine:
    """A condition of the group that is open: `key` names it; `inner` are the conditions within, where it is a group."""

    key: int
    text: str
    joiner: str
    acts: tuple[Act, ...]
    inner: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How many a tree has: a number, or why there is none; neither while it is being counted."""

    count: Counted | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class BuildCard:
    """The builder's list. `crumbs` are the groups around the one that is open, outermost first; `join` is None for no group.

    `eligible` is the window of the whole segment in words; `changed` says that there is something to apply.
    """

    id: str
    version: int
    crumbs: tuple[str, ...]
    join: Join | None
    lines: tuple[BuildLine, ...]
    noun: str
    eligible: str = ""
    pinned_in: int = 0
    pinned_out: int = 0
    everyone: bool = False
    changed: bool = False
    new: bool = False
    more: int = 0
    inside_any: bool = False
    restatement: str = ""


@dataclass(frozen=True, slots=True)
class FormCard:
    """The form of one condition. `filters` narrow the rows of an event, which `event` names where more can be added.

    `picking` asks what the condition is about first.
    """

    id: str
    title: str
    about: str
    inputs: tuple[Input, ...]
    noun: str
    filters: tuple[str, ...] = ()
    event: str = ""
    picking: bool = False
    words: bool = False
    direct: bool = False


def list_card(desk: Desk, draft: Draft) -> BuildCard:
    """The group that is open. `desk` has the team's own words."""
    catalog = desk.house.catalog
    rules, keys_in, keys_out = surgery.pinned(draft.condition)
    node = surgery.at(rules, draft.focus)
    place = inside(rules, draft.focus)
    group = surgery.at(rules, place)
    how = join_of(node)
    among = eligibility(rules) if not draft.focus else None
    lines = _lines(rules, place, group, how, catalog)
    if among is not None:
        lines = tuple(line for line in lines if line.key != among.key)
        lines = tuple(replace(line, joiner=line.joiner if index else "") for index, line in enumerate(lines))
    return BuildCard(
        draft.id,
        draft.version,
        tuple(_crumb(surgery.at(rules, path), path) for path in crumbs(draft)),
        how,
        lines[:MOST_LINES],
        catalog.customers.plural,
        phrase(among.condition, catalog) if among is not None else "",
        len(keys_in),
        len(keys_out),
        everyone=isinstance(draft.condition, Everyone),
        changed=draft.request is None or canonical(draft.condition) != canonical(draft.base),
        new=draft.request is None,
        more=max(len(lines) - MOST_LINES, 0),
        inside_any=isinstance(group, AnyOf),
        restatement=phrase(draft.condition, catalog),
    )


def _lines(
    rules: Condition, place: surgery.Path, group: Condition, how: Join | None, catalog: Catalog
) -> tuple[BuildLine, ...]:
    if isinstance(group, Everyone):
        return ()
    if not isinstance(group, AllOf | AnyOf):
        return (_line(rules, place, group, "", False, catalog),)
    word = "and" if isinstance(group, AllOf) else "or"
    nested = len(place) > 0 and how in ("all", "any")
    return tuple(
        _line(rules, (*place, index), part, word if index else "", nested, catalog)
        for index, part in enumerate(group.parts)
    )


def _line(
    rules: Condition, path: surgery.Path, node: Condition, joiner: str, nested: bool, catalog: Catalog
) -> BuildLine:
    inner = node.part if isinstance(node, Not) else node
    key = surgery.key(path, node)
    acts: list[Act] = ["negate", "drop", "beside"]
    if nested:
        acts.append("lift")
    if isinstance(inner, AllOf | AnyOf):
        heading = {"all": "All of", "any": "Any of", "none": "None of", "not_all": "Not all of"}[join_of(node) or "all"]
        return BuildLine(key, heading, joiner, ("open", *acts), tuple(phrase_node(p, catalog) for p in inner.parts))
    within = (phrase_node(inner.meaning, catalog),) if isinstance(inner, Defined) else ()
    return BuildLine(key, phrase_node(node, catalog), joiner, ("edit", *acts), within)


def _crumb(node: Condition, path: surgery.Path) -> str:
    how = join_of(node)
    said = {"all": "All of", "any": "Any of", "none": "None of", "not_all": "Not all of"}.get(how or "", "Everybody")
    return "Segment" if not path else said


def form_card(desk: Desk, draft: Draft, values: Values | None = None, *, fresh: bool = False) -> FormCard:
    """The form that is open, with `values` in it (those of its condition where none are given). `desk` has the team's own words.

    A `fresh` one has the first operator that fits instead of what its condition says.
    """
    pending, catalog = draft.pending, desk.house.catalog
    noun, direct = catalog.customers.plural, draft.mode == "direct"
    if pending is None or (pending.new and isinstance(pending.node, Everyone)):
        words = Input("words", "Or say it in words", "lines", hint="As you would after /segment.", optional=True)
        return FormCard(draft.id, "Add a condition", "", (words,), noun, picking=True, words=True, direct=direct)
    subject = form_subject(desk, draft)
    title = "Add a condition" if pending.new else "Edit condition"
    if subject is None:
        said = phrase(pending.node, catalog)
        given = (values or {}).get("words") or (said,)
        words = Input("words", "In words", "lines", chosen=((given[0], given[0]),), hint="As you would after /segment.")
        return FormCard(draft.id, title, "", (words,), noun, words=True, direct=direct)
    node = pending.node if pending.test is None else pending.test
    if values is None or not values:
        values = build_form.fresh(subject)[1] if fresh else build_form.values_of(subject, node)
    inputs = build_form.inputs(subject, node, values)
    if subject.field is not None:
        about = subject.field.description
        if pending.test is not None:
            title = "Only those where"
        return FormCard(draft.id, title, about, inputs, noun, direct=direct)
    assert subject.event is not None
    inner = node.part if isinstance(node, Not) else node
    filters = (
        tuple(build_form.filter_words(subject, test) for test in inner.rows.filters) if isinstance(inner, Did) else ()
    )
    has_more = subject.event.key if subject.event.properties else ""
    return FormCard(draft.id, title, subject.event.description, inputs, noun, filters, has_more, direct=direct)


# --- sizes --------------------------------------------------------------------------------------


def tree_of(desk: Desk, draft: Draft, values: Values | None = None) -> Condition | FormProblem:
    """The whole tree as it would be with an open form's condition, or what is still missing in the form."""
    if draft.pending is None:
        return draft.condition
    found = read_form(desk, draft, values or {}) if values else draft.pending.node
    if isinstance(found, FormProblem):
        return found
    if draft.pending.new and found == Everyone():
        return draft.condition
    if draft.pending.new and not values and isinstance(found, Has):
        return FormProblem("", "")  # nothing was chosen yet
    if draft.pending.test is not None:
        return FormProblem("", "")
    rules, keys_in, keys_out = surgery.pinned(draft.condition)
    try:
        new = placed(rules, replace(draft.pending, node=found))
    except surgery.NoSuchPlace:
        return draft.condition
    return surgery.with_pinned(new, keys_in, keys_out)


async def guess(desk: Desk, tree: Condition) -> Size | None:
    """The estimated size of a tree, None where there is none. Never raises an error of segbot's own."""
    if desk.samples is None:
        return None
    try:
        (found,) = await estimates(desk.samples, desk.house, [tree])
    except SegbotError:
        return None
    return None if found is None else Size(found)


async def exact(desk: Desk, actor: Actor, tree: Condition) -> Size:
    """The exact size of a tree, or why there is none."""
    try:
        with on_behalf_of(Errand(actor.team, actor.user, "", desk.settings.cost_limit)):
            (found,) = await sizes(desk.house, desk.warehouse, [tree], desk.house.moment(desk.clock()))
    except SegbotError as error:
        return Size(note=failure.notice(error, "").notice.text)
    return Size(found)
