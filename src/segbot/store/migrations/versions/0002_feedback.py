"""What an opinion was about: the reasons given, the tree that was shown, and the catalog it was read with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("feedback", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("feedback", sa.Column("reading", postgresql.JSONB(), nullable=True))
    op.add_column("feedback", sa.Column("catalog", sa.Text(), nullable=False, server_default=""))
    op.alter_column("feedback", "reason", server_default=None)
    op.alter_column("feedback", "catalog", server_default=None)


def downgrade() -> None:
    op.drop_column("feedback", "catalog")
    op.drop_column("feedback", "reading")
    op.drop_column("feedback", "reason")
