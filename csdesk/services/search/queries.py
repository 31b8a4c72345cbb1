"""The search over a store: its text is loaded on a thread, what changed since stands in a small second text."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from csdesk.services.core.changes import Changes
from csdesk.services.search.rules import Entry, Hit, SearchText

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk

MOST_FRESH = 2_000
"""So many changed records stand apart; beyond that everything is loaded anew."""
PATIENCE_SECONDS = 0.3

SHOWN = "CASE WHEN a.short_name <> '' THEN a.short_name ELSE a.name END"
ACCOUNTS = f"""
SELECT a.id, a.id, {SHOWN}, a.name,
  a.city || CASE WHEN a.city <> '' AND a.industry <> '' THEN ' \u00b7 ' ELSE '' END || a.industry,
  '', coalesce(a.pinyin, ''), coalesce(a.initials, ''), coalesce(a.tier, '')
FROM accounts a WHERE a.deleted_at IS NULL {{only}}
ORDER BY coalesce(a.tier, 'Z'), a.last_contact_on DESC, a.id
"""
CONTACTS = f"""
SELECT c.id, c.account_id, c.name, '',
  c.title || CASE WHEN c.title <> '' THEN ' \u00b7 ' ELSE '' END || {SHOWN},
  c.phone, coalesce(c.pinyin, ''), coalesce(c.initials, ''), ''
FROM contacts c JOIN accounts a ON a.id = c.account_id
WHERE c.deleted_at IS NULL AND a.deleted_at IS NULL {{only}}
ORDER BY coalesce(a.tier, 'Z'), a.last_contact_on DESC, a.id, c.left_on IS NOT NULL, c.position, c.id
"""
ONLY_ACCOUNTS = "AND a.id IN (SELECT value FROM json_each(:accounts))"
ONLY_CONTACTS = (
    "AND (c.id IN (SELECT value FROM json_each(:contacts)) OR a.id IN (SELECT value FROM json_each(:accounts)))"
)


def load(connection: Connection) -> SearchText:
    """The whole store's text."""
    accounts = connection.execute(text(ACCOUNTS.format(only="")))
    contacts = connection.execute(text(CONTACTS.format(only="")))
    return SearchText((Entry(*row) for row in accounts), (Entry(*row) for row in contacts))


def load_only(connection: Connection, accounts: Iterable[int], contacts: Iterable[int]) -> SearchText:
    """The text of these accounts with their people, and of these people."""
    given = {"accounts": json.dumps(list(accounts)), "contacts": json.dumps(list(contacts))}
    of_accounts = connection.execute(text(ACCOUNTS.format(only=ONLY_ACCOUNTS)), given)
    of_contacts = connection.execute(text(CONTACTS.format(only=ONLY_CONTACTS)), given)
    return SearchText((Entry(*row) for row in of_accounts), (Entry(*row) for row in of_contacts))


def people_of(connection: Connection, accounts: Iterable[int]) -> set[int]:
    """The contacts of these accounts, binned ones included."""
    statement = text("SELECT id FROM contacts WHERE account_id IN (SELECT value FROM json_each(:accounts))")
    return set(connection.scalars(statement, {"accounts": json.dumps(list(accounts))}))


class StoreSearch:
    """What the palette asks. ``find`` may be called from the UI thread at any time; loading goes on beside it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._whole = SearchText()
        self._fresh = SearchText()
        self._hidden: frozenset[int] = frozenset()
        self._touched: tuple[set[int], set[int]] = (set(), set())
        self._again = False
        self._loaded = threading.Event()
        self._state = threading.Lock()
        self._thread: threading.Thread | None = None

    def find(self, text: str, limit: int = 8) -> Sequence[Hit]:
        """The best hits, accounts first; nothing while the first load takes longer than a moment."""
        if not self._loaded.is_set():
            self.reload()
            self._loaded.wait(PATIENCE_SECONDS)
        with self._state:
            whole, fresh, hidden = self._whole, self._fresh, self._hidden
        newer = fresh.find(text, limit) if hidden else []
        older = whole.find(text, limit, hidden)
        hits = [*newer, *older]
        return [*(h for h in hits if h.kind == "accounts"), *(h for h in hits if h.kind != "accounts")][:limit]

    def changed(self, changes: Changes) -> None:
        """Take note of what changed; the text follows in a moment, on a thread."""
        if changes.everything:
            self.reload()
            return
        nothing_yet = self._thread is None and not self._loaded.is_set()
        if nothing_yet or not changes.touches(("accounts", "contacts")):
            return
        with self._state:
            self._touched[0].update(changes.ids("accounts"))
            self._touched[1].update(changes.ids("contacts"))
            many = len(self._touched[0]) + len(self._touched[1]) > MOST_FRESH
        if many:
            self.reload()
        else:
            self._start(self._refresh)

    def reload(self) -> None:
        """Load everything anew, on a thread."""
        self._start(self._load)

    def wait(self) -> None:
        """Until what was begun is done."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _start(self, job: object) -> None:
        with self._state:
            if self._thread is not None and self._thread.is_alive():
                self._again = True
                return
            self._thread = threading.Thread(target=self._run, args=(job,), name="search", daemon=True)
            self._thread.start()

    def _run(self, job: object) -> None:
        assert callable(job)
        job()
        while True:
            with self._state:
                if not self._again:
                    self._thread = None
                    return
                self._again = False
            self._load()

    def _load(self) -> None:
        with self._state:
            self._touched = (set(), set())
        with self._desk.read() as connection:
            whole = load(connection)
        with self._state:
            self._whole, self._fresh, self._hidden = whole, SearchText(), frozenset()
        self._loaded.set()

    def _refresh(self) -> None:
        with self._state:
            accounts, contacts = set(self._touched[0]), set(self._touched[1])
        with self._desk.read() as connection:
            hidden = accounts | contacts | people_of(connection, accounts)
            fresh = load_only(connection, accounts, contacts)
        with self._state:
            self._fresh, self._hidden = fresh, frozenset(hidden)
