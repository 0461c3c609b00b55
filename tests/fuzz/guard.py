"""A fuzzer of the guard: `python -m tests.fuzz.guard --minutes 30 --seed 1`.

It mutates queries (characters, words, pieces of other queries, parts of their trees) and conditions (their JSON), and
asks Postgres itself about everything that the guard lets through: the query becomes a view, whose recorded dependencies
and text say which tables, columns and functions it really uses. One that is not on the list is an escape. Each finding
is printed with its text; the exit status is 1 when there was one.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import re
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import sqlglot
from pydantic import ValidationError
from sqlglot.errors import SqlglotError
from tests.sql.cases import CASES
from tests.sql.test_guard import FORBIDDEN, HAND, RECORDS
from tests.support.shop import CATALOG, SCHEMA
from tests.support.shops import AT, POLICY
from tests.support.trees import SEGMENTS

from segbot.errors import CannotCompile, SegbotError, UnknownName
from segbot.model.codec import dump, load
from segbot.sql.compile import compile_count, compile_ladder, compile_members
from segbot.sql.guard import Allowed, guard
from segbot.sql.policy import Policy
from segbot.sql.statement import render
from segbot.warehouse.embedded import temporary_postgres

DATA = Path(__file__).parents[1] / "sql" / "data"
NASTY = (
    "'; DROP TABLE customers; --", "%(p1)s", "$1", "\\'", "\x00", "é\u202e", "1e999", "9" * 400, "pg_sleep(9)", "%s %%",
    "${x}", "' OR 1=1", '"', "/*", "*/", "\n", "NULL", "İ", "\\x", "E'\\\\'", "U&'\\0041'", "$$a$$", "::regclass",
)  # fmt: skip
PIECES = (
    *FORBIDDEN, "lateral", "LATERAL unnest(c.tags)", "TABLE api_keys", "OPERATOR(pg_catalog.=)", "c.email::xml", "ROW(c)",
    "pg_read_file('x')", "lo_import('x')", "current_setting('x')", "dblink('x', 'y')", "(c).email", "VALUES (1)", "@@",
    "COLLATE \"C\"", "TABLESAMPLE SYSTEM (1)", "ONLY", "WITH RECURSIVE r AS (SELECT 1)", "AT TIME ZONE 'x'", "FOR SHARE",
    "NATURAL JOIN employees", "JOIN api_keys k ON true", "USING (id)", "GROUPING SETS ((1))", "XMLPARSE(CONTENT 'a')",
    "ARRAY(SELECT key FROM api_keys)", "U&\"ssn\"", "\"ssn\"", "c . ssn", "~", "->>", "===", "shadow.customers",
)  # fmt: skip
# What Postgres writes before a parenthesis when it shows a view, besides the listed functions.
WRITTEN = frozenset(
    """select exists any all in and or not filter over as extract coalesce greatest least case when then else on where
    from values count numeric character varying timestamp interval bit union intersect except having by is cast array
    row distinct using lateral within group join left right full inner cross limit offset between like power
    substring date_part timezone btrim ltrim rtrim position overlay nullif precision varying time xor partition
    """.split()  # noqa: SIM905
)


@dataclass
class World:
    """A database, the policy for it, and queries to begin with."""

    connection: psycopg.Connection[Any]
    policy: Policy
    queries: list[str]
    conditions: list[str] = field(default_factory=list)


@dataclass
class Fuzzer:
    """Counts what it met; `findings` are escapes and crashes."""

    pick: random.Random
    met: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def query(self, world: World) -> None:
        """One mutated query."""
        sql = self._mutated(world)
        try:
            verdict = guard(sql, world.policy)
        except Exception as crash:
            self.findings.append(f"the guard raised {type(crash).__name__}: {crash}\n{sql}")
            return
        self.met["queries"] += 1
        if isinstance(verdict, Allowed):
            self.met["queries let through"] += 1
            self._judge(world, sql)

    def condition(self, world: World) -> None:
        """One mutated condition: it is refused in words, or its query is allowed and carries values as values only."""
        data = json.loads(self.pick.choice(world.conditions))
        for _ in range(self.pick.randint(1, 3)):
            self._spoil(data)
        self.met["conditions"] += 1
        try:
            tree = load(data)
        except (ValidationError, ValueError, SegbotError):
            return
        try:
            made = [
                compile_members(tree, CATALOG, AT, segments=SEGMENTS),
                compile_count(tree, CATALOG, AT, segments=SEGMENTS),
                compile_ladder(tree, CATALOG, AT, segments=SEGMENTS)[0],
            ]
        except (CannotCompile, UnknownName):
            return
        except Exception as crash:
            self.findings.append(f"the compiler raised {type(crash).__name__}: {crash}\n{json.dumps(data)}")
            return
        self.met["conditions compiled"] += 1
        for statement in made:
            if not isinstance(guard(statement.sql, world.policy), Allowed):
                self.findings.append(f"the compiler's own query is refused\n{json.dumps(data)}\n{statement.sql}")
            if any(nasty in statement.sql for nasty in NASTY if nasty not in ("%(p1)s", '"', "\n", "NULL")):
                self.findings.append(f"a value got into the text\n{json.dumps(data)}\n{statement.sql}")
        self._judge(world, made[0].sql)
        shown = render(made[0])
        if isinstance(guard(shown, world.policy), Allowed):
            self._judge(world, shown)

    # --- mutations

    def _mutated(self, world: World) -> str:
        pick, sql = self.pick, self.pick.choice(world.queries)
        if pick.random() < 0.25:
            return self._grafted(sql, pick.choice(world.queries))
        for _ in range(pick.randint(1, 3)):
            pieces = re.findall(r"'(?:[^']|'')*'|\"[^\"]*\"|\s+|\w+|.", sql, re.DOTALL) or [""]
            at, kind = pick.randrange(len(pieces)), pick.randrange(7)
            match kind:
                case 0:
                    pieces[at] = ""
                case 1:
                    pieces[at] = f" {pick.choice(PIECES)} "
                case 2:
                    pieces.insert(at, f" {pick.choice(PIECES)} ")
                case 3:
                    other = re.findall(r"\w+|\s+|.", pick.choice(world.queries), re.DOTALL)
                    start = pick.randrange(len(other))
                    pieces[at:at] = other[start : start + pick.randint(1, 25)]
                case 4:
                    to = pick.randrange(len(pieces))
                    pieces[at], pieces[to] = pieces[to], pieces[at]
                case 5:
                    pieces[at] += pieces[pick.randrange(len(pieces))]
                case _:
                    letter = pick.choice("'\"();,.%$*-/\\[]{}:~@#&|!?<>=\t\u00a0\u200b\ufeffeE")
                    place = pick.randrange(len(sql) + 1)
                    pieces = [sql[:place], letter, sql[place:]]
            sql = "".join(pieces)
        return sql

    def _grafted(self, sql: str, other: str) -> str:
        """A part of one query's tree in the place of a part of another's."""
        try:
            tree, donor = sqlglot.parse_one(sql, read="postgres"), sqlglot.parse_one(other, read="postgres")
            places, parts = list(tree.walk())[1:], list(donor.walk())
            place, part = self.pick.choice(places), self.pick.choice(parts)
            kinds = [one for one in parts if type(one) is type(place)]
            place.replace((self.pick.choice(kinds) if kinds and self.pick.random() < 0.7 else part).copy())
            return tree.sql("postgres")
        except (SqlglotError, ValueError, TypeError, AttributeError, IndexError, RecursionError):
            return sql

    def _spoil(self, data: Any) -> None:
        places: list[tuple[Any, Any]] = []

        def gather(node: Any) -> None:
            entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            for key, value in entries:
                places.append((node, key))
                gather(value)

        gather(data)
        node, key = self.pick.choice(places)
        match node[key]:
            case bool():
                node[key] = self.pick.choice([None, 1, "true"])
            case int() | float():
                node[key] = self.pick.choice([0, -1, 2**63, 10**30, 1.5, 1e300, True, None, "7", 999_999])
            case str() as word:
                node[key] = self.pick.choice([*NASTY, word + self.pick.choice(NASTY), "", word.upper()])
            case list() as several:
                several.extend(several[:1] * self.pick.randint(0, 3))
            case _:
                node[key] = self.pick.choice([None, [], {}, "x"])

    # --- what Postgres says of it

    def _judge(self, world: World, sql: str) -> None:
        plain = re.sub(r"%\(\w+\)s", "NULL", sql).replace("%%", "%")
        connection = world.connection
        prepared = connection.pgconn.prepare(b"", plain.encode())
        if prepared.status != psycopg.pq.ExecStatus.COMMAND_OK:
            self.met["no SQL to Postgres"] += 1
            return
        self.met["asked Postgres"] += 1
        with connection.transaction(force_rollback=True):
            try:
                with connection.transaction():
                    view = f"CREATE TEMP VIEW fuzzed AS SELECT count(*) AS n FROM ({plain}) AS inside"
                    connection.execute(view.encode(), prepare=True)
            except psycopg.Error as odd:
                self.findings.append(f"Postgres runs it but makes no view of it: {odd}\n{sql}")
                return
            uses = connection.execute(_USES).fetchall()
            row = connection.execute("SELECT pg_get_viewdef('fuzzed'::regclass)").fetchone()
        assert row is not None
        for name in self._escapes(world.policy, uses, row[0]):
            self.findings.append(f"escape: {name}\n{sql}")

    def _escapes(self, policy: Policy, uses: list[tuple[Any, ...]], text: str) -> list[str]:
        found = []
        for table, column, function in uses:
            if function is not None:
                found.append(function)
            elif table not in policy.tables or (column is not None and column not in policy.tables[table]):
                found.append(f"{table}.{column}")
        bare = re.sub(r"'(?:[^']|'')*'", "''", text)
        for alias in re.findall(r"\bAS (pg_\w+|information_schema)\b", bare):
            # An output that is only called so; Postgres shows every alias with AS, and tables without.
            bare = re.sub(rf"(?:\bAS |\.){alias}\b", "", bare)
        found += re.findall(r"\bpg_\w+|\binformation_schema\b|\bFOR (?:UPDATE|SHARE|NO KEY|KEY)\b|\w\.\*", bare)
        calls = {name.lower() for name in re.findall(r"([A-Za-z_]\w*)\"?\s*\(", bare)}
        # Postgres writes the columns of a derived table after its alias, where two of them have one name.
        aliases = {name.lower() for name in re.findall(rf"\b(?:AS )?(\w+)\({_NAME}(?:, {_NAME})*\)", bare)}
        return found + sorted(calls - policy.functions - WRITTEN - (aliases - _BUILT_IN))


_NAME = r'(?:\w+|"(?:[^"]|"")*")'
_USES = """
SELECT DISTINCT CASE WHEN d.refclassid = 'pg_class'::regclass THEN d.refobjid::regclass::text END, a.attname::text,
    CASE WHEN d.refclassid = 'pg_proc'::regclass THEN 'function ' || d.refobjid::regproc::text
         WHEN d.refclassid = 'pg_operator'::regclass THEN 'operator ' || d.refobjid::regoper::text END
FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND d.refobjsubid <> 0
WHERE d.classid = 'pg_rewrite'::regclass AND r.ev_class = 'fuzzed'::regclass AND d.refobjid <> r.ev_class
    AND d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_operator'::regclass)
"""
_BUILT_IN: set[str] = set()


SLOWEST = 60
"""Seconds after which a round of nine hangs: even a busy machine does it in a hundredth of that."""


def _too_slow(*_: object) -> None:
    raise TimeoutError("a query or condition takes for ever")


def worlds(urls: tuple[str, str]) -> list[World]:
    """The hand-written cases over their schema, and the compiler's queries over the small shop."""
    hand, shop = (psycopg.connect(url, autocommit=True) for url in urls)
    schema = (DATA / "guard_schema.sql").read_text()
    hand.execute(schema[schema.index("CREATE TABLE customers(") : schema.index("RESET ROLE;")].encode())
    shop.execute(SCHEMA.encode())
    _BUILT_IN.update(name for (name,) in hand.execute("SELECT DISTINCT proname::text FROM pg_proc"))
    made = [compile_members(case.condition, CATALOG, AT, segments=SEGMENTS) for case in CASES]
    queries = [text for statement in made for text in (statement.sql, render(statement))]
    return [
        World(hand, HAND, [record["sql"] for record in RECORDS]),
        World(shop, POLICY, queries, [json.dumps(dump(case.condition)) for case in CASES]),
    ]


