"""Judges the reader on requests that its rules were not written for: right, asked, refused, or wrong without a warning.

The judge is the database. What segbot selects for a request is compared, customer by customer, with what a statement
written by hand selects. Only `WRONG` harms trust: an answer that looks sure and means other people, words that vanish,
a question whose choices leave out what was meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg
import yaml

from segbot.addresses import parse_address
from segbot.catalog.load import load_catalog
from segbot.catalog.vocabulary import with_values
from segbot.demo import company
from segbot.demo.company import CATALOG
from segbot.errors import SegbotError
from segbot.flows.house import House, open_house
from segbot.flows.sizing import members
from segbot.model.condition import Condition
from segbot.model.reading import Outcome, Reading
from segbot.sql.guard import Allowed, guard
from segbot.warehouse.inspect import open_inspection, profile_values

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
CUSTOMERS = 4000
SEED = 7


class Verdict(StrEnum):
    """What became of a request."""

    RIGHT = "right"
    """The people meant, or the words that can't be known reported, or said to be no segment."""
    ASKED = "asked"
    """A question, with what was meant among its choices."""
    REFUSED = "refused"
    """Words were reported as not understood that could have been, or more of them than needed."""
    WRONG = "wrong"
    """Other people without a warning."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request, and what it honestly means. The keys are explained at the head of each round's file."""

    request: str
    sql: str | None = None
    rivals: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    not_a_segment: bool = False
    size: tuple[float, float] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """The requests of one file; `known_wrong` are those that are known to be read wrongly."""

    cases: tuple[Case, ...]
    known_wrong: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one request: what segbot made of it, and what was expected."""

    case: Case
    verdict: Verdict
    got: str
    expected: str


def load_round(path: Path) -> Round:
    """Read a round's file. Raises `ValueError` for a request that has nothing to be judged by."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Round(tuple(_case(entry) for entry in document["requests"]), frozenset(document["known_wrong"] or ()))


def _case(entry: dict[str, Any]) -> Case:
    lists: dict[str, Any] = {key: tuple(entry[key]) for key in ("unread", "size") if key in entry}
    case = Case(**(entry | lists))
    if not (case.sql or case.unread or case.not_a_segment):
        raise ValueError(f"nothing is expected of {case.request!r}")
    return case


@dataclass(frozen=True, slots=True)
class Company:
    """The demo company with its words, and two ways to ask it: in SQL and in segbot's trees."""

    house: House
    connection: psycopg.Connection[Any]

    def select(self, sql: str) -> frozenset[int]:
        """The customers that a statement written by hand selects as of `NOW`."""
        statement = sql.replace("%", "%%").replace(":now", "%(now)s")
        return frozenset(row[0] for row in self.connection.execute(statement, {"now": NOW}))

    def members(self, condition: Condition) -> frozenset[int]:
        """The customers of a tree as of `NOW`, through the guard."""
        statement = members(self.house, condition, self.house.moment(NOW))
        if not isinstance(guard(statement.sql, self.house.policy), Allowed):
            raise AssertionError(f"the guard refused {statement.sql}")
        return frozenset(row[0] for row in self.connection.execute(statement.sql, statement.parameters))


