"""Comparing a catalog with a live database: everything that would fail or mislead, at once, with its line in the file.

What is wrong for sure is an error; what only looks wrong (a sample, a naming habit, a missing index) is a warning.
"""

from __future__ import annotations

from dataclasses import dataclass

from segbot.catalog.near import did_you_mean, nearest
from segbot.catalog.observed import Family, Observed, ObservedColumn, ObservedTable
from segbot.catalog.shape import key_column
from segbot.catalog.vocabulary import Profile
from segbot.catalog.yaml_tree import Path, Tree, dotted
from segbot.errors import Problem
from segbot.model.catalog import Catalog, Event, Field, Source

_BIG = 100_000
# A bound value of the first type can be compared with a column of the second without losing anything.
_FITS: frozenset[tuple[str, Family]] = frozenset({("numeric", "integer"), ("text", "uuid")})


def check(catalog: Catalog, observed: Observed, tree: Tree, profile: Profile | None = None) -> tuple[Problem, ...]:
    """Every difference between a catalog and a database, in the order of the file (`tree` gives the lines).

    With a `profile`, listed values that never occur are told too.
    """
    checker = _Checker(catalog, observed, tree)
    checker.customers()
    for attribute in catalog.attributes:
        checker.attribute(attribute)
    for event in catalog.events:
        checker.event(event)
    checker.places()
    if profile is not None:
        checker.values(profile)
    return tuple(sorted(dict.fromkeys(checker.problems), key=lambda p: (p.line, p.column)))


