"""A layout that sets widgets in a row and goes on in the next one where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from csdesk.ui.core.theme import px


class FlowLayout(QLayout):
    """Rows of widgets at their own sizes, centred in their row; ``gap`` lies between them and between rows."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._heights: dict[tuple[int, int], int] = {}
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._gap = gap

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert(self, place: int, widget: QWidget) -> None:
        """Put a widget at a place."""
        self.addWidget(widget)
        self._items.insert(place, self._items.pop())

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem:
        return self._items[index] if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def takeAt(self, index: int) -> QLayoutItem:
        return self._items.pop(index) if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        asked = (width, px(self._gap))
        if asked not in self._heights:
            self._heights[asked] = self._place(QRect(0, 0, width, 0), False)
        return self._heights[asked]

    def invalidate(self) -> None:
        self._heights = {}
        super().invalidate()

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        gaps = px(self._gap) * max(0, len(sizes) - 1)
        return QSize(sum(size.width() for size in sizes) + gaps, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, True)

    def _place(self, rect: QRect, really: bool) -> int:
        """Set the items into rows of ``rect``'s width; the height they take."""
        gap, top = px(self._gap), rect.top()
        rows: list[list[QLayoutItem]] = [[]]
        left = 0
        for item in self._items:
            if item.isEmpty():
                continue
            width = item.sizeHint().width()
            if rows[-1] and left + width > rect.width():
                rows.append([])
                left = 0
            rows[-1].append(item)
            left += width + gap
        for row in rows:
            height = max((item.sizeHint().height() for item in row), default=0)
            x = rect.left()
            for item in row:
                size = item.sizeHint()
                width = min(size.width(), rect.width())
                if really:
                    item.setGeometry(QRect(QPoint(x, top + (height - size.height()) // 2), QSize(width, size.height())))
                x += width + gap
            top += height + gap
        return max(0, top - gap - rect.top())
