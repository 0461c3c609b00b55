"""Everyday turns of phrase that single words do not explain: families with two children, nothing but socks, full marks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.catalog import Role
from segbot.model.condition import COUNT, Condition, Did, Filter, Has, Not, all_of, at_least
from segbot.model.operators import Kind, Operator
from segbot.model.windows import last
from segbot.nl.chart import Grammar
from segbot.nl.grammar import clauses
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Attr, Clause, Flag, Lasting, Note, Ready, Refs, Test, When, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _families(g)
    _only_ever(g)
    _neighbouring_days(g)
    _rows(g)
    _scores(g)


def _families(g: Grammar) -> None:
    @g.rule("READY", "families", cost=-0.6, examples=("families",))
    def families(scene: Scene) -> Ready | None:
        """A household with children; no value that happens to be called by the word for one."""
        field = scene.role(Role.CHILDREN)
        if field is None:
            return None
        have: Condition = (
            Has(field.key, Operator.IS, (True,)) if field.kind is Kind.FLAG else Has(field.key, Operator.GE, (1,))
        )
        return Ready(have, (Note("families", "“families” means people with children"),), person=True)

    @g.rule("READY", "girls|girl", cost=0.4, examples=())
    def girls(scene: Scene) -> Ready | None:
        return _of_gender(scene, "women", "girls")

    @g.rule("READY", "boys|boy", cost=0.4, examples=())
    def boys(scene: Scene) -> Ready | None:
        return _of_gender(scene, "men", "boys")

    @g.rule("TEST", "AGED MISSING", "MISSING AGED", "AGED IS MISSING", cost=-0.4, examples=("age unknown",))
    def age_unknown(scene: Scene, *_words: Any) -> Test | None:
        field = scene.role(Role.BIRTH_DATE) or scene.role(Role.AGE)
        return Test(field.key, Operator.IS_SET, negated=True) if field else None

    @g.rule("WHEN", "SINCE DUR", cost=0.3, examples=("not bought since one year",))
    def since_so_long(_: Scene, _since: Word, lasting: Lasting) -> When:
        """ "Not ordered since one year": a learner's way to say for one year."""
        return When(last(lasting.duration.amount, lasting.duration.unit))


def _of_gender(scene: Scene, people: str, said: str) -> Ready | None:
    field = scene.role(Role.GENDER)
    found = next((e for e in field.values if people in e.synonyms), None) if field else None
    if field is None or found is None:
        return None
    note = Note("young_people", f"“{said}” means {people}, of any age not said")
    return Ready(Has(field.key, Operator.IS, (found.value,)), (note,), person=True)


def _only_ever(g: Grammar) -> None:
    @g.rule(
        "READY",
        "NEVER|NOT EV THING? OTHERTHAN VALUE",
        "NEVER|NOT EV THING? OTHERTHAN VALUE WHEN",
        "EV NONE OTHERTHAN VALUE",
        "EV NONE OTHERTHAN VALUE WHEN",
        cost=-1.6,
        examples=("never bought anything but socks",),
    )
    def nothing_but(scene: Scene, *parts: Any) -> Ready | None:
        """Who bought only that; those who bought nothing at all are a tap away."""
        clause = next(p for p in parts if isinstance(p, Clause))
        refs = next(p for p in parts if isinstance(p, Refs))
        when = parts[-1] if not isinstance(parts[-1], Refs) else None
        if clause.shape != "verb" or clause.filters or clause.count is not None:
            return None
        clause = (clauses.windowed(clause, when) if when is not None and when.window is not None else clause) or clause
        if when is not None and clause.when is None:
            return None
        of_it = clauses.with_value(scene, clause, refs)
        others = clauses.with_value(scene, clause, refs, negated=True)
        bought = clauses.rows(of_it) if of_it else None
        other = clauses.rows(clauses.finer(scene, others)) if others else None
        if bought is None or other is None:
            return None
        never = Not(Did(other, COUNT, at_least(1)))
        only = all_of((Did(bought, COUNT, at_least(1)), never))
        note = Note("only_ever", "people without any of them are not meant", "Those, too", (("condition", never),))
        return Ready(only, (note,))


