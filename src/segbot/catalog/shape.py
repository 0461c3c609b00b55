"""The shape of a database: which table holds the customers, what hangs on it, and which tables say what they did.

Declared keys are believed; where there are none, as in most warehouses, names and samples are read: `customer_id` names a
row of `customers`, `order_date_key` a day of the date dimension.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from segbot.catalog.observed import Observed, ObservedColumn, ObservedTable
from segbot.catalog.wording import snake, thing

_PEOPLE = {
    "customer": 10, "client": 9, "guest": 9, "policy_holder": 9, "policyholder": 9, "insured": 8, "shopper": 9, "buyer": 9,
    "member": 8, "user": 8, "subscriber": 8, "patient": 8, "donor": 8, "student": 7, "passenger": 8, "traveler": 8,
    "person": 7, "contact": 7, "profile": 6, "consumer": 9, "player": 8, "tenant": 5, "account": 4, "party": 5, "household": 4,
}  # fmt: skip
_KEYLIKE = re.compile(r"(^|_)(id|key|sk|code|no|number|uuid|guid|fk|nr)$")
_KEYS = frozenset({"integer", "text", "uuid"})
_TIMES = frozenset({"timestamptz", "timestamp", "date"})
_GOOD_TIME = re.compile(
    r"occurred|happened|event_(time|at|date)|ordered|order_(date|time)|placed|purchased|booked|sent|started|start_(date|time)|"
    r"opened|visited|viewed|logged|login|submitted|filed|reported|returned|paid|issued|transaction_|posted|redeemed|"
    r"check_?in|arriv|loss_date|effective|sale_date"
)
_POOR_TIME = re.compile(
    r"updat|modif|delet|clos|end|expir|due|check_?out|depart|valid|cancel|synced|loaded|ingest|_etl|birth|paid_at$|ship|deliver"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A column of a table that names one row of another. `declared` says the database knows; otherwise it was guessed."""

    table: str
    column: str
    to_table: str
    to_column: str
    declared: bool


@dataclass(frozen=True, slots=True)
class Act:
    """A table of things customers did: the way to the customer key and the time of each row, each over some links."""

    table: ObservedTable
    customer: tuple[tuple[Link, ...], str]
    time: tuple[tuple[Link, ...], str]


@dataclass(frozen=True)
class Shape:
    """What a database seems to be: customers with their key, tables that extend them one to one, acts, date dimensions."""

    customers: ObservedTable
    key: str
    links: tuple[Link, ...]
    extensions: tuple[Link, ...]
    acts: tuple[Act, ...]
    dates: frozenset[str]
    left_out: tuple[tuple[str, str], ...]

    def links_of(self, table: str) -> tuple[Link, ...]:
        """What the columns of a table name."""
        return tuple(link for link in self.links if link.table == table)


def find_shape(observed: Observed) -> Shape | None:
    """The shape of a database, or None when no table looks like customers."""
    dates = frozenset(t.name for t in observed.tables if _is_dates(t))
    links = _links(observed, dates)
    customers = _customers(observed, links, dates)
    if customers is None:
        return None
    key = key_column(customers)
    assert key is not None
    finder = _Finder(observed, links, dates, customers, key)
    extensions = tuple(finder.extensions())
    taken = {customers.name, *dates, *(link.table for link in extensions)}
    acts, left_out = finder.acts(taken)
    return Shape(customers, key, links, extensions, acts, dates, left_out)


def holds_people(table: str) -> bool:
    """Whether a table's name says that its rows are people, so that their `name` is a person's."""
    name = thing(table)
    return name in _PEOPLE or name.rpartition("_")[2] in _PEOPLE


def key_column(table: ObservedTable) -> str | None:
    """The one column that identifies a row: declared, or named like a key and never twice in the sample."""
    if len(table.primary_key) == 1:
        return table.primary_key[0]
    name = thing(table.name)
    likely = (
        f"{name}_id",
        f"{name}_key",
        f"{name}_sk",
        "id",
        "key",
        f"{name}_code",
        "code",
        "uuid",
        f"{name}_no",
        f"{name}_number",
    )
    by_name = {snake(c.name): c for c in table.columns if c.family in _KEYS}
    for wanted in likely:
        column = by_name.get(wanted)
        if column is not None and table.seems_unique(column.name):
            return column.name
    if table.primary_key:
        return None
    single = [k[0] for k in table.unique if len(k) == 1 and _usable(table.column(k[0]))]
    if single:
        return single[0]
    keyed = [
        c.name for c in table.columns if _usable(c) and _KEYLIKE.search(snake(c.name)) and table.seems_unique(c.name)
    ]
    return keyed[0] if keyed else None


