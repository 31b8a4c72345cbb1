"""The search over a store: its text is loaded on a thread, what changed since stands in a small second text.

What changed is read from the journal, so the text is that of a snapshot of the store, known by its last step.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, text

from csdesk.models.journal import Change
from csdesk.services.core.changes import Changes
from csdesk.services.core.columns import Found
from csdesk.services.core.history import last_step
from csdesk.services.core.listing import Listing
from csdesk.services.core.stored import unpack
from csdesk.services.search.rules import Entry, Hit, SearchText, questions

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk

KINDS = ("accounts", "contacts", "tickets", "demands", "tasks")
"""What is found, in the order in which it is shown."""
MOST_FRESH = 2_000
"""So many changed records stand apart; beyond that everything is loaded anew."""
PATIENCE_SECONDS = 0.3

SHOWN = "CASE WHEN a.short_name <> '' THEN a.short_name ELSE a.name END"
ACCOUNTS = f"""
SELECT a.id, a.id, {SHOWN}, a.name,
  a.city || CASE WHEN a.city <> '' AND a.industry <> '' THEN ' \u00b7 ' ELSE '' END || a.industry,
  '', coalesce(a.pinyin, ''), coalesce(a.initials, ''), coalesce(a.tier, ''),
  a.city, a.industry, a.owner, a.sales_owner
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
TASKS = f"""
SELECT t.id, coalesce(t.account_id, 0), t.text, '',
  coalesce(t.due_on, '') || CASE WHEN t.due_on IS NOT NULL AND a.id IS NOT NULL THEN ' \u00b7 ' ELSE '' END
    || coalesce({SHOWN}, ''),
  '', '', '', ''
FROM tasks t LEFT JOIN accounts a ON a.id = t.account_id
WHERE t.deleted_at IS NULL {{only}}
ORDER BY t.state <> 'open', t.due_on, t.id
"""
NUMBERED = "printf('%s-%04d', {letter}, {number})"
TICKET_NUMBER = NUMBERED.format(
    letter="CASE t.kind WHEN 'bug' THEN 'B' WHEN 'question' THEN 'Q' ELSE 'R' END", number="t.number"
)
TICKETS = f"""
SELECT t.id, t.account_id, CASE WHEN t.title <> '' THEN t.title ELSE substr(t.text, 1, 80) END,
  {TICKET_NUMBER} || ' ' || t.text, {TICKET_NUMBER} || ' \u00b7 ' || {SHOWN}, '', '', '', ''
FROM tickets t JOIN accounts a ON a.id = t.account_id
WHERE t.deleted_at IS NULL AND a.deleted_at IS NULL {{only}}
ORDER BY t.reported_on DESC, t.id DESC
"""
DEMANDS = f"""
SELECT d.id, 0, d.title, {NUMBERED.format(letter="'D'", number="d.number")} || ' ' || d.background,
  {NUMBERED.format(letter="'D'", number="d.number")}, '', '', '', ''
FROM demands d WHERE d.deleted_at IS NULL AND d.state <> 'merged' {{only}}
ORDER BY d.opened_on DESC, d.id DESC
"""
ONLY_TICKETS = (
    "AND (t.id IN (SELECT value FROM json_each(:tickets)) OR a.id IN (SELECT value FROM json_each(:accounts)))"
)
ONLY_DEMANDS = "AND d.id IN (SELECT value FROM json_each(:demands))"
ONLY_TASKS = "AND (t.id IN (SELECT value FROM json_each(:tasks)) OR a.id IN (SELECT value FROM json_each(:accounts)))"
ONLY_ACCOUNTS = "AND a.id IN (SELECT value FROM json_each(:accounts))"
ONLY_CONTACTS = (
    "AND (c.id IN (SELECT value FROM json_each(:contacts)) OR a.id IN (SELECT value FROM json_each(:accounts)))"
)


