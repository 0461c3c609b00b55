"""The prompts: Jinja2 templates over a slice of the catalog, the reader's hints and the request as delimited data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from segbot.model.catalog import Catalog
from segbot.model.condition import AllOf, AnyOf, Condition, Not
from segbot.model.reading import Reading
from segbot.nl.phrase import phrase_node
from segbot.nl.propose.ladder import Rejected, candidates
from segbot.nl.propose.parity import mentions
from segbot.nl.propose.slice import Slice, masked, speakable
from segbot.resources import shipped

MAX_NAMED_DAYS = 60
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent to a model to begin with."""

    system: str
    user: str


def first_prompt(catalog: Catalog, slice_: Slice, reading: Reading, today: date) -> Prompt:
    """The opening: the rules, the slice of the catalog, the reader's hints, and the request as data.

    `today` is the date in the workspace's zone.
    """
    templates = _templates()
    rules = catalog.calendar
    system = templates.get_template("system.j2").render()
    user = templates.get_template("user.j2").render(
        slice=slice_,
        noun=catalog.customers.plural,
        currency=catalog.currency,
        today=today.isoformat(),
        weekday=DAYS[today.weekday()],
        week_start=DAYS[rules.week_start],
        fiscal_month=rules.fiscal_year_start,
        date_order=catalog.date_order or "not set: a date like 3/4 is ambiguous",
        named=rules.named[:MAX_NAMED_DAYS],
        understood=_understood(reading, catalog),
        unread=tuple(masked(reading.text)[u.start : u.end] for u in reading.unread),
        request=masked(reading.text),
    )
    return Prompt(system, user)


def repair_prompt(rejected: Rejected, left: int) -> str:
    """The message after an answer that fell: its errors verbatim. `left` is how many tries remain."""
    return _templates().get_template("repair.j2").render(errors=rejected.errors, left=left)


def _understood(reading: Reading, catalog: Catalog) -> tuple[str, ...]:
    """What the reader made of it, one line a condition; conditions on private fields are not told."""
    lines: dict[str, None] = {}
    for tree in candidates(reading):
        for leaf in _leaves(tree):
            if not _private(leaf, catalog):
                lines[phrase_node(leaf, catalog)] = None
    return tuple(masked(line) for line in list(lines)[:12])


def _leaves(node: Condition) -> Iterable[Condition]:
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part=AllOf() | AnyOf() as part):
            yield from _leaves(part)
        case _:
            yield node


def _private(leaf: Condition, catalog: Catalog) -> bool:
    inner = leaf.part if isinstance(leaf, Not) else leaf
    for owner, key in mentions(inner).fields:
        event = catalog.event(owner) if owner else None
        field = (event.property(key) if event else None) if owner else catalog.attribute(key)
        if field is None or not speakable(field):
            return True
    return False


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(  # noqa: S701 - prompts are text for a model, not HTML
        loader=FileSystemLoader(shipped("prompts")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters["json"] = _json
    return environment


def _json(value: object) -> str:
    """A value as JSON on one line, so that no text of a catalog or a request can end its own delimiters."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
