"""The lexicon of one catalog: every surface form of every word, generated once, and looked up in a tree of words."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from segbot.model.catalog import Catalog, Event, Field, Role, Term
from segbot.model.operators import Kind
from segbot.nl.inflect import noun_forms, past, plural, singular, verb_forms
from segbot.nl.lexicon import closed, regions
from segbot.nl.lexicon.nameparts import name_parts
from segbot.nl.lexicon.people import inhabitants, people_nouns
from segbot.nl.lexicon.variants import site_verbs, variants
from segbot.nl.meaning import Attr, Doing, Flag, Ref, Refs, Word
from segbot.nl.text import Token, TokenKind, words_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of some words: grammar category, meaning, cost; `source` tells a catalog's word from a closed-class one."""

    cat: str
    sem: Any
    cost: float = 0.0
    source: str = "closed"


END = "\0 \0"  # no token holds a space, so nobody can type it


class _Trie(dict[str, Any]):
    """Words to sub-trees; the key `END` holds the entries that end here."""

    __slots__ = ()


@dataclass(slots=True)
class Lexicon:
    """The compiled vocabulary. `words` are all single words it knows, `content` those that a typo may be corrected to."""

    trie: _Trie = field(default_factory=_Trie)
    words: set[str] = field(default_factory=set)
    content: dict[str, int] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)
    """Phrases of the catalog as people see them, with where they come from, for suggestions."""

    def add(self, phrase: str, entry: Entry, weight: int = 0) -> None:
        """Add a phrase; `weight` > 0 makes its words targets of spelling correction."""
        self.add_words(words_of(phrase), entry, weight)

    def add_words(self, words: Sequence[str], entry: Entry, weight: int = 0) -> None:
        """Add a phrase given by its words."""
        if not words:
            return
        node = self.trie
        for word in words:
            child = node.get(word)
            if child is None:
                child = node[word] = _Trie()
                self.words.add(word)
            if weight and len(word) > 3 and self.content.get(word, 0) < weight:
                self.content[word] = weight
            node = child
        entries = node.setdefault(END, [])
        for index, old in enumerate(entries):
            if old.cat == entry.cat:
                merged = _merge(old, entry)
                if merged is not None:
                    entries[index] = merged
                    return
        entries.append(entry)

    def has(self, words: Sequence[str]) -> bool:
        """Whether the catalog or the dictionary says something by just these words."""
        node = self.trie
        for word in words:
            child = node.get(word)
            if child is None:
                return False
            node = child
        return any(entry.source != "closed" for entry in node.get(END, ()))

    def lookup(self, norms: Sequence[str], start: int, glue: Sequence[bool]) -> Iterator[tuple[int, Entry]]:
        """The entries of all phrases that begin at a token, with the token after their end.

        Inside a phrase an article or the like may stand that the catalog does not have: "added to their cart".
        """
        paths: list[tuple[_Trie, int]] = [(self.trie, start)]
        while paths:
            node, at = paths.pop()
            if at >= len(norms):
                continue
            child = node.get(norms[at])
            if child is not None:
                for entry in child.get(END, ()):
                    yield at + 1, entry
                if len(child) > (END in child):
                    paths.append((child, at + 1))
            if at > start and glue[at] and at - start < 4:
                paths.append((node, at + 1))
            elif (
                child is None
                and at > start
                and norms[at] in _PICKS
                and norms[at + 1 : at + 2] == ["of"]
                and at - start < 4
            ):
                paths.append((node, at + 2))  # "marked one of our emails as spam"


_PICKS = frozenset(["one", "any", "some"])


def _merge(old: Entry, new: Entry) -> Entry | None:
    """Two entries of one category and phrase as one: a value of two fields is one word with two references."""
    match old.sem, new.sem:
        case Refs(), Refs():
            refs = tuple(dict.fromkeys((*old.sem.refs, *new.sem.refs)))
            return Entry(
                old.cat,
                Refs(refs, old.sem.plural or new.sem.plural, old.sem.text, old.sem.code or new.sem.code),
                min(old.cost, new.cost),
                old.source,
            )
        case Attr(), Attr():
            return Entry(
                old.cat,
                Attr(tuple(dict.fromkeys((*old.sem.names, *new.sem.names))), old.sem.text),
                old.cost,
                old.source,
            )
        case Doing(), Doing():
            return Entry(old.cat, Doing(tuple(dict.fromkeys((*old.sem.events, *new.sem.events)))), old.cost, old.source)
        case Word(), Word():
            return old if old.sem == new.sem else None
        case _:
            return old if old.sem == new.sem else None


