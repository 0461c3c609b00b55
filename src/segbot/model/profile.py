"""One customer as people who may look at single customers see them. Contact data in here is masked already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One condition of a segment and whether the customer meets it.

    `value` says why: what the attribute is, how many of the events there are and when the last one was. `level` and
    `joiner` are as on the segment's card.
    """

    level: int
    text: str
    holds: bool
    joiner: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One thing the customer did: when (an aware instant; with `day_only` only the day is known), what, and its details."""

    at: datetime
    what: str
    details: tuple[tuple[str, str], ...] = ()
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """A customer seen from a segment: are they in it, rule by rule, what is known of them, what they did last.

    `inside` is False too where they are not among those that are counted at all (`counted` is False then). `untold` are
    the events that could not be read.
    """

    request: str
    segment: str
    name: str
    key: str
    noun: str
    inside: bool
    counted: bool
    base_label: str
    rules: tuple[RuleLine, ...]
    attributes: tuple[tuple[str, str], ...]
    timeline: tuple[TimelineLine, ...]
    timezone: str
    untold: tuple[str, ...] = ()
