"""What is known of people, said in words of knowing, having and living; how many entries a list has; how they joined."""

from __future__ import annotations

from typing import Any

from segbot.model.catalog import Field, Role
from segbot.model.condition import Comparison, Has, Value, all_of
from segbot.model.operators import MOST_ENTRIES, Kind, Operator
from segbot.model.windows import last, more_than_ago
from segbot.nl.chart import Grammar
from segbot.nl.grammar.attributes import date_test, equals, number_test, value_tests
from segbot.nl.grammar.context import PLACES, Scene
from segbot.nl.meaning import Attr, Bound, Lasting, Note, Ready, Refs, Test, When, Word

_RICH = 50_000
_LONGEST_SAID = 12
"""Longer lists are not counted by anybody: a larger number is something else."""


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _knowing(g)
    _living(g)
    _lists(g)
    _worth(g)
    _joined(g)
    _programme(g)


def _knowing(g: Grammar) -> None:
    def presence(scene: Scene, attr: Attr, *, negated: bool) -> Test | None:
        fields = [f for f in scene.attributes(attr) if f.kind is not Kind.FLAG and f.role is not Role.AGE]
        return Test(fields[0].key, Operator.IS_SET, negated=negated) if fields else None

    @g.rule(
        "TEST",
        "NOT know|hold|store ATTR",
        "NO ATTR for|on|about|from them",
        "NOT HAVE ATTR for|on|about|from them",
        cost=-0.4,
        examples=("we don't know their income",),
    )
    def not_known(scene: Scene, *parts: Any) -> Test | None:
        return presence(scene, next(p for p in parts if isinstance(p, Attr)), negated=True)

    @g.rule("TEST", "know|hold|store ATTR", "HAVE ATTR for|on|about|from them", cost=-0.1)
    def known(scene: Scene, *parts: Any) -> Test | None:
        return presence(scene, next(p for p in parts if isinstance(p, Attr)), negated=False)

    @g.rule("READY", "HAVE ATTR AND ATTR", cost=-0.2, examples=("have both a phone number and an email",))
    def both_known(scene: Scene, _have: Word, one: Attr, _and: Word, two: Attr) -> Ready | None:
        tests = [presence(scene, attr, negated=False) for attr in (one, two)]
        found = [Has(test.field, test.operator) for test in tests if test is not None]
        return Ready(all_of(found)) if len(found) == 2 and found[0] != found[1] else None

    @g.rule(
        "TEST",
        "ATTR HAVE|IN? country code IS? NUMTEXT|QUOTED",
        "country code IS? NUMTEXT|QUOTED",
        "ATTR STARTS QUOTED",
        "QUOTED ATTR",
        cost=-0.5,
        examples=("phone numbers with country code +44",),
    )
    def country_code(scene: Scene, *parts: Any) -> Test | None:
        attr = next((p for p in parts if isinstance(p, Attr)), None)
        fields = scene.attributes(attr) if attr else scene.catalog.attributes
        phone = next((f for f in fields if f.kind is Kind.PHONE), None)
        said = next(str(p.value) for p in reversed(parts) if isinstance(p, Word) and isinstance(p.value, str))
        code = said.lstrip("+").strip()
        fits = code.isdigit() and len(code) <= 4 and (said.startswith("+") or len(parts) < 4)
        return Test(phone.key, Operator.COUNTRY_CODE, (code,)) if phone and fits else None

    @g.rule(
        "TEST",
        "ATTR domain? IS_NOT DOMAIN|PROVIDER",
        "ATTR domain? IS? NOT DOMAIN|PROVIDER",
        cost=-0.5,
        examples=("email domain is not gmail.com",),
    )
    def other_domain(scene: Scene, attr: Attr, *rest: Any) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.kind is Kind.EMAIL), None)
        return Test(field.key, Operator.DOMAIN, (rest[-1].value,), negated=True) if field else None


