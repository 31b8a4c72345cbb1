"""The page of one ticket, an account's tickets and its timeline, by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import Channel, Decision
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import MoveTickets, move_tickets
from csdesk.services.tickets.demands import Review, review_demand
from csdesk.services.tickets.telling import Tell, tell_customers
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.lines import LinesView
from csdesk.ui.core.parts import StateBadge
from csdesk.ui.core.window import MainWindow
from csdesk.ui.tickets.capture import CaptureDialog
from csdesk.ui.tickets.ticket import TicketPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    arrived,
    asked,
    button,
    carry,
    check_told,
    choose,
    click,
    go,
    labels,
    press,
    returned,
    rows,
    undo_by_toast,
    write,
)  # fmt: skip
from tests.ui.tickets.stock import BUG, WISH, Stock, stocked, view, with_search
from tests.ui.walkers import check_named, check_room


@pytest.fixture
def stock(desk: Desk) -> Stock:
    return stocked(desk)


def at(qtbot: QtBot, window: MainWindow, ticket_id: int) -> TicketPage:
    page = go(qtbot, window, TicketPage, "ticket", id=ticket_id)
    qtbot.waitUntil(lambda: page.view is not None and page.view.ticket.row.id == ticket_id)
    qtbot.waitUntil(lambda: told(page, "\u201c"))
    return page


def told(page: TicketPage, words: str) -> bool:
    return any(words in label.text() for label in labels(page))


def badges(page: TicketPage) -> list[str]:
    return [badge.accessibleName() for badge in page.findChildren(StateBadge) if badge.isVisible()]


def test_a_ticket_tells_who_said_what_and_where_it_stands(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    page = at(qtbot, opening(), stock.wish)
    assert (page.name.text(), page.number.text()) == (WISH, "R-0001")
    assert "9 days" in page.facts.text()
    check_told(page, "“我只想看本班报了多少”")
    assert page.demand_link.words() == f"D-0001 {WISH}"
    check_named(page)
    check_room(page)


def test_what_a_move_lacks_is_said_and_leads_to_the_field(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    window = opening()
    page = at(qtbot, window, stock.wish)
    assert page.next.words() == "Clarified"
    assert page.lacks.text() == "Say first why the customer wants it."
    page.setFocus()
    press(qtbot, Qt.Key.Key_D)
    dialog = asked(qtbot, FormDialog)
    qtbot.waitUntil(dialog.form.cells["why"].sentence.isVisible)
    assert dialog.form.cells["why"].editor.hasFocus()
    write("The shift leader pays by it")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.lacks.text() == "")
    check_told(page, "The shift leader pays by it")
    press(qtbot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: view(desk, stock.wish).row.state == "clarified")
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: page.next.isVisible() and page.next.words() == "Clarified")


def test_a_bug_tells_what_was_promised_first_and_now_and_whether_it_was_kept(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    first = TODAY - timedelta(2)
    desk.do(move_tickets, MoveTickets((stock.bug,), "accept", planned_on=first, on=TODAY - timedelta(9)))
    page = at(qtbot, opening(), stock.bug)
    qtbot.waitUntil(lambda: told(page, "Promised first for"))
    assert not told(page, "Promised now for")
    assert "missed, still open" in badges(page)
    desk.do(move_tickets, MoveTickets((stock.bug,), "redate", planned_on=TODAY + timedelta(6)))
    desk.do(move_tickets, MoveTickets((stock.bug,), "redate", planned_on=TODAY + timedelta(9)))
    page.refresh()
    qtbot.waitUntil(lambda: told(page, "Promised now for"))
    assert any("moved 2 times" in text for text in badges(page))
    desk.do(move_tickets, MoveTickets((stock.bug,), "fix"))
    page.refresh()
    qtbot.waitUntil(lambda: told(page, "Fixed on"))
    assert "missed" in badges(page)
    assert page.next.words() == "Tell the customer"


def test_declining_asks_for_a_reason_and_for_words_the_customer_can_accept(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    window = opening()
    page = at(qtbot, window, stock.bug)
    page.setFocus()
    press(qtbot, Qt.Key.Key_A)
    choose(qtbot, "Decline")
    dialog = asked(qtbot, FormDialog)
    write("as designed")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["answer"].sentence.isVisible)
    dialog.form.cells["answer"].editor.setFocus()
    write("Early in the morning the reports run")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: "Declined" in badges(page))
    qtbot.waitUntil(lambda: told(page, "Early in the morning the reports run"))


def test_files_are_dropped_on_a_ticket_and_taken_off(
    qtbot: QtBot, opening: Opening, stock: Stock, tmp_path: Path
) -> None:
    shot = tmp_path / "screen.png"
    shot.write_bytes(b"picture")
    window = opening()
    page = at(qtbot, window, stock.bug)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(shot))])
    assert carry(page, data)
    qtbot.waitUntil(lambda: page.view is not None and [row.kept.name for row in page.view.files] == ["screen.png"])
    files = next(one for one in page.findChildren(LinesView) if one.accessibleName() == "Files" and one.lines)
    assert rows(files) == ["screen.png"]
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: page.view is not None and page.view.files == ())


def test_a_deleted_ticket_says_where_it_is(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = opening()
    page = at(qtbot, window, stock.bug)
    page.setFocus()
    press(qtbot, Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: told(page, "This ticket is not here any more"))
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: page.view is not None)


def at_account(qtbot: QtBot, window: MainWindow, account: int, tab: str) -> AccountPage:
    page = go(qtbot, window, AccountPage, "accounts", id=account, tab=tab)
    qtbot.waitUntil(lambda: page.view is not None)
    return page


def test_an_account_shows_its_tickets_and_what_it_was_told(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    day = TODAY + timedelta(30)
    desk.do(review_demand, Review(stock.demand, Decision.ACCEPTED, planned_on=day))
    notice = view(desk, stock.wish).notices[0]
    desk.do(tell_customers, Tell((notice.id,), Channel.PHONE))
    window = opening()
    page = at_account(qtbot, window, stock.chengyue, "tickets")
    lines = page.lists["tickets"]
    qtbot.waitUntil(lambda: len(rows(lines)) == 2)
    assert [line.title for line in lines.lines] == [
        WISH, "What this customer was told", f"Date set · {day.isoformat()}: {WISH}",
    ]  # fmt: skip
    assert [badge.text for badge in lines.lines[0].badges] == ["Accepted, dated"]
    lines.setFocus()
    qtbot.waitUntil(lambda: lines.hasFocus() and lines.current_key() == ("ticket", stock.wish))
    press(qtbot, Qt.Key.Key_Return)
    assert arrived(qtbot, window, TicketPage).ticket_id == stock.wish


def test_the_timeline_has_what_was_asked_and_what_was_told(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    desk.do(review_demand, Review(stock.demand, Decision.DECLINED, reason="rare", answer="There is an export"))
    desk.do(tell_customers, Tell((view(desk, stock.wish).notices[0].id,), Channel.PHONE))
    window = opening()
    page = at_account(qtbot, window, stock.chengyue, "timeline")
    chip = page.timeline.chips["ticket"]
    qtbot.waitUntil(chip.isVisible)
    click(qtbot, chip)
    assert rows(page.timeline.list) == [f"Told: Declined: {WISH}", WISH]
    assert page.timeline.list.lines[1].note == "R-0001 · Customer told"
    page.timeline.list.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert arrived(qtbot, window, TicketPage).ticket_id == stock.wish


def test_an_account_without_tickets_offers_the_first(qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock) -> None:
    from csdesk.services.tickets.commands import Tickets, delete_tickets

    desk.do(delete_tickets, Tickets((stock.wish,)))
    window = opening()
    page = at_account(qtbot, window, stock.chengyue, "tickets")
    qtbot.waitUntil(lambda: any("Nothing asked for yet" in label.text() for label in labels(page)))
    click(qtbot, button(page._holders["tickets"], "New ticket"))
    dialog = asked(qtbot, CaptureDialog)
    assert dialog.account.value == stock.chengyue
    dialog.reject()


@pytest.mark.parametrize(("typed", "number"), [("r-1", "R-0001"), ("b1", "B-0001"), ("登录", "B-0001")])
def test_the_palette_finds_tickets_by_number_and_words(
    qtbot: QtBot, opening: Opening, stock: Stock, typed: str, number: str
) -> None:
    window = with_search(opening())
    window.palette_box.open(typed)
    found = [row for row in window.palette_box.model.rows() if row.run is not None and number in row.subtitle]
    assert len(found) == 1
    found[0].run()
    page = arrived(qtbot, window, TicketPage)
    qtbot.waitUntil(lambda: page.number.text() == number)


def test_the_palette_finds_a_demand_by_its_number(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = with_search(opening())
    window.palette_box.open("d-1")
    assert [row.title for row in window.palette_box.model.rows() if row.subtitle == "D-0001"] == [WISH]


def test_a_bug_s_words_are_not_a_wish_s(stock: Stock, desk: Desk) -> None:
    assert view(desk, stock.bug).row.title == BUG
