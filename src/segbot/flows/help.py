"""Help that is about this company: what can be asked, with examples made from its own catalog."""

from __future__ import annotations

from segbot.flows.desk import Desk
from segbot.flows.house import House
from segbot.model.cards import HelpCard
from segbot.model.catalog import Catalog, Event, Field, Role
from segbot.model.condition import Has, walk
from segbot.model.operators import Kind
from segbot.nl.inflect import past

MOST_EXAMPLES = 6

POINT = (Role.LATITUDE, Role.LONGITUDE)


def help_card(desk: Desk) -> HelpCard:
    """What segbot does, with requests to try."""
    catalog = desk.house.catalog
    return HelpCard(
        title="Type who you are looking for",
        intro=(
            f"Say it as you would to a colleague, and I count the {catalog.customers.plural}, show what I understood word"
            " by word, and never guess in silence. Nothing in the customer database is ever changed."
        ),
        examples=examples(catalog),
        topics=_topics(desk.house),
    )


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
