"""Places with a point that people can name: "within 50 miles of Austin", from the rows of the company's own table of places.

A city is in the middle of its rows, computed on the sphere so that one on both sides of the 180th meridian is no trouble.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from segbot.model.catalog import Catalog, Field, Place, Role


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One row of the table of places, texts as stored; `latitude` and `longitude` in degrees."""

    city: str | None
    state: str | None
    country: str | None
    postal_code: str | None
    latitude: float
    longitude: float


def places_of(catalog: Catalog, rows: Iterable[PlaceRow]) -> tuple[Place, ...]:
    """Every city and every postal code of some rows, each once, with the words it goes by in this catalog."""
    cities: dict[tuple[str, str | None, str | None], list[PlaceRow]] = {}
    codes: dict[tuple[str, str | None], list[PlaceRow]] = {}
    for row in rows:
        if row.city:
            cities.setdefault((row.city, row.state, row.country), []).append(row)
        if row.postal_code:
            codes.setdefault((row.postal_code, row.country), []).append(row)
    fields = {role: catalog.with_role(role) for role in (Role.CITY, Role.STATE, Role.COUNTRY)}
    found = [
        _place(_label(city, state or country), _city_words(fields, city, state, country), within)
        for (city, state, country), within in cities.items()
    ]
    found += [_place(code, (code,), within) for (code, _), within in codes.items()]
    return tuple(place for place in found if place is not None)


def _place(label: str, words: tuple[str, ...], rows: list[PlaceRow]) -> Place | None:
    x = y = z = 0.0
    for row in rows:
        north, east = math.radians(row.latitude), math.radians(row.longitude)
        x += math.cos(north) * math.cos(east)
        y += math.cos(north) * math.sin(east)
        z += math.sin(north)
    if math.hypot(x, y, z) < 1e-9:  # points on opposite sides of the earth have no middle
        return None
    latitude, longitude = math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
    return Place(label, words, round(latitude, 4), round(longitude, 4))


def _label(city: str, region: str | None) -> str:
    return f"{city}, {region}" if region else city


def _city_words(fields: dict[Role, Field | None], city: str, state: str | None, country: str | None) -> tuple[str, ...]:
    """Its names alone, and each with its state or country: Austin; Austin TX; Austin Texas."""
    names = dict.fromkeys(_names(fields[Role.CITY], city))
    regions = [*_names(fields[Role.STATE], state), *_names(fields[Role.COUNTRY], country)]
    return tuple(dict.fromkeys([*names, *(f"{name} {region}" for name in names for region in regions)]))


def _names(field: Field | None, stored: str | None) -> Iterator[str]:
    if stored is None:
        return
    yield stored
    entry = field.value(stored) if field is not None else None
    if entry is not None:
        yield from (entry.label, *entry.synonyms)
