"""A team's own examples as a test of the reader: each request with the reading that is wanted, and what came instead.

A case says `answer:`, `clarify:` or `reject:` with the tree wanted, in the notation of `segbot.nl.notation` (null for
none). `choices`, `unread`, `assumes` and `fixes` are compared where they are given; `as_of` is the moment to read at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import yaml

from segbot.errors import ConfigurationError
from segbot.flows.feedback import as_case
from segbot.flows.house import House
from segbot.model.condition import AllOf, Condition
from segbot.model.reading import Outcome, Reading
from segbot.nl.notation import notation

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_DETAILS = ("choices", "unread", "assumes", "fixes")
_KEYS = frozenset({"text", "as_of", "feedback", "round", "note", *_OUTCOMES, *_DETAILS})


class Verdict(StrEnum):
    """How a reading compares with the one that is wanted."""

    RIGHT = "right"
    ASKED = "asked"
    """It asked where it should have known (or asked something else): a click more, no harm."""
    REFUSED = "refused"
    """It reported words as not understood that it should know: no number, no harm."""
    WRONG = "wrong"
    """It answered with other people than those meant, or answered where it should have asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One case of a file: its position there from 1, the words, the outcome and tree wanted, and details if given."""

    number: int
    text: str
    outcome: Outcome
    tree: str | None
    details: Mapping[str, Any]
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A case and what came of it. `differences` are lines for a person: what is missing, what came instead and from which
    words."""

    wanted: Wanted
    verdict: Verdict
    got: Mapping[str, Any]
    differences: tuple[str, ...] = ()


def read_cases(text: str, name: str) -> tuple[Wanted, ...]:
    """The cases of a corpus file. Raises `ConfigurationError` that says which case is wrong, and how."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{name} is no YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(data, list) or not data:
        raise ConfigurationError(f"{name} is no list of cases. Each begins with `- text: ...`.")
    return tuple(_wanted(case, number, name) for number, case in enumerate(data, 1))


def _wanted(case: Any, number: int, name: str) -> Wanted:
    where = f"{name}, case {number}"
    if not isinstance(case, dict) or not isinstance(case.get("text"), str):
        raise ConfigurationError(f"{where}: there is no text.")
    if unknown := sorted(set(map(str, case)) - _KEYS):
        raise ConfigurationError(f"{where}: unknown key {unknown[0]}.")
    said = [key for key in _OUTCOMES if key in case]
    if len(said) != 1:
        raise ConfigurationError(f"{where}: say exactly one of {', '.join(_OUTCOMES)}.")
    tree = case[said[0]]
    if not (tree is None or isinstance(tree, str)):
        raise ConfigurationError(f"{where}: the tree is no text (put it in quotes).")
    as_of = case.get("as_of")
    return Wanted(
        number,
        case["text"],
        _OUTCOMES[said[0]],
        tree,
        {key: case[key] for key in _DETAILS if key in case},
        None if as_of is None else str(as_of),
    )


def judge(house: House, cases: Iterable[Wanted], moment: Callable[[str | None], datetime]) -> tuple[Judged, ...]:
    """Read every case and compare. `moment` turns a case's `as_of` into an instant."""
    return tuple(_judge(wanted, house.read(wanted.text, moment(wanted.as_of))) for wanted in cases)


def tally(judged: Iterable[Judged]) -> dict[Verdict, int]:
    """How many of each."""
    found = Counter(one.verdict for one in judged)
    return {verdict: found[verdict] for verdict in Verdict}


def _judge(wanted: Wanted, reading: Reading) -> Judged:
    got = as_case(reading)
    tree = None if reading.condition is None else notation(reading.condition)
    details = tuple(
        f"{key}: wanted {_said(wanted.details[key])}, got {_said(got.get(key))}"
        for key in _DETAILS
        if key in wanted.details and (wanted.details[key] or None) != got.get(key)
    )
    same_tree = _sorted(tree) == _sorted(wanted.tree)
    verdict = _verdict(
        wanted, reading.outcome, same_tree, same_choices=not any(d.startswith("choices") for d in details)
    )
    lines = list(details)
    if reading.outcome is not wanted.outcome:
        lines.insert(0, f"wanted {wanted.outcome.value}, got {reading.outcome.value}")
    if not same_tree:
        lines += _tree_differences(wanted.tree, reading)
    if reading.outcome is Outcome.REJECT and wanted.outcome is not Outcome.REJECT:
        lines += [f"not understood: {u.text}" for u in reading.unread]
    if reading.outcome is Outcome.CLARIFY and wanted.outcome is not Outcome.CLARIFY:
        lines += [f"asked about: {q.phrase}" for q in reading.questions]
    return Judged(wanted, verdict, got, tuple(dict.fromkeys(lines)))


def _verdict(wanted: Wanted, outcome: Outcome, same_tree: bool, same_choices: bool) -> Verdict:
    """A difference in what is said beside the same answer (assumptions, corrections) is told, but harms nobody."""
    if outcome is wanted.outcome and same_tree and same_choices:
        return Verdict.RIGHT
    match outcome:
        case Outcome.REJECT:
            return Verdict.REFUSED
        case Outcome.CLARIFY:
            return Verdict.ASKED
        case _:
            return Verdict.WRONG


def _tree_differences(wanted: str | None, reading: Reading) -> list[str]:
    """The conditions that are missing and those that came instead, each with the words that it was made from."""
    got = reading.condition
    here = () if got is None else tuple((i, notation(p)) for i, p in enumerate(_parts(got)))
    there = () if wanted is None else split_parts(wanted)
    said = {part for _, part in here}
    lines = [f"missing: {part}" for part in there if _bare(part) not in {_bare(p) for p in said}]
    known = {_bare(part) for part in there}
    for index, part in here:
        if _bare(part) not in known:
            lines.append(f"instead: {part}{_words(reading, index if isinstance(got, AllOf) else None)}")
    return lines or [f"wanted {wanted}, got {None if got is None else notation(got)}"]


def _parts(tree: Condition) -> Sequence[Condition]:
    return tree.parts if isinstance(tree, AllOf) else (tree,)


def _words(reading: Reading, index: int | None) -> str:
    """The words that became a part of the tree."""
    words = [p.text for p in reading.phrases if index is None or p.path[:1] == (index,)]
    return f"  (from “{' … '.join(words)}”)" if words else ""


def _bare(part: str) -> str:
    """A part without brackets around the whole of it."""
    return part[1:-1] if part.startswith("(") and part.endswith(")") else part


def split_parts(tree: str) -> tuple[str, ...]:
    """The parts of a tree in notation that are joined by & at the outermost level."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(tree):
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0 and tree.startswith(" & ", at):
            parts.append(tree[start:at])
            start = at + 3
    parts.append(tree[start:])
    return tuple(parts)


def _sorted(tree: str | None) -> tuple[str, ...] | None:
    """A tree whose outermost conditions may stand in any order."""
    return None if tree is None else tuple(sorted(_bare(part) for part in split_parts(tree)))


def _said(value: Any) -> str:
    return "nothing" if value in (None, [], {}) else str(value)
