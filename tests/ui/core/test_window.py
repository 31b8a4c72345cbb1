"""The window under the keyboard and the mouse."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.changes import EVERYTHING, Changes
from csdesk.ui.core.context import Context
from csdesk.ui.core.help import About, KeySheet
from csdesk.ui.core.parts import Button
from csdesk.ui.core.theme import theme
from csdesk.ui.core.window import MainWindow, clamp
from tests.ui.core.pages import FEATURES, Sheet

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, key, modifier)


def sheet_of(frame: MainWindow) -> Sheet:
    """The shown page."""
    page = frame.pages.page
    assert isinstance(page, Sheet)
    return page


def test_ctrl_and_a_digit_go_to_a_place(qtbot: QtBot, frame: MainWindow) -> None:
    assert frame.pages.here == "today"
    press(qtbot, Qt.Key.Key_2, CTRL)
    assert frame.pages.here == "accounts"
    assert [item.feature.key for item in frame.rail.items if item.isChecked()] == ["accounts"]
    assert frame.windowTitle() == "Accounts – CSDesk"
    press(qtbot, Qt.Key.Key_3, CTRL)
    assert frame.pages.here == "visits"


def test_a_click_on_the_rail_goes_there_too(qtbot: QtBot, frame: MainWindow) -> None:
    qtbot.mouseClick(frame.rail.items[1], Qt.MouseButton.LeftButton)
    assert frame.pages.here == "accounts"


def test_pages_are_made_when_first_needed_and_once(qtbot: QtBot, frame: MainWindow) -> None:
    assert frame.findChildren(Sheet) == []
    for key in (Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_2):
        press(qtbot, key, CTRL)
    assert len(frame.findChildren(Sheet)) == 1


def test_back_and_forward_bring_back_what_was_seen(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    sheet_of(frame).scrolled = 40
    frame.context.go.to("accounts", id=7)
    assert frame.top.trail.texts() == ["Accounts", "Of one account"]
    press(qtbot, Qt.Key.Key_Left, ALT)
    assert frame.top.trail.texts() == ["Accounts"]
    assert sheet_of(frame).scrolled == 40
    press(qtbot, Qt.Key.Key_Left, ALT)
    assert frame.pages.here == "today"
    assert not frame.top.back.isEnabled()
    press(qtbot, Qt.Key.Key_Right, ALT)
    press(qtbot, Qt.Key.Key_Right, ALT)
    assert sheet_of(frame).args == {"id": 7}
    assert not frame.top.forward.isEnabled()


def test_going_elsewhere_cuts_what_lay_ahead(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    press(qtbot, Qt.Key.Key_Left, ALT)
    press(qtbot, Qt.Key.Key_3, CTRL)
    assert not frame.pages.can_go_forward


def test_the_first_crumb_leads_back_to_the_list(qtbot: QtBot, frame: MainWindow) -> None:
    frame.context.go.to("accounts", id=7)
    qtbot.waitUntil(lambda: any(step.isVisible() for step in frame.top.trail.findChildren(Button)))
    step = next(step for step in frame.top.trail.findChildren(Button) if step.isVisible())
    qtbot.mouseClick(step, Qt.MouseButton.LeftButton)
    assert sheet_of(frame).args == {}


def test_ctrl_b_folds_the_rail(qtbot: QtBot, frame: MainWindow) -> None:
    wide = frame.rail.width()
    press(qtbot, Qt.Key.Key_B, CTRL)
    assert frame.rail.width() < wide
    assert frame.context.state.get("window.narrow_rail") is True
    press(qtbot, Qt.Key.Key_B, CTRL)
    assert frame.rail.width() == wide


def test_the_rail_folds_by_itself_in_a_small_window(qtbot: QtBot, frame: MainWindow) -> None:
    frame.resize(1000, 600)
    qtbot.waitUntil(lambda: frame.rail.narrow)
    assert frame.width() == 1000
    frame.resize(1300, 700)
    qtbot.waitUntil(lambda: not frame.rail.narrow)
    assert frame.context.state.get("window.narrow_rail") is None


def test_n_makes_what_belongs_to_the_page(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    press(qtbot, Qt.Key.Key_N)
    assert sheet_of(frame).made == 1


def test_single_letters_are_off_while_typing(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    sheet = sheet_of(frame)
    press(qtbot, Qt.Key.Key_Slash)
    assert QApplication.focusWidget() is sheet.filter
    for key in (Qt.Key.Key_N, Qt.Key.Key_E, Qt.Key.Key_Slash):
        press(qtbot, key)
    assert sheet.filter.text() == "ne/"
    assert sheet.made == 0


def test_single_letters_are_off_while_an_input_method_composes(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    sheet = sheet_of(frame)
    sheet.filter.setFocus()
    QApplication.sendEvent(sheet.filter, QInputMethodEvent("ne", []))
    press(qtbot, Qt.Key.Key_E)
    assert sheet.made == 0


def test_a_letter_works_only_on_its_page(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    sheet = sheet_of(frame)
    press(qtbot, Qt.Key.Key_E)
    assert sheet.made == 1
    press(qtbot, Qt.Key.Key_1, CTRL)
    frame.setFocus()
    press(qtbot, Qt.Key.Key_E)
    assert sheet.made == 1


def test_ctrl_p_prints_where_there_is_something_to_print(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_P, CTRL)
    press(qtbot, Qt.Key.Key_2, CTRL)
    press(qtbot, Qt.Key.Key_P, CTRL)
    assert sheet_of(frame).log[-1] == "print"


def test_undo_carries_the_name_of_the_step(qtbot: QtBot, frame: MainWindow) -> None:
    item = frame.findChild(QAction, "edit.undo")
    again = frame.findChild(QAction, "edit.redo")
    assert item is not None
    assert again is not None
    assert not item.isEnabled()
    frame.context.runner.do(create_account, NewAccount(AccountFields(name="澄岳精工")))
    qtbot.waitUntil(lambda: item.text() == "Undo: New account: 澄岳精工")
    assert [toast.toast.text for toast in frame.speaker.corner.toasts] == ["New account: 澄岳精工"]
    press(qtbot, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: again.text() == "Redo: New account: 澄岳精工")
    assert item.text() == "Undo"
    assert not item.isEnabled()
    press(qtbot, Qt.Key.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(item.isEnabled)


def test_a_change_reaches_the_pages_that_show_it(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    sheet = sheet_of(frame)
    sheet.log.clear()
    changed = frame.context.runner.changed
    changed.emit(Changes({"visits": frozenset({1})}))
    assert sheet.log == []
    changed.emit(Changes({"accounts": frozenset({1})}))
    assert sheet.log == ["refresh"]
    press(qtbot, Qt.Key.Key_1, CTRL)
    sheet.log.clear()
    changed.emit(EVERYTHING)
    assert sheet.log == []
    press(qtbot, Qt.Key.Key_2, CTRL)
    assert "refresh" in sheet.log


def test_every_shortcut_stands_once_in_its_context(frame: MainWindow) -> None:
    for feature in FEATURES:
        frame.context.go.to(feature.key)
        keys = Counter(
            keys.toString()
            for action in frame.context.actions.here()
            if action.role != "native"
            for keys in action.shortcuts()
        )
        assert [key for key, count in keys.items() if count > 1] == []


def test_every_action_stands_in_the_menu_bar(frame: MainWindow) -> None:
    frame.context.go.to("accounts")
    shown = {action.key for action, _item in frame.menus.shown()}
    assert shown == {action.key for action in frame.context.actions.all()}
    assert all(item.text().strip() for _action, item in frame.menus.shown())


def test_menu_icons_come_when_the_menu_opens(frame: MainWindow) -> None:
    item = frame.findChild(QAction, "edit.undo")
    assert item is not None
    assert item.icon().isNull()
    frame.menus.menu("edit").aboutToShow.emit()
    assert not item.icon().isNull()


def test_f1_lists_every_key_that_works_here(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    press(qtbot, Qt.Key.Key_F1)
    sheet = frame.findChild(KeySheet)
    assert sheet is not None
    shown = {key for key, _text in sheet.rows}
    for action in frame.context.actions.here():
        if action.shortcut:
            assert any(key.split(" ")[0] == action.key_text() for key in shown), action.key
    area = sheet.findChild(QScrollArea)
    assert area is not None
    assert sheet.width() >= area.minimumWidth()
    sheet.close()


def test_about_tells_versions_and_folders_and_copies_them(qtbot: QtBot, frame: MainWindow, tmp_path: Path) -> None:
    frame.folders = (("Data", tmp_path),)
    frame.context.actions.run("help.about")
    about = frame.findChild(About)
    assert about is not None
    qtbot.mouseClick(about.copy, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert all(word in text for word in ("CSDesk", "Python", "Qt", "SQLite", str(tmp_path)))
    about.close()


def test_the_theme_is_chosen_in_the_view_menu(frame: MainWindow) -> None:
    frame.context.actions.run("view.theme.dark")
    assert theme().is_dark
    item = frame.findChild(QAction, "view.theme.dark")
    frame.context.actions.update()
    assert item is not None
    assert item.isChecked()


def test_larger_text_keeps_the_window_usable(qtbot: QtBot, frame: MainWindow) -> None:
    frame.resize(1000, 600)
    press(qtbot, Qt.Key.Key_2, CTRL)
    for _step in range(4):
        press(qtbot, Qt.Key.Key_Plus, CTRL)
    assert theme().zoom == 150
    assert frame.minimumSizeHint().width() <= 1000
    press(qtbot, Qt.Key.Key_0, CTRL)
    assert theme().zoom == 100


def test_paste_goes_to_the_field_with_the_focus(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    sheet = sheet_of(frame)
    QGuiApplication.clipboard().setText("澄岳精工")
    sheet.filter.setFocus()
    assert frame.context.actions.run("edit.paste")
    assert sheet.filter.text() == "澄岳精工"
    sheet.button.setFocus()
    frame.context.actions.run("edit.paste")
    assert (sheet_of(frame), sheet.filter.text(), sheet.args) == (sheet, "澄岳精工", {})


def mime(*names: str) -> QMimeData:
    """Files as a file manager drags them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(name) for name in names])
    return data


