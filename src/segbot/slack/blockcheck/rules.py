"""The small rules every block and element is described with.

A rule is a function `(run, pointer, value)` that reports what is wrong into the run and returns nothing, so
that one check finds every problem at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from segbot.slack.blockcheck.limits import LIMITS, Surface


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for a refusal: where (JSON pointer), which kind of rule, and the rule in words."""

    pointer: str
    code: str
    message: str

    def as_slack(self) -> str:
        """The line Slack puts into `response_metadata.messages`."""
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


@dataclass(slots=True)
class Run:
    """What is gathered during one check."""

    surface: Surface
    problems: list[Problem] = field(default_factory=list)
    block_ids: dict[str, str] = field(default_factory=dict)
    focused: str | None = None
    markdown_chars: int = 0
    total_chars: int = 0

    def report(self, pointer: str, code: str, message: str) -> None:
        self.problems.append(Problem(pointer, code, message))


Rule = Callable[[Run, str, object], None]


# ---- rules for plain values ------------------------------------------------------------------------------


def string_of(high: int | None = None, low: int = 1, pattern: str | None = None) -> Rule:
    def rule(run: Run, at: str, value: object) -> None:
        if not isinstance(value, str):
            run.report(at, "wrong_type", "must be a string")
        elif len(value) < low:
            run.report(at, "too_short", f"must be more than {low - 1} characters")
        elif high is not None and len(value) > high:
            run.report(at, "too_long", f"must be less than {high + 1} characters")
        elif pattern is not None and re.fullmatch(pattern, value) is None:
            run.report(at, "format", f"does not match the format {pattern}")

    return rule


def number(low: float | None = None, high: float | None = None, whole: bool = True) -> Rule:
    def rule(run: Run, at: str, value: object) -> None:
        kinds: tuple[type, ...] = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            run.report(at, "wrong_type", "must be an integer" if whole else "must be a number")
            return
        assert isinstance(value, int | float)
        if (low is not None and value < low) or (high is not None and value > high):
            run.report(at, "out_of_range", f"must be between {low} and {high}")

    return rule


def boolean(run: Run, at: str, value: object) -> None:
    if not isinstance(value, bool):
        run.report(at, "wrong_type", "must be a boolean")


def anything(run: Run, at: str, value: object) -> None:
    """Shapes Slack documents only as opaque objects."""


def choice(*allowed: object) -> Rule:
    def rule(run: Run, at: str, value: object) -> None:
        if value not in allowed:
            run.report(at, "not_allowed", f"must be one of {', '.join(str(a) for a in allowed)}")

    return rule


def array(item: Rule, high: int | None = None, low: int = 1) -> Rule:
    def rule(run: Run, at: str, value: object) -> None:
        if not isinstance(value, list | tuple):
            run.report(at, "wrong_type", "must be an array")
            return
        if len(value) < low:
            run.report(at, "too_few", f"must be more than {low - 1} items")
        if high is not None and len(value) > high:
            run.report(at, "too_many", f"no more than {high} items allowed")
        for index, entry in enumerate(value):
            item(run, f"{at}/{index}", entry)

    return rule


Extra = Callable[[Run, str, Mapping[str, object]], None]


def record(fields: Mapping[str, Rule], required: Iterable[str] = (), extra: Extra | None = None) -> Rule:
    """An object with these properties and no others; `extra` checks what concerns several of them."""
    must = tuple(required)

    def rule(run: Run, at: str, value: object) -> None:
        if not isinstance(value, Mapping):
            run.report(at, "wrong_type", "must be an object")
            return
        for name in must:
            if value.get(name) is None:
                run.report(f"{at}/{name}", "missing", f"missing required field: {name}")
        for name, inner in value.items():
            check = fields.get(name)
            if check is None:
                run.report(f"{at}/{name}", "unknown_property", f"unsupported property: {name}")
            elif inner is not None:
                check(run, f"{at}/{name}", inner)
        if extra is not None:
            extra(run, at, value)

    return rule


def one_of_types(table: Mapping[str, Rule], allowed: Iterable[str], what: str) -> Rule:
    """An object whose `type` chooses its rule, out of those allowed in this place."""
    names = frozenset(allowed)

    def rule(run: Run, at: str, value: object) -> None:
        if not isinstance(value, Mapping):
            run.report(at, "wrong_type", "must be an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in table:
            run.report(f"{at}/type", "unknown_type", f"unsupported type: {kind}")
        elif kind not in names:
            run.report(f"{at}/type", "not_allowed_here", f"{kind} is not allowed in {what}")
        else:
            table[kind](run, at, value)

    return rule


# ---- composition objects ---------------------------------------------------------------------------------


def text_object(kinds: tuple[str, ...], high: int, low: int = 1) -> Rule:
    """A text object; its characters count towards the size of the whole message."""
    properties = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}
    body = string_of(high, low)

    def rule(run: Run, at: str, value: object) -> None:
        if not isinstance(value, Mapping):
            run.report(at, "wrong_type", "must be a text object")
            return
        kind = value.get("type")
        if kind not in kinds:
            run.report(f"{at}/type", "not_allowed", f"must be {' or '.join(kinds)}")
            return
        for name in value:
            if name not in properties[str(kind)]:
                run.report(f"{at}/{name}", "unknown_property", f"unsupported property: {name}")
        for flag in ("emoji", "verbatim"):
            if value.get(flag) is not None:
                boolean(run, f"{at}/{flag}", value[flag])
        body(run, f"{at}/text", value.get("text"))
        run.total_chars += len(str(value.get("text") or ""))

    return rule


def plain(limit: str) -> Rule:
    return text_object(("plain_text",), LIMITS[limit])


def markup(limit: str) -> Rule:
    return text_object(("plain_text", "mrkdwn"), LIMITS[limit])


def limited(limit: str, low: int = 1) -> Rule:
    return string_of(LIMITS[limit], low)


def counted_text(run: Run, at: str, value: object) -> None:
    """A bare string that people read: it counts towards the size of the whole message."""
    string_of()(run, at, value)
    run.total_chars += len(value) if isinstance(value, str) else 0


def exactly_one(*names: str) -> Extra:
    def extra(run: Run, at: str, value: Mapping[str, object]) -> None:
        if sum(value.get(name) is not None for name in names) != 1:
            run.report(at, "conflict", f"exactly one of {', '.join(names)} is required")

    return extra


def at_least_one(*names: str) -> Extra:
    def extra(run: Run, at: str, value: Mapping[str, object]) -> None:
        if all(value.get(name) is None for name in names):
            run.report(at, "missing", f"at least one of {', '.join(names)} is required")

    return extra


def ordered(low: str, high: str) -> Extra:
    def extra(run: Run, at: str, value: Mapping[str, object]) -> None:
        try:
            first, last = float(str(value[low])), float(str(value[high]))
        except (KeyError, ValueError):
            return  # absent, or reported by its own rule
        if first > last:
            run.report(f"{at}/{low}", "out_of_range", f"{low} must not be greater than {high}")

    return extra


TYPE: Rule = string_of()
ACTION_ID = limited("action_id.max_length")
BLOCK_ID = limited("block_id.max_length")
