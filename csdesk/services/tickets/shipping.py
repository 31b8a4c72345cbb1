"""What a release means before it is moved or comes out: what was accepted for it, and who waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from csdesk.models.tickets import Demand, Release, Ticket
from csdesk.models.vocabulary import DemandState, TicketKind, TicketState
from csdesk.services.tickets.rules import OPEN_STATES


@dataclass(frozen=True)
class Waiting:
    """Accepted demands and bugs, and the different customers who wait for them."""

    demands: int
    bugs: int
    customers: int


@dataclass(frozen=True)
class Outlook:
    """A release with what is ``accepted`` for it; of that ``dated`` was promised for the release's own day."""

    id: int
    version: int
    name: str
    planned_on: date | None
    released_on: date | None
    notes: str
    accepted: Waiting
    dated: Waiting


def outlook(connection: Connection, release_id: int) -> Outlook | None:
    """What stands behind a release; None where it is gone."""
    row = connection.execute(
        select(Release.id, Release.version, Release.name, Release.planned_on, Release.released_on, Release.notes).where(
            Release.id == release_id, Release.deleted_at.is_(None)
        )
    ).first()
    if row is None:
        return None
    dated = Waiting(0, 0, 0)
    if row.planned_on is not None:
        dated = _waiting(connection, row.id, Demand.planned_on == row.planned_on, Ticket.planned_on == row.planned_on)
    return Outlook(*row, _waiting(connection, row.id), dated)


def _waiting(
    connection: Connection,
    release: int,
    of_demands: ColumnElement[bool] | None = None,
    of_bugs: ColumnElement[bool] | None = None,
) -> Waiting:
    demand = and_(
        Demand.release_id == release, Demand.state == DemandState.ACCEPTED, Demand.deleted_at.is_(None),
        *(() if of_demands is None else (of_demands,)),
    )  # fmt: skip
    bug = and_(
        Ticket.release_id == release, Ticket.kind == TicketKind.BUG, Ticket.state == TicketState.ACCEPTED,
        *(() if of_bugs is None else (of_bugs,)),
    )  # fmt: skip
    asks = and_(Ticket.demand_id.in_(select(Demand.id).where(demand)), Ticket.state.in_(OPEN_STATES))
    demands = list(connection.scalars(select(Demand.id).where(demand)))
    bugs = list(connection.scalars(select(Ticket.id).where(bug, Ticket.deleted_at.is_(None))))
    customers = connection.scalars(
        select(Ticket.account_id).where(or_(asks, bug), Ticket.deleted_at.is_(None)).distinct()
    ).all()
    return Waiting(len(demands), len(bugs), len(customers))
