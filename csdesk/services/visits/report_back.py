"""What a customer waits to hear about: tickets and the like, each found by a slice of its own.

A slice that knows such things has a function ``(connection, account_id) -> items`` and hands it to ``register`` where
the program is put together; the preparation of a visit asks all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True)
class BackItem:
    """One thing to tell. ``kind`` is the entity and ``id`` its row; ``state`` a word for people, ``late`` marks it.

    ``tells`` is False where there is no answer yet: one can say no more than where it stands.
    """

    kind: str
    id: int
    title: str
    state: str = ""
    note: str = ""
    late: bool = False
    tells: bool = True


Provider = Callable[[Connection, int], Iterable[BackItem]]
_PROVIDERS: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Ask this function too; a second one of the same name takes the place of the first."""
    _PROVIDERS[name] = provider


def forget(name: str) -> None:
    """Ask it no more."""
    _PROVIDERS.pop(name, None)


def provided() -> bool:
    """Whether anybody can tell something: without, the section is not shown."""
    return bool(_PROVIDERS)


def to_report(connection: Connection, account_id: int) -> tuple[BackItem, ...]:
    """What this account waits to hear, provider by provider."""
    return tuple(item for provider in _PROVIDERS.values() for item in provider(connection, account_id))
