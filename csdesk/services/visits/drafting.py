"""Making a plan: draft it by the rules, put what was left out on a day, confirm it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.visits import Visit, VisitPlan
from csdesk.models.vocabulary import PlanState, VisitState
from csdesk.services.core.errors import Conflict, Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.visits.facts import account_facts, open_days, people_to_meet, rules_of, travel_of
from csdesk.services.visits.fitting import Fit, LeftOut, Placed, fit, free_times
from csdesk.services.visits.placing import ask_about
from csdesk.services.visits.reasons import BY_HAND, goal_text, reason_from_json, reasons_from_json
from csdesk.services.visits.rules import propose
from csdesk.services.visits.series import extend_series
from csdesk.services.visits.workdays import days_between

LONGEST_PLAN = 366
MOST_LEFT_OUT = 400
"""How many accounts that found no place a plan remembers; the most needed ones."""


@dataclass(frozen=True)
class DraftPlan:
    """Draft the visits of these days, both included; ``capacity`` visits a day, the setting's unless given."""

    start: date
    end: date
    capacity: int | None = None


@command(N_("Visit plan drafted: {start} to {end}"))
def draft_plan(uow: UnitOfWork, wish: DraftPlan) -> int:
    """Propose and store a draft, and say its id.

    A draft of the same days is replaced; visits placed by hand, done or called off in it stay. Raises Conflict where a
    plan of these days is confirmed, NeedsConfirmation where all of them have passed, Problems for impossible days.
    """
    _check(wish)
    old_plans = _plans_over(uow, wish.start, wish.end)
    replaced = _replaced(uow, old_plans, wish)
    days = days_between(wish.start, wish.end)
    if wish.end < uow.today:
        uow.confirm("past_days", _("All these days have passed. Plan them all the same?"), _("Plan them"))
    else:
        days = [day for day in days if day >= uow.today]
    extend_series(uow, wish.end)
    rules = rules_of(uow.connection)
    capacity = wish.capacity or rules.visits_a_day
    aside = {visit.id for visit in replaced}
    facts = account_facts(uow.connection, days[0], wish.end, uow.today, aside)
    uow.progress.check()
    result = fit(
        propose(facts, rules, days[0], wish.end),
        open_days(uow.connection, days, capacity, aside),
        rules,
        travel_of(uow.connection),
    )
    for visit in replaced:
        uow.bin(visit)
    plan = _plan_row(uow, old_plans, wish, capacity, result)
    _add_visits(uow, plan, result)
    uow.name(start=wish.start.isoformat(), end=wish.end.isoformat(), count=len(result.placed))
    return plan.id


def _check(wish: DraftPlan) -> None:
    problems = []
    if wish.end < wish.start:
        problems.append(Problem("end", _("The plan ends before it begins."), code="end_before_start"))
    elif (wish.end - wish.start).days >= LONGEST_PLAN:
        problems.append(Problem("end", _("A plan covers a year at most."), code="too_long"))
    if wish.capacity is not None and not 1 <= wish.capacity <= 12:
        problems.append(Problem("capacity", _("From 1 to 12 visits a day, please."), code="out_of_bounds"))
    if problems:
        raise Problems(problems)


def _plans_over(uow: UnitOfWork, start: date, end: date) -> list[VisitPlan]:
    """The drafts that share days with these; Conflict where a confirmed plan does."""
    plans = list(
        uow.session.scalars(
            select(VisitPlan)
            .where(VisitPlan.deleted_at.is_(None), VisitPlan.starts_on <= end, VisitPlan.ends_on >= start)
            .order_by(VisitPlan.starts_on, VisitPlan.id)
        )
    )
    for plan in plans:
        if plan.state == PlanState.CONFIRMED:
            sentence = _(
                "The plan from {start} to {end} is confirmed and is not drafted again. Add, move or cancel single visits in it."
            )
            raise Conflict(sentence.format(start=plan.starts_on.isoformat(), end=plan.ends_on.isoformat()))
    return plans


def _replaced(uow: UnitOfWork, plans: Sequence[VisitPlan], wish: DraftPlan) -> list[Visit]:
    """The visits that a new draft takes the place of."""
    visits = uow.session.scalars(
        select(Visit).where(
            Visit.deleted_at.is_(None),
            Visit.plan_id.in_([plan.id for plan in plans]),
            Visit.state == VisitState.PLANNED,
            Visit.planned_on.between(wish.start, wish.end),
        )
    )
    return [visit for visit in visits if BY_HAND not in reasons_from_json(visit.reasons)]


