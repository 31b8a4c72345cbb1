"""Releases: planned, moved, shipped; what came with them is told to those who wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from csdesk.models.tickets import Demand, Release, Ticket
from csdesk.models.vocabulary import DemandState, TicketKind, TicketState
from csdesk.services.accounts.commands import named
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.tickets.announcing import announce_ticket, note_ticket
from csdesk.services.tickets.demands import Ground, set_planned, set_released


@dataclass(frozen=True)
class ChangeRelease:
    """A release with its words; ``id`` None makes a new one. ``move_dates``: what was promised for its old day moves along."""

    id: int | None
    name: str
    planned_on: date | None = None
    notes: str = ""
    move_dates: bool = False
    version: int | None = None


@dataclass(frozen=True)
class ShipRelease:
    """A release that came out on a day (None: today)."""

    id: int
    on: date | None = None


@dataclass(frozen=True)
class Releases:
    """Some releases."""

    ids: tuple[int, ...]


@command(N_("Release {name} saved"))
def save_release(uow: UnitOfWork, wish: ChangeRelease) -> int:
    """Store a release; returns its id. Raises Problems without a name, or with one that another release has."""
    name = wish.name.strip()
    twin = select(Release.id).where(Release.name == name, Release.deleted_at.is_(None), Release.id != (wish.id or 0))
    if not name:
        raise Problems([Problem("name", _("Give the release a name."), code="missing")])
    if uow.session.scalar(twin.limit(1)) is not None:
        raise Problems([Problem("name", _("Another release has this name."), code="taken")])
    row = uow.add(Release(name=name)) if wish.id is None else uow.get(Release, wish.id, wish.version)
    old = row.planned_on
    row.name, row.planned_on, row.notes = name, wish.planned_on, wish.notes.strip()
    uow.session.flush()
    if wish.move_dates and wish.planned_on is not None and old is not None and old != wish.planned_on:
        _move_dates(uow, row, old, wish.planned_on)
    uow.name(name=name)
    return row.id


def _move_dates(uow: UnitOfWork, row: Release, old: date, new: date) -> None:
    demands = [demand for demand in _demands(uow, row.id) if demand.planned_on == old]
    bugs = [bug for bug in _bugs(uow, row.id) if bug.planned_on == old]
    ground = _ground(uow, demands, bugs)
    for demand in demands:
        set_planned(uow, demand, new, ground)
    for bug in bugs:
        bug.planned_on = new
        note_ticket(uow, bug, bug.state, ground.rules.user)
        announce_ticket(uow, bug, behind=ground.behind)


def _ground(uow: UnitOfWork, demands: list[Demand], bugs: list[Ticket]) -> Ground:
    return Ground(uow, [demand.id for demand in demands], [bug.id for bug in bugs])


@command(N_("Release {name} came out"))
def ship_release(uow: UnitOfWork, wish: ShipRelease) -> int:
    """Let everything that was accepted for a release be released; returns how many customers are to be told."""
    row = uow.get(Release, wish.id)
    day = wish.on or uow.today
    if day > uow.today:
        raise Problems([Problem("on", _("This day is still to come."), code="future")])
    row.released_on = day
    demands, bugs = _demands(uow, row.id), _bugs(uow, row.id)
    ground = _ground(uow, demands, bugs)
    told = sum(set_released(uow, demand, day, ground) for demand in demands)
    for bug in bugs:
        before, bug.state, bug.released_on = bug.state, TicketState.RELEASED.value, day
        note_ticket(uow, bug, before, ground.rules.user, on=day)
        told += announce_ticket(uow, bug, day, ground.behind)
    uow.name(name=row.name)
    return told


def _demands(uow: UnitOfWork, release: int) -> list[Demand]:
    found = select(Demand).where(
        Demand.release_id == release, Demand.state == DemandState.ACCEPTED, Demand.deleted_at.is_(None)
    )
    return list(uow.session.scalars(found.order_by(Demand.id)))


def _bugs(uow: UnitOfWork, release: int) -> list[Ticket]:
    found = select(Ticket).where(
        Ticket.release_id == release, Ticket.kind == TicketKind.BUG, Ticket.state == TicketState.ACCEPTED,
        Ticket.deleted_at.is_(None),
    )  # fmt: skip
    return list(uow.session.scalars(found.order_by(Ticket.id)))


@command(N_("Releases deleted: {names}"))
def delete_releases(uow: UnitOfWork, wish: Releases) -> None:
    """Move releases into the bin; what was planned for them keeps its day."""
    rows = [uow.get(Release, release) for release in wish.ids]
    for row in rows:
        for demand in uow.session.scalars(select(Demand).where(Demand.release_id == row.id)):
            demand.release_id = None
        for bug in uow.session.scalars(select(Ticket).where(Ticket.release_id == row.id)):
            bug.release_id = None
        uow.bin(row)
    uow.name(names=named([row.name for row in rows]), count=len(rows))
