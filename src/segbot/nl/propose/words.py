"""The request as the ladder sees it: what each word is, whoever read it. Reuses the reader's lexicon and closed classes.

A word is filler, a link ("and", "who", "in"), an "or", a negation, or content. Content must be accounted for by a quote of
a condition or by "not understood"; nothing is filler because nothing else fitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from segbot.model.windows import Unit
from segbot.nl.lexicon.closed import EMOJI_FILLER, GLUE, SHORTCODE_FILLER
from segbot.nl.lexicon.compile import Entry, Lexicon, glue_flags
from segbot.nl.meaning import Word
from segbot.nl.text import Token, TokenKind, tokenize


class Part(StrEnum):
    """What a word does in a sentence."""

    FILLER = "filler"
    LINK = "link"
    OR = "or"
    NEGATION = "negation"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Said:
    """A number as said, over tokens [first, last): the values it may stand for.

    `must` says that a proposal can't leave it out; `comparator` is the closed class of its comparing words (GT, GE, LT, LE,
    EXACTLY), `negative` that they contain a "not"; `unit` is a unit of time behind it.
    """

    first: int
    last: int
    values: frozenset[float]
    must: bool = True
    comparator: str | None = None
    negative: bool = False
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """A calendar stretch said without a number: last month (-1, month), this year (0, year), over tokens [first, last)."""

    first: int
    last: int
    offset: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Known:
    """Words [first, last) that the catalog knows, with all that they may mean."""

    first: int
    last: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A request taken apart. All indexes are of tokens."""

    text: str
    tokens: tuple[Token, ...]
    parts: tuple[Part, ...]
    closed: frozenset[int]
    """Words of closed classes: comparing words, units, prepositions."""
    cats: tuple[frozenset[str], ...]
    """For each token the closed classes of the phrases that begin there."""
    known: tuple[Known, ...]
    numbers: tuple[Said, ...]
    negations: tuple[tuple[int, int], ...]
    """Each "not", "never", "without a single" once, as tokens [first, last)."""
    spells: tuple[Spell, ...]

    def span(self, indexes: Iterable[int]) -> tuple[int, int]:
        """The characters from the first to the last of some tokens."""
        wanted = sorted(indexes)
        return self.tokens[wanted[0]].start, self.tokens[wanted[-1]].end

    def within(self, start: int, end: int) -> frozenset[int]:
        """The tokens that lie in a stretch of characters."""
        return frozenset(i for i, t in enumerate(self.tokens) if t.start >= start and t.end <= end)


_NEGATIONS = frozenset({"NOT", "NEVER", "NO", "EXCEPT", "NEITHER", "NOR", "NONE", "IS_NOT"})
_LINKS = frozenset(
    {"AND", "BUT", "COMMA", "STOP", "SLASH", "DASH", "OPEN", "CLOSE", "REL", "LIVE", "IS", "EITHER", "UNLESS"}
)
_ORS = frozenset({"OR", "UNLESS", "EITHER"})
_BEFORE = {**{how: how for how in ("GT", "GE", "LT", "LE", "EXACTLY")}, "OLDER": "GT", "YOUNGER": "LT"}
_AFTER = {"MORE_AFTER": "GE", "OLDER_AFTER": "GE", "LESS_AFTER": "LE", "YOUNGER_AFTER": "LE"}
_COMPARING = frozenset({*_BEFORE, *_AFTER})
_MISSING = frozenset({"MISSING", "UNSUBSCRIBED", "KNOWN"})
_PREPOSITIONS = frozenset({"in", "from", "at", "of", "on", "for", "to", "by", "with", "as"})
_SOFT = frozenset({"CURRENCY", "PCTWORD", "YEARS_OLD", "UNIT", "TIMES", "UNITATTR", "ENOUN"})
_DIRECTIONS = {"RECENT": -1, "THIS": 0, "NEXT": 1}


