"""Words of a restatement that stand for values: numbers, names, lists, and the tests of one field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import Any, TypeAlias, TypeVar

from segbot.model.catalog import Catalog, Field
from segbot.model.condition import (
    Condition,
    Not,
    Value,
    walk,
)
from segbot.model.operators import MOST_ENTRIES, Kind, Operator
from segbot.model.windows import Window
from segbot.nl.names import Names, names_of, prefixes
from segbot.nl.phrase import CURRENCY_SIGNS
from segbot.nl.restated_times import windows
from segbot.nl.text import fold, plain

T = TypeVar("T")
Found: TypeAlias = Iterator[tuple[T, int]]
Terms: TypeAlias = Mapping[str, tuple[str, Condition]]


_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
BOUNDS = (
    ("more than ", Operator.GT),
    ("fewer than ", Operator.LT),
    ("over ", Operator.GT),
    ("at least ", Operator.GE),
    ("under ", Operator.LT),
    ("at most ", Operator.LE),
    ("exactly ", Operator.IS),
)
_TEXT_TESTS = (
    (" contains ", Operator.CONTAINS, False),
    (" does not contain ", Operator.CONTAINS, True),
    (" starts with ", Operator.STARTS_WITH, False),
    (" does not start with ", Operator.STARTS_WITH, True),
    (" ends with ", Operator.ENDS_WITH, False),
    (" does not end with ", Operator.ENDS_WITH, True),
    (" matches ", Operator.MATCHES, False),
    (" does not match ", Operator.MATCHES, True),
)


MAX_STEPS = 12_000


class TooMuchError(Exception):
    """Too many ways to read a text: it is no restatement."""


class Source:
    """A text in plain lower case with single spaces, and the way back to its characters."""

    def __init__(self, text: str) -> None:
        self.original = text
        letters: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        folded = plain(text)
        for letter, start, end in zip(folded.text, folded.starts, folded.ends, strict=True):
            low = letter.lower() if len(letter.lower()) == 1 else letter
            if low.isspace():
                if not letters or letters[-1] == " ":
                    continue
                low = " "
            letters.append(low)
            self.starts.append(start)
            self.ends.append(end)
        while letters and letters[-1] in " .":
            letters.pop()
        self.text = "".join(letters)

    def slice(self, start: int, end: int) -> str:
        """The original characters."""
        return unescape(self.original[self.starts[start] : self.ends[end - 1]]) if end > start else ""


@dataclass(frozen=True, slots=True)
class Said:
    """Which characters [start, end) of the request became a condition."""

    start: int
    end: int
    node: Condition


class ValueParser:
    """The small steps of a parser that tries all ways: each yields what it read and the place after it."""

    def __init__(self, source: Source, catalog: Catalog, terms: Terms) -> None:
        self.source, self.text, self.catalog, self.terms = source, source.text, catalog, terms
        self.names: Names = names_of(catalog)
        self.steps = 0
        self.spans: dict[int, tuple[int, int]] = {}
        self.alive: list[Condition] = []
        self.people = fold(catalog.customers.plural)

    def step(self) -> None:
        """Count one more attempt; raises `TooMuchError` when no restatement could need as many."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooMuchError

    # --- what was said where

    def note(self, node: Condition, start: int, end: int) -> Condition:
        self.alive.append(node)  # keeps the node alive, so that its identity stays its own
        self.spans[id(node)] = (start, end)
        return node

    def said(self, tree: Condition) -> Iterator[Said]:
        for node in walk(tree):
            if id(node) in self.spans:
                start, end = self.spans[id(node)]
                yield Said(self.source.starts[start], self.source.ends[end - 1], node)

    # --- small steps

    def lit(self, at: int, word: str) -> int:
        """The place after a word, or -1."""
        return at + len(word) if at >= 0 and self.text.startswith(word, at) else -1

    def choice(self, at: int, words: tuple[tuple[str, T], ...]) -> Found[T]:
        for word, value in words:
            if (end := self.lit(at, word)) >= 0:
                yield value, end

    def listed(self, at: int, one: Callable[[int], Found[T]], word: str) -> Found[tuple[T, ...]]:
        """A, B or C: all ways to read a list."""
        for first, end in one(at):
            yield from self.longer((first,), end, one, word)

    def longer(self, have: tuple[T, ...], at: int, one: Callable[[int], Found[T]], word: str) -> Found[tuple[T, ...]]:
        if (next_ := self.lit(at, ", ")) >= 0:
            for item, end in one(next_):
                for whole, stop in self.longer((*have, item), end, one, word):
                    if len(whole) > len(have) + 1:
                        yield whole, stop
        if (next_ := self.lit(at, f" {word} ")) >= 0:
            for item, end in one(next_):
                yield (*have, item), end
        if len(have) == 1:
            yield have, at

    def number(self, at: int) -> Found[int | float]:
        if m := _NUMBER.match(self.text, at):
            digits = m[0].replace(",", "")
            yield (float(digits) if set(digits) & set(".e") else int(digits)), m.end()

    def whole(self, at: int) -> Found[int]:
        for value, end in self.number(at):
            if isinstance(value, int):
                yield value, end

    def percent(self, at: int) -> Found[int | float]:
        """A fraction from a percentage: 29% → 0.29."""
        for _, end in self.number(at):
            if (stop := self.lit(end, "%")) >= 0:
                exact = Decimal(self.text[at:end].replace(",", "")) / 100
                yield (int(exact) if exact == exact.to_integral_value() else float(exact)), stop

    def when(self, at: int) -> Found[Window | None]:
        """The window after a space, if there is one."""
        if (start := self.lit(at, " ")) >= 0:
            yield from windows(self.text, start, self.catalog)
        if (start := self.lit(at, ", ")) >= 0:
            yield from (
                (w, end) for w, end in windows(self.text, start, self.catalog) if w.start is None and w.end is None
            )
        yield None, at

    def name(self, at: int, table: Mapping[str, T]) -> Found[T]:
        """A name from a table, the longest first."""
        self.step()
        for end in prefixes(self.text, at):
            found = table.get(self.text[at:end])
            if found is not None:
                yield found, end

    # --- tests of a field

    def test(
        self, at: int, owner: str | None, field: Field
    ) -> Iterator[tuple[Operator, tuple[Value, ...], Window | None, bool, int]]:
        """What comes after a field's name: is not over 30."""
        if (start := self.lit(at, " is neither ")) >= 0:
            for values, end in self.values(start, owner, field, "nor"):
                if len(values) > 1:
                    yield Operator.IS, values, None, True, end
        for negated, word in ((True, " is not "), (False, " is ")):
            if (start := self.lit(at, word)) < 0:
                continue
            if (end := self.lit(start, "known")) >= 0:
                yield Operator.IS_SET, (), None, negated, end
            for op, after in self.choice(start, BOUNDS[2:6]):
                for value, end in self.value(after, owner, field):
                    yield op, (value,), None, negated, end
            if (after := self.lit(start, "between ")) >= 0:
                for pair, end in self.listed(after, lambda i: self.value(i, owner, field), "and"):
                    if len(pair) == 2 and ordered(pair):
                        yield Operator.BETWEEN, pair, None, negated, end
            if (after := self.lit(start, "at ")) >= 0:
                for domains, end in self.listed(after, self.word, "or"):
                    yield Operator.DOMAIN, domains, None, negated, end
            if field.kind in (Kind.DATE, Kind.TIME):
                for window, end in windows(self.text, start, self.catalog):
                    yield Operator.WITHIN, (), window, negated, end
            for values, end in self.values(start, owner, field, "or"):
                yield Operator.IS, values, None, negated, end
        for word, op, negated in _TEXT_TESTS:
            if (start := self.lit(at, word)) >= 0:
                for values, end in self.listed(start, self.quote, "or"):
                    yield op, values, None, negated, end
        for word, negated in ((" has country code ", False), (" does not have country code ", True)):
            if (start := self.lit(at, word)) >= 0:
                for values, end in self.listed(start, self.code, "or"):
                    yield Operator.COUNTRY_CODE, values, None, negated, end
        if (start := self.lit(at, " anniversary")) >= 0:
            yield from self.anniversary(start)
        else:
            yield from self.anniversary(at)
        for word, negated in ((" include ", False), (" do not include ", True)):
            if (start := self.lit(at, word)) >= 0:
                if (after := self.lit(start, "all of ")) >= 0:
                    for values, end in self.values(after, owner, field, "and"):
                        yield Operator.HAS_ALL, values, None, negated, end
                for values, end in self.values(start, owner, field, "or"):
                    yield Operator.HAS_ANY, values, None, negated, end
        for word, negated in ((" have ", False), (" do not have ", True)):
            if (start := self.lit(at, word)) >= 0:
                for said, open_end in (("at least ", True), ("exactly ", False)):
                    for many, after in self.number(self.lit(start, said)) if self.lit(start, said) >= 0 else ():
                        if (end := self.lit(after, " entries")) >= 0:
                            yield Operator.LENGTH, (many, MOST_ENTRIES if open_end else many), None, negated, end
                for low, middle in self.number(start):
                    for high, after in self.number(self.lit(middle, " to ")) if self.lit(middle, " to ") >= 0 else ():
                        if (end := self.lit(after, " entries")) >= 0 and low <= high:
                            yield Operator.LENGTH, (low, high), None, negated, end

    def anniversary(self, at: int) -> Iterator[tuple[Operator, tuple[Value, ...], Window | None, bool, int]]:
        for word, negated in ((" falls not ", True), (" falls ", False)):
            if (start := self.lit(at, word)) >= 0:
                for window, end in windows(self.text, start, self.catalog):
                    yield Operator.ANNIVERSARY, (), window, negated, end

    def values(self, at: int, owner: str | None, field: Field, word: str) -> Found[tuple[Value, ...]]:
        yield from self.listed(at, lambda start: self.value(start, owner, field), word)

    def value(self, at: int, owner: str | None, field: Field) -> Found[Value]:
        yield from self.name(at, self.names.values_of(owner, field))
        yield from self.quote(at)
        for said, boolean in (("yes", True), ("no", False)):
            if (end := self.lit(at, said)) >= 0:
                yield boolean, end
        yield from self.amount(at, field)

    def amount(self, at: int, field: Field) -> Found[Value]:
        """A number with the sign or unit of its field."""
        sign = fold(CURRENCY_SIGNS.get(self.catalog.currency, ""))
        if field.kind is Kind.MONEY and sign:
            negative = self.lit(at, "-")
            if (start := self.lit(negative if negative >= 0 else at, sign)) >= 0:
                for value, end in self.number(start):
                    yield (-value if negative >= 0 else value), end
            return
        unit = f" {self.catalog.currency}" if field.kind is Kind.MONEY else f" {field.unit}" if field.unit else ""
        for value, end in self.number(at):
            if (stop := self.lit(end, fold(unit))) >= 0:
                yield value, stop
            yield value, end

    def quote(self, at: int) -> Found[Value]:
        if m := _QUOTED.match(self.text, at):
            yield self.source.slice(m.start(1), m.end(1)).replace('""', '"'), m.end()

    def word(self, at: int) -> Found[Value]:
        """A word as it was typed: example.com."""
        if m := re.compile(r"[^\s,()]+").match(self.text, at):
            yield self.source.slice(at, m.end()), m.end()

    def code(self, at: int) -> Found[Value]:
        if m := re.compile(r"\+(\d{1,6})").match(self.text, at):
            yield m[1], m.end()


def maybe(node: Condition, negated: bool) -> Condition:
    return Not(node) if negated else node


def ordered(pair: tuple[Any, ...]) -> bool:
    low, high = pair
    return not isinstance(low, str | bool) and not isinstance(high, str | bool) and low <= high