def _living(g: Grammar) -> None:
    @g.rule("TEST", "LIVE NOT IN? VALUE", cost=-0.3, examples=("lives outside California",))
    def lives_elsewhere(scene: Scene, _live: Word, _not: Word, _in: Any, refs: Refs) -> Test | None:
        test = value_tests(scene, refs, cue="in")
        field = scene.field(None, test.field) if test else None
        if test is None or field is None or field.role not in PLACES:
            return None
        return Test(test.field, test.operator, test.values, negated=True)

    @g.rule(
        "TEST",
        "prefer|prefers|preferring VALUE",
        "write|writes|wrote|writing|written|talk|talks|talked|talking|chat|chatting|correspond|communicate in VALUE",
        "write|wrote|talk|talked|chat|correspond|communicate to|with them in VALUE",
        cost=-0.3,
        examples=("prefer German",),
    )
    def prefers(scene: Scene, refs: Refs) -> Test | None:
        field = scene.role(Role.LANGUAGE)
        values = tuple(r.value for r in refs.refs if field is not None and r.owner is None and r.field == field.key)
        return equals(field, *values) if field and values else None

    @g.rule(
        "TEST",
        "speak|speaks|speaking language|languages OTHERTHAN|EXCEPT VALUE",
        cost=-0.6,
        examples=("speaking a language other than English",),
    )
    def speaks_another(scene: Scene, _other: Word, refs: Refs) -> Test | None:
        field = scene.role(Role.LANGUAGE)
        values = tuple(r.value for r in refs.refs if field and r.owner is None and r.field == field.key)
        return Test(field.key, Operator.IS, values, negated=True) if field and values else None


def _lists(g: Grammar) -> None:
    @g.rule("TEST", "BOUND ATTR", "HAVE BOUND ATTR", cost=-0.2, examples=("at least 3 interests",))
    def so_many_entries(scene: Scene, *parts: Any) -> Test | None:
        attr = next(p for p in parts if isinstance(p, Attr))
        bound = next(p for p in parts if isinstance(p, Bound))
        field = next((f for f in scene.attributes(attr) if f.kind is Kind.LIST), None)
        numbers = [v for v in bound.comparison.values if isinstance(v, int | float)]
        if field is None or bound.unit or bound.also or max(numbers, default=0) > _LONGEST_SAID:
            return None  # "men 35-50 into fishing" says how old they are
        ends = _ends(bound.comparison)
        return Test(field.key, Operator.LENGTH, ends) if ends else None


def _ends(comparison: Comparison) -> tuple[Value, Value] | None:
    """The fewest and the most entries that a comparison allows; a bare number is that many."""
    first, last = comparison.values[0], comparison.values[-1]
    if isinstance(first, str) or isinstance(last, str) or first != int(first) or last != int(last):
        return None
    low, high = {
        Operator.GE: (int(first), MOST_ENTRIES),
        Operator.GT: (int(first) + 1, MOST_ENTRIES),
        Operator.LE: (1, int(first)),
        Operator.LT: (1, int(first) - 1),
    }.get(comparison.operator, (int(first), int(last)))
    return (low, high) if 0 <= low <= high <= MOST_ENTRIES else None


def _worth(g: Grammar) -> None:
    for word, operator in (("negative", Operator.LT), ("positive", Operator.GT)):

        @g.rule(
            "TEST",
            f"{word} ATTR",
            f"ATTR IS? {word}",
            f"HAVE {word} ATTR",
            name=f"{word} amount",
            cost=-0.4,
            examples=(f"a {word} net worth",),
        )
        def signed(scene: Scene, *parts: Any, operator: Operator = operator) -> Test | None:
            attr = next(p for p in parts if isinstance(p, Attr))
            field = next((f for f in scene.attributes(attr) if f.kind in (Kind.NUMBER, Kind.MONEY)), None)
            return Test(field.key, operator, (0,)) if field else None

    @g.rule("TEST", "worth BOUND", cost=0.1, examples=("worth at least $1 million",))
    def worth(scene: Scene, bound: Bound) -> Test | None:
        """What somebody is worth, where so much money is no price of an order."""
        field = scene.role(Role.NET_WORTH)
        large = all(isinstance(v, int | float) and v >= _RICH for v in bound.comparison.values)
        return number_test(field, bound) if field and large else None


