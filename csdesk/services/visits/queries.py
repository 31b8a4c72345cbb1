"""Reading visits: the cards of a week, what was left out, how the last week went."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.visits import TravelTime, Visit, VisitPlan
from csdesk.models.vocabulary import PlanState, VisitState
from csdesk.services.settings.queries import setting
from csdesk.services.visits.cards import (
    REMOTE,
    DayPlan,
    Execution,
    LeftOutCard,
    PlanInfo,
    VisitCard,
    Way,
    WeekPlan,
)
from csdesk.services.visits.facts import kind_of, room_between, tier_of, travel_of, workdays_of
from csdesk.services.visits.reasons import Band, reason_from_json, reasons_from_json
from csdesk.services.visits.workdays import absence_on, days_between


def visit_cards(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[VisitCard, ...]:
    """The visits that meet the conditions, by day and time."""
    own_zone = str(setting(connection, "visits.zone"))
    rows = connection.execute(
        select(
            Visit,
            VisitPlan.state.label("plan_state"),
            Account.name.label("account_name"),
            Account.short_name,
            Account.tier,
            Account.city,
            Account.district,
            Account.address,
            Contact.name.label("contact_name"),
            Contact.title.label("contact_title"),
            Contact.phone.label("contact_phone"),
        )
        .join(Account, Account.id == Visit.account_id)
        .outerjoin(VisitPlan, VisitPlan.id == Visit.plan_id)
        .outerjoin(Contact, (Contact.id == Visit.contact_id) & Contact.deleted_at.is_(None))
        .where(Visit.deleted_at.is_(None), Account.deleted_at.is_(None), *conditions)
    )
    return tuple(sorted((_card(row, own_zone) for row in rows), key=_order))


def _order(card: VisitCard) -> tuple[date, str, int, int]:
    return (card.day or card.done_on or date.max, card.starts_at or "99:99", card.position, card.id)


def _card(row: Any, own_zone: str) -> VisitCard:
    return VisitCard(
        id=row.id,
        version=row.version,
        plan_id=row.plan_id,
        account_id=row.account_id,
        account=row.short_name or row.account_name,
        tier=tier_of(row.tier),
        city=row.city,
        district=row.district,
        address=row.address,
        kind=kind_of(row.kind),
        state=next((state for state in VisitState if state == row.state), VisitState.PLANNED),
        day=row.planned_on,
        starts_at=row.starts_at,
        minutes=row.minutes,
        position=row.position,
        goal=row.goal,
        agenda=row.agenda,
        reasons=reasons_from_json(row.reasons),
        contact_id=row.contact_id,
        contact=row.contact_name or "",
        contact_title=row.contact_title or "",
        contact_phone=row.contact_phone or "",
        baseline_on=row.baseline_on,
        moved_from=row.moved_from,
        moved_count=row.moved_count,
        move_reason=row.move_reason,
        done_on=row.done_on,
        excuse=row.excuse,
        record=row.record,
        next_step=row.next_step,
        sequence=row.sequence,
        changed_at=row.updated_at,
        series_id=row.series_id,
        joint_id=row.joint_id,
        zone=row.zone,
        own_zone=own_zone,
        is_late=row.plan_state == PlanState.CONFIRMED and row.baseline_on is None,
    )


def visits_between(connection: Connection, start: date, end: date) -> tuple[VisitCard, ...]:
    """Every visit whose planned day lies between, in any state."""
    return visit_cards(connection, Visit.planned_on.between(start, end))


def visits_on(connection: Connection, day: date) -> tuple[VisitCard, ...]:
    """The visits of one day: for Today."""
    return visits_between(connection, day, day)


def visits_of_account(connection: Connection, account_id: int) -> tuple[VisitCard, ...]:
    """All visits of an account, the newest first."""
    return tuple(reversed(visit_cards(connection, Visit.account_id == account_id)))


def visit(connection: Connection, visit_id: int) -> VisitCard | None:
    """One visit, None where it is gone."""
    return next(iter(visit_cards(connection, Visit.id == visit_id)), None)


def plan_between(connection: Connection, start: date, end: date) -> PlanInfo | None:
    """The plan for these days: the one with just these days, else the one that shares most with them."""
    rows = connection.execute(
        select(VisitPlan).where(VisitPlan.deleted_at.is_(None), VisitPlan.starts_on <= end, VisitPlan.ends_on >= start)
    ).all()
    if not rows:
        return None

    def fitness(row: Any) -> tuple[bool, int, int, int]:
        shared = (min(row.ends_on, end) - max(row.starts_on, start)).days
        return ((row.starts_on, row.ends_on) == (start, end), shared, -(row.ends_on - row.starts_on).days, row.id)

    best = max(rows, key=fitness)
    state = PlanState.CONFIRMED if best.state == PlanState.CONFIRMED else PlanState.DRAFT
    return PlanInfo(best.id, best.version, best.starts_on, best.ends_on, state, best.capacity)


def left_out_between(connection: Connection, start: date, end: date, aside: Collection[int]) -> tuple[LeftOutCard, ...]:
    """Accounts that found no place in the plans of these days, the most needed first; ``aside`` leaves accounts out.

    Words count from the first day.
    """
    stored: dict[int, tuple[int, dict[str, Any]]] = {}
    for plan in connection.execute(
        select(VisitPlan.id, VisitPlan.left_out)
        .where(VisitPlan.deleted_at.is_(None), VisitPlan.starts_on <= end, VisitPlan.ends_on >= start)
        .order_by(VisitPlan.starts_on, VisitPlan.id)
    ):
        for entry in plan.left_out:
            if entry["account"] not in aside:
                stored.setdefault(entry["account"], (plan.id, entry))
    accounts = {
        row.id: row
        for row in connection.execute(
            select(Account.id, Account.name, Account.short_name, Account.tier, Account.city).where(
                Account.id.in_(list(stored)), Account.deleted_at.is_(None)
            )
        )
    }
    cards = [_left_out(entry, accounts[key], start, plan) for key, (plan, entry) in stored.items() if key in accounts]
    return tuple(sorted(cards, key=lambda card: list(Band).index(card.band)))


def _left_out(entry: dict[str, Any], account: Any, on: date, plan_id: int) -> LeftOutCard:
    return LeftOutCard(
        account_id=account.id,
        account=account.short_name or account.name,
        tier=tier_of(account.tier),
        city=account.city,
        band=Band(entry["band"]),
        kind=kind_of(entry["kind"]),
        reasons=reasons_from_json(entry["reasons"]),
        cause=reason_from_json(entry["cause"]),
        on=on,
        plan_id=plan_id,
    )


def week_plan(connection: Connection, day: date, today: date | None = None) -> WeekPlan:
    """The week, Monday to Sunday, in which ``day`` lies; ``today`` as in ``days_plan``."""
    monday = day - timedelta(day.weekday())
    return days_plan(connection, monday, monday + timedelta(6), today)


def days_plan(connection: Connection, start: date, end: date, today: date | None = None) -> WeekPlan:
    """The same for any days, both included. With ``today``: also who is put off from then on, and who has left."""
    from csdesk.services.visits.leaving import gone_with_visits
    from csdesk.services.visits.skipping import skips

    plan = plan_between(connection, start, end)
    days = day_plans(connection, start, end)
    put_off = skips(connection, today) if today else ()
    planned = {visit.account_id for day in days for visit in day.visits if visit.counts}
    left_out = left_out_between(connection, start, end, planned | {skip.account_id for skip in put_off})
    before = execution(connection, start - timedelta(7), start - timedelta(1))
    notes = workdays_of(connection).notes(start, end)
    gone = gone_with_visits(connection, today) if today else ()
    return WeekPlan(start, end, plan, days, left_out, before, tuple(notes), put_off, gone)


def period_plan(
    connection: Connection, start: date, end: date, shown_from: date, shown_to: date, today: date
) -> WeekPlan:
    """The days shown around a period, with the plan of the period itself."""
    shown = days_plan(connection, shown_from, shown_to, today)
    if (start, end) == (shown_from, shown_to):
        return shown
    return replace(shown, plan=plan_between(connection, start, end))


def day_plans(connection: Connection, start: date, end: date) -> tuple[DayPlan, ...]:
    """Each of the days with its visits, its room and its ways."""
    room = room_between(connection, start, end)
    workdays = room.workdays
    capacities = _capacities(connection, start, end)
    ways, home = travel_of(connection), str(setting(connection, "visits.home"))
    by_day: dict[date, list[VisitCard]] = {}
    for card in visits_between(connection, start, end):
        by_day.setdefault(card.day or start, []).append(card)
    days = []
    for current in days_between(start, end):
        cards = tuple(by_day.get(current, ()))
        absence = absence_on(current, room.away)
        legs, back = _legs(cards, ways, home)
        days.append(
            DayPlan(
                day=current,
                capacity=room.on(current, capacities.get(current, room.rules.visits_a_day)),
                free_name=workdays.name(current),
                shifted=workdays.is_shifted(current),
                note=absence.note if absence else "",
                visits=cards,
                legs=legs,
                way_back=back,
                busy=room.busy.get(current, ()),
            )
        )
    return tuple(days)


def _capacities(connection: Connection, start: date, end: date) -> dict[date, int]:
    """By day the visits a day of the shortest plan over it; days without a plan are missing."""
    plans = connection.execute(
        select(VisitPlan.starts_on, VisitPlan.ends_on, VisitPlan.capacity).where(
            VisitPlan.deleted_at.is_(None), VisitPlan.starts_on <= end, VisitPlan.ends_on >= start
        )
    )
    found: dict[date, int] = {}
    for plan in sorted(plans, key=lambda plan: plan.starts_on - plan.ends_on):
        found |= dict.fromkeys(days_between(max(plan.starts_on, start), min(plan.ends_on, end)), plan.capacity)
    return found


def _legs(cards: Iterable[VisitCard], ways: dict[frozenset[str], int], home: str) -> tuple[dict[int, int], int | None]:
    """The known ways to each on-site visit, and back home; what the table does not know is missing."""
    legs: dict[int, int] = {}
    before: tuple[str, str] = (home, "")
    for card in cards:
        if card.kind in REMOTE or not card.counts:
            continue
        here = (card.city, card.district)
        minutes = _way(before, here, ways)
        if minutes is not None:
            legs[card.id] = minutes
        before = here
    back = _way(before, (home, ""), ways) if before[0] != home or before[1] else None
    return legs, back


def _way(start: tuple[str, str], end: tuple[str, str], ways: dict[frozenset[str], int]) -> int | None:
    pairs = ((start[1], end[1]), (start[1], end[0]), (start[0], end[1]), (start[0], end[0]))
    return next(
        (ways[frozenset(pair)] for pair in pairs if all(pair) and pair[0] != pair[1] and frozenset(pair) in ways), None
    )


def execution(connection: Connection, start: date, end: date) -> Execution:
    """The visits whose baseline lies in these days: how many were done by their last day."""
    rows = connection.execute(
        select(Visit.state, Visit.baseline_on, Visit.done_on, Visit.excuse, Visit.planned_on).where(
            Visit.deleted_at.is_(None),
            Visit.baseline_on.between(start, end) | (Visit.baseline_on.is_(None) & Visit.done_on.between(start, end)),
        )
    ).all()
    base = [row for row in rows if row.baseline_on is not None]
    done = [row for row in base if row.state == VisitState.DONE and row.done_on and row.done_on <= end]
    return Execution(
        done=len(done),
        planned=len(base),
        excused=sum(1 for row in base if row.state == VisitState.CANCELLED and row.excuse),
        on_day=sum(1 for row in done if row.done_on == row.baseline_on),
        late=len(rows) - len(base),
        moved=sum(1 for row in base if row.planned_on is None or not start <= row.planned_on <= end),
    )


def travel_times(connection: Connection) -> tuple[Way, ...]:
    """The table of travel times, by place."""
    rows = connection.execute(
        select(TravelTime.id, TravelTime.origin, TravelTime.destination, TravelTime.minutes)
        .where(TravelTime.deleted_at.is_(None))
        .order_by(TravelTime.origin, TravelTime.destination)
    )
    return tuple(Way(row.id, row.origin, row.destination, row.minutes) for row in rows)
