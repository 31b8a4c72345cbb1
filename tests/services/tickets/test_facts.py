"""What pages and forms of tickets read: choices, files, the list of bugs, an account's timeline."""

from __future__ import annotations

from pathlib import Path

from csdesk.models.vocabulary import Channel, Decision, TicketKind
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.attachments.commands import Attach, Detach, attach_files, detach
from csdesk.services.bin.queries import BIN
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import NewTicket, Tickets, create_ticket, delete_tickets
from csdesk.services.tickets.demands import Review, review_demand
from csdesk.services.tickets.listings import BUG_VIEWS
from csdesk.services.tickets.moments import whole_timeline
from csdesk.services.tickets.queries import notices_of_account, ticket
from csdesk.services.tickets.rules import TicketFields
from csdesk.services.tickets.standing import ticket_rules
from csdesk.services.tickets.telling import Tell, tell_customers
from csdesk.services.tickets.ticket_facts import bugs, counts_of, form_choices, ticket_form, ticket_page
from tests.conftest import TODAY


def amber(desk: Desk) -> int:
    return int(desk.do(create_account, NewAccount(AccountFields("Amber"))).value)


def made(desk: Desk, account: int, text: str = "Reports by shift", **fields: object) -> int:
    return int(desk.do(create_ticket, NewTicket(TicketFields(text, **fields), account)).value)  # type: ignore[arg-type]


def test_a_form_completes_from_modules_in_use_and_the_people_of_the_account(desk: Desk) -> None:
    account = amber(desk)
    ann = desk.do(create_contact, NewContact(account, ContactFields("Ann"))).value
    for module in ("Reports", "Login", "Reports", ""):
        made(desk, account, module=module)
    with desk.read() as connection:
        choices, nobody = form_choices(connection, account), form_choices(connection, None)
    assert choices.modules == ("Reports", "Login")
    assert choices.contacts == ((str(ann), "Ann"),)
    assert nobody.contacts == ()


def test_a_form_gets_a_ticket_as_it_is_stored_and_nothing_of_one_in_the_bin(desk: Desk) -> None:
    wish = made(desk, amber(desk), why="bonus")
    with desk.read() as connection:
        found = ticket_form(connection, wish)
    assert found is not None
    assert (found[0]["shown"], found[0]["why"], found[0]["version"]) == ("R-0001", "bonus", 1)
    desk.do(delete_tickets, Tickets((wish,)))
    with desk.read() as connection:
        assert ticket_form(connection, wish) is None


def test_files_of_a_ticket_go_with_it_and_come_back(desk: Desk, tmp_path: Path) -> None:
    picture = tmp_path / "screen.png"
    picture.write_bytes(b"picture")
    bug = made(desk, amber(desk), "It hangs", kind=TicketKind.BUG)
    wish = Attach((picture,), tmp_path / "files", ticket_id=bug)
    first = desk.do(attach_files, wish).value
    assert desk.do(attach_files, wish).value == first

    def files() -> list[str]:
        with desk.read() as connection:
            page = ticket_page(connection, bug, TODAY)
        return [row.kept.name for row in page.files] if page is not None else []

    assert files() == ["screen.png"]
    desk.do(detach, Detach(first))
    assert files() == []
    with desk.read() as connection:
        binned = BIN.rows(connection, BIN.ids(connection, Query(), TODAY))
    assert [row[:3] for row in binned.values()] == [("screen.png", "attachments", "Amber")]
    desk.undo()
    assert files() == ["screen.png"]
    desk.do(delete_tickets, Tickets((bug,)))
    desk.undo()
    assert files() == ["screen.png"]


def test_bugs_stand_in_a_list_of_their_own(desk: Desk) -> None:
    account = amber(desk)
    bug = made(desk, account, "It hangs", kind=TicketKind.BUG)
    made(desk, account)
    with desk.read() as connection:
        listing = bugs(TODAY, ticket_rules(connection))
        assert listing.ids(connection, Query(), TODAY) == [bug]
        counted = counts_of(connection, True, [filters for _key, _title, filters in BUG_VIEWS], TODAY)
        assert counts_of(connection, False, [(), (Filter("open"),)], TODAY) == [2, 2]
    assert counted == [1, 0, 0, 1]
    desk.do(delete_tickets, Tickets((bug,)))
    with desk.read() as connection:
        assert listing.ids(connection, Query(), TODAY) == []


def test_the_timeline_has_what_was_asked_and_what_was_told_of_it(desk: Desk) -> None:
    account = amber(desk)
    wish = made(desk, account)
    with desk.read() as connection:
        found = ticket(connection, wish, TODAY)
    assert found is not None
    assert found.row.demand_id is not None
    desk.do(review_demand, Review(found.row.demand_id, Decision.DECLINED, reason="rare", answer="There is an export"))
    with desk.read() as connection:
        notice = notices_of_account(connection, account)[0]
        before = [moment for moment in whole_timeline(connection, account) if moment.kind == "ticket"]
    assert [moment.title for moment in before] == ["Reports by shift"]
    desk.do(tell_customers, Tell((notice.id,), Channel.PHONE, text="There is an export"))
    with desk.read() as connection:
        moments = [moment for moment in whole_timeline(connection, account) if moment.kind == "ticket"]
    assert {moment.title for moment in moments} == {"Reports by shift", "Told: Declined: Reports by shift"}
    assert {moment.opens for moment in moments} == {wish}
