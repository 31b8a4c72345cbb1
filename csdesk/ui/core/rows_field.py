"""A field that holds several rows of a few cells each, as a small table: contract lines, instalments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.parts import Button, CheckBox, Field, Label
from csdesk.ui.core.theme import px


@dataclass(frozen=True)
class RowCell:
    """One column: its heading (msgid), its share of the width, whether it is a tick box or ranged right.

    A ``hidden`` one is carried along and not shown; ``first`` is what it holds in a new row.
    """

    key: str
    label: str
    share: int = 2
    check: bool = False
    right: bool = False
    hidden: bool = False
    hint: str = ""
    first: str = ""


Box = Field | CheckBox | Button


class RowsField(QWidget):
    """Rows as text: cells parted by tabs, rows by line ends. ``edited`` follows each change.

    Enter in the last row adds one, Ctrl+Delete takes the row with the keyboard out; rows copied from a spreadsheet are
    pasted from the cell with the keyboard on.
    """

    edited = Signal()

    def __init__(self, name: str, cells: Sequence[RowCell], add: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = tuple(cells)
        self.setAccessibleName(name)
        self._rows: list[dict[str, str | Box]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(6))
        self._grid.setVerticalSpacing(px(4))
        self._shown = [cell for cell in self.cells if not cell.hidden]
        for place, cell in enumerate(self._shown):
            head = Label(_(cell.label), "caption", "muted", elide=not cell.check)
            if cell.right:
                head.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(head, 0, place)
            self._grid.setColumnStretch(place, cell.share)
        column.addLayout(self._grid)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        self.add = Button(add or _("Add a line"), "plus", "", "link")
        self.add.clicked.connect(self._add_pressed)
        foot.addWidget(self.add)
        foot.addStretch(1)
        column.addLayout(foot)
        self.set_text("")

    def text(self) -> str:
        """All rows, the empty ones too."""
        return "\n".join("\t".join(_content(row[cell.key]) for cell in self.cells) for row in self._rows)

    def set_text(self, text: str) -> None:
        """Show these rows, at least one."""
        for row in self._rows:
            _drop(row)
        self._rows = []
        for line in text.split("\n") if text else [self._fresh()]:
            self._append(line.split("\t"))
        self._chain()

    def set_wrong(self, wrong: bool) -> None:
        """Frame the rows red."""
        for box in (box for row in self._rows for box in row.values() if isinstance(box, Field)):
            box.set_wrong(wrong)

    def boxes(self, row: int) -> dict[str, Box]:
        """The editors of a row by key."""
        return {key: box for key, box in self._rows[row].items() if not isinstance(box, str)}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self._place()
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if place is not None and event.key() == Qt.Key.Key_Delete and held == Qt.KeyboardModifier.ControlModifier:
            self._take_out(place[0])
        elif place is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            if place[0] + 1 == len(self._rows):
                self._add_pressed()
            else:
                self._focus(place[0] + 1, place[1])
        else:
            super().keyPressEvent(event)

    def _fresh(self) -> str:
        return "\t".join(cell.first for cell in self.cells)

    def _append(self, values: Sequence[str]) -> None:
        at = len(self._rows) + 1
        row: dict[str, str | Box] = {}
        place = 0
        for cell, value in zip(self.cells, [*values, *[""] * len(self.cells)], strict=False):
            if cell.hidden:
                row[cell.key] = value
                continue
            name = _("{column}, line {n}").format(column=_(cell.label), n=at)
            box = self._box(cell, name, value)
            row[cell.key] = box
            self._grid.addWidget(box, at, place)
            place += 1
        out = Button(_("Take line {n} out").format(n=at), "close", "", "icon")
        out.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        out.clicked.connect(partial(self._out_pressed, row))
        self._grid.addWidget(out, at, place)
        row[_OUT] = out
        self._rows.append(row)
        self.setFocusProxy(next(box for box in self._rows[0].values() if isinstance(box, Field)))

    def _box(self, cell: RowCell, name: str, value: str) -> Box:
        if cell.check:
            check = CheckBox("")
            check.setAccessibleName(name)
            check.setChecked(value in ("1", "true", "yes"))
            check.toggled.connect(self._edited)
            return check
        field = _Cell(name, _(cell.hint) if cell.hint else "")
        field.setText(value)
        field.setCursorPosition(0)
        if cell.right:
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.textEdited.connect(self._edited)
        field.pasted.connect(self._pasted)
        return field

    def _chain(self) -> None:
        """Tab goes along the rows, then to the button below."""
        boxes = [box for row in self._rows for key, box in row.items() if key != _OUT and isinstance(box, QWidget)]
        for before, after in zip(boxes, [*boxes[1:], self.add], strict=True):
            QWidget.setTabOrder(before, after)

    def _place(self) -> tuple[int, str] | None:
        focus = QApplication.focusWidget()
        for number, row in enumerate(self._rows):
            for key, box in row.items():
                if box is focus:
                    return number, key
        return None

    def _focus(self, row: int, key: str) -> None:
        box = self._rows[row][key]
        if isinstance(box, QWidget):
            box.setFocus()

    def _add_pressed(self, _checked: bool = False) -> None:
        self._append(self._fresh().split("\t"))
        self._chain()
        self._focus(len(self._rows) - 1, self._shown[0].key)
        self._edited()

    def _out_pressed(self, row: dict[str, str | Box], _checked: bool = False) -> None:
        self._take_out(next(place for place, other in enumerate(self._rows) if other is row))

    def _take_out(self, place: int) -> None:
        lines = self.text().split("\n")
        del lines[place]
        self.set_text("\n".join(lines))
        self._focus(min(place, len(self._rows) - 1), self._shown[0].key)
        self._edited()

    def _pasted(self, box: object, text: str) -> None:
        """A block of a spreadsheet goes over the cells from here on."""
        start = next((n, key) for n, row in enumerate(self._rows) for key, other in row.items() if other is box)
        keys = [cell.key for cell in self._shown]
        for down, line in enumerate(text.rstrip("\n").split("\n")):
            while start[0] + down >= len(self._rows):
                self._append(self._fresh().split("\t"))
            for key, value in zip(keys[keys.index(start[1]) :], line.split("\t"), strict=False):
                target = self._rows[start[0] + down][key]
                if isinstance(target, Field):
                    target.setText(value.strip())
        self._chain()
        self._edited()

    def _edited(self, *_args: object) -> None:
        self.edited.emit()


_OUT = "\x00out"


class _Cell(Field):
    """Hands a pasted block of cells on."""

    pasted = Signal(object, str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            text = QApplication.clipboard().text().replace("\r\n", "\n")
            if "\t" in text or "\n" in text.rstrip("\n"):
                self.pasted.emit(self, text)
                return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)


def _content(value: str | Box) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Field):
        return " ".join(value.text().split())
    return "1" if value.isChecked() else ""


def _drop(row: dict[str, str | Box]) -> None:
    for box in row.values():
        if isinstance(box, QWidget):
            box.hide()
            box.deleteLater()
