"""Alembic's entry: runs the migrations on the connection that `segbot.store.migrate` opened, in its transaction."""

from __future__ import annotations

from alembic import context

from segbot.store.tables import metadata

connection = context.config.attributes["connection"]

context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table_schema=context.config.attributes["schema"],
    transactional_ddl=True,
)
context.run_migrations()
