"""The pages as they will lie on paper, before they go to a printer or into a PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractScrollArea, QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from csdesk.services.core.errors import Cancelled, StorageError
from csdesk.services.core.progress import Progress
from csdesk.services.core.report import Report
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.notices import ProgressCard
from csdesk.ui.core.parts import Button, Label, MessageBar, Segmented
from csdesk.ui.core.printing import Document, pdf_steps, printers, printing_on, write_whole
from csdesk.ui.core.slicing import Slices, Steps
from csdesk.ui.core.theme import color, px

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from csdesk.ui.core.context import Context

GAP = 16
ZOOMS = ("page", "width", "full")


class PageView(QAbstractScrollArea):
    """All pages one under the other, painted from the document itself; ``turned`` tells which one is at the top."""

    turned = Signal(int)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.zoom = "page"
        self.setAccessibleName(_("Pages"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._tell)

    @property
    def page(self) -> int:
        """Index of the page in the middle of the view, 0 before there is one."""
        step = self._page_size().height() + px(GAP)
        middle = self.verticalScrollBar().value() + self.viewport().height() / 2
        return max(0, min(int(middle // step), len(self.document.leaves) - 1))

    def set_zoom(self, zoom: str) -> None:
        """ "page" shows one whole, "width" fills the view, "full" is true to size; the same page stays in view."""
        page = self.page
        self.zoom = zoom
        self._measure()
        self.go_to(page)

    def go_to(self, page: int) -> None:
        """Bring a page to the top."""
        self.verticalScrollBar().setValue(round(page * (self._page_size().height() + px(GAP))))
        self.viewport().update()

    def measure(self) -> None:
        """Make room for pages that were added."""
        self._measure()

    def _scale(self) -> float:
        """Pixels to a unit of the paper."""
        sheet, view = self.document.sheet, self.viewport()
        across = (view.width() - 2 * px(GAP)) / sheet.width
        if self.zoom == "width":
            return max(across, 0.02)
        if self.zoom == "full":
            return self.logicalDpiX() / 720
        return max(min(across, (view.height() - 2 * px(GAP)) / sheet.height), 0.02)

    def _page_size(self) -> QSizeF:
        scale = self._scale()
        return QSizeF(self.document.sheet.width * scale, self.document.sheet.height * scale)

    def _measure(self) -> None:
        size, view = self._page_size(), self.viewport()
        whole = len(self.document.leaves) * (size.height() + px(GAP)) + px(GAP)
        self.verticalScrollBar().setRange(0, max(0, round(whole - view.height())))
        self.verticalScrollBar().setPageStep(round(size.height() + px(GAP)))
        self.verticalScrollBar().setSingleStep(px(40))
        self.horizontalScrollBar().setRange(0, max(0, round(size.width() + 2 * px(GAP) - view.width())))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()

    def _tell(self) -> None:
        self.viewport().update()
        self.turned.emit(self.page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        jumps = {
            Qt.Key.Key_PageDown: self.page + 1,
            Qt.Key.Key_PageUp: self.page - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self.document.leaves) - 1,
        }
        page = jumps.get(Qt.Key(event.key()))
        if page is None:
            super().keyPressEvent(event)
        else:
            self.go_to(page)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.viewport().rect(), color("sunken"))
        size, scale = self._page_size(), self._scale()
        left = max((self.viewport().width() - size.width()) / 2, px(GAP)) - self.horizontalScrollBar().value()
        top = px(GAP) - self.verticalScrollBar().value()
        for index in range(len(self.document.leaves)):
            frame = QRectF(left, top + index * (size.height() + px(GAP)), size.width(), size.height())
            if frame.intersects(QRectF(self.viewport().rect())):
                painter.setPen(color("divider"))
                painter.setBrush(QColor(255, 255, 255))
                painter.drawRect(frame)
                painter.save()
                painter.translate(frame.topLeft())
                painter.scale(scale, scale)
                self.document.paint(painter, index)
                painter.restore()
        painter.end()


class PrintPreview(QDialog):
    """Preview of one or more reports with the two ways out: a printer, a PDF file. Open it with ``open()``.

    ``written`` carries the path of a PDF once it lies there whole. ``name`` is the file name proposed.
    """

    written = Signal(Path)
    printed = Signal()

    def __init__(
        self,
        reports: Report | Sequence[Report],
        name: str = "",
        parent: QWidget | None = None,
        context: Context | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Print preview"))
        self.context = context
        self.document = Document(reports, at_once=False)
        self.name = f"{name or self.document.title}.pdf"
        self.view = PageView(self.document, self)
        self.pages = Label("", "body", "muted")
        self.zooms = Segmented([("page", _("Whole page")), ("width", _("Page width")), ("full", _("100 %"))])
        found = bool(printers())
        self.save_button = Button(_("Save as PDF…"), "export", "Ctrl+S", "normal" if found else "primary")
        self.print_button = Button(_("Print…"), "print", "Ctrl+P", "primary" if found else "normal")
        self.print_button.setEnabled(found)
        self.close_button = Button(_("Close"), key="Esc", kind="ghost")
        self.notices, self._under_way = QVBoxLayout(), QVBoxLayout()
        self._build()
        self.view.turned.connect(self._show_page)
        self.zooms.chosen.connect(self.view.set_zoom)
        self.save_button.clicked.connect(self.ask_path)
        self.print_button.clicked.connect(self.ask_printer)
        self.close_button.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+S"), self, self.ask_path)
        QShortcut(QKeySequence("Ctrl+P"), self, self.ask_printer)
        self._wanted: str = ""
        self._slices: Slices | None = None
        self._card: ProgressCard | None = None
        sections = sum(len(report.sections) for report in self.document.reports)
        self._work(self._laying_out(), sections, _("Setting the pages"), self._laid_out)
        if not found:
            self.say(_("No printer is set up on this computer. Save the pages as a PDF and print that."), "warn")
        self.resize(px(820), px(900))
        self.view.setFocus()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(px(16), px(8), px(16), px(8))
        row.setSpacing(px(8))
        row.addWidget(self.zooms)
        row.addWidget(self.pages)
        row.addStretch(1)
        for button in (self.close_button, self.save_button, self.print_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addLayout(self.notices)
        column.addLayout(self._under_way)
        column.addWidget(self.view, 1)

    def _work(self, steps: Steps, total: int, title: str, then: Callable[[Any], object]) -> None:
        """Go through the steps between events; a card counts them and stops them."""
        progress = Progress()
        progress.step("", total)
        for button in (self.save_button, self.print_button):
            button.setEnabled(False)
        self._card = ProgressCard(progress, title, self)
        self._under_way.addWidget(self._card)
        self._slices = Slices(steps, progress, then, self._failed, self)

    def _over(self) -> None:
        """The work came to its end: the card goes, the verbs are there again."""
        if self._slices is not None:
            self._slices.drop()
            self._slices = None
        if self._card is not None:
            self._card.finish()
            self._card = None
        self.save_button.setEnabled(True)
        self.print_button.setEnabled(bool(printers()))

    def _laying_out(self) -> Steps:
        """Show the first pages as soon as they are there."""
        shown = False
        for _step in self.document.lay_out():
            if self.document.leaves and not shown:
                shown = True
                self.view.measure()
                self._show_page(0)
            yield

    def _laid_out(self, _nothing: object) -> None:
        self._over()
        self.view.measure()
        self._show_page(self.view.page)
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.save(wanted)

    def reject(self) -> None:
        """Escape stops what is under way first, then closes."""
        if self._slices is not None and self.document.is_whole:
            self._slices.drop()
            self._over()
            return
        super().reject()

    def done(self, answer: int) -> None:
        """Closed: nothing goes on behind it."""
        if self._slices is not None:
            self._slices.drop()
            self._over()
        super().done(answer)

    def _show_page(self, page: int) -> None:
        count = len(self.document.leaves)
        whole = ngettext("{n} page", "{n} pages", count).format(n=count)
        place = _("page {n} of {count}").format(n=page + 1, count=count)
        self.pages.setText(whole if count < 2 else place)

    def say(self, text: str, tone: str) -> None:
        """A bar above the pages; it takes the place of the one before."""
        while (item := self.notices.takeAt(0)) is not None:
            bar = item.widget()
            if bar is not None:
                bar.deleteLater()
        self.notices.addWidget(MessageBar(text, tone, parent=self))

    def ask_path(self) -> None:
        """Ask where the PDF is to lie, then save it."""
        dialog = QFileDialog(self, _("Save as PDF"), str(_documents() / self.name), _("PDF file (*.pdf)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(self.save)
        dialog.open()

    def save(self, path: str) -> None:
        """Write the PDF, beside the UI thread where there is a runner; says what happened either way."""
        if not self.document.is_whole:
            self._wanted = path
            return
        target = Path(path)
        self._work(
            pdf_steps(self.document), len(self.document.leaves), _("Writing the PDF"),
            lambda content: self._write(target, content),
        )  # fmt: skip

    def _write(self, target: Path, content: bytes) -> None:
        self._over()
        if self.context is None:
            _attempt(lambda: write_whole(target, content), lambda: self._saved(target), self._failed)
            return
        self.context.runner.work(
            lambda _desk, _progress: write_whole(target, content),
            lambda _nothing: self._saved(target),
            _("Saving the PDF"),
            failed=self._failed,
            writes=False,
        )

    def _saved(self, path: Path) -> None:
        if self.context is not None:
            self.context.messages.toast(_("Saved: {path}").format(path=path))
        if isValid(self):
            self.written.emit(path)
            self.accept()

    def _failed(self, error: BaseException) -> None:
        if isValid(self):
            self._over()
        if isinstance(error, Cancelled):
            if not self.document.is_whole:
                self.reject()
            return
        if not isinstance(error, StorageError):
            raise error
        if isValid(self):
            self.say(str(error), "error")
        elif self.context is not None:
            self.context.messages.bar("", str(error), "error")

    def ask_printer(self) -> None:
        """The system's printer dialog, then the job."""
        if not self.print_button.isEnabled():
            return
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(self._printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setMinMax(1, len(self.document.leaves))
        dialog.finished.connect(self._asked)
        QDialog.open(dialog)

    def _asked(self, answer: int) -> None:
        if answer == QDialog.DialogCode.Accepted:
            self.print_on(self._printer)

    def print_on(self, printer: QPrinter) -> None:
        """Send the pages that were asked for."""
        pages = list(range(len(self.document.leaves)))
        if printer.fromPage():
            pages = pages[printer.fromPage() - 1 : printer.toPage() or None]
        self._work(printing_on(self.document, printer, pages), len(pages), _("Printing"), self._printed)

    def _printed(self, _nothing: object) -> None:
        self._over()
        self.printed.emit()
        self.accept()


def show_preview(context: Context, parent: QWidget, reports: Sequence[Report], name: str = "") -> PrintPreview:
    """Open the preview over a window."""
    preview = PrintPreview(reports, name, parent.window(), context)
    preview.open()
    return preview


def _attempt(run: Callable[[], object], then: Callable[[], object], failed: Callable[[BaseException], object]) -> None:
    try:
        run()
    except StorageError as error:
        failed(error)
    else:
        then()


def _documents() -> Path:
    from PySide6.QtCore import QStandardPaths

    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place) if place and Path(place).is_dir() else Path.home()
