"""Workbooks that leave the import: refused rows for sales, templates. Asks where to, writes beside the UI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from csdesk.services.core.texts import _, ngettext

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.handover.commands import ImportHandover
    from csdesk.services.handover.leftover import KeptRows
    from csdesk.services.handover.report import ImportReport
    from csdesk.ui.core.context import Context


def save_left_over(context: Context, wish: ImportHandover, report: ImportReport, parent: QWidget) -> None:
    """The rows of a file that were refused or doubted, with the reasons."""

    def write(path: Path, _desk: Desk) -> int:
        from csdesk.services.handover.sheet import write_errors

        return write_errors(path, wish, report)

    _save(context, _error_name(wish.file.name), write, _rows_saved, parent)


def save_kept(context: Context, file_name: str, kept: Sequence[KeptRows], parent: QWidget) -> None:
    """The same of an import that was made earlier."""

    def write(path: Path, _desk: Desk) -> int:
        from csdesk.services.handover.sheet import write_kept

        return write_kept(path, kept)

    _save(context, _error_name(file_name), write, _rows_saved, parent)


def save_template(context: Context, filled: bool, parent: QWidget) -> None:
    """A handover workbook to fill in, or one with everything that is there today."""

    def write(path: Path, desk: Desk) -> int:
        from csdesk.services.handover.sheet import write_filled, write_template

        if not filled:
            write_template(path)
            return 0
        with desk.read() as connection:
            return write_filled(path, connection)

    name = (
        _("Accounts to edit {day}").format(day=context.clock.today().isoformat()) if filled else _("Handover template")
    )
    _save(context, name, write, _accounts_saved if filled else _template_saved, parent)


def _error_name(file_name: str) -> str:
    return _("{file} to mend").format(file=Path(file_name).stem)


def _rows_saved(count: int, file: str) -> str:
    return ngettext("Saved: {n} row in {file}", "Saved: {n} rows in {file}", count).format(n=count, file=file)


def _accounts_saved(count: int, file: str) -> str:
    words = ngettext(
        "Saved: {n} account in {file}. Edit it in Excel, then import it.",
        "Saved: {n} accounts in {file}. Edit it in Excel, then import it.",
        count,
    )
    return words.format(n=count, file=file)


def _template_saved(_count: int, file: str) -> str:
    return _("Saved: {file}").format(file=file)


def _save(
    context: Context,
    name: str,
    write: Callable[[Path, Desk], int],
    told: Callable[[int, str], str],
    parent: QWidget,
) -> None:
    chosen, _kind = QFileDialog.getSaveFileName(parent.window(), _("Save"), f"{name}.xlsx", _("Workbook (*.xlsx)"))
    if not chosen:
        return
    path = Path(chosen).with_suffix(".xlsx")

    def work(desk: Desk, _progress: Progress) -> int:
        return write(path, desk)

    def saved(count: Any) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

        context.messages.toast(told(count, path.name), link=(_("Open folder"), show))

    context.runner.work(work, saved, _("Saving\u2026"), writes=False)
