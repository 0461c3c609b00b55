"""The chart's lexical items: what single tokens and phrases of the lexicon can be, before any rule."""

from __future__ import annotations

import re
from collections.abc import Sequence

from segbot.model.catalog import Catalog
from segbot.nl import codes
from segbot.nl.chart import Item
from segbot.nl.grammar.context import PLACES
from segbot.nl.grammar.times import ordinal, read_date
from segbot.nl.lexicon.common import COMMON_WORDS
from segbot.nl.lexicon.compile import Entry, Lexicon
from segbot.nl.meaning import Attr, Doing, Number, Refs, Word
from segbot.nl.text import Token, TokenKind

_GREETINGS = frozenset(["morning", "afternoon", "evening"])
FIRST_YEAR, LAST_YEAR = 1900, 2100


def items(
    tokens: Sequence[Token], norms: Sequence[str], glue: Sequence[bool], lexicon: Lexicon, catalog: Catalog
) -> list[Item]:
    """All lexical items of a text. `norms` are the words after correction."""
    found: list[Item] = []
    places: set[int] = set()
    shouting = sum(t.shouted for t in tokens if len(t.text) > 2) * 2 > len(tokens)
    for index, token in enumerate(tokens):
        before = len(found)
        divider = _divider(tokens, norms, index, lexicon) if token.norm in _DIVIDERS else None
        if divider is not None:
            found.append(Item(divider, Word(None), index, index + 1, 0.0, "divider"))
            continue
        if token.kind is TokenKind.WORD and _named_by(tokens, norms, index, lexicon, catalog):
            found.append(Item("FILLER", Word(None), index, index + 2, 0.2, "label"))
        if token.norm == "before" and index and _stands_last(norms, index):
            found.append(Item("EVERTIME", Word(1), index, index + 1, 0.0, "closed"))  # bought before, last visit in May
        for end, entry in lexicon.lookup(norms, index, glue):
            cost = entry.cost
            if entry.cat == "FILLER" and index > 1 and norms[index] in _GREETINGS:
                continue  # "bought this morning" is no good morning
            if token.norm == "single" and isinstance(entry.sem, Refs) and _counts_rows(norms, end, glue, lexicon):
                continue  # a single refund is one refund, no unmarried person
            if isinstance(entry.sem, Refs):
                if end == index + 1 and entry.sem.code:
                    said = _code(tokens, index, entry, places, shouting, catalog)
                    if said is None:
                        continue
                    cost = said
                places.add(end - 1)
            if end == index + 1 and len(token.norm) == 1 and entry.cat == "VALUE" and _stands_alone(tokens, index):
                cost = 0.2  # f, 18-34, NYC
            if (entry.cat in _VERBS or (entry.cat == "ENOUN" and token.norm == "open")) and _adjective(
                norms, index, end, catalog
            ):
                continue
            found.append(Item(entry.cat, _possessed(entry.sem, tokens, end), index, end, cost, entry.source))
        known = any(item.j == index + 1 and item.cat == "VALUE" for item in found[before:])
        if not (known and token.kind is TokenKind.DOMAIN):  # Booking.com as a value of this company's is no mail domain
            found += _special(tokens, norms, index, catalog)
        if token.kind is TokenKind.QUOTED:
            found += _quoted(token, index, lexicon)
    return found


def _stands_last(norms: Sequence[str], index: int) -> bool:
    """Whether nothing follows that "before" could be before of."""
    after = norms[index + 1 : index + 3]
    return not after or (after[0] in (",", ".", ";", "and", "but") and "after" not in after)


def _counts_rows(norms: Sequence[str], index: int, glue: Sequence[bool], lexicon: Lexicon) -> bool:
    """Whether the name of a behaviour's rows stands at an index: order, refund, visit."""
    return any(entry.cat in ("ENOUN", "OBJECT") for _, entry in lexicon.lookup(norms, index, glue))


_DIVIDERS = frozenset(["+", "|"])


