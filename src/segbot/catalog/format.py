"""The catalog file's format, as pydantic models: every key a data engineer may write, and nothing else.

Short forms are opened up here (`consent: email_ok`, `M: male`, `where: {status: paid}`), so that `build` sees one shape.
Every scalar arrives as text (see `yaml_tree`), and becomes a number or flag only where this file says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from segbot.model.catalog import Role
from segbot.model.operators import Kind

SqlType = Literal[
    "text", "integer", "numeric", "boolean", "date", "timestamp", "timestamptz", "uuid", "text[]", "jsonb", "enum"
]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Month = Literal[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
]  # fmt: skip


def _several(value: Any) -> Any:
    """One word, or a list of them."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _word(value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("empty_word", "this word is empty")
    return " ".join(value.split()) if isinstance(value, str) else value


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _as(key: str) -> BeforeValidator:
    """A short form: a bare text stands for a mapping with that one key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


def _empty_is_default(value: Any) -> Any:
    """`city:` with nothing after it is an attribute with every default."""
    return {} if value is None else value


Word = Annotated[str, BeforeValidator(_word)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_several)]
# Values as a column holds them, spaces and all.
Stored = Annotated[tuple[str, ...], BeforeValidator(_several)]
Text = Annotated[str, BeforeValidator(_word)]


class Part(BaseModel):
    """A mapping in the file. A key it does not know is a problem, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class JoinPart(Part):
    """One step to another table: `on` holds `left = right` pairs, or one column name that both tables have."""

    table: Text
    on: Words
    many: bool = False


def _steps(value: Any) -> Any:
    return (value,) if isinstance(value, dict) else () if value is None else value


class SourcePart(Part):
    """Where a value lives."""

    column: Text | None = None
    via: Annotated[tuple[JoinPart, ...], BeforeValidator(_steps)] = ()
    path: Words = ()
    type: SqlType | None = None


class ValuePart(Part):
    """One value's label and other words."""

    label: Text | None = None
    synonyms: Words = ()


def _value(value: Any) -> Any:
    """`F: female`, `F: [female, women, woman]` (the label first) and `F:` alone all stand for a label with synonyms."""
    match value:
        case None:
            return {}
        case str():
            return {"label": value}
        case [str() as label, *synonyms]:
            return {"label": label, "synonyms": synonyms}
        case []:
            return {}
        case _:
            return value


def _listed(value: Any) -> Any:
    """`values: [small, large]` lists values that are their own labels."""
    if isinstance(value, list):
        return dict.fromkeys(value) if all(isinstance(item, str) for item in value) else value
    return value


def _values_tag(value: Any) -> str:
    return "listed" if isinstance(value, list | dict) else "from"


ValueList = Annotated[dict[str, Annotated[ValuePart, BeforeValidator(_value)]], BeforeValidator(_listed)]
ValuesFrom = Literal["profiled", "standard", "standard names", "none"]
Values = Annotated[
    Annotated[ValueList, Tag("listed")] | Annotated[ValuesFrom, Tag("from")],
    Discriminator(_values_tag),
]


class FieldPart(SourcePart):
    """A customer attribute or an event's property; `like` names another one that it equals but for the keys given here."""

    like: Text | None = None
    label: Text | None = None
    kind: Kind | None = None
    role: Role | None = None
    synonyms: Words = ()
    values: Values | None = None
    more_values: bool | None = None
    ordered: bool | None = None
    unit: Text | None = None
    over: Words = ()
    under: Words = ()
    yes: Words = ()
    no: Words = ()
    contact: Literal["email", "phone", "name", "address", "none"] | None = None
    sensitive: bool = False
    history: Text | None = None
    description: Text | None = None


class WherePart(SourcePart):
    """A test that a row must pass to belong to the event at all: `is` or `is_not`, one value or several; or `is_set`."""

    is_: Stored = Field((), alias="is")
    is_not: Stored = ()
    is_set: bool | None = None


def _where(value: Any) -> Any:
    """`where: {status: paid}` is short for one test per column."""
    if isinstance(value, dict) and not {"is", "is_not", "is_set"} & value.keys():
        return [{"column": column, "is": wanted} for column, wanted in value.items()]
    return [value] if isinstance(value, dict) else () if value is None else value


