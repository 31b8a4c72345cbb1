"""The closed loop: what was asked is reviewed, dated, released or declined, and told; nothing is lost on the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from csdesk.models.vocabulary import Channel, Decision, DemandState, Importance, Severity, TicketKind, TicketState
from csdesk.services.core.columns import Filter, Query
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tickets.commands import (
    ChangeTicket,
    MoveTickets,
    Tickets,
    change_ticket,
    delete_tickets,
    move_tickets,
)
from csdesk.services.tickets.demands import (
    Demands,
    JoinDemand,
    KeepDeclined,
    MergeDemands,
    Redate,
    ReleaseDemands,
    Review,
    SplitDemand,
    join_demand,
    keep_declined,
    merge_demands,
    redate_demand,
    release_demands,
    review_demand,
    send_demands,
    split_demand,
    take_up_demands,
)
from csdesk.services.tickets.listings import demands, tickets
from csdesk.services.tickets.queries import demand_cards, ticket_rows
from csdesk.services.tickets.queries import to_tell as queue
from csdesk.services.tickets.releases import ChangeRelease, ShipRelease, save_release, ship_release
from csdesk.services.tickets.rules import Deadlines, TicketFields, again_at, again_from, is_raised
from csdesk.services.tickets.standing import ticket_rules
from csdesk.services.tickets.telling import ChangeNotice, Tell, change_notice, filled, proposed_text, tell_customers
from tests.conftest import TODAY
from tests.services.tickets.conftest import Loop

SOON = TODAY + timedelta(30)
NO = {"reason": "costs too much", "answer": "Please use the export."}


def test_six_wishes_become_one_demand_that_is_declined_taken_up_released_and_told(loop: Loop) -> None:
    first = loop.ask("A1")
    demand = loop.demand_of(first)
    asked = [first, *(loop.ask(f"A{n}", join=demand) for n in range(2, 6))]
    loop.desk.do(send_demands, Demands((demand,)))
    loop.desk.do(review_demand, Review(demand, Decision.DECLINED, **NO))
    loop.tell_all()
    loop.desk.do(move_tickets, MoveTickets(tuple(asked), "close"))
    assert not loop.demand(demand).card.raised
    asked.append(loop.ask("B6", join=demand))
    card = loop.demand(demand).card
    assert (card.raised, card.column, card.accounts, card.tiers) == (True, "to_review", 6, (("A", 5), ("B", 1)))
    loop.desk.do(review_demand, Review(demand, Decision.ACCEPTED, planned_on=SOON, release="9.1"))
    assert {loop.ticket(one).row.state for one in asked} == {TicketState.ACCEPTED}
    assert loop.queue() == [(name, "date_set") for name in ("A1", "A2", "A3", "A4", "A5", "B6")]
    loop.tell_all()
    assert loop.queue() == []
    assert loop.desk.do(release_demands, ReleaseDemands((demand,))).value == 6
    loop.tell_all()
    assert {loop.ticket(one).row.state for one in asked} == {TicketState.TOLD}
    loop.desk.do(move_tickets, MoveTickets(tuple(asked), "close"))
    view = loop.demand(demand)
    assert [review.decision for review in view.reviews] == ["accepted", "declined"]
    assert [review.accounts for review in view.reviews] == [6, 5]
    assert view.card.column == ""


def test_nothing_closes_before_the_customer_was_told(loop: Loop) -> None:
    ticket = loop.ask("A1")
    loop.desk.do(review_demand, Review(loop.demand_of(ticket), Decision.DECLINED, **NO))
    assert loop.refused(move_tickets, MoveTickets((ticket,), "close")) == ["verb"]
    loop.tell_all()
    loop.desk.do(move_tickets, MoveTickets((ticket,), "close"))
    assert loop.ticket(ticket).row.state == TicketState.CLOSED


def test_who_when_and_how_is_kept_with_the_words(loop: Loop) -> None:
    ticket = loop.ask("A1", "Where is the export?", kind=TicketKind.QUESTION)
    loop.desk.do(move_tickets, MoveTickets((ticket,), "answer", answer="Under File."))
    with loop.desk.read() as connection:
        (row,) = queue(connection)
        templates = ticket_rules(connection).templates
    assert "Where is the export?" in proposed_text(row, templates)
    assert "Under File." in proposed_text(row, templates)
    loop.desk.do(change_notice, ChangeNotice(row.id, "It is under File, {contact}."))
    loop.desk.do(tell_customers, Tell((row.id,), Channel.WECHAT, by="Lin"))
    (told,) = loop.ticket(ticket).notices
    assert (told.told_on, told.told_by, told.channel, told.text) == (
        TODAY,
        "Lin",
        "wechat",
        "It is under File, {contact}.",
    )


def test_a_date_that_moves_before_it_was_told_is_told_once(loop: Loop) -> None:
    ticket = loop.ask("A1")
    demand = loop.demand_of(ticket)
    loop.desk.do(review_demand, Review(demand, Decision.ACCEPTED, planned_on=SOON))
    loop.desk.do(redate_demand, Redate(demand, SOON + timedelta(7)))
    assert loop.queue() == [("A1", "date_set")]
    loop.tell_all()
    loop.desk.do(redate_demand, Redate(demand, SOON + timedelta(14)))
    assert loop.queue() == [("A1", "date_moved")]
    loop.desk.do(redate_demand, Redate(demand, SOON + timedelta(7)))
    assert loop.queue() == [], "the customer knows this day"
    card = loop.demand(demand).card
    assert (card.first_planned_on, card.planned_on) == (SOON, SOON + timedelta(7))


def test_who_joins_later_is_told_what_was_decided(loop: Loop) -> None:
    demand = loop.demand_of(loop.ask("A1"))
    loop.desk.do(review_demand, Review(demand, Decision.ACCEPTED, planned_on=SOON))
    loop.tell_all()
    later = loop.ask("B2", join=demand)
    assert loop.queue() == [("B2", "date_set")]
    assert loop.ticket(later).row.state == TicketState.ACCEPTED


def test_one_item_for_each_customer_with_all_its_words(loop: Loop) -> None:
    demand = loop.demand_of(loop.ask("A1", "by shift"))
    loop.ask("A1", "by team", join=demand)
    loop.desk.do(review_demand, Review(demand, Decision.DECLINED, **NO))
    with loop.desk.read() as connection:
        (row,) = queue(connection)
    assert row.words == ("by shift", "by team")
    loop.tell_all()
    with loop.desk.read() as connection:
        assert {found.state for found in ticket_rows(connection)} == {TicketState.TOLD}


def test_a_review_needs_what_it_decides(loop: Loop) -> None:
    demand = loop.demand_of(loop.ask("A1"))
    assert loop.refused(review_demand, Review(demand, Decision.ACCEPTED)) == ["planned_on"]
    assert loop.refused(review_demand, Review(demand, Decision.DECLINED)) == ["reason", "answer"]
    early = TODAY - timedelta(1)
    assert loop.refused(review_demand, Review(demand, Decision.ACCEPTED, planned_on=early)) == ["planned_on"]
    assert loop.refused(review_demand, Review(demand, Decision.DECLINED, **NO, on=early)) == ["on"]
    assert loop.refused(review_demand, Review(demand, Decision.DECLINED, **NO, on=SOON)) == ["on"]
    assert loop.demand(demand).reviews == ()


def test_merged_demands_come_apart_again(loop: Loop) -> None:
    one, two = loop.ask("A1"), loop.ask("B2", "A report for each shift")
    first, second = loop.demand_of(one), loop.demand_of(two)
    loop.desk.do(send_demands, Demands((second,)))
    loop.desk.do(merge_demands, MergeDemands((second,), first))
    assert loop.demand_of(two) == first
    assert loop.demand(second).card.state == DemandState.MERGED
    assert loop.demand(second).merged_into == loop.demand(first).card.number
    assert loop.desk.do(split_demand, SplitDemand((two,))).value == second
    assert loop.demand(second).card.state == DemandState.IN_REVIEW
    assert [voice.account for voice in loop.demand(first).voices] == ["A1"]
    assert loop.refused(split_demand, SplitDemand((two,))) == ["tickets"]


def test_a_demand_is_as_old_as_its_oldest_voice(loop: Loop) -> None:
    one = loop.ask("A1")
    old = loop.ask("B2", reported_on=TODAY - timedelta(40))
    loop.desk.do(join_demand, JoinDemand((old,), loop.demand_of(one)))
    assert loop.demand(loop.demand_of(one)).card.opened_on == TODAY - timedelta(40)


def test_a_customer_who_is_not_helped_asks_anew(loop: Loop) -> None:
    ticket = loop.ask("A1")
    demand = loop.demand_of(ticket)
    loop.desk.do(review_demand, Review(demand, Decision.ACCEPTED, planned_on=TODAY))
    loop.desk.do(release_demands, ReleaseDemands((demand,)))
    loop.tell_all()
    loop.desk.do(move_tickets, MoveTickets((ticket,), "reopen"))
    assert loop.demand_of(ticket) != demand
    assert loop.ticket(ticket).row.state == TicketState.CAPTURED
    assert loop.demand(demand).voices == ()


def test_a_bug_promises_a_date_and_keeps_it_or_not(loop: Loop) -> None:
    bug = loop.ask("A1", "The page is blank", kind=TicketKind.BUG)
    assert loop.refused(move_tickets, MoveTickets((bug,), "clarify")) == ["seen", "severity"]
    fields = TicketFields("The page is blank", TicketKind.BUG, seen="white", severity=Severity.SERIOUS)
    loop.desk.do(change_ticket, ChangeTicket(bug, fields))
    for verb in ("clarify", "send"):
        loop.desk.do(move_tickets, MoveTickets((bug,), verb))
    loop.desk.do(move_tickets, MoveTickets((bug,), "accept", planned_on=TODAY, release="9.0.1"))
    loop.tell_all()
    loop.desk.do(move_tickets, MoveTickets((bug,), "redate", planned_on=SOON))
    assert loop.queue() == [("A1", "date_moved")]
    loop.desk.do(move_tickets, MoveTickets((bug,), "fix"))
    assert loop.queue() == [("A1", "bug_fixed")]
    view = loop.ticket(bug)
    assert (view.dates_moved, view.kept, view.row.first_planned_on) == (1, True, TODAY)
    loop.tell_all()
    assert loop.ticket(bug).row.state == TicketState.TOLD


def test_a_release_brings_all_that_was_planned_for_it(loop: Loop) -> None:
    demand = loop.demand_of(loop.ask("A1"))
    bug = loop.ask("B2", "blank", kind=TicketKind.BUG, seen="white", severity=Severity.MINOR)
    loop.desk.do(review_demand, Review(demand, Decision.ACCEPTED, planned_on=SOON, release="9.1"))
    loop.desk.do(move_tickets, MoveTickets((bug,), "accept", planned_on=SOON, release="9.1"))
    loop.tell_all()
    release = loop.desk.do(save_release, ChangeRelease(None, "9.2")).value
    with loop.desk.read() as connection:
        found = {row.name: row.id for row in connection.exec_driver_sql("SELECT id, name FROM releases")}
    assert found.keys() == {"9.1", "9.2"}
    assert found["9.2"] == release
    later = SOON + timedelta(7)
    loop.desk.do(save_release, ChangeRelease(found["9.1"], "9.1", later, move_dates=True))
    assert loop.queue() == [("A1", "date_moved"), ("B2", "date_moved")]
    assert loop.desk.do(ship_release, ShipRelease(found["9.1"])).value == 2
    assert loop.queue() == [("A1", "released"), ("B2", "bug_fixed")]
    assert loop.refused(save_release, ChangeRelease(None, "9.1")) == ["name"]


def test_a_declined_demand_comes_up_once_for_each_threshold(loop: Loop) -> None:
    loop.desk.do(change_settings, ChangeSettings({"tickets.again_accounts": 2}))
    demand = loop.demand_of(loop.ask("A1"))
    loop.desk.do(review_demand, Review(demand, Decision.DECLINED, **NO))
    loop.ask("A1", join=demand)
    assert not loop.demand(demand).card.raised, "the same account again"
    loop.ask("B2", join=demand)
    assert loop.demand(demand).card.raised
    loop.desk.do(keep_declined, KeepDeclined(demand))
    assert not loop.demand(demand).card.raised
    loop.ask("B3", join=demand)
    assert not loop.demand(demand).card.raised
    loop.ask("B4", join=demand)
    assert loop.demand(demand).card.raised
    loop.desk.do(take_up_demands, Demands((demand,)))
    assert loop.demand(demand).card.state == DemandState.TO_REVIEW


@pytest.mark.parametrize(
    ("accounts", "arr", "raised"), [(5, 0, False), (6, 0, True), (3, 99, False), (3, 100, True), (0, 0, False)]
)
def test_accounts_or_revenue_bring_it_up(accounts: int, arr: int, raised: bool) -> None:
    assert is_raised(DemandState.DECLINED, accounts, Decimal(arr), 6, Decimal(100)) is raised
    assert not is_raised(DemandState.ACCEPTED, accounts, Decimal(arr), 6, Decimal(100))


def test_thresholds() -> None:
    assert [again_at(accounts, 6) for accounts in (0, 5, 6, 9)] == [6, 6, 12, 15]
    assert again_from(Decimal(0), Decimal(100)) == 100
    assert again_from(Decimal(100), Decimal(100)) == 200
    assert again_from(Decimal(250), Decimal(0)) is None


def test_working_days_are_counted() -> None:
    deadlines = Deadlines(lambda day: day.weekday() < 5)
    friday = date(2026, 11, 20)
    assert deadlines.after(friday, 1) == date(2026, 11, 23)
    assert deadlines.after(friday, 10) == date(2026, 12, 4)
    assert deadlines.overdue(date(2026, 12, 4), date(2026, 12, 4)) == 0
    assert deadlines.overdue(date(2026, 12, 4), date(2026, 12, 7)) == 1
    for days in (0, 1, 5, 10):
        latest = deadlines.latest_late(TODAY, days)
        assert deadlines.after(latest, days) < TODAY <= deadlines.after(latest + timedelta(1), days)


def test_what_is_late_is_found_as_it_is_reckoned(loop: Loop) -> None:
    loop.desk.do(change_settings, ChangeSettings({"tickets.answer_days.A": 3}))
    for back in range(0, 24, 2):
        for name in ("A1", "B2", "free"):
            loop.ask(name, f"{name} {back}", reported_on=TODAY - timedelta(back))
            loop.ask(
                name, f"{name} {back}", reported_on=TODAY - timedelta(back), kind=TicketKind.BUG,
                severity=Severity.MINOR,
            )  # fmt: skip
    with loop.desk.read() as connection:
        rules = ticket_rules(connection)
        late = set(demands(TODAY, rules).ids(connection, Query(filters=(Filter("late"),)), TODAY))
        cards = demand_cards(connection, TODAY, Query())
        late_bugs = set(tickets(TODAY, rules).ids(connection, Query(filters=(Filter("late"),)), TODAY))
        bugs = [row.id for row in ticket_rows(connection) if row.kind == TicketKind.BUG]
    assert late == {card.id for card in cards if card.overdue}
    assert late_bugs == {bug for bug in bugs if loop.ticket(bug).overdue}
    assert 0 < len(late) < len(cards)
    assert 0 < len(late_bugs) < len(bugs)


def test_the_last_importance_of_each_account_counts(loop: Loop) -> None:
    demand = loop.demand_of(loop.ask("A1", importance=Importance.NICE))
    loop.ask("A1", join=demand, importance=Importance.CRITICAL)
    loop.ask("B2", join=demand)
    assert loop.demand(demand).importances == {Importance.CRITICAL: 1, Importance.IMPORTANT: 1}


def test_a_demand_that_nobody_asks_for_goes_into_the_bin_and_comes_back(loop: Loop) -> None:
    ticket = loop.ask("A1")
    loop.desk.do(delete_tickets, Tickets((ticket,)))
    with loop.desk.read() as connection:
        assert demand_cards(connection, TODAY, Query()) == []
    loop.desk.undo()
    assert loop.demand(loop.demand_of(ticket)).card.accounts == 1


def test_a_withdrawn_voice_counts_no_more_and_is_told_nothing(loop: Loop) -> None:
    demand = loop.demand_of(loop.ask("A1"))
    gone = loop.ask("B2", join=demand)
    loop.desk.do(review_demand, Review(demand, Decision.DECLINED, **NO))
    loop.desk.do(move_tickets, MoveTickets((gone,), "withdraw"))
    assert loop.queue() == [("A1", "declined")]
    assert loop.demand(demand).card.accounts == 1


def test_placeholders_are_filled_once_and_other_braces_stay() -> None:
    assert filled("{a}{b}{", {"a": "{b}", "b": "2"}) == "{b}2{"
    assert filled("{ {a} {x}", {"a": "1"}) == "{ 1 {x}"
