"""The eligibility window of a whole segment: "among people who bought or visited since March", apart from the conditions.

In the tree it is one part of the whole: any of some events, all in one window.
"""

from __future__ import annotations

from dataclasses import dataclass

from segbot.flows.build_windows import window_from, window_inputs, window_values
from segbot.flows.form import FormProblem, Input, Values
from segbot.model import surgery
from segbot.model.catalog import Catalog
from segbot.model.condition import ONCE, AllOf, AnyOf, Condition, Did, Everyone, Rows, all_of, any_of
from segbot.model.windows import Window


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The part of a tree that is its eligibility window: the events that count, the window, and the key of its place."""

    condition: Condition
    events: tuple[str, ...]
    window: Window
    key: int


def eligibility(rules: Condition) -> Eligibility | None:
    """The eligibility window of a tree, None where it has none: it comes before all conditions."""
    for index, part in [(0, rules.parts[0])] if isinstance(rules, AllOf) else [(None, rules)]:
        if not isinstance(part, AnyOf) or not all(_plain(one) for one in part.parts):
            continue
        dids = [one for one in part.parts if isinstance(one, Did)]
        windows = {did.rows.window for did in dids}
        (window,) = windows if len(windows) == 1 else (None,)
        if window is not None:
            path = () if index is None else (index,)
            return Eligibility(part, tuple(did.rows.event for did in dids), window, surgery.key(path, part))
    return None


def _plain(node: Condition) -> bool:
    return isinstance(node, Did) and node == Did(Rows(node.rows.event, (), node.rows.window), comparison=ONCE)


def with_eligibility(rules: Condition, events: tuple[str, ...], window: Window | None) -> Condition:
    """The rules among people who did any of some events in a window; without either, among all."""
    now = eligibility(rules)
    rest = rules
    if now is not None:
        rest = all_of(p for p in rules.parts if p != now.condition) if isinstance(rules, AllOf) else Everyone()
    if not events or window is None:
        return rest
    among = any_of(Did(Rows(event, (), window)) for event in dict.fromkeys(events))
    return all_of((among, rest))


def eligible_inputs(rules: Condition, catalog: Catalog, values: Values | None) -> tuple[Input, ...]:
    """The form: which events count as being active, and when."""
    now = eligibility(rules)
    begun: dict[str, tuple[str, ...]] = {"events": (), "when": ("ever",)}
    if now is not None:
        begun = {"events": now.events, **window_values(now.window)}
    given = begun | dict(values or {})
    timed = tuple((event.label[:75], event.key) for event in catalog.events if event.time is not None)
    chosen = tuple(option for option in timed if option[1] in given["events"])
    hint = "People who did any of these in that time. Nothing chosen: no window."
    events = Input("events", "Active means", "search", timed[:100], chosen, hint, optional=True)
    window = window_inputs(given, now.window if now is not None else None, catalog, ever=True, future=False)
    return (events, *window)


def eligible_from(rules: Condition, values: Values) -> Condition | FormProblem:
    """The rules with the eligibility window that the form says, or what to mend."""
    now = eligibility(rules)
    window = window_from(values, now.window if now is not None else None)
    if isinstance(window, FormProblem):
        return window
    events = values.get("events", ())
    if window is not None and not events:
        return FormProblem("events", "Please choose what counts as being active.")
    if events and window is None:
        return FormProblem("when", "Please choose a time, or take the events away.")
    return with_eligibility(rules, events, window)
