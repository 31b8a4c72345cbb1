"""Visits that come again: on which days, what changing one of them does to the rest, and where they end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from csdesk.models.vocabulary import SeriesUnit, VisitKind
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, NeedsConfirmation, Problems
from csdesk.services.visits.cards import VisitCard
from csdesk.services.visits.commands import AddVisit, EditVisit, MoveVisit, RemoveVisit, move_visit, remove_visit
from csdesk.services.visits.drafting import ConfirmPlan, DraftPlan, confirm_plan, draft_plan
from csdesk.services.visits.queries import visits_of_account
from csdesk.services.visits.series import AddSeries, EditFollowing, EndSeries, add_series, edit_following, end_series
from csdesk.services.visits.turns import turns, workday_from
from csdesk.services.visits.workdays import Workdays
from tests.conftest import TODAY

TUESDAY = date(2026, 11, 24)
WEEK, MONTH = SeriesUnit.WEEK, SeriesUnit.MONTH


def planned(desk: Desk, account: int) -> list[VisitCard]:
    with desk.read() as connection:
        cards = [card for card in visits_of_account(connection, account) if card.series_id]
    return sorted(cards, key=lambda card: card.day or date.max)


def days(desk: Desk, account: int) -> list[date | None]:
    return [card.day for card in planned(desk, account)]


@pytest.mark.parametrize(
    ("first", "unit", "every", "until", "count", "expected"),
    [
        (date(2026, 1, 31), MONTH, 1, None, 4, ["01-31", "02-28", "03-31", "04-30"]),
        (date(2026, 11, 30), MONTH, 3, None, 2, ["11-30", "02-28"]),
        (date(2026, 12, 21), WEEK, 2, date(2027, 1, 18), None, ["12-21", "01-04", "01-18"]),
        (date(2026, 12, 21), WEEK, 1, date(2026, 12, 20), None, []),
        (date(2028, 2, 29), MONTH, 12, None, 2, ["02-29", "02-28"]),
    ],
)
def test_turns(
    first: date, unit: SeriesUnit, every: int, until: date | None, count: int | None, expected: list[str]
) -> None:
    assert [f"{day:%m-%d}" for day in turns(first, unit, every, until, count)] == expected


def test_a_turn_on_a_free_day_is_held_on_the_next_workday() -> None:
    assert workday_from(date(2026, 11, 28), Workdays()) == date(2026, 11, 30)
    assert workday_from(date(2026, 10, 1), Workdays()) == date(2026, 10, 8)
    assert workday_from(date(2026, 10, 10), Workdays()) == date(2026, 10, 10)
    """A Saturday that is worked in exchange for the holiday."""


def test_a_series_is_made_ahead_says_how_often_and_is_undone_at_once(desk: Desk, seven: dict[str, int]) -> None:
    wish = AddSeries(AddVisit(seven["Dill"], TUESDAY, VisitKind.ONLINE, "10:00", goal="Review"), WEEK, 2, count=4)
    done = desk.do(add_series, wish)
    cards = planned(desk, seven["Dill"])
    assert [card.day for card in cards] == [TUESDAY + timedelta(14 * number) for number in range(4)]
    assert {(card.starts_at, card.kind, card.goal, card.why) for card in cards} == {
        ("10:00", VisitKind.ONLINE, "Review", "every 2 weeks")
    }
    assert done.value == cards[0].id
    desk.undo()
    assert planned(desk, seven["Dill"]) == []
    desk.redo()
    assert len(planned(desk, seven["Dill"])) == 4


def test_it_ends_with_the_contract(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(add_series, AddSeries(AddVisit(seven["Aster"], TUESDAY), WEEK, 1, to_contract_end=True))
    assert days(desk, seven["Aster"])[-1] == date(2026, 12, 29)
    assert TODAY + timedelta(40) == date(2027, 1, 2)


def test_without_an_end_planning_later_days_makes_more(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(add_series, AddSeries(AddVisit(seven["Dill"], TUESDAY), MONTH, 3))
    assert len(planned(desk, seven["Dill"])) == 5
    desk.do(draft_plan, DraftPlan(date(2028, 2, 21), date(2028, 2, 27)))
    assert date(2028, 2, 24) in days(desk, seven["Dill"])
    before = days(desk, seven["Dill"])
    desk.do(draft_plan, DraftPlan(date(2028, 2, 21), date(2028, 2, 27)))
    assert days(desk, seven["Dill"]) == before


def test_one_visit_changes_alone(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(add_series, AddSeries(AddVisit(seven["Dill"], TUESDAY), WEEK, 1, count=4))
    second, third = planned(desk, seven["Dill"])[1:3]
    desk.do(move_visit, MoveVisit(second.id, date(2026, 12, 3)))
    desk.do(remove_visit, RemoveVisit(third.id))
    assert days(desk, seven["Dill"]) == [TUESDAY, date(2026, 12, 3), date(2026, 12, 15)]
    desk.do(draft_plan, DraftPlan(TODAY, date(2026, 12, 31)))
    assert days(desk, seven["Dill"]) == [TUESDAY, date(2026, 12, 3), date(2026, 12, 15)]


def test_this_and_the_following_change_together(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(add_series, AddSeries(AddVisit(seven["Dill"], TUESDAY, starts_at="9:30"), WEEK, 1, count=4))
    first, second, *_rest = planned(desk, seven["Dill"])
    changed = desk.do(edit_following, EditFollowing(EditVisit(second.id, starts_at="15:00"), 1))
    assert changed.value == 3
    cards = planned(desk, seven["Dill"])
    assert [card.day for card in cards] == [
        TUESDAY, date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 16),
    ]  # fmt: skip
    assert [card.starts_at for card in cards] == ["09:30", "15:00", "15:00", "15:00"]
    assert cards[0].series_id == first.series_id != cards[1].series_id
    assert all(card.sequence >= 1 for card in cards[1:])
    desk.undo()
    assert days(desk, seven["Dill"])[1] == date(2026, 12, 1)


def test_this_and_the_following_are_ended(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(add_series, AddSeries(AddVisit(seven["Dill"], TUESDAY), WEEK, 1))
    desk.do(end_series, EndSeries(planned(desk, seven["Dill"])[2].id))
    assert days(desk, seven["Dill"]) == [TUESDAY, TUESDAY + timedelta(7)]
    desk.do(draft_plan, DraftPlan(date(2028, 2, 21), date(2028, 2, 27)))
    assert len(days(desk, seven["Dill"])) == 2


def test_those_of_a_confirmed_plan_are_cancelled_and_keep_counting(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(add_series, AddSeries(AddVisit(seven["Dill"], TUESDAY), WEEK, 1, count=3))
    desk.do(confirm_plan, ConfirmPlan(desk.do(draft_plan, DraftPlan(TODAY, TODAY + timedelta(6))).value))
    desk.do(end_series, EndSeries(planned(desk, seven["Dill"])[0].id))
    (left,) = planned(desk, seven["Dill"])
    assert (left.state.value, left.baseline_on) == ("cancelled", TUESDAY)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"every": 0}, "every"),
        ({"count": 1}, "count"),
        ({"count": 1000}, "count"),
        ({"until": TODAY}, "until"),
    ],
)
def test_impossible_series_are_refused_at_their_field(
    desk: Desk, seven: dict[str, int], wish: dict[str, int | date], field: str
) -> None:
    with pytest.raises(Problems) as refused:
        desk.do(add_series, AddSeries(AddVisit(seven["Dill"], TUESDAY), WEEK, **wish))  # type: ignore[arg-type]
    assert [problem.field for problem in refused.value.problems] == [field]
    assert planned(desk, seven["Dill"]) == []


def test_a_first_day_that_is_free_is_asked_about(desk: Desk, seven: dict[str, int]) -> None:
    wish = AddSeries(AddVisit(seven["Dill"], date(2026, 11, 28)), WEEK, 1, count=2)
    with pytest.raises(NeedsConfirmation):
        desk.do(add_series, wish)
    desk.do(add_series, wish, confirmed={"free_day"})
    assert days(desk, seven["Dill"]) == [date(2026, 11, 28), date(2026, 12, 7)]


def test_a_single_visit_has_nothing_that_follows(desk: Desk, seven: dict[str, int]) -> None:
    from csdesk.services.visits.commands import add_visit

    visit = desk.do(add_visit, AddVisit(seven["Dill"], TUESDAY)).value
    with pytest.raises(Conflict, match="does not repeat"):
        desk.do(end_series, EndSeries(visit))
