"""Everything that takes keys has a name, a ring, and room for its words."""

from __future__ import annotations

import gettext

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from csdesk.services.core import texts
from csdesk.ui.core.context import Context
from csdesk.ui.core.fields import FieldKind, FormField
from csdesk.ui.core.focus import ROOM, FocusRing
from csdesk.ui.core.form import Form, FormDialog
from csdesk.ui.core.window import MainWindow
from tests.ui.core.pages import FEATURES, Sheet
from tests.ui.walkers import check_named, check_plain_tips, check_room, shown


@pytest.mark.parametrize("feature", [feature.key for feature in FEATURES])
def test_every_control_of_the_frame_has_a_name(frame: MainWindow, feature: str) -> None:
    frame.context.go.to(feature)
    check_named(frame)


def test_every_control_of_the_dialogs_has_a_name(frame: MainWindow) -> None:
    frame.context.messages.ask("Delete?", "Gone.", "Delete", frame.close)
    frame.context.messages.bug("Oops", "Details")
    frame.context.actions.run("help.keys")
    frame.context.actions.run("help.about")
    frame.open_palette()
    dialogs = [widget for widget in frame.findChildren(QWidget) if widget.isWindow() and widget.isVisible()]
    assert len(dialogs) == 4
    for dialog in dialogs:
        check_named(dialog)
        dialog.close()
    check_named(frame.palette_box)


def test_tooltips_of_the_frame_are_plain(frame: MainWindow) -> None:
    frame.context.go.to("accounts")
    assert any(widget.toolTip() for widget in shown(frame))
    check_plain_tips(frame)


class Longer(gettext.NullTranslations):
    """A language whose words are 40 percent longer."""

    def gettext(self, message: str) -> str:
        words = message.split("(")[0] if "(&" in message else message
        return words + "~" * max(1, round(len(words) * 0.4))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak that language."""
    monkeypatch.setattr(texts, "_current", Longer())


@pytest.mark.parametrize("size", [(1000, 600), (1440, 900)])
def test_longer_words_are_not_cut(
    qtbot: QtBot, longer: None, context: Context, request: pytest.FixtureRequest, size: tuple[int, int]
) -> None:
    frame: MainWindow = request.getfixturevalue("frame")
    frame.resize(*size)
    frame.context.go.to("accounts")
    QApplication.processEvents()
    assert frame.width() == size[0]
    check_room(frame)


def test_the_ring_follows_the_keyboard(qtbot: QtBot, qapp: QApplication, frame: MainWindow) -> None:
    ring = FocusRing(qapp)
    frame.context.go.to("accounts")
    focus = QApplication.focusWidget()
    assert isinstance(focus, QWidget)
    qtbot.keyClick(focus, Qt.Key.Key_Tab)
    target = QApplication.focusWidget()
    assert target is not None
    assert ring.target() is target
    around = QRect(target.geometry()).adjusted(-ROOM, -ROOM, ROOM, ROOM)
    assert ring.geometry() == around
    target.hide()
    assert ring.target() is not target
    ring.setParent(None)
    ring.deleteLater()


def test_the_ring_is_whole_round_each_field_of_a_form(qtbot: QtBot, qapp: QApplication, frame: MainWindow) -> None:
    ring = FocusRing(qapp)
    kinds = (FieldKind.CHOICE, FieldKind.DAY, FieldKind.TEXT, FieldKind.LONG, FieldKind.MONEY)
    fields = [FormField(kind.value, kind.value, kind, options=(("a", "A"),)) for kind in kinds]
    dialog = FormDialog(frame.context, "Form", fields, {}, parent=frame)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    for field in fields:
        target, host = QApplication.focusWidget(), ring.parentWidget()
        assert target is not None
        assert target.accessibleName() == dialog.form.editors[field.key].accessibleName()
        assert ring.target() is target
        assert host.rect().contains(ring.geometry())
        middle = target.mapTo(host, target.rect().center())
        assert ring.geometry().center() == middle
        qtbot.keyClick(target, Qt.Key.Key_Tab)
    dialog.reject()
    ring.setParent(None)
    ring.deleteLater()


def test_the_ring_waits_for_a_field_that_is_not_shown_yet(qtbot: QtBot, qapp: QApplication, frame: MainWindow) -> None:
    ring = FocusRing(qapp)
    form = Form([FormField("text", "Name")], {})
    layout = frame.pages.page.layout()
    assert layout is not None
    layout.addWidget(form)
    form.focus_first()
    qtbot.waitUntil(lambda: ring.target() is form.editors["text"])
    form.cells["text"].say("Wrong")
    qtbot.waitUntil(lambda: ring.parentWidget().rect().contains(ring.geometry()))
    form.hide()
    assert ring.target() is not form.editors["text"]
    ring.setParent(None)
    ring.deleteLater()


def test_a_click_on_a_button_needs_no_ring_but_a_field_does(
    qtbot: QtBot, qapp: QApplication, frame: MainWindow
) -> None:
    ring = FocusRing(qapp)
    frame.context.go.to("accounts")
    page = frame.pages.page
    assert isinstance(page, Sheet)
    page.focus_filter()
    qtbot.mousePress(page.button, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is page.button
    assert ring.target() is None
    qtbot.mouseRelease(page.button, Qt.MouseButton.LeftButton)
    page.focus_filter()
    assert ring.target() is QApplication.focusWidget()
    ring.setParent(None)
    ring.deleteLater()


def test_tab_reaches_rail_bar_and_page(qtbot: QtBot, frame: MainWindow) -> None:
    frame.context.go.to("accounts")
    start = QApplication.focusWidget()
    assert start is not None
    seen: set[str] = set()
    focus = start
    for _step in range(40):
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget() or start
        seen.add(focus.accessibleName())
    assert {"Today", "Back", "New", "Filter", "Do"} <= seen
