"""Trees to JSON and back, with one format number and the JSON Schema of it.

Used by the store, by `segbot ask` and for a language model's proposal. Loading is strict: an unknown key, operator or
shape is an error with its path, never a condition that vanishes.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from segbot.model import condition as conditions
from segbot.model import windows
from segbot.model.condition import MAX_DEPTH, Condition

FORMAT = 1
"""The number of the JSON format. It changes only with a migration of stored trees."""

_conditions: TypeAdapter[Condition] = TypeAdapter(Condition)

_FIELDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    str(cls.__dataclass_fields__["kind"].default): (
        frozenset(f.name for f in dataclasses.fields(cls)),
        frozenset(
            f.name
            for f in dataclasses.fields(cls)
            if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        ),
    )
    for module in (conditions, windows)
    for cls in vars(module).values()
    if isinstance(cls, type) and dataclasses.is_dataclass(cls) and "kind" in cls.__dataclass_fields__
}


_LARGEST = 10**300  # what is beyond is no longer a float; nor are infinity and "not a number"


class BadTree(ValueError):
    """This stored condition can't be read: it was written by another version, or changed by hand."""


def dump(condition: Condition) -> dict[str, Any]:
    """A tree as plain JSON data; a None is left out."""
    return cast(dict[str, Any], _conditions.dump_python(condition, mode="json", exclude_none=True))


def load(data: object) -> Condition:
    """The tree of plain JSON data. Raises `BadTree` with the path of each error."""
    if not isinstance(data, dict):
        raise BadTree("$: a condition is a JSON object")
    _check_keys(data, "$", 0)
    try:
        return _conditions.validate_python(data)
    except ValidationError as error:
        raise BadTree(_explain(error)) from error


def dumps(condition: Condition) -> str:
    """A tree as canonical JSON text: the same tree always gives the same text."""
    return json.dumps(dump(condition), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def loads(text: str) -> Condition:
    """The tree of JSON text."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadTree(f"not JSON: {error}") from error
    return load(data)


def schema() -> dict[str, Any]:
    """The JSON Schema of a tree."""
    return {"$comment": f"segbot condition, format {FORMAT}", **_conditions.json_schema()}


def _check_keys(data: object, path: str, level: int) -> None:
    # Done before pydantic: it ignores keys that a dataclass does not know, and fills a missing kind with the default.
    if level > 6 * MAX_DEPTH:
        raise BadTree(f"{path}: nested too deeply")
    if isinstance(data, list | tuple):
        for index, item in enumerate(data):
            _check_keys(item, f"{path}[{index}]", level + 1)
    elif isinstance(data, dict):
        kind = data.get("kind")
        if not isinstance(kind, str) or kind not in _FIELDS:
            raise BadTree(f"{path}: unknown kind {kind!r}")
        known, needed = _FIELDS[kind]
        if unknown := set(map(str, data)) - known:
            raise BadTree(f"{path}: {kind} has no {', '.join(sorted(unknown))}")
        if missing := needed - set(data):
            raise BadTree(f"{path}: {kind} needs {', '.join(sorted(missing))}")
        for key, item in data.items():
            _check_keys(item, f"{path}.{key}", level + 1)
    elif isinstance(data, int | float) and not abs(data) < _LARGEST:
        raise BadTree(f"{path}: not a number of at most 300 digits")


def _explain(error: ValidationError) -> str:
    # A union reports the errors of every member; those whose kind did not match are noise.
    errors = error.errors(include_url=False)
    other = {e["loc"][:-1] for e in errors if e["type"] == "literal_error" and e["loc"][-1:] == ("kind",)}
    real = [e for e in errors if not any(e["loc"][: len(prefix)] == prefix for prefix in other)]
    lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in real or errors[:1]]
    return "; ".join(lines[:5])
