"""Alembic's entry: runs on the connection and inside the transaction that ``migrate`` opened."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=False)
context.run_migrations()
