"""From a page to paper: the sheet of one visit, or what is chosen in the print dialog, read beside the UI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.print_preview import show_preview

if TYPE_CHECKING:
    from csdesk.services.core.report import Report
    from csdesk.services.visits.printing import Choice
    from csdesk.ui.core.context import Context


def preview_sheet(context: Context, visit_id: int, internal: bool, parent: QWidget) -> None:
    """The sheet of one visit in the preview; without ``internal`` the customer's copy."""
    from csdesk.services.visits.printing import printing_at, sheet_of

    def read(connection: Any) -> Report | None:
        return sheet_of(connection, visit_id, printing_at(connection, context.clock.local(), internal))

    def then(report: Report | None) -> None:
        if report is not None:
            name = " ".join((report.title, _("Visit sheet") if internal else _("Visit sheet, customer's copy")))
            show_preview(context, parent, (report,), name)

    context.runner.ask(read, then=then, owner=parent, key="sheet")


def preview_choice(context: Context, choice: Choice, internal: bool, parent: QWidget) -> None:
    """What was chosen in the preview; hundreds of sheets are read with a progress that can be cancelled."""
    from csdesk.services.visits.printing import LABELS, printed, printing_at

    def read(desk: Any, progress: Any) -> tuple[Report, ...]:
        with desk.read() as connection:
            return printed(connection, choice, printing_at(connection, context.clock.local(), internal), progress)

    name = f"{_(LABELS[choice.papers])} {choice.start.isoformat()}"
    context.runner.work(
        read, partial(_show, context, parent, name), _("Preparing the pages"), writes=False
    )  # fmt: skip


def _show(context: Context, parent: QWidget, name: str, reports: tuple[Report, ...]) -> None:
    if reports:
        show_preview(context, parent, reports, name)
    else:
        context.messages.toast(_("No visits are planned in these days."))