def run(seed: int, *, minutes: float = math.inf, rounds: float = math.inf) -> Fuzzer:
    """Fuzz for so long, or so many rounds of eight queries and a condition; the same seed makes the same texts."""
    signal.signal(signal.SIGALRM, _too_slow)
    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of what the guard is there to refuse
    fuzzer = Fuzzer(random.Random(seed))
    ends = time.monotonic() + minutes * 60
    said = time.monotonic()
    with temporary_postgres() as server:
        for name in ("hand", "shop"):
            server.create_database(name)
        hand, shop = worlds((server.conninfo("hand"), server.conninfo("shop")))
        while time.monotonic() < ends and fuzzer.met["conditions"] < rounds and len(fuzzer.findings) < 10:
            signal.alarm(SLOWEST)
            for _ in range(4):
                fuzzer.query(hand)
                fuzzer.query(shop)
            fuzzer.condition(shop)
            signal.alarm(0)
            if time.monotonic() - said > 60:
                said = time.monotonic()
                print(dict(fuzzer.met), flush=True)
        for world in (hand, shop):
            world.connection.close()
    return fuzzer


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=0, help="0: another one every time")
    given = parser.parse_args()
    seed = given.seed or random.SystemRandom().randrange(1, 10**9)
    fuzzer = run(seed, minutes=given.minutes)
    print(f"seed {seed}: {dict(fuzzer.met)}")
    for finding in fuzzer.findings:
        print(f"\n{finding}")
    print(f"{len(fuzzer.findings)} findings")
    sys.exit(1 if fuzzer.findings else 0)


if __name__ == "__main__":
    main()
