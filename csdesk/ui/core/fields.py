"""The fields of a form: what each takes, and the editors that hold it as it was typed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QDate, QEvent, QPoint, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QCompleter, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.completing import CompletingField, Find
from csdesk.ui.core.parts import Button, CheckBox, Combo, Field, Label
from csdesk.ui.core.rows_field import RowCell, RowsField
from csdesk.ui.core.theme import metrics, px

LONG_LINES = 3
MARK = "\u25a0"
"""The square before what is wrong."""


class FieldKind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    DAY = "day"
    CHECK = "check"
    MONEY = "money"
    NUMBER = "number"
    PHONE = "phone"
    EMAIL = "email"
    ROWS = "rows"


INPUT_HINTS = {
    FieldKind.DAY: Qt.InputMethodHint.ImhPreferNumbers,
    FieldKind.MONEY: Qt.InputMethodHint.ImhPreferNumbers,
    FieldKind.NUMBER: Qt.InputMethodHint.ImhPreferNumbers,
    FieldKind.PHONE: Qt.InputMethodHint.ImhPreferNumbers,
    FieldKind.EMAIL: Qt.InputMethodHint.ImhPreferLatin,
}


@dataclass(frozen=True)
class FormField:
    """One field. ``label`` and ``hint`` are msgids; ``options`` are (value, shown) for a choice; ``suggestions`` complete
    a text; ``find`` is asked at each letter for what completes it (see ``CompletingField``); ``wide`` takes the whole row;
    ``cells`` are the columns of a field of rows.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    hint: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()
    wide: bool = False
    find: Find | None = None
    cells: tuple[RowCell, ...] = ()

    @property
    def takes_row(self) -> bool:
        """Whether it stands alone in its row."""
        return self.wide or self.kind in (FieldKind.LONG, FieldKind.ROWS)


class LongText(QPlainTextEdit):
    """Several lines; Tab leaves it."""

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self._measure()

    def set_wrong(self, wrong: bool) -> None:
        """Frame it red."""
        if self.property("wrong") != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._measure()

    def _measure(self) -> None:
        self.setFixedHeight(LONG_LINES * metrics().lineSpacing() + px(20))


