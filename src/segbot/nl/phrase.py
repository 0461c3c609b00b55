"""Trees to plain English: the restatement on the card, the lines of the condition list, the labels of choices.

Deterministic, and one wording for one tree: `segbot.nl.restated` reads every sentence of this module back to the tree it
came from. Only customers listed by key are said by their number alone. A clause is a marker ("who", "whose", "in") and a
text, so that one wording serves both the sentence ("women who never ordered") and the list ("Never ordered").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias, assert_never

from segbot.model.catalog import Catalog, Field, Role
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
    Value,
)
from segbot.model.operators import MOST_ENTRIES, Kind, Operator
from segbot.nl.inflect import plural
from segbot.nl.names import PLACES, Names, Spoken, article, names_of, numbered, quoted
from segbot.nl.phrase_times import duration, phrase_window, units

CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "JPY": "¥"}


Phrases: TypeAlias = Mapping[tuple[str, str | None], object]


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
        """As it stands alone: Never ordered; Not in the top 10% by points."""
        if self.marker == "not in":
            return f"Not in {self.text}"
        return self.text[:1].upper() + self.text[1:]


def phrase(condition: Condition, catalog: Catalog) -> str:
    """A whole tree as one sentence about people, without a full stop."""
    return _Phraser(catalog, names_of(catalog)).sentence(condition)


def phrase_node(condition: Condition, catalog: Catalog) -> str:
    """One node as a line of its own: Gender is female; Never opened an email."""
    return _Phraser(catalog, names_of(catalog)).clause(condition).line


def phrase_difference(trees: Many[Condition], catalog: Catalog) -> tuple[str, ...]:
    """Labels that tell trees apart, without what all of them share: "shoes and (jackets or dresses)".

    Whole sentences where nothing is shared, or where nothing would be left to say of one of them.
    """
    phraser = _Phraser(catalog, names_of(catalog))
    parts = [list(tree.parts) if isinstance(tree, AllOf) else [tree] for tree in trees]
    shared = [part for part in parts[0] if all(part in own for own in parts)] if parts else []
    rest = [tuple(part for part in own if part not in shared) for own in parts]
    groups = [own[0] if len(own) == 1 else AllOf(own) for own in rest if own]
    if len(groups) == len(trees):
        heads, tails = _common([[w.split() for w in phraser.leaves(group)] for group in groups])
        short = _Phraser(catalog, phraser.names, heads, tails)
        labels = tuple(short.bare(group) for group in groups)
        if (shared or heads or tails) and len(set(labels)) == len(labels):
            return labels
    return tuple(phraser.sentence(tree) for tree in trees)


def _common(said: list[list[list[str]]]) -> tuple[int, int]:
    """How many words at the beginning and at the end all clauses share, where each tree has several and a word is left."""
    clauses = [words for tree in said for words in tree]
    if any(len(tree) < 2 for tree in said):
        return 0, 0
    least = min(len(words) for words in clauses) - 1
    heads = next((n for n in range(least) if len({words[n] for words in clauses}) > 1), least)
    tails = next((n for n in range(least - heads) if len({words[-1 - n] for words in clauses}) > 1), least - heads)
    return heads, tails


# --- conditions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Phraser:
    catalog: Catalog
    names: Names = field(repr=False)
    heads: int = 0
    tails: int = 0
    """How many words are left out at the beginning and the end of every clause."""

    # --- whole sentences

    def sentence(self, node: Condition) -> str:
        noun = self.catalog.customers.plural
        match node:
            case Everyone():
                return f"all {noun}"
            case AllOf(parts=parts):
                return self.together(parts)
            case AnyOf(parts=parts):
                alone = [part.parts if isinstance(part, AllOf) else (part,) for part in parts]
                if (
                    all(len(own) > 1 for own in alone)
                    and len({self.shape(own) for own in alone}) == 1
                    and not any(self.head(own)[1] for own in alone)
                ):
                    return _join([self.head(own)[0] for own in alone], "or")
                return f"{noun} {self.joined(parts, 'or')}"
            case Capped(part=part, amount=amount):
                of = "" if isinstance(part, Everyone) else f" of those {self.bare(part)}"
                return f"at most {amount:,} {noun}{self.order(node)}{of}"
            case Not(part=part) if not self.negative(part).marker:
                return f"all {noun} except those {self.bare(part)}"
            case _:
                return self.together((node,))

    def together(self, parts: tuple[Condition, ...]) -> str:
        """People of whom all of the parts hold: women in Texas who bought, except those who returned and who complained."""
        head, rest = self.head(parts)
        excepted = [p for p in rest if isinstance(p, Not) and not self.negative(p.part).marker]
        inner = [p.part for p in rest if isinstance(p, Not) and p in excepted]
        kept = [p for p in rest if p not in excepted]
        if len(excepted) == 1 and (kept or head != self.catalog.customers.plural):
            return f"{self.kept(head, kept)}, except those {self.bare(inner[0])}"
        return self.kept(head, rest)

    def kept(self, head: str, parts: Many[Condition]) -> str:
        if not parts:
            return head
        if len(parts) == 1 and isinstance(parts[0], AnyOf) and head != self.catalog.customers.plural:
            return f"{head} {self.bare(parts[0])}"
        return f"{head} {self.joined(parts, 'and')}"

    def bare(self, node: Condition) -> str:
        """A condition at the end of a sentence, where a group needs no brackets."""
        match node:
            case AllOf(parts=parts):
                return self.joined(parts, "and")
            case AnyOf(parts=parts):
                return self.joined(parts, "or")
            case _:
                return self.cut(self.clause(node).linked, node)

    def head(self, parts: tuple[Condition, ...]) -> tuple[str, tuple[Condition, ...]]:
        """The people a sentence begins with, and what is left to say: women over 30 in California."""
        noun, aged, place = "", "", ""
        rest: list[Condition] = []
        for part in parts:
            if isinstance(part, Has):
                if not noun and (noun := self.person(part)):
                    continue
                if not aged and (aged := self.age(part)):
                    continue
                if not place and (place := self.place(part)):
                    continue
            rest.append(part)
        return " ".join(w for w in (noun or self.catalog.customers.plural, aged, place) if w), tuple(rest)

    def shape(self, parts: tuple[Condition, ...]) -> tuple[bool, bool, bool]:
        """What a head is made of. Heads of one shape stand side by side without doubt: women in Texas or men in Ohio; but
        "women or men in Ohio" may be all in Ohio.
        """
        tests = [part for part in parts if isinstance(part, Has)]
        return any(map(self.person, tests)), any(map(self.age, tests)), any(map(self.place, tests))

    def person(self, node: Has) -> str:
        value = node.values[0] if node.operator is Operator.IS and len(node.values) == 1 else None
        return next((w for w, (key, v) in self.names.people.items() if (key, v) == (node.attribute, value)), "")

    def age(self, node: Has) -> str:
        attribute = self.catalog.attribute(node.attribute)
        if attribute is None or attribute is not self.catalog.with_role(Role.AGE):
            return ""
        if not all(isinstance(v, int) and not isinstance(v, bool) and 0 <= v < 200 for v in node.values):
            return ""
        match node.operator, node.values:
            case Operator.GT, (low,):
                return f"over {low}"
            case Operator.GE, (low,):
                return f"{low} or older"
            case Operator.LT, (high,):
                return f"under {high}"
            case Operator.LE, (high,):
                return f"{high} or younger"
            case Operator.BETWEEN, (low, high):
                return f"aged {low} to {high}"
            case Operator.IS, (age,):
                return f"aged {age}"
            case _:
                return ""

    def place(self, node: Has) -> str:
        attribute = self.catalog.attribute(node.attribute)
        if attribute is None or attribute.role not in PLACES or node.operator is not Operator.IS:
            return ""
        if not all(self.names.is_one_place(attribute, value) for value in node.values):
            return ""
        return f"in {self.values(None, attribute, node.values)}"

    def joined(self, parts: Many[Condition], word: str) -> str:
        """Clauses in a row. "who" is said once where no window can be taken for another clause's."""
        said: list[str] = []
        before = ""
        for part in parts:
            clause = self.clause(part)
            short = (
                clause.marker == "who" == before
                and not self.heads
                and isinstance(part, Not)
                and clause.text.startswith("never ")
            )
            said.append(clause.text if short else self.cut(clause.linked, part))
            before = clause.marker
        return _join(said, word)

    def cut(self, text: str, node: Condition) -> str:
        """A clause without the words that all clauses share."""
        if isinstance(node, AllOf | AnyOf) or not (self.heads or self.tails):
            return text
        words = text.split()
        return " ".join(words[self.heads : len(words) - self.tails])

    def leaves(self, node: Condition) -> list[str]:
        """The clauses of a tree of groups."""
        match node:
            case AllOf(parts=parts) | AnyOf(parts=parts):
                return [text for part in parts for text in self.leaves(part)]
            case _:
                return [self.clause(node).linked]

    # --- one condition

    def clause(self, node: Condition) -> Clause:
        match node:
            case Everyone():
                return Clause("who are", "anyone")
            case AllOf(parts=parts):
                return Clause("", f"({self.joined(parts, 'and')})")
            case AnyOf(parts=parts):
                return Clause("", f"({self.joined(parts, 'or')})")
            case Not(part=part):
                return self.negative(part)
            case Sampled(percent=percent, seed=seed):
                return Clause("in", f"a random {_number(percent)}%" + (f" (draw {seed})" if seed else ""))
            case Capped(part=part, amount=amount):
                of = "" if isinstance(part, Everyone) else f" of those {self.clause(part).linked}"
                return Clause("in", f"at most {amount:,}{self.order(node)}{of}")
            case Listed(keys=keys):
                customers = self.catalog.customers
                noun = customers.noun if len(keys) == 1 else customers.plural
                return Clause("in", f"a list of {len(keys):,} {noun}")
            case Ranked(side=side, amount=amount, unit=unit, by=by, within=within):
                share = f"{_number(amount)}%" if unit == "percent" else _number(amount)
                return Clause("in", f"the {side} {share} by {self.by(by)}{self.among(within)}")
            case _:
                return self.said(node, no=False) or Clause("", f"({type(node).__name__})")

    def negative(self, part: Condition) -> Clause:
        if isinstance(part, Ranked | Sampled | Capped | Listed):
            return Clause("not in", self.clause(part).text)
        said = self.said(part, no=True)
        if said is not None:
            return said
        text = self.clause(part).linked
        return Clause("", f"not {text}" if text.startswith("(") else f"not ({text})")

    def said(self, node: Condition, *, no: bool) -> Clause | None:
        """A condition that has a natural denial, affirmed or denied; None for the others."""
        is_not = "is not" if no else "is"
        match node:
            case Has():
                return self.has(node, no)
            case Did():
                return self.did(node, no)
            case Defined(term=term):
                return Clause("who are", f"not {self.term(term)}" if no else self.term(term))
            case Reachable(channel=channel):
                name = self.names.channels.get(channel, channel)
                return Clause("who", f"{'can not' if no else 'can'} be reached by {name}")
            case Member():
                return self.member(node, no)
            case Near(latitude=latitude, longitude=longitude, place=place):
                point = f"{latitude}, {longitude}"
                where = f"{place if _speakable(place) else quoted(place)} ({point})" if place else point
                unit = "mile" if node.unit == "miles" and node.distance == 1 else node.unit
                return Clause(
                    "who", f"{'do not live' if no else 'live'} within {_number(node.distance)} {unit} of {where}"
                )
            case Held(attribute=key, values=values, at_least=least):
                said = self.values(None, self.catalog.attribute(key), values)
                been = "has not been" if no else "has been"
                return Clause("whose", f"{self.attribute(key)} {been} {said} for {duration(least)}")
            case Against(side=side, statistic=statistic, by=by, within=within):
                return Clause("whose", f"{self.by(by)} {is_not} {side} the {statistic}{self.among(within)}")
            case Compare(left=left, operator=operator, right=right, factor=factor):
                times = "" if factor == 1 else f"{_number(factor)} times "
                how = f"{is_not} {_VERSUS[operator]}"
                return Clause("whose", f"{self.by(left)} {how} {times}the {self.by(right)}")
            case Share():
                return Clause("whose", f"{self.share(node)} {is_not} {_bounds(node.comparison, _percent)}")
            case Around(rows=rows, attribute=key, before=before, after=after):
                near = [f"{duration(before)} before"] if before else []
                near += [f"{duration(after)} after"] if after else []
                did = f"{self.act(rows, no)}{self.when(rows)} within {' or '.join(near)}"
                return Clause("who", f"{did} the {self.attribute(key)}")
            case Regularly(rows=rows, at_least=least, of=of, unit=unit):
                when = f"in at least {least} of the last {of} {units(of, unit)}"
                return Clause("who", f"{self.act(rows, no)}{self.when(rows)} {when}")
            case Stopped(rows=rows, quiet=quiet):
                stopped = "did not stop" if no else "stopped"
                return Clause("who", f"{stopped} {self.doing(rows)}{self.when(rows)} {duration(quiet)} ago")
            case CameBack(rows=rows, quiet=quiet, window=window):
                came = "did not come" if no else "came"
                when = "" if window is None else f" {phrase_window(window, self.catalog)}"
                doing = f"{self.doing(rows)}{self.when(rows)}"
                return Clause("who", f"{came} back to {doing} after {duration(quiet)} without it{when}")
            case Nth() if not no:
                return self.nth(node)
            case Sequence() if not no:
                return self.sequence(node)
            case _:
                return None

    # --- attributes

    def has(self, node: Has, no: bool) -> Clause:
        attribute = self.catalog.attribute(node.attribute)
        label = self.attribute(node.attribute)
        flag = attribute is not None and attribute.kind is Kind.FLAG
        if flag and node.operator is Operator.IS and len(node.values) == 1:
            return _flag(label, bool(node.values[0]), no)
        if (kind := self.kind(node)) is not None:
            return Clause("who are", f"not {kind}" if no else kind)
        if attribute is not None and attribute.role is Role.BIRTH_DATE and node.operator is Operator.WITHIN:
            assert node.window is not None
            return Clause("who", f"were {'not ' if no else ''}born {phrase_window(node.window, self.catalog)}")
        if flag or node.operator is not Operator.IS_SET:
            return Clause("whose", self.tested(None, attribute, label, node, no))
        return Clause("who", f"have no {label}" if no else f"have {article(label)}")

    def kind(self, node: Has) -> str | None:
        """The word for people with a value, where there is one: homeowners."""
        if node.operator is not Operator.IS or len(node.values) != 1:
            return None
        about = (node.attribute, node.values[0])
        return next((word for word, known in self.names.kinds.items() if known == about), None)

    def tested(self, owner: str | None, about: Field | None, label: str, test: Has | Filter, no: bool) -> str:
        """A label, its operator in words, and the values: state is not Texas."""
        is_not = "is not" if no else "is"
        values = test.values
        match test.operator:
            case Operator.IS if no and len(values) > 1:
                all_but_last = ", ".join(self.value(owner, about, v) for v in values[:-1])
                return f"{label} is neither {all_but_last} nor {self.value(owner, about, values[-1])}"
            case Operator.IS:
                return f"{label} {is_not} {self.values(owner, about, values)}"
            case Operator.GT:
                return f"{label} {is_not} over {self.values(owner, about, values)}"
            case Operator.GE:
                return f"{label} {is_not} at least {self.values(owner, about, values)}"
            case Operator.LT:
                return f"{label} {is_not} under {self.values(owner, about, values)}"
            case Operator.LE:
                return f"{label} {is_not} at most {self.values(owner, about, values)}"
            case Operator.BETWEEN:
                low, high = (self.value(owner, about, v) for v in values)
                return f"{label} {is_not} between {low} and {high}"
            case Operator.WITHIN:
                assert test.window is not None
                return f"{label} {is_not} {phrase_window(test.window, self.catalog)}"
            case Operator.ANNIVERSARY:
                assert test.window is not None
                birth = about is not None and about.role is Role.BIRTH_DATE
                said = label if birth and label == "birthday" else f"{label} anniversary"
                return f"{said} falls {'not ' if no else ''}{phrase_window(test.window, self.catalog)}"
            case Operator.IS_SET:
                return f"{label} {is_not} known"
            case Operator.CONTAINS:
                return f"{label} {'does not contain' if no else 'contains'} {_quoted(values)}"
            case Operator.STARTS_WITH:
                return f"{label} {'does not start' if no else 'starts'} with {_quoted(values)}"
            case Operator.ENDS_WITH:
                return f"{label} {'does not end' if no else 'ends'} with {_quoted(values)}"
            case Operator.MATCHES:
                return f"{label} {'does not match' if no else 'matches'} {_quoted(values)}"
            case Operator.DOMAIN:
                return f"{label} {is_not} at {_join([str(v) for v in values], 'or')}"
            case Operator.COUNTRY_CODE:
                codes = _join([f"+{str(v).lstrip('+')}" for v in values], "or")
                return f"{label} {'does not have' if no else 'has'} country code {codes}"
            case Operator.HAS_ANY:
                return f"{label} {'do not include' if no else 'include'} {self.values(owner, about, values)}"
            case Operator.HAS_ALL:
                said = _join([self.value(owner, about, v) for v in values], "and")
                return f"{label} {'do not include' if no else 'include'} all of {said}"
            case Operator.LENGTH:
                return f"{label} {'do not have' if no else 'have'} {_entries(values)}"
            case _:
                assert_never(test.operator)

    def attribute(self, key: str) -> str:
        return self.names.attributes.get(key, key.replace("_", " "))

    def values(self, owner: str | None, about: Field | None, values: tuple[Value, ...]) -> str:
        return _join([self.value(owner, about, v) for v in values], "or")

    def value(self, owner: str | None, about: Field | None, value: Value) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            return self.names.value(owner, about, value)
        if about is not None and about.kind is Kind.MONEY:
            return _money(value, self.catalog.currency)
        unit = f" {about.unit}" if about is not None and about.unit and about.kind is Kind.NUMBER else ""
        return f"{_number(value)}{unit}"

    # --- events

    def did(self, node: Did, no: bool) -> Clause:
        rows, measure, comparison = node.rows, node.measure, node.comparison
        event = self.catalog.event(rows.event)
        if measure.function == "count":
            if comparison != ONCE:
                return Clause("who", f"{self.act(rows, no)} {_times(comparison)}{self.when(rows)}")
            if no and rows.window is None:
                return Clause("who", f"never {self.act(rows, False)}")
            return Clause("who", f"{self.act(rows, no)}{self.when(rows)}")
        about = event.property(measure.property or "") if event else None
        if measure.function == "sum" and event is not None and not no:
            money = self.object(rows, self.names.spent)
            key = (event.key, money[0].property if money else None)
            if measure.property == event.amount and key in self.names.spent:
                on = f" on {money[1]}" if money else ""
                much = _bounds(comparison, lambda v: self.value(event.key, about, v))
                return Clause("who", f"{self.names.spent[key]} {much}{on}{self.where(rows, money)}{self.when(rows)}")
            things = self.object(rows, self.names.bought)
            key = (event.key, things[0].property if things else None)
            if measure.property == event.quantity and key in self.names.bought:
                what = things[1] if things else plural(self.noun(event.key))
                many = f"{_bounds(comparison, _number, _COUNTED)} {what}"
                return Clause("who", f"{self.names.bought[key]} {many}{self.where(rows, things)}{self.when(rows)}")
        said = self.by(Measured(rows, measure))
        owner = rows.event
        bound = _bounds(
            comparison, lambda v: self.value(owner, about, v) if measure.function != "distinct" else _number(v)
        )
        return Clause("whose", f"{said} {'is not' if no else 'is'} {bound}")

    def act(self, rows: Rows, no: bool) -> str:
        """What somebody did: bought shoes where color is black; did not open an email."""
        spoken = self.object(rows)
        verb = self.names.verbs.get((rows.event, spoken[0].property if spoken else None))
        said = verb or _having(self.noun(rows.event))
        form = said.denied if no else said.past
        return (form.format(spoken[1]) if spoken else form) + self.where(rows, spoken)

    def doing(self, rows: Rows) -> str:
        spoken = self.object(rows)
        verb = self.names.verbs.get((rows.event, spoken[0].property if spoken else None))
        form = (verb or _having(self.noun(rows.event))).doing
        return (form.format(spoken[1]) if spoken else form) + self.where(rows, spoken)

    def object(self, rows: Rows, phrases: Phrases | None = None) -> tuple[Filter, str] | None:
        """The things of "bought shoes or hats": the first filter whose values may stand as the object of a verb."""
        event = self.catalog.event(rows.event)
        if event is None:
            return None
        table = self.names.verbs if phrases is None else phrases
        for test in rows.filters:
            plain = test.property in event.objects and test.operator is Operator.IS and not test.negated
            if plain and self.names.fits(table, event, test.property, test.values):
                return test, self.values(event.key, event.property(test.property), test.values)
        return None

    def where(self, rows: Rows, spoken: tuple[Filter, str] | None = None) -> str:
        rest = [f for f in rows.filters if spoken is None or f is not spoken[0]]
        return f" where {self.filters(rows.event, rest)}" if rest else ""

    def filters(self, owner: str, filters: Many[Filter]) -> str:
        event = self.catalog.event(owner)
        said = []
        for test in filters:
            label = self.names.properties.get(owner, {}).get(test.property, test.property.replace("_", " "))
            about = event.property(test.property) if event else None
            said.append(self.tested(owner, about, label, test, test.negated))
        return _join(said, "and")

    def when(self, rows: Rows, filters: Many[Filter] = ()) -> str:
        """When the rows were. A weekday stands apart from a filter's time, as it is not that time's."""
        if rows.window is None:
            return ""
        clock_only = rows.window.start is None and rows.window.end is None
        apart = clock_only and any(test.window is not None for test in (*rows.filters, *filters))
        return f"{',' if apart else ''} {phrase_window(rows.window, self.catalog)}"

    def noun(self, event: str) -> str:
        return self.names.nouns.get(event, event.replace("_", " "))

    def nth(self, node: Nth) -> Clause:
        thing = f"{self.noun(node.rows.event)}{self.where(node.rows)}{self.when(node.rows)}"
        said = [f"was {phrase_window(node.window, self.catalog)}"] if node.window else []
        said += [f"was one where {self.filters(node.rows.event, node.filters)}"] if node.filters else []
        return Clause("whose", f"{numbered(node.position)} {thing} {' and '.join(said) or 'exists'}")

    def share(self, node: Share) -> str:
        whole, part = node.whole, node.part
        every = plural(self.noun(whole.event))
        extra = tuple(f for f in part.filters if f not in whole.filters)
        within = part.event == whole.event and part.window == whole.window and extra
        if within and {*whole.filters, *extra} == set(part.filters):
            what = self.filters(whole.event, extra)
            return f"share of {every}{self.where(whole)} where {what}{self.when(whole, extra)}"
        some = f"{plural(self.noun(part.event))}{self.where(part)}{self.when(part)}"
        return f"ratio of {some} to {every}{self.where(whole)}{self.when(whole)}"

    def sequence(self, node: Sequence) -> Clause:
        within = f" within {duration(node.within)}" if node.within else ""
        labels = self.names.properties.get(node.then.event, {})
        same = f" with the same {_join([labels.get(s, s) for s in node.same], 'and')}" if node.same else ""
        first = f"{self.act(node.first, False)}{self.when(node.first)}"
        then = f"{self.act(node.then, node.then_never)}{same}{within}{self.when(node.then)}"
        return Clause("who", f"{first} and then {then}")

    # --- measures, membership, words

    def by(self, what: str | Measured) -> str:
        if isinstance(what, str):
            return self.attribute(what)
        nouns = plural(self.noun(what.rows.event))
        said = self.measure(what, nouns)
        taken = self.names.is_attribute(self.measure(Measured(Rows(what.rows.event), what.measure), nouns))
        return self.measure(what, f"their {nouns}") if taken else said

    def measure(self, what: Measured, nouns: str) -> str:
        measure: Measure = what.measure
        labels = self.names.properties.get(what.rows.event, {})
        label = labels.get(measure.property or "", (measure.property or "").replace("_", " "))
        tail = f"{nouns}{self.where(what.rows)}{self.when(what.rows)}"
        match measure.function:
            case "count":
                return f"number of {tail}"
            case "sum":
                return f"total {label} of {tail}"
            case "average":
                return f"average {label} of {tail}"
            case "minimum":
                return f"lowest {label} of {tail}"
            case "maximum":
                return f"highest {label} of {tail}"
            case "distinct":
                return f"number of different {plural(label)} of {tail}"
            case _:
                assert_never(measure.function)

    def order(self, node: Capped) -> str:
        side = "highest" if node.side == "top" else "lowest"
        return "" if node.by is None else f" with the {side} {self.by(node.by)}"

    def among(self, within: Condition | None) -> str:
        match within:
            case None:
                return ""
            case Everyone():
                return f" among all {self.catalog.customers.plural}"
            case _:
                return f" among those {self.clause(within).linked}"

    def member(self, node: Member, no: bool) -> Clause:
        called = quoted(node.name) if node.name else node.id if _plain(node.id) else quoted(node.id)
        where = f"the {node.of} {called}"
        if node.change is None or node.window is None:
            return Clause("not in" if no else "in", where)
        verbs = {"entered": ("entered", "did not enter"), "left": ("left", "did not leave")}
        return Clause("who", f"{verbs[node.change][no]} {where} {phrase_window(node.window, self.catalog)}")

    def term(self, key: str) -> str:
        return self.names.terms.get(key, key)


