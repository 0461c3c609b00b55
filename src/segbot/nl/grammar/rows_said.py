"""What rows are said to be in other words: made by Kestrel, from the women's range, with WELCOME10, still open, 5 out of 5."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.catalog import Event, Field
from segbot.model.condition import COUNT, Comparison, Did, Filter, Not, Rows, Share, all_of, any_of
from segbot.model.operators import Kind, Operator
from segbot.nl.chart import Grammar
from segbot.nl.grammar import clauses
from segbot.nl.grammar.context import DATES, WORDY, Scene
from segbot.nl.meaning import Bound, Clause, Doing, Note, Number, Ready, Refs, Word

_USED = "use|uses|used|using|redeem|redeems|redeemed|redeeming|apply|applied|enter|entered"
_OPEN = frozenset(["open", "unresolved", "unsolved", "unanswered", "outstanding"])
_GOODS = "product|products|range|collection|line|gear|section|department|items|item|merchandise|goods"


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _goods(g)
    _prices(g)
    _codes(g)
    _service(g)
    _pairs(g)


def _goods(g: Grammar) -> None:
    @g.rule("VALUE", f"VALUE {_GOODS}", cost=-0.25, examples=())
    def goods(_: Scene, refs: Refs) -> Refs | None:
        kept = tuple(ref for ref in refs.refs if ref.owner is not None)
        return replace(refs, refs=kept, plural=False) if kept else None

    @g.rule("EV", f"EV {_GOODS}? made|sold|designed by VALUE", cost=-0.6, examples=())
    def made_by(scene: Scene, clause: Clause, refs: Refs) -> Clause | None:
        return clauses.with_value(scene, clause, refs)

    @g.rule("EV", "SPLITHEAD FILLER|THING? ON VALUE SPLITTAIL", cost=-0.6, examples=())
    def split_verb_by(scene: Scene, head: Doing, *rest: Any) -> Clause | None:
        """ "added something by Kestrel to their cart"."""
        refs, tail = rest[-2], rest[-1]
        clause = clauses.same_events(Clause(head.events), tail)
        return clauses.with_value(scene, clause, refs) if clause else None

    @g.rule("EV", "EV NAMEPART", cost=0.1, examples=())
    def named_so(scene: Scene, clause: Clause, refs: Refs) -> Clause | None:
        """A word of the names of products: those whose name holds it."""
        for ref in refs.refs:
            if ref.owner in clause.events and clause.count is None and clause.when is None:
                return clauses.filtered(clause, ref.owner, Filter(ref.field, Operator.CONTAINS, (ref.value,)))
        return None

    @g.rule("EV", "got|gotten VALUE", cost=0.6, examples=("got a tent last summer",))
    def got(scene: Scene, refs: Refs) -> Clause | None:
        buying = scene.catalog.customers.buyer_event
        event = scene.catalog.event(buying) if buying else None
        kept = tuple(r for r in refs.refs if event is not None and r.owner == event.key and r.field in event.objects)
        if event is None or not kept:
            return None
        clause = clauses.with_value(scene, Clause((event.key,)), replace(refs, refs=kept))
        note = Note("having_is_bought", "having something is read as having got it here")
        return replace(clause, notes=(note,)) if clause else None


def _prices(g: Grammar) -> None:
    goods = "product|products|item|items|something|anything|thing"

    @g.rule(
        "EV",
        f"EV {goods} that|which? cost|costs|costing|priced|worth at? BOUND",
        "EV VALUE that|which cost|costs|costing|priced at? BOUND",
        cost=-1.2,
        examples=("bought a product that costs more than $300",),
    )
    def priced(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        bound: Bound = rest[-1]
        refs = next((r for r in rest if isinstance(r, Refs)), None)
        said = clauses.with_value(scene, clause, refs) if refs else clause
        if said is None or said.shape != "verb" or bound.form == "bare":
            return None
        for key in said.events:
            field = next((p for p in scene.event(key).properties if _is_price(p, scene.event(key))), None)
            if field is not None:
                comparison = bound.comparison
                return clauses.filtered(said, key, Filter(field.key, comparison.operator, comparison.values))
        return None

    @g.rule(
        "EV",
        "got|get|had|received BOUND off",
        "got|get|had|received BOUND off ON EV",
        cost=-0.8,
        examples=("got more than $50 off",),
    )
    def money_off(scene: Scene, bound: Bound, *rest: Any) -> Clause | None:
        said = next((r for r in rest if isinstance(r, Clause)), None)
        event, field = _discount(scene)
        if event is None or field is None or bound.unit != "money":
            return None
        if said is not None and (said.shape != "noun" or said.count is not None or event.key not in said.events):
            return None
        comparison = bound.comparison
        if bound.form == "bare":
            comparison = Comparison(Operator.GE, comparison.values)
        clause = replace(said, shape="verb") if said else Clause((event.key,))
        return clauses.filtered(clause, event.key, Filter(field.key, comparison.operator, comparison.values))

    @g.rule(
        "READY",
        "paid|pay|pays|paying? full price every time",
        "always paid|pay|pays full price",
        "paid|pay|pays|paying? full price ONLY|always",
        "ONLY paid|pay|pays|buy|bought at? full price",
        cost=-1.5,
        examples=("paid full price every time",),
    )
    def full_price(scene: Scene, *_words: Any) -> Ready | None:
        """Bought, and never with a discount."""
        event, field = _discount(scene)
        if event is None or field is None:
            return None
        rows = Rows(event.key)
        reduced = Rows(event.key, (Filter(field.key, Operator.GT, (0,)),))
        note = Note("full_price", f"full price is read as no {field.label.lower()} on any of them")
        return Ready(Share(reduced, rows, Comparison(Operator.IS, (0,))), (note,))

    @g.rule("EV", "single|individual EV", "LARGEST single|individual EV", cost=-0.5, examples=())
    def single_row(_: Scene, *parts: Any) -> Clause | None:
        """ "a single refund of more than $150", "biggest single order over $800": one row of that amount."""
        clause: Clause = parts[-1]
        plain = clause.shape == "noun" and clause.count is None and clause.position is None and clause.measure == COUNT
        return clause if plain and any(isinstance(v, int | float) for f in clause.filters for v in f.values) else None


def _is_price(field: Field, event: Event) -> bool:
    names = (field.key, field.label, *field.synonyms)
    return field.kind is Kind.MONEY and field.key != event.amount and any("price" in n.casefold() for n in names)


def _discount(scene: Scene) -> tuple[Event | None, Field | None]:
    """What was taken off the price of a row of the event that people buy by."""
    buying = scene.catalog.customers.buyer_event
    event = scene.catalog.event(buying) if buying else None
    fields = event.properties if event is not None else ()
    found = (p for p in fields if p.kind is Kind.MONEY and any("discount" in n.casefold() for n in (p.key, p.label)))
    return event, next(found, None)


def _codes(g: Grammar) -> None:
    def coded(scene: Scene, refs: Refs, said: Clause | None = None) -> Clause | None:
        for ref in refs.refs:
            field = scene.of(ref) if ref.owner is not None else None
            if field is None or ref.owner is None or not _is_code(field):
                continue
            if said is not None and (said.shape != "noun" or said.count is not None or ref.owner not in said.events):
                return None
            clause = replace(said, shape="verb") if said else Clause((ref.owner,))
            return clauses.with_value(scene, clause, replace(refs, refs=(ref,)))
        return None

    @g.rule(
        "EV",
        f"{_USED} VALUE",
        f"{_USED} VALUE ON EV",
        "ATTR VALUE used|redeemed|applied",
        "VALUE used|redeemed|applied",
        cost=-0.5,
        examples=(),
    )
    def code_used(scene: Scene, *parts: Any) -> Clause | None:
        refs = next(p for p in parts if isinstance(p, Refs))
        return coded(scene, refs, next((p for p in parts if isinstance(p, Clause)), None))

    @g.rule("EV", "VALUE users|user|redeemers|redeemer", cost=-0.5, examples=())
    def code_users(scene: Scene, refs: Refs) -> Clause | None:
        clause = coded(scene, refs)
        return replace(clause, shape="actor") if clause else None


def _is_code(field: Field) -> bool:
    names = " ".join((field.key, field.label, *field.synonyms)).casefold()
    return field.kind in WORDY and any(word in names for word in ("coupon", "promo", "voucher", "discount code"))


def _service(g: Grammar) -> None:
    @g.rule(
        "EV",
        "EV that|which? still? open|unresolved|unsolved|unanswered|outstanding",
        "open|unresolved|unsolved|unanswered|outstanding EV",
        cost=-0.3,
        examples=(),
    )
    def still_open(scene: Scene, clause: Clause) -> Clause | None:
        """A ticket that is still open was not closed yet."""
        if clause.shape != "noun":
            return None
        for key in clause.events:
            if any(_OPEN & {v.label.casefold(), *v.synonyms} for f in scene.event(key).properties for v in f.values):
                return None  # a status says so itself
            for field in scene.event(key).properties:
                names = " ".join((field.key, field.label, *field.synonyms)).casefold()
                if field.kind in DATES and any(word in names for word in ("closed", "solved", "settled")):
                    return clauses.filtered(clause, key, Filter(field.key, Operator.IS_SET, negated=True))
        return None

    @g.rule(
        "EV",
        "contacted|contacting|contact|reached|messaged|wrote|approached by|via|over|through|on|using VALUE",
        "called|used|contacted|tried VALUE support|service",
        cost=-0.3,
        examples=(),
    )
    def contacted_by(scene: Scene, refs: Refs) -> Clause | None:
        """How people turned to support: by chat, by phone."""
        for event in scene.catalog.events:
            contact = any(verb.lemma.startswith("contact") for verb in event.verbs) or any(
                f"{verb.lemma} {verb.particle}".startswith("contact support") for verb in event.verbs
            )
            own = tuple(r for r in refs.refs if r.owner == event.key)
            if contact and own:
                return clauses.with_value(scene, Clause((event.key,)), replace(refs, refs=own))
        return None

    @g.rule(
        "EV",
        "gave|given|giving NUM out of NUM",
        "gave|given|giving NUM out of NUM on|for support|service",
        "gave|given|giving NUM stars",
        "rated NUM out of NUM",
        cost=-0.8,
        examples=(),
    )
    def scored(scene: Scene, number: Number, *rest: Any) -> Clause | None:
        for event in scene.catalog.events:
            for field in event.properties:
                names = (field.label.casefold(), *(s.casefold() for s in field.synonyms))
                if field.kind is Kind.NUMBER and {"rating", "rated", "rated us"} & set(names):
                    return clauses.filtered(
                        Clause((event.key,)), event.key, Filter(field.key, Operator.IS, (number.value,))
                    )
        return None

    @g.rule(
        "EV",
        "rated|rate|rates|rating|scored|graded|gave|given|giving ENOUN|OBJECT BOUND stars?",
        "ENOUN|OBJECT rated|scored|graded BOUND stars?",
        cost=-0.9,
        examples=("rated a ticket 1 or 2",),
    )
    def rated(scene: Scene, noun: Doing, bound: Bound) -> Clause | None:
        """Rows with a score, the number right behind what it was given to."""
        whole = not bound.unit and bound.also is None
        for key in noun.events:
            for field in scene.event(key).properties:
                names = " ".join((field.key, field.label, *field.synonyms)).casefold()
                if (
                    whole
                    and field.kind is Kind.NUMBER
                    and any(w in names for w in ("rating", "rated", "score", "stars"))
                ):
                    said = bound.comparison
                    return clauses.filtered(Clause((key,)), key, Filter(field.key, said.operator, said.values))
        return None

    spam = "report|reports|reported|mark|marks|marked|flag|flagged|reporting|marking"

    @g.rule("EV", f"{spam} as spam|junk", f"{spam} OBJECT|CHANNEL as spam|junk", cost=-1.0, examples=())
    def as_spam(scene: Scene, *_said: Any) -> Clause | None:
        keys = tuple(
            e.key
            for e in scene.catalog.events
            if any("spam" in f"{v.lemma} {v.particle}" for v in e.verbs) or any("spam" in n for n in e.nouns)
        )
        return Clause(keys) if keys else None


def _pairs(g: Grammar) -> None:
    @g.rule("READY", "VALUE VALUE OR VALUE VALUE EV", cost=-2.2, examples=())
    def either_pair(scene: Scene, *parts: Any) -> Ready | None:
        clause: Clause = parts[-1]
        refs = [p for p in parts if isinstance(p, Refs)]
        if clause.shape != "actor" or clause.filters or clause.count is not None or clause.when is not None:
            return None
        found = []
        for one, two in (refs[:2], refs[2:]):
            own = [replace(r, refs=tuple(ref for ref in r.refs if ref.owner is not None)) for r in (one, two)]
            first = clauses.with_value(scene, clause, own[0])
            both = clauses.with_value(scene, first, own[1]) if first else None
            rows = clauses.rows(both) if both else None
            if rows is None:
                return None
            found.append(Did(rows))
        return Ready(any_of(found), person=True)

    @g.rule("READY", "EV BUT|AND NOT|NEVER ON OBJECT", cost=-1.6, examples=("clicked a text but never in an email",))
    def same_verb_elsewhere(
        scene: Scene, clause: Clause, _but: Word, _not: Word, _on: Word, noun: Doing
    ) -> Ready | None:
        """The same verb, of another kind of message."""
        heads = {verb.lemma for verb in scene.event(clause.event).verbs}
        other = next(
            (k for k in noun.events if k != clause.event and heads & {v.lemma for v in scene.event(k).verbs}), None
        )
        rows = clauses.rows(clause)
        if other is None or rows is None or clause.shape != "verb":
            return None
        not_there = Not(Did(Rows(other, (), rows.window)))
        return Ready(all_of((Did(rows), not_there)))

    @g.rule("UNSUPPORTED", "wear|wears|wearing? size TEXT|NUM", cost=-2.0, examples=())
    def size_worn(_: Scene, size: Word | Number) -> Word | None:
        """Size M: a letter that is no gender here."""
        said = str(size.value).casefold()
        return Word() if isinstance(size, Number) or said.strip("x") in ("s", "m", "l", "") else None