def _neighbouring_days(g: Grammar) -> None:
    @g.rule(
        "UNSUPPORTED",
        "ON? the? day|night|morning|evening|week|weekend|month AFTER|BEFORE PERIOD",
        cost=-0.6,
        examples=(),
    )
    def day_beside(_: Scene, *_words: Any) -> Word:
        """The day after Thanksgiving is one day, not any time after it."""
        return Word()


def _rows(g: Grammar) -> None:
    used = "used|use|had|has|carried|redeemed|applied|got|contained|featured|involved"

    @g.rule("EV", f"EV {used} VALUE", f"EV {used} ATTR VALUE", cost=-1.2, examples=("last order contained jackets",))
    def nth_used(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        """ "last order used FRIENDS25": what is said of a certain row is said of that one."""
        if clause.shape != "noun" or clause.position is None:
            return None
        return clauses.with_value(scene, clause, rest[-1])

    @g.rule("EV", f"EV {used} ATTR", cost=-1.1, examples=("last order had a discount",))
    def nth_had(scene: Scene, clause: Clause, attr: Attr) -> Clause | None:
        if clause.shape != "noun" or clause.position is None:
            return None
        return clauses.with_presence(scene, clause, attr)

    @g.rule("EV", "FLAG EV", cost=-0.2, examples=("gift orders",))
    def flagged(scene: Scene, flag: Flag, clause: Clause) -> Clause | None:
        """A yes-or-no property of rows as an adjective: gift orders."""
        if clause.shape != "noun" or clause.count is not None:
            return None
        return clauses.with_flag(scene, clause, flag.field, flag.owner, flag.value)

    @g.rule("EV", "EV at|for full|regular|normal price", cost=-0.6, examples=("bought shoes at full price",))
    def at_full_price(scene: Scene, clause: Clause) -> Clause | None:
        """Without a discount, where one is kept."""
        for key in clause.events:
            for field in scene.event(key).properties:
                if field.kind is Kind.MONEY and "discount" in f"{field.key} {field.label}".casefold():
                    said = clauses.filtered(clause, key, Filter(field.key, Operator.GT, (0,), negated=True))
                    note = Note("full_price", "full price means without a discount")
                    return replace(said, notes=(*said.notes, note)) if said else None
        return None


def _scores(g: Grammar) -> None:
    @g.rule("EV", "gave|give|given us? EV", cost=-0.5, examples=("gave us a satisfaction score of 1 or 2",))
    def gave_score(_: Scene, clause: Clause) -> Clause | None:
        """Who gave a score is whom the scored row is of."""
        numeric = any(all(isinstance(v, int | float) for v in f.values) and f.values for f in clause.filters)
        return clause if clause.shape == "property" and numeric else None

    @g.rule(
        "EV",
        "gave|give|given us? full marks ON? EV?",
        "gave|give|given us? top marks ON? EV?",
        cost=-0.5,
        examples=("gave us full marks",),
    )
    def full_marks(scene: Scene, *parts: Any) -> Clause | None:
        """The highest score that the catalog's scale has."""
        said = next((p for p in parts if isinstance(p, Clause)), None)
        for event in scene.catalog.events:
            if said is not None and event.key not in said.events:
                continue
            for field in event.properties:
                if field.kind is Kind.NUMBER and any(w in field.label.casefold() for w in ("score", "rating")):
                    note = Note("full_marks", "full marks are read as 5")
                    clause = said or Clause((event.key,), "noun")
                    found = clauses.filtered(clause, event.key, Filter(field.key, Operator.IS, (5,)))
                    return replace(found, shape="verb", notes=(*found.notes, note)) if found else None
        return None
