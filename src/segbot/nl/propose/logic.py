"""The line of logic over condition ids: a small precedence parser for "c1 AND (c2 OR NOT c3)".

AND and OR may not be mixed without brackets: where people disagree about precedence, a proposal must be explicit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from segbot.model.condition import Condition, all_of, any_of, negate

MAX_NESTING = 8
_TOKEN = re.compile(r"\s*(?:(\()|(\))|([A-Za-z][A-Za-z0-9]*))|\s*(\S)")


@dataclass(frozen=True, slots=True)
class Name:
    """One condition by id."""

    id: str


@dataclass(frozen=True, slots=True)
class Inverse:
    """Not."""

    part: Logic


@dataclass(frozen=True, slots=True)
class Group:
    """Two or more parts joined by "and" or "or"."""

    word: str
    parts: tuple[Logic, ...]


Logic: TypeAlias = Name | Inverse | Group


class LogicError(ValueError):
    """This line of logic can't be read."""


def parse_logic(text: str, ids: Iterable[str]) -> Logic | str:
    """The logic of a line, each id used exactly once; or what is wrong with it, as a sentence."""
    known = tuple(ids)
    try:
        reader = _Reader(_tokens(text))
        logic = reader.expression(0)
        reader.end()
    except LogicError as error:
        return f"logic: {error}"
    used = list(_names(logic))
    if strange := [name for name in used if name not in known]:
        return f"logic: {', '.join(strange)} is not the id of a condition"
    if twice := sorted({name for name in used if used.count(name) > 1}):
        return f"logic: {', '.join(twice)} is used more than once; use each id exactly once"
    if unused := [name for name in known if name not in used]:
        return f"logic: {', '.join(unused)} is not used; use each id exactly once"
    return logic


def build(logic: Logic, conditions: Mapping[str, Condition]) -> Condition:
    """The tree of a logic over lifted conditions."""
    match logic:
        case Name(id=key):
            return conditions[key]
        case Inverse(part=part):
            return negate(build(part, conditions))
        case Group(word="and", parts=parts):
            return all_of(build(part, conditions) for part in parts)
        case Group(parts=parts):
            return any_of(build(part, conditions) for part in parts)
        case _:
            assert_never(logic)


def negated_ids(logic: Logic, negative: bool = False) -> frozenset[str]:
    """The ids that stand under an odd number of NOTs."""
    match logic:
        case Name(id=key):
            return frozenset({key}) if negative else frozenset()
        case Inverse(part=part):
            return negated_ids(part, not negative)
        case Group(parts=parts):
            return frozenset().union(*(negated_ids(part, negative) for part in parts))
        case _:
            assert_never(logic)


def joins(logic: Logic, negative: bool = False) -> frozenset[str]:
    """The words that join conditions in it, "and" and "or", with their roles exchanged under NOT: neither is an "and"."""
    match logic:
        case Name():
            return frozenset()
        case Inverse(part=part):
            return joins(part, not negative)
        case Group(word=word, parts=parts):
            own = {"and": "or", "or": "and"}[word] if negative else word
            return frozenset({own}).union(*(joins(part, negative) for part in parts))
        case _:
            assert_never(logic)


def alternatives(logic: Logic, negative: bool = False) -> int:
    """How many groups are joined by "or", as written or as meant under NOT."""
    match logic:
        case Name():
            return 0
        case Inverse(part=part):
            return alternatives(part, not negative)
        case Group(word=word, parts=parts):
            own = word == "or" or negative
            return own + sum(alternatives(part, negative) for part in parts)
        case _:
            assert_never(logic)


def _names(logic: Logic) -> Iterable[str]:
    match logic:
        case Name(id=key):
            yield key
        case Inverse(part=part):
            yield from _names(part)
        case Group(parts=parts):
            for part in parts:
                yield from _names(part)
        case _:
            assert_never(logic)


def _tokens(text: str) -> list[str]:
    tokens = []
    for match in _TOKEN.finditer(text.strip()):
        if match[4]:
            raise LogicError(f"unexpected {match[4]!r}; only ids, AND, OR, NOT and brackets stand here")
        tokens.append((match[1] or match[2] or match[3]).lower())
    return tokens


_BINDING = {"or": 1, "and": 1}


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def end(self) -> None:
        """Nothing may follow."""
        if self._peek():
            raise LogicError(f"unexpected {self._peek()!r} after the end")

    def expression(self, nesting: int) -> Logic:
        """Operands joined by one word."""
        if nesting > MAX_NESTING:
            raise LogicError("nested too deeply")
        parts = [self._operand(nesting)]
        word = self._peek() if self._peek() in _BINDING else ""
        while self._peek() in _BINDING:
            if self._next() != word:
                raise LogicError("AND and OR are mixed without brackets")
            parts.append(self._operand(nesting))
        return parts[0] if len(parts) == 1 else Group(word, tuple(parts))

    def _operand(self, nesting: int) -> Logic:
        match self._next():
            case "not":
                if nesting >= MAX_NESTING:
                    raise LogicError("nested too deeply")
                return Inverse(self._operand(nesting + 1))
            case "(":
                inner = self.expression(nesting + 1)
                if self._next() != ")":
                    raise LogicError("a bracket is not closed")
                return inner
            case "":
                raise LogicError("a condition is missing at the end")
            case "and" | "or" | ")" as word:
                raise LogicError(f"a condition is missing before {word.upper()}")
            case name:
                return Name(name)