def drag(frame: MainWindow, data: QMimeData) -> QDragEnterEvent:
    """Drag over the window."""
    event = QDragEnterEvent(QPoint(500, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                            Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QApplication.sendEvent(frame, event)
    return event


def drop(frame: MainWindow, data: QMimeData) -> None:
    """Let go."""
    event = QDropEvent(QPoint(500, 300).toPointF(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)  # fmt: skip
    QApplication.sendEvent(frame, event)


def test_a_file_over_the_window_says_what_will_come_of_it(frame: MainWindow) -> None:
    data = mime("/tmp/移交表.xlsx")
    assert drag(frame, data).isAccepted()
    assert frame.overlay.isVisible()
    assert frame.overlay.text() == "Import 移交表.xlsx"
    drop(frame, data)
    assert not frame.overlay.isVisible()
    assert sheet_of(frame).args == {"files": ["/tmp/移交表.xlsx"]}


def test_an_unfit_file_is_refused_with_a_reason(frame: MainWindow) -> None:
    data = mime("/tmp/photo.png")
    drag(frame, data)
    assert "spreadsheets" in frame.overlay.text()
    drop(frame, data)
    assert frame.pages.here == "today"


def test_text_dragged_over_the_window_is_none_of_its_business(frame: MainWindow) -> None:
    data = QMimeData()
    data.setText("hello")
    assert not drag(frame, data).isAccepted()
    assert not frame.overlay.isVisible()


def test_several_files_go_together(frame: MainWindow) -> None:
    data = mime("/tmp/a.xlsx", "/tmp/b.CSV")
    drag(frame, data)
    drop(frame, data)
    assert sheet_of(frame).args == {"files": ["/tmp/a.xlsx", "/tmp/b.CSV"]}


def test_place_and_geometry_come_back(qtbot: QtBot, frame: MainWindow) -> None:
    frame.context.go.to("accounts", id=7)
    sheet_of(frame).scrolled = 12
    frame.setGeometry(60, 40, 700, 500)
    frame.close()
    again = Context(frame.context.state, frame.context.messages, type(frame.context.actions)(), frame.context.go,
                    frame.context.clock, frame.context.preferences)  # fmt: skip
    again.open(frame.context.desk, frame.context.runner)
    window = MainWindow(again.state)
    qtbot.addWidget(window)
    window.furnish(again, FEATURES)
    window.opened()
    assert window.pages.here == "accounts"
    assert sheet_of(window).args == {"id": 7}
    assert sheet_of(window).scrolled == 12
    assert window.geometry().topLeft() == QPoint(60, 40)


@pytest.mark.parametrize("kept", [None, 3, {}, {"key": "gone", "args": {}}, {"key": "bin"}, {"key": "bin", "args": 3}])
def test_a_place_that_no_longer_exists_is_the_first_page(frame: MainWindow, kept: object) -> None:
    frame.pages.restore(kept, "today")
    assert frame.pages.here == "today"


@pytest.mark.parametrize("box", [QRect(-5000, -5000, 900, 600), QRect(9000, 9000, 900, 600), QRect(0, 0, 9000, 9000),
                                 QRect(100, 100, 900, 600)])  # fmt: skip
def test_the_window_is_always_on_a_screen(qapp: QApplication, box: QRect) -> None:
    room = QGuiApplication.primaryScreen().availableGeometry()
    fitted = clamp(box, True)
    assert room.contains(fitted)
    if room.contains(box):
        assert fitted == box


def test_sample_data_are_named_in_the_title_and_on_every_page(frame: MainWindow) -> None:
    frame.context.sample = True
    frame.opened()
    frame.context.go.to("visits")
    assert "sample data" in frame.windowTitle()
    assert "sample data" in frame.speaker.bars.texts()[0]


def test_features_of_no_page_are_not_gone_to(frame: MainWindow) -> None:
    frame.context.go.to("figures")
    assert frame.pages.here == "today"


def test_a_page_that_cannot_be_made_leaves_one_where_one_was(frame: MainWindow, context: Context) -> None:
    def fail(_context: Context) -> Sheet:
        raise ZeroDivisionError

    frame.pages._features["visits"] = replace(FEATURES[2], make=fail)
    with pytest.raises(ZeroDivisionError):
        context.go.to("visits")
    assert frame.pages.here == "today"
    assert not frame.pages.can_go_back


def test_the_safety_tile_leads_to_the_backups(qtbot: QtBot, frame: MainWindow) -> None:
    assert frame.rail.tile.lines()[1] == "Backup 12 min ago"
    qtbot.mouseClick(frame.rail.tile, Qt.MouseButton.LeftButton)
    assert frame.pages.here == "settings"


def test_the_new_menu_offers_only_what_can_be_made(frame: MainWindow) -> None:
    assert frame.context.go.here == "today"
    frame.context.actions.put("extra", [replace(frame.context.actions.all()[0], key="x", new=True, text="Visit")])
    made = [action.label() for action in frame.context.actions.here() if action.new]
    assert made == ["Visit"]


def test_the_cursor_keys_in_a_field_do_not_leave_it(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    field = sheet_of(frame).filter
    field.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    press(qtbot, Qt.Key.Key_Tab, SHIFT)
    assert QApplication.focusWidget() is not field
