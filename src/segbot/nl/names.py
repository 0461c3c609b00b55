"""What the things of one catalog are called in restatements: one name for each, and no name for two of them.

Built once per catalog and shared by the two sides that must agree: `segbot.nl.phrase`, which writes a tree in words, and
`segbot.nl.restated`, which reads those words back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from segbot.model.catalog import Catalog, Event, Field, Role, Verb
from segbot.nl.identity import by_identity
from segbot.nl.inflect import gerund, past, plural
from segbot.nl.text import fold

PLACES = (Role.STATE, Role.CITY, Role.COUNTRY)
_KINDS = frozenset({Role.HOME_OWNERSHIP, Role.TIER, Role.OCCUPATION})
_PREPOSITIONS = frozenset({"", "at", "out", "up", "on"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A verb in the three forms that restatements use; `{}` is where its object stands, if it takes one."""

    past: str
    denied: str
    doing: str


@by_identity(32)
def names_of(catalog: Catalog) -> Names:
    """The names of a catalog, computed when first asked for."""
    return Names(catalog)


class Names:
    """Names both ways: key to name, and (folded, so that case and accents don't matter) name to key."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.attributes = _labels(catalog.attributes)
        self.attribute_of = {fold(name): key for key, name in self.attributes.items()}
        self.properties = {event.key: _labels(event.properties) for event in catalog.events}
        self.property_of = {e: {fold(name): key for key, name in said.items()} for e, said in self.properties.items()}
        self.terms = _terms(catalog)
        self.channels = _unique((c.key, (lower(c.label),)) for c in catalog.channels)
        self.nouns = _unique((event.key, (*_nouns(event), lower(event.label))) for event in catalog.events)
        self.noun_of = {fold(noun): key for key, noun in self.nouns.items()}
        self.nouns_of = {fold(plural(noun)): key for key, noun in self.nouns.items()}
        self._labels: dict[tuple[str | None, str], tuple[dict[str, str], dict[str, str]]] = {}
        self.verbs: dict[tuple[str, str | None], Spoken] = {}
        self.spent: dict[tuple[str, str | None], str] = {}
        self.bought: dict[tuple[str, str | None], str] = {}
        self._claim()
        self.people = self._people()
        self.kinds = self._kinds()
        self._places = self._count_places()

    # --- values

    def value(self, owner: str | None, field: Field | None, stored: str) -> str:
        """A text as said: the label that only this value has, or else the value itself in quotes."""
        said = self._values(owner, field)[0].get(stored) if field is not None else None
        return said if said is not None else quoted(stored)

    def values_of(self, owner: str | None, field: Field) -> dict[str, str]:
        """Folded labels of a field and the stored values they stand for."""
        return self._values(owner, field)[1]

    def _values(self, owner: str | None, field: Field) -> tuple[dict[str, str], dict[str, str]]:
        key = (owner, field.key)
        if key not in self._labels:
            folded = [(entry, fold(entry.label)) for entry in field.values]
            often = Counter(label for _, label in folded)
            plain = [
                (entry, label)
                for entry, label in folded
                if often[label] == 1
                and label.strip() == label != ""
                and '"' not in label
                and not label.startswith("not ")
            ]
            self._labels[key] = ({e.value: e.label for e, _ in plain}, {label: e.value for e, label in plain})
        return self._labels[key]

    def fits(
        self, phrases: Mapping[tuple[str, str | None], object], event: Event, prop: str, values: Iterable[object]
    ) -> bool:
        """Whether values may stand as the bare object of an event's verb (one of `verbs`, `spent`, `bought`) and mean
        this property only.
        """
        spoken, field = phrases.get((event.key, prop)), event.property(prop)
        if spoken is None or field is None:
            return False
        said, _ = self._values(event.key, field)
        labels = [fold(said[v]) if isinstance(v, str) and v in said else "" for v in values]
        for (other, name), phrase in phrases.items():
            owner = self.catalog.event(other)
            rival = owner.property(name) if owner and name else None
            if rival is None or phrase != spoken or (other, name) == (event.key, prop):
                continue
            theirs = self.values_of(other, rival)
            if any(label in theirs for label in labels):
                return False
        return all(labels)

    # --- verbs

    def _claim(self) -> None:
        """Give every event the first of its verbs that no event before it has taken, without and with each object."""
        taken: set[tuple[str, str | None]] = set()
        buyer = self.catalog.customers.buyer_event
        events = sorted(self.catalog.events, key=lambda e: e.key != buyer)
        for event in events:
            for prop in (None, *event.objects):
                for verb in event.verbs:
                    spoken = _spoken(verb, has_object=prop is not None)
                    if spoken is not None and (spoken.past, prop) not in taken:
                        taken.add((spoken.past, prop))
                        self.verbs[event.key, prop] = spoken
                        break
        for event in events:
            finer = self.catalog.event(event.value_of) if event.value_of else None
            for prop in (None, *event.objects):
                owner = finer if finer is not None and prop in (None, *finer.objects) else event
                bare = event if prop is None else owner
                if event.spend_verbs and bare.amount:
                    _put(self.spent, bare.key, prop, past(event.spend_verbs[0]))
                if owner.quantity and event.verbs and event.verbs[0].lemma != "not":
                    _put(self.bought, owner.key, prop, past(event.verbs[0].lemma))

    # --- people and places

    def _people(self) -> dict[str, tuple[str, str]]:
        """Words for people of one gender: women, with the attribute and its value."""
        field = self.catalog.with_role(Role.GENDER)
        found: dict[str, tuple[str, str]] = {}
        for entry in field.values if field else ():
            word = next((w for w in entry.synonyms if plural(w) == w and " " not in w), None)
            if field is not None and word is not None:
                found.setdefault(word, (field.key, entry.value))
        return found

    def _kinds(self) -> dict[str, tuple[str, str]]:
        """Words for people of one kind, that nothing else is called: homeowners, gold members, teachers."""
        found: dict[str, tuple[str, str]] = {}
        often: Counter[str] = Counter(fold(said) for said in self.terms.values())
        for field in self.catalog.attributes:
            often.update(fold(word) for word in field.yes)
            for entry in field.values if field.role in _KINDS else ():
                word = next((w for w in entry.synonyms if plural(w) == w and w[-1:] == "s" and _speakable(w)), None)
                if word is not None:
                    often[fold(word)] += 1
                    found[word] = (field.key, entry.value)
        return {word: about for word, about in found.items() if often[fold(word)] == 1}

    def _count_places(self) -> Counter[str]:
        """How many places of any kind go by a name."""
        fields = [a for a in self.catalog.attributes if a.role in PLACES]
        return Counter(
            name for f in fields for e in f.values for name in {fold(e.label), *map(fold, e.synonyms), fold(e.value)}
        )

    def is_one_place(self, field: Field, stored: object) -> bool:
        """Whether a place's label is the name of that place alone: Texas, but not New York (a state and a city)."""
        label = self._values(None, field)[0].get(stored) if isinstance(stored, str) else None
        return label is not None and self._places[fold(label)] == 1

    def is_attribute(self, said: str) -> bool:
        """Whether some words are the name of an attribute."""
        return fold(said) in self.attribute_of


