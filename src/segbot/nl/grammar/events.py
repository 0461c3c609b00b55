"""Behaviours: verbs and nouns of events with objects, counts, amounts and windows; first, last and nth rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.condition import COUNT, ONCE, Comparison
from segbot.model.operators import Operator
from segbot.model.windows import Weekday, during
from segbot.nl.chart import Grammar
from segbot.nl.grammar import clauses
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Attr, Bound, Clause, Doing, Flag, Note, Number, Refs, Span, When, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _verbs(g)
    _objects(g)
    _counts(g)
    _windows(g)
    _nth(g)
    _actors(g)


def _verbs(g: Grammar) -> None:
    @g.rule("EV", "VERB", examples=("bought",))
    def verb(_: Scene, doing: Doing) -> Clause:
        return Clause(doing.events)

    @g.rule("EV", "HEAD", cost=0.9, examples=())
    def verb_without_object(_: Scene, doing: Doing) -> Clause:
        return Clause(doing.events)

    @g.rule("EV", "ENOUN", cost=0.15, examples=("orders",))
    def noun(_: Scene, doing: Doing) -> Clause:
        return Clause(doing.events, "noun")

    @g.rule("EV", "LIGHT EV", cost=-0.1, examples=("submitted a purchase",))
    def light_verb(_: Scene, _light: Word, clause: Clause) -> Clause | None:
        return replace(clause, shape="verb") if clause.shape == "noun" else None

    @g.rule("EV", "HEAD|LIGHTHEAD OBJECT", "VERB OBJECT", cost=-0.1, examples=("opened these emails",))
    def verb_object(_: Scene, head: Doing, noun: Doing) -> Clause | None:
        return clauses.same_events(Clause(head.events), noun)

    @g.rule("EV", "EV OBJECT", cost=-0.1, examples=())
    def later_object(_: Scene, clause: Clause, noun: Doing) -> Clause | None:
        return clauses.same_events(clause, noun) if clause.shape == "verb" and clause.when is None else None

    @g.rule("EV", "HEAD|LIGHTHEAD|VERB BOUND OBJECT", cost=-0.15, examples=("opened more than 3 emails",))
    def verb_counted_object(_: Scene, head: Doing, count: Bound, noun: Doing) -> Clause | None:
        clause = clauses.same_events(Clause(head.events), noun)
        return clauses.counted(clause, count) if clause else None

    @g.rule(
        "EV", "HEAD|LIGHTHEAD|VERB one|any|some|either of OBJECT", cost=-0.3, examples=("opened either of our emails",)
    )
    def verb_one_of(_: Scene, head: Doing, noun: Doing) -> Clause | None:
        return clauses.same_events(Clause(head.events), noun)

    @g.rule("EV", "LIGHTHEAD VALUE", cost=0.3, examples=())
    def light_verb_of_something(scene: Scene, head: Doing, refs: Refs) -> Clause | None:
        """Received Spring Trails: a verb that says little, with an object that only some events have."""
        clause = clauses.with_value(scene, Clause(head.events), refs)
        objects = scene.event(clause.event).objects if clause else ()
        own = all(r.owner is not None for r in refs.refs)
        return clause if clause and own and clause.filters[-1].property in objects else None

    @g.rule("EV", "HEAD|LIGHTHEAD|VERB VALUE OBJECT", cost=-0.35, examples=("asked for a pet quote",))
    def verb_described_object(scene: Scene, head: Doing, refs: Refs, noun: Doing) -> Clause | None:
        clause = clauses.same_events(Clause(head.events), noun)
        return clauses.with_value(scene, clause, refs) if clause else None

    @g.rule("EV", "HEAD|LIGHTHEAD|VERB NO|NONE OBJECT", cost=-0.1, examples=("opened none of the emails",))
    def verb_no_object(_: Scene, head: Doing, _no: Word, noun: Doing) -> Clause | None:
        clause = clauses.same_events(Clause(head.events), noun)
        return replace(clause, count=Bound(Comparison(Operator.IS, (0,)), "", "exact")) if clause else None

    @g.rule("EV", "EV NONE", cost=-0.1, examples=("clicked none",))
    def verb_none(_: Scene, clause: Clause, _none: Word) -> Clause | None:
        return (
            replace(clause, count=Bound(Comparison(Operator.IS, (0,)), "", "exact")) if clause.count is None else None
        )

    @g.rule("EV", "SPLITHEAD VALUE SPLITTAIL", cost=-0.2, examples=("added shoes to cart",))
    def split_verb(scene: Scene, head: Doing, refs: Refs, tail: Doing) -> Clause | None:
        clause = clauses.same_events(Clause(head.events), tail)
        return clauses.with_value(scene, clause, refs) if clause else None

    @g.rule("EV", "SPLITHEAD FILLER|THING SPLITTAIL", cost=-0.2, examples=())
    def split_verb_thing(_: Scene, head: Doing, thing: Word, tail: Doing) -> Clause | None:
        return clauses.same_events(Clause(head.events, pronoun=thing.value == "it"), tail)

    @g.rule("EV", "EV THING", cost=0.02, examples=("bought something", "clicked it"))
    def thing(_: Scene, clause: Clause, thing: Word) -> Clause | None:
        return replace(clause, pronoun=thing.value == "it") if clause.shape == "verb" and not clause.pronoun else None


def _objects(g: Grammar) -> None:
    @g.rule("EV", "EV VALUE", "EV ON VALUE", cost=-0.1, examples=("bought shoes", "browsed on mobile"))
    def with_object(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        if clause.measure != COUNT and scene.event(clause.event).value_of:
            return None  # an amount on some objects only: see the measures
        return clauses.with_value(scene, clause, rest[-1])

    @g.rule(
        "EV",
        "EV VALUE OR VALUE VALUE",
        "EV ON VALUE OR VALUE VALUE",
        cost=-0.7,
        examples=("bought blue or green jackets",),
    )
    def either_kind_of(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        one, two, what = (r for r in rest if isinstance(r, Refs))
        first, second = clauses.with_value(scene, clause, one), clauses.with_value(scene, clause, two)
        if first is None or second is None or first.filters[-1].property != second.filters[-1].property:
            return None
        both = replace(first.filters[-1], values=(*first.filters[-1].values, *second.filters[-1].values))
        return clauses.with_value(scene, replace(first, filters=(*first.filters[:-1], both)), what)

    @g.rule("EV", "EV ON? VALUE OR VALUE", cost=-0.75, examples=())
    def rows_with_either(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        """Rows with either value, although the second may be the name of something else, too."""
        one, two = (r for r in rest if isinstance(r, Refs))
        if clause.shape != "noun" or clause.when is not None or any(r.owner is None for r in (*one.refs, *two.refs)):
            return None
        first, second = clauses.with_value(scene, clause, one), clauses.with_value(scene, clause, two)
        if first is None or second is None or first.filters[-1].property != second.filters[-1].property:
            return None
        if scene.event(clause.event).objects[:1] != (first.filters[-1].property,) or first.events != second.events:
            return None
        both = replace(first.filters[-1], values=(*first.filters[-1].values, *second.filters[-1].values))
        return replace(first, filters=(*first.filters[:-1], both))

    @g.rule("ONVALUE", "ON VALUE", cost=0.05, examples=("but never at the Donaukai",))
    def value_on(_: Scene, _on: Word, refs: Refs) -> Refs | None:
        return refs if any(r.owner for r in refs.refs) else None

    @g.rule("VALUE", "VALUE KINDOF", cost=-0.3, examples=())
    def value_of_a_kind(_: Scene, refs: Refs, kind: Attr) -> Refs | None:
        """A value and the last word of what it is a value of: the SUMMER15 code, Silver Birch as a brand."""
        return _of_a_kind(refs, kind)

    @g.rule("VALUE", "VALUE OR VALUE KINDOF", cost=-0.5, examples=())
    def either_of_a_kind(_: Scene, one: Refs, _or: Word, two: Refs, kind: Attr) -> Refs | None:
        first, second = _of_a_kind(one, kind), _of_a_kind(two, kind)
        if first is None or second is None or {r.field for r in first.refs} != {r.field for r in second.refs}:
            return None
        return replace(first, refs=(*first.refs, *second.refs))

    @g.rule("EV", "EV that|which VALUE", "EV ATTR it VALUE", cost=-0.5, examples=("ordered something that was red",))
    def with_described(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        attr = next((r for r in rest if isinstance(r, Attr)), None)
        if clause.shape != "verb" or clause.count is not None or clause.when is not None:
            return None
        return clauses.with_value(scene, clause, rest[-1], attr=attr)

    @g.rule("EV", "EV that|the|this|same KINDOF", "EV KINDOF", cost=-0.2, examples=("bought that category",))
    def that_kind(_: Scene, clause: Clause, kind: Attr) -> Clause | None:
        """ "that brand" is what was said before, like "it"."""
        fits = clause.shape == "verb" and not clause.filters and any(o in clause.events for o, _f in kind.names)
        return replace(clause, pronoun=True) if fits and not clause.pronoun else None

    @g.rule(
        "EV",
        "EV AND VALUE ON|IN? same|one|single EV",
        "EV AND VALUE together",
        cost=-1.4,
        examples=("bought shoes and socks in the same order",),
    )
    def in_the_same_row(scene: Scene, clause: Clause, _and: Word, refs: Refs, *rest: Any) -> Clause | None:
        row = next((r for r in rest if isinstance(r, Clause)), None)
        if row is not None and (row.shape != "noun" or row.filters or not set(row.events) & set(clause.events)):
            return None
        other = clauses.with_value(scene, replace(clause, filters=()), refs)
        if not clause.filters or other is None or clause.count is not None or clause.when is not None:
            return None
        return replace(clause, events=other.events, filters=(*clause.filters, *other.filters))

    @g.rule("EV", "HAVE VALUE", cost=0.9, examples=("with life cover",))
    def having_bought(scene: Scene, _have: Word, refs: Refs) -> Clause | None:
        """People with something that is sold bought it; what is an attribute of people is theirs."""
        buying = scene.catalog.customers.buyer_event
        event = scene.catalog.event(buying) if buying else None
        if event is None or any(r.owner is None for r in refs.refs):
            return None
        objects = tuple(r for r in refs.refs if r.owner == buying and r.field in event.objects)
        clause = clauses.with_value(scene, Clause((event.key,)), replace(refs, refs=objects)) if objects else None
        note = Note("having_is_bought", "having something is read as having got it here")
        return replace(clause, notes=(note,)) if clause else None

    @g.rule("EV", "EV NOT ON VALUE", cost=-0.05, examples=("ordered not on the app",))
    def without_object(scene: Scene, clause: Clause, _not: Word, _on: Word, refs: Refs) -> Clause | None:
        return clauses.with_value(scene, clause, refs, negated=True)

    @g.rule(
        "EV",
        "EV OTHERTHAN VALUE",
        "EV THING? OTHERTHAN VALUE",
        cost=-0.3,
        examples=("bought anything other than shoes",),
    )
    def other_than(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        other = clauses.with_value(scene, clause, rest[-1], negated=True)
        return clauses.finer(scene, other) if other else None  # another item, be it in the same order

    @g.rule("EV", "VALUE EV", cost=-0.45, examples=("shoe orders", "web orders"))
    def value_noun(scene: Scene, refs: Refs, clause: Clause) -> Clause | None:
        return (
            clauses.with_value(scene, clause, refs)
            if clause.shape in ("noun", "actor") and clause.count is None
            else None
        )

    @g.rule(
        "EV",
        "EV ON? ATTR IS? VALUE",
        "EV ON VALUE ATTR",
        "EV VALUE ATTR",
        cost=-0.25,
        examples=("orders with category shoes",),
    )
    def with_property(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        attr = next(r for r in rest if isinstance(r, Attr))
        refs = next(r for r in rest if isinstance(r, Refs))
        return clauses.with_value(scene, clause, refs, attr=attr)

    @g.rule("EV", "EV FLAG", "EV ON FLAG", cost=-0.1, examples=("ordered as a gift",))
    def with_flag(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        flag: Flag = rest[-1]
        return clauses.with_flag(scene, clause, flag.field, flag.owner, flag.value)

    @g.rule("EV", "EV BOUND", "EV WITH BOUND", cost=0.0, examples=("orders over $500", "an order of $50 or more"))
    def with_amount(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        bound: Bound = rest[-1]
        if bound.form == "bare" and (bound.unit != "money" or (clause.position is None and len(rest) == 1)):
            return None
        if clause.shape != "noun" and bound.unit != "money" and clause.position is None:
            return None
        if clause.shape == "verb" and clause.position is None and scene.event(clause.event).spend_verbs:
            return (
                None
                if any(v.lemma in scene.event(clause.event).spend_verbs for v in scene.event(clause.event).verbs)
                else clauses.with_amount(scene, clause, bound)
            )
        return clauses.with_amount(scene, clause, bound)

    @g.rule("EV", "BOUND EV", cost=0.0, examples=("a $50 order",))
    def amount_noun(scene: Scene, bound: Bound, clause: Clause) -> Clause | None:
        return clauses.with_amount(scene, clause, bound) if bound.unit == "money" and clause.shape == "noun" else None


def _of_a_kind(refs: Refs, kind: Attr) -> Refs | None:
    kept = tuple(r for r in refs.refs if r.owner is not None and (r.owner, r.field) in kind.names)
    return replace(refs, refs=kept, plural=False) if kept else None


def _counts(g: Grammar) -> None:
    @g.rule("EV", "EV FREQ", cost=-0.15, examples=("bought twice", "ordered at least 3 times"))
    def so_often(_: Scene, clause: Clause, count: Bound) -> Clause | None:
        return clauses.counted(clause, count)

    @g.rule("EV", "FREQ EV", cost=-0.05)
    def often_so(_: Scene, count: Bound, clause: Clause) -> Clause | None:
        return clauses.counted(clause, count) if clause.shape == "verb" else None

    @g.rule("EV", "EV IS BOUND", cost=0.1, examples=("orders: 3+",))
    def number_of_rows(scene: Scene, clause: Clause, _is: Word, count: Bound) -> Clause | None:
        fits = clause.shape == "noun" and clause.position is None and not count.unit and count.form != "exact"
        return clauses.counted(clause, count, _noun(scene, clause)) if fits else None

    @g.rule("EV", "number OF EV IS? BOUND", "EV count IS? BOUND", cost=-1.2, examples=("number of orders at least 4",))
    def number_said(scene: Scene, *parts: Any) -> Clause | None:
        clause = next(p for p in parts if isinstance(p, Clause))
        fits = clause.shape == "noun" and clause.position is None and not parts[-1].unit
        return clauses.counted(clause, parts[-1], _noun(scene, clause)) if fits else None

    @g.rule("EV", "BOUND EV", cost=-0.15, examples=("3+ orders", "at least one order"))
    def so_many(scene: Scene, count: Bound, clause: Clause) -> Clause | None:
        if clause.shape != "noun":
            return None
        return clauses.counted(clause, count, _noun(scene, clause))

    @g.rule("EV", "EV BOUND EV", cost=-0.2, examples=())
    def verb_so_many(scene: Scene, verb: Clause, count: Bound, noun: Clause) -> Clause | None:
        if verb.shape != "verb" or noun.shape != "noun" or verb.filters or verb.when or verb.count or noun.count:
            return None
        if not set(noun.events) & set(verb.events):
            return None
        return clauses.counted(replace(noun, shape="verb"), count, _noun(scene, noun))

    @g.rule("EV", "BOUND single|separate|individual EV", cost=-0.6, examples=("at least one single order over $600",))
    def so_many_single(scene: Scene, count: Bound, clause: Clause) -> Clause | None:
        once = count.comparison.values == (1,)
        if clause.shape != "noun":
            return None
        least = replace(count, form="said", comparison=ONCE) if once else count
        return clauses.counted(clause, least, _noun(scene, clause))

    @g.rule(
        "EV",
        "HEAD|LIGHTHEAD|VERB BOUND ATTR ON|IN one|single|same EV",
        "HEAD|LIGHTHEAD|VERB BOUND ATTR ON|IN one single EV",
        cost=-1.2,
        examples=("looked at 6 pages in one visit",),
    )
    def in_one_row(scene: Scene, _verb: Doing, bound: Bound, attr: Attr, _in: Word, row: Clause) -> Clause | None:
        """So much of a property within one row: it is that row's, whatever the verb."""
        if row.shape != "noun" or row.count is not None:
            return None
        at_least = replace(bound, comparison=Comparison(Operator.GE, bound.comparison.values), form="said")
        return clauses.with_number(scene, row, attr, at_least if bound.form == "bare" else bound)

    @g.rule("EV", "EV BOUND ITEMS", cost=-0.6, examples=("bought at least 3 items",))
    def pieces(scene: Scene, clause: Clause, count: Bound, _items: Word) -> Clause | None:
        if clause.shape != "verb" or clause.count is not None or count.unit:
            return None
        for key in (scene.event(clause.event).value_of, clause.event):
            event = scene.catalog.event(key) if key else None
            if event is not None and event.quantity and all(event.property(f.property) for f in clause.filters):
                return clauses.measured(scene, replace(clause, events=(event.key,)), "sum", event.quantity, count)
        return clauses.counted(clause, count)

    @g.rule("EV", "EV BOUND VALUE", cost=-0.15, examples=("bought 3 shoes",))
    def quantity(scene: Scene, clause: Clause, count: Bound, refs: Refs) -> Clause | None:
        filtered = clauses.with_value(scene, clause, refs)
        if filtered is None or count.unit or clause.count is not None:
            return None
        fine = clauses.finer(scene, filtered)
        event = scene.event(fine.event)
        if event.quantity is None:
            return clauses.counted(filtered, count)
        result = clauses.measured(scene, fine, "sum", event.quantity, count)
        return replace(result, notes=result.notes) if result else None

    @g.rule("EV", "EV NUM VALUE MORE_AFTER", cost=-0.7, examples=("bought 2 tents or more",))
    def quantity_or_more(scene: Scene, clause: Clause, number: Number, refs: Refs, _more: Word) -> Clause | None:
        least = Bound(Comparison(Operator.GE, (number.value,)))
        return None if number.unit else quantity(scene, clause, least, refs)

    @g.rule("EV", "BOUND VALUE EV", cost=-0.2, examples=())
    def so_many_of(scene: Scene, count: Bound, refs: Refs, clause: Clause) -> Clause | None:
        if clause.shape != "noun" or clause.count is not None:
            return None
        filtered = clauses.with_value(scene, clause, refs)
        return clauses.counted(filtered, count, _noun(scene, clause)) if filtered else None

    @g.rule(
        "EV",
        "DISTINCT BOUND? ATTR OF? EV",
        "EV BOUND DISTINCT ATTR",
        "EV OF? BOUND DISTINCT ATTR",
        "EV ON BOUND DISTINCT ATTR",
        cost=-0.3,
        examples=("bought 3 different brands",),
    )
    def distinct(scene: Scene, *parts: Any) -> Clause | None:
        clause = next(p for p in parts if isinstance(p, Clause))
        bound = next((p for p in parts if isinstance(p, Bound)), None)
        attr = next(p for p in parts if isinstance(p, Attr))
        for key in clause.events:
            for field in scene.properties(attr, key):
                if bound is not None:
                    return clauses.measured(scene, replace(clause, events=(key,)), "distinct", field.key, bound)
        return None


