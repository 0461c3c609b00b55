"""Restatements read back: the sentences of `segbot.nl.phrase`, and only those, to the very trees they came from.

Every clause of a restatement has its own marker (who, whose, in, not in) and brackets where groups nest, so nothing in it
is open to doubt. The parser tries all ways to read the words and believes one only if that tree, put into words again, is
the same sentence: what it accepts is proven, and everything else is left to the reader of ordinary English.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from segbot.model.catalog import Catalog, Role
from segbot.model.condition import (
    Against,
    AllOf,
    AnyOf,
    Capped,
    Condition,
    Defined,
    Did,
    Everyone,
    Has,
    Held,
    Measured,
    Member,
    Near,
    Not,
    Ranked,
    Reachable,
    Sampled,
)
from segbot.model.membership import Group, Known
from segbot.model.operators import Kind, Operator
from segbot.nl.names import PLACES, article
from segbot.nl.phrase import phrase
from segbot.nl.restated_rows import VERSUS, RowParser
from segbot.nl.restated_times import durations, windows
from segbot.nl.restated_values import Found, Said, Source, Terms, TooMuchError, maybe
from segbot.nl.text import fold


@dataclass(frozen=True, slots=True)
class Restated:
    """A restatement read back: its tree, and where its conditions were said, outermost first."""

    condition: Condition
    said: tuple[Said, ...]


Named = Mapping[tuple[Group, str], tuple[Known, ...]]
"""Segments, snapshots and lists by what they are and their (folded) name."""


def read_restatement(text: str, catalog: Catalog, terms: Terms, named: Named | None = None) -> Restated | None:
    """The tree of a restatement, or None for any other text."""
    source = Source(text)
    parser = _Parser(source, catalog, terms)
    parser.named = named or {}
    try:
        for tree, end in parser.sentence():
            if end == len(source.text) and source.text == " ".join(fold(phrase(tree, catalog)).split()):
                return Restated(tree, tuple(parser.said(tree)))
    except (TooMuchError, RecursionError):  # nested deeper than any tree that a person could read
        return None
    return None


_CONJUNCTION: dict[str, type[AllOf] | type[AnyOf]] = {"and": AllOf, "or": AnyOf}


class _Parser(RowParser):
    named: Named

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
            for first, after in self.clause(start):
                yield (*heads, first), after
                for group, parts, end in self.more(first, after):
                    joined = (self.note(AnyOf(parts), start, end),) if group is AnyOf else parts
                    yield (*heads, *joined), end

    def alone(self, at: int) -> Found[Condition]:
        """People of one kind among others: women in Texas or men in Ohio."""
        for heads, end in self.head(at):
            if heads:
                yield self.together(heads, at, end), end

    def bare(self, at: int) -> Found[Condition]:
        """A clause, or clauses joined by "and" or "or", without their brackets."""
        for first, after in self.clause(at):
            yield first, after
            for group, parts, end in self.more(first, after):
                yield self.note(group(parts), at, end), end

    def more(self, first: Condition, at: int) -> Iterator[tuple[type[AllOf] | type[AnyOf], tuple[Condition, ...], int]]:
        """The clauses that follow a first one, and what joins them."""
        for word, group in _CONJUNCTION.items():
            for parts, end in self.longer((first,), at, self.following, word):
                if len(parts) > 1:
                    yield group, parts, end

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

    def following(self, at: int) -> Found[Condition]:
        """A clause after others; "never" may go on from the "who" of the clause before."""
        yield from self.clause(at)
        if self.lit(at, "never ") >= 0:
            for node, end in self.did(at):
                yield self.note(node, at, end), end

    def clause(self, at: int) -> Found[Condition]:
        self.step()
        for node, end in self._clause(at):
            yield self.note(node, at, end), end

    def _clause(self, at: int) -> Found[Condition]:
        for negated, bracket in ((False, "("), (True, "not (")):
            if (start := self.lit(at, bracket)) >= 0:
                for node, end in self.bare(start):
                    if (stop := self.lit(end, ")")) >= 0:
                        yield maybe(node, negated), stop
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
                    yield maybe(Reachable(channel), negated), end
        for word, value, negated, prefix in _FLAGS:
            if (start := self.lit(at, word)) >= 0:
                for field in self.catalog.attributes:
                    if field.kind is not Kind.FLAG:
                        continue
                    label = self.names.attributes[field.key]
                    if label.startswith("has ") == (prefix == "has "):
                        said = fold(label.removeprefix("has ") if prefix == "has " else label.removeprefix("is "))
                        if (end := self.lit(start, said)) >= 0:
                            yield maybe(Has(field.key, Operator.IS, (value,)), negated), end
        for negated, word in ((False, "are "), (True, "are not ")):
            if (start := self.lit(at, word)) >= 0:
                for term, meaning in self.terms.values():
                    if (end := self.lit(start, fold(self.names.terms.get(term, term)))) >= 0:
                        yield maybe(Defined(term, meaning), negated), end
                for kind, (key, stored) in self.names.kinds.items():
                    if (end := self.lit(start, fold(kind))) >= 0:
                        yield maybe(Has(key, Operator.IS, (stored,)), negated), end
        for negated, word in ((False, "have "), (True, "have no ")):
            if (start := self.lit(at, word)) >= 0:
                for key, label in self.names.attributes.items():
                    if (end := self.lit(start, fold(label if negated else article(label)))) >= 0:
                        yield maybe(Has(key, Operator.IS_SET), negated), end
        birth = self.catalog.with_role(Role.BIRTH_DATE)
        for negated, word in ((False, "were born "), (True, "were not born ")):
            if birth is not None and (start := self.lit(at, word)) >= 0:
                for window, end in windows(self.text, start, self.catalog):
                    yield maybe(Has(birth.key, Operator.WITHIN, (), window), negated), end
        for negated, word in ((False, "live within "), (True, "do not live within ")):
            if (start := self.lit(at, word)) >= 0:
                for near, end in self.near(start):
                    yield maybe(near, negated), end
        for change, negated, word in _CHANGES:
            if (start := self.lit(at, word)) >= 0:
                for member, end in self.member(start):
                    for within, stop in self.when(end):
                        if within is not None:
                            yield maybe(replace(member, change=change, window=within), negated), stop

    def near(self, at: int) -> Found[Near]:
        for distance, end in self.number(at):
            m = _AROUND.match(self.text, end)
            if m is None:
                continue
            named = next((group for group in ("quoted", "plain") if m[group] is not None), None)
            place = self.source.slice(m.start(named), m.end(named)).replace('""', '"') if named else ""
            latitude, longitude = (m["lat"], m["lon"]) if named else (m["lat2"], m["lon2"])
            with contextlib.suppress(ValueError):  # no such point, or farther than the earth is round
                unit: Literal["km", "miles"] = "km" if m["unit"] == "km" else "miles"
                yield Near(float(latitude), float(longitude), distance, unit, place), m.end()

    # --- attributes and properties

    def tests(self, at: int) -> Found[Condition]:
        """Attributes tested, held, or compared with an average."""
        for key, end in self.name(at, self.names.attribute_of):
            field = self.catalog.attribute(key)
            assert field is not None
            for op, values, window, negated, stop in self.test(end, None, field):
                yield maybe(Has(key, op, values, window), negated), stop
            for been, negated in ((" has been ", False), (" has not been ", True)):
                if (start := self.lit(end, been)) >= 0:
                    for values, after in self.values(start, None, field, "or"):
                        if (again := self.lit(after, " for ")) >= 0:
                            for least, stop in durations(self.text, again):
                                yield maybe(Held(key, values, least), negated), stop
            yield from self.against(key, end)
        birth = self.catalog.with_role(Role.BIRTH_DATE)
        if birth is not None and (end := self.lit(at, "birthday")) >= 0:
            for op, values, window, negated, stop in self.anniversary(end):
                yield maybe(Has(birth.key, op, values, window), negated), stop

    def against(self, by: str | Measured, at: int) -> Found[Condition]:
        for negated, word in ((False, " is "), (True, " is not ")):
            if (start := self.lit(at, word)) >= 0:
                for (side, statistic), end in self.choice(start, _STATISTICS):
                    for within, stop in self.among(end):
                        yield maybe(Against(side, statistic, by, within), negated), stop

    def measures(self, at: int) -> Found[Condition]:
        for measured, end in self.measured(at):
            yield from self.against(measured, end)
            field = self.property(measured)
            one = self.number if field is None else lambda i, field=field: self.amount(i, field)
            for negated, word in ((False, " is "), (True, " is not ")):
                if (start := self.lit(end, word)) < 0:
                    continue
                for comparison, stop in self.bound(start, one):
                    yield maybe(Did(measured.rows, measured.measure, comparison), negated), stop
                for op, after in self.choice(start, VERSUS):
                    yield from self.versus(measured, op, negated, after)
        yield from self.shares(at)
        yield from self.nths(at)

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
                for known in self.named.get((of, fold(str(name))), ()):
                    yield known.member, end
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


_AGED = re.compile(
    r" (?:over (?P<gt>\d{1,3})|under (?P<lt>\d{1,3})|(?P<ge>\d{1,3}) or older|(?P<le>\d{1,3}) or younger"
    r"|aged (?P<eq>\d{1,3})(?: to (?P<to>\d{1,3}))?)(?![\d,.])"
)
_AGES = (("gt", Operator.GT), ("lt", Operator.LT), ("ge", Operator.GE), ("le", Operator.LE), ("to", Operator.BETWEEN),
         ("eq", Operator.IS))  # fmt: skip
_DEGREES = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_AROUND = re.compile(
    rf' (?P<unit>km|miles?) of (?:(?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[^()"]+?)) \((?P<lat>{_DEGREES}), (?P<lon>{_DEGREES})\)'
    rf"|(?P<lat2>{_DEGREES}), (?P<lon2>{_DEGREES})(?![\d.]))"
)
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
_RANDOM = re.compile(r"a random ([\d,.e+-]+)%(?: \(draw (-?\d+)\))?")


__all__ = ["Restated", "Said", "read_restatement"]
