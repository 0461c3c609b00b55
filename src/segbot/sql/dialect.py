"""What is particular to one database engine, behind one class: dates, arrays, JSON, text patterns, hashes and masks.

The rest of the compiler speaks of "the local date of", "contains any of", "a stable random number" and never of functions.
Postgres is spelled out here; other engines are subclasses that say only where they differ (`duckdb.py`, `bigquery.py`).
What is the same but for spelling (types, placeholders, order of NULLs) sqlglot writes for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlglot import exp

from segbot.sql.nodes import (
    Node,
    any_of_array,
    call,
    conjunction,
    equal,
    number,
    ordered,
    paren,
    select,
    text,
    typed,
)
from segbot.sql.statement import Bind

# What a text must look like before it may be cast; a cast that fails would stop the query and print the value.
SAFE_NUMBER = r"^\s*[-+]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})\s*$"
_MONTH_DAY = r"(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])"
_LEAP_YEAR = r"[0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00"
_DAY = rf"((1[0-9]|2[0-9])[0-9]{{2}}-({_MONTH_DAY})|({_LEAP_YEAR})-02-29)"
_CLOCK = r"[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
SAFE_DATE = rf"^{_DAY}"
SAFE_LOCAL_TIME = rf"^{_DAY}({_CLOCK})?$"
SAFE_ZONED_TIME = rf"^{_DAY}{_CLOCK}(Z|[-+](0[0-9]|1[0-4])(:?[0-5][0-9])?)$"
# What an e-mail address must look like to be shown in part: first letter, first letter of the domain, its ending.
_EMAIL_PARTS = r"^(.)[^@]*@(.).*(\.[^.@]+)$"
SAFE_CASTS = {
    SAFE_NUMBER: "decimal",
    SAFE_DATE: "date",
    SAFE_LOCAL_TIME: "timestamp",
    SAFE_ZONED_TIME: "timestamptz",
}
"""What a text that matches may be cast to; of a date, the first ten characters."""
PATTERNS = frozenset(SAFE_CASTS) | {_EMAIL_PARTS}
"""All regular expressions that the compiler writes."""

EARTH_KM = 6371
_LIKE_SPECIAL = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


def escape_like(value: str) -> str:
    """A text as a LIKE pattern that matches itself only."""
    return value.translate(_LIKE_SPECIAL)


def folded(value: str) -> tuple[str, ...]:
    """The forms a database may give a text when it writes it in lower case (by letters, or by whole words, or not at all)."""
    by_letter = "".join("i" if letter == "İ" else letter.lower() for letter in value)
    return tuple(dict.fromkeys((by_letter, value.lower(), value)))


@dataclass(frozen=True, slots=True)
class Postgres:
    """Postgres 13 and newer, and what speaks its language (Citus)."""

    name: str = "postgres"

    def type_of(self, sql_type: str) -> str:
        """The type that a bound value of a type is cast to, where its plain name would lose something."""
        return sql_type

    # --- text

    def lower(self, value: Node) -> Node:
        """A text in lower case."""
        return exp.Lower(this=value)

    def like_any(self, bind: Bind, value: Node, patterns: tuple[str, ...]) -> Node:
        """Whether a text matches any of some LIKE patterns (a backslash escapes), whatever its case."""
        if len(patterns) == 1:
            return exp.ILike(this=value, expression=bind(patterns[0], "text"))
        return exp.ILike(this=value, expression=any_of_array(bind(patterns, "text")))

    def equals_any(self, value: Node, array: Node) -> Node:
        """Whether a value is in an array."""
        return equal(value, any_of_array(array))

    # --- JSON and texts that hold other things

    def json_text(self, value: Node, path: tuple[str, ...]) -> Node:
        """The text at a path inside a JSON column."""
        result = value
        for step in path[:-1]:
            result = exp.JSONExtract(this=result, expression=text(step), only_json_types=True)
        return exp.JSONExtractScalar(this=result, expression=text(path[-1]), only_json_types=True)

    def number_in_text(self, value: Node) -> Node:
        """The number a text holds, or NULL: never an error."""
        return self._safe_cast(value, SAFE_NUMBER, typed(paren(value.copy()), "numeric"))

    def date_in_text(self, value: Node) -> Node:
        """The ISO date a text begins with, or NULL."""
        return self._safe_cast(value, SAFE_DATE, typed(exp.Left(this=value.copy(), expression=number(10)), "date"))

    def time_in_text(self, value: Node, zone: Node) -> Node:
        """The ISO moment a text holds, in the zone where it names none; or NULL."""
        local = self.instant(typed(paren(value.copy()), "timestamp"), zone)
        case = self._safe_cast(value, SAFE_ZONED_TIME, typed(paren(value.copy()), "timestamptz"))
        case.append("ifs", exp.If(this=self._looks_like(value.copy(), SAFE_LOCAL_TIME), true=local))
        return case

    def _safe_cast(self, value: Node, pattern: str, cast: Node) -> exp.Case:
        return exp.Case(ifs=[exp.If(this=self._looks_like(value, pattern), true=cast)])

    def _looks_like(self, value: Node, pattern: str) -> Node:
        return exp.RegexpLike(this=paren(value), expression=text(pattern))

    # --- dates and times

    def local_time(self, instant: Node, zone: Node) -> Node:
        """An instant as the local time of a zone."""
        return exp.AtTimeZone(this=paren(instant), zone=zone)

    def instant(self, local: Node, zone: Node) -> Node:
        """A local time of a zone as an instant. Times that a clock change skips count on from before it."""
        return exp.AtTimeZone(this=paren(local), zone=zone)

    def local_date(self, instant: Node, zone: Node) -> Node:
        """The local date of an instant."""
        return typed(paren(self.local_time(instant, zone)), "date")

    def month_day(self, day: Node) -> Node:
        """Month and day as one number: 229 is 29 February."""
        month = exp.Extract(this=exp.Var(this="MONTH"), expression=day)
        of_month = exp.Extract(this=exp.Var(this="DAY"), expression=day.copy())
        return exp.Add(this=exp.Mul(this=month, expression=number(100)), expression=of_month)

    def weekday(self, local: Node) -> Node:
        """The day of the week of a local time: 1 is Monday, 7 Sunday."""
        return exp.Extract(this=exp.Var(this="ISODOW"), expression=local)

    def minute_of_day(self, local: Node) -> Node:
        """The minutes since midnight of a local time."""
        hour = exp.Extract(this=exp.Var(this="HOUR"), expression=local)
        minute = exp.Extract(this=exp.Var(this="MINUTE"), expression=local.copy())
        return exp.Add(this=exp.Mul(this=hour, expression=number(60)), expression=minute)

    def years_between(self, later: Node, earlier: Node) -> Node:
        """Full years between two dates."""
        age = call("AGE", later, earlier)
        return typed(exp.Extract(this=exp.Var(this="YEAR"), expression=age), "int")

    def days_between(self, later: Node, earlier: Node) -> Node:
        """Days between two dates."""
        return exp.Sub(this=later, expression=earlier)

    def interval(self, bind: Bind, amount: int, unit: str) -> Node:
        """So many minutes, hours or months as an interval."""
        return bind(f"{amount} {unit}", "interval")

    def shifted(self, value: Node, length: Node, *, back: bool = False) -> Node:
        """A time moved by an interval, or a date by a number of days; months end where the shorter month ends."""
        return exp.Sub(this=value, expression=length) if back else exp.Add(this=value, expression=length)

    def period_number(self, bind: Bind, time: Node, bounds: tuple[date | datetime, ...], sql_type: str) -> Node:
        """Which of the stretches between rising times a time falls in."""
        return exp.WidthBucket(this=time, threshold=bind(bounds, sql_type))

    # --- lists

    def list_overlaps(self, value: Node, wanted: Node) -> Node:
        """Whether two arrays have an element in common."""
        return exp.ArrayOverlaps(this=value, expression=wanted)

    def list_contains_all(self, value: Node, wanted: Node) -> Node:
        """Whether an array has all elements of another."""
        return exp.ArrayContainsAll(this=value, expression=wanted)

    def list_length(self, value: Node) -> Node:
        """How many elements an array has."""
        return call("CARDINALITY", value)

    # --- numbers

    def median(self, value: Node, source: Node) -> exp.Select:
        """The middle of a column of a derived table, as a query of one row."""
        half = exp.WithinGroup(
            this=exp.PercentileCont(this=exp.Literal.number("0.5")), expression=exp.Order(expressions=[ordered(value)])
        )
        return select([half], source)

    def radians(self, degrees: Node) -> Node:
        """An angle in radians."""
        return exp.Radians(this=degrees)

    def kilometres(self, latitude: Node, longitude: Node, to_latitude: Node, to_longitude: Node) -> Node:
        """The great-circle distance between two points in degrees (haversine)."""

        def half_sine_squared(a: Node, b: Node) -> Node:
            angle = self.radians(exp.Sub(this=a, expression=paren(b)))
            return exp.Pow(
                this=exp.Sin(this=exp.Div(this=angle, expression=number(2), typed=True)), expression=number(2)
            )

        cosines = exp.Mul(
            this=exp.Cos(this=self.radians(latitude.copy())),
            expression=exp.Cos(this=self.radians(to_latitude.copy())),
        )
        inner = exp.Add(
            this=half_sine_squared(latitude, to_latitude),
            expression=exp.Mul(this=cosines, expression=half_sine_squared(longitude, to_longitude)),
        )
        # Rounding may lift the sum a hair above 1 for opposite points, where asin has no value.
        bounded = exp.Least(this=number(1), expressions=[exp.Sqrt(this=inner)])
        return exp.Mul(this=number(2 * EARTH_KM), expression=exp.Asin(this=bounded))

    def random_order(self, key: Node, seed: Node) -> Node:
        """A stable pseudo-random text of 32 hexadecimal digits for a key and a seed."""
        return exp.MD5(this=exp.DPipe(this=exp.DPipe(this=seed, expression=text(":")), expression=typed(key, "text")))

    # --- masks: raw contact values never leave the database for a preview

    def masked(self, value: Node, contact: str) -> Node:
        """A contact value that can be recognised by somebody who knows it, and not used by anybody else."""
        match contact:
            case "email":
                hidden: Node = exp.RegexpReplace(
                    this=value, expression=text(_EMAIL_PARTS), replacement=text(r"\1***@\2***\3"), single_replace=True
                )
                return self._masked_if(exp.RegexpLike(this=value.copy(), expression=text(_EMAIL_PARTS)), hidden, value)
            case "phone":
                hidden = exp.DPipe(this=text("***"), expression=exp.Right(this=value, expression=number(2)))
                long_enough = exp.GTE(this=exp.Length(this=value.copy()), expression=number(6))
                return self._masked_if(long_enough, hidden, value)
            case "name":
                hidden = exp.DPipe(this=exp.Left(this=value, expression=number(1)), expression=text("."))
                return self._masked_if(exp.NEQ(this=value.copy(), expression=text("")), hidden, value)
            case _:
                return self._masked_if(exp.Boolean(this=False), text("***"), value)

    def _masked_if(self, test: Node, hidden: Node, value: Node) -> Node:
        present = exp.NEQ(this=value.copy(), expression=text(""))
        if isinstance(test, exp.Boolean):
            return exp.Case(ifs=[exp.If(this=present, true=text("***"))])
        return exp.Case(
            ifs=[exp.If(this=test, true=hidden), exp.If(this=conjunction([present]), true=text("***"))],
        )


POSTGRES = Postgres()
