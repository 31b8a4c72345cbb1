"""A card with a chart: shown, pointed at, put on the clipboard as a picture, saved as a picture or as its figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.chart_view import ChartView
from csdesk.ui.core.exporting import file_name
from csdesk.ui.core.parts import Button, Card
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.ui.core.chart import Drawing
    from csdesk.ui.core.context import Context

SIZE = (960, 540)
"""Logical pixels of a chart that leaves the program."""
TABLES = (".xlsx", ".csv")
Writer = Callable[[Path], object]
"""Writes the figures of a chart into a workbook or a text table, by the ending of the name."""


class ChartCard(Card):
    """``opened`` gives the key of the spot that was pressed. ``nothing`` is shown while there is nothing to draw.

    ``name`` says what the chart shows: to a screen reader, and as the name of its files. Keys are told where the page has an
    action for them.
    """

    opened = Signal(object)

    def __init__(
        self,
        context: Context,
        title: str,
        name: str,
        nothing: QWidget,
        note: str = "",
        copy_key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, note=note, parent=parent)
        self._context, self.name = context, name
        self.drawing: Drawing | None = None
        self._writer: Writer | None = None
        self._about = ""
        self.copy = Button(_("Copy picture"), "copy", copy_key, "icon", small=True)
        self.save = Button(_("Save or export chart"), "export", "", "icon", small=True)
        self.copy.clicked.connect(self.copy_picture)
        self.save.clicked.connect(self.offer_files)
        self.header.addWidget(self.copy)
        self.header.addWidget(self.save)
        self.chart = ChartView(context, name)
        self.chart.opened.connect(self.opened)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.chart)
        self._stack.addWidget(nothing)
        self.body.setContentsMargins(px(8), 0, px(8), px(8))
        self.add(self._stack, 1)

    def show_drawing(self, drawing: Drawing | None, writer: Writer, about: str = "") -> None:
        """Show a drawing, None where there is nothing to draw; ``writer`` writes the figures behind it. ``about`` is what the
        page says of all its charts, such as the days: a picture that leaves it says it itself."""
        self.drawing, self._writer, self._about = drawing, writer, about
        self._stack.setCurrentIndex(1 if drawing is None else 0)
        for button in (self.copy, self.save):
            button.setVisible(drawing is not None)
        if drawing is not None:
            self.chart.set_drawing(drawing)

    def heading(self) -> tuple[str, str]:
        """What stands above the chart where it leaves the program: its title, and its note with what the page says."""
        return self._title.text(), " \u00b7 ".join(filter(None, (self._about, self._note.text())))

    def copy_picture(self) -> None:
        """Put the chart on the clipboard, on white."""
        if self.drawing is not None:
            self._context.runner.ask(_picture, self.drawing, *self.heading(), then=self._copied, owner=self)

    def _copied(self, image: Any) -> None:
        QGuiApplication.clipboard().setImage(image)
        self._context.messages.toast(_("The picture is on the clipboard."))

    def offer_files(self) -> None:
        """Ask where to: a picture (PNG, SVG, PDF), or the figures (workbook, text table)."""
        if self.drawing is None:
            return
        kinds = (
            _("Picture (*.png)"), _("Drawing (*.svg)"), _("Document (*.pdf)"), _("Workbook (*.xlsx)"),
            _("Text table (*.csv)"),
        )  # fmt: skip
        name = f"{file_name(self.name)} {self._context.clock.today().isoformat()}.png"
        chosen, kind = QFileDialog.getSaveFileName(self.window(), _("Save chart"), name, ";;".join(kinds))
        if chosen:
            self.write(_with_suffix(Path(chosen), kind))

    def write(self, path: Path) -> None:
        """Write the chart or its figures, by the ending of the name, beside the UI thread."""
        drawing, writer, name, heading = self.drawing, self._writer, self.name, self.heading()
        assert drawing is not None
        assert writer is not None

        def picture(place: Path) -> None:
            from csdesk.ui.core.chart import headed, save

            save(headed(drawing, *heading), place, name)

        write_file(self._context, path, writer if path.suffix.lower() in TABLES else picture)


def offer_table(context: Context, window: QWidget, name: str, writer: Writer) -> None:
    """Ask where to, and write the figures there: a workbook, or a text table."""
    kinds = ";;".join((_("Workbook (*.xlsx)"), _("Text table (*.csv)")))
    chosen, kind = QFileDialog.getSaveFileName(window, _("Export"), f"{file_name(name)}.xlsx", kinds)
    if chosen:
        write_file(context, _with_suffix(Path(chosen), kind), writer)


def write_file(context: Context, path: Path, writer: Writer) -> None:
    """Let a file be written beside the UI thread, and say so."""

    def write(_desk: Desk, _progress: Progress) -> None:
        writer(path)

    def show() -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def written(_nothing: object) -> None:
        context.messages.toast(_("Saved: {file}").format(file=path.name), link=(_("Open folder"), show))

    context.runner.work(write, written, _("Saving…"), writes=False)


def _with_suffix(path: Path, kind: str) -> Path:
    """The name as it was given, or with the ending of the kind that was chosen."""
    if path.suffix.lower() in (".png", ".svg", ".pdf", *TABLES):
        return path
    suffix = kind[kind.find("*") + 1 : kind.find(")")] if "*" in kind else ".png"
    return path.with_name(path.name + suffix)


def _picture(_connection: Any, drawing: Drawing, title: str, note: str) -> Any:
    from csdesk.ui.core.chart import headed, ink_of, paint

    image = paint(headed(drawing, title, note), *SIZE, ink_of(), 2).image
    image.setDevicePixelRatio(1)
    return image
