"""The process that dies: does one thing to a store and says what it has been promised.

worker.py FOLDER ACTION [ARGUMENT]. Each line on stdout is an acknowledgement: what it names was committed before.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from csdesk.app import STORE_NAME, open_desk
from csdesk.models.tables import Account
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.core.unit_of_work import UnitOfWork, command


def say(text: str) -> None:
    """Acknowledge."""
    print(text, flush=True)


@command("Account {name} made")
def make_account(uow: UnitOfWork, wish: tuple[str, int]) -> int:
    """A name, and how many letters of notes make it heavy."""
    uow.name(name=wish[0])
    return uow.add(Account(name=wish[0], notes="x" * wish[1])).id


def edit(folder: Path, weight: str = "0") -> None:
    """Make accounts, one after the other, until killed or refused; says each name after it was committed."""
    with_refusal(folder, lambda desk, name: desk.do(make_account, (name, int(weight))))


def edit_full(folder: Path, pages: str) -> None:
    """The same with a store that may not grow by more than so many pages."""
    with_refusal(folder, lambda desk, name: desk.do(make_account, (name, 3000)), pages=int(pages))


def edit_limited(folder: Path, size: str) -> None:
    """The same where the system lets no file grow by more than so many bytes beyond the store."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    most = (folder / STORE_NAME).stat().st_size + int(size)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    with_refusal(folder, lambda desk, name: desk.do(make_account, (name, 3000)))


def with_refusal(folder: Path, act: Callable[..., object], pages: int | None = None) -> None:
    """Repeat until a StorageError comes; say its kind, and that reading still works."""
    desk = open_desk(folder, Clock())
    if pages is not None:
        with desk.database.write() as connection:
            now = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={now + pages}")
    for number in range(100_000):
        try:
            act(desk, f"N{number:06d}")
        except StorageError as error:
            say(f"refused {error.kind}")
            with desk.read() as connection:
                say(f"reads {connection.exec_driver_sql('SELECT count(*) FROM accounts').scalar()}")
            return
        say(f"N{number:06d}")


def migrate(folder: Path, scripts: str, dies: str = "") -> None:
    """Open the store with a program that is one migration ahead; it may die when that stands but is not committed."""
    import os
    import signal

    import csdesk.models.database as database
    import csdesk.models.migrations as migrations

    def die(*_arguments: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    database.SCHEMA += 1
    migrations.__file__ = str(Path(scripts) / "__init__.py")
    if dies:
        migrations.mark = die
    desk = open_desk(folder, Clock())
    with desk.read() as connection:
        say(f"migrated {connection.exec_driver_sql('SELECT count(*) FROM accounts WHERE mood = 7').scalar()}")
    desk.close()


def open_only(folder: Path) -> None:
    """Open and close the store; says how many accounts there are."""
    desk = open_desk(folder, Clock())
    with desk.read() as connection:
        say(f"reads {connection.exec_driver_sql('SELECT count(*) FROM accounts').scalar()}")
    desk.close()


def backup(folder: Path) -> None:
    """Make a backup; says its name."""
    from csdesk.services.files.backups import Reason, make_backup

    folders = Folders.under(folder)
    say(make_backup(folders.store, folders.backups, Reason.ASKED, Clock(), anyway=True).path.name)


def bring_back(folder: Path, source: str) -> None:
    """Restore a backup; says when it is done."""
    from csdesk.services.files.restoring import restore

    restore(Path(source), Folders.under(folder), Clock())
    say("restored")


def take_archive(folder: Path, source: str) -> None:
    """Take an archive in."""
    from csdesk.services.archive.commands import TakeIn, take_in
    from csdesk.services.archive.reading import read_archive

    desk = open_desk(folder, Clock())
    desk.do(take_in, TakeIn(read_archive(Path(source)), "a.json"))
    say("taken in")


def take_handover(folder: Path, source: str) -> None:
    """Import a handover file."""
    from csdesk.services.handover.importing import import_files

    desk = open_desk(folder, Clock())
    (report,) = import_files(desk, [Path(source)])
    say(f"new {report['rows']['new']}")


def attach(folder: Path, source: str, visit: str) -> None:
    """Attach a file to a visit."""
    from csdesk.services.attachments.commands import Attach, attach_files
    from csdesk.services.files.kept_files import folder_of

    desk = open_desk(folder, Clock())
    desk.do(attach_files, Attach((Path(source),), folder_of(desk.database.path), visit_id=int(visit)))
    say("attached")
    desk.close()


def export(folder: Path, out: str) -> None:
    """Write an archive."""
    from csdesk.services.archive.export import export_json

    desk = open_desk(folder, Clock())
    with desk.read() as connection:
        export_json(connection, Path(out), desk.clock)
    say("exported")


def as_nobody(folder: Path, warm: str) -> None:
    """Work as a user who may not write: everything is imported first, where it may still be read."""
    import os

    desk = open_desk(Path(warm), Clock())
    desk.do(make_account, ("warm", 0))
    desk.close()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        desk = open_desk(folder, Clock())
        desk.do(make_account, ("never", 0))
    except StorageError as error:
        say(f"refused {error.kind}")
        say(str(error))


def hold_lock(folder: Path) -> None:
    """Hold the window's lock until killed."""
    from csdesk.services.core.instance import StoreLock

    lock = StoreLock(folder)
    lock.acquire()
    say("held")
    sys.stdin.read()
    lock.release()


if __name__ == "__main__":
    actions: dict[str, Callable[..., None]] = {
        action.__name__: action
        for action in (
            edit, edit_full, edit_limited, migrate, open_only, backup, bring_back, take_archive, take_handover, attach, export,
            as_nobody, hold_lock,
        )
    }  # fmt: skip
    actions[sys.argv[2]](Path(sys.argv[1]), *sys.argv[3:])
