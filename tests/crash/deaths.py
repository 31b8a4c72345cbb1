"""The process that dies, and what must hold afterwards."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from csdesk.app import open_desk
from csdesk.services.core.clock import Clock
from csdesk.services.core.faults import VARIABLE
from csdesk.services.core.folders import Folders
from csdesk.services.files.backups import list_backups, verify_backup
from csdesk.services.files.checking import check

WORKER = Path(__file__).with_name("worker.py")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Death:
    """How a worker ended and what it had acknowledged until then."""

    status: int
    said: list[str]
    stderr: str

    @property
    def killed(self) -> bool:
        return self.status in (-signal.SIGKILL, 9)


def environment(point: str = "") -> dict[str, str]:
    """The worker's environment, with the place at which it is to die."""
    return {**os.environ, VARIABLE: point, "PYTHONPATH": str(ROOT)}


def work(folder: Path, action: str, *arguments: object, point: str = "") -> Death:
    """Run the worker to its end."""
    command = [sys.executable, str(WORKER), str(folder), action, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(point), timeout=120, check=False)
    return Death(done.returncode, done.stdout.split("\n")[:-1], done.stderr)


def names_in(folder: Path) -> list[str]:
    """What the next start finds."""
    desk = open_desk(folder, Clock())
    with desk.read() as connection:
        names = [row[0] for row in connection.exec_driver_sql("SELECT name FROM accounts ORDER BY name")]
    desk.close()
    return names


def check_sound(folders: Folders) -> None:
    """The oracle after every death: the store is whole, each verified backup is, and no half file is left for good."""
    assert check(folders.store).flaws == ()
    for backup in list_backups(folders.backups):
        if backup.verified:
            assert verify_backup(backup).counts == backup.counts
    with sqlite3.connect(folders.store) as connection:
        half = connection.execute("SELECT count(*) FROM changes WHERE step_id NOT IN (SELECT id FROM steps)")
        assert half.fetchone()[0] == 0
    connection.close()
