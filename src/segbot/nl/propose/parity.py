"""Whether a proposed condition says what its quoted words say: numbers, comparisons, negations, times, and known words.

A proposal that swaps "over" for "under", loses a "not" or makes up a threshold is refused here, with a sentence that names
the condition and the words. Words that nobody knows are allowed; they come back as guesses for the person to confirm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from segbot.model.catalog import Catalog, Role
from segbot.model.condition import (
    COUNT,
    ONCE,
    Against,
    Comparison,
    Condition,
    Defined,
    Did,
    Filter,
    Has,
    Measured,
    Nth,
    Ranked,
    Reachable,
    Sequence,
    Stopped,
    rows_of,
)
from segbot.model.operators import Kind, Operator
from segbot.model.windows import Ago, Ahead, Calendar, Dated, EndOf, Named, Now, Point, StartOf, Unit, Window
from segbot.nl.meaning import Attr, Doing, Flag, Refs, Word
from segbot.nl.propose.shapes import Shape
from segbot.nl.propose.words import Known, Part, Said, Sentence, Spell


@dataclass(frozen=True, slots=True)
class Told:
    """A number that a condition tests or counts by. `free` numbers need not be said: the default "at least 1"."""

    value: float
    operator: Operator | None = None
    unit: Unit | None = None
    free: bool = False


@dataclass(frozen=True, slots=True)
class Quoting:
    """A lifted condition with its place in the logic and the tokens it quotes."""

    id: str
    condition: Condition
    negated: bool
    tokens: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Mentions:
    """The catalog names that a condition tests, for comparing with the words it quotes."""

    fields: frozenset[tuple[str | None, str]]
    values: frozenset[tuple[str, str]]
    events: frozenset[str]
    terms: frozenset[str]
    channels: frozenset[str]
    named: frozenset[str]
    flags: frozenset[tuple[str, bool]]


def disparities(quoting: tuple[Quoting, ...], sentence: Sentence, catalog: Catalog) -> tuple[str, ...]:
    """Every way in which conditions differ from the words they quote."""
    errors: list[str] = []
    for one in quoting:
        check = _Check(one, sentence, catalog)
        errors += check.numbers()
        errors += check.negation()
        errors += check.times()
        errors += check.support()
        shape = Shape(one.id, one.condition, one.tokens, sentence, catalog, bool(guesses(one, sentence)))
        errors += shape.errors()
    errors += _numbers_kept(quoting, sentence)
    errors += _words_kept(quoting, sentence, catalog)
    return tuple(dict.fromkeys(errors))


def guesses(one: Quoting, sentence: Sentence) -> frozenset[int]:
    """The quoted words that neither the catalog nor the closed classes know: what they mean is the model's guess."""
    known = {i for k in sentence.known for i in range(k.first, k.last)}
    return frozenset(
        i for i in one.tokens if sentence.parts[i] is Part.CONTENT and i not in known and i not in sentence.closed
    )


_SAME = {
    "GT": frozenset({Operator.GT}),
    "GE": frozenset({Operator.GE}),
    "LT": frozenset({Operator.LT}),
    "LE": frozenset({Operator.LE}),
    "EXACTLY": frozenset({Operator.IS}),
}
_OPPOSITE = {"GT": Operator.LE, "GE": Operator.LT, "LT": Operator.GE, "LE": Operator.GT}


def _fits(said: Said, told: Told, negated: bool, loose: bool) -> bool:
    if told.value not in said.values:
        return False
    if told.unit is not None:  # an amount of time: its comparing words belong to the time
        return said.unit is None or said.unit is told.unit
    if told.operator is None:
        return True
    if said.comparator is None:  # "twice", "25-40": over and under have words of their own
        return loose or told.operator in (Operator.IS, Operator.GE, Operator.BETWEEN)
    if said.negative and negated:
        return told.operator is _OPPOSITE.get(said.comparator)
    return told.operator in _SAME[said.comparator]


