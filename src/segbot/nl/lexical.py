"""The chart's lexical items: what single tokens and phrases of the lexicon can be, before any rule."""

from __future__ import annotations

from collections.abc import Sequence

from segbot.model.catalog import Catalog
from segbot.nl import codes
from segbot.nl.chart import Item
from segbot.nl.grammar.context import PLACES
from segbot.nl.grammar.times import ordinal, read_date
from segbot.nl.lexicon.common import COMMON_WORDS
from segbot.nl.lexicon.compile import Entry, Lexicon
from segbot.nl.meaning import Number, Refs, Word
from segbot.nl.text import Token, TokenKind

FIRST_YEAR, LAST_YEAR = 1900, 2100


def items(
    tokens: Sequence[Token], norms: Sequence[str], glue: Sequence[bool], lexicon: Lexicon, catalog: Catalog
) -> list[Item]:
    """All lexical items of a text. `norms` are the words after correction."""
    found: list[Item] = []
    places: set[int] = set()
    shouting = sum(t.shouted for t in tokens if len(t.text) > 2) * 2 > len(tokens)
    for index, token in enumerate(tokens):
        for end, entry in lexicon.lookup(norms, index, glue):
            cost = entry.cost
            if isinstance(entry.sem, Refs):
                if end == index + 1 and entry.sem.code:
                    said = _code(tokens, index, entry, places, shouting, catalog)
                    if said is None:
                        continue
                    cost = said
                places.add(end - 1)
            if end == index + 1 and len(token.norm) == 1 and entry.cat == "VALUE" and _stands_alone(tokens, index):
                cost = 0.2  # f, 18-34, NYC
            found.append(Item(entry.cat, _possessed(entry.sem, tokens[end - 1]), index, end, cost, entry.source))
        known = any(item.i == index and item.j == index + 1 and item.cat == "VALUE" for item in found)
        if not (known and token.kind is TokenKind.DOMAIN):  # Booking.com as a value of this company's is no mail domain
            found += _special(tokens, norms, index, catalog)
        if token.kind is TokenKind.QUOTED:
            found += _quoted(token, index, lexicon)
    return found


def _possessed(sem: object, token: Token) -> object:
    """ "women's" is said of things, never of the people themselves, where things can be that."""
    if not isinstance(sem, Refs) or not token.text.casefold().endswith(("'s", "’s", "s'", "s’")):
        return sem
    things = tuple(ref for ref in sem.refs if ref.owner is not None)
    return Refs(things, False, sem.text, sem.code) if things else sem


def _code(
    tokens: Sequence[Token], index: int, entry: Entry, places: set[int], shouting: bool, catalog: Catalog
) -> float | None:
    """What reading one or two letters as a value costs here; None where they are none."""
    fields = (catalog.attribute(ref.field) for ref in entry.sem.refs if ref.owner is None)
    if any(field is not None and field.role in PLACES for field in fields):
        return codes.readable(tokens, index, places, shouting)
    return 0.0 if tokens[index].shouted and not shouting else entry.cost


def _stands_alone(tokens: Sequence[Token], index: int) -> bool:
    """Whether a single letter is an item of a list of its own, or stands before an age: f, 18-34; F25-34."""
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    listed = before is None or before.norm in _BREAKS
    return listed and (after is None or after.norm in _BREAKS or after.kind is TokenKind.NUMBER) and len(tokens) > 1


_BREAKS = frozenset([",", ";", "/", "|", "•", "-"])


def _quoted(token: Token, index: int, lexicon: Lexicon) -> list[Item]:
    """A quoted value is that value: "New York"."""
    words = token.norm.split()
    return [
        Item(entry.cat, entry.sem, index, index + 1, entry.cost, entry.source)
        for end, entry in lexicon.lookup(words, 0, [False] * len(words))
        if end == len(words)
    ]


def _special(tokens: Sequence[Token], norms: Sequence[str], index: int, catalog: Catalog) -> list[Item]:
    token = tokens[index]

    def item(cat: str, sem: object, end: int = index + 1, cost: float = 0.0) -> Item:
        return Item(cat, sem, index, end, cost, "literal")

    match token.kind:
        case TokenKind.NUMBER if token.value is not None:
            return _number(token, item)
        case TokenKind.ORDINAL if token.value is not None:
            return [item("ORDINAL", ordinal(int(token.value)))]
        case TokenKind.DECADE if token.value is not None:
            value = int(token.value)
            year = value if value > 1000 else 1900 + value if value >= 30 else 2000 + value
            return [item("DECADE", Word(value)), item("BORNDECADE", Word(year))]
        case TokenKind.DATE:
            found = read_date(token.norm, catalog.date_order)
            return [item("DATE", Word(found))] if found else []
        case TokenKind.EMAIL:
            return [item("EMAILADDRESS", Word(token.norm))]
        case TokenKind.DOMAIN:
            if token.norm.startswith("."):  # ends with .edu
                return [item("TEXT", Word(token.text))]
            return [item("DOMAIN", Word(token.norm)), item("TEXT", Word(token.text))]
        case TokenKind.QUOTED:
            return [item("QUOTED", Word(token.text.strip('"“”„«»')))]
        case TokenKind.WORD:
            return [*_period(tokens, norms, index), *_text(token, norms[index], index)]
        case _:
            return []


def _number(token: Token, item: object) -> list[Item]:
    make = item
    assert callable(make)
    value = token.value
    assert value is not None
    scale = 1000 if token.norm.endswith("k") else 1_000_000 if token.norm.endswith(("mm", "mn")) else 1
    found = [make("NUM", Number(value, scale=scale)), make("NUMTEXT", Word(token.norm))]
    if token.norm.isdigit() and len(token.norm) == 4 and FIRST_YEAR <= value <= LAST_YEAR:
        found.append(make("YEARNUM", Number(value)))
    return found


def _text(token: Token, norm: str, index: int) -> list[Item]:
    found = [Item("TEXT", Word(token.text), index, index + 1, 0.0, "literal")]
    if token.text[:1].isupper() and norm not in COMMON_WORDS:
        found.append(Item("NEWNAME", Word(token.text), index, index + 1, 0.1, "literal"))
    return found


def _period(tokens: Sequence[Token], norms: Sequence[str], index: int) -> list[Item]:
    """Q3, H1: a letter with its number."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if norms[index] not in ("q", "h") or following is None or following.kind is not TokenKind.NUMBER:
        return []
    number = following.value
    which = "quarter" if norms[index] == "q" else "half"
    if number not in (1, 2, 3, 4) or following.start != tokens[index].end:
        return []
    return [Item("QUARTERWORD", Word((which, int(number))), index, index + 2, 0.0, "literal")]
