"""Real stores for the tests of this folder: made through the model, changed through commands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from csdesk.models.database import Database
from csdesk.models.tables import Account
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.folders import Folders
from csdesk.services.core.unit_of_work import UnitOfWork, command


class SetClock(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.date()

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@command("Account {name} made")
def make_account(uow: UnitOfWork, name: str) -> int:
    """The smallest command there is."""
    uow.name(name=name)
    return uow.add(Account(name=name)).id


def open_store(folders: Folders, clock: Clock | None = None) -> Desk:
    """An open desk on a new or present store."""
    folders.make()
    database = Database(folders.store, "0.1.0")
    database.prepare()
    return Desk(database, clock or SetClock())


def names_in(store: Path) -> list[str]:
    """The accounts that a closed or open store holds, by name."""
    database = Database(store, "0.1.0")
    with database.read() as connection:
        names = [row[0] for row in connection.exec_driver_sql("SELECT name FROM accounts ORDER BY name")]
    database.close()
    return names
