"""One column as a field of a drafted catalog: its kind, role, words and values, or why it is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from segbot.catalog.observed import ObservedColumn, ObservedTable, sensitive_by_name
from segbot.catalog.shape import holds_people
from segbot.catalog.standard import ROLES, WHOLE, readable, standard_place, standard_value
from segbot.catalog.wording import plural, singular, snake
from segbot.model.catalog import Role
from segbot.model.operators import Kind

Entry: TypeAlias = "str | bool | list[Entry] | dict[str, Entry]"
"""What a drafted file is made of."""

_ROLES: tuple[tuple[str, Role], ...] = (
    (r"^(gender|sex)(_code)?$", Role.GENDER),
    (r"^(birth_?date|date_of_birth|dob|birthday|born_on|born)$", Role.BIRTH_DATE),
    (r"^age(_years)?$", Role.AGE),
    (r"^(first|given|fore)_?name$|^fname$", Role.FIRST_NAME),
    (r"^(last|family|sur)_?name$|^lname$", Role.LAST_NAME),
    (r"^(full_?name|name|display_name|customer_name|guest_name|holder_name)$", Role.FULL_NAME),
    (r"^(home_|billing_|mailing_|residence_)?city(_name)?$|^town$", Role.CITY),
    (r"^(home_|billing_|mailing_|residence_)?(state|province|region)(_code|_name)?$", Role.STATE),
    (r"^(home_|billing_|mailing_|residence_)?(country|nation|nationality)(_code|_name|_iso)?$", Role.COUNTRY),
    (r"^(home_|billing_|mailing_)?(zip|zip_?code|post_?code|postal_?code)$", Role.POSTAL_CODE),
    (r"^lat(itude)?$", Role.LATITUDE),
    (r"^(lon|lng|long)(gitude)?$", Role.LONGITUDE),
    (r"income", Role.INCOME),
    (r"net_?worth", Role.NET_WORTH),
    (r"^(has_(kids|children)|is_parent|parent|children_present)$", Role.CHILDREN),
    (r"home_?owner(ship)?|housing_(status|type)|residence_type", Role.HOME_OWNERSHIP),
    (r"^education|degree$", Role.EDUCATION),
    (r"occupation|profession|^job(_title)?$", Role.OCCUPATION),
    (r"(loyalty|member|membership|status|reward|club)_?(tier|level|grade)|^tier$", Role.TIER),
    (
        r"sign(ed)?_?up(_(at|on|date|time|ts))?$|^(joined|registered|enrolled|created)(_(at|on|date|time|ts))$|"
        r"^(join|registration|member_since|enrollment|customer_since|since)(_date)?$",
        Role.SIGNED_UP,
    ),
    (r"language|locale", Role.LANGUAGE),
)  # fmt: skip
_MONEY = re.compile(
    r"amount|price|total$|revenue|spend|spent|cost|fee|salary|premium|balance|payment|payout|_usd|_eur|_gbp|lifetime_value|"
    r"^(ltv|clv|mrr|arr|net|gross|rate)$|_(ltv|mrr|arr|net|gross|paid|due|value)$|discount|tax$|refund|reserve|deductible|sum_insured"
)
_AUDIT = re.compile(
    r"^(created|updated|modified|inserted|loaded|synced|last_modified|last_updated)_(at|on|date|time|ts|by)$|^_|etl|"
    r"^(created|updated|modified)_by$|row_(hash|number|version)|^batch_id$|surrogate|is_current$|^version$|dw_|^valid_(from|to|until)$"
)
_IDENTIFIER = re.compile(r"(^|_)(id|key|sk|uuid|hash|token|ref|reference|number|no|nr)$")
_FREE_TEXT = re.compile(
    r"note|comment|description|message|body|remark|^text$|subject|url$|_url|uri$|user_agent|image|avatar|payload|^content$|json|html"
)
# How flags are kept in columns of text.
_FLAGS = ({"y", "n"}, {"yes", "no"}, {"t", "f"}, {"true", "false"})
_TIMES = frozenset({"date", "timestamp", "timestamptz"})
_MOST_LISTED = 25
_MOST_CHOICES = 60
_LONGEST_LABEL = 40

_SHORT = (
    ("ltv", "lifetime value"),
    ("clv", "lifetime value"),
    ("mrr", "monthly recurring revenue"),
    ("arr", "annual recurring revenue"),
    ("csat", "satisfaction"),
)

# Orders of words that mean "more" to the right.
_SCALES = (
    ("bronze", "silver", "gold", "platinum", "diamond"),
    ("basic", "standard", "plus", "premium"),
    ("free", "starter", "basic", "pro", "professional", "business", "team", "enterprise"),
    ("low", "medium", "high"),
    ("low", "normal", "medium", "high", "urgent", "critical"),
    ("small", "medium", "large"),
    ("classic", "silver", "gold", "platinum"),
    ("member", "silver", "gold", "platinum", "titanium", "diamond", "ambassador"),
)


@dataclass(frozen=True)
class Guess:
    """A drafted field: its key and entry in the file, a remark for the reader of the draft, and the role it plays."""

    key: str
    entry: dict[str, Entry]
    kind: Kind
    remark: str = ""
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that the draft does not use, and why."""

    column: str
    reason: str


