"""What the rules are told about accounts, days and ways, read from the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract
from csdesk.models.visits import BusyTime, OwnCalendar, TravelTime, Visit, VisitSkip
from csdesk.models.vocabulary import ContactRole, RenewalState, ServiceMode, Tier, VisitKind, VisitState
from csdesk.services.core.reasons import Period, found_by_all
from csdesk.services.settings.queries import all_settings
from csdesk.services.visits.fitting import Busy, Fixed, OpenDay, minute, times_beside
from csdesk.services.visits.rules import AccountFacts, Rules, rules_from_settings
from csdesk.services.visits.workdays import Absence, Workdays, absence_on, absences, days_between, own_days


def rules_of(connection: Connection) -> Rules:
    """The rules as the user set them."""
    return rules_from_settings(all_settings(connection))


def workdays_of(connection: Connection) -> Workdays:
    """The working calendar with the user's own list."""
    return Workdays(own_days(all_settings(connection)["visits.holidays"]))


def absences_of(connection: Connection) -> list[Absence]:
    """The days on which the user is away or half away."""
    return absences(all_settings(connection)["visits.absences"])


def travel_of(connection: Connection) -> dict[frozenset[str], int]:
    """Minutes between places by the user's table."""
    rows = connection.execute(
        select(TravelTime.origin, TravelTime.destination, TravelTime.minutes).where(TravelTime.deleted_at.is_(None))
    )
    return {frozenset((row.origin, row.destination)): row.minutes for row in rows}


@dataclass(frozen=True)
class Room:
    """What decides how many visits a day takes."""

    workdays: Workdays
    away: tuple[Absence, ...]
    busy: Mapping[date, tuple[Busy, ...]]
    rules: Rules

    def on(self, day: date, capacity: int) -> int:
        """None on a free day, else what an absence leaves and the user's own calendar has times for."""
        if not self.workdays.is_workday(day):
            return 0
        absence = absence_on(day, self.away)
        left = capacity if absence is None else min(absence.visits, capacity)
        taken = self.busy.get(day, ())
        return left - min(left, len(self.rules.times) - len(times_beside(self.rules.times, taken, self.rules)))


def room_between(connection: Connection, start: date, end: date) -> Room:
    """The room of these days."""
    return Room(
        workdays_of(connection),
        tuple(absences_of(connection)),
        busy_between(connection, start, end),
        rules_of(connection),
    )


def busy_between(connection: Connection, start: date, end: date) -> dict[date, tuple[Busy, ...]]:
    """By day what the user's own calendars take of it, in order of time."""
    rows = connection.execute(
        select(BusyTime.title, BusyTime.starts_on, BusyTime.starts_at, BusyTime.ends_on, BusyTime.ends_at)
        .join(OwnCalendar, OwnCalendar.id == BusyTime.calendar_id)
        .where(
            BusyTime.deleted_at.is_(None), OwnCalendar.deleted_at.is_(None),
            BusyTime.starts_on <= end, BusyTime.ends_on >= start,
        )
    )  # fmt: skip
    found: dict[date, list[Busy]] = {}
    for row in rows:
        for day in days_between(max(row.starts_on, start), min(row.ends_on, end)):
            begins = minute(row.starts_at) if row.starts_at and day == row.starts_on else 0
            ends = minute(row.ends_at) if row.ends_at and day == row.ends_on else 24 * 60
            if begins < ends:
                found.setdefault(day, []).append(Busy(begins, ends, row.title))
    return {day: tuple(sorted(entries, key=lambda entry: (entry.start, entry.end))) for day, entries in found.items()}


def account_facts(
    connection: Connection, start: date, end: date, today: date, leave_aside: Collection[int] = ()
) -> list[AccountFacts]:
    """Facts about all accounts for a plan of these days; ``leave_aside`` are visits that the plan will replace."""
    grace = all_settings(connection)["figures.grace_days"]
    renewals = _open_renewals(connection, start - timedelta(grace))
    running = running_accounts(connection, start, start - timedelta(grace))
    planned = _planned(connection, min(start, today), leave_aside)
    called_off = _called_off(connection, start, end)
    skips = _skips(connection, start)
    signals = found_by_all(connection, Period(start, end, today))
    rows = connection.execute(
        select(
            Account.id, Account.name, Account.short_name, Account.tier, Account.service_mode, Account.city,
            Account.district, Account.customer_since, Account.last_visit_on, Account.last_contact_on,
        ).where(Account.deleted_at.is_(None))
    )  # fmt: skip
    return [
        AccountFacts(
            id=row.id,
            name=row.short_name or row.name,
            tier=tier_of(row.tier),
            mode=MODE_OF.get(row.service_mode),
            city=row.city,
            district=row.district,
            first_start=row.customer_since,
            renewal_on=renewals.get(row.id),
            gone=running.get(row.id) is False,
            last_visit=row.last_visit_on,
            last_contact=row.last_contact_on,
            planned_on=planned.get(row.id),
            skip_until=skips[row.id][0] if row.id in skips else None,
            skip_why=skips[row.id][1] if row.id in skips else "",
            called_off=called_off.get(row.id),
            signals=signals.get(row.id, ()),
        )
        for row in rows
    ]


TIER_OF: Mapping[str, Tier] = {tier.value: tier for tier in Tier}
MODE_OF: Mapping[str | None, ServiceMode] = {mode.value: mode for mode in ServiceMode}


