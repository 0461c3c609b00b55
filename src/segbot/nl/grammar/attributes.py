"""Tests of customer attributes: values, comparisons, presence, flags, dates, words inside texts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.catalog import Field, Role
from segbot.model.condition import Comparison, Has, Held, Not, Value, any_of
from segbot.model.operators import Kind, Operator
from segbot.model.windows import Dated, StartOf, Window, last, more_than_ago, since
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import DATES, NAMES, NUMERIC, PLACES, Scene, lies_ahead
from segbot.nl.grammar.spans import from_then
from segbot.nl.meaning import Attr, Bound, Flag, Lasting, Note, Number, Ready, Refs, Span, Test, When, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _values(g)
    _named_values(g)
    _numbers(g)
    _presence(g)
    _flags(g)
    _dates(g)


# --- values -------------------------------------------------------------------------------------


def equals(field: Field, *values: Value) -> Test:
    """The test that a field has one of some values."""
    return Test(field.key, Operator.HAS_ANY if field.kind is Kind.LIST else Operator.IS, values)


def value_tests(scene: Scene, refs: Refs, *, cue: str = "") -> Test | None:
    """The tests that a value word can stand for, as one test with its rivals. `cue` is "in" or "named" when a word said so."""
    fields: list[tuple[Field, Value]] = []
    for ref in refs.refs:
        field = scene.of(ref) if ref.owner is None else None
        if field is not None:
            fields.append((field, ref.value))
    if cue == "in":
        fields = [f for f in fields if f[0].role in PLACES] or fields
    elif cue == "named":
        fields = [f for f in fields if f[0].role in NAMES]
    else:
        fields = [f for f in fields if f[0].role not in NAMES] or fields
    if not fields:
        return None
    countries: list[tuple[Field, Value]] = []
    if refs.code and any(f[0].role is Role.STATE for f in fields):
        countries = [f for f in fields if f[0].role is Role.COUNTRY]
        fields = [f for f in fields if f[0].role is not Role.COUNTRY]
    fields.sort(key=lambda f: PLACES.index(f[0].role) if f[0].role in PLACES else -1)
    merged: dict[str, list[Value]] = {}
    for field, value in fields:
        merged.setdefault(field.key, []).append(value)
    tests = [equals(scene.field(None, key), *values) for key, values in merged.items() if scene.field(None, key)]  # type: ignore[arg-type]
    head = replace(tests[0], person=refs.plural)
    notes = tuple(
        Note(
            "code_is_state",
            "the two letters are read as a state",
            f"The country {value}",
            (("field", field.key), ("values", (value,))),
        )
        for field, value in countries
    )
    return replace(head, rivals=tuple(tests[1:]), notes=notes, said=refs)


def _values(g: Grammar) -> None:
    @g.rule("TEST", "VALUE", cost=0.05, examples=("women", "California"))
    def value_alone(scene: Scene, refs: Refs) -> Test | None:
        return value_tests(scene, refs)

    @g.rule("TEST", "IN VALUE", "LIVE IN VALUE", "LIVE VALUE", examples=("in Texas", "living in California"))
    def in_value(scene: Scene, *parts: Any) -> Test | None:
        test = value_tests(scene, parts[-1], cue="in")
        if test is None:
            return None
        field = scene.field(None, test.field)
        place = field is not None and field.role in PLACES
        return replace(test, person=False) if place or len(parts) == 2 else None

    @g.rule("UNSUPPORTED", "at VALUE VALUE|ATTR", examples=())
    def branch(scene: Scene, place: Refs, _what: Any) -> Word | None:
        """ "at the Denver store" is a branch, not where people live."""
        test = value_tests(scene, place)
        field = scene.field(None, test.field) if test else None
        return Word() if field is not None and field.role in PLACES else None

    @g.rule("TEST", "VALUE NOUN", cost=-0.05, examples=("gold members",))
    def value_and_noun(scene: Scene, refs: Refs, _noun: Word) -> Test | None:
        test = value_tests(scene, refs)
        return replace(test, person=True) if test else None

    @g.rule("TEST", "HAVE VALUE", cost=-0.6, examples=("with a college degree",))
    def has_level(scene: Scene, _have: Word, refs: Refs) -> Test | None:
        """Who has a master's degree has a bachelor's, too."""
        for ref in refs.refs:
            field = scene.of(ref) if ref.owner is None else None
            if field is None or field.role is not Role.EDUCATION or not field.ordered:
                continue
            stored = [entry.value for entry in field.values]
            higher = tuple(stored[stored.index(str(ref.value)) :])
            text = f"read as {refs.text} or higher"
            note = Note("level_or_higher", text, "Exactly that one", (("values", (ref.value,)),))
            if stored[0] == ref.value:  # everybody known has the lowest
                note = Note("level_exactly", f"read as {refs.text} and no higher", "Or higher", (("values", higher),))
                higher = (stored[0],)
            return replace(equals(field, *higher), notes=(note,))
        return None

    @g.rule("TEST", "on|at VALUE", "on|at VALUE ATTR", "on ATTR VALUE", cost=-0.1, examples=("on the pro plan",))
    def on_value(scene: Scene, *parts: Any) -> Test | None:
        refs = next(p for p in parts if isinstance(p, Refs))
        attr = next((p for p in parts if isinstance(p, Attr)), None)
        test = pick(scene, attr, refs) if attr else value_tests(scene, refs)
        field = scene.field(None, test.field) if test else None
        region = test is not None and len(test.values) > 1  # on the west coast
        named = test is not None and field is not None and (field.role not in PLACES or region)
        return replace(test, person=False) if test and named else None

    @g.rule(
        "TEST", "on VALUE ATTR? MORE_AFTER", "on GE VALUE ATTR?", cost=-0.4, examples=("on the pro plan or higher",)
    )
    def on_value_or_higher(scene: Scene, *parts: Any) -> Test | None:
        return _ordered(scene, parts, lambda at, count: range(at, count))

    @g.rule(
        "READY",
        "VALUE NOUN? for GE|GT? DUR",
        "on VALUE ATTR? for GE|GT? DUR",
        cost=-0.4,
        examples=("gold for at least a year",),
    )
    def held(scene: Scene, *parts: Any) -> Ready | None:
        refs = next(p for p in parts if isinstance(p, Refs))
        lasting = next(p for p in parts if isinstance(p, Lasting))
        for ref in refs.refs:
            field = scene.of(ref) if ref.owner is None else None
            if field is not None and field.history is not None:
                return Ready(Held(field.key, (ref.value,), lasting.duration))
        return None

    @g.rule("TEST", "NAMED VALUE", cost=-0.2, examples=())
    def named_value(scene: Scene, _named: Word, refs: Refs) -> Test | None:
        return value_tests(scene, refs, cue="named")


def pick(scene: Scene, attr: Attr, refs: Refs) -> Test | None:
    """The test of a named field with a value of it."""
    for field in scene.attributes(attr):
        values = tuple(r.value for r in refs.refs if r.owner is None and r.field == field.key)
        if values:
            return equals(field, *values)
    return None


def _named_values(g: Grammar) -> None:
    @g.rule(
        "TEST",
        "ATTR IS? VALUE",
        "ATTR IS|IN OPEN VALUE",
        "ATTR IN VALUE",
        "ATTR OF VALUE",
        "IN ATTR OF VALUE",
        "IN ATTR VALUE",
        "ATTR CONTAINS VALUE",
        cost=-0.25,
        examples=("loyalty tier is gold",),
    )
    def field_is_value(scene: Scene, *parts: Any) -> Test | None:
        attr = next(p for p in parts if isinstance(p, Attr))
        return pick(scene, attr, next(p for p in parts if isinstance(p, Refs)))

    @g.rule("TEST", "VALUE ATTR", "VALUE ATTR NOUN", cost=-0.2, examples=("gold tier",))
    def value_of_field(scene: Scene, refs: Refs, attr: Attr, *noun: Any) -> Test | None:
        test = pick(scene, attr, refs)
        return replace(test, person=bool(noun)) if test else None

    @g.rule(
        "TEST",
        "ATTR IS_NOT VALUE",
        "ATTR NOT VALUE",
        "ATTR IS NOT VALUE",
        "ATTR NOT CONTAINS VALUE",
        "ATTR OTHERTHAN|EXCEPT VALUE",
        cost=-0.3,
        examples=("state is not Texas",),
    )
    def field_is_not_value(scene: Scene, attr: Attr, *rest: Any) -> Test | None:
        test = pick(scene, attr, rest[-1])
        return replace(test, negated=True) if test else None

    @g.rule(
        "TEST",
        "IN VALUE MORE_AFTER",
        "at VALUE MORE_AFTER",
        "VALUE MORE_AFTER",
        "GE VALUE",
        "ATTR IS? VALUE MORE_AFTER",
        "ATTR IS? GE VALUE",
        "VALUE MORE_AFTER ATTR",
        "GE VALUE ATTR",
        "VALUE ATTR MORE_AFTER",
        cost=-0.25,
        examples=("bachelor's degree or higher", "at least gold"),
    )
    def value_or_higher(scene: Scene, *parts: Any) -> Test | None:
        return _ordered(scene, parts, lambda at, count: range(at, count))

    @g.rule(
        "TEST",
        "VALUE LESS_AFTER",
        "LE VALUE",
        "ATTR IS? VALUE LESS_AFTER",
        "VALUE LESS_AFTER ATTR",
        "LE VALUE ATTR",
        cost=-0.25,
    )
    def value_or_lower(scene: Scene, *parts: Any) -> Test | None:
        return _ordered(scene, parts, lambda at, _count: range(0, at + 1))

    @g.rule("TEST", "GT VALUE", "ATTR IS? GT VALUE", "GT VALUE ATTR", cost=-0.2, examples=("above silver",))
    def above_value(scene: Scene, *parts: Any) -> Test | None:
        return _ordered(scene, parts, lambda at, count: range(at + 1, count))

    @g.rule("TEST", "LT VALUE", "ATTR IS? LT VALUE", "LT VALUE ATTR", cost=-0.2, examples=("below gold",))
    def below_value(scene: Scene, *parts: Any) -> Test | None:
        return _ordered(scene, parts, lambda at, _count: range(0, at))

    @g.rule("TEST", "HIGHEST ATTR", "HIGHEST ATTR NOUN", cost=-0.2, examples=("top-tier members",))
    def highest(scene: Scene, _word: Word, attr: Attr, *noun: Any) -> Test | None:
        return _extreme(scene, attr, -1, bool(noun))

    @g.rule("TEST", "LOWEST ATTR", "LOWEST ATTR NOUN", cost=-0.2, examples=("lowest tier",))
    def lowest(scene: Scene, _word: Word, attr: Attr, *noun: Any) -> Test | None:
        return _extreme(scene, attr, 0, bool(noun))


def _ordered(scene: Scene, parts: tuple[Any, ...], span: Any) -> Test | None:
    attr = next((p for p in parts if isinstance(p, Attr)), None)
    refs = next(p for p in parts if isinstance(p, Refs))
    keys = {f.key for f in scene.attributes(attr)} if attr else None
    for ref in refs.refs:
        field = scene.of(ref) if ref.owner is None else None
        if field is None or not field.ordered or (keys is not None and field.key not in keys):
            continue
        stored = [entry.value for entry in field.values]
        picked = tuple(stored[i] for i in span(stored.index(str(ref.value)), len(stored)))
        return equals(field, *picked) if picked else None
    return None


def _extreme(scene: Scene, attr: Attr, index: int, person: bool) -> Test | None:
    for field in scene.attributes(attr):
        if field.ordered and field.values:
            return replace(equals(field, field.values[index].value), person=person)
    return None


# --- numbers ------------------------------------------------------------------------------------


def number_test(field: Field, bound: Bound) -> Test | None:
    """A comparison of a numeric field; money only with money."""
    if field.kind not in NUMERIC or (bound.unit == "money" and field.kind is not Kind.MONEY):
        return None
    if bound.unit == "percent" and field.unit not in ("%", "percent"):
        return None
    comparison, notes = bound.comparison, _for_test(bound.notes)
    if bound.form == "bare" and field.kind is Kind.MONEY:
        exact = (("operator", comparison.operator), ("values", comparison.values))
        notes = (
            *notes,
            Note("amount_at_least", f"“{comparison.values[0]}” means that much or more", "Exactly that", exact),
        )
        comparison = Comparison(Operator.GE, comparison.values)
    return Test(field.key, comparison.operator, comparison.values, notes=notes, also=bound.also)


def _for_test(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    kept = []
    for note in notes:
        changes = dict(note.changes)
        comparison = changes.pop("comparison", None)
        if comparison is not None:
            changes.update(operator=comparison.operator, values=comparison.values)
        kept.append(replace(note, changes=tuple(changes.items())))
    return tuple(kept)


def _first_number(scene: Scene, attr: Attr, bound: Bound) -> Test | None:
    return next((t for f in scene.attributes(attr) if (t := number_test(f, bound))), None)


def _numbers(g: Grammar) -> None:
    @g.rule("TEST", "ATTR IS? BOUND", "ATTR OF BOUND", cost=-0.2, examples=("income over $100k",))
    def field_compared(scene: Scene, attr: Attr, _is: Any, bound: Bound) -> Test | None:
        return _first_number(scene, attr, bound)

    @g.rule("TEST", "BOUND ATTR", "BOUND IN|OF ATTR", cost=-0.15, examples=("more than 1,000 loyalty points",))
    def compared_field(scene: Scene, bound: Bound, *rest: Any) -> Test | None:
        return _first_number(scene, rest[-1], bound)

    @g.rule(
        "TEST",
        "ATTR OF? NUM UNIT MORE_AFTER",
        "ATTR IS|OF? BOUND UNIT",
        cost=-0.3,
        examples=("no-claims bonus of 5 years or more",),
    )
    def field_with_unit(scene: Scene, attr: Attr, *rest: Any) -> Test | None:
        number = next((r for r in rest if isinstance(r, Number)), None)
        bound = next((r for r in rest if isinstance(r, Bound)), None)
        if bound is None and number is not None and not number.unit:
            bound = Bound(Comparison(Operator.GE, (number.value,)))
        unit = next(r.value for r in rest if isinstance(r, Word) and isinstance(r.value, str))
        test = _first_number(scene, attr, bound) if bound else None
        field = scene.field(None, test.field) if test else None
        return test if field and field.unit and field.unit.rstrip("s") == unit else None

    @g.rule("TEST", "ATTR IS? NOT BOUND", cost=-0.25, examples=("age not over 30",))
    def field_not_compared(scene: Scene, attr: Attr, _is: Any, _not: Word, bound: Bound) -> Test | None:
        test = _first_number(scene, attr, bound)
        return replace(test, negated=True) if test else None

    @g.rule("TEST", "EARN BOUND PERYEAR?", cost=-0.1, examples=("make over 100k a year",))
    def earning(scene: Scene, _earn: Word, bound: Bound, _year: Any) -> Test | None:
        field = scene.role(Role.INCOME)
        large = all(isinstance(v, int | float) and v >= 1000 for v in bound.comparison.values)
        return number_test(field, bound) if field and large and bound.form != "bare" else None

    @g.rule("TEST", "ATTR BOUND PERYEAR", cost=-0.3, examples=("earning over 100k a year",))
    def earning_yearly(scene: Scene, attr: Attr, bound: Bound, _year: Word) -> Test | None:
        field = scene.role(Role.INCOME)
        return number_test(field, bound) if field in scene.attributes(attr) and field else None

    @g.rule("TEST", "ATTR IS? BOUNDUNIT", cost=-0.3, examples=("loyalty points over 1,000 points",))
    def field_with_own_unit(scene: Scene, attr: Attr, _is: Any, measured: tuple[Bound, Attr]) -> Test | None:
        test = _first_number(scene, attr, measured[0])
        return test if test and (None, test.field) in measured[1].names else None

    @g.rule("TEST", "BOUNDUNIT", cost=-0.1, examples=("over 500 points",))
    def compared_unit(scene: Scene, measured: tuple[Bound, Attr]) -> Test | None:
        return _first_number(scene, measured[1], measured[0])

    for cat, operator in (("COMPARATIVEOVER", Operator.GT), ("COMPARATIVEUNDER", Operator.LT)):

        @g.rule(
            "TEST",
            f"{cat} than NUM",
            name=f"comparative {operator.value}",
            cost=-0.2,
            examples=("older than 30" if operator is Operator.GT else "younger than 30",),
        )
        def comparative(scene: Scene, attr: Attr, number: Number, operator: Operator = operator) -> Test | None:
            fields = scene.attributes(attr)
            return Test(fields[0].key, operator, (number.value,)) if fields and not number.unit else None

    @g.rule("TEST", "ZERO ATTR", "NO ATTR", cost=-0.1, examples=("no loyalty points",))
    def none_of_it(scene: Scene, _no: Word, attr: Attr) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.kind in (Kind.NUMBER, Kind.MONEY)), None)
        return Test(field.key, Operator.IS_SET, negated=True) if field else None


# --- presence and flags -------------------------------------------------------------------------


def _presence(g: Grammar) -> None:
    def presence(scene: Scene, attr: Attr, negated: bool) -> Test | None:
        fields = [f for f in scene.attributes(attr) if f.kind is not Kind.FLAG and f.role is not Role.AGE]
        return Test(fields[0].key, Operator.IS_SET, negated=negated) if fields else None

    @g.rule(
        "TEST",
        "NO ATTR",
        "NO ATTR KNOWN",
        "ATTR MISSING",
        "MISSING ATTR",
        "ATTR IS MISSING",
        "ATTR NOT KNOWN",
        "NOT HAVE ATTR",
        cost=-0.1,
        examples=("no phone number",),
    )
    def missing(scene: Scene, *parts: Any) -> Test | None:
        attr = next(p for p in parts if isinstance(p, Attr))
        fields = scene.attributes(attr)
        if fields and fields[0].kind in (Kind.NUMBER, Kind.MONEY) and not isinstance(parts[0], Attr):
            return None  # "no loyalty points" is said of a number
        return presence(scene, attr, True)

    @g.rule(
        "TEST",
        "HAVE ATTR",
        "ATTR KNOWN",
        "HAVE KNOWN ATTR",
        "KNOWN ATTR",
        "ATTR IS KNOWN",
        cost=0.2,
        examples=("with a phone number",),
    )
    def present(scene: Scene, *parts: Any) -> Test | None:
        return presence(scene, next(p for p in parts if isinstance(p, Attr)), False)

    @g.rule(
        "READY",
        "NO ATTR OR|AND ATTR",
        "NOT HAVE ATTR OR ATTR",
        cost=-0.3,
        examples=("without an email address or phone number",),
    )
    def neither_present(scene: Scene, *parts: Any) -> Ready | None:
        found = [presence(scene, p, False) for p in parts if isinstance(p, Attr)]
        tests = [Has(test.field, test.operator) for test in found if test is not None]
        return Ready(Not(any_of(tests))) if len(tests) == 2 else None


def _flags(g: Grammar) -> None:
    def flag_test(scene: Scene, attr: Attr, value: bool) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.kind is Kind.FLAG), None)
        return Test(field.key, Operator.IS, (value,)) if field else None

    known_false = Note(
        "known_false",
        "only people known to be without it",
        "Also those it is not known of",
        (("values", (True,)), ("negated", True)),
    )

    @g.rule("TEST", "FLAG", "HAVE FLAG", cost=-0.35, examples=("with kids", "staff"))
    def flag_said(scene: Scene, *parts: Any) -> Test | None:
        flag: Flag = parts[-1]
        if flag.owner is not None:
            return None
        consent = any(channel.consent == flag.field for channel in scene.catalog.channels)
        notes = () if flag.value or consent else (known_false,)
        return Test(flag.field, Operator.IS, (flag.value,), person=flag.person and len(parts) == 1, notes=notes)

    @g.rule("TEST", "HAVE ATTR", cost=-0.1, examples=("has children",))
    def has_flag(scene: Scene, _have: Word, attr: Attr) -> Test | None:
        return flag_test(scene, attr, True)

    @g.rule("TEST", "ATTR", cost=0.4, examples=("kids",))
    def flag_named(scene: Scene, attr: Attr) -> Test | None:
        return flag_test(scene, attr, True)

    @g.rule("TEST", "NO ATTR", cost=-0.15, examples=("no kids",))
    def no_flag(scene: Scene, _no: Word, attr: Attr) -> Test | None:
        test = flag_test(scene, attr, False)
        return replace(test, notes=(known_false,)) if test else None

    @g.rule("TEST", "ATTR IS TRUTH", "ATTR TRUTH", cost=-0.2, examples=("has children: yes",))
    def flag_is(scene: Scene, attr: Attr, *rest: Any) -> Test | None:
        return flag_test(scene, attr, rest[-1].value)


# --- dates --------------------------------------------------------------------------------------


def date_test(field: Field, when: When) -> Test | None:
    """A date attribute in a window. A date that usually lies ahead (expires, renewal) takes the window's future meaning."""
    if field.kind not in DATES or when.anaphora or when.window is None:
        return None
    if field.kind is Kind.DATE and when.window.clock is not None and when.window.clock.start is not None:
        return None  # a date has no time of day
    ahead = lies_ahead(field)
    window = when.future if ahead and when.future is not None else when.window
    return Test(field.key, Operator.WITHIN, (), window, notes=() if ahead else when.notes)


