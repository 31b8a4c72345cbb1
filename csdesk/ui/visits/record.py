"""Recording a visit by keyboard: five fields and the next step, in a dialog from anywhere or one visit after another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from csdesk.models.vocabulary import Mood, VisitOutcome, VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.fields import FieldKind, FormField
from csdesk.ui.core.form import Form, FormDialog
from csdesk.ui.visits.detail_cards import subject_of

if TYPE_CHECKING:
    from csdesk.services.visits.preparation import Preparation
    from csdesk.services.visits.recording import NextVisit
    from csdesk.services.visits.report_back import BackItem
    from csdesk.ui.core.context import Context, Subject

HELD = (VisitOutcome.VISITED, VisitOutcome.PARTLY)
ONLY_HELD = ("done_on", "came", "mood", "record", "needs", "next_step", "next_on", "next_visit", "plan_next")
TOLD = "told."
"""The fields of answers that were told begin like this; the notice's id follows."""
LONGEST_TOLD = 28
ONLY_NOT_HELD = ("reason",)
ONLY_MOVED = ("new_day",)
NOT_MOVED = ("spent", "travel", "expenses")


def record_fields(view: Preparation) -> list[FormField]:
    """The fields in the order of the keyboard; what waits to be told is there to be ticked."""
    people = tuple(person.name for person in view.contacts if person.left_on is None)
    return [
        FormField(
            "outcome", N_("How did it go?"), FieldKind.CHOICE,
            options=tuple((one.value, _(one.label)) for one in VisitOutcome),
        ),
        FormField("done_on", N_("Took place on"), FieldKind.DAY),
        FormField("new_day", N_("New day"), FieldKind.DAY),
        FormField("reason", N_("Why?"), wide=True),
        FormField("came", N_("Who was there"), hint=N_("Names, with commas"), suggestions=people),
        FormField(
            "mood", N_("Mood"), FieldKind.CHOICE,
            options=(("", "\u2014"), *((mood.value, _(mood.label)) for mood in Mood)),
        ),
        FormField("record", N_("What was said"), FieldKind.LONG),
        *(_told_field(item) for item in view.report_back if item.tells),
        FormField("needs", N_("Needs that showed, one a line"), FieldKind.LONG),
        FormField("next_step", N_("Next step, one a line; each becomes a task"), FieldKind.LONG),
        FormField("next_on", N_("By when"), FieldKind.DAY, hint=N_("12-05, or +7 for in a week")),
        FormField("next_visit", N_("Next visit"), FieldKind.DAY),
        FormField("plan_next", N_("Plan the next visit for that day"), FieldKind.CHECK),
        FormField("spent", N_("Minutes spent"), hint=N_("90, 1.5h or 1:30")),
        FormField("travel", N_("Minutes on the way"), hint=N_("90, 1.5h or 1:30")),
        FormField("expenses", N_("Expenses in CNY"), FieldKind.MONEY),
    ]  # fmt: skip


def _told_field(item: BackItem) -> FormField:
    title = item.title if len(item.title) <= LONGEST_TOLD else item.title[: LONGEST_TOLD - 1].rstrip() + "\u2026"
    words = _("Told: {title} ({answer})").format(title=title, answer=item.state)
    return FormField(f"{TOLD}{item.id}", words, FieldKind.CHECK, wide=True)


def told_in(typed: Mapping[str, str]) -> tuple[int, ...]:
    """The answers that are ticked as told."""
    return tuple(int(key.removeprefix(TOLD)) for key, text in typed.items() if key.startswith(TOLD) and text)


def draft_of(view: Preparation, following: NextVisit | None, today: date) -> dict[str, str]:
    """What the fields begin with: what is stored, else what is likely."""
    card, written = view.card, view.written
    recorded = card.state != VisitState.PLANNED
    came = [one.name for one in view.theirs if (one.came if recorded else one.invited)]
    open_steps = [task.text for task in view.own_tasks] or card.next_step.splitlines()
    outcome = written.outcome or (
        VisitOutcome.VISITED
        if card.state in (VisitState.PLANNED, VisitState.DONE)
        else VisitOutcome.ABSENT
        if card.state == VisitState.MISSED
        else VisitOutcome.CANCELLED
    )
    return {
        "outcome": outcome.value,
        "done_on": (card.done_on or min(card.day or today, today)).isoformat(),
        "new_day": "",
        "reason": card.excuse or (card.record if card.state == VisitState.MISSED else ""),
        "came": _(", ").join(came),
        "mood": written.mood or "",
        "record": card.record if card.state != VisitState.MISSED else "",
        "needs": "\n".join(need.text for need in view.needs),
        "next_step": "\n".join(open_steps),
        "next_on": written.next_on.isoformat() if written.next_on else "",
        "next_visit": "" if recorded or following is None else following.day.isoformat(),
        "spent": str(written.spent if written.spent is not None else card.minutes if not recorded else ""),
        "travel": "" if written.travel is None else str(written.travel),
        "expenses": "" if written.expenses is None else f"{written.expenses:f}",
    }  # fmt: skip


