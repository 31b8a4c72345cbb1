"""The report of a period from the dashboard to paper, a PDF or a workbook: read and drawn beside the UI thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.print_preview import show_preview

if TYPE_CHECKING:
    from datetime import datetime

    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.core.report import Report
    from csdesk.services.kpi.dashboard import Wish
    from csdesk.ui.core.context import Context


def preview_report(context: Context, wish: Wish, parent: QWidget, pdf: str = "") -> None:
    """Show the report of these days in the preview; with ``pdf`` it is written there at once, and the preview closes."""

    def show(report: Report) -> None:
        preview = show_preview(context, parent, (report,), report.title)
        if pdf:
            preview.save(pdf)

    context.runner.work(partial(_read_report, context, wish), show, _("Making the report"), writes=False)


def ask_pdf(context: Context, wish: Wish, parent: QWidget) -> None:
    """Ask where the report is to lie as a PDF, then make it."""
    name = f"{_title(context, wish)}.pdf"
    chosen, _kind = QFileDialog.getSaveFileName(parent.window(), _("Save the report"), name, _("PDF file (*.pdf)"))
    if chosen:
        preview_report(context, wish, parent, str(Path(chosen).with_suffix(".pdf")))


def ask_workbook(context: Context, wish: Wish, parent: QWidget) -> None:
    """Ask where the report is to lie as a workbook, then write it."""
    name = f"{_title(context, wish)}.xlsx"
    chosen, _kind = QFileDialog.getSaveFileName(parent.window(), _("Save the report"), name, _("Workbook (*.xlsx)"))
    if not chosen:
        return
    path = Path(chosen).with_suffix(".xlsx")

    def written(_nothing: object) -> None:
        context.messages.toast(_("Saved: {file}").format(file=path.name), link=(_("Open folder"), show))

    def show() -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    context.runner.work(partial(_write_workbook, context, wish, path), written, _("Making the report"), writes=False)


def _title(context: Context, wish: Wish) -> str:
    from csdesk.services.kpi.report import report_title

    return report_title(wish.period, context.clock.today())


def _read_report(context: Context, wish: Wish, desk: Any, progress: Any) -> Report:
    return read_report(desk, wish, context.clock.local(), progress)


def read_report(desk: Desk, wish: Wish, now: datetime, progress: Progress) -> Report:
    """The report of these days as known now, its charts drawn. Raises Cancelled where somebody stops it."""
    from csdesk.services.kpi.dashboard import dashboard
    from csdesk.services.kpi.report import ChartPicture, chart_place, period_report
    from csdesk.services.kpi.report_facts import report_facts
    from csdesk.ui.core.chart import paper_bytes
    from csdesk.ui.kpi.telling import chart_of

    progress.step(_("Computing the figures"))
    with desk.read() as connection:
        view = dashboard(connection, wish, now.date())
        facts = report_facts(connection, view, now)
    progress.step(_("Drawing the charts"), len(wish.charts))
    pictures = {}
    for key in wish.charts:
        drawing, note = chart_of(view, key)
        if drawing is not None:
            pictures[key] = ChartPicture(paper_bytes(drawing, *chart_place(key)), note)
        progress.advance()
    return period_report(view, facts, pictures)


def _write_workbook(context: Context, wish: Wish, path: Path, desk: Any, progress: Any) -> None:
    from csdesk.services.kpi.dashboard import dashboard
    from csdesk.services.kpi.report_facts import report_facts
    from csdesk.services.kpi.report_sheet import write_report

    now = context.clock.local()
    progress.step(_("Computing the figures"))
    with desk.read() as connection:
        view = dashboard(connection, wish, now.date())
        facts = report_facts(connection, view, now)
    progress.step(_("Writing the workbook"))
    write_report(path, view, facts)
