"""The focus ring: 2 px, 1 px away, round whatever has the keyboard; drawn once for all widgets."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

from csdesk.ui.core.theme import color

ROOM = 3


class FocusRing(QWidget):
    """Follows the focus of the application. Text fields show it always, buttons when the keyboard led there.

    Lists draw their own current row; a widget with the property ``ownFocus`` draws its own ring.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.setObjectName("focusRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        app.focusChanged.connect(self._moved)

    def target(self) -> QWidget | None:
        """The widget that wears the ring."""
        return self._target if self.isVisible() else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _MOVES and any(watched is one for one in self._watched):
            if kind == QEvent.Type.DeferredDelete or (kind == QEvent.Type.Hide and watched is self._target):
                self._drop()
            else:
                self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("ring"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._drop()
        if new is None or not self._wears(new):
            return
        self._target = new
        self._place()

    def _wears(self, widget: QWidget) -> bool:
        if isinstance(widget, (QMenu, QMenuBar)) or widget.isWindow() or widget.parentWidget() is None:
            return False
        if widget.property("ownFocus") or widget.property("bare") or isinstance(widget, QAbstractItemView):
            return False
        if widget.objectName() == "page":
            return False
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        return not by_mouse or isinstance(widget, (QLineEdit, QPlainTextEdit))

    def _place(self) -> None:
        """Round the target, which may have the keyboard before it is shown: the ring waits for it."""
        target = self._target
        parent = target.parentWidget() if target is not None else None
        if target is None or parent is None:
            self._drop()
            return
        host, path = _host(target, parent)
        self._watch([*path, host])
        if not target.isVisible():
            self.hide()
            return
        if self.parentWidget() is not host:
            self.setParent(host)
        self.setGeometry(_round(target, host))
        self.raise_()
        self.show()

    def _watch(self, widgets: list[QWidget]) -> None:
        if widgets == self._watched:
            return
        for one in self._watched:
            if isValid(one):
                one.removeEventFilter(self)
        self._watched = widgets
        for one in widgets:
            one.installEventFilter(self)

    def _drop(self) -> None:
        self._watch([])
        self._target = None
        self.hide()
        if self.parentWidget() is not None:
            self.setParent(None)


def _round(target: QWidget, host: QWidget) -> QRect:
    return QRect(target.mapTo(host, QPoint()), target.size()).adjusted(-ROOM, -ROOM, ROOM, ROOM)


def _host(target: QWidget, parent: QWidget) -> tuple[QWidget, list[QWidget]]:
    """The nearest widget above the target that has room for the ring, and all from the target up to it. What scrolls
    is not left."""
    host, path = parent, [target]
    while not host.isWindow() and not host.rect().contains(_round(target, host)):
        above = host.parentWidget()
        if above is None or isinstance(above, QAbstractScrollArea):
            break
        if isinstance(above.parentWidget(), QAbstractScrollArea):
            break
        path.append(host)
        host = above
    return host, path


_MOVES = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.ParentChange,
        QEvent.Type.DeferredDelete,
    }
)
