"""The columns of a database as fields of a drafted catalog, over the joins that lead to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from segbot.catalog.guess import Entry, Guess, LeftOut, guess, names_a_code
from segbot.catalog.observed import Observed, ObservedTable
from segbot.catalog.shape import Link, Shape, date_column
from segbot.catalog.wording import key_of, snake, thing
from segbot.model.catalog import Role

_KEYLIKE = re.compile(r"(^|_)(id|key|sk|uuid|guid|fk)$")
# Names that say too little without their table's.
_GENERIC = frozenset({
    "created_at", "name", "title", "label", "type", "status", "code", "description", "kind", "category", "amount",
    "total", "value",
})  # fmt: skip
# How many tables may lie between a row and what it names: a user's account's plan.
_FAR = 1


@dataclass
class FieldDrafter:
    """Drafts the fields of tables, and remembers roles that are taken, remarks and notes."""

    observed: Observed
    shape: Shape
    name: str
    timezone: str
    notes: list[str] = field(default_factory=list)
    remarks: dict[tuple[str, ...], str] = field(default_factory=dict)
    roles: dict[Role, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # most tables are written without their schema
        self.schema = Counter(t.name.rpartition(".")[0] for t in self.observed.tables).most_common(1)[0][0]

    # --- fields ---------------------------------------------------------------------------------

    def add_fields(
        self,
        found: dict[str, Entry],
        table: ObservedTable,
        via: tuple[dict[str, Entry], ...],
        where: str,
        *,
        person: bool,
        skip: Collection[str] = (),
        prefix: str = "",
        at: tuple[str, ...] = (),
    ) -> None:
        """The usable columns of a table, reached over `via`."""
        linked = {link.column for link in self.shape.links_of(table.name)}
        path = at or (where,)
        # of a product's code and name, people say the name
        names = {snake(c.name) for c in table.columns} if prefix else set()
        for column in table.columns:
            if (
                column.name in linked
                or column.name in skip
                or re.sub(r"_code$", "_name", snake(column.name)) in names - {snake(column.name)}
                or (column.name,) == table.primary_key
                or column.name == self.key_of(table)
            ):
                continue
            # region.description is the region
            stands = bool(prefix) and names_a_code(table, column)
            field_ = guess(table, replace(column, name=prefix) if stands else column, person=person)
            if isinstance(field_, LeftOut):
                if not _KEYLIKE.search(snake(column.name)):
                    self.notes.append(f"Left out {table.name}.{column.name}: {field_.reason}.")
                continue
            key = self.put(found, field_, column.name, via, prefix)
            if field_.remark:
                self.remarks[(*path, key)] = field_.remark

    def put(
        self, found: dict[str, Entry], field_: Guess, column: str, via: tuple[dict[str, Entry], ...], prefix: str
    ) -> str:
        entry = dict(field_.entry)
        if field_.role is not None:
            if field_.role in self.roles:
                entry.pop("role")
                entry = {"kind": field_.kind.value, **entry}
            else:
                self.roles[field_.role] = ""
        wish = key_of(column)
        if prefix and wish in ("name", "title", "label", "description", f"{prefix}_name"):
            wish = prefix
        elif prefix and (wish in _GENERIC or wish in found):
            wish = f"{prefix}_{wish}"
        key = wish
        number = 2
        while key in found:
            key, number = f"{wish}_{number}", number + 1
        if field_.role is not None and self.roles[field_.role] == "":
            self.roles[field_.role] = key
        if key != column:
            entry = {**entry, "column": column}
        if via:
            entry["via"] = list[Entry](via)
        found[key] = entry
        return key

    def key_of(self, table: ObservedTable) -> str | None:
        """The column by which others name the rows of a table."""
        return next((link.to_column for link in self.shape.links if link.to_table == table.name), None)

    def add_linked(
        self,
        found: dict[str, Entry],
        link: Link,
        via: tuple[dict[str, Entry], ...],
        where: str,
        *,
        person: bool,
        at: tuple[str, ...] = (),
    ) -> None:
        """The columns of the table that a link names: of a date dimension the day, of others what they describe."""
        table = self.observed.table(link.to_table)
        if table is None or table.name == self.shape.customers.name:
            return
        step = self.step(table.name, link.column, link.to_column)
        if table.name in self.shape.dates:
            day = date_column(table)
            column = table.column(day) if day is not None else None
            if column is not None:
                name = re.sub(r"_(key|id|sk|fk)$", "", snake(link.column))
                role = guess(table, replace(column, name=name), person=person)
                if isinstance(role, Guess):
                    self.put(found, role, name, (*via, step), "")
                    entry = found[name]
                    assert isinstance(entry, dict)
                    entry["column"] = column.name
            return
        self.add_fields(found, table, (*via, step), where, person=person, prefix=thing(table.name), at=at)
        if len(via) < _FAR:
            for further in self.shape.links_of(table.name):
                if further.to_table not in (self.shape.customers.name, link.table):
                    self.add_linked(found, further, (*via, step), where, person=person, at=at)

    # --- pieces ---------------------------------------------------------------------------------

    def table(self, name: str) -> str:
        schema, _, short = name.rpartition(".")
        return short if schema == self.schema else name

    def step(self, table: str, left: str, right: str) -> dict[str, Entry]:
        return {"table": self.table(table), "on": pair(left, right)}

    def source(self, way: tuple[tuple[Link, ...], str], family: str | None = None) -> Entry:
        links, column = way
        typed: dict[str, Entry] = {"type": family} if family in ("date", "timestamp") else {}
        if not links and not typed:
            return column
        steps = [self.step(link.to_table, link.column, link.to_column) for link in links]
        return {"column": column, **({"via": list[Entry](steps)} if steps else {}), **typed}


def pair(left: str, right: str) -> str:
    """Two columns that are equal, as the file writes them."""
    return left if left == right else f"{left} = {right}"
