"""What the store promises about the audit trail: only ever added to, in order, and a changed past shows."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.store.samples import TEAM

from segbot.store.audit import Broken, Entry, Head
from segbot.store.database import Store

DOUBLED = (
    "INSERT INTO audit SELECT team, 6, at, actor, action, object_kind, object_id, channel, detail, hash"
    " FROM audit WHERE seq = 5"
)


async def note(store: Store, action: str = "previewed", team: str = TEAM, **detail: object) -> Entry:
    return await store.audit.record(
        team, actor="U1", action=action, object_kind="request", object_id="r1", channel="C1", detail=detail
    )


async def tamper(store: Store, statement: str) -> None:
    """What only somebody with full rights on the store can do."""
    async with store.connection() as connection:
        await connection.execute(text(f"SET LOCAL search_path TO {store.schema}"))
        await connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_append_only"))
        await connection.execute(text(statement))
        await connection.execute(text("ALTER TABLE audit ENABLE TRIGGER audit_append_only"))


async def test_entries_come_back_as_they_were_and_the_chain_holds(store: Store) -> None:
    """Entries are numbered per team in order, dated by the database, and verify."""
    written = [await note(store, f"did {n}", rows=n, share=0.25, words="naïve ☃ \x00", none=None) for n in range(5)]
    await note(store, team="T2")
    assert await store.audit.entries(TEAM) == tuple(reversed(written))
    assert [e.seq for e in written] == [1, 2, 3, 4, 5]
    assert all(a.at <= b.at for a, b in pairwise(written))
    assert await store.audit.verify(TEAM) is None
    assert await store.audit.verify("nobody") is None
    assert await store.audit.head("nobody") == Head(0, "")


async def test_thirty_writers_at_once(store: Store) -> None:
    """Entries written at the same moment form one chain without gaps, in the order of their times."""
    entries = await asyncio.gather(*(note(store, f"did {n}") for n in range(30)))
    in_order = sorted(entries, key=lambda e: e.seq)
    assert [e.seq for e in in_order] == list(range(1, 31))
    assert in_order == sorted(entries, key=lambda e: e.at)
    assert await store.audit.verify(TEAM) is None


async def test_an_undone_work_leaves_no_entry_and_no_gap(store: Store) -> None:
    """An entry of a transaction that failed is not there, and the next takes its number."""

    async def fail() -> None:
        async with store.transaction() as tx:
            await tx.audit.record(TEAM, actor="U1", action="x", object_kind="request", object_id="r1")
            raise ZeroDivisionError

    await note(store)
    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await note(store)).seq == 2
    assert await store.audit.verify(TEAM) is None


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'U9'", "DELETE FROM audit", "TRUNCATE audit"])
async def test_the_table_refuses_changes(store: Store, statement: str) -> None:
    """Even the user that owns the table cannot change an entry by accident."""
    await note(store)

    async def change() -> None:
        async with store.connection() as connection:
            await connection.execute(text(f"SET LOCAL search_path TO {store.schema}"))
            await connection.execute(text(statement))

    with pytest.raises(DBAPIError, match="append-only"):
        await change()


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE audit SET actor = 'U9' WHERE seq = 3", 3),
        ("UPDATE audit SET at = at - interval '1 day' WHERE seq = 2", 2),
        ("UPDATE audit SET detail = '{\"rows\": 1}' WHERE seq = 4", 4),
        ("UPDATE audit SET channel = NULL WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 5", 5),
        ("DELETE FROM audit", 1),
        ("DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3", 3),
        (
            DOUBLED,
            6,
        ),
        ("DELETE FROM audit_heads", 5),
    ],
)
async def test_a_changed_past_shows(store: Store, statement: str, seq: int) -> None:
    """Whatever entry is changed, removed, moved or slipped in, verifying says where."""
    for n in range(5):
        await note(store, rows=n + 10)
    await tamper(store, statement)
    broken = await store.audit.verify(TEAM)
    assert isinstance(broken, Broken)
    assert broken.seq == seq


async def test_a_chain_rewritten_from_its_start_shows_against_a_noted_head(store: Store) -> None:
    """A whole chain written anew verifies by itself, but not against a head noted before."""
    for n in range(3):
        await note(store, rows=n)
    noted = await store.audit.head(TEAM)
    await note(store)
    assert await store.audit.verify(TEAM, noted) is None
    await tamper(store, "DELETE FROM audit; DELETE FROM audit_heads")
    assert await store.audit.verify(TEAM, noted) == Broken(1, "entries at the end are missing")
    for n in range(4):
        await note(store, rows=n + 100)
    assert await store.audit.verify(TEAM) is None
    assert await store.audit.verify(TEAM, noted) == Broken(3, "the chain is not the one that was noted")


async def test_no_address_gets_into_the_trail(store: Store) -> None:
    """E-mail addresses, telephone numbers and tokens in an entry's detail are masked, at any depth."""
    entry = await note(
        store,
        text="people with jane.doe@example.com or +1 (415) 555-0100",
        more=[{"who": "4155550100", "url": "postgresql://u:hunter2@h/x"}],
        token="xoxb-1-2",
    )
    words = json.dumps(entry.detail)
    assert not any(secret in words for secret in ("jane.doe", "555", "hunter2", "xoxb"))
    assert await store.audit.entries(TEAM) == (entry,)