def take_apart(text: str, lexicon: Lexicon, corrections: Mapping[int, str] | None = None) -> Sentence:
    """What each word of a request is. `corrections` gives, by character, how the reader reads a misspelt word."""
    tokens = tuple(tokenize(text))
    norms = [(corrections or {}).get(t.start, t.norm) for t in tokens]
    glue = glue_flags(tokens)
    found = [_phrases(lexicon, norms, i, glue) for i in range(len(tokens))]
    numbers = _Numbers(tokens, found).all()
    taker = _Taker(tokens, norms, found, numbers)
    parts, closed = taker.parts()
    cats = tuple(frozenset(e.cat for entries in at.values() for e in entries if e.source == "closed") for at in found)
    known = tuple(
        Known(i, end, own)
        for i, at in enumerate(found)
        for end, entries in at.items()
        if (own := tuple(e for e in entries if e.source != "closed" and e.cat != "NOUN"))
    )
    numbers = tuple(replace(n, must=n.must and not _inside(n, known)) for n in taker.numbers)
    return Sentence(text, tokens, parts, closed, cats, known, numbers, taker.negations, tuple(_spells(tokens, found)))


def _inside(said: Said, known: tuple[Known, ...]) -> bool:
    """Whether a number is part of a longer name of the catalog: two-factor, 7-day pass."""
    return any(
        k.first <= said.first and said.last <= k.last and k.last - k.first > said.last - said.first for k in known
    )


_Phrases = dict[int, list[Entry]]
"""Phrases that begin at a token: the token after their end, and their meanings."""


def _phrases(lexicon: Lexicon, norms: list[str], start: int, glue: list[bool]) -> _Phrases:
    found: _Phrases = {}
    for end, entry in lexicon.lookup(norms, start, glue):
        if not entry.cat.startswith("w:"):
            found.setdefault(end, []).append(entry)
    return found


def _value(at: _Phrases, cat: str) -> tuple[int, object] | None:
    """The longest phrase of a closed class that begins here: its end and what the class carries."""
    for end in sorted(at, reverse=True):
        for entry in at[end]:
            if entry.cat == cat and isinstance(entry.sem, Word):
                return end, entry.sem.value
    return None


# --- numbers ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Numbers:
    tokens: tuple[Token, ...]
    found: list[_Phrases]

    def all(self) -> tuple[Said, ...]:
        numbers: list[Said] = []
        index = 0
        while index < len(self.tokens):
            said = self.at(index)
            if said is None:
                index += 1
                continue
            numbers.append(said)
            index = said.last
        return tuple(numbers)

    def at(self, index: int) -> Said | None:
        token, after = self.tokens[index], index + 1
        match token.kind:
            case TokenKind.NUMBER if token.value is not None:
                return self.scaled(index, after, float(token.value))
            case TokenKind.ORDINAL if token.value is not None:
                return Said(index, after, frozenset({float(token.value)}))
            case TokenKind.DECADE if token.value is not None:
                low = float(token.value)
                return Said(index, after, frozenset({low, low + 9, low % 100 + 1900, low % 100 + 1909}), must=False)
            case TokenKind.DATE:
                digits = token.norm.replace("/", " ").replace(".", " ").replace("-", " ").split()
                return Said(index, after, frozenset(map(float, digits)))
            case _:
                return self.word(index)

    def word(self, index: int) -> Said | None:
        at = self.found[index]
        for cat, must in (("REPEATEDLY", True), ("DOZEN", True), ("FEW", False), ("ONCE", True)):
            if (said := _value(at, cat)) and isinstance(said[1], int):
                return Said(index, said[0], frozenset({float(said[1])}), must=must and said[1] != 1)
        if (said := _value(at, "DIGIT")) and isinstance(said[1], int):
            end, value = said[0], said[1]
            following = _value(self.found[end], "DIGIT") if end < len(self.tokens) else None
            if value >= 20 and following and isinstance(following[1], int) and following[1] < 10:
                end, value = following[0], value + following[1]
            return self.scaled(index, end, float(value), must=value != 1)
        if (said := _value(at, "SCALE")) and isinstance(said[1], int) and self.tokens[index].norm != "m":
            return Said(index, said[0], frozenset({float(said[1])}))
        if said := _value(at, "HALF"):
            return Said(index, said[0], frozenset({0.5, 50.0}))
        for cat, spread in (("GENERATION", 0), ("STAGE", 0), ("DECADEWORD", 9)):
            if said := _value(at, cat):
                bounds = said[1] if isinstance(said[1], tuple) else (said[1], said[1])
                values = [float(b) for b in bounds if isinstance(b, int)]
                return Said(index, said[0], frozenset([*values, *(v + spread for v in values)]), must=False)
        for cat in ("MONTH", "QUANTILE", "ORDWORD"):
            if (said := _value(at, cat)) and isinstance(said[1], int | float):
                must = cat == "MONTH" and self.tokens[index].norm not in ("may", "mar", "march")
                return Said(index, said[0], frozenset({float(said[1])}), must=must)
        return None

    def scaled(self, first: int, end: int, value: float, *, must: bool = True) -> Said:
        if end < len(self.tokens) and (scale := _value(self.found[end], "SCALE")) and isinstance(scale[1], int):
            return Said(first, scale[0], frozenset({value * scale[1]}))
        values = {value}
        if end < len(self.tokens):
            if _value(self.found[end], "PCTWORD"):
                values.add(value / 100)
            unit = _value(self.found[end], "UNIT")
            if unit and isinstance(unit[1], str):
                return Said(first, end, frozenset(values), must, unit=Unit(unit[1]))
        return Said(first, end, frozenset(values), must)


