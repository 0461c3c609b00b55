"""Trees, readings and words as the store keeps and compares them; ids."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from segbot.model import codec
from segbot.model.condition import Condition, canonical
from segbot.model.reading import Reading

_readings: TypeAdapter[Reading] = TypeAdapter(Reading)


def new_id() -> str:
    """A fresh id: 16 letters and digits, safe in buttons and links, not guessable."""
    return secrets.token_hex(8)


def comparable(words: str) -> str:
    """Words as they are compared: capitals, width of letters and spacing aside."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def fingerprint(condition: Condition) -> str:
    """The same for two trees that are the same set written differently (order, nesting, doubles); SHA-256 in hex."""
    return hashlib.sha256(codec.dumps(canonical(condition)).encode()).hexdigest()


def dump_condition(condition: Condition | None) -> dict[str, Any] | None:
    """A tree as JSON data."""
    return None if condition is None else codec.dump(condition)


def load_condition(data: Any) -> Condition | None:
    """The tree of JSON data. Raises `codec.BadTree`."""
    return None if data is None else codec.load(data)


def dump_reading(reading: Reading) -> dict[str, Any]:
    """A reading as JSON data, its trees written by the codec."""
    data = cast(dict[str, Any], _readings.dump_python(reading, mode="json"))
    trees = iter(_trees(reading))
    _each_tree(data, lambda _: dump_condition(next(trees)))
    return data


def load_reading(data: Any) -> Reading:
    """The reading of JSON data, each of its trees read strictly. Raises `codec.BadTree`."""
    _each_tree(data, lambda tree: tree if tree is None else codec.dump(codec.load(tree)))
    try:
        return _readings.validate_python(data)
    except ValidationError as error:
        raise codec.BadTree(f"not a reading: {error.errors(include_input=False, include_url=False)[:3]}") from error


def _trees(reading: Reading) -> list[Condition | None]:
    found: list[Condition | None] = [reading.condition]
    found.extend(choice.condition for assumption in reading.assumptions for choice in assumption.alternatives)
    found.extend(choice.condition for question in reading.questions for choice in question.choices)
    if reading.proposal is not None:
        found.append(reading.proposal.condition)
    return found


def _each_tree(data: dict[str, Any], change: Callable[[Any], Any]) -> None:
    """Replace each tree of a reading's JSON in place, in the order of `_trees`."""
    data["condition"] = change(data["condition"])
    for group, inner in (("assumptions", "alternatives"), ("questions", "choices")):
        for item in data[group]:
            for choice in item[inner]:
                choice["condition"] = change(choice["condition"])
    if data.get("proposal") is not None:
        data["proposal"]["condition"] = change(data["proposal"]["condition"])
