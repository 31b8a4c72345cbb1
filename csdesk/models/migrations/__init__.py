"""Alembic scripts, frozen: they never import today's models. ``migrate`` runs those that a store lacks."""

from __future__ import annotations

from pathlib import Path

from csdesk.models.database import Database, mark


def migrate(database: Database, to: str = "head") -> None:
    """Bring an older store to today's schema in one transaction: it succeeds whole or leaves nothing behind.

    ``to`` names an earlier revision to stop at, for tests of what comes after it. The caller has backed the store up. Foreign keys are checked at the end.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RuntimeError(f"migration left a dangling reference: {tuple(broken)}")
        mark(connection, database.program)
