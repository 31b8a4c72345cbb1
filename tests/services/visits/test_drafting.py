"""Plans on a real store: drafted, drafted again, filled by hand, confirmed, undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from csdesk.models.vocabulary import PlanState, VisitKind
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, NeedsConfirmation, Problems
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.visits.cards import VisitCard, WeekPlan
from csdesk.services.visits.commands import (
    AddVisit,
    CancelVisit,
    MoveVisit,
    RecordVisit,
    add_visit,
    cancel_visit,
    move_visit,
    record_visit,
)
from csdesk.services.visits.drafting import (
    ConfirmPlan,
    DraftPlan,
    PlaceLeftOut,
    confirm_plan,
    draft_plan,
    place_left_out,
)
from csdesk.services.visits.queries import week_plan

MONDAY, FRIDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 29)
WEEK = DraftPlan(MONDAY, SUNDAY)


def week(desk: Desk, day: date = MONDAY) -> WeekPlan:
    with desk.read() as connection:
        return week_plan(connection, day)


def named(desk: Desk, name: str) -> VisitCard:
    return next(visit for visit in week(desk).visits if visit.account == name)


def names(desk: Desk) -> set[str]:
    return {visit.account for visit in week(desk).visits}


def test_a_draft_proposes_who_is_due_with_goal_person_and_reason(desk: Desk, seven: dict[str, int]) -> None:
    done = desk.do(draft_plan, WEEK)
    plan = week(desk)
    assert done.changes.entities == {"visit_plans", "visits"}
    assert done.step is not None
    assert done.step.text == "Visit plan drafted: 2026-11-23 to 2026-11-29"
    assert plan.plan is not None
    assert (plan.plan.id, plan.plan.state) == (done.value, PlanState.DRAFT)
    assert names(desk) == {"Aster", "Birch", "Cedar", "Elm", "Fern"}
    aster = named(desk, "Aster")
    assert (aster.contact, aster.kind) == ("Bai", VisitKind.ONSITE)
    assert aster.why == f"contract ends in {40 - (aster.day - MONDAY).days} days, never visited"
    assert aster.goal == "Show the year's results, settle the renewal"
    assert aster.day == named(desk, "Cedar").day
    assert dict(plan.why) == {"Renewal near": 2, "By tier cadence": 2, "First 30 days": 1}
    assert not plan.left_out


def test_undo_takes_the_draft_back_and_redo_repeats_it(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(draft_plan, WEEK)
    before = week(desk)
    desk.undo()
    assert week(desk).visits == ()
    assert week(desk).plan is None
    desk.redo()
    assert [(v.id, v.day, v.starts_at) for v in week(desk).visits] == [
        (v.id, v.day, v.starts_at) for v in before.visits
    ]


def test_a_second_draft_replaces_the_first_and_keeps_what_was_placed_by_hand(desk: Desk, seven: dict[str, int]) -> None:
    first = desk.do(draft_plan, WEEK).value
    by_hand = desk.do(add_visit, AddVisit(seven["Dill"], FRIDAY, VisitKind.PHONE)).value
    assert desk.do(draft_plan, WEEK).value == first
    assert names(desk) == {"Aster", "Birch", "Cedar", "Dill", "Elm", "Fern"}
    assert named(desk, "Dill").id == by_hand
    assert len(week(desk).visits) == 6


def test_a_wider_draft_swallows_the_narrow_one(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(draft_plan, DraftPlan(MONDAY, MONDAY))
    kept = desk.do(add_visit, AddVisit(seven["Dill"], MONDAY, VisitKind.PHONE)).value
    wide = desk.do(draft_plan, WEEK).value
    assert week(desk).plan is not None
    assert week(desk).plan.id == wide
    assert named(desk, "Dill").id == kept
    assert named(desk, "Dill").plan_id == wide


def test_what_does_not_fit_is_left_out_with_its_reason_and_can_be_placed(desk: Desk, seven: dict[str, int]) -> None:
    plan_id = desk.do(draft_plan, DraftPlan(MONDAY, MONDAY, 2)).value
    with desk.read() as connection:
        left = week_plan(connection, MONDAY).left_out
    assert {visit.account for visit in week(desk).visits} | {card.account for card in left} == {
        "Aster", "Birch", "Cedar", "Elm", "Fern",
    }  # fmt: skip
    assert len(left) == 3
    assert all(card.why and card.cause_text for card in left)
    account = left[0].account_id
    desk.do(place_left_out, PlaceLeftOut(plan_id, account, MONDAY))
    placed = next(visit for visit in week(desk).visits if visit.account_id == account)
    assert placed.day == MONDAY
    assert placed.starts_at
    assert placed.goal
    assert "placed by hand" not in placed.why
    assert week(desk).days[0].over == 1
    assert account not in {card.account_id for card in week(desk).left_out}
    with pytest.raises(Conflict, match="not among those left out"):
        desk.do(place_left_out, PlaceLeftOut(plan_id, account, FRIDAY))
    desk.undo()
    assert account in {card.account_id for card in week(desk).left_out}


def test_holidays_absences_and_the_past_take_no_visits(desk: Desk, seven: dict[str, int]) -> None:
    away = [
        {"from": "2026-11-24", "to": "2026-11-24", "visits": 0},
        {"from": "2026-11-25", "to": "2026-11-25", "visits": 1},
    ]
    holidays = [["2026-11-26", "Founding day"]]
    desk.do(change_settings, ChangeSettings({"visits.absences": away, "visits.holidays": holidays}))
    desk.do(draft_plan, DraftPlan(MONDAY - timedelta(7), SUNDAY, 3))
    used = {day.day: day.used for day in week(desk).days}
    assert used[date(2026, 11, 24)] == 0
    assert used[date(2026, 11, 26)] == 0
    assert used[date(2026, 11, 28)] == 0
    assert used[date(2026, 11, 25)] <= 1
    assert sum(used.values()) == 5
    assert not week(desk, MONDAY - timedelta(7)).visits


def test_a_holiday_week_has_no_room(desk: Desk, seven: dict[str, int]) -> None:
    start = date(2027, 10, 1)
    desk.do(draft_plan, DraftPlan(start, start + timedelta(2)))
    with desk.read() as connection:
        plan = week_plan(connection, start)
    assert plan.visits == ()
    assert {card.cause_text for card in plan.left_out} == {"no workday in these days"}
    assert plan.notes[0].startswith("The holidays of 2027 are not announced")


def test_days_that_have_passed_are_asked_about(desk: Desk, seven: dict[str, int]) -> None:
    past = DraftPlan(date(2026, 11, 9), date(2026, 11, 15))
    with pytest.raises(NeedsConfirmation) as asked:
        desk.do(draft_plan, past)
    desk.do(draft_plan, past, confirmed={asked.value.key})
    assert week(desk, past.start).visits


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (DraftPlan(SUNDAY, MONDAY), "end"),
        (DraftPlan(MONDAY, MONDAY + timedelta(400)), "end"),
        (DraftPlan(MONDAY, SUNDAY, 0), "capacity"),
        (DraftPlan(MONDAY, SUNDAY, 99), "capacity"),
    ],
)
def test_impossible_plans_are_refused_at_their_field(desk: Desk, wish: DraftPlan, field: str) -> None:
    with pytest.raises(Problems) as refused:
        desk.do(draft_plan, wish)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_confirming_freezes_the_baseline_and_refuses_a_new_draft(desk: Desk, seven: dict[str, int]) -> None:
    plan_id = desk.do(draft_plan, WEEK).value
    assert desk.do(confirm_plan, ConfirmPlan(plan_id)).value == 5
    assert all(visit.baseline_on == visit.day for visit in week(desk).visits)
    with pytest.raises(Conflict, match="from 2026-11-23 to 2026-11-29 is confirmed"):
        desk.do(draft_plan, DraftPlan(FRIDAY, FRIDAY))
    with pytest.raises(Conflict, match="confirmed already"):
        desk.do(confirm_plan, ConfirmPlan(plan_id))
    late = desk.do(add_visit, AddVisit(seven["Dill"], FRIDAY)).value
    assert next(visit for visit in week(desk).visits if visit.id == late).baseline_on is None
    desk.undo()
    desk.undo()
    assert week(desk).plan is not None
    assert week(desk).plan.state == PlanState.DRAFT
    assert all(visit.baseline_on is None for visit in week(desk).visits)


def test_execution_is_measured_against_the_baseline(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(confirm_plan, ConfirmPlan(desk.do(draft_plan, WEEK).value))
    late = desk.do(add_visit, AddVisit(seven["Dill"], MONDAY)).value
    first, second, third, *_rest = (visit for visit in week(desk).visits if visit.id != late)
    desk.do(move_visit, MoveVisit(second.id, FRIDAY, reason="they asked"))
    desk.do(record_visit, RecordVisit(first.id, MONDAY))
    desk.do(record_visit, RecordVisit(second.id, MONDAY))
    desk.do(record_visit, RecordVisit(late, MONDAY))
    desk.do(cancel_visit, CancelVisit(third.id, "their audit"))
    with desk.read() as connection:
        figures = week_plan(connection, MONDAY + timedelta(7)).last_week
    assert (figures.done, figures.planned, figures.excused, figures.base, figures.late) == (2, 5, 1, 4, 1)
    on_time = sum(visit.baseline_on == MONDAY for visit in (first, second))
    assert figures.on_day == on_time


def test_a_called_off_visit_is_not_proposed_again_in_these_days(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(draft_plan, WEEK)
    desk.do(cancel_visit, CancelVisit(named(desk, "Aster").id, "on holiday"))
    desk.do(draft_plan, WEEK)
    assert "Aster" not in names(desk)


def test_a_plan_of_an_empty_store_is_empty(desk: Desk) -> None:
    desk.do(draft_plan, WEEK)
    assert week(desk).visits == ()
    assert week(desk).left_out == ()
    assert week(desk).plan is not None


def test_a_month_of_a_hundred_accounts_fills_its_workdays(desk: Desk, portfolio: Callable[..., list[int]]) -> None:
    portfolio(
        *({"name": f"N{n}", "tier": "ABC"[n % 3], "city": f"City {n % 5}", "ends": 30 + n * 3} for n in range(100))
    )
    desk.do(draft_plan, DraftPlan(MONDAY, date(2026, 12, 23), 3))
    with desk.read() as connection:
        plan = week_plan(connection, MONDAY)
    assert [day.used for day in plan.days] == [3, 3, 3, 3, 3, 0, 0]
