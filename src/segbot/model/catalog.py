"""The catalog: what a company's tables mean, in its own words. Plain data; loading and checking live in `segbot.catalog`.

The reader takes its vocabulary from here and the compiler its tables and columns, so a name that is not in the catalog
can neither be read nor queried.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal, TypeAlias

from segbot.model.operators import Kind


class Role(StrEnum):
    """What an attribute is about, for words that mean the same in every company (in Texas, over 30, birthday)."""

    GENDER = "gender"
    AGE = "age"
    BIRTH_DATE = "birth_date"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    FULL_NAME = "full_name"
    CITY = "city"
    STATE = "state"
    COUNTRY = "country"
    POSTAL_CODE = "postal_code"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    INCOME = "income"
    NET_WORTH = "net_worth"
    CHILDREN = "children"
    HOME_OWNERSHIP = "home_ownership"
    EDUCATION = "education"
    OCCUPATION = "occupation"
    TIER = "tier"
    SIGNED_UP = "signed_up"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Join:
    """One step from a table to another: `from_column` of the table before equals `to_column` of `table`.

    `many` means that several rows may match, so a test over it asks whether any of them does. `also` are further pairs of
    equal columns, such as a distribution key that lets a sharded database join in place.
    """

    table: str
    from_column: str
    to_column: str
    many: bool = False
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value lives: a column, reached over joins from the customer table or the event's table.

    `path` goes into a JSON column. `sql_type` is the column's database type family, which decides casts and bounds.
    """

    column: str
    joins: tuple[Join, ...] = ()
    path: tuple[str, ...] = ()
    sql_type: Literal[
        "text", "integer", "numeric", "boolean", "date", "timestamp", "timestamptz", "uuid", "text[]", "jsonb", "enum"
    ] = "text"

    @property
    def many(self) -> bool:
        """Whether a customer (or event row) can have several values here."""
        return any(join.many for join in self.joins)


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """One value as stored, the label people see and other words for it: F, "female", ("women", "woman", "ladies").

    `rows` is how many customers (or rows of the event) were seen to hold it when values were profiled: 0 means a known
    value that never occurs, None that nobody looked.
    """

    value: str
    label: str
    synonyms: tuple[str, ...] = ()
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A named value with its kind and vocabulary: a customer attribute, or a property of an event's rows.

    `values` are listed or profiled; `open_values` says that others may exist (a text) rather than that the list is whole.
    `ordered` values run from low to high, so that "bachelor or higher" and "top tier" mean something. `unit` is shown
    and understood ("points", "$"). `over` / `under` are comparatives that pick this field ("older", "younger").
    `contact` fields are masked everywhere and never sampled; `sensitive` ones need a role. `profiled` fields take their
    values from the database when the catalog is refreshed. `history` names the event whose rows are the changes of this
    attribute and the property that holds the new value, where the data keeps them.
    """

    key: str
    label: str
    kind: Kind
    source: Source
    synonyms: tuple[str, ...] = ()
    values: tuple[ValueEntry, ...] = ()
    open_values: bool = False
    ordered: bool = False
    unit: str | None = None
    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    role: Role | None = None
    contact: Literal["email", "phone", "name", "address"] | None = None
    sensitive: bool = False
    profiled: bool = False
    history: tuple[str, str] | None = None
    description: str = ""

    def value(self, stored: str) -> ValueEntry | None:
        """The entry of a stored value."""
        return next((entry for entry in self.values if entry.value == stored), None)


@dataclass(frozen=True, slots=True)
class FixedFilter:
    """Rows that belong to an event at all: status is one of paid, refunded (or none of them when `negated`).

    Without values it asks whether there is an answer at all: opened_at is set.
    """

    source: Source
    values: tuple[str | int | bool, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """How people say that somebody did the event: lemma "buy", with the words for its object ("from", "on" ... optional)."""

    lemma: str
    particle: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something customers do, as rows of a table: its verbs and nouns, its properties and what can be measured.

    `key` reaches the customer key, `time` the moment (None: rows without a time, such as tickets' tags). `amount` is the
    property summed by "spent". `objects` are the properties that may stand as the bare object of the verb ("bought
    shoes"), in order of preference. `quantity` is what "bought 3 shoes" sums, if any. `value_of` names the event that
    measures this one's objects at a finer grain: spending on shoes sums item lines, not whole orders.
    """

    key: str
    label: str
    table: str
    customer: Source
    time: Source | None
    verbs: tuple[Verb, ...] = ()
    nouns: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    properties: tuple[Field, ...] = ()
    where: tuple[FixedFilter, ...] = ()
    amount: str | None = None
    spend_verbs: tuple[str, ...] = ()
    quantity: str | None = None
    objects: tuple[str, ...] = ()
    value_of: str | None = None
    id_column: str | None = None
    description: str = ""

    def property(self, key: str) -> Field | None:
        """The property of that key."""
        return next((p for p in self.properties if p.key == key), None)


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to write to people: reachable means the address attribute is set and the consent attribute is true.

    `verbs` are the words for writing ("email", "text"); `blocked_by` are attributes that must not be true.
    """

    key: str
    label: str
    address: str
    consent: str | None
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an export may go, and the attributes a customer must have to be sent there."""

    key: str
    label: str
    kind: str
    mandatory: tuple[str, ...] = ()
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the house dictionary and its meaning in words that the reader understands: VIP means 3 or more orders."""

    key: str
    words: tuple[str, ...]
    means: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SmartSegment:
    """A ready segment that ships with the catalog, written in words."""

    key: str
    name: str
    request: str
    description: str = ""
    tags: tuple[str, ...] = ()
    featured: bool = False


# --- calendar ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FixedDay:
    """The same date every year: 25 December."""

    month: int
    day: int
    shift: int = 0


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The nth weekday of a month (Monday 0; -1 is the last), moved by `shift` days: the day after the 4th Thursday of November."""

    month: int
    nth: int
    weekday: int
    shift: int = 0


