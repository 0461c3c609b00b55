"""Whether the shape of a condition is said: the direction of its window, its measure, its side of a ranking, its pattern.

These are the swaps that leave every number and name in place: "in the last 90 days" turned into "more than 90 days ago",
"spent" into an average, "top" into "bottom".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from segbot.model.catalog import Catalog, Field
from segbot.model.condition import COUNT, Against, Condition, Did, Filter, Has, Measure, Measured, Nth, Ranked, rows_of
from segbot.model.operators import Operator
from segbot.model.windows import Ago, Ahead, Calendar, EndOf, Now, StartOf, Unit, Window
from segbot.nl.meaning import Attr
from segbot.nl.propose.words import Said, Sentence
from segbot.nl.text import TokenKind

_PATTERNS = {
    Operator.CONTAINS: "CONTAINS",
    Operator.STARTS_WITH: "STARTS",
    Operator.ENDS_WITH: "ENDS",
}
_MEASURED_BY = {
    "average": frozenset({"AVERAGE", "AOV", "PER"}),
    "minimum": frozenset({"SMALLEST", "LOWEST", "BOTTOM"}),
    "maximum": frozenset({"LARGEST", "HIGHEST", "TOP"}),
    "distinct": frozenset({"DISTINCT"}),
}
_SIDES = {
    "top": frozenset({"TOP", "HIGHEST", "LARGEST"}),
    "bottom": frozenset({"BOTTOM", "LOWEST", "SMALLEST"}),
    "above": frozenset({"GT", "ABOVEBELOW"}),
    "below": frozenset({"LT", "ABOVEBELOW"}),
}
_EDGES = frozenset({"since", "before", "until", "till", "after"})


@dataclass(frozen=True, slots=True)
class Shape:
    """One condition with the tokens it quotes."""

    id: str
    condition: Condition
    tokens: frozenset[int]
    sentence: Sentence
    catalog: Catalog
    guessed: bool

    def errors(self) -> Iterable[str]:
        """Every shape that the quotes do not say."""
        yield from self.windows()
        yield from self.values()
        if not self.guessed:
            yield from self.measures()
            yield from self.sides()

    @property
    def cats(self) -> frozenset[str]:
        """The closed classes of the quoted words."""
        return frozenset(c for i in self.tokens for c in self.sentence.cats[i])

    @property
    def norms(self) -> frozenset[str]:
        """The quoted words."""
        return frozenset(self.sentence.tokens[i].norm for i in self.tokens)

    # --- time

    def windows(self) -> Iterable[str]:
        """Windows counted from now go the way that is said; windows of dates have the ends that are said."""
        node = self.condition
        own = node.window if isinstance(node, Has | Nth) else None
        about_people = isinstance(node, Has)
        for window in (own, *(rows.window for rows in rows_of(node))):
            if window is None:
                continue
            amount = _relative(window)
            if amount is not None:
                if not self.goes(window, *amount, future=about_people):
                    yield f"{self.id}: its evidence does not say the direction of its window of {amount[0]} {amount[1].value}"
            elif (missing := self.edge(window)) is not None:
                yield f"{self.id}: {missing}"

    def goes(self, window: Window, amount: int, unit: Unit, *, future: bool) -> bool:
        """Whether a window of so many units goes the way that its words say."""
        said = [n for n in self.said() if amount in n.values and n.unit in (None, unit)]
        shape = _direction(window)
        return not said or any(shape in self.directions(n, future=future) for n in said)

    def directions(self, said: Said, *, future: bool) -> frozenset[str]:
        """The directions that the words around an amount of time allow."""
        ahead = range(max(0, said.first - 3), said.first)
        behind = range(said.last, min(len(self.sentence.tokens), said.last + 4))
        before = {c for i in ahead if i in self.tokens for c in self.sentence.cats[i]}
        after = {self.sentence.tokens[i].norm for i in behind if i in self.tokens}
        if "NEXT" in before:
            return frozenset({"next"})
        if after & {"ago", "back", "earlier"}:
            if said.comparator in ("LT", "LE") or "WITHIN" in before:
                return frozenset({"last"})
            return frozenset({"ago", "that"}) if said.comparator is None else frozenset({"ago"})
        if "RECENT" in before:
            return frozenset({"last"})
        return frozenset({"last", "next"} if future else {"last"})

    def edge(self, window: Window) -> str | None:
        """What is missing for a window of dates: the word for an open end, or both ends of a stretch."""
        start, end = window.start, window.end
        cats = self.cats
        if start is None and isinstance(end, StartOf):
            return None if cats & {"BEFORE", "THROUGH"} else "its evidence does not say 'before'"
        if end is None and isinstance(start, EndOf):
            return None if cats & {"AFTER"} else "its evidence does not say 'after'"
        if end is None and isinstance(start, StartOf):
            return None if cats & {"SINCE", "AFTER", "ONWARD"} else "its evidence does not say 'since'"
        if isinstance(start, StartOf) and isinstance(end, EndOf):
            if start.period == end.period:
                lost = sorted(self.norms & _EDGES)
                alone = len(rows_of(self.condition)) < 2
                return f"it quotes {lost[0]!r}, but its window is the whole period" if lost and alone else None
            decade = any(self.sentence.tokens[i].kind is TokenKind.DECADE for i in self.tokens)
            said = decade or cats & {"BETWEEN", "TO", "DECADEWORD", "GENERATION"}
            return None if said else "its evidence does not say a stretch between two dates"
        return None

    def said(self) -> list[Said]:
        """The quoted numbers."""
        return [n for n in self.sentence.numbers if set(range(n.first, n.last)) <= self.tokens]

    # --- measures, rankings, patterns

    def measures(self) -> Iterable[str]:
        """A measure is said: "average" for an average; money spent is the sum of the amount."""
        for event, measure in self.measured():
            if measure == COUNT:
                continue
            needed = _MEASURED_BY.get(measure.function)
            if needed is not None and not self.cats & needed:
                yield f"{self.id}: its evidence does not say the {measure.function}"
            found = self.catalog.event(event)
            plain = found is not None and measure.property in (found.amount, found.quantity)
            if not plain and not self.names(event, measure.property):
                yield f"{self.id}: its evidence does not say {event}.{measure.property}"

    def measured(self) -> Iterable[tuple[str, Measure]]:
        match self.condition:
            case Did(rows=rows, measure=measure):
                yield rows.event, measure
            case Ranked(by=Measured(rows=rows, measure=measure)) | Against(by=Measured(rows=rows, measure=measure)):
                yield rows.event, measure
            case _:
                pass

    def names(self, event: str, key: str | None) -> bool:
        """Whether a property is named in the quotes."""
        for known in self.sentence.known:
            if not set(range(known.first, known.last)) <= self.tokens:
                continue
            for entry in known.entries:
                if isinstance(entry.sem, Attr) and (event, key) in entry.sem.names:
                    return True
        return False

    def sides(self) -> Iterable[str]:
        """The side and the unit of a ranking are said."""
        node = self.condition
        if isinstance(node, Ranked | Against) and not self.cats & _SIDES[node.side]:
            yield f"{self.id}: its evidence does not say {node.side}"
        if isinstance(node, Ranked):
            percent = bool(self.cats & {"PCTWORD", "QUANTILE", "HALF"})
            if percent != (node.unit == "percent"):
                yield f"{self.id}: its evidence says {'percent' if percent else 'people'}, not {node.unit}"

    def values(self) -> Iterable[str]:
        """A pattern is said as one; a value that the catalog does not know stands in the condition's own quotes."""
        for field, test in self.tests():
            pattern = _PATTERNS.get(test.operator)
            if pattern is not None and pattern not in self.cats:
                yield f"{self.id}: its evidence does not say {test.operator.value}"
            for value in test.values:
                stored = field is not None and isinstance(value, str) and field.value(value) is not None
                if isinstance(value, str) and not stored and not self.quotes(value):
                    yield f"{self.id}: the value {value!r} does not stand in its evidence"

    def quotes(self, value: str) -> bool:
        """Whether a value stands in the quoted words; a mail provider stands for its domain."""
        wanted = value.casefold()
        start, end = self.sentence.span(self.tokens) if self.tokens else (0, 0)
        return wanted in self.sentence.text[start:end].casefold() or any(
            self.sentence.tokens[i].norm == wanted.partition(".")[0] for i in self.tokens
        )

    def tests(self) -> Iterable[tuple[Field | None, Has | Filter]]:
        if isinstance(self.condition, Has):
            yield self.catalog.attribute(self.condition.attribute), self.condition
        for rows in rows_of(self.condition):
            event = self.catalog.event(rows.event)
            for test in (*rows.filters, *(self.condition.filters if isinstance(self.condition, Nth) else ())):
                yield (event.property(test.property) if event else None), test


def _relative(window: Window) -> tuple[int, Unit] | None:
    """The amount of time of a window counted from now, or None for a window of dates or of neighbouring periods."""
    for point in (window.start, window.end):
        match point:
            case Ago(amount=amount, unit=unit) | Ahead(amount=amount, unit=unit):
                return amount, unit
            case StartOf(period=Calendar(offset=offset, unit=unit)) if abs(offset) > 1:
                return abs(offset), unit
            case _:
                pass
    return None


def _direction(window: Window) -> str:
    match window.start, window.end:
        case Ago(), _:
            return "last"
        case None, Ago():
            return "ago"
        case Now(), Ahead():
            return "next"
        case StartOf(period=Calendar(offset=offset)), _ if offset < 0:
            return "that"
        case _:
            return "later"