def _noun(scene: Scene, clause: Clause) -> str:
    nouns = scene.event(clause.event).nouns
    return nouns[0] + "s" if nouns else ""


def _windows(g: Grammar) -> None:
    @g.rule("EV", "EV WHEN", cost=-0.2, examples=("bought in the last 90 days",))
    def in_window(scene: Scene, clause: Clause, when: When) -> Clause | None:
        if when.window is not None and when.window.clock is not None and not clauses.has_clock(scene, clause, when):
            return None
        return (
            clauses.windowed(clause, when)
            if not when.anaphora
            else replace(clause, when=when)
            if clause.when is None
            else None
        )

    @g.rule(
        "EV",
        "EV COMMA? HEAD|LIGHTHEAD|VERB WHEN",
        "EV COMMA? placed|made|submitted|filed|raised|logged WHEN",
        cost=-0.5,
        examples=("orders placed last month",),
    )
    def rows_done_in(_: Scene, clause: Clause, _comma: Any, *rest: Any) -> Clause | None:
        """Rows named and then dated by their own verb: claims, reported more than 60 days ago."""
        doing = next((r for r in rest if isinstance(r, Doing)), None)
        when: When = rest[-1]
        if (
            clause.shape != "noun"
            or when.anaphora
            or (doing is not None and not set(doing.events) & set(clause.events))
        ):
            return None
        return clauses.windowed(clause, when)

    @g.rule("EV", "PERIOD EV", cost=-0.9, examples=("Q1 buyers", "Black Friday shoppers"))
    def actors_of_a_time(_: Scene, span: Span, clause: Clause) -> Clause | None:
        if clause.shape != "actor" or isinstance(span.period, Weekday):
            return None  # "Friday shoppers" shop on Fridays
        return clauses.windowed(clause, When(during(span.period)))

    @g.rule("EV", "EV EVERTIME", cost=-0.05, examples=("bought in their lifetime",))
    def ever(_: Scene, clause: Clause, _ever: Word) -> Clause | None:
        return clause if clause.when is None else None


