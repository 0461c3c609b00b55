"""The operators: one row each, so that the reader, the compiler, the builder, the card and the docs say the same.

Negation is not an operator: "is not", "does not contain" are `Not` around a test, because a customer without an answer
belongs to the complement (see `segbot.model.condition`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Operator(StrEnum):
    """How a value is tested."""

    IS = "is"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    MATCHES = "matches"
    DOMAIN = "domain"
    COUNTRY_CODE = "country_code"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    BETWEEN = "between"
    IS_SET = "is_set"
    WITHIN = "within"
    ANNIVERSARY = "anniversary"
    HAS_ANY = "has_any"
    HAS_ALL = "has_all"
    LENGTH = "length"


MOST_ENTRIES = 1000
"""The upper end of a list's length where none was said: at least 3 interests are 3 to 1,000 of them."""


class Kind(StrEnum):
    """What a value is: decides the operators, the widgets and the words."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    FLAG = "flag"
    LIST = "list"
    EMAIL = "email"
    PHONE = "phone"
    AGE = "age"


_WORDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE})
_NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.AGE})
_DATES = frozenset({Kind.DATE, Kind.TIME})


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """One operator: how many values it takes, of which kinds of attribute, and its English (with {0}, {1} for values)."""

    key: Operator
    least: int
    most: int | None
    kinds: frozenset[Kind]
    phrase: str
    negated: str
    window: bool = False


OPERATORS: dict[Operator, OperatorRow] = {
    row.key: row
    for row in (
        OperatorRow(Operator.IS, 1, None, _WORDS | _NUMBERS | {Kind.FLAG}, "is {0}", "is not {0}"),
        OperatorRow(Operator.CONTAINS, 1, None, _WORDS, "contains {0}", "does not contain {0}"),
        OperatorRow(Operator.STARTS_WITH, 1, None, _WORDS, "starts with {0}", "does not start with {0}"),
        OperatorRow(Operator.ENDS_WITH, 1, None, _WORDS, "ends with {0}", "does not end with {0}"),
        OperatorRow(Operator.MATCHES, 1, 1, _WORDS, "matches {0}", "does not match {0}"),
        OperatorRow(Operator.DOMAIN, 1, None, frozenset({Kind.EMAIL}), "is at domain {0}", "is not at domain {0}"),
        OperatorRow(
            Operator.COUNTRY_CODE,
            1,
            None,
            frozenset({Kind.PHONE}),
            "has country code {0}",
            "does not have country code {0}",
        ),
        OperatorRow(Operator.GT, 1, 1, _NUMBERS, "is over {0}", "is not over {0}"),
        OperatorRow(Operator.GE, 1, 1, _NUMBERS, "is at least {0}", "is not at least {0}"),
        OperatorRow(Operator.LT, 1, 1, _NUMBERS, "is under {0}", "is not under {0}"),
        OperatorRow(Operator.LE, 1, 1, _NUMBERS, "is at most {0}", "is not at most {0}"),
        OperatorRow(Operator.BETWEEN, 2, 2, _NUMBERS, "is between {0} and {1}", "is not between {0} and {1}"),
        OperatorRow(Operator.IS_SET, 0, 0, frozenset(Kind), "is set", "is not set"),
        OperatorRow(Operator.WITHIN, 0, 0, _DATES, "is {0}", "is not {0}", window=True),
        OperatorRow(
            Operator.ANNIVERSARY,
            0,
            0,
            _DATES,
            "has its anniversary {0}",
            "does not have its anniversary {0}",
            window=True,
        ),
        OperatorRow(Operator.HAS_ANY, 1, None, frozenset({Kind.LIST}), "has any of {0}", "has none of {0}"),
        OperatorRow(Operator.HAS_ALL, 1, None, frozenset({Kind.LIST}), "has all of {0}", "lacks one of {0}"),
        OperatorRow(
            Operator.LENGTH,
            2,
            2,
            frozenset({Kind.LIST}),
            "has {0} to {1} entries",
            "does not have {0} to {1} entries",
        ),
    )
}

COMPARISONS = frozenset({Operator.IS, Operator.GT, Operator.GE, Operator.LT, Operator.LE, Operator.BETWEEN})


def operators_for(kind: Kind) -> tuple[OperatorRow, ...]:
    """The operators that fit an attribute of this kind, in the order people expect them."""
    return tuple(row for row in OPERATORS.values() if kind in row.kinds)
