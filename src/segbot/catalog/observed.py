"""What a live database was seen to hold: tables, columns, keys, and what the values look like. Plain data.

Values of columns that look like contact data or secrets are never part of it: for those only shares and types are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

Family: TypeAlias = Literal[
    "text",
    "integer",
    "numeric",
    "boolean",
    "date",
    "timestamp",
    "timestamptz",
    "uuid",
    "text[]",
    "jsonb",
    "enum",
    "other",
]
"""A database type as the catalog sees it; "other" are types that no field can use."""

_EMAIL = re.compile(r"(^|_)e?_?mails?(_address)?$|email")
_PHONE = re.compile(r"(^|_)(phone|mobile|cell|telephone|tel|msisdn|sms|whatsapp|fax)(_?(number|no|nr))?$")
_NAME = re.compile(
    r"^((first|last|middle|full|given|family|maiden|sur|nick|display|contact|customer|guest|user|holder)_?name|surname|forename|fname|lname)$"
)
_ADDRESS = re.compile(r"^(street|address|addr)|street|address(_?line)?_?\d?$|^ip(_address)?$")
_SECRET = re.compile(
    r"passw|pwd|secret|token|salt$|api_?key|private_key|hash$|_hash(_|$)|card_?(number|no)|cvv|iban|account_?number|pin_?code$|"
    r"^ssn$|_ssn$|social_security|passport|tax_?id|license_?(number|no)"
)
_SENSITIVE = re.compile(
    r"ethnic|race$|religio|politic|health|medical|diagnos|disab|sexual|orientation|union_member|criminal|pregnan|biometric|genetic"
)

Contact: TypeAlias = Literal["email", "phone", "name", "address"]


def contact_by_name(column: str) -> Contact | None:
    """What contact data a column holds, by its name."""
    name = _words(column)
    # an opt-in, a count or a time about e-mail holds no address
    if re.search(
        r"opt|consent|subscri|verified|valid|count|sent|status|domain|bounced|_at$|accept|permission|allow|type$", name
    ):
        return None
    if _EMAIL.search(name):
        return "email"
    if _PHONE.search(name):
        return "phone"
    if _NAME.search(name):
        return "name"
    return "address" if _ADDRESS.search(name) else None


def secret_by_name(column: str) -> bool:
    """Whether a column's name says that nobody should read it: passwords, tokens, identity and card numbers."""
    return _SECRET.search(_words(column)) is not None


def sensitive_by_name(column: str) -> bool:
    """Whether a column's name speaks of the special categories of personal data."""
    return _SENSITIVE.search(_words(column)) is not None


def _words(column: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column).lower()


@dataclass(frozen=True, slots=True)
class ObservedColumn:
    """One column: its type, and what a sample of its values looked like.

    `null_share` is 0 to 1 and `distinct` the number of different values, both within the sample (None: not looked at).
    `top` are the most frequent values with their counts, `least` and `greatest` the ends of numbers and times, as text;
    all empty for contact data and secrets. `looks_like` is what the shape of most values says.
    """

    name: str
    family: Family
    type_name: str
    null_share: float | None = None
    distinct: int | None = None
    top: tuple[tuple[str, int], ...] = ()
    least: str | None = None
    greatest: str | None = None
    looks_like: Literal["email", "phone"] | None = None
    comment: str = ""

    @property
    def contact(self) -> Contact | None:
        """What contact data it seems to hold, by name or by the look of its values."""
        return contact_by_name(self.name) or self.looks_like

    @property
    def secret(self) -> bool:
        """Whether its name says that nobody should read it."""
        return secret_by_name(self.name)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns of a table that name rows of another."""

    columns: tuple[str, ...]
    table: str
    to_columns: tuple[str, ...]


@dataclass(frozen=True)
class ObservedTable:
    """One table or view: `name` with its schema, `rows` estimated, `sampled` how many rows were looked at.

    `unique` are the column sets that the database keeps unique, the primary key first; `indexed` the columns of each index.
    """

    name: str
    rows: int
    columns: tuple[ObservedColumn, ...]
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexed: tuple[tuple[str, ...], ...] = ()
    sampled: int = 0
    comment: str = ""
    view: bool = False

    @cached_property
    def _columns(self) -> dict[str, ObservedColumn]:
        return {c.name: c for c in self.columns}

    def column(self, name: str) -> ObservedColumn | None:
        """The column of that name."""
        return self._columns.get(name)

    @property
    def short(self) -> str:
        """The name without its schema."""
        return self.name.rpartition(".")[2]

    def is_unique(self, *columns: str) -> bool:
        """Whether the database promises that these columns (or fewer of them) identify a row."""
        wanted = set(columns)
        return any(set(key) <= wanted for key in (self.primary_key, *self.unique) if key)

    def seems_unique(self, column: str) -> bool:
        """Whether no value of a column came twice in the sample (or the database promises it)."""
        seen = self.column(column)
        return self.is_unique(column) or (
            seen is not None
            and self.sampled > 0
            and seen.distinct is not None
            and not seen.null_share
            and seen.distinct >= self.sampled
        )


@dataclass(frozen=True)
class Observed:
    """A database as it was seen. `skipped` are tables that could not be read, with the reason in words."""

    tables: tuple[ObservedTable, ...]
    skipped: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _tables(self) -> dict[str, ObservedTable]:
        return {t.name: t for t in self.tables}

    def table(self, name: str) -> ObservedTable | None:
        """The table of that name; one without a schema means `public`, or the only table of that name."""
        if name in self._tables:
            return self._tables[name]
        if "." in name:
            return None
        alike = [t for t in self.tables if t.short == name]
        return self._tables.get(f"public.{name}") or (alike[0] if len(alike) == 1 else None)