def _nth(g: Grammar) -> None:
    @g.rule("EV", "FIRST|LAST|ORDWORD|ORDINAL EV", cost=-0.2, examples=("first order", "last purchase", "second order"))
    def nth_row(_: Scene, nth: Word, clause: Clause) -> Clause | None:
        if (
            clause.shape != "noun"
            or clause.count is not None
            or clause.position is not None
            or not isinstance(nth.value, int)
        ):
            return None
        if any(f.operator is not Operator.IS for f in clause.filters):
            return None  # "first order over $100" asks for the amount of the first order
        return replace(clause, position=nth.value) if nth.value else None

    @g.rule("EV", "EV FIRSTTIME", "FIRSTVERB EV", cost=0.3, examples=("bought for the first time", "first bought"))
    def first_time(_: Scene, *parts: Any) -> Clause | None:
        clause = next(p for p in parts if isinstance(p, Clause))
        if clause.shape != "verb" or clause.position is not None or clause.count is not None:
            return None
        position = next(p.value for p in parts if isinstance(p, Word))
        return replace(clause, position=position)

    @g.rule("NOTHINGWHEN", "NONE WHEN", "NONE at all WHEN", cost=-0.3, examples=("and nothing this year",))
    def nothing_then(_: Scene, _none: Word, when: When) -> When:
        return when

    @g.rule("RECENCY", "MOSTRECENT WHEN", examples=("most recently in March",))
    def recency(_: Scene, _word: Word, when: When) -> When:
        return when


