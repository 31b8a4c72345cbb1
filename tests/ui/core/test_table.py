"""The table over a real store, worked by gestures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.queries import ACCOUNTS
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import StorageError
from csdesk.ui.core.context import Context
from csdesk.ui.core.parts import Combo
from csdesk.ui.core.row_model import TICK
from csdesk.ui.core.runner import Runner
from csdesk.ui.core.table import RowTable

NAMES = ("Amber", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel")
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def stock(desk: Desk, names: tuple[str, ...] = NAMES) -> list[int]:
    """Accounts with these names; their ids in the same order."""
    tiers = (Tier.A, Tier.B, Tier.C, None)
    return [
        desk.do(
            create_account, NewAccount(AccountFields(name, tier=tiers[place % 4], owner="Lin")), confirmed={"twin"}
        ).value
        for place, name in enumerate(names)
    ]


@pytest.fixture
def opened(context: Context, desk: Desk, qapp: QApplication) -> Iterator[Context]:
    """A context with a real store and runner."""
    runner = Runner(desk, context.messages)
    context.open(desk, runner)
    yield context
    runner.close()
    qapp.processEvents()


def shown(qtbot: QtBot, context: Context, size: tuple[int, int] = (1500, 500), query: Query | None = None) -> RowTable:
    """A counted table, sorted by name, with the keyboard in it."""
    table = RowTable(context, ACCOUNTS, say, "accounts", "Accounts")
    qtbot.addWidget(table)
    table.resize(*size)
    table.show()
    with qtbot.waitSignal(table.counted):
        table.search(query or Query(sort="name"))
    table.activateWindow()
    qtbot.waitUntil(table.isActiveWindow)
    table.setFocus()
    return table


def say(_key: str, value: str) -> str:
    """A stored word as it is."""
    return value


def keys_of(table: RowTable) -> list[str]:
    """The keys of the columns in sight."""
    return [column.key for _place, column in table.shown_columns()]


def names(table: RowTable) -> list[str]:
    """The names in the order shown."""
    place = table.model_.column_of("name")
    return [table.model_.index(row, place).data() for row in range(table.model_.rowCount())]


def press_cell(
    qtbot: QtBot, table: RowTable, row: int, key: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier(0)
) -> None:
    """Click into a cell; "" is the tick box."""
    index = table.model_.index(row, table.model_.column_of(key) if key else TICK)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, held, table.visualRect(index).center())


def test_rows_come_in_order_and_in_blocks(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk, tuple(f"N{n:04}" for n in range(450)))
    table = shown(qtbot, opened)
    assert table.model_.rowCount() == 450
    first = table.model_.blocks_read
    table.viewport().repaint()
    assert table.model_.blocks_read == max(first, 1)
    assert names(table)[449] == "N0449"
    assert table.model_.blocks_read == max(first, 1) + 2


def test_model_keeps_qts_promises(qtbot: QtBot, opened: Context, qtmodeltester: ModelTester) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened)
    qtmodeltester.check(table.model_)
    assert table.model_.rowCount() == len(NAMES)


def test_head_sorts_and_turns_round(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened)
    place = table.model_.column_of("name")
    at = QPoint(table.head.sectionViewportPosition(place) + 20, 10)
    with qtbot.waitSignal(table.counted):
        qtbot.mouseClick(table.head.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert names(table) == sorted(NAMES, reverse=True)
    with qtbot.waitSignal(table.counted):
        qtbot.mouseClick(table.head.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert names(table) == sorted(NAMES)


def test_keys_open_peek_and_tick(qtbot: QtBot, opened: Context) -> None:
    ids = stock(opened.desk)
    table = shown(qtbot, opened)
    assert table.current_id() == ids[0]
    qtbot.keyClick(table, Qt.Key.Key_Down)
    with qtbot.waitSignal(table.opened) as told:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert told.args == [ids[1]]
    with qtbot.waitSignal(table.peeked) as told:
        qtbot.keyClick(table, Qt.Key.Key_Space)
    assert told.args == [ids[1]]
    qtbot.keyClick(table, Qt.Key.Key_X)
    assert table.model_.ticked_in_order() == [ids[1]]
    assert table.model_.tick_state == Qt.CheckState.PartiallyChecked
    qtbot.keyClick(table, Qt.Key.Key_A, CONTROL)
    assert table.model_.ticked_in_order() == ids
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert table.model_.ticked_in_order() == []


def test_shift_and_arrows_tick_a_stretch_and_take_it_back(qtbot: QtBot, opened: Context) -> None:
    ids = stock(opened.desk)
    table = shown(qtbot, opened)
    for _step in range(3):
        qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    assert table.model_.ticked_in_order() == ids[:4]
    qtbot.keyClick(table, Qt.Key.Key_Up, SHIFT)
    assert table.model_.ticked_in_order() == ids[:3]
    press_cell(qtbot, table, 5, "city")
    press_cell(qtbot, table, 6, "city", SHIFT)
    assert table.model_.ticked_in_order() == [*ids[:3], *ids[5:7]]


def test_the_box_and_control_click_tick_and_the_head_ticks_all(qtbot: QtBot, opened: Context) -> None:
    ids = stock(opened.desk)
    table = shown(qtbot, opened)
    press_cell(qtbot, table, 2, "")
    press_cell(qtbot, table, 4, "city", CONTROL)
    assert table.model_.ticked_in_order() == [ids[2], ids[4]]
    qtbot.mouseClick(table.head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(24, 12))
    assert table.model_.tick_state == Qt.CheckState.Checked
    qtbot.mouseClick(table.head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(24, 12))
    assert table.model_.ticked_in_order() == []


def test_ticks_and_current_row_outlive_a_refresh(qtbot: QtBot, opened: Context) -> None:
    ids = stock(opened.desk)
    table = shown(qtbot, opened)
    table.model_.set_ticks({ids[6], ids[1]})
    table.choose(ids[6])
    stock(opened.desk, ("Alder",))
    with qtbot.waitSignal(table.counted):
        table.reload()
    assert names(table)[0] == "Alder"
    assert table.current_id() == ids[6]
    assert table.model_.ticked_in_order() == [ids[1], ids[6]]
    with qtbot.waitSignal(table.counted):
        table.search(Query(filters=(Filter("tier", "B"),), sort="name"))
    assert table.model_.ticked_in_order() == [ids[1]]


def test_a_text_is_edited_in_its_cell_as_an_ime_does_it(qtbot: QtBot, opened: Context) -> None:
    ids = stock(opened.desk)
    table = shown(qtbot, opened)
    assert table.edit_cell("owner")
    editor = table.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    preedit = QInputMethodEvent("\u6797", [])
    QApplication.sendEvent(editor, preedit)
    commit = QInputMethodEvent("", [])
    commit.setCommitString("\u6797\u4e00")
    QApplication.sendEvent(editor, commit)
    with qtbot.waitSignal(table.edited) as told:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert told.args == [ids[0], "owner", "\u6797\u4e00"]
    qtbot.waitUntil(lambda: table.model_.index(0, table.model_.column_of("owner")).data() == "\u6797\u4e00")


def test_escape_leaves_a_cell_as_it_was(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened)
    heard: list[object] = []
    table.edited.connect(lambda *args: heard.append(args))
    table.edit_cell("owner")
    editor = table.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    qtbot.keyClicks(editor, "Wu")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert heard == []
    assert table.model_.value_of(0, "owner") == "Lin"


def test_a_double_click_chooses_a_tier_and_elsewhere_opens(qtbot: QtBot, opened: Context) -> None:
    ids = stock(opened.desk)
    table = shown(qtbot, opened)
    at = table.visualRect(table.model_.index(0, table.model_.column_of("tier"))).center()
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    editor = table.viewport().findChild(Combo)
    assert isinstance(editor, Combo)
    with qtbot.waitSignal(table.edited) as told:
        editor.choose("C")
        editor.activated.emit(editor.currentIndex())
    assert told.args == [ids[0], "tier", "C"]
    at = table.visualRect(table.model_.index(3, table.model_.column_of("name"))).center()
    with qtbot.waitSignal(table.opened) as told:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [ids[3]]


def test_the_star_is_pressed(qtbot: QtBot, opened: Context) -> None:
    ids = stock(opened.desk)
    table = shown(qtbot, opened)
    with qtbot.waitSignal(table.starred) as told:
        press_cell(qtbot, table, 2, "starred")
    assert told.args == [ids[2]]


def test_columns_leave_in_their_order_and_the_name_never(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened, (1500, 500))
    wide = keys_of(table)
    table.resize(700, 500)
    qtbot.waitUntil(lambda: len(table.shown_columns()) < len(wide))
    narrow = keys_of(table)
    assert [key for key in wide if key in narrow] == narrow
    assert {"name", "tier", "renewal_on", "arr_cents"} <= set(narrow)
    leaving = [column.leaves for column in ACCOUNTS.columns if column.key in wide and column.key not in narrow]
    staying = [column.leaves for _place, column in table.shown_columns()]
    assert min(leaving) > max(staying)


def test_columns_are_chosen_moved_and_kept(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened, (1600, 500))
    table.show_column("seats", True)
    table.show_column("city", False)
    head = table.head
    head.moveSection(
        head.visualIndex(table.model_.column_of("owner")), head.visualIndex(table.model_.column_of("tier"))
    )
    head.resizeSection(table.model_.column_of("owner"), 180)
    keys = keys_of(table)
    assert keys.index("owner") < keys.index("tier")
    again = shown(qtbot, opened, (1600, 500))
    assert keys_of(again) == keys
    assert "seats" in keys
    assert "city" not in keys
    assert again.columnWidth(again.model_.column_of("owner")) == 180
    again.reset_columns()
    assert "city" in keys_of(again)


def test_the_chooser_of_the_head_hides_a_column(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened)
    table.head.customContextMenuRequested.emit(QPoint(200, 10))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    by_text = {action.text(): action for action in menu.actions()}
    assert not by_text["Account"].isEnabled()
    assert by_text["City"].isChecked()
    by_text["City"].trigger()
    assert "city" not in keys_of(table)
    by_text["Reset columns"].trigger()
    assert "city" in keys_of(table)
    menu.close()


def test_a_double_click_on_the_edge_fits_a_column(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk, ("A name that is so long that no column of the usual width could ever show the whole of it",))
    table = shown(qtbot, opened)
    place = table.model_.column_of("name")
    before = table.columnWidth(place)
    table.head.sectionHandleDoubleClicked.emit(place)
    assert table.columnWidth(place) > before
    assert table.cells.tip(table.listing.column("name"), table.model_.index(0, place)) == ""
    table.setColumnWidth(place, 80)
    assert table.cells.tip(table.listing.column("name"), table.model_.index(0, place)).startswith("A name that")


def test_tab_goes_to_the_next_cell_that_can_be_edited(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened)
    table.edit_cell("owner")
    editor = table.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, table.model_.column_of("tier"))


def test_a_store_that_cannot_be_read_leaves_the_table_standing(
    qtbot: QtBot, opened: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened)

    def fail() -> None:
        raise StorageError("The data file is damaged.")

    with qtbot.waitSignal(opened.messages.noticed) as told:
        monkeypatch.setattr(opened.desk, "read", fail)
        table.model_.forget()
        assert table.model_.text(0, table.model_.column_of("name")) == ""
    assert told.args[0].tone == "error"


def test_copy_is_text_and_table_and_never_a_formula(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk, ("=1+1", "Plain <b>"))
    table = shown(qtbot, opened)
    qtbot.keyClick(table, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(table, Qt.Key.Key_C, CONTROL | SHIFT)
    data = QGuiApplication.clipboard().mimeData()
    lines = data.text().split("\r\n")
    assert lines[0].split("\t")[0] == "Account"
    assert lines[1].split("\t")[0] == "'=1+1"
    assert "Plain &lt;b&gt;" in data.html()
    assert "mso-number-format" in data.html()
    qtbot.keyClick(table, Qt.Key.Key_C, CONTROL)
    assert len(QGuiApplication.clipboard().text().split("\r\n")) == 2


def test_late_contacts_and_near_ends_are_told_in_words(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened)
    row = table.model_.row(0)
    place = table.model_.column_of("last_contact_on")
    values = list(row.values)
    values[place - 1] = date(2026, 11, 1)
    table.model_._rows[table.model_.ids[0]] = table.model_._made(tuple(values))
    tip = table.cells.tip(table.listing.column("last_contact_on"), table.model_.index(0, place))
    assert tip == "No contact for 22 days; tier A wants one every 14"


def test_a_row_grows_with_the_chosen_density(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened)
    heights = []
    for density in ("compact", "normal", "roomy"):
        table.set_density(density)
        heights.append(table.rowHeight(0))
    assert heights[0] < heights[1] < heights[2]


def test_a_refresh_leaves_what_is_being_typed(qtbot: QtBot, opened: Context) -> None:
    stock(opened.desk)
    table = shown(qtbot, opened)
    assert table.edit_cell("owner")
    line = table.viewport().findChild(QLineEdit)
    line.setText("Mo")
    table._ids_came(list(table.model_.ids))
    assert line.text() == "Mo"
    with qtbot.waitSignal(table.edited) as told:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told.args[2] == "Mo"
