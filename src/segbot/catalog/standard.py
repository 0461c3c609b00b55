"""What a role brings along: the kind, the usual English words and the standard values, so that no company writes them again.

A catalog that says `role: state` understands "California", "Cali" and "CA" whichever of them its column holds.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

from segbot.catalog.places import COUNTRIES, STATES, Row
from segbot.model.catalog import Role, ValueEntry
from segbot.model.operators import Kind


@dataclass(frozen=True, slots=True)
class RoleDefaults:
    """What a role implies for the fields that a catalog leaves out."""

    kind: Kind
    synonyms: tuple[str, ...] = ()
    unit: str | None = None
    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    contact: Literal["email", "phone", "name", "address"] | None = None
    ordered: bool = False


_PARENTS = ("with kids", "with children", "has kids", "has children", "have kids", "have children", "parents", "parent")
_CHILDLESS = ("without kids", "without children", "no kids", "no children", "childless", "child-free", "childfree")

ROLES: dict[Role, RoleDefaults] = {
    Role.GENDER: RoleDefaults(Kind.CHOICE, ("sex",)),
    Role.AGE: RoleDefaults(Kind.AGE, ("years old", "aged", "ages"), "years", over=("older",), under=("younger",)),
    Role.BIRTH_DATE: RoleDefaults(
        Kind.DATE, ("birthday", "date of birth", "birthdate", "birth date", "dob", "born", "bday")
    ),
    Role.FIRST_NAME: RoleDefaults(Kind.TEXT, ("given name", "forename"), contact="name"),
    Role.LAST_NAME: RoleDefaults(Kind.TEXT, ("surname", "family name"), contact="name"),
    Role.FULL_NAME: RoleDefaults(Kind.TEXT, ("name",), contact="name"),
    Role.CITY: RoleDefaults(Kind.TEXT, ("town",)),
    Role.STATE: RoleDefaults(Kind.CHOICE, ("province", "region")),
    Role.COUNTRY: RoleDefaults(Kind.CHOICE, ("nation",)),
    Role.POSTAL_CODE: RoleDefaults(Kind.TEXT, ("zip", "zip code", "zipcode", "postcode", "postal code")),
    Role.LATITUDE: RoleDefaults(Kind.NUMBER),
    Role.LONGITUDE: RoleDefaults(Kind.NUMBER),
    Role.INCOME: RoleDefaults(
        Kind.MONEY, ("household income", "income", "hhi", "salary", "earnings", "earn", "earning", "make a year")
    ),
    Role.NET_WORTH: RoleDefaults(Kind.MONEY, ("net worth", "networth", "wealth", "assets")),
    Role.CHILDREN: RoleDefaults(Kind.FLAG, ("kids", "children"), yes=_PARENTS, no=_CHILDLESS),
    Role.HOME_OWNERSHIP: RoleDefaults(Kind.CHOICE, ("housing", "home ownership", "home status")),
    Role.EDUCATION: RoleDefaults(Kind.CHOICE, ("education level", "degree", "schooling"), ordered=True),
    Role.OCCUPATION: RoleDefaults(Kind.TEXT, ("job", "profession", "job title", "works as", "work as", "employed as")),
    Role.TIER: RoleDefaults(Kind.CHOICE, ("tier", "level", "status", "membership"), ordered=True),
    Role.SIGNED_UP: RoleDefaults(
        Kind.TIME,
        (
            *("signed up", "sign up", "signup", "sign-up", "joined", "join", "registered", "register"),
            *("created an account", "created their account", "made an account", "enrolled", "registration"),
        ),
    ),
    Role.LANGUAGE: RoleDefaults(Kind.CHOICE, ("preferred language", "speaks", "speak", "speaking")),
}

# label, codes a column may hold, words people say
_GENDERS = (
    ("female", ("F", "W", "woman", "2"), ("women", "woman", "females", "lady", "ladies", "gals", "lasses")),
    (
        "male",
        ("M", "man", "1"),
        (
            "men",
            "man",
            "males",
            "guy",
            "guys",
            "gentleman",
            "gentlemen",
            "chap",
            "chaps",
            "bloke",
            "blokes",
            "fellas",
            "lads",
        ),
    ),
    (
        "non-binary",
        ("X", "NB", "D", "nonbinary", "diverse"),
        ("nonbinary", "non binary", "enby", "nonbinary people", "gender X"),
    ),
)
_HOMES = (
    (
        "homeowner",
        ("owner", "own", "owned", "O", "homeowner", "owns"),
        ("homeowners", "home owner", "home owners", "owners", "house owners", "own their home", "owns a home",
         "own a home", "own a house", "own their house"),
    ),
    (
        "renter",
        ("renter", "rent", "rented", "R", "rents", "tenant"),
        ("renters", "rent", "renting", "tenants", "tenant", "rent their home", "rents"),
    ),
)  # fmt: skip
_EDUCATION = (
    ("less than high school", ("no_diploma", "less_than_high_school", "primary"), ("no diploma", "no high school")),
    (
        "high school",
        ("high_school", "hs", "secondary"),
        ("high school diploma", "high-school", "high school graduates", "hs diploma"),
    ),
    ("some college", ("some_college",), ("attended college",)),
    (
        "associate's degree",
        ("associate", "associates", "aa"),
        ("associate", "associate degree", "associates degree", "associate's"),
    ),
    (
        "bachelor's degree",
        ("bachelor", "bachelors", "ba", "bs", "bsc", "undergraduate", "college"),
        (
            "bachelor",
            "bachelors",
            "bachelor's",
            "bachelor degree",
            "bachelors degree",
            "undergraduate degree",
            "college degree",
        ),
    ),
    (
        "master's degree",
        ("master", "masters", "ma", "msc", "ms", "mba", "graduate"),
        ("master", "masters", "master's", "masters degree", "master degree", "graduate degree", "postgraduate"),
    ),
    ("professional degree", ("professional",), ("professional",)),
    (
        "doctorate",
        ("phd", "doctor", "doctorate", "doctoral"),
        ("PhD", "Ph.D.", "doctoral degree", "doctorates", "PhDs"),
    ),
)
_LANGUAGES = (
    ("English", ("en",), ("English speakers", "English-speaking")),
    ("Spanish", ("es",), ("Spanish speakers", "Spanish-speaking", "español")),
    ("French", ("fr",), ("French speakers", "French-speaking", "français")),
    ("German", ("de",), ("German speakers", "German-speaking", "Deutsch")),
    ("Italian", ("it",), ("Italian speakers", "Italian-speaking")),
    ("Portuguese", ("pt",), ("Portuguese speakers", "Portuguese-speaking")),
    ("Dutch", ("nl",), ("Dutch speakers", "Dutch-speaking")),
    ("Polish", ("pl",), ("Polish speakers", "Polish-speaking")),
    ("Swedish", ("sv",), ("Swedish speakers",)),
    ("Norwegian", ("no", "nb"), ("Norwegian speakers",)),
    ("Danish", ("da",), ("Danish speakers",)),
    ("Finnish", ("fi",), ("Finnish speakers",)),
    ("Chinese", ("zh",), ("Chinese speakers", "Mandarin")),
    ("Japanese", ("ja",), ("Japanese speakers",)),
    ("Korean", ("ko",), ("Korean speakers",)),
    ("Arabic", ("ar",), ("Arabic speakers",)),
    ("Hindi", ("hi",), ("Hindi speakers",)),
    ("Russian", ("ru",), ("Russian speakers",)),
    ("Turkish", ("tr",), ("Turkish speakers",)),
    ("Vietnamese", ("vi",), ("Vietnamese speakers",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandardValue:
    """A value that means the same everywhere: its label, the forms a column may hold it in, and words for it."""

    label: str
    stored: tuple[str, ...]
    synonyms: tuple[str, ...]


def plain(text: str) -> str:
    """Text without case, accents and punctuation, to compare what columns hold: "Côte d'Ivoire" → "cote d ivoire"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", bare.casefold()).strip()