def _divider(tokens: Sequence[Token], norms: Sequence[str], index: int, lexicon: Lexicon) -> str | None:
    """What a free-standing + or | between conditions is: an "and", or the end of one where they are long or have labels.

    None where it is an ordinary word of the lexicon: 30 + years, gold | platinum.
    """
    mark = tokens[index]
    free = 0 < index < len(tokens) - 1 and tokens[index - 1].end < mark.start and mark.end < tokens[index + 1].start
    if not free or (mark.norm == "+" and tokens[index - 1].kind is TokenKind.NUMBER):
        return None
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.norm == mark.norm:
            parts.append([])
        else:
            parts[-1].append(token.norm)
    parts = [part for part in parts if part]
    if mark.norm == "|":
        return "STOP" if all(_LABELLING & set(part) for part in parts) else None
    if _fields(norms, index - 1, lexicon) & _fields(norms, index + 1, lexicon):
        return "AND"  # gold + platinum
    return "STOP" if any(len(part) > 3 or _LISTING & set(part) for part in parts) else "AND"


def labels(tokens: Sequence[Token], norms: Sequence[str], lexicon: Lexicon) -> frozenset[int]:
    """Marks within one condition: the colon of "returned: jackets", and what goes on with it in "; reason: damaged"."""
    found: set[int] = set()
    for index, token in enumerate(tokens[1:], 1):
        if token.norm not in (":", "="):
            continue
        before = [entry.sem for end, entry in lexicon.lookup(norms, index - 1, [False] * len(norms)) if end == index]
        if any(isinstance(sem, Doing) for sem in before):
            found.add(index)
        elif found and index > 1 and tokens[index - 2].norm == ";":
            owners = {owner for sem in before if isinstance(sem, Attr) for owner, _ in sem.names}
            if owners and None not in owners:
                found |= {index, index - 2}
    return frozenset(found)


def _named_by(tokens: Sequence[Token], norms: Sequence[str], index: int, lexicon: Lexicon, catalog: Catalog) -> bool:
    """Whether a word and a colon only say which attribute the value behind them is of: "loyalty: gold"."""
    if index + 2 >= len(tokens) or tokens[index + 1].norm not in (":", "=") or len(norms[index]) < 4:
        return False
    fields = (catalog.attribute(key) for key in _fields(norms, index + 2, lexicon))
    return any(field is not None and norms[index] in field.label.casefold().split() for field in fields)


def _fields(norms: Sequence[str], index: int, lexicon: Lexicon) -> set[str]:
    """The customer attributes that a word is a value of."""
    entries = (entry.sem for end, entry in lexicon.lookup(norms, index, [False] * len(norms)) if end == index + 1)
    return {ref.field for sem in entries if isinstance(sem, Refs) for ref in sem.refs if ref.owner is None}


_LABELLING = frozenset([":", "="])
_LISTING = frozenset(["or", ",", "no", "not", "never"])
_VERBS = frozenset({"VERB", "HEAD", "LIGHTHEAD", "LIGHT", "SPLITHEAD"})
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "remain", "remains", "stays", "left"])
_BEFORE_NOUN = frozenset(["with", "has", "have", "had", "having", "no", "an", "any", "their", "without", "s"])
_LIGHT_ADVERBS = frozenset(["still", "currently", "now", "yet", "already", "not", "all", "only", "just"])


def _adjective(norms: Sequence[str], index: int, end: int, catalog: Catalog) -> bool:
    """Whether a verb's base form stands where no verb can: a ticket that is still open, with an open ticket, open tickets."""
    word = norms[index]
    before = index - 1
    while before >= 0 and norms[before] in _LIGHT_ADVERBS:
        before -= 1
    said = norms[before] if before >= 0 else ""
    if said in _BE or said in _BEFORE_NOUN:
        return any(verb.lemma.split()[0] == word for event in catalog.events for verb in event.verbs)
    return word == "open" and before < 0 and end < len(norms) and norms[end] not in _ARTICLES


