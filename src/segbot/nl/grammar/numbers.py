"""Numbers, money, percentages, comparisons and frequencies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.condition import Comparison
from segbot.model.operators import Operator
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Bound, Note, Number, Word

_SAID = {"GT": "more than {}", "GE": "at least {}", "LT": "less than {}", "LE": "at most {}"}
LARGEST = 10**12
_LOWER = frozenset({Operator.GT, Operator.GE})


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _numbers(g)
    _bounds(g)
    _frequencies(g)


def _numbers(g: Grammar) -> None:
    @g.rule("NUM", "DIGIT", examples=("five",))
    def number_word(_: Scene, digit: Word) -> Number:
        return Number(digit.value)

    @g.rule("NUM", "DIGIT DIGIT", examples=("twenty five",))
    def two_number_words(_: Scene, tens: Word, ones: Word) -> Number | None:
        return Number(tens.value + ones.value) if tens.value >= 20 and 0 < ones.value < 10 else None

    @g.rule("NUM", "NUM SCALE", examples=("3 thousand", "1m"))
    def scaled_number(_: Scene, number: Number, scale: Word) -> Number | None:
        scaled = None if number.unit == "percent" else _number(number.value * scale.value, number.unit)
        return replace(scaled, scale=scale.value) if scaled and scale.value >= 1000 else scaled

    @g.rule("NUM", "SCALE", examples=("a hundred",), cost=0.3)
    def bare_scale(_: Scene, scale: Word) -> Number | None:
        return Number(scale.value) if scale.value in (100, 1000, 1_000_000) else None

    @g.rule("NUM", "half SCALE", "half a|an SCALE", cost=-0.1, examples=("half a million",))
    def half_scale(_: Scene, scale: Word) -> Number | None:
        return Number(scale.value // 2, scale=scale.value) if scale.value >= 1000 else None

    @g.rule("NUM", "NUM SCALE AND? NUM", examples=("two hundred fifty",))
    def scaled_and_more(_: Scene, big: Number, scale: Word, _and: Any, small: Number) -> Number | None:
        if big.unit or small.unit or small.value >= scale.value or scale.value < 100:
            return None
        return _number(big.value * scale.value + small.value)

    @g.rule("NUM", "DOZEN", examples=("a dozen", "a couple"))
    def dozen(_: Scene, dozen: Word) -> Number:
        return Number(dozen.value)

    @g.rule("NUM", "NUM DOZEN", examples=("two dozen",))
    def dozens(_: Scene, number: Number, dozen: Word) -> Number | None:
        return _number(number.value * 12) if dozen.value == 12 and not number.unit else None

    @g.rule("NUM", "CURRENCY NUM", "NUM CURRENCY", examples=("$500", "500 dollars"))
    def money(scene: Scene, *parts: Word | Number) -> Number | None:
        number = next(p for p in parts if isinstance(p, Number))
        currency = next(p for p in parts if isinstance(p, Word))
        if number.unit or currency.value != scene.catalog.currency:
            return None
        return replace(number, unit="money")

    @g.rule("NUM", "NUM PCTWORD", examples=("10%",))
    def percent(_: Scene, number: Number, _word: Word) -> Number | None:
        return None if number.unit else Number(number.value, "percent")

    @g.rule("NUM", "HALF", cost=0.2, examples=("half",))
    def half(_: Scene, _word: Word) -> Number:
        return Number(50, "percent")


def _number(value: float, unit: Any = "") -> Number | None:
    if value > LARGEST:
        return None
    value = round(value, 6)
    return Number(int(value) if value == int(value) else value, unit)


def bound(operator: Operator, *numbers: Number, form: Any = "said") -> Bound | None:
    """A comparison with numbers, in order and in one unit."""
    scale = max(n.scale for n in numbers)
    if scale > 1:  # 50 to 80k
        largest = max(n.value for n in numbers)
        numbers = tuple(
            replace(n, value=n.value * scale) if n.scale == 1 and n.value * scale <= largest else n for n in numbers
        )
    units = {n.unit for n in numbers} - {""}
    if len(units) > 1 or any(abs(n.value) > LARGEST for n in numbers):
        return None
    values = tuple(sorted(n.value for n in numbers))
    return Bound(Comparison(operator, values), units.pop() if units else "", form)


def _bounds(g: Grammar) -> None:
    for cat, operator in (("GT", Operator.GT), ("GE", Operator.GE), ("LT", Operator.LT), ("LE", Operator.LE)):

        @g.rule("BOUND", f"{cat} NUM", name=f"said {operator.value}", examples=(_SAID[cat].format(5),))
        def said(_: Scene, _word: Word, number: Number, operator: Operator = operator) -> Bound | None:
            return bound(operator, number)

    @g.rule("BOUND", "EXACTLY NUM", examples=("exactly 2",))
    def exactly(_: Scene, _word: Word, number: Number) -> Bound | None:
        return bound(Operator.IS, number, form="exact")

    @g.rule("BOUND", "NUM MORE_AFTER", "NUM OLDER_AFTER", examples=("5+", "3 or more"))
    def or_more(_: Scene, number: Number, _word: Word) -> Bound | None:
        return bound(Operator.GE, number)

    @g.rule("BOUND", "NUM LESS_AFTER", "NUM YOUNGER_AFTER", examples=("5 or less",))
    def or_less(_: Scene, number: Number, _word: Word) -> Bound | None:
        return bound(Operator.LE, number)

    @g.rule("BOUND", "BETWEEN NUM AND|TO|DASH NUM", examples=("between 5 and 10", "from 5 to 10"))
    def between(_: Scene, _between: Word, low: Number, _and: Word, high: Number) -> Bound | None:
        return bound(Operator.BETWEEN, low, high)

    @g.rule("BOUND", "BETWEEN AGED NUM AND|TO|DASH NUM", cost=-0.1, examples=("between the ages of 25 and 34",))
    def between_ages(_: Scene, _between: Word, _aged: Word, low: Number, _and: Word, high: Number) -> Bound | None:
        return bound(Operator.BETWEEN, low, high) if not low.unit and not high.unit else None

    @g.rule("BOUND", "NUM TO|DASH NUM", examples=("25-40", "$100 to $200"))
    def ranging(_: Scene, low: Number, _to: Word, high: Number) -> Bound | None:
        return bound(Operator.BETWEEN, low, high) if low.value < high.value else None

    @g.rule(
        "BOUND",
        "within|inside NUM TO|DASH|AND NUM",
        "in|within the? range of? NUM TO|DASH|AND NUM",
        cost=0.3,
        examples=("within 2000-5000",),
    )
    def within(_: Scene, low: Number, _to: Word, high: Number) -> Bound | None:
        return bound(Operator.BETWEEN, low, high) if low.value < high.value else None

    @g.rule("BOUND", "NUM", cost=0.05)
    def bare_number(_: Scene, number: Number) -> Bound | None:
        return bound(Operator.IS, number, form="bare")

    @g.rule("BOUND", "BOUND AND|BUT BOUND", cost=0.05, examples=("more than 2 but fewer than 6",))
    def two_sided(_: Scene, one: Bound, _and: Word, two: Bound) -> Bound | None:
        sides = {one.comparison.operator in _LOWER, two.comparison.operator in _LOWER}
        open_ = {Operator.GT, Operator.GE, Operator.LT, Operator.LE}
        if (
            sides != {True, False}
            or one.also
            or two.also
            or not {one.comparison.operator, two.comparison.operator} <= open_
        ):
            return None
        if one.unit != two.unit and "" not in (one.unit, two.unit):
            return None
        low, high = (one, two) if one.comparison.operator in _LOWER else (two, one)
        if float(low.comparison.values[0]) >= float(high.comparison.values[0]):
            return None
        return Bound(low.comparison, one.unit or two.unit, "said", (), high.comparison)

    @g.rule("BOUND", "NUM OR NUM", cost=0.1, examples=("9 or 10",))
    def one_or_next(_: Scene, low: Number, _or: Word, high: Number) -> Bound | None:
        return (
            bound(Operator.BETWEEN, low, high, form="exact")
            if high.value - low.value == 1 and low.unit == high.unit
            else None
        )

    @g.rule("BOUND", "SEVERAL", examples=("a few",))
    def few(_: Scene, word: Word) -> Bound:
        """Not bare "few": who opened few emails opened hardly any."""
        said = Comparison(Operator.GE, (word.value,))
        return Bound(said, "", "said", (Note("few", f"“a few” means {word.value} or more"),))


def times(bound_: Bound, word: str) -> Bound:
    """A frequency: bare "3 times" means 3 or more (policy P1), and says so."""
    if bound_.form != "bare":
        return bound_
    number = bound_.comparison.values[0]
    least = Comparison(Operator.GE, (number,))
    note = Note(
        "times_at_least", f"“{word}” means {number} or more", f"Exactly {number}", (("comparison", bound_.comparison),)
    )
    return Bound(least, "", "said", (note,))


_ONCE_WORDS = {1: "once", 2: "twice", 3: "thrice"}


def _frequencies(g: Grammar) -> None:
    @g.rule("FREQ", "ONCE", examples=("twice",))
    def once(_: Scene, word: Word) -> Bound:
        number = word.value
        exact = Comparison(Operator.IS, (number,))
        if number == 1:
            more = Comparison(Operator.GE, (1,))
            return Bound(
                exact,
                "",
                "said",
                (Note("once_exactly", "“once” means exactly 1", "1 or more", (("comparison", more),)),),
            )
        return times(Bound(exact, "", "bare"), _ONCE_WORDS[number])

    @g.rule("FREQ", "EXACTLY ONCE", cost=-0.1)
    def exactly_once(_: Scene, _word: Word, once_: Word) -> Bound | None:
        return bound(Operator.IS, Number(once_.value), form="exact")

    for cat, operator in (("GT", Operator.GT), ("GE", Operator.GE), ("LT", Operator.LT), ("LE", Operator.LE)):

        @g.rule(
            "FREQ", f"{cat} ONCE", name=f"said {operator.value} once", cost=-0.1, examples=(_SAID[cat].format("twice"),)
        )
        def said_once(_: Scene, _word: Word, once_: Word, operator: Operator = operator) -> Bound | None:
            return bound(operator, Number(once_.value))

    @g.rule("FREQ", "ONCE MORE_AFTER", cost=-0.1, examples=("twice or more",))
    def once_or_more(_: Scene, once_: Word, _word: Word) -> Bound | None:
        return bound(Operator.GE, Number(once_.value))

    @g.rule("FREQ", "ONCE LESS_AFTER", cost=-0.1)
    def once_or_less(_: Scene, once_: Word, _word: Word) -> Bound | None:
        return bound(Operator.LE, Number(once_.value))

    @g.rule("FREQ", "ONCE OR ONCE", "BETWEEN ONCE AND ONCE", cost=-0.1)
    def once_or_twice(_: Scene, *words: Word) -> Bound | None:
        numbers = [w.value for w in words if isinstance(w.value, int)]
        return bound(Operator.BETWEEN, Number(min(numbers)), Number(max(numbers)))

    @g.rule("FREQ", "BOUND TIMES", "BOUND or more TIMES", examples=("3 times", "at least 3 times"))
    def so_many_times(_: Scene, count: Bound, _times: Word) -> Bound | None:
        return None if count.unit else times(count, f"{count.comparison.values[0]} times")

    @g.rule("FREQ", "NUM TIMES MORE_AFTER", cost=-0.1, examples=("3 times or more",))
    def times_or_more(_: Scene, number: Number, _times: Word, _more: Word) -> Bound | None:
        return bound(Operator.GE, number)

    @g.rule("FREQ", "NUM TIMES LESS_AFTER", cost=-0.1)
    def times_or_less(_: Scene, number: Number, _times: Word, _less: Word) -> Bound | None:
        return bound(Operator.LE, number)

    @g.rule("FREQ", "REPEATEDLY", examples=("several times",))
    def repeatedly(_: Scene, word: Word) -> Bound:
        least = Comparison(Operator.GE, (word.value,))
        return Bound(least, "", "said", (Note("several", f"that means {word.value} times or more here"),))
