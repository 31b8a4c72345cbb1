"""The list of tasks by hand: made, changed, done, put off, taken back; found by the search, from an account."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import TaskSource, TaskState
from csdesk.services.core.desk import Desk
from csdesk.services.tasks.queries import TaskRow, task, tasks_of_account
from csdesk.services.visits.commands import AddVisit, RecordVisit, add_visit, record_visit
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.tasks.page import TasksPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    ask_menu,
    asked,
    button,
    check_told,
    choose,
    click,
    go,
    press,
    read,
    returned,
    rows,
    toasts,
    undo_by_toast,
)  # fmt: skip

ALL = ["late call", "send report", "next offer", "plan a day", "some day"]


def full(qtbot: QtBot, window: MainWindow) -> TasksPage:
    """The list, once it shows all five and has the keyboard."""
    page = go(qtbot, window, TasksPage, "tasks")
    qtbot.waitUntil(lambda: shown(page) == ALL)
    qtbot.waitUntil(lambda: page.table.hasFocus() and page.table.current_id() is not None)
    return page


def shown(page: TasksPage, key: str = "text") -> list[str]:
    """A column in the order of the list."""
    model = page.table.model_
    return [model.text(row, model.column_of(key)) for row in range(model.rowCount())]


def stored(window: MainWindow, task_id: int) -> TaskRow:
    found = read(window, task, task_id)
    assert found is not None
    return found


def put(dialog: FormDialog, **texts: str) -> None:
    for key, text in texts.items():
        dialog.form.cells[key].set_text(text)
        dialog.form.changed.emit()


def test_an_empty_list_says_what_to_do_first(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    page = go(qtbot, window, TasksPage, "tasks")
    qtbot.waitUntil(page.spec.first.isVisible)
    check_told(page, "No tasks yet")
    click(qtbot, button(page, "New task"))
    dialog = asked(qtbot, FormDialog)
    put(dialog, text="Call Ann", due_on="+3", account="nobody")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["account"].sentence.isVisible)
    put(dialog, account="")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: shown(page) == ["Call Ann"])
    assert undo_by_toast(qtbot, window) == "New task: Call Ann"
    qtbot.waitUntil(page.spec.first.isVisible)


def test_open_tasks_stand_by_their_day_and_say_how_they_stand(
    qtbot: QtBot, opening: Opening, five: dict[str, int]
) -> None:
    page = full(qtbot, opening())
    assert shown(page, "standing") == ["Overdue", "To do", "To do", "To do", "To do"]
    assert shown(page, "repeats") == ["", "Weekly", "", "", ""]
    assert shown(page, "account") == ["Amber", "", "Amber", "", ""]


def test_chips_and_words_narrow_the_list(qtbot: QtBot, opening: Opening, five: dict[str, int]) -> None:
    page = full(qtbot, opening())
    for view, wanted in (("overdue", ALL[:1]), ("today", ALL[1:2]), ("week", ALL[1:3]), ("done", [])):
        page.filter.choose(view)
        qtbot.waitUntil(lambda wanted=wanted: shown(page) == wanted)
    check_told(page, "No task fits")
    click(qtbot, button(page, "Clear filters"))
    qtbot.waitUntil(lambda: shown(page) == ALL)
    press(qtbot, Qt.Key.Key_Slash)
    qtbot.keyClicks(page.filter.words, "amb")
    qtbot.waitUntil(lambda: shown(page) == ["late call", "next offer"])


def test_d_marks_done_and_a_task_that_repeats_makes_the_next(
    qtbot: QtBot, opening: Opening, five: dict[str, int]
) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: shown(page)[-1] == "send report" and len(shown(page)) == 6)
    assert stored(window, five["send report"]).state == TaskState.DONE
    assert undo_by_toast(qtbot, window) == "Task done: send report"
    qtbot.waitUntil(lambda: shown(page) == ALL)


def test_s_puts_off_to_a_day_of_the_menu_or_another(qtbot: QtBot, opening: Opening, five: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_S)
    choose(qtbot, "Tomorrow")
    qtbot.waitUntil(lambda: stored(window, five["late call"]).snoozed_until == TODAY + timedelta(1))
    qtbot.waitUntil(lambda: shown(page, "standing")[0] == "Snoozed")
    returned(qtbot, window)
    page.focus_first()
    press(qtbot, Qt.Key.Key_S)
    choose(qtbot, "Another day")
    dialog = asked(qtbot, FormDialog)
    put(dialog, until="yesterday")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["until"].sentence.isVisible)
    put(dialog, until="+10")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: stored(window, five["late call"]).snoozed_until == TODAY + timedelta(10))


def test_a_task_is_changed_in_its_form_and_in_the_cell(qtbot: QtBot, opening: Opening, five: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_Return)
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft()["account"] == "Amber"
    put(dialog, due_on="2026-11-30", notes="by phone")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: stored(window, five["late call"]).due_on == TODAY + timedelta(7))
    page.table.choose(five["some day"])
    page.focus_first()
    press(qtbot, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "one day")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stored(window, five["some day"]).text == "one day")


def test_many_are_ticked_and_done_or_deleted_at_once(qtbot: QtBot, opening: Opening, five: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    qtbot.waitUntil(page.bulk.isVisible)
    press(qtbot, Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: shown(page) == ALL[2:])
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: shown(page) == ALL)


def test_rows_are_copied_as_a_spreadsheet_takes_them(qtbot: QtBot, opening: Opening, five: dict[str, int]) -> None:
    page = full(qtbot, opening())
    qtbot.keyClick(page.table, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text().split("\t")[:4] == ["late call", "2026-11-20", "Overdue", "Amber"]


def test_the_menu_drops_opens_again_and_leads_to_the_account(
    qtbot: QtBot, opening: Opening, five: dict[str, int]
) -> None:
    window = opening()
    page = full(qtbot, window)
    ask_menu(page.table)
    choose(qtbot, "Drop")
    qtbot.waitUntil(lambda: stored(window, five["late call"]).state == TaskState.DROPPED)
    page.table.choose(five["late call"])
    returned(qtbot, window)
    ask_menu(page.table)
    choose(qtbot, "Open again")
    qtbot.waitUntil(lambda: stored(window, five["late call"]).is_open)
    returned(qtbot, window)
    page.table.choose(five["some day"])
    page.focus_first()
    press(qtbot, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: "This task belongs to no account." in toasts(window))
    page.table.choose(five["late call"])
    press(qtbot, Qt.Key.Key_O)
    detail = arrived(qtbot, window, AccountPage)
    assert detail.tabs.current() == "tasks"


def test_the_account_has_its_tasks_and_takes_a_new_one(qtbot: QtBot, opening: Opening, five: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, AccountPage, "accounts", id=five["Amber"], tab="tasks")
    view = page.lists["tasks"]
    qtbot.waitUntil(lambda: rows(view) == ["late call", "next offer"] and page.add.isVisible())
    click(qtbot, page.add)
    dialog = asked(qtbot, FormDialog)
    put(dialog, text="Say thanks", due_on="+1")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: rows(view) == ["late call", "Say thanks", "next offer"])
    page.focus_first()
    view.choose_first()
    press(qtbot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: rows(view) == ["Say thanks", "next offer", "late call"])
    view.choose_first()
    press(qtbot, Qt.Key.Key_S)
    choose(qtbot, "In three days")
    (first, *_rest) = read(window, tasks_of_account, five["Amber"])
    qtbot.waitUntil(lambda: stored(window, first.id).snoozed_until == TODAY + timedelta(3))


def test_the_next_step_of_a_visit_becomes_a_task(
    qtbot: QtBot, opening: Opening, desk: Desk, five: dict[str, int]
) -> None:
    visit = desk.do(add_visit, AddVisit(five["Amber"], TODAY)).value
    desk.do(record_visit, RecordVisit(visit, TODAY, "well", "send the price list"))
    window = opening()
    page = go(qtbot, window, AccountPage, "accounts", id=five["Amber"], tab="visits")
    qtbot.waitUntil(lambda: len(rows(page.lists["visits"])) == 1)
    page.lists["visits"].choose_first()
    ask_menu(page.lists["visits"])
    choose(qtbot, "Task from the next step")
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft()["text"] == "send the price list"
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    made = next(row for row in read(window, tasks_of_account, five["Amber"]) if row.text == "send the price list")
    assert (made.source, made.source_id) == (TaskSource.VISIT, visit)


def test_a_task_found_by_the_search_is_chosen_in_the_list(qtbot: QtBot, opening: Opening, five: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    page.filter.choose("overdue")
    qtbot.waitUntil(lambda: shown(page) == ["late call"])
    window.context.go.to("tasks", task=five["plan a day"])
    qtbot.waitUntil(lambda: page.table.current_id() == five["plan a day"])
    assert shown(page) == ALL
