"""Reports on paper: a document of pages, painted alike on the preview, a printer and a PDF file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

from csdesk.services.core.report import Report
from csdesk.services.core.texts import _
from csdesk.ui.core.paper import Page, Sheet, lay_out
from csdesk.ui.core.paper_strips import footer
from csdesk.ui.core.paper_text import PT

RESOLUTION = 1200
_kept: list[Any] = []
"""Keeps the application alive that a command without a window made."""


@dataclass(frozen=True)
class Leaf:
    """One page of the document, and which page of its report it is."""

    report: Report
    page: Page
    number: int
    count: int


class Document:
    """One or more reports laid out on pages; each report counts its own pages. Needs a QGuiApplication."""

    def __init__(self, reports: Report | Sequence[Report], sheet: Sheet | None = None) -> None:
        self.sheet = sheet or Sheet()
        self.reports = (reports,) if isinstance(reports, Report) else tuple(reports)
        self.leaves: list[Leaf] = []
        for report in self.reports:
            pages = lay_out(report, self.sheet)
            self.leaves += [Leaf(report, page, number, len(pages)) for number, page in enumerate(pages, 1)]

    @property
    def title(self) -> str:
        """The first report's title: the document's name."""
        return self.reports[0].title if self.reports else ""

    def paint(self, painter: QPainter, index: int) -> None:
        """Paint page ``index`` (from 0) in units of a tenth of a point from the sheet's corner."""
        leaf = self.leaves[index]
        for y, strip in leaf.page.placed:
            strip.draw(painter, self.sheet.left, y)
        printed = leaf.report.printed_at
        when = f"{printed:%Y-%m-%d} {printed.hour}:{printed:%M}" if printed else ""
        foot = footer(leaf.report, self.sheet.inner, leaf.number, leaf.count, when)
        foot.draw(painter, self.sheet.left, self.sheet.foot)


def pdf(reports: Report | Sequence[Report], path: Path) -> int:
    """Write the reports as one PDF and say how many pages it has.

    Works without a window. The file appears whole or not at all; raises StorageError where it cannot be written.
    """
    _ensure_application()
    document = Document(reports)
    write_whole(path, pdf_bytes(document))
    return len(document.leaves)


def pdf_bytes(document: Document) -> bytes:
    """The document as the bytes of a PDF file."""
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(_page_layout())
    writer.setResolution(RESOLUTION)
    writer.setTitle(document.title)
    writer.setCreator("CSDesk")
    painter = QPainter(writer)
    paint_all(painter, document, range(len(document.leaves)), RESOLUTION, writer.newPage)
    painter.end()
    buffer.close()
    return bytes(store.data())


def paint_all(painter: QPainter, document: Document, pages: Sequence[int], dpi: float, new_page: Any) -> None:
    """Paint the pages with these indexes, calling ``new_page`` between two."""
    for number, index in enumerate(pages):
        if number:
            new_page()
        painter.save()
        painter.scale(dpi / (72 * PT), dpi / (72 * PT))
        document.paint(painter, index)
        painter.restore()


def _page_layout() -> QPageLayout:
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def print_on(document: Document, printer: Any, pages: Sequence[int] | None = None) -> None:
    """Send the document to a QPrinter; raises StorageError where it takes no job."""
    printer.setPageLayout(_page_layout())
    printer.setFullPage(True)
    printer.setDocName(document.title)
    painter = QPainter()
    if not painter.begin(printer):
        from csdesk.services.core.errors import StorageError

        raise StorageError(
            _("The printer took no job."), "", _("Check that it is on and connected, or save the pages as a PDF.")
        )
    chosen = range(len(document.leaves)) if pages is None else pages
    paint_all(painter, document, chosen, printer.resolution(), printer.newPage)
    painter.end()


def printers() -> list[str]:
    """Names of the printers that this machine knows; none is no error."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return [name for name in QPrinterInfo.availablePrinterNames() if name]


def _ensure_application() -> None:
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QGuiApplication(["csdesk"]))


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place whole or not at all; raises StorageError where it cannot be written."""
    from csdesk.services.files.writing import replaced

    with replaced(path) as fresh:
        fresh.write_bytes(content)
