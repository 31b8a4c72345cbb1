"""Forms from a description: what was typed goes out as a draft, problems come back to their fields.

A wrong field keeps its value and says what is wrong beneath it; one may always leave it. What was typed and not saved is
kept and offered the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import _
from csdesk.ui.core.fields import Cell, DayField, Editor, FieldKind, FormField, LongText
from csdesk.ui.core.parts import Button, Label, MessageBar
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context, Subject

DRAFT_AFTER_MS = 2_000
NARROW, WIDE = 640, 800
"""How wide a dialog is, and one that holds rows of several cells."""
ONE_COLUMN_BELOW = 480
"""Below this width the fields stand in one column."""

WRITE_DOWN = "tickets.new"
"""The action that stands open above a form too: what a customer asks for is written down while something else is."""
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Form(QWidget):
    """Fields in two columns, in one where it is narrow. ``changed`` follows each edit.

    ``folded`` fields are made only when ``unfold`` asks for them, or when one of them is wrong: a form that is to stand
    there at once begins with few. Until then they hold what the draft says.
    """

    changed = Signal()

    unfolded = Signal()

    def __init__(
        self,
        fields: Sequence[FormField],
        draft: Mapping[str, str],
        parent: QWidget | None = None,
        folded: Sequence[FormField] = (),
    ) -> None:
        super().__init__(parent)
        self.fields = tuple(fields)
        self._folded = tuple(folded)
        self._waiting = {field.key: draft.get(field.key, "") for field in folded}
        self.cells = {field.key: Cell(field, draft.get(field.key, ""), self) for field in fields}
        self.setObjectName("canvas")
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(px(4), px(4), px(4), px(4))
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(10))
        for cell in self.cells.values():
            cell.edited.connect(self.changed)
        self._lay_out(2)

    @property
    def editors(self) -> dict[str, Editor]:
        """The editors by key."""
        return {key: cell.editor for key, cell in self.cells.items()}

    def draft(self) -> dict[str, str]:
        """Every field as typed."""
        return {**{key: cell.text() for key, cell in self.cells.items()}, **self._waiting}

    @property
    def is_folded(self) -> bool:
        """Whether some fields have not been made yet."""
        return bool(self._folded)

    def unfold(self) -> None:
        """Make the folded fields."""
        if not self._folded:
            return
        for field in self._folded:
            self.cells[field.key] = cell = Cell(field, self._waiting[field.key], self)
            cell.edited.connect(self.changed)
        self.fields += self._folded
        self._folded, self._waiting = (), {}
        columns, self._columns = self._columns, 0
        self._lay_out(columns)
        self.unfolded.emit()

    def fill(self, draft: Mapping[str, str]) -> None:
        """Put these texts into the fields."""
        for key, value in draft.items():
            if key in self.cells:
                self.cells[key].set_text(value)
            elif key in self._waiting:
                self._waiting[key] = value

    def show_problems(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Mark the wrong fields, each with its sentence; the first gets the focus. Gives back those that fit no field."""
        listed = tuple(problems)
        said: dict[str, str] = {}
        for problem in listed:
            said.setdefault(problem.field, problem.message)
        if not said.keys().isdisjoint(self._waiting):
            self.unfold()
        for key, cell in self.cells.items():
            cell.say(said.get(key, ""))
        first = next((field.key for field in self.fields if field.key in said), None)
        if first is not None:
            self.cells[first].editor.setFocus()
            self._show_cell(self.cells[first])
        return tuple(problem for problem in listed if problem.field not in self.cells)

    def show_advice(self, said: Mapping[str, str]) -> None:
        """Say at the fields what is doubtful; it holds nothing back."""
        for key, cell in self.cells.items():
            cell.advise(said.get(key, ""))

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        self.cells[self.fields[0].key].editor.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(1 if self.width() < px(ONE_COLUMN_BELOW) else 2)

    def _show_cell(self, cell: Cell) -> None:
        parent = self.parentWidget()
        area = parent.parentWidget() if parent is not None else None
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(cell)

    def _lay_out(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._grid.setRowStretch(self._grid.rowCount(), 0)
        self._columns = columns
        row = column = 0
        for field in self.fields:
            cell = self.cells[field.key]
            alone = field.takes_row or columns == 1
            if alone and column:
                row, column = row + 1, 0
            self._grid.addWidget(cell, row, column, 1, 2 if alone else 1)
            row, column = (row + 1, 0) if alone or column else (row, 1)
        for place in (0, 1):
            self._grid.setColumnStretch(place, 1)
            self._grid.setColumnMinimumWidth(place, 0)
        self._grid.setRowStretch(row + 1, 1)


class FormDialog(QDialog):
    """A form with one primary (Ctrl+Enter) and Cancel (Esc). ``saved`` gives the draft; the opener sends the command.

    ``draft_key`` names the record: what was typed and not saved is kept under it for the next time, so that leaving
    needs no question.
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
        folded: Sequence[FormField] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._draft_key = context, f"draft.{draft_key}" if draft_key else ""
        self._kept_bar: MessageBar | None = None
        self._wrong_bar: MessageBar | None = None
        self.setWindowTitle(title)
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(16))
        column.setSpacing(px(12))
        heading = Label(title, "h2", elide=True)
        heading.setContentsMargins(px(4), 0, px(4), 0)
        column.addWidget(heading)
        self._bars = QVBoxLayout()
        column.addLayout(self._bars)
        self.form = Form(fields, draft, folded=folded)
        self._first = self.form.draft()
        column.addWidget(self._scrolling(self.form), 1)
        column.addLayout(self._verbs(verb or _("Save")))
        self._keeper = QTimer(self, interval=DRAFT_AFTER_MS, singleShot=True)
        self._keeper.timeout.connect(self._keep)
        self.form.changed.connect(self._changed)
        self.write_down = QShortcut(QKeySequence("Ctrl+T"), self, self._write_down)
        self._offer()
        height = self.form.sizeHint().height() + px(150)
        room = parent.window().height() - px(32) if parent is not None else px(720)
        wide = any(field.kind == FieldKind.ROWS for field in fields)
        self.resize(px(WIDE if wide else NARROW), min(height, max(room, px(320))))

    def _scrolling(self, form: Form) -> QScrollArea:
        area = QScrollArea()
        area.setWidget(form)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _verbs(self, verb: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(px(4), 0, px(4), 0)
        row.setSpacing(px(8))
        row.addStretch(1)
        self.cancel = Button(_("Cancel"), key="Esc")
        self.save = Button(verb, key="Ctrl+Enter", kind="primary")
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        return row

    def subject(self) -> Subject | None:
        """What the form is about, as a page says it; None: what the page below is about."""
        return None

    def begin(self, draft: Mapping[str, str], draft_key: str) -> None:
        """Begin with these texts, for the record named: a form that was made before it was known what it is about."""
        self.form.fill(draft)
        self._draft_key = f"draft.{draft_key}"
        self._first = self.form.draft()
        self._offer()

    @property
    def is_dirty(self) -> bool:
        """Whether anything differs from what the form began with."""
        return self.form.draft() != self._first

    def done_well(self, _done: object = None) -> None:
        """The command was stored: close and forget the draft."""
        self._keeper.stop()
        if self._draft_key:
            self._context.state.set(self._draft_key, None)
        self.accept()

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Show what is wrong: at its field, or above all where it concerns none of them."""
        rest = self.form.show_problems(problems)
        if self._wrong_bar is not None:
            self._wrong_bar.deleteLater()
            self._wrong_bar = None
        if rest:
            self._wrong_bar = MessageBar(" ".join(problem.message for problem in rest), "error")
            self._bars.addWidget(self._wrong_bar)

    def reject(self) -> None:
        self._keeper.stop()
        self._keep()
        super().reject()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.form.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTERS and held == Qt.KeyboardModifier.ControlModifier:
            self._save()
        elif event.key() in ENTERS and not held:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _write_down(self) -> None:
        self._context.actions.run(WRITE_DOWN)

    def _changed(self) -> None:
        if self._draft_key:
            self._keeper.start()

    def _keep(self) -> None:
        """Remember what was typed; what is as it was at first is forgotten."""
        if self._draft_key:
            self._context.state.set(self._draft_key, self.form.draft() if self.is_dirty else None)

    def _offer(self) -> None:
        kept = self._context.state.get(self._draft_key) if self._draft_key else None
        if isinstance(kept, dict) and any(kept.get(key, value) != value for key, value in self._first.items()):
            self._kept_bar = MessageBar(
                _("You typed something here that was not saved."),
                actions=((_("Put it back"), self._take_kept), (_("Forget it"), self._forget_kept)),
            )
            self._bars.addWidget(self._kept_bar)

    def _take_kept(self) -> None:
        self.form.fill(self._context.state.get(self._draft_key) or {})
        self._hide_offer()

    def _forget_kept(self) -> None:
        self._context.state.set(self._draft_key, None)
        self._hide_offer()

    def _hide_offer(self) -> None:
        if self._kept_bar is not None:
            self._kept_bar.hide()
        self.form.focus_first()

    def _save(self) -> None:
        self.saved.emit(self.form.draft())


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
    advise: Callable[[Mapping[str, str]], Mapping[str, str]] | None = None,
) -> FormDialog:
    """Show a form; ``send(draft, dialog)`` parses and sends the command, raising Problems for what is wrong.

    ``send`` passes ``then=dialog.done_well, failed=dialog.refuse`` to the runner. ``advise`` says at each change, by
    field, what is doubtful; it has everything in memory.
    """
    dialog = FormDialog(context, title, fields, draft, verb=verb, draft_key=draft_key, parent=parent)

    def sent(typed: Mapping[str, str]) -> None:
        try:
            send(typed, dialog)
        except Problems as error:
            dialog.refuse(error.problems)

    def look() -> None:
        if advise is not None:
            dialog.form.show_advice(advise(dialog.form.draft()))

    dialog.saved.connect(sent)
    dialog.form.changed.connect(look)
    look()
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


__all__ = ["DayField", "FieldKind", "Form", "FormDialog", "FormField", "LongText", "open_form"]
