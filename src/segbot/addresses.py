"""Addresses of Postgres databases in every form people have at hand, and what to say when one does not answer.

A person may paste `postgres://...`, `postgresql://...`, SQLAlchemy's `postgresql+psycopg://...` or libpq's
`host=... dbname=...`; all become the keyword arguments of one driver. An address is shown without its password.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from segbot.errors import ConfigurationError

SCHEMES = ("postgres://", "postgresql://")

# Notice a dead network within half a minute, and do not wait longer than this for a door to open.
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is: the driver's keyword arguments (password included, so never printed), and the setting it came from."""

    arguments: dict[str, Any] = field(repr=False)
    setting: str

    def __str__(self) -> str:
        """The address as people may see it: host, port and database, no user, no password."""
        host = self.arguments.get("host") or self.arguments.get("hostaddr") or "localhost"
        port = self.arguments.get("port")
        name = self.arguments.get("dbname") or self.arguments.get("user") or ""
        place = f"{host}:{port}" if port and not str(host).startswith("/") else str(host)
        return f'database "{name}" at {place}' if name else f"database at {place}"


def parse_address(text: str, setting: str) -> Address:
    """The address of a text; `setting` is named when it can't be read. Raises `ConfigurationError`, without the text itself."""
    text = text.strip()
    try:
        given = _sqlalchemy(text) if text.startswith("postgresql+") else _libpq(text)
        conninfo_to_dict("", **given)  # every option is one that libpq knows
        if not re.fullmatch(r"[\d,]*", str(given.get("port") or "")):
            raise ValueError("a port is a number")
    except (psycopg.ProgrammingError, ArgumentError, ValueError) as error:
        raise _unreadable(setting) from error
    if not given:
        raise _unreadable(setting)
    return Address({**_PATIENCE, **given}, setting)


def _libpq(text: str) -> dict[str, Any]:
    if "://" in text and not text.startswith(SCHEMES):
        raise ValueError("another scheme")
    return dict(conninfo_to_dict(text)) if text else {}


def _sqlalchemy(text: str) -> dict[str, Any]:
    url = make_url(text)
    return {**url.translate_connect_args(username="user", database="dbname"), **url.query}


def _unreadable(setting: str) -> ConfigurationError:
    return ConfigurationError(
        f"{setting} is not the address of a Postgres database. It looks like postgresql://user:password@host:5432/name."
    )


def check_schema(name: str, setting: str) -> str:
    """The name of a schema as given, when it is a plain one. Raises `ConfigurationError`."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", name) or name.lower().startswith("pg_"):
        raise ConfigurationError(
            f"{setting} is not the name of a schema. Use letters, digits and _, at most 63 of them, such as segbot."
        )
    return name


# What servers and the driver say when a door stays closed, and what to tell people. The texts are English in every
# installation we know; another language falls through to the general sentence.
_REASONS = (
    (("password authentication failed", "no password supplied"), "refused the user name or password"),
    (("does not exist",), "does not know that database or user"),
    (("pg_hba.conf",), "does not let this host, user or encryption in"),
    (("is not permitted to log in", "permission denied for database"), "does not let that user in"),
    (
        ("name or service not known", "could not translate host", "nodename nor servname", "name resolution"),
        "has no such host",
    ),
)


def explain_refusal(address: Address, error: BaseException) -> ConfigurationError | None:
    """What is wrong with the address when a connection failed for a reason that waiting will not mend; else None."""
    said = str(error).lower()
    for marks, reason in _REASONS:
        if any(mark in said for mark in marks):
            subject = "There is no host" if reason == "has no such host" else f"The {address} {reason}"
            if reason == "has no such host":
                subject += f" for the {address}"
            return ConfigurationError(f"{subject}. Check {address.setting}.")
    return None