@dataclass(frozen=True, slots=True)
class _Check:
    one: Quoting
    sentence: Sentence
    catalog: Catalog

    @property
    def quoted(self) -> str:
        start, end = self.sentence.span(self.one.tokens)
        return self.sentence.text[start:end]

    def said(self) -> list[Said]:
        return [n for n in self.sentence.numbers if set(range(n.first, n.last)) <= self.one.tokens]

    def numbers(self) -> Iterable[str]:
        """Every number of the condition is said in its quotes."""
        said = self.said()
        spells = self.spells()
        for told in told_numbers(self.one.condition):
            spelt = told.value == 1 and told.unit is not None and any(s.unit is told.unit for s in spells)
            if told.free or spelt:
                continue
            same = [n for n in said if told.value in n.values]
            if not same:
                yield (
                    f"{self.one.id}: the number {_plain(told.value)} is not said in its evidence; quote the words that say "
                    "it, or leave it out"
                )
            elif not any(_fits(n, told, self.one.negated, bool(guesses(self.one, self.sentence))) for n in same):
                words = " / ".join(self.words(n) for n in same)
                yield f"{self.one.id}: {words!r} is not {told.operator or told.unit} {_plain(told.value)}"

    def words(self, said: Said) -> str:
        low = max(0, said.first - 3 if said.comparator else said.first)
        high = min(len(self.sentence.tokens), said.last + 1)
        inside = [i for i in range(low, high) if i in self.one.tokens] or list(range(said.first, said.last))
        start, end = self.sentence.span(inside)
        return self.sentence.text[start:end]

    def negation(self) -> Iterable[str]:
        """As many negations are quoted as the condition has, up to pairs of them."""
        quoted = sum(set(range(*n)) <= self.one.tokens for n in self.sentence.negations)
        cats = {c for i in self.one.tokens for c in self.sentence.cats[i]}
        implied = bool(cats & {"MISSING", "UNSUBSCRIBED", "STOPPED"}) or any(n.negative for n in self.said())
        heard = [k for k in self.sentence.known if self.covers(k)]
        implied = implied or any(_says_no(k) for k in heard)
        own = _own_negations(self.one.condition)
        has = (self.one.negated + own) % 2
        if implied and not has and isinstance(self.one.condition, Has) and not quoted:
            affirmed = mentions(self.one.condition).flags & _heard(heard, self.catalog).flags
            if not affirmed and "UNSUBSCRIBED" in cats:
                yield f"{self.one.id} quotes a negation in {self.quoted!r} but is not negated"
            return
        if has == quoted % 2 or (implied and has) or (own and not quoted and isinstance(self.one.condition, Has)):
            return
        if has and not quoted and guesses(self.one, self.sentence):
            return  # "childless": an unknown word may hold the negation, and is shown as a guess
        if has:
            yield f"{self.one.id} is negated, but its evidence says no negation; quote the word (not, never, no, except)"
        else:
            yield f"{self.one.id} quotes a negation in {self.quoted!r} but is not negated"

    def covers(self, known: Known) -> bool:
        return set(range(known.first, known.last)) <= self.one.tokens

    # --- time

    def spells(self) -> list[Spell]:
        return [s for s in self.sentence.spells if set(range(s.first, s.last)) <= self.one.tokens]

    def times(self) -> Iterable[str]:
        """Windows agree in direction with "last", "this", "next", "since", "before", "after"; none is made up or lost."""
        windows = [w for w in _windows(self.one.condition) if w is not None]
        ends = [p for w in windows for p in (w.start, w.end)]
        spells = self.spells()
        for point in ends:
            calendar = _calendar(point)
            if calendar is None or abs(calendar.offset) > 1:
                continue
            if not any(s.unit is calendar.unit and s.offset == calendar.offset for s in spells):
                yield f"{self.one.id}: its evidence does not say {_direction(calendar.offset)} {calendar.unit}"
                return
        norms = {self.sentence.tokens[i].norm for i in self.one.tokens}
        for spelt in spells:
            if not any(_agrees(point, spelt) for point in ends) and not isinstance(self.one.condition, Stopped):
                yield f"{self.one.id} quotes {_direction(spelt.offset)} {spelt.unit}, which its window does not say"
        if not windows:
            return
        starts = [w.start for w in windows]
        closes = [w.end for w in windows]
        if "since" in norms and "before" not in norms and not any(s is not None for s in starts):
            yield f"{self.one.id} quotes 'since', but its window has no start"
        if norms & {"before", "until"} and not any(e is not None and not isinstance(e, Now) for e in closes):
            yield f"{self.one.id} quotes 'before', but its window has no end"
        if "after" in norms and not any(s is not None for s in starts):
            yield f"{self.one.id} quotes 'after', but its window has no start"
        if norms & {"last", "past", "previous"} and any(isinstance(p, Ahead) for p in ends):
            yield f"{self.one.id} quotes the past, but its window lies ahead"
        if norms & {"next", "coming", "upcoming"} and any(isinstance(p, Ago) for p in ends):
            yield f"{self.one.id} quotes the future, but its window lies behind"

    # --- what the words say

    def support(self) -> Iterable[str]:
        """The names a condition tests are said in its quotes, or stand for words that nobody knows."""
        if guesses(self.one, self.sentence):
            return
        mine = mentions(self.one.condition)
        heard = [k for k in self.sentence.known if self.covers(k)]
        about = _heard(heard, self.catalog)
        if missing := sorted(v for key, v in mine.values - about.values if not self.reaches(key, about)):
            yield f"{self.one.id}: nothing in its evidence {self.quoted!r} says {', '.join(missing)}"
        owners = {owner for owner, _ in about.fields if owner}
        for event in sorted(mine.events):
            said = event in about.events or event in owners
            if not said and not (self.finer() and self.related(event, about.events | owners)):
                yield f"{self.one.id}: nothing in its evidence {self.quoted!r} says event {event}"
        for owner, key in sorted(mine.fields, key=repr):
            consents = {c.consent for c in self.catalog.channels if c.key in about.channels}
            named = (owner, key) in about.fields or key in consents
            if owner is None and not named and not self.bare(key):
                yield f"{self.one.id}: nothing in its evidence {self.quoted!r} says field {key}"
        for term in sorted(mine.terms - about.terms):
            yield f"{self.one.id}: nothing in its evidence {self.quoted!r} says the term {term}"
        for channel in sorted(mine.channels - about.channels):
            yield f"{self.one.id}: nothing in its evidence {self.quoted!r} says the channel {channel}"

    def reaches(self, key: str, about: _Mentions) -> bool:
        """Whether values of an ordered field follow from one that is said: gold or higher."""
        cats = {c for i in self.one.tokens for c in self.sentence.cats[i]}
        fields = (self.catalog.attribute(key), *(e.property(key) for e in self.catalog.events))
        ordered = any(field is not None and field.ordered for field in fields)
        more = cats & {"MORE_AFTER", "LESS_AFTER", "GT", "GE", "LT", "LE", "HIGHEST", "LOWEST"}
        return ordered and bool(more) and (any(k == key for k, _ in about.values) or bool(cats & {"HIGHEST", "LOWEST"}))

    def finer(self) -> bool:
        """Whether another grain of the event may be meant: for things and sums, not for a bare count."""
        node = self.one.condition
        filtered = any(rows.filters for rows in rows_of(node))
        return filtered or any(True for _ in _measured(node))

    def related(self, event: str, said: frozenset[str] | set[str]) -> bool:
        """Whether one of the events said is this one at another grain: an order's items."""
        found = self.catalog.event(event)
        finer = found.value_of if found else None
        coarser = {e.key for e in self.catalog.events if e.value_of == event}
        return finer in said or bool(coarser & said)

    def bare(self, key: str) -> bool:
        """Whether an attribute may go without its name: "over 30" is an age, "born in May" a birthday."""
        field = self.catalog.attribute(key)
        cats = {c for i in self.one.tokens for c in self.sentence.cats[i]}
        if field is None:
            return False
        if field.role is Role.AGE:
            return bool(self.said()) and isinstance(self.one.condition, Has)
        if field.role is Role.BIRTH_DATE:
            return bool(cats & {"BORN", "BIRTHDAY", "TURNING", "GENERATION"})
        if field.kind is Kind.EMAIL:
            return "PROVIDER" in cats or any(self.sentence.tokens[i].kind == "domain" for i in self.one.tokens)
        return False


