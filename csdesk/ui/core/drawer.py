"""The drawer at the right of a page: a look at one row while the list keeps the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.parts import Surface
from csdesk.ui.core.theme import px, theme

WIDTH = 376
SHADE = 16


class Drawer(QWidget):
    """Lies over the right of its page, as high as that, with a shadow at its edge. ``head``, ``body`` (which scrolls) and
    ``foot`` are there to be filled; ``closed`` follows each closing. Escape that nobody on the page wants closes it."""

    closed = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setAccessibleName(_("Preview"))
        self._shade = _Shade(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        ground = Surface(radius=0, edged=False)
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(px(16), px(12), px(16), px(12))
        inside.setSpacing(px(12))
        self.head = QVBoxLayout()
        self.head.setSpacing(px(4))
        inside.addLayout(self.head)
        holder = QWidget()
        self.body = QVBoxLayout(holder)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(px(8))
        self.area = QScrollArea()
        self.area.setWidget(holder)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)
        inside.addWidget(self.area, 1)
        self.foot = QVBoxLayout()
        inside.addLayout(self.foot)
        column.addWidget(ground)
        page.installEventFilter(self)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen while its page is."""
        return not self.isHidden()

    def open(self) -> None:
        """Show it above the page."""
        self._place()
        self._shade.show()
        self.show()

    def close_up(self) -> None:
        """Hide it."""
        if self.is_open:
            self.hide()
            self._shade.hide()
            self.closed.emit()

    def clear(self) -> None:
        """Take everything out."""
        for place in (self.head, self.body, self.foot):
            empty(place)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.is_open:
            return False
        if event.type() == QEvent.Type.Resize:
            self._place()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.close_up()
            return True
        return False

    def _place(self) -> None:
        page = self.parentWidget()
        if page is None:
            return
        width = min(px(WIDTH), page.width())
        self.setGeometry(page.width() - width, 0, width, page.height())
        self._shade.setGeometry(page.width() - width - px(SHADE), 0, px(SHADE), page.height())
        self._shade.raise_()
        self.raise_()


class _Shade(QWidget):
    """The shadow that the drawer throws to its left; what lies beneath can be pressed."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shade = QColor(0, 0, 0, 6 if not theme().is_dark else 16)
        for spread in range(2, px(SHADE), 2):
            painter.fillRect(self.width() - spread, 0, spread, self.height(), shade)
