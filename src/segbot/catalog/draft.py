"""A first catalog from what a database was seen to hold: it loads, it checks, and it says what was guessed and left out.

A person is expected to read it: labels, synonyms and definitions are what a database can't know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from segbot.catalog.draft_fields import FieldDrafter, pair
from segbot.catalog.guess import Entry, Guess, guess
from segbot.catalog.observed import Observed, ObservedColumn, ObservedTable
from segbot.catalog.shape import Act, find_shape
from segbot.catalog.wording import Saying, key_of, plural, saying, snake, thing
from segbot.catalog.writing import flow, write
from segbot.errors import CatalogError
from segbot.model.catalog import Role

_NAME = re.compile(r"[^\s.=]+")
_KINDS = re.compile(r"^(kind|event|event_type|event_name|event_kind|action|activity_type|interaction_type|type|name)$")
# Columns of moments that say what the customer then did.
_BECAME = re.compile(r"^(opened|clicked|read|redeemed|used|viewed|downloaded)_(at|on|date|time|ts)$")
_LOGS = re.compile(r"event|activit|interaction|action|tracking|touch|log")
_INTERNAL = re.compile(
    r"^is_(test|staff|internal|employee|bot|dummy|fake|demo)(_\w+)?$|^(test|staff|internal|employee)_(user|account|customer)$"
)
_AMOUNTS = (
    "amount", "total_amount", "total", "revenue", "net_amount", "gross_amount", "order_total", "price", "premium", "value",
)  # fmt: skip
_BUYS = ("order", "purchase", "sale", "transaction", "booking", "reservation", "stay", "policy", "rental")
_MOST_EVENTS_OF_A_TABLE = 15
_VOID = re.compile(r"cancel|void|fail|declin|reject|test|draft|abandon", re.IGNORECASE)
_OBJECTS = ("category", "type", "product", "brand", "plan", "hotel", "room", "campaign", "topic", "name")
# Columns of the event's own table that name what was bought, booked or redeemed.
_OWN_OBJECT = re.compile(r"category|product|brand|plan|offer|item|(?<!user)(?<!event)_name$")
# Properties longer than this are written once.
_SHORT = 70

CALENDAR: dict[str, Entry] = {
    "new_year": {"words": ["New Year", "New Year's Day"], "day": "1 January"},
    "valentines_day": {"words": ["Valentine's Day", "Valentines Day"], "day": "14 February"},
    "easter": {"words": ["Easter"], "day": "Easter"},
    "black_friday": {"words": ["Black Friday"], "day": "fourth Thursday of November + 1"},
    "cyber_monday": {"words": ["Cyber Monday"], "day": "fourth Thursday of November + 4"},
    "christmas": {"words": ["Christmas", "Xmas"], "day": "25 December"},
    "spring": {"words": ["spring"], "from": "1 March", "to": "31 May"},
    "summer": {"words": ["summer"], "from": "1 June", "to": "31 August"},
    "autumn": {"words": ["autumn", "fall"], "from": "1 September", "to": "30 November"},
    "winter": {"words": ["winter"], "from": "1 December", "to": "29 February"},
}


def draft(observed: Observed, name: str = "My company", timezone: str = "UTC") -> tuple[str, tuple[str, ...]]:
    """A catalog file's text and notes on what was guessed and what was left out.

    Raises `CatalogError` when no table looks like customers.
    """
    observed, odd = _writable(observed)
    shape = find_shape(observed)
    if shape is None:
        raise CatalogError(
            "No table looks like customers: one row a person, with a key and, for example, an e-mail column. "
            "Name the schemas to look at, or begin with the example in docs/catalog.md."
        )
    return _Drafter(observed, shape, name, timezone, notes=[*odd]).text()


def _writable(observed: Observed) -> tuple[Observed, list[str]]:
    """The database without names that a catalog can't write (dots, spaces, =), and notes of them."""
    tables: list[ObservedTable] = []
    notes: list[str] = []
    for table in observed.tables:
        if not _NAME.fullmatch(table.short) or table.name.count(".") > 1:
            notes.append(f"Left out {table.name}: its name has a space, a dot or an =, so a view is needed.")
            continue
        odd = {c.name for c in table.columns if not _NAME.fullmatch(c.name)}
        notes += [
            f"Left out {table.name}.{name}: its name has a space, a dot or an =, so a view is needed."
            for name in sorted(odd)
        ]
        keep = [key for key in table.foreign_keys if not odd & {*key.columns, *key.to_columns}]
        primary = () if odd & {*table.primary_key} else table.primary_key
        unique = tuple(key for key in table.unique if not odd & {*key})
        columns = tuple(c for c in table.columns if c.name not in odd)
        tables.append(replace(table, columns=columns, foreign_keys=tuple(keep), primary_key=primary, unique=unique))
    return Observed(tuple(tables), observed.skipped), notes


