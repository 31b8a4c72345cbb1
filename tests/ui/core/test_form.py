"""Forms by gestures: drafts as typed, problems at their fields, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QCalendarWidget, QLineEdit
from pytestqt.qtbot import QtBot

from csdesk.services.core.errors import Problem, Problems
from csdesk.ui.core.context import Context
from csdesk.ui.core.form import DayField, FieldKind, FormDialog, FormField, LongText, open_form
from csdesk.ui.core.parts import Button, CheckBox, Combo, Field, Label, MessageBar

FIELDS = (
    FormField("name", "Name", required=True, wide=True),
    FormField("tier", "Tier", FieldKind.CHOICE, options=(("", "none"), ("A", "A"), ("B", "B"))),
    FormField("city", "City", suggestions=("Suzhou", "Shanghai")),
    FormField("amount", "Amount", FieldKind.MONEY),
    FormField("start_on", "Starts on", FieldKind.DAY),
    FormField("auto", "Renews by itself", FieldKind.CHECK),
    FormField("notes", "Notes", FieldKind.LONG),
)
CONTROL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """Takes drafts as a slice would."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.problems: tuple[Problem, ...] = ()

    def send(self, draft: Mapping[str, str], dialog: FormDialog) -> None:
        """Refuse, or take and close."""
        self.sent.append(dict(draft))
        if self.problems:
            raise Problems(self.problems)
        dialog.done_well()


@pytest.fixture
def taker() -> Desk:
    """Somebody to send drafts to."""
    return Desk()


def opened(
    qtbot: QtBot, context: Context, taker: Desk, draft: Mapping[str, str] | None = None, key: str = "account.new"
) -> FormDialog:
    """A shown form with the keyboard in its first field."""
    dialog = open_form(context, "New account", FIELDS, draft or {}, taker.send, draft_key=key)
    qtbot.addWidget(dialog)
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def typed(dialog: FormDialog, key: str, text: str) -> None:
    """Commit a text into a field as an input method does."""
    editor = dialog.form.editors[key]
    target = editor.line if isinstance(editor, DayField) else editor
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(target, event)


def sentence(dialog: FormDialog, key: str) -> str:
    """What is said beneath a field."""
    label = dialog.form.cells[key].sentence
    return label.text() if label.isVisible() else ""


def test_the_draft_is_what_was_typed(qtbot: QtBot, context: Context, taker: Desk) -> None:
    dialog = opened(qtbot, context, taker)
    assert isinstance(dialog.focusWidget(), QLineEdit)
    typed(dialog, "name", "\u6f84\u5cb3")
    typed(dialog, "start_on", "3.5")
    typed(dialog, "notes", "one\ntwo")
    choice, box = dialog.form.editors["tier"], dialog.form.editors["auto"]
    assert isinstance(choice, Combo)
    assert isinstance(box, CheckBox)
    choice.choose("B")
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    qtbot.keyClick(dialog.form.editors["name"], Qt.Key.Key_Return, CONTROL)
    assert taker.sent == [
        {
            "name": "\u6f84\u5cb3",
            "tier": "B",
            "city": "",
            "amount": "",
            "start_on": "3.5",
            "auto": "1",
            "notes": "one\ntwo",
        }
    ]
    assert not dialog.isVisible()


def test_enter_goes_on_and_never_saves(qtbot: QtBot, context: Context, taker: Desk) -> None:
    dialog = opened(qtbot, context, taker)
    first = dialog.focusWidget()
    assert first is not None
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert taker.sent == []
    assert dialog.focusWidget() is dialog.form.editors["tier"]


def test_an_unfinished_composition_is_not_in_the_draft(qtbot: QtBot, context: Context, taker: Desk) -> None:
    dialog = opened(qtbot, context, taker)
    heard: list[bool] = []
    dialog.form.changed.connect(lambda: heard.append(True))
    QApplication.sendEvent(dialog.form.editors["name"], QInputMethodEvent("cheng yue", []))
    assert dialog.form.draft()["name"] == ""
    assert heard == []
    typed(dialog, "name", "\u6f84\u5cb3")
    assert heard == [True]