class DayField(QWidget):
    """A day as typed, with a calendar to pick from (the button, or Alt+Down). ``edited`` follows each change."""

    edited = Signal()

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(4))
        self.line = Field(name, hint or "2026-03-05")
        self.line.textEdited.connect(self._typed)
        row.addWidget(self.line, 1)
        self.button = Button(_("Pick a day"), "calendar", "Alt+\u2193", "icon", framed=True)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self.pick)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)
        self.setAccessibleName(name)
        self._calendar: QDialog | None = None

    def text(self) -> str:
        """As typed."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.line.setText(text)

    def set_wrong(self, wrong: bool) -> None:
        """Frame it red."""
        self.line.set_wrong(wrong)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.pick()
            return
        super().keyPressEvent(event)

    def pick(self) -> None:
        """Show the calendar under the field, on the day typed where it can be read."""
        calendar = QCalendarWidget()
        known = QDate.fromString(self.text().strip(), Qt.DateFormat.ISODate)
        if known.isValid():
            calendar.setSelectedDate(known)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setGridVisible(False)
        holder = QDialog(self, Qt.WindowType.Popup)
        holder.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(holder)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(calendar)
        calendar.activated.connect(self._picked)
        calendar.clicked.connect(self._picked)
        self._calendar = holder
        holder.move(self.mapToGlobal(QPoint(0, self.height())))
        holder.show()
        calendar.setFocus()

    def _picked(self, day: QDate) -> None:
        self.set_text(day.toString(Qt.DateFormat.ISODate))
        self.edited.emit()
        if self._calendar is not None:
            self._calendar.close()
            self._calendar = None
        self.line.setFocus()

    def _typed(self, _text: str) -> None:
        self.edited.emit()


Editor = Field | LongText | Combo | CheckBox | DayField | RowsField


class Cell(QWidget):
    """A field with its label above and, where it is wrong, the sentence beneath. ``edited`` follows each change."""

    edited = Signal()

    def __init__(self, field: FormField, value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.editor = self._make(field)
        self.set_text(value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        name = _(field.label)
        if field.kind != FieldKind.CHECK:
            self.label = Label(
                _("{name} *").format(name=name) if field.required else name, "caption", "muted", elide=True
            )
            self.label.setBuddy(self.editor)
            column.addWidget(self.label)
        column.addWidget(self.editor)
        self.sentence = Label("", "caption", "ink_red", wrap=True)
        self.sentence.hide()
        column.addWidget(self.sentence)
        self.advice: Label | None = None
        column.addStretch(1)

    def text(self) -> str:
        """As typed; "1" or "" for a tick box; the value of a choice."""
        editor = self.editor
        if isinstance(editor, LongText):
            return editor.toPlainText()
        if isinstance(editor, Combo):
            return str(editor.value() or "")
        if isinstance(editor, CheckBox):
            return "1" if editor.isChecked() else ""
        return editor.text()

    def set_text(self, text: str) -> None:
        """Put a text in; a choice takes its value."""
        editor = self.editor
        if isinstance(editor, LongText):
            editor.setPlainText(text)
        elif isinstance(editor, Combo):
            editor.choose(text)
        elif isinstance(editor, CheckBox):
            editor.setChecked(text in ("1", "true", "yes"))
        elif isinstance(editor, DayField | RowsField):
            editor.set_text(text)
        else:
            editor.setText(text)
            editor.setCursorPosition(0)

    def say(self, sentence: str) -> None:
        """Say what is wrong beneath, in a red frame; "" takes both away. The value stays."""
        self.sentence.setText(f"{MARK} {sentence}" if sentence else "")
        self.sentence.setVisible(bool(sentence))
        if not isinstance(self.editor, CheckBox):
            self.editor.set_wrong(bool(sentence))
        self.editor.setAccessibleDescription(sentence)

    def advise(self, sentence: str) -> None:
        """Say beneath what is doubtful and may be meant; "" takes it away."""
        if self.advice is None:
            if not sentence:
                return
            self.advice = Label("", "caption", "ink_amber", wrap=True)
            column = self.layout()
            assert isinstance(column, QVBoxLayout)
            column.insertWidget(column.indexOf(self.sentence) + 1, self.advice)
        self.advice.setText(sentence)
        self.advice.setVisible(bool(sentence))

    def _make(self, field: FormField) -> Editor:
        name, hint = _(field.label), _(field.hint)
        if field.kind == FieldKind.LONG:
            long = LongText(name, hint)
            long.textChanged.connect(self._edited)
            return long
        if field.kind == FieldKind.CHOICE:
            combo = Combo(name, field.options)
            combo.activated.connect(self._edited)
            return combo
        if field.kind == FieldKind.CHECK:
            check = CheckBox(name)
            check.toggled.connect(self._edited)
            return check
        if field.kind == FieldKind.ROWS:
            rows = RowsField(name, field.cells, hint)
            rows.edited.connect(self._edited)
            return rows
        if field.kind == FieldKind.DAY:
            day = DayField(name, hint)
            day.edited.connect(self._edited)
            return day
        return self._line(field, name, hint)

    def _line(self, field: FormField, name: str, hint: str) -> Field:
        line = CompletingField(name, hint, field.find) if field.find is not None else Field(name, hint)
        line.setInputMethodHints(INPUT_HINTS.get(field.kind, Qt.InputMethodHint.ImhNone))
        if field.kind in (FieldKind.MONEY, FieldKind.NUMBER):
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.textEdited.connect(self._edited)
        if isinstance(line, CompletingField):
            line.taken.connect(self._edited)
        elif field.suggestions:
            completer = QCompleter(line)
            completer.setModel(QStringListModel(list(field.suggestions), completer))
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.activated.connect(self._edited)
            line.setCompleter(completer)
        return line

    def _edited(self, *_args: object) -> None:
        self.edited.emit()


__all__ = ["MARK", "Cell", "DayField", "Editor", "FieldKind", "FormField", "LongText"]
