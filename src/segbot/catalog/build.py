"""From the file's format to the model: short forms resolved, role defaults added, every cross-reference checked.

Problems are collected, never raised one by one: a person mends a file in one go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from segbot.catalog.build_fields import KEY_TYPES, NUMBERS, TYPES, FieldBuilder
from segbot.catalog.days import EXAMPLES, parse_day
from segbot.catalog.format import (
    CatalogFile,
    EventPart,
    Month,
    PeriodPart,
    Weekday,
)
from segbot.catalog.near import did_you_mean
from segbot.catalog.standard import readable
from segbot.catalog.yaml_tree import Path, Tree
from segbot.errors import Problem
from segbot.model.catalog import (
    CalendarRules,
    Catalog,
    Channel,
    CustomerTable,
    DayRule,
    Destination,
    Event,
    Field,
    FixedDay,
    NamedPeriod,
    PlaceTable,
    Role,
    SmartSegment,
    Term,
    Verb,
)
from segbot.model.operators import Kind

_MONTHS: tuple[Month, ...] = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def build(file: CatalogFile, tree: Tree, digest: str) -> tuple[Catalog, tuple[Problem, ...]]:
    """The catalog of a well-formed file, and the problems in what it says (only warnings leave it usable)."""
    builder = _Builder(file, tree)
    return builder.catalog(digest), tuple(builder.problems)


@dataclass
class _Builder(FieldBuilder):
    """Builds the whole, from its fields up."""

    # --- the whole ------------------------------------------------------------------------------

    def catalog(self, digest: str) -> Catalog:
        file = self.file
        attributes = tuple(self.field(("attributes", key), key, part) for key, part in file.attributes.items())
        events = tuple(self.event(("events", key), key, part) for key, part in file.events.items())
        self.check_names()
        self.check_roles(attributes)
        self.check_channels({a.key: a for a in attributes})
        return Catalog(
            name=file.name,
            customers=self.customers(),
            attributes=attributes,
            events=events,
            channels=self.channels(),
            destinations=tuple(
                Destination(key, part.label or readable(key).capitalize(), part.kind, part.mandatory, part.channel)
                for key, part in file.destinations.items()
            ),
            dictionary=self.dictionary(),
            segments=tuple(
                SmartSegment(
                    key,
                    part.name or readable(key).capitalize(),
                    part.request,
                    part.description or "",
                    part.tags,
                    part.featured,
                )
                for key, part in file.segments.items()
            ),
            calendar=self.calendar(),
            place_table=self.places(),
            base=file.base.request if file.base else "",
            base_label=(file.base.label or file.base.request) if file.base else "",
            currency=file.currency.upper(),
            date_order=file.dates,
            examples=file.examples,
            digest=digest,
        )

    def customers(self) -> CustomerTable:
        part = self.file.customers
        return CustomerTable(
            self.table(part.table),
            part.key,
            part.key_type,
            part.noun,
            part.plural or f"{part.noun}s",
            part.nouns,
            part.buyers,
            part.buyer_event,
            part.shown_as,
        )

    def places(self) -> PlaceTable | None:
        part = self.file.places
        if part is None:
            return None
        if part.city is None and part.postal_code is None:
            self.wrong(("places",), "these places have no names", "add city or postal_code", key=True)
        if not {Role.LATITUDE, Role.LONGITUDE} <= {field.role for field in self.file.attributes.values()}:
            self.wrong(
                ("places",),
                "nobody's distance from a place is known",
                "give two attributes the roles latitude and longitude",
                key=True,
                warning=True,
            )
        return PlaceTable(
            self.table(part.table),
            part.latitude,
            part.longitude,
            part.city,
            part.state,
            part.country,
            part.postal_code,
        )

    def channels(self) -> tuple[Channel, ...]:
        return tuple(
            Channel(
                key,
                part.label or readable(key).capitalize(),
                part.address,
                part.consent,
                part.verbs,
                part.nouns,
                part.blocked_by,
            )
            for key, part in self.file.channels.items()
        )

    # --- events ---------------------------------------------------------------------------------

    def event(self, path: Path, key: str, part: EventPart) -> Event:
        self.good_keys(path[:-1], (key,))
        properties = tuple(self.field((*path, "properties", name), name, p) for name, p in part.properties.items())
        kinds = {p.key: p.kind for p in properties}
        for name, wanted in (("amount", part.amount), ("quantity", part.quantity)):
            self.known((*path, name), wanted, kinds, "property")
            if wanted in kinds and kinds[wanted] not in NUMBERS:
                self.wrong(
                    (*path, name), f"the property {wanted!r} is a {kinds[wanted]}", "it must be a number or money"
                )
        self.all_known((*path, "objects"), part.objects, kinds, "property")
        self.known((*path, "value_of"), part.value_of, self.file.events, "event")
        if not part.verbs and not part.nouns:
            self.wrong(path, "nobody can say this event", "add verbs or nouns", key=True, warning=True)
        if part.spend_verbs and part.amount is None:
            self.wrong((*path, "spend_verbs"), "these words need an amount to sum", "add amount", key=True)
        return Event(
            key=key,
            label=part.label or readable(key).replace("_", " ").capitalize(),
            table=self.table(part.table),
            customer=self.source((*path, "customer"), part.customer, None, KEY_TYPES)
            if part.customer.type
            else self.source(
                (*path, "customer"),
                part.customer.model_copy(update={"type": self.file.customers.key_type}),
                None,
                KEY_TYPES,
            ),
            time=self.source((*path, "time"), part.time, None, TYPES[Kind.TIME]) if part.time else None,
            verbs=tuple(_verb(words) for words in part.verbs),
            nouns=part.nouns,
            actors=part.actors,
            properties=properties,
            where=tuple(self.fixed(self.where_path(path, i), w) for i, w in enumerate(part.where)),
            amount=part.amount,
            spend_verbs=part.spend_verbs,
            quantity=part.quantity,
            objects=part.objects,
            value_of=part.value_of,
            id_column=part.id,
            description=part.description or "",
        )

    def where_path(self, path: Path, index: int) -> Path:
        """The place of one row filter, written as a list or as a mapping of columns."""
        inner: Path = (*path, "where", index)
        return inner if inner in self.tree.values else (*path, "where")

    # --- words and days -------------------------------------------------------------------------

    def dictionary(self) -> tuple[Term, ...]:
        terms: list[Term] = []
        owner: dict[str, str] = {}
        for key, part in self.file.dictionary.items():
            words = part.words or (key.replace("_", " "),)
            for word in words:
                first = owner.setdefault(word.casefold(), key)
                if first != key:
                    self.wrong(
                        ("dictionary", key),
                        f"the word {word!r} is already defined by {first!r}",
                        "remove one",
                        key=True,
                    )
            terms.append(Term(key, words, part.means, part.note or ""))
        return tuple(terms)

    def calendar(self) -> CalendarRules:
        file = self.file
        if file.timezone not in available_timezones():
            hint = did_you_mean(file.timezone, available_timezones())
            self.wrong(("timezone",), f"unknown timezone {file.timezone!r}", hint or "use a name such as Europe/Berlin")
        named = tuple(self.period(("calendar", key), key, part) for key, part in file.calendar.items())
        return CalendarRules(
            file.timezone, _WEEKDAYS.index(file.week_starts), _MONTHS.index(file.fiscal_year_starts) + 1, named
        )

    def period(self, path: Path, key: str, part: PeriodPart) -> NamedPeriod:
        label = part.label or (part.words[0] if part.words else readable(key).replace("_", " ").capitalize())
        words = part.words or (label,)
        season = part.from_ is not None or part.to is not None
        if season == (part.day is not None) or (season and (part.from_ is None or part.to is None)):
            self.wrong(path, "say either `day`, or both `from` and `to`", key=True)
            return NamedPeriod(key, label, words, FixedDay(1, 1))
        if part.day is not None:
            return NamedPeriod(key, label, words, self.day((*path, "day"), part.day))
        return NamedPeriod(
            key, label, words, self.day((*path, "from"), part.from_ or ""), self.day((*path, "to"), part.to or "")
        )

    def day(self, path: Path, text: str) -> DayRule:
        rule = parse_day(text)
        if rule is None:
            self.wrong(path, f"{text!r} is not a day of the year", EXAMPLES)
        return rule or FixedDay(1, 1)

    # --- references -----------------------------------------------------------------------------

    def check_names(self) -> None:
        file = self.file
        self.known(("customers", "buyer_event"), file.customers.buyer_event, file.events, "event")
        self.all_known(("customers", "shown_as"), file.customers.shown_as, file.attributes, "attribute")
        if file.customers.buyers and file.customers.buyer_event is None:
            self.wrong(("customers", "buyers"), "these words need an event", "add buyer_event", key=True)
        for section in ("channels", "destinations", "dictionary", "segments", "calendar"):
            self.good_keys((section,), getattr(file, section))
        for key, destination in file.destinations.items():
            path: Path = ("destinations", key)
            self.all_known((*path, "mandatory"), destination.mandatory, file.attributes, "attribute")
            self.known((*path, "channel"), destination.channel, file.channels, "channel")
        if not re.fullmatch(r"[A-Za-z]{3}", file.currency):
            self.wrong(("currency",), f"{file.currency!r} is not a currency code", "use three letters such as USD")

    def check_roles(self, attributes: tuple[Field, ...]) -> None:
        seen: dict[Role, str] = {}
        for field in attributes:
            if field.role is None:
                continue
            first = seen.setdefault(field.role, field.key)
            if first != field.key:
                self.wrong(
                    ("attributes", field.key, "role"),
                    f"the role {field.role.value} is already played by {first!r}",
                    "a role belongs to one attribute",
                )

    def check_channels(self, attributes: Mapping[str, Field]) -> None:
        for key, part in self.file.channels.items():
            path: Path = ("channels", key)
            self.known((*path, "address"), part.address, attributes, "attribute")
            self.known((*path, "consent"), part.consent, attributes, "attribute")
            self.all_known((*path, "blocked_by"), part.blocked_by, attributes, "attribute")
            address = attributes.get(part.address)
            if address is not None and address.contact is None:
                self.wrong(
                    (*path, "address"),
                    f"the attribute {part.address!r} is not marked as contact data",
                    "add contact to it, so that it is masked",
                )
            flags = (("consent", part.consent), *(("blocked_by", name) for name in part.blocked_by))
            for name, wanted in flags:
                field = attributes.get(wanted or "")
                if field is not None and field.kind is not Kind.FLAG:
                    self.wrong((*path, name), f"the attribute {wanted!r} is a {field.kind}", "it must be a flag")


def _verb(words: str) -> Verb:
    lemma, _, particle = words.partition(" ")
    return Verb(lemma, particle)