# --- small words --------------------------------------------------------------------------------

_VERSUS = {
    Operator.GT: "more than",
    Operator.GE: "at least",
    Operator.LT: "less than",
    Operator.LE: "at most",
    Operator.IS: "the same as",
}
_MEASURED = {Operator.GT: "over", Operator.GE: "at least", Operator.LT: "under", Operator.LE: "at most"}
_COUNTED = _MEASURED | {Operator.GT: "more than", Operator.LT: "fewer than"}


def _bounds(comparison: Comparison, said: Callable[[Value], str], words: dict[Operator, str] = _MEASURED) -> str:
    values = [said(v) for v in comparison.values]
    if comparison.operator is Operator.BETWEEN:
        return f"between {values[0]} and {values[1]}"
    return f"{words.get(comparison.operator, 'exactly')} {values[0]}"


def _entries(values: tuple[Value, ...]) -> str:
    """How long a list is: at least 3 entries; exactly 2 entries; 2 to 4 entries."""
    low, high = (_number(v) for v in values)
    if values[1] == MOST_ENTRIES and values[0] != values[1]:
        return f"at least {low} entries"
    return f"exactly {low} entries" if low == high else f"{low} to {high} entries"


def _times(comparison: Comparison) -> str:
    return f"{_bounds(comparison, _number, _COUNTED)} {'time' if comparison.values == (1,) else 'times'}"


