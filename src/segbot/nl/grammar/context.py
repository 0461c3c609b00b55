"""What the rules know about the company: fields, values and events by what they can be used for."""

from __future__ import annotations

from dataclasses import dataclass, field

from segbot.model.catalog import Catalog, Event, Field, Role
from segbot.model.condition import Condition
from segbot.model.membership import Known
from segbot.model.operators import Kind
from segbot.model.resolve import Moment
from segbot.nl.meaning import Attr, Ref

PLACES = (Role.STATE, Role.CITY, Role.COUNTRY, Role.POSTAL_CODE)
NAMES = (Role.FIRST_NAME, Role.LAST_NAME, Role.FULL_NAME)
NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY, Kind.AGE})
DATES = frozenset({Kind.DATE, Kind.TIME})
WORDY = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE})


@dataclass(frozen=True, slots=True)
class Scene:
    """The catalog and the moment of a request, as the rules see them."""

    catalog: Catalog
    at: Moment
    roles: dict[Role, Field] = field(default_factory=dict)
    terms: dict[str, tuple[str, Condition]] = field(default_factory=dict)
    """The house dictionary as far as it was understood: key → the word and what it means."""
    snapshots: tuple[Known, ...] = ()
    """The snapshots that may be named by the day they were taken."""

    def role(self, role: Role) -> Field | None:
        """The attribute that plays a role."""
        return self.roles.get(role)

    def field(self, owner: str | None, key: str) -> Field | None:
        """A customer attribute, or a property of an event."""
        if owner is None:
            return self.catalog.attribute(key)
        event = self.catalog.event(owner)
        return event.property(key) if event else None

    def of(self, ref: Ref) -> Field | None:
        """The field of a reference."""
        return self.field(ref.owner, ref.field)

    def attributes(self, attr: Attr) -> list[Field]:
        """The customer attributes that a name can stand for."""
        found = (self.catalog.attribute(key) for owner, key in attr.names if owner is None)
        return [f for f in found if f is not None]

    def properties(self, attr: Attr, event: str) -> list[Field]:
        """The properties of an event that a name can stand for."""
        return [f for owner, key in attr.names if owner == event and (f := self.field(owner, key)) is not None]

    def event(self, key: str) -> Event:
        """An event that is known to exist."""
        event = self.catalog.event(key)
        if event is None:
            raise KeyError(key)
        return event


def scene(
    catalog: Catalog, at: Moment, terms: dict[str, tuple[str, Condition]], snapshots: tuple[Known, ...] = ()
) -> Scene:
    """The scene of one request."""
    roles: dict[Role, Field] = {}
    for attribute in catalog.attributes:
        if attribute.role is not None:
            roles.setdefault(attribute.role, attribute)
    return Scene(catalog, at, roles, terms, snapshots)


_AHEAD = ("expir", "renew", "due", "end", "upcoming", "next", "deadline", "arriv", "check in", "check-in", "departure")


def lies_ahead(field: Field) -> bool:
    """Whether a date usually lies ahead: expires, renewal, check-in."""
    return any(word in name.casefold() for name in (field.label, field.key, *field.synonyms) for word in _AHEAD)


_LIVELY = ("visit", "log in", "sign in", "browse", "use", "open", "stay", "check in")


def shows_life(event: Event) -> bool:
    """Whether an event says that somebody is around: visits, logins, opens."""
    return any(verb.lemma.startswith(_LIVELY) for verb in event.verbs)
