"""Forms from a description: what was typed goes out as a draft, problems come back to their fields.

A wrong field keeps its value and says what is wrong beneath it; one may always leave it. What was typed and not saved is
kept and offered the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QEvent, QPoint, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCompleter,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from csdesk.services.core.texts import _
from csdesk.ui.core.parts import Button, CheckBox, Combo, Field, Label, MessageBar
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.core.errors import Problem
    from csdesk.ui.core.context import Context

DRAFT_AFTER_MS = 2_000


class FieldKind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    DAY = "day"
    CHECK = "check"


@dataclass(frozen=True)
class FormField:
    """One field. ``options`` are (value, shown) for a choice; ``suggestions`` complete a text; ``wide`` takes the row."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    hint: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()
    wide: bool = False


class LongText(QPlainTextEdit):
    """Several lines; Tab leaves it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(px(72))


class DayField(Field):
    """A day as typed, with a calendar to pick from (Alt+↓)."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(hint or _("2026-03-05"), parent=parent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.pick()
            return
        super().keyPressEvent(event)

    def pick(self) -> None:
        """Show the calendar under the field."""
        calendar = QCalendarWidget()
        known = QDate.fromString(self.text().strip(), Qt.DateFormat.ISODate)
        if known.isValid():
            calendar.setSelectedDate(known)
        holder = QDialog(self, Qt.WindowType.Popup)
        column = QVBoxLayout(holder)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(calendar)
        calendar.activated.connect(self._picked)
        calendar.clicked.connect(self._picked)
        self._holder = holder
        holder.move(self.mapToGlobal(QPoint(0, self.height())))
        holder.show()

    def _picked(self, day: QDate) -> None:
        self.setText(day.toString(Qt.DateFormat.ISODate))
        self._holder.close()


