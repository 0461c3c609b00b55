"""Which word it is that only the company can define, in the words a person typed: "high-value" of "high-value customers"."""

from __future__ import annotations

from functools import cache

from segbot.nl.lexicon.closed import EVALUATIVE
from segbot.nl.text import tokenize, words_of


def company_word(said: str) -> str | None:
    """The longest such word in some words, as it was typed; None when there is none."""
    tokens = tokenize(said)
    norms = tuple(token.norm for token in tokens)
    for length in range(min(len(norms), 4), 0, -1):
        for start in range(len(norms) - length + 1):
            if norms[start : start + length] in _known():
                return said[tokens[start].start : tokens[start + length - 1].end]
    return None


@cache
def _known() -> frozenset[tuple[str, ...]]:
    return frozenset(words_of(phrase) for phrase in EVALUATIVE)
