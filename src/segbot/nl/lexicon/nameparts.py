"""Words that several names of things have in common and that say nothing else: flannel, merino."""

from __future__ import annotations

from collections.abc import Iterator

from segbot.model.catalog import Catalog, Field
from segbot.model.operators import Kind
from segbot.nl.lexicon.common import COMMON_WORDS
from segbot.nl.text import words_of

_THINGS = ("product", "item", "article", "title", "model")
_MOST = 5_000


def name_parts(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """Event, property and word. Of very long lists none: their words would be half the dictionary."""
    known: dict[int, frozenset[str]] = {}
    for event in catalog.events:
        for field in event.properties:
            if field.kind is Kind.TEXT and len(field.values) <= _MOST and any(t in field.key for t in _THINGS):
                words = known.setdefault(hash(field.values), _shared(field))
                yield from ((event.key, field.key, word) for word in sorted(words))


def _shared(field: Field) -> frozenset[str]:
    seen: dict[str, int] = {}
    for entry in field.values:
        for word in set(words_of(entry.label)):
            seen[word] = seen.get(word, 0) + 1
    return frozenset(
        word
        for word, times in seen.items()
        if times > 1 and len(word) > 3 and word.isalpha() and word not in COMMON_WORDS
    )
