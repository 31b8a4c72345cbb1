"""The edge cases of a visit plan, each as a person meets it: tiers that change, visits done early, joint, abroad, after a
holiday, over a period's end, with accounts that have left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from csdesk.models.vocabulary import Tier, VisitKind
from csdesk.services.accounts.commands import ChangeMany, change_accounts
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, NeedsConfirmation, Problems
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.visits.cards import Execution, VisitCard, WeekPlan
from csdesk.services.visits.commands import (
    AddVisit,
    CancelVisit,
    EditVisit,
    MoveVisit,
    RecordVisit,
    SetTravelTime,
    add_visit,
    cancel_visit,
    edit_visit,
    move_visit,
    record_visit,
    set_travel_time,
)
from csdesk.services.visits.drafting import ConfirmPlan, DraftPlan, confirm_plan, draft_plan
from csdesk.services.visits.joint import JoinVisits, PartVisit, join_visits, part_visit
from csdesk.services.visits.leaving import CancelVisitsOfGone, cancel_visits_of_gone
from csdesk.services.visits.queries import days_plan, execution, visit, week_plan
from csdesk.services.visits.skipping import SkipAccount, TakeBackSkip, skip_account, skips, take_back_skip
from tests.conftest import TODAY

MONDAY, TUESDAY, FRIDAY, SUNDAY = (TODAY + timedelta(number) for number in (0, 1, 4, 6))
NEXT = MONDAY + timedelta(7)
WEEK = DraftPlan(MONDAY, SUNDAY)
Portfolio = Callable[..., list[int]]


def week(desk: Desk, day: date = MONDAY) -> WeekPlan:
    with desk.read() as connection:
        return week_plan(connection, day, MONDAY)


def card(desk: Desk, visit_id: int) -> VisitCard:
    with desk.read() as connection:
        found = visit(connection, visit_id)
    assert found is not None
    return found


def measured(desk: Desk, start: date, end: date) -> Execution:
    with desk.read() as connection:
        return execution(connection, start, end)


def names(plan: WeekPlan) -> set[str]:
    return {visit.account for visit in plan.visits}


def test_a_tier_that_changes_inside_the_period_counts_from_now_on(desk: Desk, portfolio: Portfolio) -> None:
    (account,) = portfolio({"name": "Ivy", "tier": "B", "city": "Wuxi", "ends": 300, "visited": 40})
    desk.do(draft_plan, WEEK)
    assert {reason.kind for visit in week(desk).visits for reason in visit.reasons} == {"contact_due"}
    desk.do(change_accounts, ChangeMany((account,), {"tier": Tier.A}))
    desk.do(draft_plan, WEEK)
    (only,) = week(desk).visits
    assert only.reasons[0].kind == "visit_due"
    assert only.reasons[0].get("limit") == 30
    desk.do(confirm_plan, ConfirmPlan(week(desk).plan.id))  # type: ignore[union-attr]
    desk.do(change_accounts, ChangeMany((account,), {"tier": Tier.C}))
    assert card(desk, only.id).baseline_on == only.day


def test_a_visit_done_early_sets_the_next_one_from_the_day_it_was_done(desk: Desk, portfolio: Portfolio) -> None:
    (account,) = portfolio({"name": "Ivy", "tier": "A", "city": "Wuxi", "ends": 300, "visited": 29})
    planned = desk.do(add_visit, AddVisit(account, FRIDAY)).value
    desk.do(record_visit, RecordVisit(planned, MONDAY))
    last = MONDAY + timedelta(29)
    desk.do(draft_plan, DraftPlan(last - timedelta(15), last - timedelta(2)))
    with desk.read() as connection:
        kinds = {r.kind for v in days_plan(connection, MONDAY, last).visits for r in v.reasons}
    assert "visit_due" not in kinds
    desk.undo()
    desk.do(draft_plan, DraftPlan(last - timedelta(1), last + timedelta(1)))
    with desk.read() as connection:
        due = [r for v in days_plan(connection, last - timedelta(1), last + timedelta(1)).visits for r in v.reasons]
    assert {r.get("last") for r in due if r.kind == "visit_due"} == {MONDAY}


def test_a_joint_visit_of_several_accounts_is_one_meeting(desk: Desk, seven: dict[str, int]) -> None:
    first = desk.do(add_visit, AddVisit(seven["Aster"], TUESDAY, starts_at="14:00")).value
    second = desk.do(add_visit, AddVisit(seven["Cedar"], TUESDAY, VisitKind.ONLINE, "14:30")).value
    assert set(week(desk).days[1].clashes) == {second}
    desk.do(join_visits, JoinVisits(second, first))
    day = week(desk).days[1]
    assert (day.used, len(day.visits), day.clashes) == (1, 2, {})
    assert {(v.starts_at, v.kind) for v in day.visits} == {("14:00", VisitKind.ONSITE)}
    desk.do(move_visit, MoveVisit(first, FRIDAY, "9:00"))
    assert (card(desk, second).day, card(desk, second).starts_at) == (FRIDAY, "09:00")
    desk.do(record_visit, RecordVisit(first, MONDAY))
    assert card(desk, second).state.value == "planned"
    desk.do(part_visit, PartVisit(second))
    assert (card(desk, second).joint_id, card(desk, first).joint_id) == (None, None)
    other = desk.do(add_visit, AddVisit(seven["Cedar"], FRIDAY)).value
    with pytest.raises(Conflict, match="one account"):
        desk.do(join_visits, JoinVisits(other, second))


def test_online_and_on_site_are_counted_apart(desk: Desk, seven: dict[str, int]) -> None:
    for name, kind in (("Aster", VisitKind.ONSITE), ("Birch", VisitKind.ONLINE), ("Cedar", VisitKind.ONLINE)):
        desk.do(add_visit, AddVisit(seven[name], TUESDAY, kind))
    assert week(desk).by_kind == {VisitKind.ONSITE: 1, VisitKind.ONLINE: 2}
    assert week(desk).cities == ("Suzhou",)


def test_an_account_that_left_offers_to_call_its_visits_off(desk: Desk, seven: dict[str, int]) -> None:
    drafted = desk.do(add_visit, AddVisit(seven["Gorse"], FRIDAY)).value
    desk.do(add_visit, AddVisit(seven["Aster"], FRIDAY))
    confirmed = desk.do(add_visit, AddVisit(seven["Gorse"], TUESDAY)).value
    desk.do(confirm_plan, ConfirmPlan(desk.do(draft_plan, DraftPlan(TUESDAY, TUESDAY)).value))
    (gone,) = week(desk).gone
    assert (gone.account, gone.visits) == ("Gorse", 2)
    assert desk.do(cancel_visits_of_gone, CancelVisitsOfGone((gone.account_id,))).value == 2
    assert week(desk).gone == ()
    assert "Aster" in names(week(desk))
    assert card(desk, confirmed).excuse == "The account has left."
    assert measured(desk, TUESDAY, TUESDAY).base == measured(desk, TUESDAY, TUESDAY).planned - 1
    with desk.read() as connection:
        assert visit(connection, drafted) is None
    desk.undo()
    assert week(desk).gone == (gone,)


def test_a_saturday_worked_in_exchange_takes_visits_and_the_holiday_none(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(change_settings, ChangeSettings({"visits.holidays": [["2026-11-27", "Festival"], ["2026-11-28", ""]]}))
    days = {day.day: day for day in week(desk).days}
    saturday = days[date(2026, 11, 28)]
    assert (saturday.shifted, saturday.capacity, saturday.free_name) == (True, 4, "")
    assert (days[FRIDAY].capacity, days[FRIDAY].free_name) == (0, "Festival")
    visit_id = desk.do(add_visit, AddVisit(seven["Dill"], TUESDAY)).value
    desk.do(move_visit, MoveVisit(visit_id, date(2026, 11, 28)))
    with pytest.raises(NeedsConfirmation, match="Festival"):
        desk.do(move_visit, MoveVisit(visit_id, FRIDAY))
    with pytest.raises(NeedsConfirmation, match="has passed"):
        desk.do(move_visit, MoveVisit(visit_id, MONDAY - timedelta(3)))
    desk.do(move_visit, MoveVisit(visit_id, FRIDAY), confirmed={"free_day"})
    assert card(desk, visit_id).day == FRIDAY


def test_a_move_over_the_periods_end_counts_where_it_was_planned(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(confirm_plan, ConfirmPlan(desk.do(draft_plan, WEEK).value))
    moved = week(desk).visits[0]
    desk.do(move_visit, MoveVisit(moved.id, NEXT, reason="audit there"))
    before, after = measured(desk, MONDAY, SUNDAY), measured(desk, NEXT, NEXT + timedelta(6))
    assert (before.planned, before.moved, before.base) == (5, 1, 5)
    assert (after.planned, after.rate) == (0, None)
    assert not card(desk, moved.id).is_late


def test_moving_a_confirmed_visit_needs_a_reason(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(confirm_plan, ConfirmPlan(desk.do(draft_plan, WEEK).value))
    chosen = next(v for v in week(desk).visits if v.day != FRIDAY)
    with pytest.raises(Problems) as refused:
        desk.do(move_visit, MoveVisit(chosen.id, FRIDAY))
    assert [problem.field for problem in refused.value.problems] == ["reason"]
    desk.do(move_visit, MoveVisit(chosen.id, chosen.day or FRIDAY, "17:00"))
    desk.do(move_visit, MoveVisit(chosen.id, FRIDAY, reason="snow"))
    assert (card(desk, chosen.id).moved_count, card(desk, chosen.id).move_reason) == (1, "snow")


def test_cancelled_by_the_customer_is_excused_and_by_us_is_not(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(confirm_plan, ConfirmPlan(desk.do(draft_plan, WEEK).value))
    first, second, *_rest = week(desk).visits
    desk.do(cancel_visit, CancelVisit(first.id, "their audit"))
    desk.do(cancel_visit, CancelVisit(second.id))
    assert (measured(desk, MONDAY, SUNDAY).excused, measured(desk, MONDAY, SUNDAY).base) == (1, 4)


def test_a_visit_written_down_afterwards_stands_apart(desk: Desk, seven: dict[str, int]) -> None:
    yesterday = MONDAY - timedelta(3)
    with pytest.raises(NeedsConfirmation):
        desk.do(add_visit, AddVisit(seven["Dill"], yesterday))
    late = desk.do(add_visit, AddVisit(seven["Dill"], yesterday), confirmed={"past_day"}).value
    desk.do(record_visit, RecordVisit(late, yesterday))
    found = measured(desk, yesterday - timedelta(4), yesterday)
    assert (found.planned, found.late, found.rate) == (0, 1, None)


def test_what_comes_into_a_confirmed_plan_is_marked_late(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(confirm_plan, ConfirmPlan(desk.do(draft_plan, WEEK).value))
    added = desk.do(add_visit, AddVisit(seven["Dill"], FRIDAY)).value
    assert {v.id for v in week(desk).visits if v.is_late} == {added}
    assert week(desk).late == 1


def test_nothing_planned_has_no_rate(desk: Desk) -> None:
    assert measured(desk, MONDAY, SUNDAY) == Execution(0, 0, 0, 0, 0)
    assert measured(desk, MONDAY, SUNDAY).rate is None


def test_a_customer_abroad_sees_the_time_there_through_the_change_of_clocks(desk: Desk, seven: dict[str, int]) -> None:
    wish = AddVisit(seven["Dill"], date(2026, 12, 1), VisitKind.ONLINE, "21:30", zone="America/New_York")
    online = desk.do(add_visit, wish).value
    assert card(desk, online).their_time == "08:30"
    desk.do(move_visit, MoveVisit(online, date(2027, 3, 16)))
    assert card(desk, online).their_time == "09:30"
    desk.do(change_settings, ChangeSettings({"visits.zone": "Europe/Berlin"}))
    assert card(desk, online).their_time == "16:30"
    desk.do(edit_visit, EditVisit(online, zone=""))
    assert card(desk, online).their_time == ""
    with pytest.raises(Problems, match="No such time zone"):
        desk.do(edit_visit, EditVisit(online, zone="Mars/Olympus"))
    with pytest.raises(Problems) as refused:
        desk.do(change_settings, ChangeSettings({"visits.zone": "Mars/Olympus"}))
    assert [problem.field for problem in refused.value.problems] == ["visits.zone"]


def test_two_visits_at_one_time_are_marked_and_so_is_a_way_too_long(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(set_travel_time, SetTravelTime("Suzhou", "Shanghai", 85))
    desk.do(add_visit, AddVisit(seven["Aster"], TUESDAY, starts_at="9:30"))
    near = desk.do(add_visit, AddVisit(seven["Birch"], TUESDAY, starts_at="12:00")).value
    same = desk.do(add_visit, AddVisit(seven["Elm"], TUESDAY, VisitKind.PHONE, "12:30")).value
    assert week(desk).days[1].clashes == {
        near: "The way takes 85 min, 60 min are left",
        same: "At the same time as Birch",
    }
    desk.do(move_visit, MoveVisit(near, TUESDAY, "12:25"))
    assert near not in week(desk).days[1].clashes


def test_an_account_is_put_off_up_to_a_day_and_taken_back(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(draft_plan, WEEK)
    aster = next(v for v in week(desk).visits if v.account == "Aster")
    done = desk.do(skip_account, SkipAccount(seven["Aster"], SUNDAY, " stocktaking ", aster.id))
    assert done.step is not None
    assert done.step.text == "Aster put off until 2026-11-29"
    desk.do(draft_plan, WEEK)
    assert "Aster" not in names(week(desk))
    (put_off,) = week(desk).skips
    assert (put_off.account, put_off.until, put_off.reason) == ("Aster", SUNDAY, "stocktaking")
    desk.do(draft_plan, DraftPlan(NEXT, NEXT + timedelta(6)))
    assert "Aster" in names(week(desk, NEXT))
    desk.do(skip_account, SkipAccount(seven["Aster"], NEXT + timedelta(1), "still"))
    desk.do(draft_plan, DraftPlan(NEXT, NEXT + timedelta(6)))
    day = next(v.day for v in week(desk, NEXT).visits if v.account == "Aster")
    assert day is not None
    assert day > NEXT + timedelta(1)
    with desk.read() as connection:
        (only,) = skips(connection, MONDAY)
    desk.do(take_back_skip, TakeBackSkip(only.id))
    desk.do(draft_plan, WEEK)
    assert week(desk).skips == ()
    desk.undo()
    desk.undo()
    assert [one.reason for one in week(desk).skips] == ["still"]


@pytest.mark.parametrize(("until", "why", "field"), [(MONDAY - timedelta(1), "x", "until"), (FRIDAY, " ", "reason")])
def test_putting_off_needs_a_reason_and_a_day_to_come(
    desk: Desk, seven: dict[str, int], until: date, why: str, field: str
) -> None:
    with pytest.raises(Problems) as refused:
        desk.do(skip_account, SkipAccount(seven["Aster"], until, why))
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_confirmed_visit_that_is_put_off_is_cancelled_and_counts(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(confirm_plan, ConfirmPlan(desk.do(draft_plan, WEEK).value))
    chosen = week(desk).visits[0]
    desk.do(skip_account, SkipAccount(chosen.account_id, SUNDAY, "no time", chosen.id))
    assert (card(desk, chosen.id).state.value, card(desk, chosen.id).record) == ("cancelled", "no time")
    assert measured(desk, MONDAY, SUNDAY).base == 5


def test_ordinary_accounts_do_not_crowd_out_the_better_ones(desk: Desk, portfolio: Portfolio) -> None:
    portfolio(
        *({"name": f"C{n}", "tier": "C", "city": "Wuxi", "ends": 20} for n in range(30)),
        *({"name": f"A{n}", "tier": "A", "city": "Wuxi", "ends": 300, "visited": 29} for n in range(16)),
    )
    desk.do(draft_plan, DraftPlan(MONDAY, FRIDAY))
    tiers = week(desk).by_tier
    assert tiers[Tier.A] == 16
    assert tiers[Tier.C] == 4


def test_those_of_one_district_share_a_day(desk: Desk, portfolio: Portfolio) -> None:
    portfolio(
        *(
            {"name": f"{district}{n}", "tier": "A", "city": "Suzhou", "district": district, "ends": 300}
            for n in range(3)
            for district in ("East", "West")
        )
    )
    desk.do(draft_plan, DraftPlan(MONDAY, FRIDAY, 3))
    by_day = [{v.district for v in day.visits} for day in week(desk).days if day.visits]
    assert by_day == [{"East"}, {"West"}]


def test_whole_days_and_times_of_a_plan_are_read_alike_by_another_calendar(
    desk: Desk, seven: dict[str, int], tmp_path: Path
) -> None:
    import vobject

    from csdesk.services.visits.calendar_file import write_plan

    timed = desk.do(add_visit, AddVisit(seven["Aster"], TUESDAY, starts_at="9:30", goal="Look; back, 回顾")).value
    whole = desk.do(add_visit, AddVisit(seven["Birch"], FRIDAY)).value
    off = desk.do(add_visit, AddVisit(seven["Cedar"], FRIDAY, starts_at="14:00")).value

    def seen() -> dict[str, object]:
        write_plan(tmp_path / "week.ics", week(desk))
        (calendar,) = vobject.readComponents((tmp_path / "week.ics").read_text("utf-8"))
        return {event.uid.value: event for event in calendar.vevent_list}

    before = seen()
    event = before[f"visit-{timed}@csdesk"]
    assert event.dtstart.value.utcoffset() == timedelta(hours=8)  # type: ignore[attr-defined]
    assert event.dtstart.value.replace(tzinfo=None).isoformat() == "2026-11-24T09:30:00"  # type: ignore[attr-defined]
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=90)  # type: ignore[attr-defined]
    assert event.description.value.startswith("Look; back, 回顾")  # type: ignore[attr-defined]
    assert before[f"visit-{whole}@csdesk"].dtstart.value == FRIDAY  # type: ignore[attr-defined]
    assert before[f"visit-{whole}@csdesk"].dtend.value == FRIDAY + timedelta(1)  # type: ignore[attr-defined]
    desk.do(move_visit, MoveVisit(timed, FRIDAY, "16:00"))
    desk.do(cancel_visit, CancelVisit(off, "ill"))
    after = seen()
    assert set(after) == set(before)
    moved = after[f"visit-{timed}@csdesk"]
    assert int(moved.sequence.value) > int(event.sequence.value)  # type: ignore[attr-defined]
    assert moved.dtstart.value.date() == FRIDAY  # type: ignore[attr-defined]
    assert after[f"visit-{off}@csdesk"].status.value == "CANCELLED"  # type: ignore[attr-defined]
    desk.do(change_settings, ChangeSettings({"visits.zone": "Europe/Berlin"}))
    abroad = seen()[f"visit-{timed}@csdesk"]
    assert abroad.dtstart.value.utcoffset() == timedelta(hours=1)  # type: ignore[attr-defined]
