"""Real values for the reader: what the database holds, merged into a catalog and kept in a file between starts.

Words that the catalog's owner wrote always win over what was seen. Contact data has no vocabulary.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from segbot.catalog.points import PlaceRow, places_of
from segbot.catalog.standard import WHOLE, entry_for, standard_value
from segbot.model.catalog import Catalog, Event, Field, ValueEntry
from segbot.model.operators import Kind

_FORMAT = 2
_WORDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.LIST})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One field whose values are to be read: `name` is the attribute's key or event.property; the rest says where it lives.

    `many` means that a row holds a list of values, `json` that the column does.
    """

    name: str
    table: str
    column: str
    path: tuple[str, ...]
    many: bool
    json: bool


@dataclass(frozen=True, slots=True)
class ProfiledValues:
    """The values of one field as stored, most frequent first, with the number of rows of its own table.

    `complete` is False when there were more values than are kept, `sampled` True when only a part of the rows was read.
    """

    values: tuple[tuple[str, int], ...]
    complete: bool = True
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """The values of a catalog's fields as of a moment (ISO 8601), with the digest of the catalog they were read for.

    `problems` name the fields that could not be read, with the reason in words.
    """

    at: str
    digest: str
    fields: dict[str, ProfiledValues] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()
    places: tuple[PlaceRow, ...] = ()

    def fresh(self, catalog: Catalog, now: datetime, keep: timedelta) -> bool:
        """Whether this still serves: made for this very catalog, and not longer ago than `keep`."""
        return self.digest == catalog.digest and now - datetime.fromisoformat(self.at) <= keep


def fields_to_profile(catalog: Catalog) -> tuple[Wanted, ...]:
    """The fields whose values are read: words that are profiled or listed, never contact data."""
    return tuple(
        Wanted(
            name,
            f.source.joins[-1].table if f.source.joins else table,
            f.source.column,
            f.source.path,
            f.kind is Kind.LIST,
            f.source.sql_type == "jsonb",
        )
        for name, table, f in _named_fields(catalog)
        if f.kind in _WORDS and f.contact is None and (f.profiled or f.values)
    )


def _named_fields(catalog: Catalog) -> Iterator[tuple[str, str, Field]]:
    for attribute in catalog.attributes:
        yield attribute.key, catalog.customers.table, attribute
    for event in catalog.events:
        for prop in event.properties:
            yield f"{event.key}.{prop.key}", event.table, prop


# --- merging ------------------------------------------------------------------------------------


def with_values(catalog: Catalog, profile: Profile) -> Catalog:
    """The catalog with the values that were seen: new ones added where the field is profiled, each with its frequency.

    The digest changes with the values, so that what was compiled from the old ones is not used.
    """
    seen = profile.fields
    attributes = tuple(_merged(a, seen.get(a.key)) for a in catalog.attributes)
    events = tuple(_merged_event(e, profile) for e in catalog.events)
    values = json.dumps(
        [[[name, seen[name].values] for name in sorted(seen)], [astuple(row) for row in profile.places]],
        ensure_ascii=False,
    )
    digest = hashlib.sha256(f"{catalog.digest}\n{values}".encode()).hexdigest()[:16]
    merged = replace(catalog, attributes=attributes, events=events, digest=digest)
    return replace(merged, places=places_of(merged, profile.places))


def _merged_event(event: Event, profile: Profile) -> Event:
    properties = tuple(_merged(p, profile.fields.get(f"{event.key}.{p.key}")) for p in event.properties)
    return replace(event, properties=properties)


def _merged(f: Field, seen: ProfiledValues | None) -> Field:
    """A field with the values that were seen in its column."""
    if seen is None or f.contact is not None or f.kind not in _WORDS:
        return f
    counts = dict(seen.values)
    known = {entry.value for entry in f.values}
    exact = seen.complete and not seen.sampled
    entries = [replace(e, rows=counts.get(e.value, 0 if exact else None)) for e in f.values]
    # a value that nobody placed has no place in an order
    if f.profiled and not (f.ordered and f.values):
        entries += [replace(entry_for(f.role, value), rows=rows) for value, rows in seen.values if value not in known]
        if f.role in WHOLE:
            entries = _in_one_form(f, entries)
    return replace(f, values=_with_own_words(entries, known), open_values=f.open_values or not seen.complete)


def _in_one_form(f: Field, entries: list[ValueEntry]) -> list[ValueEntry]:
    """Standard codes give way to the form that the column really holds: "California" was seen, so "CA" is not offered."""
    stored = {id(standard_value(f.role, e.value)) for e in entries if e.rows}
    return [e for e in entries if e.rows or id(standard_value(f.role, e.value)) not in stored]


def _with_own_words(entries: list[ValueEntry], known: set[str]) -> tuple[ValueEntry, ...]:
    """Each word means one value: the one the catalog listed, else the more frequent one."""
    ranked = sorted(entries, key=lambda e: (e.value not in known, -(e.rows or 0)))
    owner: dict[str, str] = {}
    for entry in ranked:
        if entry.value in known:
            for word in (entry.value, entry.label, *entry.synonyms):
                owner.setdefault(word.casefold(), entry.value)
    for entry in ranked:
        owner.setdefault(entry.value.casefold(), entry.value)
    for entry in ranked:
        for word in (entry.label, *entry.synonyms):
            owner.setdefault(word.casefold(), entry.value)
    return tuple(
        replace(
            e,
            label=e.label if owner[e.label.casefold()] == e.value else e.value,
            synonyms=tuple(w for w in e.synonyms if owner[w.casefold()] == e.value),
        )
        for e in entries
    )


# --- the file -----------------------------------------------------------------------------------


def save_profile(path: Path, profile: Profile) -> None:
    """Write a profile to a JSON file at once, so that a reader sees the old one or the new one, never half of one."""
    data = {
        "format": _FORMAT,
        "at": profile.at,
        "catalog": profile.digest,
        "fields": {
            name: {"values": [list(pair) for pair in v.values], "complete": v.complete, "sampled": v.sampled}
            for name, v in profile.fields.items()
        },
        "problems": [list(pair) for pair in profile.problems],
        "places": [astuple(row) for row in profile.places],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load_profile(path: Path) -> Profile | None:
    """The profile in a file, or None when there is none that can be used: it is only a cache, and is made anew."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != _FORMAT:
            return None
        datetime.fromisoformat(data["at"])
        return Profile(
            str(data["at"]),
            str(data["catalog"]),
            {
                str(name): ProfiledValues(
                    tuple((str(value), int(rows)) for value, rows in found["values"]),
                    bool(found["complete"]),
                    bool(found["sampled"]),
                )
                for name, found in data["fields"].items()
            },
            tuple((str(name), str(reason)) for name, reason in data["problems"]),
            tuple(
                PlaceRow(city, state, country, code, float(north), float(east))
                for city, state, country, code, north, east in data["places"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