def _having(noun: str) -> Spoken:
    return Spoken(f"had {article(noun)}", f"did not have {article(noun)}", f"having {article(noun)}")


def _flag(label: str, value: bool, no: bool) -> Clause:
    first = label.split(" ", 1)[0]
    if first == "has":
        said = label.removeprefix("has ")
        words = {(True, False): f"have {said}", (False, False): f"have no {said}"}
        words |= {(True, True): f"do not have {said}", (False, True): f"do not have no {said}"}
    else:
        said = label.removeprefix("is ")
        words = {(True, False): f"are {said}", (False, False): f"are marked as not {said}"}
        words |= {(True, True): f"are not {said}", (False, True): f"are not marked as not {said}"}
    return Clause("who", words[value, no])


def _join(parts: Many[str], word: str) -> str:
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _quoted(values: tuple[Value, ...]) -> str:
    return _join([quoted(v) for v in values], "or")


def _plain(name: str) -> bool:
    return bool(name) and all(c.isascii() and (c.isalnum() or c in "_-") for c in name)


def _speakable(place: str) -> bool:
    """Whether a place's name needs no quotes before its point."""
    return place == " ".join(place.split()) and not any(c in '()"' for c in place)


def _number(value: Value) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _percent(value: Value) -> str:
    """A fraction in percent, exactly: 0.29 → 29%."""
    exact = Decimal(repr(value)) * 100
    return f"{exact.normalize():f}%"


def _money(value: int | float, currency: str) -> str:
    cents = isinstance(value, float) and float(f"{value:.2f}") == value
    said = f"{abs(value):,.2f}" if cents else f"{abs(value):,}"
    sign = CURRENCY_SIGNS.get(currency)
    return ("-" if value < 0 else "") + (f"{sign}{said}" if sign else f"{said} {currency}")