def guess(table: ObservedTable, column: ObservedColumn, *, person: bool) -> Guess | LeftOut:
    """What a column seems to be. Roles belong to people (`person`), not to the rows of an event."""
    name = snake(column.name)
    if column.secret:
        return LeftOut(column.name, "it looks like a secret")
    if column.family == "other":
        return LeftOut(column.name, f"{column.type_name} can't be used")
    if column.family == "jsonb":
        return LeftOut(column.name, "it is JSON; add the keys you need with `path`")
    if _AUDIT.search(name) and _role(name, column) is not Role.SIGNED_UP:
        return LeftOut(column.name, "it looks technical")
    if column.null_share == 1.0 and table.sampled > 0:
        return LeftOut(column.name, "it is empty")
    if column.family == "text" and column.distinct == 1 and table.sampled > 1 and column.contact is None:
        return LeftOut(column.name, "it had only one value in the sample")
    role = _role(name, column) if person else None
    if role is Role.FULL_NAME and name == "name" and not holds_people(table.name):
        role = None  # a plan's name, not a person's
    kind, entry = _kind(table, column, name, role)
    if kind is None:
        named = _IDENTIFIER.search(name) or column.family != "text"
        return LeftOut(column.name, "it looks like an identifier" if named else "it looks like free text")
    if role is not None and not _plays(role, kind):
        role = None
    if role is not None:
        entry = {"role": role.value, **({} if ROLES[role].kind is kind else {"kind": kind.value}), **entry}
    else:
        entry = {"kind": kind.value, **entry}
    contact = column.contact if person or column.looks_like else None
    if contact is not None and kind not in (Kind.EMAIL, Kind.PHONE) and kind is Kind.TEXT:
        if role is None or ROLES[role].contact != contact:
            entry["contact"] = contact
    elif column.looks_like is None and kind is Kind.TEXT and column.contact is not None:
        entry["contact"] = column.contact
    implied = ROLES[role].contact if role is not None else None
    if implied is not None or "contact" in entry:
        for listed in ("values", "more_values", "ordered"):
            entry.pop(listed, None)
    if sensitive_by_name(column.name):
        entry["sensitive"] = True
    label = _label_of(name, role)
    if label is not None:
        entry["label"] = label
    _synonyms(name, kind, entry)
    return Guess(name, entry, kind, _remark(table, column, kind), role)


def _label_of(name: str, role: Role | None) -> str | None:
    """A label that reads better than the column's name: no "code", no "at"."""
    if role is Role.SIGNED_UP:
        return "Sign-up date"
    if role in (Role.FIRST_NAME, Role.LAST_NAME, Role.FULL_NAME, Role.POSTAL_CODE):
        return None
    shorter = re.sub(r"(?<=[a-z])_(code|name|iso|at|ts)$", "", name)
    return shorter.replace("_", " ").capitalize() if shorter != name and not shorter.endswith("_id") else None