def _actors(g: Grammar) -> None:
    @g.rule("EV", "ACTOR", "ACTOR NOUN", examples=("buyers",))
    def actor(_: Scene, doing: Doing, *_noun: Any) -> Clause:
        return Clause(doing.events, "actor")

    @g.rule("EV", "ONETIME EV", "ONETIME NOUN", cost=-0.2, examples=("one-time buyers", "repeat customers"))
    def one_time(scene: Scene, word: Word, who: Any) -> Clause | None:
        if isinstance(who, Clause) and who.shape != "actor":
            return None
        event = scene.catalog.customers.buyer_event
        if isinstance(who, Word) and event is None:
            return None
        clause = who if isinstance(who, Clause) else Clause((str(event),), "actor")
        operator, number, said = word.value
        texts = {
            "repeat": f"“{said}” means {number} or more",
            "first-time": "“first-time” means that it happened exactly once",
        }
        if said == "first-time" and clause.when is not None:  # first-time buyers last month: the first one was then
            return replace(clause, position=1) if clause.count is None else None
        code = said.replace("-", "_")
        note = Note(code, texts[said]) if said in texts else None
        count = Bound(Comparison(Operator(operator), (number,)), "", "exact")
        return replace(clause, count=count, notes=(note,) if note else ()) if clause.count is None else None
