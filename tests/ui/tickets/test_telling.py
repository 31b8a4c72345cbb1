"""The queue of answers and the releases by hand: chosen, rewritten, copied, told, taken back; from Today and from a visit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import NoticeState
from csdesk.services.core.desk import Desk
from csdesk.services.settings.queries import setting
from csdesk.services.tickets.queries import NoticeRow, notice_rows
from csdesk.services.tickets.releases import ChangeRelease, save_release
from csdesk.services.tickets.shipping import outlook
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.dialogs import QuestionDialog
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.list_page import ListPage
from csdesk.ui.core.window import MainWindow
from csdesk.ui.gallery import settle
from csdesk.ui.settings.answer_texts import AnswerTextsSection
from csdesk.ui.settings.page import SettingsPage
from csdesk.ui.tickets.releases import ReleasesPage
from csdesk.ui.tickets.telling import TellingPage
from csdesk.ui.today.page import TodayPage
from csdesk.ui.visits.detail import VisitPage
from tests.conftest import TODAY
from tests.services.tickets.asking import Story, accept, decline, notice_ids, promise, told_story
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    asked,
    button,
    check_told,
    click,
    go,
    labels,
    press,
    read,
    returned,
    rows,
    toasts,
    undo_by_toast,
    write,
)  # fmt: skip

DAY = date(2026, 12, 18)


@pytest.fixture
def story(desk: Desk) -> Story:
    """Amber and Birch are to hear a decline of five days ago, Cedar a date of today."""
    found = told_story(desk)
    decline(desk, found.demand, TODAY - timedelta(5))
    promise(desk, found.bug, DAY)
    return found


def shown(page: ListPage, key: str = "account") -> list[str]:
    """A column in the order of the list."""
    model = page.table.model_
    return [model.text(row, model.column_of(key)) for row in range(model.rowCount())]


def queue(qtbot: QtBot, window: MainWindow) -> TellingPage:
    """The queue, once it shows all three and the first one beside it."""
    page = go(qtbot, window, TellingPage, "telling")
    qtbot.waitUntil(lambda: shown(page) == ["Amber", "Birch", "Cedar"])
    qtbot.waitUntil(lambda: page.table.hasFocus() and page.pane.view is not None)
    qtbot.waitUntil(lambda: any(label.text().startswith("\u201c") for label in labels(page.pane)))
    return page


def says(qtbot: QtBot, root: QWidget, words: str) -> None:
    """A label comes to hold these words."""
    qtbot.waitUntil(lambda: any(words in label.text() for label in labels(root)))


def stored(window: MainWindow, notice: int) -> NoticeRow:
    found: NoticeRow = read(window, notice_rows, (notice,))[notice]
    return found


def down(qtbot: QtBot, page: TellingPage, name: str) -> None:
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.pane.view is not None and page.pane.view.row.account == name)
    qtbot.waitUntil(lambda: any(label.text().startswith("\u201c") for label in labels(page.pane)))


def test_an_empty_queue_says_what_fills_it(qtbot: QtBot, opening: Opening) -> None:
    page = go(qtbot, opening(), TellingPage, "telling")
    qtbot.waitUntil(page.spec.first.isVisible)
    check_told(page, "Nobody waits for an answer")
    assert not page.pane.isVisible()


def test_the_chosen_answer_shows_words_decision_and_text(qtbot: QtBot, opening: Opening, story: Story) -> None:
    window = opening()
    page = queue(qtbot, window)
    assert shown(page, "days") == ["5", "5", "0"]
    assert shown(page, "age") == ["late", "late", ""]
    check_told(page.pane, "“We copy 300 lines by hand, <b>every</b> month”")
    check_told(page.pane, "Reason, for us: too few")
    check_told(page.pane, "late \u00b7 5 days \u00b7 since")
    assert "Use the print view." in page.pane.words()
    assert (page.pane.channel.value(), page.pane.contact.value()) == ("phone", story.people["Amber"])
    press(qtbot, Qt.Key.Key_C)
    assert QGuiApplication.clipboard().text() == page.pane.words()
    assert toasts(window)[-1] == "The text for Amber was copied."
    down(qtbot, page, "Birch")
    says(qtbot, page.pane, "“Export to Excel, please”")
    press(qtbot, Qt.Key.Key_O)
    detail = arrived(qtbot, window, AccountPage)
    qtbot.waitUntil(lambda: detail.header.name.text() == "Birch")


def test_d_marks_as_told_with_the_text_as_it_stands_and_undo_takes_it_back(
    qtbot: QtBot, opening: Opening, story: Story
) -> None:
    window = opening()
    page = queue(qtbot, window)
    (first, *_rest) = notice_ids(window.context.desk)
    press(qtbot, Qt.Key.Key_Return)
    assert page.pane.text.hasFocus()
    press(qtbot, Qt.Key.Key_A, CTRL)
    write("=not for now, sorry")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: shown(page) == ["Birch", "Cedar"])
    qtbot.waitUntil(lambda: page.pane.view is not None and page.pane.view.row.account == "Birch")
    told = stored(window, first)
    assert (told.state, told.text, told.channel, told.contact_id) == (
        NoticeState.TOLD, "=not for now, sorry", "phone", story.people["Amber"],
    )  # fmt: skip
    assert page.table.hasFocus()
    press(qtbot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: shown(page) == ["Cedar"])
    assert undo_by_toast(qtbot, window) == "Customers told: Birch"
    qtbot.waitUntil(lambda: shown(page) == ["Birch", "Cedar"])
    page.filter.choose("told")
    qtbot.waitUntil(lambda: shown(page) == ["Amber"])
    qtbot.waitUntil(lambda: page.pane.view is not None and page.pane.view.row.account == "Amber")
    says(qtbot, page.pane, "What they were told")
    assert page.pane.text.isReadOnly()
    assert not page.pane.tell.isVisible()


def test_a_text_is_kept_when_one_goes_on_and_goes_back_to_the_template(
    qtbot: QtBot, opening: Opening, story: Story
) -> None:
    window = opening()
    page = queue(qtbot, window)
    first = notice_ids(window.context.desk)[0]
    proposed = page.pane.words()
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_A, CTRL)
    write("later")
    page.table.setFocus()
    qtbot.waitUntil(lambda: stored(window, first).text == "later")
    qtbot.waitUntil(page.pane.reset.isVisible)
    click(qtbot, page.pane.reset)
    qtbot.waitUntil(lambda: page.pane.words() == proposed)
    assert stored(window, first).text == ""


def test_several_are_told_in_one_step(qtbot: QtBot, opening: Opening, story: Story) -> None:
    window = opening()
    page = queue(qtbot, window)
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    qtbot.waitUntil(page.bulk.isVisible)
    press(qtbot, Qt.Key.Key_D)
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["channel"].set_text("mail")
    dialog.form.cells["on"].set_text("2026-11-17")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["on"].sentence.isVisible)
    dialog.form.cells["on"].set_text("2026-11-20")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: shown(page) == ["Cedar"])
    page.filter.choose("told")
    qtbot.waitUntil(lambda: shown(page, "channel") == ["Mail", "Mail"])
    assert undo_by_toast(qtbot, window) == "Customers told: Amber, Birch"
    qtbot.waitUntil(lambda: shown(page) == [])


def test_chips_words_and_a_queue_that_was_worked_off(qtbot: QtBot, opening: Opening, story: Story) -> None:
    window = opening()
    page = queue(qtbot, window)
    for view, wanted in (("late", ["Amber", "Birch"]), ("dates", ["Cedar"]), ("declined", ["Amber", "Birch"])):
        page.filter.choose(view)
        qtbot.waitUntil(lambda wanted=wanted: shown(page) == wanted)
    page.filter.choose("open")
    press(qtbot, Qt.Key.Key_Slash)
    qtbot.keyClicks(page.filter.words, "bir")
    qtbot.waitUntil(lambda: shown(page) == ["Birch"])
    page.filter.clear_all()
    qtbot.waitUntil(lambda: len(shown(page)) == 3)
    page.table.setFocus()
    press(qtbot, Qt.Key.Key_A, CTRL)
    press(qtbot, Qt.Key.Key_D)
    asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: shown(page) == [])
    says(qtbot, page, "Everybody knows")
    click(qtbot, button(page, "Show what was told"))
    qtbot.waitUntil(lambda: len(shown(page)) == 3)


def test_today_leads_to_the_answer_that_waits_longest(qtbot: QtBot, opening: Opening, story: Story) -> None:
    window = opening()
    page = arrived(qtbot, window, TodayPage)
    title = "Tell Amber why “We copy 300 lines by hand, <b>every</b>…” will not come"
    qtbot.waitUntil(lambda: title in rows(page.list) and page.list.hasFocus())
    line = next(one for one in page.list.lines if one.title == title)
    assert line.right_badge is not None
    assert line.right_badge.text == "2 days over"
    page.list.choose(line.key)
    assert page.act.words() == "Tell the customer"
    press(qtbot, Qt.Key.Key_Return)
    telling = arrived(qtbot, window, TellingPage)
    qtbot.waitUntil(lambda: telling.pane.view is not None and telling.pane.view.row.account == "Amber")
    press(qtbot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: shown(telling) == ["Birch", "Cedar"])
    window.context.go.back()
    arrived(qtbot, window, TodayPage)
    qtbot.waitUntil(lambda: title not in rows(page.list))


def test_a_visit_tells_and_its_record_says_so(qtbot: QtBot, opening: Opening, story: Story, desk: Desk) -> None:
    visit = desk.do(add_visit, AddVisit(story.accounts["Amber"], TODAY, contact_id=story.people["Amber"])).value
    first = notice_ids(desk)[0]
    window = opening()
    page = go(qtbot, window, VisitPage, "visits", id=visit)
    qtbot.waitUntil(lambda: page.view is not None and len(page.view.report_back) == 1)
    says(qtbot, page, "To report back")
    window.context.actions.run("visit.record")
    dialog = asked(qtbot, FormDialog)
    tick = dialog.form.cells[f"told.{first}"]
    assert tick.isVisible()
    dialog.form.cells["outcome"].set_text("absent")
    dialog.form.cells["outcome"].edited.emit()
    assert not tick.isVisible()
    dialog.form.cells["outcome"].set_text("visited")
    dialog.form.cells["outcome"].edited.emit()
    tick.editor.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    dialog.form.cells["next_step"].set_text("call ! +7")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.view is not None and page.view.report_back == ())
    told = stored(window, first)
    assert (told.state, told.channel, told.told_on) == (NoticeState.TOLD, "visit", TODAY)
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: page.view is not None and len(page.view.report_back) == 1)
    settle(window)
    line = next(view for view in page.findChildren(type(page.needs)) if view.accessibleName() == "To report back")
    line.choose(line.lines[0].key)
    line.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    telling = arrived(qtbot, window, TellingPage)
    qtbot.waitUntil(lambda: telling.pane.notice_id == first)


@pytest.fixture
def planned(desk: Desk) -> int:
    """V3.2 with a demand of Amber and Birch for its own day and a bug of Cedar's for another."""
    found = told_story(desk)
    release: int = desk.do(save_release, ChangeRelease(None, "V3.2", DAY)).value
    accept(desk, found.demand, DAY, "V3.2")
    promise(desk, found.bug, DAY + timedelta(2), release="V3.2")
    return release