def _numbers_kept(quoting: tuple[Quoting, ...], sentence: Sentence) -> Iterable[str]:
    """Every number that is said stands in a condition that quotes it."""
    for said in sentence.numbers:
        tokens = set(range(said.first, said.last))
        users = [q for q in quoting if tokens <= q.tokens]
        if not said.must or not users:
            continue
        if not any(
            _fits(said, told, q.negated, bool(guesses(q, sentence)))
            for q in users
            for told in told_numbers(q.condition)
        ):
            start, end = sentence.span(tokens)
            yield f"{', '.join(q.id for q in users)}: {sentence.text[start:end]!r} is quoted, but the condition does not say it"


def _words_kept(quoting: tuple[Quoting, ...], sentence: Sentence, catalog: Catalog) -> Iterable[str]:
    """What the catalog knows of the quoted words (values, events, terms, named days) is in a condition that quotes them."""
    longest: dict[int, Known] = {}
    for known in sentence.known:
        if any(sentence.parts[i] is not Part.CONTENT or i in sentence.closed for i in range(known.first, known.last)):
            continue
        old = longest.get(known.first)
        if old is None or known.last > old.last:
            longest[known.first] = known
    end = 0
    for first, known in sorted(longest.items()):
        if first < end:
            continue
        end = known.last
        about = _heard([known], catalog)
        if not (about.values or about.terms or about.named or (about.events and not about.fields)):
            continue
        if any(e.cat in ("ATTR", "FLAG", "CHANNEL", "CHANNELVERB", "UNITATTR") for e in known.entries):
            continue
        users = [q for q in quoting if set(range(known.first, known.last)) <= q.tokens]
        if users and not any(_shares(mentions(q.condition), about, catalog) for q in users):
            start, stop = sentence.span(range(known.first, known.last))
            yield f"{', '.join(q.id for q in users)}: {sentence.text[start:stop]!r} is quoted, but the condition is not about it"