@contextmanager
def open_company(url: str) -> Iterator[Company]:
    """Fill an empty database with the demo company and open it for reading, with the words found in it."""
    company.fill(url, CUSTOMERS, seed=SEED, now=NOW)
    with open_inspection(url) as inspection:
        words = load_catalog(CATALOG)
        catalog = with_values(words, profile_values(words, inspection, NOW))
    with psycopg.connect(**parse_address(url, "test").arguments, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = on")
        yield Company(open_house(catalog), connection)


def judge(case: Case, shop: Company) -> Finding:
    """Read one request with the real reader and compare what it selects."""
    reading = shop.house.read(case.request, NOW)
    if case.not_a_segment:
        return _judge_intent(case, reading)
    try:
        if case.unread:
            return _judge_unread(case, reading, shop)
        return _judge_people(case, reading, shop)
    except SegbotError as error:
        return Finding(case, Verdict.WRONG, f"{reading.restatement} cannot be counted: {error}", "")


def judge_all(cases: Sequence[Case], shop: Company) -> tuple[Finding, ...]:
    """The findings on all requests, in their order."""
    return tuple(judge(case, shop) for case in cases)


def _judge_intent(case: Case, reading: Reading) -> Finding:
    if reading.intent == "not_a_segment":
        verdict = Verdict.RIGHT
    else:
        verdict = Verdict.REFUSED if reading.outcome is Outcome.REJECT else Verdict.WRONG
    return Finding(case, verdict, _account(reading), "said not to be a segment")


def _judge_unread(case: Case, reading: Reading, shop: Company) -> Finding:
    """Every word expected must be reported or asked about; the rest should be read as by hand."""
    reported = " ".join([u.text for u in reading.unread] + [q.phrase for q in reading.questions]).casefold()
    missing = [word for word in case.unread if word.casefold() not in reported]
    expected = "unread: " + ", ".join(case.unread)
    if missing or reading.outcome is Outcome.ANSWER:
        return Finding(case, Verdict.WRONG, _account(reading), expected)
    if case.sql is None or reading.outcome is Outcome.CLARIFY:
        return Finding(case, Verdict.RIGHT, _account(reading), expected)
    part = shop.members(reading.condition) if reading.condition is not None else None
    truth = shop.select(case.sql)
    if part == truth:
        return Finding(case, Verdict.RIGHT, _account(reading), expected)
    got = f"{_account(reading)}: {'nobody' if part is None else len(part)}"
    return Finding(case, Verdict.REFUSED, got, f"{expected}; the rest: {len(truth)}")


def _judge_people(case: Case, reading: Reading, shop: Company) -> Finding:
    assert case.sql is not None
    truth = shop.select(case.sql)
    rivals = {name: shop.select(sql) for name, sql in case.rivals.items()}
    expected = ", ".join([str(len(truth)), *(f"{name} {len(people)}" for name, people in rivals.items())])
    match reading.outcome:
        case Outcome.REJECT:
            return Finding(case, Verdict.REFUSED, _account(reading), expected)
        case Outcome.CLARIFY:
            offered = [shop.members(choice.condition) for q in reading.questions for choice in q.choices]
            honest = any(people in offered for people in (truth, *rivals.values()))
            got = f"{_account(reading)}: {', '.join(str(len(people)) for people in offered)}"
            return Finding(case, Verdict.ASKED if honest else Verdict.WRONG, got, expected)
        case Outcome.ANSWER:
            assert reading.condition is not None
            found = shop.members(reading.condition)
            right = _is_meant(case, found, truth) or (found in rivals.values() and bool(reading.assumptions))
            got = f"{_account(reading)}: {len(found)}"
            return Finding(case, Verdict.RIGHT if right else Verdict.WRONG, got, expected)


def _is_meant(case: Case, found: frozenset[int], truth: frozenset[int]) -> bool:
    if case.size is None:
        return found == truth
    low, high = case.size
    return found <= truth and low * len(truth) <= len(found) <= high * len(truth)


def _account(reading: Reading) -> str:
    """What segbot says it understood, on one line."""
    parts = [reading.restatement]
    if reading.intent != "segment":
        parts.append(f"[{reading.intent}]")
    if reading.unread:
        parts.append("unread " + " / ".join(f"“{u.text}”" for u in reading.unread))
    if reading.questions:
        parts.append("asks " + " / ".join(f"“{q.phrase}”" for q in reading.questions))
    if reading.assumptions:
        parts.append("assumes " + "; ".join(a.text for a in reading.assumptions))
    return re.sub(r"\s+", " ", " · ".join(part for part in parts if part))


def counts(findings: Sequence[Finding]) -> str:
    """How many requests ended how, on one line."""
    tally = Counter(finding.verdict for finding in findings)
    return ", ".join(f"{tally[verdict]} {verdict}" for verdict in Verdict) + f" of {len(findings)}"


def table(findings: Sequence[Finding], verdicts: Sequence[Verdict]) -> str:
    """The findings with these verdicts, one verdict after the other: what segbot made of each request, what was meant."""
    lines = []
    for verdict in verdicts:
        for finding in findings:
            if finding.verdict is verdict:
                request = re.sub(r"\s+", " ", finding.case.request)
                lines += [f"{verdict:8}{request}", f"  got     {finding.got}", f"  meant   {finding.expected}"]
    return "\n".join(lines)