class Suiting(QObject):
    """Shows the fields that the chosen outcome asks for; typing stays where it is hidden."""

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self.form = form
        form.cells["outcome"].edited.connect(self.suit)
        self.suit()

    def suit(self) -> None:
        """Show and hide."""
        outcome = self.form.cells["outcome"].text()
        held, moved = outcome in HELD, outcome == VisitOutcome.MOVED
        only_held = (*ONLY_HELD, *(key for key in self.form.cells if key.startswith(TOLD)))
        for keys, shown in ((only_held, held), (ONLY_NOT_HELD, not held), (ONLY_MOVED, moved), (NOT_MOVED, not moved)):
            for key in keys:
                self.form.cells[key].setVisible(shown)


def say_next(form: Form, following: NextVisit | None) -> None:
    """Say beside the field where the proposed day comes from."""
    if following is not None:
        form.cells["next_visit"].label.setText(f"{_('Next visit')} \u00b7 {next_words(following)}")


def next_words(following: NextVisit | None) -> str:
    """Where the proposed day comes from."""
    if following is None:
        return ""
    if following.planned_id is not None:
        return _("already planned for {day}").format(day=formats.day_iso(following.day))
    return ngettext("proposed: every {n} day", "proposed: every {n} days", following.every).format(n=following.every)


def read_for_record(connection: Any, visit_id: int, today: date) -> tuple[Preparation, NextVisit | None] | None:
    """What the form needs, in one reading; None where the visit is gone."""
    from csdesk.services.visits.preparation import preparation
    from csdesk.services.visits.recording import next_visit

    view = preparation(connection, visit_id, today)
    if view is None:
        return None
    done_on = view.card.done_on or min(view.card.day or today, today)
    return view, next_visit(connection, visit_id, done_on, today)


class RecordDialog(FormDialog):
    """The record of one visit."""

    def __init__(self, context: Context, view: Preparation, following: NextVisit | None, parent: QWidget) -> None:
        today = context.clock.today()
        super().__init__(
            context, _("Record the visit to {name}").format(name=view.card.account), record_fields(view),
            draft_of(view, following, today), draft_key=f"record.{view.card.id}", parent=parent,
        )  # fmt: skip
        self.view = view
        self._suiting = Suiting(self.form)
        say_next(self.form, following)
        self.saved.connect(self._send)
        self.finished.connect(self.deleteLater)

    def subject(self) -> Subject | None:
        return subject_of(self.view)

    def _send(self, typed: Mapping[str, str]) -> None:
        send_record(self._context, self.view, typed, self.done_well, self.refuse)


def send_record(context: Context, view: Preparation, typed: Mapping[str, str], then: Any, failed: Any) -> None:
    """Parse and store; problems go to ``failed``."""
    from csdesk.services.core.errors import Problems
    from csdesk.services.tickets.visiting import RecordAndTell, record_and_tell
    from csdesk.services.visits.record_fields import parse
    from csdesk.services.visits.recording import Record

    try:
        fields = parse(typed, context.clock.today())
    except Problems as error:
        failed(error.problems)
        return
    wish = RecordAndTell(Record(view.card.id, fields, view.card.version), told_in(typed))
    context.runner.do(record_and_tell, wish, then=then, failed=failed)


def record_form(context: Context, visit_id: int, parent: QWidget) -> None:
    """Open the record of a visit over the window."""

    def came(found: tuple[Preparation, NextVisit | None] | None) -> None:
        if found is not None:
            RecordDialog(context, *found, parent.window()).open()

    context.runner.ask(read_for_record, visit_id, context.clock.today(), then=came, owner=parent)


def attach(context: Context, visit_id: int, paths: tuple[Path, ...]) -> None:
    """Attach files to a visit beside the UI thread."""
    from csdesk.services.attachments.commands import Attach, attach_files
    from csdesk.services.files.kept_files import folder_of

    if paths:
        folder = folder_of(context.desk.database.path)
        context.runner.do(attach_files, Attach(paths, folder, visit_id=visit_id))
