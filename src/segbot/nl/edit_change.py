"""What a rule of an edit gives: the new tree, and what was assumed or is open about it, each alternative a whole tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from segbot.model.condition import Condition, canonical

EditKind: TypeAlias = Literal[
    "narrow", "widen", "replace", "drop", "negate", "swap", "undo", "redo", "choice", "ask", "what_if"
]


@dataclass(frozen=True, slots=True)
class Assumed:
    """Something decided for the person: its code and text, and the whole trees of the other meanings."""

    code: str
    text: str
    others: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A new tree. With `choices` the person must choose between whole trees; the first is the likeliest and is `condition`."""

    kind: EditKind
    condition: Condition
    assumed: tuple[Assumed, ...] = ()
    question: str = ""
    choices: tuple[Condition, ...] = ()


def choose(kind: EditKind, question: str, trees: Sequence[Condition]) -> Change:
    """A change with several honest readings, likeliest first; those that mean the same are one."""
    different: dict[Condition, Condition] = {}
    for tree in trees:
        different.setdefault(canonical(tree), tree)
    kept = tuple(different.values())[:4]
    return Change(kind, kept[0], (), question, kept) if len(kept) > 1 else Change(kind, kept[0])


def then(change: Change, step: Callable[[Condition], Change]) -> Change:
    """A change followed by another on each of its trees."""
    after = step(change.condition)
    carried = tuple(
        replace(assumed, others=tuple(step(tree).condition for tree in assumed.others)) for assumed in change.assumed
    )
    kind = after.kind if after.condition != change.condition else change.kind
    if change.choices:
        choices = tuple(step(tree).condition for tree in change.choices)
        return Change(kind, choices[0], (*carried, *after.assumed), change.question, choices)
    return replace(after, kind=kind, assumed=(*carried, *after.assumed))
