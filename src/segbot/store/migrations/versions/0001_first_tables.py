"""The first tables: requests, segments, counts, deliveries, messages, audit, dictionary, feedback."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

APPEND_ONLY = """
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("team", "seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_team_at"), "audit", ["team", "at"], unique=False)
    op.create_index(
        op.f("ix_audit_team_object_kind_object_id"), "audit", ["team", "object_kind", "object_id"], unique=False
    )
    op.create_table(
        "audit_heads",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "deliveries",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_taken_at"), "deliveries", ["taken_at"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (ts is not null)", name=op.f("ck_messages_ts")),
        sa.CheckConstraint("state in ('sending', 'sent', 'unknown', 'failed')", name=op.f("ck_messages_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_team_channel_ts"), "messages", ["team", "channel", "ts"], unique=False)
    op.create_index(
        "ix_messages_unsent", "messages", ["updated_at"], unique=False, postgresql_where=sa.text("state <> 'sent'")
    )
    op.create_index("uq_messages_subject_purpose", "messages", ["team", "subject", "purpose"], unique=True)
    op.create_table(
        "numbers",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team", "what", name=op.f("pk_numbers")),
    )
    op.create_table(
        "segments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segments")),
    )
    op.create_index(op.f("ix_segments_team_updated_at"), "segments", ["team", "updated_at"], unique=False)
    op.create_index(
        "uq_segments_team_name",
        "segments",
        ["team", "name_key"],
        unique=True,
        postgresql_where=sa.text("state <> 'trash'"),
    )
    op.create_index("uq_segments_team_number", "segments", ["team", "number"], unique=True)
    op.create_table(
        "terms",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("term_key", sa.Text(), nullable=False),
        sa.Column("words", postgresql.JSONB(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
    )
    op.create_index(
        "uq_terms_current", "terms", ["team", "term_key"], unique=True, postgresql_where=sa.text("retired_at is null")
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reading", postgresql.JSONB(), nullable=False),
        sa.Column("condition", postgresql.JSONB(), nullable=True),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=True),
        sa.Column("message_ts", sa.Text(), nullable=True),
        sa.Column("segment_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segments.id"], name=op.f("fk_requests_segment_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_index(op.f("ix_requests_segment_id"), "requests", ["segment_id"], unique=False)
    op.create_index(
        op.f("ix_requests_team_channel_message_ts"), "requests", ["team", "channel", "message_ts"], unique=False
    )
    op.create_index(
        op.f("ix_requests_team_user_id_created_at"), "requests", ["team", "user_id", "created_at"], unique=False
    )
    op.create_table(
        "segment_tags",
        sa.Column("segment_id", sa.Text(), nullable=False),
        sa.Column("tag_key", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segments.id"], name=op.f("fk_segment_tags_segment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("segment_id", "tag_key", name=op.f("pk_segment_tags")),
    )
    op.create_index(op.f("ix_segment_tags_tag_key"), "segment_tags", ["tag_key"], unique=False)
    op.create_table(
        "segment_versions",
        sa.Column("segment_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("condition", postgresql.JSONB(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segments.id"], name=op.f("fk_segment_versions_segment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("segment_id", "number", name=op.f("pk_segment_versions")),
    )
    op.create_index(op.f("ix_segment_versions_fingerprint"), "segment_versions", ["fingerprint"], unique=False)
    op.create_table(
        "term_words",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("word_key", sa.Text(), nullable=False),
        sa.Column("term_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_term_words_term_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team", "word_key", name=op.f("pk_term_words")),
    )
    op.create_index(op.f("ix_term_words_term_id"), "term_words", ["term_id"], unique=False)
    op.create_table(
        "counts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("segment_id", sa.Text(), nullable=True),
        sa.Column("segment_version", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("condition", postgresql.JSONB(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(), nullable=False),
        sa.Column("catalog", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_counts_request_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["segment_id"], ["segments.id"], name=op.f("fk_counts_segment_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counts")),
    )
    op.create_index(op.f("ix_counts_request_id"), "counts", ["request_id"], unique=False)
    op.create_index(op.f("ix_counts_segment_id_as_of"), "counts", ["segment_id", "as_of"], unique=False)
    op.create_index(op.f("ix_counts_team_fingerprint_as_of"), "counts", ["team", "fingerprint", "as_of"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("thumb", sa.SmallInteger(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("thumb in (-1, 1)", name=op.f("ck_feedback_thumb")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_feedback_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "user_id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_team_at"), "feedback", ["team", "at"], unique=False)
    op.create_table(
        "request_changes",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("condition", postgresql.JSONB(), nullable=True),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_changes_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "version", name=op.f("pk_request_changes")),
    )
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("request_changes")
    op.drop_table("feedback")
    op.drop_table("counts")
    op.drop_table("term_words")
    op.drop_table("segment_versions")
    op.drop_table("segment_tags")
    op.drop_table("requests")
    op.drop_table("terms")
    op.drop_table("segments")
    op.drop_table("numbers")
    op.drop_table("messages")
    op.drop_table("deliveries")
    op.drop_table("audit_heads")
    op.drop_table("audit")
    op.execute("DROP FUNCTION audit_append_only()")
