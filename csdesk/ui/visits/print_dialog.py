"""One dialog for everything that can be printed of the visit plan: a digit or the arrows choose, Enter shows the preview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.visits.printing import LABELS, Choice, Papers
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.parts import Button, CheckBox
from csdesk.ui.core.theme import px
from csdesk.ui.visits.paper import preview_choice

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

HINTS = {
    Papers.WEEK: N_("a section a day, with room for the pen"),
    Papers.PACK: N_("the plan of the day and a sheet for each of its visits"),
    Papers.SHEETS: N_("one for each visit of the days shown"),
    Papers.ROUTE: N_("places in order, with the ways between them"),
    Papers.MONTH: N_("a calendar on one page, then the list"),
}
SHEETS = (Papers.PACK, Papers.SHEETS)


class PrintDialog(Dialog):
    """``wanted`` gives what was chosen, and whether the internal box is printed. ``internal`` stays as it was left."""

    wanted = Signal(object, bool)

    def __init__(
        self,
        choices: Sequence[Choice],
        internal: bool = True,
        chosen: Papers = Papers.WEEK,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Print"), parent=parent)
        self.choices = {choice.papers: choice for choice in choices}
        self.list = LinesView(_("What to print"), left_width=28, grows=True)
        self.list.set_lines([self._line(number, choice) for number, choice in enumerate(choices, 1)])
        self.list.opened.connect(self._open)
        self.list.chosen.connect(self._chosen)
        self.internal = CheckBox(
            _("With the box that is for us alone (I); without it, a copy for the customer"), internal
        )
        self.body.addWidget(self.list)
        self.body.addWidget(self.internal)
        self.cancel = self.add_verb(_("Cancel"), self.reject, closes=False)
        self.show_button = self._primary()
        self.setMinimumWidth(px(560))
        self.list.choose(chosen)
        self.list.setFocus()

    def _primary(self) -> Button:
        button = Button(_("Preview"), "print", "Enter", "primary")
        button.clicked.connect(self._open_current)
        self.verbs.addWidget(button)
        return button

    def _line(self, number: int, choice: Choice) -> Line:
        visits = ngettext("{n} visit", "{n} visits", choice.visits).format(n=choice.visits)
        days = formats.day_title(choice.start)
        if choice.papers == Papers.MONTH:
            days = formats.month_title(choice.start)
        elif choice.end != choice.start:
            days = _("{start} to {end}").format(start=f"{choice.start:%m-%d}", end=f"{choice.end:%m-%d}")
        return Line(
            choice.papers, _(LABELS[choice.papers]), f"{days} \u00b7 {_(HINTS[choice.papers])}", left=str(number),
            right=visits, muted=not choice.visits,
        )  # fmt: skip

    def _chosen(self, papers: object) -> None:
        self.internal.setEnabled(papers in SHEETS)

    def _open_current(self) -> None:
        self._open(self.list.current_key())

    def _open(self, papers: object) -> None:
        if isinstance(papers, Papers):
            self.wanted.emit(self.choices[papers], self.internal.isChecked())
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if not event.modifiers() and 0 <= number < len(self.choices):
            self.list.choose(list(self.choices)[number])
        elif not event.modifiers() and event.key() == Qt.Key.Key_I and self.internal.isEnabled():
            self.internal.toggle()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_current()
        else:
            super().keyPressEvent(event)


INTERNAL_KEY = "print.internal"


def open_print_dialog(
    context: Context, choices: Sequence[Choice], parent: QWidget, chosen: Papers = Papers.WEEK
) -> PrintDialog:
    """Ask what to print, with one of them chosen, then show it."""
    dialog = PrintDialog(choices, context.state.get(INTERNAL_KEY) is not False, chosen, parent.window())

    def wanted(choice: Choice, internal: bool) -> None:
        context.state.set(INTERNAL_KEY, internal)
        preview_choice(context, choice, internal, parent)

    dialog.wanted.connect(wanted)
    dialog.open()
    return dialog