def _spells(tokens: tuple[Token, ...], found: list[_Phrases]) -> Iterable[Spell]:
    for index, at in enumerate(found):
        if (to_date := _value(at, "TODATE")) and isinstance(to_date[1], str):
            yield Spell(index, to_date[0], 0, Unit(to_date[1]))
        if (day := _value(at, "DAYWORD")) and isinstance(day[1], int):
            yield Spell(index, day[0], day[1], Unit.DAY)
        for cat, offset in _DIRECTIONS.items():
            end = next((e for e in sorted(at, reverse=True) if any(x.cat == cat for x in at[e])), None)
            if end is not None and end < len(tokens):
                unit = _value(found[end], "UNIT")
                if unit and isinstance(unit[1], str):
                    yield Spell(index, unit[0], offset, Unit(unit[1]))


# --- parts of the sentence ----------------------------------------------------------------------


class _Taker:
    def __init__(
        self, tokens: tuple[Token, ...], norms: list[str], found: list[_Phrases], numbers: tuple[Said, ...]
    ) -> None:
        self._tokens = tokens
        self._norms = norms
        self._found = found
        self._numbers = {n.first: n for n in numbers}
        self._compared: dict[int, Said] = {}
        self._negations: list[tuple[int, int]] = []

    @property
    def numbers(self) -> tuple[Said, ...]:
        """The numbers with the comparing words found on the way."""
        return tuple(self._compared.get(first, said) for first, said in sorted(self._numbers.items()))

    @property
    def negations(self) -> tuple[tuple[int, int], ...]:
        """The negations found on the way."""
        return tuple(self._negations)

    def parts(self) -> tuple[tuple[Part, ...], frozenset[int]]:
        """The part of each token, and the tokens of closed classes."""
        parts: list[Part] = []
        closed: set[int] = set()
        while len(parts) < len(self._tokens):
            index = len(parts)
            end, part, is_closed = self._take(index)
            parts += [part] * (end - index)
            if part is Part.NEGATION:
                self._negations.append((index, end))
            if is_closed:
                closed.update(range(index, end))
        return tuple(parts), frozenset(closed)

    def _take(self, index: int) -> tuple[int, Part, bool]:
        if index in self._numbers:
            return self._numbers[index].last, Part.CONTENT, True
        best: tuple[int, Part, bool] = (index + 1, self._single(index), False)
        rank = (0, 0)
        for end, entries in self._found[index].items():
            cats = {e.cat for e in entries if e.source == "closed"}
            own = any(e.source != "closed" for e in entries)
            if not own and cats <= _COMPARING and not self._compares(index, end, cats):
                continue  # "and (have) more" without a number is no comparison
            part, strength, is_closed = self._read(index, end, cats, own)
            if (end - index, strength) > rank:
                rank, best = (end - index, strength), (end, part, is_closed)
        return best

    def _read(self, index: int, end: int, cats: set[str], own: bool) -> tuple[Part, int, bool]:
        if self._compares(index, end, cats):
            return Part.CONTENT, 9, True
        if cats & _MISSING and end - index > 1:
            return Part.CONTENT, 8, True
        if cats & _NEGATIONS:
            return Part.NEGATION, 7, True
        if cats & _ORS:
            return Part.OR, 6, True
        if "FILLER" in cats or "NOUN" in cats:
            return Part.FILLER, 5, True
        little = all(self._norms[i] in GLUE or self._norms[i] in _PREPOSITIONS for i in range(index, end))
        if own and not (little and not any(t.shouted for t in self._tokens[index:end])):
            noun = all(e.cat == "NOUN" for e in self._found[index][end] if e.source != "closed")
            return (Part.FILLER if noun else Part.CONTENT), 4, bool(cats)
        if cats & _LINKS:
            return Part.LINK, 3, True
        if little:
            return Part.FILLER, 2, True
        return Part.CONTENT, 1, bool(cats)

    def _single(self, index: int) -> Part:
        """The part of a token that no phrase claims."""
        token, norm = self._tokens[index], self._norms[index]
        if norm in GLUE or norm in _PREPOSITIONS:
            return Part.FILLER
        if token.kind is TokenKind.SYMBOL:
            return Part.LINK
        if all(letter in EMOJI_FILLER for letter in token.text) or norm.strip(":") in SHORTCODE_FILLER:
            return Part.FILLER
        return Part.CONTENT

    def _compares(self, index: int, end: int, cats: set[str]) -> bool:
        """Whether a phrase compares a number next to it; if so the number remembers how."""
        after = next((_AFTER[c] for c in sorted(cats) if c in _AFTER), None)
        ahead = self._number_after(end)
        if after and ahead is None and (said := self._number_before(index)):
            self._remember(said, after, index, end)
            return True
        how = next((_BEFORE[c] for c in sorted(cats) if c in _BEFORE), None)
        if how and ahead is not None:
            self._remember(ahead, how, index, end)
            return True
        return False

    def _remember(self, said: Said, how: str, index: int, end: int) -> None:
        earlier = self._compared.get(said.first)
        if earlier is None or how != "EXACTLY":
            negative = bool({"not", "no"} & set(self._norms[index:end]))
            self._compared[said.first] = Said(
                said.first, said.last, said.values, said.must, how, negative, said.unit
            )  # fmt: skip

    def _number_after(self, index: int) -> Said | None:
        while index < len(self._tokens) and index not in self._numbers and self._soft(index, glue=True):
            index += 1
        return self._numbers.get(index)

    def _number_before(self, index: int) -> Said | None:
        ends = {said.last: said for said in self._numbers.values()}
        while index > 0 and index not in ends and self._soft(index - 1, glue=False):
            index -= 1
        return ends.get(index)

    def _soft(self, index: int, *, glue: bool) -> bool:
        """Whether a token may stand between a number and its comparing words: a currency, a unit; an article before it."""
        if glue and self._norms[index] in ("a", "an", "the"):
            return True
        cats = {e.cat for e in self._found[index].get(index + 1, ())}
        return bool(cats & ({"CURRENCY"} if glue else _SOFT)) or self._norms[index] in ("$", "old")
