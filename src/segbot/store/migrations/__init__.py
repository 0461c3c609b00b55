"""The versions of the store's tables, oldest first; read by Alembic."""
