"""What pieces of a sentence mean before they are conditions: numbers, bounds, windows, and drafts of single conditions.

All are frozen and hashable, because the chart recognises two derivations of the same meaning by equality.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from segbot.model.condition import COUNT, Comparison, Condition, Filter, Measure, Member, Value
from segbot.model.operators import Operator
from segbot.model.windows import Duration, Period, Window

NumberUnit: TypeAlias = Literal["", "money", "percent"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something decided for the person. `changes` are the fields of the atom that the other meaning replaces."""

    code: str
    text: str
    label: str = ""
    changes: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A number as said; a percentage is in percent (50 for half)."""

    value: int | float
    unit: NumberUnit = ""
    scale: int = 1
    """1000 when a "k" was said, so that "50 to 80k" means 50,000 to 80,000."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A number with how it compares. `form` tells bare numbers ("2") from said comparisons ("at least 2")."""

    comparison: Comparison
    unit: NumberUnit = ""
    form: Literal["bare", "said", "exact"] = "said"
    notes: tuple[Note, ...] = ()
    also: Comparison | None = None
    """A second comparison that must hold too: over 50 and under 100."""


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar period."""

    period: Period
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Lasting:
    """A length of time."""

    duration: Duration
    notes: tuple[Note, ...] = ()
    article: bool = False
    """Said with an article: "a week", which alone is no window ("2 visits a week")."""


@dataclass(frozen=True, slots=True)
class When:
    """A window as said (None: ever). `future` is what it means for a date that lies ahead ("expires in 3 days")."""

    window: Window | None
    future: Window | None = None
    notes: tuple[Note, ...] = ()
    anaphora: bool = False
    """"since", "since then": from the end of what was said before."""
    same: bool = False
    """"in that time": the very window said before."""


@dataclass(frozen=True, slots=True)
class Ref:
    """One value of one field: `owner` is the event's key, or None for a customer attribute."""

    owner: str | None
    field: str
    value: Value


@dataclass(frozen=True, slots=True)
class Refs:
    """All that a word can stand for as a value. `plural` marks a word for people ("women", "homeowners")."""

    refs: tuple[Ref, ...]
    plural: bool = False
    text: str = ""
    code: bool = False
    """A two-letter code, such as a state's."""


@dataclass(frozen=True, slots=True)
class Attr:
    """All that a word can stand for as the name of a field."""

    names: tuple[tuple[str | None, str], ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Doing:
    """A verb, noun or actor of some events."""

    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A phrase that says yes or no to a flag attribute."""

    field: str
    value: bool
    owner: str | None = None
    person: bool = False
    """A word for people (parents, staff), rather than something they have or did."""


@dataclass(frozen=True, slots=True)
class Word:
    """A closed-class word with what it carries."""

    value: Any = None


@dataclass(frozen=True, slots=True)
class Naming:
    """What a name can stand for: segments, snapshots and lists, the likeliest first."""

    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with a point, in degrees; without a label it is the bare point."""

    label: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Distance:
    """A length of way, in miles or kilometres."""

    value: int | float
    miles: bool


@dataclass(frozen=True, slots=True)
class AmountOn:
    """An amount with what it was spent on, its verb left out: "and at least $500 on shoes"."""

    bound: Bound
    refs: Refs


# --- drafts of single conditions ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Test:
    """A draft of a test of a customer attribute. `rivals` are equally honest readings of the same words."""

    field: str
    operator: Operator
    values: tuple[Value, ...] = ()
    window: Window | None = None
    negated: bool = False
    person: bool = False
    """A word for people, so that it can head a phrase: women, homeowners, gold members."""
    bare: bool = False
    """A number without its attribute: over 30."""
    also: Comparison | None = None
    """A second comparison that must hold too."""
    rivals: tuple[Test, ...] = ()
    said: Refs | None = None
    """The value words it was read from, should a verb before it claim them: stayed in Hamburg and Berlin."""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """A draft of a behaviour. `events` are the candidates that fit so far, the likeliest first."""

    events: tuple[str, ...]
    shape: Literal["verb", "noun", "actor", "property"] = "verb"
    filters: tuple[Filter, ...] = ()
    when: When | None = None
    count: Bound | None = None
    measure: Measure = COUNT
    position: int | None = None
    nth_filters: tuple[Filter, ...] = ()
    share: Comparison | None = None
    whole: str | None = None
    """What a share is of, when it is another event (opened of those sent); else the same rows without the last filter."""
    pronoun: bool = False
    """Its object is "it" or "them": the object of the clause before."""
    elided: bool = False
    """Its verb was left out, so that it is the verb of the clause before: bought shoes but not hats."""
    notes: tuple[Note, ...] = ()

    @property
    def event(self) -> str:
        """The likeliest event."""
        return self.events[0]


@dataclass(frozen=True, slots=True)
class Ready:
    """A condition that is already whole."""

    condition: Condition
    notes: tuple[Note, ...] = ()
    person: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """Subscribed (or not) to channels; a bare channel noun has `verb` false and takes its verb from its neighbour."""

    channels: tuple[str, ...]
    negated: bool = False
    verb: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A word that only the company can define, with readings it might have: each a label and a condition."""

    term: str
    proposals: tuple[tuple[str, Condition], ...] = ()
    size: tuple[str, float, str] | None = None
    """Side, amount and unit of a ranking that does not say by what: the top 50 customers ..., by lifetime value."""


Atom: TypeAlias = Test | Clause | Ready | Consent | Asked


def noted(atom: Any, *notes: Note) -> Any:
    """The same meaning with further notes."""
    fresh = tuple(note for note in notes if note not in atom.notes)
    return replace(atom, notes=(*atom.notes, *fresh)) if fresh else atom


def attached(clause: Clause, **changes: Any) -> Clause:
    """A clause with something more attached."""
    return replace(clause, **changes)