def _joined(g: Grammar) -> None:
    @g.rule(
        "READY",
        "ATTR via|through|by|from|on|using|in|at VALUE WHEN",
        "ATTR WHEN via|through|by|from|on|using|in|at VALUE",
        "ATTR WHEN via|through|by|from|on|using|in|at VALUE OR VALUE",
        "ATTR WHEN via|through|by|from|on|using|in|at VALUE OR via|through|by|from|on|using|in|at VALUE",
        "ATTR WHEN via|through|by|from|on|using|in|at VALUE COMMA VALUE COMMA? OR VALUE",
        "ATTR WHEN via|through|by|from|on|using|in|at VALUE COMMA VALUE COMMA VALUE COMMA? OR VALUE",
        cost=-0.9,
        examples=(),
    )
    def joined_then_through(scene: Scene, attr: Attr, *rest: Any) -> Ready | None:
        several = [source_test(scene, p) for p in rest if isinstance(p, Refs)]
        when = next(p for p in rest if isinstance(p, When))
        signed_up = next((f for f in scene.attributes(attr) if f.role is Role.SIGNED_UP), None)
        through = several[0]
        date = date_test(signed_up, when) if signed_up else None
        if through is None or date is None or any(t is None or t.operator != through.operator for t in several):
            return None
        values = tuple(dict.fromkeys(v for t in several if t is not None for v in t.values))
        condition = all_of(
            (Has(through.field, through.operator, values), Has(date.field, date.operator, (), date.window))
        )
        return Ready(condition, tuple(n for n in date.notes if not n.changes))

    @g.rule("TEST", "ATTR since GT|GE|LT|LE? DUR", cost=-0.5, examples=("registered since more than 5 years",))
    def registered_since(scene: Scene, attr: Attr, how: Word | None, lasting: Lasting) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.role is Role.SIGNED_UP), None)
        window = (last if how is not None and how.value == "less" else more_than_ago)(
            lasting.duration.amount, lasting.duration.unit
        )
        return Test(field.key, Operator.WITHIN, (), window) if field else None

    @g.rule("TEST", "with us for GE|GT|LE|LT? DUR", cost=-0.6, examples=("with us for over 3 years",))
    def with_us_for(scene: Scene, *parts: Any) -> Test | None:
        how, lasting = parts[0], parts[-1]
        field = scene.role(Role.SIGNED_UP)
        if field is None or not isinstance(lasting, Lasting):
            return None
        less = isinstance(how, Word) and how.value == "less"
        window = (last if less else more_than_ago)(lasting.duration.amount, lasting.duration.unit)
        return Test(field.key, Operator.WITHIN, (), window)

    @g.rule("TEST", "ATTR in|at VALUE", cost=-0.5, examples=())
    def joined_in(scene: Scene, attr: Attr, refs: Refs) -> Test | None:
        joined = any(f.role is Role.SIGNED_UP for f in scene.attributes(attr))
        return source_test(scene, refs) if joined else None


def source_test(scene: Scene, refs: Refs) -> Test | None:
    """The test of where people came from that a value word can stand for: through Instagram, in a store."""
    for ref in refs.refs:
        field = scene.of(ref) if ref.owner is None else None
        if field is not None and is_source(field):
            return equals(field, ref.value)
    return None


def is_source(field: Field) -> bool:
    """Whether an attribute says where people came from: sign-up source, joined through."""
    names = (field.key, field.label, *field.synonyms)
    return field.role is None and any("source" in name.casefold() or "through" in name for name in names)


_PROGRAMME = "program|programme|scheme|club"


def _programme(g: Grammar) -> None:
    @g.rule("TEST", "loyalty|status IS VALUE", cost=-0.3, examples=("loyalty: gold",))
    def level(scene: Scene, _is: Word, refs: Refs) -> Test | None:
        field = scene.role(Role.TIER)
        values = tuple(r.value for r in refs.refs if field is not None and r.owner is None and r.field == field.key)
        return equals(field, *values) if field and values else None

    @g.rule(
        "TEST",
        "loyalty|rewards member|members",
        f"IN loyalty|rewards|reward {_PROGRAMME}",
        f"loyalty|rewards|reward {_PROGRAMME} NOUN",
        f"enrolled|enroled|members|member IN loyalty|rewards|reward {_PROGRAMME}",
        cost=-0.4,
        examples=("in the loyalty program",),
    )
    def in_programme(scene: Scene, *parts: Word) -> Test | None:
        """Everyone with a tier is in the programme."""
        field = scene.role(Role.TIER)
        note = Note("programme", f"the program is read as having a {field.label.lower()}") if field else None
        return Test(field.key, Operator.IS_SET, notes=(note,)) if field and note else None