def _shares(mine: _Mentions, about: _Mentions, catalog: Catalog) -> bool:
    related = set(about.events)
    for key in about.events:
        event = catalog.event(key)
        related |= {event.value_of} if event and event.value_of else set()
        related |= {e.key for e in catalog.events if e.value_of == key}
    return bool(
        mine.values & about.values
        or mine.events & related
        or mine.terms & about.terms
        or mine.named & about.named
        or mine.channels & about.channels
        or (mine.terms and about.events)
    )


def _heard(known: Iterable[Known], catalog: Catalog) -> _Mentions:
    fields: set[tuple[str | None, str]] = set()
    values: set[tuple[str, str]] = set()
    events: set[str] = set()
    words: dict[str, set[str]] = {"TERM": set(), "CHANNEL": set(), "CHANNELVERB": set(), "NAMEDPERIOD": set()}
    flags: set[tuple[str, bool]] = set()
    for one in known:
        for entry in one.entries:
            if entry.cat == "KINDOF":  # names the kind of a value beside it; alone it is about nothing
                continue
            match entry.sem:
                case Refs(refs=refs):
                    fields |= {(r.owner, r.field) for r in refs}
                    values |= {(r.field, str(r.value)) for r in refs}
                case Attr(names=names):
                    fields |= set(names)
                case Flag(field=key, value=value, owner=owner):
                    fields.add((owner, key))
                    flags.add((key, value))
                case Doing(events=keys):
                    events |= set(keys)
                case Word(value=str() as key) if entry.cat in words:
                    words[entry.cat].add(key)
                case _:
                    pass
    channels = words["CHANNEL"] | words["CHANNELVERB"]
    terms = words["TERM"] | {said for t in catalog.dictionary if t.key in words["TERM"] for said in t.words}
    return _Mentions(
        frozenset(fields), frozenset(values), frozenset(events), frozenset(terms), frozenset(channels),
        frozenset(words["NAMEDPERIOD"]), frozenset(flags),
    )  # fmt: skip


def mentions(node: Condition) -> _Mentions:
    """The catalog names of one lifted condition."""
    fields: set[tuple[str | None, str]] = set()
    values: set[tuple[str, str]] = set()
    flags: set[tuple[str, bool]] = set()
    for owner, key, operator, found in _tests(node):
        fields.add((owner, key))
        if operator in (Operator.IS, Operator.HAS_ANY, Operator.HAS_ALL):
            values |= {(key, v) for v in found if isinstance(v, str)}
        flags |= {(key, v) for v in found if isinstance(v, bool)}
    if isinstance(node, Ranked | Against) and isinstance(node.by, str):
        fields.add((None, node.by))
    named = {
        p.period.name
        for w in _windows(node)
        if w is not None
        for p in (w.start, w.end)
        if isinstance(p, StartOf | EndOf) and isinstance(p.period, Named)
    }
    return _Mentions(
        frozenset(fields),
        frozenset(values),
        frozenset(rows.event for rows in rows_of(node)),
        frozenset({node.term} if isinstance(node, Defined) else ()),
        frozenset({node.channel} if isinstance(node, Reachable) else ()),
        frozenset(named),
        frozenset(flags),
    )


