"""What can be done when the store cannot be opened: the newest good backups first, an empty start last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from csdesk.services.core import formats
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.core.texts import _
from csdesk.services.files.backups import Backup, list_backups
from csdesk.services.files.restoring import REPLACEABLE, restore, start_afresh

OFFERED = 3


@dataclass(frozen=True)
class WayOut:
    """A verb for the button, a sentence that says what it will do, and the deed (raises StorageError)."""

    verb: str
    sentence: str
    do: Callable[[], object]


def ways_out(error: BaseException, folders: Folders, clock: Clock) -> tuple[WayOut, ...]:
    """What to offer for an error met when opening the store.

    Nothing for a store that is locked, read-only, foreign or from a newer program: there the file is left alone.
    """
    if not isinstance(error, StorageError) or error.kind not in REPLACEABLE:
        return ()
    good = [backup for backup in list_backups(folders.backups) if backup.verified][:OFFERED]
    ways = [WayOut(_("Restore"), sentence_of(backup), partial(restore, backup.path, folders, clock)) for backup in good]
    afresh = _("Start with an empty desk; the file that cannot be opened is kept in {folder}.")
    ways.append(WayOut(_("Start empty"), afresh.format(folder=folders.damaged), partial(start_afresh, folders, clock)))
    return tuple(ways)


def sentence_of(backup: Backup) -> str:
    """A backup in words: when it was made and what it holds."""
    text = _("Backup of {when}: {accounts} accounts, {contacts} contacts, {visits} visits.")
    return text.format(
        when=formats.moment_long(backup.made_at),
        accounts=backup.counts.get("accounts", 0),
        contacts=backup.counts.get("contacts", 0),
        visits=backup.counts.get("visits", 0),
    )
