"""Showing an article or a kept file with the system's own viewer; choosing files to keep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from csdesk.models.vocabulary import ArticleKind
from csdesk.services.core.texts import _
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.parts import Label

if TYPE_CHECKING:
    from csdesk.services.articles.queries import ArticleRow
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.files.kept_files import Kept
    from csdesk.ui.core.context import Context

SAFE_SCHEMES = ("http", "https", "mailto")
"""What a link may lead to: nothing that the system would run."""


def choose_files(parent: QWidget) -> tuple[Path, ...]:
    """Ask for files to attach."""
    kinds = _("Photos and documents (*.jpg *.jpeg *.png *.heic *.pdf *.docx *.xlsx *.pptx);;All files (*)")
    chosen, _kind = QFileDialog.getOpenFileNames(parent.window(), _("Attach files"), "", kinds)
    return tuple(Path(path) for path in chosen)


def open_article(context: Context, article_id: int, parent: QWidget) -> None:
    """Open a link in the browser, a file in its viewer, a text in a dialog."""
    from csdesk.services.articles.queries import article

    def came(row: ArticleRow | None) -> None:
        if row is None:
            return
        if row.kind == ArticleKind.FILE and row.file is not None:
            open_kept(context, row.file.kept)
        elif row.kind == ArticleKind.LINK:
            open_link(context, row.target)
        else:
            show_text(row.title, row.text, parent)

    context.runner.ask(article, article_id, then=came, owner=parent)


def open_kept(context: Context, kept: Kept) -> None:
    """Open a copy of a kept file; a missing one and a program are told."""
    from csdesk.services.files.kept_files import folder_of, opened_copy

    folder = folder_of(context.desk.database.path)

    def copy(_desk: Desk, _progress: Progress) -> Path:
        return opened_copy(folder, kept)

    def opened(path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    context.runner.work(copy, opened, _("Opening…"), writes=False)


def open_link(context: Context, target: str) -> None:
    """Open an address in the browser; one without a scheme is taken for https."""
    url = QUrl(target if "://" in target or target.startswith("mailto:") else f"https://{target}")
    if url.scheme().lower() not in SAFE_SCHEMES or not url.isValid():
        context.messages.bar("", _("This address is not opened: {address}").format(address=target), key="address")
        return
    QDesktopServices.openUrl(url)


def show_text(title: str, text: str, parent: QWidget) -> Dialog:
    """A text to read."""
    dialog = Dialog(title, "", parent.window())
    dialog.body.addWidget(Label(text, wrap=True))
    dialog.add_verb(_("Close"), dialog.accept, closes=False).setFocus()
    dialog.open()
    return dialog
