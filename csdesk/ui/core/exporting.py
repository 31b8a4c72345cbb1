"""Any list as a workbook: asks where to, writes beside the UI thread, offers to open the folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from csdesk.services.core.texts import _

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.ui.core.context import Context
    from csdesk.ui.core.table import RowTable


def file_name(title: str) -> str:
    """A title without the signs that one system or another does not take in the name of a file."""
    return " ".join("".join(" " if sign in '<>:"/\\|?*' or sign < " " else sign for sign in title).split())


def export_table(context: Context, table: RowTable, title: str, parent: QWidget) -> None:
    """Write the rows that the table shows, in its columns, to a workbook that the user names."""
    name = f"{file_name(title)} {context.clock.today().isoformat()}.xlsx"
    chosen, _kind = QFileDialog.getSaveFileName(parent.window(), _("Export"), name, _("Workbook (*.xlsx)"))
    if not chosen:
        return
    path = Path(chosen).with_suffix(".xlsx")
    ids = table.acting_ids() if table.model_.ticked else list(table.model_.ids)
    keys = [column.key for _number, column in table.shown_columns()]
    listing, words = table.listing, table.model_.words

    def write(desk: Desk, progress: Progress) -> int:
        from csdesk.services.files.listings import write_listing

        with desk.read() as connection:
            return write_listing(path, title, listing.columns, listing.rows(connection, ids), ids, keys, words)

    def written(count: Any) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

        text = _("Exported: {n} rows to {file}").format(n=count, file=path.name)
        context.messages.toast(text, link=(_("Open folder"), show))

    context.runner.work(write, written, _("Exporting…"), writes=False)