@lru_cache(maxsize=1)
def _closed_entries() -> tuple[tuple[tuple[str, ...], Entry, int], ...]:
    """The closed classes as entries: computed once per process."""
    entries: list[tuple[tuple[str, ...], Entry, int]] = []

    def put(cat: str, phrases: Iterable[str], value: Any = None, cost: float = 0.0, weight: int = 0) -> None:
        for phrase in phrases:
            entries.append((words_of(phrase), Entry(cat, Word(value), cost), weight))

    for cat, phrases in closed.OPERATORS.items():
        for phrase in phrases:
            # "everyone but" is one word, rather than everyone, and then "but"
            put(
                cat,
                (phrase,),
                phrase if cat == "NO" else closed.WORD_VALUES.get(cat),
                cost=-0.5 if phrase.endswith((" but", "yet to", "still to")) else 0.0,
            )
    for cat, phrases in closed.WORDS.items():
        for phrase in phrases:
            # "not over 30" is one comparison, rather than the negation of another
            put(cat, (phrase,), closed.WORD_VALUES.get(cat), cost=-0.4 if phrase.startswith(("not ", "no ")) else 0.0)
    put("NOUN", closed.NOUNS)
    put("FILLER", closed.FILLER_PHRASES)
    put("PCTWORD", closed.PERCENT_WORDS)
    for table, cat, weight in (
        (closed.UNITS, "UNIT", 2),
        (closed.MONTHS, "MONTH", 2),
        (closed.WEEKDAYS, "WEEKDAY", 2),
        (closed.NUMBER_WORDS, "DIGIT", 1),
        (closed.SCALES, "SCALE", 1),
        (closed.DOZENS, "DOZEN", 0),
        (closed.ORDINAL_WORDS, "ORDWORD", 0),
        (closed.FREQUENCIES, "ONCE", 0),
        (closed.REPEATEDLY, "REPEATEDLY", 0),
        (closed.FEW, "FEW", 0),
        (closed.DECADES, "DECADEWORD", 1),
        (closed.CURRENCIES, "CURRENCY", 0),
        (closed.GENERATIONS, "GENERATION", 1),
        (closed.KIN, "KIN", 2),
        (closed.LIFE_STAGES, "STAGE", 1),
        (closed.TRUTHS, "TRUTH", 0),
        (closed.PARTS_OF_DECADE, "EARLY_MID_LATE", 0),
        (closed.MAIL_PROVIDERS, "PROVIDER", 1),
        (closed.PLURAL_DAYS, "PLURALDAY", 0),
        (closed.SIGNS, "SIGN", 0),
        (closed.SOMETHINGS, "SOMETHINGS", 0),
        (closed.DAY_WORDS, "DAYWORD", 1),
        (closed.TO_DATE, "TODATE", 0),
        (closed.SAME_PERIOD, "SAMEPERIOD", 0),
    ):
        for phrase, value in table.items():
            put(cat, (phrase,), value, weight=weight)
    for cat, compared in closed.COMPARED.items():
        for phrase, meant in compared.items():
            put(cat, (phrase,), meant)
    for phrase, percent in closed.QUANTILES.items():
        put("QUANTILE", (phrase,), percent)
    for phrase in closed.EVALUATIVE:
        put("EVALUATIVE", (phrase,), phrase, cost=0.3)
    return tuple(entries)


_PLACES = frozenset({Role.CITY, Role.STATE, Role.COUNTRY, Role.POSTAL_CODE})
_PEOPLE_ENDINGS = ("s", "men", "women", "people", "children", "folk")


