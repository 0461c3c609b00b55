"""Nouns for people that follow from a catalog's own values: a registered nurse is a nurse, who likes hiking is a hiker.

They only fill gaps: a word that the catalog uses itself keeps the meaning it has there.
"""

from __future__ import annotations

from collections.abc import Iterator

from segbot.model.catalog import Field, Role
from segbot.model.operators import Kind
from segbot.nl.inflect import noun_forms
from segbot.nl.lexicon.common import COMMON_WORDS

_FOLLOWERS = {
    "cycling": "cyclist", "travel": "traveler traveller", "travelling": "traveller traveler", "traveling": "traveler",
    "photography": "photographer", "golf": "golfer", "football": "footballer", "yoga": "yogi", "fishing": "angler fisher",
    "music": "musician", "fashion": "fashionista", "skating": "skater", "cooking": "cook", "reading": "reader",
    "gaming": "gamer", "food": "foodie",
}  # fmt: skip
_JOBS = {
    "physician": "doctor",
    "registered nurse": "nurse",
    "police officer": "cop policeman policewoman",
    "lawyer": "attorney solicitor",
    "software engineer": "developer programmer",
    "teacher": "schoolteacher",
    "firefighter": "fireman",
    "electrician": "sparky",
    "homemaker": "housewife househusband",
    "professor": "prof",
    "truck driver": "trucker",
    "student": "undergrad undergraduate",
    "farmer": "rancher",
    "chef": "cook",
}
_STATES = {
    "single": ("singles",),
    "divorced": ("divorcees", "divorcee"),
    "widowed": ("widowed people",),
    "retired": ("retirees", "retiree", "retired people"),
    "domestic partner": ("domestic partners", "domestic partnership", "in a domestic partnership"),
    "unemployed": ("jobless",),
    "self employed": ("self-employed people", "freelancers", "freelancer"),
}
FANS = ("fan", "lover", "enthusiast", "addict", "buff", "aficionado", "fanatic")
"""What people who like something are called."""


def people_nouns(field: Field) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Nouns for the people with some values of a customer attribute, each with those values."""
    if len(field.values) > 1_000:
        return
    if field.role is Role.OCCUPATION:
        yield from _heads(field)
    for entry in field.values:
        label = entry.label.lower()
        if field.role is Role.OCCUPATION and label in _JOBS:
            for job in _JOBS[label].split():
                for form in noun_forms(job):
                    yield form, (entry.value,)
        for word in _STATES.get(label.replace("-", " "), ()):
            yield word, (entry.value,)
        if field.kind is Kind.LIST:
            for noun in _followers(label):
                for form in noun_forms(noun):
                    yield form, (entry.value,)


_VOWELS = "aeiou"


def inhabitants(place: str) -> frozenset[str]:
    """What those who live in a place may be called, one of these by its last word: Londoners, Texans, Bostonians, New Yorkers.

    Most are no words at all, which does no harm: nobody says them. A place that is an everyday word has none (Mobile, Nice).
    """
    first, _, last = place.lower().rpartition(" ")
    if not last.isalpha() or not last.isascii() or len(last) < 4 or (not first and last in COMMON_WORDS):
        return frozenset()
    end, before = last[-1], last[-2]
    if end in "ao" and before not in _VOWELS:
        stems = {last[:-1] + "an", last + "an"}  # Atlantan, Chicagoan
        stems |= {last[:-1] + "ian"}  # Floridian
    elif end in "ao" or end == "i":
        stems = {last + "n", last + "an"}  # Philadelphian, Hawaiian
    elif last.endswith("as"):
        stems = {last[:-1] + "n"}  # Texan
    elif end == "e":
        stems = {last + "r", last[:-1] + "ian", last + "ite"}  # Seattleite
    elif end == "y":
        stems = {last[:-1] + "ian", last + "er"}
    else:
        stems = {last + "er", last + "ian", last + "ite"}  # Berliner, Bostonian, Wisconsinite
    return frozenset(f"{first} {stem}s".strip() for stem in stems) | frozenset(
        f"{first} {stem}".strip() for stem in stems
    )


def _heads(field: Field) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The last word of longer names of jobs: engineers are software engineers and civil engineers."""
    found: dict[str, list[str]] = {}
    for entry in field.values:
        first, _, head = entry.label.lower().rpartition(" ")
        if first and head.isalpha() and len(head) > 2:
            found.setdefault(head, []).append(entry.value)
    for head, values in found.items():
        for form in noun_forms(head):
            yield form, tuple(values)


def _followers(label: str) -> tuple[str, ...]:
    """Who does something for pleasure: hiking → hiker, running → runner, cycling → cyclist."""
    if label in _FOLLOWERS:
        return tuple(_FOLLOWERS[label].split())
    if label.isalpha() and label.endswith("ing") and len(label) > 5:
        return (label[:-3] + "er",)
    return ()
