"""What a catalog has that is nearest to words nobody understood: a few good suggestions, or none rather than a silly one.

A word is near what shares its stem with a name, a synonym, a value, a verb or a noun of the catalog, what is a typo away, or
what people use for the same thing (salary and income). Each suggestion is words that the reader understands, in the form of
what was said: for a verb the past tense of a behaviour, for a noun the noun.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from segbot.model.catalog import Catalog, Event, Field
from segbot.model.reading import Suggestion
from segbot.nl.identity import by_identity
from segbot.nl.inflect import past, plural
from segbot.nl.lexicon import closed
from segbot.nl.spell import stems
from segbot.nl.text import words_of

LIMIT = 3
_SHORTEST = 4
_MANY = 5_000

# What people use for one another; a suggestion only, never a reading.
_ALIKE: tuple[tuple[str, ...], ...] = tuple(
    tuple(group.split())
    for group in (
        "buy purchase order shop spend pay checkout transact transaction",
        "visit browse view session surf look",
        "signup signed join register enroll enrol registration membership member",
        "open read",
        "click tap press",
        "cancel churn quit leave terminate cancellation",
        "unsubscribe optout",
        "renew renewal extend extension expire expiry expiration ends due",
        "age old young born birthday birth",
        "income salary wage earnings earn",
        "city town",
        "state province region county",
        "country nation nationality",
        "phone mobile telephone cell number",
        "email mail newsletter",
        "kid child children parent family son daughter",
        "return refund",
        "complain complaint ticket support issue",
        "review rating feedback stars",
        "point reward loyalty",
        "discount coupon promo voucher offer deal code",
        "car vehicle auto",
        "home house homeowner rent renter tenant flat apartment",
        "job occupation work profession career",
        "language speak",
        "married marital spouse single wife husband divorced",
        "education degree school college university graduate student",
        "interest hobby like love enjoy fan",
        "plan subscription package product",
        "cart basket bag",
        "login signin",
        "stay night booking reservation trip",
        "claim damage accident",
        "worth wealth assets",
    )
)
_VAGUE = frozenset(
    {
        *closed.UNITS,
        *closed.NUMBER_WORDS,
        "high",
        "low",
        "next",
        "last",
        "this",
        "over",
        "more",
        "less",
        "good",
        "best",
        "many",
    }
)
"""Words of which too much is made of: a suggestion from them alone would be silly."""
_EDGES = frozenset(
    closed.GLUE
    | {
        "and",
        "with",
        "who",
        "in",
        "on",
        "at",
        "of",
        "for",
        "from",
        "to",
        "that",
        "which",
        "by",
        "whose",
        "where",
        "about",
    }
)


@dataclass(frozen=True, slots=True)
class _Known:
    phrase: str
    why: str
    shape: str = "noun"


@dataclass(frozen=True, slots=True)
class _Names:
    names: tuple[str, ...]
    folded: tuple[str, ...]


@by_identity(64)
def _listed(names: Mapping[str, str]) -> _Names:
    """Further names as they are compared: of a team with thousands of segments folded once."""
    return _Names(tuple(names), tuple(name.casefold() for name in names))


@dataclass(slots=True)
class Suggester:
    """Suggestions from one catalog. Its index is made when it is first asked."""

    catalog: Catalog
    _index: dict[str, list[_Known]] = field(default_factory=dict)
    _cased: dict[str, str] = field(default_factory=dict)

    def near(self, words: Sequence[str], names: Mapping[str, str]) -> tuple[Suggestion, ...]:
        """The best suggestions for some unread words. `names` are further names with what each is."""
        index = self._made()
        told = trimmed(words)
        found: dict[str, tuple[float, str]] = {}

        def offer(known: _Known, score: float, verb: bool) -> None:
            score -= 4 if verb != (known.shape == "verb") and known.shape != "value" else 0
            if known.phrase not in found or found[known.phrase][0] < score:
                found[known.phrase] = (score, known.why)

        whole = " ".join(told).casefold()
        listed = _listed(names)
        for _, ratio, at in process.extract(whole, listed.folded, scorer=fuzz.ratio, score_cutoff=75, limit=LIMIT + 1):
            name = listed.names[at]
            found[name] = (ratio, names[name])
        for word in told:
            own = set(stems(word))
            if len(word) < _SHORTEST or not word.isalpha() or own & _VAGUE:
                continue
            verb = word.endswith(("ed", "ing"))
            for stem in own:
                for known in index.get(stem, ()):
                    offer(known, 100 - len(known.phrase.split()), verb)
            for group in _ALIKE:
                if own & set(group):
                    for other in group:
                        for known in index.get(other, ()):
                            offer(known, 80 - len(known.phrase.split()), verb)
            for key, distance in self._misspelt(word):
                for known in index[key]:
                    offer(known, 94 - 4 * distance, verb)
        found.pop(whole, None)  # the very same words: they are known, and did not fit
        ranked = sorted(found.items(), key=lambda item: (-item[1][0], len(item[0]), item[0]))
        return tuple(Suggestion(phrase, why) for phrase, (_, why) in ranked[:LIMIT])

    def cased(self, word: str) -> str:
        """A word as the catalog writes it: texas → Texas."""
        self._made()
        return self._cased.get(word, word)

    def _misspelt(self, word: str) -> Iterator[tuple[str, int]]:
        allowed = 0 if len(word) <= _SHORTEST else 1 if len(word) < 8 else 2
        matches = process.extract(word, list(self._index), scorer=OSA.distance, score_cutoff=allowed, limit=6)
        for key, distance, _ in matches:
            if key[0] == word[0] and len(key) >= _SHORTEST and distance:
                yield key, int(distance)

    def _made(self) -> dict[str, list[_Known]]:
        if not self._index:  # made aside and put in place whole: another thread may be reading
            index: dict[str, list[_Known]] = {}
            cased = {name: name.capitalize() for table in _CAPITALS for name in table if len(name) > 4}
            for words, known in self._entries():
                cased |= {word.lower(): word for word in _capitals(known.phrase) if word.lower() not in cased}
                for word in words:
                    for key in {word, *stems(word)} if len(word) >= _SHORTEST else ():
                        entries = index.setdefault(key, [])
                        if known not in entries and len(entries) < 12:
                            entries.append(known)
            self._cased = cased
            self._index = index
        return self._index

    def _entries(self) -> Iterator[tuple[Sequence[str], _Known]]:
        for attribute in self.catalog.attributes:
            yield from self._field(attribute, "a field of this catalog")
        for event in self.catalog.events:
            yield from self._event(event)
        for term in self.catalog.dictionary:
            for phrase in term.words:
                yield words_of(phrase), _Known(phrase, "in the dictionary")

    def _field(self, field_: Field, why: str) -> Iterator[tuple[Sequence[str], _Known]]:
        known = _Known(field_.label.lower() if field_.label.istitle() else field_.label, why)
        for name in (field_.label, field_.key.replace("_", " "), *field_.synonyms):
            yield words_of(name), known
        for flag in (*field_.yes, *field_.no):
            yield words_of(flag), _Known(flag, field_.label, "value")
        if len(field_.values) <= _MANY:
            for entry in field_.values:
                value = _Known(entry.label, field_.label, "value")
                for phrase in (entry.label, *entry.synonyms):
                    yield words_of(phrase), value

    def _event(self, event: Event) -> Iterator[tuple[Sequence[str], _Known]]:
        for verb in event.verbs:
            whole = f"{verb.lemma} {verb.particle}".strip()
            yield words_of(whole), _Known(past(whole), "something people do", "verb")
        for noun in event.nouns:
            yield words_of(noun), _Known(plural(noun), "something people do")
        for field_ in event.properties:
            if len(field_.values) <= _MANY:
                for entry in field_.values:
                    for phrase in (entry.label, *entry.synonyms):
                        yield words_of(phrase), _Known(entry.label, f"{event.label}: {field_.label}", "value")


_CAPITALS = (closed.MONTHS, closed.WEEKDAYS)


def _capitals(phrase: str) -> Iterator[str]:
    """The words of a label that have a capital of their own; its first word may have one for being the first."""
    first, *rest = phrase.split() or [""]
    own = (first, *rest) if all(word[:1].isupper() for word in rest) else rest
    return (word for word in own if word.isalpha() and word != word.lower())


def trimmed(words: Sequence[str]) -> Sequence[str]:
    """Words without the connectives at their edges; the words themselves where there is nothing else."""
    first, last = edges(words)
    return words[first:last]


def edges(words: Sequence[str]) -> tuple[int, int]:
    """The stretch [first, last) of words without the connectives at their edges; all of them where nothing else is said."""
    first, last = 0, len(words)
    while first < last and words[first] in _EDGES:
        first += 1
    while last > first and words[last - 1] in _EDGES:
        last -= 1
    return (first, last) if first < last else (0, len(words))
