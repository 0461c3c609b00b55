"""A bottom-up chart of named, typed rules: every phrase of the sentence that means something, found once.

Rules are patterns over categories; a rule's function computes the meaning from its parts' meanings or refuses with None.
Patterns share their beginnings in a tree, so the work grows with what the sentence holds, not with the number of rules.
Between the parts of a pattern, glue words (articles, auxiliaries) may stand; they are accounted for as part of the phrase.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Item:
    """A phrase: category, meaning, tokens [i, j), cost (lower is likelier) and the rule that made it."""

    cat: str
    sem: Any
    i: int
    j: int
    cost: float
    rule: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, the category it makes, its pattern and the function from meanings to meaning."""

    name: str
    makes: str
    pattern: tuple[str, ...]
    produce: Callable[..., Any]
    slots: tuple[int | None, ...]
    cost: float


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)


class Context(Protocol):
    """What rule functions may ask: opaque to the chart."""


class Grammar:
    """A collection of rules. Pattern words in capitals are categories, others literal words; `a|b` is either, `x?` optional.

    The function gets the context and one meaning for each category of the pattern (None for an optional one that is
    absent); literal words are not passed.
    """

    def __init__(self) -> None:
        self.root = _Node()
        self.rules: list[Rule] = []
        self.words: set[str] = set()
        self.examples: dict[str, tuple[str, ...]] = {}

    def rule(
        self, makes: str, *patterns: str, name: str = "", cost: float = 0.0, examples: Sequence[str] = ()
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a function under some patterns."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            title = name or function.__name__.strip("_")
            self.examples[title] = tuple(examples)
            for pattern in patterns:
                self._add(title, makes, pattern, function, cost)
            return function

        return register

    def _add(self, name: str, makes: str, pattern: str, function: Callable[..., Any], cost: float) -> None:
        options: list[list[tuple[str, int] | None]] = []
        slot = 0
        for part in pattern.split():
            optional = part.endswith("?")
            names = part.removesuffix("?").split("|")
            index = -1
            if any(n.isupper() for n in names):
                index, slot = slot, slot + 1
            choices: list[tuple[str, int] | None] = [(n if n.isupper() else f"w:{n}", index) for n in names]
            self.words.update(n for n in names if not n.isupper())
            options.append([*choices, None] if optional else choices)
        self.__dict__.pop("openings", None)
        for picked in product(*options):
            parts = [p for p in picked if p is not None]
            slots: list[int | None] = [None] * slot
            for position, (_, index) in enumerate(parts):
                if index >= 0:
                    slots[index] = position
            rule = Rule(name, makes, tuple(cat for cat, _ in parts), function, tuple(slots), cost)
            self.rules.append(rule)
            node = self.root
            for cat in rule.pattern:
                node = node.children.setdefault(cat, _Node())
            node.rules.append(rule)

    @cached_property
    def openings(self) -> dict[str, frozenset[str]]:
        """For each category, all that a phrase beginning with it may be: itself, and what rules make of it."""
        makes: dict[str, set[str]] = {}
        for rule in self.rules:
            makes.setdefault(rule.pattern[0], set()).add(rule.makes)
        found: dict[str, frozenset[str]] = {}
        for cat in makes:
            reached, waiting = {cat}, [cat]
            while waiting:
                fresh = makes.get(waiting.pop(), set()) - reached
                reached |= fresh
                waiting += fresh
            found[cat] = frozenset(reached)
        return found


@dataclass(slots=True)
class Chart:
    """All phrases found. `exhausted` says that the limit was reached, so that some may be missing: a count, not a clock, so
    that the same words always give the same reading."""

    items: list[Item]
    exhausted: bool = False


MAX_ITEMS = 12_000
MAX_PER_SPAN = 12
_Waiting = defaultdict[str, list[tuple[_Node, int, tuple[Item, ...], float]]]


def parse(
    grammar: Grammar,
    context: Context,
    lexical: Iterable[Item],
    glue: Sequence[bool],
) -> Chart:
    """Find every phrase over the lexical items. `glue[k]` says that token k may be skipped inside a phrase.

    A pattern waits only for what can begin at a place, as the lexical items there tell.
    """
    length = len(glue)
    ending: list[list[Item]] = [[] for _ in range(length + 1)]
    possible: list[set[str]] = [set() for _ in range(length + 1)]
    for item in lexical:
        ending[item.j].append(item)
        if item.cat not in possible[item.i]:
            possible[item.i] |= grammar.openings.get(item.cat, {item.cat})
    waiting: list[_Waiting] = [defaultdict(list) for _ in range(length + 1)]
    resume = _resume_points(glue)
    best: dict[tuple[str, Any, int, int], float] = {}
    spans: dict[tuple[str, int, int], int] = {}
    chart = Chart([])
    root = grammar.root
    for end in range(1, length + 1):
        agenda = ending[end]
        agenda.sort(key=lambda item: -item.cost)
        while agenda:
            item = agenda.pop()
            key = (item.cat, item.sem, item.i, item.j)
            if key in best and best[key] <= item.cost:
                continue
            span = (item.cat, item.i, item.j)
            if spans.get(span, 0) >= MAX_PER_SPAN:
                continue
            spans[span] = spans.get(span, 0) + 1
            best[key] = item.cost
            chart.items.append(item)
            if len(chart.items) >= MAX_ITEMS:
                chart.exhausted = True
                return chart
            advanced = [
                (node, start, (*kids, item), cost + item.cost)
                for node, start, kids, cost in waiting[item.i].get(item.cat, ())
            ]
            first = root.children.get(item.cat)
            if first is not None:
                advanced.append((first, item.i, (item,), item.cost))
            for node, start, kids, cost in advanced:
                for rule in node.rules:
                    sem = rule.produce(context, *[None if s is None else kids[s].sem for s in rule.slots])
                    if sem is not None:
                        agenda.append(Item(rule.makes, sem, start, end, cost + rule.cost, rule.name))
                if node.children:
                    for point in resume[end]:
                        table, can = waiting[point], possible[point]
                        for cat, child in node.children.items():
                            if cat in can:
                                table[cat].append((child, start, kids, cost + 0.02 * (point - end)))
    return chart


def _resume_points(glue: Sequence[bool]) -> list[tuple[int, ...]]:
    """For each position, where a phrase may go on after it: there, and behind the glue words that follow."""
    points: list[tuple[int, ...]] = []
    for start in range(len(glue) + 1):
        reach = [start]
        while reach[-1] < len(glue) and glue[reach[-1]] and len(reach) < 4:
            reach.append(reach[-1] + 1)
        points.append(tuple(reach))
    return points
