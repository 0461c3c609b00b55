"""From the file's format to the model: short forms resolved, role defaults added, every cross-reference checked.

Problems are collected, never raised one by one: a person mends a file in one go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args
from zoneinfo import available_timezones

from segbot.catalog.days import EXAMPLES, parse_day
from segbot.catalog.format import (
    CatalogFile,
    EventPart,
    FieldPart,
    JoinPart,
    Month,
    PeriodPart,
    SourcePart,
    SqlType,
    Weekday,
    WherePart,
)
from segbot.catalog.near import did_you_mean
from segbot.catalog.standard import ROLES, WHOLE, RoleDefaults, entry_for, readable, standard_entries
from segbot.catalog.yaml_tree import Path, Tree, dotted
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
    FixedFilter,
    Join,
    NamedPeriod,
    Role,
    SmartSegment,
    Source,
    Term,
    ValueEntry,
    Verb,
)
from segbot.model.operators import Kind

_KEY = re.compile(r"^[a-z][a-z0-9_]*$")
_PAIR = re.compile(r"^(?P<left>\S+)\s*=\s*(?P<right>\S+)$")
_NO_ROLE = RoleDefaults(Kind.TEXT)

# What a kind's column usually is, and what else it may be.
_TYPES: dict[Kind, tuple[SqlType, ...]] = {
    Kind.TEXT: ("text", "uuid", "integer", "jsonb", "enum"),
    Kind.CHOICE: ("text", "integer", "boolean", "uuid", "jsonb", "enum"),
    Kind.NUMBER: ("numeric", "integer", "jsonb"),
    Kind.MONEY: ("numeric", "integer", "jsonb"),
    Kind.DATE: ("date", "timestamp", "timestamptz"),
    Kind.TIME: ("timestamptz", "timestamp", "date"),
    # "Y" and "N", 1 and 0, or the day it became true.
    Kind.FLAG: ("boolean", "integer", "numeric", "text", "date", "timestamp", "timestamptz", "jsonb"),
    Kind.LIST: ("text[]", "jsonb"),
    Kind.EMAIL: ("text",),
    Kind.PHONE: ("text",),
    Kind.AGE: ("date", "timestamp", "timestamptz", "integer", "numeric"),
}
_ANY_TYPE: tuple[SqlType, ...] = get_args(SqlType)
_WORDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.LIST})
_NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.AGE})
_MONTHS: tuple[Month, ...] = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def build(file: CatalogFile, tree: Tree, digest: str) -> tuple[Catalog, tuple[Problem, ...]]:
    """The catalog of a well-formed file, and the problems in what it says (only warnings leave it usable)."""
    builder = _Builder(file, tree)
    return builder.catalog(digest), tuple(builder.problems)


@dataclass
class _Builder:
    file: CatalogFile
    tree: Tree

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    # --- telling --------------------------------------------------------------------------------

    def wrong(
        self, path: Path, message: str, suggestion: str | None = None, *, key: bool = False, warning: bool = False
    ) -> None:
        line, column = self.tree.place(path, key=key)
        severity = "warning" if warning else "error"
        self.problems.append(
            Problem(line, column, dotted(path), message, suggestion, "warning" if severity == "warning" else "error")
        )

    def known(self, path: Path, name: str | None, names: Iterable[str], what: str) -> None:
        """A name that refers to something else in the file must exist there."""
        choices = tuple(names)
        if name is not None and name not in choices:
            hint = did_you_mean(name, choices) or (f"there is {', '.join(choices[:5])}" if choices else None)
            self.wrong(path, f"there is no {what} {name!r}", hint)

    def all_known(self, path: Path, names: Iterable[str], choices: Iterable[str], what: str) -> None:
        listed = tuple(choices)
        for i, name in enumerate(names):
            self.known((*path, i), name, listed, what)

    def good_keys(self, path: Path, keys: Iterable[str]) -> None:
        for key in keys:
            if not _KEY.match(key):
                better = re.sub(r"[^a-z0-9]+", "_", key.lower()).strip("_")
                hint = f"write {better!r}" if _KEY.match(better) else None
                self.wrong((*path, key), "a key is lower-case letters, digits and _", hint, key=True)

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
            base=file.base.request if file.base else "",
            base_label=(file.base.label or file.base.request) if file.base else "",
            currency=file.currency.upper(),
            date_order=file.dates,
            examples=file.examples,
            digest=digest,
        )

    def table(self, name: str) -> str:
        return f"{self.file.schema_}.{name}" if self.file.schema_ and "." not in name else name

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

    # --- fields ---------------------------------------------------------------------------------

    def field(self, path: Path, key: str, part: FieldPart) -> Field:
        """An attribute or property with what its role implies."""
        values_path = (*path, "values")
        if part.like is not None:
            part, values_path = self.likeness(path, part, part.like)
        implied = ROLES[part.role] if part.role else _NO_ROLE
        kind = part.kind or implied.kind
        contact = (
            part.contact
            or implied.contact
            or ("email" if kind is Kind.EMAIL else "phone" if kind is Kind.PHONE else None)
        )
        hidden = contact is not None and contact != "none"
        values, profiled, open_values = self.values(values_path, part, kind, hidden)
        self.check_field(path, part, kind)
        label = part.label or readable(key).replace("_", " ").capitalize()
        return Field(
            key=key,
            label=label,
            kind=kind,
            source=self.source(path, part, key, _TYPES[kind]),
            synonyms=_unique((*part.synonyms, *implied.synonyms), label, key),
            values=values,
            open_values=open_values,
            ordered=bool(values) and implied.ordered if part.ordered is None else part.ordered,
            unit=part.unit or implied.unit,
            over=_unique((*part.over, *implied.over)),
            under=_unique((*part.under, *implied.under)),
            yes=_unique((*part.yes, *implied.yes)) if kind is Kind.FLAG else (),
            no=_unique((*part.no, *implied.no)) if kind is Kind.FLAG else (),
            role=part.role,
            contact=None if contact == "none" else contact,
            sensitive=part.sensitive,
            profiled=profiled,
            description=part.description or "",
        )

    def likeness(self, path: Path, part: FieldPart, name: str) -> tuple[FieldPart, Path]:
        """A field that is like another one (`item.category`, or an attribute), and the place of the values it has."""
        event, _, key = name.rpartition(".")
        given = (
            self.file.events[event].properties if event in self.file.events else {} if event else self.file.attributes
        )
        model = given.get(key)
        everything = [
            *self.file.attributes,
            *(f"{e}.{p}" for e, part in self.file.events.items() for p in part.properties),
        ]
        self.known((*path, "like"), name, everything, "field")
        if model is None:
            return part, (*path, "values")
        if model.like is not None:
            self.wrong((*path, "like"), f"{name!r} is itself like another one", f"write `like: {model.like}`")
            return part, (*path, "values")
        own = {k: getattr(part, k) for k in part.model_fields_set - {"like"}}
        base: Path = ("events", event, "properties", key) if event else ("attributes", key)
        merged = model.model_copy(update={"column": model.column or key, **own})
        return merged, ((*path, "values") if "values" in own else (*base, "values"))

    def values(
        self, here: Path, part: FieldPart, kind: Kind, contact: bool
    ) -> tuple[tuple[ValueEntry, ...], bool, bool]:
        """The values known from the file, whether the database is asked for more, and whether others may exist."""
        given = part.values
        if kind not in _WORDS or contact:
            if given is not None and given != "none":
                self.wrong(
                    here, f"a {kind} has no values" if not contact else "contact data is never listed or sampled"
                )
            return (), False, kind in (Kind.EMAIL, Kind.PHONE) or contact
        match given:
            case dict():
                for stored, value in given.items():
                    if not stored.strip():
                        self.wrong((*here, stored), "a value must not be empty", key=True)
                    if value.label is None and value.synonyms:
                        self.wrong(
                            (*here, stored), "words without a label", "write the label first: [label, word, ...]"
                        )
                entries = tuple(entry_for(part.role, stored, v.label, v.synonyms) for stored, v in given.items())
                more = bool(part.more_values)
                return self.without_doubles(here, entries), more, more
            case "standard" | "standard names":
                if part.role not in WHOLE:
                    fit = " and ".join(sorted(role.value for role in WHOLE))
                    self.wrong(here, "there are no standard values for this role", f"roles with standard values: {fit}")
                    return (), False, True
                form = "code" if given == "standard" else "name"
                return standard_entries(part.role, "code" if form == "code" else "name"), True, True
            case "none":
                return (), False, True
            case "profiled":
                return (), True, True
            case None:
                known = standard_entries(part.role) if part.role in WHOLE else ()
                return known, True, True
            case _:
                raise TypeError(f"unexpected values {given!r}")

    def without_doubles(self, path: Path, entries: tuple[ValueEntry, ...]) -> tuple[ValueEntry, ...]:
        """Each word means one value: what a person gave stays, a standard word that another value has is dropped."""
        given = self.tree_words(path)
        owner: dict[str, str] = {}
        for entry in entries:
            for word in (entry.value, entry.label, *given.get(entry.value, ())):
                first = owner.setdefault(word.casefold(), entry.value)
                if first != entry.value:
                    self.wrong(
                        (*path, entry.value), f"the word {word!r} already means {first!r}", "remove one", key=True
                    )
        return tuple(
            ValueEntry(
                entry.value,
                entry.label,
                tuple(w for w in entry.synonyms if owner.get(w.casefold(), entry.value) == entry.value),
            )
            for entry in entries
        )

    def tree_words(self, path: Path) -> Mapping[str, tuple[str, ...]]:
        """The words that the file itself gives each value at a path."""
        part: FieldPart | None = None
        match path:
            case ("attributes", str(key), "values"):
                part = self.file.attributes.get(key)
            case ("events", str(event), "properties", str(key), "values"):
                part = self.file.events[event].properties.get(key)
            case _:
                part = None
        values = part.values if part is not None and isinstance(part.values, dict) else {}
        return {stored: value.synonyms for stored, value in values.items()}

    def check_field(self, path: Path, part: FieldPart, kind: Kind) -> None:
        self.good_keys(path[:-1], (str(path[-1]),))
        if kind is not Kind.FLAG and (part.yes or part.no):
            word = "yes" if part.yes else "no"
            self.wrong((*path, word), "only a flag has words for yes and no", "kind: flag", key=True)
        if kind not in _NUMBERS and (part.over or part.under):
            word = "over" if part.over else "under"
            self.wrong((*path, word), "only a number is over or under something", key=True)
        if part.ordered and not isinstance(part.values, dict) and not (part.role and ROLES[part.role].ordered):
            self.wrong((*path, "ordered"), "ordered values must be listed, from low to high", "list them under values")
        if part.more_values is not None and not isinstance(part.values, dict):
            self.wrong((*path, "more_values"), "this only says something about listed values", key=True)

    # --- sources --------------------------------------------------------------------------------

    def source(self, path: Path, part: SourcePart, default: str | None, types: tuple[SqlType, ...]) -> Source:
        """A column with its joins; the key is the column's name unless the file says another."""
        column = part.column or default
        if column is None:
            self.wrong(path, "no column is named", "add column")
            column = ""
        if "." in column:
            self.wrong((*path, "column"), f"{column!r} names a table", "put the table under via")
        sql_type = part.type or ("jsonb" if part.path and "jsonb" in types else types[0])
        if sql_type not in types and not part.path:
            self.wrong(
                (*path, "type"), f"a column of type {sql_type} can't be used here", f"use one of {', '.join(types)}"
            )
        joins = tuple(self.join((*path, "via", i), join) for i, join in enumerate(part.via))
        return Source(column, joins, part.path, sql_type)

    def join(self, path: Path, part: JoinPart) -> Join:
        pairs: list[tuple[str, str]] = []
        for text in part.on:
            pair = _PAIR.match(text)
            if pair is None and not re.fullmatch(r"\S+", text):
                self.wrong((*path, "on"), f"{text!r} is not a pair of columns", "write `left = right`")
            pairs.append((pair["left"], pair["right"]) if pair else (text, text))
        if not pairs:
            self.wrong((*path, "on"), "no columns to join on", "write `left = right`")
            pairs = [("", "")]
        (left, right), *also = pairs
        return Join(self.table(part.table), left, right, part.many, tuple(also))

    def fixed(self, path: Path, part: WherePart) -> FixedFilter:
        if sum((bool(part.is_), bool(part.is_not), part.is_set is not None)) != 1:
            self.wrong(path, "say either `is`, `is_not` or `is_set`")
        if part.is_set is not None:
            return FixedFilter(self.source(path, part, None, _ANY_TYPE), (), negated=not part.is_set)
        source = self.source(path, part, None, ("text", "integer", "boolean", "uuid", "numeric", "jsonb", "enum"))
        values = part.is_ or part.is_not
        typed = tuple(self.typed(path, value, source) for value in values)
        return FixedFilter(source, typed, negated=bool(part.is_not))

    def typed(self, path: Path, text: str, source: Source) -> str | int | bool:
        """A row filter's value in its column's own type."""
        match source.sql_type:
            case "boolean":
                if text.lower() not in ("true", "false"):
                    self.wrong(path, f"{text!r} is neither true nor false")
                return text.lower() == "true"
            case "integer":
                if not re.fullmatch(r"-?\d+", text):
                    self.wrong(path, f"{text!r} is not a whole number")
                    return 0
                return int(text)
            case _:
                return text

    # --- events ---------------------------------------------------------------------------------

    def event(self, path: Path, key: str, part: EventPart) -> Event:
        self.good_keys(path[:-1], (key,))
        properties = tuple(self.field((*path, "properties", name), name, p) for name, p in part.properties.items())
        kinds = {p.key: p.kind for p in properties}
        for name, wanted in (("amount", part.amount), ("quantity", part.quantity)):
            self.known((*path, name), wanted, kinds, "property")
            if wanted in kinds and kinds[wanted] not in _NUMBERS:
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
            customer=self.source((*path, "customer"), part.customer, None, ("integer", "text", "uuid"))
            if part.customer.type
            else self.source(
                (*path, "customer"),
                part.customer.model_copy(update={"type": self.file.customers.key_type}),
                None,
                ("integer", "text", "uuid"),
            ),
            time=self.source((*path, "time"), part.time, None, _TYPES[Kind.TIME]) if part.time else None,
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


def _unique(words: Iterable[str], *taken: str) -> tuple[str, ...]:
    """Words without doubles (and without those already taken), whatever their case, in order."""
    seen = {word.casefold() for word in taken}
    kept: list[str] = []
    for word in words:
        if word.casefold() not in seen:
            seen.add(word.casefold())
            kept.append(word)
    return tuple(kept)
