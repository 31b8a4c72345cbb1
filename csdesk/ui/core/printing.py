"""Reports on paper: a document of pages, painted alike on the preview, a printer and a PDF file."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

from csdesk.services.core.report import Report
from csdesk.services.core.texts import _
from csdesk.ui.core.paper import Page, Sheet, laying_out
from csdesk.ui.core.paper_strips import footer, forget_strips
from csdesk.ui.core.paper_text import PT

RESOLUTION = 720
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
    """One or more reports laid out on pages; each report counts its own pages. Needs a QGuiApplication.

    Without ``at_once`` it has no page until the steps of ``lay_out`` were gone through; pages come report by report.
    """

    def __init__(self, reports: Report | Sequence[Report], sheet: Sheet | None = None, *, at_once: bool = True) -> None:
        self.sheet = sheet or Sheet()
        self.reports = (reports,) if isinstance(reports, Report) else tuple(reports)
        self.leaves: list[Leaf] = []
        self.is_whole = False
        if at_once:
            for _step in self.lay_out():
                pass

    def lay_out(self) -> Generator[None, None, None]:
        """Lay the reports out, in steps of a few milliseconds."""
        try:
            for report in self.reports:
                pages = yield from laying_out(report, self.sheet)
                self.leaves += [Leaf(report, page, number, len(pages)) for number, page in enumerate(pages, 1)]
            self.is_whole = True
        finally:
            forget_strips()

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
    ensure_application()
    document = Document(reports)
    write_whole(path, pdf_bytes(document))
    return len(document.leaves)


def pdf_bytes(document: Document) -> bytes:
    """The document as the bytes of a PDF file."""
    steps = pdf_steps(document)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            content: bytes = end.value
            return content


def pdf_steps(document: Document) -> Generator[None, None, bytes]:
    """The same in steps, a page each; closed early it leaves nothing behind."""
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(_page_layout())
    writer.setResolution(RESOLUTION)
    writer.setTitle(document.title)
    writer.setCreator("CSDesk")
    painter = QPainter(writer)
    try:
        yield from painting(painter, document, range(len(document.leaves)), RESOLUTION, writer.newPage)
    finally:
        painter.end()
        buffer.close()
    return bytes(store.data())


def painting(
    painter: QPainter, document: Document, pages: Sequence[int], dpi: float, new_page: Callable[[], object]
) -> Generator[None, None, None]:
    """Paint the pages with these indexes, one a step, calling ``new_page`` between two."""
    for number, index in enumerate(pages):
        if number:
            new_page()
        painter.save()
        painter.scale(dpi / (72 * PT), dpi / (72 * PT))
        document.paint(painter, index)
        painter.restore()
        yield


def _page_layout() -> QPageLayout:
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def printing_on(document: Document, printer: Any, pages: Sequence[int]) -> Generator[None, None, None]:
    """Send these pages to a QPrinter, one a step; raises StorageError where it takes no job."""
    printer.setPageLayout(_page_layout())
    printer.setFullPage(True)
    printer.setDocName(document.title)
    painter = QPainter()
    if not painter.begin(printer):
        from csdesk.services.core.errors import StorageError

        raise StorageError(
            _("The printer took no job."), "", _("Check that it is on and connected, or save the pages as a PDF.")
        )
    done = False
    try:
        yield from painting(painter, document, pages, printer.resolution(), printer.newPage)
        done = True
    finally:
        if not done:
            printer.abort()
        painter.end()


def printers() -> list[str]:
    """Names of the printers that this machine knows; none is no error."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return [name for name in QPrinterInfo.availablePrinterNames() if name]


def ensure_application() -> None:
    """Make the application that text on paper needs where there is none; without a display one without a window."""
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QGuiApplication(["csdesk"]))


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place whole or not at all; raises StorageError where it cannot be written."""
    from csdesk.services.files.writing import replaced

    with replaced(path) as fresh:
        fresh.write_bytes(content)
