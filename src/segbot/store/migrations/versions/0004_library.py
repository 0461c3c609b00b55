"""Who may see a segment, and the stars that people give."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("segments", sa.Column("visibility", sa.Text(), nullable=False, server_default="team"))
    op.alter_column("segments", "visibility", server_default=None)
    op.create_table(
        "segment_shares",
        sa.Column("segment_id", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segments.id"], name=op.f("fk_segment_shares_segment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("segment_id", "target", name=op.f("pk_segment_shares")),
    )
    op.create_index(op.f("ix_segment_shares_target"), "segment_shares", ["target"])
    op.create_table(
        "stars",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "user_id", "subject", name=op.f("pk_stars")),
    )


def downgrade() -> None:
    op.drop_table("stars")
    op.drop_index(op.f("ix_segment_shares_target"), "segment_shares")
    op.drop_table("segment_shares")
    op.drop_column("segments", "visibility")
