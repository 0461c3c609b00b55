"""Restatements read back: the sentences of `segbot.nl.phrase`, and only those, to the very trees they came from.

Every clause of a restatement has its own marker (who, whose, in, not in) and brackets where groups nest, so nothing in it
is open to doubt. The parser tries all ways to read the words and believes one only if that tree, put into words again, is
the same sentence: what it accepts is proven, and everything else is left to the reader of ordinary English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import Any, Literal, TypeAlias, TypeVar

from segbot.model.catalog import Catalog, Event, Field, Role
from segbot.model.condition import (
    COUNT,
    Against,
    AllOf,
    AnyOf,
    Around,
    CameBack,
    Capped,
    Compare,
    Comparison,
    Condition,
    Defined,
    Did,
    Everyone,
    Filter,
    Has,
    Held,
    Measure,
    Measured,
    Member,
    Not,
    Nth,
    Ranked,
    Reachable,
    Regularly,
    Rows,
    Sampled,
    Sequence,
    Share,
    Stopped,
    Value,
    walk,
)
from segbot.model.operators import Kind, Operator
from segbot.model.windows import Unit, Window
from segbot.nl.inflect import plural
from segbot.nl.names import PLACES, Names, Spoken, article, lower, names_of, numbered, prefixes
from segbot.nl.phrase import CURRENCY_SIGNS, phrase
from segbot.nl.restated_times import durations, windows
from segbot.nl.text import fold, plain

T = TypeVar("T")
Found: TypeAlias = Iterator[tuple[T, int]]
Terms: TypeAlias = Mapping[str, tuple[str, Condition]]

MAX_STEPS = 6_000
"""How many clauses may be tried on one text: no restatement needs nearly as many."""


@dataclass(frozen=True, slots=True)
class Said:
    """Which characters [start, end) of the request became a condition."""

    start: int
    end: int
    node: Condition


@dataclass(frozen=True, slots=True)
class Restated:
    """A restatement read back: its tree, and where its conditions were said, outermost first."""

    condition: Condition
    said: tuple[Said, ...]


def read_restatement(text: str, catalog: Catalog, terms: Terms) -> Restated | None:
    """The tree of a restatement, or None for any other text."""
    source = _Source(text)
    parser = _Parser(source, catalog, terms)
    try:
        for tree, end in parser.sentence():
            if end == len(source.text) and any(source.text == w for w in _worded(tree, catalog)):
                return Restated(tree, tuple(parser.said(tree)))
    except _TooMuchError:
        return None
    return None


def _worded(tree: Condition, catalog: Catalog) -> Iterator[str]:
    yield " ".join(fold(phrase(tree, catalog)).split())


class _TooMuchError(Exception):
    """Too many ways to read a text: it is no restatement."""


class _Source:
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


_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_CONJUNCTION: dict[str, type[AllOf] | type[AnyOf]] = {"and": AllOf, "or": AnyOf}
_BOUNDS = (
    ("more than ", Operator.GT),
    ("fewer than ", Operator.LT),
    ("over ", Operator.GT),
    ("at least ", Operator.GE),
    ("under ", Operator.LT),
    ("at most ", Operator.LE),
    ("exactly ", Operator.IS),
)
_VERSUS = (
    ("more than ", Operator.GT),
    ("at least ", Operator.GE),
    ("less than ", Operator.LT),
    ("at most ", Operator.LE),
    ("the same as ", Operator.IS),
)
_FUNCTIONS: tuple[tuple[str, Literal["sum", "average", "minimum", "maximum"]], ...] = (
    ("total ", "sum"),
    ("average ", "average"),
    ("lowest ", "minimum"),
    ("highest ", "maximum"),
)


class _Parser:
    def __init__(self, source: _Source, catalog: Catalog, terms: Terms) -> None:
        self.source, self.text, self.catalog, self.terms = source, source.text, catalog, terms
        self.names: Names = names_of(catalog)
        self.steps = 0
        self.spans: dict[int, tuple[int, int]] = {}
        self.alive: list[Condition] = []
        self.people = fold(catalog.customers.plural)

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
            yield from self._more((first,), end, one, word)

    def _more(self, have: tuple[T, ...], at: int, one: Callable[[int], Found[T]], word: str) -> Found[tuple[T, ...]]:
        if (next_ := self.lit(at, ", ")) >= 0:
            for item, end in one(next_):
                for whole, stop in self._more((*have, item), end, one, word):
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
        yield None, at

    def name(self, at: int, table: Mapping[str, T]) -> Found[T]:
        """A name from a table, the longest first."""
        for end in prefixes(self.text, at):
            found = table.get(self.text[at:end])
            if found is not None:
                yield found, end

    # --- sentences

    def sentence(self) -> Found[Condition]:
        if (at := self.lit(0, f"all {self.people}")) >= 0:
            yield self.note(Everyone(), 0, at), at
            if (start := self.lit(at, " except those ")) >= 0:
                for node, end in self.bare(start):
                    yield self.note(Not(node), 0, end), end
        for node, end in self.capped(0, f" {self.people}", self.bare):
            yield self.note(node, 0, end), end
        for kept, at in self.kept():
            yield self.together(kept, 0, at), at
            if (start := self.lit(at, ", except those ")) >= 0:
                for node, end in self.bare(start):
                    yield self.together((*kept, self.note(Not(node), at, end)), 0, end), end
        for parts, end in self.listed(0, self.alone, "or"):
            if len(parts) > 1:
                yield self.note(AnyOf(parts), 0, end), end

    def kept(self) -> Found[tuple[Condition, ...]]:
        """People, and what all of them did; without a head they may have done any of it."""
        for heads, at in self.head(0):
            if heads:
                yield heads, at
            if (start := self.lit(at, " ")) < 0:
                continue
            for parts, end in self.clauses(start, "and"):
                yield (*heads, *parts), end
            for parts, end in self.clauses(start, "or"):
                if len(parts) > 1:
                    yield (*heads, self.note(AnyOf(parts), start, end)), end

    def alone(self, at: int) -> Found[Condition]:
        """People of one kind among others: women in Texas or men in Ohio."""
        for heads, end in self.head(at):
            if heads:
                yield self.together(heads, at, end), end

    def bare(self, at: int) -> Found[Condition]:
        """A condition at the end of a sentence, where a group needs no brackets."""
        yield from self.clause(at)
        for word, group in _CONJUNCTION.items():
            for parts, end in self.clauses(at, word):
                if len(parts) > 1:
                    yield self.note(group(parts), at, end), end

    def together(self, parts: tuple[Condition, ...], start: int, end: int) -> Condition:
        return parts[0] if len(parts) == 1 else self.note(AllOf(parts), start, end)

    def head(self, at: int) -> Found[tuple[Condition, ...]]:
        """Women over 30 in California: who it is about, and how far that goes."""
        starts: list[tuple[tuple[Condition, ...], int]] = []
        if (end := self.lit(at, self.people)) >= 0:
            starts.append(((), end))
        for word, (key, value) in self.names.people.items():
            if (end := self.lit(at, fold(word))) >= 0:
                starts.append(((self.note(Has(key, Operator.IS, (value,)), at, end),), end))
        for heads, start in starts:
            for aged, after_age in self.aged(start):
                for place, end in self.place(after_age):
                    yield (*heads, *aged, *place), end

    def aged(self, at: int) -> Found[tuple[Condition, ...]]:
        age = self.catalog.with_role(Role.AGE)
        m = _AGED.match(self.text, at) if age is not None else None
        if age is not None and m is not None:
            values = tuple(int(v) for v in m.groups() if v)
            operator = next(o for name, o in _AGES if m[name])
            if operator is not Operator.BETWEEN or values[0] <= values[-1]:
                if operator is Operator.IS and len(values) == 2:
                    operator = Operator.BETWEEN
                yield (self.note(Has(age.key, operator, values), at + 1, m.end()),), m.end()
        yield (), at

    def place(self, at: int) -> Found[tuple[Condition, ...]]:
        if (start := self.lit(at, " in ")) >= 0:
            for field in self.catalog.attributes:
                if field.role in PLACES:
                    for values, end in self.values(start, None, field, "or"):
                        yield (self.note(Has(field.key, Operator.IS, values), at + 1, end),), end
        yield (), at

    def clauses(self, at: int, word: str) -> Found[tuple[Condition, ...]]:
        """Clauses in a row; "never" may go on from the "who" of the clause before."""
        for first, end in self.clause(at):
            yield from self._more((first,), end, self.following, word)

    def following(self, at: int) -> Found[Condition]:
        yield from self.clause(at)
        if self.lit(at, "never ") >= 0:
            for node, end in self.did(at):
                yield self.note(node, at, end), end

    def clause(self, at: int) -> Found[Condition]:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _TooMuchError
        for node, end in self._clause(at):
            yield self.note(node, at, end), end

    def _clause(self, at: int) -> Found[Condition]:
        if (start := self.lit(at, "(")) >= 0:
            for word, group in _CONJUNCTION.items():
                for parts, end in self.clauses(start, word):
                    if len(parts) > 1 and (stop := self.lit(end, ")")) >= 0:
                        yield group(parts), stop
        if (start := self.lit(at, "not (")) >= 0:
            for node, end in self.clause(start - 1):
                yield Not(node), end
            for node, end in self.clause(start):
                if (stop := self.lit(end, ")")) >= 0:
                    yield Not(node), stop
        if (start := self.lit(at, "who are anyone")) >= 0:
            yield Everyone(), start
        if (start := self.lit(at, "who ")) >= 0:
            yield from self.did(start)
            yield from self.being(start)
        if (start := self.lit(at, "whose ")) >= 0:
            yield from self.tests(start)
            yield from self.measures(start)
        for negated, word in ((False, "in "), (True, "not in ")):
            if (start := self.lit(at, word)) >= 0:
                for node, end in self.membership(start):
                    yield (Not(node) if negated else node), end

    # --- who are, who have

    def being(self, at: int) -> Found[Condition]:
        for negated, word in ((False, "can be reached by "), (True, "can not be reached by ")):
            if (start := self.lit(at, word)) >= 0:
                for channel, end in self.name(start, {fold(said): key for key, said in self.names.channels.items()}):
                    yield _maybe(Reachable(channel), negated), end
        for word, value, negated, prefix in _FLAGS:
            if (start := self.lit(at, word)) >= 0:
                for field in self.catalog.attributes:
                    if field.kind is not Kind.FLAG:
                        continue
                    label = self.names.attributes[field.key]
                    if label.startswith("has ") == (prefix == "has "):
                        said = fold(label.removeprefix("has ") if prefix == "has " else label.removeprefix("is "))
                        if (end := self.lit(start, said)) >= 0:
                            yield _maybe(Has(field.key, Operator.IS, (value,)), negated), end
        for negated, word in ((False, "are "), (True, "are not ")):
            if (start := self.lit(at, word)) >= 0:
                for term, meaning in self.terms.values():
                    if (end := self.lit(start, fold(self.names.terms.get(term, term)))) >= 0:
                        yield _maybe(Defined(term, meaning), negated), end
                for kind, (key, stored) in self.names.kinds.items():
                    if (end := self.lit(start, fold(kind))) >= 0:
                        yield _maybe(Has(key, Operator.IS, (stored,)), negated), end
        for negated, word in ((False, "have "), (True, "have no ")):
            if (start := self.lit(at, word)) >= 0:
                for key, label in self.names.attributes.items():
                    if (end := self.lit(start, fold(label if negated else article(label)))) >= 0:
                        yield _maybe(Has(key, Operator.IS_SET), negated), end
        birth = self.catalog.with_role(Role.BIRTH_DATE)
        for negated, word in ((False, "were born "), (True, "were not born ")):
            if birth is not None and (start := self.lit(at, word)) >= 0:
                for window, end in windows(self.text, start, self.catalog):
                    yield _maybe(Has(birth.key, Operator.WITHIN, (), window), negated), end
        for change, negated, word in _CHANGES:
            if (start := self.lit(at, word)) >= 0:
                for member, end in self.member(start):
                    for within, stop in self.when(end):
                        if within is not None:
                            yield _maybe(Member(member.of, member.id, change, within), negated), stop

    # --- attributes and properties

    def tests(self, at: int) -> Found[Condition]:
        """Attributes tested, held, or compared with an average."""
        for key, end in self.name(at, self.names.attribute_of):
            field = self.catalog.attribute(key)
            assert field is not None
            for op, values, window, negated, stop in self.test(end, None, field):
                yield _maybe(Has(key, op, values, window), negated), stop
            for been, negated in ((" has been ", False), (" has not been ", True)):
                if (start := self.lit(end, been)) >= 0:
                    for values, after in self.values(start, None, field, "or"):
                        if (again := self.lit(after, " for ")) >= 0:
                            for least, stop in durations(self.text, again):
                                yield _maybe(Held(key, values, least), negated), stop
            yield from self.against(key, end)
        birth = self.catalog.with_role(Role.BIRTH_DATE)
        if birth is not None and (end := self.lit(at, "birthday")) >= 0:
            for op, values, window, negated, stop in self.anniversary(end):
                yield _maybe(Has(birth.key, op, values, window), negated), stop

    def against(self, by: str | Measured, at: int) -> Found[Condition]:
        for negated, word in ((False, " is "), (True, " is not ")):
            if (start := self.lit(at, word)) >= 0:
                for (side, statistic), end in self.choice(start, _STATISTICS):
                    for within, stop in self.among(end):
                        yield _maybe(Against(side, statistic, by, within), negated), stop

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
            for op, after in self.choice(start, _BOUNDS[2:6]):
                for value, end in self.value(after, owner, field):
                    yield op, (value,), None, negated, end
            if (after := self.lit(start, "between ")) >= 0:
                for pair, end in self.listed(after, lambda i: self.value(i, owner, field), "and"):
                    if len(pair) == 2 and _ordered(pair):
                        yield Operator.BETWEEN, pair, None, negated, end
            if (after := self.lit(start, "at ")) >= 0:
                for domains, end in self.listed(after, self.word, "or"):
                    yield Operator.DOMAIN, domains, None, negated, end
            if m := _NEAR.match(self.text, start):
                numbers = [next(self.number(m.start(group)))[0] for group in (2, 3, 1)]
                yield Operator.NEAR, tuple(numbers), None, negated, m.end()
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

    # --- behaviour

    def did(self, at: int) -> Found[Condition]:
        if (start := self.lit(at, "never ")) >= 0:
            for rows, end in self.acts(start, "past"):
                yield Not(Did(rows)), end
        for negated, form in _FORMS:
            for rows, end in self.acts(at, form):
                for comparison, after in self.times(end):
                    for timed, stop in self.timed(rows, after):
                        yield _maybe(Did(timed, COUNT, comparison), negated), stop
                for timed, stop in self.timed(rows, end):
                    yield from self.further(timed, stop, negated)
        yield from self.sums(at)
        for stopped, negated in (("stopped ", False), ("did not stop ", True)):
            if (start := self.lit(at, stopped)) >= 0:
                for timed, end in self.doing(start):
                    for quiet, after in durations(self.text, self.lit(end, " ")) if self.lit(end, " ") >= 0 else ():
                        if (stop := self.lit(after, " ago")) >= 0:
                            yield _maybe(Stopped(timed, quiet), negated), stop
        for came, negated in (("came back to ", False), ("did not come back to ", True)):
            if (start := self.lit(at, came)) >= 0:
                for timed, end in self.doing(start):
                    for quiet, after in (
                        durations(self.text, self.lit(end, " after ")) if self.lit(end, " after ") >= 0 else ()
                    ):
                        if (again := self.lit(after, " without it")) >= 0:
                            for window, stop in self.when(again):
                                yield _maybe(CameBack(timed, quiet, window), negated), stop

    def doing(self, at: int) -> Found[Rows]:
        for rows, end in self.acts(at, "doing"):
            yield from self.timed(rows, end)

    def further(self, rows: Rows, at: int, negated: bool) -> Found[Condition]:
        """What may follow a behaviour and its window: nothing, a place in time, a habit, or what came next."""
        yield _maybe(Did(rows), negated), at
        if m := _WITHIN.match(self.text, at):
            before = next(durations(self.text, m.start(1)))[0] if m[1] else None
            after = next(durations(self.text, m.start(2)))[0] if m[2] else None
            for key, end in self.name(m.end(), self.names.attribute_of):
                yield _maybe(Around(rows, key, before, after), negated), end
        if m := _HABIT.match(self.text, at):
            least, of = int(m[1]), int(m[2])
            if 1 <= least <= of:
                yield _maybe(Regularly(rows, least, of, Unit(m[3])), negated), m.end()
        if not negated and (start := self.lit(at, " and then ")) >= 0:
            for never, form in _FORMS:
                for then, end in self.acts(start, form):
                    yield from self.followed(rows, then, never, end)

    def followed(self, first: Rows, then: Rows, never: bool, at: int) -> Found[Condition]:
        same: list[tuple[tuple[str, ...], int]] = [((), at)]
        if (start := self.lit(at, " with the same ")) >= 0:
            table = self.names.property_of.get(then.event, {})
            same += self.listed(start, lambda i: self.name(i, table), "and")
        for keys, after in same:
            lengths: list[tuple[Any, int]] = [(None, after)]
            if (start := self.lit(after, " within ")) >= 0:
                lengths += durations(self.text, start)
            for within, end in lengths:
                for timed, stop in self.timed(then, end):
                    yield Sequence(first, timed, within, never, keys), stop

    def timed(self, rows: Rows, at: int) -> Found[Rows]:
        for window, end in self.when(at):
            yield Rows(rows.event, rows.filters, window), end

    def acts(self, at: int, form: Literal["past", "denied", "doing"]) -> Found[Rows]:
        """Rows of an event from its verb: bought shoes where color is black."""
        for (key, prop), spoken in self.names.verbs.items():
            event = self.catalog.event(key)
            assert event is not None
            head, slot, tail = fold(getattr(spoken, form)).partition("{}")
            if (start := self.lit(at, head)) < 0:
                continue
            if not slot:
                yield from self.wheres(event, (), start)
            elif prop is not None and (field := event.property(prop)) is not None:
                for values, end in self.values(start, key, field, "or"):
                    if (after := self.lit(end, tail)) >= 0:
                        yield from self.wheres(event, (Filter(prop, Operator.IS, values),), after)
        for event in self.catalog.events:
            if (event.key, None) not in self.names.verbs or event.objects:
                noun = article(self.names.nouns[event.key])
                having = Spoken(f"had {noun}", f"did not have {noun}", f"having {noun}")
                if (start := self.lit(at, fold(getattr(having, form)))) >= 0:
                    yield from self.wheres(event, (), start)

    def wheres(self, event: Event, have: tuple[Filter, ...], at: int) -> Found[Rows]:
        for filters, end in self.where(event, at):
            yield Rows(event.key, (*have, *filters)), end

    def where(self, event: Event, at: int) -> Found[tuple[Filter, ...]]:
        if (start := self.lit(at, " where ")) >= 0:
            yield from self.filters(event, start)
        yield (), at

    def filters(self, event: Event, at: int) -> Found[tuple[Filter, ...]]:
        yield from self.listed(at, lambda start: self.filter(event, start), "and")

    def filter(self, event: Event, at: int) -> Found[Filter]:
        for key, end in self.name(at, self.names.property_of[event.key]):
            field = event.property(key)
            assert field is not None
            for op, values, window, negated, stop in self.test(end, event.key, field):
                yield Filter(key, op, values, window, negated), stop

    def times(self, at: int) -> Found[Comparison]:
        if (start := self.lit(at, " ")) >= 0:
            for comparison, end in self.bound(start, self.number):
                for word in (" times", " time"):
                    if (stop := self.lit(end, word)) >= 0:
                        yield comparison, stop
                        break

    def bound(self, at: int, one: Callable[[int], Found[Any]]) -> Found[Comparison]:
        for op, start in self.choice(at, _BOUNDS):
            for value, end in one(start):
                if not isinstance(value, str | bool):
                    yield Comparison(op, (value,)), end
        if (start := self.lit(at, "between ")) >= 0:
            for pair, end in self.listed(start, one, "and"):
                if len(pair) == 2 and _ordered(pair):
                    yield Comparison(Operator.BETWEEN, pair), end

    def sums(self, at: int) -> Found[Condition]:
        """Spent over $100 on shoes; bought at least 3 shoes."""
        for (key, prop), verb in self.names.spent.items():
            event = self.catalog.event(key)
            if event is None or (start := self.lit(at, f"{fold(verb)} ")) < 0:
                continue
            field = event.property(event.amount or "")
            if field is None:
                continue
            for comparison, end in self.bound(start, lambda i, field=field: self.amount(i, field)):  # type: ignore[misc]
                yield from self.summed(event, prop, Measure("sum", field.key), comparison, " on ", end)
        for (key, prop), verb in self.names.bought.items():
            event = self.catalog.event(key)
            if event is not None and event.quantity and (start := self.lit(at, f"{fold(verb)} ")) >= 0:
                for comparison, end in self.bound(start, self.number):
                    measure = Measure("sum", event.quantity)
                    things = "" if prop else f" {fold(plural(self.names.nouns[key]))}"
                    if (after := self.lit(end, things)) >= 0:
                        yield from self.summed(event, prop, measure, comparison, " ", after)

    def summed(
        self, event: Event, prop: str | None, measure: Measure, comparison: Comparison, word: str, at: int
    ) -> Found[Condition]:
        objects: list[tuple[tuple[Filter, ...], int]] = [((), at)] if prop is None else []
        field = event.property(prop) if prop else None
        if field is not None and (start := self.lit(at, word)) >= 0:
            objects += [
                ((Filter(field.key, Operator.IS, values),), end)
                for values, end in self.values(start, event.key, field, "or")
            ]
        for have, after in objects:
            for rows, end in self.wheres(event, have, after):
                for timed, stop in self.timed(rows, end):
                    yield Did(timed, measure, comparison), stop

    # --- numbers per customer

    def measures(self, at: int) -> Found[Condition]:
        for measured, end in self.measured(at):
            yield from self.against(measured, end)
            field = self.property(measured)
            one = self.number if field is None else lambda i, field=field: self.amount(i, field)
            for negated, word in ((False, " is "), (True, " is not ")):
                if (start := self.lit(end, word)) < 0:
                    continue
                for comparison, stop in self.bound(start, one):
                    yield _maybe(Did(measured.rows, measured.measure, comparison), negated), stop
                for op, after in self.choice(start, _VERSUS):
                    yield from self.versus(measured, op, negated, after)
        yield from self.shares(at)
        yield from self.nths(at)

    def property(self, measured: Measured) -> Field | None:
        event = self.catalog.event(measured.rows.event)
        if event is None or measured.measure.property is None or measured.measure.function == "distinct":
            return None
        return event.property(measured.measure.property)

    def versus(self, left: Measured, op: Operator, negated: bool, at: int) -> Found[Condition]:
        factors: list[tuple[int | float, int]] = [(1, at)]
        factors += [(value, stop) for value, end in self.number(at) if (stop := self.lit(end, " times ")) >= 0]
        for factor, after in factors:
            if (start := self.lit(after, "the ")) >= 0:
                for right, end in self.measured(start):
                    yield _maybe(Compare(left, op, right, factor), negated), end

    def by(self, at: int) -> Found[str | Measured]:
        yield from self.name(at, self.names.attribute_of)
        yield from self.measured(at)

    def measured(self, at: int) -> Found[Measured]:
        if (start := self.lit(at, "number of ")) >= 0:
            for event, end in self.nouns(start):
                yield from self.rows_of(event, COUNT, end)
        for word, function in _FUNCTIONS:
            if (start := self.lit(at, word)) >= 0:
                yield from self.measured_of(start, function)
        if (start := self.lit(at, "number of different ")) >= 0:
            yield from self.measured_of(start, "distinct")

    def measured_of(
        self, at: int, function: Literal["sum", "average", "minimum", "maximum", "distinct"]
    ) -> Found[Measured]:
        for event in self.catalog.events:
            for key, label in self.names.properties[event.key].items():
                said = plural(label) if function == "distinct" else label
                if (start := self.lit(at, f"{fold(said)} of ")) >= 0:
                    for found, end in self.nouns(start):
                        if found is event:
                            yield from self.rows_of(event, Measure(function, key), end)

    def rows_of(self, event: Event, measure: Measure, at: int) -> Found[Measured]:
        for rows, end in self.wheres(event, (), at):
            for timed, stop in self.timed(rows, end):
                yield Measured(timed, measure), stop

    def nouns(self, at: int) -> Found[Event]:
        theirs = self.lit(at, "their ")
        for key, end in self.name(theirs if theirs >= 0 else at, self.names.nouns_of):
            event = self.catalog.event(key)
            if event is not None:
                yield event, end

    def shares(self, at: int) -> Found[Condition]:
        if (start := self.lit(at, "share of ")) >= 0:
            for event, end in self.nouns(start):
                for whole, after in self.where(event, end):
                    if (again := self.lit(after, " where ")) >= 0:
                        for extra, stop in self.filters(event, again):
                            for window, close in self.when(stop):
                                part = Rows(event.key, (*whole, *extra), window)
                                yield from self.shared(part, Rows(event.key, whole, window), close)
        if (start := self.lit(at, "ratio of ")) >= 0:
            for event, end in self.nouns(start):
                for some, after in self.rows_of(event, COUNT, end):
                    if (again := self.lit(after, " to ")) >= 0:
                        for other, stop in self.nouns(again):
                            for every, close in self.rows_of(other, COUNT, stop):
                                yield from self.shared(some.rows, every.rows, close)

    def shared(self, part: Rows, whole: Rows, at: int) -> Found[Condition]:
        for negated, word in ((False, " is "), (True, " is not ")):
            if (start := self.lit(at, word)) >= 0:
                for comparison, end in self.bound(start, self.percent):
                    yield _maybe(Share(part, whole, comparison), negated), end

    def nths(self, at: int) -> Found[Condition]:
        for position, end in self.position(at):
            for key, after in self.name(end, self.names.noun_of):
                event = self.catalog.event(key)
                assert event is not None
                for counted, stop in self.rows_of(event, COUNT, after):
                    for (window, filters), close in self.asked(event, stop):
                        yield Nth(counted.rows, position, window, filters), close

    def position(self, at: int) -> Found[int]:
        for position in (1, 2, 3, 4, 5, -1):
            if (end := self.lit(at, f"{numbered(position)} ")) >= 0:
                yield position, end
        if m := _ORDINAL.match(self.text, at):
            yield int(m[1]) * (-1 if m[2] else 1), m.end()

    def asked(self, event: Event, at: int) -> Found[tuple[Window | None, tuple[Filter, ...]]]:
        """What is asked of the nth row: was in March and was one where color is black."""
        if (end := self.lit(at, " exists")) >= 0:
            yield (None, ()), end
        if (start := self.lit(at, " was one where ")) >= 0:
            for filters, end in self.filters(event, start):
                yield (None, filters), end
        if (start := self.lit(at, " was ")) >= 0:
            for window, end in windows(self.text, start, self.catalog):
                yield (window, ()), end
                if (again := self.lit(end, " and was one where ")) >= 0:
                    for filters, stop in self.filters(event, again):
                        yield (window, filters), stop

    # --- rankings and memberships

    def membership(self, at: int) -> Found[Condition]:
        if m := _RANDOM.match(self.text, at):
            percent = next(self.number(m.start(1)))[0]
            if 0 < percent <= 100:
                yield Sampled(percent, int(m[2] or 0)), m.end()
        yield from self.member(self.lit(at, "the ")) if self.lit(at, "the ") >= 0 else ()
        yield from self.capped(at, "", self.clause)
        for side, start in self.choice(at, _SIDES):
            for amount, end in self.number(start):
                percent_sign = self.lit(end, "%")
                after = self.lit(percent_sign if percent_sign >= 0 else end, " by ")
                if after < 0 or amount <= 0 or (percent_sign >= 0 and amount > 100):
                    continue
                for by, stop in self.by(after):
                    for within, close in self.among(stop):
                        yield Ranked(side, amount, "percent" if percent_sign >= 0 else "people", by, within), close

    def member(self, at: int) -> Found[Member]:
        for of, start in self.choice(at, _OF):
            if m := re.compile(r"[a-z0-9_-]+").match(self.text, start):
                yield Member(of, self.source.slice(start, m.end())), m.end()
            for name, end in self.quote(start):
                yield Member(of, str(name)), end

    def capped(self, at: int, noun: str, inner: Callable[[int], Found[Condition]]) -> Found[Condition]:
        if (start := self.lit(at, "at most ")) < 0:
            return
        for amount, counted in self.whole(start):
            after = self.lit(counted, noun)
            if after < 0 or amount < 1:
                continue
            orders: list[tuple[tuple[Literal["top", "bottom"], str | Measured | None], int]] = [(("top", None), after)]
            for side, again in self.choice(after, _ORDERS):
                orders += [((side, by), end) for by, end in self.by(again)]
            for (side, by), end in orders:
                yield Capped(Everyone(), amount, by, side), end
                if (again := self.lit(end, " of those ")) >= 0:
                    for part, stop in inner(again):
                        yield self.note(Capped(part, amount, by, side), at, stop), stop

    def among(self, at: int) -> Found[Condition | None]:
        yield None, at
        if (end := self.lit(at, f" among all {self.people}")) >= 0:
            yield Everyone(), end
        if (start := self.lit(at, " among those ")) >= 0:
            yield from self.clause(start)


_FORMS: tuple[tuple[bool, Literal["past", "denied"]], ...] = ((False, "past"), (True, "denied"))
_AGED = re.compile(
    r" (?:over (?P<gt>\d{1,3})|under (?P<lt>\d{1,3})|(?P<ge>\d{1,3}) or older|(?P<le>\d{1,3}) or younger"
    r"|aged (?P<eq>\d{1,3})(?: to (?P<to>\d{1,3}))?)(?![\d,.])"
)
_AGES = (("gt", Operator.GT), ("lt", Operator.LT), ("ge", Operator.GE), ("le", Operator.LE), ("to", Operator.BETWEEN),
         ("eq", Operator.IS))  # fmt: skip
_FLAGS: tuple[tuple[str, bool, bool, str], ...] = (
    ("have ", True, False, "has "),
    ("do not have ", True, True, "has "),
    ("have no ", False, False, "has "),
    ("do not have no ", False, True, "has "),
    ("are ", True, False, "is "),
    ("are not ", True, True, "is "),
    ("are marked as not ", False, False, "is "),
    ("are not marked as not ", False, True, "is "),
)
_CHANGES: tuple[tuple[Literal["entered", "left"], bool, str], ...] = (
    ("entered", False, "entered the "),
    ("entered", True, "did not enter the "),
    ("left", False, "left the "),
    ("left", True, "did not leave the "),
)
_OF: tuple[tuple[str, Literal["segment", "snapshot", "list"]], ...] = (
    ("segment ", "segment"),
    ("snapshot ", "snapshot"),
    ("list ", "list"),
)
_SIDES: tuple[tuple[str, Literal["top", "bottom"]], ...] = (("the top ", "top"), ("the bottom ", "bottom"))
_ORDERS: tuple[tuple[str, Literal["top", "bottom"]], ...] = (
    (" with the highest ", "top"),
    (" with the lowest ", "bottom"),
)
_STATISTICS: tuple[tuple[str, tuple[Literal["above", "below"], Literal["average", "median"]]], ...] = (
    ("above the average", ("above", "average")),
    ("below the average", ("below", "average")),
    ("above the median", ("above", "median")),
    ("below the median", ("below", "median")),
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
_LENGTH = r"\d+ (?:minute|hour|day|week|month|quarter|year)s?"
_WITHIN = re.compile(rf" within (?:({_LENGTH}) before)?(?: or )?(?:({_LENGTH}) after)? the ")
_HABIT = re.compile(r" in at least (\d+) of the last (\d+) (minute|hour|day|week|month|quarter|year)s?\b")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)( last)? ")
_RANDOM = re.compile(r"a random ([\d,.e+-]+)%(?: \(draw (-?\d+)\))?")
_NEAR = re.compile(rf"within ({_NUMBER.pattern}) km of ({_NUMBER.pattern}), ({_NUMBER.pattern})")


def _maybe(node: Condition, negated: bool) -> Condition:
    return Not(node) if negated else node


def _ordered(pair: tuple[Any, ...]) -> bool:
    low, high = pair
    return not isinstance(low, str | bool) and not isinstance(high, str | bool) and low <= high


__all__ = ["Restated", "Said", "lower", "read_restatement"]
