"""The day as the Today page gets it: what is listed, in which order, and how much there is in all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.handover import Handover
from csdesk.models.tables import Account, Visit
from csdesk.models.vocabulary import HandoverState, RenewalState, VisitKind, VisitState
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.today.queries import MOST_SOON, today
from csdesk.services.today.rules import Group, Kind
from csdesk.services.today.view import TodayView

DAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Made:
    """An account with contracts (end, state), visits (day, state, time) and handovers (state)."""

    name: str
    tier: str = "B"
    ends: tuple[tuple[int, RenewalState], ...] = ()
    visits: tuple[tuple[int, VisitState, str], ...] = ()
    handovers: tuple[HandoverState, ...] = ()


@command("Made {n}")
def make(uow: UnitOfWork, accounts: tuple[Made, ...]) -> None:
    for made in accounts:
        account = uow.add(Account(name=made.name, tier=made.tier)).id
        for place, (days, state) in enumerate(made.ends):
            start, end = DAY + timedelta(days - 364), DAY + timedelta(days)
            own = {"start_on": start, "end_on": end}
            contract = uow.add(Contract(account_id=account, number=f"{made.name}-{place}", renewal_state=state, **own))
            uow.add(ContractLine(contract_id=contract.id, arr_cents=12_000_00, **own))
        for days, state, time in made.visits:
            on = DAY + timedelta(days)
            done = on if state == VisitState.DONE else None
            uow.add(
                Visit(
                    account_id=account, kind=VisitKind.ONSITE, state=state, planned_on=on, starts_at=time, done_on=done
                )
            )
        for state in made.handovers:
            uow.add(Handover(account_id=account, state=state, received_on=DAY - timedelta(2)))
    uow.name(n=len(accounts))


def view(desk: Desk, *accounts: Made) -> TodayView:
    desk.do(make, accounts)
    with desk.read() as connection:
        return today(connection, DAY)


def told(found: TodayView) -> list[tuple[Any, ...]]:
    return [(item.group, item.kind, item.account) for item in found.items]


OPEN, RENEWED, CHURNED = RenewalState.OPEN, RenewalState.RENEWED, RenewalState.CHURNED
PLANNED, DONE = VisitState.PLANNED, VisitState.DONE


def test_overdue_comes_first_then_today_then_soon_then_what_is_done(desk: Desk) -> None:
    found = view(
        desk,
        Made("Soon", ends=((40, OPEN),)),
        Made("Visit", visits=((0, PLANNED, "14:00"),)),
        Made("Early visit", visits=((0, PLANNED, "09:00"),)),
        Made("Done", visits=((0, DONE, "08:00"),)),
        Made("Passed", ends=((-5, OPEN),)),
        Made("Unrecorded", visits=((-3, PLANNED, ""),)),
        Made("Waiting", handovers=(HandoverState.RECEIVED,)),
    )
    assert told(found) == [
        (Group.OVERDUE, Kind.CONTRACT, "Passed"),
        (Group.OVERDUE, Kind.RECORD, "Unrecorded"),
        (Group.TODAY, Kind.VISIT, "Early visit"),
        (Group.TODAY, Kind.VISIT, "Visit"),
        (Group.TODAY, Kind.HANDOVER, "Waiting"),
        (Group.SOON, Kind.CONTRACT, "Soon"),
        (Group.DONE, Kind.VISIT, "Done"),
    ]
    assert [item.days for item in found.items if item.group == Group.OVERDUE] == [5, 3]
    assert all(item.title and item.account in item.title for item in found.items)
    assert [found.count(group) for group in Group] == [2, 3, 1, 1]


@pytest.mark.parametrize(
    "quiet",
    [
        Made("Far", ends=((121, OPEN),)),
        Made("Renewed", ends=((10, RENEWED),)),
        Made("Churned", ends=((10, CHURNED),)),
        Made("Long past", ends=((-200, OPEN),)),
        Made("Past but followed", ends=((-10, OPEN), (300, OPEN))),
        Made("Called off", visits=((0, VisitState.CANCELLED, ""),)),
        Made("Missed", visits=((-2, VisitState.MISSED, ""),)),
        Made("Tomorrow", visits=((1, PLANNED, ""),)),
        Made("Accepted", handovers=(HandoverState.ACCEPTED,)),
    ],
    ids=lambda made: made.name,
)
def test_what_asks_for_nothing_today_is_not_listed(desk: Desk, quiet: Made) -> None:
    found = view(desk, quiet)
    assert told(found) == []
    assert found.accounts


def test_how_far_ahead_it_looks_is_a_setting(desk: Desk) -> None:
    desk.do(change_settings, ChangeSettings({"today.ends_within": 30}))
    assert told(view(desk, Made("In forty days", ends=((40, OPEN),)))) == []
    assert len(view(desk, Made("In thirty", ends=((30, OPEN),))).items) == 1


def test_of_many_ends_the_nearest_are_listed_and_all_are_counted(desk: Desk) -> None:
    found = view(desk, *(Made(f"Account {n}", ends=((n, OPEN),)) for n in range(MOST_SOON + 20)))
    assert len(found.items) == MOST_SOON
    assert found.count(Group.SOON) == MOST_SOON + 20
    assert found.ending_soon == 31
    assert [item.due for item in found.items] == [DAY + timedelta(n) for n in range(MOST_SOON)]


@command("Notice noted")
def note_notice(uow: UnitOfWork, days: int) -> None:
    for contract in uow.session.query(Contract):
        contract.auto_renew, contract.notice_on = True, DAY + timedelta(days)


@pytest.mark.parametrize(("days", "told"), [(0, True), (14, True), (15, False), (-1, False)])
def test_the_last_days_to_give_notice_are_told_once(desk: Desk, days: int, told: bool) -> None:
    desk.do(make, (Made("Near", ends=((20, RenewalState.OPEN),)), Made("Far", ends=((150, RenewalState.OPEN),))))
    desk.do(note_notice, days)
    with desk.read() as connection:
        found = today(connection, DAY)
    asked = [item.title for item in found.items if "renews by itself" in item.title]
    assert asked == (["Near-0 of Near renews by itself: is that right?", "Far-0 of Far renews by itself: is that right?"]
                     if told else [])  # fmt: skip
    assert len({(item.kind, item.record_id) for item in found.items}) == len(found.items)
    assert found.count(Group.SOON) == (2 if told else 1)


def test_the_week_shows_its_load_against_its_room(desk: Desk) -> None:
    found = view(
        desk,
        Made("Full", visits=tuple((3, PLANNED, "") for _ in range(5))),
        Made("Half", visits=((0, DONE, ""), (0, PLANNED, ""), (1, VisitState.CANCELLED, ""))),
    )
    assert [(day.used, day.capacity, day.over) for day in found.week] == [
        (2, 4, 0), (0, 4, 0), (0, 4, 0), (5, 4, 1), (0, 4, 0), (0, 0, 0), (0, 0, 0),
    ]  # fmt: skip
    assert found.week[0].day == DAY


def test_an_empty_store_has_an_empty_day(desk: Desk) -> None:
    with desk.read() as connection:
        found = today(connection, DAY)
    assert (found.items, found.visits, found.accounts, found.waiting, found.ending_soon) == ((), (), 0, 0, 0)
