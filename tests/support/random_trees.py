"""Random condition trees over any catalog, for hypothesis: everything that a tree can say about that company."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from segbot.model.catalog import Catalog, Event, Field
from segbot.model.condition import (
    COUNT,
    ONCE,
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
    Near,
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
)
from segbot.model.operators import COMPARISONS, Kind, Operator, operators_for
from segbot.model.windows import (
    DAYS_IN,
    MINUTES_A_DAY,
    Ago,
    Ahead,
    Calendar,
    Clock,
    Dated,
    Duration,
    EndOf,
    Named,
    Now,
    Part,
    StartOf,
    Unit,
    Weekday,
    Weekend,
    WeekOf,
    Window,
)

AMOUNTS = st.integers(1, 400)
BOUNDS = st.one_of(
    st.integers(-5, 250_000),
    st.floats(0, 100_000, allow_nan=False).map(lambda v: round(v, 2)),
    st.sampled_from([0.5, 1_234.5, 29.99, 0.001]),
)
FRACTIONS = st.integers(1, 100).map(lambda v: v / 100)
WORDS = st.one_of(
    st.sampled_from(["Zed", "O'Neil", "Mary Ann", 'the "big" one', "and", "CA", "x, y or z", "50% (off)"]),
    st.text(alphabet="abcXYZ 019-_'é", min_size=1, max_size=12).map(lambda t: " ".join(t.split()) or "a"),
)


class Trees:
    """The strategies of one catalog."""

    def __init__(self, catalog: Catalog, terms: dict[str, Condition]) -> None:
        self.catalog, self.terms = catalog, terms
        self.attributes = st.sampled_from(catalog.attributes)
        self.events = st.sampled_from(catalog.events)
        self.timed = st.sampled_from([e for e in catalog.events if e.time is not None])

    # --- times

    def units(self, *, clock: bool = True) -> st.SearchStrategy[Unit]:
        return st.sampled_from([u for u in Unit if clock or not u.is_clock])

    def durations(self) -> st.SearchStrategy[Duration]:
        return st.builds(Duration, st.integers(1, 48), self.units())

    def dated(self) -> st.SearchStrategy[Dated]:
        years = st.none() | st.integers(1990, 2030)

        @st.composite
        def dates(draw: st.DrawFn) -> Dated:
            year = draw(years)
            which: Any = "latest" if year is not None else draw(st.sampled_from(["latest", "coming"]))
            shape = draw(st.sampled_from(["year", "month", "day", "quarter", "half", "fiscal"]))
            if shape == "year":
                return Dated(year or 2025, fiscal=draw(st.booleans()))
            if shape in ("quarter", "fiscal"):
                return Dated(year, quarter=draw(st.integers(1, 4)), which=which, fiscal=shape == "fiscal")
            if shape == "half":
                return Dated(year, half=draw(st.integers(1, 2)), which=which)
            month = draw(st.integers(1, 12))
            day = draw(st.integers(1, min(28, DAYS_IN[month]))) if shape == "day" else None
            return Dated(year, month, day, which=which)

        return dates()

    def periods(self) -> st.SearchStrategy[Any]:
        units = self.units(clock=False)
        fiscal = st.builds(Calendar, st.sampled_from([Unit.QUARTER, Unit.YEAR]), st.integers(-3, 3), st.just(True))
        kinds: list[st.SearchStrategy[Any]] = [
            st.builds(Calendar, units, st.integers(-4, 3)),
            fiscal,
            self.dated(),
            st.builds(Weekday, st.integers(0, 6), st.integers(-3, 3)),
            st.builds(WeekOf, self.dated().filter(lambda d: d.day is not None)),
            st.sampled_from([Weekend(), Weekend("ended"), Weekend("coming")]),
            st.builds(Part, self.dated(), st.sampled_from(["first", "middle", "last"])),
            st.builds(Part, st.builds(Calendar, units, st.integers(-4, 3)), st.sampled_from(["first", "last"])),
            st.builds(Part, self.dated(), st.sampled_from(["first", "last"]), st.integers(1, 6), units),
        ]
        if self.catalog.calendar.named:
            keys = st.sampled_from([n.key for n in self.catalog.calendar.named])
            kinds.append(st.builds(Named, keys, st.none() | st.integers(2015, 2027)))
            kinds.append(st.builds(Named, keys, st.none(), st.just("coming")))
        return st.one_of(kinds)

    def windows(self) -> st.SearchStrategy[Window]:
        periods, units = self.periods(), self.units()
        years = st.sampled_from([0, 0, 0, 1, 2])
        points = st.one_of(
            st.just(Now()),
            st.builds(Ago, AMOUNTS, units),
            st.builds(Ahead, AMOUNTS, units),
            st.builds(StartOf, periods, years),
            st.builds(EndOf, periods, years),
        )
        any_ = st.tuples(st.none() | points, st.none() | points).filter(
            lambda p: p != (None, None) and p != (Now(), Now())
        )
        plain = st.one_of(
            st.builds(lambda n, u: Window(Ago(n, u), Now()), AMOUNTS, units),
            st.builds(lambda n, u: Window(Now(), Ahead(n, u)), AMOUNTS, units),
            st.builds(lambda p, y: Window(StartOf(p, y), EndOf(p, y)), periods, years),
            any_.map(lambda p: Window(*p)),
        )
        clocked = st.builds(lambda w, c: replace(w, clock=c), plain, self.clocks())
        return st.one_of(plain, plain, plain, clocked, self.clocks().map(lambda c: Window(clock=c)))

    def clocks(self) -> st.SearchStrategy[Clock]:
        days = st.sets(st.integers(0, 6), min_size=1, max_size=6).map(lambda d: tuple(sorted(d)))
        minutes = st.integers(0, 95).map(lambda n: n * 15)
        hours = st.tuples(minutes, minutes.map(lambda m: m or MINUTES_A_DAY)).filter(
            lambda h: h[0] != h[1] and h != (0, MINUTES_A_DAY)
        )
        return st.one_of(
            days.map(Clock),
            hours.map(lambda h: Clock((), *h)),
            st.tuples(days, hours).map(lambda both: Clock(both[0], *both[1])),
        )

    # --- tests of values

    def value(self, field: Field) -> st.SearchStrategy[Any]:
        if field.kind is Kind.FLAG:
            return st.booleans()
        if field.kind in (Kind.NUMBER, Kind.MONEY):
            return BOUNDS
        if field.kind is Kind.AGE:
            return st.integers(0, 120)
        stored = [entry.value for entry in field.values]
        return st.one_of(*([st.sampled_from(stored)] * 4 if stored else []), WORDS)

    def test(self, field: Field) -> st.SearchStrategy[tuple[Operator, tuple[Any, ...], Window | None]]:
        @st.composite
        def tests(draw: st.DrawFn) -> tuple[Operator, tuple[Any, ...], Window | None]:
            row = draw(st.sampled_from(operators_for(field.kind)))
            if row.window:
                return row.key, (), draw(self.windows())
            match row.key:
                case Operator.IS_SET:
                    return row.key, (), None
                case Operator.LENGTH:
                    low = draw(st.integers(0, 4))
                    return row.key, (low, low + draw(st.integers(0, 5))), None
                case Operator.BETWEEN:
                    pair = sorted((draw(self.value(field)), draw(self.value(field))))
                    return row.key, tuple(pair), None
                case Operator.DOMAIN:
                    domains = st.sampled_from(["example.com", "Mail.org", "a-b.co.uk"])
                    return row.key, tuple(draw(st.lists(domains, min_size=1, max_size=3, unique=True))), None
                case Operator.COUNTRY_CODE:
                    codes = st.sampled_from(["1", "44", "49"])
                    return row.key, tuple(draw(st.lists(codes, min_size=1, max_size=3, unique=True))), None
                case Operator.CONTAINS | Operator.STARTS_WITH | Operator.ENDS_WITH | Operator.MATCHES:
                    most = row.most or 3
                    return row.key, tuple(draw(st.lists(WORDS, min_size=1, max_size=most, unique=True))), None
                case _:
                    most = 1 if field.kind is Kind.FLAG else row.most or 3
                    values = draw(st.lists(self.value(field), min_size=1, max_size=most, unique=True))
                    return row.key, tuple(values), None

        return tests()

    def has(self) -> st.SearchStrategy[Has]:
        return self.attributes.flatmap(lambda a: self.test(a).map(lambda t: Has(a.key, t[0], t[1], t[2])))

    def filters(self, event: Event) -> st.SearchStrategy[tuple[Filter, ...]]:
        if not event.properties:
            return st.just(())
        # objects come first more often, because a verb takes them without "where"
        bare = [p for p in event.properties if p.key in event.objects and p.values]
        one = st.sampled_from(event.properties).flatmap(
            lambda p: st.builds(lambda t, no: Filter(p.key, t[0], t[1], t[2], no), self.test(p), st.booleans())
        )
        if bare:
            said = st.sampled_from(bare).flatmap(
                lambda p: st.lists(
                    st.sampled_from([v.value for v in p.values]), min_size=1, max_size=3, unique=True
                ).map(lambda values: Filter(p.key, Operator.IS, tuple(values)))
            )
            one = one | said
        return st.lists(one, max_size=2, unique=True).map(tuple)

    # --- behaviour

    def rows(self, *, window: bool = True) -> st.SearchStrategy[Rows]:
        return self.events.flatmap(lambda e: self.rows_of(e, window=window))

    def rows_of(self, event: Event, *, window: bool = True) -> st.SearchStrategy[Rows]:
        windows = st.none() | self.windows() if window and event.time is not None else st.none()
        return st.builds(Rows, st.just(event.key), self.filters(event), windows)

    def measure(self, event: Event) -> st.SearchStrategy[Measure]:
        numbers = [p.key for p in event.properties if p.kind in (Kind.NUMBER, Kind.MONEY)]
        kinds = [st.just(COUNT)]
        if numbers:
            functions: Any = st.sampled_from(["sum", "average", "minimum", "maximum"])
            kinds.append(st.builds(Measure, functions, st.sampled_from(numbers)))
        if event.properties:
            kinds.append(st.builds(Measure, st.just("distinct"), st.sampled_from([p.key for p in event.properties])))
        return st.one_of(kinds)

    def comparison(self, numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Comparison]:
        single = st.sampled_from(sorted(COMPARISONS - {Operator.BETWEEN}))
        pair = st.lists(numbers, min_size=2, max_size=2).map(sorted)
        return st.one_of(
            st.builds(lambda op, v: Comparison(op, (v,)), single, numbers),
            pair.map(lambda p: Comparison(Operator.BETWEEN, tuple(p))),
        )

    def measured(self) -> st.SearchStrategy[Measured]:
        return self.events.flatmap(lambda e: st.builds(Measured, self.rows_of(e), self.measure(e)))

    def did(self) -> st.SearchStrategy[Did]:
        counts = st.builds(Did, self.rows(), st.just(COUNT), st.just(ONCE) | self.comparison(st.integers(0, 50)))
        sums = st.builds(lambda m, c: Did(m.rows, m.measure, c), self.measured(), self.comparison(BOUNDS))
        return counts | counts | sums

    def nth(self) -> st.SearchStrategy[Nth]:
        positions = st.sampled_from([1, 2, 3, 7, -1, -2, 21])
        return self.events.flatmap(
            lambda e: st.builds(
                Nth, self.rows_of(e), positions, st.none() | self.windows() if e.time else st.none(), self.filters(e)
            )
        )

    def share(self) -> st.SearchStrategy[Share]:
        def within(event: Event) -> st.SearchStrategy[Share]:
            return st.builds(
                lambda whole, more, c: Share(Rows(event.key, (*whole.filters, *more), whole.window), whole, c),
                self.rows_of(event),
                self.filters(event),
                self.comparison(FRACTIONS),
            )

        ratio = st.builds(Share, self.rows(), self.rows(), self.comparison(FRACTIONS))
        return self.events.flatmap(within) | ratio

    def sequence(self) -> st.SearchStrategy[Sequence]:
        @st.composite
        def sequences(draw: st.DrawFn) -> Sequence:
            first, then = draw(self.timed), draw(self.timed)
            both = sorted({p.key for p in first.properties} & {p.key for p in then.properties})
            same = draw(st.lists(st.sampled_from(both), max_size=2, unique=True)) if both else []
            within = draw(st.none() | self.durations())
            rows = draw(self.rows_of(first)), draw(self.rows_of(then))
            return Sequence(*rows, within, draw(st.booleans()), tuple(same))

        return sequences()

    def around(self) -> st.SearchStrategy[Around]:
        dates = [a.key for a in self.catalog.attributes if a.kind in (Kind.DATE, Kind.TIME)]
        lengths = st.none() | self.durations()
        pairs = st.tuples(lengths, lengths).filter(lambda p: p != (None, None))
        return st.builds(lambda r, a, p: Around(r, a, *p), self.rows(), st.sampled_from(dates), pairs)

    def by(self) -> st.SearchStrategy[str | Measured]:
        numbers = [a.key for a in self.catalog.attributes if a.kind in (Kind.NUMBER, Kind.MONEY, Kind.AGE)]
        return st.sampled_from(numbers) | self.measured()

    def leaves(self) -> st.SearchStrategy[Condition]:
        sides: Any = st.sampled_from(["top", "bottom"])
        members: Any = st.sampled_from(["segment", "snapshot", "list"])
        ids = st.sampled_from(["spring_buyers", "a1b2", "Lapsed VIPs", "2f6c-77"])
        kinds: list[st.SearchStrategy[Any]] = [
            self.has(),
            self.has(),
            self.did(),
            self.did(),
            self.nth(),
            self.share(),
            st.builds(
                Compare,
                self.measured(),
                st.sampled_from(sorted(COMPARISONS - {Operator.BETWEEN})),
                self.measured(),
                st.sampled_from([1, 2, 1.5]),
            ),
            self.sequence(),
            self.around(),
            st.builds(Sampled, st.sampled_from([1, 10, 33.3, 100]), st.sampled_from([0, 0, 7])),
            st.builds(Member, members, ids),
            st.builds(
                Near,
                st.floats(-90, 90).map(lambda v: round(v, 4)),
                st.floats(-180, 180).map(lambda v: round(v, 4)),
                st.one_of(st.integers(1, 500), st.just(2.5)),
                st.sampled_from(["km", "miles"]),
                st.sampled_from(["", "Austin, TX", "78701", "Köln", 'the "Loop" (Chicago)']),
            ),
            st.builds(Member, members, ids, st.sampled_from(["entered", "left"]), self.windows()),
            st.builds(
                lambda r, k, more, u: Regularly(r, k, k + more, u),
                self.rows(),
                st.integers(1, 6),
                st.integers(0, 6),
                self.units(clock=False),
            ),
            st.builds(Stopped, self.rows(), self.durations()),
            st.builds(CameBack, self.rows(), self.durations(), st.none() | self.windows()),
            st.builds(Ranked, sides, st.integers(1, 5000), st.just("people"), self.by()),
            st.builds(Ranked, sides, st.sampled_from([1, 2.5, 10, 100]), st.just("percent"), self.by()),
            st.builds(Against, st.sampled_from(["above", "below"]), st.sampled_from(["average", "median"]), self.by()),
            self.attributes.filter(lambda a: a.kind is Kind.CHOICE).flatmap(
                lambda a: st.builds(
                    Held,
                    st.just(a.key),
                    st.lists(self.value(a), min_size=1, max_size=2, unique=True).map(tuple),
                    self.durations(),
                )
            ),
        ]
        if self.terms:
            kinds.append(st.sampled_from(sorted(self.terms)).map(lambda k: Defined(k, self.terms[k])))
        if self.catalog.channels:
            kinds.append(st.sampled_from([c.key for c in self.catalog.channels]).map(Reachable))
        return st.one_of(kinds)

    def trees(self) -> st.SearchStrategy[Condition]:
        """Trees up to four levels deep; never nobody at all, because the reader refuses that."""
        sides: Any = st.sampled_from(["top", "bottom"])

        def grow(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
            parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
            within = inner | st.just(Everyone())
            return st.one_of(
                parts.map(AllOf),
                parts.map(AllOf),
                parts.map(AnyOf),
                inner.map(Not),
                st.builds(Capped, within, st.integers(1, 90_000), st.none(), st.just("top")),
                st.builds(Capped, within, st.integers(1, 90_000), self.by(), sides),
                st.builds(Ranked, sides, st.integers(1, 50), st.just("percent"), self.by(), within),
                st.builds(
                    Against, st.sampled_from(["above", "below"]), st.just("average"), self.by(), st.none() | within
                ),
            )

        leaves = self.leaves()
        return st.one_of(leaves, st.recursive(leaves, grow, max_leaves=6), st.just(Everyone()))
