"""DuckDB: where it differs from Postgres. It reads most of what Postgres reads, but divides, rounds and casts in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlglot import exp

from segbot.sql.dialect import Postgres
from segbot.sql.nodes import Node, call, disjunction, number, text, typed
from segbot.sql.statement import Bind

# A plain DECIMAL would keep three digits after the point only, and none of the 10^20 that people may write.
_NUMERIC = "decimal(38, 10)"


@dataclass(frozen=True, slots=True)
class DuckDB(Postgres):
    """DuckDB 1.4 and newer."""

    name: str = "duckdb"

    def type_of(self, sql_type: str) -> str:
        """Exact numbers keep ten digits after the point."""
        return sql_type.replace("numeric", _NUMERIC)

    def like_any(self, bind: Bind, value: Node, patterns: tuple[str, ...]) -> Node:
        """A backslash escapes only where the text says so; ILIKE ANY does not exist."""
        return disjunction(
            exp.Escape(this=exp.ILike(this=value.copy(), expression=bind(one, "text")), expression=text("\\"))
            for one in patterns
        )

    def equals_any(self, value: Node, array: Node) -> Node:
        """Without a fixed list behind it, ANY is a sub-query to DuckDB; a function on the list is none."""
        return call("LIST_CONTAINS", array, value)

    def json_text(self, value: Node, path: tuple[str, ...]) -> Node:
        """A path quoted step by step: a bare key that begins with $ or / would be read as a path of its own."""
        return call("JSON_EXTRACT_STRING", value, text(json_path(path)))

    def number_in_text(self, value: Node) -> Node:
        """Too many digits are no answer instead of an error."""
        return self._tried(Postgres.number_in_text(self, value), _NUMERIC)

    def date_in_text(self, value: Node) -> Node:
        """As Postgres; the cast is tried, because DuckDB may cast before it tests."""
        return self._tried(Postgres.date_in_text(self, value))

    def time_in_text(self, value: Node, zone: Node) -> Node:
        """As Postgres; the cast is tried, because DuckDB may cast before it tests."""
        return self._tried(Postgres.time_in_text(self, value, zone))

    def _tried(self, case: Node, sql_type: str | None = None) -> Node:
        def trying(node: Node) -> Node:
            if type(node) is exp.Cast and not isinstance(node.this, exp.Placeholder):
                kind = node.to if sql_type is None else typed(number(0), sql_type).to
                return exp.TryCast(this=node.this, to=kind)
            return node

        return case.transform(trying, copy=False)

    def years_between(self, later: Node, earlier: Node) -> Node:
        """From the calendar: AGE counts in months of thirty days here."""
        return years_by_calendar(self, later, earlier)

    def period_number(self, bind: Bind, time: Node, bounds: tuple[date | datetime, ...], sql_type: str) -> Node:
        """By comparison with each bound: there is no WIDTH_BUCKET."""
        return exp.Case(
            ifs=[
                exp.If(this=exp.LT(this=time.copy(), expression=bind(bound, sql_type)), true=number(place))
                for place, bound in enumerate(bounds)
            ],
            default=number(len(bounds)),
        )

    def list_length(self, value: Node) -> Node:
        """CARDINALITY is of maps."""
        return call("LEN", value)

    def median(self, value: Node, source: Node) -> exp.Select:
        """As a floating number: the middle of two exact ones would be rounded to their digits, onto one of them."""
        return Postgres.median(self, typed(value, "double precision"), source)


def json_path(path: tuple[str, ...]) -> str:
    """Steps as a JSON path of quoted keys."""
    quoted = (step.replace("\\", "\\\\").replace('"', '\\"') for step in path)
    return "$" + "".join(f'."{step}"' for step in quoted)


def years_by_calendar(dialect: Postgres, later: Node, earlier: Node) -> Node:
    """The difference of the years, less one before the anniversary; born on 29 February is a year older on 1 March."""

    def year(day: Node) -> Node:
        return exp.Extract(this=exp.Var(this="YEAR"), expression=day)

    too_early = exp.LT(this=dialect.month_day(later.copy()), expression=dialect.month_day(earlier.copy()))
    correction = exp.Case(ifs=[exp.If(this=too_early, true=number(1))], default=number(0))
    return exp.Sub(this=exp.Sub(this=year(later), expression=year(earlier)), expression=correction)


DUCKDB = DuckDB()
__all__ = ["DUCKDB", "DuckDB", "json_path", "years_by_calendar"]