class Form(QWidget):
    """Fields in one or two columns. ``changed`` follows each edit."""

    changed = Signal()

    def __init__(self, fields: Sequence[FormField], draft: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = tuple(fields)
        self.editors: dict[str, QWidget] = {}
        self._wrong: dict[str, Label] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        row = column = 0
        for field in fields:
            wide = field.wide or field.kind == FieldKind.LONG
            if wide and column:
                row, column = row + 1, 0
            grid.addLayout(self._cell(field, draft.get(field.key, "")), row, column, 1, 2 if wide else 1)
            row, column = (row + 1, 0) if wide or column else (row, 1)
        grid.setRowStretch(row + 1, 1)

    def _cell(self, field: FormField, value: str) -> QVBoxLayout:
        cell = QVBoxLayout()
        cell.setSpacing(px(4))
        editor = self._editor(field, value)
        self.editors[field.key] = editor
        name = _(field.label)
        editor.setAccessibleName(name)
        if field.kind != FieldKind.CHECK:
            caption = Label(f"{name} *" if field.required else name, "caption", "muted")
            caption.setBuddy(editor)
            cell.addWidget(caption)
        if field.kind == FieldKind.DAY:
            cell.addLayout(self._with_calendar(editor))
        else:
            cell.addWidget(editor)
        wrong = Label("", "caption", "ink_red", wrap=True)
        wrong.hide()
        self._wrong[field.key] = wrong
        cell.addWidget(wrong)
        cell.addStretch(1)
        return cell

    def _with_calendar(self, editor: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(4))
        row.addWidget(editor, 1)
        button = Button(_("Pick a day"), "calendar", "Alt+\u2193", "icon", framed=True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        assert isinstance(editor, DayField)
        button.clicked.connect(editor.pick)
        row.addWidget(button)
        return row

    def _editor(self, field: FormField, value: str) -> QWidget:
        if field.kind == FieldKind.LONG:
            long = LongText()
            long.setPlainText(value)
            long.textChanged.connect(self._edited)
            return long
        if field.kind == FieldKind.CHOICE:
            combo = Combo()
            combo.set_options(field.options)
            combo.choose(value)
            combo.activated.connect(self._edited)
            return combo
        if field.kind == FieldKind.CHECK:
            check = CheckBox(_(field.label))
            check.setChecked(value in ("1", "true", "yes"))
            check.toggled.connect(self._edited)
            return check
        line = DayField(_(field.hint)) if field.kind == FieldKind.DAY else Field(_(field.hint))
        line.setText(value)
        line.setCursorPosition(0)
        line.textEdited.connect(self._edited)
        if field.suggestions:
            completer = QCompleter(line)
            completer.setModel(QStringListModel(list(field.suggestions), completer))
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            line.setCompleter(completer)
        return line

    def _edited(self, *_args: object) -> None:
        self.changed.emit()

    def draft(self) -> dict[str, str]:
        """Every field as typed."""
        return {key: _typed(editor) for key, editor in self.editors.items()}

    def fill(self, draft: Mapping[str, str]) -> None:
        """Put these texts into the fields."""
        for key, value in draft.items():
            editor = self.editors.get(key)
            if isinstance(editor, QPlainTextEdit):
                editor.setPlainText(value)
            elif isinstance(editor, Combo):
                editor.choose(value)
            elif isinstance(editor, CheckBox):
                editor.setChecked(value == "1")
            elif isinstance(editor, Field):
                editor.setText(value)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Mark the wrong fields, each with its sentence; the first gets the focus."""
        said = {problem.field: problem.message for problem in problems}
        for key, label in self._wrong.items():
            label.setText(f"\u25a0 {said[key]}" if key in said else "")
            label.setVisible(key in said)
            editor = self.editors[key]
            if isinstance(editor, Field | Combo):
                editor.set_wrong(key in said)
        first = next((field.key for field in self.fields if field.key in said), None)
        if first is not None:
            self.editors[first].setFocus()

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        self.editors[self.fields[0].key].setFocus()


def _typed(editor: QWidget) -> str:
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText()
    if isinstance(editor, Combo):
        return str(editor.value() or "")
    if isinstance(editor, CheckBox):
        return "1" if editor.isChecked() else ""
    assert isinstance(editor, Field)
    return editor.text()


class FormDialog(QDialog):
    """A form with one primary (Ctrl+Enter) and Cancel (Esc). ``saved`` gives the draft; the opener sends the command.

    ``draft_key`` names the record: what was typed and not saved is kept under it for the next time.
    """

    saved = Signal(dict)

    def __init__(
        self,
        context: Context,
        title: str,
        fields: Sequence[FormField],
        draft: Mapping[str, str],
        *,
        verb: str = "",
        draft_key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._draft_key, self._first = context, f"draft.{draft_key}", dict(draft)
        self._keeps = bool(draft_key)
        self.setWindowTitle(title)
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(20), px(24), px(16))
        column.setSpacing(px(12))
        column.addWidget(Label(title, "h2"))
        self._place = QVBoxLayout()
        column.addLayout(self._place)
        self.form = Form(fields, draft)
        scroll = QScrollArea()
        scroll.setWidget(self.form)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(scroll, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = Button(_("Cancel"), key="Esc")
        self.save = Button(verb or _("Save"), key="Ctrl+Enter", kind="primary")
        cancel.setAutoDefault(False)
        self.save.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)
        row.addWidget(cancel)
        row.addWidget(self.save)
        column.addLayout(row)
        self._keeper = QTimer(self, interval=DRAFT_AFTER_MS, singleShot=True)
        self._keeper.timeout.connect(self._keep)
        self.form.changed.connect(self._changed)
        self._offer()
        height = self.form.sizeHint().height() + px(150)
        self.resize(px(640), min(height, px(560)))

    def _changed(self) -> None:
        if self._keeps:
            self._keeper.start()

    def _keep(self) -> None:
        """Remember what was typed; what is as it was at first is forgotten."""
        now = self.form.draft()
        self._context.state.set(self._draft_key, now if now != {**now, **self._first} else None)

    def _offer(self) -> None:
        kept = self._context.state.get(self._draft_key) if self._keeps else None
        if isinstance(kept, dict) and {k: v for k, v in kept.items() if v != self._first.get(k, "")}:
            self._bar = MessageBar(
                _("You typed something here that was not saved."),
                actions=((_("Put it back"), self._take_kept), (_("Forget it"), self._forget_kept)),
            )
            self._place.addWidget(self._bar)

    def _take_kept(self) -> None:
        self.form.fill(self._context.state.get(self._draft_key) or {})
        self._bar.hide()

    def _forget_kept(self) -> None:
        self._context.state.set(self._draft_key, None)
        self._bar.hide()

    def _save(self) -> None:
        self.saved.emit(self.form.draft())

    def done_well(self, _done: object = None) -> None:
        """The command was stored: close and forget the draft."""
        self._keeper.stop()
        if self._keeps:
            self._context.state.set(self._draft_key, None)
        self.accept()

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Show what is wrong."""
        self.form.show_problems(problems)

    def reject(self) -> None:
        if self._keeps:
            self._keeper.stop()
            self._keep()
        super().reject()

    def showEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().showEvent(event)  # type: ignore[arg-type]
        self.form.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._save()
        elif enter and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


def open_form(
    context: Context,
    title: str,
    fields: Sequence[FormField],
    draft: Mapping[str, str],
    send: Callable[[Mapping[str, str], FormDialog], None],
    *,
    verb: str = "",
    draft_key: str = "",
    parent: QWidget | None = None,
) -> FormDialog:
    """Show a form; ``send(draft, dialog)`` parses and sends the command, raising Problems for what is wrong.

    ``send`` passes ``then=dialog.done_well, failed=dialog.refuse`` to the runner.
    """
    from csdesk.services.core.errors import Problems

    dialog = FormDialog(context, title, fields, draft, verb=verb, draft_key=draft_key, parent=parent)

    def sent(typed: Mapping[str, str]) -> None:
        try:
            send(typed, dialog)
        except Problems as error:
            dialog.refuse(error.problems)

    dialog.saved.connect(sent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
