"""A year that is said once for several months or quarters: "in August or September last year", "Q3 and Q4 2024".

Without it the first of them would be its latest one, which may be another year's. "Last year" behind a month is the year
before this one, as of the day of the request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from segbot.model.windows import Dated
from segbot.nl.chart import Item
from segbot.nl.lexicon import closed
from segbot.nl.meaning import Span
from segbot.nl.text import Token, TokenKind

_RANGE = frozenset(["to", "through", "until", "till", "thru", "-"])
_JOINTS = frozenset([",", "and", "or", "/", "&"]) | _RANGE
_RELATIVE = {"last": -1, "previous": -1, "this": 0, "current": 0}
_ALREADY = frozenset([*_RELATIVE, "next", "past", "coming", "fiscal", "fy"])
_COST = -0.6


def items(tokens: Sequence[Token], norms: Sequence[str], today: date) -> list[Item]:
    """The periods that take their year from words behind them."""
    found: list[Item] = []
    index = 0
    while index < len(tokens):
        parts = list(_parts(tokens, norms, index))
        if not parts:
            index += 1
            continue
        end = parts[-1][2]
        said = _year(tokens, norms, end, today)
        if said is not None:
            year, stop, relative = said
            found += _with_year(norms, parts, year, stop if relative else None)
        index = end
    return found


_Part = tuple[Dated, int, int]


def _parts(tokens: Sequence[Token], norms: Sequence[str], index: int) -> Iterator[_Part]:
    """Months, days or quarters side by side from an index on, each with its tokens."""
    if index and norms[index - 1] in _ALREADY:
        return
    at = index
    while (part := _part(tokens, norms, at)) is not None:
        yield part
        joint = part[2]
        while joint < len(tokens) and norms[joint] in _JOINTS:
            joint += 1
        if joint == part[2]:
            return
        at = joint


def _part(tokens: Sequence[Token], norms: Sequence[str], at: int) -> _Part | None:
    if at >= len(tokens):
        return None
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    number = (
        following.value if following is not None and following.kind in (TokenKind.NUMBER, TokenKind.ORDINAL) else None
    )
    if norms[at] in closed.MONTHS:
        month = int(closed.MONTHS[norms[at]])
        if number is not None and 1 <= number <= 31 and float(number).is_integer():
            return Dated(month=month, day=int(number)), at, at + 2
        return Dated(month=month), at, at + 1
    if (
        norms[at] in ("q", "h")
        and number in (1, 2, 3, 4)
        and following is not None
        and following.start == tokens[at].end
    ):
        if norms[at] == "q":
            return Dated(quarter=int(number)), at, at + 2
        return (Dated(half=int(number)), at, at + 2) if number <= 2 else None
    return None


def _year(tokens: Sequence[Token], norms: Sequence[str], at: int, today: date) -> tuple[int, int, bool] | None:
    """The year said at an index, the token behind it, and whether it was said by its distance from today."""
    if norms[at : at + 1] in (["of"], ["in"]):
        at += 1
    if tuple(norms[at : at + 1]) and norms[at] == "the":
        at += 1
    if at + 1 < len(tokens) and norms[at] in _RELATIVE and norms[at + 1] == "year":
        return today.year + _RELATIVE[norms[at]], at + 2, True
    if (
        at < len(tokens)
        and tokens[at].norm.isdigit()
        and len(tokens[at].norm) == 4
        and 1990 <= int(tokens[at].norm) <= 2100
    ):
        return int(tokens[at].norm), at + 1, False
    return None


def _with_year(norms: Sequence[str], parts: Sequence[_Part], year: int, stop: int | None) -> Iterator[Item]:
    """The periods with that year; `stop` is where the last one ends together with its "last year"."""
    for position, (dated, i, j) in enumerate(parts):
        last = position == len(parts) - 1
        if last and stop is None:
            return  # August 2025: said in so many words
        own = year
        if not last:
            later = parts[position + 1]
            ranged = bool(_RANGE & set(norms[j : later[1]])) or norms[max(i - 1, 0)] == "between"
            own -= ranged and (dated.month or 0) > (later[0].month or 13)
        period = Dated(year=own, month=dated.month, day=dated.day, quarter=dated.quarter, half=dated.half)
        yield Item("PERIOD", Span(period), i, stop if last and stop else j, _COST, "year_said_once")