@dataclass
class _Drafter(FieldDrafter):
    """Drafts the whole file."""

    def text(self) -> tuple[str, tuple[str, ...]]:
        customers = self.shape.customers
        noun = thing(customers.name).replace("_", " ")
        guessed = "" if customers.primary_key == (self.shape.key,) else " (guessed from names and a sample)"
        self.notes.append(f"Customers are the rows of {customers.name}, identified by {self.shape.key}{guessed}.")
        attributes = self.attributes()
        events = self.events()
        base = self.base(attributes)
        buyer = next((key for key in events for buys in _BUYS if key == buys or key.endswith(f"_{buys}")), None)
        file: dict[str, Entry] = {
            "catalog": "1",
            "name": self.name,
            "schema": self.schema,
            "timezone": self.timezone,
            "customers": self.customers(noun, attributes, buyer),
        }
        if base:
            file["base"] = base
        file["attributes"] = dict(attributes)
        if events:
            file["events"] = events
        channels = self.channels(attributes)
        if channels:
            file["channels"] = channels
        file["calendar"] = dict(CALENDAR)
        self.tell_guessed_links()
        self.notes += [f"Left out {table}: {reason}." for table, reason in self.shape.left_out]
        self.notes += [f"Left out {table}: {reason}." for table, reason in self.observed.skipped]
        self.notes.append(
            "Read the labels, add synonyms people use, define house words under `dictionary`, set the timezone."
        )
        return write(file, self.remarks, self.notes), tuple(self.notes)

    # --- customers ------------------------------------------------------------------------------

    def customers(self, noun: str, attributes: dict[str, Entry], buyer: str | None) -> dict[str, Entry]:
        customers = self.shape.customers
        key = customers.column(self.shape.key)
        entry: dict[str, Entry] = {"table": self.table(customers.name), "key": self.shape.key}
        if key is not None and key.family != "integer":
            entry["key_type"] = key.family
        nouns = [
            w
            for w in ("customers", "people", "person", "everyone", "everybody", "users", "contacts")
            if w not in (noun, plural(noun))
        ]
        entry |= {"noun": noun, "plural": plural(noun), "nouns": list[Entry](nouns)}
        if buyer is not None:
            entry |= {"buyers": ["buyers", "buyer"], "buyer_event": buyer}
        names = [self.roles[r] for r in (Role.FIRST_NAME, Role.LAST_NAME, Role.FULL_NAME) if r in self.roles]
        if names:
            entry["shown_as"] = list[Entry](names[:2])
        return entry

    def attributes(self) -> dict[str, Entry]:
        """Columns of the customers, of tables that extend them one to one, and of what they name."""
        shape, customers = self.shape, self.shape.customers
        found: dict[str, Entry] = {}
        self.add_fields(found, customers, (), "attributes", person=True)
        for link in shape.extensions:
            table = self.observed.table(link.table)
            if table is not None:
                step = self.step(table.name, link.to_column, link.column)
                self.add_fields(found, table, (step,), "attributes", person=True, skip={link.column})
        for link in shape.links_of(customers.name):
            self.add_linked(found, link, (), "attributes", person=True)
        if Role.BIRTH_DATE in self.roles and Role.AGE not in self.roles:
            self.add_age(found)
        return found

    def add_age(self, found: dict[str, Entry]) -> None:
        key = self.roles[Role.BIRTH_DATE]
        birth = found[key]
        assert isinstance(birth, dict)
        age: dict[str, Entry] = {"role": "age", "column": birth.get("column", key)}
        age |= {k: birth[k] for k in ("via", "type") if k in birth}
        found["age" if "age" not in found else "age_now"] = age

    def base(self, attributes: dict[str, Entry]) -> dict[str, Entry]:
        """Staff and test accounts, where a flag marks them."""
        flags: list[str] = []
        for key, entry in attributes.items():
            if (
                isinstance(entry, dict)
                and entry.get("kind") == "flag"
                and _INTERNAL.search(str(entry.get("column", key)))
            ):
                word = re.sub(r"^is_", "", key).replace("_", " ")
                word = word if word.endswith(("account", "user", "customer")) else f"{word} account"
                entry["yes"] = [plural(word), word]
                flags.append(plural(word))
        if not flags:
            return {}
        self.notes.append(f"Guessed that nobody wants to count {' and '.join(flags)}: see `base`.")
        return {
            "request": " and ".join(f"not {flag}" for flag in flags),
            "label": f"{' and '.join(flags)} are left out",
        }

    def channels(self, attributes: dict[str, Entry]) -> dict[str, Entry]:
        """Ways to write to people: an address and, where a flag says so, consent."""
        flags = [k for k, e in attributes.items() if isinstance(e, dict) and e.get("kind") == "flag"]
        found: dict[str, Entry] = {}
        for channel, kind, verbs, nouns, pattern in (
            ("email", "email", ["email", "e-mail"], ["email", "e-mail", "emails"], r"e?mail|marketing|newsletter"),
            ("sms", "phone", ["text", "sms"], ["sms", "text messages", "texts"], r"sms|text|phone|mobile"),
        ):
            address = next((k for k, e in attributes.items() if isinstance(e, dict) and e.get("kind") == kind), None)
            if address is None:
                continue
            entry: dict[str, Entry] = {"label": "Email" if channel == "email" else "SMS", "address": address}
            said = rf"({pattern}).*(opt|consent|subscri|permission|accept|allow)|(opt|consent|subscri|accept|allow).*({pattern})"
            consent = next(
                (f for f in flags if re.search(said, f) and not re.search(r"opt(ed)?_?out|unsub|suppress", f)), None
            )
            named = next((f for f in flags if re.fullmatch(rf"({pattern})(_(e?mails?|messages?))?", f)), None)
            if consent is None and named is not None:
                consent = named
                self.notes.append(f"Guessed that {named} is the consent for {channel}.")
            if consent is not None:
                entry["consent"] = consent
            else:
                self.notes.append(
                    f"Found no flag of consent for {channel}: add `consent` to the channel, or everyone counts as reachable."
                )
            found[channel] = {**entry, "verbs": list[Entry](verbs), "nouns": list[Entry](nouns)}
        return found

    # --- events ---------------------------------------------------------------------------------

    def events(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        acts = {act.table.name: act for act in self.shape.acts}
        owners: dict[str, str] = {}
        for act in self.shape.acts:
            for key, entry in self.events_of(act, set(acts)).items():
                name = key if key not in found else key_of(f"{thing(act.table.name)}_{key}")
                found[name] = entry
                owners.setdefault(act.table.name, name)
        for act in self.shape.acts:
            self.add_parts(found, act, owners)
        self.say_once(found)
        return found

    def say_once(self, found: dict[str, Entry]) -> None:
        """A property that another event has too is said to be like that one."""
        first: dict[str, tuple[str, str]] = {}
        for event, entry in found.items():
            properties = entry.get("properties") if isinstance(entry, dict) else None
            if not isinstance(entry, dict) or not isinstance(properties, dict):
                continue
            for key, prop in properties.items():
                if not isinstance(prop, dict) or "like" in prop or len(flow(prop)) < _SHORT:
                    continue
                via = prop.get("via")
                table = via[-1] if isinstance(via, list) else entry["table"]
                end = table["table"] if isinstance(table, dict) else table
                said = f"{end}.{prop.get('column', key)} {key}"
                owner = first.setdefault(said, (f"{event}.{key}", flow(via or [])))
                if owner[0] != f"{event}.{key}":
                    properties[key] = {"like": owner[0], **({"via": via} if via and flow(via) != owner[1] else {})}
                    self.remarks.pop(("events", event, "properties", key), None)

    def events_of(self, act: Act, acts: set[str]) -> dict[str, Entry]:
        """One event, or one for each kind of row in a table of many kinds."""
        name = thing(act.table.name)
        splitter = next(
            (
                c
                for c in act.table.columns
                if _KINDS.search(snake(c.name)) and _LOGS.search(snake(act.table.short))
                and c.family in ("text", "enum") and c.top and 2 <= (c.distinct or 0) <= _MOST_EVENTS_OF_A_TABLE
            ),
            None,
        )  # fmt: skip
        if splitter is None:
            return {key_of(name): self.event(act, name, acts, None, None), **self.sequels(act, acts)}
        self.notes.append(f"Guessed one event for each {splitter.name} of {act.table.name}.")
        kinds: dict[str, Entry] = {}
        for value, _ in splitter.top:
            if key_of(value) in kinds or not re.search("[a-z0-9]", value.lower()):
                self.notes.append(
                    f"Left out {act.table.name} where {splitter.name} is {value}: no name can be made of it."
                )
                continue
            where: dict[str, Entry] = {splitter.name: value}
            if splitter.family == "enum":
                test: dict[str, Entry] = {"column": splitter.name, "type": "enum", "is": value}
                kinds[key_of(value)] = self.event(act, key_of(value), acts, [test], splitter.name)
            else:
                kinds[key_of(value)] = self.event(act, key_of(value), acts, where, splitter.name)
        return kinds

    def sequels(self, act: Act, acts: set[str]) -> dict[str, Entry]:
        """What became of a row, each with a moment of its own: an e-mail with opened_at was opened, or not."""
        found: dict[str, Entry] = {}
        noun = re.sub(r"_(send|sent|sending)$", "", thing(act.table.name))
        for column in _other_times(act):
            became = _BECAME.match(snake(column.name))
            if became is None:
                continue
            later = replace(act, time=((), column.name))
            test: dict[str, Entry] = {"column": column.name, "type": column.family, "is_set": True}
            key = key_of(f"{noun}_{became[1]}")
            found[key] = self.event(later, key, acts, [test], None)
        if found:
            self.notes.append(f"Guessed that {' and '.join(found)} happened where a row of {act.table.name} says when.")
        return found

    def tell_times(self, act: Act, name: str) -> None:
        """An event has one moment: what else its rows could be dated by is worth a look."""
        others = [c.name for c in _other_times(act) if not _BECAME.match(snake(c.name))]
        if others and not act.time[0]:
            self.notes.append(f"Guessed that {name} is dated by {act.time[1]}, not by {' or '.join(others)}.")

    def event(self, act: Act, name: str, acts: set[str], where: Entry | None, splitter: str | None) -> dict[str, Entry]:
        table = act.table
        said, known = saying(name)
        if not known:
            self.notes.append(
                f"Guessed no verb for {name} ({table.name}): add what people say, such as `verbs: [...]`."
            )
        entry: dict[str, Entry] = {"table": self.table(table.name)}
        if len(table.primary_key) == 1:
            entry["id"] = table.primary_key[0]
        entry["customer"] = self.source(act.customer)
        entry["time"] = self.source(act.time, table_of_times(self.observed, act))
        if where is not None:
            entry["where"] = where
        if said.verbs:
            entry["verbs"] = list[Entry](said.verbs)
        entry["nouns"] = list[Entry](said.nouns)
        if said.actors:
            entry["actors"] = list[Entry](said.actors)
        if where is None:
            self.tell_times(act, name)
        self.tell_cancelled(table, name)
        properties = self.properties(act, name, acts, splitter)
        self.measures(entry, properties, said)
        if properties:
            entry["properties"] = properties
        return entry

    def tell_cancelled(self, table: ObservedTable, name: str) -> None:
        """Rows that perhaps should not count are counted until a person says so."""
        for column in table.columns:
            void = [value for value, _ in column.top if _VOID.search(value)] if "status" in snake(column.name) else []
            if void:
                test = f"where: [{{column: {column.name}, is_not: {flow(list(void))}}}]"
                self.notes.append(
                    f"Every {name} counts, even {' or '.join(void)} ones. If they should not, add `{test}`."
                )

    def properties(self, act: Act, event: str, acts: set[str], splitter: str | None) -> dict[str, Entry]:
        """The columns of the event's rows and of what they describe, not of customers or of other events."""
        found: dict[str, Entry] = {}
        at = ("events", key_of(event), "properties")
        # roles are the customers' own
        saved, self.roles = self.roles, dict.fromkeys(Role, "taken")
        skip = {act.customer[1], *([act.time[1]] if not act.time[0] else []), *([splitter] if splitter else [])}
        self.add_fields(found, act.table, (), "events", person=False, skip=skip, at=at)
        way = (*act.customer[0], *act.time[0])
        on_the_way = {link.to_table for link in way} - self.shape.dates
        for link in self.shape.links_of(act.table.name):
            if link in way or link.to_table in on_the_way or link.to_table in acts or link.column == act.customer[1]:
                continue
            self.add_linked(found, link, (), "events", person=False, at=at)
        self.roles = saved
        return found

    def measures(self, entry: dict[str, Entry], properties: dict[str, Entry], said: Saying) -> None:
        """What "spent" sums, what "bought 3" sums, and what may stand as the object of the verb."""
        kinds = {k: e.get("kind") for k, e in properties.items() if isinstance(e, dict)}
        own = [k for k, e in properties.items() if isinstance(e, dict) and "via" not in e]
        money = [k for k in own if kinds[k] == "money"]
        amount = next(
            (k for wish in _AMOUNTS for k in money if k == wish or k.endswith(f"_{wish}")), money[0] if money else None
        )
        if amount is not None:
            entry["amount"] = amount
            if said.spend:
                entry["spend_verbs"] = list[Entry](said.spend)
        quantity = next(
            (k for k in own if kinds[k] == "number" and re.search(r"^(quantity|qty|units|pieces|items)$", k)), None
        )
        if quantity is not None:
            entry["quantity"] = quantity
        described = [
            k for k, e in properties.items() if isinstance(e, dict) and "via" in e and kinds[k] in ("choice", "text")
        ]
        if described:
            named = [k for k in described if _object_worth(k) < len(_OBJECTS)] or described[:2]
            entry["objects"] = list[Entry](sorted(named, key=_object_worth)[:4])

    def add_parts(self, found: dict[str, Entry], act: Act, owners: dict[str, str]) -> None:
        """Lines of an order lend it their objects: bought shoes is an order with a line of shoes."""
        link = next(
            (x for x in self.shape.links_of(act.table.name) if x.to_table in owners and x.to_table != act.table.name),
            None,
        )
        if link is None or not act.time[0]:
            return
        lines, whole = found.get(owners[act.table.name]), found.get(owners[link.to_table])
        if not isinstance(lines, dict) or not isinstance(whole, dict) or "objects" not in lines or "value_of" in whole:
            return
        step: dict[str, Entry] = {
            "table": self.table(act.table.name),
            "on": pair(link.to_column, link.column),
            "many": True,
        }
        properties = whole.setdefault("properties", {})
        of_lines = lines["properties"]
        objects = lines["objects"]
        assert isinstance(properties, dict)
        assert isinstance(of_lines, dict)
        assert isinstance(objects, list)
        lent: list[Entry] = []
        for key in map(str, objects):
            source = of_lines[key]
            if key not in properties and isinstance(source, dict):
                steps = source["via"]
                assert isinstance(steps, list)
                properties[key] = {"like": f"{owners[act.table.name]}.{key}", "via": [step, *steps]}
                lent.append(key)
        if lent:
            whole["objects"] = lent
            whole["value_of"] = owners[act.table.name]
            # the verb belongs to the whole; its lines are only measured
            for words in ("verbs", "actors", "spend_verbs"):
                lines.pop(words, None)

    def tell_guessed_links(self) -> None:
        used = {act.table.name for act in self.shape.acts} | {self.shape.customers.name}
        for link in self.shape.links:
            if not link.declared and link.table in used:
                self.notes.append(
                    f"Guessed that {link.table}.{link.column} names a row of {link.to_table} ({link.to_column})."
                )


def table_of_times(observed: Observed, act: Act) -> str | None:
    """The type of the column with an event's time."""
    links, column = act.time
    table = observed.table(links[-1].to_table) if links else act.table
    found = table.column(column) if table is not None else None
    return found.family if found is not None else None


def _other_times(act: Act) -> list[ObservedColumn]:
    """The moments in an event's own rows besides the one that dates it; not those that a program writes for itself."""
    return [
        c
        for c in act.table.columns
        if c.family in ("date", "timestamp", "timestamptz")
        and (act.time[0] or c.name != act.time[1])
        and isinstance(guess(act.table, c, person=False), Guess)
    ]


def _object_worth(key: str) -> int:
    """What the object of a verb names first: a category before a single product."""
    return next((i for i, wish in enumerate(_OBJECTS) if wish in key), len(_OBJECTS))
