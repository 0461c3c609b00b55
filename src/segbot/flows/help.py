"""Help that is about this company: what can be asked, with examples made from its own catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from segbot.flows.desk import Desk
from segbot.flows.house import House
from segbot.model.cards import ExampleGroup, HelpCard
from segbot.model.catalog import Catalog, Event, Field, Role
from segbot.model.condition import Has, walk
from segbot.model.operators import Kind
from segbot.nl.inflect import past

MOST_EXAMPLES = 6

MOST_OF_A_KIND = 2
"""Examples of one kind that are shown: help is read on a phone."""

_MOST_TRIED = 6

POINT = (Role.LATITUDE, Role.LONGITUDE)


async def help_card(desk: Desk) -> HelpCard:
    """What segbot does, with requests of each kind to try, which find people here. Never raises: it is asked for in need."""
    catalog = desk.house.catalog
    kinds = candidates(catalog)
    found = await desk.tried.sizes(
        desk.house, desk.warehouse, [words for _, requests in kinds for words in requests], desk.clock()
    )
    return HelpCard(
        title="Type who you are looking for",
        intro=(
            f"Say it as you would to a colleague, and I count the {catalog.customers.plural}, show what I understood word"
            " by word, and never guess in silence. Nothing in the customer database is ever changed."
        ),
        examples=examples(catalog),
        topics=_topics(desk.house),
        groups=_groups(kinds, found, desk.settings.minimum_audience) if found is not None else (),
    )


def _groups(
    kinds: Sequence[tuple[str, Sequence[str]]], found: Mapping[str, int], floor: int
) -> tuple[ExampleGroup, ...]:
    """Of each kind the first that find enough people."""
    groups = []
    for title, requests in kinds:
        fit = [(words, found[words]) for words in requests if found.get(words, 0) >= floor]
        if fit:
            groups.append(ExampleGroup(title, tuple(fit[:MOST_OF_A_KIND])))
    return tuple(groups)


def candidates(catalog: Catalog) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Requests of each kind made from the words of a catalog; which of them find people only its data know."""
    noun = catalog.customers.plural
    did = [(event, f"{past(e.lemma)} {e.particle}".strip()) for event in catalog.events for e in event.verbs[:1]]
    deeds = [said for _, said in did if not said.startswith("was ")]
    amounts = [(event, said) for event, said in did if event.amount is not None and event.spend_verbs]
    money = [a for a in catalog.attributes if a.kind is Kind.MONEY and not a.sensitive]
    kinds = (
        ("For example", examples(catalog)),
        ("Who they are", tuple(_who(catalog, noun))),
        ("What they did", tuple(f"{noun} who {said} in the last 90 days" for said in deeds)),
        ("What they did not do", tuple(f"{noun} who never {said}" for said in deeds)),
        ("How often, how much", (
            *(f"{noun} who {said} at least 3 times in the last year" for _, said in amounts),
            *(f"{noun} who {past(event.spend_verbs[0])} more than 100 in the last year" for event, _ in amounts),
        )),
        ("The best of them", tuple(f"top 10% of {noun} by {_attribute(a)}" for a in money)),
        ("Whom you may write to", tuple(f"{noun} who can be {past(c.verbs[0])}" for c in catalog.channels if c.verbs)),
        ("House words", tuple(term.words[0] for term in catalog.dictionary if term.words)),
    )  # fmt: skip
    return tuple((title, requests[:_MOST_TRIED]) for title, requests in kinds if requests)


def _who(catalog: Catalog, noun: str) -> Iterator[str]:
    """Requests about attributes: common values of choices, an age, a yes."""
    for field in catalog.attributes:
        if field.sensitive or field.contact:
            continue
        if field.kind is Kind.AGE:
            yield f"{noun} over 40"
        elif field.kind is Kind.CHOICE and field.values:
            most = max(field.values, key=lambda value: value.rows or 0)
            yield f"{noun} whose {_attribute(field)} is {most.label}"


def examples(catalog: Catalog) -> tuple[str, ...]:
    """Requests worth trying: the catalog's own, or some made from its words."""
    return (catalog.examples or _made(catalog))[:MOST_EXAMPLES]


def _made(catalog: Catalog) -> tuple[str, ...]:
    noun = catalog.customers.plural
    made = [f"all {noun}"]
    choice = next((a for a in catalog.attributes if a.kind is Kind.CHOICE and a.values), None)
    if choice is not None:
        made.append(f"{noun} whose {choice.label.lower()} is {choice.values[0].label}")
    dated = next((a for a in catalog.attributes if a.kind in (Kind.DATE, Kind.TIME)), None)
    if dated is not None:
        made.append(f"{noun} whose {dated.label.lower()} is in the last 30 days")
    for event in [e for e in catalog.events if e.verbs][:2]:
        said = f"{past(event.verbs[0].lemma)} {event.verbs[0].particle}".strip()
        made += [f"{noun} who {said} in the last 90 days", f"{noun} who never {said}"]
    return tuple(made)


def _topics(house: House) -> tuple[tuple[str, tuple[str, ...]], ...]:
    catalog = house.catalog
    # What limits every count, and where exactly somebody lives, is nothing that people ask about by name.
    base = {node.attribute for node in walk(house.base) if isinstance(node, Has)} if house.base is not None else set()
    asked = [a for a in catalog.attributes if a.contact != "address" and a.role not in POINT and a.key not in base]
    topics = (
        ("About people", tuple(_attribute(a) for a in asked)),
        ("What they did", tuple(_event(e) for e in catalog.events)),
        ("House words", tuple(t.words[0] for t in catalog.dictionary if t.words)),
    )
    return tuple((name, words) for name, words in topics if words)


def _attribute(field: Field) -> str:
    return field.label.lower() if not field.label[:2].isupper() else field.label


def _event(event: Event) -> str:
    return f"{past(event.verbs[0].lemma)} {event.verbs[0].particle}".strip() if event.verbs else event.label.lower()