def compile_lexicon(catalog: Catalog, house: Sequence[Term] = (), rule_words: Iterable[str] = ()) -> Lexicon:
    """All words of a catalog and the closed classes."""
    with _no_collection():
        return _compiled(catalog, house, rule_words)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Without the collector of cycles: it would look through all that is made here again and again, and find nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _compiled(catalog: Catalog, house: Sequence[Term], rule_words: Iterable[str]) -> Lexicon:
    lexicon = Lexicon()
    for words, entry, weight in _closed_entries():
        lexicon.add_words(words, entry, weight)
    for word in rule_words:
        lexicon.add_words((word,), Entry(f"w:{word}", Word()))
    customers = catalog.customers
    for noun in {customers.noun, customers.plural, *customers.nouns}:
        for form in _forms(noun):
            lexicon.add(form, Entry("NOUN", Word(), source="catalog"), 2)
    if customers.buyer_event:
        for noun in customers.buyers:
            for form in _forms(noun):
                lexicon.add(form, Entry("ACTOR", Doing((customers.buyer_event,)), source="catalog"), 2)
    for field_ in catalog.attributes:
        _add_field(lexicon, None, field_)
    for event in catalog.events:
        _add_event(lexicon, event)
    _add_long_lists(lexicon, catalog.events)
    for event in catalog.events:
        _add_variants(lexicon, event)
    for channel in catalog.channels:
        for noun in {channel.key, channel.label, *channel.nouns}:
            for form in _forms(noun):
                lexicon.add(form, Entry("CHANNEL", Word(channel.key), source="catalog"), 2)
        for verb in channel.verbs:
            if verb.isalpha():
                lexicon.add(f"{verb.removesuffix('e')}able", Entry("REACHADJ", Word(channel.key), source="catalog"), 1)
            for form in verb_forms(verb):
                lexicon.add(form, Entry("CHANNELVERB", Word(channel.key), source="catalog"), 2)
    for named in catalog.calendar.named:
        for phrase in {form for word in (named.label, *named.words) for form in (word, word.replace("'s", "s"))}:
            lexicon.add(phrase, Entry("NAMEDPERIOD", Word(named.key), source="catalog"), 1)
    for term in (*catalog.dictionary, *house):
        for phrase in term.words:
            for form in _forms(phrase):
                lexicon.add(form, Entry("TERM", Word(term.key), source="dictionary"), 2)
            for other in variants(phrase):
                lexicon.add(other, Entry("TERM", Word(term.key), 0.05, "dictionary"), 2)
            lexicon.phrases.setdefault(phrase, "in the dictionary")
    for field_ in catalog.attributes:
        _add_people(lexicon, field_)
    _add_inhabitants(lexicon, catalog)
    parts = tuple(name_parts(catalog))
    said = {word for _, _, word in parts if lexicon.trie.get(word, {}).get(END)}
    for event_key, key, word in parts:
        if word not in said:
            lexicon.add_words(
                (word,), Entry("NAMEPART", Refs((Ref(event_key, key, word),), False, word), 0.1, "catalog")
            )
    return lexicon


def _add_people(lexicon: Lexicon, field_: Field) -> None:
    """Nouns for people that follow from values, where the catalog does not use the word itself."""
    for noun, values in people_nouns(field_):
        words = words_of(noun)
        if not lexicon.has(words):
            refs = tuple(Ref(None, field_.key, value) for value in values)
            lexicon.add_words(words, Entry("VALUE", Refs(refs, True, noun), 0.02, "catalog"), 2)


def _add_inhabitants(lexicon: Lexicon, catalog: Catalog) -> None:
    """Nouns for those who live in a place: Londoners; none that two places have, or that is a word already."""
    found: dict[str, dict[str, list[Ref]]] = {}
    for field_ in catalog.attributes:
        if field_.role in _PLACES and not _is_long(field_):
            for entry in field_.values:
                for noun in inhabitants(entry.label):
                    found.setdefault(noun, {}).setdefault(entry.label, []).append(Ref(None, field_.key, entry.value))
    known = {noun for noun in found if lexicon.trie.get(noun, {}).get(END)}
    for noun, places in found.items():
        words = words_of(noun)
        if len(places) == 1 and noun not in known and not lexicon.has(words):
            label, refs = next(iter(places.items()))
            lexicon.add_words(words, Entry("VALUE", Refs(tuple(refs), True, label), 0.05, "catalog"))