def _role(name: str, column: ObservedColumn) -> Role | None:
    role = next((role for pattern, role in _ROLES if re.search(pattern, name)), None)
    # a name that few people share is a name; one of a handful of values is a category
    if role is Role.FULL_NAME and column.family != "text":
        return None
    return role


def _plays(role: Role, kind: Kind) -> bool:
    """Whether a column of this kind can play the role."""
    wanted = ROLES[role].kind
    alike = (
        {Kind.TEXT, Kind.CHOICE},
        {Kind.DATE, Kind.TIME},
        {Kind.NUMBER, Kind.MONEY},
    )
    return kind is wanted or any(kind in group and wanted in group for group in alike)


def _kind(
    table: ObservedTable, column: ObservedColumn, name: str, role: Role | None
) -> tuple[Kind | None, dict[str, Entry]]:
    """The kind of a column and the entries that go with it; None for text and numbers that nobody would ask for."""
    family = column.family
    match family:
        case "boolean":
            return Kind.FLAG, {}
        case "date":
            return Kind.DATE, {}
        case "timestamptz":
            return Kind.TIME, {}
        case "timestamp":
            return Kind.TIME, {"type": "timestamp"}
        case "text[]":
            return Kind.LIST, _listed(column, role, ordered=False)
        case "uuid":
            return None, {}
        case "integer" | "numeric":
            return _number(column, name, role)
        case "enum":
            return Kind.CHOICE, {"type": "enum", **_listed(column, role, ordered=True)}
        case _:
            return _text(table, column, name, role)


def _number(column: ObservedColumn, name: str, role: Role | None) -> tuple[Kind | None, dict[str, Entry]]:
    whole: dict[str, Entry] = {"type": "integer"} if column.family == "integer" else {}
    if role is Role.AGE:
        return Kind.AGE, {"type": column.family}
    if role in (Role.INCOME, Role.NET_WORTH) or _MONEY.search(name):
        return Kind.MONEY, whole
    if (
        re.search(r"(^|_)(is|has|was|can|opt_in|opted_in|flag|ind)(_|$)", name)
        and {v for v, _ in column.top} <= {"0", "1"}
        and column.top
    ):
        return Kind.FLAG, {"type": "integer"} if column.family == "integer" else {}
    if re.search(r"(^|_)(id|key|sk|uuid|number|no|nr|code)$", name):
        return None, {}
    return Kind.NUMBER, whole


def _text(
    table: ObservedTable, column: ObservedColumn, name: str, role: Role | None
) -> tuple[Kind | None, dict[str, Entry]]:
    if column.contact == "email" or column.looks_like == "email":
        return Kind.EMAIL, {}
    if column.contact == "phone" or column.looks_like == "phone":
        return Kind.PHONE, {}
    if column.contact is not None:
        return Kind.TEXT, {}
    if role in WHOLE:
        return Kind.CHOICE, _place(role, column) if role is not None else {}
    if role in (Role.CITY, Role.OCCUPATION):
        return Kind.TEXT, {"values": "profiled"}
    if role is Role.POSTAL_CODE:
        return Kind.TEXT, {"values": "none"}
    distinct = column.distinct or 0
    if column.top and {value.casefold() for value, _ in column.top} in _FLAGS:
        return Kind.FLAG, {"type": "text"}
    few = 0 < distinct <= _MOST_CHOICES and (
        distinct <= 12 or distinct <= table.sampled / 3 or names_a_code(table, column)
    )
    if few and not (_FREE_TEXT.search(name) and not names_a_code(table, column)):
        return Kind.CHOICE, _listed(column, role, ordered=True)
    if _IDENTIFIER.search(name) or _FREE_TEXT.search(name):
        return None, {}
    average = sum(len(value) for value, _ in column.top) / len(column.top) if column.top else 0
    return (None, {}) if average > 60 else (Kind.TEXT, {"values": "profiled"})


def names_a_code(table: ObservedTable, column: ObservedColumn) -> bool:
    """Whether a column is what the codes of a small table stand for: 101 is "Teacher"."""
    short = snake(column.name) in ("name", "description", "descr", "label", "title", "text", "meaning")
    small = 0 < table.rows <= _MOST_CHOICES and table.seems_unique(column.name)
    return short and small and all(len(value) <= _LONGEST_LABEL for value, _ in column.top)


