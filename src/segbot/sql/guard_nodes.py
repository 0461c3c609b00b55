"""Which nodes a guarded query may be made of, and which parts each of them may carry."""

from __future__ import annotations

import re

from sqlglot import exp

from segbot.sql.dialect import SAFE_CASTS
from segbot.sql.nodes import DIALECT, Node


def parts(names: str) -> frozenset[str]:
    return frozenset(names.split())


BINARY = parts("this expression")
UNARY = parts("this")
# Every node that may occur, with the arguments it may carry. Functions are checked by name as well.
NODES: dict[type[exp.Expr], frozenset[str]] = {
    exp.Select: parts("with_ expressions from_ joins where group having order limit offset distinct"),
    exp.Union: parts("with_ this expression distinct order limit"),
    exp.Intersect: parts("with_ this expression distinct order limit"),
    exp.Except: parts("with_ this expression distinct order limit"),
    exp.With: parts("expressions"),
    exp.CTE: parts("this alias"),
    exp.Subquery: parts("this alias"),
    exp.TableAlias: parts("this columns"),
    exp.From: UNARY,
    exp.Join: parts("this on side kind"),
    exp.Lateral: parts("this alias"),
    exp.Table: parts("this db alias"),
    exp.Values: parts("expressions alias"),
    exp.Tuple: parts("expressions"),
    exp.Where: UNARY,
    exp.Group: parts("expressions"),
    exp.Having: UNARY,
    exp.Order: parts("expressions"),
    exp.Ordered: parts("this desc nulls_first"),
    exp.Limit: parts("expression"),
    exp.Offset: parts("expression"),
    exp.Distinct: parts("expressions"),
    exp.Alias: parts("this alias"),
    exp.Column: parts("this table"),
    exp.Identifier: parts("this quoted"),
    exp.Literal: parts("this is_string"),
    exp.Boolean: UNARY,
    exp.Null: frozenset(),
    exp.Star: frozenset(),
    exp.Placeholder: UNARY,
    exp.Cast: parts("this to"),
    exp.DataType: parts("this expressions nested values"),
    exp.DataTypeParam: UNARY,
    exp.Paren: UNARY,
    exp.And: BINARY,
    exp.Or: BINARY,
    exp.Not: UNARY,
    exp.Neg: UNARY,
    exp.EQ: BINARY,
    exp.NEQ: BINARY,
    exp.GT: BINARY,
    exp.GTE: BINARY,
    exp.LT: BINARY,
    exp.LTE: BINARY,
    exp.NullSafeEQ: BINARY,
    exp.NullSafeNEQ: BINARY,
    exp.Is: parts("this expression negate"),
    exp.Between: parts("this low high"),
    exp.In: parts("this expressions query"),
    exp.Exists: UNARY,
    exp.Any: UNARY,
    exp.Array: parts("expressions bracket_notation"),
    exp.Like: BINARY,
    exp.ILike: BINARY,
    exp.RegexpLike: BINARY,
    exp.ArrayOverlaps: BINARY,
    exp.ArrayContainsAll: BINARY,
    exp.JSONExtract: parts("this expression only_json_types"),
    exp.JSONExtractScalar: parts("this expression only_json_types"),
    exp.JSONBExtract: BINARY,
    exp.JSONBExtractScalar: BINARY,
    exp.JSONPath: parts("expressions"),
    exp.JSONPathRoot: frozenset(),
    exp.JSONPathKey: UNARY,
    exp.JSONPathSubscript: UNARY,
    exp.Add: BINARY,
    exp.Sub: BINARY,
    exp.Mul: BINARY,
    exp.Div: parts("this expression typed safe"),
    exp.DPipe: parts("this expression safe"),
    exp.AtTimeZone: parts("this zone"),
    exp.Interval: parts("this unit"),
    exp.Var: UNARY,
    exp.Case: parts("this ifs default"),
    exp.If: parts("this true"),
    exp.Window: parts("this partition_by order over"),
    exp.Filter: BINARY,
    exp.WithinGroup: BINARY,
}
# Functions that sqlglot has nodes for, under their Postgres names; others are `Anonymous` and say their name.
NAMED: dict[type[exp.Expr], tuple[str, frozenset[str]]] = {
    exp.Asin: ("asin", UNARY),
    exp.Avg: ("avg", UNARY),
    exp.Ceil: ("ceil", UNARY),
    exp.Coalesce: ("coalesce", parts("this expressions")),
    exp.Cos: ("cos", UNARY),
    exp.Count: ("count", parts("this expressions big_int")),
    exp.CurrentDate: ("current_date", frozenset()),
    exp.CurrentTimestamp: ("now", frozenset()),
    exp.Extract: ("extract", BINARY),
    exp.GroupConcat: ("string_agg", parts("this separator")),
    exp.Lag: ("lag", UNARY),
    exp.Least: ("least", parts("this expressions ignore_nulls")),
    exp.Left: ("left", BINARY),
    exp.Length: ("length", UNARY),
    exp.Lower: ("lower", UNARY),
    exp.MD5: ("md5", UNARY),
    exp.Max: ("max", UNARY),
    exp.Min: ("min", UNARY),
    exp.Ntile: ("ntile", UNARY),
    exp.Nullif: ("nullif", BINARY),
    exp.PercentileCont: ("percentile_cont", UNARY),
    exp.Pow: ("power", BINARY),
    exp.Radians: ("radians", UNARY),
    exp.Rank: ("rank", frozenset()),
    exp.RegexpReplace: ("regexp_replace", parts("this expression replacement single_replace")),
    exp.Right: ("right", BINARY),
    exp.Round: ("round", parts("this decimals")),
    exp.RowNumber: ("row_number", frozenset()),
    exp.Sin: ("sin", UNARY),
    exp.Sqrt: ("sqrt", UNARY),
    exp.Sum: ("sum", UNARY),
    exp.TimestampTrunc: ("date_trunc", parts("this unit")),
    exp.Trim: ("trim", UNARY),
    exp.Upper: ("upper", UNARY),
    exp.WidthBucket: ("width_bucket", parts("this threshold")),
}
TEXT_TYPES = frozenset({"text", "varchar"})
# What yields a number, a time or a truth value whatever goes in (Postgres refuses other input before it reads a row).
NEVER_TEXT = (
    exp.AtTimeZone,
    exp.Extract,
    exp.Count,
    exp.Sum,
    exp.Avg,
    exp.Radians,
    exp.Length,
    exp.Rank,
    exp.RowNumber,
    exp.Ceil,
)
UNIT = re.compile(r"[A-Za-z]+\Z")


SOURCES = (
    exp.Table,
    exp.Values,
    exp.Lateral,
    exp.Join,
    exp.From,
    exp.With,
    exp.CTE,
    exp.Identifier,
    exp.DataType,
    exp.If,
)


def tested_text(test: Node) -> tuple[Node, str] | None:
    """What a test says may be cast, and by which pattern: x in `x ~ '<one of the compiler's own patterns>'`."""
    match test:
        case exp.RegexpLike(this=what, expression=exp.Literal() as pattern) if pattern.this in SAFE_CASTS:
            return what.unnest(), pattern.this
        case _:
            return None


def type_name(target: exp.DataType) -> str:
    """The element type's name, as the policy spells it."""
    element = target
    while element.this is exp.DataType.Type.ARRAY and element.expressions:
        element = element.expressions[0]
    if not isinstance(element.this, exp.DataType.Type):
        return "user-defined"
    return exp.DataType(this=element.this).sql(DIALECT).lower()
