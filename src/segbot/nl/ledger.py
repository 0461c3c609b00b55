"""The account of every word: the proof, made anew for every reading, that nothing typed was lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segbot.nl.lexicon.idle import IDIOMS
from segbot.nl.text import Token, TokenKind


class LedgerError(Exception):
    """A word of the request is missing from its account: a bug in the reader, never a person's mistake."""


_IDLY_NEGATED = frozenset(idiom[i : i + 2] for idiom in IDIOMS for i in range(len(idiom) - 1))
_NEGATING = frozenset({"not", "never", "no", "without", "except", "excluding", "neither", "nor", "unless"})


def check(
    tokens: Sequence[Token],
    read: Iterable[int],
    fillers: Iterable[int],
    unread: Iterable[int],
    asides: Iterable[int] = (),
) -> None:
    """Raise `LedgerError` unless every token is in exactly one of the four, and no number or negation a filler or an aside."""
    read_, fillers_, unread_, asides_ = set(read), set(fillers), set(unread), set(asides)
    both = (read_ & fillers_) | (read_ & unread_) | (fillers_ & unread_) | (asides_ & (read_ | fillers_ | unread_))
    if both:
        raise LedgerError(f"words in two places: {[tokens[i].text for i in sorted(both)]}")
    missing = set(range(len(tokens))) - read_ - fillers_ - unread_ - asides_
    if missing:
        raise LedgerError(f"words in no place: {[tokens[i].text for i in sorted(missing)]}")
    for index in fillers_ | asides_:
        token = tokens[index]
        idle = (
            index in asides_
            and (token.norm, tokens[index + 1].norm if index + 1 < len(tokens) else "") in _IDLY_NEGATED
        )
        if token.kind in (TokenKind.NUMBER, TokenKind.DATE) or (token.norm in _NEGATING and not idle):
            raise LedgerError(f"{token.text!r} carries meaning and is neither filler nor background")


def runs(tokens: Sequence[Token], indexes: Iterable[int]) -> list[tuple[int, int]]:
    """Token indexes as stretches [first, last] of neighbours."""
    found: list[tuple[int, int]] = []
    for index in sorted(set(indexes)):
        if found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found
