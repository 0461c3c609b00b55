"""Tests of texts: words inside them, names, codes, e-mail domains and addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.catalog import Field
from segbot.model.operators import Kind, Operator
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import NAMES, WORDY, Scene
from segbot.nl.meaning import Attr, Test, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _texts(g)
    _email(g)


_TEXT_WORDS = {"CONTAINS": "contains", "STARTS": "starts with", "ENDS": "ends with"}


def _texts(g: Grammar) -> None:
    def wordy(scene: Scene, attr: Attr) -> Field | None:
        return next((f for f in scene.attributes(attr) if f.kind in WORDY), None)

    for cat, operator in (
        ("CONTAINS", Operator.CONTAINS),
        ("STARTS", Operator.STARTS_WITH),
        ("ENDS", Operator.ENDS_WITH),
    ):

        @g.rule(
            "TEST",
            f"IN? ATTR {cat} TEXT|QUOTED|NUMTEXT",
            name=f"text {operator.value}",
            cost=-0.3,
            examples=(f"last name {_TEXT_WORDS[cat]} Mc",),
        )
        def text_with(
            scene: Scene, _in: Any, attr: Attr, _word: Word, text: Word, operator: Operator = operator
        ) -> Test | None:
            field = wordy(scene, attr)
            if field is None or (field.kind is Kind.PHONE and text.value.startswith("+")):
                return None  # its country code, however the rest is written
            return Test(field.key, operator, (text.value,))

        @g.rule("TEST", f"ATTR NOT {cat} TEXT|QUOTED|NUMTEXT", name=f"text not {operator.value}", cost=-0.4)
        def text_without(
            scene: Scene, attr: Attr, _not: Word, _word: Word, text: Word, operator: Operator = operator
        ) -> Test | None:
            field = wordy(scene, attr)
            return Test(field.key, operator, (text.value,), negated=True) if field else None

    @g.rule("TEST", "ATTR IS? QUOTED", cost=-0.1, examples=('city is "Springfield"',))
    def text_is_quoted(scene: Scene, attr: Attr, _is: Any, text: Word) -> Test | None:
        field = wordy(scene, attr)
        return (
            Test(field.key, Operator.IS, (text.value,)) if field and (field.open_values or not field.values) else None
        )

    @g.rule("TEST", "NAMED NEWNAME OR NEWNAME", cost=-0.3, examples=("called Emma or Olivia",))
    def either_name(scene: Scene, _named: Word, one: Word, _or: Word, two: Word) -> Test | None:
        test = name_is(scene, _named, one)
        return replace(test, values=(one.value, two.value)) if test else None

    @g.rule("TEST", "ATTR IS? NEWNAME", "NAMED NEWNAME", cost=0.2, examples=("named Maria",))
    def name_is(scene: Scene, *parts: Any) -> Test | None:
        field = (
            wordy(scene, parts[0])
            if isinstance(parts[0], Attr)
            else next((f for r in NAMES if (f := scene.role(r))), None)
        )
        if field is None or not (field.open_values or not field.values) or field.kind not in (Kind.TEXT, Kind.CHOICE):
            return None
        return Test(field.key, Operator.IS, (parts[-1].value,))

    @g.rule(
        "TEST",
        "ATTR IS? NOT NEWNAME|QUOTED",
        "ATTR IS_NOT NEWNAME|QUOTED",
        cost=0.1,
        examples=("last name is not Smith",),
    )
    def name_is_not(scene: Scene, *parts: Any) -> Test | None:
        test = name_is(scene, parts[0], parts[-1])
        return replace(test, negated=True) if test else None

    @g.rule("TEST", "NUMTEXT ATTR", "IN NUMTEXT ATTR", cost=0.1, examples=("in the 94110 zip code",))
    def code_named(scene: Scene, *parts: Any) -> Test | None:
        field = wordy(scene, parts[-1])
        return Test(field.key, Operator.IS, (parts[-2].value,)) if field and field.kind is Kind.TEXT else None

    @g.rule("TEST", "ATTR IS? NUMTEXT", cost=-0.05, examples=("zip code 94110",))
    def code_is(scene: Scene, attr: Attr, _is: Any, text: Word) -> Test | None:
        field = wordy(scene, attr)
        return Test(field.key, Operator.IS, (text.value,)) if field and field.kind in (Kind.TEXT, Kind.CHOICE) else None


def _email(g: Grammar) -> None:
    def email(scene: Scene) -> Field | None:
        return next((f for f in scene.catalog.attributes if f.kind is Kind.EMAIL), None)

    @g.rule(
        "TEST",
        "DOMAIN",
        "PROVIDER",
        "DOMAIN|PROVIDER ADDRESSES",
        "ATTR domain? IS|ON|IN|ENDS? DOMAIN|PROVIDER",
        "HAVE DOMAIN|PROVIDER",
        "ATTR IN domain DOMAIN|PROVIDER",
        "domain IS? DOMAIN|PROVIDER",
        "ON|IN DOMAIN|PROVIDER",
        "DOMAIN|PROVIDER ATTR",
        "HAVE DOMAIN|PROVIDER ADDRESSES",
        "HAVE DOMAIN|PROVIDER ATTR",
        cost=-0.2,
        examples=("gmail addresses", "email domain gmail.com"),
    )
    def domain(scene: Scene, *parts: Any) -> Test | None:
        field = email(scene)
        attr = next((p for p in parts if isinstance(p, Attr)), None)
        if field is None or (attr is not None and field not in scene.attributes(attr)):
            return None
        said = next(p for p in parts if isinstance(p, Word) and isinstance(p.value, str) and "." in p.value)
        return Test(field.key, Operator.DOMAIN, (said.value,))

    @g.rule("TEST", "EMAILADDRESS", "ATTR IS? EMAILADDRESS", examples=("jo@example.com",))
    def address(scene: Scene, *parts: Any) -> Test | None:
        field = email(scene)
        return Test(field.key, Operator.IS, (parts[-1].value,)) if field else None
