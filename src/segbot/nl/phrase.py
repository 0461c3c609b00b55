"""Trees to plain English: the restatement on the card, the lines of the condition list, the labels of choices.

Deterministic, and written in words that the reader reads back to the same tree. A clause is a marker ("who", "whose", "")
and a text, so that one wording serves both the sentence ("women who never ordered") and the list ("Never ordered").
"""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass
from typing import assert_never

from segbot.model.catalog import Catalog, Event, Field, Role
from segbot.model.condition import (
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
    Listed,
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
)
from segbot.model.operators import Kind, Operator
from segbot.model.windows import Window
from segbot.nl.inflect import gerund, past, plural
from segbot.nl.phrase_times import duration, phrase_window, units

ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "JPY": "¥"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A predicate over people: the word that links it to its noun, and the rest."""

    marker: str
    text: str

    @property
    def linked(self) -> str:
        """As it stands behind a noun: who never ordered."""
        return f"{self.marker} {self.text}".strip()

    @property
    def line(self) -> str:
        """As it stands alone: Never ordered."""
        return self.text[:1].upper() + self.text[1:]


def phrase(condition: Condition, catalog: Catalog) -> str:
    """A whole tree as one sentence about people, without a full stop."""
    noun = catalog.customers.plural
    match condition:
        case Everyone():
            return f"all {noun}"
        case AllOf(parts=parts):
            clauses = [_Phraser(catalog).clause(part) for part in parts]
            return f"{noun} {_join([c.linked for c in clauses], 'and')}"
        case _:
            return f"{noun} {_Phraser(catalog).clause(condition).linked}"


def phrase_node(condition: Condition, catalog: Catalog) -> str:
    """One node as a line of its own: Gender is female; Never opened an email."""
    return _Phraser(catalog).clause(condition).line


def phrasephrase_window(window: Window, catalog: Catalog) -> str:
    """A window in words: in the last 90 days; since March; before 2024."""
    return phrase_window(window, catalog)


# --- conditions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Phraser:
    catalog: Catalog

    def clause(self, node: Condition) -> Clause:
        match node:
            case Everyone():
                return Clause("who are", "anyone")
            case AllOf(parts=parts):
                return Clause("", f"({_join([self.clause(p).linked for p in parts], 'and')})")
            case AnyOf(parts=parts):
                return self.either(parts)
            case Not(part=part):
                return self.negative(part)
            case Has():
                return self.has(node, negated=False)
            case Did():
                return self.did(node)
            case Nth(rows=rows, position=position, window=window, filters=filters):
                return self.nth(rows, position, window, filters)
            case Share():
                return self.share(node)
            case Compare(left=left, operator=operator, right=right, factor=factor):
                times = "" if factor == 1 else f"{_number(factor)} times "
                return Clause("whose", f"{self.by(left)} {_VERSUS[operator]} {times}the {self.by(right)}")
            case Sequence():
                return self.sequence(node)
            case Around(rows=rows, attribute=attribute, before=before, after=after):
                label = self.attribute_label(attribute)
                if before and after:
                    when = f"within {duration(before)} before or {duration(after)} after"
                elif after:
                    when = f"within {duration(after)} after"
                else:
                    assert before is not None
                    when = f"within {duration(before)} before"
                return Clause("who", f"{self.happened(rows)} {when} the {label}")
            case Ranked(side=side, amount=amount, unit=unit, by=by, within=within):
                share = f"{_number(amount)}%" if unit == "percent" else _number(amount)
                return Clause("in", f"the {side} {share} by {self.by(by)}{self.among(within)}")
            case Against(side=side, statistic=statistic, by=by, within=within):
                return Clause("whose", f"{self.by(by)} is {side} the {statistic}{self.among(within)}")
            case Sampled(percent=percent, seed=seed):
                return Clause("in", f"a random {_number(percent)}%" + (f" (draw {seed})" if seed else ""))
            case Capped(part=part, amount=amount, by=by, side=side):
                order = "" if by is None else f" with the {'highest' if side == 'top' else 'lowest'} {self.by(by)}"
                return Clause("in", f"at most {amount:,}{order} of those {self.clause(part).linked}")
            case Member():
                return self.member(node, negated=False)
            case Listed(keys=keys):
                return Clause("in", f"a list of {len(keys):,} {_count_noun(len(keys), self.catalog)}")
            case Defined(term=term):
                return Clause("who are", self.term(term))
            case Reachable(channel=channel):
                return Clause("who", f"can be reached by {self.channel(channel)}")
            case Regularly(rows=rows, at_least=least, of=of, unit=unit):
                return Clause("who", f"{self.happened(rows)} in at least {least} of the last {of} {units(of, unit)}")
            case Stopped(rows=rows, quiet=quiet):
                return Clause("who", f"stopped {self.doing(rows)} {duration(quiet)} ago")
            case CameBack(rows=rows, quiet=quiet, window=window):
                when = "" if window is None else f" {phrase_window(window, self.catalog)}"
                return Clause("who", f"came back to {self.doing(rows)}{when} after {duration(quiet)} without it")
            case Held(attribute=attribute, values=values, at_least=least):
                field = self.catalog.attribute(attribute)
                said = self.values(field, values)
                return Clause("whose", f"{self.attribute_label(attribute)} has been {said} for {duration(least)}")
            case _:
                assert_never(node)

    def either(self, parts: tuple[Condition, ...]) -> Clause:
        """Alternatives: who either ordered or returned; either whose age is under 25 or whose age is over 65."""
        clauses = [self.clause(part) for part in parts]
        if all(clause.marker == "who" for clause in clauses):
            return Clause("who", f"either {_join([c.text for c in clauses], 'or')}")
        return Clause("", f"either {_join([c.linked for c in clauses], 'or')}")

    def negative(self, part: Condition) -> Clause:
        match part:
            case Has():
                return self.has(part, negated=True)
            case Did(measure=measure, comparison=comparison) if measure.function == "count" and comparison == ONCE:
                return self.never(part.rows)
            case Member():
                return self.member(part, negated=True)
            case Defined(term=term):
                return Clause("who are", f"not {self.term(term)}")
            case Reachable(channel=channel):
                return Clause("who", f"can not be reached by {self.channel(channel)}")
            case Ranked() | Sampled() | Capped() | Listed():
                return Clause("not in", self.clause(part).text)
            case _:
                return Clause("", f"not ({self.clause(part).linked})")

    # --- attributes

    def has(self, node: Has, *, negated: bool) -> Clause:
        field = self.catalog.attribute(node.attribute)
        label = self.attribute_label(node.attribute)
        if field is not None and field.kind is Kind.FLAG and node.operator is Operator.IS:
            return _flag(label, bool(node.values[0]), negated)
        if field is not None and field.role is Role.BIRTH_DATE and node.operator is Operator.WITHIN and node.window:
            return Clause("who", f"were {'not ' if negated else ''}born {phrase_window(node.window, self.catalog)}")
        if node.operator is Operator.IS_SET:
            return Clause("who", f"{'have no' if negated else 'have'} {_article(label) if not negated else label}")
        return Clause("whose", self.tested(field, label, node, negated=negated))

    def tested(self, field: Field | None, label: str, test: Has | Filter, *, negated: bool) -> str:
        """A label, its operator in words, and the values: state is not Texas."""
        no = "not " if negated else ""
        values = test.values
        match test.operator:
            case Operator.IS:
                return f"{label} is {no}{self.values(field, values)}"
            case Operator.GT:
                return f"{label} is {no}over {self.values(field, values)}"
            case Operator.GE:
                return f"{label} is {no}at least {self.values(field, values)}"
            case Operator.LT:
                return f"{label} is {no}under {self.values(field, values)}"
            case Operator.LE:
                return f"{label} is {no}at most {self.values(field, values)}"
            case Operator.BETWEEN:
                low, high = (self.value(field, v) for v in values)
                return f"{label} is {no}between {low} and {high}"
            case Operator.WITHIN:
                assert test.window is not None
                return f"{label} is {no}{phrase_window(test.window, self.catalog)}"
            case Operator.ANNIVERSARY:
                assert test.window is not None
                said = "birthday" if field is not None and field.role is Role.BIRTH_DATE else f"{label} anniversary"
                return f"{said} is {no}{phrase_window(test.window, self.catalog)}"
            case Operator.IS_SET:
                return f"{label} is {'not set' if negated else 'set'}"
            case Operator.CONTAINS:
                return f"{label} {'does not contain' if negated else 'contains'} {self.quoted(values)}"
            case Operator.STARTS_WITH:
                return f"{label} {'does not start' if negated else 'starts'} with {self.quoted(values)}"
            case Operator.ENDS_WITH:
                return f"{label} {'does not end' if negated else 'ends'} with {self.quoted(values)}"
            case Operator.MATCHES:
                return f"{label} {'does not match' if negated else 'matches'} {self.quoted(values)}"
            case Operator.DOMAIN:
                return f"{label} is {no}at {_join([str(v) for v in values], 'or')}"
            case Operator.COUNTRY_CODE:
                return (
                    f"{label} {'has not' if negated else 'has'} country code {_join([f'+{v}' for v in values], 'or')}"
                )
            case Operator.HAS_ANY:
                verb = "do not include" if negated else "include"
                return f"{label} {verb} {self.values(field, values)}"
            case Operator.HAS_ALL:
                verb = "do not include" if negated else "include"
                return f"{label} {verb} all of {_join([self.value(field, v) for v in values], 'and')}"
            case Operator.LENGTH:
                return f"{label} {'do not have' if negated else 'have'} {values[0]} to {values[1]} entries"
            case Operator.NEAR:
                return f"{label} is {no}within {_number(values[2])} km of {values[0]}, {values[1]}"
            case _:
                assert_never(test.operator)

    def attribute_label(self, key: str) -> str:
        field = self.catalog.attribute(key)
        return _lower(field.label) if field else key.replace("_", " ")

    def values(self, field: Field | None, values: tuple[Value, ...]) -> str:
        return _join([self.value(field, v) for v in values], "or")

    def value(self, field: Field | None, value: Value) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            entry = field.value(value) if field else None
            return entry.label if entry else value
        if field is not None and field.kind is Kind.MONEY:
            return _money(value, self.catalog.currency)
        unit = f" {field.unit}" if field is not None and field.unit and field.kind is not Kind.AGE else ""
        return f"{_number(value)}{unit}"

    @staticmethod
    def quoted(values: tuple[Value, ...]) -> str:
        return _join([f'"{v}"' for v in values], "or")

    # --- events

    def did(self, node: Did) -> Clause:
        rows, measure, comparison = node.rows, node.measure, node.comparison
        event = self.catalog.event(rows.event)
        if measure.function == "count":
            if comparison == ONCE:
                return Clause("who", self.happened(rows) + self.when(rows))
            return Clause("who", f"{self.happened(rows)} {_times(comparison)}{self.when(rows)}")
        spent = event is not None and measure.function == "sum" and measure.property == event.amount
        if spent and event is not None and event.spend_verbs:
            amount = self.compared(event.property(measure.property or ""), comparison)
            return Clause("who", f"{past(event.spend_verbs[0])} {amount}{self.on(rows)}{self.when(rows)}")
        if measure.function == "sum" and event is not None and measure.property == event.quantity:
            number = _bounds(comparison, _number)
            return Clause("who", f"{past(_verb(event))} {number} {self.things(rows)}{self.when(rows)}")
        field = event.property(measure.property or "") if event else None
        said = self.measured(Measured(rows, measure))
        return Clause("whose", f"{said} is {self.compared(field, comparison)}")

    def never(self, rows: Rows) -> Clause:
        if rows.window is None:
            return Clause("who", f"never {self.happened(rows)}")
        event = self.catalog.event(rows.event)
        verb = event.verbs[0] if event and event.verbs else None
        if verb is None:
            return Clause("who", f"had no {self.noun(event)}{self.where(rows)}{self.when(rows)}")
        said = f"did not {verb.lemma}{_particle(verb.particle)}{self.object(rows)}{self.where(rows)}"
        return Clause("who", said + self.when(rows))

    def happened(self, rows: Rows) -> str:
        event = self.catalog.event(rows.event)
        if event is None or not event.verbs:
            return f"had {_article(self.noun(event))}{self.where(rows)}"
        verb = event.verbs[0]
        return f"{past(verb.lemma)}{_particle(verb.particle)}{self.object(rows)}{self.where(rows)}"

    def doing(self, rows: Rows) -> str:
        event = self.catalog.event(rows.event)
        if event is None or not event.verbs:
            return f"having {_article(self.noun(event))}{self.where(rows)}"
        verb = event.verbs[0]
        return f"{gerund(verb.lemma)}{_particle(verb.particle)}{self.object(rows)}{self.where(rows)}"

    def object(self, rows: Rows) -> str:
        """The things of "bought shoes or hats": the first filter whose property may stand as the verb's object."""
        spoken = self._object(rows)
        return f" {spoken[1]}" if spoken else ""

    def _object(self, rows: Rows) -> tuple[Filter, str] | None:
        event = self.catalog.event(rows.event)
        if event is None:
            return None
        for test in rows.filters:
            if test.property in event.objects and test.operator is Operator.IS and not test.negated:
                return test, self.values(event.property(test.property), test.values)
        return None

    def where(self, rows: Rows) -> str:
        event = self.catalog.event(rows.event)
        spoken = self._object(rows)
        rest = [f for f in rows.filters if spoken is None or f is not spoken[0]]
        if not rest:
            return ""
        return " where " + _join([self.filter(event, f) for f in rest], "and")

    def filter(self, event: Event | None, test: Filter) -> str:
        field = event.property(test.property) if event else None
        label = _lower(field.label) if field else test.property.replace("_", " ")
        return self.tested(field, label, test, negated=test.negated)

    def when(self, rows: Rows) -> str:
        return "" if rows.window is None else f" {phrase_window(rows.window, self.catalog)}"

    def on(self, rows: Rows) -> str:
        spoken = self._object(rows)
        return (f" on {spoken[1]}" if spoken else "") + self.where(rows)

    def things(self, rows: Rows) -> str:
        spoken = self._object(rows)
        event = self.catalog.event(rows.event)
        return (spoken[1] if spoken else plural(self.noun(event))) + self.where(rows)

    def noun(self, event: Event | None) -> str:
        if event is None:
            return "event"
        return event.nouns[0] if event.nouns else _lower(event.label)

    def nth(self, rows: Rows, position: int, window: Window | None, filters: tuple[Filter, ...]) -> Clause:
        event = self.catalog.event(rows.event)
        ordinal = ORDINALS.get(position, f"{abs(position)}th" + (" last" if position < 0 else ""))
        spoken = self._object(rows)
        thing = f"{self.noun(event)}" + (f" of {spoken[1]}" if spoken else "") + self.where(rows) + self.when(rows)
        said = [f"was {phrase_window(window, self.catalog)}"] if window else []
        said += [f"had {self.filter(event, f)}" for f in filters]
        return Clause("whose", f"{ordinal} {thing} {_join(said or ['exists'], 'and')}")

    def share(self, node: Share) -> Clause:
        whole, part = node.whole, node.part
        extra = tuple(f for f in part.filters if f not in whole.filters)
        percent = _bounds(node.comparison, lambda v: f"{float(v) * 100:.6g}%")
        event = self.catalog.event(whole.event)
        if part.event == whole.event and part.window == whole.window:
            what = _join([self.filter(event, f) for f in extra], "and") or "it counts"
            return Clause("whose", f"share of {plural(self.noun(event))}{self.where(whole)} where {what}"
                          f"{self.when(whole)} is {percent}")  # fmt: skip
        some = plural(self.noun(self.catalog.event(part.event)))
        every = plural(self.noun(event))
        return Clause("whose", f"ratio of {some}{self.where(part)}{self.when(part)} to "
                      f"{every}{self.where(whole)}{self.when(whole)} is {percent}")  # fmt: skip

    def sequence(self, node: Sequence) -> Clause:
        within = f" within {duration(node.within)}" if node.within else ""
        same = f" the same {_join([s.replace('_', ' ') for s in node.same], 'and')}" if node.same else ""
        first = self.happened(node.first) + self.when(node.first)
        if node.then_never:
            event = self.catalog.event(node.then.event)
            base = event.verbs[0] if event and event.verbs else None
            tail = f"{base.lemma}{_particle(base.particle)}" if base else f"have {_article(self.noun(event))}"
            rest = f"{self.object(node.then)}{self.where(node.then)}{same}{within}{self.when(node.then)}"
            return Clause("who", f"{first} and then did not {tail}{rest}")
        return Clause("who", f"{first} and then {self.happened(node.then)}{same}{within}{self.when(node.then)}")

    # --- measures, membership, words

    def by(self, what: str | Measured) -> str:
        return self.attribute_label(what) if isinstance(what, str) else self.measured(what)

    def measured(self, what: Measured) -> str:
        event = self.catalog.event(what.rows.event)
        nouns = plural(self.noun(event))
        field = event.property(what.measure.property or "") if event else None
        label = _lower(field.label) if field else (what.measure.property or "").replace("_", " ")
        tail = self.where_all(what.rows) + self.when(what.rows)
        match what.measure.function:
            case "count":
                return f"number of {nouns}{tail}"
            case "sum":
                return f"total {label} of {nouns}{tail}"
            case "average":
                return f"average {label} of {nouns}{tail}"
            case "minimum":
                return f"lowest {label} of {nouns}{tail}"
            case "maximum":
                return f"highest {label} of {nouns}{tail}"
            case "distinct":
                return f"number of different {plural(label)} of {nouns}{tail}"
            case _:
                assert_never(what.measure.function)

    def where_all(self, rows: Rows) -> str:
        event = self.catalog.event(rows.event)
        if not rows.filters:
            return ""
        return " where " + _join([self.filter(event, f) for f in rows.filters], "and")

    def compared(self, field: Field | None, comparison: Comparison) -> str:
        return _bounds(comparison, lambda v: self.value(field, v))

    def among(self, within: Condition | None) -> str:
        return "" if within is None else f" among those {self.clause(within).linked}"

    def member(self, node: Member, *, negated: bool) -> Clause:
        where = f"the {node.of} {node.id}"
        if node.change is not None and node.window is not None:
            did = ("did not enter" if negated else "entered") if node.change == "entered" else (
                "did not leave" if negated else "left"
            )  # fmt: skip
            return Clause("who", f"{did} {where} {phrase_window(node.window, self.catalog)}")
        return Clause("not in" if negated else "in", where)

    def term(self, key: str) -> str:
        found = next((t for t in self.catalog.dictionary if t.key == key), None)
        return found.words[0] if found and found.words else key.replace("_", " ")

    def channel(self, key: str) -> str:
        channel = self.catalog.channel(key)
        return _lower(channel.label) if channel else key


