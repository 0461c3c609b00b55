"""What is shown of a snapshot: what it is made up of, and what became of it since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from segbot.model.cards import WindowLine
from segbot.model.segment import Counted


@dataclass(frozen=True, slots=True)
class Slice:
    """One value of an attribute: its share from 0 to 1 of the segment's people and of everybody who is counted."""

    label: str
    part: float
    whole: float


@dataclass(frozen=True, slots=True)
class Makeup:
    """How one attribute is spread. `distance` is how differently from everybody, from 0 (alike) to 1."""

    attribute: str
    slices: tuple[Slice, ...]
    distance: float


Meaning: TypeAlias = Literal["same", "beside", "changed"]
"""Whether a definition still means the same: yes; yes, though the catalog was changed elsewhere; no."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A stretch of time that moves with the clock: what it was then and what it is now."""

    then: WindowLine
    now: WindowLine


@dataclass(frozen=True, slots=True)
class SinceCard:
    """A snapshot beside today. `came` and `went` are None where its people are not kept; then only the sizes can be compared.

    `as_then` is how many there are today with the dates of then, None where no date moves. `gone` are those of the people
    who went that are no customers any more, or are not counted any more.
    """

    name: str
    title: str
    then: Counted
    now: Counted
    noun: str
    timezone: str
    meaning: Meaning
    came: int | None = None
    went: int | None = None
    gone: int = 0
    moved: tuple[Moved, ...] = ()
    as_then: Counted | None = None
