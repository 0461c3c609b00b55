"""Ages, generations and stages of life: what follows from a birth date in every company."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.catalog import Role
from segbot.model.condition import Comparison, Has, any_of
from segbot.model.operators import Operator
from segbot.model.windows import Calendar, Dated, EndOf, StartOf, Unit, Window, during
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Attr, Bound, Note, Number, Ready, Span, Test, When, Word

OLDEST = 120
YOUNGEST = 12


def age_test(scene: Scene, comparison: Comparison, *notes: Note, bare: bool = False) -> Test | None:
    """A test of the age, where the catalog has one."""
    field = scene.role(Role.AGE)
    values = comparison.values
    if field is None or any(isinstance(v, str | bool) or not 0 <= v <= OLDEST or v != int(v) for v in values):
        return None
    return Test(field.key, comparison.operator, values, bare=bare, notes=notes)


def _between(low: int, high: int) -> Comparison:
    return Comparison(Operator.BETWEEN, (low, high))


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _ages(g)
    _generations(g)
    _birthdays(g)


def _ages(g: Grammar) -> None:
    @g.rule("TEST", "BOUND", cost=0.5, examples=("over 30", "25-40", "65+"))
    def bare_age(scene: Scene, bound: Bound) -> Test | None:
        bounds = (bound.comparison, bound.also) if bound.also else (bound.comparison,)
        small = any(isinstance(v, int | float) and v < YOUNGEST for c in bounds for v in c.values)
        if bound.unit or bound.form == "bare" or small:
            return None  # "more than 2" is hardly an age
        note = Note("bare_number_is_age", "the number is read as an age")
        test = age_test(scene, bound.comparison, note, *bound.notes, bare=True)
        return replace(test, also=bound.also) if test else None

    @g.rule("TEST", "BOUNDUNIT", cost=-0.1, examples=("between 30 and 40 years",))
    def age_or_other_years(scene: Scene, measured: tuple[Bound, Attr]) -> Test | None:
        """Years that something else is counted in may as well be an age: which of the two is asked."""
        bound, attr = measured
        counted = any(f.unit in ("year", "years") for f in scene.attributes(attr))
        test = bare_age(scene, bound) if counted else None
        return replace(test, bare=False, notes=bound.notes) if test else None

    @g.rule(
        "TEST",
        "AGED BOUND",
        "BOUND YEARS_OLD",
        "AGED BOUND YEARS_OLD",
        "BOUND in age",
        cost=-0.2,
        examples=("aged 25-40", "18-24 year olds"),
    )
    def age_said(scene: Scene, *parts: Any) -> Test | None:
        bound = next(p for p in parts if isinstance(p, Bound))
        test = None if bound.unit else age_test(scene, bound.comparison)
        return replace(test, also=bound.also, person=not isinstance(parts[0], Word)) if test else None

    @g.rule("TEST", "BOUND s", cost=-0.2, examples=("under-25s",))
    def agers(scene: Scene, bound: Bound) -> Test | None:
        test = None if bound.unit or bound.form == "bare" else age_test(scene, bound.comparison)
        return replace(test, person=True) if test else None

    for cat, operator in (("GT", Operator.GT), ("LT", Operator.LT)):

        @g.rule(
            "TEST",
            f"{cat} DECADE",
            name=f"decade {operator.value}",
            cost=-0.1,
            examples=("the over 60s" if cat == "GT" else "the under 30s",),
        )
        def beyond_decade(scene: Scene, _word: Word, decade: Word, operator: Operator = operator) -> Test | None:
            test = age_test(scene, Comparison(operator, (decade.value,)))
            return replace(test, person=True) if test else None

    @g.rule(
        "TEST",
        "NUM OLDER_AFTER",
        "AGED NUM OLDER_AFTER",
        "NUM YEARS_OLD OLDER_AFTER|MORE_AFTER",
        cost=-0.1,
        examples=("30 and older",),
    )
    def and_older(scene: Scene, *parts: Any) -> Test | None:
        number = next(p for p in parts if isinstance(p, Number))
        return None if number.unit else age_test(scene, Comparison(Operator.GE, (number.value,)))

    @g.rule("TEST", "NUM YOUNGER_AFTER", "AGED NUM YOUNGER_AFTER", "NUM YEARS_OLD YOUNGER_AFTER", cost=-0.1)
    def and_younger(scene: Scene, *parts: Any) -> Test | None:
        number = next(p for p in parts if isinstance(p, Number))
        return None if number.unit else age_test(scene, Comparison(Operator.LE, (number.value,)))

    @g.rule(
        "TEST",
        "in their|her|his EARLY_MID_LATE? DECADEWORD",
        "in their|her|his EARLY_MID_LATE? DECADE",
        cost=-0.3,
        examples=("in their thirties",),
    )
    def in_their_thirties(scene: Scene, part: Word | None, decade: Word) -> Test | None:
        return _decade_test(scene, part, decade)

    @g.rule("TEST", "EARLY_MID_LATE DECADEWORD|DECADE", cost=-0.2, examples=("late 20s",))
    def part_of_decade(scene: Scene, part: Word, decade: Word) -> Test | None:
        return _decade_test(scene, part, decade)

    @g.rule(
        "TEST",
        "DECADE|DECADEWORD OR|AND|TO|DASH DECADE|DECADEWORD",
        "in their|her|his DECADE|DECADEWORD OR|AND|TO|DASH DECADE|DECADEWORD",
        "in their|her|his DECADE|DECADEWORD OR|AND in? their DECADE|DECADEWORD",
        cost=-0.3,
        examples=("30s or 40s",),
    )
    def decades(scene: Scene, *parts: Word) -> Test | None:
        lows = sorted(p.value for p in parts if isinstance(p.value, int) and p.value > 1)
        if len(lows) != 2 or not 20 <= lows[0] < lows[1] <= 90 or lows[0] % 10 or lows[1] % 10:
            return None
        said = {p.value for p in parts} & {"or", "and"}
        if said and lows[1] - lows[0] > 10:
            return None
        return age_test(scene, _between(lows[0], lows[1] + 9))

    @g.rule("TEST", "DECADE", cost=0.9, examples=("30s",))
    def decade_alone(scene: Scene, decade: Word) -> Test | None:
        if not 20 <= decade.value <= 60:
            return None
        low = decade.value
        return age_test(scene, _between(low, low + 9), Note("decade_is_age", f"“{low}s” means aged {low} to {low + 9}"))

    @g.rule("TEST", "NUM SOMETHINGS", "DECADE SOMETHINGS", "DIGIT SOMETHINGS", cost=-0.2, examples=("30-somethings",))
    def somethings(scene: Scene, decade: Any, _word: Word) -> Test | None:
        low = decade.value
        if low % 10 or not 20 <= low <= 90:
            return None
        test = age_test(scene, _between(low, low + 9))
        return replace(test, person=True) if test else None

    @g.rule("TEST", "STAGE", examples=("seniors",))
    def life_stage(scene: Scene, stage: Word) -> Test | None:
        low, high, said = stage.value
        if high is None:
            comparison = Comparison(Operator.GE, (low,))
        elif low is None:
            comparison = Comparison(Operator.LE, (high,))
        else:
            comparison = _between(low, high)
        test = age_test(scene, comparison, Note("life_stage", f"read as people aged {said}"))
        return replace(test, person=True) if test else None

    @g.rule("TEST", "TURNING NUM WHEN", "TURNING NUM YEARS_OLD? WHEN", cost=-0.4, examples=("turning 30 this year",))
    def turning(scene: Scene, _turning: Word, number: Number, *rest: Any) -> Test | None:
        when: When = rest[-1]
        field = scene.role(Role.BIRTH_DATE)
        age = number.value
        if field is None or number.unit or age != int(age) or not 0 < age <= OLDEST or when.window is None:
            return None
        match when.window.start:
            case StartOf(period=Calendar(unit=Unit.YEAR, offset=offset, fiscal=False)):
                return Test(field.key, Operator.WITHIN, (), during(Calendar(Unit.YEAR, offset - int(age))))
            case StartOf(period=Calendar(unit=Unit.MONTH, offset=offset)):
                return Test(field.key, Operator.WITHIN, (), during(Calendar(Unit.MONTH, offset - 12 * int(age))))
            case _:
                return None


def _decade_test(scene: Scene, part: Word | None, decade: Word) -> Test | None:
    low = decade.value
    if low == 10:
        return age_test(scene, _between(13, 19))
    if not 20 <= low <= 110:
        return None
    first, last_ = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}[part.value] if part else (0, 9)
    notes = (Note("part_of_decade", f"“{part.value} {low}s” means {low + first} to {low + last_}"),) if part else ()
    return age_test(scene, _between(low + first, low + last_), *notes)


def _birthdays(g: Grammar) -> None:
    @g.rule(
        "READY",
        "PERIOD OR|AND PERIOD BIRTHDAY",
        "BIRTHDAY IN? PERIOD OR PERIOD",
        cost=-1.2,
        examples=("January or February birthdays",),
    )
    def birthdays(scene: Scene, *parts: Any) -> Ready | None:
        field = scene.role(Role.BIRTH_DATE)
        spans = [p for p in parts if isinstance(p, Span)]
        if field is None:
            return None
        return Ready(any_of(Has(field.key, Operator.ANNIVERSARY, (), during(s.period)) for s in spans))


def _generations(g: Grammar) -> None:
    @g.rule("TEST", "GENERATION", examples=("gen z", "millennials"))
    def generation(scene: Scene, word: Word) -> Test | None:
        first, last_ = word.value
        field = scene.role(Role.BIRTH_DATE)
        if field is None:
            return None
        window = Window(StartOf(Dated(year=first)), EndOf(Dated(year=last_)))
        note = Note("generation", f"read as born {first} to {last_}")
        return Test(field.key, Operator.WITHIN, (), window, person=True, notes=(note,))