def test_problems_stand_at_their_fields_and_values_stay(qtbot: QtBot, context: Context, taker: Desk) -> None:
    dialog = opened(qtbot, context, taker, {"name": "Elm", "amount": "many"})
    taker.problems = (Problem("amount", "This is no amount."), Problem("notes", "Too long."), Problem("", "Not now."))
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert sentence(dialog, "amount") == "\u25a0 This is no amount."
    assert sentence(dialog, "notes") == "\u25a0 Too long."
    assert sentence(dialog, "name") == ""
    wrong = dialog.form.editors["amount"]
    assert isinstance(wrong, Field)
    assert wrong.property("wrong")
    assert wrong.text() == "many"
    assert dialog.focusWidget() is wrong
    assert [label.text() for bar in dialog.findChildren(MessageBar) for label in bar.findChildren(Label)] == [
        "Not now."
    ]
    qtbot.keyClick(wrong, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is not wrong
    taker.problems = ()
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    assert not dialog.isVisible()


def test_what_was_typed_and_left_is_offered_again(qtbot: QtBot, context: Context, taker: Desk) -> None:
    dialog = opened(qtbot, context, taker)
    typed(dialog, "name", "Fir")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    again = opened(qtbot, context, taker)
    assert again.form.draft()["name"] == ""
    press(qtbot, again, "Put it back")
    assert again.form.draft()["name"] == "Fir"
    qtbot.keyClick(again, Qt.Key.Key_Return, CONTROL)
    third = opened(qtbot, context, taker)
    assert third.findChildren(MessageBar) == []


def test_the_kept_draft_can_be_forgotten(qtbot: QtBot, context: Context, taker: Desk) -> None:
    dialog = opened(qtbot, context, taker)
    typed(dialog, "city", "Wuxi")
    dialog._keeper.timeout.emit()
    assert context.state.get("draft.account.new")["city"] == "Wuxi"
    dialog.reject()
    again = opened(qtbot, context, taker)
    press(qtbot, again, "Forget it")
    assert context.state.get("draft.account.new") is None
    again.reject()
    assert context.state.get("draft.account.new") is None


def test_an_untouched_form_keeps_nothing(qtbot: QtBot, context: Context, taker: Desk) -> None:
    dialog = opened(qtbot, context, taker, {"name": "Elm", "tier": "A"})
    dialog.reject()
    assert context.state.get("draft.account.new") is None


def test_a_day_is_picked_from_the_calendar(qtbot: QtBot, context: Context, taker: Desk) -> None:
    dialog = opened(qtbot, context, taker, {"start_on": "2026-03-05"})
    editor = dialog.form.editors["start_on"]
    assert isinstance(editor, DayField)
    qtbot.keyClick(editor.line, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = editor.findChild(QCalendarWidget)
    assert isinstance(calendar, QCalendarWidget)
    assert calendar.selectedDate() == QDate(2026, 3, 5)
    calendar.clicked.emit(QDate(2026, 4, 1))
    assert dialog.form.draft()["start_on"] == "2026-04-01"


def test_narrow_forms_stand_in_one_column(qtbot: QtBot, context: Context, taker: Desk) -> None:
    dialog = opened(qtbot, context, taker)
    cells = dialog.form.cells
    dialog.resize(640, 600)
    qtbot.waitUntil(lambda: cells["tier"].y() == cells["city"].y())
    dialog.resize(400, 600)
    qtbot.waitUntil(lambda: cells["tier"].y() < cells["city"].y())
    assert cells["tier"].x() == cells["city"].x()


def test_tab_follows_the_fields_and_every_one_has_a_name(qtbot: QtBot, context: Context, taker: Desk) -> None:
    dialog = opened(qtbot, context, taker)
    seen = []
    for _field in FIELDS:
        now = dialog.focusWidget()
        assert now is not None
        seen.append(now.accessibleName())
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    assert seen == [field.label for field in FIELDS]
    assert all(isinstance(editor, LongText) or editor.accessibleName() for editor in dialog.form.editors.values())


def press(qtbot: QtBot, dialog: FormDialog, words: str) -> None:
    """Press the verb of the bar."""
    button = next(button for button in dialog.findChildren(Button) if button.words() == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
