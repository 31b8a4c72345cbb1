"""The timeline by hand: L, @ and !, chips and words, entries changed and deleted."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.queries import account
from csdesk.services.interactions.queries import interactions_of
from csdesk.services.tasks.queries import tasks_of_account
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.accounts.page import AccountsPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.visits.detail import VisitPage
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, SHIFT, arrived, asked, click, go, press, read, returned, rows, undo_by_toast

TODAY = date(2026, 11, 23)


def at(qtbot: QtBot, window: MainWindow, record: int) -> AccountPage:
    page = go(qtbot, window, AccountPage, "accounts", id=record)
    qtbot.waitUntil(lambda: page.view is not None and page.view.account.id == record)
    return page


def said(qtbot: QtBot, page: AccountPage, words: str, kind: str = "note") -> None:
    """L, the kind, the words, Enter."""
    press(qtbot, Qt.Key.Key_L)
    qtbot.waitUntil(page.timeline.composer.text.hasFocus)
    page.timeline.composer.kind.choose(kind)
    qtbot.keyClicks(page.timeline.composer.text, words)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.timeline.composer.draft() == "")
    qtbot.keyClick(page.timeline.composer.text, Qt.Key.Key_Escape)
    page.window().activateWindow()
    qtbot.waitUntil(page.timeline.list.hasFocus)


def test_a_call_with_somebody_and_its_task_are_written_down(
    qtbot: QtBot, opening: Opening, six: dict[str, int]
) -> None:
    window = opening()
    page = at(qtbot, window, six["Amber"])
    said(qtbot, page, "@Ann Lee asked for figures", "call")
    qtbot.waitUntil(lambda: rows(page.timeline.list)[:1] == ["Call"])
    (row,) = read(window, interactions_of, six["Amber"])
    assert (row.contact, row.text) == ("Ann Lee", "@Ann Lee asked for figures")
    assert read(window, account, six["Amber"]).last_contact_on == TODAY
    said(qtbot, page, "! 12-05 send them")
    qtbot.waitUntil(lambda: "send them" in rows(page.timeline.list))
    (task,) = read(window, tasks_of_account, six["Amber"])
    assert (task.text, task.due_on) == ("send them", date(2026, 12, 5))
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: "send them" not in rows(page.timeline.list))


def test_the_sign_offers_the_people(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    page = at(qtbot, opening(), six["Amber"])
    press(qtbot, Qt.Key.Key_L)
    text = page.timeline.composer.text
    qtbot.keyClicks(text, "met @an")
    qtbot.waitUntil(text.popup.isVisible)
    qtbot.keyClick(text.popup, Qt.Key.Key_Return)
    assert text.toPlainText() == "met @Ann Lee "
    press(qtbot, Qt.Key.Key_Return, SHIFT)
    qtbot.keyClicks(text, "twice")
    assert text.toPlainText() == "met @Ann Lee \ntwice"


def test_nothing_is_sent_where_nothing_was_written(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = at(qtbot, window, six["Birch"])
    press(qtbot, Qt.Key.Key_L)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.keyClicks(page.timeline.composer.text, "!")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(window.speaker.bars.texts()))
    assert read(window, interactions_of, six["Birch"]) == []


def test_chips_and_words_narrow_the_list(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    page = at(qtbot, opening(), six["Fir"])
    said(qtbot, page, "budget is tight")
    said(qtbot, page, "called about seats", "call")
    qtbot.waitUntil(lambda: {"Call", "Note"} <= set(rows(page.timeline.list)))
    click(qtbot, page.timeline.chips["note"])
    assert rows(page.timeline.list) == ["Note"]
    click(qtbot, page.timeline.chips[""])
    qtbot.keyClicks(page.timeline.words, "seats")
    assert rows(page.timeline.list) == ["Call"]
    qtbot.keyClicks(page.timeline.words, "xyz")
    assert rows(page.timeline.list) == []
    page.timeline.words.clear()
    assert len(rows(page.timeline.list)) > 1


def test_an_entry_is_changed_deleted_and_taken_back(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = at(qtbot, window, six["Elm"])
    said(qtbot, page, "first words")
    qtbot.waitUntil(lambda: "Note" in rows(page.timeline.list))
    page.timeline.list.choose_first()
    press(qtbot, Qt.Key.Key_Return)
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["text"].set_text("better words")
    dialog.form.cells["happened_on"].set_text("2026-11-20")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: [row.text for row in read(window, interactions_of, six["Elm"])] == ["better words"])
    note = next(line.key for line in page.timeline.list.lines if line.title == "Note")
    page.timeline.list.choose(note)
    page.timeline.list.setFocus()
    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: read(window, interactions_of, six["Elm"]) == [])
    press(qtbot, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: len(read(window, interactions_of, six["Elm"])) == 1)


def test_l_in_the_list_of_accounts_leads_into_the_composer(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, AccountsPage, "accounts")
    qtbot.waitUntil(lambda: page.table.current_id() is not None)
    page.focus_first()
    press(qtbot, Qt.Key.Key_L)
    detail = arrived(qtbot, window, AccountPage)
    qtbot.waitUntil(detail.timeline.composer.text.hasFocus)
    assert QApplication.focusWidget() is detail.timeline.composer.text


def test_what_was_not_sent_is_there_when_one_comes_back(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = at(qtbot, window, six["Amber"])
    press(qtbot, Qt.Key.Key_L)
    qtbot.keyClicks(page.timeline.composer.text, "half a sent")
    at(qtbot, window, six["Birch"])
    assert page.timeline.composer.draft() == ""
    at(qtbot, window, six["Amber"])
    qtbot.waitUntil(lambda: page.timeline.composer.draft() == "half a sent")


def test_p_leads_to_the_next_visit(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    from csdesk.services.visits.commands import AddVisit, add_visit

    window = opening()
    window.context.desk.do(add_visit, AddVisit(six["Amber"], date(2026, 11, 25)))
    page = at(qtbot, window, six["Amber"])
    page.focus_first()
    press(qtbot, Qt.Key.Key_P)
    visit = arrived(qtbot, window, VisitPage)
    qtbot.waitUntil(lambda: visit.name.text() == "Amber")