class EventPart(Part):
    """Something customers do."""

    label: Text | None = None
    table: Text
    id: Text | None = None
    customer: Annotated[SourcePart, _as("column")]
    time: Annotated[SourcePart, _as("column")] | None = None
    where: Annotated[tuple[WherePart, ...], BeforeValidator(_where)] = ()
    verbs: Words = ()
    nouns: Words = ()
    actors: Words = ()
    properties: dict[str, Annotated[FieldPart, BeforeValidator(_empty_is_default)]] = {}
    amount: Text | None = None
    spend_verbs: Words = ()
    quantity: Text | None = None
    objects: Words = ()
    value_of: Text | None = None
    description: Text | None = None


class CustomersPart(Part):
    """The customer table and the words for its rows."""

    table: Text
    key: Text
    key_type: Literal["integer", "text", "uuid"] = "integer"
    noun: Text = "customer"
    plural: Text | None = None
    nouns: Words = ()
    buyers: Words = ()
    buyer_event: Text | None = None
    shown_as: Words = ()


class BasePart(Part):
    """Who is counted at all."""

    request: Text
    label: Text | None = None


class ChannelPart(Part):
    """A way to write to people."""

    label: Text | None = None
    address: Text
    consent: Text | None = None
    verbs: Words = ()
    nouns: Words = ()
    blocked_by: Words = ()


class DestinationPart(Part):
    """Where an export may go."""

    label: Text | None = None
    kind: Text
    mandatory: Words = ()
    channel: Text | None = None


class PlacesPart(Part):
    """The company's table of places with where they are."""

    table: Text
    latitude: Text = "latitude"
    longitude: Text = "longitude"
    city: Text | None = None
    state: Text | None = None
    country: Text | None = None
    postal_code: Text | None = None


class TermPart(Part):
    """A word of the house dictionary."""

    words: Words = ()
    means: Text
    note: Text | None = None


class SegmentPart(Part):
    """A ready segment, in words."""

    name: Text | None = None
    request: Text
    description: Text | None = None
    tags: Words = ()
    featured: bool = False


class PeriodPart(Part):
    """A named day (`day`) or season (`from` its first day `to` its last, both included)."""

    label: Text | None = None
    words: Words = ()
    day: Text | None = None
    from_: Text | None = Field(None, alias="from")
    to: Text | None = None


class CatalogFile(Part):
    """The whole file."""

    catalog: Literal["1"]
    name: Text
    schema_: Text | None = Field(None, alias="schema")
    timezone: Text = "UTC"
    week_starts: Annotated[Weekday, BeforeValidator(_lower)] = "monday"
    fiscal_year_starts: Annotated[Month, BeforeValidator(_lower)] = "january"
    currency: Text = "USD"
    dates: Literal["mdy", "dmy"] | None = None
    customers: CustomersPart
    base: Annotated[BasePart, _as("request")] | None = None
    attributes: dict[str, Annotated[FieldPart, BeforeValidator(_empty_is_default)]]
    events: dict[str, EventPart] = {}
    channels: dict[str, ChannelPart] = {}
    destinations: dict[str, DestinationPart] = {}
    places: PlacesPart | None = None
    dictionary: dict[str, Annotated[TermPart, _as("means")]] = {}
    segments: dict[str, Annotated[SegmentPart, _as("request")]] = {}
    calendar: dict[str, Annotated[PeriodPart, _as("day")]] = {}
    examples: Words = ()


# --- asking the format about itself -------------------------------------------------------------


def keys_of(part: type[Part]) -> tuple[str, ...]:
    """The keys a mapping of the file may have, as they are written."""
    return tuple(info.alias or name for name, info in part.model_fields.items())


def parts_in(annotation: Any) -> Iterator[tuple[str, type[Part]]]:
    """The mappings an annotation holds, and how: "one", "named" (under free keys) or "list"."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from parts_in(arguments[0])
    elif origin in (Union, UnionType):
        for option in arguments:
            yield from parts_in(option)
    elif origin is dict:
        yield from (("named", part) for _, part in parts_in(arguments[1]))
    elif origin is tuple:
        yield from (("list", part) for _, part in parts_in(arguments[0]))
    elif isinstance(annotation, type) and issubclass(annotation, Part):
        yield "one", annotation


def part_at(path: tuple[str | int, ...]) -> type[Part] | None:
    """The mapping that the format expects at a path of the file, or None where it expects none."""
    here: type[Part] | None = CatalogFile
    steps = list(path)
    while steps and here is not None:
        step = steps.pop(0)
        info = next((f for name, f in here.model_fields.items() if step in (f.alias or name, name)), None)
        if info is None:
            return None
        how, here = next(parts_in(info.annotation), ("one", None))
        if how != "one" and steps and not (how == "list" and not isinstance(steps[0], int)):
            steps.pop(0)
        elif how == "named":
            return None
    return here