def _usable(column: ObservedColumn | None) -> bool:
    return column is not None and column.family in _KEYS and column.contact is None


def _is_dates(table: ObservedTable) -> bool:
    """A date dimension: named like one, with a column of days each of which comes once."""
    if not re.search(r"(^|_)(date|dates|calendar|days?|dim_time)($|_)", snake(table.short)):
        return False
    return date_column(table) is not None and len(table.columns) >= 3


def date_column(table: ObservedTable) -> str | None:
    """The column of a date dimension that holds the day itself."""
    days = [c.name for c in table.columns if c.family == "date"]
    unique = [name for name in days if table.seems_unique(name)]
    return next(iter((*unique, *days)), None)


# --- links --------------------------------------------------------------------------------------


def _links(observed: Observed, dates: frozenset[str]) -> tuple[Link, ...]:
    found: list[Link] = []
    for table in observed.tables:
        declared = {
            key.columns[0]: Link(table.name, key.columns[0], key.table, key.to_columns[0], True)
            for key in table.foreign_keys
            if len(key.columns) == 1 and observed.table(key.table) is not None
        }
        for column in table.columns:
            link = declared.get(column.name) or _guessed(observed, dates, table, column)
            if link is not None:
                found.append(link)
    return tuple(found)


def _guessed(observed: Observed, dates: frozenset[str], table: ObservedTable, column: ObservedColumn) -> Link | None:
    """The table whose key a column seems to hold, by its name."""
    name = snake(column.name)
    if column.family not in _KEYS or not _KEYLIKE.search(name) or column.contact is not None or column.secret:
        return None
    if (column.name,) == table.primary_key:
        # its own key, unless it is also the name of somebody else's
        candidates = [t for t in observed.tables if thing(t.name) != thing(table.name) and thing(t.name) == _stem(name)]
    else:
        candidates = list(observed.tables)
    best: tuple[int, Link] | None = None
    for other in candidates:
        if other.name == table.name or (key := key_column(other)) is None:
            continue
        to = other.column(key)
        if to is None or to.family != column.family:
            continue
        score = _likeness(name, snake(key), thing(other.name), other.name in dates) or _decodes(column, to, other)
        if score and (best is None or score > best[0]):
            best = (score, Link(table.name, column.name, other.name, key, False))
    return best[1] if best else None


def _stem(column: str) -> str:
    return _KEYLIKE.sub("", column)


def _likeness(column: str, key: str, other: str, is_dates: bool) -> int:
    """How well a column's name fits another table's key, 0 for not at all."""
    stem = _stem(column)
    if stem == other:
        return 4
    if column == key and key not in ("id", "key", "code", "number", "no", "uuid"):
        return 3
    if is_dates and re.search(r"(^|_)date(_|$)", column):
        return 2
    # billing_address_id names an address
    return 1 if stem.endswith(f"_{other}") else 0


def _decodes(column: ObservedColumn, to: ObservedColumn, other: ObservedTable) -> int:
    """Whether a small table explains the codes of a column: marital_code M is in dim_marital_status."""
    stem, said = _stem(snake(column.name)), {value for value, _ in column.top}
    alike = snake(to.name).endswith("code") and thing(other.name).startswith(f"{stem}_")
    return int(alike and bool(said) and said <= {value for value, _ in to.top})


# --- customers and what hangs on them -----------------------------------------------------------


def _customers(observed: Observed, links: Iterable[Link], dates: frozenset[str]) -> ObservedTable | None:
    inbound: dict[str, set[str]] = {}
    for link in links:
        inbound.setdefault(link.to_table, set()).add(link.table)

    def score(table: ObservedTable) -> float:
        contacts = {c.contact for c in table.columns}
        name = thing(table.name)
        base = _PEOPLE.get(name, _PEOPLE.get(name.rpartition("_")[2], 0) / 2)
        personal = any(re.search(r"birth|gender|first_name", snake(c.name)) for c in table.columns)
        return base + 3 * ("email" in contacts) + 2 * personal + min(5, len(inbound.get(table.name, ()))) if base else 0

    candidates = [t for t in observed.tables if t.name not in dates and key_column(t) is not None and score(t) >= 4]
    return max(candidates, key=lambda t: (score(t), t.rows, t.name), default=None)


