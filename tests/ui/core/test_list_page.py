"""The list page as the accounts slice fills it, over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.columns import Filter
from csdesk.services.core.desk import Desk
from csdesk.ui.accounts.page import AccountsPage
from csdesk.ui.core.context import Context
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.messages import Toast
from csdesk.ui.core.parts import Button, EmptyState, Label, RemovableChip
from csdesk.ui.core.runner import Runner

NAMES = ("Amber", "Birch", "Cedar", "Dogwood", "Elm", "Fir")


@pytest.fixture
def opened(context: Context, desk: Desk, qapp: QApplication) -> Iterator[Context]:
    """A context with six accounts in a real store."""
    for place, name in enumerate(NAMES):
        fields = AccountFields(name, tier=tuple(Tier)[place % 3], city="Wuxi" if place < 2 else "Suzhou")
        desk.do(create_account, NewAccount(fields))
    runner = Runner(desk, context.messages)
    context.open(desk, runner)
    yield context
    runner.close()
    qapp.processEvents()


def page_of(qtbot: QtBot, context: Context, width: int = 1300) -> AccountsPage:
    """The page, shown and filled."""
    page = AccountsPage(context)
    qtbot.addWidget(page)
    context.runner.changed.connect(page.refresh)
    page.resize(width, 700)
    page.show()
    with qtbot.waitSignal(page.table.counted):
        page.arrive({})
    qtbot.waitUntil(lambda: page._all is not None)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.focus_first()
    return page


def names(page: AccountsPage) -> list[str]:
    """The names in sight, in alphabetical order."""
    model = page.table.model_
    return sorted(model.text(row, model.column_of("name")) for row in range(model.rowCount()))


def conditions(page: AccountsPage) -> list[str]:
    """The conditions as they are read out."""
    return [chip.accessibleName() for chip in page.findChildren(RemovableChip) if chip.isVisible()]


def press(qtbot: QtBot, button: Any) -> None:
    """A click in the middle."""
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_head_counts_and_the_foot_sums(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened)
    assert names(page) == list(NAMES)
    qtbot.waitUntil(lambda: page.count.text() == "6 / 6 accounts")
    assert page.sum.text() == "ARR in all 0 CNY"
    assert page.filter.chips.chips["tier_a"]._count == "2"


def test_a_chip_narrows_and_its_condition_can_be_taken_away(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened)
    with qtbot.waitSignal(page.table.counted):
        press(qtbot, page.filter.chips.chips["tier_a"])
    assert names(page) == ["Amber", "Dogwood"]
    assert conditions(page) == ["Tier A"]
    chip = next(chip for chip in page.findChildren(RemovableChip) if chip.isVisible())
    with qtbot.waitSignal(page.table.counted):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert names(page) == list(NAMES)
    assert page.filter.note.isVisible()


def test_words_filter_after_a_moment_and_escape_empties(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened)
    assert page.focus_filter()
    words = page.filter.words
    assert words.hasFocus()
    with qtbot.waitSignal(page.table.counted):
        qtbot.keyClicks(words, "wuxi")
    assert names(page) == ["Amber", "Birch"]
    qtbot.keyClick(words, Qt.Key.Key_Return)
    assert page.table.hasFocus()
    page.focus_filter()
    with qtbot.waitSignal(page.table.counted):
        qtbot.keyClick(words, Qt.Key.Key_Escape)
    assert names(page) == list(NAMES)


def test_a_condition_is_added_from_the_menu(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened)
    press(qtbot, page.filter.add)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    tiers = next(action.menu() for action in menu.actions() if action.text() == "Tier")
    assert isinstance(tiers, QMenu)
    with qtbot.waitSignal(page.table.counted):
        tiers.actions()[1].trigger()
    menu.close()
    assert names(page) == ["Birch", "Elm"]


def test_filtered_to_nothing_repeats_the_conditions(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened)
    with qtbot.waitSignal(page.table.counted):
        page.filter.put(Filter("tier", "A"))
    with qtbot.waitSignal(page.table.counted):
        qtbot.keyClicks(page.filter.words, "zzz")
    empty = next(state for state in page.findChildren(EmptyState) if state.isVisible())
    said = [label.text() for label in empty.findChildren(Label)]
    assert said == ["No account fits", "Conditions: Tier A, “zzz”"]
    with qtbot.waitSignal(page.table.counted):
        press(qtbot, empty.primary)
    assert names(page) == list(NAMES)


def test_an_empty_desk_says_what_to_do_first(qtbot: QtBot, context: Context, desk: Desk) -> None:
    runner = Runner(desk, context.messages)
    context.open(desk, runner)
    page = page_of(qtbot, context)
    shown = next(state for state in page.findChildren(EmptyState) if state.isVisible())
    assert shown.primary is not None
    assert shown.primary.words() == "Import a handover workbook"
    runner.close()


def test_what_was_chosen_is_there_after_a_restart(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened)
    page.filter.choose("tier_a")
    page.filter.put(Filter("ends_within", 60))
    again = page_of(qtbot, opened)
    assert again.filter.view == "tier_a"
    assert conditions(again) == ["Tier A", "Renewal in 60 days"]


def test_a_view_is_saved_counted_chosen_and_deleted(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened)
    page.filter.put(Filter("tier", "B"))
    press(qtbot, page.filter.save)
    dialog = page.window().findChild(FormDialog)
    assert isinstance(dialog, FormDialog)
    press(qtbot, dialog.save)
    assert dialog.form.cells["name"].sentence.text() == "\u25a0 A view needs a name."
    qtbot.keyClicks(dialog.form.editors["name"], "Mine")
    press(qtbot, dialog.save)
    assert page.filter.view == "own:Mine"
    assert not page.filter.save.isVisible()
    qtbot.waitUntil(lambda: page.filter.chips.chips["own:Mine"]._count == "2")
    again = page_of(qtbot, opened)
    assert [view.key for view in again.filter.views()][-1] == "own:Mine"
    toasts: list[Toast] = []
    opened.messages.toasted.connect(toasts.append)
    again.filter.delete_view("own:Mine")
    assert again.filter.view == "all"
    assert toasts[0].undo is not None
    toasts[0].undo()
    assert "own:Mine" in again.filter.chips.chips


def test_chips_without_room_wait_behind_the_dots(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened, 420)
    page.filter.choose("starred")
    row = page.filter.chips
    assert row.chips["starred"].isVisible()
    assert row.rest()
    assert row.more.isVisible()
    assert all(chip.geometry().right() <= row.width() for chip in row.chips.values() if chip.isVisible())


def test_ticked_rows_bring_the_bar_and_one_command_changes_them_all(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened)
    assert not page.bulk.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(page.bulk.isVisible)
    assert page.chosen_count.text() == "2 chosen"
    assert page.choose_all.words() == "Choose all 6"
    qtbot.waitUntil(lambda: page.choose_all.size() == page.choose_all.sizeHint())
    press(qtbot, page.choose_all)
    qtbot.waitUntil(lambda: page.chosen_count.text() == "6 chosen")
    toasts: list[Toast] = []
    opened.messages.toasted.connect(toasts.append)
    with qtbot.waitSignal(page.table.counted, timeout=5_000):
        page._change(tuple(page.table.acting_ids()), {"tier": "C"})
    assert len(toasts) == 1
    assert {page.table.model_.value_of(row, "tier") for row in range(6)} == {"C"}
    assert toasts[0].undo is not None
    with qtbot.waitSignal(page.table.counted, timeout=5_000):
        toasts[0].undo()
    assert {page.table.model_.value_of(row, "tier") for row in range(6)} == {"A", "B", "C"}
    qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.bulk.isVisible())


def test_an_edit_in_a_cell_is_stored(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened, 1900)
    with qtbot.waitSignal(page.table.counted):
        page.table.sort_by("name")
    page.table.choose(page.table.model_.ids[0])
    assert page.table.edit_cell("owner")
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    qtbot.keyClicks(editor, "Wu")
    with qtbot.waitSignal(opened.runner.changed):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    with opened.desk.read() as connection:
        values = page.spec.listing.rows(connection, [page.table.model_.ids[0]])
    assert "Wu" in next(iter(values.values()))


def test_every_action_of_the_list_has_words_and_none_shares_a_key(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened)
    actions = page.page_actions()
    assert all(action.label() for action in actions)
    keys = [action.shortcut for action in actions if action.shortcut]
    assert len(keys) == len(set(keys))
    assert set(page.row_actions) <= {action.key for action in actions}


def test_many_conditions_go_on_in_the_next_row(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened, 700)
    height = page.filter.height()
    for condition in (
        Filter("tier", "A"),
        Filter("ends_within", 90),
        Filter("not_contacted", 14),
        Filter("new_within", 30),
    ):
        page.filter.put(condition)
    qtbot.waitUntil(lambda: page.filter.height() > height)
    assert page.width() == 700
    chips = [chip for chip in page.findChildren(RemovableChip) if chip.isVisible()]
    assert len(chips) == 4
    assert all(chip.geometry().right() < page.filter.width() for chip in chips)


def test_the_order_is_chosen_by_key(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened)
    next(action for action in page.page_actions() if action.key == "accounts.sort").run()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(page.table.counted):
        next(action for action in menu.actions() if action.text() == "Account").trigger()
    menu.close()
    assert page.table.remembered_sort() == ("name", False)


def test_small_windows_save_room(qtbot: QtBot, opened: Context) -> None:
    page = page_of(qtbot, opened, 760)
    assert not page.hints.isVisible()
    assert [button.words() for button in page.head.findChildren(Button) if button.isVisible()] == ["Columns", "Export"]