def _forms(phrase: str) -> set[str]:
    """A phrase with its last word in singular and plural, and two short words also joined: sign up → signup."""
    forms = {phrase}
    last = phrase.rpartition(" ")[2]
    if phrase.endswith((" up", "-up")):
        forms.add(f"{phrase}s")  # sign-ups
    if last.isalpha() and len(last) > 2 and not last.isupper():
        forms |= noun_forms(phrase)
    return forms


_NOT_PEOPLE = frozenset(
    ["with", "without", "has", "have", "had", "no", "not", "opted", "is", "are", "as", "for", "in", "objected", "lives"]
)


def _add_field(lexicon: Lexicon, owner: str | None, field_: Field) -> None:
    names = {field_.label, field_.key.replace("_", " "), *field_.synonyms}
    if field_.kind is Kind.LIST and names & _LIKING:
        names |= _LIKING_TOO
    if field_.kind in (Kind.DATE, Kind.TIME):  # "signed up" and "sign up" given: "signing up" and "signs up" follow
        lower = {name.lower() for name in names}
        names |= {form for name in field_.synonyms if past(name) in lower for form in verb_forms(name)}
        names |= {
            f"{plural(first)} that {rest}"
            for first, _, rest in (n.partition(" ") for n in lower)
            if rest.endswith("ed")
        }
    for name in names:
        if _is_past(field_, name):
            lexicon.add(name, Entry("ATTRPAST", Attr(((owner, field_.key),), field_.label), source="catalog"), 2)
            continue
        for form in _forms(name):
            lexicon.add(form, Entry("ATTR", Attr(((owner, field_.key),), field_.label), source="catalog"), 2)
        if name.count(" ") == 1:
            lexicon.add(
                name.replace(" ", ""),
                Entry("ATTR", Attr(((owner, field_.key),), field_.label), 0.05, source="catalog"),
                1,
            )
        if name.lower().startswith("number of ") and field_.kind is Kind.NUMBER:  # "more than 2 kids"
            for form in _forms(name.lower().removeprefix("number of ")):
                lexicon.add(form, Entry("UNITATTR", Attr(((owner, field_.key),), field_.label), source="catalog"), 1)
    lexicon.phrases.setdefault(field_.label, "a field of this catalog")
    for flag, phrases in ((True, field_.yes), (False, field_.no)):
        for phrase in phrases:
            for form in _forms(phrase):
                person = form.split()[0].lower() not in _NOT_PEOPLE and form.endswith(_PEOPLE_ENDINGS)
                lexicon.add(form, Entry("FLAG", Flag(field_.key, flag, owner, person), source="catalog"), 2)
    for direction, words in ((True, field_.over), (False, field_.under)):
        for word in words:
            cat = "COMPARATIVEOVER" if direction else "COMPARATIVEUNDER"
            lexicon.add(word, Entry(cat, Attr(((owner, field_.key),), field_.label), source="catalog"), 2)
    if field_.unit and field_.kind in (Kind.NUMBER, Kind.MONEY) and field_.unit.replace(" ", "").isalpha():
        for form in _forms(field_.unit):
            lexicon.add(form, Entry("UNITATTR", Attr(((owner, field_.key),), field_.label), source="catalog"), 1)
    if owner is None or not _is_long(field_):
        _add_values(lexicon, ((owner, field_.key),), field_)
    _add_regions(lexicon, owner, field_)


_LIKING = frozenset({"interested in", "like", "likes", "into", "enjoys", "loves"})
_LIKING_TOO = frozenset(
    {"keen on", "fond of", "passionate about", "crazy about", "mad about", "enthusiastic about", "fans of", "big on"}
)


def _is_past(field_: Field, name: str) -> bool:
    """Whether a name says that a date which usually lies ahead has passed: trial expired."""
    return field_.kind in (Kind.DATE, Kind.TIME) and " " in name and name.endswith("ed") and _ends(field_)


