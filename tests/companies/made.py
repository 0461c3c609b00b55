"""Small companies made from a seed: rows drawn by one source of chance, written by COPY, the same every time."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import sql

from segbot.addresses import parse_address

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
CUSTOMERS = 1_500

T = TypeVar("T")


class Chance:
    """Draws that depend on the seed alone."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def yes(self, share: float) -> bool:
        """True for about such a share of the draws."""
        return self.random.random() < share

    def one(self, choices: Sequence[T]) -> T:
        """One of several, each as likely."""
        return choices[self.random.randrange(len(choices))]

    def weighted(self, choices: Mapping[T, float]) -> T:
        """One of several, by weight."""
        return self.random.choices(list(choices), list(choices.values()))[0]

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(low, high)

    def few(self, mean: float, most: int = 60) -> int:
        """How often something happened: many people rarely or never, some often."""
        return min(most, int(self.random.expovariate(1 / mean))) if mean > 0 else 0

    def money(self, low: float, high: float) -> float:
        """An amount with cents."""
        return round(self.random.uniform(low, high), 2)

    def moment(self, since: datetime, until: datetime = NOW, *, recent: float = 1.0) -> datetime:
        """A second between two; the higher `recent`, the nearer to the end."""
        span = max(0.0, (until - since).total_seconds() - 1)
        return since + timedelta(seconds=int(span * self.random.random() ** (1 / recent)))

    def day(self, since: date, until: date, *, recent: float = 1.0) -> date:
        """A day between two, both included."""
        return since + timedelta(days=int(((until - since).days + 1) * self.random.random() ** (1 / recent)))

    def uuid(self) -> str:
        """A random UUID as text."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))


def write(url: str, schema: Path, tables: Mapping[str, Iterable[Sequence[Any]]]) -> None:
    """Make the tables of a script and copy rows (in the order of the columns) into them; then keep statistics."""
    with psycopg.connect(**parse_address(url, "the test").arguments) as connection:
        connection.execute(schema.read_text(encoding="utf-8").encode())
        for name, rows in tables.items():
            table = sql.Identifier(*name.split("."))
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                for row in rows:
                    copy.write_row(row)
        connection.execute("ANALYZE")


FIRST_NAMES = (
    "Anna", "Ben", "Chloé", "David", "Émilie", "Finn", "Greta", "Håkon", "Ines", "Jürgen", "Katarzyna", "Lukas", "María",
    "Noah", "Olivia", "Paweł", "Renée", "Søren", "Theo", "Zoë", "Amelia", "George", "Isla", "Siân", "Oisín", "Priya",
    "Mohammed", "Yuki",
)  # fmt: skip
LAST_NAMES = (
    "Müller", "Schmidt", "Nuñez", "O'Brien", "Dvořák", "García", "Larsen", "Weiß", "Kowalski", "Dupont", "Rossi", "Smith",
    "Jones", "Taylor", "Patel", "Åberg", "Lefèvre", "Tanaka", "Brown", "Evans", "Fischer", "Okafor",
)  # fmt: skip