_Test = tuple[str | None, str, Operator, tuple[object, ...]]


def _tests(node: Condition) -> Iterable[_Test]:
    if isinstance(node, Has):
        yield None, node.attribute, node.operator, node.values
    for rows in rows_of(node):
        filters: tuple[Filter, ...] = rows.filters + (node.filters if isinstance(node, Nth) else ())
        for test in filters:
            yield rows.event, test.property, test.operator, test.values
        for measure in _measured(node):
            yield rows.event, measure, Operator.IS_SET, ()


def _measured(node: Condition) -> Iterable[str]:
    measure = node.measure if isinstance(node, Did) else None
    if isinstance(node, Ranked | Against) and isinstance(node.by, Measured):
        measure = node.by.measure
    if measure is not None and measure.property is not None:
        yield measure.property


# --- numbers and times of a condition -----------------------------------------------------------


def told_numbers(node: Condition) -> tuple[Told, ...]:
    """Every number in one lifted condition. Terms keep their own numbers: the house defined those."""
    told: list[Told] = []
    for _, _, operator, values in _tests(node):
        told += [Told(float(v), operator) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
        told += [Told(float(d), free=True) for v in values if isinstance(v, str) for d in _digits(v)]
    for window in _windows(node):
        for point in (window.start, window.end) if window else ():
            told += _told_point(point)
    match node:
        case Did(comparison=Comparison() as comparison, measure=measure):
            free = comparison == ONCE and measure == COUNT
            told += [Told(float(v), comparison.operator, free=free) for v in comparison.values]
        case Ranked(amount=amount):
            told.append(Told(float(amount)))
        case Nth(position=position):
            told.append(Told(float(abs(position)), free=True))
        case Sequence(within=within) if within is not None:
            told.append(Told(float(within.amount), unit=within.unit))
        case Stopped(quiet=quiet):
            told.append(Told(float(quiet.amount), unit=quiet.unit))
        case _:
            pass
    return tuple(told)


def _told_point(point: Point | None) -> list[Told]:
    match point:
        case None | Now():
            return []
        case Ago(amount=amount, unit=unit) | Ahead(amount=amount, unit=unit):
            return [Told(float(amount), unit=unit)]
        case StartOf(period=period) | EndOf(period=period):
            match period:
                case Calendar(offset=offset, unit=unit):
                    return [Told(float(abs(offset)), unit=unit, free=abs(offset) < 2)]
                case Dated(year=year, month=month, day=day, quarter=quarter, half=half):
                    return [Told(float(v)) for v in (year, month, day, quarter, half) if v is not None]
                case _:
                    return []
        case _:
            assert_never(point)


def _windows(node: Condition) -> tuple[Window | None, ...]:
    own = node.window if isinstance(node, Has | Nth) else None
    return (own, *(rows.window for rows in rows_of(node)))


def _calendar(point: Point | None) -> Calendar | None:
    if isinstance(point, StartOf | EndOf) and isinstance(point.period, Calendar):
        return point.period
    return None


def _agrees(point: Point | None, spelt: Spell) -> bool:
    match point:
        case Ago(unit=unit):
            return spelt.offset == -1 and unit is spelt.unit
        case Ahead(unit=unit):
            return spelt.offset == 1 and unit is spelt.unit
        case StartOf(period=Calendar(unit=unit, offset=offset)) | EndOf(period=Calendar(unit=unit, offset=offset)):
            return unit is spelt.unit and offset == spelt.offset
        case _:
            return False


def _direction(offset: int) -> str:
    return {-1: "last", 0: "this", 1: "next"}.get(offset, "some")


def _own_negations(node: Condition) -> int:
    """Negations inside a condition: a filter turned round, "and then never", a flag that is false."""
    filters = [f for rows in rows_of(node) for f in rows.filters]
    filters += node.filters if isinstance(node, Nth) else ()
    count = sum(f.negated for f in filters)
    count += sum(v is False for _, _, _, values in _tests(node) for v in values)
    return count + (isinstance(node, Sequence) and node.then_never)


def _says_no(known: Known) -> bool:
    return any(isinstance(e.sem, Flag) and not e.sem.value for e in known.entries)


def _digits(text: str) -> list[str]:
    return "".join(letter if letter.isdigit() and letter.isascii() else " " for letter in text).split()


def _plain(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"
