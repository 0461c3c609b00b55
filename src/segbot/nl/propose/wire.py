"""The flat format in which a language model proposes: a list of conditions and a line of logic over their ids.

Flat, because providers refuse or cut recursive schemas. Everything is required; what does not apply is "none", [] or 0, so
that nothing is left out by accident. Values are strings and are read by the catalog's own kinds when lifted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from segbot.model.operators import COMPARISONS, Operator
from segbot.model.windows import Unit

NONE = "none"
MAX_CONDITIONS = 12
MAX_DOCUMENT = 60_000
"""Characters. A longer answer is not read at all."""

IDS = tuple(f"c{n}" for n in range(1, MAX_CONDITIONS + 1))
KINDS = (
    "everyone",
    "attribute",
    "event",
    "first_event",
    "last_event",
    "sequence",
    "sequence_never",
    "stopped",
    "rank",
    "versus_average",
    "reachable",
    "term",
)
WINDOWS = (NONE, "last", "next", "more_than_ago", "period", "on", "since", "before", "after", "between")
SIDES = (NONE, "top", "bottom", "above", "below")
MEASURES = (NONE, "count", "sum", "average", "minimum", "maximum", "distinct")
RANK_UNITS = (NONE, "people", "percent")
UNITS = (NONE, *(unit.value for unit in Unit))
COMPARED = (NONE, *sorted(operator.value for operator in COMPARISONS))
OFFERED = tuple(o for o in Operator if o not in (Operator.MATCHES, Operator.LENGTH))
"""The operators a proposal may use: patterns and lengths are left to people."""

_Word = Annotated[str, Field(max_length=200)]
_Line = Annotated[str, Field(max_length=400)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WireFilter(_Wire):
    """A test of one property of an event's row; `property` is "event.property"."""

    property: _Word
    operator: _Word
    values: Annotated[tuple[_Word, ...], Field(max_length=20, strict=False)]
    negated: bool


class WireWindow(_Wire):
    """A stretch of time. `start` and `end` are dates (2025, 2025-Q3, 2025-03, 2025-03-14, 03, 03-14) or named days."""

    kind: _Word
    amount: int
    unit: _Word
    start: _Word
    end: _Word


class WireCondition(_Wire):
    """One condition; which fields a kind uses is in `USED`, all others are "none", [] or 0."""

    id: _Word
    kind: _Word
    field: _Word
    operator: _Word
    values: Annotated[tuple[_Word, ...], Field(max_length=20, strict=False)]
    event: _Word
    filters: Annotated[tuple[WireFilter, ...], Field(max_length=4, strict=False)]
    measure: _Word
    measure_property: _Word
    comparison: _Word
    numbers: Annotated[tuple[_Word, ...], Field(max_length=2, strict=False)]
    side: _Word
    rank_unit: _Word
    then_event: _Word
    duration_amount: int
    duration_unit: _Word
    name: _Word
    window: WireWindow
    evidence: Annotated[tuple[_Line, ...], Field(max_length=6, strict=False)]


class WireDocument(_Wire):
    """A whole proposal."""

    conditions: Annotated[tuple[WireCondition, ...], Field(max_length=MAX_CONDITIONS, strict=False)]
    logic: _Line
    not_understood: Annotated[tuple[_Line, ...], Field(max_length=20, strict=False)]
    ambiguities: Annotated[tuple[_Line, ...], Field(max_length=6, strict=False)]


_COUNTED = frozenset({"event", "filters", "measure", "measure_property", "window"})
_RANKED = frozenset({"field", "side"}) | _COUNTED
USED: dict[str, frozenset[str]] = {
    "everyone": frozenset(),
    "attribute": frozenset({"field", "operator", "values", "window"}),
    "event": _COUNTED | {"comparison", "numbers"},
    "first_event": frozenset({"event", "filters", "window"}),
    "last_event": frozenset({"event", "filters", "window"}),
    "sequence": frozenset({"event", "filters", "then_event", "duration_amount", "duration_unit", "window"}),
    "sequence_never": frozenset({"event", "filters", "then_event", "duration_amount", "duration_unit", "window"}),
    "stopped": frozenset({"event", "filters", "duration_amount", "duration_unit"}),
    "rank": _RANKED | {"numbers", "rank_unit"},
    "versus_average": _RANKED,
    "reachable": frozenset({"name"}),
    "term": frozenset({"name"}),
}
"""Which fields of a condition each kind uses."""

_OPTIONAL = ("field", "operator", "values", "event", "filters", "measure", "measure_property", "comparison", "numbers",
             "side", "rank_unit", "then_event", "duration_amount", "duration_unit", "name")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a catalog that a proposal may use: attribute keys, event keys, event.property, channels and terms."""

    fields: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def schema(names: Names) -> dict[str, Any]:
    """The JSON Schema of a proposal over these names, in the part of the language that all providers accept."""
    word = {"type": "string"}
    whole = {"type": "integer"}
    values = {"type": "array", "items": word, "maxItems": 20}
    operators = _enum(operator.value for operator in OFFERED)
    window = _object(
        kind=_enum(WINDOWS), amount=whole, unit=_enum(UNITS), start=word, end=word
    )  # fmt: skip
    test = _object(
        property=_enum((*names.properties, NONE)), operator=operators, values=values, negated={"type": "boolean"}
    )
    condition = _object(
        id=_enum(IDS),
        kind=_enum(KINDS),
        field=_enum((*names.fields, NONE)),
        operator=_enum((*(operator.value for operator in OFFERED), NONE)),
        values=values,
        event=_enum((*names.events, NONE)),
        filters={"type": "array", "items": test, "maxItems": 4},
        measure=_enum(MEASURES),
        measure_property=_enum((*names.properties, NONE)),
        comparison=_enum(COMPARED),
        numbers={"type": "array", "items": word, "maxItems": 2},
        side=_enum(SIDES),
        rank_unit=_enum(RANK_UNITS),
        then_event=_enum((*names.events, NONE)),
        duration_amount=whole,
        duration_unit=_enum(UNITS),
        name=_enum((*names.names, NONE)),
        window=window,
        evidence={"type": "array", "items": word, "maxItems": 6},
    )
    return _object(
        conditions={"type": "array", "items": condition, "maxItems": MAX_CONDITIONS},
        logic=word,
        not_understood={"type": "array", "items": word, "maxItems": 20},
        ambiguities={"type": "array", "items": word, "maxItems": 6},
    )


def _enum(values: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(dict.fromkeys(values))}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def parse(text: str) -> WireDocument | tuple[str, ...]:
    """The document of a model's answer, or what is wrong with it."""
    if len(text) > MAX_DOCUMENT:
        return ("the answer is too long",)
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        around = "{" in text and text.strip()[:1] != "{"
        reason = "there is text around the JSON: answer with one JSON object and nothing else" if around else str(error)
        return (f"not JSON: {reason}",)
    try:
        return WireDocument.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return tuple(f"{'.'.join(map(str, e['loc'])) or '$'}: {e['msg']}" for e in found[:8])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def misused(condition: WireCondition) -> tuple[str, ...]:
    """Fields that are filled although the condition's kind does not use them: their meaning would be lost."""
    used = USED.get(condition.kind)
    if used is None:
        return (f"{condition.id}: there is no kind {condition.kind!r}",)
    wrong = [name for name in _OPTIONAL if name not in used and getattr(condition, name) not in (NONE, (), 0)]
    if "window" not in used and condition.window.kind != NONE:
        wrong.append("window")
    return tuple(f"{condition.id}: kind {condition.kind} does not use {name}; leave it empty" for name in wrong)