def _ends(field_: Field) -> bool:
    names = (field_.label, field_.key, *field_.synonyms)
    return any("end" in name.casefold() or "expir" in name.casefold() for name in names)


def _add_regions(lexicon: Lexicon, owner: str | None, field_: Field) -> None:
    """Names of groups of places, each as all of its places that this catalog has."""
    table = {Role.STATE: regions.STATES, Role.COUNTRY: regions.COUNTRIES}.get(field_.role) if field_.role else None
    stored = {entry.value for entry in field_.values}
    for name, codes in (table or {}).items():
        refs = tuple(Ref(owner, field_.key, code) for code in codes if code in stored)
        if len(refs) > 1:
            lexicon.add(name, Entry("VALUE", Refs(refs, False, name), -0.3, "catalog"))


_LONG_LIST = 5_000


def _is_long(field_: Field) -> bool:
    return len(field_.values) > _LONG_LIST


def _add_long_lists(lexicon: Lexicon, events: Iterable[Event]) -> None:
    """The long lists of values of all behaviours: each once, for every property that has the very same (products, of orders
    and returns and reviews)."""
    lists: list[tuple[Field, list[tuple[str | None, str]]]] = []
    for event in events:
        for field_ in filter(_is_long, event.properties):
            place = field_.role in _PLACES
            for first, owners in lists:
                if place == (first.role in _PLACES) and first.values == field_.values:
                    owners.append((event.key, field_.key))
                    break
            else:
                lists.append((field_, [(event.key, field_.key)]))
    for field_, owners in lists:
        _add_values(lexicon, owners, field_)


def _add_values(lexicon: Lexicon, owners: Sequence[tuple[str | None, str]], field_: Field) -> None:
    """The words of a field's values; `owners` are all fields that have these, as event (None: people) and key."""
    place = field_.role in _PLACES
    many = _is_long(field_)
    people = any(owner is None for owner, _ in owners)
    for entry in field_.values:
        stored: Any = entry.value
        ref = tuple([Ref(owner, key, stored) for owner, key in owners])
        # of a very long list only the labels are words: nobody types the keys of 50,000 products
        said = (entry.label, *entry.synonyms) if many else (entry.label, entry.value.replace("_", " "), *entry.synonyms)
        for phrase in said if len(said) == 1 else dict.fromkeys(said):
            words = words_of(phrase)
            if not words:
                continue
            for form in _living(words):
                lexicon.add_words(form, Entry("VALUE", Refs(ref, False, entry.label), 0.02, "catalog"))
            code = len(words) == 1 and len(words[0]) <= 2
            cost = 9.0 if code and words[0] in _SHORT_ENGLISH else 0.3 if code else 0.0
            last = words[-1]
            person = people and not place and not code and last.endswith(_PEOPLE_ENDINGS)
            lexicon.add_words(
                words,
                Entry("VALUE", Refs(ref, person, entry.label, code), cost, "catalog"),
                0 if code else 3 if place else 2,
            )
            if place and code and words[0] in _WITH_ARTICLE:
                lexicon.add_words(("the", *words), Entry("VALUE", Refs(ref, False, entry.label, code), 0.0, "catalog"))
            if place and last.endswith("an") and len(last) > 5:  # Canadians
                lexicon.add_words(
                    (*words[:-1], last + "s"), Entry("VALUE", Refs(ref, True, entry.label), 0.02, "catalog"), 2
                )
            if place or code or many or not last.isalpha() or len(last) < 3:
                continue
            for other in {plural(last), singular(last)} - {last}:
                is_person = people and other.endswith(_PEOPLE_ENDINGS)
                lexicon.add_words(
                    (*words[:-1], other), Entry("VALUE", Refs(ref, is_person, entry.label), 0.02, "catalog"), 2
                )
        if not many:
            lexicon.phrases.setdefault(entry.label, field_.label)


_WITH_ARTICLE = frozenset({"us", "uk", "eu"})
"""Codes of places that are said with an article: the US."""

_STATIVE = {form: lemma for lemma in ("live", "own", "rent", "work", "study") for form in verb_forms(lemma)}


