"""Out of the bin again, or out of the store for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from csdesk.models.tables import RECORDS
from csdesk.models.tickets import Demand, Ticket
from csdesk.models.vocabulary import N_, StepKind
from csdesk.services.accounts.commands import Restore, named, restore_records
from csdesk.services.bin.queries import BIN
from csdesk.services.core.columns import Query
from csdesk.services.core.errors import Conflict
from csdesk.services.core.purging import purge, with_all_that_belongs
from csdesk.services.core.stored import many
from csdesk.services.core.texts import _, ngettext
from csdesk.services.core.unit_of_work import UnitOfWork, command

SHOWN_NAMES = 5
COUNTED: dict[str, Callable[[int], str]] = {
    "accounts": lambda n: ngettext("{n} account record", "{n} account records", n),
    "contacts": lambda n: ngettext("{n} contact", "{n} contacts", n),
    "contracts": lambda n: ngettext("{n} contract", "{n} contracts", n),
    "visits": lambda n: ngettext("{n} visit record", "{n} visit records", n),
    "tickets": lambda n: ngettext("{n} ticket record", "{n} ticket records", n),
    "demands": lambda n: ngettext("{n} demand record", "{n} demand records", n),
    "opportunities": lambda n: ngettext("{n} opportunity", "{n} opportunities", n),
    "handovers": lambda n: ngettext("{n} handover", "{n} handovers", n),
    "payments": lambda n: ngettext("{n} payment", "{n} payments", n),
}
"""What a person counts by: rows of other tables (contract lines, instalments) go with these."""


@dataclass(frozen=True)
class BringBack:
    """Rows of the bin, of whatever kind, each with what went in together with it."""

    ids: tuple[int, ...]


@dataclass(frozen=True)
class Purge:
    """Rows of the bin to remove for good, with everything that belongs to them; None: all that the bin shows."""

    ids: tuple[int, ...] | None = None


@command(N_("Brought back from the bin: {names}"))
def bring_back(uow: UnitOfWork, wish: BringBack) -> None:
    """Take rows out of the bin in one step, owners first. Raises Conflict where one is gone or its owner is binned."""
    rows = _binned(uow, wish.ids)
    for entity in dict.fromkeys(entity for _id, entity, _name in rows):
        restore_records(uow, Restore(entity, tuple(row_id for row_id, kind, _name in rows if kind == entity)))
    _bring_demands(uow, [row_id for row_id, kind, _name in rows if kind == Ticket.__tablename__])
    uow.name(names=named([name for _id, _entity, name in rows]), count=len(rows))


def _bring_demands(uow: UnitOfWork, tickets: list[int]) -> None:
    """A requirement is never without the demand that it asks for."""
    for ticket in tickets:
        demand_id = uow.get(Ticket, ticket).demand_id
        demand = uow.session.get(Demand, demand_id) if demand_id is not None else None
        if demand is not None and demand.deleted_at is not None:
            uow.take_out(demand)


@command(N_("Removed from the bin for good: {names}"), kind=StepKind.PURGE)
def purge_records(uow: UnitOfWork, wish: Purge) -> int:
    """Remove rows of the bin for good, once that was confirmed. Returns how many the bin showed.

    Raises NeedsConfirmation naming what goes, Conflict where one is not in the bin any more.
    """
    ids = BIN.ids(uow.connection, Query(), uow.today) if wish.ids is None else list(wish.ids)
    rows = _binned(uow, ids)
    if not rows:
        raise Conflict(_("The bin is empty already."))
    chosen: dict[str, set[int]] = {}
    for row_id, entity, _name in rows:
        chosen.setdefault(entity, set()).add(row_id)
    everything = with_all_that_belongs(uow, chosen)
    names = [name for _id, _entity, name in rows]
    uow.confirm("purge", _sentence(names, everything), _("Remove for good"), danger=True)
    uow.name(names=named(names), count=len(rows))
    purge(uow, everything)
    return len(rows)


def _binned(uow: UnitOfWork, ids: tuple[int, ...] | list[int]) -> list[tuple[int, str, str]]:
    """Id, table and name of rows of the bin, owners before what they own."""
    table = BIN.table.c
    found = uow.connection.execute(select(table.id, table.kind, table.name).where(table.id.in_(many(ids)))).all()
    if len(found) < len(set(ids)):
        raise Conflict(_("Something of this is no longer in the bin. Nothing was changed."))
    order = {model.__tablename__: place for place, model in enumerate(RECORDS)}
    place = {row_id: number for number, row_id in enumerate(ids)}
    return sorted(
        ((row[0], row[1], row[2] or "\u2026") for row in found), key=lambda row: (order[row[1]], place[row[0]])
    )


def _sentence(names: list[str], everything: dict[str, set[int]]) -> str:
    quoted = _(", ").join(_("“{words}”").format(words=name) for name in names[:SHOWN_NAMES])
    rest = len(names) - SHOWN_NAMES
    if rest > 0:
        quoted = ngettext("{names} and {n} more", "{names} and {n} more", rest).format(names=quoted, n=rest)
    counted = [
        said(len(everything[entity])).format(n=len(everything[entity]))
        for entity, said in COUNTED.items()
        if everything.get(entity)
    ]
    return _(
        "{names} will be removed for good, in all {counts}. This cannot be taken back, and earlier steps that touched them"
        " cannot be taken back any more. Backups keep what they hold; a restored backup brings it back."
    ).format(names=quoted, counts=_(", ").join(counted))
