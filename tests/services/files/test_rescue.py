"""What is offered when the store cannot be opened, and that it works."""

from __future__ import annotations

import pytest
from stores import SetClock, make_account, names_in

from csdesk.services.core.desk import Desk
from csdesk.services.core.folders import Folders
from csdesk.services.core.storage_errors import SENTENCES, Trouble, trouble
from csdesk.services.files.backups import Reason, make_backup
from csdesk.services.files.rescue import ways_out


def test_newest_good_backup_comes_first_and_an_empty_start_last(store: Desk, folders: Folders, clock: SetClock) -> None:
    for name in "ABCD":
        store.do(make_account, name)
        newest = make_backup(folders.store, folders.backups, Reason.START, clock)
        clock.move(hours=1)
    newest.path.write_bytes(newest.path.read_bytes()[:5000])
    store.close()
    folders.store.write_bytes(b"")
    ways = ways_out(trouble(Trouble.EMPTIED), folders, clock)
    assert [way.verb for way in ways] == ["Restore", "Restore", "Restore", "Start empty"]
    assert "3 accounts" in ways[0].sentence
    ways[0].do()
    assert names_in(folders.store) == ["A", "B", "C"]


def test_empty_start_where_there_is_no_backup(folders: Folders, clock: SetClock) -> None:
    folders.make()
    folders.mark_used()
    (way,) = ways_out(trouble(Trouble.MISSING), folders, clock)
    way.do()
    assert names_in(folders.store) == []


@pytest.mark.parametrize("kind", sorted(set(SENTENCES) - {Trouble.DAMAGED, Trouble.EMPTIED, Trouble.MISSING}))
def test_nothing_is_offered_where_the_file_may_be_whole(folders: Folders, clock: SetClock, kind: Trouble) -> None:
    assert ways_out(trouble(kind), folders, clock) == ()
    assert ways_out(ValueError("a bug"), folders, clock) == ()
