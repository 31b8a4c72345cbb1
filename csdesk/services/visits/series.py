"""Visits that come again: made ahead as visits of their own, changed from one of them on, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract
from csdesk.models.visits import Visit, VisitSeries
from csdesk.models.vocabulary import SeriesUnit, VisitState
from csdesk.services.core.errors import Conflict, Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.visits.commands import (
    AddVisit,
    CancelVisit,
    EditVisit,
    RemoveVisit,
    add_visit,
    cancel_visit,
    edit_visit,
    remove_visit,
)
from csdesk.services.visits.facts import workdays_of
from csdesk.services.visits.placing import plan_for
from csdesk.services.visits.reasons import BY_HAND, reason
from csdesk.services.visits.turns import turns, workday_from

AHEAD = 366
"""Days ahead for which the visits of a series without an end are made; planning later days makes more."""
MOST = 120


@dataclass(frozen=True)
class AddSeries:
    """A visit and its repetitions every ``every`` weeks or months.

    They end on ``until``, after ``count`` times, with the account's contract, or not at all.
    """

    first: AddVisit
    unit: SeriesUnit
    every: int = 1
    until: date | None = None
    count: int | None = None
    to_contract_end: bool = False


@command(N_("Regular visits to {name} planned from {day}"))
def add_series(uow: UnitOfWork, wish: AddSeries) -> int:
    """Make the first visit and those ahead, each on its day or the workday after it; says the first one's id.

    Asks about the first day as ``add_visit`` does. Raises Problems for impossible numbers, and where the contract's end
    is wanted and none is known.
    """
    until = _contract_end(uow, wish.first.account_id) if wish.to_contract_end else wish.until
    _check(wish, until)
    first = uow.get(Visit, add_visit(uow, wish.first))
    series = uow.add(
        VisitSeries(
            account_id=first.account_id, contact_id=first.contact_id, kind=first.kind, starts_at=first.starts_at,
            minutes=first.minutes, goal=first.goal, unit=wish.unit, every=wish.every, starts_on=wish.first.day,
            until_on=until, count=wish.count, made_until=wish.first.day,
        )
    )  # fmt: skip
    uow.session.flush()
    first.series_id, first.turn_on, first.reasons = series.id, wish.first.day, _reasons(series)
    _make_turns(uow, series, max(uow.today, wish.first.day) + timedelta(AHEAD))
    account = uow.get(Account, first.account_id)
    uow.name(name=account.short_name or account.name, day=wish.first.day.isoformat())
    return first.id


def _contract_end(uow: UnitOfWork, account_id: int) -> date:
    end = uow.session.scalar(
        select(func.max(Contract.end_on)).where(Contract.account_id == account_id, Contract.deleted_at.is_(None))
    )
    if end is None:
        raise Problems([Problem("ends", _("This account has no contract with an end."), code="no_end")])
    return end


def _check(wish: AddSeries, until: date | None) -> None:
    problems = []
    if not 1 <= wish.every <= 52:
        problems.append(Problem("every", _("A whole number from 1 to 52, please."), code="out_of_bounds"))
    if wish.count is not None and not 2 <= wish.count <= MOST:
        sentence = _("From 2 to {most} times, please.").format(most=MOST)
        problems.append(Problem("count", sentence, code="out_of_bounds"))
    if until is not None and until < wish.first.day:
        problems.append(Problem("until", _("The last day comes before the first."), code="order"))
    if problems:
        raise Problems(problems)


def extend_series(uow: UnitOfWork, until: date) -> None:
    """Make the visits of all series up to a day, where they are not made yet."""
    for series in uow.session.scalars(
        select(VisitSeries).where(
            VisitSeries.deleted_at.is_(None),
            VisitSeries.made_until < until,
            VisitSeries.until_on.is_(None) | (VisitSeries.until_on > VisitSeries.made_until),
        )
    ):
        _make_turns(uow, series, until)


def _make_turns(uow: UnitOfWork, series: VisitSeries, until: date) -> None:
    """Make what comes after ``made_until``."""
    workdays = workdays_of(uow.connection)
    last = min(until, series.until_on) if series.until_on else until
    for turn in turns(series.starts_on, SeriesUnit(series.unit), series.every, last, series.count):
        if turn <= series.made_until:
            continue
        day = workday_from(turn, workdays)
        uow.add(
            Visit(
                account_id=series.account_id, plan_id=plan_for(uow, day), contact_id=series.contact_id,
                kind=series.kind, state=VisitState.PLANNED, planned_on=day, starts_at=series.starts_at,
                minutes=series.minutes, goal=series.goal, reasons=_reasons(series), series_id=series.id, turn_on=turn,
            )
        )  # fmt: skip
        series.made_until = turn


def _reasons(series: VisitSeries) -> list[dict[str, object]]:
    return [reason("series", every=series.every, unit=series.unit).as_json(), BY_HAND.as_json()]


@dataclass(frozen=True)
class EditFollowing:
    """New values of a visit and of all that follow it in its series; ``days`` moves each of them by so many days."""

    edit: EditVisit
    days: int = 0


@command(N_("Visits to {name} changed from {day} on"))
def edit_following(uow: UnitOfWork, wish: EditFollowing) -> int:
    """Change them and say how many; those of a confirmed plan keep their day. Raises Conflict outside of a series."""
    visit, following = _following(uow, wish.edit.visit_id, wish.edit.version)
    series = uow.get(VisitSeries, visit.series_id or 0)
    workdays = workdays_of(uow.connection)
    turn = visit.turn_on or series.starts_on
    for other in following:
        edit = wish.edit
        edit_visit(
            uow,
            EditVisit(other.id, None, edit.kind, edit.starts_at, edit.minutes, edit.goal, edit.agenda, edit.contact_id,
                      edit.zone),
        )  # fmt: skip
        if wish.days and other.baseline_on is None and other.planned_on and other.turn_on:
            other.turn_on += timedelta(wish.days)
            other.planned_on = workday_from(other.turn_on, workdays)
            other.plan_id = plan_for(uow, other.planned_on)
            other.sequence += 1
    _split(uow, series, visit, following, turn, wish.days)
    account = uow.get(Account, visit.account_id)
    uow.name(name=account.short_name or account.name, day=(visit.planned_on or uow.today).isoformat())
    return len(following)


def _split(uow: UnitOfWork, old: VisitSeries, visit: Visit, following: list[Visit], turn: date, days: int) -> None:
    """What follows is a series of its own from now on, so that what is made later is made in the new way."""
    earlier = sum(1 for _day in turns(old.starts_on, SeriesUnit(old.unit), old.every, turn - timedelta(1), old.count))
    new = uow.add(
        VisitSeries(
            account_id=old.account_id, contact_id=visit.contact_id, kind=visit.kind, starts_at=visit.starts_at,
            minutes=visit.minutes, goal=visit.goal, unit=old.unit, every=old.every, starts_on=turn + timedelta(days),
            until_on=old.until_on + timedelta(days) if old.until_on else None,
            count=old.count - earlier if old.count is not None else None,
            made_until=old.made_until + timedelta(days),
        )
    )  # fmt: skip
    uow.session.flush()
    for other in following:
        other.series_id = new.id
    if earlier:
        old.until_on = turn - timedelta(1)
        old.made_until = min(old.made_until, old.until_on)
    else:
        uow.bin(old)


@dataclass(frozen=True)
class EndSeries:
    """This visit and all that follow it in its series shall not be."""

    visit_id: int
    version: int | None = None


@command(N_("Visits to {name} ended from {day} on"))
def end_series(uow: UnitOfWork, wish: EndSeries) -> int:
    """Take them out and say how many; those of a confirmed plan are cancelled, so that they count."""
    visit, following = _following(uow, wish.visit_id, wish.version)
    day = visit.turn_on or visit.planned_on or uow.today
    series = uow.get(VisitSeries, visit.series_id or 0)
    for other in following:
        if other.baseline_on is None:
            remove_visit(uow, RemoveVisit(other.id))
        else:
            cancel_visit(uow, CancelVisit(other.id))
    series.until_on = day - timedelta(1)
    series.made_until = min(series.made_until, series.until_on)
    account = uow.get(Account, visit.account_id)
    uow.name(name=account.short_name or account.name, day=day.isoformat())
    return len(following)


def _following(uow: UnitOfWork, visit_id: int, version: int | None) -> tuple[Visit, list[Visit]]:
    visit = uow.get(Visit, visit_id, version)
    if visit.series_id is None:
        raise Conflict(_("This visit does not repeat."))
    found = uow.session.scalars(
        select(Visit).where(
            Visit.series_id == visit.series_id,
            Visit.deleted_at.is_(None),
            Visit.state == VisitState.PLANNED,
            Visit.turn_on >= visit.turn_on,
        )
    )
    return visit, sorted(found, key=lambda other: (other.turn_on or date.min, other.id))
