"""The demo company: a direct-to-consumer outdoor shop, made from a seed, whose time ends when it is made.

`fill(url)` makes the schema `shop`; the tables are in `schema.sql`, what the rows mean in `docs/demo-company.md`.
"""

from pathlib import Path

from segbot.demo.company.generate import (
    SCHEMA,
    TIMEZONE,
    VERSION,
    Generated,
    Progress,
    fill,
    generated,
    schema,
)
from segbot.demo.company.reader import READER, create_reader

CATALOG = Path(__file__).parent / "catalog.yaml"
"""The company's catalog."""

__all__ = [
    "CATALOG",
    "READER",
    "SCHEMA",
    "TIMEZONE",
    "VERSION",
    "Generated",
    "Progress",
    "create_reader",
    "fill",
    "generated",
    "schema",
]
