"""Drafts of the builder: a tree under somebody's hands, kept until it is applied or forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("base", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("condition", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("focus", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("pending", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("applied", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mode in ('build', 'direct')", name=op.f("ck_drafts_mode")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_drafts_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_request_id"), "drafts", ["request_id"])
    op.create_index(op.f("ix_drafts_updated_at"), "drafts", ["updated_at"])


def downgrade() -> None:
    op.drop_table("drafts")
