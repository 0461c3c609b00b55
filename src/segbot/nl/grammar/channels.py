"""Consent and reach: subscribed to a channel, may be written to."""

from __future__ import annotations

from typing import Any

from segbot.model.condition import Has, Not, Reachable, all_of, any_of
from segbot.model.operators import Operator
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Consent, Ready, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""

    def consent(scene: Scene, key: str, negated: bool = False, verb: bool = True) -> Consent | None:
        channel = scene.catalog.channel(key)
        return Consent((key,), negated, verb) if channel is not None and channel.consent else None

    @g.rule(
        "CONSENT",
        "SUBSCRIBED to|in|into|for? CHANNEL",
        "SUBSCRIBED in to CHANNEL",
        "CHANNEL SUBSCRIBERS",
        "on CHANNEL list",
        "CHANNEL list NOUN?",
        cost=-0.3,
        examples=("subscribed to sms", "email subscribers"),
    )
    def subscribed(scene: Scene, *parts: Any) -> Consent | None:
        return consent(scene, next(p.value for p in parts if isinstance(p, Word) and p.value))

    @g.rule(
        "CONSENT",
        "UNSUBSCRIBED from|of? CHANNEL",
        "CHANNEL UNSUBSCRIBED",
        cost=0.3,
        examples=("unsubscribed from email",),
    )
    def unsubscribed(scene: Scene, *parts: Any) -> Consent | None:
        return consent(scene, next(p.value for p in parts if isinstance(p, Word) and p.value), negated=True)

    @g.rule("CONSENT", "CHANNEL", "in|to CHANNEL", cost=0.8, examples=("but not email",))
    def bare_channel(scene: Scene, channel: Word) -> Consent | None:
        return consent(scene, channel.value, verb=False)

    @g.rule(
        "READY",
        "CAN CHANNELVERB",
        "CAN CHANNELVERB to?",
        "CAN CHANNELVERB them",
        "REACHABLE BY CHANNEL",
        "CAN SUBSCRIBED CHANNEL",
        "REACHABLE CHANNEL",
        "CHANNEL REACHABLE",
        "CAN show|send|serve|mail CHANNEL to?",
        "CAN show|send|serve CHANNEL ads to?",
        "CAN reach|contact|target|message|hit BY|with? CHANNEL",
        "CAN receive|get CHANNEL",
        cost=-0.6,
        examples=("can be emailed", "reachable by sms"),
    )
    def reachable(scene: Scene, *parts: Any) -> Ready | None:
        key = next((p.value for p in reversed(parts) if isinstance(p, Word) and p.value), None)
        return Ready(Reachable(key)) if isinstance(key, str) and scene.catalog.channel(key) else None

    @g.rule(
        "READY",
        "CAN CHANNELVERB AND CHANNELVERB",
        "REACHABLE BY CHANNEL AND BY? CHANNEL",
        cost=-1.0,
        examples=("can email and text",),
    )
    def reachable_by_both(_: Scene, *parts: Word | None) -> Ready:
        return Ready(all_of(Reachable(p.value) for p in parts if p is not None and isinstance(p.value, str)))

    @g.rule(
        "READY",
        "CAN CHANNELVERB OR CHANNELVERB",
        "REACHABLE BY CHANNEL OR BY? CHANNEL",
        cost=-1.0,
        examples=("can email or text",),
    )
    def reachable_by_either(_: Scene, *parts: Word | None) -> Ready:
        return Ready(any_of(Reachable(p.value) for p in parts if p is not None and isinstance(p.value, str)))

    @g.rule(
        "READY",
        "CAN CHANNELVERB BUT NOT CHANNELVERB",
        "REACHABLE BY CHANNEL BUT NOT BY? CHANNEL",
        cost=-1.2,
        examples=("can be texted but not emailed",),
    )
    def reachable_by_one_only(_: Scene, *parts: Word | None) -> Ready | None:
        keys = [p.value for p in parts if p is not None and isinstance(p.value, str) and p.value != "not"]
        return Ready(all_of((Reachable(keys[0]), Not(Reachable(keys[1]))))) if len(keys) == 2 else None

    @g.rule(
        "READY",
        "NOT SUBSCRIBED to? anything|any",
        "SUBSCRIBED to? NONE",
        cost=-0.8,
        examples=("not opted in to anything",),
    )
    def subscribed_to_nothing(scene: Scene, *_words: Word) -> Ready | None:
        tests = [test for channel in scene.catalog.channels if (test := _opted_in(scene, channel.key)) is not None]
        return Ready(Not(any_of(tests))) if tests else None

    @g.rule("READY", "REACHADJ", examples=("emailable",))
    def reachable_adjective(_: Scene, channel: Word) -> Ready:
        return Ready(Reachable(channel.value))

    @g.rule(
        "READY",
        "CAN NOT CHANNELVERB",
        "CAN NOT CHANNELVERB them",
        "NOT REACHABLE BY CHANNEL",
        "NOT CAN CHANNELVERB",
        cost=-0.9,
        examples=("cannot be emailed",),
    )
    def unreachable(_: Scene, *parts: Word) -> Ready:
        key = next(p.value for p in reversed(parts) if isinstance(p.value, str))
        return Ready(Not(Reachable(key)))

    @g.rule(
        "READY",
        "SUBSCRIBED to? NEITHER CHANNEL NOR CHANNEL",
        "NEITHER CHANNEL NOR CHANNEL SUBSCRIBERS",
        cost=-0.8,
        examples=("subscribed to neither email nor sms",),
    )
    def subscribed_to_neither(scene: Scene, *parts: Word) -> Ready | None:
        tests = [_opted_in(scene, p.value) for p in parts if isinstance(p.value, str)]
        known = [t for t in tests if t is not None]
        return Ready(Not(any_of(known))) if len(known) == 2 else None

    @g.rule(
        "READY",
        "CHANNEL OR CHANNEL SUBSCRIBERS",
        "CHANNEL SLASH CHANNEL SUBSCRIBERS",
        cost=-0.8,
        examples=("email or sms subscribers",),
    )
    def subscribed_to_either(scene: Scene, *parts: Word) -> Ready | None:
        tests = [_opted_in(scene, p.value) for p in parts if isinstance(p.value, str)]
        known = [t for t in tests if t is not None]
        return Ready(any_of(known), person=True) if len(known) == 2 else None

    @g.rule(
        "READY",
        "CHANNEL BUT NOT CHANNEL SUBSCRIBERS",
        "CHANNEL NOT CHANNEL SUBSCRIBERS",
        cost=-0.6,
        examples=("email but not sms subscribers",),
    )
    def one_not_the_other(scene: Scene, *parts: Word) -> Ready | None:
        tests = [_opted_in(scene, p.value) for p in parts if isinstance(p.value, str)]
        known = [t for t in tests if t is not None]
        return Ready(all_of((known[0], Not(known[1])))) if len(known) == 2 else None


def _opted_in(scene: Scene, key: str) -> Has | None:
    channel = scene.catalog.channel(key)
    return Has(channel.consent, Operator.IS, (True,)) if channel is not None and channel.consent else None