def _places(rows: tuple[Row, ...]) -> tuple[StandardValue, ...]:
    return tuple(StandardValue(name, (code, name), words) for code, name, words in rows)


_VALUES: dict[Role, tuple[StandardValue, ...]] = {
    Role.STATE: _places(STATES),
    Role.COUNTRY: _places(COUNTRIES),
    Role.GENDER: tuple(StandardValue(*row) for row in _GENDERS),
    Role.HOME_OWNERSHIP: tuple(StandardValue(*row) for row in _HOMES),
    Role.EDUCATION: tuple(StandardValue(*row) for row in _EDUCATION),
    Role.LANGUAGE: tuple(StandardValue(*row) for row in _LANGUAGES),
}

# Roles whose standard values are a vocabulary that a catalog may take over whole.
WHOLE: frozenset[Role] = frozenset({Role.STATE, Role.COUNTRY})


@cache
def _index(role: Role) -> dict[str, StandardValue]:
    found: dict[str, StandardValue] = {}
    for value in _VALUES.get(role, ()):
        for form in (*value.stored, value.label, *value.synonyms):
            found.setdefault(plain(form), value)
    return found


def standard_value(role: Role | None, stored: str) -> StandardValue | None:
    """The standard value that a stored one means for this role: (state, "ca") is California."""
    return _index(role).get(plain(stored)) if role is not None else None


def standard_place(role: Role, stored: str) -> int | None:
    """The place of a stored value among the standard ones of its role, which run from low to high where they are ordered."""
    value = standard_value(role, stored)
    return _VALUES[role].index(value) if value is not None else None


def entry_for(role: Role | None, stored: str, label: str | None = None, synonyms: tuple[str, ...] = ()) -> ValueEntry:
    """The entry of a stored value, with the standard label and words for its role added to those given."""
    known = standard_value(role, stored)
    shown = label or (known.label if known else readable(stored))
    words = [*synonyms]
    if known is not None:
        words += [known.label, *known.synonyms]
        if role in WHOLE:
            words += known.stored
    taken = {shown.casefold(), stored.casefold()}
    unique: list[str] = []
    for word in words:
        if word.casefold() not in taken:
            taken.add(word.casefold())
            unique.append(word)
    return ValueEntry(stored, shown, tuple(unique))


def standard_entries(role: Role, form: Literal["code", "name"] = "code") -> tuple[ValueEntry, ...]:
    """The whole standard vocabulary of a role, as a column of codes (or of names) holds it."""
    return tuple(
        entry_for(role, value.stored[0] if form == "code" else value.label) for value in _VALUES[role]
    )  # stored[0] is the code


def readable(stored: str) -> str:
    """A stored value or a name as words: "gift_card" → "gift card", "homeOwner" → "home owner"; spaced text is left as it is."""
    if " " in stored or not re.search(r"[a-z]", stored):
        return stored
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", stored)
    return re.sub(r"[_\s]+", " ", spaced).strip().lower() if ("_" in stored or spaced != stored) else stored
