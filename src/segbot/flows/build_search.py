"""What can be added in the builder, and the values of a field, found as one types: by names, synonyms and what is near them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from segbot.flows.help import POINT
from segbot.flows.house import House
from segbot.model.catalog import Catalog, Event, Field
from segbot.model.condition import Condition, Defined, Has, Member, Reachable, walk
from segbot.model.reading import Outcome
from segbot.model.resolve import Moment
from segbot.nl.inflect import past

MOST = 100
"""Options that are offered at once: Slack takes no more."""

_LONGEST = 140
_NEAR = 78


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that can be picked: its label, its value, and the heading it stands under."""

    label: str
    value: str
    group: str = ""


def subjects(house: House, typed: str) -> tuple[Offered, ...]:
    """What a condition can be about, best first within each heading: `a:state`, `e:order`, `c:email`, `t:vip`, `s:<segment>`."""
    catalog = house.catalog
    base = {node.attribute for node in walk(house.base) if isinstance(node, Has)} if house.base is not None else set()
    about = [
        (Offered(a.label, f"a:{a.key}", "About people"), (a.label, *a.synonyms, *a.over, *a.under, *a.yes))
        for a in catalog.attributes
        if a.key not in base and a.role not in POINT
    ]
    did = [(Offered(_did(e), f"e:{e.key}", "What they did"), _event_words(e)) for e in catalog.events]
    reach = [
        (Offered(f"Can be reached by {c.label}", f"c:{c.key}", "Channels"), (c.label, *c.verbs, *c.nouns))
        for c in catalog.channels
    ]
    words = [(Offered(t.words[0], f"t:{t.key}", "House words"), t.words) for t in catalog.dictionary if t.words]
    groups = [
        (Offered(f"In “{k.name}”", f"s:{k.of}:{k.id}", "Segments"), (k.name, f"#{k.number}"))
        for k in house.reader.known
    ]
    return _best([*about, *did, *reach, *words, *groups], typed)


def values(field: Field, typed: str) -> tuple[Offered, ...]:
    """The values of a field that fit what is typed; what is typed itself where others may exist."""
    listed = [(Offered(v.label, v.value), (v.label, v.value, *v.synonyms)) for v in field.values]
    listed.sort(key=lambda entry: 0 if field.ordered else -(_rows(field, entry[0].value)))
    found = _best(listed, typed)
    said = " ".join(typed.split())
    free = field.open_values or not field.values
    if said and free and all(said.casefold() not in (o.label.casefold(), o.value.casefold()) for o in found):
        found = (*found[: MOST - 1], Offered(f"“{said}” as it is", said))
    return tuple(o for o in found if len(o.value) <= _LONGEST)


def subject_condition(house: House, value: str, at: Moment) -> Condition | None:
    """The condition that a pick stands for where it needs no form: a channel, a house word, a segment. None for all else."""
    kind, _, rest = value.partition(":")
    match kind:
        case "c" if house.catalog.channel(rest) is not None:
            return Reachable(rest)
        case "t":
            return _term(house, rest, at)
        case "s":
            of, _, key = rest.partition(":")
            found = next((k for k in house.reader.known if (k.of, k.id) == (of, key)), None)
            return None if found is None else Member(found.of, found.id, name=found.name)
        case _:
            return None


def field_of(catalog: Catalog, event: str | None, key: str) -> Field | None:
    """An attribute, or a property of an event."""
    if event is None:
        return catalog.attribute(key)
    found = catalog.event(event)
    return found.property(key) if found is not None else None


def properties(event: Event, typed: str) -> tuple[Offered, ...]:
    """The properties of an event's rows that fit what is typed."""
    return _best([(Offered(p.label, p.key), (p.label, *p.synonyms)) for p in event.properties], typed)


def _term(house: House, key: str, at: Moment) -> Condition | None:
    term = next((t for t in house.catalog.dictionary if t.key == key and t.words), None)
    if term is None:
        return None
    reading = house.reader.read(term.words[0], at)
    if reading.outcome is not Outcome.ANSWER or reading.condition is None:
        return None
    return next((node for node in walk(reading.condition) if isinstance(node, Defined)), reading.condition)


def _did(event: Event) -> str:
    """Order (bought)."""
    if not event.verbs:
        return event.label
    return f"{event.label} ({past(event.verbs[0].lemma)} {event.verbs[0].particle}".strip() + ")"


def _event_words(event: Event) -> tuple[str, ...]:
    verbs = [word for verb in event.verbs for word in (verb.lemma, past(verb.lemma))]
    return (event.label, *verbs, *event.nouns, *event.spend_verbs)


def _rows(field: Field, value: str) -> int:
    entry = field.value(value)
    return (entry.rows or 0) if entry is not None else 0


def _best(listed: Sequence[tuple[Offered, Iterable[str]]], typed: str) -> tuple[Offered, ...]:
    """Those that fit, best first; all in their own order where nothing is typed. Headings keep their order."""
    wanted = " ".join(typed.casefold().split())
    if not wanted:
        return tuple(offered for offered, _ in listed[:MOST])
    scored = [(_score(wanted, words), index, offered) for index, (offered, words) in enumerate(listed)]
    kept = sorted((entry for entry in scored if entry[0] > 0), key=lambda entry: (-entry[0], entry[1]))[:MOST]
    best: dict[str, float] = {}
    for score, _, offered in kept:
        best.setdefault(offered.group, score)
    return tuple(o for _, _, o in sorted(kept, key=lambda e: (-best[e[2].group], e[2].group, -e[0], e[1])))


def _score(wanted: str, words: Iterable[str]) -> float:
    """How well a name fits: whole, from its beginning, from the beginning of a word, somewhere in it, or nearly."""
    best = 0.0
    for word in words:
        name = word.casefold()
        if not name:
            continue
        if name == wanted:
            return 100.0
        if name.startswith(wanted):
            best = max(best, 95.0)
        elif f" {wanted}" in f" {name}":
            best = max(best, 90.0)
        elif wanted in name:
            best = max(best, 85.0)
        elif len(wanted) > 3 and (near := fuzz.ratio(wanted, name)) >= _NEAR:
            best = max(best, near * 0.8)
    return best
