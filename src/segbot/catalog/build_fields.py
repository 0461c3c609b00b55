"""Fields of the catalog file as model fields: where their values live, what their role brings along, which values they have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from segbot.catalog.format import (
    CatalogFile,
    FieldPart,
    JoinPart,
    SourcePart,
    SqlType,
    WherePart,
)
from segbot.catalog.near import did_you_mean
from segbot.catalog.standard import ROLES, WHOLE, RoleDefaults, entry_for, readable, standard_entries
from segbot.catalog.yaml_tree import Path, Tree, dotted
from segbot.errors import Problem
from segbot.model.catalog import (
    Field,
    FixedFilter,
    Join,
    Source,
    ValueEntry,
)
from segbot.model.operators import Kind

_KEY = re.compile(r"^[a-z][a-z0-9_]*$")
_PAIR = re.compile(r"^(?P<left>\S+)\s*=\s*(?P<right>\S+)$")
_NO_ROLE = RoleDefaults(Kind.TEXT)

# What a kind's column usually is, and what else it may be.
TYPES: dict[Kind, tuple[SqlType, ...]] = {
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
KEY_TYPES: tuple[SqlType, ...] = ("integer", "text", "uuid")
_ANY_TYPE: tuple[SqlType, ...] = get_args(SqlType)
_WORDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.LIST})
NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.AGE})


@dataclass
class FieldBuilder:
    """Builds fields and their sources, and collects what is wrong in them."""

    file: CatalogFile
    tree: Tree

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    # --- telling --------------------------------------------------------------------------------

    def wrong(
        self, path: Path, message: str, suggestion: str | None = None, *, key: bool = False, warning: bool = False
    ) -> None:
        line, column = self.tree.place(path, key=key)
        self.problems.append(
            Problem(line, column, dotted(path), message, suggestion, "warning" if warning else "error")
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

    def table(self, name: str) -> str:
        return f"{self.file.schema_}.{name}" if self.file.schema_ and "." not in name else name

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
            source=self.source(path, part, key, TYPES[kind]),
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
            history=self.history(path, part.history),
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

    def history(self, path: Path, name: str | None) -> tuple[str, str] | None:
        """The event and property that record the changes of an attribute: `history: tier_change.tier`."""
        if name is None:
            return None
        dated = {
            f"{event}.{key}": (event, key)
            for event, part in self.file.events.items()
            if part.time is not None
            for key in part.properties
        }
        self.known((*path, "history"), name, dated, "property of an event with a time")
        if path[0] != "attributes":
            self.wrong((*path, "history"), "only an attribute has a history", key=True)
        return dated.get(name)

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
        if kind not in NUMBERS and (part.over or part.under):
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


def _unique(words: Iterable[str], *taken: str) -> tuple[str, ...]:
    """Words without doubles (and without those already taken), whatever their case, in order."""
    seen = {word.casefold() for word in taken}
    kept: list[str] = []
    for word in words:
        if word.casefold() not in seen:
            seen.add(word.casefold())
            kept.append(word)
    return tuple(kept)