def _living(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A value that begins with a verb, in its other forms: lives with family → live with family."""
    lemma = _STATIVE.get(words[0]) if len(words) > 1 else None
    for form in verb_forms(lemma) if lemma else ():
        yield form, *words[1:]


_SHORT_ENGLISH = frozenset(
    (  # noqa: SIM905
        "a al am an as at be by co d de do f go he hi i id if in is it la m "
        "ma me mo my no of oh ok on or pa s so to up us w we x"
    ).split()
)


def _add_event(lexicon: Lexicon, event: Event) -> None:
    doing = Doing((event.key,))
    for verb in event.verbs:
        whole = f"{verb.lemma} {verb.particle}".strip()
        _add_verb(lexicon, doing, whole)
    for verb_ in event.spend_verbs:
        for form in verb_forms(verb_) - {
            form for noun in event.nouns for form in noun_forms(noun)
        }:  # "a claim over 5,000" is one claim
            lexicon.add(form, Entry("SPEND", doing, source="catalog"), 2)
    for noun in event.nouns:
        for form in _forms(noun):
            lexicon.add(form, Entry("ENOUN", doing, source="catalog"), 2)
        first, _, rest = noun.rpartition(" ")
        if first.endswith("ed") and " " not in first:  # expired points: whose points expired
            for form in noun_forms(rest):
                lexicon.add(f"{form} {first}", Entry("ENOUN", doing, 0.1, "catalog"), 1)
        article = "an" if noun[:1].lower() in "aeiou" else "a"  # "a claim" is no verb
        lexicon.add(f"{article} {singular(noun)}", Entry("ENOUN", doing, -0.25, "catalog"))
        lexicon.phrases.setdefault(plural(noun), "something people do")
    for actor in _actors(event):
        for form in noun_forms(actor):
            if not lexicon.has(words_of(form)):
                lexicon.add(form, Entry("ACTOR", doing, 0.02, source="catalog"), 2)
    for actor in event.actors:
        for form in _forms(actor):
            lexicon.add(form, Entry("ACTOR", doing, source="catalog"), 2)
    lexicon.phrases.setdefault(event.label, "something people do")
    for field_ in event.properties:
        _add_field(lexicon, event.key, field_)
        _add_owned(lexicon, event, field_)


_ACTORS = {"open": "opener", "click": "clicker", "view": "viewer", "search": "searcher", "complain": "complainer",
           "return": "returner", "refer": "referrer", "renew": "renewer", "upgrade": "upgrader", "download": "downloader"}  # fmt: skip


def _actors(event: Event) -> Iterator[str]:
    """Those who do something, by its verb: openers, email openers."""
    modifiers = {noun.split()[0] for noun in event.nouns if noun.count(" ") == 1 and not noun.split()[0].endswith("ed")}
    for verb in event.verbs:
        actor = _ACTORS.get(verb.lemma.split()[0])
        if actor is not None:
            yield from (f"{modifier} {actor}" for modifier in sorted(modifiers))
            if " " not in f"{verb.lemma} {verb.particle}".strip():
                yield actor


def _add_owned(lexicon: Lexicon, event: Event, field_: Field) -> None:
    """A property behind the name of what has it: support satisfaction, ticket topic; and its last word behind a value."""
    attr = Entry("ATTR", Attr(((event.key, field_.key),), field_.label), 0.05, source="catalog")
    owners = {form for noun in event.nouns for form in (singular(noun), noun.split()[0])}
    names = {field_.key.replace("_", " "), *field_.synonyms, field_.label}
    for name in names:
        last = name.lower().rpartition(" ")[2]
        for owner in owners:
            if not name.lower().startswith(owner):
                lexicon.add(f"{owner} {name}", attr, 1)
        first = name.lower().partition(" ")[0]
        kinds = {last} if first in owners else {last, first}
        for kind in sorted(k for k in kinds if k.isalpha() and len(k) > 3 and field_.values):
            for form in noun_forms(kind):
                lexicon.add(form, Entry("KINDOF", attr.sem, source="catalog"), 1)


def _add_verb(lexicon: Lexicon, doing: Doing, whole: str) -> None:
    passive = whole.startswith("be ")
    phrases = (whole.removeprefix("be "),) if passive else verb_forms(whole)
    for phrase in phrases:
        # a whole phrase of the catalog is surer than a verb and a noun that happen to meet
        sure = -0.8 if _BEFORE_OBJECT & set(phrase.split()) else -0.2 if " " in phrase else 0.0
        lexicon.add(phrase, Entry("VERB", doing, sure, source="catalog"), 2)
        for other in _with_several(phrase):
            lexicon.add(other, Entry("VERB", doing, sure, source="catalog"), 2)
        _add_object(lexicon, doing, phrase)


def _with_several(phrase: str) -> tuple[str, ...]:
    """A verb phrase that goes on after its object, of several and of a numbered one: marked emails as spam."""
    words = phrase.split()
    at = next((i for i, word in enumerate(words) if word in ("a", "an")), len(words))
    if not 0 < at < len(words) - 2:
        return ()
    before, noun, after = words[:at], words[at + 1], words[at + 2 :]
    return tuple(" ".join((*before, form, *after)) for form in noun_forms(noun))


def _add_variants(lexicon: Lexicon, event: Event) -> None:
    """The same verbs and nouns in other words, where no event is called so itself: add to cart → add to basket."""
    doing = Doing((event.key,))
    for whole in site_verbs(event):
        for form in verb_forms(whole):
            if not lexicon.has(words_of(form)):
                lexicon.add(form, Entry("VERB", doing, -0.8, source="catalog"), 2)
    for verb in event.verbs:
        for whole in variants(f"{verb.lemma} {verb.particle}".strip()):
            if not lexicon.has(words_of(whole)):
                _add_verb(lexicon, doing, whole)
    for noun in event.nouns:
        for other in variants(noun):
            if not lexicon.has(words_of(other)):
                for form in _forms(other):
                    lexicon.add(form, Entry("ENOUN", doing, 0.02, source="catalog"), 2)


_BEFORE_OBJECT = frozenset(["a", "an", "the", "our", "their", "your", "my"])


def _add_object(lexicon: Lexicon, doing: Doing, phrase: str) -> None:
    """The head and the object of a verb phrase as words of their own: open an email → opened 3 emails."""
    head, *rest = phrase.split()
    words = [w for w in rest if w not in _BEFORE_OBJECT]
    if (len(words) > 1 and rest[0] in ("to", "in", "into", "from")) or (words == rest and words[:1] == ["back"]):
        lexicon.add(head, Entry("SPLITHEAD", doing, 0.1, "catalog"), 2)
        lexicon.add(" ".join(words), Entry("SPLITTAIL", doing, 0.1, "catalog"), 0)
    if len(words) == len(rest):
        return
    if words and all(w.isalpha() for w in words):
        cut = next(i for i, w in enumerate(rest) if w in _BEFORE_OBJECT)
        light = head in closed.LIGHT_HEADS or cut > 0
        lexicon.add(
            " ".join((head, *rest[:cut])), Entry("HEAD" if not light else "LIGHTHEAD", doing, 0.1, "catalog"), 2
        )
        for form in noun_forms(" ".join(rest[cut + 1 :])):
            lexicon.add(form, Entry("OBJECT", doing, 0.05, "catalog"), 2)


def glue_flags(tokens: Sequence[Token]) -> list[bool]:
    """Which tokens may be skipped inside a phrase."""
    return [
        token.kind is TokenKind.WORD and token.norm in closed.GLUE and not _is_month(tokens, index)
        for index, token in enumerate(tokens)
    ]


def _is_month(tokens: Sequence[Token], index: int) -> bool:
    """Whether "may" is the month: in May, May 2025."""
    if tokens[index].norm != "may":
        return False
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    numbered = after is not None and after.kind in (TokenKind.NUMBER, TokenKind.ORDINAL)
    return numbered or (index > 0 and tokens[index - 1].norm in _BEFORE_MONTH)


_BEFORE_MONTH = frozenset(
    ["in", "since", "during", "before", "after", "until", "till", "by", "of", "last", "this", "next", "from", "through"]
)
