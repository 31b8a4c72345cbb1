"""Reading the bin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, literal, select

from csdesk.models.accounts import Account
from csdesk.models.base import Record
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract
from csdesk.models.visits import Visit

MOST = 2_000


@dataclass(frozen=True)
class Binned:
    """One thing in the bin that can be brought back by itself; what went in with it comes along."""

    entity: str
    id: int
    name: str
    account: str
    deleted_at: datetime
    step_id: int | None


def binned(connection: Connection) -> list[Binned]:
    """What is in the bin, the last deleted first. What went in together with its account stands under the account."""
    found = [
        Binned(*row)
        for statement in (
            _of(Account, Account.name, None),
            _of(Contact, Contact.name, Contact.account_id),
            _of(Contract, Contract.number, Contract.account_id),
            _of(Visit, Visit.goal, Visit.account_id),
        )
        for row in connection.execute(statement)
    ]
    return sorted(found, key=lambda row: (row.deleted_at, row.id), reverse=True)


def _of(model: type[Record], name: Any, owner: Any) -> Select[Any]:
    table: Any = model
    columns = (literal(table.__tablename__), table.id, name)
    if owner is None:
        rows = select(*columns, literal(""), table.deleted_at, table.bin_step)
        return rows.where(table.deleted_at.is_not(None)).order_by(table.deleted_at.desc()).limit(MOST)
    together = Account.deleted_at.is_not(None) & (Account.bin_step == table.bin_step)
    return (
        select(*columns, Account.name, table.deleted_at, table.bin_step)
        .join(Account, Account.id == owner)
        .where(table.deleted_at.is_not(None), ~together | Account.deleted_at.is_(None))
        .order_by(table.deleted_at.desc())
        .limit(MOST)
    )
