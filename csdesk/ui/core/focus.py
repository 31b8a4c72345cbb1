"""The focus ring: 2 px, 1 px away, round whatever has the keyboard; drawn once for all widgets."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QMenu, QMenuBar, QPlainTextEdit, QWidget
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
        app.focusChanged.connect(self._moved)

    def target(self) -> QWidget | None:
        """The widget that wears the ring."""
        return self._target if self.isVisible() else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._target and kind in _MOVES:
            if kind in (QEvent.Type.Hide, QEvent.Type.DeferredDelete):
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
        new.installEventFilter(self)
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
        target = self._target
        parent = target.parentWidget() if target is not None else None
        if target is None or parent is None or not target.isVisible():
            self._drop()
            return
        if self.parentWidget() is not parent:
            self.setParent(parent)
        self.setGeometry(QRect(target.geometry()).adjusted(-ROOM, -ROOM, ROOM, ROOM))
        self.raise_()
        self.show()

    def _drop(self) -> None:
        if self._target is not None and isValid(self._target):
            self._target.removeEventFilter(self)
        self._target = None
        self.hide()
        if self.parentWidget() is not None:
            self.setParent(None)


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
