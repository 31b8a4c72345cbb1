"""The top bar: back, forward, where one is, the way to the search, New."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core import icons, paint
from csdesk.ui.core.page import Crumb
from csdesk.ui.core.parts import Button, Label
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.theme import color, metrics, px

HEIGHT = 48


class FindButton(Press):
    """Looks like the search field and opens the palette: the real field is there, beneath it the results."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Search accounts, contacts, commands"), parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.wide = True

    def sizeHint(self) -> QSize:
        return QSize(px(360 if self.wide else 320), px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 4, "hover" if self.underMouse() else "surface", "control")
        icons.paint(painter, "search", px(9), (self.height() - px(16)) / 2, px(16), "placeholder")
        key = _("Ctrl+K")
        cap = paint.keycap_size(key)[0]
        room = QRect(px(33), 0, self.width() - px(33) - cap - px(16), self.height())
        paint.paint_text(painter, room, self.words(), ink="placeholder")
        paint.paint_keycap(painter, QRect(self.width() - cap - px(8), 0, cap, self.height()), key)


class Trail(QWidget):
    """The breadcrumb: muted links, the last step bold. ``chosen`` gives the args of the step that was pressed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 0, 0, 0)
        self._row.setSpacing(8)
        self._crumbs: tuple[Crumb, ...] = ()
        self._earlier: list[tuple[QWidget, QWidget]] = []

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(24))

    def texts(self) -> list[str]:
        """What stands in it."""
        return [crumb.text for crumb in self._crumbs]

    def show_crumbs(self, crumbs: tuple[Crumb, ...]) -> None:
        """Show another trail."""
        if crumbs == self._crumbs:
            return
        self._crumbs = crumbs
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._earlier = []
        for crumb in crumbs[:-1]:
            sign = Label("\u203a", ink="muted")
            self._earlier.append((self._step(crumb), sign))
            for part in self._earlier[-1]:
                self._row.addWidget(part)
        if crumbs:
            self._row.addWidget(Label(crumbs[-1].text, bold=True, elide=True), 1)
        self.updateGeometry()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where room is short the earliest steps leave first; the last one is shortened only when it is alone."""
        gap = self._row.spacing()
        last = metrics("body", True).horizontalAdvance(self._crumbs[-1].text) if self._crumbs else 0
        room = self.width() - last - px(8)
        for step, sign in reversed(self._earlier):
            room -= step.sizeHint().width() + sign.sizeHint().width() + 2 * gap
            step.setVisible(room >= 0)
            sign.setVisible(room >= 0)

    def _step(self, crumb: Crumb) -> QWidget:
        if crumb.args is None:
            return Label(crumb.text, ink="muted")
        step = _Step(crumb)
        step.clicked.connect(self._pressed)
        return step

    def _pressed(self) -> None:
        step = self.sender()
        if isinstance(step, _Step):
            self.chosen.emit(step.crumb.args)


class _Step(Button):
    def __init__(self, crumb: Crumb) -> None:
        super().__init__(crumb.text, kind="link")
        self.crumb = crumb

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.paint_text(QPainter(self), self.rect(), self.words(), ink="link" if self.underMouse() else "muted")


class TopBar(QWidget):
    """Everything in it is also an action with a key; buttons here only call those."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = Button(_("Back"), "back", _("Alt+Left"), kind="icon", small=True)
        self.forward = Button(_("Forward"), "forward", _("Alt+Right"), kind="icon", small=True)
        self.trail = Trail()
        self.search = FindButton()
        self.capture = Button(_("New ticket"), "requirements", _("Ctrl+T"))
        self.new = Button(_("New"), "plus", "N")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), 0, px(24), 1)
        row.setSpacing(8)
        row.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addWidget(self.trail, 1)
        row.addWidget(self.search)
        row.addWidget(self.capture)
        row.addWidget(self.new)
        self.setFixedHeight(px(HEIGHT))

    def set_narrow(self, narrow: bool) -> None:
        """Save room below 1180 px."""
        self.search.wide = not narrow
        self.search.updateGeometry()
        self.capture.show_key(not narrow)
        self.new.show_key(not narrow)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedHeight(px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("divider"))