@dataclass(frozen=True)
class _Finder:
    observed: Observed
    links: tuple[Link, ...]
    dates: frozenset[str]
    customers: ObservedTable
    key: str

    def extensions(self) -> Iterable[Link]:
        """Tables with at most one row per customer."""
        for link in self.links:
            table = self.observed.table(link.table)
            if link.to_table != self.customers.name or link.to_column != self.key or table is None:
                continue
            if table.name == self.customers.name:
                continue
            once = table.is_unique(link.column)
            seems = table.seems_unique(link.column) and table.sampled > 1 and self.time(table, ()) is None
            if once or seems:
                yield link

    def acts(self, taken: set[str]) -> tuple[tuple[Act, ...], tuple[tuple[str, str], ...]]:
        acts: list[Act] = []
        left_out: list[tuple[str, str]] = []
        described = {link.to_table for link in self.links}
        for table in self.observed.tables:
            if table.name in taken:
                continue
            customer = self.way(table)
            if customer is None:
                owner = next(
                    (x.to_table for x in self.links if x.table == table.name and x.to_table not in self.dates), None
                )
                if owner is None and table.name not in described:
                    left_out.append((table.name, "nothing in it leads to a customer"))
                elif owner is not None and (table.name not in described or owner in self.reached()):
                    left_out.append((table.name, f"it belongs to {owner}, not to a single customer"))
                continue
            time = self.time(table, customer[0])
            if time is None:
                left_out.append((table.name, "its rows have no time"))
                continue
            acts.append(Act(table, customer, time))
        return tuple(acts), tuple(left_out)

    def way(self, table: ObservedTable) -> tuple[tuple[Link, ...], str] | None:
        """The links to walk and the column that then holds the customer key; the shortest way, at most two links long."""
        ways: list[tuple[Link, ...]] = [()]
        seen = {table.name, self.customers.name}
        for _ in range(3):
            longer: list[tuple[Link, ...]] = []
            for way in ways:
                here = way[-1].to_table if way else table.name
                out = sorted((x for x in self.links if x.table == here), key=lambda x: not x.declared)
                for link in out:
                    if link.to_table == self.customers.name:
                        return (way, link.column) if link.to_column == self.key else ((*way, link), self.key)
                longer += [(*way, x) for x in out if x.to_table not in seen and x.to_table not in self.dates]
                seen |= {x.to_table for x in out}
            ways = longer
        return None

    def reached(self) -> frozenset[str]:
        """The tables that describe customers, such as their accounts."""
        return frozenset(link.to_table for link in self.links if link.table == self.customers.name) - self.dates

    def times(self, table: ObservedTable) -> list[ObservedColumn]:
        return [c for c in table.columns if c.family in _TIMES]

    def time(self, table: ObservedTable, way: tuple[Link, ...]) -> tuple[tuple[Link, ...], str] | None:
        """The column with the moment of a row: its own, a day of a date dimension, or that of the row it belongs to."""
        own = self.own_time(table)
        if own is not None:
            return own
        belongs = [
            x for x in self.links if x.table == table.name and x.to_table not in {self.customers.name, *self.dates}
        ]
        for link in belongs:
            # an order's lines happened when the order did; a product's launch says nothing of who bought it
            parent = self.observed.table(link.to_table)
            found = self.own_time(parent) if parent is not None and self.way(parent) is not None else None
            if found is not None:
                return (link, *found[0]), found[1]
        for i, link in enumerate(way):
            parent = self.observed.table(link.to_table)
            found = self.own_time(parent) if parent is not None else None
            if found is not None:
                return (*way[: i + 1], *found[0]), found[1]
        return None

    def own_time(self, table: ObservedTable) -> tuple[tuple[Link, ...], str] | None:
        choices: list[tuple[int, tuple[Link, ...], str]] = []
        for column in self.times(table):
            worth = _time_worth(snake(column.name)) + (1 if column.family != "date" else 0)
            if worth > -3:
                choices.append((worth, (), column.name))
        for link in self.links:
            if link.table == table.name and link.to_table in self.dates:
                dates = self.observed.table(link.to_table)
                day = date_column(dates) if dates is not None else None
                if day is not None:
                    choices.append((_time_worth(snake(link.column)), (link,), day))
        best = max(choices, key=lambda c: c[0], default=None)
        return (best[1], best[2]) if best else None


def _time_worth(name: str) -> int:
    if _POOR_TIME.search(name):
        return -5 if re.search(r"birth|updat|modif|delet|synced|loaded|ingest|_etl", name) else -1
    if _GOOD_TIME.search(name):
        return 6
    return 5 if re.search(r"creat|^(date|time|timestamp|day|ts)$", name) else 3
