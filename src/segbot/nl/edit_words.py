"""What the words of an edit mean by themselves: a condition, a time, a number, a value, or the name of something in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from segbot.model.catalog import Catalog, Event, Field, Role
from segbot.model.condition import (
    Comparison,
    Condition,
    Did,
    Everyone,
    Has,
    Held,
    Member,
    Not,
    Ranked,
    Reachable,
    rows_of,
)
from segbot.model.operators import Kind, Operator
from segbot.model.reading import Outcome, Reading, Unread
from segbot.model.resolve import Moment
from segbot.model.windows import Ago, Duration, Now, Window
from segbot.nl.cover import Piece
from segbot.nl.edit_tree import Site
from segbot.nl.grammar.context import Scene
from segbot.nl.identity import by_identity
from segbot.nl.inflect import noun_forms, verb_forms
from segbot.nl.lexicon.common import COMMON_WORDS
from segbot.nl.meaning import Asked, Bound, Clause, Refs, Test, When
from segbot.nl.reader import Reader
from segbot.nl.text import Token, words_of

_EMPTY = frozenset({"FILLER", "GLUE", "COMMA", "STOP", "DASH", "OPEN", "CLOSE"})
_SAID_SINCE = re.compile(
    r"\b(?:last|past|previous|in|within|ago|since|before|next|coming|over|during|this|back|after)\b"
)
_ONE = frozenset({"one", "this one", "that one", "the one", "these ones", "a"})
_A_UNIT = re.compile(r"(?:an?|one) (half )?(minute|hour|day|week|month|quarter|year)s?")


def _without_asides(reading: Reading) -> Reading:
    """The reading of a reply: there is no background in a few words, so what looks like it was not understood."""
    if not reading.asides:
        return reading
    unread = (*reading.unread, *(Unread(a.start, a.end, a.text) for a in reading.asides))
    return replace(reading, outcome=Outcome.REJECT, unread=tuple(sorted(unread, key=lambda u: u.start)), asides=())


@dataclass(slots=True, eq=False)
class Fragment:
    """Some words of an edit, as the reader reads them alone. `first` is their first character in the whole text."""

    reader: Reader
    at: Moment
    said: str
    first: int
    view: Scene
    tokens: tuple[Token, ...]
    pieces: tuple[Piece, ...]
    _reading: Reading | None = None

    @property
    def reading(self) -> Reading:
        """Their whole reading, made when it is asked for: most fragments are known by their phrases alone."""
        if self._reading is None:
            self._reading = _without_asides(self.reader.read(self.said, self.at))
        return self._reading

    @property
    def core(self) -> list[Piece]:
        """The phrases that say something."""
        return [p for p in self.pieces if p.cat not in _EMPTY]

    @property
    def norm(self) -> str:
        """Its words in their normal form."""
        return " ".join(t.norm for t in self.tokens)

    def _only(self, *cats: str) -> Piece | None:
        core = [p for p in self.core if p.cat not in ("ONLY", "NOUN")] or self.core
        return core[0] if len(core) == 1 and core[0].cat in cats else None

    @property
    def condition(self) -> Condition | None:
        """The condition it is, when all of it was understood."""
        tree = self.reading.condition
        if self.reading.outcome is Outcome.REJECT or tree is None or tree in (Everyone(), Not(Everyone())):
            return None
        return tree

    @property
    def understood(self) -> Condition | None:
        """The condition of the words that were understood, whatever became of the others."""
        tree = self.reading.condition
        return None if tree is None or tree in (Everyone(), Not(Everyone())) else tree

    @property
    def group(self) -> bool:
        """Whether it speaks of people of its own: people over 65, those who ..."""
        first = next(iter(self.core), None)
        sem = first.item.sem if first is not None and first.item else None
        return first is not None and (first.cat == "NOUN" or (isinstance(sem, Clause) and sem.shape == "actor"))

    @property
    def when(self) -> When | None:
        """The time it is, if it is nothing else."""
        piece = self._only("WHEN", "RECENCY")
        sem = piece.item.sem if piece is not None and piece.item else None
        return sem if isinstance(sem, When) and sem.window is not None and not sem.anaphora else None

    @property
    def length(self) -> Duration | None:
        """The bare length of time it is: 60 days, but not "the last 60 days"."""
        when = self.when
        match when.window if when else None:
            case Window(start=Ago(amount=amount, unit=unit), end=Now()) if not _SAID_SINCE.search(self.norm):
                return Duration(amount, unit)
            case _:
                return None

    @property
    def times(self) -> Bound | None:
        """How often it says: twice, at least 3 times."""
        piece = self._only("FREQ")
        sem = piece.item.sem if piece is not None and piece.item else None
        return sem if isinstance(sem, Bound) else None

    @property
    def number(self) -> Bound | None:
        """The bare number or comparison it is: 40, over 40, $100."""
        piece = self._only("BOUND", "TEST")
        if self.norm in _ONE:
            return None
        if not self.core and len(self.tokens) == 1 and isinstance(self.tokens[0].value, int | float):
            return Bound(Comparison(Operator.IS, (self.tokens[0].value,)), "", "bare")
        sem = piece.item.sem if piece is not None and piece.item else None
        if isinstance(sem, Test) and sem.bare and not sem.negated:
            return Bound(Comparison(sem.operator, sem.values), "", "said", (), sem.also)
        return sem if isinstance(sem, Bound) else None

    @property
    def values(self) -> Refs | None:
        """The bare value it is, of something people do: shoes."""
        piece = self._only("VALUE")
        sem = piece.item.sem if piece is not None and piece.item else None
        return sem if isinstance(sem, Refs) and any(ref.owner for ref in sem.refs) else None

    @property
    def company(self) -> bool:
        """Whether some of it names people or something of this catalog, so that it is surely about the segment."""
        return any(p.cat in ("NOUN", "TEST", "READY", "CONSENT") for p in self.core) and not any(
            p.item is not None and isinstance(p.item.sem, Asked) for p in self.core
        )


def fragment(reader: Reader, at: Moment, text: str, start: int, end: int) -> Fragment:
    """Read some characters of a text by themselves."""
    said = text[start:end]
    if (match := _A_UNIT.fullmatch(said.strip().lower())) and not match[1]:
        said = re.sub(r"^(?:an?|one)\b", "1", said.strip(), flags=re.IGNORECASE)
    view, tokens, pieces = reader.pieces(said, at)
    return Fragment(reader, at, text[start:end], start, view, tuple(tokens), pieces)


# --- names of what is in the tree ------------------------------------------------------------------

ABOUT = frozenset(
    [
        "a",
        "about",
        "again",
        "all",
        "altogether",
        "an",
        "and",
        "any",
        "bit",
        "bits",
        "both",
        "clause",
        "completely",
        "condition",
        "conditions",
        "constraint",
        "criteria",
        "criterion",
        "each",
        "entirely",
        "every",
        "filter",
        "filters",
        "for",
        "group",
        "limit",
        "limits",
        "my",
        "of",
        "one",
        "ones",
        "our",
        "part",
        "parts",
        "requirement",
        "restriction",
        "restrictions",
        "rule",
        "stuff",
        "that",
        "the",
        "their",
        "these",
        "thing",
        "this",
        "those",
        "with",
    ]
)
"""Words around a name that add nothing: the email condition, that age thing."""

_ROLES: dict[Role, str] = {
    Role.AGE: "age ages old older young younger years",
    Role.BIRTH_DATE: "birthday birth born",
    Role.GENDER: "gender genders sex",
    Role.STATE: "state states location place region geography where area",
    Role.CITY: "city cities town location place geography where area",
    Role.COUNTRY: "country countries location place geography where area",
    Role.INCOME: "income earnings salary",
    Role.CHILDREN: "kids children",
    Role.HOME_OWNERSHIP: "homeowner homeowners renters home ownership",
    Role.TIER: "tier level",
}
_LIGHT = frozenset(
    [
        "make",
        "made",
        "making",
        "makes",
        "place",
        "placed",
        "placing",
        "places",
        "get",
        "got",
        "getting",
        "gets",
        "do",
        "did",
        "doing",
        "does",
        "be",
        "been",
        "being",
        "is",
        "are",
        "put",
        "puts",
        "go",
        "goes",
        "went",
        "have",
        "has",
        "had",
        "having",
        "come",
        "comes",
        "came",
        "coming",
        "look",
        "looks",
        "looked",
        "looking",
        "check",
        "checks",
        "checked",
        "checking",
        "run",
        "runs",
        "ran",
        "running",
        "start",
        "starts",
        "started",
        "starting",
        "begin",
        "begins",
        "began",
        "beginning",
        "reach",
        "reaches",
        "reached",
        "send",
        "sends",
        "sent",
        "write",
        "writes",
        "wrote",
        "take",
        "takes",
        "took",
        "use",
        "uses",
        "used",
        "using",
        "ask",
        "asks",
        "asked",
        "help",
        "report",
        "back",
        "bring",
        "out",
        "up",
        "on",
        "in",
        "to",
        "at",
        "of",
        "with",
        "about",
        "from",
        "through",
        "into",
        "our",
        "us",
        "their",
        "something",
        "an",
        "a",
        "the",
        "site",
        "call",
        "calls",
        "add",
        "adds",
        "added",
        "show",
        "file",
        "raise",
        "set",
        "leave",
    ]
)
"""Words of longer verbs that name nothing by themselves: check out, take up, be sent."""
WINDOW_WORDS = frozenset(
    [
        "window",
        "time",
        "date",
        "dates",
        "period",
        "timeframe",
        "timing",
        "days",
        "weeks",
        "months",
        "timespan",
        "range",
        "duration",
    ]
)
_COUNTED = frozenset(["count", "times", "number", "frequency", "amount"])


@by_identity(4_096)
def _field_words(field: Field) -> frozenset[str]:
    words = {w for name in (field.label, field.key.replace("_", " "), *field.synonyms) for w in words_of(name)}
    if field.role is not None:
        words |= set(_ROLES.get(field.role, "").split())
    return _spread(words)


def _spread(words: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in ({word, *noun_forms(word)} if word.isalpha() else {word}))


@by_identity(1_024)
def _event_words(event: Event) -> frozenset[str]:
    words = {w for name in (event.label, event.key.replace("_", " "), *event.nouns) for w in words_of(name)}
    for verb in event.verbs:
        for form in verb_forms(verb.lemma):
            said = words_of(form)
            words.update(w for w in said if w not in _LIGHT)
    return _spread(words)


def _value_words(field: Field | None, values: Iterable[object]) -> frozenset[str]:
    words: set[str] = set()
    for value in values:
        entry = field.value(str(value)) if field else None
        for name in (entry.label, *entry.synonyms) if entry else (str(value),):
            words.update(words_of(name))
    return _spread(words)


def names(site: Site, catalog: Catalog) -> frozenset[str]:
    """All single words that name a condition: of its attribute or event, and of its values."""
    node = site.node
    words: set[str] = set(_own_words(node, catalog))
    for rows in rows_of(node):
        event = catalog.event(rows.event)
        if event is not None:
            words |= _event_words(event)
            for test in rows.filters:
                inner = event.property(test.property)
                words |= _value_words(inner, test.values) | (_field_words(inner) if inner else frozenset())
            if isinstance(node, Did) and node.measure.property is not None:
                measured = event.property(node.measure.property)
                words |= (_field_words(measured) if measured else frozenset()) | {"spend", "spending", "spent", "money"}
    if site.negated:
        words |= {"exclusion", "exclusions", "not", "never", "negative", "without", "no", "did"}
    return frozenset(words)


def _own_words(node: Condition, catalog: Catalog) -> frozenset[str]:
    match node:
        case Has(attribute=key, values=values) | Held(attribute=key, values=values):
            field = catalog.attribute(key)
            own = _field_words(field) if field else frozenset({key})
            if field is not None and field.kind is Kind.FLAG:
                return own | frozenset(w for phrase in (*field.yes, *field.no) for w in words_of(phrase))
            return own | _value_words(field, values)
        case Ranked(by=by):
            own = frozenset({"top", "bottom", "ranking", "rank", "best"})
            field = catalog.attribute(by) if isinstance(by, str) else None
            return own | _field_words(field) if field else own
        case Member() | Reachable():
            return frozenset({"segment", "list", "reachable"})
        case _:
            return frozenset({node.kind, *((node.term.lower(),) if hasattr(node, "term") else ())})


def named_words(fragment: Fragment) -> list[str]:
    """The words of a mention that name something, articles and the like left out; [] when there are none."""
    return [t.norm for t in fragment.tokens if t.norm not in ABOUT and t.norm.isalnum()]


def matches(words: Iterable[str], site: Site, catalog: Catalog, *, nearly: bool = False) -> bool:
    """Whether all of some words name a condition; with `nearly` a long word may be misspelt by one letter."""
    known = names(site, catalog)
    return all(word in known or (nearly and _nearly(word, known)) for word in words)


def _nearly(word: str, known: frozenset[str]) -> bool:
    if len(word) < 5 or word in COMMON_WORDS:
        return False
    return any(len(other) > 4 and OSA.distance(word, other, score_cutoff=1) <= 1 for other in known)


def about_window(words: list[str]) -> list[str] | None:
    """What remains of a mention of a window: the name of the condition it belongs to; None when it is no such mention."""
    if not words or not (set(words) & WINDOW_WORDS):
        return None
    return [word for word in words if word not in WINDOW_WORDS]


def about_count(words: list[str]) -> bool:
    """Whether a mention means a count."""
    return bool(words) and set(words) <= _COUNTED
