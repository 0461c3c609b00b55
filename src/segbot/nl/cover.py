"""The likeliest ways to cover the whole sentence with phrases: a k-best shortest path over the chart, where skipping costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from segbot.nl.chart import Item
from segbot.nl.lexicon import closed
from segbot.nl.text import Token, TokenKind

# What a phrase of each category costs at the top of the sentence: one big condition beats two small ones, and a number
# or window that belongs to nothing is dear.
TOP: dict[str, float] = {
    "TEST": 0.35, "EV": 0.35, "READY": 0.35, "CONSENT": 0.35, "ASKED": 1.6, "RECENCY": 0.4, "NOTHINGWHEN": 0.4,
    "WHEN": 0.9, "FREQ": 1.2, "BOUND": 2.5, "VALUE": 1.1, "NOUN": 0.1, "FILLER": 0.12, "BOUNDON": 1.5, "BYRANK": 0.3, "ONVALUE": 1.0,
    **dict.fromkeys(
        ("AND", "OR", "BUT", "COMMA", "STOP", "SLASH", "DASH", "OPEN", "CLOSE", "NOT", "NEVER", "NO", "EXCEPT", "UNLESS",
         "EITHER", "NEITHER", "NOR", "REL", "THEN"), 0.05
    ),
    "ONLY": 0.3, "ASIDE": 0.05, "UNSUPPORTED": 3.0,
}  # fmt: skip
UNKNOWN_COST = 4.0
_first = itemgetter(0)
WIDTH = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """One step of a cover: a phrase, or a single token that no phrase takes ("GLUE" or "UNKNOWN")."""

    cat: str
    item: Item | None
    i: int
    j: int

    @property
    def tokens(self) -> tuple[int, ...]:
        """The indexes of its tokens."""
        return tuple(range(self.i, self.j))


@dataclass(frozen=True, slots=True)
class Cover:
    """A way to read the whole sentence, with its cost."""

    pieces: tuple[Piece, ...]
    cost: float


_State = tuple[float, Piece | None, Any]
"""What the way to a place costs, its last piece, and the state before that."""


def token_cost(token: Token) -> tuple[str, float]:
    """What leaving a token alone costs, and what it then is."""
    if token.kind is TokenKind.WORD and token.norm in closed.GLUE:
        return "GLUE", 0.06
    if token.norm in closed.EMOJI_FILLER or token.norm.strip(":") in closed.SHORTCODE_FILLER:
        return "GLUE", 0.06
    if token.kind is TokenKind.SYMBOL and token.norm in "\"'":
        return "GLUE", 0.06
    return "UNKNOWN", UNKNOWN_COST


def covers(tokens: Sequence[Token], items: Sequence[Item], width: int = WIDTH) -> list[Cover]:
    """The cheapest covers, best first."""
    length = len(tokens)
    arriving: list[list[tuple[Piece, float]]] = [[] for _ in range(length + 1)]
    for item in items:
        cost = TOP.get(item.cat)
        if cost is not None:
            arriving[item.j].append((Piece(item.cat, item, item.i, item.j), cost + item.cost))
    for index, token in enumerate(tokens):
        cat, cost = token_cost(token)
        arriving[index + 1].append((Piece(cat, None, index, index + 1), cost))
    best: list[list[_State]] = [[] for _ in range(length + 1)]
    best[0] = [(0.0, None, None)]
    for end in range(1, length + 1):
        found: list[_State] = [
            (state[0] + cost, piece, state) for piece, cost in arriving[end] for state in best[piece.i]
        ]
        found.sort(key=_first)
        best[end] = found[:width]
    result = []
    for state in best[length]:
        cost, piece, before = state
        pieces: list[Piece] = []
        while piece is not None:
            pieces.append(piece)
            _, piece, before = before
        result.append(Cover(tuple(reversed(pieces)), cost))
    return result