@dataclass
class _Checker:
    catalog: Catalog
    observed: Observed
    tree: Tree

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(
        self, path: Path, message: str, hint: str | None = None, *, key: bool = False, warning: bool = False
    ) -> None:
        line, column = self.tree.place(path, key=key)
        self.problems.append(Problem(line, column, dotted(path), message, hint, "warning" if warning else "error"))

    # --- tables and columns ---------------------------------------------------------------------

    def table(self, path: Path, name: str) -> ObservedTable | None:
        found = self.observed.table(name)
        if found is None:
            skipped = dict(self.observed.skipped)
            if name in skipped:
                self.wrong(path, f"the table {name!r} can't be read", skipped[name])
                return None
            self.wrong(path, f"there is no table {name!r}", _nearest_table(name, self.observed))
        return found

    def column(self, path: Path, table: ObservedTable | None, name: str) -> ObservedColumn | None:
        if table is None:
            return None
        found = table.column(name)
        if found is None:
            names = [c.name for c in table.columns]
            hint = did_you_mean(name, names) or self.behind(table, name)
            self.wrong(path, f"the table {table.name!r} has no column {name!r}", hint)
        return found

    def behind(self, table: ObservedTable, name: str) -> str | None:
        """A table one foreign key away that has the column."""
        for key in table.foreign_keys:
            other = self.observed.table(key.table)
            if other is not None and other.column(name) is not None and len(key.columns) == 1:
                step = f"{{table: {other.name}, on: {key.columns[0]} = {key.to_columns[0]}}}"
                return f"{other.name} has it: add `via: [{step}]`"
        return None

    def source(
        self, path: Path, source: Source, table: ObservedTable | None
    ) -> tuple[ObservedTable | None, ObservedColumn | None]:
        """The table and column where a source ends, every step of the way checked."""
        here = table
        for i, join in enumerate(source.joins):
            step = (*path, "via", i)
            for left, _ in ((join.from_column, join.to_column), *join.also):
                self.column((*step, "on"), here, left)
            here = self.table((*step, "table"), join.table)
            rights = (join.to_column, *(right for _, right in join.also))
            present = [self.column((*step, "on"), here, right) for right in rights]
            if here is not None and all(present) and not join.many and not here.is_unique(*rights):
                self.several(step, here, rights)
        column = self.column((*path, "column"), here, source.column)
        if column is not None:
            self.type((*path, "type"), source, column)
        return here, column

    def several(self, path: Path, table: ObservedTable, columns: tuple[str, ...]) -> None:
        """A join without `many` needs a key on its far side."""
        shown = ", ".join(columns)
        if len(columns) == 1 and table.sampled and not table.seems_unique(columns[0]):
            self.wrong(path, f"several rows of {table.name!r} can match {shown}", "write `many: true`")
        elif not table.view and not _seen_whole(table):
            self.wrong(
                path,
                f"nothing in the database keeps {shown} of {table.name!r} unique",
                "add a unique index, or write `many: true`",
                warning=True,
            )

    def type(self, path: Path, source: Source, column: ObservedColumn) -> None:
        declared, real = source.sql_type, column.family
        if source.path:
            if real != "jsonb":
                self.wrong(path, f"the column {column.name!r} is {column.type_name}, a path needs jsonb")
            return
        if declared == real or (declared, real) in _FITS:
            return
        if real == "other":
            message = f"the column {column.name!r} is {column.type_name}, which can't be compared"
            self.wrong(path, message, "name a view that casts it")
            return
        self.wrong(path, f"the column {column.name!r} is {column.type_name}, not {declared}", _type_hint(real))

    # --- places ---------------------------------------------------------------------------------

    def places(self) -> None:
        """The table of places has its columns, and its points are numbers."""
        wanted = self.catalog.place_table
        if wanted is None:
            return
        table = self.table(("places", "table"), wanted.table)
        for key in ("city", "state", "country", "postal_code"):
            name = getattr(wanted, key)
            if name is not None:
                self.column(("places", key), table, name)
        for key in ("latitude", "longitude"):
            found = self.column(("places", key), table, getattr(wanted, key))
            if found is not None and found.family not in ("integer", "numeric"):
                self.wrong(("places", key), f"the column {found.name!r} is {found.type_name}, not a number of degrees")

    # --- customers ------------------------------------------------------------------------------

    def customers(self) -> None:
        customers = self.catalog.customers
        table = self.table(("customers", "table"), customers.table)
        key = self.column(("customers", "key"), table, customers.key)
        if table is None or key is None:
            return
        if key.family != customers.key_type:
            self.wrong(
                ("customers", "key_type"),
                f"the key {key.name!r} is {key.type_name}, not {customers.key_type}",
                f"write `key_type: {key.family}`" if key.family in ("integer", "text", "uuid") else None,
            )
        if not table.is_unique(key.name):
            if table.sampled and not table.seems_unique(key.name):
                message = f"the key {key.name!r} is not unique: several rows have the same one, or none"
                self.wrong(("customers", "key"), message, _unique_hint(table))
            elif not _seen_whole(table):
                message = f"nothing in the database keeps the key {key.name!r} unique"
                self.wrong(("customers", "key"), message, "add a unique index", warning=True)

    def attribute(self, field: Field) -> None:
        self.field(("attributes", field.key), field, self.observed.table(self.catalog.customers.table))

    def field(self, path: Path, field: Field, table: ObservedTable | None) -> None:
        _, column = self.source(path, field.source, table)
        if column is None:
            return
        if field.contact is None and column.contact is not None and self.unmarked(path):
            self.wrong(
                path,
                f"the column {column.name!r} looks like contact data ({column.contact})",
                f"write `contact: {column.contact}`, or `contact: none` if it is not",
                key=True,
                warning=True,
            )
        if column.secret:
            self.wrong(path, f"the column {column.name!r} looks like a secret", "remove it", key=True, warning=True)

    def unmarked(self, path: Path) -> bool:
        """Whether the file says nothing of contact data here."""
        return (*path, "contact") not in self.tree.values

    # --- events ---------------------------------------------------------------------------------

    def event(self, event: Event) -> None:
        path: Path = ("events", event.key)
        table = self.table((*path, "table"), event.table)
        if event.id_column is not None:
            self.column((*path, "id"), table, event.id_column)
        self.source((*path, "customer"), event.customer, table)
        if event.time is not None:
            self.source((*path, "time"), event.time, table)
        if table is not None:
            self.index(path, event, table)
        for i, where in enumerate(event.where):
            place: Path = (*path, "where", i)
            self.source(
                place if place in self.tree.values else (*path, "where", where.source.column), where.source, table
            )
        for prop in event.properties:
            self.field((*path, "properties", prop.key), prop, table)

    def index(self, path: Path, event: Event, table: ObservedTable) -> None:
        """Large events are found by customer and by time; without an index each count reads the whole table."""
        if table.view or table.rows < _BIG:
            return
        for name, source in (("customer", event.customer), ("time", event.time)):
            if source is None or source.joins or table.column(source.column) is None:
                continue
            if not any(source.column in index[:3] for index in table.indexed):
                self.wrong(
                    (*path, name),
                    f"no index of {table.name!r} ({table.rows:,} rows) has {source.column!r}, so counts will be slow",
                    f"CREATE INDEX ON {table.name} ({source.column}, ...)",
                    warning=True,
                )

    # --- values ---------------------------------------------------------------------------------

    def values(self, profile: Profile) -> None:
        """Values that the file lists but the database never holds."""
        for attribute in self.catalog.attributes:
            self.never(("attributes", attribute.key, "values"), attribute, attribute.key, profile)
        for event in self.catalog.events:
            for prop in event.properties:
                path: Path = ("events", event.key, "properties", prop.key, "values")
                self.never(path, prop, f"{event.key}.{prop.key}", profile)

    def never(self, path: Path, field: Field, name: str, profile: Profile) -> None:
        seen = profile.fields.get(name)
        if seen is None or not seen.complete or not seen.values:
            return
        real = {value for value, _ in seen.values}
        self.unplaced(path, field, real)
        part = "in a sample of " if seen.sampled else "in "
        for value, place in self.listed(path):
            if value not in real:
                hint = _value_hint(value, sorted(real))
                self.wrong(place, f"the value {value!r} never occurs {part}the column", hint, key=True, warning=True)

    def unplaced(self, path: Path, field: Field, real: set[str]) -> None:
        """Values of an ordered field that have no place in its order can't be asked for by name."""
        missing = sorted(real - {e.value for e in field.values}) if field.ordered and field.values else []
        if missing:
            shown = ", ".join(repr(value) for value in missing[:5])
            self.wrong(path, f"the column also holds {shown}", "add them in their place", warning=True)

    def listed(self, path: Path) -> list[tuple[str, Path]]:
        """The values that the file itself lists at a path, each with its place; standard ones are not the owner's claim."""
        match self.tree.get(path):
            case dict() as labelled:
                return [(value, (*path, value)) for value in labelled]
            case list() as plain:
                return [(value, (*path, i)) for i, value in enumerate(plain) if isinstance(value, str)]
            case _:
                return []