def _plan_row(uow: UnitOfWork, old: Sequence[VisitPlan], wish: DraftPlan, capacity: int, result: Fit) -> VisitPlan:
    left_out = [_left_out_json(entry) for entry in result.left_out[:MOST_LEFT_OUT]]
    same = next((plan for plan in old if (plan.starts_on, plan.ends_on) == (wish.start, wish.end)), None)
    if same is None:
        same = uow.add(VisitPlan(starts_on=wish.start, ends_on=wish.end, capacity=capacity, left_out=left_out))
        uow.session.flush()
    else:
        same.capacity, same.left_out = capacity, left_out
    inside = [p for p in old if p is not same and wish.start <= p.starts_on and p.ends_on <= wish.end]
    for plan in inside:
        for visit in uow.session.scalars(select(Visit).where(Visit.plan_id == plan.id, Visit.deleted_at.is_(None))):
            visit.plan_id = same.id
        uow.bin(plan)
    return same


def _left_out_json(entry: LeftOut) -> dict[str, Any]:
    proposal = entry.proposal
    return {
        "account": proposal.account.id,
        "band": proposal.band.value,
        "kind": proposal.kind.value,
        "minutes": proposal.minutes,
        "reasons": [found.as_json() for found in proposal.reasons],
        "cause": entry.cause.as_json(),
    }


def _add_visits(uow: UnitOfWork, plan: VisitPlan, result: Fit) -> None:
    people = people_to_meet(uow.connection, {entry.proposal.account.id for entry in result.placed})
    for entry in result.placed:
        uow.add(_visit(entry, plan.id, people.get(entry.proposal.account.id)))


def _visit(entry: Placed, plan_id: int, contact_id: int | None) -> Visit:
    proposal = entry.proposal
    return Visit(
        account_id=proposal.account.id,
        plan_id=plan_id,
        contact_id=contact_id,
        kind=proposal.kind,
        state=VisitState.PLANNED,
        planned_on=entry.day,
        starts_at=entry.starts_at,
        minutes=proposal.minutes,
        position=entry.position,
        goal=goal_text(proposal.reasons, entry.day),
        reasons=[found.as_json() for found in proposal.reasons],
    )


@dataclass(frozen=True)
class PlaceLeftOut:
    """Put an account that found no place on a day of the plan."""

    plan_id: int
    account_id: int
    day: date


@command(N_("{name} planned on {day}"))
def place_left_out(uow: UnitOfWork, wish: PlaceLeftOut) -> int:
    """Give the account a visit on that day, over capacity if need be; says the visit's id.

    Asks before a day that has passed or is not worked.
    """
    plan = uow.get(VisitPlan, wish.plan_id)
    account = uow.get(Account, wish.account_id)
    entry = next((entry for entry in plan.left_out if entry.get("account") == wish.account_id), None)
    if entry is None:
        raise Conflict(
            _("{name} is not among those left out any more.").format(name=account.short_name or account.name)
        )
    ask_about(uow, wish.day)
    rules = rules_of(uow.connection)
    standing = open_days(uow.connection, [wish.day], 12)
    fixed, busy = (standing[0].fixed, standing[0].busy) if standing else ((), ())
    reasons = [reason_from_json(found) for found in entry["reasons"]]
    visit = Visit(
        account_id=account.id,
        plan_id=plan.id,
        contact_id=people_to_meet(uow.connection, {account.id}).get(account.id),
        kind=entry["kind"],
        state=VisitState.PLANNED,
        planned_on=wish.day,
        starts_at=next(iter(free_times(1, fixed, rules, busy)), ""),
        minutes=entry["minutes"],
        position=len(fixed),
        goal=goal_text(reasons, wish.day),
        reasons=[found.as_json() for found in (*reasons, BY_HAND)],
    )
    uow.add(visit)
    plan.left_out = [other for other in plan.left_out if other is not entry]
    uow.name(name=account.short_name or account.name, day=wish.day.isoformat())
    return visit.id


@dataclass(frozen=True)
class ConfirmPlan:
    """Freeze the plan: each visit's day becomes what its execution is measured against."""

    plan_id: int
    version: int | None = None


@command(N_("Visit plan confirmed: {start} to {end}"))
def confirm_plan(uow: UnitOfWork, wish: ConfirmPlan) -> int:
    """Set the baseline of all its planned visits, those of its days without a plan included; says how many."""
    plan = uow.get(VisitPlan, wish.plan_id, wish.version)
    if plan.state == PlanState.CONFIRMED:
        raise Conflict(_("This plan is confirmed already."))
    visits = list(
        uow.session.scalars(
            select(Visit).where(
                Visit.deleted_at.is_(None),
                Visit.state.in_((VisitState.PLANNED, VisitState.DONE)),
                Visit.planned_on.between(plan.starts_on, plan.ends_on),
                (Visit.plan_id == plan.id) | Visit.plan_id.is_(None),
                Visit.baseline_on.is_(None),
            )
        )
    )
    for visit in visits:
        visit.plan_id = plan.id
        visit.baseline_on = visit.planned_on
    plan.state, plan.confirmed_at = PlanState.CONFIRMED, uow.now
    uow.name(start=plan.starts_on.isoformat(), end=plan.ends_on.isoformat())
    return len(visits)
