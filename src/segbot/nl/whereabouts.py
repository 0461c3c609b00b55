"""Places with a point in a sentence: the company's own cities and postal codes, told apart from the words of a request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from segbot.model.catalog import Catalog, Place
from segbot.model.reading import Unread
from segbot.nl.chart import Item
from segbot.nl.meaning import Spot, Word
from segbot.nl.text import Token, TokenKind, words_of

_LENGTHS = frozenset({"mile", "miles", "mi", "km", "kms", "kilometer", "kilometers", "kilometre", "kilometres"})
_DISTANT = _LENGTHS | {"within", "near", "nearby", "around", "close", "radius", "vicinity", "area"}
"""Words of which a request about distance has one: in all others no place is looked up."""
_LENGTHS = frozenset(["mile", "miles", "mi", "km", "kms", "kilometer", "kilometers", "kilometre", "kilometres"])
_MOST_WORDS = 6
_SHORTEST_CODE = 4


class Whereabouts:
    """The places of a catalog by their words."""

    def __init__(self, catalog: Catalog) -> None:
        self._places = catalog.places

    @cached_property
    def _index(self) -> dict[tuple[str, ...], tuple[Place, ...]]:
        index: dict[tuple[str, ...], tuple[Place, ...]] = {}
        for place in self._places:
            for words in dict.fromkeys(map(words_of, place.words)):
                if words:
                    index[words] = (*index.get(words, ()), place)
        return index

    def why_unread(self, tokens: Sequence[Token], unread: Sequence[Unread]) -> str:
        """Why words about a distance were not understood, in a sentence; empty for other words."""
        norms = {t.norm for t in tokens for u in unread if u.start <= t.start < u.end}
        if norms.isdisjoint(_LENGTHS) and norms.isdisjoint({"near", "around"}):
            return ""
        if not self._places:
            return "Distances can't be counted here: the catalog names no places with their latitude and longitude."
        return "Distances are counted from the cities and postal codes of your company's own places; that one is not among them."

    def items(self, tokens: Sequence[Token], norms: Sequence[str]) -> list[Item]:
        """The chart's items for every place in a text: one for each place that the words may mean."""
        found = _prefixes(tokens)
        if not self._places or _DISTANT.isdisjoint(norms):
            return found
        for start in range(len(tokens)):
            said: list[str] = []
            for end in range(start, min(len(tokens), start + _MOST_WORDS)):
                if norms[end] == "," and said:  # Austin, TX
                    continue
                said.append(norms[end])
                for place in self._index.get(tuple(said), ()):
                    spot = Spot(place.label, place.latitude, place.longitude)
                    found.append(Item("SPOT", spot, start, end + 1, -0.2 * len(said), "place"))
        return found


def _prefixes(tokens: Sequence[Token]) -> list[Item]:
    """The beginnings of postal codes: 787xx."""
    found: list[Item] = []
    for index, (token, after) in enumerate(pairwise(tokens)):
        joined = token.kind is TokenKind.NUMBER and token.text.isdigit() and after.start == token.end
        open_ = len(after.norm) if after.kind is TokenKind.WORD and set(after.norm) == {"x"} else 0
        if joined and open_ > 1 and len(token.text) + open_ >= _SHORTEST_CODE:  # "5x" is five times
            found.append(Item("PREFIX", Word(token.text), index, index + 2, 0.0, "literal"))
    return found
