"""Single visits on a real store: added, moved, changed, done, called off; and the table of ways."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from csdesk.models.vocabulary import VisitKind, VisitState
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, NeedsConfirmation, Problems
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.visits import commands, queries
from csdesk.services.visits.commands import (
    AddVisit,
    CancelVisit,
    EditVisit,
    MissVisit,
    MoveVisit,
    RecordVisit,
    RemoveTravelTime,
    RemoveVisit,
    SetTravelTime,
)
from csdesk.services.visits.drafting import ConfirmPlan, DraftPlan, confirm_plan, draft_plan

MONDAY, TUESDAY, FRIDAY, SATURDAY = (date(2026, 11, 23) + timedelta(number) for number in (0, 1, 4, 5))


def seen(desk: Desk, visit_id: int) -> queries.VisitCard:
    with desk.read() as connection:
        found = queries.visit(connection, visit_id)
    assert found is not None
    return found


def added(desk: Desk, account: int, day: date = TUESDAY, time: str = "9:30") -> int:
    return desk.do(commands.add_visit, AddVisit(account, day, starts_at=time)).value


def test_a_visit_by_hand_knows_its_person_length_and_time(desk: Desk, seven: dict[str, int]) -> None:
    done = desk.do(commands.add_visit, AddVisit(seven["Aster"], TUESDAY, VisitKind.ONLINE, "14:00", goal=" Hello "))
    card = seen(desk, done.value)
    assert (card.starts_at, card.ends_at, card.minutes, card.goal, card.contact) == (
        "14:00",
        "14:45",
        45,
        "Hello",
        "Bai",
    )
    assert done.step is not None
    assert done.step.text == "Visit to Aster planned on 2026-11-24"
    with desk.read() as connection:
        assert [visit.id for visit in queries.visits_on(connection, TUESDAY)] == [card.id]
        assert queries.visits_of_account(connection, seven["Aster"])[0].id == card.id
    desk.undo()
    with desk.read() as connection:
        assert queries.visits_on(connection, TUESDAY) == ()


@pytest.mark.parametrize(("day", "key"), [(SATURDAY, "free_day"), (date(2026, 11, 20), "past_day")])
def test_free_and_past_days_ask_and_do_not_refuse(desk: Desk, seven: dict[str, int], day: date, key: str) -> None:
    visit = added(desk, seven["Aster"])
    for function, wish in (
        (commands.add_visit, AddVisit(seven["Birch"], day)),
        (commands.move_visit, MoveVisit(visit, day)),
    ):
        with pytest.raises(NeedsConfirmation) as asked:
            desk.do(function, wish)
        assert asked.value.key == key
        assert day.isoformat() in asked.value.sentence
        desk.do(function, wish, confirmed={key})
    assert seen(desk, visit).day == day


def test_a_move_in_a_draft_is_free_and_in_a_confirmed_plan_counted(desk: Desk, seven: dict[str, int]) -> None:
    plan = desk.do(draft_plan, DraftPlan(MONDAY, FRIDAY)).value
    with desk.read() as connection:
        card = queries.week_plan(connection, MONDAY).visits[0]
    desk.do(commands.move_visit, MoveVisit(card.id, FRIDAY))
    assert (seen(desk, card.id).moved_count, seen(desk, card.id).sequence) == (0, 1)
    desk.do(confirm_plan, ConfirmPlan(plan))
    desk.do(commands.move_visit, MoveVisit(card.id, TUESDAY, reason=" snow "))
    moved = seen(desk, card.id)
    assert (moved.day, moved.baseline_on, moved.moved_from) == (TUESDAY, FRIDAY, FRIDAY)
    assert (moved.moved_count, moved.move_reason, moved.sequence) == (1, "snow", 2)
    desk.undo()
    assert (seen(desk, card.id).day, seen(desk, card.id).moved_count) == (FRIDAY, 0)
    desk.redo()
    assert (seen(desk, card.id).day, seen(desk, card.id).moved_count) == (TUESDAY, 1)


def test_a_move_to_a_taken_time_takes_the_next_free_one(desk: Desk, seven: dict[str, int]) -> None:
    added(desk, seven["Aster"], TUESDAY, "9:30")
    second = added(desk, seven["Birch"], FRIDAY, "9:30")
    desk.do(commands.move_visit, MoveVisit(second, TUESDAY))
    assert seen(desk, second).starts_at == "11:00"


def test_a_new_order_deals_the_times_out_again(desk: Desk, seven: dict[str, int]) -> None:
    first, second, third = (
        added(desk, seven[name], TUESDAY, time)
        for name, time in (("Aster", "9:00"), ("Birch", "11:00"), ("Cedar", "15:00"))
    )
    desk.do(commands.move_visit, MoveVisit(third, TUESDAY, position=0))
    with desk.read() as connection:
        order = [(visit.id, visit.starts_at) for visit in queries.visits_on(connection, TUESDAY)]
    assert order == [(third, "09:00"), (first, "11:00"), (second, "15:00")]


def test_changes_are_kept_and_nonsense_is_refused(desk: Desk, seven: dict[str, int]) -> None:
    visit = added(desk, seven["Aster"])
    desk.do(commands.edit_visit, EditVisit(visit, kind=VisitKind.PHONE, starts_at="16:05", goal="Ask", contact_id=0))
    card = seen(desk, visit)
    assert (card.kind, card.minutes, card.starts_at, card.goal, card.contact) == (
        VisitKind.PHONE,
        20,
        "16:05",
        "Ask",
        "",
    )
    with desk.read() as connection:
        stranger = queries.visits_of_account(connection, seven["Birch"])
    assert stranger
    for wish in (EditVisit(visit, starts_at="26:00"), EditVisit(visit, starts_at="soon"), EditVisit(visit, minutes=1)):
        with pytest.raises(Problems):
            desk.do(commands.edit_visit, wish)
    assert seen(desk, visit) == card


def test_a_person_of_another_account_is_refused(desk: Desk, seven: dict[str, int]) -> None:
    visit = added(desk, seven["Aster"])
    other = seen(desk, added(desk, seven["Birch"])).contact_id
    with pytest.raises(Problems, match="another account"):
        desk.do(commands.edit_visit, EditVisit(visit, contact_id=other))


def test_an_older_version_is_a_conflict(desk: Desk, seven: dict[str, int]) -> None:
    visit = added(desk, seven["Aster"])
    old = seen(desk, visit).version
    desk.do(commands.edit_visit, EditVisit(visit, version=old, goal="one"))
    with pytest.raises(Conflict):
        desk.do(commands.edit_visit, EditVisit(visit, version=old, goal="two"))


def test_done_counts_as_contact_and_visit(desk: Desk, seven: dict[str, int]) -> None:
    visit = added(desk, seven["Aster"], MONDAY)
    with pytest.raises(Problems, match="still to come"):
        desk.do(commands.record_visit, RecordVisit(visit, TUESDAY))
    desk.do(commands.record_visit, RecordVisit(visit, MONDAY, " they stay ", "send the offer"))
    card = seen(desk, visit)
    assert (card.state, card.done_on, card.record, card.next_step) == (
        VisitState.DONE,
        MONDAY,
        "they stay",
        "send the offer",
    )
    desk.do(draft_plan, DraftPlan(MONDAY, FRIDAY))
    with desk.read() as connection:
        drafted = {
            card.account for card in queries.week_plan(connection, MONDAY).visits if card.state == VisitState.PLANNED
        }
    assert "Aster" not in drafted
    for function, wish in (
        (commands.move_visit, MoveVisit(visit, FRIDAY)),
        (commands.cancel_visit, CancelVisit(visit)),
        (commands.miss_visit, MissVisit(visit)),
    ):
        with pytest.raises(Conflict):
            desk.do(function, wish)


def test_missed_and_called_off_leave_room_and_keep_why(desk: Desk, seven: dict[str, int]) -> None:
    first, second = added(desk, seven["Aster"]), added(desk, seven["Birch"], TUESDAY, "11:00")
    desk.do(commands.cancel_visit, CancelVisit(first, " ill "))
    desk.do(commands.miss_visit, MissVisit(second, "nobody there"))
    assert (seen(desk, first).state, seen(desk, first).excuse) == (VisitState.CANCELLED, "ill")
    assert (seen(desk, second).state, seen(desk, second).record) == (VisitState.MISSED, "nobody there")
    with desk.read() as connection:
        day = queries.week_plan(connection, MONDAY).days[1]
    assert day.used == 0
    assert len(day.visits) == 2


def test_only_a_drafted_visit_can_be_removed(desk: Desk, seven: dict[str, int]) -> None:
    plan = desk.do(draft_plan, DraftPlan(MONDAY, FRIDAY)).value
    with desk.read() as connection:
        first, second, *_rest = queries.week_plan(connection, MONDAY).visits
    desk.do(commands.remove_visit, RemoveVisit(first.id))
    with desk.read() as connection:
        assert queries.visit(connection, first.id) is None
    desk.do(confirm_plan, ConfirmPlan(plan))
    with pytest.raises(Conflict, match="cancel the visit"):
        desk.do(commands.remove_visit, RemoveVisit(second.id))


def test_ways_are_kept_both_directions_and_shown_only_where_known(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(change_settings, ChangeSettings({"visits.home": "Shanghai"}))
    way = desk.do(commands.set_travel_time, SetTravelTime("Shanghai", " Suzhou ", 80)).value
    assert desk.do(commands.set_travel_time, SetTravelTime("Suzhou", "Shanghai", 85)).value == way
    added(desk, seven["Aster"], TUESDAY, "9:30")
    added(desk, seven["Elm"], FRIDAY, "9:30")
    with desk.read() as connection:
        assert [(w.origin, w.destination, w.minutes) for w in queries.travel_times(connection)] == [
            ("Shanghai", "Suzhou", 85)
        ]
        days = queries.week_plan(connection, MONDAY).days
    assert (days[1].travel_minutes, days[1].leaves_at, days[1].cities) == (170, "08:05", ("Suzhou",))
    assert (days[4].travel_minutes, days[4].leaves_at, days[4].cities) == (0, "", ("Hangzhou",))
    desk.do(commands.remove_travel_time, RemoveTravelTime(way))
    with desk.read() as connection:
        assert queries.travel_times(connection) == ()


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (SetTravelTime("", "Suzhou", 5), "destination"),
        (SetTravelTime("Suzhou", "Suzhou", 5), "destination"),
        (SetTravelTime("Suzhou", "Wuxi", 0), "minutes"),
    ],
)
def test_impossible_ways_are_refused(desk: Desk, wish: SetTravelTime, field: str) -> None:
    with pytest.raises(Problems) as refused:
        desk.do(commands.set_travel_time, wish)
    assert [problem.field for problem in refused.value.problems] == [field]
