"""The guard lets through what the compiler writes and what people may ask by hand, and nothing else."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
import sqlglot
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.sql.cases import CASES
from tests.sql.conftest import AT, POLICY
from tests.support.shop import CATALOG
from tests.support.trees import LEAVES, SEGMENTS, TREES

from segbot.model.condition import Condition
from segbot.sql.compile import (
    compile_count,
    compile_ladder,
    compile_members,
    compile_preview,
    compile_sizes,
)
from segbot.sql.dialect import SAFE_DATE, SAFE_NUMBER
from segbot.sql.guard import Allowed, Refused, guard
from segbot.sql.policy import TYPES, Policy
from segbot.sql.statement import Statement, render

DATA = Path(__file__).parent / "data"
RECORDS = [json.loads(line) for line in (DATA / "guard_cases.jsonl").read_text().splitlines()]
ALLOWED = [record for record in RECORDS if record["label"] == "allow"]
DENIED = [record for record in RECORDS if record["label"] == "deny"]
_SETTINGS = json.loads((DATA / "guard_policy.json").read_text())
_TEXTS = {
    "email",
    "phone",
    "first_name",
    "last_name",
    "city",
    "country",
    "gender",
    "attributes",
    "tags",
    "loyalty_tier",
}
# The policy that the labels of the cases assume.
HAND = Policy(
    {
        table: {column: column in _TEXTS or table != "customers" for column in columns}
        for table, columns in _SETTINGS["tables"].items()
    },
    functions=frozenset(_SETTINGS["functions"]) | {"current_date"},
    types=TYPES | {"varchar", "jsonb"},
    json_casts=True,
    nodes=4_000,
)
HOW_MANY = int(os.environ.get("SEGBOT_TREES", "300"))
often = settings(max_examples=HOW_MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def named(record: dict[str, str]) -> str:
    return f"{record['id']} {record['reason']}"


def test_the_cases_are_complete() -> None:
    """No case got lost on the way."""
    assert (len(ALLOWED), len(DENIED)) == (43, 203)


@pytest.mark.parametrize("record", ALLOWED, ids=named)
def test_lets_honest_queries_through(record: dict[str, str]) -> None:
    """A query that only reads what it may is allowed."""
    assert isinstance(guard(record["sql"], HAND), Allowed), guard(record["sql"], HAND)


@pytest.mark.parametrize("record", DENIED, ids=named)
def test_refuses_everything_else(record: dict[str, str]) -> None:
    """A query that writes, spies, breaks out or wastes is refused, with a reason for the log."""
    verdict = guard(record["sql"], HAND)
    assert isinstance(verdict, Refused)
    assert verdict.reason


# --- the same in disguise -----------------------------------------------------------------------


def tokens_of(sql: str) -> list[tuple[str, bool]]:
    """The text in pieces: (piece, whether it is a string or a quoted name and must stay as it is)."""
    return [
        (piece, piece[0] in "'\"")
        for piece in re.findall(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\s+|\w+|.", sql, re.DOTALL)
    ]


def recased(sql: str, upper: bool) -> str:
    return "".join(p if kept else p.upper() if upper else p.lower() for p, kept in tokens_of(sql))


def respaced(sql: str, gap: str) -> str:
    return "".join(gap if p.isspace() else p for p, _ in tokens_of(sql))


def disguises(sql: str) -> list[str]:
    """The same query written differently: each is to be refused as the original is."""
    return [
        recased(sql, upper=True),
        recased(sql, upper=False),
        respaced(sql, "\n\t "),
        respaced(sql, " /* harmless */ "),
        f"  {sql}  ",
        f"({sql})",
        f"{sql} -- harmless",
        f"{sql};",
        f"SELECT c.id FROM customers c WHERE EXISTS ({sql})",
        f"SELECT c.id FROM customers c WHERE c.id IN ({sql})",
        f"SELECT COUNT(*) FROM ({sql}) AS w",
        f"WITH w AS ({sql}) SELECT COUNT(*) FROM customers c JOIN w ON w.id = c.id",
        f"WITH w AS ({sql}) SELECT COUNT(*) FROM customers c",
        f"SELECT c.id FROM customers c UNION ALL {sql}",
        f"SELECT c.id, ({sql}) AS leak FROM customers c",
        f"SELECT c.id FROM customers c ORDER BY ({sql})",
    ]


# "SELECT 1" alone is refused for reading nothing; inside another query it is harmless.
@pytest.mark.parametrize("record", [r for r in DENIED if r["id"] != "g349"], ids=named)
def test_no_disguise_helps(record: dict[str, str]) -> None:
    """What is refused stays refused in other letters, spaces, comments and wrappings."""
    for disguise in disguises(record["sql"]):
        assert isinstance(guard(disguise, HAND), Refused), disguise


@pytest.mark.parametrize("record", ALLOWED, ids=named)
def test_letters_and_spaces_do_not_matter(record: dict[str, str]) -> None:
    """What is allowed stays allowed in capitals and on other lines."""
    for same in (recased(record["sql"], upper=True), respaced(record["sql"], "\n  ")):
        assert isinstance(guard(same, HAND), Allowed), same


FORBIDDEN = (
    "api_keys",
    "employees",
    "pg_shadow",
    "information_schema.tables",
    "ssn",
    "password_hash",
    "internal_notes",
    "ctid",
    "*",
    "c.*",
    "c",
    "pg_sleep(1)",
    "set_config('a', 'b', false)",
    "query_to_xml('SELECT 1', true, true, '')",
    "(SELECT key FROM api_keys LIMIT 1)",
    "%(p1)s",
    "$1",
    "c.to_jsonb",
    "(c).ssn",
    "CURRENT_USER",
    "random()",
    "'api_keys'::regclass",
    "CAST(c.email AS INT)",
    "FOR UPDATE",
    "INTO x",
    "CROSS JOIN orders z",
    "; SELECT 1",
    "--",
)


@often
@given(record=st.sampled_from(ALLOWED), data=st.data())
def test_a_planted_word_is_noticed(record: dict[str, str], data: st.DataObject) -> None:
    """Putting something forbidden anywhere into an allowed query never yields an allowed query that contains it."""
    pieces = tokens_of(record["sql"])
    words = [i for i, (p, kept) in enumerate(pieces) if not kept and not p.isspace()]
    at = data.draw(st.sampled_from(words))
    evil = data.draw(st.sampled_from(FORBIDDEN))
    replaced = data.draw(st.booleans())
    changed = [p for p, _ in pieces]
    changed[at] = evil if replaced else f"{changed[at]} {evil}"
    sql = "".join(changed)
    verdict = guard(sql, HAND)
    if isinstance(verdict, Allowed):
        # It may have become a harmless alias or a counted star; then nothing forbidden is read or called.
        tree = sqlglot.parse_one(sql, read="postgres")
        outputs = {alias.alias or alias.name for alias in tree.find_all(sqlglot.exp.Alias, sqlglot.exp.TableAlias)}
        read = {column.name for column in tree.find_all(sqlglot.exp.Column)} - outputs
        assert not read & {"ssn", "password_hash", "internal_notes", "ctid", "key"}, sql
        assert verdict.tables <= HAND.tables.keys()
        assert evil in outputs or evil == "*" or evil == "c", sql


@often
@given(
    record=st.sampled_from(RECORDS),
    other=st.sampled_from(RECORDS),
    cut=st.floats(0, 1),
    paste=st.floats(0, 1),
    noise=st.text(max_size=5),
)
def test_never_raises(record: dict[str, str], other: dict[str, str], cut: float, paste: float, noise: str) -> None:
    """Any text whatever gets a verdict."""
    one, two = record["sql"], other["sql"]
    sql = one[: int(len(one) * cut)] + noise + two[int(len(two) * paste) :]
    assert isinstance(guard(sql, HAND), Allowed | Refused)


@often
@given(st.text())
@example("")
@example("SELECT " + "(" * 5000)
@example("SELECT " + "NOT " * 5000 + "TRUE FROM customers")
@example("SELECT COUNT(*) FROM customers c WHERE " + "NOT " * 300 + "c.email_consent")
@example("SELECT " + "-" * 3001 + "1 FROM customers")
@example("SELECT COUNT(*) FROM customers c WHERE c.id = " + "1 + " * 3000 + "1")
@example("SELECT " + "CASE WHEN TRUE THEN " * 3000)
@example("SELECT " + "- " * 90_000 + "1 FROM customers")
@example("SELECT " + "- NOT " * 30_000 + "1 FROM customers")
@example("SELECT " + "[" * 150_000)
@example("SELECT 1" + "::INT" * 20_000 + " FROM customers")
@example("SELECT c.attributes" + " -> 'a'" * 20_000 + " FROM customers c")
@example("SELECT " * 20_000)
@example("SELECT 1 FROM customers c " + "JOIN " * 20_000)
@example("SELECT 1 FROM customers c WHERE " + "c.id = " * 20_000 + "1")
@example("SELECT 1 FROM customers c WHERE " + "EXISTS " * 20_000 + "1")
@example("SELECT 1 FROM customers c WHERE c.id " + "BETWEEN 1 AND 1 " * 10_000)
@example("WITH a AS " * 10_000)
@example("SELECT " + "DISTINCT " * 10_000 + " c.id FROM customers c")
@example("SELECT c.id " + "UNION SELECT c.id " * 9_000 + " FROM customers c")
@example("\x00")
@example("\ud800")
def test_any_text_gets_a_verdict(sql: str) -> None:
    """Nonsense, depth and length are refused, not crashed on."""
    assert isinstance(guard(sql, HAND), Refused)


# --- the compiler's own -------------------------------------------------------------------------


def statements(tree: Condition, base: Condition | None) -> list[Statement]:
    """All statements that can be made of a tree."""
    return [
        compile_members(tree, CATALOG, AT, base, SEGMENTS),
        compile_count(tree, CATALOG, AT, base, SEGMENTS),
        compile_ladder(tree, CATALOG, AT, base, SEGMENTS)[0],
        compile_sizes([tree, tree], CATALOG, AT, base, SEGMENTS),
        compile_preview(tree, CATALOG, AT, [a.key for a in CATALOG.attributes], 100, True, base, SEGMENTS),
        compile_preview(tree, CATALOG, AT, ["email", "phone", "name"], 5, False, base, SEGMENTS),
    ]


@settings(often, max_examples=max(HOW_MANY // 12, 1))
@given(tree=TREES, base=st.none() | LEAVES)
def test_allows_what_the_compiler_writes(tree: Condition, base: Condition | None) -> None:
    """Every statement made of a condition is allowed, bound and written out."""
    for statement in statements(tree, base):
        for sql in (statement.sql, render(statement)):
            verdict = guard(sql, POLICY)
            assert isinstance(verdict, Allowed), (verdict, sql)


@often
@given(case=st.sampled_from(CASES), data=st.data())
def test_one_unknown_name_in_the_compilers_own_text_is_refused(case: object, data: st.DataObject) -> None:
    """Exchanging any table, column or function of a compiled statement for an unlisted one is refused."""
    sql = compile_members(case.condition, CATALOG, AT, segments=SEGMENTS).sql  # type: ignore[attr-defined]
    tree = sqlglot.parse_one(sql, read="postgres")
    kinds = (sqlglot.exp.Table, sqlglot.exp.Column, sqlglot.exp.Anonymous)
    nodes = list(tree.find_all(*kinds))
    node = data.draw(st.sampled_from(nodes))
    if isinstance(node, sqlglot.exp.Anonymous):
        node.set("this", "pg_read_file")
    else:
        node.set("this", sqlglot.exp.to_identifier("secret"))
    assert isinstance(guard(tree.sql("postgres"), POLICY), Refused)


# The database's error for a zone it does not know shows the zone.
LOCAL = (
    *(
        f"CAST(c.signed_up AT TIME ZONE {zone} AS DATE)"
        for zone in (
            "c.name",
            "CAST(c.name AS TEXT)",
            "CAST(COS(RADIANS(c.latitude)) AS TEXT)",
            "CAST(CAST(90.0 AS DOUBLE PRECISION) AS TEXT)",
            "CAST(%(p1)s AS INT)",
            "'x'",
            "CAST('x' AS TEXT)",
            "INTERVAL '3 hours'",
            "7",
            "CASE WHEN c.email_consent THEN 'UTC' END",
        )
    ),
    f"CASE WHEN c.name ~ '{SAFE_DATE}' THEN CAST(LEFT(c.name, 10) AS DATE) AT TIME ZONE c.name END",
)


@pytest.mark.parametrize(
    "zone", ["'UTC'", "'america/new_york'", "CAST('Europe/Berlin' AS TEXT)", "CAST(%(p1)s AS TEXT)"]
)
def test_allows_a_known_time_zone(zone: str) -> None:
    """A time zone may be a known one, in any letters, or a parameter."""
    sql = f"SELECT c.id FROM customers AS c WHERE CAST(c.signed_up AT TIME ZONE {zone} AS DATE) IS NULL"
    assert isinstance(guard(sql, POLICY), Allowed)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT c.id FROM customers AS c WHERE c.name = %(p1)s", "a parameter without its type"),
        ("SELECT c.id FROM customers AS c WHERE c.name = CAST(%(P1)s AS TEXT)", "a parameter without a plain name"),
        ("SELECT c.id FROM customers AS c WHERE c.name = CAST(? AS TEXT)", ""),
        ("SELECT c.id FROM customers AS c WHERE c.id = CAST(%(p1)s AS REGCLASS)", "ObjectIdentifier"),
        ("SELECT c.id FROM customers AS c WHERE c.id = CAST(%(p1)s AS BYTEA)", "cast to"),
        ("SELECT c.id FROM customers AS c WHERE CAST(c.name AS INT) = 1", "a cast that could fail"),
        ("SELECT c.id FROM customers AS c WHERE CAST(LEFT(c.name, 5) AS DATE) IS NULL", "a cast that could fail"),
        ("SELECT c.id FROM customers AS c WHERE CAST(c.extra ->> 'score' AS DECIMAL) > 1", "a cast that could fail"),
        (
            f"SELECT c.id FROM customers AS c WHERE CASE WHEN c.city ~ '{SAFE_NUMBER}' THEN CAST(c.name AS DECIMAL) END = 1",
            "",
        ),
        (
            f"SELECT c.id FROM customers AS c WHERE CASE WHEN c.name ~ '{SAFE_NUMBER}' THEN CAST(c.name AS INT) END = 1",
            "",
        ),
        (
            f"SELECT c.id FROM customers AS c WHERE CASE WHEN c.name ~ '{SAFE_DATE}' THEN CAST(c.name AS DATE) END IS NULL",
            "",
        ),
        (
            "SELECT c.id FROM customers AS c WHERE CASE WHEN TRUE THEN CAST(c.name AS DATE) END IS NULL",
            "a cast that could",
        ),
        (
            "SELECT x.n FROM (SELECT c.name AS n FROM customers AS c) AS x WHERE CAST(x.n AS INT) = 1",
            "a cast that could",
        ),
        ("SELECT c.id FROM customers AS c WHERE c.name ~ '(a+)+$'", "a regular expression of unknown cost"),
        ("SELECT c.id FROM customers AS c WHERE REGEXP_REPLACE(c.name, '(a+)+$', '') = ''", "a regular expression"),
        ("SELECT c.status FROM customers AS c", "column status"),
        ("SELECT c.id FROM customers AS c JOIN orders AS o ON o.customer_id = 1", "a join that does not compare"),
        ("SELECT c.id FROM customers AS c JOIN orders AS o ON o.id = o.customer_id", "a join that does not compare"),
        ("SELECT c.id FROM customers AS c WHERE EXISTS(SELECT 1 FROM orders AS o WHERE name = 'x')", "column name"),
        ("SELECT c.id FROM customers AS c LIMIT (SELECT MAX(o.id) FROM orders AS o)", "a computed limit"),
        ("SELECT c.id FROM other.customers AS c", "table other.customers"),
        ("SELECT c.id FROM db.public.customers AS c", "Table with catalog"),
        ("SELECT c.id FROM customers AS orders", "an alias that looks like a table"),
        ("SELECT DISTINCT ON (c.name) c.id FROM customers AS c", "Distinct with on"),
        ("SELECT c.id FROM customers AS c TABLESAMPLE SYSTEM (1)", "function system"),
        ("SELECT c.id FROM customers AS c FOR SHARE", "Select with locks"),
        ("SELECT c.id -- hello\nFROM customers AS c", "comment"),
        ("SELECT c.id FROM customers AS c WHERE c.name = E'\\x41'", ""),
        ("SELECT c.id FROM customers AS c WHERE c.id = ANY(SELECT o.customer_id FROM orders AS o)", ""),
        ("SELECT c.id FROM customers AS c\u00a0", "comment or odd space"),
        *((f"SELECT c.id FROM customers AS c WHERE {local} IS NULL", "a time zone that") for local in LOCAL),
    ],
)
def test_says_why(sql: str, why: str) -> None:
    """Rules that the compiler never meets are there, and say which they are."""
    verdict = guard(sql, POLICY)
    assert isinstance(verdict, Refused)
    assert why in verdict.reason


def test_knows_what_is_read() -> None:
    """The verdict names the tables."""
    sql = "SELECT c.id FROM public.customers AS c WHERE EXISTS(SELECT 1 FROM orders AS o WHERE o.customer_id = c.id)"
    assert guard(sql, POLICY) == Allowed(frozenset({"customers", "orders"}))