def load(connection: Connection) -> SearchText:
    """The whole store's text."""
    accounts = connection.execute(text(ACCOUNTS.format(only="")))
    contacts = connection.execute(text(CONTACTS.format(only="")))
    others = (connection.execute(text(statement.format(only=""))) for statement in (TASKS, TICKETS, DEMANDS))
    return SearchText(map(_account, accounts), *(map(_entry, rows) for rows in (contacts, *others)))


def load_only(connection: Connection, ids: Mapping[str, Iterable[int]]) -> SearchText:
    """The text of these records by kind; of accounts with their people, tickets and tasks."""
    given = {name: json.dumps(list(ids.get(name, ()))) for name in KINDS}
    of_accounts = connection.execute(text(ACCOUNTS.format(only=ONLY_ACCOUNTS)), given)
    others = (
        connection.execute(text(statement.format(only=only)), given)
        for statement, only in (
            (CONTACTS, ONLY_CONTACTS), (TASKS, ONLY_TASKS), (TICKETS, ONLY_TICKETS), (DEMANDS, ONLY_DEMANDS),
        )
    )  # fmt: skip
    return SearchText(map(_account, of_accounts), *(map(_entry, rows) for rows in others))


def _entry(row: Sequence[object]) -> Entry:
    return Entry(*row)  # type: ignore[arg-type]


def _account(row: Sequence[object]) -> Entry:
    words = tuple(str(word) for word in dict.fromkeys(row[9:]) if word)
    return replace(Entry(*row[:9]), words=words)  # type: ignore[arg-type]


def belonging_to(connection: Connection, accounts: Iterable[int]) -> set[int]:
    """The contacts, tasks and tickets of these accounts, binned ones included."""
    statement = text(
        "SELECT id FROM contacts WHERE account_id IN (SELECT value FROM json_each(:accounts)) "
        "UNION ALL SELECT id FROM tasks WHERE account_id IN (SELECT value FROM json_each(:accounts)) "
        "UNION ALL SELECT id FROM tickets WHERE account_id IN (SELECT value FROM json_each(:accounts))"
    )
    return set(connection.scalars(statement, {"accounts": json.dumps(list(accounts))}))


@dataclass(frozen=True)
class _Text:
    """What a snapshot says: the ``whole`` text as of one step, and a ``fresh`` one that stands for the ``hidden`` ids."""

    whole: SearchText = field(default_factory=SearchText)
    whole_step: int = -1
    fresh: SearchText = field(default_factory=SearchText)
    hidden: frozenset[int] = frozenset()
    step: int = -1

    @property
    def is_loaded(self) -> bool:
        return self.whole_step >= 0

    def found(self, word: str) -> Found:
        """The accounts that hold a word, of both."""
        found = self.whole.found(word, self.hidden)
        return found.with_these(self.fresh.holders(word)) if self.hidden else found


@dataclass(frozen=True)
class _Recalled:
    """The last list read, and the text of the snapshot that it was read from."""

    text: _Text
    asked: Hashable
    ids: tuple[int, ...]


