"""Several channels at once: subscribed to at least two of them, reachable by any; and consent in other words."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from segbot.model.catalog import Channel
from segbot.model.condition import Condition, Has, Not, Reachable, all_of, any_of
from segbot.model.operators import Kind, Operator
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Attr, Bound, Consent, Note, Ready, Test, Word

_ALLOWED = "permission|consent|opt-in|optin|subscription|approval"


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _lists(g)
    _words(g)


def _lists(g: Grammar) -> None:
    @g.rule("CHANNELS", "CHANNEL OR|AND CHANNEL", cost=0.0, examples=())
    def two_channels(_: Scene, one: Word, _or: Word, other: Word) -> tuple[str, ...]:
        return (one.value, other.value)

    @g.rule("CHANNELS", "CHANNEL COMMA CHANNELS", "CHANNEL COMMA CHANNEL COMMA OR|AND CHANNEL", cost=0.0, examples=())
    def several_channels(_: Scene, one: Word, *rest: Any) -> tuple[str, ...]:
        if isinstance(rest[-1], tuple):
            return (one.value, *rest[-1])
        return (one.value, *(r.value for r in rest if isinstance(r.value, str) and r.value not in ("or", "and")))

    @g.rule(
        "READY",
        "SUBSCRIBED to|in|for? BOUND OF? CHANNELS",
        "SUBSCRIBED in to BOUND OF? CHANNELS",
        "SUBSCRIBED to|in? any|one|either OF? CHANNELS",
        "SUBSCRIBED to? all OF? CHANNELS",
        cost=-2.5,
        examples=("opted in to at least two of email, sms and post",),
    )
    def subscribed_to_some(scene: Scene, *parts: Any) -> Ready | None:
        bound = next((p for p in parts if isinstance(p, Bound)), None)
        keys: tuple[str, ...] = parts[-1]
        channels = [scene.catalog.channel(key) for key in dict.fromkeys(keys)]
        tests: list[Condition] = [_has(c) for c in channels if c is not None and c.consent]
        return _some_of(tests, bound) if len(tests) == len(keys) else None

    @g.rule(
        "READY",
        "REACHABLE BY? BOUND OF? CHANNELS",
        "REACHABLE BY? any|one|either OF? CHANNELS",
        "CAN reach|contact|message|BY? BOUND OF? CHANNELS",
        cost=-2.5,
        examples=("reachable by at least one of email, sms or post",),
    )
    def reachable_by_some(scene: Scene, *parts: Any) -> Ready | None:
        bound = next((p for p in parts if isinstance(p, Bound)), None)
        keys: tuple[str, ...] = parts[-1]
        return _some_of([Reachable(key) for key in dict.fromkeys(keys) if scene.catalog.channel(key)], bound)


def _has(channel: Channel) -> Condition:
    assert channel.consent
    return Has(channel.consent, Operator.IS, (True,))


def _some_of(tests: list[Condition], bound: Bound | None) -> Ready | None:
    """At least so many of some conditions, written out."""
    if bound is None:
        return Ready(any_of(tests)) if len(tests) > 1 else None
    number = bound.comparison.values[0]
    operator = bound.comparison.operator
    if bound.unit or bound.also or isinstance(number, str) or number != int(number) or not 1 <= len(tests) <= 5:
        return None
    least = {Operator.GE: int(number), Operator.GT: int(number) + 1, Operator.IS: int(number)}.get(operator)
    if least is None or not 1 <= least <= len(tests):
        return None
    if operator is Operator.IS and bound.form == "exact":
        groups = [
            all_of(t if t in chosen else Not(t) for t in tests) for chosen in combinations(tests, least)
        ]  # fmt: skip
    else:
        groups = [all_of(chosen) for chosen in combinations(tests, least)]
    return Ready(groups[0] if len(groups) == 1 else any_of(groups))


def _words(g: Grammar) -> None:
    @g.rule(
        "READY", f"NO CHANNEL {_ALLOWED}", f"NOT HAVE CHANNEL {_ALLOWED}", cost=-0.9, examples=("no sms permission",)
    )
    def not_allowed(scene: Scene, *parts: Word) -> Ready | None:
        channel = scene.catalog.channel(parts[-1].value)
        return Ready(Not(_has(channel))) if channel is not None and channel.consent else None

    @g.rule("READY", f"HAVE? CHANNEL {_ALLOWED}", "HAVE? CHANNEL opt in", cost=-1.2, examples=("sms permission",))
    def allowed(scene: Scene, *parts: Word | None) -> Ready | None:
        said = parts[-1]
        channel = scene.catalog.channel(said.value) if said is not None else None
        return Ready(_has(channel)) if channel is not None and channel.consent else None

    @g.rule("CONSENT", "WITHREL CHANNEL", cost=0.4, examples=())
    def with_channel(scene: Scene, _with: Word, channel: Word) -> Consent | None:
        """ "VIPs with sms": who said yes to it; "with email" has an address instead."""
        found = scene.catalog.channel(channel.value)
        named = found is not None and scene.catalog.attribute(found.key) is not None
        return Consent((channel.value,)) if found is not None and found.consent and not named else None

    @g.rule("TEST", "ATTR IS? MISSING", "ATTR IS? NOT known|given|answered", cost=-0.4, examples=())
    def never_asked(scene: Scene, attr: Attr, *_rest: Any) -> Test | None:
        consents = {c.consent for c in scene.catalog.channels if c.consent}
        field = next((f for f in scene.attributes(attr) if f.kind is Kind.FLAG and f.key in consents), None)
        return Test(field.key, Operator.IS_SET, negated=True) if field else None

    post = "catalogs|catalogues|brochures"

    @g.rule("CHANNEL", post, f"{post}|catalog|catalogue|letters by|via? post|mail", cost=0.2, examples=())
    def by_post(scene: Scene) -> Word | None:
        found = next((c for c in scene.catalog.channels if c.key in ("post", "mail", "direct_mail")), None)
        return Word(found.key) if found else None

    @g.rule("READY", "subscribers|subscriber|subs", cost=0.9, examples=("engaged subscribers",))
    def bare_subscribers(scene: Scene) -> Ready | None:
        """Subscribers to what: to email, which most are; where there is no other channel it is not even said."""
        channels = [c for c in scene.catalog.channels if c.consent]
        channel = next((c for c in channels if c.key == "email"), None)
        if channel is None:
            return None
        others = [c for c in channels if c is not channel]
        text = f"subscribers are read as those of {channel.label.lower()}"
        either = any_of([_has(channel), *(_has(c) for c in others)]) if others else None
        changes = (("condition", either),) if either is not None else ()
        note = Note("subscribers_to", text, "Of any channel", changes)
        return Ready(_has(channel), (note,) if others else (), person=True)
