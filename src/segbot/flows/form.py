"""A form as data: its inputs with what stands in them, and what a person entered. Views draw it, flows read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Values: TypeAlias = Mapping[str, tuple[str, ...]]
"""What stands in a form's inputs, by name: the values of chosen options, or the text; nothing entered is an empty tuple."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a form.

    `options` are (label, value), `chosen` those that are picked or, of a typed input, one with the text as both. `live` inputs
    tell the app of a change at once. A `search` offers its options as one types.
    """

    name: str
    label: str
    kind: Literal["pick", "search", "text", "lines", "number", "date"]
    options: tuple[tuple[str, str], ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    live: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class FormProblem:
    """What to mend in a form: the input and what is wrong with it."""

    field: str
    text: str


def pick(name: str, label: str, options: tuple[tuple[str, str], ...], now: str, hint: str = "") -> Input:
    """A choice among options; the first is taken where nothing that is offered was chosen."""
    chosen = next((option for option in options if option[1] == now), options[0])
    return Input(name, label, "pick", options, (chosen,), hint, live=True)


def typed(
    name: str,
    label: str,
    kind: Literal["text", "lines", "number", "date"],
    values: Values,
    hint: str = "",
    *,
    optional: bool = False,
) -> Input:
    """An input that one types into, with what stands in it."""
    now = first(values, name)
    live = kind in ("number", "date")
    return Input(name, label, kind, (), ((now, now),) if now else (), hint, live=live, optional=optional)


def first(values: Values, name: str) -> str:
    """The one value of an input; empty where nothing was entered."""
    found = values.get(name, ())
    return found[0].strip() if found else ""


def number(values: Values, name: str) -> int | float | FormProblem:
    """The number in an input: 1,000 and $1000 are 1000."""
    text = first(values, name).replace(",", "").strip(" $€£%")
    if not text:
        return FormProblem(name, "Please enter a number.")
    try:
        found = float(text)
    except ValueError:
        return FormProblem(name, "That is not a number.")
    if found != found or abs(found) > 1e15:
        return FormProblem(name, "That is not a number I can compare with.")
    return int(found) if found.is_integer() else found