def releases(qtbot: QtBot, window: MainWindow) -> ReleasesPage:
    page = go(qtbot, window, ReleasesPage, "releases")
    qtbot.waitUntil(lambda: shown(page, "name") == ["V3.2"] and page.table.hasFocus() and bool(page.asked.lines))
    return page


def put(dialog: FormDialog, **texts: str) -> None:
    for key, text in texts.items():
        dialog.form.cells[key].set_text(text)
        dialog.form.changed.emit()


def test_a_release_is_entered_by_hand(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    page = go(qtbot, window, ReleasesPage, "releases")
    qtbot.waitUntil(page.spec.first.isVisible)
    click(qtbot, button(page, "New release"))
    dialog = asked(qtbot, FormDialog)
    put(dialog, name="", planned_on="someday")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["planned_on"].sentence.isVisible)
    put(dialog, name="V4 <b>", planned_on="2027-01-15")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: shown(page, "name") == ["V4 <b>"])
    says(qtbot, page, "Nothing is planned for it yet")
    assert undo_by_toast(qtbot, window) == "Release V4 <b> saved"
    qtbot.waitUntil(page.spec.first.isVisible)


def test_moving_a_release_asks_for_the_dates_of_what_is_in_it(qtbot: QtBot, opening: Opening, planned: int) -> None:
    window = opening()
    page = releases(qtbot, window)
    assert rows(page.asked) == ["Amber", "Birch", "Cedar"]
    for keep, moved in ((True, False), (False, True)):
        press(qtbot, Qt.Key.Key_Return)
        dialog = asked(qtbot, FormDialog)
        put(dialog, planned_on="2026-12-28")
        press(qtbot, Qt.Key.Key_Return, CTRL)
        question = asked(qtbot, QuestionDialog)
        check_told(question, "Promised for that day: 1 demand. If their dates move too, 2 customers are to be told.")
        click(qtbot, question.keep if keep else question.verb)
        returned(qtbot, window)
        found = read(window, outlook, planned)
        assert (found.planned_on, found.dated.demands) == (date(2026, 12, 28), int(moved))
        if keep:
            window.context.runner.undo()
            qtbot.waitUntil(lambda: read(window, outlook, planned).planned_on == DAY)
    page.table.setFocus()


