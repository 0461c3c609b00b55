"""The three companies in a real Postgres, each made once, with the reader over its catalog and an analyst's own SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from tests.companies.hotel import data as hotel
from tests.companies.insurer import data as insurer
from tests.companies.made import NOW
from tests.companies.saas import data as saas

from segbot.addresses import parse_address
from segbot.catalog.load import load_catalog
from segbot.catalog.observed import Observed
from segbot.catalog.vocabulary import with_values
from segbot.flows.house import House, open_house
from segbot.flows.sizing import members
from segbot.model.condition import Condition
from segbot.sql.guard import Allowed, guard
from segbot.sql.statement import Statement
from segbot.warehouse.inspect import inspect, open_inspection, profile_values

HERE = Path(__file__).parent
FILL: dict[str, Callable[[str], None]] = {"saas": saas.fill, "hotel": hotel.fill, "insurer": insurer.fill}

# What an analyst writes again and again, on the clock of the company: the start of the local day so long ago, a local
# midnight, today.
_TRUTH = """
CREATE SCHEMA truth;
CREATE FUNCTION truth.today() RETURNS date STABLE LANGUAGE sql AS
  $$ SELECT (timestamptz '{now}' AT TIME ZONE '{zone}')::date $$;
CREATE FUNCTION truth.day(date) RETURNS timestamptz STABLE LANGUAGE sql AS
  $$ SELECT $1::timestamp AT TIME ZONE '{zone}' $$;
CREATE FUNCTION truth.ago(interval) RETURNS timestamptz STABLE LANGUAGE sql AS
  $$ SELECT (truth.today() - $1) AT TIME ZONE '{zone}' $$;
"""


@dataclass
class Company:
    """One company's database and catalog."""

    name: str
    url: str
    connection: psycopg.Connection[Any]
    people: str
    observed: Observed

    @cached_property
    def house(self) -> House:
        """The reader over the company's own catalog, with the values that the database holds."""
        catalog = load_catalog(HERE / self.name / "catalog.yaml")
        with open_inspection(self.url) as connection:
            profile = profile_values(catalog, connection, NOW)
        assert profile.problems == ()
        return open_house(with_values(catalog, profile))

    def truth(self, where: str) -> set[Any]:
        """The keys an analyst's test selects."""
        return {row[0] for row in self.connection.execute(self.people.replace("{where}", where).encode())}

    def members(self, condition: Condition, house: House | None = None) -> set[Any]:
        """The keys a tree selects, by the compiled and guarded statement."""
        house = house or self.house
        return {row[0] for row in self.run(members(house, condition, house.moment(NOW)), house)}

    def run(self, statement: Statement, house: House | None = None) -> list[Any]:
        """The rows of a statement that the guard lets through."""
        verdict = guard(statement.sql, (house or self.house).policy)
        assert isinstance(verdict, Allowed), f"refused: {verdict}"
        return self.connection.execute(statement.sql.encode(), statement.parameters).fetchall()


def written(name: str) -> dict[str, Any]:
    """A company's requests.yaml."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / name / "requests.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def company(make_database: Callable[..., str]) -> Iterator[Callable[[str], Company]]:
    """Makes a company when it is first asked for."""
    made: dict[str, Company] = {}

    def get(name: str) -> Company:
        if name not in made:
            url = make_database()
            FILL[name](url)
            with open_inspection(url) as inspection:
                observed = inspect(inspection)
            catalog = load_catalog(HERE / name / "catalog.yaml")
            connection = psycopg.connect(**parse_address(url, "the test").arguments, autocommit=True)
            schema = catalog.customers.table.partition(".")[0]
            connection.execute(_TRUTH.format(now=NOW.isoformat(), zone=catalog.calendar.timezone).encode())
            connection.execute(written(name).get("helpers", "SELECT").encode())
            connection.execute(f"SET search_path TO {schema}, truth".encode())
            connection.execute("SET default_transaction_read_only = on")
            made[name] = Company(name, url, connection, written(name)["people"], observed)
        return made[name]

    yield get
    for one in made.values():
        one.connection.close()
