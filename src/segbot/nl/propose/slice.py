"""Which part of a catalog a language model gets to see for one request: names and words, the relevant ones, capped.

Never rows, never values of contact, name or sensitive fields, never values that only a few people hold, never tables,
columns or addresses. What is not offered here can't be proposed either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from segbot.model.catalog import Catalog, Channel, Event, Field, Role, Term, ValueEntry
from segbot.model.condition import Condition, Filter, Has, Held, Nth, Ranked, rows_of, walk
from segbot.model.operators import Kind, Operator, operators_for
from segbot.nl.inflect import singular
from segbot.nl.lexicon.closed import GLUE
from segbot.nl.propose.wire import OFFERED, Names
from segbot.nl.text import TokenKind, tokenize

MAX_ATTRIBUTES = 24
MAX_EVENTS = 8
MAX_PROPERTIES = 8
MAX_VALUES = 12
MAX_SYNONYMS = 4
MAX_TERMS = 12
MAX_LETTERS = 14_000
"""The longest that all names and words of a slice may be together, in characters."""
FEWEST_HOLDERS = 10
"""A profiled value that fewer people hold stays at home: it may point at one of them."""

_PERSONAL = frozenset({Role.FIRST_NAME, Role.LAST_NAME, Role.FULL_NAME, Role.POSTAL_CODE})
_WITHOUT_VALUES = frozenset({Operator.IS_SET, Operator.DOMAIN, Operator.COUNTRY_CODE})
_MAIL = re.compile(r"[^\s<>|,;:()\"']+@[^\s<>|,;()\"']+")
_DIGITS = re.compile(r"\+?\(?\d[\d\s().-]{6,}\d")
_DATES = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|(?:\b(?:19|20)\d\d\b[\s().-]*){2,}")
BLANK = "•"


def masked(text: str) -> str:
    """The text with e-mail addresses and telephone numbers blanked, letter for letter, so that offsets stay."""

    def blank(match: re.Match[str]) -> str:
        return BLANK * len(match[0])

    def phone(match: re.Match[str]) -> str:
        digits = sum(letter.isdigit() for letter in match[0])
        number = match[0].startswith("+") or (digits >= 9 and not _DATES.search(match[0]))
        return BLANK * len(match[0]) if number else match[0]

    return _DIGITS.sub(phone, _MAIL.sub(blank, text))


def speakable(field: Field) -> bool:
    """Whether values of a field may leave the house at all."""
    private = field.contact is not None or field.sensitive or field.role in _PERSONAL
    return not private and field.kind not in (Kind.EMAIL, Kind.PHONE)


@dataclass(frozen=True, slots=True)
class OfferedField:
    """A field with the operators and the few values that a model gets to see. `key` is "event.property" for a property."""

    key: str
    field: Field
    operators: tuple[Operator, ...]
    values: tuple[ValueEntry, ...]

    @property
    def more(self) -> bool:
        """Whether there are values that are not shown."""
        return self.field.open_values or len(self.values) < len(self.field.values)

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other words for it, capped."""
        return tuple(masked(word) for word in self.field.synonyms[:MAX_SYNONYMS])

    @property
    def description(self) -> str:
        """What the owner wrote about it, without contact data."""
        return masked(self.field.description)[:160]

    def words_for(self, entry: ValueEntry) -> tuple[str, ...]:
        """How people say a value, capped."""
        return tuple(dict.fromkeys((entry.label, *entry.synonyms[:MAX_SYNONYMS])))


@dataclass(frozen=True, slots=True)
class OfferedEvent:
    """An event with its offered properties."""

    event: Event
    properties: tuple[OfferedField, ...]

    @property
    def verbs(self) -> tuple[str, ...]:
        """How people say that they did it, capped."""
        said = (f"{verb.lemma} {verb.particle}".strip() for verb in self.event.verbs)
        return (*list(said)[:MAX_SYNONYMS], *self.event.nouns[:2])


@dataclass(frozen=True)
class Slice:
    """The part of a catalog that goes into one prompt, and the only part that may come back."""

    attributes: tuple[OfferedField, ...]
    events: tuple[OfferedEvent, ...]
    channels: tuple[Channel, ...]
    terms: tuple[Term, ...]

    @cached_property
    def names(self) -> Names:
        """The names for the schema."""
        return Names(
            tuple(a.key for a in self.attributes),
            tuple(e.event.key for e in self.events),
            tuple(p.key for e in self.events for p in e.properties),
            (*(f"channel.{c.key}" for c in self.channels), *(f"term.{t.key}" for t in self.terms)),
        )

    def attribute(self, key: str) -> OfferedField | None:
        """The offered attribute of that key."""
        return next((a for a in self.attributes if a.key == key), None)

    def event(self, key: str) -> OfferedEvent | None:
        """The offered event of that key."""
        return next((e for e in self.events if e.event.key == key), None)

    def property(self, key: str) -> OfferedField | None:
        """The offered property of "event.property"."""
        return next((p for e in self.events for p in e.properties if p.key == key), None)