@dataclass(frozen=True, slots=True)
class EasterDay:
    """Western Easter Sunday, moved by `shift` days."""

    shift: int = 0


DayRule: TypeAlias = FixedDay | NthWeekday | EasterDay


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A named day or season: from the day `first` to the day `last`, both included (a single day when `last` is None).

    A season that ends before it begins in the calendar runs into the next year (winter: 1 December to 28 February).
    """

    key: str
    label: str
    words: tuple[str, ...]
    first: DayRule
    last: DayRule | None = None


@dataclass(frozen=True, slots=True)
class CalendarRules:
    """How this workspace counts time: its IANA timezone, first weekday (Monday 0), fiscal year's first month, named days."""

    timezone: str = "UTC"
    week_start: int = 0
    fiscal_year_start: int = 1
    named: tuple[NamedPeriod, ...] = ()

    def period(self, key: str) -> NamedPeriod | None:
        """The named period of that key."""
        return next((p for p in self.named if p.key == key), None)


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """The company's own table of places with where they are: its columns, each a row's city, state, country or postal code.

    `latitude` and `longitude` are in degrees. Several rows of one city are one place in their middle.
    """

    table: str
    latitude: str
    longitude: str
    city: str | None = None
    state: str | None = None
    country: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A point that people name: the label that is shown, the words it goes by, and its degrees north and east."""

    label: str
    words: tuple[str, ...]
    latitude: float
    longitude: float


# --- the whole --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CustomerTable:
    """The table whose rows are the customers, the key that identifies them and the words for them.

    `nouns` mean everyone in the base ("customers", "people"); `buyers` mean those who did the event `buyer_event`.
    `label` are the attributes shown as a person's name in a preview.
    """

    table: str
    key: str
    key_type: Literal["integer", "text", "uuid"]
    noun: str = "customer"
    plural: str = "customers"
    nouns: tuple[str, ...] = ()
    buyers: tuple[str, ...] = ()
    buyer_event: str | None = None
    label: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalog:
    """One company's semantic layer. `base` (words) limits every count; `digest` identifies the file's content.

    `places` are what `place_table` holds, once it was read.
    """

    name: str
    customers: CustomerTable
    attributes: tuple[Field, ...]
    events: tuple[Event, ...] = ()
    channels: tuple[Channel, ...] = ()
    destinations: tuple[Destination, ...] = ()
    dictionary: tuple[Term, ...] = ()
    segments: tuple[SmartSegment, ...] = ()
    calendar: CalendarRules = field(default_factory=CalendarRules)
    place_table: PlaceTable | None = None
    places: tuple[Place, ...] = ()
    base: str = ""
    base_label: str = ""
    currency: str = "USD"
    date_order: Literal["mdy", "dmy", None] = None
    examples: tuple[str, ...] = ()
    digest: str = ""

    @cached_property
    def _attributes(self) -> dict[str, Field]:
        return {a.key: a for a in self.attributes}

    @cached_property
    def _events(self) -> dict[str, Event]:
        return {e.key: e for e in self.events}

    @cached_property
    def _channels(self) -> dict[str, Channel]:
        return {c.key: c for c in self.channels}

    def attribute(self, key: str) -> Field | None:
        """The customer attribute of that key."""
        return self._attributes.get(key)

    def event(self, key: str) -> Event | None:
        """The event of that key."""
        return self._events.get(key)

    def channel(self, key: str) -> Channel | None:
        """The channel of that key."""
        return self._channels.get(key)

    def with_role(self, role: Role) -> Field | None:
        """The first attribute that plays a role."""
        return next((a for a in self.attributes if a.role is role), None)