_ARTICLES = frozenset(
    ["a", "an", "the", "our", "their", "any", "email", "emails", "at", "more", "less", "or", "and", "but", "everything"]
)
_OWNED = frozenset(
    [
        "first",
        "last",
        "second",
        "third",
        "latest",
        "most",
        "average",
        "total",
        "lifetime",
        "orders",
        "order",
        "purchases",
    ]
)


def _possessed(sem: object, tokens: Sequence[Token], end: int) -> object:
    """ "women's shoes": said of things, not of people, where things can be that; "women's last order" of people."""
    if not isinstance(sem, Refs) or not tokens[end - 1].text.casefold().endswith(("'s", "’s", "s'", "s’")):
        return sem
    owned = end < len(tokens) and tokens[end].norm in _OWNED
    kept = tuple(ref for ref in sem.refs if (ref.owner is None) is owned)
    return Refs(kept, owned and sem.plural, sem.text, sem.code) if kept else sem


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
            return [*_number(token, item, catalog), *_grouped(tokens, index, catalog)]
        case TokenKind.ORDINAL if token.value is not None:
            return [item("ORDINAL", ordinal(int(token.value)))]
        case TokenKind.DECADE if token.value is not None:
            value = int(token.value)
            year = value if value > 1000 else 1900 + value if value >= 30 else 2000 + value
            return [item("DECADE", Word(value)), item("BORNDECADE", Word(year))]
        case TokenKind.DATE:
            found = read_date(token.norm, catalog.date_order)
            return [item("DATE", Word(day)) for day in found]  # two where nobody said which comes first: a question
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


def decimal_comma(catalog: Catalog) -> bool:
    """Whether people there write 1.500,50 for one thousand five hundred and a half."""
    return catalog.date_order == "dmy" and catalog.currency in _COMMA_CURRENCIES


_COMMA_CURRENCIES = frozenset(["EUR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL", "TRY"])
_DOTTED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")


def _grouped(tokens: Sequence[Token], index: int, catalog: Catalog) -> list[Item]:
    """Numbers that are several tokens: 1 500, and where a comma stands before decimals 1.500,50 and 1,5k."""
    first = tokens[index]
    if index and tokens[index - 1].kind is TokenKind.NUMBER:
        return []
    found: list[Item] = []
    whole = first.norm
    end = index + 1
    while re.fullmatch(r"[1-9]\d{0,2}(?:\d{3})*", whole) and len(first.norm) <= 3 and end < len(tokens):
        after = tokens[end]
        if not re.fullmatch(r"\d{3}", after.norm) or after.start == tokens[end - 1].end or len(whole) > 9:
            break
        whole, end = whole + after.norm, end + 1
    if end > index + 1:
        found.append(Item("NUM", Number(int(whole)), index, end, 0.0, "literal"))
    if not decimal_comma(catalog):
        return found
    if _DOTTED.fullmatch(whole):
        whole = whole.replace(".", "")
    decimals = tokens[end : end + 2]
    together = len(decimals) == 2 and decimals[0].start == tokens[end - 1].end and decimals[1].start == decimals[0].end
    if (
        together
        and whole.isdigit()
        and decimals[0].norm == ","
        and (m := re.fullmatch(r"(\d\d?) *(k?)", decimals[1].norm))
    ):
        value = round(float(f"{whole}.{m[1]}") * (1000 if m[2] else 1), 6)
        number = Number(int(value) if value == int(value) else value, scale=1000 if m[2] else 1)
        found.append(Item("NUM", number, index, end + 2, -0.1, "literal"))
    return found


def _number(token: Token, item: object, catalog: Catalog) -> list[Item]:
    make = item
    assert callable(make)
    value = token.value
    assert value is not None
    scale = 1000 if token.norm.endswith("k") else 1_000_000 if token.norm.endswith(("mm", "mn")) else 1
    found = [make("NUM", Number(value, scale=scale)), make("NUMTEXT", Word(token.norm))]
    if _DOTTED.fullmatch(token.norm):  # 1.500: a thousand and a half where people write so, and elsewhere a question
        thousands = make("NUM", Number(int(token.norm.replace(".", ""))))
        found = [thousands, *found[1:]] if decimal_comma(catalog) else [*found, thousands]
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