def tier_of(stored: str | None) -> Tier | None:
    """The tier of a stored letter."""
    return TIER_OF.get(stored) if stored else None


def kind_of(stored: str) -> VisitKind:
    """The kind of a stored word; on site where it is not known."""
    return next((kind for kind in VisitKind if kind == stored), VisitKind.ONSITE)


def _open_renewals(connection: Connection, since: date) -> dict[int, date]:
    later = aliased(Contract)
    followed = exists().where(later.predecessor_id == Contract.id, later.deleted_at.is_(None))
    rows = connection.execute(
        select(Contract.account_id, func.min(Contract.end_on).label("end_on"))
        .where(
            Contract.deleted_at.is_(None),
            Contract.renewal_state == RenewalState.OPEN,
            Contract.end_on >= since,
            ~followed,
        )
        .group_by(Contract.account_id)
    )
    return {row.account_id: row.end_on for row in rows}


def running_accounts(connection: Connection, start: date, since: date) -> dict[int, bool]:
    """By account with contracts: whether one runs, or has ended a short while ago with its renewal open."""
    alive = or_(
        Contract.end_on.is_(None),
        Contract.end_on >= start,
        and_(Contract.end_on >= since, Contract.renewal_state == RenewalState.OPEN),
    )
    rows = connection.execute(
        select(Contract.account_id, func.max(alive).label("alive"))
        .where(Contract.deleted_at.is_(None))
        .group_by(Contract.account_id)
    )
    return {row.account_id: bool(row.alive) for row in rows}


def _planned(connection: Connection, since: date, leave_aside: Collection[int]) -> dict[int, date]:
    rows = connection.execute(
        select(Visit.id, Visit.account_id, Visit.planned_on)
        .where(Visit.deleted_at.is_(None), Visit.state == VisitState.PLANNED, Visit.planned_on >= since)
        .order_by(Visit.planned_on.desc())
    )
    return {row.account_id: row.planned_on for row in rows if row.id not in leave_aside and row.planned_on}


def _skips(connection: Connection, start: date) -> dict[int, tuple[date, str]]:
    rows = connection.execute(
        select(VisitSkip.account_id, VisitSkip.until_on, VisitSkip.reason)
        .where(VisitSkip.deleted_at.is_(None), VisitSkip.until_on >= start)
        .order_by(VisitSkip.until_on)
    )
    return {row.account_id: (row.until_on, row.reason) for row in rows}


def _called_off(connection: Connection, start: date, end: date) -> dict[int, str]:
    rows = connection.execute(
        select(Visit.account_id, Visit.excuse).where(
            Visit.deleted_at.is_(None),
            Visit.state == VisitState.CANCELLED,
            Visit.planned_on.between(start, end),
        )
    )
    return {row.account_id: row.excuse for row in rows}


def open_days(
    connection: Connection, days: Iterable[date], capacity: int, leave_aside: Collection[int] = ()
) -> list[OpenDay]:
    """The workdays among ``days`` with their room and the visits that stand on them already."""
    wanted = sorted(days)
    room = room_between(connection, wanted[0], wanted[-1])
    chosen = [day for day in wanted if room.on(day, capacity)]
    if not chosen:
        return []
    standing: dict[date, list[Fixed]] = {}
    for row in _standing(connection, chosen[0], chosen[-1]):
        if row.id not in leave_aside:
            standing.setdefault(row.planned_on, []).append(_fixed(row))
    return [
        OpenDay(day, room.on(day, capacity), tuple(standing.get(day, ())), room.busy.get(day, ())) for day in chosen
    ]


def _standing(connection: Connection, start: date, end: date) -> Iterable[Any]:
    return connection.execute(
        select(
            Visit.id, Visit.account_id, Visit.kind, Visit.planned_on, Visit.starts_at, Visit.minutes, Account.tier,
            Account.city,
        )
        .join(Account, Account.id == Visit.account_id)
        .where(
            Visit.deleted_at.is_(None),
            Visit.state.in_((VisitState.PLANNED, VisitState.DONE)),
            Visit.planned_on.between(start, end),
        )
        .order_by(Visit.planned_on, Visit.starts_at, Visit.id)
    )  # fmt: skip


def _fixed(row: Any) -> Fixed:
    return Fixed(row.account_id, kind_of(row.kind), tier_of(row.tier), row.city, row.starts_at, row.minutes)


ROLES_TO_MEET = (ContactRole.DECISION_MAKER, ContactRole.CHAMPION, ContactRole.ADMINISTRATOR)
"""Whom a visit is for, most wanted first; others follow in the order in which they stand."""


def people_to_meet(connection: Connection, accounts: Collection[int]) -> dict[int, int]:
    """By account the contact that a visit is planned with; accounts without people are missing."""
    found: dict[int, tuple[tuple[int, int, int], int]] = {}
    wanted = list(ROLES_TO_MEET)
    for row in connection.execute(
        select(Contact.id, Contact.account_id, Contact.role, Contact.position).where(
            Contact.deleted_at.is_(None), Contact.left_on.is_(None), Contact.account_id.in_(list(accounts))
        )
    ):
        rank = next((number for number, role in enumerate(wanted) if role == row.role), len(wanted))
        order = (rank, row.position, row.id)
        if row.account_id not in found or order < found[row.account_id][0]:
            found[row.account_id] = (order, row.id)
    return {account: contact for account, (_order, contact) in found.items()}
