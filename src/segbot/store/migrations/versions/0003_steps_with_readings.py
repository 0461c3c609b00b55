"""Each step of a request keeps its reading, so that undo brings back the chips and questions too; threads are looked up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("request_changes", sa.Column("reading", postgresql.JSONB(), nullable=True))
    op.create_index(op.f("ix_requests_team_channel_thread_ts"), "requests", ["team", "channel", "thread_ts"])


def downgrade() -> None:
    op.drop_index(op.f("ix_requests_team_channel_thread_ts"), "requests")
    op.drop_column("request_changes", "reading")