class StoreSearch:
    """What the palette and lists ask. ``find`` may be called from the UI thread at any time; loading goes on beside it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._text = _Text()
        self._next: Callable[[], None] | None = None
        self._recalled: _Recalled | None = None
        self._turn = 0
        self._loaded = threading.Event()
        self._state = threading.Lock()
        self._thread: threading.Thread | None = None

    def find(self, text: str, limit: int = 8) -> Sequence[Hit]:
        """The best hits, kinds together; nothing while the first load takes longer than a moment."""
        now = self._loaded_text()
        newer = now.fresh.find(text, limit) if now.hidden else []
        older = now.whole.find(text, limit, now.hidden)
        hits = [*newer, *older]
        return sorted(hits, key=lambda hit: KINDS.index(hit.kind))[:limit]

    def find_accounts(self, text: str, limit: int = 8) -> Sequence[Hit]:
        """The best accounts alone."""
        now = self._loaded_text()
        newer = now.fresh.find_accounts(text, limit) if now.hidden else []
        return [*newer, *now.whole.find_accounts(text, limit, now.hidden)][:limit]

    def _loaded_text(self) -> _Text:
        if not self._loaded.is_set():
            self.reload()
            self._loaded.wait(PATIENCE_SECONDS)
        return self._text

    def over(self, listing: Listing) -> Listing:
        """A listing of accounts that finds words here, in whatever is known of an account and its people."""
        return replace(listing, find=self.holders, recall=self.recall)

    def recall(self, connection: Connection, asked: Hashable, read: Callable[[], list[int]]) -> list[int]:
        """What a list holds without words, read anew where another snapshot or another list is asked."""
        now, recalled, turn = self._as_of(connection), self._recalled, self._turn
        if recalled is not None and recalled.text is now and recalled.asked == asked:
            return list(recalled.ids)
        ids = read()
        if now is not None and turn == self._turn:
            self._recalled = _Recalled(now, asked, tuple(ids))
        return ids

    def holders(self, connection: Connection, words: str) -> Found | None:
        """The accounts that hold each of the words, as of the snapshot that is read; None where the text lags too far
        behind, and is loaded then."""
        now = self._as_of(connection)
        if now is None:
            self.reload()
            return None
        found = [now.found(word) for word in words.split() if questions(word)]
        return reduce(and_, found) if found else None

    def changed(self, changes: Changes) -> None:
        """Take note of what changed; the text follows in a moment, on a thread."""
        if changes.everything:
            self.reload()
        elif self._loaded.is_set() and changes.touches(KINDS):
            self._start(self._refresh)

    def reload(self) -> None:
        """Load everything anew, on a thread. What no step tells of, spelled names say, may have changed."""
        self._turn += 1
        self._recalled = None
        self._start(self._load)

    def wait(self) -> None:
        """Until what was begun is done."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _start(self, job: Callable[[], None]) -> None:
        """Do it now, or once more when the job that is under way has ended; loading comes before refreshing."""
        with self._state:
            if self._thread is not None and self._thread.is_alive():
                self._next = self._load if self._next == self._load else job
                return
            self._thread = threading.Thread(target=self._run, args=(job,), name="search", daemon=True)
            self._thread.start()

    def _run(self, job: Callable[[], None] | None) -> None:
        while job is not None:
            job()
            with self._state:
                job, self._next = self._next, None
                if job is None:
                    self._thread = None

    def _load(self) -> None:
        with self._desk.read() as connection:
            step = last_step(connection)
            self._text = _Text(load(connection), step, step=step)
        self._loaded.set()

    def _refresh(self) -> None:
        with self._desk.read() as connection:
            now = self._as_of(connection)
        if now is None:
            self._load()

    def _as_of(self, connection: Connection) -> _Text | None:
        """The text of a snapshot: what was touched since the whole was loaded is read anew, where it is not too much."""
        now, step = self._text, last_step(connection)
        if not now.is_loaded or step < now.whole_step:
            return None
        if step == now.step:
            return now
        touched = _touched(connection, now.whole_step)
        if sum(map(len, touched.values())) > MOST_FRESH:
            return None
        hidden = frozenset().union(*touched.values(), belonging_to(connection, touched["accounts"]))
        fresh = load_only(connection, touched)
        then = replace(now, fresh=fresh, hidden=hidden, step=step)
        with self._state:
            if self._text.whole is then.whole and self._text.step < step:
                self._text = then
        return then


def _touched(connection: Connection, since: int) -> dict[str, set[int]]:
    """The records of all steps after this one, by kind."""
    found: dict[str, set[int]] = {kind: set() for kind in KINDS}
    changes = select(Change.entity, Change.entity_id, Change.ids)
    for entity, row_id, ids in connection.execute(
        changes.where(Change.step_id > since, Change.entity.in_(list(found)))
    ):
        found[entity].update(unpack(ids) if row_id is None else (row_id,))
    return found
