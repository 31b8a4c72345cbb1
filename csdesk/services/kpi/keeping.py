"""The book that was read last, kept while the store stands still: a page asks for it again and again.

It is one for each open store, with all accounts; some of them are picked from it. A command, an undo, another process, a
write that no step tells of: whatever is committed before a reading begins, that reading sees (``as_of`` of the database).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from csdesk.models.database import as_of
from csdesk.services.core.history import last_step
from csdesk.services.kpi.book import Book, read_book, read_names
from csdesk.services.kpi.scope import Scope

MOST_CONTRACTS = 100_000
"""A book of more, about 60 MB, is not kept."""


@dataclass
class _Shelf:
    """The place of one book, and what the store was when it was read. Whoever reads anew holds the lock: others wait for it
    instead of reading the same."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    state: tuple[int, int] | None = None
    book: Book | None = None


_shelves: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()
_making = threading.Lock()


def kept_book(connection: Connection, today: date, scope: Scope | None = None) -> Book:
    """What ``read_book`` reads, read anew only where the store has changed since or another day has come."""
    version = as_of(connection)
    if version is None:
        return read_book(connection, today, scope)
    with _making:
        shelf = _shelves.setdefault(connection.engine, _Shelf())
    with shelf.lock:
        state, book = (version, last_step(connection)), shelf.book
        if book is None or shelf.state != state or book.today != today:
            book = shelf.book = None
            book = read_book(connection, today)
            if len(book.contracts) <= MOST_CONTRACTS:
                shelf.state, shelf.book = state, book
    return picked(connection, book, scope) if scope else book


def picked(connection: Connection, book: Book, scope: Scope) -> Book:
    """The book of some accounts out of that of all."""
    names = read_names(connection, scope)
    return replace(
        book,
        scope=scope,
        names=names,
        lives=[life for life in book.lives if life.account_id in names],
        contracts={id: contract for id, contract in book.contracts.items() if contract.account_id in names},
    )
