"""Conditions to statements: who they are, how many, how the number came about, and a first look at them.

Every statement sees the base only: all rows of the customer table that meet the workspace's base filter. The customer
key is taken to be unique in its table, as `segbot catalog check` verifies; joins never multiply people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from sqlglot import exp

from segbot.errors import CannotCompile, UnknownName
from segbot.model.catalog import Catalog, Field
from segbot.model.condition import AllOf, AnyOf, Condition, Defined, Everyone, Not
from segbot.model.operators import Kind
from segbot.model.resolve import Moment
from segbot.model.segment import Step
from segbot.sql import times
from segbot.sql.dialect import POSTGRES, Postgres
from segbot.sql.lower import Segments, lower
from segbot.sql.names import Build, pairs
from segbot.sql.nodes import (
    DIALECT,
    Node,
    aliased,
    column,
    conjunction,
    count_rows,
    derived,
    ordered,
    select,
    table,
    typed,
)
from segbot.sql.rows import Correlated, Flagged, related_rows
from segbot.sql.statement import Statement, render
from segbot.sql.tree import Compiler, RowValue
from segbot.sql.values import text_of

Path = tuple[int, ...]
NO_SEGMENTS: Segments = MappingProxyType({})


def compile_members(
    condition: Condition,
    catalog: Catalog,
    at: Moment,
    base: Condition | None = None,
    segments: Segments = NO_SEGMENTS,
    dialect: Postgres = POSTGRES,
) -> Statement:
    """The keys of a condition's customers, in no order.

    Raises `UnknownName` for names the catalog does not have and `CannotCompile` for what cannot be counted, as do all
    functions here. `dialect` is the engine that the text is written for.
    """
    made = _Making(catalog, at, base, segments, dialect)
    key = catalog.customers.key
    return made.statement(made.members(condition, [column(made.alias, key)]), (key,))


def compile_count(
    condition: Condition,
    catalog: Catalog,
    at: Moment,
    base: Condition | None = None,
    segments: Segments = NO_SEGMENTS,
    dialect: Postgres = POSTGRES,
) -> Statement:
    """One row: `matched`, how many customers the condition has, and `base`, how many there are."""
    made = _Making(catalog, at, base, segments, dialect)
    matched = exp.Subquery(this=made.members(condition, [count_rows()]))
    everyone = exp.Subquery(this=made.members(Everyone(), [count_rows()]))
    query = exp.Select(expressions=[aliased(matched, "matched"), aliased(everyone, "base")])
    return made.statement(query, ("matched", "base"))


def compile_sizes(
    conditions: Sequence[Condition],
    catalog: Catalog,
    at: Moment,
    base: Condition | None = None,
    segments: Segments = NO_SEGMENTS,
    dialect: Postgres = POSTGRES,
) -> Statement:
    """One row: `base`, then `size_1` and so on, the size of each condition; what they share is computed once."""
    made = _Making(catalog, at, base, segments, dialect)
    return made.counts([("base", ()), *((f"size_{i}", (one,)) for i, one in enumerate(conditions, start=1))])


def compile_makeup(
    condition: Condition,
    values: Sequence[Condition],
    catalog: Catalog,
    at: Moment,
    base: Condition | None = None,
    segments: Segments = NO_SEGMENTS,
    dialect: Postgres = POSTGRES,
) -> Statement:
    """One row: `base`, `total`, then for each value `whole_n`, how many have it, and `part_n`, how many of the condition's."""
    made = _Making(catalog, at, base, segments, dialect)
    asked: list[tuple[str, tuple[Condition, ...]]] = [("base", ()), ("total", (condition,))]
    for number, value in enumerate(values, start=1):
        asked += [(f"whole_{number}", (value,)), (f"part_{number}", (condition, value))]
    return made.counts(asked)


