"""A bug reported anew stands where the known one stands; a question asked anew is answered as it was before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from csdesk.models.vocabulary import NoticeCause, NoticeState, Severity, TicketKind
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict
from csdesk.services.tickets.commands import (
    MoveTickets,
    NewTicket,
    Tickets,
    create_ticket,
    delete_tickets,
    move_tickets,
)
from csdesk.services.tickets.queries import TicketView, ticket
from csdesk.services.tickets.rules import TicketFields, steps_to_known
from csdesk.services.tickets.telling import Tell, tell_customers
from tests.conftest import TODAY

SEEN = {"seen": "a white page", "steps": "log in", "severity": Severity.SERIOUS, "module": "Login"}


def account(desk: Desk, name: str) -> int:
    return int(desk.do(create_account, NewAccount(AccountFields(name))).value)


@pytest.fixture
def bug(desk: Desk) -> int:
    fields = TicketFields("The page stays white", TicketKind.BUG, reported_on=TODAY - timedelta(20), **SEEN)  # type: ignore[arg-type]
    return int(desk.do(create_ticket, NewTicket(fields, account(desk, "Amber"))).value)


def again(desk: Desk, known: int, kind: TicketKind = TicketKind.BUG, **more: object) -> TicketView:
    fields = TicketFields("White since this morning", kind, **more)  # type: ignore[arg-type]
    made = desk.do(create_ticket, NewTicket(fields, account(desk, "Birch"), same_as_id=known)).value
    return view(desk, made)


def view(desk: Desk, ticket_id: int) -> TicketView:
    with desk.read() as connection:
        found = ticket(connection, ticket_id, TODAY)
    assert found is not None
    return found


def to_tell(desk: Desk, name: str) -> list[str]:
    """What customers of an account are to be told."""
    statement = (
        "SELECT n.cause FROM notices n JOIN accounts a ON a.id = n.account_id "
        "WHERE a.name = ? AND n.state = ? AND n.deleted_at IS NULL"
    )
    with desk.read() as connection:
        return [row[0] for row in connection.exec_driver_sql(statement, (name, NoticeState.OPEN.value))]


def test_what_was_seen_is_taken_over_and_what_is_said_anew_stays(desk: Desk, bug: int) -> None:
    made = again(desk, bug, seen="a grey page")
    assert (made.row.state, made.row.module, made.row.severity) == ("captured", "Login", "serious")
    assert (made.details["seen"], made.details["steps"]) == ("a grey page", "log in")
    assert made.row.text == "White since this morning"


def test_the_date_promised_for_a_bug_is_promised_to_the_next_who_reports_it(desk: Desk, bug: int) -> None:
    planned = TODAY + timedelta(12)
    desk.do(move_tickets, MoveTickets((bug,), "accept", planned_on=planned, release="V5"))
    made = again(desk, bug)
    assert (made.row.state, made.row.planned_on, made.row.release) == ("accepted", planned, "V5")
    assert to_tell(desk, "Birch") == [NoticeCause.DATE_SET]
    assert [move.to_state for move in made.moves] == ["accepted", "in_review", "captured"]
    assert made.moves[0].note == "Same as B-0001"
    desk.undo()
    assert to_tell(desk, "Birch") == []


def test_a_day_that_has_passed_is_not_promised_again(desk: Desk, bug: int) -> None:
    desk.do(move_tickets, MoveTickets((bug,), "accept", planned_on=TODAY - timedelta(1), on=TODAY - timedelta(9)))
    made = again(desk, bug)
    assert (made.row.state, made.row.planned_on) == ("in_review", None)
    assert to_tell(desk, "Birch") == []


def test_a_bug_that_is_fixed_is_told_as_fixed_on_its_day(desk: Desk, bug: int) -> None:
    fixed = TODAY - timedelta(3)
    desk.do(move_tickets, MoveTickets((bug,), "send", on=TODAY - timedelta(9)))
    desk.do(move_tickets, MoveTickets((bug,), "fix", on=fixed, release="V4"))
    with desk.read() as connection:
        notice = connection.exec_driver_sql("SELECT id FROM notices WHERE state = 'open'").scalar_one()
    desk.do(tell_customers, Tell((notice,)))
    made = again(desk, bug)
    assert (made.row.state, made.row.released_on, made.row.release) == ("released", fixed, "V4")
    assert to_tell(desk, "Birch") == [NoticeCause.BUG_FIXED]


def test_a_decline_is_told_in_the_same_words(desk: Desk, bug: int) -> None:
    desk.do(move_tickets, MoveTickets((bug,), "decline", note="too old", answer="Please take a newer browser"))
    made = again(desk, bug)
    assert (made.row.state, made.row.answer) == ("declined", "Please take a newer browser")
    assert to_tell(desk, "Birch") == [NoticeCause.DECLINED]


def test_what_the_known_bug_lacks_cannot_be_taken_over(desk: Desk) -> None:
    plain = TicketFields("It hangs", TicketKind.BUG)
    bug = desk.do(create_ticket, NewTicket(plain, account(desk, "Amber"))).value
    desk.do(move_tickets, MoveTickets((bug,), "accept", planned_on=TODAY + timedelta(3)))
    made = again(desk, bug)
    assert (made.row.state, to_tell(desk, "Birch")) == ("captured", [])


def test_a_question_is_answered_as_it_was_before(desk: Desk) -> None:
    question = TicketFields("How do I export?", TicketKind.QUESTION)
    known = desk.do(create_ticket, NewTicket(question, account(desk, "Amber"))).value
    desk.do(move_tickets, MoveTickets((known,), "answer", answer="Reports > Export"))
    made = again(desk, known, TicketKind.QUESTION)
    assert (made.row.state, made.row.answer) == ("answered", "Reports > Export")
    assert to_tell(desk, "Birch") == [NoticeCause.ANSWERED]


def test_nothing_is_taken_over_from_another_kind_or_from_the_bin(desk: Desk, bug: int) -> None:
    desk.do(move_tickets, MoveTickets((bug,), "accept", planned_on=TODAY + timedelta(3)))
    made = again(desk, bug, TicketKind.QUESTION)
    assert (made.row.state, made.row.module) == ("captured", "")
    desk.do(delete_tickets, Tickets((bug,)))
    with pytest.raises(Conflict):
        desk.do(create_ticket, NewTicket(TicketFields("x", TicketKind.BUG), account(desk, "Cedar"), same_as_id=bug))


@pytest.mark.parametrize(
    ("state", "fixed", "verbs"),
    [
        ("captured", False, ()), ("clarified", False, ()), ("in_review", False, ("send",)), ("released", True, ("send", "fix")),
        ("told", True, ("send", "fix")), ("closed", False, ("decline",)), ("withdrawn", False, ()),
    ],
)  # fmt: skip
def test_the_way_to_where_the_known_one_stands(state: str, fixed: bool, verbs: tuple[str, ...]) -> None:
    assert steps_to_known(state, fixed, None, TODAY) == verbs