def test_shipping_says_who_is_to_be_told_and_leads_there(qtbot: QtBot, opening: Opening, planned: int) -> None:
    window = opening()
    page = releases(qtbot, window)
    press(qtbot, Qt.Key.Key_D)
    dialog = asked(qtbot, FormDialog)
    check_told(dialog, "V3.2 came out: 3 customers are to be told")
    put(dialog, on="+3")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["on"].sentence.isVisible)
    put(dialog, on=TODAY.isoformat())
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    page.filter.choose("out")
    qtbot.waitUntil(lambda: shown(page, "untold") == ["3"])
    qtbot.waitUntil(page.tell.isVisible)
    assert not page.ship.isVisible()
    click(qtbot, page.tell)
    telling = arrived(qtbot, window, TellingPage)
    qtbot.waitUntil(lambda: shown(telling, "cause") == ["Released", "Released", "Bug fixed"])
    window.context.runner.undo()
    qtbot.waitUntil(lambda: "Date set" in shown(telling, "cause"))


def test_texts_of_answers_are_written_with_a_look_at_them(qtbot: QtBot, opening: Opening, story: Story) -> None:
    window = opening()
    page = go(qtbot, window, SettingsPage, "settings", section="answers")
    section = page.section
    assert isinstance(section, AnswerTextsSection)
    cause = next(one for one in section.editors if one == "declined")
    editor = section.editors[cause]
    qtbot.waitUntil(lambda: "will not be built" in editor.toPlainText())
    assert "Ms Chen" in section.looks[cause].text()
    editor.setFocus()
    press(qtbot, Qt.Key.Key_A, CTRL)
    write("{account}: no[, {nobody}][ {answer}] {wrong}")
    assert section.looks[cause].text().startswith("Amber Foods: no, {nobody} A statement")
    check_told(section, "No such name: {nobody}, {wrong}. It stays as it is.")
    press(qtbot, Qt.Key.Key_A, CTRL)
    write("{account}: no[ {answer}]")
    assert not section.wrong[cause].isVisible()
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: read(window, setting, "tickets.templates") == {"declined": "{account}: no[ {answer}]"})
    telling = queue(qtbot, window)
    qtbot.waitUntil(lambda: telling.pane.words() == "Amber: no Use the print view.")
    go(qtbot, window, SettingsPage, "settings", section="answers")
    qtbot.waitUntil(section.resets[cause].isVisible)
    click(qtbot, section.resets[cause])
    qtbot.waitUntil(lambda: read(window, setting, "tickets.templates") == {})
    qtbot.waitUntil(lambda: "will not be built" in editor.toPlainText())