def compile_ladder(
    condition: Condition,
    catalog: Catalog,
    at: Moment,
    base: Condition | None = None,
    segments: Segments = NO_SEGMENTS,
    dialect: Postgres = POSTGRES,
) -> tuple[Statement, tuple[Path, ...]]:
    """One row: `base`, `total`, then for each line of the condition `alone_n`, the size of that line by itself.

    For the parts of a top-level all-of there is also `remaining_n`, what is left after it and all before it. Lines are
    numbered from 1 in the order of the returned paths; `steps_of` reads a row.
    """
    made = _Making(catalog, at, base, segments, dialect)
    lines = tuple(condition_lines(condition))
    asked: list[tuple[str, tuple[Condition, ...]]] = [("base", ()), ("total", (condition,))]
    for number, (path, line) in enumerate(lines, start=1):
        asked.append((f"alone_{number}", (line,)))
        if isinstance(condition, AllOf) and len(path) == 1:
            asked.append((f"remaining_{number}", condition.parts[: path[0] + 1]))
    return made.counts(asked), tuple(path for path, _ in lines)


def steps_of(row: Sequence[int], statement: Statement, paths: tuple[Path, ...]) -> tuple[Step, ...]:
    """The rungs of a ladder from the row its statement gave."""
    found = dict(zip(statement.columns, row, strict=True))
    return tuple(
        Step(
            path,
            found[f"alone_{number}"],
            # A single line is its own total.
            found["total"] if path == () else found.get(f"remaining_{number}"),
        )
        for number, path in enumerate(paths, start=1)
    )


