"""The whole grammar, in the order people read it."""

from __future__ import annotations

from functools import lru_cache

from segbot.nl.chart import Grammar
from segbot.nl.grammar import (
    anchored,
    attributes,
    channels,
    clocks,
    consents,
    events,
    habits,
    kin,
    known,
    measures,
    membership,
    numbers,
    people,
    places,
    properties,
    ranks,
    ratios,
    rows_said,
    sequences,
    spans,
    terms,
    texts,
    times,
    written,
)


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The rules, compiled once per process."""
    g = Grammar()
    for theme in (
        numbers,
        times,
        spans,
        clocks,
        attributes,
        texts,
        people,
        kin,
        habits,
        known,
        events,
        properties,
        measures,
        channels,
        ranks,
        sequences,
        anchored,
        ratios,
        rows_said,
        written,
        consents,
        terms,
        membership,
        places,
    ):
        theme.add_rules(g)
    return g
