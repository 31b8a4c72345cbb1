"""Reading settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from csdesk.models.settings import Setting
from csdesk.services.settings.rules import DEFAULTS

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk


def setting(connection: Connection, key: str) -> Any:
    """The value of one setting: the user's, or the default. KeyError for a setting that does not exist."""
    default = DEFAULTS[key]
    row = connection.execute(select(Setting.value).where(Setting.key == key, Setting.deleted_at.is_(None))).first()
    return default if row is None else row.value


def all_settings(connection: Connection) -> dict[str, Any]:
    """All settings by key, defaults included."""
    changed = connection.execute(select(Setting.key, Setting.value).where(Setting.deleted_at.is_(None)))
    return DEFAULTS | {row.key: row.value for row in changed}


def second_folder(desk: Desk) -> Path | None:
    """The second folder for backups, None where none is chosen."""
    with desk.read() as connection:
        chosen = str(setting(connection, "backup.second_folder"))
    return Path(chosen) if chosen else None
