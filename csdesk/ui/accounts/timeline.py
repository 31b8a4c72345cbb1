"""The timeline of an account: a composer, chips and words to narrow, everything that happened, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from csdesk.models.vocabulary import InteractionKind, Mood, TaskState, VisitKind, VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.accounts.composer import TASK, Composer
from csdesk.ui.accounts.wording import VISIT_ICONS, VISIT_TONES, word
from csdesk.ui.core.fields import FieldKind, FormField
from csdesk.ui.core.form import FormDialog, open_form
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Chip, Divider, EmptyState, Field, Label
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from datetime import date

    from csdesk.services.contacts.queries import ContactRow
    from csdesk.services.interactions.queries import InteractionRow
    from csdesk.services.interactions.timeline import Kind, Moment
    from csdesk.ui.core.context import Context

ICONS = {
    "talk": "phone",
    "note": "note",
    "task": "task",
    "ticket": "requirements",
    "import": "import",
    "change": "edit",
}
DRAFT = "draft.timeline"


class Timeline(QWidget):
    """The first tab of an account's page. ``visit_wanted`` and ``task_wanted`` give the row that was opened."""

    visit_wanted = Signal(int)
    task_wanted = Signal(int)
    ticket_wanted = Signal(object)
    handover_wanted = Signal()
    history_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.account_id = 0
        self._people: list[ContactRow] = []
        self._moments: tuple[Moment, ...] = ()
        self._kind: Kind | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.composer = Composer()
        self.composer.written.connect(self._write)
        self.composer.escaped.connect(self.focus_list)
        column.addWidget(self.composer)
        column.addLayout(self._filters())
        column.addWidget(Divider())
        self.list = LinesView(_("Timeline"), 84, with_icons=True)
        self.list.opened.connect(self._open)
        self.list.menu_wanted.connect(self._menu)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        first = EmptyState(
            _("Nothing here yet"), _("Write down the first contact above: what was said, and what comes next.")
        )
        none = EmptyState(_("Nothing fits"), _("No entry has these words."), normal=_("Show everything"))
        none.chosen.connect(self._show_all)
        self._stack.addWidget(first)
        self._stack.addWidget(none)
        column.addWidget(self._stack, 1)

    def _filters(self) -> QHBoxLayout:
        from csdesk.services.interactions.timeline import TITLES

        row = QHBoxLayout()
        row.setContentsMargins(px(15), 0, px(15), px(10))
        row.setSpacing(px(8))
        self.chips: dict[str, Chip] = {"": Chip(_("All"))}
        self.chips |= {kind.value: Chip(_(title)) for kind, title in TITLES.items()}
        for key, chip in self.chips.items():
            chip.clicked.connect(partial(self._choose, key))
            row.addWidget(chip)
        self.chips[""].setChecked(True)
        row.addStretch(1)
        self.words = Field(_("Find in the timeline"), _("Find"), "search")
        self.words.setFixedWidth(px(150))
        self.words.textChanged.connect(self._narrow)
        row.addWidget(self.words)
        self.count = Label("", "caption", "muted")
        row.addWidget(self.count)
        return row

    def show_account(self, account_id: int, people: list[ContactRow]) -> None:
        """Show an account's moments; ``people`` are whom @ offers."""
        self._people = [person for person in people if person.left_on is None] + [p for p in people if p.left_on]
        self.composer.text.set_names([person.name for person in self._people])
        if account_id != self.account_id:
            self._keep_draft()
            self.account_id = account_id
            self._moments = ()
            self.words.setText("")
            self._choose("")
            self.composer.text.show_text(str(self.context.state.get(f"{DRAFT}.{account_id}") or ""))
        from csdesk.services.tickets.moments import whole_timeline

        self.context.runner.ask(whole_timeline, account_id, then=self._came, owner=self)

    def _came(self, moments: tuple[Moment, ...]) -> None:
        self._moments = moments
        self._narrow()

    def _narrow(self, _text: str = "") -> None:
        from csdesk.services.interactions.timeline import counts, narrowed

        today = self.context.clock.today()
        shown = narrowed(self._moments, self._kind, self.words.text())
        found = counts(narrowed(self._moments, None, self.words.text()))
        for kind, number in found.items():
            chip = self.chips[kind.value]
            chip.setVisible(bool(number) or kind == self._kind)
        self.list.set_lines([_line(moment, today) for moment in shown])
        self._stack.setCurrentIndex(0 if shown else 2 if self._moments else 1)
        self.count.setText(ngettext("{n} entry", "{n} entries", len(shown)).format(n=len(shown)))

    def _choose(self, key: str, _on: bool = False) -> None:
        from csdesk.services.interactions.timeline import Kind

        self._kind = Kind(key) if key else None
        for name, chip in self.chips.items():
            chip.setChecked(name == key)
        self._narrow()

    def _show_all(self) -> None:
        self.words.setText("")
        self._choose("")

    def write(self) -> None:
        """Key L: into the composer."""
        self.composer.setFocus()

    def focus_list(self) -> None:
        """Out of the composer, into the list."""
        self.list.setFocus()

    def _write(self, text: str, kind: str) -> None:
        from csdesk.services.core.errors import Problems
        from csdesk.services.interactions.commands import Write, write
        from csdesk.services.interactions.rules import Person, parse_entry

        people = [Person(person.id, person.name) for person in self._people]
        chosen = None if kind == TASK else InteractionKind(kind)
        try:
            entry = parse_entry(text, people, self.context.clock.today(), chosen)
        except Problems as error:
            self._refused(error.problems)
            return
        self.context.runner.do(write, Write(self.account_id, chosen, entry), then=self._written, failed=self._refused)

    def _written(self, _done: object) -> None:
        self.composer.clear()
        self.context.state.set(f"{DRAFT}.{self.account_id}", None)
        self.composer.setFocus()

    def _refused(self, problems: tuple[Any, ...]) -> None:
        self.context.messages.bar("accounts", " ".join(problem.message for problem in problems), key="composer")

    def _keep_draft(self) -> None:
        if self.account_id:
            self.context.state.set(f"{DRAFT}.{self.account_id}", self.composer.draft().strip() or None)

    def leave(self) -> None:
        """What was written and not sent is there when one comes back."""
        self._keep_draft()

    def _moment(self, key: object) -> Moment | None:
        return next((one for one in self._moments if (one.kind, one.id) == key), None)

    def _open(self, key: object) -> None:
        moment = self._moment(key)
        if moment is None:
            return
        if moment.kind == "visit":
            self.visit_wanted.emit(moment.id)
        elif moment.kind in ("talk", "note"):
            self.edit(moment.source)
        elif moment.kind == "task":
            self.task_wanted.emit(moment.id)
        elif moment.kind == "ticket":
            self.ticket_wanted.emit(moment.opens)
        elif moment.kind == "import":
            self.handover_wanted.emit()
        else:
            self.history_wanted.emit()

    def edit(self, row: Any) -> FormDialog:
        """Change a note, a call or a message."""
        from csdesk.services.core.drafts import Reader
        from csdesk.services.core.values import parse_day
        from csdesk.services.interactions.commands import ChangeInteraction, change_interaction

        found: InteractionRow = row
        people = (("", "\u2014"), *((str(person.id), person.name) for person in self._people))
        fields = [
            FormField(
                "kind", N_("Kind"), FieldKind.CHOICE, options=tuple((k.value, _(k.label)) for k in InteractionKind)
            ),
            FormField("happened_on", N_("Day"), FieldKind.DAY, required=True),
            FormField("contact_id", N_("With whom"), FieldKind.CHOICE, options=people),
            FormField("text", N_("What was said or done"), FieldKind.LONG),
        ]
        draft = {
            "kind": found.kind, "happened_on": found.happened_on.isoformat(),
            "contact_id": str(found.contact_id or ""), "text": found.text,
        }  # fmt: skip

        def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
            read = Reader(typed)
            day = read.value("happened_on", lambda text: parse_day(text, self.context.clock.today()))
            if day is None and not read.problems:
                read.refuse("happened_on", _("On which day?"), "missing")
            read.check()
            assert day is not None
            wish = ChangeInteraction(
                found.id, InteractionKind(typed["kind"]), typed["text"], day, int(typed["contact_id"] or 0),
                found.version,
            )  # fmt: skip
            self.context.runner.do(change_interaction, wish, then=dialog.done_well, failed=dialog.refuse)

        key = f"interaction.{found.id}"
        return open_form(self.context, _("Change the entry"), fields, draft, send, draft_key=key, parent=self.window())

    def _menu(self, key: object, place: QPoint) -> None:
        moment = self._moment(key)
        if moment is None:
            return
        menu = QMenu(self)
        menu.addAction(_("Open")).triggered.connect(partial(self._open, key))
        if moment.kind in ("talk", "note"):
            menu.addAction(_("Delete")).triggered.connect(self.delete_current)
        menu.popup(place)

    def delete_current(self) -> None:
        """The chosen note, call or message into the bin."""
        from csdesk.services.interactions.commands import Interactions, delete_interactions

        moment = self._moment(self.list.current_key())
        if moment is not None and moment.kind in ("talk", "note"):
            self.context.runner.do(delete_interactions, Interactions((moment.id,)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not event.modifiers() and self.list.hasFocus():
            self.delete_current()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.count.setVisible(self.width() > px(720))
        self.composer.button.show_key(self.width() > px(620))


def _line(moment: Moment, today: date) -> Line:
    key = (moment.kind, moment.id)
    left = formats.day_near(moment.day, today)
    if moment.kind == "visit":
        return _visit_line(key, left, moment, today)
    if moment.kind == "task":
        return _task_line(key, left, moment, today)
    if moment.kind in ("talk", "note"):
        row: Any = moment.source
        first, _break, rest = row.text.strip().partition("\n")
        title = _(InteractionKind(row.kind).label)
        note = " \u00b7 ".join(part for part in (row.contact, formats.time_text(row.starts_at)) if part)
        icon = "mail" if row.kind == InteractionKind.MESSAGE else ICONS[moment.kind]
        return Line(key, title, f"{first} {rest}".strip(), left=left, icon=icon, note=note)
    if moment.kind == "ticket":
        said = " ".join(moment.text.split())
        return Line(key, moment.title, said, left=left, icon=ICONS["ticket"], note=moment.note)
    if moment.kind == "import":
        return Line(key, _("Handover"), " \u00b7 ".join(part for part in (moment.title, moment.text) if part), left=left,
                    icon=ICONS["import"])  # fmt: skip
    return Line(key, moment.title, left=left, icon=ICONS["change"], bold=False, muted=True,
                right=formats.time_text(moment.time))  # fmt: skip


def _visit_line(key: object, left: str, moment: Moment, today: date) -> Line:
    visit: Any = moment.source
    overdue = visit.state == VisitState.PLANNED and moment.day < today
    badges = [
        Badge(_("Not recorded yet"), "warn") if overdue
        else Badge(word(VisitState, visit.state), VISIT_TONES[VisitState(visit.state)])
    ]  # fmt: skip
    mood = getattr(visit, "mood", None)
    if mood == Mood.TENSE:
        badges.append(Badge(_(Mood.TENSE.label), "bad"))
    kind = word(VisitKind, visit.kind)
    title = _("{kind}: {goal}").format(kind=kind, goal=visit.goal) if visit.goal else kind
    said = " ".join((visit.record or visit.excuse or "").split())
    if visit.next_step:
        said = " \u2192 ".join(part for part in (said, " ".join(visit.next_step.split())) if part)
    note = _(", ").join(moment.people)
    return Line(key, title, said, left=left, icon=VISIT_ICONS[VisitKind(visit.kind)], badges=tuple(badges), note=note)


def _task_line(key: object, left: str, moment: Moment, today: date) -> Line:
    task: Any = moment.source
    done = task.state != TaskState.OPEN
    late = not done and task.due_on is not None and task.due_on < today
    badge = Badge(_("Overdue"), "overdue") if late else Badge(word(TaskState, task.state), "ok" if done else "line")
    due = _("due {day}").format(day=formats.day_short(task.due_on, today)) if task.due_on and not done else ""
    return Line(key, task.text, left=left, icon=ICONS["task"], badges=(badge,), note=due, bold=not done, muted=done)