def lower(label: str) -> str:
    """A label inside a sentence: Home ownership → home ownership; SMS opt-in stays."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def quoted(value: object) -> str:
    """A text as it was written, in quotes; a quote inside is doubled."""
    return '"' + str(value).replace('"', '""') + '"'


def article(noun: str) -> str:
    """A noun with "a" or "an"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _labels(fields: Iterable[Field]) -> dict[str, str]:
    return _unique((f.key, (lower(f.label),)) for f in fields)


def _unique(wanted: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """The first wanted name that nobody has yet; failing that, the key."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key, wishes in wanted:
        choices = (*wishes, key.replace("_", " "), key)
        name = next((n for n in choices if fold(n) not in taken and _speakable(n)), key)
        taken.add(fold(name))
        found[key] = name
    return found


def _terms(catalog: Catalog) -> dict[str, str]:
    """Dictionary words by the name conditions know them by (the first word), in the plural where that is one of its words."""
    found = {}
    for term in catalog.dictionary:
        word = term.words[0] if term.words else term.key
        found[word] = next((w for w in term.words if w == plural(word)), word)
    return found


def _nouns(event: Event) -> list[str]:
    """The nouns of an event, those first that have a good plural: sent emails, rather than email sents."""
    return sorted(event.nouns, key=lambda noun: noun.endswith(("ed", "sent", "out")))


def _speakable(name: str) -> bool:
    return name.strip() == name != "" and not set(name) & set('"()')


def _put(table: dict[tuple[str, str | None], str], event: str, prop: str | None, verb: str) -> None:
    if not any(said == verb and key[1] == prop for key, said in table.items()):
        table.setdefault((event, prop), verb)


def _spoken(verb: Verb, *, has_object: bool) -> Spoken | None:
    if verb.lemma == "not":
        return None
    particle, after = verb.particle, ""
    if has_object:
        if verb.particle.partition(" ")[0] in ("to", "in"):
            particle, after = "", f" {verb.particle}"
        elif verb.particle not in _PREPOSITIONS:
            return None
        after = " {}" + after
    rest = (f" {particle}" if particle else "") + after
    if verb.lemma == "be" or verb.lemma.startswith("be "):
        tail = verb.lemma[2:] + rest
        return Spoken(f"were{tail}", f"were not{tail}", f"being{tail}")
    return Spoken(past(verb.lemma) + rest, f"did not {verb.lemma}{rest}", gerund(verb.lemma) + rest)


def numbered(position: int) -> str:
    """A position as an ordinal: first, 7th, 2nd last, last."""
    words = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
    if position in words:
        return words[position]
    n = abs(position)
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}" + (" last" if position < 0 else "")


def prefixes(text: str, start: int, most: int = 14) -> Iterator[int]:
    """The places where a name that begins at `start` may end: at a word's end, the longest first."""
    ends: list[int] = []
    for at in range(start + 1, len(text) + 1):
        if at == len(text) or text[at] in " ,)":
            ends.append(at)
            if len(ends) == most:
                break
    yield from reversed(ends)
