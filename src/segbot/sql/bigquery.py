"""BigQuery: where it differs from Postgres.

It is the cloud warehouse that sqlglot writes most faithfully: IS NOT TRUE stays IS NOT TRUE (elsewhere it becomes NOT,
which loses the people without an answer), parameters keep their names, and types, arrays and intervals exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlglot import exp

from segbot.sql.dialect import Postgres
from segbot.sql.duckdb import json_path, years_by_calendar
from segbot.sql.nodes import (
    Node,
    call,
    disjunction,
    exists,
    identifier,
    number,
    opposite,
    over,
    paren,
    select,
    text,
)
from segbot.sql.statement import Bind

_UNITS = {"minutes": "MINUTE", "hours": "HOUR", "months": "MONTH"}
_DEGREE = "0.017453292519943295"


@dataclass(frozen=True, slots=True)
class BigQuery(Postgres):
    """GoogleSQL. `timestamptz` is its TIMESTAMP, `timestamp` its DATETIME, JSON columns are of type JSON."""

    name: str = "bigquery"

    def like_any(self, bind: Bind, value: Node, patterns: tuple[str, ...]) -> Node:
        """There is no ILIKE: both sides in lower case. A backslash always escapes."""
        return disjunction(exp.ILike(this=value.copy(), expression=bind(one, "text")) for one in patterns)

    def equals_any(self, value: Node, array: Node) -> Node:
        """IN UNNEST (array)."""
        return exp.In(this=value, unnest=exp.Unnest(expressions=[array]))

    def json_text(self, value: Node, path: tuple[str, ...]) -> Node:
        """The scalar at a path; of objects and arrays there is no text."""
        return call("JSON_VALUE", value, text(json_path(path)))

    def date_in_text(self, value: Node) -> Node:
        """A cast that fails is no answer."""
        return _safe(Postgres.date_in_text(self, value))

    def time_in_text(self, value: Node, zone: Node) -> Node:
        """A cast that fails is no answer."""
        return _safe(Postgres.time_in_text(self, value, zone))

    def number_in_text(self, value: Node) -> Node:
        """Blanks around a number are not cast; a cast that fails is no answer."""
        return _safe(Postgres.number_in_text(self, exp.Trim(this=value)))

    def local_time(self, instant: Node, zone: Node) -> Node:
        """The DATETIME of a TIMESTAMP in a zone."""
        return call("DATETIME", instant, zone)

    def instant(self, local: Node, zone: Node) -> Node:
        """The TIMESTAMP of a DATETIME in a zone."""
        return call("TIMESTAMP", local, zone)

    def weekday(self, local: Node) -> Node:
        """DAYOFWEEK counts from Sunday, 1."""
        of_week = exp.Extract(this=exp.Var(this="DAYOFWEEK"), expression=local)
        return exp.Add(
            this=exp.Mod(this=exp.Add(this=of_week, expression=number(5)), expression=number(7)), expression=number(1)
        )

    def years_between(self, later: Node, earlier: Node) -> Node:
        """From the calendar: there is no AGE."""
        return years_by_calendar(self, later, earlier)

    def days_between(self, later: Node, earlier: Node) -> Node:
        """A difference of dates would be an interval."""
        return call("DATE_DIFF", later, earlier, exp.Var(this="DAY"))

    def interval(self, bind: Bind, amount: int, unit: str) -> Node:
        """A number of a unit: intervals are not read from texts like "3 months"."""
        return exp.Interval(this=bind(amount, "bigint"), unit=exp.Var(this=_UNITS[unit]))

    def period_number(self, bind: Bind, time: Node, bounds: tuple[date | datetime, ...], sql_type: str) -> Node:
        """RANGE_BUCKET counts as WIDTH_BUCKET does."""
        return call("RANGE_BUCKET", time, bind(bounds, sql_type))

    def list_overlaps(self, value: Node, wanted: Node) -> Node:
        """Some element is among the wanted."""
        one = exp.Unnest(expressions=[value], alias=exp.TableAlias(columns=[identifier("entry")]))
        among = exp.In(this=exp.column("entry"), unnest=exp.Unnest(expressions=[wanted]))
        return exists(select([number(1)], one, where=[among]))

    def list_contains_all(self, value: Node, wanted: Node) -> Node:
        """None of the wanted is missing."""
        one = exp.Unnest(expressions=[wanted], alias=exp.TableAlias(columns=[identifier("entry")]))
        among = exp.In(this=exp.column("entry"), unnest=exp.Unnest(expressions=[value]))
        return opposite(exists(select([number(1)], one, where=[opposite(among)])))

    def list_length(self, value: Node) -> Node:
        """ARRAY_LENGTH. A stored list is never NULL here, only empty."""
        return call("ARRAY_LENGTH", value)

    def median(self, value: Node, source: Node) -> exp.Select:
        """PERCENTILE_CONT is a window function only."""
        half = over(call("PERCENTILE_CONT", value, exp.Literal.number("0.5")))
        return select([half], source, limit=number(1))

    def radians(self, degrees: Node) -> Node:
        """There is no RADIANS."""
        return exp.Mul(this=paren(degrees), expression=exp.Literal.number(_DEGREE))


def _safe(case: Node) -> Node:
    def trying(node: Node) -> Node:
        if type(node) is exp.Cast and not isinstance(node.this, exp.Placeholder):
            return exp.TryCast(this=node.this, to=node.to)
        return node

    return case.transform(trying, copy=False)


BIGQUERY = BigQuery()