def _dates(g: Grammar) -> None:
    @g.rule("TEST", "ATTR IS? WHEN", cost=-0.2, examples=("signed up in the last 30 days",))
    def date_in_window(scene: Scene, attr: Attr, _is: Any, when: When) -> Test | None:
        fields = (f for f in scene.attributes(attr) if f.role is not Role.BIRTH_DATE)
        return next((t for f in fields if (t := date_test(f, when))), None)

    @g.rule("TEST", "ATTRPAST IS? WHEN", cost=-0.2, examples=("trial expired in April",))
    def ended_in_window(scene: Scene, attr: Attr, _is: Any, when: When) -> Test | None:
        """A date that usually lies ahead, said in the past: trials that expired in April."""
        gone = replace(when, future=None)
        return next((t for f in scene.attributes(attr) if (t := date_test(f, gone))), None)

    @g.rule(
        "TEST",
        "NOUN SINCE PERIOD",
        "NOUN for GT|GE DUR",
        "NOUN for LT|LE DUR",
        cost=-0.3,
        examples=("member since 2022", "customers for over a year"),
    )
    def member_since(scene: Scene, _noun: Word, how: Word, length: Span | Lasting) -> Test | None:
        field = scene.role(Role.SIGNED_UP)
        if field is None:
            return None
        if isinstance(length, Span):
            window = since(length.period)
        else:
            duration = length.duration
            ago = more_than_ago if how.value == "more" else last
            window = ago(duration.amount, duration.unit)
        return Test(field.key, Operator.WITHIN, (), window, person=True)

    @g.rule("TEST", "NOUN from PERIOD", cost=-0.3, examples=("customers from 2022",))
    def member_from(scene: Scene, _noun: Word, span: Span) -> Test | None:
        field = scene.role(Role.SIGNED_UP)
        test = date_test(field, from_then(scene, span.period, span.notes)) if field else None
        return replace(test, person=True) if test else None

    @g.rule(
        "TEST", "ATTR IS? NOT WHEN", "ATTR IS_NOT WHEN", cost=-0.3, examples=("last seen is not in the last 60 days",)
    )
    def date_not_in_window(scene: Scene, attr: Attr, *rest: Any) -> Test | None:
        test = date_in_window(scene, attr, None, rest[-1])
        return replace(test, negated=True) if test else None

    @g.rule("TEST", "new ATTR WHEN", cost=-0.4, examples=("new signups this week",))
    def new_since(scene: Scene, attr: Attr, when: When) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.role is Role.SIGNED_UP), None)
        return date_test(field, when) if field else None

    @g.rule("TEST", "ATTR via|through|by|from|on|using VALUE", cost=-0.5, examples=())
    def came_through(scene: Scene, attr: Attr, refs: Refs) -> Test | None:
        joined = any(f.role is Role.SIGNED_UP for f in scene.attributes(attr))
        for ref in refs.refs if joined else ():
            field = scene.of(ref) if ref.owner is None else None
            names = (field.key, field.label, *field.synonyms) if field else ()
            if field and field.role is None and any("source" in n.casefold() or "through" in n for n in names):
                return equals(field, ref.value)
        return None

    @g.rule("READY", "ATTR IS? WHEN OR WHEN", cost=-0.4, examples=("joined in 2023 or 2024",))
    def date_in_either(scene: Scene, attr: Attr, _is: Any, *rest: Any) -> Ready | None:
        windows = [p for p in rest if isinstance(p, When)]
        for field in scene.attributes(attr):
            tests = [test for when in windows if (test := date_test(field, when)) is not None]
            if len(tests) == 2:
                return Ready(any_of(Has(t.field, t.operator, t.values, t.window) for t in tests), tests[0].notes)
        return None

    @g.rule("TEST", "ATTR", cost=0.6, examples=("signed up",))
    def date_named(scene: Scene, attr: Attr) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.kind in DATES and f.role is Role.SIGNED_UP), None)
        return Test(field.key, Operator.IS_SET) if field else None

    @g.rule(
        "TEST",
        "BORN WHEN",
        "BORN BORNWHEN",
        "BORN IS WHEN",
        cost=-0.3,
        examples=("born in the 80s", "born before 1990"),
    )
    def born(scene: Scene, *parts: Any) -> Test | None:
        when: When = parts[-1]
        field = scene.role(Role.BIRTH_DATE)
        if field is None or when.window is None:
            return None
        match when.window:
            case Window(start=StartOf(period=Dated(year=None))):  # "born in May" is said of every year
                return _anniversary(field, replace(when, notes=()))
            case _:
                return date_test(field, replace(when, notes=()))

    @g.rule(
        "TEST", "BIRTHDAY WHEN", "BIRTHDAY IS WHEN", "HAVE BIRTHDAY WHEN", cost=-0.35, examples=("birthday this month",)
    )
    def birthday(scene: Scene, *parts: Any) -> Test | None:
        when: When = parts[-1]
        field = scene.role(Role.BIRTH_DATE)
        if field is None or when.window is None:
            return None
        return _anniversary(field, when)

    @g.rule(
        "TEST",
        "ATTR ANNIVERSARY WHEN",
        "ANNIVERSARY WHEN",
        "ANNIVERSARY OF ATTR WHEN",
        cost=-0.35,
        examples=("sign-up anniversary this month",),
    )
    def anniversary(scene: Scene, *parts: Any) -> Test | None:
        attr = next((p for p in parts if isinstance(p, Attr)), None)
        field = (
            next((f for f in scene.attributes(attr) if f.kind in DATES), None) if attr else scene.role(Role.SIGNED_UP)
        )
        when: When = parts[-1]
        return _anniversary(field, when) if field else None


def _anniversary(field: Field, when: When) -> Test | None:
    """The day of a date that comes every year, in a window; hours and days of the week say nothing of it."""
    if when.window is None or when.window.clock is not None:
        return None
    ahead = when.future is not None and when.notes == ()
    return Test(field.key, Operator.ANNIVERSARY, (), when.future if ahead else when.window)