def condition_lines(node: Condition, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """Every line of a condition as people see it, with its place in the tree: groups, what is inside them, and leaves.

    An all-of at the very top is no line of its own: it is the whole.
    """
    if path or not isinstance(node, AllOf):
        yield path, node
    match node:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for index, part in enumerate(parts):
                yield from condition_lines(part, (*path, index))
        case Not(part=(AllOf() | AnyOf()) as group):
            for index, part in enumerate(group.parts):
                yield from condition_lines(part, (*path, 0, index))
        case Defined(meaning=meaning):
            yield from condition_lines(meaning, (*path, 0))
        case _:
            pass


def compile_preview(
    condition: Condition,
    catalog: Catalog,
    at: Moment,
    columns: Sequence[str],
    limit: int = 100,
    masked: bool = True,
    base: Condition | None = None,
    segments: Segments = NO_SEGMENTS,
    dialect: Postgres = POSTGRES,
) -> Statement:
    """The first customers by key, with the attributes asked for; contact values are masked inside the database.

    The first column is the customer key; the others are named as their attributes. An age is shown in full years.
    """
    made = _Making(catalog, at, base, segments, dialect)
    key = catalog.customers.key
    outputs: list[Node] = [column(made.alias, key)]
    for name in columns:
        field = catalog.attribute(name)
        if field is None:
            raise UnknownName(f"no attribute {name!r} in the catalog")
        outputs.append(aliased(made.shown(field, masked), name))
    query = made.members(condition, outputs)
    query.set("order", exp.Order(expressions=[ordered(column(made.alias, key))]))
    query.set("limit", exp.Limit(expression=made.build.bind(limit, "bigint")))
    return made.statement(query, (key, *columns))


class _Making:
    """A statement being made."""

    def __init__(
        self, catalog: Catalog, at: Moment, base: Condition | None, segments: Segments, dialect: Postgres
    ) -> None:
        self.build = Build(catalog, at, dialect=dialect)
        self.segments = segments
        lowered = None if base is None else lower(base, catalog, segments)
        self.compiler = Compiler(self.build, None if isinstance(lowered, Everyone) else lowered)
        self.alias, self.aliases = self.build.aliases.for_table(catalog.customers.table)

    def lower(self, condition: Condition) -> Condition:
        return lower(condition, self.build.catalog, self.segments)

    @property
    def customers(self) -> exp.Table:
        return table(self.build.catalog.customers.table, self.alias)

    def members(self, condition: Condition, outputs: Sequence[Node]) -> exp.Select:
        place = Correlated(self.alias, self.aliases)
        test = self.compiler.members_of_base(place, self.lower(condition))
        return select(outputs, self.customers, where=[] if _always(test) else [test])

    def counts(self, asked: Sequence[tuple[str, tuple[Condition, ...]]]) -> Statement:
        """How many of the base meet all of some conditions, in one pass: sets joined once, then counted by filters."""
        place = Flagged(self.alias, self.aliases)
        tests: dict[Condition, Node] = {}
        for condition in (one for _, conditions in asked for one in conditions):
            if condition not in tests:
                tests[condition] = self.compiler.test(self.lower(condition), place).expression
        base = self.compiler.members_of_base(Correlated(self.alias, self.aliases))
        name, _ = place.aliases.take("t")
        flags: dict[Condition, Node] = {}
        computed: list[Node] = []
        for number, (condition, test) in enumerate(tests.items(), start=1):
            if isinstance(test, exp.Boolean):
                flags[condition] = test
            else:
                flags[condition] = column(name, f"c{number}")
                computed.append(aliased(test, f"c{number}"))
        source: exp.Table | exp.Subquery = self.customers
        where = [] if _always(base) else [base]
        if computed:
            source, where = derived(select(computed, self.customers, joins=place.joins, where=where), name), []
        outputs: list[Node] = []
        for output, conditions in asked:
            wanted = conjunction(flags[condition].copy() for condition in conditions)
            counted = count_rows() if _always(wanted) else _counted_where(wanted)
            outputs.append(aliased(counted, output))
        return self.statement(select(outputs, source, where=where), tuple(output for output, _ in asked))

    def shown(self, field: Field, masked: bool) -> Node:
        """An attribute for people to see: one value, or all values of a to-many join in one text."""
        if not field.source.joins:
            return self._presented(field, RowValue(self.build, self.alias).of(field.source), masked)
        scope, value = related_rows(self.build, self.alias, field.source, self.aliases)
        shown = self._presented(field, value, masked)
        output: Node
        if field.source.many:
            distinct = exp.Distinct(expressions=[typed(shown, "text")])
            output = exp.GroupConcat(this=distinct, separator=exp.Literal.string(", "))
        else:
            output = exp.Min(this=typed(shown, "text")) if field.kind in (Kind.FLAG, Kind.LIST) else exp.Min(this=shown)
        here = pairs(field.source.joins[0], self.alias, scope.alias)
        return exp.Subquery(this=select([output], scope.source, joins=scope.joins, where=here))

    def _presented(self, field: Field, value: Node, masked: bool) -> Node:
        source = field.source
        if masked and field.contact is not None:
            return self.build.dialect.masked(text_of(source, value), field.contact)
        if field.kind is Kind.AGE and (source.path or source.sql_type not in ("integer", "numeric")):
            kind = times.moment_type(source.sql_type, source.path, date_kind=True)
            born = times.as_moment(self.build, value, source.sql_type, source.path, date_kind=True)
            today = self.build.bind(self.build.at.today, "date")
            return self.build.dialect.years_between(today, times.local_day(self.build, born, kind))
        return value

    def statement(self, query: exp.Select, columns: tuple[str, ...]) -> Statement:
        parameters = self.build.parameters
        engine = self.build.dialect.name
        # Names are quoted for Postgres where they must be; what others reserve is theirs to know.
        sql = query.sql(engine, identify=engine != DIALECT)
        if engine == DIALECT and sql.count("%") != sql.count("%(p"):
            # The driver would take it for a placeholder.
            raise CannotCompile("a table, column or JSON key with % in its name cannot be queried")
        # What a part was compiled for that then fell away (TRUE or ...) is not bound; some engines mind.
        used = {node.name for node in query.find_all(exp.Placeholder)}
        values = {name: value for name, value in parameters.values.items() if name in used}
        return Statement(sql, values, columns, {name: parameters.types[name] for name in values}, engine)


def _counted_where(test: Node) -> Node:
    return exp.Filter(this=count_rows(), expression=exp.Where(this=test))


def _always(test: Node) -> bool:
    return isinstance(test, exp.Boolean) and bool(test.this)


__all__ = [
    "NO_SEGMENTS",
    "compile_count",
    "compile_ladder",
    "compile_makeup",
    "compile_members",
    "compile_preview",
    "compile_sizes",
    "condition_lines",
    "render",
    "steps_of",
]