# --- small words --------------------------------------------------------------------------------

_VERSUS = {
    Operator.GT: "is more than",
    Operator.GE: "is at least",
    Operator.LT: "is less than",
    Operator.LE: "is at most",
    Operator.IS: "equals",
}


def _bounds(comparison: Comparison, said: object) -> str:
    assert callable(said)
    values = [said(v) for v in comparison.values]
    match comparison.operator:
        case Operator.GT:
            return f"over {values[0]}"
        case Operator.GE:
            return f"at least {values[0]}"
        case Operator.LT:
            return f"under {values[0]}"
        case Operator.LE:
            return f"at most {values[0]}"
        case Operator.BETWEEN:
            return f"between {values[0]} and {values[1]}"
        case _:
            return f"exactly {values[0]}"


def _times(comparison: Comparison) -> str:
    one = comparison.values in ((1,), (0,)) and comparison.operator is not Operator.BETWEEN
    return f"{_bounds(comparison, _number)} {'time' if one and comparison.values == (1,) else 'times'}"


def _flag(label: str, value: bool, negated: bool) -> Clause:
    first = label.split(" ", 1)[0]
    if first == "is" or first.endswith("ed"):
        said = label.removeprefix("is ")
        words = {(True, False): f"are {said}", (False, False): f"are marked as not {said}"}
        words |= {(True, True): f"are not {said}", (False, True): f"are not marked as not {said}"}
        return Clause("who", words[value, negated])
    said = label.removeprefix("has ")
    words = {(True, False): f"have {said}", (False, False): f"have no {said}"}
    words |= {(True, True): f"do not have {said}", (False, True): f"do not lack {said}"}
    return Clause("who", words[value, negated])


def _join(parts: Many[str], word: str) -> str:
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _lower(label: str) -> str:
    """A label inside a sentence: Home ownership → home ownership; SMS opt-in stays."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _number(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _money(value: Value, currency: str) -> str:
    sign = CURRENCY_SIGNS.get(currency)
    said = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
    return f"{sign}{said}" if sign else f"{said} {currency}"


def _particle(particle: str) -> str:
    return f" {particle}" if particle else ""


def _verb(event: Event) -> str:
    return event.verbs[0].lemma if event.verbs else "have"


def _count_noun(amount: int, catalog: Catalog) -> str:
    return catalog.customers.noun if amount == 1 else catalog.customers.plural
