"""The list of accounts by hand: empty, narrowed, sorted, ticked, changed in place, as it was after a restart."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.queries import account
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.accounts.page import AccountsPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.parts import EmptyState, RemovableChip
from csdesk.ui.core.window import MainWindow
from csdesk.ui.handover.page import HandoverPage
from tests.ui.accounts.conftest import NAMES
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    asked,
    button,
    check_told,
    choose,
    click,
    go,
    labels,
    press,
    read,
    returned,
    undo_by_toast,
)  # fmt: skip


def full(qtbot: QtBot, window: MainWindow) -> AccountsPage:
    """The list, once it shows all six."""
    page = go(qtbot, window, AccountsPage, "accounts")
    qtbot.waitUntil(lambda: sorted(shown(page)) == list(NAMES))
    qtbot.waitUntil(lambda: page.table.hasFocus() and page.table.current_id() is not None)
    return page


def shown(page: AccountsPage) -> list[str]:
    """The names in the order of the list."""
    model = page.table.model_
    return [model.text(row, model.column_of("name")) for row in range(model.rowCount())]


def cell(page: AccountsPage, record: int, key: str) -> Any:
    """A value as the list shows it."""
    model = page.table.model_
    return model.value_of(model.place_of(record), key)


def editor(qtbot: QtBot, page: AccountsPage, kind: type[Any]) -> Any:
    """The editor that is open in the list."""

    def found() -> list[Any]:
        return [one for one in page.table.viewport().findChildren(kind) if one.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1)
    return found()[0]


def test_an_empty_list_says_what_to_do_first(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    page = go(qtbot, window, AccountsPage, "accounts")
    qtbot.waitUntil(lambda: any(state.isVisible() for state in page.findChildren(EmptyState)))
    check_told(page, "No accounts yet")
    click(qtbot, button(page, "Import a handover workbook"))
    assert arrived(qtbot, window, HandoverPage).isVisible()


def test_a_full_list_counts_and_sums(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    page = full(qtbot, opening())
    assert shown(page)[:2] == ["Amber", "Birch"]
    qtbot.waitUntil(lambda: page.count.text() == "6 / 6 accounts")
    assert cell(page, six["Amber"], "arr_cents") == 12_000_000
    assert "ARR in all" in page.sum.text()


def test_chips_words_and_conditions_narrow_one_after_the_other(
    qtbot: QtBot, opening: Opening, six: dict[str, int]
) -> None:
    page = full(qtbot, opening())
    click(qtbot, page.filter.chips.chips["tier_a"])
    qtbot.waitUntil(lambda: shown(page) == ["Amber", "Dogwood"])
    press(qtbot, Qt.Key.Key_Slash)
    qtbot.waitUntil(page.filter.words.hasFocus)
    qtbot.keyClicks(page.filter.words, "suz")
    qtbot.waitUntil(lambda: shown(page) == ["Dogwood"])
    click(qtbot, page.filter.clear)
    qtbot.waitUntil(lambda: len(shown(page)) == 6)
    assert page.filter.search == ""
    click(qtbot, page.filter.add)
    choose(qtbot, "Renewal", "in 60 days")
    qtbot.waitUntil(lambda: shown(page) == ["Amber"])
    chip = next(chip for chip in page.findChildren(RemovableChip) if chip.isVisible())
    assert chip.accessibleName() == "Renewal in 60 days"
    click(qtbot, chip, QPoint(chip.width() - 10, chip.height() // 2))
    qtbot.waitUntil(lambda: len(shown(page)) == 6)


def test_filtered_to_nothing_tells_the_conditions_and_the_way_out(
    qtbot: QtBot, opening: Opening, six: dict[str, int]
) -> None:
    page = full(qtbot, opening())
    press(qtbot, Qt.Key.Key_Slash)
    qtbot.keyClicks(page.filter.words, "nowhere")
    qtbot.waitUntil(lambda: any("No account fits" in label.text() for label in labels(page)))
    check_told(page, "nowhere")
    click(qtbot, button(page, "Clear filters"))
    qtbot.waitUntil(lambda: len(shown(page)) == 6 and page.table.isVisible())
    assert not page.filter.is_narrowed


def test_a_heading_sorts_and_turns_the_order(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    page = full(qtbot, opening())
    head, place = page.table.head, page.table.model_.column_of("name")
    at = QPoint(head.sectionViewportPosition(place) + 20, head.height() // 2)
    click(qtbot, head.viewport(), at)
    qtbot.waitUntil(lambda: page.table.remembered_sort() == ("name", False) and shown(page) == list(NAMES))
    click(qtbot, head.viewport(), at)
    qtbot.waitUntil(lambda: shown(page) == list(reversed(NAMES)))
    assert page.table.remembered_sort() == ("name", True)


def test_ticked_rows_get_another_tier_with_one_undo(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    tick = [page.table.model_.ids[0], page.table.model_.ids[1]]
    press(qtbot, Qt.Key.Key_X)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: page.bulk.isVisible() and page.chosen_count.text() == "2 chosen")
    click(qtbot, button(page.bulk, "Change tier"))
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["tier"].set_text("C")
    dialog.form.cells["reason"].set_text("small market")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: [cell(page, record, "tier") for record in tick] == ["C", "C"])
    assert {read(window, account, record).tier_reason for record in tick} == {"small market"}
    returned(qtbot, window)
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: [cell(page, record, "tier") for record in tick] == ["A", "B"])
    assert [read(window, account, record).tier for record in tick] == ["A", "B"]
    assert page.table.model_.ticked == set(tick)


def test_tier_and_owner_are_edited_in_place(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    record = page.table.current_id()
    assert record == six["Amber"]
    press(qtbot, Qt.Key.Key_F2)
    box = editor(qtbot, page, QComboBox)
    box.setCurrentIndex(next(place for place in range(box.count()) if box.itemText(place).startswith("C")))
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: read(window, account, record).tier == "C")
    returned(qtbot, window)
    window.resize(1900, 900)
    place = page.table.model_.column_of("owner")
    qtbot.waitUntil(lambda: not page.table.isColumnHidden(place))
    index = page.table.model_.index(page.table.model_.place_of(record), place)
    click(qtbot, page.table.viewport(), page.table.visualRect(index).center())
    press(qtbot, Qt.Key.Key_F2)
    line = editor(qtbot, page, QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, "Mo")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: read(window, account, record).owner == "Mo")
    qtbot.waitUntil(lambda: cell(page, record, "owner") == "Mo")


def test_a_press_on_the_star_stars(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    index = page.table.model_.index(0, page.table.model_.column_of("starred"))
    click(qtbot, page.table.viewport(), page.table.visualRect(index).center())
    qtbot.waitUntil(lambda: read(window, account, six["Amber"]).starred)
    qtbot.waitUntil(lambda: page.filter.chips.chips["starred"]._count == "1")


def test_the_chosen_rows_go_to_the_clipboard_as_a_table(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    page = full(qtbot, opening())
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    press(qtbot, Qt.Key.Key_C, CTRL | SHIFT)
    data = QApplication.clipboard().mimeData()
    lines = [line.split("\t") for line in data.text().strip("\n").split("\n")]
    place = lines[0].index("Account")
    assert [line[place] for line in lines[1:]] == ["Amber", "Birch"]
    assert {len(line) for line in lines} == {len(page.table.shown_columns())}
    assert data.hasHtml()


def test_enter_opens_the_account_and_back_comes_to_its_row(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    detail = arrived(qtbot, window, AccountPage)
    qtbot.waitUntil(lambda: detail.header.name.text() == "Birch")
    window.context.go.back()
    qtbot.waitUntil(lambda: window.pages.page is page)
    assert page.table.current_id() == six["Birch"]


def test_the_owner_of_many_is_asked_for_once(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_A, CTRL)
    qtbot.waitUntil(lambda: page.bulk.isVisible())
    click(qtbot, button(page.bulk, "Change owner"))
    asked(qtbot, FormDialog)
    qtbot.keyClicks(QApplication.focusWidget(), "Mo")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: {read(window, account, record).owner for record in six.values()} == {"Mo"})
    returned(qtbot, window)
    assert page.table.model_.ticked == set(six.values())


def test_deleting_the_ticked_rows_is_taken_back_at_once(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_X)
    press(qtbot, Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: "Amber" not in shown(page))
    assert read(window, account, six["Amber"]) is None
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: "Amber" in shown(page))
    assert read(window, account, six["Amber"]).name == "Amber"


def test_after_a_restart_the_list_is_as_it_was_left(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    page = full(qtbot, opening())
    table = page.table
    place = table.model_.column_of("name")
    at = QPoint(table.head.sectionViewportPosition(place) + 20, table.head.height() // 2)
    click(qtbot, table.head.viewport(), at)
    click(qtbot, page.filter.add)
    choose(qtbot, "Tier", "B")
    qtbot.waitUntil(lambda: shown(page) == ["Birch", "Elm"])
    table.show_column("seats", True)
    table.head.resizeSection(place, 301)
    table.choose(six["Elm"])
    again = opening()
    back = arrived(qtbot, again, AccountsPage)
    assert back is not page
    qtbot.waitUntil(lambda: shown(back) == ["Birch", "Elm"])
    qtbot.waitUntil(lambda: back.table.current_id() == six["Elm"])
    assert back.table.remembered_sort() == ("name", False)
    assert "seats" in [column.key for _place, column in back.table.shown_columns()]
    assert back.table.columnWidth(place) == 301