def _place(role: Role, column: ObservedColumn) -> dict[str, Entry]:
    """Codes are the standard form of states and countries; names are said to be names."""
    known = [value for value, _ in column.top if standard_value(role, value) is not None]
    if len(known) * 2 < len(column.top):
        return {"values": "profiled"}
    named = sum(len(value) > 3 for value in known) * 2 > len(known)
    return {"values": "standard names"} if named else {}


def _listed(column: ObservedColumn, role: Role | None, *, ordered: bool) -> dict[str, Entry]:
    """The values that were seen, each with the words of its role; many values are left to profiling."""
    seen = [value for value, _ in column.top if value.strip()]
    if not seen or len(seen) > _MOST_LISTED or (column.distinct or 0) > len(seen):
        return {"values": "profiled"}
    entry: dict[str, Entry] = {}
    scale = (_scale(seen) or _standard_scale(role, seen)) if ordered else None
    labels = {value: _label(role, value) for value in (scale or seen)}
    if not _one_word_each(labels):
        return {"values": "profiled"}
    own_names = all(label == value for value, label in labels.items())
    entry["values"] = list[Entry](labels) if own_names else labels
    if scale is not None and not (role and ROLES[role].ordered):
        entry["ordered"] = True
    if scale is None and role is not None and ROLES[role].ordered:
        entry["ordered"] = False
    entry["more_values"] = True
    return entry


def _one_word_each(labels: dict[str, Entry]) -> bool:
    """Whether no two values share a word, whatever its case."""
    words = [{value.casefold(), " ".join(str(label).split()).casefold()} for value, label in labels.items()]
    return sum(len(own) for own in words) == len(set().union(*words))


def _label(role: Role | None, value: str) -> Entry:
    known = standard_value(role, value)
    return known.label if known is not None else readable(value)


def _scale(seen: list[str]) -> list[str] | None:
    """The values from low to high, when they are all of a well-known scale."""
    lowered = {value.casefold(): value for value in seen}
    for scale in _SCALES:
        if len(lowered) > 1 and set(lowered) <= set(scale):
            return [lowered[word] for word in scale if word in lowered]
    return None


def _standard_scale(role: Role | None, seen: list[str]) -> list[str] | None:
    """The values in the order that their role has, such as school before college."""
    if role is None or not ROLES[role].ordered:
        return None
    places = {value: standard_place(role, value) for value in seen}
    if None in places.values() or len(set(places.values())) < len(seen):
        return None
    return sorted(seen, key=lambda value: places[value] or 0)


def _synonyms(name: str, kind: Kind, entry: dict[str, Entry]) -> None:
    """Words for well-known abbreviations."""
    words: list[Entry] = []
    for short, long in _SHORT:
        if re.search(rf"(^|_){short}(_|$)", name):
            words.append(long)
    if kind is Kind.FLAG and "role" not in entry and (said := re.match(r"^(?:is|has|was)_(.+)$", name)) is not None:
        entry["yes"] = [said[1].replace("_", " ")]
    if (
        kind is Kind.NUMBER
        and (counted := re.match(r"^(?:number_of_|num_|n_)?(\w+?)_?(?:count)?$", name))
        and counted[1] != name
    ):
        words.append(plural(singular(counted[1].replace("_", " "))))
    if words:
        entry["synonyms"] = words


def _remark(table: ObservedTable, column: ObservedColumn, kind: Kind) -> str:
    """What the sample showed, for the person who reads the draft."""
    if not table.sampled:
        return ""
    parts: list[str] = []
    if column.null_share:
        parts.append(f"{max(1, round(column.null_share * 100))} % empty")
    if column.least is not None and column.greatest is not None and column.family in {"integer", "numeric", *_TIMES}:
        least, greatest = (text[:10] if column.family in _TIMES else text for text in (column.least, column.greatest))
        parts.append(f"{least} to {greatest}")
    elif kind in (Kind.TEXT, Kind.CHOICE) and column.distinct and column.contact is None:
        parts.append(f"{column.distinct:,} values in {table.sampled:,} rows")
    return ", ".join(parts)