def _seen_whole(table: ObservedTable) -> bool:
    """Whether the sample was the whole table, so that what it shows is true and not only likely."""
    return 0 < table.rows <= table.sampled


def _value_hint(value: str, real: list[str]) -> str | None:
    same = next((other for other in real if other.casefold() == value.casefold()), None) or nearest(value, real)
    if same is not None:
        return f"did you mean {same!r}?"
    return f"it holds {', '.join(repr(v) for v in real[:5])}{', ...' if len(real) > 5 else ''}"


def _nearest_table(name: str, observed: Observed) -> str | None:
    """The same name in another schema, or a name like it in any."""
    shorts: dict[str, str] = {}
    for table in observed.tables:
        same_schema = table.name.rpartition(".")[0] == name.rpartition(".")[0]
        shorts[table.short] = table.name if same_schema else shorts.get(table.short, table.name)
    near = nearest(name.rpartition(".")[2], shorts)
    return f"did you mean {shorts[near]!r}?" if near is not None else None


def _type_hint(real: Family) -> str:
    match real:
        case "boolean":
            return "use `kind: flag`"
        case "text[]":
            return "use `kind: list`"
        case "integer" | "numeric":
            return f"use `kind: number` or `kind: money`, or write `type: {real}`"
        case "date" | "timestamp" | "timestamptz":
            return f"use `kind: date` or `kind: time` with `type: {real}`"
        case _:
            return f"write `type: {real}`"


def _unique_hint(table: ObservedTable) -> str | None:
    if table.primary_key:
        return f"its primary key is {', '.join(table.primary_key)}"
    likely = key_column(table)
    return f"{likely!r} is unique" if likely is not None else None
