"""The promises of a handover as tasks: ticked, mended and dated in one dialog."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from csdesk.services.core.texts import _, ngettext
from csdesk.services.core.values import Unreadable, parse_day
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.fields import DayField
from csdesk.ui.core.parts import CheckBox, Field, Label, WrongLabel
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.core.errors import Problem
    from csdesk.services.handover.promises import Proposal
    from csdesk.services.handover.records import HandoverRecord
    from csdesk.ui.core.context import Context

ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
MOST_ROWS = 8
"""So many promises are seen at once; more scroll."""


class _Row:
    """One promise: its tick, the words of the task, who does it, by when."""

    def __init__(self, proposal: Proposal, owner: str, grid: QGridLayout, place: int) -> None:
        self.promise = proposal.text
        self.tick = CheckBox(_("Make a task"), True)
        self.tick.setText("")
        self.tick.setAccessibleName(_("Make a task of: {promise}").format(promise=proposal.text))
        self.text = Field(_("What is to be done"))
        self.text.setText(proposal.text)
        self.text.setCursorPosition(0)
        self.owner = Field(_("Owner"))
        self.owner.setText(owner)
        self.owner.setFixedWidth(px(96))
        self.day = DayField(_("Due"))
        self.day.set_text(proposal.due_on.isoformat())
        self.day.setFixedWidth(px(156))
        said = _("named in the promise") if proposal.said else _("proposed: the promise names no day")
        self.note = Label(said, "caption", "muted")
        self.wrong = WrongLabel()
        grid.addWidget(self.tick, place, 0)
        grid.addWidget(self.text, place, 1)
        grid.addWidget(self.owner, place, 2)
        grid.addWidget(self.day, place, 3)
        grid.addWidget(self.wrong, place + 1, 1, 1, 2)
        grid.addWidget(self.note, place + 1, 3)
        self.tick.toggled.connect(self._toggled)

    def _toggled(self, on: bool) -> None:
        for part in (self.text, self.owner, self.day):
            part.setEnabled(on)


class PromisesDialog(Dialog):
    """Each promise without a task as a row; Ctrl+Enter makes the ticked ones tasks in one step."""

    def __init__(
        self, context: Context, record: HandoverRecord, proposals: Sequence[Proposal], parent: QWidget
    ) -> None:
        sentence = ngettext(
            "{name} was promised this by sales. Ticked, it becomes a task.",
            "{name} was promised these {n} things by sales. What is ticked becomes a task.",
            len(proposals),
        )
        super().__init__(_("Promises as tasks"), sentence.format(name=record.account, n=len(proposals)), parent)
        self._context, self._record = context, record
        holder = QWidget()
        holder.setObjectName("canvas")
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, px(8), 0)
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(1, 1)
        for column, head in enumerate((_("What is to be done"), _("Owner"), _("Due")), 1):
            grid.addWidget(Label(head, "caption", "muted"), 0, column)
        self.rows = [_Row(one, record.owner, grid, 1 + 2 * place) for place, one in enumerate(proposals)]
        grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea()
        area.setObjectName("canvas")
        area.setAccessibleName(_("Promises by sales"))
        area.setWidget(holder)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(min(len(proposals), MOST_ROWS) * px(60) + px(32))
        self.body.addWidget(area)
        self.add_verb(_("Not now"), self.reject, closes=False)
        self.save = self.add_verb(_("Make tasks"), self._save, "primary", closes=False)
        self.setMinimumWidth(min(px(760), parent.window().width() - px(32)))
        self.rows[0].text.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTERS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._save()
        elif event.key() in ENTERS:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _save(self) -> None:
        from csdesk.services.handover.deciding import KeepPromises, PromiseTask, keep_promises

        wanted = []
        for row in self.rows:
            row.wrong.say("")
            row.day.set_wrong(False)
            if not row.tick.isChecked():
                continue
            try:
                day = parse_day(row.day.text(), self._context.clock.today())
            except Unreadable as error:
                row.wrong.say(str(error))
                row.day.set_wrong(True)
                row.day.setFocus()
                return
            if not row.text.text().strip():
                row.wrong.say(_("Say what is to be done."))
                row.text.setFocus()
                return
            wanted.append(PromiseTask(row.promise, row.text.text(), day, row.owner.text()))
        if not wanted:
            self.reject()
            return
        wish = KeepPromises(self._record.id, tuple(wanted))
        self._context.runner.do(keep_promises, wish, then=self._stored, failed=self._refuse)

    def _stored(self, _done: object) -> None:
        self.accept()

    def _refuse(self, problems: tuple[Problem, ...]) -> None:
        self.rows[0].wrong.say(problems[0].message)


def offer_promises(context: Context, record: HandoverRecord, parent: QWidget, *, quietly: bool = False) -> None:
    """Open the dialog for the promises without a task; where there are none say so, unless ``quietly``."""
    from csdesk.services.handover.promises import propose

    text = "\n".join(record.without_task)
    proposals = propose(text, record.start_on, record.received_on, context.clock.today()) if text else ()
    if proposals:
        PromisesDialog(context, record, proposals, parent.window()).open()
    elif not quietly:
        words = _("Every promise has its task.") if record.promises else _("No promise is written down yet.")
        context.messages.toast(words)
