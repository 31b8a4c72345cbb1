"""Calendar files at the page: the plan goes out as one, the user's own come in and are read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.visits.cards import WeekPlan
    from csdesk.services.visits.own_calendars import CalendarRow
    from csdesk.ui.core.context import Context
    from csdesk.ui.visits.page import VisitsPage

SUBMENU = N_("Own calendars")


class CalendarVerbs:
    """What the page does with calendar files."""

    def __init__(self, context: Context, page: VisitsPage) -> None:
        self.context, self.page = context, page
        self.rows: tuple[CalendarRow, ...] = ()

    def refresh(self) -> None:
        """Ask which calendars were taken in."""
        from csdesk.services.visits.own_calendars import own_calendars

        self.context.runner.ask(own_calendars, then=self._filled, owner=self.page)

    def _filled(self, rows: tuple[CalendarRow, ...]) -> None:
        if rows != self.rows:
            self.rows = rows
            self.page.actions_changed.emit()

    def actions(self, act: Callable[..., Action]) -> list[Action]:
        """Take one in, read all again, and for each the way out."""
        found = [act("own.take", N_("Take in an own calendar (.ics)"), self.choose, "", "import", submenu=SUBMENU)]
        if self.rows:
            again = N_("Read own calendars again")
            found.append(act("own.again", again, self.read_again, "", "renewals", submenu=SUBMENU))
        for row in self.rows:
            found.append(
                act(f"own.remove.{row.id}", N_("Remove calendar {name} ({n} times)"), partial(self.remove, row.id),
                    params=partial(_named, row), submenu=SUBMENU)
            )  # fmt: skip
        return found

    def export(self, plan: WeekPlan, title: str) -> None:
        """Ask where to, then write."""
        chosen, _kind = QFileDialog.getSaveFileName(
            self.page.window(), _("Export .ics"), f"{title}.ics", _("Calendar (*.ics)")
        )
        if chosen:
            self.write(Path(chosen), plan)

    def write(self, path: Path, plan: WeekPlan) -> None:
        """Write the plan's visits to a calendar file beside the UI thread."""
        from csdesk.services.visits.calendar_file import write_plan

        def written(count: Any) -> None:
            self.context.messages.toast(_("Written: {n} visits to {file}").format(n=count, file=path.name))

        self.context.runner.work(
            lambda _desk, _progress: write_plan(path, plan), written, _("Exporting…"), writes=False
        )

    def choose(self) -> None:
        """Ask for a calendar file, then take it in."""
        chosen, _kind = QFileDialog.getOpenFileName(
            self.page.window(), _("Take in an own calendar"), "", _("Calendar (*.ics)")
        )
        if chosen:
            self.take_in([Path(chosen)])

    def read_again(self) -> None:
        """Read the files of all calendars that came from here."""
        self.take_in([Path(row.path) for row in self.rows if row.path])

    def take_in(self, paths: Sequence[Path]) -> None:
        """Read calendar files one after the other, in processes of their own, and keep the times they take."""
        from csdesk.services.visits.own_calendars import take_in_file

        def read(path: Path, desk: Desk, progress: Progress) -> Any:
            return take_in_file(desk, path, progress)

        for path in paths:
            self.context.runner.work(
                partial(read, path), partial(self._taken, path.name), _("Reading {name}").format(name=path.name)
            )

    def _taken(self, name: str, done: Any) -> None:
        if done.value.left_out:
            sentence = ngettext(
                "{n} event of {name} could not be understood and takes no time here.",
                "{n} events of {name} could not be understood and take no time here.",
                done.value.left_out,
            )
            self.context.messages.bar(self.page.key, sentence.format(n=done.value.left_out, name=name))

    def remove(self, calendar_id: int) -> None:
        """Take a calendar out."""
        from csdesk.services.visits.own_calendars import RemoveCalendar, remove_calendar

        self.context.runner.do(remove_calendar, RemoveCalendar(calendar_id))


def _named(row: CalendarRow) -> dict[str, str]:
    return {"name": row.name, "n": str(row.times)}
