"""The guard's walk through a query: every source, column, function, cast and join against the policy, scope by scope."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import NoReturn
from zoneinfo import available_timezones

from sqlglot import exp

from segbot.sql.dialect import PATTERNS, SAFE_CASTS, SAFE_DATE
from segbot.sql.guard_nodes import NAMED, NEVER_TEXT, NODES, SOURCES, TEXT_TYPES, UNIT, parts, tested_text, type_name
from segbot.sql.nodes import Node
from segbot.sql.policy import Policy


class Violation(Exception):
    """A rule is broken; the text says which."""


def refuse(reason: str) -> NoReturn:
    """Ends the check."""
    raise Violation(reason)


@dataclass(slots=True)
class _Scope:
    """The sources one SELECT reads, each with its columns and whether a column may hold text; and the scopes around."""

    outer: _Scope | None
    ctes: dict[str, dict[str, bool]]
    sources: dict[str, dict[str, bool]] = field(default_factory=dict)

    def source(self, name: str) -> dict[str, bool] | None:
        """A source by alias, here or further out."""
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.sources:
                return scope.sources[name]
            scope = scope.outer
        return None


def _name(identifier: object) -> str:
    """A name as Postgres folds it."""
    if not isinstance(identifier, exp.Identifier) or not isinstance(identifier.this, str):
        refuse("a name that is not plain")
    return identifier.this if identifier.args.get("quoted") else identifier.this.lower()


class Checker:
    """Checks one statement; `tables` collects what it reads."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.tables: set[str] = set()
        self._table_names = {name.rsplit(".", 1)[-1] for name in policy.tables}
        self._nodes = 0

    def statement(self, tree: Node) -> None:
        if not isinstance(tree, exp.Select | exp.SetOperation):
            refuse("not a SELECT")
        self.query(tree, None, {})
        if not self.tables:
            refuse("reads no table")

    # --- queries

    def query(self, node: Node, outer: _Scope | None, ctes: dict[str, dict[str, bool]]) -> dict[str, bool]:
        """Checks a query; gives its output columns and whether each may hold text."""
        match node:
            case exp.Subquery() if node.args.get("alias") is None:
                self.shape(node)
                return self.query(node.this, outer, ctes)
            case exp.Select():
                return self.select(node, outer, ctes)
            case exp.SetOperation():
                self.shape(node)
                ctes = self.ctes(node, outer, ctes)
                left = self.query(node.this, outer, ctes)
                right = self.query(node.expression, outer, ctes)
                if len(left) != len(right):
                    refuse("sides of a set operation differ")
                outputs = {name: one or two for (name, one), two in zip(left.items(), right.values(), strict=True)}
                scope = _Scope(outer, ctes, {"": outputs})
                self.order(node, scope, outputs)
                self.limit(node)
                return outputs
            case _:
                refuse(f"{type(node).__name__} as a query")

    def ctes(self, node: Node, outer: _Scope | None, known: dict[str, dict[str, bool]]) -> dict[str, dict[str, bool]]:
        with_ = node.args.get("with_")
        if with_ is None:
            return known
        self.shape(with_)
        known = dict(known)
        for cte in with_.expressions:
            self.shape(cte)
            name = self.alias(cte)
            if name is None or name in self._table_names or name in known:
                refuse("a CTE named like a table")
            known[name] = self.query(cte.this, outer, known)
        return known

    def select(self, node: exp.Select, outer: _Scope | None, ctes: dict[str, dict[str, bool]]) -> dict[str, bool]:
        self.shape(node)
        if not node.expressions:
            refuse("selects nothing")
        ctes = self.ctes(node, outer, ctes)
        scope = _Scope(outer, ctes)
        source = node.args.get("from_")
        if source is not None:
            self.shape(source)
            self.source(source.this, scope)
        for join in node.args.get("joins") or ():
            self.join(join, scope)
        outputs: dict[str, bool] = {}
        for index, output in enumerate(node.expressions):
            name = f"?{index}"
            if isinstance(output, exp.Alias):
                self.shape(output)
                name, output = _name(output.args["alias"]), output.this
            elif isinstance(output, exp.Column) and isinstance(output.this, exp.Identifier):
                name = _name(output.this)
            self.value(output, scope)
            if name in outputs:
                refuse("two outputs of one name")
            outputs[name] = self.may_be_text(output, scope)
        if distinct := node.args.get("distinct"):
            self.shape(distinct)
            if distinct.expressions:
                refuse("DISTINCT ON")
        for part in ("where", "having"):
            if clause := node.args.get(part):
                self.shape(clause)
                self.value(clause.this, scope)
        if group := node.args.get("group"):
            self.shape(group)
            for item in group.expressions:
                self.value(item, scope)
        self.order(node, scope, outputs)
        self.limit(node)
        return outputs

    def order(self, node: Node, scope: _Scope, outputs: dict[str, bool]) -> None:
        order = node.args.get("order")
        if order is None:
            return
        self.shape(order)
        for item in order.expressions:
            self.shape(item)
            by = item.this
            bare = isinstance(by, exp.Column) and by.args.get("table") is None and isinstance(by.this, exp.Identifier)
            if not (bare and _name(by.this) in outputs):
                self.value(by, scope)

    def limit(self, node: Node) -> None:
        for part in ("limit", "offset"):
            clause = node.args.get(part)
            if clause is None:
                continue
            self.shape(clause)
            amount = clause.expression
            self.count(amount)
            if isinstance(amount, exp.Cast):
                self.cast(amount, _Scope(None, {}))
                if not isinstance(amount.this, exp.Placeholder | exp.Literal):
                    refuse("a computed limit")
            elif not isinstance(amount, exp.Literal):
                refuse("a computed limit")

    # --- sources

    def source(self, node: Node, scope: _Scope) -> str:
        """Checks one source of a FROM clause and puts it in scope; gives its name."""
        self.shape(node)
        bare: str | None
        match node:
            case exp.Table():
                bare, columns = self.table(node, scope)
            case exp.Subquery():
                bare, columns = None, self.query(node.this, None, scope.ctes)
            case exp.Lateral() if isinstance(node.this, exp.Subquery):
                self.shape(node.this)
                bare, columns = None, self.query(node.this.this, scope, scope.ctes)
            case exp.Values():
                bare, columns = None, self.values(node, scope)
            case _:
                refuse(f"{type(node).__name__} as a table")
        name = self.alias(node) or bare
        if name is None:
            refuse("a derived table without a name")
        if name in scope.sources or (name != bare and name in self._table_names):
            refuse("an alias that looks like a table")
        scope.sources[name] = columns
        return name

    def table(self, node: exp.Table, scope: _Scope) -> tuple[str, dict[str, bool]]:
        name, schema = _name(node.this), node.args.get("db")
        if schema is None and name in scope.ctes:
            return name, scope.ctes[name]
        full = name
        if schema is not None:
            folded = _name(schema)
            full = f"{folded}.{name}"
            if full not in self.policy.tables and folded == self.policy.default_schema:
                full = name
        columns = self.policy.tables.get(full)
        if columns is None:
            refuse(f"table {full}")
        self.tables.add(full)
        return name, dict(columns)

    def values(self, node: exp.Values, scope: _Scope) -> dict[str, bool]:
        alias = node.args.get("alias")
        names = [_name(one) for one in alias.args.get("columns") or ()] if alias is not None else []
        for row in node.expressions:
            self.shape(row)
            if not isinstance(row, exp.Tuple) or len(row.expressions) != len(names):
                refuse("a VALUES list of uneven rows")
            for item in row.expressions:
                if not isinstance(item, exp.Literal | exp.Cast | exp.Neg):
                    refuse("a VALUES list that is not of constants")
                self.value(item, _Scope(None, scope.ctes))
        return dict.fromkeys(names, True)

    def alias(self, node: Node) -> str | None:
        alias = node.args.get("alias")
        if alias is None:
            return None
        self.shape(alias)
        if alias.args.get("columns") and not isinstance(node, exp.Values):
            refuse("a list of column aliases")
        return _name(alias.this)

    def join(self, node: exp.Join, scope: _Scope) -> None:
        self.shape(node)
        before = set(scope.sources)
        side, kind, on = node.args.get("side"), node.args.get("kind"), node.args.get("on")
        if side not in (None, "", "LEFT", "RIGHT", "FULL"):
            refuse(f"join {side}")
        name = self.source(node.this, scope)
        if isinstance(node.this, exp.Lateral):
            if kind not in (None, "", "INNER", "CROSS") or not self._tied(node.this, before):
                refuse("a lateral join that is not tied to the rest")
            if on is not None:
                self.value(on, scope)
            return
        if kind not in (None, "", "INNER", "OUTER") or on is None:
            refuse("a join without a condition")
        self.value(on, scope)
        if not any(self.links(test, name, before) for test in _conjuncts(on)):
            refuse("a join that does not compare two columns")

    def _tied(self, lateral: exp.Lateral, others: set[str]) -> bool:
        """Whether a lateral query equates a column of its own with one of the sources before it."""
        query = lateral.this.this
        where = query.args.get("where") if isinstance(query, exp.Select) else None
        return where is not None and any(self.links(test, None, others) for test in _conjuncts(where.this))

    def links(self, test: Node, name: str | None, others: set[str]) -> bool:
        """Whether a test equates a column of one source (any inner one when `name` is None) with a column of others."""
        if not isinstance(test, exp.EQ):
            return False
        sides: list[str | None] = [
            _name(side.args["table"]) if isinstance(side, exp.Column) and side.args.get("table") else None
            for side in (test.this, test.expression)
        ]
        if None in sides:
            return False
        one, two = sides
        if name is None:
            return (one in others) != (two in others)
        return (one == name and two in others) or (two == name and one in others)

    # --- values

    def shape(self, node: Node) -> None:
        """Refuses a node that is not listed, or that carries a part it may not have."""
        self.count(node)
        allowed = NODES.get(type(node))
        if allowed is None:
            refuse(f"{type(node).__name__} is not allowed")
        self._arguments(node, allowed)

    def _arguments(self, node: Node, allowed: frozenset[str]) -> None:
        for name, value in node.args.items():
            if value and name not in allowed:
                refuse(f"{type(node).__name__} with {name}")

    def count(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > self.policy.nodes:
            refuse("too large")

    def value(self, node: Node, scope: _Scope) -> None:
        """Checks an expression inside a query."""
        match node:
            case exp.Column():
                self.shape(node)
                self.column(node, scope)
            case exp.And() | exp.Or():
                # Long chains lean to the left: walked flat, so that length is not depth.
                for part in node.flatten(unnest=False):
                    self.count(node)
                    self.value(part, scope)
            case exp.Select() | exp.SetOperation() | exp.Subquery():
                if node.args.get("alias") is not None:
                    refuse("an aliased query as a value")
                outputs = self.query(node, scope, scope.ctes)
                if len(outputs) != 1:
                    refuse("a query of several columns as a value")
            case exp.Cast():
                self.shape(node)
                self.cast(node, scope)
            case exp.Placeholder():
                refuse("a parameter without its type")
            case exp.Star():
                refuse("star")
            case exp.Case():
                self.case(node, scope)
            case exp.Literal() | exp.Boolean() | exp.Null():
                self.shape(node)
            case exp.Any():
                self.shape(node)
                inner = node.this.this if isinstance(node.this, exp.Paren) else node.this
                if not isinstance(inner, exp.Cast | exp.Column | exp.Array):
                    refuse("ANY of a query")
                self.value(inner, scope)
            case exp.Array():
                self.shape(node)
                if any(isinstance(item, exp.Query) for item in node.expressions):
                    refuse("ARRAY of a query")
                self.inside(node, scope)
            case exp.Interval():
                self.shape(node)
                if not isinstance(node.this, exp.Literal):
                    refuse("a computed interval")
                self._unit(node.args.get("unit"))
            case exp.AtTimeZone():
                self.shape(node)
                self.value(node.this, scope)
                self.zone(node.args["zone"])
            case exp.JSONExtract() | exp.JSONExtractScalar() | exp.JSONBExtract() | exp.JSONBExtractScalar():
                self.json(node, scope)
            case exp.RegexpLike() | exp.RegexpReplace():
                self.pattern(node, scope)
            case _ if type(node) in NODES and not isinstance(node, SOURCES):
                self.shape(node)
                self.inside(node, scope)
            case exp.Func():
                self.function(node, scope)
            case _:
                refuse(f"{type(node).__name__} is not allowed")

    def inside(self, node: Node, scope: _Scope) -> None:
        """Checks all expressions inside a node."""
        for child in node.iter_expressions():
            if isinstance(child, exp.Order):
                self.shape(child)
                for item in child.expressions:
                    self.shape(item)
                    self.value(item.this, scope)
            elif isinstance(child, exp.Where):
                self.shape(child)
                self.value(child.this, scope)
            else:
                self.value(child, scope)

    def column(self, node: exp.Column, scope: _Scope) -> None:
        self.text_flag(node, scope)

    def text_flag(self, node: exp.Column, scope: _Scope) -> bool:
        """Whether a column may hold text. Refuses one that no source in reach is known to have."""
        name, table = _name(node.this), node.args.get("table")
        if table is not None:
            columns = scope.source(_name(table))
            if columns is None or name not in columns:
                refuse(f"column {name}")
            return columns[name]
        # Without a table only the innermost scope counts: further out, a column that we must not see could be nearer.
        holders = [columns for columns in scope.sources.values() if name in columns]
        if len(holders) != 1:
            refuse(f"column {name}")
        return holders[0][name]

    def function(self, node: exp.Func, scope: _Scope) -> None:
        self.count(node)
        if isinstance(node, exp.Anonymous):
            if not isinstance(node.this, str):
                refuse("a function with an odd name")
            name = node.this.lower()
            self._arguments(node, parts("this expressions"))
        else:
            known = NAMED.get(type(node))
            if known is None:
                refuse(f"function {type(node).__name__}")
            name, allowed = known
            self._arguments(node, allowed)
        if name not in self.policy.functions:
            refuse(f"function {name}")
        if isinstance(node, exp.Count) and isinstance(node.this, exp.Star):
            self.shape(node.this)
            return
        if isinstance(node, exp.Extract | exp.TimestampTrunc):
            self._unit(node.this if isinstance(node, exp.Extract) else node.args.get("unit"))
            self.value(node.expression if isinstance(node, exp.Extract) else node.this, scope)
            return
        self.inside(node, scope)

    def _unit(self, unit: Node | None) -> None:
        if unit is None:
            return
        self.count(unit)
        if not isinstance(unit, exp.Var | exp.Literal) or not UNIT.match(str(unit.this)):
            refuse("an odd unit of time")

    def zone(self, node: Node) -> None:
        """A time zone is a known one or a parameter: the database's error for another one shows what was read."""
        cast = node if isinstance(node, exp.Cast) else None
        what = node if cast is None else cast.this
        known = isinstance(what, exp.Literal) and str(what.this).lower() in _zones()
        if not known and (cast is None or not isinstance(what, exp.Placeholder)):
            refuse("a time zone that is not a known one")
        self.shape(node)
        if cast is not None:
            self.cast(cast, _Scope(None, {}))
            if type_name(cast.args["to"]) not in TEXT_TYPES:
                refuse("a time zone that is not a text")

    def json(self, node: Node, scope: _Scope) -> None:
        self.shape(node)
        self.value(node.this, scope)
        path = node.args["expression"]
        if not isinstance(path, exp.JSONPath | exp.Literal):
            refuse("a computed path")
        for part in path.walk():
            self.shape(part)

    def pattern(self, node: Node, scope: _Scope) -> None:
        """A regular expression may be one of the compiler's own only: others can take for ever."""
        if not isinstance(node.expression, exp.Literal) or node.expression.this not in PATTERNS:
            refuse("a regular expression of unknown cost")
        if isinstance(node, exp.RegexpReplace):
            self.function(node, scope)
        else:
            self.shape(node)
            self.inside(node, scope)

    # --- casts

    def cast(self, node: exp.Cast, scope: _Scope) -> None:
        target = node.args["to"]
        if not isinstance(target, exp.DataType):
            refuse("a cast to an odd type")
        for part in target.walk():
            self.shape(part)
        if (name := type_name(target)) not in self.policy.types:
            refuse(f"cast to {name}")
        inner = node.this
        if isinstance(inner, exp.Placeholder):
            self.shape(inner)
            if not re.fullmatch(r"[a-z][a-z0-9_]*", inner.name):
                refuse("a parameter without a plain name")
            return
        self.value(inner, scope)
        if name not in TEXT_TYPES and self.may_be_text(inner, scope):
            refuse("a cast that could fail and print what it reads")

    def may_be_text(self, node: Node, scope: _Scope) -> bool:
        """Whether an expression may carry a text (or JSON) of the data, whose cast could fail."""
        match node:
            case exp.Column():
                return self.text_flag(node, scope)
            case exp.Literal() | exp.Placeholder() | exp.Boolean() | exp.Null() | exp.Predicate():
                return False
            case exp.Cast():
                return type_name(node.args["to"]) in TEXT_TYPES and self.may_be_text(node.this, scope)
            case exp.JSONExtract() | exp.JSONExtractScalar() | exp.JSONBExtract() | exp.JSONBExtractScalar():
                return not self.policy.json_casts
            case exp.Query():
                return True
            case exp.If():
                return self.may_be_text(node.args["true"], scope)
            case _ if isinstance(node, NEVER_TEXT):
                return False
            case _:
                return any(self.may_be_text(child, scope) for child in node.iter_expressions())

    def case(self, node: exp.Case, scope: _Scope) -> None:
        """CASE; inside it, a text may be cast once it is known to look like what it is cast to."""
        self.shape(node)
        for part in (node.args.get("this"), node.args.get("default")):
            if part is not None:
                self.value(part, scope)
        for branch in node.args["ifs"]:
            self.shape(branch)
            test, result = branch.this, branch.args["true"]
            self.value(test, scope)
            known = tested_text(test)
            if known is None:
                self.value(result, scope)
            else:
                self.safe_cast(result, *known, scope)

    def safe_cast(self, node: Node, known: Node, pattern: str, scope: _Scope) -> None:
        """Checks the result of a branch whose test says that a text looks like a number, date or time."""
        if isinstance(node, exp.AtTimeZone):
            self.shape(node)
            self.zone(node.args["zone"])
            self.safe_cast(node.this, known, pattern, scope)
            return
        if isinstance(node, exp.Cast) and type_name(node.args["to"]) == SAFE_CASTS[pattern]:
            inner = node.this.unnest()
            if pattern == SAFE_DATE:
                beginning = isinstance(inner, exp.Left) and inner.expression == exp.Literal.number(10)
                inner = inner.this.unnest() if beginning else None
            if inner == known:
                self.shape(node)
                self.value(node.this, scope)
                return
        self.value(node, scope)


@cache
def _zones() -> frozenset[str]:
    return frozenset(name.lower() for name in available_timezones())


def _conjuncts(test: Node) -> list[Node]:
    return list(test.flatten()) if isinstance(test, exp.And) else [test]
