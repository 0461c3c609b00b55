"""The tables of the store, without a schema: the engine puts the configured one in front (`schema_translate_map`).

A change here needs a migration in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def clean_text(words: str) -> str:
    """Text that Postgres can hold: what it cannot (NUL, half a surrogate pair) becomes the replacement character, one for one."""
    if "\x00" in words:
        words = words.replace("\x00", "\ufffd")
    if any("\ud800" <= letter <= "\udfff" for letter in words):
        words = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in words)
    return words


def clean_json(data: Any) -> Any:
    """JSON data with every text in it cleaned."""
    match data:
        case str():
            return clean_text(data)
        case dict():
            return {clean_text(str(key)): clean_json(item) for key, item in data.items()}
        case list() | tuple():
            return [clean_json(item) for item in data]
        case _:
            return data


class Words(TypeDecorator[str]):
    """Text that people typed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean_text(value)


class Json(TypeDecorator[Any]):
    """A JSON document; texts in it are cleaned like `Words`. None is SQL's NULL."""

    impl = JSONB(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return clean_json(value)


class Instant(TypeDecorator[datetime]):
    """A moment, always aware, always UTC in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment in the store has a time zone")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


requests = Table(
    "requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("surface", Text, nullable=False),
    Column("text", Words, nullable=False),
    Column("reading", Json, nullable=False),
    Column("condition", Json),
    Column("format", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("thread_ts", Text),
    Column("message_ts", Text),
    Column("segment_id", Text, ForeignKey("segments.id", ondelete="SET NULL")),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index(None, "team", "user_id", "created_at"),
    Index(None, "team", "channel", "message_ts"),
    Index(None, "team", "channel", "thread_ts"),
    Index(None, "segment_id"),
)

request_changes = Table(
    "request_changes",
    metadata,
    Column("request_id", Text, ForeignKey("requests.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("text", Words, nullable=False),
    Column("condition", Json),
    Column("format", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reading", Json),
    PrimaryKeyConstraint("request_id", "version"),
)

numbers = Table(
    "numbers",
    metadata,
    Column("team", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("team", "what"),
)

segments = Table(
    "segments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Words, nullable=False),
    Column("name_key", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("owner", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("channel", Text),
    Column("visibility", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("uq_segments_team_number", "team", "number", unique=True),
    Index("uq_segments_team_name", "team", "name_key", unique=True, postgresql_where=text("state <> 'trash'")),
    Index(None, "team", "updated_at"),
)

segment_versions = Table(
    "segment_versions",
    metadata,
    Column("segment_id", Text, ForeignKey("segments.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("condition", Json, nullable=False),
    Column("format", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("request", Words, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("segment_id", "number"),
    Index(None, "fingerprint"),
)

segment_tags = Table(
    "segment_tags",
    metadata,
    Column("segment_id", Text, ForeignKey("segments.id", ondelete="CASCADE"), nullable=False),
    Column("tag_key", Words, nullable=False),
    Column("tag", Words, nullable=False),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("segment_id", "tag_key"),
    Index(None, "tag_key"),
)

segment_shares = Table(
    "segment_shares",
    metadata,
    Column("segment_id", Text, ForeignKey("segments.id", ondelete="CASCADE"), nullable=False),
    Column("target", Text, nullable=False),
    PrimaryKeyConstraint("segment_id", "target"),
    Index(None, "target"),
)

stars = Table(
    "stars",
    metadata,
    Column("team", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("team", "user_id", "subject"),
)

counts = Table(
    "counts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("team", Text, nullable=False),
    Column("request_id", Text, ForeignKey("requests.id", ondelete="SET NULL")),
    Column("segment_id", Text, ForeignKey("segments.id", ondelete="CASCADE")),
    Column("segment_version", Integer),
    Column("fingerprint", Text, nullable=False),
    Column("condition", Json, nullable=False),
    Column("format", Integer, nullable=False),
    Column("parameters", Json, nullable=False),
    Column("catalog", Text, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("exact", Boolean, nullable=False),
    Column("low", BigInteger),
    Column("high", BigInteger),
    Column("seconds", Float, nullable=False),
    Index(None, "team", "fingerprint", "as_of"),
    Index(None, "segment_id", "as_of"),
    Index(None, "request_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", Json),
    Column("attempts", Integer, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("done_at", Instant),
    Index(None, "taken_at"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread_ts", Text),
    Column("ts", Text),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("state in ('sending', 'sent', 'unknown', 'failed')", name="state"),
    CheckConstraint("(state = 'sent') = (ts is not null)", name="ts"),
    Index("uq_messages_subject_purpose", "team", "subject", "purpose", unique=True),
    Index(None, "team", "channel", "ts"),
    Index("ix_messages_unsent", "updated_at", postgresql_where=text("state <> 'sent'")),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("team", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("team", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("channel", Text),
    Column("detail", Json, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("team", "seq"),
    Index(None, "team", "object_kind", "object_id"),
    Index(None, "team", "at"),
)

terms = Table(
    "terms",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("term", Words, nullable=False),
    Column("term_key", Words, nullable=False),
    Column("words", Json, nullable=False),
    Column("means", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("retired_at", Instant),
    Index("uq_terms_current", "team", "term_key", unique=True, postgresql_where=text("retired_at is null")),
)

term_words = Table(
    "term_words",
    metadata,
    Column("team", Text, nullable=False),
    Column("word_key", Words, nullable=False),
    Column("term_id", Text, ForeignKey("terms.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("team", "word_key"),
    Index(None, "term_id"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("request_id", Text, ForeignKey("requests.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("thumb", SmallInteger, nullable=False),
    Column("comment", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reading", Json),
    Column("catalog", Text, nullable=False),
    PrimaryKeyConstraint("request_id", "user_id"),
    CheckConstraint("thumb in (-1, 1)", name="thumb"),
    Index(None, "team", "at"),
)

preferences = Table(
    "preferences",
    metadata,
    Column("team", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("value", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
    PrimaryKeyConstraint("team", "user_id", "what"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("request_id", Text, ForeignKey("requests.id", ondelete="SET NULL")),
    Column("segment_id", Text, ForeignKey("segments.id", ondelete="SET NULL")),
    Column("title", Words, nullable=False),
    Column("about", Words, nullable=False),
    Column("author", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread_ts", Text, nullable=False),
    Column("message_ts", Text),
    Column("condition", Json, nullable=False),
    Column("format", Integer, nullable=False),
    Column("catalog", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("shown", Json, nullable=False),
    Column("members", LargeBinary),
    Column("kept", Integer),
    Column("forgotten_at", Instant),
    Index("uq_snapshots_team_number", "team", "number", unique=True),
    Index(None, "team", "channel", "thread_ts"),
    Index("ix_snapshots_kept", "taken_at", postgresql_where=text("members is not null")),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("request_id", Text, ForeignKey("requests.id", ondelete="CASCADE")),
    Column("mode", Text, nullable=False),
    Column("base", Json, nullable=False),
    Column("condition", Json, nullable=False),
    Column("format", Integer, nullable=False),
    Column("focus", Json, nullable=False),
    Column("pending", Json),
    Column("version", Integer, nullable=False),
    Column("applied", Text),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("mode in ('build', 'direct')", name="mode"),
    Index(None, "updated_at"),
    Index(None, "request_id"),
)
