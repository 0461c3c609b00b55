"""What a driver error means for a person. The database's own words go to the log, without the data they may quote."""

from __future__ import annotations

import psycopg
from psycopg import errors as pg

from segbot.addresses import Address, explain_refusal
from segbot.errors import (
    AccessDenied,
    BadData,
    CannotCompile,
    ConfigurationError,
    DataMissing,
    GuardRefused,
    QueryCancelled,
    SegbotError,
    WarehouseBusy,
    WarehouseUnavailable,
)
from segbot.logs import get_logger

_log = get_logger(__name__)

# SQLSTATE, or its first two letters for a whole class, and what it means; the longest match counts.
_MEANINGS: dict[str, type[SegbotError]] = {
    "08": WarehouseUnavailable,  # connection lost
    "0A": CannotCompile,  # feature not supported
    "22": BadData,  # a value that an expression cannot take: the text quotes it
    "25006": GuardRefused,  # a write in a read-only transaction
    "25P03": WarehouseUnavailable,  # idle in transaction for too long
    "28": ConfigurationError,  # wrong user or password
    "3D": ConfigurationError,  # no such database
    "3F": DataMissing,  # no such schema
    "40": WarehouseUnavailable,  # conflict with a standby's recovery, deadlock
    "42": CannotCompile,
    "42501": AccessDenied,
    "42703": DataMissing,  # no such column
    "42P01": DataMissing,  # no such table
    "42804": BadData,  # a column is of another type than the catalog says
    "42883": BadData,  # no operator for the types of the columns
    "53": WarehouseBusy,  # too many connections, no memory, no disk for sorting
    "54": CannotCompile,  # too complex
    "55P03": WarehouseBusy,  # a table is locked
    "57014": QueryCancelled,
    "57P": WarehouseUnavailable,  # shutting down or starting up
    "58": WarehouseUnavailable,  # the disk of the server fails
}


# Said while connecting, where there is no SQLSTATE.
_FULL = ("too many connections", "too many clients", "remaining connection slots")


def explain(error: psycopg.Error, address: Address) -> SegbotError:
    """The error to raise in place of a driver error, which is written to the log first. Raise it `from None`."""
    state = error.sqlstate or ""
    meaning = next((_MEANINGS[state[:n]] for n in (5, 3, 2) if state[:n] in _MEANINGS), None)
    _log.warning(
        "database error",
        sqlstate=state,
        error=type(error).__name__,
        table=error.diag.table_name,
        column=error.diag.column_name,
        # Class 22 quotes the value it stumbled over: invalid input syntax for type integer: "jane@example.com"
        said=None if state.startswith("22") or isinstance(error, psycopg.DataError) else str(error),
    )
    if not state and any(words in str(error).lower() for words in _FULL):
        return WarehouseBusy("the server takes no more connections")
    if meaning is ConfigurationError or (not state and _no_connection(error)):
        refusal = explain_refusal(address, error)
        if refusal is not None:
            return refusal
    if meaning is ConfigurationError:
        return ConfigurationError(f"The {address} refused segbot. Check {address.setting}.")
    if meaning is None:
        meaning = WarehouseUnavailable if _no_connection(error) else BadData
    return meaning(f"SQLSTATE {state or 'unknown'} ({type(error).__name__})")


def is_lost(error: BaseException) -> bool:
    """Whether an error means that the connection is gone, rather than that the statement was wrong."""
    if not isinstance(error, psycopg.Error):
        return False
    state = error.sqlstate or ""
    return state.startswith(("08", "57P", "25P03")) or (not state and _no_connection(error))


def _no_connection(error: psycopg.Error) -> bool:
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and not isinstance(
        error, pg.QueryCanceled
    )