def cut_slice(
    request: str, catalog: Catalog, read: Iterable[Condition] = (), definitions: Mapping[str, Condition] | None = None
) -> Slice:
    """The slice of a catalog for a request. `read` are trees the reader considered; `definitions` the terms that can
    be used, by key, each as the condition it stands for."""
    words = _words(request)
    used = frozenset(_used(read))
    attributes = sorted(catalog.attributes, key=lambda f: -_score(f, words) - 5 * (f.key in used))[:MAX_ATTRIBUTES]
    events = sorted(catalog.events, key=lambda e: -_event_score(e, words) - 5 * (e.key in used))[:MAX_EVENTS]
    terms = sorted(
        (t for t in catalog.dictionary if t.key in (definitions or {})), key=lambda t: -_phrases_score(t.words, words)
    )[:MAX_TERMS]
    room = _Room(MAX_LETTERS)
    offered_events = []
    for event in events:
        ranked = sorted(
            event.properties, key=lambda f: -_weight(event, f, words) - 5 * (f"{event.key}.{f.key}" in used)
        )
        shown = tuple(
            field
            for p in ranked[:MAX_PROPERTIES]
            if (field := _offer(f"{event.key}.{p.key}", p, words)) and room.takes(field)
        )
        offered_events.append(OfferedEvent(event, shown))
    offered = tuple(field for a in attributes if (field := _offer(a.key, a, words)) and room.takes(field))
    return Slice(offered, tuple(offered_events), catalog.channels[:MAX_TERMS], tuple(terms))


@dataclass(slots=True)
class _Room:
    """What is left of the letters that a slice may have."""

    left: int

    def takes(self, field: OfferedField) -> bool:
        size = len(field.key) + len(field.field.label) + len(field.description) + sum(map(len, field.synonyms))
        size += sum(len(word) + 4 for entry in field.values for word in field.words_for(entry)) + 60
        if size > self.left:
            return False
        self.left -= size
        return True


def _offer(key: str, field: Field, words: frozenset[str]) -> OfferedField:
    operators = tuple(row.key for row in operators_for(field.kind) if row.key in OFFERED)
    if not speakable(field):
        beginnings = field.role is Role.POSTAL_CODE or field.kind is Kind.PHONE
        operators = tuple(
            o
            for o in operators
            if o in _WITHOUT_VALUES or (beginnings and o is Operator.STARTS_WITH and not field.sensitive)
        )
    return OfferedField(key, field, operators, _values(field, words))


def _values(field: Field, words: frozenset[str]) -> tuple[ValueEntry, ...]:
    if not speakable(field):
        return ()
    common = [
        v
        for v in field.values
        if (v.rows is None or v.rows == 0 or v.rows >= FEWEST_HOLDERS) and masked(v.label) == v.label
    ]
    if field.ordered and len(common) <= MAX_VALUES:
        return tuple(common)
    ranked = sorted(common, key=lambda v: (-_phrases_score((v.label, *v.synonyms), words), -(v.rows or 0)))
    return tuple(ranked[:MAX_VALUES])


def _words(request: str) -> frozenset[str]:
    norms = {t.norm for t in tokenize(request) if t.kind in (TokenKind.WORD, TokenKind.QUOTED, TokenKind.OTHER)} - GLUE
    return frozenset(norms | {singular(norm) for norm in norms})


def _phrases_score(phrases: Iterable[str], words: frozenset[str]) -> int:
    """4 for the best phrase that is said whole, else 1 when any of its words is said."""
    best = 0
    for phrase in phrases:
        parts = phrase.lower().split()
        said = [part in words or singular(part) in words for part in parts]
        if parts and all(said):
            return 4
        best = max(best, int(any(said)))
    return best


def _score(field: Field, words: frozenset[str]) -> int:
    named = _phrases_score(
        (field.label, field.key.replace("_", " "), *field.synonyms, *field.over, *field.under), words
    )
    flags = _phrases_score((*field.yes, *field.no), words)
    valued = 0
    if speakable(field):
        for entry in field.values:
            valued = max(valued, _phrases_score((entry.label, *entry.synonyms), words))
            if valued == 4:
                break
    about = _phrases_score((field.description,), words) if field.description else 0
    return 2 * named + flags + 2 * valued + min(about, 1) + (field.role in (Role.AGE, Role.GENDER, Role.STATE))


def _weight(event: Event, field: Field, words: frozenset[str]) -> int:
    """How much a property matters; what is summed and counted is always offered."""
    return _score(field, words) + 20 * (field.key in (event.amount, event.quantity))


def _event_score(event: Event, words: frozenset[str]) -> int:
    verbs = (f"{verb.lemma} {verb.particle}".strip() for verb in event.verbs)
    own = _phrases_score((event.label, *verbs, *event.nouns, *event.actors, *event.spend_verbs), words)
    return 2 * own + max((_score(p, words) for p in event.properties), default=0) + (event.amount is not None)


def _used(trees: Iterable[Condition]) -> Iterable[str]:
    """The keys of attributes, events and event.properties in some trees."""
    for tree in trees:
        for node in walk(tree):
            match node:
                case Has(attribute=key) | Held(attribute=key) | Ranked(by=str() as key):
                    yield key
                case _:
                    pass
            filters: tuple[Filter, ...] = node.filters if isinstance(node, Nth) else ()
            for rows in rows_of(node):
                yield rows.event
                for test in (*rows.filters, *filters):
                    yield f"{rows.event}.{test.property}"
